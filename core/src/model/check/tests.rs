use super::{Violation, check, check_changed};
use crate::codec::read::read;
use crate::id::Uuid;
use crate::model::flags::{AllocationPolicy, Permission};
use crate::model::lv::{HistoryName, Lv};
use crate::model::lv_table::{LvId, LvSource, LvTable, Span};
use crate::model::pv::PvIndex;
use crate::model::segment::{
    Area, Mirror, Raid, Segment, SegmentKind, Snapshot, Striped, Thin, ThinMessage, ThinPool,
};
use crate::model::vg::Vg;
use crate::name::LvName;
use crate::units::{Extents, Le, Pe, Sectors};
use core::mem::discriminant;
use std_alloc::boxed::Box;
use std_alloc::collections::BTreeSet;
use std_alloc::format;
use std_alloc::string::ToString;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

/// A VG with LVs of every kind, written by LVM2.
fn golden() -> Vg {
    let text = include_bytes!("../../codec/golden/kinds.disk");
    read(&Arc::from(text.as_slice())).unwrap().0
}

fn name(text: &str) -> LvName {
    LvName::new(text).unwrap()
}

fn other_id() -> Uuid {
    "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz".parse().unwrap()
}

fn find(vg: &Vg, lv: &str) -> LvId {
    vg.lvs.find(lv).unwrap()
}

fn edit(vg: &mut Vg, lv: &str, change: impl FnOnce(&mut Lv)) {
    let id = find(vg, lv);
    let mut body = Lv::clone(&vg.lvs.get(id));
    change(&mut body);
    vg.lvs.replace(id, Arc::new(body));
}

fn edit_segment(vg: &mut Vg, lv: &str, change: impl FnOnce(&mut Segment)) {
    edit(vg, lv, |lv| change(&mut lv.segments[0]));
}

macro_rules! edit_kind {
    ($name:ident, $kind:ident, $type:ty) => {
        fn $name(vg: &mut Vg, lv: &str, change: impl FnOnce(&mut $type)) {
            edit_segment(vg, lv, |segment| match &mut segment.kind {
                SegmentKind::$kind(kind) => change(kind),
                other => panic!("{other:?}"),
            });
        }
    };
}

edit_kind!(edit_striped, Striped, Striped);
edit_kind!(edit_mirror, Mirror, Mirror);
edit_kind!(edit_raid, Raid, Raid);
edit_kind!(edit_snapshot, Snapshot, Snapshot);
edit_kind!(edit_pool, ThinPool, ThinPool);
edit_kind!(edit_thin, Thin, Thin);

fn add(vg: &mut Vg, from: &str, lv: &str, change: impl FnOnce(&mut Lv)) {
    let mut body = Lv::clone(&vg.lvs.get(find(vg, from)));
    body.name = name(lv);
    body.id = other_id();
    body.segments = [error_segment(1)].into();
    change(&mut body);
    vg.lvs.push(Arc::new(body));
}

fn error_segment(extents: u64) -> Segment {
    let mut segment = golden().lvs.get(find(&golden(), "e")).segments[0].clone();
    segment.extents = Extents::new(extents);
    segment
}

fn free_area(pv: u32, start: u64) -> Area {
    let pv = PvIndex(pv);
    let start = Pe::new(start);
    Area::Pv { pv, start }
}

#[test]
fn what_lvm2_wrote_is_valid() {
    let vg = golden();
    assert_eq!(check(&vg), []);
    let all: Vec<LvId> = vg.lvs.ids().collect();
    assert_eq!(check_changed(&vg, &all), []);
    assert_eq!(check_changed(&vg, &[]), []);
}

type Spoil = fn(&mut Vg);

