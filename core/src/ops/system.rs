//! What was observed: the input of every operation.

use crate::format::label::Label;
use crate::format::mda::{RAW_LOCATION_IGNORED, RawLocation};
use crate::id::{Entropy, Uuid};
use crate::model::pv::PvIndex;
use crate::model::vg::{Provenance, Vg};
use crate::name::VgName;
use crate::ops::Stop;
use crate::ops::refusal::pv::PvRefusal;
use crate::ops::settings::Settings;
use crate::time::TimeZone;
use crate::units::Bytes;
use core::cmp::Reverse;
use serde::{Deserialize, Serialize};
use std_alloc::boxed::Box;
use std_alloc::collections::{BTreeMap, BTreeSet};
use std_alloc::string::String;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// A device's place in [`System::devices`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeviceId(pub u32);

impl DeviceId {
    /// Returns the index for use with a slice.
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

/// What an operation may know. Made by [`crate::driver`] under the operation's locks.
#[derive(Clone, Debug, Default)]
pub struct System {
    /// The devices that passed the filters, in the order of their numbers.
    pub devices: Vec<Device>,
    /// The volume groups found on them.
    pub vgs: Vec<VgView>,
    /// Names of devices that may not be used, and why, to stand behind `device`.
    pub unusable: BTreeMap<String, String>,
    /// Devices of VGs that are there and not in `vgs`, because they are not to be shown.
    pub hidden: BTreeSet<DeviceId>,
    /// The configuration as far as operations consult it.
    pub settings: Settings,
    /// The machine and the moment.
    pub host: HostFacts,
    /// Answers to questions an operation has asked before.
    pub answers: BTreeMap<Question, bool>,
    /// Signatures of ranges that an operation wanted to see before.
    pub probed: BTreeMap<Probe, Vec<Signature>>,
}

/// A device, and what its label says.
#[derive(Clone, Debug)]
pub struct Device {
    /// The name to call it by.
    pub name: String,
    /// All its names, the preferred one included.
    pub aliases: Vec<String>,
    /// Major and minor number; image files have none.
    pub number: Option<(u32, u32)>,
    /// Its size.
    pub size: Bytes,
    /// The smallest unit it can be written in, 512 or 4096 bytes: written whole or not at all.
    pub block_size: Bytes,
    /// Whether writing is refused by the device.
    pub read_only: bool,
    /// The kernel's advice on alignment.
    pub alignment: Alignment,
    /// How the devices file identifies it: type and name.
    pub device_id: Option<(String, String)>,
    /// What stands in its first sectors.
    pub label: LabelState,
    /// Its first bytes as they were read: at least the blocks that hold sectors 0 to 3.
    pub head: Arc<[u8]>,
}

/// The kernel's advice on alignment of a device, zero where it has none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Alignment {
    /// `queue/minimum_io_size`.
    pub minimum_io: Bytes,
    /// `queue/optimal_io_size`.
    pub optimal_io: Bytes,
    /// `alignment_offset`.
    pub offset: Bytes,
}

/// What the first sectors of a device hold.
#[derive(Clone, Debug)]
pub enum LabelState {
    /// Nothing of LVM2's.
    None,
    /// They could not be read.
    Unreadable(IoError),
    /// A label that is not right; with the reason.
    Damaged(String),
    /// A PV.
    Pv(PvOnDevice),
}

/// A PV as its device describes it.
#[derive(Clone, Debug)]
pub struct PvOnDevice {
    /// The label with the PV header.
    pub label: Label,
    /// Its metadata areas, in the header's order.
    pub areas: Vec<MdaOnDevice>,
}

/// A metadata area as it is on its device.
#[derive(Clone, Debug)]
pub struct MdaOnDevice {
    /// First byte on the device.
    pub start: Bytes,
    /// Length with the header.
    pub size: Bytes,
    /// The logical block that holds the header, as read; empty if it could not be read.
    pub head: Arc<[u8]>,
    /// What it holds.
    pub state: MdaState,
}

