//! The rule for a commit that goes wrong half way, as a table: each row is a picture of what the
//! headers on three disks were met with, and what came of it.

mod common;

use common::{add_tag, everything, machine_with_vg, scope};
use extant_core::driver::execute::Executed;
use extant_core::driver::host::Host;
use extant_core::driver::operation::{Operation, Outcome, Reply, Step};
use extant_core::ops::system::IoError;
use extant_core::plan::effect::{Completion, Effect, Group};
use extant_sim::machine::Machine;

/// What a disk did with its header.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Did {
    /// Wrote it.
    Write,
    /// Refused it.
    Refuse,
    /// Wrote it, reported an error, and can be read.
    WriteAndFail,
    /// Wrote it and vanished.
    WriteAndVanish,
    /// Vanished.
    Vanish,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Came {
    Committed,
    Abandoned,
    Unknown,
}

use Came::{Abandoned, Committed, Unknown};
use Did::{Refuse, Vanish, Write, WriteAndFail, WriteAndVanish};

const TABLE: [([Did; 3], Came); 12] = [
    ([Write, Write, Write], Committed),
    ([Refuse, Write, Write], Committed),
    ([Refuse, Refuse, Write], Committed),
    ([Refuse, Refuse, Refuse], Abandoned),
    ([Refuse, Refuse, WriteAndFail], Committed),
    ([WriteAndFail, WriteAndFail, WriteAndFail], Committed),
    ([Vanish, Refuse, Refuse], Abandoned),
    ([Vanish, Vanish, Write], Committed),
    ([Vanish, Vanish, Refuse], Abandoned),
    ([Vanish, Vanish, Vanish], Unknown),
    ([WriteAndVanish, WriteAndVanish, WriteAndVanish], Unknown),
    // An area lost and a crash at once: nobody can tell, and the disk that comes back is newer.
    ([WriteAndVanish, Refuse, Refuse], Abandoned),
];

#[test]
fn a_commit_that_fails_half_way() {
    for (disks, expected) in TABLE {
        let mut machine = machine_with_vg(3, 3, 512);
        let mut operation =
            Operation::new(machine.start(), scope(), |system| Ok(add_tag(system, "v", "t")));
        let outcome = drive(&mut machine, &mut operation, disks);
        let result = match &outcome {
            Outcome::Executed(Executed::Committed { .. }) => Committed,
            Outcome::Executed(Executed::Abandoned { undo, .. }) => {
                assert!(undo.is_empty(), "{disks:?}: {undo:?}");
                Abandoned
            }
            Outcome::Executed(Executed::Unknown { .. }) => Unknown,
            other => panic!("{other:?}"),
        };
        assert_eq!(result, expected, "{disks:?}");
        let seqno = |machine: &mut Machine| {
            let vgs = machine.scan(everything()).vgs;
            vgs.first().map(|view| view.vg.seqno)
        };
        match expected {
            Committed => assert_eq!(seqno(&mut machine), Some(2), "{disks:?}"),
            Abandoned => assert_eq!(seqno(&mut machine), Some(1), "{disks:?}"),
            Unknown => assert_eq!(seqno(&mut machine), None, "{disks:?}"),
        }
        // All come back: a copy that was written is the newest.
        for attached in &mut machine.disks {
            attached.disk.set_vanished(false);
        }
        let wrote = |did: &Did| matches!(did, Write | WriteAndFail | WriteAndVanish);
        let newest = if disks.iter().any(wrote) { 2 } else { 1 };
        assert_eq!(seqno(&mut machine), Some(newest), "{disks:?}");
    }
}

fn drive(machine: &mut Machine, operation: &mut Operation<'_>, disks: [Did; 3]) -> Outcome {
    loop {
        match operation.step() {
            Step::Do(group) => {
                let results = if is_commit(&group) {
                    commit(machine, &group, disks)
                } else {
                    machine.carry_out(&group)
                };
                operation.reply(Reply::Completed(results));
            }
            Step::Lock(locks) => {
                let result = machine.lock(&locks);
                operation.reply(Reply::Locked(result));
            }
            Step::Unlock => machine.unlock(),
            Step::Tell(message) => machine.tell(&message),
            Step::Ask(_) => panic!("nothing to ask"),
            Step::Done(finished) => return finished.outcome,
        }
    }
}

fn is_commit(group: &Group) -> bool {
    group.iter().any(|effect| matches!(effect, Effect::Write { why, .. } if why.contains("commit")))
}

fn commit(machine: &mut Machine, group: &Group, disks: [Did; 3]) -> Vec<Completion> {
    let failed =
        || Completion::Failed(IoError { message: "Input/output error".into(), errno: Some(5) });
    let one = |(effect, did): (&Effect, Did)| {
        let Effect::Write { device, .. } = effect else {
            panic!("headers are written");
        };
        if matches!(did, Write | WriteAndFail | WriteAndVanish) {
            assert_eq!(machine.carry_out_one(effect), Completion::Done);
        }
        if matches!(did, Vanish | WriteAndVanish) {
            machine.disk(*device).set_vanished(true);
        }
        if did == Write { Completion::Done } else { failed() }
    };
    group.iter().zip(disks).map(one).collect()
}
