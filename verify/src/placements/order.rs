//! Which of two layouts the specification prefers, counted row by row: written from its words and
//! sharing nothing with the allocator's own measure.
//!
//! LVM2 goes from the strictest policy to the one that was asked for, and each places what it can.
//! So the better one of two layouts is the one with more rows that the strictest policy could have
//! placed; with as many of these, the one with more that the next could have placed, and so on;
//! with as many of all, the one that adds fewer segments.

use crate::placements::case::{Case, Part};
use extant_core::alloc::Layout;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt;

/// What counts of a layout, the greater the better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Rank {
    /// How many rows directly follow the last segment, stripe by stripe; of a new LV those of its
    /// first piece.
    pub contiguous: u64,
    /// How many rows lie on PVs that the LV was on, a new one: with its first row.
    pub cling: u64,
    /// How many rows lie on these or on PVs that tags tie to them.
    pub tied: u64,
    /// How many rows lie on different PVs, as those above do.
    pub apart: u64,
    /// How many segments are added.
    pub segments: Reverse<usize>,
}

/// An extent: its PV, its place there.
type Extent = (usize, u64);

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { contiguous, cling, tied, apart, segments } = self;
        write!(f, "{contiguous} contiguous, {cling} cling, {tied} tied, {apart} apart; ")?;
        write!(f, "{} segments more", segments.0)
    }
}

/// Ranks a layout.
pub fn rank(case: &Case, layout: &Layout) -> Rank {
    let rows = rows(layout);
    let ends = ends(case);
    let apart: Vec<&Vec<Extent>> = rows.iter().filter(|row| is_apart(row)).collect();
    let starts_after = |ends: &[Extent]| {
        let follows = |(number, row): &(u64, &Vec<Extent>)| {
            let next = ends.iter().map(|(pv, place)| (*pv, place + number));
            next.eq(row.iter().copied()) && is_apart(row)
        };
        (0..).zip(&rows).take_while(follows).count() as u64
    };
    let contiguous = match (&ends, rows.first()) {
        (Some(ends), _) => starts_after(ends),
        (None, Some(first)) => starts_after(first),
        (None, None) => 0,
    };
    let home: BTreeSet<usize> = match (&ends, rows.first()) {
        (Some(_), _) => own_parts(case).flat_map(|part| &part.areas).map(|area| area.0).collect(),
        (None, Some(first)) if is_apart(first) => first.iter().map(|extent| extent.0).collect(),
        (None, _) => BTreeSet::new(),
    };
    let near = tied(case, &home);
    let on = |pvs: &BTreeSet<usize>| {
        let inside = apart.iter().filter(|row| row.iter().all(|extent| pvs.contains(&extent.0)));
        inside.count() as u64
    };
    let joins = ends.is_some_and(|ends| rows.first() == Some(&ends));
    Rank {
        contiguous,
        cling: on(&home),
        tied: on(&near),
        apart: apart.len() as u64,
        segments: Reverse(pieces(&rows) - usize::from(joins)),
    }
}

/// Returns the extents of all rows, stripe by stripe.
pub fn rows(layout: &Layout) -> Vec<Vec<(usize, u64)>> {
    let rows = layout.pieces.iter().flat_map(|piece| {
        let row =
            |number: u64| piece.areas.iter().map(move |(pv, pe)| (pv.get(), pe.get() + number));
        (0..piece.rows.get()).map(move |number| row(number).collect())
    });
    rows.collect()
}

/// How many runs of rows there are of which each follows the one before.
fn pieces(rows: &[Vec<Extent>]) -> usize {
    let breaks = rows.windows(2).filter(|pair| {
        let next = pair[0].iter().map(|(pv, place)| (*pv, place + 1));
        !next.eq(pair[1].iter().copied())
    });
    usize::from(!rows.is_empty()) + breaks.count()
}

fn is_apart(row: &[Extent]) -> bool {
    row.iter().map(|extent| extent.0).collect::<BTreeSet<usize>>().len() == row.len()
}

/// The segments that count: those with as many stripes as are asked for, if the last has.
fn own_parts(case: &Case) -> impl Iterator<Item = &Part> {
    let counts = |part: &&Part| part.areas.len() == case.width();
    let any = case.before.last().is_some_and(|last| counts(&last));
    case.before.iter().filter(counts).filter(move |_| any)
}

/// What follows each stripe of the last segment; none for a new LV or other stripes.
fn ends(case: &Case) -> Option<Vec<Extent>> {
    let last = own_parts(case).last()?;
    Some(last.areas.iter().map(|(pv, start)| (*pv, start + last.rows)).collect())
}

