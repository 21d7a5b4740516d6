use super::{Request, vgremove};
use crate::ops::lab::{Lab, name};
use crate::ops::system::{LabelState, Question};
use crate::ops::{Change, Stop};
use std_alloc::string::{String, ToString};
use std_alloc::vec::Vec;

fn request(force: u32) -> Request {
    let vg = name("v").into();
    Request { vg, force }
}

fn told(change: &Change) -> Vec<&str> {
    let messages = change.before.iter().chain(&change.after);
    messages.map(|message| message.text.as_str()).collect()
}

#[test]
fn an_empty_vg_is_removed_without_a_question() {
    let mut lab = Lab::new(1).vg("v", &[0]);
    let change = vgremove(&lab.system, &request(0)).unwrap();
    assert_eq!(told(&change), ["Volume group \"v\" successfully removed"]);
    lab.apply(&change);
    assert!(lab.system.vgs.is_empty());
    assert!(matches!(lab.system.devices[0].label, LabelState::Pv(_)));
}

#[test]
fn lvs_go_with_it_after_a_question_or_with_force() {
    let mut lab = Lab::new(1).vg("v", &[0]).lv("v", "a", &[(0, 0, 1)]).lv("v", "b", &[(0, 1, 1)]);
    let Err(Stop::Ask(question)) = vgremove(&lab.system, &request(0)) else { panic!() };
    let prompt =
        "Do you really want to remove volume group \"v\" containing 2 logical volumes?".to_string();
    assert_eq!(question, Question { prompt, force_answers: true });
    let all = [
        "Logical volume \"a\" successfully removed.",
        "Logical volume \"b\" successfully removed.",
        "Volume group \"v\" successfully removed",
    ];
    assert_eq!(told(&vgremove(&lab.system, &request(1)).unwrap()), all);
    lab.system.answers.insert(question.clone(), true);
    assert_eq!(told(&vgremove(&lab.system, &request(0)).unwrap()), all);
    lab.system.answers.insert(question, false);
    let Err(Stop::Refused(refused)) = vgremove(&lab.system, &request(0)) else { panic!() };
    assert_eq!(refused.refusal.to_string(), "Volume group \"v\" not removed");
}

#[test]
fn missing_pvs_are_mentioned() {
    let mut lab = Lab::new(2).vg("v", &[0, 1]);
    lab.system.vgs[0].devices[1] = None;
    let change: Result<_, String> = lab.run(|system| vgremove(system, &request(0)));
    assert_eq!(
        told(&change.unwrap())[0],
        "WARNING: 1 physical volumes are currently missing from the system."
    );
}
