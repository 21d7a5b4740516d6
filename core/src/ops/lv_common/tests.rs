//! Random sequences of operations on LVs keep every invariant; where an LV begins.

use super::{DeviceRun, first_runs};
use crate::model::flags::AllocationPolicy;
use crate::model::lv_table::Run;
use crate::model::vg::Vg;
use crate::name::{LvName, VgName};
use crate::ops::lvresize::Direction;
use crate::ops::resolve::VgTargets;
use crate::ops::system::{DeviceId, System};
use crate::ops::{Change, Stop, lvcreate, lvremove, lvrename, lvresize, samples};
use crate::size::extents::{ExtentsArg, PercentOf};
use crate::size::{Amount, Sign};
use crate::units::{Bytes, ExtentSize, Extents, Le, Sectors};
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use std_alloc::format;
use std_alloc::vec::Vec;

/// One operation, its numbers reduced to what the VG has when it runs.
#[derive(Clone, Debug)]
enum Step {
    Create { amount: Amount, stripes: u32, policy: AllocationPolicy },
    Resize { which: usize, amount: Amount, stripes: Option<u32> },
    Rename(usize),
    Remove(usize),
}

fn amounts() -> impl Strategy<Value = Amount> {
    let sign = prop_oneof![Just(Sign::None), Just(Sign::Plus), Just(Sign::Minus)];
    let percent = prop_oneof![
        Just(None),
        Just(Some(PercentOf::Vg)),
        Just(Some(PercentOf::Free)),
        Just(Some(PercentOf::Pvs)),
        Just(Some(PercentOf::Lv)),
    ];
    (sign, 0_u32..60, percent)
        .prop_map(|(sign, count, percent)| Amount::Extents(ExtentsArg { sign, count, percent }))
}

fn steps() -> impl Strategy<Value = Step> {
    let policy = prop_oneof![
        Just(AllocationPolicy::Contiguous),
        Just(AllocationPolicy::Cling),
        Just(AllocationPolicy::Inherit),
        Just(AllocationPolicy::Anywhere),
    ];
    let create = (amounts(), 1_u32..4, policy).prop_map(|(amount, stripes, policy)| Step::Create {
        amount,
        stripes,
        policy,
    });
    let stripes = proptest::option::of(1_u32..4);
    let resize = (any::<usize>(), amounts(), stripes)
        .prop_map(|(which, amount, stripes)| Step::Resize { which, amount, stripes });
    prop_oneof![
        4 => create,
        4 => resize,
        1 => any::<usize>().prop_map(Step::Rename),
        1 => any::<usize>().prop_map(Step::Remove),
    ]
}

fn vg_name() -> VgName {
    VgName::new("vg").unwrap()
}

fn carry_out(system: &System, step: &Step, number: usize) -> Option<Result<Change, Stop>> {
    let lvs = &system.vgs[0].vg.lvs;
    let ids: Vec<_> = lvs.ids().collect();
    let pick = |which: usize| (!ids.is_empty()).then(|| ids[which % ids.len()]);
    let name = |id| LvName::new(lvs.name(id)).unwrap();
    Some(match step {
        Step::Create { amount, stripes, policy } => {
            let request = lvcreate::Request {
                stripes: Some(*stripes),
                policy: *policy,
                wipe_signatures: Some(false),
                ..lvcreate::Request::new(vg_name(), *amount)
            };
            lvcreate::lvcreate(system, &request)
        }
        Step::Resize { which, amount, stripes } => {
            let request = lvresize::Request {
                vg: vg_name(),
                lv: name(pick(*which)?),
                direction: Direction::Either,
                amount: Some(*amount),
                stripes: *stripes,
                stripe_size: None,
                pvs: Vec::new(),
                policy: None,
                force: true,
                beside: lvresize::Beside::Nothing,
            };
            lvresize::lvresize(system, &request)
        }
        Step::Rename(which) => {
            let request = lvrename::Request {
                vg: vg_name(),
                old: name(pick(*which)?),
                new: LvName::new(&format!("new{number}")).unwrap(),
            };
            lvrename::lvrename(system, &request)
        }
        Step::Remove(which) => {
            let target =
                VgTargets { vg: system.vgs[0].vg.id, lvs: [pick(*which)?].into(), whole: false };
            let request = lvremove::Request { targets: [target].into(), force: false };
            lvremove::lvremove(system, &request)
        }
    })
}

