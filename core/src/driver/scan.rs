//! Scanning: from a list of devices to what they hold.
//!
//! Groups of reads that may run in parallel:
//! 1. the head of each device: label sectors and a metadata area header at the usual place;
//! 2. headers of metadata areas elsewhere;
//! 3. the first bytes of each distinct text, by size and checksum: whose it is and how old;
//! 4. one full copy of each newest text that is needed; the others are believed by the size and
//!    checksum in their headers, or read too as [`Verify`] says. A copy that turns out bad is
//!    dropped and the next one taken, so this may repeat.

mod areas;
mod texts;
mod views;

use crate::driver::{Machine, Poll};
use crate::name::VgName;
use crate::ops::Message;
use crate::ops::system::{Device, DeviceId, IoError, LabelState, MdaOnDevice, VgView};
use crate::plan::effect::{Completion, Effect, Group};
use crate::units::Bytes;
use core::mem;
use std_alloc::collections::BTreeSet;
use std_alloc::string::String;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;
use texts::{Texts, Wanted};

pub use areas::head_size;

/// Which volume groups an observation is to contain.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum VgScope {
    /// None: labels and headers of metadata areas only.
    None,
    /// Those with these names. PVs without metadata areas are found as members of these only.
    Named(BTreeSet<VgName>),
    /// All; needed wherever it matters that a PV is an orphan or a name is free.
    #[default]
    All,
}

/// How many copies of the metadata are read and verified.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Verify {
    /// One full copy of each volume group; another only if that one is bad. For reports.
    #[default]
    One,
    /// One full copy; all of them where the headers disagree. Before a change.
    Disputed,
    /// All copies, for `vgck`.
    All,
}

/// What an operation needs to know.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Needs {
    /// Which volume groups.
    pub vgs: VgScope,
    /// How thoroughly.
    pub verify: Verify,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Scanned {
    /// The devices that were given, with their labels and areas.
    pub devices: Vec<Device>,
    /// The volume groups that were asked for, ordered by name, then by identity.
    pub vgs: Vec<VgView>,
    /// Warnings, in LVM2's wording.
    pub messages: Vec<Message>,
}

/// An area of a device: its place in the label's list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct AreaRef {
    device: DeviceId,
    number: usize,
}

/// What a group of reads is for.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Request {
    Head(DeviceId),
    Header(AreaRef),
    Text(Wanted),
}

/// A request and the reads that answer it.
#[derive(Clone, Debug)]
struct Asked {
    request: Request,
    reads: Vec<Part>,
}

/// A run of bytes of a device. Hosts read the whole blocks around it where they have to.
#[derive(Clone, Copy, Debug)]
struct Part {
    device: DeviceId,
    offset: Bytes,
    length: Bytes,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    Heads,
    Headers,
    Texts,
}

/// What the first bytes are worth that devices come with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Heads {
    /// Nothing: all are read again. Before a change.
    #[default]
    Read,
    /// They were read before the locks were taken: the labels are believed, which do not change
    /// while a PV is in a VG, and the headers of metadata areas are read again.
    Labels,
    /// They were read just now, and there is no lock that could make a difference.
    Whole,
}

/// The machine that scans.
#[derive(Clone, Debug)]
pub struct Scan {
    devices: Vec<Device>,
    heads: Heads,
    phase: Phase,
    asked: Vec<Asked>,
    texts: Texts,
    messages: Vec<Message>,
}

impl Scan {
    /// Starts to scan `devices`, whose labels and heads are not known yet.
    pub fn new(devices: Vec<Device>, needs: Needs) -> Self {
        Self::with_heads(devices, needs, Heads::Read)
    }

    /// Starts to scan `devices`, the first [`head_size`] bytes of which have been read, of those
    /// whose [`Device::head`] is not empty; their labels are not known yet.
    pub fn with_heads(devices: Vec<Device>, needs: Needs, heads: Heads) -> Self {
        Self {
            texts: Texts::new(needs),
            devices,
            heads,
            phase: Phase::Heads,
            asked: Vec::new(),
            messages: Vec::new(),
        }
    }

    fn device_ids(&self) -> impl Iterator<Item = DeviceId> + use<> {
        (0..u32::try_from(self.devices.len()).expect("there are less than 2^32 devices"))
            .map(DeviceId)
    }

    /// Makes the requests of a phase; none means that the next phase is due.
    fn requests(&mut self) -> Vec<Asked> {
        match self.phase {
            Phase::Heads => self.ask_heads(),
            Phase::Headers => self.take_headers(),
            Phase::Texts => {
                let wanted = self.texts.wanted(&self.devices, &mut self.messages);
                wanted.into_iter().map(Self::ask_text).collect()
            }
        }
    }

    /// Takes the heads that are known; returns requests for the others.
    fn ask_heads(&mut self) -> Vec<Asked> {
        let mut asked = Vec::new();
        for id in self.device_ids() {
            let device = &mut self.devices[id.get()];
            let head = mem::take(&mut device.head);
            if self.heads == Heads::Read || head.is_empty() {
                asked.push(self.ask_head(id));
                continue;
            }
            areas::take_head(device, Ok(head), &mut self.messages);
            if self.heads == Heads::Labels {
                // So that headers are not found in it.
                device.head = Arc::default();
            }
        }
        asked
    }

    fn ask_head(&self, id: DeviceId) -> Asked {
        let length = areas::head_size(&self.devices[id.get()]);
        let part = Part { device: id, offset: Bytes::ZERO, length };
        Asked { request: Request::Head(id), reads: [part].into() }
    }

