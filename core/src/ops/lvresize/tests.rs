//! lvextend, lvreduce and lvresize against what LVM2 2.03.16 did with the same VG.

use super::{Beside, Direction, Request, lvresize};
use crate::model::flags::AllocationPolicy;
use crate::name::{LvName, VgName};
use crate::ops::samples;
use crate::ops::system::System;
use crate::ops::{Change, Level, Message};
use crate::size::ranges::PvArg;
use crate::size::{Amount, Signs, Unit};
use crate::units::{ExtentSize, Sectors};
use std_alloc::string::String;
use std_alloc::vec::Vec;

fn amount(text: &str) -> Amount {
    match text.strip_prefix('L') {
        Some(size) => Amount::Size(crate::size::parse(size, Unit::MiB, Signs::Both).unwrap()),
        None => Amount::Extents(crate::size::extents::parse(text, Signs::Both).unwrap()),
    }
}

fn request(direction: Direction, text: &str) -> Request {
    Request {
        vg: VgName::new("vg").unwrap(),
        lv: LvName::new("a").unwrap(),
        direction,
        amount: Some(amount(text)),
        stripes: None,
        stripe_size: None,
        pvs: Vec::new(),
        policy: None,
        force: true,
        beside: Beside::Nothing,
    }
}

fn extend(text: &str) -> Request {
    request(Direction::Extend, text)
}

fn reduce(text: &str) -> Request {
    request(Direction::Reduce, text)
}

fn resize(system: &mut System, request: &Request) -> Result<Change, Vec<Message>> {
    let change = samples::run(system, false, |system| lvresize(system, request))?;
    samples::apply(system, &change);
    Ok(change)
}

