use super::{ProfileChange, Request, vgchange};
use crate::model::flags::AllocationPolicy;
use crate::name::Tag;
use crate::ops::Stop;
use crate::ops::lab::{Lab, name};
use crate::ops::samples::striped;
use crate::ops::vgcreate::MetadataCopies;
use crate::units::{Extents, Sectors};
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

fn lab() -> Lab {
    Lab::new(2).vg("v", &[0, 1]).lv("v", "l", &[(0, 1, 3)]).lv("v", "m", &[(1, 4, 2)])
}

fn request() -> Request {
    Request::new(name("v").into())
}

fn run(lab: &mut Lab, request: &Request) -> Result<Vec<String>, String> {
    let change = lab.run(|system| vgchange(system, request))?;
    let messages = change.before.into_iter().chain(change.after);
    Ok(messages.map(|message| message.text).collect())
}

const CHANGED: &str = "Volume group \"v\" successfully changed";

fn tags(texts: &[&str]) -> Vec<Tag> {
    texts.iter().map(|text| Tag::new(text).unwrap()).collect()
}

#[test]
fn several_attributes_change_at_once() {
    let mut lab = lab();
    let told = run(
        &mut lab,
        &Request {
            max_lv: Some(2),
            max_pv: Some(5),
            resizeable: Some(false),
            add_tags: tags(&["a", "b"]),
            policy: Some(AllocationPolicy::Cling),
            auto_activation: Some(false),
            profile: Some(ProfileChange::Attach("p".into())),
            ..request()
        },
    );
    assert_eq!(told.unwrap(), [CHANGED]);
    let vg = lab.found("v");
    assert_eq!((vg.max_lv, vg.max_pv, vg.seqno), (2, 5, 4));
    assert!(!vg.flags.resizeable && vg.flags.no_auto_activate);
    assert_eq!((vg.policy, vg.profile.as_deref()), (AllocationPolicy::Cling, Some("p")));
    let detach = Request { profile: Some(ProfileChange::Detach), ..request() };
    run(&mut lab, &detach).unwrap();
    assert_eq!(lab.found("v").profile, None);
}

#[test]
fn tags_are_removed_before_others_are_added() {
    let mut lab = lab();
    lab.system.vgs[0].vg.tags = tags(&["a", "b"]);
    let change =
        Request { add_tags: tags(&["c", "b"]), remove_tags: tags(&["b", "a"]), ..request() };
    run(&mut lab, &change).unwrap();
    assert_eq!(lab.found("v").tags, tags(&["c", "b"]));
}

#[test]
fn refusals_have_lvm2s_words() {
    let sectors = |count| Some(Sectors::new(count));
    let cases = [
        (
            Request { max_lv: Some(1), ..request() },
            "MaxLogicalVolume is less than the current number 2 of LVs for v",
        ),
        (
            Request { max_pv: Some(1), ..request() },
            "MaxPhysicalVolumes is less than the current number 2 of PVs for \"v\"",
        ),
        (
            Request { resizeable: Some(true), ..request() },
            "Volume group \"v\" is already resizeable",
        ),
        (
            Request { policy: Some(AllocationPolicy::Normal), ..request() },
            "Volume group allocation policy is already normal",
        ),
        (
            Request { policy: Some(AllocationPolicy::Inherit), ..request() },
            "Volume Group allocation policy cannot inherit from anything",
        ),
        (
            Request { auto_activation: Some(true), ..request() },
            "Volume group autoactivation is already yes.",
        ),
        (Request { extent_size: sectors(0), ..request() }, "Physical extent size may not be zero"),
        (
            Request { extent_size: sectors(6), ..request() },
            "Physical Extent size must be a multiple of 128.00 KiB when not a power of 2.",
        ),
        (
            Request { extent_size: sectors(16_384), ..request() },
            "New size 204800 for v free space not an exact number of new extents.",
        ),
        (
            Request { system_id: Some(String::new()), ..request() },
            "Volume Group system ID is already \"\".",
        ),
        (
            Request { lock_type: Some("sanlock".into()), ..request() },
            "Using lock type requires lvmlockd.",
        ),
        (request(), "Need one or more command options."),
    ];
    for (request, expected) in cases {
        let mut lab = lab();
        let refusal = run(&mut lab, &request).unwrap_err();
        assert_eq!(refusal, expected);
        assert_eq!(lab.found("v").seqno, 3);
    }
    let mut fixed = lab();
    fixed.system.vgs[0].vg.flags.resizeable = false;
    for (change, what) in [
        (Request { max_lv: Some(9), ..request() }, "MaxLogicalVolume"),
        (Request { max_pv: Some(9), ..request() }, "MaxPhysicalVolumes"),
        (Request { extent_size: sectors(1024), ..request() }, "PE size"),
    ] {
        let refusal = run(&mut fixed, &change).unwrap_err();
        assert_eq!(refusal, ["Volume group \"v\" must be resizeable to change ", what].concat());
    }
}

