use super::{Request, vgrename};
use crate::ops::lab::{Lab, name};
use crate::ops::selector::VgSelector;
use std_alloc::string::String;
use std_alloc::vec::Vec;

fn rename(lab: &mut Lab, vg: VgSelector, new: &str) -> Result<Vec<String>, String> {
    let request = Request { vg, name: name(new) };
    let change = lab.run(|system| vgrename(system, &request))?;
    let messages = change.before.into_iter().chain(change.after);
    Ok(messages.map(|message| message.text).collect())
}

#[test]
fn a_vg_gets_another_name() {
    let mut lab = Lab::new(2).vg("v", &[0]).vg("w", &[1]);
    lab.system.vgs[0].vg.flags.exported = true;
    let told = rename(&mut lab, name("v").into(), "x").unwrap();
    assert_eq!(told, ["Volume group \"v\" successfully renamed to \"x\""]);
    let same = rename(&mut lab, name("x").into(), "x").unwrap_err();
    assert_eq!(same, "Old and new volume group names must differ");
    let taken = rename(&mut lab, name("x").into(), "w").unwrap_err();
    assert_eq!(taken, "New VG name \"w\" already exists");
    let nothing = rename(&mut lab, name("v").into(), "y").unwrap_err();
    assert!(nothing.starts_with("Volume group \"v\" not found"));
}

#[test]
fn of_two_vgs_with_one_name_one_is_renamed_by_its_identity() {
    let mut lab = Lab::new(2).vg("v", &[0]).vg("w", &[1]);
    lab.system.vgs[1].vg.name = name("v");
    let id = lab.system.vgs[1].vg.id;
    assert!(rename(&mut lab, name("v").into(), "x").is_err());
    let told = rename(&mut lab, VgSelector::Id(id), "x").unwrap();
    assert!(told[0].starts_with("Processing VG v because of matching UUID"));
    assert_eq!(lab.system.vgs[1].vg.name, name("x"));
}