    fn ask_text(wanted: Wanted) -> Asked {
        let device = wanted.area.device;
        let parts = wanted.pieces.iter();
        let part = |&(offset, length)| Part { device, offset, length };
        Asked { reads: parts.map(part).collect(), request: Request::Text(wanted) }
    }

    /// Takes the headers that were read with the heads; returns requests for the others.
    fn take_headers(&mut self) -> Vec<Asked> {
        let mut asked = Vec::new();
        for id in self.device_ids() {
            let device = &self.devices[id.get()];
            let LabelState::Pv(pv) = &device.label else {
                continue;
            };
            let numbers = 0..pv.areas.len();
            for area in numbers.map(|number| AreaRef { device: id, number }) {
                if let Some(block) = self.block_in_head(area) {
                    self.take_header(area, Ok(block));
                } else if let Some(part) = self.header_part(area) {
                    asked.push(Asked { request: Request::Header(area), reads: [part].into() });
                } else {
                    let device = &self.devices[id.get()];
                    areas::complain_of_place(device, area.number, &mut self.messages);
                }
            }
        }
        asked
    }

    fn area(&self, area: AreaRef) -> (&Device, &MdaOnDevice) {
        let device = &self.devices[area.device.get()];
        let LabelState::Pv(pv) = &device.label else {
            unreachable!("only PVs have areas");
        };
        (device, &pv.areas[area.number])
    }

    fn header_part(&self, at: AreaRef) -> Option<Part> {
        let (device, area) = self.area(at);
        let (offset, length) = areas::header_block(device, area);
        areas::is_on_device(device, area).then_some(Part { device: at.device, offset, length })
    }

    fn block_in_head(&self, at: AreaRef) -> Option<Arc<[u8]>> {
        let part = self.header_part(at)?;
        let head = &self.devices[at.device.get()].head;
        let start = usize::try_from(part.offset.get()).ok()?;
        let length = usize::try_from(part.length.get()).ok()?;
        let block = head.get(start..start.checked_add(length)?)?;
        Some(block.into())
    }

    fn take_header(&mut self, at: AreaRef, block: Result<Arc<[u8]>, IoError>) {
        let mut area = self.area(at).1.clone();
        let device = &self.devices[at.device.get()];
        let header = areas::take_header(device, &mut area, block, at.number, &mut self.messages);
        if let Some(header) = header {
            self.texts.note(at, &header);
        }
        if let LabelState::Pv(pv) = &mut self.devices[at.device.get()].label {
            pv.areas[at.number] = area;
        }
    }

    fn take(&mut self, request: Request, bytes: Result<Arc<[u8]>, IoError>) {
        match request {
            Request::Head(id) => {
                areas::take_head(&mut self.devices[id.get()], bytes, &mut self.messages);
            }
            Request::Header(area) => self.take_header(area, bytes),
            Request::Text(wanted) => {
                let texts = &mut self.texts;
                texts.take(&wanted, bytes, &self.devices, &mut self.messages);
            }
        }
    }

    fn finish(&mut self) -> Scanned {
        let mut devices = mem::take(&mut self.devices);
        let mut messages = mem::take(&mut self.messages);
        let chosen = self.texts.finish(&mut devices, &mut messages);
        let vgs = views::build(chosen, &devices, &mut messages);
        Scanned { devices, vgs, messages }
    }
}

impl Machine for Scan {
    type Output = Scanned;

    fn poll(&mut self) -> Poll<Scanned> {
        assert!(self.asked.is_empty(), "a group is answered before the next");
        loop {
            self.asked = self.requests();
            if !self.asked.is_empty() {
                let parts = self.asked.iter().flat_map(|asked| &asked.reads);
                let read = |part: &Part| Effect::Read {
                    device: part.device,
                    offset: part.offset,
                    length: part.length,
                };
                return Poll::Do(parts.map(read).collect::<Group>());
            }
            self.phase = match self.phase {
                Phase::Heads => Phase::Headers,
                Phase::Headers => Phase::Texts,
                Phase::Texts => return Poll::Done(self.finish()),
            };
        }
    }

    fn complete(&mut self, results: Vec<Completion>) {
        let mut results = results.into_iter();
        for asked in mem::take(&mut self.asked) {
            let bytes = assemble(&asked.reads, &mut results);
            self.take(asked.request, bytes);
        }
        assert!(results.next().is_none(), "each read has one answer");
        // Heads and headers are asked for once; texts as long as there are some to ask for.
        self.phase = match self.phase {
            Phase::Heads => Phase::Headers,
            Phase::Headers | Phase::Texts => Phase::Texts,
        };
    }
}

/// Puts the answers of a request's reads together.
fn assemble(
    reads: &[Part],
    results: &mut impl Iterator<Item = Completion>,
) -> Result<Arc<[u8]>, IoError> {
    let mut pieces: Vec<Arc<[u8]>> = Vec::with_capacity(reads.len());
    let mut failed = None;
    for _ in reads {
        match results.next().expect("each read has an answer") {
            Completion::Bytes(bytes) => pieces.push(bytes),
            Completion::Failed(error) => failed = Some(error),
            Completion::Done | Completion::Signatures(_) => {
                failed = Some(IoError {
                    message: String::from("the host did not answer a read with bytes"),
                    errno: None,
                });
            }
        }
    }
    match (failed, &pieces[..]) {
        (Some(error), _) => Err(error),
        // Texts are large: they are not copied unless they wrap around.
        (None, [whole]) => Ok(Arc::clone(whole)),
        (None, _) => Ok(pieces.concat().into()),
    }
}
