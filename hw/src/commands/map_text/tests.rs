//! Bars at any scale: every run is drawn somewhere.

use super::{Cell, cell_of, cells};
use extant_core::model::lv_table::LvId;
use extant_core::model::pv::PvIndex;
use extant_core::report::map::{Part, PvMap, Run};
use extant_core::units::{Extents, Le, Pe};
use proptest::collection::vec;
use proptest::{prop_assert, prop_assert_eq, proptest};

/// Makes runs of lengths, of LVs (below 5) or free.
fn pv(runs: &[(u64, usize)]) -> PvMap {
    let mut next = Pe::ZERO;
    let mut out = Vec::new();
    for &(length, lv) in runs {
        let (start, extents) = (next, Extents::new(length));
        let part = (lv < 5).then(|| {
            let lv = lv_id(lv);
            Part { lv, owner: lv, le: Le::ZERO, les: extents, stripe: 0, stripes: 1 }
        });
        next = start.after(extents);
        out.push(Run { start, extents, part, others: Vec::new() });
    }
    let count = next.since(Pe::ZERO);
    PvMap { pv: PvIndex(0), count, free: Extents::ZERO, runs: out }
}

/// Returns the place of an LV in a table.
fn lv_id(place: usize) -> LvId {
    use extant_core::model::lv_table::LvTable;
    let lvs: [std::sync::Arc<extant_core::model::lv::Lv>; 5] =
        std::array::from_fn(|_| std::sync::Arc::new(lv()));
    let mut table = LvTable::default();
    lvs.map(|lv| table.push(lv))[place]
}

fn lv() -> extant_core::model::lv::Lv {
    use extant_core::id::Entropy;
    use extant_core::model::flags::{AllocationPolicy, LvFlags, Permission};
    use extant_core::model::lv::{DeviceNumbers, Lv, ReadAhead};
    Lv {
        name: extant_core::name::LvName::new("a").unwrap(),
        id: Entropy::from_seed([1; 32]).uuid(),
        permission: Permission::ReadWrite,
        flags: LvFlags::default(),
        tags: Vec::new(),
        creation: None,
        lock_args: None,
        policy: AllocationPolicy::Normal,
        profile: None,
        read_ahead: ReadAhead::Auto,
        numbers: DeviceNumbers::default(),
        segments: Vec::new(),
    }
}

/// Writes cells as letters.
fn word(cells: &[Cell]) -> String {
    let letter = |cell: &Cell| match cell {
        Cell::Nothing => ' ',
        Cell::Free => '.',
        Cell::Lv(lv) => char::from(b'a' + u8::try_from(lv.get()).unwrap()),
        Cell::Several => '#',
        Cell::Wrong => '!',
    };
    cells.iter().map(letter).collect()
}

#[test]
fn a_cell_is_drawn_as_its_longest_part_unless_that_hides_another() {
    for (runs, scale, expected) in [
        (&[(4, 0), (2, 9)][..], 1, "aaaa.."),
        (&[(6, 0), (6, 1)], 4, "aab"),
        (&[(5, 0), (7, 1)], 4, "abb"),
        // One extent of b within a, one free within a.
        (&[(5, 0), (1, 1), (6, 0)], 4, "a#a"),
        (&[(5, 0), (1, 9), (6, 0)], 4, "a#a"),
        (&[(5, 9), (1, 1), (6, 9)], 4, ".b."),
        (&[(5, 0), (7, 9)], 4, "aa."),
        // The last cell is not full.
        (&[(4, 0), (1, 1)], 4, "ab"),
        (&[(8, 9)], 4, ".."),
        (&[(1, 0), (1, 1), (1, 2), (1, 3)], 4, "#"),
    ] {
        assert_eq!(word(&cells(&pv(runs), scale)), expected, "{runs:?} / {scale}");
    }
    assert_eq!(word(&cells(&pv(&[]), 1)), "");
}

#[test]
fn what_is_wrong_is_drawn() {
    let mut pv = pv(&[(6, 0), (1, 1), (5, 0), (4, 9), (2, 2)]);
    pv.runs[1].others.push(lv_id(3));
    pv.count = Extents::new(14);
    // The end of the PV is a cut.
    pv.runs[3].extents = Extents::new(2);
    let behind = Run { start: Pe::new(14), ..pv.runs[3].clone() };
    pv.runs.insert(4, behind);
    assert_eq!(word(&cells(&pv, 1)), "aaaaaa!aaaaa..  !!");
    assert_eq!(word(&cells(&pv, 4)), "a!a.!");
}

proptest! {
    #[test]
    fn no_run_is_left_out(runs in vec((1_u64..9, 0_usize..8), 0..40), scale in 1_u64..20) {
        // Runs that are drawn alike do not touch.
        let mut runs: Vec<(u64, usize)> =
            runs.into_iter().map(|(length, lv)| (length, lv.min(5))).collect();
        runs.dedup_by_key(|run| run.1);
        let pv = pv(&runs);
        let drawn = cells(&pv, scale);
        prop_assert_eq!(drawn.len() as u64, pv.count.get().div_ceil(scale));
        for run in &pv.runs {
            let range = run.start.get() / scale..run.end().get().div_ceil(scale);
            let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
            let own = cell_of(&pv, run);
            let is_own = |cell: &Cell| *cell == own || *cell == Cell::Several;
            prop_assert!(drawn[range].iter().any(is_own), "{} of {:?}", word(&drawn), runs);
        }
        // And no cell is drawn as what is not in it.
        for (place, cell) in drawn.iter().enumerate() {
            let (start, end) = (place as u64 * scale, (place as u64 + 1) * scale);
            let within = |run: &&Run| run.start.get() < end && start < run.end().get();
            let mut here = pv.runs.iter().filter(within);
            prop_assert!(*cell == Cell::Several || here.any(|run| cell_of(&pv, run) == *cell));
        }
    }
}
