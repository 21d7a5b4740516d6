//! Each reason against the plainest meaning of its words, on random VGs.

use super::{Reason, is_tight, reasons};
use crate::model::flags::AllocationPolicy;
use crate::model::pv::PvIndex;
use crate::model::segment::{Area, Segment};
use crate::model::vg::Vg;
use crate::name::{LvName, VgName};
use crate::ops::allocated::{Allocated, NewPiece};
use crate::ops::lvcreate::{self, lvcreate};
use crate::ops::lvresize::{self, lvresize};
use crate::ops::system::System;
use crate::ops::{Change, Stop, samples};
use crate::size::extents::{ExtentsArg, PercentOf};
use crate::size::{Amount, Sign};
use crate::units::Pe;
use proptest::collection::vec;
use proptest::sample::select;
use proptest::test_runner::Config as ProptestConfig;
use proptest::{prop_assert, prop_assume, proptest};
use std_alloc::vec::Vec;

const COUNT: u64 = 12;

/// Free extents, by PV.
type Free = Vec<Vec<bool>>;

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

fn longest(free: &[bool]) -> usize {
    free.split(|free| !free).map(<[bool]>::len).max().unwrap_or(0)
}

/// Returns how many extents are free from a place on.
fn from(free: &[bool], pe: Pe) -> usize {
    free[index(pe.get())..].iter().take_while(|free| **free).count()
}

/// Makes a VG whose PVs have holes: `a` is an LV, `h` has the extents that are not free.
fn vg(taken: &[Vec<bool>], own: &[usize]) -> Vg {
    let mut vg = samples::vg("vg", &std_alloc::vec![COUNT; taken.len()]);
    let mut places = Vec::new();
    for (pv, taken) in (0_u32..).zip(taken) {
        let places_here = (0..).zip(taken).filter(|(_, taken)| **taken);
        places.extend(places_here.map(|(pe, _)| (pv, pe)));
    }
    let mut own: Vec<usize> = own.iter().map(|place| place % places.len().max(1)).collect();
    own.sort_unstable();
    own.dedup();
    let part = |place: &(u32, u64)| (1, [*place]);
    let add = |vg: &mut Vg, name, parts: Vec<(u64, [(u32, u64); 1])>| {
        let parts: Vec<(u64, &[(u32, u64)])> =
            parts.iter().map(|(length, areas)| (*length, areas.as_slice())).collect();
        if !parts.is_empty() {
            samples::add(vg, name, &parts);
        }
    };
    let is_own = |place: &usize| own.contains(place) && !places.is_empty();
    let (ours, others): (Vec<usize>, Vec<usize>) = (0..places.len()).partition(is_own);
    add(&mut vg, "a", ours.iter().map(|place| part(&places[*place])).collect());
    add(&mut vg, "h", others.iter().map(|place| part(&places[*place])).collect());
    vg
}

fn is_on(segments: &[Segment], pv: PvIndex) -> bool {
    let mut areas = segments.iter().flat_map(Segment::areas);
    areas.any(|area| matches!(area, Area::Pv { pv: found, .. } if *found == pv))
}

/// What there is to compare a reason with.
struct Case<'a> {
    policy: AllocationPolicy,
    before: &'a [Segment],
    pieces: &'a [NewPiece],
    free: Free,
}

impl Case<'_> {
    /// Returns whether a reason is true.
    fn holds(&self, number: usize, stripe: usize, reason: &Reason) -> bool {
        let piece = &self.pieces[number];
        let (pv, pe) = piece.areas[stripe];
        let free = &self.free[pv.get()];
        let earlier = &piece.areas[..stripe];
        let anywhere = self.policy == AllocationPolicy::Anywhere;
        let is_open = |other: usize| anywhere || earlier.iter().all(|(pv, _)| pv.get() != other);
        let open: Vec<usize> = (0..self.free.len()).filter(|other| is_open(*other)).collect();
        let others = || open.iter().filter(|other| **other != pv.get());
        let before = || open.iter().filter(|other| **other < pv.get());
        let on = |other: &usize| longest(&self.free[*other]);
        let begins = index(pe.get()) == 0 || !free[index(pe.get()) - 1];
        let ends_at = |segments: &[Segment]| {
            let last = segments.last().unwrap();
            matches!(&last.areas()[stripe], Area::Pv { pv: found, start }
                if *found == pv && start.after(last.area_extents()) == pe)
        };
        match reason {
            Reason::ContinuesLast => number == 0 && ends_at(self.before),
            Reason::ContinuesPiece => {
                let last = &self.pieces[number - 1];
                last.areas[stripe] == (pv, Pe::new(pe.get() - last.rows.get()))
            }
            Reason::OnPvOfLv => is_on(self.before, pv),
            Reason::SharesTag(..) => false,
            Reason::OnPvOfPiece => {
                let mut pieces = self.pieces[..number].iter().flat_map(|piece| &piece.areas);
                pieces.any(|(found, _)| *found == pv)
            }
            Reason::OnlyPv => others().all(|other| on(other) == 0),
            Reason::FirstWithAll(rows) => {
                let rows = index(rows.get());
                from(free, pe) >= rows && before().all(|other| on(other) < rows)
            }
            Reason::Longest { run, equals } => {
                let run = index(run.get());
                begins
                    && from(free, pe) == run
                    && others().all(|other| on(other) <= run)
                    && before().all(|other| on(other) < run)
                    && *equals == others().any(|other| on(other) == run)
            }
            Reason::Apart => {
                piece.areas.iter().filter(|(found, _)| *found == pv).count() == 1
                    && piece.areas.len() > 1
            }
            Reason::Free => true,
        }
    }

    fn take(&mut self, number: usize) {
        let piece = &self.pieces[number];
        for (pv, pe) in &piece.areas {
            for row in 0..piece.rows.get() {
                let free = &mut self.free[pv.get()][index(pe.get() + row)];
                assert!(*free, "what is taken is free");
                *free = false;
            }
        }
    }
}

