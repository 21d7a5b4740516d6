//! Where LVs lie, and whose the extents of hidden ones are.

use super::{Map, Run, map};
use crate::model::lv::Lv;
use crate::model::segment::{Area, CowRole, Mirror, SegmentKind, Snapshot};
use crate::model::vg::Vg;
use crate::name::LvName;
use crate::ops::samples;
use crate::units::{Le, Pe, Sectors};
use core::fmt::Write as _;
use std_alloc::boxed::Box;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

fn name(text: &str) -> LvName {
    LvName::new(text).unwrap()
}

fn hidden(mut lv: Lv) -> Arc<Lv> {
    lv.flags.visible = false;
    Arc::new(lv)
}

fn on_lv(lv: &str, start: u64) -> Area {
    Area::Lv { lv: name(lv), start: Le::new(start) }
}

/// Writes runs as `0+4:a.0` or `4+7:free`, with the owner behind a slash if it is another, the
/// stripe behind `#` if there are several, and further claims behind `!`.
fn words(vg: &Vg, runs: &[Run]) -> String {
    let word = |run: &Run| {
        let place = format!("{}+{}", run.start, run.extents);
        let Some(part) = &run.part else {
            return format!("{place}:free");
        };
        let mut word = format!("{place}:{}.{}", vg.lvs.name(part.lv), part.le);
        if part.stripes > 1 {
            let _ = write!(word, "#{}", part.stripe);
        }
        if part.owner != part.lv {
            let _ = write!(word, "/{}", vg.lvs.name(part.owner));
        }
        for other in &run.others {
            let _ = write!(word, "!{}", vg.lvs.name(*other));
        }
        word
    };
    runs.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// Checks what holds for every map, and returns its PVs in words.
fn shown(vg: &Vg) -> (Map, Vec<String>) {
    let found = map(vg);
    for pv in &found.pvs {
        let mut next = Pe::ZERO;
        for run in &pv.runs {
            assert_eq!(run.start, next, "there are no gaps");
            next = run.end();
        }
        assert!(next.get() >= pv.count.get());
        let end = Pe::ZERO.after(pv.count);
        let free = vg.free_runs(pv.pv).into_iter().filter(|(start, _)| *start < end);
        let free = free.map(|(start, length)| start.after(length).min(end).since(start));
        assert_eq!(pv.free, free.sum());
        assert!(pv.drawn() >= pv.count);
    }
    let words = found.pvs.iter().map(|pv| words(vg, &pv.runs)).collect();
    (found, words)
}

fn names<'a>(vg: &'a Vg, map: &Map) -> Vec<&'a str> {
    map.lvs.iter().map(|lv| vg.lvs.name(lv.lv)).collect()
}

#[test]
fn runs_tell_which_part_of_an_lv_they_are() {
    let mut vg = samples::vg("vg", &[10, 10, 0]);
    samples::add(&mut vg, "b", &[(3, &[(0, 2)]), (4, &[(0, 7), (1, 1)])]);
    samples::add(&mut vg, "a", &[(2, &[(0, 0)])]);
    let (map, pvs) = shown(&vg);
    assert_eq!(
        pvs,
        ["0+2:a.0 2+3:b.0 5+2:free 7+2:b.3#0 9+1:free", "0+1:free 1+2:b.3#1 3+7:free", ""]
    );
    assert_eq!(names(&vg, &map), ["a", "b"]);
    let places: Vec<u64> = map.lvs[1].places.iter().map(|place| place.extents.get()).collect();
    assert_eq!(places, [3, 2, 2]);
}

#[test]
fn what_is_claimed_twice_or_beyond_the_end_is_told() {
    let mut vg = samples::vg("vg", &[10]);
    samples::add(&mut vg, "a", &[(6, &[(0, 0)])]);
    samples::add(&mut vg, "b", &[(4, &[(0, 4)])]);
    samples::add(&mut vg, "c", &[(2, &[(0, 4)])]);
    samples::add(&mut vg, "d", &[(3, &[(0, 12)])]);
    let (map, pvs) = shown(&vg);
    assert_eq!(pvs, ["0+4:a.0 4+2:a.4!b!c 6+2:b.2 8+2:free 10+2:free 12+3:d.0"]);
    assert_eq!(map.pvs[0].free.get(), 2);
    assert_eq!(names(&vg, &map), ["a", "b", "c", "d"]);
    assert_eq!(map.lvs[1].places[0].extents.get(), 4);
}

