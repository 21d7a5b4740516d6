use super::{Request, vgexport};
use crate::ops::lab::{Lab, name};

#[test]
fn an_exported_vg_belongs_to_no_machine() {
    let mut lab = Lab::new(2).vg("v", &[0, 1]);
    lab.system.host.system_id = Some("me".into());
    lab.system.vgs[0].vg.system_id = Some("me".into());
    let request = Request { vg: name("v").into() };
    let change = lab.run(|system| vgexport(system, &request)).unwrap();
    assert_eq!(change.after[0].text, "Volume group \"v\" successfully exported");
    let vg = lab.found("v");
    assert!(vg.flags.exported && vg.pvs.iter().all(|pv| pv.flags.exported));
    assert_eq!(vg.system_id, None);
    let again = lab.run(|system| vgexport(system, &request)).unwrap_err();
    assert_eq!(again, "Volume group v is exported");
}
