//! Existence by maximum flow: rows on one side, PVs on the other.

use extant_core::alloc::problem::{Problem, Rule, Usable};
use petgraph::algo::ford_fulkerson;
use petgraph::graph::DiGraph;
use std::collections::BTreeSet;

/// Returns whether so many rows of so many stripes have room on these PVs, a PV serving a row
/// once: whether a flow fills them all.
fn fills(pvs: &[&Usable], rows: u64, stripes: usize) -> bool {
    let mut graph: DiGraph<(), u64> = DiGraph::new();
    let (source, sink) = (graph.add_node(()), graph.add_node(()));
    let of_row: Vec<_> = (0..rows).map(|_| graph.add_node(())).collect();
    let of_pv: Vec<_> = pvs.iter().map(|_| graph.add_node(())).collect();
    let stripes = u64::try_from(stripes).expect("stripes are few");
    for row in &of_row {
        graph.add_edge(source, *row, stripes);
        for pv in &of_pv {
            graph.add_edge(*row, *pv, 1);
        }
    }
    for (node, usable) in of_pv.iter().zip(pvs) {
        graph.add_edge(*node, sink, usable.free().get());
    }
    ford_fulkerson(&graph, source, sink).0 == rows * stripes
}

/// Returns whether a problem of a new LV has a solution.
///
/// # Panics
/// If it is an extension in one piece.
pub fn exists(problem: &Problem) -> bool {
    let all: Vec<&Usable> = problem.pvs.iter().collect();
    if problem.legs == 1 {
        return leg_exists(problem, &all);
    }
    // What legs may be on, and what is left for the others.
    let count = u32::try_from(all.len()).expect("PVs are few");
    let sets = 0_u32..1 << count;
    let of_set = |set: u32| {
        let pvs = (0..).zip(&all).filter(|(bit, _)| set & (1 << bit) != 0);
        pvs.map(|(_, usable)| *usable).collect::<Vec<&Usable>>()
    };
    let groups =
        |set: u32| -> BTreeSet<usize> { of_set(set).iter().map(|usable| usable.group).collect() };
    let is_whole = |set: &u32| {
        let inside = groups(*set);
        let outside = groups(!set & ((1 << count) - 1));
        problem.rule != Rule::WithinGroups || inside.is_disjoint(&outside)
    };
    let good: Vec<u32> =
        sets.filter(|set| is_whole(set) && leg_exists(problem, &of_set(*set))).collect();
    let serves = |set: u32, leg: usize| {
        of_set(set).iter().all(|usable| usable.leg.is_none_or(|own| own == leg))
    };
    let mut taken = BTreeSet::from([0]);
    for leg in 0..problem.legs {
        let with_leg = |before: &u32| {
            let fitting = good.iter().filter(|set| *set & before == 0 && serves(**set, leg));
            fitting.map(|set| set | before).collect::<Vec<u32>>()
        };
        taken = taken.iter().flat_map(with_leg).collect();
    }
    !taken.is_empty()
}

fn leg_exists(problem: &Problem, pvs: &[&Usable]) -> bool {
    let rows = problem.rows.get();
    let stripes = problem.stripes;
    match problem.rule {
        Rule::OnePiece { .. } => {
            let has_run =
                |usable: &&&Usable| usable.runs().iter().any(|run| run.extents >= problem.rows);
            pvs.iter().filter(has_run).count() >= stripes
        }
        Rule::WithinGroups => {
            let groups: BTreeSet<usize> = pvs.iter().map(|usable| usable.group).collect();
            let held = |group: &usize| {
                let of_group = pvs.iter().copied().filter(|usable| usable.group == *group);
                let of_group: Vec<&Usable> = of_group.collect();
                (1..=stripes).rev().find(|held| fills(&of_group, rows, *held)).unwrap_or(0)
            };
            groups.iter().map(held).sum::<usize>() >= stripes
        }
        Rule::Apart => fills(pvs, rows, stripes),
        Rule::Anywhere => {
            let free: u64 = pvs.iter().map(|usable| usable.free().get()).sum();
            free / rows >= u64::try_from(stripes).expect("stripes are few")
        }
    }
}