/// What a metadata area holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MdaState {
    /// It could not be read.
    Unreadable(IoError),
    /// Its header is not right.
    BadHeader(String),
    /// No text; ignored or not.
    Empty {
        /// Bit 0 of the location's flags.
        ignored: bool,
    },
    /// A text that belongs to no VG that could be read, or whose checksum is wrong.
    BadText {
        /// Where it lies.
        location: RawLocation,
        /// What is wrong.
        reason: String,
    },
    /// A text.
    Text {
        /// Where it lies.
        location: RawLocation,
        /// The VG's identity.
        vg: Uuid,
        /// The VG's name in this text.
        name: VgName,
        /// How often the VG had been written.
        seqno: u32,
        /// Whether its bytes were read and their checksum found right. A reader may believe a
        /// header whose size and checksum equal those of a text it has read.
        verified: bool,
    },
}

/// A volume group, and where its copies are.
#[derive(Clone, Debug)]
pub struct VgView {
    /// The newest committed state.
    pub vg: Vg,
    /// Who wrote it, when and why.
    pub provenance: Provenance,
    /// Its text as it stands on disk, with the closing NUL.
    pub text: Arc<[u8]>,
    /// Where each PV is, by [`PvIndex`]; `None` if it is missing.
    pub devices: Vec<Option<DeviceId>>,
    /// Two texts with one seqno: shown, not to be changed until a person names the copy.
    pub fork: Option<Fork>,
    /// Devices that carry older text of this VG but are no longer part of it.
    pub outdated: Vec<DeviceId>,
    /// Devices with the UUID of a PV that lives on another device.
    pub duplicates: Vec<(PvIndex, DeviceId)>,
    /// Areas whose text is older than the newest, or damaged.
    pub lagging: Vec<(DeviceId, usize)>,
}

/// Texts of one VG with the same seqno and different content.
#[derive(Clone, Debug)]
pub struct Fork {
    /// The seqno they share.
    pub seqno: u32,
    /// Each text.
    pub texts: Vec<ForkText>,
}

/// One of several texts with the same seqno.
#[derive(Clone, Debug)]
pub struct ForkText {
    /// The checksum that its headers give.
    pub checksum: u32,
    /// The areas that hold it: device, number of the area.
    pub areas: Vec<(DeviceId, usize)>,
    /// What it says. Absent of the text that was chosen to be shown, and of one without sense.
    pub rival: Option<Box<Rival>>,
}

/// What a text says that was not chosen to be shown.
#[derive(Clone, Debug)]
pub struct Rival {
    /// The VG.
    pub vg: Vg,
    /// Who wrote it, when and why.
    pub provenance: Provenance,
    /// The text, with the closing NUL.
    pub text: Arc<[u8]>,
}

/// A read or write that failed.
#[derive(
    Clone, PartialEq, Eq, PartialOrd, Ord, Debug, thiserror::Error, Serialize, Deserialize,
)]
#[error("{message}")]
pub struct IoError {
    /// The system's words.
    pub message: String,
    /// The system's number, if it has one.
    pub errno: Option<i32>,
}

/// The machine and the moment. Inputs, like the seed: a plan made with them can be made again.
#[derive(Clone, Debug, Default)]
pub struct HostFacts {
    /// Node name.
    pub node_name: String,
    /// System, node, release, version and machine, as `uname -a` has them: for comments.
    pub uname: String,
    /// Seconds since 1970-01-01 UTC.
    pub time: u64,
    /// The same in words, local time, as `ctime` has it.
    pub ctime: String,
    /// The time zone in which times are shown.
    pub zone: TimeZone,
    /// The command line, as it is written into descriptions.
    pub command_line: String,
    /// This machine's system id, if it has one.
    pub system_id: Option<String>,
    /// System ids of other machines whose VGs may be used here.
    pub extra_system_ids: Vec<String>,
    /// The seed of all new identities.
    pub seed: [u8; 32],
}

/// A yes-or-no question to a person. The default answer is no.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Question {
    /// The whole text without `[y/n]`, in LVM2's wording.
    pub prompt: String,
    /// Whether `-y` (and, where LVM2 takes it so, `-f`) answers it.
    pub force_answers: bool,
}

/// A range of a device that an operation wants to know the signatures in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Probe {
    /// The device.
    pub device: DeviceId,
    /// The runs that make up the range, in logical order: start and length on the device.
    pub runs: Vec<(Bytes, Bytes)>,
}