/// All PVs that listed tags tie to these: of a chain of PVs each shares a tag with the next.
fn tied(case: &Case, home: &BTreeSet<usize>) -> BTreeSet<usize> {
    let takes_part = chain_members(case);
    let mut near = home.clone();
    loop {
        let shares = |pv: &usize| {
            let tags = case.pvs[*pv].tags.iter().filter(|tag| case.lists(tag));
            tags.into_iter().any(|tag| near.iter().any(|other| case.pvs[*other].tags.contains(tag)))
        };
        let more: Vec<usize> =
            takes_part.iter().copied().filter(|pv| !near.contains(pv) && shares(pv)).collect();
        if more.is_empty() {
            return near;
        }
        near.extend(more);
    }
}

/// The PVs that may be links of a chain: those that may be used and those that the LV is on.
fn chain_members(case: &Case) -> BTreeSet<usize> {
    let named = |pv: &usize| {
        case.arguments.is_empty() || case.arguments.iter().any(|argument| argument.pv == *pv)
    };
    let usable = (0..case.pvs.len()).filter(|pv| case.pvs[*pv].allocatable && named(pv));
    let own = case.before.iter().flat_map(|part| &part.areas).map(|area| area.0);
    usable.chain(own).collect()
}

#[cfg(test)]
mod tests {
    use super::{Rank, rank};
    use crate::placements::case::{Case, CasePv, Part, Use};
    use extant_core::alloc::{Layout, Piece};
    use extant_core::model::flags::AllocationPolicy;
    use extant_core::model::pv::PvIndex;
    use extant_core::units::{Extents, Pe};
    use std::cmp::Reverse;

    fn case(before: &[(u64, &[(usize, u64)])], tags: &[&'static str], stripes: usize) -> Case {
        let pv = |tag: &&'static str| CasePv {
            extents: vec![Use::Free; 20],
            allocatable: true,
            tags: if tag.is_empty() { Vec::new() } else { vec![*tag] },
        };
        let part = |(rows, areas): &(u64, &[_])| Part { rows: *rows, areas: areas.to_vec() };
        Case {
            pvs: tags.iter().map(pv).collect(),
            before: before.iter().map(part).collect(),
            rows: 1,
            stripes,
            legs: 1,
            policy: AllocationPolicy::Anywhere,
            cling_tags: vec!["@x".to_owned()],
            maximise_cling: true,
            arguments: Vec::new(),
        }
    }

    fn layout(pieces: &[(u64, &[(u32, u64)])]) -> Layout {
        let piece = |(rows, areas): &(u64, &[(u32, u64)])| Piece {
            rows: Extents::new(*rows),
            areas: areas.iter().map(|(pv, pe)| (PvIndex(*pv), Pe::new(*pe))).collect(),
        };
        Layout { pieces: pieces.iter().map(piece).collect() }
    }

    fn ranked(counts: [u64; 4], segments: usize) -> Rank {
        let [contiguous, cling, tied, apart] = counts;
        Rank { contiguous, cling, tied, apart, segments: Reverse(segments) }
    }

    #[test]
    fn rows_count_for_the_strictest_policy_that_could_have_placed_them() {
        let new = case(&[], &["x", "", "x"], 1);
        let one = layout(&[(4, &[(0, 0)]), (3, &[(0, 9)]), (2, &[(2, 0)]), (1, &[(1, 0)])]);
        assert_eq!(rank(&new, &one), ranked([4, 7, 9, 10], 4));
        let extended = case(&[(2, &[(1, 3)]), (3, &[(0, 0)])], &["x", "", "x"], 1);
        assert_eq!(rank(&extended, &one), ranked([0, 8, 10, 10], 4));
        let behind = layout(&[(2, &[(0, 3)]), (1, &[(2, 5)])]);
        assert_eq!(rank(&extended, &behind), ranked([2, 2, 3, 3], 1));
        // To stripes of another number nothing is tied.
        let other = case(&[(2, &[(0, 0), (1, 0)])], &["x", "", "x"], 1);
        assert_eq!(rank(&other, &behind), ranked([2, 2, 3, 3], 2));
    }

    #[test]
    fn rows_that_share_a_pv_count_for_nothing_but_anywhere() {
        let new = case(&[], &["", "", ""], 2);
        let mixed = layout(&[(2, &[(0, 0), (1, 0)]), (3, &[(0, 2), (0, 8)])]);
        assert_eq!(rank(&new, &mixed), ranked([2, 2, 2, 2], 2));
        let shared = layout(&[(2, &[(0, 0), (0, 5)]), (1, &[(0, 9), (1, 0)])]);
        assert_eq!(rank(&new, &shared), ranked([0, 0, 0, 1], 2));
    }
}
