//! lvcreate against what LVM2 2.03.16 did with the same VG.

use super::{Kind, Request, lvcreate};
use crate::model::flags::{AllocationPolicy, Permission};
use crate::model::lv::{DeviceNumbers, ReadAhead};
use crate::model::segment::SegmentKind;
use crate::name::{LvName, Tag, VgName};
use crate::ops::samples;
use crate::ops::system::{DeviceId, Signature, System};
use crate::ops::{Change, Level, Message, Stop};
use crate::size::ranges::PvArg;
use crate::size::{Amount, Signs, Unit};
use crate::units::{Bytes, ExtentSize, Sectors};
use std_alloc::string::String;
use std_alloc::vec::Vec;

fn amount(text: &str) -> Amount {
    match text.strip_prefix('L') {
        Some(size) => Amount::Size(crate::size::parse(size, Unit::MiB, Signs::Plus).unwrap()),
        None => Amount::Extents(crate::size::extents::parse(text, Signs::Plus).unwrap()),
    }
}

fn request(name: &str, text: &str) -> Request {
    Request {
        name: Some(LvName::new(name).unwrap()),
        ..Request::new(VgName::new("vg").unwrap(), amount(text))
    }
}

fn with_stripes(stripes: u32, request: Request) -> Request {
    Request { stripes: Some(stripes), ..request }
}

fn pvs(names: &[&str]) -> Vec<PvArg> {
    names.iter().map(|name| PvArg::parse(name)).collect()
}

/// Four PVs of 31 extents, as on the loop devices that the real LVM2 was asked on.
fn system() -> System {
    samples::system(samples::vg("vg", &[31; 4]))
}

fn create(system: &mut System, request: &Request) -> Result<Change, Vec<Message>> {
    let change = samples::run(system, true, |system| lvcreate(system, request))?;
    samples::apply(system, &change);
    Ok(change)
}

