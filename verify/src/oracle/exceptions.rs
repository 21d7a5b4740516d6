//! What Extant does otherwise than LVM2 on purpose, or LVM2 does by accident: not compared.

use super::Performance;
use super::step::Role;

/// One exception.
struct Exception {
    /// The command.
    command: &'static str,
    /// What is not compared, and why.
    #[allow(dead_code)] // for the reader
    reason: &'static str,
    /// Takes it out of what is compared.
    blank: fn(&mut Performance),
}

/// All of them.
const EXCEPTIONS: &[Exception] = &[
    Exception {
        command: "pvresize",
        reason: "LVM2 records the size of the device less the start of the data (and less a second \
                 metadata area), in labels only if there is a second area; Extant the size itself",
        blank: blank_sizes,
    },
    Exception {
        command: "vgextend",
        reason: "LVM2 makes PVs of the devices before it finds that the VG takes none",
        blank: blank_disks_of_failure,
    },
    Exception {
        command: "vgcreate",
        reason: "LVM2 makes PVs of the devices before it finds that there can be no such VG",
        blank: blank_disks_of_failure,
    },
    Exception {
        command: "vgremove",
        reason: "where it removes LVs too, LVM2 leaves a backup file of the VG that is gone",
        blank: |performance| performance.backups.clear(),
    },
];

/// Returns what of a performance is compared.
pub(super) fn seen(command: &str, performance: &Performance) -> Performance {
    let mut performance = performance.clone();
    for exception in EXCEPTIONS.iter().filter(|e| e.command == command) {
        (exception.blank)(&mut performance);
    }
    performance
}

/// Returns true if LVM2 found no place for an LV and the other program did: its allocator finds a
/// place wherever there is one.
pub(super) fn is_better_allocation(
    by: Role,
    rehearsed: &Performance,
    performed: &Performance,
) -> bool {
    let (oracle, subject) = match by {
        Role::Oracle => (performed, rehearsed),
        Role::Subject => (rehearsed, performed),
    };
    oracle.status == Some(5)
        && subject.status == Some(0)
        && ["Insufficient suitable ", "Insufficient free space"]
            .iter()
            .any(|words| oracle.stderr.contains(words))
}

fn blank_disks_of_failure(performance: &mut Performance) {
    if performance.status != Some(0) {
        performance.disks.clear();
    }
}

fn blank_sizes(performance: &mut Performance) {
    performance.disks = without_sizes(&performance.disks);
    for text in performance.backups.values_mut() {
        *text = without_sizes(text);
    }
}

/// Leaves out sizes of devices: those of texts, and those of labels as the harness shows them.
fn without_sizes(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("dev_size = ")) {
        match line.split_once(" size ").zip(line.split_once(" data ")) {
            Some(((start, _), (_, rest))) => out.extend([start, " data ", rest]),
            None => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::without_sizes;

    #[test]
    fn only_sizes_of_devices_are_left_out() {
        let text = "disk 1: PV ID0 sector 1 size 7 data [(8, 0)]\n\tdev_size = 5\npe_count = 3\n";
        let seen = "disk 1: PV ID0 sector 1 data [(8, 0)]\npe_count = 3\n";
        assert_eq!(without_sizes(text), seen);
    }
}
