//! Why there is no room for extents, and what would make some, in words.

use crate::alloc::problem::{Problem, Rule, Usable};
use crate::alloc::refusal::{Certificate, Verdict};
use crate::alloc::remedies::{More, Move, Remedy, remedies};
use crate::alloc::{Refusal, Request};
use crate::model::flags::AllocationPolicy;
use crate::model::pv::PvIndex;
use crate::model::vg::Vg;
use crate::ops::guard;
use crate::ops::system::{DeviceId, System};
use crate::units::Extents;
use core::cmp::Reverse;
use std_alloc::collections::BTreeMap;
use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// So many PVs are named one by one.
const NAMED_MAX: usize = 6;

/// Returns the lines that follow a refusal, each behind a newline.
pub(super) fn explain(system: &System, vg: &Vg, request: &Request, refusal: &Refusal) -> String {
    let view = system.vgs.iter().find(|view| view.vg.id == vg.id);
    let devices = view.map(guard::usable_devices).unwrap_or_default();
    let names = Names { system, vg, devices };
    let reason = match &refusal.verdict {
        Verdict::Proved(certificate) => reason(&names, &refusal.problem, certificate),
        Verdict::Undecided { limit } => Some(format!(
            "Whether there is room is not known: {limit} ways to give the legs PVs of their own \
             were tried."
        )),
    };
    let extends = !request.before.is_empty();
    let of_rows = |rows: Extents| rows.get().saturating_mul(request.stripes as u64);
    let policy = |policy: &AllocationPolicy| format!("--alloc {}", policy.as_str());
    let remedy = |remedy: &Remedy| match remedy {
        Remedy::Rows(rows) if extends => format!("-l +{}", of_rows(*rows)),
        Remedy::Rows(rows) => format!("-l {}", of_rows(*rows)),
        Remedy::Stripes(stripes) => format!("-i {stripes}"),
        Remedy::Policy(looser) => policy(looser),
        Remedy::Pvs(pvs) => more(*pvs),
        Remedy::PolicyAndPvs(looser, pvs) => format!("{} with {}", policy(looser), more(*pvs)),
        Remedy::Moves(moves) => {
            let moves: Vec<String> = moves.iter().map(|step| names.step(step)).collect();
            format!("moving {}", moves.join(" and "))
        }
    };
    let found: Vec<String> = remedies(vg, request, refusal).iter().map(remedy).collect();
    let help = match found.as_slice() {
        [] => String::from("No smaller size, fewer stripes or looser policy would do."),
        some => format!("Each of these would do: {}.", some.join("; ")),
    };
    let mut text = String::new();
    for line in reason.iter().chain([&help]) {
        text.extend(["\n", line]);
    }
    text
}

fn more(pvs: More) -> String {
    match pvs.count {
        1 => format!("1 more PV with {}", free(pvs.extents)),
        count => format!("{count} more PVs with {} each", free(pvs.extents)),
    }
}

fn free(extents: Extents) -> String {
    match extents.get() {
        1 => "1 free extent".into(),
        count => format!("{count} free extents"),
    }
}

/// What PVs are called.
struct Names<'a> {
    system: &'a System,
    vg: &'a Vg,
    /// The devices of its PVs, of those that can be used.
    devices: Vec<Option<DeviceId>>,
}

impl Names<'_> {
    fn of(&self, pv: PvIndex) -> &str {
        let device = self.devices.get(pv.get()).copied().flatten();
        let hint = self.vg.pv(pv).device_hint.as_str();
        device.map_or(hint, |id| self.system.device(id).name.as_str())
    }

    fn step(&self, step: &Move) -> String {
        let (from, to) = (self.of(step.from), self.of(step.to));
        let (first, last) = (step.range.start, step.range.end().get() - 1);
        match step.range.extents.get() {
            1 => format!("extent {first} of {from} to {to}"),
            _ => format!("extents {first}-{last} of {from} to {to}"),
        }
    }

    /// Names PVs with a number each, the largest first; of many the first ones.
    fn numbers(&self, pvs: &[(PvIndex, Extents)]) -> String {
        let pvs = pvs.iter().filter(|(_, extents)| !extents.is_zero());
        let mut pvs: Vec<_> = pvs.collect();
        pvs.sort_by_key(|(_, extents)| Reverse(*extents));
        let named = pvs.iter().take(NAMED_MAX);
        let mut named: Vec<String> =
            named.map(|(pv, extents)| format!("{} {extents}", self.of(*pv))).collect();
        match pvs.len() {
            0 => return "none".into(),
            count if count > NAMED_MAX => named.push(format!("{} others", count - NAMED_MAX)),
            _ => {}
        }
        named.join(", ")
    }
}