/// Two LVs are being moved: the extents belong to one hidden LV, of which each has a part.
#[test]
fn extents_that_are_being_moved_belong_to_the_lvs_that_move() {
    let mut vg = samples::vg("vg", &[10, 10]);
    let moved = |extents, start| {
        let mut lv = samples::lv("x", &[(extents, &[(0, 0)])]);
        lv.segments[0].areas_mut()[0] = on_lv("pvmove0", start);
        lv.segments
    };
    vg.lvs.push(Arc::new(Lv { segments: moved(3, 0), ..samples::lv("a", &[]) }));
    vg.lvs.push(Arc::new(Lv { segments: moved(2, 3), ..samples::lv("b", &[]) }));
    let mut copy = samples::lv("pvmove0", &[(5, &[(0, 0), (1, 4)])]);
    let areas = copy.segments[0].areas().to_vec();
    copy.segments[0].kind = SegmentKind::Mirror(Box::new(Mirror {
        extents_moved: None,
        log: None,
        region_size: None,
        areas,
    }));
    vg.lvs.push(hidden(copy));
    let (map, pvs) = shown(&vg);
    assert_eq!(
        pvs,
        [
            "0+3:pvmove0.0#0/a 3+2:pvmove0.3#0/b 5+5:free",
            "0+4:free 4+3:pvmove0.0#1/a 7+2:pvmove0.3#1/b 9+1:free"
        ]
    );
    assert_eq!(names(&vg, &map), ["a", "b"]);
}

#[test]
fn parts_are_known_by_the_lv_they_are_of() {
    let mut vg = samples::vg("vg", &[10]);
    let mut mirror = samples::lv("m", &[(2, &[(0, 0)])]);
    mirror.segments[0].kind = SegmentKind::Mirror(Box::new(Mirror {
        extents_moved: None,
        log: Some(name("m_mlog")),
        region_size: None,
        areas: [on_lv("m_mimage_0", 0), on_lv("m_mimage_1", 0)].into(),
    }));
    vg.lvs.push(Arc::new(mirror));
    vg.lvs.push(hidden(samples::lv("m_mimage_0", &[(2, &[(0, 0)])])));
    vg.lvs.push(hidden(samples::lv("m_mimage_1", &[(2, &[(0, 2)])])));
    vg.lvs.push(hidden(samples::lv("m_mlog", &[(1, &[(0, 4)])])));
    samples::add(&mut vg, "o", &[(1, &[(0, 5)])]);
    samples::add(&mut vg, "cow", &[(1, &[(0, 6)])]);
    let mut carrier = samples::lv("snapshot0", &[(1, &[(0, 0)])]);
    carrier.segments[0].kind = SegmentKind::Snapshot(Box::new(Snapshot {
        chunk_size: Sectors::new(8),
        origin: name("o"),
        cow: name("cow"),
        role: CowRole::Store,
    }));
    vg.lvs.push(hidden(carrier));
    vg.lvs.push(hidden(samples::lv("lvol0_pmspare", &[(1, &[(0, 7)])])));
    let (map, pvs) = shown(&vg);
    assert_eq!(
        pvs,
        ["0+2:m_mimage_0.0/m 2+2:m_mimage_1.0/m 4+1:m_mlog.0/m 5+1:o.0 6+1:cow.0 \
                      7+1:lvol0_pmspare.0 8+2:free"]
    );
    assert_eq!(names(&vg, &map), ["cow", "lvol0_pmspare", "m", "o"]);
    let parts: Vec<&str> = map.lvs[2].places.iter().map(|place| vg.lvs.name(place.lv)).collect();
    assert_eq!(parts, ["m_mimage_0", "m_mimage_1", "m_mlog"]);
}
