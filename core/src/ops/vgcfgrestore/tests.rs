use super::{Request, vgcfgrestore};
use crate::model::vg::{Provenance, Vg};
use crate::ops::lab::{Lab, lv_name, name};
use crate::ops::system::LabelState;
use crate::units::{Extents, Sectors};
use std_alloc::boxed::Box;
use std_alloc::string::String;

fn lab() -> Lab {
    Lab::new(3).vg("v", &[0, 1]).lv("v", "l", &[(0, 0, 2)])
}

fn restore(lab: &mut Lab, vg: &Vg) -> Result<String, String> {
    let request = Request {
        name: name("v"),
        path: "file".into(),
        vg: Box::new(vg.clone()),
        provenance: Provenance::default(),
        force: 0,
    };
    let change = lab.run(|system| vgcfgrestore(system, &request))?;
    Ok(change.after[0].text.clone())
}

#[test]
fn an_older_state_is_written_with_a_newer_seqno() {
    let mut lab = lab();
    let backup = lab.found("v").clone();
    let view = &mut lab.system.vgs[0];
    view.vg.seqno = 40;
    view.vg.lvs = crate::model::lv_table::LvTable::default();
    view.vg.pvs.pop();
    view.devices.pop();
    assert_eq!(restore(&mut lab, &backup).unwrap(), "Restored volume group v.");
    let vg = lab.found("v");
    assert_eq!((vg.seqno, vg.lvs.len(), vg.pvs.len()), (41, 1, 2));
    // A backup that is newer than what is there.
    let newer = Vg { seqno: 90, ..backup };
    restore(&mut lab, &newer).unwrap();
    assert_eq!(lab.found("v").seqno, 91);
}

#[test]
fn a_vg_that_is_gone_comes_back() {
    let mut lab = lab();
    let mut backup = lab.found("v").clone();
    backup.pvs[1].flags.missing = true;
    lab.system.vgs.clear();
    restore(&mut lab, &backup).unwrap();
    assert!(!lab.found("v").pvs[1].flags.missing);
    assert!(lab.system.vgs[0].devices.iter().all(Option::is_some));
}

#[test]
fn the_name_may_have_gone_to_another_vg_of_the_same_pvs() {
    let mut lab = lab();
    let backup = lab.found("v").clone();
    lab.system.vgs[0].vg.id = "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn".parse().unwrap();
    restore(&mut lab, &backup).unwrap();
    assert_eq!((lab.system.vgs.len(), lab.found("v").id), (1, backup.id));
    let mut other = Lab::new(3).vg("v", &[0, 1]).vg("w", &[2]);
    let backup = other.found("w").clone();
    let backup = Vg { name: name("v"), ..backup };
    let refusal = restore(&mut other, &backup).unwrap_err();
    assert!(refusal.starts_with("Volume group v with another identity is there."), "{refusal}");
}

#[test]
fn what_does_not_fit_is_refused() {
    type Spoil = fn(&mut Lab, &mut Vg);
    let cases: [(Spoil, &str); 7] = [
        (|_, backup| backup.name = name("w"), "'file' does not contain volume group 'v'."),
        (
            |lab, _| {
                lab.system.devices[1].label = LabelState::None;
                lab.system.vgs[0].devices[1] = None;
            },
            "Cannot restore Volume Group v with 1 PVs marked as missing.",
        ),
        (
            |lab, _| {
                let mut other = lab.system.vgs[0].clone();
                other.vg.name = name("w");
                other.vg.id = "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn".parse().unwrap();
                lab.system.vgs[0] = other;
            },
            "PV ",
        ),
        (
            |_, backup| backup.pvs[0].pe_count = Extents::new(1),
            "Cannot restore Volume Group v: LV l lies on extents up to 2 of PV",
        ),
        (
            |_, backup| backup.pvs[1].pe_start = Sectors::new(100),
            "Cannot restore Volume Group v: extents of /dev/d1 lie over its metadata",
        ),
        (
            |_, backup| backup.unknown.push("segment".into()),
            "Cannot change VG v with unknown segments in it!",
        ),
        (
            |lab, _| lab.system.vgs[0].vg.lock_type = Some("dlm".into()),
            "Cannot access VG v with lock type dlm",
        ),
    ];
    for (spoil, expected) in cases {
        let mut lab = lab();
        let mut backup = lab.found("v").clone();
        spoil(&mut lab, &mut backup);
        let refusal = restore(&mut lab, &backup).unwrap_err();
        assert!(refusal.starts_with(expected), "{refusal}");
    }
}

#[test]
fn thin_pools_need_force() {
    let text = include_bytes!("../../codec/golden/kinds.disk");
    let (golden, _) = crate::codec::read::read(&text.as_slice().into()).unwrap();
    let mut lab = lab();
    let mut backup = lab.found("v").clone();
    let id = golden.lvs.find("pool").unwrap();
    let mut pool = (*golden.lvs.get(id)).clone();
    pool.name = lv_name("pool");
    backup.lvs.push(pool.into());
    let refusal = restore(&mut lab, &backup).unwrap_err();
    assert!(refusal.contains("--force to restore Volume Group v with thin volumes"), "{refusal}");
}