#[test]
fn extents_of_another_size_hold_the_same() {
    let mut lab = lab();
    let size = |sectors| Request { extent_size: Some(Sectors::new(sectors)), ..request() };
    assert_eq!(run(&mut lab, &size(2048)).unwrap(), [CHANGED]);
    let vg = lab.found("v");
    assert_eq!((vg.extent_count(), vg.allocated_count()), (Extents::new(120), Extents::new(20)));
    let l = vg.lvs.get(vg.lvs.find("l").unwrap());
    assert_eq!(l.segments, [striped(0, 12, None, &[(0, 4)])]);
    let same = run(&mut lab, &size(2048)).unwrap();
    assert_eq!(same, ["Physical extent size of VG v is already 1.00 MiB.", CHANGED]);
    run(&mut lab, &size(8192)).unwrap();
    let vg = lab.found("v");
    let m = vg.lvs.get(vg.lvs.find("m").unwrap());
    assert_eq!(m.segments, [striped(0, 2, None, &[(1, 4)])]);
    // The third extent of LV l is half of a larger one.
    assert!(run(&mut lab, &size(16_384)).unwrap_err().contains("not an exact number"));
}

#[test]
fn a_new_identity_leaves_nothing_of_the_old_one() {
    let mut lab = lab();
    let old = lab.found("v").id;
    let change = Request { new_id: true, ..request() };
    run(&mut lab, &change).unwrap();
    assert_eq!(lab.system.vgs.len(), 1);
    assert_ne!(lab.found("v").id, old);
    assert_eq!(lab.found("v").lvs.len(), 2);
}

#[test]
fn only_tags_change_while_pvs_are_missing() {
    let mut lab = lab();
    lab.system.vgs[0].devices[1] = None;
    let tag = Request { add_tags: tags(&["t"]), ..request() };
    run(&mut lab, &tag).unwrap();
    assert!(lab.found("v").pvs[1].flags.missing);
    assert_eq!(lab.found("v").pvs[1].device_hint, "[unknown]");
    let both = Request { max_lv: Some(9), ..tag };
    assert!(run(&mut lab, &both).unwrap_err().contains("PVs are missing"));
}

#[test]
fn another_machines_system_id_needs_a_yes() {
    let mut lab = lab();
    lab.system.host.system_id = Some("me".into());
    let set = |id: &str| Request { system_id: Some(id.into()), ..request() };
    assert_eq!(run(&mut lab, &set("me")).unwrap(), [CHANGED]);
    let Err(Stop::Ask(question)) = vgchange(&lab.system, &set("you")) else { panic!() };
    assert_eq!(question.prompt, "Set foreign system ID you on volume group v?");
    let mut no = lab.system.clone();
    no.answers.insert(question, false);
    let Err(Stop::Refused(refused)) = vgchange(&no, &set("you")) else { panic!() };
    assert_eq!(refused.refusal.to_string(), "Volume group v system ID not changed.");
    let told = run(&mut lab, &set("you")).unwrap();
    assert_eq!(
        told,
        [
            "WARNING: Requested system ID you does not match local system ID me.",
            "WARNING: Volume group v might become inaccessible from this machine.",
            CHANGED,
        ]
    );
    assert_eq!(lab.found("v").system_id.as_deref(), Some("you"));
    assert!(run(&mut lab, &set("me")).unwrap_err().contains("Cannot access VG v"));
}

#[test]
fn the_number_of_copies_is_kept() {
    let mut lab = lab();
    let copies = |copies| Request { metadata_copies: Some(copies), ..request() };
    assert_eq!(run(&mut lab, &copies(MetadataCopies::Count(1))).unwrap(), [CHANGED]);
    assert_eq!(lab.found("v").metadata_copies, 1);
    let again = run(&mut lab, &copies(MetadataCopies::Count(1))).unwrap();
    assert_eq!(again[0], "Number of metadata copies for VG v is already 1.");
    run(&mut lab, &copies(MetadataCopies::All)).unwrap();
    let again = run(&mut lab, &copies(MetadataCopies::Unmanaged)).unwrap();
    assert_eq!(again[0], "Number of metadata copies for VG v is already unmanaged.");
}
