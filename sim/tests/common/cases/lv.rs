//! Operations on LVs.

use super::{Case, amount, create_lv, lv, tag};
use crate::common::{done, name};
use extant_core::ops::resolve::{VgTargets, resolve};
use extant_core::ops::system::System;
use extant_core::ops::{lvchange, lvcreate, lvremove, lvrename, lvresize};
use extant_core::size::path::Target;

pub(super) fn cases() -> Vec<Case> {
    use lvresize::Direction;
    vec![
        Case::new("lvcreate", |system| lvcreate::lvcreate(system, &create_lv("v", "n", "4"))),
        Case::new("lvcreate -i2", |system| {
            let mut request = create_lv("v", "n", "4");
            request.stripes = Some(2);
            lvcreate::lvcreate(system, &request)
        }),
        resize("lvextend", Direction::Extend, "+12", None),
        resize("lvextend -i2", Direction::Extend, "+4", Some(2)),
        resize("lvreduce", Direction::Reduce, "-1", None),
        resize("lvresize", Direction::Either, "7", None),
        Case::new("lvrename", |system| {
            let request = lvrename::Request { vg: name("v"), old: lv("a"), new: lv("z") };
            lvrename::lvrename(system, &request)
        }),
        remove("lvremove", &["v/a"]),
        remove("lvremove of several in two VGs", &["v/a", "v/b", "w/c"]),
        Case::new("lvchange --addtag", |system| {
            let request = lvchange::Request {
                targets: targets(system, &["v/b"]),
                tags_added: vec![tag("t")],
                ..lvchange::Request::default()
            };
            lvchange::lvchange(system, &request)
        }),
        Case::new("lvchange -p of LVs in two VGs", |system| {
            let request = lvchange::Request {
                targets: targets(system, &["v/a", "w/c"]),
                read_only: Some(true),
                ..lvchange::Request::default()
            };
            lvchange::lvchange(system, &request)
        }),
        remove("lvremove in a VG of which a PV is missing", &["v/a"])
            .after(|machine| super::replace(machine, 1)),
        Case::new("lvcreate in an empty VG", |system| {
            lvcreate::lvcreate(system, &create_lv("w", "n", "4"))
        })
        .after(|machine| {
            done(machine, |system| {
                let targets = targets(system, &["w/c"]);
                lvremove::lvremove(system, &lvremove::Request { targets, force: true })
            });
        }),
    ]
}

fn targets(system: &System, paths: &[&str]) -> Vec<VgTargets> {
    let target = |path: &&str| {
        let (vg, lv) = path.split_once('/').unwrap();
        Target::Lv { vg: name(vg), lv: lv.into() }
    };
    resolve(system, &paths.iter().map(target).collect::<Vec<_>>()).targets
}

fn remove(name: &'static str, paths: &'static [&'static str]) -> Case {
    Case::new(name, |system| {
        let targets = targets(system, paths);
        lvremove::lvremove(system, &lvremove::Request { targets, force: true })
    })
}

fn resize(
    name: &'static str,
    direction: lvresize::Direction,
    to: &'static str,
    stripes: Option<u32>,
) -> Case {
    let request = lvresize::Request {
        vg: crate::common::name("v"),
        lv: lv("a"),
        direction,
        amount: Some(amount(to)),
        stripes,
        stripe_size: None,
        pvs: vec![],
        policy: None,
        force: true,
        beside: lvresize::Beside::Nothing,
    };
    Case::new(name, move |system| lvresize::lvresize(system, &request))
}