/// Mistakes, each of which breaks exactly one invariant, and how that is told.
const MISTAKES: &[(&str, Spoil)] = &[
    ("policy of a volume group cannot be inherited", |vg| {
        vg.policy = AllocationPolicy::Inherit;
    }),
    ("there are 4 physical volumes, at most 3", |vg| {
        vg.max_pv = 3;
    }),
    ("logical volumes, at most 2 are allowed", |vg| vg.max_lv = 2),
    ("two physical volumes have the UUID", |vg| {
        vg.pvs[1].id = vg.pvs[0].id;
    }),
    ("extents in all, at most 4294967295", |vg| {
        for pv in &mut vg.pvs {
            pv.pe_count = Extents::new(1 << 31);
            pv.device_size = None;
            pv.bootloader_area = None;
        }
    }),
    ("at most 4294967295 can be counted", |vg| {
        vg.pvs[0].pe_count = Extents::new(1 << 32);
        vg.pvs[0].device_size = None;
        // More than can be counted by itself is too many in all as well.
    }),
    ("which is more than its device of 4096 sectors holds", |vg| {
        vg.pvs[0].device_size = Some(Sectors::new(4096));
    }),
    ("bootloader area of PV", |vg| {
        vg.pvs[3].bootloader_area = Some((Sectors::new(4000), Sectors::new(97)));
    }),
    ("is exported, the volume group is not", |vg| {
        vg.pvs[2].flags.exported = true;
    }),
    ("two logical volumes are called org", |vg| {
        add(vg, "e", "org", |_| {});
    }),
    ("has the UUID", |vg| {
        let id = vg.lvs.get(find(vg, "org")).id;
        edit(vg, "two", |lv| lv.id = id);
    }),
    ("LV e has no segments", |vg| {
        edit(vg, "e", |lv| lv.segments.clear());
    }),
    ("LV z has 4294967296 extents", |vg| {
        edit_segment(vg, "z", |segment| segment.extents = Extents::new(1 << 32));
    }),
    ("LV two has a segment without extents", |vg| {
        edit(vg, "two", |lv| {
            let mut empty = error_segment(0);
            empty.start = Le::new(lv.extents().get());
            lv.segments.push(empty);
        });
    }),
    ("where 0 is next", |vg| {
        edit_segment(vg, "e", |segment| segment.start = Le::new(7));
    }),
    ("has other segments beside one of type thin", |vg| {
        edit(vg, "th3", |lv| {
            let mut more = error_segment(1);
            more.start = Le::new(lv.extents().get());
            lv.segments.push(more);
        });
    }),
    ("a segment of LV ext has no areas", |vg| {
        edit_striped(vg, "ext", |striped| striped.areas.clear());
    }),
    ("extents in 2 stripes", |vg| {
        edit_segment(vg, "ext", |segment| segment.extents = Extents::new(3));
        edit_striped(vg, "ext", |striped| {
            striped.areas = [free_area(0, 500), free_area(1, 500)].into();
            striped.stripe_size = Some(Sectors::new(128));
        });
    }),
    ("LV ext has a stripe size of 0 sectors", |vg| {
        edit_segment(vg, "ext", |segment| segment.extents = Extents::new(4));
        edit_striped(vg, "ext", |striped| {
            striped.areas = [free_area(0, 500), free_area(1, 500)].into();
        });
    }),
    ("LV r5 has a stripe size of 96 sectors", |vg| {
        edit_raid(vg, "r5", |raid| raid.stripe_size = Some(Sectors::new(96)));
    }),
    ("LV r5 has a region size of 1000 sectors", |vg| {
        edit_raid(vg, "r5", |raid| raid.region_size = Some(Sectors::new(1000)));
    }),
    ("LV mir has a region size of 1000 sectors", |vg| {
        edit_mirror(vg, "mir", |mirror| {
            mirror.region_size = Some(Sectors::new(1000));
        });
    }),
    ("has a chunk size of 4 sectors", |vg| {
        edit_snapshot(vg, "snapshot0", |snapshot| {
            snapshot.chunk_size = Sectors::new(4);
        });
    }),
    ("LV pool has a chunk size of 192 sectors", |vg| {
        edit_pool(vg, "pool", |pool| pool.chunk_size = Sectors::new(192));
    }),
    ("LV ext lies on PV number 4", |vg| {
        edit_striped(vg, "ext", |striped| {
            striped.areas = [free_area(4, 0)].into();
        });
    }),
    ("LV ext lies on extents up to 512", |vg| {
        edit_striped(vg, "ext", |striped| {
            striped.areas = [free_area(3, 509)].into();
        });
    }),
    ("LVs org and ext both lie on extent 9 of PV", |vg| {
        edit_segment(vg, "ext", |segment| segment.extents = Extents::new(1));
        edit_segment(vg, "th4", |segment| segment.extents = Extents::new(1));
        edit_striped(vg, "ext", |striped| {
            striped.areas = [free_area(0, 9)].into();
        });
    }),
    ("the map of extents of LV false", with_false_map),
    ("LV th1 is made of nowhere, which is not there", |vg| {
        edit_thin(vg, "th1", |thin| {
            thin.external_origin = Some(name("nowhere"));
        });
    }),
    ("LV pool is made of nowhere, which is not there", |vg| {
        let create = ThinMessage::Create(name("nowhere"));
        edit_pool(vg, "pool", |pool| pool.messages = [create].into());
    }),
    ("LV th1 needs e to be of type thin-pool", |vg| {
        edit_thin(vg, "th1", |thin| thin.pool = name("e"));
    }),
    ("LV pool needs 21 extents of pool_tdata, which has 20", |vg| {
        edit_segment(vg, "pool", |segment| segment.extents = Extents::new(21));
    }),
    ("LV r5 needs 5 extents of", |vg| {
        edit_segment(vg, "r5", |segment| segment.extents = Extents::new(9));
    }),
    ("LV mir_mlog is a part of mir and of more", |vg| {
        let body = vg.lvs.get(find(vg, "mir"));
        add(vg, "mir", "more", |lv| {
            lv.segments.clone_from(&body.segments);
        });
    }),
    ("LV pool_tmeta is a part of pool and visible", |vg| {
        edit(vg, "pool_tmeta", |lv| lv.flags.visible = true);
    }),
    ("is, in the end, made of itself", |vg| {
        let area = |lv| Area::Lv { lv: name(lv), start: Le::ZERO };
        edit_segment(vg, "ext", |segment| segment.extents = Extents::new(1));
        edit_segment(vg, "th4", |segment| segment.extents = Extents::new(1));
        edit_striped(vg, "ext", |striped| striped.areas = [area("more")].into());
        let body = vg.lvs.get(find(vg, "ext"));
        add(vg, "ext", "more", |lv| {
            lv.segments.clone_from(&body.segments);
        });
        edit_striped(vg, "more", |striped| striped.areas = [area("ext")].into());
    }),
    ("LV r5 of type raid5_ls cannot have these 3 devices", |vg| {
        edit_raid(vg, "r5", |raid| raid.images[1].metadata = None);
    }),
    ("LV mir has moved 5 of 4 extents", |vg| {
        edit_mirror(vg, "mir", |mirror| {
            mirror.extents_moved = Some(Extents::new(5));
        });
    }),
    ("thin LV th1 has the device number 16777216", |vg| {
        edit_thin(vg, "th1", |thin| thin.device_id = 1 << 24);
    }),
    ("of pool pool have the device number 2", |vg| {
        edit_thin(vg, "th1", |thin| thin.device_id = 2);
    }),
    ("LV keys has a fixed minor number", |vg| {
        edit(vg, "keys", |lv| lv.numbers.minor = None);
    }),
    ("two logical volumes that were removed are called h1", |vg| {
        let mut twice = vg.historical[0].clone();
        twice.id = other_id();
        vg.historical.push(twice);
    }),
    ("the removed LV h1 has the UUID", |vg| {
        vg.historical[0].id = vg.lvs.get(find(vg, "org")).id;
    }),
    ("the history of h1 names nowhere", |vg| {
        let nowhere = HistoryName::Live(name("nowhere"));
        vg.historical[0].descendants.push(nowhere);
    }),
];