/// A signature of a file system, RAID, encryption, partition table or swap space.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Signature {
    /// Its name as `wipefs` has it: `ext4`, `crypto_LUKS`, `gpt`, `linux_raid_member`, …
    pub kind: String,
    /// Where its magic bytes are in the probed range.
    pub offset: Bytes,
    /// How many magic bytes it has.
    pub length: Bytes,
    /// Whether the device is divided by it: `dos`, `gpt`, ….
    pub partition_table: bool,
}

impl System {
    /// Returns a device.
    pub fn device(&self, id: DeviceId) -> &Device {
        &self.devices[id.get()]
    }

    /// Returns the devices with their places.
    pub fn device_ids(&self) -> impl Iterator<Item = (DeviceId, &Device)> {
        let numbered = self.devices.iter().enumerate();
        numbered.map(|(place, device)| {
            let place = u32::try_from(place).expect("there are less than 2^32 devices");
            (DeviceId(place), device)
        })
    }

    /// Finds a device by any of its names.
    pub fn find_device(&self, name: &str) -> Option<DeviceId> {
        let matches = |device: &Device| {
            device.name == name || device.aliases.iter().any(|alias| alias == name)
        };
        let place = self.devices.iter().position(matches)?;
        Some(DeviceId(u32::try_from(place).expect("there are less than 2^32 devices")))
    }

    /// Finds a device that there has to be.
    ///
    /// # Errors
    /// Why it may not be used; `missing` if there is none of that name.
    pub fn need_device(
        &self,
        name: &str,
        missing: impl FnOnce(String) -> PvRefusal,
    ) -> Result<DeviceId, PvRefusal> {
        self.find_device(name).ok_or_else(|| {
            let name = String::from(name);
            match self.unusable.get(&name).cloned() {
                Some(reason) => PvRefusal::Unusable { name, reason },
                None => missing(name),
            }
        })
    }

