//! What is removed, what is asked, what is kept.

use super::{Request, lvremove};
use crate::model::segment::{CowRole, SegmentKind, Snapshot};
use crate::name::LvName;
use crate::ops::resolve::resolve;
use crate::ops::samples;
use crate::ops::system::System;
use crate::ops::{Change, Message};
use crate::size::path::{self, Target};
use crate::units::Sectors;
use std_alloc::sync::Arc;
use std_alloc::vec::Vec;

fn system() -> System {
    let mut vg = samples::vg("vg", &[31; 2]);
    samples::add(&mut vg, "a", &[(5, &[(0, 0)])]);
    samples::add(&mut vg, "b", &[(4, &[(0, 5), (1, 0)])]);
    samples::add(&mut vg, "c", &[(5, &[(1, 2)])]);
    samples::system(vg)
}

/// Runs lvremove as the command does: nothing happens if an argument is not found.
fn remove(system: &mut System, arguments: &[&str], answer: bool) -> Result<Change, Vec<Message>> {
    let parse = |text: &&str| path::parse(text, "/dev").unwrap();
    let arguments: Vec<Target> = arguments.iter().map(parse).collect();
    let resolved = resolve(system, &arguments);
    if !resolved.errors.is_empty() {
        return Err(resolved.errors);
    }
    let request = Request { targets: resolved.targets, force: false };
    let change = samples::run(system, answer, |system| lvremove(system, &request))?;
    samples::apply(system, &change);
    Ok(change)
}

fn names(system: &System) -> Vec<&str> {
    let lvs = &system.vgs[0].vg.lvs;
    lvs.ids().map(|id| lvs.name(id)).collect()
}

#[test]
fn lvs_that_are_named_are_removed_without_a_question() {
    let mut system = system();
    let change = remove(&mut system, &["vg/c", "/dev/vg/a", "vg/a"], false).unwrap();
    assert_eq!(
        samples::texts(&change.after),
        [
            "Logical volume \"a\" successfully removed.",
            "Logical volume \"c\" successfully removed.",
        ]
    );
    assert_eq!(names(&system), ["b"]);
    assert_eq!(system.vgs[0].vg.seqno, 2);
    assert_eq!(system.vgs[0].vg.free_count().get(), 58);
}

/// Who writes `lvremove vg a` means one LV; LVM2 removes all of them.
#[test]
fn a_vg_and_the_name_of_an_lv_remove_nothing() {
    let mut system = system();
    let errors = remove(&mut system, &["vg", "a"], true).unwrap_err();
    assert_eq!(
        samples::texts(&errors),
        ["Volume group \"a\" not found", "Cannot process volume group a"]
    );
    assert_eq!(names(&system), ["a", "b", "c"]);
}

#[test]
fn the_lvs_of_a_whole_vg_are_asked_for() {
    let mut system = system();
    let errors = remove(&mut system, &["vg"], false).unwrap_err();
    assert_eq!(samples::texts(&errors), ["Logical volumes of volume group \"vg\" not removed."]);
    let question = system.answers.keys().next().unwrap();
    assert_eq!(question.prompt, "Do you really want to remove all 3 logical volumes of vg?");
    system.answers.clear();
    remove(&mut system, &["vg"], true).unwrap();
    assert!(names(&system).is_empty());
    assert!(remove(&mut system, &["vg"], false).unwrap().stages.is_empty());
}

#[test]
fn what_is_used_or_hidden_stays_and_so_does_the_rest() {
    let mut system = system();
    let vg = &mut system.vgs[0].vg;
    let name = |text| LvName::new(text).unwrap();
    let mut carrier = samples::lv("snapshot0", &[(5, &[(0, 0)])]);
    carrier.segments[0].kind = SegmentKind::Snapshot(
        Snapshot {
            chunk_size: Sectors::new(8),
            origin: name("a"),
            cow: name("c"),
            role: CowRole::Store,
        }
        .into(),
    );
    vg.lvs.push(Arc::new(carrier));
    let cow = vg.lvs.find("c").unwrap();
    let mut lv = crate::model::lv::Lv::clone(&vg.lvs.get(cow));
    lv.flags.visible = false;
    vg.lvs.replace(cow, Arc::new(lv));
    for (arguments, words) in [
        (
            &["vg/b", "vg/a"][..],
            "Can't remove logical volume vg/a: it is used by logical volume snapshot0.",
        ),
        (
            &["vg/c"][..],
            "Can't remove logical volume vg/c: it is used by logical volume snapshot0.",
        ),
        (&["vg/snapshot0"][..], "Operation not permitted on hidden LV vg/snapshot0."),
        (&["vg"][..], "Can't remove logical volume vg/a: it is used by logical volume snapshot0."),
    ] {
        let errors = remove(&mut system, arguments, true).unwrap_err();
        assert_eq!(samples::texts(&errors), [words]);
    }
    assert_eq!(names(&system), ["a", "b", "c", "snapshot0"]);
    remove(&mut system, &["vg/b"], false).unwrap();
    assert_eq!(names(&system), ["a", "c", "snapshot0"]);
}

#[test]
fn a_missing_pv_does_not_keep_lvs_from_going() {
    let mut system = system();
    system.vgs[0].devices[0] = None;
    remove(&mut system, &["vg/a"], false).unwrap();
    assert_eq!(names(&system), ["b", "c"]);
    system.vgs[0].vg.flags.exported = true;
    let errors = remove(&mut system, &["vg/b"], false).unwrap_err();
    assert_eq!(samples::texts(&errors), ["Volume group vg is exported"]);
}