/// A source whose LVs are not where the table was told they are.
#[derive(Debug)]
struct FalseSource(Lv);

impl LvSource for FalseSource {
    fn name(&self, _: Span) -> &str {
        self.0.name.as_str()
    }

    fn decode(&self, _: Span) -> Lv {
        self.0.clone()
    }

    fn segments(&self, _: Span) -> Vec<Segment> {
        self.0.segments.clone()
    }

    fn text(&self, _: Span) -> &[u8] {
        b""
    }

    fn is_write_locked(&self) -> bool {
        false
    }
}

fn with_false_map(vg: &mut Vg) {
    let mut lv = Lv::clone(&vg.lvs.get(find(vg, "org")));
    lv.name = name("false");
    let mut table = LvTable::with_source(Arc::new(FalseSource(lv)));
    let span = Span { start: 0, end: 0 };
    let areas = [(PvIndex(1), Pe::new(0), Extents::new(10))];
    table.push_source(span, span, (true, Permission::ReadWrite), &areas, Extents::new(10));
    vg.lvs = table;
    vg.historical.clear();
}

#[test]
fn each_mistake_is_found_and_nothing_else() {
    for (expected, spoil) in MISTAKES {
        let mut vg = golden();
        spoil(&mut vg);
        let found = check(&vg);
        assert!(!found.is_empty(), "{expected}: not found");
        let kinds: BTreeSet<_> =
            found.iter().map(|one| format!("{:?}", discriminant(one))).collect();
        let one_by_itself = found.iter().all(|one| {
            matches!(one, Violation::PvExtents { .. } | Violation::TooManyExtents { .. })
        });
        assert!(kinds.len() == 1 || one_by_itself, "{expected}: {found:#?}");
        let texts: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert!(texts.iter().any(|text| text.contains(expected)), "{expected}: {texts:?}");
    }
}

