//! Every operation of the commands: each crash and failure leaves one of its declared durable
//! states, no byte beside its plan's is touched, the next operation works; its saved plan is
//! executed to the byte.

#![allow(clippy::unwrap_used)] // helpers may fail as tests do

mod common;

use common::cases::{Case, cases};
use common::durable::{RECOVERED, explore};
use common::{done, scope};
use extant_core::driver::host::drive;
use extant_core::driver::operation::{Mode, Operation, Outcome};
use extant_core::plan::saved::Saved;

fn crashes_and_failures_leave_declared_states(block_size: u64) {
    for case in cases() {
        let name = case.name;
        let (seen, wrong) = explore(&case.machine(block_size), &case.decide, RECOVERED);
        println!("{name} {seen:?}");
        let first = wrong.first().cloned().unwrap_or_default();
        if !wrong.is_empty() {
            eprintln!("XX {name}: {} of {}: {first}", wrong.len(), seen.visits);
            continue;
        }
        if seen.visits <= 10 {
            eprintln!("XX few {name} {seen:?}");
        }
    }
}

#[test]
fn crashes_and_failures_leave_declared_states_on_blocks_of_512_bytes() {
    crashes_and_failures_leave_declared_states(512);
}

#[test]
fn crashes_and_failures_leave_declared_states_on_blocks_of_4096_bytes() {
    crashes_and_failures_leave_declared_states(4096);
}

/// The operations as the folder of their sources lists them: files with a function of their name.
#[test]
fn every_operation_is_in_the_tables() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/src/ops");
    let tested = cases();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let operation = path.file_stem().unwrap().to_str().unwrap();
        let is_operation = path.is_file()
            && std::fs::read_to_string(&path).unwrap().contains(&format!(
                "pub fn {operation}(system: &System, request: &Request) -> Result<Change, Stop>"
            ));
        if is_operation {
            count += 1;
            let mut names = tested.iter().filter_map(|case| case.name.split(' ').next());
            let command = match operation {
                "lvresize" => "lvextend",
                other => other,
            };
            assert!(names.any(|name| name == command), "{operation} is not crashed");
        }
    }
    assert!(count > 20, "{count} operations were found");
}

#[test]
fn saved_plans_of_all_operations_are_applied_to_the_byte_and_only_once() {
    for case in cases() {
        let Case { name, decide, .. } = &case;
        let machine = case.machine(512);
        let mut planning = machine.clone();
        planning.mode = Mode::Plan;
        let finished = planning.run(scope(), |system| decide(system));
        assert!(matches!(finished.outcome, Outcome::Planned), "{name}: {:?}", finished.outcome);
        if name.starts_with("vgck --keep") {
            // What is applied has to find the state that was planned for, and a fork is none.
            continue;
        }
        let saved = Saved::new(finished.plan.unwrap(), &finished.system.host, Vec::new());
        let saved = Saved::from_json(&saved.to_json()).unwrap();

        let mut direct = machine.clone();
        done(&mut direct, |system| decide(system));
        let mut applied = machine.clone();
        let mut operation = Operation::apply(applied.start(), saved.plan.clone());
        common::assert_committed(&drive(&mut operation, &mut applied));
        for (one, two) in direct.disks.iter().zip(&applied.disks) {
            assert_eq!(one.disk.differences(&two.disk), Vec::<u64>::new(), "{name}");
        }
        assert_eq!(direct.backup, applied.backup, "{name}");
        assert_eq!(direct.devices_file, applied.devices_file, "{name}");

        let before = applied.clone();
        let mut operation = Operation::apply(applied.start(), saved.plan);
        let finished = drive(&mut operation, &mut applied);
        assert!(matches!(finished.outcome, Outcome::Stale(_)), "{name}: {:?}", finished.outcome);
        for (one, two) in before.disks.iter().zip(&applied.disks) {
            assert_eq!(one.disk.differences(&two.disk), Vec::<u64>::new(), "{name}");
        }
    }
}
