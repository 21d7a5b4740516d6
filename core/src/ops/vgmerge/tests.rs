use super::{Request, vgmerge};
use crate::model::check::check;
use crate::ops::lab::{Lab, name};
use crate::ops::samples::striped;
use crate::units::{ExtentSize, Extents, Sectors};
use std_alloc::string::String;

fn lab() -> Lab {
    Lab::new(4).vg("w", &[0, 1]).vg("v", &[2, 3]).lv("w", "a", &[(0, 0, 2)]).lv(
        "v",
        "b",
        &[(1, 3, 2), (0, 7, 1)],
    )
}

fn merge(lab: &mut Lab, destination: &str, source: &str) -> Result<String, String> {
    let request = Request {
        destination: name(destination).into(),
        source: name(source).into(),
        pool_metadata_spare: None,
    };
    let change = lab.run(|system| vgmerge(system, &request))?;
    Ok(change.after[0].text.clone())
}

#[test]
fn pvs_and_lvs_come_behind_those_that_are_there() {
    let mut lab = lab();
    let told = merge(&mut lab, "w", "v").unwrap();
    assert_eq!(told, "Volume group \"v\" successfully merged into \"w\"");
    assert_eq!(lab.system.vgs.len(), 1);
    let vg = lab.found("w");
    assert_eq!(check(vg), []);
    let names: std_alloc::vec::Vec<&str> = vg.lvs.ids().map(|id| vg.lvs.name(id)).collect();
    assert_eq!(names, ["a", "b"]);
    let b = vg.lvs.get(vg.lvs.find("b").unwrap());
    assert_eq!(b.segments, [striped(0, 2, None, &[(3, 3)]), striped(2, 1, None, &[(2, 7)])]);
    assert_eq!((vg.seqno, vg.extent_count()), (4, Extents::new(60)));
}

#[test]
fn identities_that_are_taken_are_given_anew() {
    let mut lab = lab();
    let view = &mut lab.system.vgs[1].vg;
    let id = view.lvs.find("b").unwrap();
    let mut b = (*view.lvs.get(id)).clone();
    let taken = lab.system.vgs[0].vg.lvs.find("a").unwrap();
    b.id = lab.system.vgs[0].vg.lvs.get(taken).id;
    lab.system.vgs[1].vg.lvs.replace(id, b.into());
    merge(&mut lab, "w", "v").unwrap();
    assert_eq!(check(lab.found("w")), []);
}

#[test]
fn what_does_not_go_together_is_refused() {
    type Spoil = fn(&mut Lab);
    let cases: [(Spoil, &str); 6] = [
        (
            |lab| lab.system.vgs[1].vg.extent_size = ExtentSize::new(Sectors::new(16_384)).unwrap(),
            "Extent sizes differ: 8192 (w) and 16384 (v)",
        ),
        (
            |lab| {
                let vg = &mut lab.system.vgs[1].vg;
                let id = vg.lvs.find("b").unwrap();
                let mut b = (*vg.lvs.get(id)).clone();
                b.name = crate::ops::lab::lv_name("a");
                vg.lvs.replace(id, b.into());
            },
            "Duplicate logical volume name \"a\" in \"w\" and \"v\"",
        ),
        (
            |lab| lab.system.vgs[0].vg.max_pv = 3,
            "Maximum number of physical volumes (3) exceeded  for \"w\" and \"v\"",
        ),
        (
            |lab| lab.system.vgs[0].vg.max_lv = 1,
            "Maximum number of logical volumes (1) exceeded  for \"w\" and \"v\"",
        ),
        (|lab| lab.system.vgs[1].vg.flags.resizeable = false, "Volume group v is not resizeable."),
        (|lab| lab.system.vgs[1].vg.flags.exported = true, "Volume group v is exported"),
    ];
    for (spoil, expected) in cases {
        let mut lab = lab();
        spoil(&mut lab);
        assert_eq!(merge(&mut lab, "w", "v").unwrap_err(), expected);
    }
    assert_eq!(merge(&mut lab(), "w", "w").unwrap_err(), "Duplicate volume group name \"w\"");
}
