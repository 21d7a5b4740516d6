//! What LVM2 2.03.16 displays of the captured devices; made by `golden/make.sh`.

use super::{Form, lvs, pvs, vgs};
use crate::report::options::Options;
use crate::report::rows::Target;
use crate::report::tests::captured;
use crate::size::units::Units;
use std_alloc::string::String;
use std_alloc::vec::Vec;

const DISPLAYED: &str = include_str!("../golden/displayed.txt");

#[test]
fn displays_are_lvm2s_to_the_byte() {
    let system = captured();
    let mut bad: Vec<String> = Vec::new();
    let mut count = 0;
    for case in DISPLAYED.split("\n$ ") {
        let case = case.strip_prefix("$ ").unwrap_or(case);
        let (line, expected) = case.split_once('\n').unwrap();
        let mut words = line.split(' ');
        let command = words.next().unwrap();
        let (mut form, mut options, mut targets) = (Form::Long, Options::default(), Vec::new());
        while let Some(word) = words.next() {
            match word {
                "-c" => form = Form::Colon,
                "-s" => form = Form::Short,
                "-m" | "-v" => form = Form::Detailed,
                "--nosuffix" => options.suffix = false,
                "-a" => options.all = true,
                "--units" => options.units = Units::parse(words.next().unwrap()).unwrap(),
                vg => {
                    let named = |view: &crate::ops::system::VgView| view.vg.name.as_str() == vg;
                    targets.push(Target::Vg(system.vgs.iter().position(named).unwrap()));
                }
            }
        }
        let targets = (!targets.is_empty()).then_some(&targets[..]);
        let shown = match command {
            "pvdisplay" => pvs(&system, targets, form, &options),
            "vgdisplay" => vgs(&system, targets, form, &options),
            _ => lvs(&system, targets, form, &options),
        };
        count += 1;
        let (shown, expected) = (shown.trim_end_matches('\n'), expected.trim_end_matches('\n'));
        if shown != expected {
            let (mut ours, mut theirs) = (shown.lines(), expected.lines());
            let at = ours.by_ref().zip(theirs.by_ref()).find(|(one, two)| one != two);
            bad.push(std_alloc::format!("$ {line}\n{at:?}\n{:?} {:?}", ours.next(), theirs.next()));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert!(count > 9);
}
