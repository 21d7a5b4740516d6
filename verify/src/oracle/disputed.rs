//! PVs that texts of two VGs name: the one state that both programs show in their own ways.
//!
//! It comes about when a disk returns with a text of a VG that has changed its identity since, or
//! is gone, or when LVM2 restores a text with such an identity over one of the VG's PVs: LVM2
//! counts the VG's other PVs as present although they belong to another VG now, Extant as missing.
//! What follows cannot be compared: reports, `vgck`, and what may be changed differ.

use crate::world::World;
use crate::world::raw;
use extant_core::codec::read;
use extant_core::id::Uuid;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The rows of README's table of differences.
#[cfg(test)]
const DIFFERENCES: [&str; 2] = [
    "| a VG that returns on an old disk still has PVs that belong to another VG now | lacks them: a \
     PV is in one VG |",
    "| `vgcfgrestore` may leave two VGs of one name, or a PV in two VGs | refuses |",
];

/// What the texts of one VG say that are newest.
#[derive(Debug, Default)]
struct Claim {
    seqno: u32,
    pvs: BTreeSet<Uuid>,
    /// The disks that hold them.
    disks: BTreeSet<usize>,
}

/// Whether two VGs name the same PV, one of them on nothing but disks that have been away, or any
/// where LVM2 has restored one.
///
/// # Errors
/// If a disk cannot be read.
pub(super) fn is_disputed(world: &World, restored: bool) -> anyhow::Result<bool> {
    let mut claims: BTreeMap<Uuid, Claim> = BTreeMap::new();
    for (number, disk) in world.disks.iter().enumerate() {
        if world.is_hidden(number) {
            continue;
        }
        let areas = raw::read_pv(disk)?.map(|pv| pv.areas).unwrap_or_default();
        for mut text in areas.into_iter().filter_map(|area| area.text) {
            text.push(0);
            let text: Arc<[u8]> = text.into();
            let Ok((vg, _)) = read::read(&text) else {
                continue;
            };
            let claim = claims.entry(vg.id).or_default();
            if vg.seqno > claim.seqno {
                *claim = Claim { seqno: vg.seqno, ..Claim::default() };
            }
            if vg.seqno == claim.seqno {
                claim.pvs.extend(vg.pvs.iter().map(|pv| pv.id));
                claim.disks.insert(number);
            }
        }
    }
    let returned =
        |claim: &Claim| restored || claim.disks.iter().all(|disk| world.has_been_away(*disk));
    let mut old = claims.iter().filter(|(_, claim)| returned(claim));
    Ok(old.any(|(id, claim)| {
        claims.iter().any(|(other, now)| id != other && !claim.pvs.is_disjoint(&now.pvs))
    }))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_differences_are_those_that_readme_lists() {
        let readme = include_str!("../../../README.md");
        for row in super::DIFFERENCES {
            assert!(readme.lines().any(|line| line == row), "README has no row: {row}");
        }
    }
}