fn reason(names: &Names<'_>, problem: &Problem, certificate: &Certificate) -> Option<String> {
    let (rows, stripes) = (problem.rows, problem.stripes);
    let numbered = |column: usize| match (problem.legs, stripes) {
        (1, 1) => String::new(),
        (1, _) => format!(" of stripe {}", column + 1),
        (_, 1) => format!(" of leg {}", column + 1),
        _ => format!(" of stripe {} of leg {}", column % stripes + 1, column / stripes + 1),
    };
    let end = |column: usize| match &problem.rule {
        Rule::OnePiece { starts: Some(starts) } => names.of(starts[column].0),
        _ => unreachable!("only extensions in one piece go on where they end"),
    };
    Some(match certificate {
        Certificate::NothingBehind { column, free } => format!(
            "Behind the end{} on {} {free} extents are free, {rows} are needed.",
            numbered(*column),
            end(*column)
        ),
        Certificate::SharedEnd { column, other } => {
            format!("Stripes {} and {} end on one PV.", other + 1, column + 1)
        }
        Certificate::WrongLeg { column } => {
            let pv = end(*column);
            format!("The end{} is on {pv}, which serves another leg.", numbered(*column))
        }
        Certificate::Cover(_) if problem.legs > 1 => of_legs(names, problem),
        Certificate::Cover(_) => return of_one_leg(names, problem),
    })
}

/// What PVs of some kind can give, in words.
fn of_one_leg(names: &Names<'_>, problem: &Problem) -> Option<String> {
    let (rows, stripes) = (problem.rows, problem.stripes);
    Some(match &problem.rule {
        Rule::Anywhere => return None,
        // One stripe is a question of how much is free, which has been said.
        Rule::Apart if stripes == 1 => return None,
        Rule::Apart => {
            let given = |usable: &Usable| (usable.pv, usable.free().min(rows));
            let given: Vec<(PvIndex, Extents)> = problem.pvs.iter().map(given).collect();
            let sum: Extents = given.iter().map(|(_, extents)| *extents).sum();
            format!(
                "Stripes lie on different PVs; for {} these can give: {}. \
                 That is {sum} of {} extents.",
                in_rows(rows),
                names.numbers(&given),
                problem.extents()
            )
        }
        Rule::OnePiece { .. } => {
            let longest: Vec<(PvIndex, Extents)> =
                problem.pvs.iter().map(|usable| (usable.pv, usable.longest())).collect();
            let long = longest.iter().filter(|(_, longest)| *longest >= rows).count();
            let found = match long {
                0 => format!("No PV has {rows} free extents in a row"),
                _ => format!("{long} of {stripes} stripes have {rows} free extents in a row"),
            };
            format!("{found}; the longest runs: {}.", names.numbers(&longest))
        }
        Rule::WithinGroups => {
            let mut groups: BTreeMap<usize, u128> = BTreeMap::new();
            for usable in &problem.pvs {
                let given = u128::from(usable.free().min(rows).get());
                *groups.entry(usable.group).or_default() += given;
            }
            let held: u128 = groups.values().map(|sum| sum / u128::from(rows.get().max(1))).sum();
            let most = groups.values().max().copied().unwrap_or(0);
            format!(
                "Each stripe of {rows} extents keeps to one PV, or to PVs tied to it by tags: \
                 {held} of {stripes} have a place; the most that one can have is {most}."
            )
        }
    })
}

fn of_legs(names: &Names<'_>, problem: &Problem) -> String {
    let (rows, stripes) = (problem.rows, problem.stripes);
    let given = |usable: &Usable| {
        let given = match &problem.rule {
            Rule::OnePiece { .. } => usable.longest(),
            _ => usable.free(),
        };
        (usable.pv, given.min(rows))
    };
    let given: Vec<(PvIndex, Extents)> = problem.pvs.iter().map(given).collect();
    let of_leg = match stripes {
        1 => format!("{rows} extents"),
        _ => format!("{stripes} stripes of {rows} extents"),
    };
    format!(
        "No PV serves two of the {} legs, each of {of_leg}; of these PVs no choice will do: {}.",
        problem.legs,
        names.numbers(&given)
    )
}

fn in_rows(rows: Extents) -> String {
    match rows.get() {
        1 => "1 row".into(),
        count => format!("{count} rows"),
    }
}
