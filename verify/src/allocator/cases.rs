//! All problems of the free extents of a few PVs.

use extant_core::alloc::problem::{Manner, Problem, Rule, Usable};
use extant_core::model::flags::AllocationPolicy;
use extant_core::model::pv::PvIndex;
use extant_core::size::ranges::PeRange;
use extant_core::units::{Extents, Pe};

/// Free extents of PVs: a bit for each.
pub type Masks = [u32];

/// Returns the runs of the extents whose bits are set.
pub fn runs(mask: u32) -> Vec<PeRange> {
    let mut runs: Vec<PeRange> = Vec::new();
    for pe in (0..u32::BITS).filter(|pe| mask & (1 << pe) != 0).map(|pe| Pe::new(u64::from(pe))) {
        match runs.last_mut().filter(|last| last.end() == pe) {
            Some(last) => last.extents += Extents::new(1),
            None => runs.push(PeRange { start: pe, extents: Extents::new(1) }),
        }
    }
    runs
}

/// Returns PVs with these free extents.
pub fn pvs(masks: &Masks) -> Vec<Usable> {
    (0..).zip(masks).map(|(pv, mask)| Usable::new(PvIndex(pv), runs(*mask))).collect()
}

/// Returns all ways to put so many PVs into groups, each named by its first PV.
pub fn groupings(count: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for pv in 0..count {
        let longer = |groups: &Vec<usize>| {
            let mut own: Vec<usize> = groups.clone();
            own.push(pv);
            own.sort_unstable();
            own.dedup();
            let with = |group: usize| groups.iter().copied().chain([group]).collect::<Vec<usize>>();
            own.into_iter().map(with).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// The legs and stripes that so many PVs can have, and one stripe more.
pub fn shapes(pvs: usize) -> Vec<(usize, usize)> {
    let all = (1..=pvs).flat_map(|legs| (1..=pvs + 1).map(move |stripes| (legs, stripes)));
    all.filter(|(legs, stripes)| legs * stripes <= pvs || *legs == 1).collect()
}

/// Hands all problems of new LVs on PVs with these free extents to `each`: all shapes and rules,
/// and up to one row more than there are extents for.
pub fn new_lvs(masks: &Masks, groupings: &[Vec<usize>], each: &mut dyn FnMut(&Problem)) {
    let free: u64 = masks.iter().map(|mask| u64::from(mask.count_ones())).sum();
    for (legs, stripes) in shapes(masks.len()) {
        let columns = u64::try_from(legs * stripes).expect("these are few");
        for rows in 1..=free / columns + 1 {
            let mut give = |pvs: Vec<Usable>, rule: Rule| {
                each(&Problem::plain(pvs, legs, stripes, Extents::new(rows), rule));
            };
            for rule in [Rule::Apart, Rule::Anywhere, Rule::OnePiece { starts: None }] {
                give(pvs(masks), rule);
            }
            for groups in groupings {
                let mut pvs = pvs(masks);
                for (usable, group) in pvs.iter_mut().zip(groups) {
                    usable.group = *group;
                }
                give(pvs, Rule::WithinGroups);
            }
        }
    }
}

/// Hands all problems of LVs that are extended to `each`: of one stripe, of two, and of two legs.
/// They end before each free run, or where nothing is free; on the PVs they end they are home.
pub fn extensions(masks: &Masks, each: &mut dyn FnMut(&Problem)) {
    let ends_on = |pv: u32| {
        let free = runs(masks[usize::try_from(pv).expect("PVs are few")]);
        let starts = free.into_iter().map(|run| run.start).chain([Pe::new(30)]);
        starts.map(move |start| (PvIndex(pv), start))
    };
    let pvs = || 0..u32::try_from(masks.len()).expect("PVs are few");
    for one in pvs().flat_map(ends_on) {
        of_ends(masks, 1, 1, &[one], each);
        for two in pvs().flat_map(ends_on) {
            of_ends(masks, 1, 2, &[one, two], each);
            of_ends(masks, 2, 1, &[one, two], each);
        }
    }
}

fn of_ends(
    masks: &Masks,
    legs: usize,
    stripes: usize,
    ends: &[(PvIndex, Pe)],
    each: &mut dyn FnMut(&Problem),
) {
    let free: u64 = masks.iter().map(|mask| u64::from(mask.count_ones())).sum();
    let columns = u64::try_from(legs * stripes).expect("these are few");
    let mut all = pvs(masks);
    // A PV that serves two legs already may serve none.
    let serves = |pv: PvIndex| {
        let mut legs: Vec<usize> = (0..ends.len()).filter(|column| ends[*column].0 == pv).collect();
        for column in &mut legs {
            *column /= stripes;
        }
        legs.dedup();
        legs
    };
    all.retain(|usable| serves(usable.pv).len() < 2);
    for usable in &mut all {
        let served = serves(usable.pv);
        usable.home = !served.is_empty();
        usable.leg = served.first().copied().filter(|_| legs > 1);
    }
    let home: Vec<Usable> = all.iter().filter(|usable| usable.home).cloned().collect();
    for rows in 1..=free / columns + 1 {
        let mut give = |pvs: &[Usable], rule: Rule, policy: AllocationPolicy| {
            let manner = Manner {
                ends: ends.to_vec(),
                first: ends.iter().map(|end| end.0).collect(),
                policy,
                wanted: Extents::new(rows),
                maximise_cling: true,
                ..Manner::default()
            };
            let rows = Extents::new(rows);
            each(&Problem { pvs: pvs.to_vec(), legs, stripes, rows, rule, manner });
        };
        let starts = Some(ends.to_vec());
        give(&all, Rule::OnePiece { starts }, AllocationPolicy::Contiguous);
        give(&home, Rule::Apart, AllocationPolicy::Cling);
        give(&all, Rule::Apart, AllocationPolicy::Normal);
        give(&all, Rule::Anywhere, AllocationPolicy::Anywhere);
    }
}

#[cfg(test)]
mod tests {
    use super::{groupings, shapes};

    #[test]
    fn all_groupings_and_shapes_are_there() {
        let counts: Vec<usize> = (0..5).map(|count| groupings(count).len()).collect();
        assert_eq!(counts, [1, 1, 2, 5, 15]);
        assert_eq!(shapes(3), [(1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (3, 1)]);
    }
}