fn refusal(system: &mut System, request: &Request) -> String {
    let messages = resize(system, request).unwrap_err();
    let errors = messages.iter().filter(|message| message.level == Level::Error);
    errors.map(|message| message.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// Four PVs of 31 extents and an LV on the first.
fn system(extents: u64) -> System {
    let mut vg = samples::vg("vg", &[31; 4]);
    samples::add(&mut vg, "a", &[(extents, &[(0, 0)])]);
    samples::system(vg)
}

/// A row of the captures: what was asked, what was told, where the LV then lay.
#[test]
fn lengths_change_as_lvm2_changes_them() {
    let mut system = system(10);
    let done = "Logical volume vg/a successfully resized.";
    for (request, notes, place) in [
        (
            extend("+5"),
            &["Size of logical volume vg/a changed from 40.00 MiB (10 extents) to 60.00 MiB \
               (15 extents)."][..],
            "15@0:0",
        ),
        (
            extend("L61m"),
            &[
                "Rounding size to boundary between physical extents: 64.00 MiB.",
                "Size of logical volume vg/a changed from 60.00 MiB (15 extents) to 64.00 MiB \
                 (16 extents).",
            ],
            "16@0:0",
        ),
        (
            extend("L+1m"),
            &[
                "Rounding size to boundary between physical extents: 4.00 MiB.",
                "Size of logical volume vg/a changed from 64.00 MiB (16 extents) to 68.00 MiB \
                 (17 extents).",
            ],
            "17@0:0",
        ),
        (
            reduce("L5m"),
            &[
                "Rounding size to boundary between physical extents: 8.00 MiB.",
                "Size of logical volume vg/a changed from 68.00 MiB (17 extents) to 8.00 MiB \
                 (2 extents).",
            ],
            "2@0:0",
        ),
        (
            extend("99%VG"),
            &["Size of logical volume vg/a changed from 8.00 MiB (2 extents) to 492.00 MiB \
               (123 extents)."],
            "31@0:0 31@1:0 31@2:0 30@3:0",
        ),
        (
            reduce("50%VG"),
            &["Size of logical volume vg/a changed from 492.00 MiB (123 extents) to 248.00 MiB \
               (62 extents)."],
            "31@0:0 31@1:0",
        ),
        (
            reduce("10%LV"),
            &["Size of logical volume vg/a changed from 248.00 MiB (62 extents) to 28.00 MiB \
               (7 extents)."],
            "7@0:0",
        ),
        (
            Request { stripes: Some(2), ..extend("+4") },
            &[
                "Using default stripesize 64.00 KiB",
                "Size of logical volume vg/a changed from 28.00 MiB (7 extents) to 44.00 MiB \
                 (11 extents).",
            ],
            "7@0:0 4@0:7,1:0",
        ),
        (
            Request { stripes: Some(3), stripe_size: Some(Sectors::new(8)), ..extend("+4") },
            &[
                "Rounding size (15 extents) up to stripe boundary size for segment (17 extents).",
                "Size of logical volume vg/a changed from 44.00 MiB (11 extents) to 68.00 MiB \
                 (17 extents).",
            ],
            "7@0:0 4@0:7,1:0 6@0:9,1:2,2:0",
        ),
        (
            Request { stripes: Some(1), stripe_size: Some(Sectors::new(16)), ..extend("+1") },
            &["Size of logical volume vg/a changed from 68.00 MiB (17 extents) to 72.00 MiB \
               (18 extents)."],
            "7@0:0 4@0:7,1:0 6@0:9,1:2,2:0 1@0:11",
        ),
        (
            reduce("-3"),
            &[
                "Rounding size (15 extents) up to stripe boundary size for segment (17 extents).",
                "Size of logical volume vg/a changed from 72.00 MiB (18 extents) to 68.00 MiB \
                 (17 extents).",
            ],
            "7@0:0 4@0:7,1:0 6@0:9,1:2,2:0",
        ),
    ] {
        let change = resize(&mut system, &request).unwrap();
        assert_eq!(samples::texts(&change.before), notes);
        assert_eq!(samples::texts(&change.after), [done]);
        assert_eq!(samples::place(&system.vgs[0].vg, "a"), place);
    }
    assert_eq!(system.vgs[0].vg.seqno, 12);
}

#[test]
fn what_cannot_be_is_refused_in_lvm2s_words() {
    let mut system = system(10);
    let nosuch = Request { lv: LvName::new("nosuch").unwrap(), ..extend("+1") };
    for (request, words) in [
        (extend("10"), "New size (10 extents) matches existing size (10 extents)."),
        (extend("5"), "New size given (5 extents) not larger than existing size (10 extents)"),
        (reduce("11"), "New size given (11 extents) not less than existing size (10 extents)"),
        (reduce("-10"), "Unable to reduce vg/a below 1 extent."),
        (reduce("-11"), "Unable to reduce vg/a below 1 extent."),
        (reduce("-1%LV"), "New size (10 extents) matches existing size (10 extents)."),
        (extend("0"), "--extents may not be zero."),
        (extend("L+0"), "--size may not be zero."),
        (
            extend("+115"),
            "Insufficient free space: 115 extents needed, but only 114 available\n\
             Each of these would do: -l +114; 1 more PV with 1 free extent.",
        ),
        (
            extend("+200%VG"),
            "Insufficient free space: 248 extents needed, but only 114 available\n\
             Each of these would do: -l +114; 1 more PV with 134 free extents.",
        ),
        (
            extend("L+10p"),
            "Insufficient free space: 2684354560 extents needed, but only 114 available\n\
             Each of these would do: -l +114; 1 more PV with 2684354446 free extents.",
        ),
        (
            extend("4294967295"),
            "Unable to extend vg/a by 4294967285 logical extents: exceeds limit (4294967295).",
        ),
        (
            extend("+4294967294"),
            "Unable to extend vg/a by 4294967294 logical extents: exceeds limit (4294967295).",
        ),
        (extend("+10%ORIGIN"), "Specified LV does not have an origin LV."),
        (nosuch, "Logical volume nosuch not found in volume group vg."),
        (
            Request { policy: Some(AllocationPolicy::Contiguous), ..extend("+22") },
            "Insufficient suitable contiguous allocatable extents for logical volume a: \
             22 more required\n\
             Behind the end on /dev/sda 21 extents are free, 22 are needed.\n\
             Each of these would do: -l +21; --alloc normal.",
        ),
        (
            Request { stripes: Some(2), stripe_size: Some(Sectors::new(6)), ..extend("+2") },
            "Stripe size must be power of 2.",
        ),
        (
            Request { pvs: [PvArg::parse("/dev/nosuch")].into(), ..extend("+1") },
            "Physical Volume \"/dev/nosuch\" not found in Volume Group \"vg\".",
        ),
    ] {
        assert_eq!(refusal(&mut system, &request), words);
    }
    assert_eq!(system.vgs[0].vg.seqno, 1);
}

/// A stripe size that is asked for must be a power of two also when it is limited to the extent
/// size.
#[test]
fn a_stripe_size_is_checked_after_it_was_limited() {
    let mut system = system(2);
    system.vgs[0].vg.extent_size = ExtentSize::new(Sectors::new(6144)).unwrap();
    let stripe_size = Some(Sectors::new(8192));
    let large = Request { stripes: Some(2), stripe_size, ..extend("+2") };
    assert_eq!(refusal(&mut system, &large), "Stripe size must be power of 2.");
}

#[test]
fn different_stripes_need_options() {
    let mut vg = samples::vg("vg", &[31; 4]);
    samples::add(&mut vg, "a", &[(5, &[(0, 0)]), (2, &[(0, 5), (1, 0)])]);
    let mut system = samples::system(vg);
    let unclear = "Please specify number of stripes (-i) and stripesize (-I)";
    assert_eq!(refusal(&mut system, &extend("+2")), unclear);
    let sized = Request { stripe_size: Some(Sectors::new(16)), ..extend("+1") };
    assert_eq!(refusal(&mut system, &sized), unclear);
    let three = Request { stripes: Some(3), ..extend("+1") };
    let change = resize(&mut system, &three).unwrap();
    assert_eq!(change.before[0].text, "Using stripesize of last segment 64.00 KiB");
    assert_eq!(samples::place(&system.vgs[0].vg, "a"), "5@0:0 2@0:5,1:0 3@0:6,1:1,2:0");
}

#[test]
fn all_that_is_free_on_the_pvs_given_is_the_default() {
    let mut system = system(5);
    let on = |pv: &str| Request { amount: None, pvs: [PvArg::parse(pv)].into(), ..extend("+1") };
    resize(&mut system, &on("/dev/sda")).unwrap();
    resize(&mut system, &on("/dev/sdd:0-9")).unwrap();
    assert_eq!(samples::place(&system.vgs[0].vg, "a"), "31@0:0 10@3:0");
    assert_eq!(
        refusal(&mut system, &on("/dev/sdd:0-9")),
        "New size (41 extents) matches existing size (41 extents)."
    );
    assert_eq!(refusal(&mut system, &on("/dev/sda")), "No specified PVs have space available.");
}

#[test]
fn percentages_take_what_fits() {
    let mut vg = samples::vg("vg", &[31; 4]);
    samples::add(&mut vg, "a", &[(3, &[(0, 0), (1, 0), (2, 0)])]);
    let mut system = samples::system(vg);
    let change = resize(&mut system, &extend("+100%FREE")).unwrap();
    assert_eq!(
        samples::texts(&change.before),
        [
            "Using stripesize of last segment 64.00 KiB",
            "Rounding size (124 extents) down to stripe boundary size for segment (123 extents)",
            "Size of logical volume vg/a changed from 12.00 MiB (3 extents) to 492.00 MiB \
             (123 extents).",
        ]
    );
    let one = Request { stripes: Some(1), ..extend("+100%FREE") };
    resize(&mut system, &one).unwrap();
    assert!(system.vgs[0].vg.free_count().is_zero());
}

#[test]
fn a_reduction_is_asked_for() {
    let mut system = system(10);
    let gentle = Request { force: false, ..reduce("-5") };
    assert_eq!(refusal(&mut system, &gentle), "Logical volume vg/a NOT reduced.");
    let question = system.answers.keys().next().unwrap();
    assert!(question.prompt.ends_with("Do you really want to reduce vg/a?"));
    assert!(question.prompt.contains("THIS MAY DESTROY YOUR DATA"));
    system.answers.clear();
    let change = samples::run(&mut system, true, |system| lvresize(system, &gentle)).unwrap();
    assert_eq!(samples::place(samples::written(&change), "a"), "5@0:0");
}