/// Every extent belongs to one LV at most and lies on its PV; LVs have no gaps; rows lie on
/// different PVs unless the policy was *anywhere*.
fn assert_sound(vg: &Vg) {
    let mut runs: Vec<Run> = Vec::new();
    for id in vg.lvs.ids() {
        let lv = vg.lvs.get(id);
        let mut next = Le::ZERO;
        for segment in &lv.segments {
            assert_eq!(segment.start, next, "{} has no gap", lv.name);
            next = segment.end();
            let stripes = segment.areas().len() as u64;
            assert!(segment.extents.get().is_multiple_of(stripes));
        }
        assert_eq!(vg.lvs.extents(id), lv.extents());
        assert!(!lv.extents().is_zero());
    }
    for pv in vg.pv_indices() {
        runs.extend(vg.lvs.runs_on(pv));
        let last = vg.lvs.runs_on(pv).last();
        assert!(last.is_none_or(|run| run.end().get() <= vg.pv(pv).pe_count.get()));
    }
    for pair in runs.windows(2) {
        assert!(pair[0].pv != pair[1].pv || pair[0].end() <= pair[1].start());
    }
    let used: Extents = vg.lvs.ids().map(|id| vg.lvs.extents(id)).sum();
    assert_eq!(used + vg.free_count(), vg.extent_count());
    assert_eq!(vg.lvs.by_name().len(), vg.lvs.len(), "names are unique");
}

proptest! {
    #[test]
    fn sequences_keep_the_invariants(
        counts in proptest::collection::vec(0_u64..20, 1..5),
        steps in proptest::collection::vec(steps(), 1..20),
    ) {
        let mut system = samples::system(samples::vg("vg", &counts));
        for (number, step) in steps.iter().enumerate() {
            let Some(Ok(change)) = carry_out(&system, step, number) else {
                continue;
            };
            let before = system.vgs[0].vg.seqno;
            samples::apply(&mut system, &change);
            let vg = &system.vgs[0].vg;
            assert_eq!(vg.seqno as usize, before as usize + change.stages.len());
            assert_sound(vg);
        }
    }
}

fn runs(extent_size: u64, parts: &[(u64, &[(u32, u64)])], length: u64) -> Vec<(u32, u64, u64)> {
    let mut vg = samples::vg("vg", &[31; 2]);
    vg.extent_size = ExtentSize::new(Sectors::new(extent_size)).unwrap();
    let system = samples::system(vg);
    let found = first_runs(&system.vgs[0], &samples::lv("a", parts), Bytes::new(length));
    let tuple = |run: DeviceRun| {
        let DeviceId(device) = run.device;
        (device, run.offset.get() - (1 << 20), run.length.get())
    };
    found.into_iter().map(tuple).collect()
}

#[test]
fn the_first_bytes_of_an_lv_are_found() {
    let whole = 1 << 22;
    assert_eq!(runs(8192, &[(3, &[(1, 2)])], 4096), [(1, 2 * whole, 4096)]);
    assert_eq!(
        runs(8192, &[(1, &[(1, 2)]), (1, &[(0, 0)])], whole + 512),
        [(1, 2 * whole, whole), (0, 0, 512)]
    );
    // Stripes of 64 KiB.
    assert_eq!(
        runs(8192, &[(2, &[(0, 0), (1, 5)])], 150 << 10),
        [(0, 0, 64 << 10), (1, 5 * whole, 64 << 10), (0, 64 << 10, 22 << 10)]
    );
    // Extents of 1 KiB, pieces that continue one another joined.
    assert_eq!(
        runs(2, &[(1, &[(0, 4)]), (1, &[(0, 5)]), (9, &[(1, 0)])], 4096),
        [(0, 4096, 2048), (1, 0, 2048)]
    );
    // Shorter than asked for.
    assert_eq!(runs(2, &[(1, &[(0, 4)])], 4096), [(0, 4096, 1024)]);
}