    /// Finds the VGs of a name; more than one is a conflict the user has to resolve.
    pub fn find_vgs<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a VgView> + 'a {
        self.vgs.iter().filter(move |view| view.vg.name.as_str() == name)
    }

    /// Finds the VG that a device belongs to, and as which PV.
    pub fn vg_of(&self, device: DeviceId) -> Option<(&VgView, PvIndex)> {
        self.vgs.iter().find_map(|view| {
            let place = view.devices.iter().position(|found| *found == Some(device))?;
            Some((view, PvIndex(u32::try_from(place).expect("a VG has less than 2^32 PVs"))))
        })
    }

    /// Finds the VG that a device belongs to, or would if its text were not outdated.
    pub fn claimed_by(&self, device: DeviceId) -> Option<&VgView> {
        self.vg_of(device).map(|(view, _)| view).or_else(|| self.once_in(device))
    }

    /// Returns whether a device carries an older text of a VG that it is no longer part of.
    pub fn is_outdated(&self, device: DeviceId) -> bool {
        self.once_in(device).is_some()
    }

    fn once_in(&self, device: DeviceId) -> Option<&VgView> {
        self.vgs.iter().find(|view| view.outdated.contains(&device))
    }

    /// Returns the device at which LVM2 comes across a VG when it looks at all in their order: the
    /// first with its text in an area that is in use.
    pub fn found_at(&self, view: &VgView) -> Option<DeviceId> {
        let has_text = |id: &DeviceId| match &self.device(*id).label {
            LabelState::Pv(pv) => pv.areas.iter().any(|area| match &area.state {
                MdaState::Text { location, vg, .. } => {
                    *vg == view.vg.id && location.flags & RAW_LOCATION_IGNORED == 0
                }
                _ => false,
            }),
            LabelState::None | LabelState::Unreadable(_) | LabelState::Damaged(_) => false,
        };
        let devices = || view.devices.iter().copied().flatten();
        devices().filter(has_text).min().or_else(|| devices().min())
    }

    /// Returns the places of VGs in the order in which LVM2 looks at them: the one found last comes
    /// first.
    pub fn vg_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.vgs.len()).collect();
        order.sort_by_key(|place| Reverse(self.found_at(&self.vgs[*place])));
        order
    }

    /// Returns the VGs in that order.
    pub fn vgs_in_order(&self) -> impl Iterator<Item = &VgView> {
        self.vg_order().into_iter().map(|place| &self.vgs[place])
    }

    /// Returns the devices of all VGs, shown or not, and those that once were, in ascending order.
    pub fn members(&self) -> Vec<DeviceId> {
        let present = self.vgs.iter().flat_map(|view| view.devices.iter().flatten());
        let outdated = self.vgs.iter().flat_map(|view| &view.outdated);
        let all = present.chain(outdated).chain(&self.hidden);
        let mut members: Vec<DeviceId> = all.copied().collect();
        members.sort_unstable();
        members
    }

    /// Returns the devices that are PVs of no VG, and not copies of PVs either.
    pub fn orphans(&self) -> impl Iterator<Item = DeviceId> {
        let (members, duplicates) = (self.members(), self.duplicates());
        let outside = move |id: &DeviceId| members.binary_search(id).is_err();
        let is_pv = |device: &Device| matches!(device.label, LabelState::Pv(_));
        let pvs = self.device_ids().filter(move |(_, device)| is_pv(device));
        pvs.map(|(id, _)| id).filter(outside).filter(move |id| !duplicates.contains(id))
    }

    /// Returns whether a device carries the identity of a PV that lives on another one.
    pub fn is_duplicate(&self, id: DeviceId) -> bool {
        self.duplicates().contains(&id)
    }

    /// Returns the devices that carry the identity of a PV that lives on another one.
    pub fn duplicates(&self) -> BTreeSet<DeviceId> {
        let members = self.members();
        let is_member = |id: &DeviceId| members.binary_search(id).is_ok();
        let pvs = || {
            self.device_ids().filter_map(|(id, device)| match &device.label {
                LabelState::Pv(pv) => Some((id, pv.label.header.id)),
                LabelState::None | LabelState::Unreadable(_) | LabelState::Damaged(_) => None,
            })
        };
        // Of a PV without a VG the first device counts.
        let mut seen: BTreeSet<Uuid> =
            pvs().filter(|(id, _)| is_member(id)).map(|(_, pv)| pv).collect();
        let others = pvs().filter(|(id, _)| !is_member(id));
        let copies = others.filter(|(_, pv)| !seen.insert(*pv)).map(|(id, _)| id);
        let views = self.vgs.iter().flat_map(|view| &view.duplicates);
        views.map(|(_, id)| *id).chain(copies).collect()
    }

    /// Returns the devices of all PVs in the order in which LVM2 processes them: VG by VG, then
    /// those of none.
    pub fn pvs_in_order(&self) -> Vec<DeviceId> {
        let devices = self.vgs_in_order().flat_map(|view| view.devices.iter().copied().flatten());
        devices.chain(self.orphans()).collect()
    }

    /// Puts devices of PVs into that order, each once; duplicates are the last.
    pub(super) fn sort_pvs(&self, devices: &mut Vec<DeviceId>) {
        let wanted: BTreeSet<DeviceId> = devices.iter().copied().collect();
        let all = self.pvs_in_order().into_iter().chain(self.duplicates());
        *devices = all.filter(|id| wanted.contains(id)).collect();
        assert_eq!(devices.len(), wanted.len(), "a device that is a PV is processed");
    }

    /// Starts the sequence of new identities; an operation takes it once.
    pub fn entropy(&self) -> Entropy {
        Entropy::from_seed(self.host.seed)
    }

    /// Returns the answer to a question.
    ///
    /// # Errors
    /// [`Stop::Ask`] if it has not been asked; the operation then runs again with the answer.
    pub fn ask(&self, question: Question) -> Result<bool, Stop> {
        self.answers.get(&question).copied().ok_or(Stop::Ask(question))
    }

    /// Returns the signatures in a range.
    ///
    /// # Errors
    /// [`Stop::Probe`] if it has not been looked at; the operation then runs again with the result.
    pub fn probe(&self, probe: Probe) -> Result<&[Signature], Stop> {
        match self.probed.get(&probe) {
            Some(found) => Ok(found),
            None => Err(Stop::Probe(probe)),
        }
    }
}