#[test]
fn a_change_is_found_to_break_what_everything_would_show() {
    for (expected, spoil) in MISTAKES {
        let mut vg = golden();
        spoil(&mut vg);
        let changed: Vec<LvId> = vg.lvs.ids().collect();
        let mut all: Vec<_> = check(&vg).iter().map(ToString::to_string).collect();
        let mut found: Vec<_> =
            check_changed(&vg, &changed).iter().map(ToString::to_string).collect();
        all.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, all, "{expected}");
    }
}

#[test]
fn lvs_that_were_not_touched_are_held_against_the_pvs() {
    let mut vg = golden();
    vg.pvs[0].pe_count = Extents::new(5);
    let found = check_changed(&vg, &[]);
    assert!(found.iter().any(|one| one.to_string().contains("LV org lies on extents up to 10")));
    vg.pvs.truncate(1);
    assert!(!check_changed(&vg, &[]).is_empty());
}

#[test]
fn a_tower_of_lvs_is_climbed_without_recursion() {
    let mut vg = golden();
    vg.max_lv = 0;
    let height = 20_000;
    let ground = error_segment(1);
    let on = |lv: &str| {
        let mut segment = ground.clone();
        let areas = [Area::Lv { lv: name(lv), start: Le::ZERO }].into();
        segment.kind = SegmentKind::Striped(Striped { stripe_size: None, areas });
        segment
    };
    let body = Lv::clone(&vg.lvs.get(find(&vg, "e")));
    for floor in 0..height {
        let mut lv = body.clone();
        lv.name = name(&format!("t{floor}"));
        lv.id = format!("{floor:032}").parse().unwrap();
        lv.segments = [on(&format!("t{}", (floor + 1) % height))].into();
        vg.lvs.push(Arc::new(lv));
    }
    let found = check(&vg);
    let [Violation::Cycle { .. }] = found.as_slice() else { panic!("{found:?}") };
}

#[test]
fn numbers_at_their_limits_do_no_harm() {
    let mut vg = golden();
    for pv in &mut vg.pvs {
        pv.pe_start = Sectors::new(u64::MAX);
        pv.pe_count = Extents::new(u64::MAX);
        pv.bootloader_area = Some((Sectors::new(u64::MAX), Sectors::new(u64::MAX)));
    }
    edit_segment(&mut vg, "e", |segment| segment.start = Le::new(u64::MAX));
    edit_segment(&mut vg, "z", |segment| {
        segment.extents = Extents::new(u64::MAX);
    });
    let kind = SegmentKind::Thin(Box::new(Thin {
        pool: name("z"),
        transaction_id: u64::MAX,
        device_id: u32::MAX,
        external_origin: Some(name("r0")),
        origin: None,
        merge: Some(name("th1")),
    }));
    edit_segment(&mut vg, "r0", |segment| segment.kind = kind);
    let all: Vec<LvId> = vg.lvs.ids().collect();
    assert!(!check(&vg).is_empty());
    assert!(!check_changed(&vg, &all).is_empty());
}