fn attempt(
    system: &System,
    extended: bool,
    stripes: u32,
    policy: AllocationPolicy,
    amount: ExtentsArg,
) -> Result<Change, Stop> {
    let (vg, amount) = (VgName::new("vg").unwrap(), Amount::Extents(amount));
    if extended {
        let request = lvresize::Request {
            vg,
            lv: LvName::new("a").unwrap(),
            direction: lvresize::Direction::Extend,
            amount: Some(amount),
            stripes: Some(stripes),
            stripe_size: None,
            pvs: Vec::new(),
            policy: Some(policy),
            force: true,
            beside: lvresize::Beside::Nothing,
        };
        return lvresize(system, &request);
    }
    let request = lvcreate::Request {
        name: Some(LvName::new("n").unwrap()),
        stripes: Some(stripes),
        policy,
        zero: Some(false),
        wipe_signatures: Some(false),
        ..lvcreate::Request::new(vg, amount)
    };
    lvcreate(system, &request)
}

fn allocated(change: &Change) -> Option<(&Allocated, Vec<NewPiece>)> {
    let allocated = change.allocated.first()?;
    let vg = samples::written(change);
    let lv = vg.lvs.get(vg.lvs.find(allocated.lv.as_str()).unwrap());
    let pieces = allocated.pieces(&lv);
    let new: u64 = pieces.iter().map(|piece| piece.extents().get()).sum();
    assert_eq!(new, lv.extents().get() - allocated.before.get());
    Some((allocated, pieces))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        max_global_rejects: 20_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn reasons_are_true(
        taken in vec(vec(proptest::bool::weighted(0.35), index(COUNT)), 1..5),
        own in vec(0_usize..40, 1..4),
        extended: bool,
        stripes in 1_u32..4,
        percent in select(&[30_u32, 70, 100][..]),
        policy in select(&[
            AllocationPolicy::Contiguous,
            AllocationPolicy::Cling,
            AllocationPolicy::Normal,
            AllocationPolicy::Anywhere,
        ][..]),
    ) {
        let system = samples::system(vg(&taken, &own));
        let vg = &system.vgs[0].vg;
        let sign = if extended { Sign::Plus } else { Sign::None };
        let share = ExtentsArg { sign, count: percent, percent: Some(PercentOf::Free) };
        let change = attempt(&system, extended, stripes, policy, share);
        prop_assume!(change.is_ok());
        let change = change.unwrap();
        let found = allocated(&change);
        prop_assume!(found.is_some());
        let (allocated, pieces) = found.unwrap();
        let before = match vg.lvs.find("a").filter(|_| extended) {
            Some(id) => vg.lvs.segments(id).into_owned(),
            None => Vec::new(),
        };
        let free = taken.iter().map(|taken| taken.iter().map(|taken| !taken).collect()).collect();
        let mut case = Case { policy, before: &before, pieces: &pieces, free };
        let told = reasons(vg, &before, allocated, &pieces);
        for (number, told) in told.iter().enumerate() {
            for (stripe, reason) in told.iter().enumerate() {
                prop_assert!(
                    case.holds(number, stripe, reason),
                    "{:?} of stripe {} in {:?}: {:?}", reason, stripe, pieces, case.free
                );
            }
            prop_assert!(told.len() == pieces[number].areas.len());
            case.take(number);
        }
        let rows = pieces.iter().map(|piece| piece.rows).sum();
        if is_tight(vg, allocated, rows, index(stripes.into())) {
            let count = u32::try_from(rows.get()).unwrap() * stripes;
            let exactly = ExtentsArg { sign, count, percent: None };
            prop_assert!(attempt(&system, extended, stripes, policy, exactly).is_ok());
            for (pv, free) in (0_u32..).zip(&taken) {
                let free: Vec<u64> =
                    (0..).zip(free).filter(|(_, taken)| !**taken).map(|(pe, _)| pe).collect();
                if free.is_empty() || (free.len() as u64 >= rows.get() && stripes > 1) {
                    continue;
                }
                let mut vg = vg.clone();
                samples::add(&mut vg, "one", &[(1, &[(pv, free[0])])]);
                let less = samples::system(vg);
                prop_assert!(attempt(&less, extended, stripes, policy, exactly).is_err());
            }
        }
    }
}
