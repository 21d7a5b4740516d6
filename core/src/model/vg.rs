//! A volume group.

use crate::id::Uuid;
use crate::model::flags::{AllocationPolicy, Permission, VgFlags};
use crate::model::lv::HistoricalLv;
use crate::model::lv_table::{LvTable, Run};
use crate::model::pv::{Pv, PvIndex};
use crate::name::{Tag, VgName};
use crate::units::{ExtentSize, Extents, Pe, Sectors};
use std_alloc::collections::BTreeSet;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// A volume group as its metadata describes it.
///
/// Compared by content: two are equal if they print the same text.
#[derive(Clone, PartialEq, Debug)]
pub struct Vg {
    /// Its name.
    pub name: VgName,
    /// Its identity.
    pub id: Uuid,
    /// How often its metadata has been written.
    pub seqno: u32,
    /// The word of the `format` key, `lvm2`; absent in old text.
    pub format: Option<String>,
    /// Whether it may be changed.
    pub permission: Permission,
    /// Its flags.
    pub flags: VgFlags,
    /// Its tags, in order.
    pub tags: Vec<Tag>,
    /// The machine that owns it.
    pub system_id: Option<String>,
    /// The lock manager's type: `none`, `sanlock`, `dlm`, `idm`.
    pub lock_type: Option<String>,
    /// The lock manager's argument.
    pub lock_args: Option<String>,
    /// Persistent reservation: `require`, `autostart`, `ptpl`.
    pub persistent_reservation: Vec<String>,
    /// The size of every extent.
    pub extent_size: ExtentSize,
    /// How many LVs it may have; 0 is unlimited.
    pub max_lv: u32,
    /// How many PVs it may have; 0 is unlimited.
    pub max_pv: u32,
    /// How new extents are chosen; never `Inherit`.
    pub policy: AllocationPolicy,
    /// Name of its configuration profile.
    pub profile: Option<String>,
    /// How many metadata areas are in use; 0 is all that are not ignored.
    pub metadata_copies: u32,
    /// Its PVs in the order of the text, `pv0` first.
    pub pvs: Vec<Pv>,
    /// Its LVs.
    pub lvs: LvTable,
    /// LVs that were removed and are remembered.
    pub historical: Vec<HistoricalLv>,
    /// What the text has and this model does not know, each with its place. Such a VG is shown and
    /// backed up from its original text, and never changed.
    pub unknown: Vec<String>,
}

/// The header of a text: who wrote it, when and why.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Provenance {
    /// The program named in the first comment; if empty, that of LVM2 2.03.16 is written.
    pub generator: String,
    /// Why: the command.
    pub description: String,
    /// Node name of the machine.
    pub creation_host: String,
    /// The machine's system id, if it has one.
    pub creation_host_system_id: Option<String>,
    /// Seconds since 1970-01-01 UTC.
    pub creation_time: u64,
    /// The comment behind `creation_host`: system, release, machine (`uname -a`).
    pub host_comment: String,
    /// The comment behind `creation_time`: the time in words (`ctime`).
    pub time_comment: String,
}

impl Vg {
    /// Returns true if old tools are kept off: because it belongs to a machine or is shared, its
    /// text says `WRITE_LOCKED` for what may be written. Nothing but the text differs.
    pub fn is_write_locked(&self) -> bool {
        let owned = self.system_id.as_ref().is_some_and(|id| !id.is_empty());
        let lock_type = self.lock_type.as_deref().unwrap_or_default();
        owned || !matches!(lock_type, "" | "none")
    }

    /// Returns a PV.
    pub fn pv(&self, index: PvIndex) -> &Pv {
        &self.pvs[index.get()]
    }

    /// Returns the indices of the PVs in order.
    pub fn pv_indices(
        &self,
    ) -> impl DoubleEndedIterator<Item = PvIndex> + ExactSizeIterator + use<> {
        (0..u32::try_from(self.pvs.len()).expect("a VG has less than 2^32 PVs")).map(PvIndex)
    }

    /// Finds a PV by its identity.
    pub fn find_pv(&self, id: Uuid) -> Option<PvIndex> {
        self.pv_indices().find(|index| self.pv(*index).id == id)
    }

    /// Returns the number of extents of all PVs.
    pub fn extent_count(&self) -> Extents {
        self.pvs.iter().map(|pv| pv.pe_count).sum()
    }

    /// Returns the number of allocated extents of all PVs.
    pub fn allocated_count(&self) -> Extents {
        self.lvs.runs_unsorted().iter().map(Run::extents).sum()
    }

    /// Returns the number of free extents of all PVs, 0 if the metadata claims more than there are.
    pub fn free_count(&self) -> Extents {
        self.extent_count().saturating_sub(self.allocated_count())
    }

    /// Returns the number of allocated extents of each PV, by index.
    pub fn allocated_per_pv(&self) -> Vec<Extents> {
        let mut sums = std_alloc::vec![Extents::ZERO; self.pvs.len()];
        for run in self.lvs.runs_unsorted() {
            sums[run.pv.get()] += run.extents();
        }
        sums
    }

    /// Returns the free runs of a PV, first extent and length, in order.
    pub fn free_runs(&self, pv: PvIndex) -> Vec<(Pe, Extents)> {
        let mut free = Vec::new();
        let mut next = Pe::ZERO;
        for run in self.lvs.runs_on(pv) {
            if run.start() > next {
                free.push((next, run.start().since(next)));
            }
            next = next.max(run.end());
        }
        let end = Pe::ZERO.after(self.pv(pv).pe_count);
        if end > next {
            free.push((next, end.since(next)));
        }
        free
    }

    /// Takes PVs out; the others move up and the LVs on them follow. One walk over the map of
    /// extents.
    ///
    /// # Panics
    /// If something lies on one of them.
    pub fn remove_pvs(&mut self, gone: &BTreeSet<PvIndex>) {
        let mut next = 0;
        let map: Vec<Option<PvIndex>> = self
            .pv_indices()
            .map(|index| {
                let stays = !gone.contains(&index);
                let place = stays.then_some(PvIndex(next));
                next += u32::from(stays);
                place
            })
            .collect();
        self.lvs.remap_pvs(&map);
        let mut place = 0..;
        self.pvs.retain(|_| place.next().is_some_and(|place| !gone.contains(&PvIndex(place))));
        assert_eq!(self.pvs.len(), next as usize, "what has a place is there");
    }

    /// Returns its length in sectors: all extents of all PVs.
    pub fn size(&self) -> Sectors {
        self.extent_size.to_sectors(self.extent_count())
    }
}
