//! Why there is no room for extents, and what would make some, in words.

use crate::alloc::problem::{Problem, Rule};
use crate::alloc::refusal::{Certificate, Remedy, remedies};
use crate::alloc::{Refusal, Request};
use crate::model::pv::PvIndex;
use crate::model::vg::Vg;
use crate::ops::guard;
use crate::ops::system::{DeviceId, System};
use crate::units::Extents;
use core::cmp::Reverse;
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
    let reason = reason(&names, &refusal.problem, &refusal.certificate);
    let extends = !request.before.is_empty();
    let of_rows = |rows: Extents| rows.get().saturating_mul(request.stripes as u64);
    let remedy = |remedy: &Remedy| match remedy {
        Remedy::Rows(rows) if extends => format!("-l +{}", of_rows(*rows)),
        Remedy::Rows(rows) => format!("-l {}", of_rows(*rows)),
        Remedy::Stripes(stripes) => format!("-i {stripes}"),
        Remedy::Policy(policy) => format!("--alloc {}", policy.as_str()),
        Remedy::Pvs { count: 1, extents } => format!("1 more PV with {}", free(*extents)),
        Remedy::Pvs { count, extents } => format!("{count} more PVs with {} each", free(*extents)),
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
    Some(match certificate {
        Certificate::Total(_) => return None,
        // One stripe is a question of how much is free, which has been said.
        Certificate::Rows(_) if stripes == 1 => return None,
        Certificate::Rows(given) => {
            let sum: Extents = given.iter().map(|(_, extents)| *extents).sum();
            format!(
                "Stripes lie on different PVs; for {rows} rows these can give: {}. That is {sum} of {} \
                 extents.",
                names.numbers(given),
                problem.extents()
            )
        }
        Certificate::ShortRuns { long } => {
            let longest: Vec<(PvIndex, Extents)> =
                problem.pvs.iter().map(|usable| (usable.pv, usable.longest())).collect();
            let found = match long.len() {
                0 => format!("No PV has {rows} free extents in a row"),
                count => format!("{count} of {stripes} stripes have {rows} free extents in a row"),
            };
            format!("{found}; the longest runs: {}.", names.numbers(&longest))
        }
        Certificate::NothingBehind { stripe, free } => {
            let pv = match &problem.rule {
                Rule::OnePiece { starts: Some(starts) } => names.of(starts[*stripe].0),
                _ => return None,
            };
            let of_stripe =
                if stripes > 1 { format!(" of stripe {}", stripe + 1) } else { String::new() };
            format!("Behind the end{of_stripe} on {pv} {free} extents are free, {rows} are needed.")
        }
        Certificate::SharedEnd { stripe, other } => {
            format!("Stripes {} and {} end on one PV.", other + 1, stripe + 1)
        }
        Certificate::Groups(groups) => {
            let held: u128 =
                groups.iter().map(|(_, sum)| sum / u128::from(rows.get().max(1))).sum();
            let most = groups.iter().map(|(_, sum)| *sum).max().unwrap_or(0);
            format!(
                "Each stripe of {rows} extents keeps to one PV, or to PVs tied to it by tags: {held} \
                 of {stripes} have a place; the most that one can have is {most}."
            )
        }
    })
}
