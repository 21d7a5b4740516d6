//! The attribute strings, and the kind of an LV that several fields depend on.

use crate::model::flags::{AllocationPolicy, Permission};
use crate::model::segment::{Area, CowRole, SegmentKind};
use crate::model::vg::Vg;
use crate::report::relations::How;
use crate::report::row::{LiveLv, VgContext};
use std_alloc::string::String;

/// What an LV is in the first place, as the first character of its attributes tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Class {
    Pvmove,
    Origin,
    MergingOrigin,
    Metadata,
    Cache,
    RaidImage,
    Raid,
    Integrity,
    MirrorImage,
    MirrorLog,
    Mirror,
    Cow(CowRole),
    ThinVolume,
    MergingThin,
    ThinPool,
    ThinPoolData,
    VdoPool,
    VdoPoolData,
    Virtual,
    Plain,
}

/// Finds out what an LV is.
pub(super) fn class_of(vg: &VgContext<'_>, live: &LiveLv<'_>) -> Class {
    let relations = vg.relations();
    let uses = relations.uses(live.id);
    let used = |how: How| uses.iter().any(|link| link.how == how);
    if live.flags().pvmove {
        return Class::Pvmove;
    }
    let merging = uses.iter().find_map(|link| match link.how {
        How::ThinMerge => Some(true),
        How::Origin => {
            let carrier = vg.vg().lvs.get(link.user);
            let snapshot = super::relations::snapshot_in(&carrier)?;
            (snapshot.role == CowRole::Merging).then_some(true)
        }
        _ => None,
    });
    if merging.is_some() {
        return Class::MergingOrigin;
    }
    let is_origin = [How::Origin, How::ExternalOrigin, How::CacheOrigin, How::WriteCacheOrigin];
    if is_origin.into_iter().any(used) {
        return Class::Origin;
    }
    let is_metadata =
        [How::ThinPoolMetadata, How::CachePoolMetadata, How::RaidMetadata, How::IntegrityMetadata];
    if is_metadata.into_iter().any(used) || is_spare(live) {
        return Class::Metadata;
    }
    if used(How::Cache) || used(How::WriteCache) || used(How::CachePoolData) {
        return Class::Cache;
    }
    if let Some((_, role)) = relations.cow_of(live.id) {
        return Class::Cow(role);
    }
    let by_use = [
        (How::MirrorImage, Class::MirrorImage),
        (How::MirrorLog, Class::MirrorLog),
        (How::ThinPoolData, Class::ThinPoolData),
        (How::VdoPoolData, Class::VdoPoolData),
    ];
    let integrity = matches!(live.special(), Some(SegmentKind::Integrity(_)));
    if used(How::RaidImage) && !integrity {
        return Class::RaidImage;
    }
    if let Some((_, class)) = by_use.into_iter().find(|(how, _)| used(*how)) {
        return class;
    }
    by_segments(live)
}

fn by_segments(live: &LiveLv<'_>) -> Class {
    let class = match live.special() {
        Some(SegmentKind::Raid(_)) => Class::Raid,
        Some(SegmentKind::Integrity(_)) => Class::Integrity,
        Some(SegmentKind::Mirror(_)) => Class::Mirror,
        Some(SegmentKind::Thin(thin)) if thin.merge.is_some() => Class::MergingThin,
        Some(SegmentKind::Thin(_)) => Class::ThinVolume,
        Some(SegmentKind::ThinPool(_)) => Class::ThinPool,
        Some(SegmentKind::CachePool(_) | SegmentKind::Cache(_) | SegmentKind::WriteCache(_)) => {
            Class::Cache
        }
        Some(SegmentKind::VdoPool(_)) => Class::VdoPool,
        Some(
            SegmentKind::Striped(_)
            | SegmentKind::Snapshot(_)
            | SegmentKind::Vdo(_)
            | SegmentKind::Error
            | SegmentKind::Zero
            | SegmentKind::Unknown(_),
        )
        | None => Class::Plain,
    };
    if class == Class::Plain && has_virtual(live) {
        return Class::Virtual;
    }
    class
}

/// The pool metadata spare is known by its name.
pub(super) fn is_spare(live: &LiveLv<'_>) -> bool {
    !live.flags().visible && live.name().ends_with("_pmspare")
}

fn has_virtual(live: &LiveLv<'_>) -> bool {
    !live.is_plain()
        && live.segments().iter().any(|segment| {
            matches!(segment.kind, SegmentKind::Zero | SegmentKind::Error | SegmentKind::Vdo(_))
        })
}

/// Whether an LV is RAID or a part of one.
pub(super) fn is_raid(vg: &VgContext<'_>, live: &LiveLv<'_>) -> bool {
    let relations = vg.relations();
    matches!(live.special(), Some(SegmentKind::Raid(_)))
        || relations.is_used_as(live.id, How::RaidImage)
        || relations.is_used_as(live.id, How::RaidMetadata)
}

