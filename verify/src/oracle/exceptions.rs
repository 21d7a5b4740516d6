//! What Extant does otherwise than LVM2 on purpose: excused where it is exactly that.

use super::Performance;
use super::check::is_refused_as_fork;
use super::placed;
use std::collections::BTreeMap;

/// A command that both programs have carried out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case<'a> {
    /// The command and its arguments.
    pub args: &'a [String],
    /// The devices by the numbers of their disks.
    pub devices: &'a [&'a str],
    /// What the disks were like before.
    pub before: &'a str,
}

/// One exception.
struct Exception {
    /// The commands.
    commands: &'static [&'static str],
    /// The row of README's table of differences that it follows from.
    #[cfg_attr(not(test), allow(dead_code))]
    difference: &'static str,
    /// Makes what LVM2 did and what the other program did the same if they differ in this way only.
    excuse: fn(&Case, &mut Performance, &mut Performance),
}

/// All of them.
const EXCEPTIONS: &[Exception] = &[
    Exception {
        commands: &["pvresize"],
        difference: "| `pvresize` records the size less `pe_start` | records the device's size |",
        excuse: excuse_sizes,
    },
    Exception {
        commands: &["vgcreate", "vgextend"],
        difference: "| `vgcreate` or `vgextend` that is refused leaves new PVs behind | refuses before \
                     anything is written |",
        excuse: |case, oracle, subject| {
            let failed = oracle.status != Some(0) && subject.status == oracle.status;
            if failed && subject.disks == case.before {
                oracle.disks.clone_from(&subject.disks);
            }
        },
    },
    Exception {
        commands: &["vgremove"],
        difference: "| `vgremove` of a VG with LVs leaves a backup of the VG without them | leaves none |",
        excuse: |case, oracle, subject| {
            let is_gone = |name: &String| case.args.contains(name);
            oracle.backups.retain(|name, _| subject.backups.contains_key(name) || !is_gone(name));
        },
    },
    Exception {
        commands: &["lvremove"],
        difference: "| `lvremove VG LV` removes all LVs of `VG`, inactive ones without asking | \
                     resolves all arguments first, and asks before all LVs of a VG go, unless \
                     `-y` or `-f` is given |",
        excuse: |case, oracle, subject| {
            let failed = oracle.status != Some(0) && subject.status == oracle.status;
            if failed && subject.disks == case.before {
                oracle.disks.clone_from(&subject.disks);
                oracle.backups.clone_from(&subject.backups);
            }
        },
    },
    Exception {
        commands: &["vgcfgrestore"],
        difference: "| `vgcfgrestore` leaves the backup as it was | writes it, as every change does |",
        excuse: |case, oracle, subject| {
            for backups in [&mut oracle.backups, &mut subject.backups] {
                backups.retain(|name, _| case.args.last() != Some(name));
            }
        },
    },
    Exception {
        commands: &["pvchange", "pvresize"],
        difference: "| `pvchange` and `pvresize` end with 5 where another VG than the PV's is incomplete | \
                     end with what became of the PV |",
        excuse: |_, oracle, subject| {
            let complains = oracle.stderr.contains(" while PVs are missing.");
            let did = oracle.stdout.contains(" changed\n") && oracle.stdout == subject.stdout;
            if complains && did && subject.status == Some(0) {
                oracle.status = subject.status;
            }
        },
    },
    Exception {
        commands: &["lvcreate", "lvextend", "lvresize"],
        difference: "| finds no place for some LVs that fit | finds one wherever there is one, and says \
                     what would help where there is none |",
        excuse: |_, oracle, subject| {
            let found_none = oracle.stderr.contains("Insufficient suitable ");
            if oracle.status == Some(5) && found_none && subject.status == Some(0) {
                oracle.clone_from(subject);
            }
        },
    },
    Exception {
        commands: &["lvcreate", "lvextend", "lvresize"],
        difference: "| places an LV where its search comes first | takes a better place where there is \
                     one: more extents placed by a stricter policy, or fewer segments |",
        excuse: |case, oracle, subject| {
            let alike = oracle.backups.keys().eq(subject.backups.keys());
            if alike && placed::is_better(case.before, &oracle.disks, &subject.disks) {
                oracle.disks.clone_from(&subject.disks);
                for (name, text) in &mut oracle.backups {
                    let other = &subject.backups[name];
                    if placed::is_better(case.before, text, other) {
                        text.clone_from(other);
                    }
                }
            }
        },
    },
];

/// Makes the performances of LVM2 and of the other program the same where they may differ.
pub(super) fn excuse(case: &Case, oracle: &mut Performance, subject: &mut Performance) {
    // Whatever the command: of two texts with one seqno LVM2 uses the first it scans.
    if subject.status == Some(5) && is_refused_as_fork(&subject.stderr) {
        oracle.clone_from(subject);
    }
    let command = case.args.first().map_or("", String::as_str);
    for exception in EXCEPTIONS.iter().filter(|one| one.commands.contains(&command)) {
        (exception.excuse)(case, oracle, subject);
    }
}

/// Leaves out the recorded size of the PV that is resized.
fn excuse_sizes(case: &Case, oracle: &mut Performance, subject: &mut Performance) {
    let devices = (0..).zip(case.devices);
    let resized: BTreeMap<&str, usize> = devices
        .filter(|(_, device)| case.args.iter().any(|arg| arg == *device))
        .map(|(number, device)| (*device, number))
        .collect();
    for performance in [oracle, subject] {
        performance.disks = without_sizes(&performance.disks, &resized);
        for text in performance.backups.values_mut() {
            *text = without_sizes(text, &resized);
        }
    }
}