fn refusal(system: &mut System, request: &Request) -> String {
    let messages = create(system, request).unwrap_err();
    let errors = messages.iter().filter(|message| message.level == Level::Error);
    errors.map(|message| message.text.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn sizes_are_rounded_up_to_extents_and_rows() {
    let mut system = system();
    for (request, notes, place) in [
        (request("a", "L5m"), &["Rounding up size to full physical extent 8.00 MiB"][..], "2@0:0"),
        (
            with_stripes(2, request("b", "3")),
            &[
                "Using default stripesize 64.00 KiB.",
                "Rounding size 12.00 MiB (3 extents) up to stripe boundary size 16.00 MiB \
                 (4 extents).",
            ][..],
            "4@0:2,1:0",
        ),
        (request("c", "10%VG"), &[][..], "12@0:4"),
        (Request { pvs: pvs(&["/dev/sdd:5-9"]), ..request("d", "50%PVS") }, &[][..], "2@3:5"),
        (
            Request { stripe_size: Some(Sectors::new(16)), ..request("e", "1") },
            &["Ignoring stripesize argument with single stripe."][..],
            "1@0:16",
        ),
        (
            Request {
                stripe_size: Some(Sectors::new(1 << 14)),
                ..with_stripes(2, request("f", "2"))
            },
            &["Reducing requested stripe size 8.00 MiB to maximum, physical extent size 4.00 MiB."]
                [..],
            "2@0:17,1:2",
        ),
    ] {
        let change = create(&mut system, &request).unwrap();
        let name = request.name.unwrap();
        let created = std_alloc::format!("Logical volume \"{name}\" created.");
        assert_eq!(samples::texts(&change.before), notes, "{name}");
        assert_eq!(samples::texts(&change.after), [created.as_str()]);
        assert_eq!(samples::place(&system.vgs[0].vg, name.as_str()), place, "{name}");
    }
    assert_eq!(system.vgs[0].vg.seqno, 7);
}

#[test]
fn percentages_take_what_there_is() {
    let mut system = system();
    let change = create(&mut system, &with_stripes(3, request("a", "100%FREE"))).unwrap();
    assert_eq!(
        samples::texts(&change.before),
        [
            "Using default stripesize 64.00 KiB.",
            "Rounding size (124 extents) down to stripe boundary size (123 extents)",
        ]
    );
    let vg = &system.vgs[0].vg;
    // LVM2 finds 93 here.
    assert_eq!(vg.lvs.extents(vg.lvs.find("a").unwrap()).get(), 123);
    create(&mut system, &request("b", "200%FREE")).unwrap();
    assert!(system.vgs[0].vg.free_count().is_zero());
    for text in ["10%FREE", "10%VG"] {
        let words = "Calculated size of logical volume is 0 extents. Needs to be larger.";
        assert_eq!(refusal(&mut system, &request("c", text)), words, "{text}");
    }
    let words = "Please express size as %FREE, %PVS or %VG.";
    assert_eq!(refusal(&mut system, &request("c", "10%LV")), words);
}

/// A stripe as large as an extent need not be a power of two, as with LVM2; one that is asked for
/// must.
#[test]
fn stripes_are_limited_to_odd_extents() {
    let size = |sectors| Some(Sectors::new(sectors));
    let mut system = system();
    system.vgs[0].vg.extent_size = ExtentSize::new(Sectors::new(768)).unwrap();
    let large = Request { stripe_size: size(1024), ..with_stripes(2, request("a", "4")) };
    create(&mut system, &large).unwrap();
    let vg = &system.vgs[0].vg;
    let lv = vg.lvs.get(vg.lvs.find("a").unwrap());
    let SegmentKind::Striped(striped) = &lv.segments[0].kind else { panic!() };
    assert_eq!(striped.stripe_size, size(768));
    let odd = Request { stripe_size: size(768), ..with_stripes(2, request("b", "4")) };
    assert_eq!(refusal(&mut system, &odd), "Invalid stripe size 384.00 KiB.");
}

/// Of the whole VG there may be more than is free: LVM2 says so for `%VG`, not for `%PVS`.
#[test]
fn a_percentage_beyond_what_is_free_is_told_of_the_vg_only() {
    let note = "Reducing 500%VG to remaining free space 496.00 MiB in VG.";
    for (text, notes) in [("500%VG", &[note][..]), ("500%PVS", &[]), ("500%FREE", &[])] {
        let mut system = system();
        let change = create(&mut system, &request("a", text)).unwrap();
        assert_eq!(samples::texts(&change.before), notes, "{text}");
        assert!(system.vgs[0].vg.free_count().is_zero(), "{text}");
    }
}

#[test]
fn names_are_given_from_the_highest_number_on() {
    let mut system = system();
    let nameless = Request { name: None, ..request("x", "1") };
    let mut made = Vec::new();
    for request in [&nameless, &nameless, &request("lvol5", "1"), &nameless] {
        let change = create(&mut system, request).unwrap();
        made.push(change.after[0].text.clone());
    }
    assert_eq!(
        made,
        ["lvol0", "lvol1", "lvol5", "lvol6"]
            .map(|name| std_alloc::format!("Logical volume \"{name}\" created."))
    );
}

#[test]
fn what_cannot_be_is_refused_in_lvm2s_words() {
    let mut vg = samples::vg("vg", &[31; 4]);
    samples::add(&mut vg, "a", &[(31, &[(0, 0)])]);
    vg.pvs[1].flags.allocatable = false;
    let mut system = samples::system(vg);
    let on = |names: &[&str]| Request { pvs: pvs(names), ..request("b", "1") };
    let sized = |sectors| Request {
        stripe_size: Some(Sectors::new(sectors)),
        ..with_stripes(2, request("b", "2"))
    };
    let long = "x".repeat(123);
    for (request, words) in [
        (request("a", "1"), "Logical Volume \"a\" already exists in volume group \"vg\""),
        (
            request("pvmove7", "1"),
            "Names starting \"pvmove\" are reserved. Please choose a different LV name.",
        ),
        (
            request("x_tdata", "1"),
            "Names including \"_tdata\" are reserved. Please choose a different LV name.",
        ),
        (
            request(&long, "1"),
            &std_alloc::format!(
                "Logical volume name \"{long}\" may not exceed 122 characters in volume group vg."
            ),
        ),
        (request("b", "0"), "--extents may not be zero."),
        (request("b", "L0"), "--size may not be zero."),
        (
            request("b", "94"),
            "Volume group \"vg\" has insufficient free space (93 extents): 94 required.\n\
             Each of these would do: -l 62; 1 more PV with 32 free extents.",
        ),
        (
            request("b", "63"),
            "Insufficient free space: 63 extents needed, but only 62 available\n\
             Each of these would do: -l 62; 1 more PV with 1 free extent.",
        ),
        (
            request("b", "4294967296"),
            "Volume group \"vg\" has insufficient free space (93 extents): 4294967295 required.\n\
             Each of these would do: -l 62; 1 more PV with 4294967233 free extents.",
        ),
        (
            request("b", "L1e"),
            "Volume too large (1.00 EiB) for extent size 4.00 MiB. Upper limit is less than \
             <16.00 PiB.",
        ),
        (with_stripes(0, request("b", "1")), "--stripes may not be zero."),
        (
            with_stripes(129, request("b", "1")),
            "Number of stripes (129) must be between 1 and 128.",
        ),
        (
            with_stripes(5, request("b", "1")),
            "Number of stripes (5) must not exceed number of physical volumes (4)",
        ),
        (
            with_stripes(3, request("b", "3")),
            "Insufficient suitable allocatable extents for logical volume b: 3 more required\n\
             Stripes lie on different PVs; for 1 row these can give: /dev/sdc 1, /dev/sdd 1. That \
             is 2 of 3 extents.\n\
             Each of these would do: -i 2; --alloc anywhere; moving extent 0 of /dev/sda to \
             /dev/sdc; 1 more PV with 1 free extent.",
        ),
        (sized(10), "Invalid stripe size 5.00 KiB."),
        (sized(2), "Invalid stripe size 1.00 KiB."),
        (sized(0), "--stripesize may not be zero."),
        (on(&["/dev/nosuch"]), "Physical Volume \"/dev/nosuch\" not found in Volume Group \"vg\"."),
        (on(&["/dev/sda"]), "No specified PVs have space available."),
        (on(&["/dev/sdb"]), "No specified PVs have space available."),
        (on(&["@nosuch"]), "No specified PVs have space available."),
        (on(&["/dev/sdc:"]), "Physical extent parsing error at ."),
        (on(&["/dev/sdc:31"]), "PE range error: start extent 31 to end extent 31."),
        (on(&["/dev/sdc:0-4:2-6"]), "Overlapping PE ranges specified (2-6, 0-4) on /dev/sdc."),
        (
            Request { policy: AllocationPolicy::Contiguous, ..request("b", "40") },
            "Insufficient suitable contiguous allocatable extents for logical volume b: \
             40 more required\n\
             No PV has 40 free extents in a row; the longest runs: /dev/sdc 31, /dev/sdd 31.\n\
             Each of these would do: -l 31; --alloc normal; 1 more PV with 40 free extents.",
        ),
        (
            Request { numbers: Some(DeviceNumbers::default()), ..request("b", "1") },
            "Please specify minor number with --minor when using -My.",
        ),
        (
            Request { vg: VgName::new("nosuch").unwrap(), ..request("b", "1") },
            "Volume group \"nosuch\" not found\nCannot process volume group nosuch",
        ),
    ] {
        assert_eq!(refusal(&mut system, &request), words);
    }
    assert_eq!(system.vgs[0].vg.seqno, 1);
}

#[test]
fn usage_errors_are_told_from_failures() {
    let system = system();
    let usage = |request: &Request| match lvcreate(&system, request) {
        Err(Stop::Refused(refused)) => refused.refusal.is_usage(),
        other => panic!("{other:?}"),
    };
    assert!(usage(&request("b", "0")));
    assert!(usage(&request("pvmove0", "1")));
    assert!(usage(&with_stripes(129, request("b", "1"))));
    assert!(!usage(&request("b", "999")));
    assert!(!usage(&with_stripes(5, request("b", "1"))));
}

#[test]
fn the_number_of_lvs_may_be_limited() {
    let mut vg = samples::vg("vg", &[31]);
    vg.max_lv = 1;
    samples::add(&mut vg, "a", &[(1, &[(0, 0)])]);
    let mut system = samples::system(vg);
    let words = "Maximum number of logical volumes (1) reached in volume group vg";
    assert_eq!(refusal(&mut system, &request("b", "1")), words);
}

#[test]
fn attributes_are_those_asked_for() {
    let mut system = system();
    system.host.time = 1_700_000_000;
    system.host.node_name = "host".into();
    let tag = |text| Tag::new(text).unwrap();
    let change = create(
        &mut system,
        &Request {
            policy: AllocationPolicy::Cling,
            read_only: true,
            tags: [tag("t"), tag("u"), tag("t")].into(),
            read_ahead: ReadAhead::Sectors(Sectors::new(9)),
            numbers: Some(DeviceNumbers { major: Some(253), minor: Some(7) }),
            activation_skip: true,
            no_auto_activate: true,
            profile: Some("p".into()),
            ..request("a", "1")
        },
    )
    .unwrap();
    assert_eq!(
        samples::texts(&change.before),
        [
            "WARNING: Ignoring supplied major number 253 - kernel assigns major numbers \
             dynamically. Using major number 0 instead.",
            "WARNING: Overriding readahead to 8 sectors, a multiple of 4K page size.",
        ]
    );
    // What is read-only is there for its content.
    assert!(change.stages[0].init.is_empty());
    let vg = &system.vgs[0].vg;
    let lv = vg.lvs.get(vg.lvs.find("a").unwrap());
    assert_eq!(lv.permission, Permission::ReadOnly);
    assert_eq!(lv.policy, AllocationPolicy::Cling);
    assert_eq!(lv.tags, [tag("t"), tag("u")]);
    assert_eq!(lv.read_ahead, ReadAhead::Sectors(Sectors::new(8)));
    assert_eq!(lv.numbers.major, Some(0));
    assert_eq!(lv.numbers.minor, Some(7));
    let flags = lv.flags;
    assert!(flags.visible && flags.fixed_minor && flags.activation_skip && flags.no_auto_activate);
    let creation = lv.creation.as_ref().unwrap();
    assert_eq!((creation.time, creation.host.as_str()), (1_700_000_000, "host"));
    assert_eq!(lv.profile.as_deref(), Some("p"));
}

#[test]
fn error_and_zero_need_no_room() {
    let mut system = system();
    for kind in [Kind::Error, Kind::Zero] {
        let name = if kind == Kind::Error { "e" } else { "z" };
        let request = Request { kind, ..request(name, "500") };
        let change = create(&mut system, &request).unwrap();
        assert!(change.stages[0].init.is_empty());
    }
    assert_eq!(system.vgs[0].vg.free_count().get(), 124);
}

#[test]
fn the_start_is_zeroed_and_signatures_are_wiped_after_a_question() {
    let mut system = system();
    let request = request("a", "2");
    let Err(Stop::Probe(probe)) = lvcreate(&system, &request) else {
        panic!("signatures are looked for");
    };
    assert_eq!(probe.device, DeviceId(0));
    assert_eq!(probe.runs, [(Bytes::new(1 << 20), Bytes::new(8 << 20))]);
    let signature = Signature {
        kind: "ext4".into(),
        offset: Bytes::new(5176),
        length: Bytes::new(2),
        partition_table: false,
    };
    system.probed.insert(probe, [signature].into());
    let Err(Stop::Ask(question)) = lvcreate(&system, &request) else {
        panic!("it is asked");
    };
    assert_eq!(
        question.prompt,
        "WARNING: ext4 signature detected on /dev/vg/a at offset 5176. Wipe it?"
    );
    system.answers.insert(question.clone(), false);
    let Err(Stop::Refused(refused)) = lvcreate(&system, &request) else {
        panic!("without wiping there is no LV");
    };
    assert_eq!(samples::texts(&refused.messages())[0], "Aborted wiping of ext4.");
    system.answers.insert(question, true);
    let change = lvcreate(&system, &request).unwrap();
    let wiped: Vec<(u64, u64)> = change.stages[0]
        .init
        .iter()
        .map(|init| (init.offset.get() - (1 << 20), init.length.get()))
        .collect();
    assert_eq!(wiped, [(5120, 512), (0, 4096)]);
    let kept = Request { zero: Some(false), ..request };
    assert!(lvcreate(&system, &kept).unwrap().stages[0].init.is_empty());
}

#[test]
fn extents_below_4_kib_are_zeroed_piece_by_piece() {
    let mut vg = samples::vg("vg", &[31, 31]);
    vg.extent_size = crate::units::ExtentSize::new(Sectors::new(2)).unwrap();
    samples::add(&mut vg, "x", &[(29, &[(0, 2)])]);
    let mut system = samples::system(vg);
    let change = create(&mut system, &request("a", "33")).unwrap();
    assert_eq!(samples::place(&system.vgs[0].vg, "a"), "31@1:0 2@0:0");
    let init = &change.stages[0].init;
    assert_eq!(init.len(), 1);
    assert_eq!(init[0].device, DeviceId(1));
    let request = Request { zero: None, ..request("b", "1") };
    assert!(create(&mut system, &request).is_err());
}