/// Whether a thin volume's or thin pool's new blocks are zeroed; `None` for other LVs.
pub(super) fn zeroes(vg: &VgContext<'_>, kind: &SegmentKind) -> Option<bool> {
    match kind {
        SegmentKind::ThinPool(pool) => Some(pool.zero_new_blocks),
        SegmentKind::Thin(thin) => {
            let pool = vg.vg().lvs.get(vg.relations().find(thin.pool.as_str())?);
            match pool.segments.first().map(|segment| &segment.kind) {
                Some(SegmentKind::ThinPool(pool)) => Some(pool.zero_new_blocks),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Writes the ten characters of `lv_attr`.
pub(super) fn write_lv_attr(out: &mut String, vg: &VgContext<'_>, live: &LiveLv<'_>) {
    let class = class_of(vg, live);
    let flags = live.flags();
    let raid = is_raid(vg, live);
    out.push(first_char(class, flags.not_synced));
    out.push(match live.permission() {
        _ if flags.pvmove => '-',
        Permission::ReadWrite => 'w',
        Permission::ReadOnly => 'r',
    });
    let policy = live.policy().attr_char();
    out.push(if flags.locked { policy.to_ascii_uppercase() } else { policy });
    out.push(if flags.fixed_minor { 'm' } else { '-' });
    // Nothing is known of the kernel's view.
    out.push_str("XX");
    out.push(target_char(vg, live, class, raid));
    let zeroed = live.special().and_then(|kind| zeroes(vg, kind)) == Some(true);
    out.push(if zeroed { 'z' } else { '-' });
    out.push(if vg.relations().is_partial(live.id) {
        'p'
    } else if raid {
        'X'
    } else {
        '-'
    });
    out.push(if flags.activation_skip { 'k' } else { '-' });
}

fn first_char(class: Class, not_synced: bool) -> char {
    match class {
        Class::Pvmove => 'p',
        Class::Origin => 'o',
        Class::MergingOrigin => 'O',
        Class::Metadata => 'e',
        Class::Cache => 'C',
        // Whether an image is in sync is the kernel's to know.
        Class::RaidImage | Class::MirrorImage => 'I',
        Class::Raid => {
            if not_synced {
                'R'
            } else {
                'r'
            }
        }
        Class::Integrity => 'g',
        Class::MirrorLog => 'l',
        Class::Mirror => {
            if not_synced {
                'M'
            } else {
                'm'
            }
        }
        Class::Cow(CowRole::Store) => 's',
        Class::Cow(CowRole::Merging) | Class::MergingThin => 'S',
        Class::ThinVolume => 'V',
        Class::ThinPool => 't',
        Class::ThinPoolData => 'T',
        Class::VdoPool => 'd',
        Class::VdoPoolData => 'D',
        Class::Virtual => 'v',
        Class::Plain => '-',
    }
}

fn target_char(vg: &VgContext<'_>, live: &LiveLv<'_>, class: Class, raid: bool) -> char {
    let relations = vg.relations();
    let used = |how: How| relations.is_used_as(live.id, how);
    let kind = live.special();
    let thin = matches!(kind, Some(SegmentKind::Thin(_) | SegmentKind::ThinPool(_)));
    let cache = matches!(
        kind,
        Some(SegmentKind::Cache(_) | SegmentKind::CachePool(_) | SegmentKind::WriteCache(_))
    );
    let in_cache = [How::Cache, How::WriteCache, How::CacheOrigin, How::WriteCacheOrigin];
    let mirror = matches!(kind, Some(SegmentKind::Mirror(_)));
    if thin {
        't'
    } else if cache || in_cache.into_iter().any(used) {
        'C'
    } else if raid {
        'r'
    } else if mirror || used(How::MirrorImage) || used(How::MirrorLog) {
        'm'
    } else if matches!(class, Class::Cow(_)) || used(How::Origin) {
        's'
    } else if live.is_plain() {
        '-'
    } else if live.segments().iter().any(|s| matches!(s.kind, SegmentKind::Unknown(_))) {
        'u'
    } else if has_virtual(live) {
        'v'
    } else {
        '-'
    }
}

/// Writes the six characters of `vg_attr`.
pub(super) fn write_vg_attr(out: &mut String, vg: &VgContext<'_>) {
    let model = vg.vg();
    out.push(if model.permission == Permission::ReadOnly { 'r' } else { 'w' });
    out.push(if model.flags.resizeable { 'z' } else { '-' });
    out.push(if model.flags.exported { 'x' } else { '-' });
    out.push(if vg.missing_count() > 0 { 'p' } else { '-' });
    out.push(match model.policy {
        AllocationPolicy::Inherit => '-',
        policy => policy.attr_char(),
    });
    out.push(match (model.flags.clustered, is_shared(model)) {
        (true, _) => 'c',
        (false, true) => 's',
        (false, false) => '-',
    });
}

/// Whether several machines share a VG, by its flag or by the type of its locks.
pub(super) fn is_shared(vg: &Vg) -> bool {
    vg.flags.shared || matches!(vg.lock_type.as_deref(), Some("sanlock" | "dlm" | "idm"))
}

/// The PV that a pvmove takes from.
pub(super) fn move_source(live: &LiveLv<'_>) -> Option<crate::model::pv::PvIndex> {
    live.segments().iter().find_map(|segment| match segment.areas().first() {
        Some(Area::Pv { pv, .. }) => Some(*pv),
        Some(Area::Lv { .. }) | None => None,
    })
}