/// Leaves out sizes of devices: those of texts, and those of labels as the harness shows them.
fn without_sizes(text: &str, devices: &BTreeMap<&str, usize>) -> String {
    let mut out = String::new();
    let mut is_resized = false;
    for line in text.lines() {
        let content = line.trim_start();
        if let Some(device) = content.strip_prefix("device = \"") {
            let device = device.split('"').next().unwrap_or_default();
            is_resized = devices.contains_key(device);
        }
        if is_resized && content.starts_with("dev_size = ") {
            is_resized = false;
            continue;
        }
        let of_label = |number: &usize| line.starts_with(&format!("disk {number}: PV "));
        match line.split_once(" size ").zip(line.split_once(" data ")) {
            Some(((start, _), (_, rest))) if devices.values().any(of_label) => {
                out.extend([start, " data ", rest]);
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Case, EXCEPTIONS, Performance, excuse};
    use std::collections::BTreeMap;

    fn excused(args: &str, oracle: &Performance, subject: &Performance) -> bool {
        let args: Vec<String> = args.split(' ').map(str::to_owned).collect();
        let (mut oracle, mut subject) = (oracle.clone(), subject.clone());
        let case = Case { args: &args, devices: &["/dev/a", "/dev/b"], before: "before" };
        excuse(&case, &mut oracle, &mut subject);
        (oracle.stderr, subject.stderr) = (String::new(), String::new());
        oracle == subject
    }

    fn performance(status: i32, disks: &str) -> Performance {
        let disks = disks.to_owned();
        Performance { status: Some(status), disks, ..Performance::default() }
    }

    #[test]
    fn exceptions_are_the_differences_that_readme_lists() {
        let readme = include_str!("../../../README.md");
        for exception in EXCEPTIONS {
            let row = exception.difference;
            assert!(readme.lines().any(|line| line == row), "README has no row: {row}");
        }
    }

    #[test]
    fn only_the_size_of_the_pv_that_is_resized_is_left_out() {
        let disks = |one: u32, two: u32, count: u32| {
            let text = format!(
                "disk 0: PV ID0 sector 1 size {two} data [(8, 0)]\n\
                 disk 1: PV ID1 sector 1 size {one} data [(8, 0)]\n\
                 \tdevice = \"/dev/a\"\n\tdev_size = {two}\n\
                 \tdevice = \"/dev/b\"\n\tdev_size = {one}\npe_count = {count}\n"
            );
            performance(0, &text)
        };
        let oracle = disks(1, 7, 3);
        assert!(excused("pvresize /dev/b", &oracle, &disks(2, 7, 3)));
        assert!(!excused("pvresize /dev/b", &oracle, &disks(2, 8, 3)));
        assert!(!excused("pvresize /dev/b", &oracle, &disks(2, 7, 4)));
        assert!(!excused("pvresize /dev/a", &oracle, &disks(2, 7, 3)));
        assert!(!excused("pvchange /dev/b", &oracle, &disks(2, 7, 3)));
    }

    #[test]
    fn a_refused_command_must_leave_what_was_there() {
        for command in ["vgcreate v /dev/a", "vgextend v /dev/a", "lvremove v/a v/b"] {
            assert!(excused(command, &performance(5, "new PV"), &performance(5, "before")));
            assert!(!excused(command, &performance(5, "before"), &performance(5, "new PV")));
            assert!(!excused(command, &performance(0, "new PV"), &performance(0, "before")));
        }
        assert!(!excused("vgreduce v /dev/a", &performance(5, "x"), &performance(5, "before")));
    }

    #[test]
    fn backups_are_excused_of_one_vg_only() {
        let with = |names: &[&str]| {
            let backups = names.iter().map(|name| ((*name).to_owned(), String::new())).collect();
            Performance { backups, ..performance(0, "") }
        };
        assert!(excused("vgremove -y v", &with(&["v", "w"]), &with(&["w"])));
        assert!(!excused("vgremove -y v", &with(&["v", "w"]), &with(&["v"])));
        assert!(!excused("vgremove -y v", &with(&["w"]), &with(&["v", "w"])));
        let mut other = with(&["v", "w"]);
        other.backups.insert("v".to_owned(), "new".to_owned());
        assert!(excused("vgcfgrestore -y v", &with(&["v", "w"]), &other));
        assert!(!excused("vgcfgrestore -y w", &with(&["v", "w"]), &other));
    }

    #[test]
    fn failures_of_lvm2_are_excused_by_their_reason() {
        let said = |status: i32, stdout: &str, stderr: &str| Performance {
            stdout: stdout.to_owned(),
            stderr: stderr.to_owned(),
            backups: BTreeMap::new(),
            ..performance(status, "")
        };
        let missing = "Cannot change VG w while PVs are missing.";
        let done = "  Physical volume \"/dev/a\" changed\n";
        let subject = said(0, done, "");
        assert!(excused("pvresize /dev/a", &said(5, done, missing), &subject));
        assert!(!excused("pvresize /dev/a", &said(5, done, "other"), &subject));
        assert!(!excused("pvresize /dev/a", &said(5, "", missing), &subject));
        let shortage = "Insufficient suitable allocatable extents";
        assert!(excused("lvcreate -l 9 v", &said(5, "", shortage), &said(0, "made", "")));
        assert!(!excused("lvcreate -l 9 v", &said(5, "", "other"), &said(0, "made", "")));
        assert!(!excused("lvcreate -l 9 v", &said(0, "made", ""), &said(5, "", shortage)));
    }
}
