use super::{Request, vgimport};
use crate::ops::lab::{Lab, name};

fn exported() -> Lab {
    let mut lab = Lab::new(2).vg("v", &[0, 1]);
    let vg = &mut lab.system.vgs[0].vg;
    vg.flags.exported = true;
    for pv in &mut vg.pvs {
        pv.flags.exported = true;
    }
    lab.system.host.system_id = Some("me".into());
    lab
}

fn request(force: u32) -> Request {
    let vg = name("v").into();
    Request { vg, force }
}

#[test]
fn an_imported_vg_belongs_to_this_machine() {
    let mut lab = exported();
    let change = lab.run(|system| vgimport(system, &request(0))).unwrap();
    assert_eq!(change.after[0].text, "Volume group \"v\" successfully imported");
    let vg = lab.found("v");
    assert!(!vg.flags.exported && vg.pvs.iter().all(|pv| !pv.flags.exported));
    assert_eq!(vg.system_id.as_deref(), Some("me"));
    let again = lab.run(|system| vgimport(system, &request(0))).unwrap_err();
    assert_eq!(again, "Volume group \"v\" is not exported");
}

#[test]
fn missing_pvs_need_force() {
    let mut lab = exported();
    lab.system.vgs[0].devices[1] = None;
    assert!(lab.run(|system| vgimport(system, &request(0))).is_err());
    let change = lab.run(|system| vgimport(system, &request(1))).unwrap();
    assert_eq!(
        change.before[0].text,
        "WARNING: Volume groups with missing PVs will be imported with --force."
    );
    assert!(lab.found("v").pvs[1].flags.missing);
}
