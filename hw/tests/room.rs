//! A refusal for want of room says why, and what would help; each of these is tried, and helps.

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod support;

use support::Lab;

/// Three PVs of 31 extents, one of which is nearly full, and six disks that are free.
fn lab() -> Lab {
    let lab = Lab::new(9, "32m");
    lab.ok("vgcreate -s 1m vg disk1 disk2 disk3");
    lab.ok("lvcreate -n full -l 25 vg disk3");
    lab.ok("lvcreate -n a -l 4 vg disk1");
    lab.ok("lvcreate -n b -l 4 vg disk1");
    lab.ok("lvcreate -n c -i 2 -l 4 vg disk1 disk2");
    lab
}

/// Returns a command line with the value of an option changed, or with the option behind it.
fn with(line: &str, option: &str, value: &str) -> String {
    let mut words: Vec<&str> = line.split(' ').collect();
    match words.iter().position(|word| *word == option) {
        Some(place) => words[place + 1] = value,
        None => words.splice(1..1, [option, value]).for_each(drop),
    }
    words.join(" ")
}

/// Does what a remedy says, and returns the command line that should succeed then.
fn apply(lab: &Lab, remedy: &str, line: &str) -> String {
    let words: Vec<&str> = remedy.split(' ').collect();
    if let Some((option, pvs)) = remedy.split_once(" with ").filter(|_| words[0] == "--alloc") {
        return apply(lab, option, &apply(lab, pvs, line));
    }
    if words[0].starts_with('-') {
        return with(line, words[0], words[1]);
    }
    if let Some(moves) = remedy.strip_prefix("moving ") {
        for (number, step) in moves.split(" and ").enumerate() {
            carry(lab, number, step);
        }
        return line.to_owned();
    }
    let (count, extents): (usize, u64) = (words[0].parse().unwrap(), words[4].parse().unwrap());
    assert!(count <= 6 && extents <= 31, "the lab has such disks: {remedy}");
    // Not more than was said: the rest is taken by another LV.
    for disk in 4..4 + count {
        lab.ok(&format!("vgextend vg disk{disk}"));
        if extents < 31 {
            let rest = 31 - extents;
            lab.ok(&format!("lvcreate -l {rest} -n rest{disk} vg disk{disk}:{extents}-"));
        }
    }
    line.to_owned()
}

/// Moves extents as `extents 0-3 of disk1 to disk2` says: what is on them is made anew, as LVs of
/// the same extents where they were and where they go.
fn carry(lab: &Lab, number: usize, step: &str) {
    let words: Vec<&str> = step.split(' ').collect();
    let [_, range, _, from, _, to] = words[..] else { panic!("{step}") };
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let (first, last): (u64, u64) = (first.parse().unwrap(), last.parse().unwrap());
    let fields = "-o pv_name,pvseg_start,pvseg_size,lv_name";
    let runs = lab.ok(&format!("pvs --segments --noheadings --separator , {fields} {from}"));
    for (place, run) in runs.lines().enumerate() {
        let fields: Vec<&str> = run.trim().split(',').collect();
        let (start, count): (u64, u64) = (fields[1].parse().unwrap(), fields[2].parse().unwrap());
        let end = start + count;
        if fields[3].is_empty() || end <= first || last < start {
            continue;
        }
        lab.ok(&format!("lvremove -y vg/{}", fields[3]));
        for (side, start, end) in [("l", start, first.max(start)), ("r", end.min(last + 1), end)] {
            if start < end {
                let (count, range) = (end - start, format!("{start}-{}", end - 1));
                let name = format!("stays{number}_{place}{side}");
                lab.ok(&format!("lvcreate -l {count} -n {name} vg {from}:{range}"));
            }
        }
    }
    lab.ok(&format!("lvcreate -l {} -n moved{number} vg {to}", last + 1 - first));
}

#[test]
fn what_is_said_to_help_helps() {
    let lab = lab();
    for (line, expected) in [
        (
            "lvcreate -n n -l 70 vg",
            &["Each of these would do: -l 56; 1 more PV with 14 free extents."][..],
        ),
        (
            "lvcreate -n n -i 3 -l 30 vg",
            &[
                "Stripes lie on different PVs; for 10 rows these can give: disk1 10, disk2 10, \
                 disk3 6. That is 26 of 30 extents.",
                "Each of these would do: -l 18; -i 2; --alloc anywhere; moving extents 0-3 of disk3 \
                 to disk2; 1 more PV with 4 free extents.",
            ],
        ),
        (
            "lvcreate -n n --alloc contiguous -l 30 vg",
            &[
                "No PV has 30 free extents in a row; the longest runs: disk2 29, disk1 21, disk3 6.",
                "Each of these would do: -l 29; --alloc normal; moving extents 0-1 of disk2 to \
                 disk1; 1 more PV with 30 free extents.",
            ],
        ),
        (
            "lvcreate -n n --alloc cling -i 2 -l 50 vg",
            &["Each stripe of 25 extents keeps to one PV, or to PVs tied to it by tags: 1 of 2 \
                 have a place; the most that one can have is 25."],
        ),
        (
            "lvextend --alloc contiguous -l +1 vg/a",
            &["Behind the end on disk1 0 extents are free, 1 are needed."],
        ),
        ("lvextend --alloc cling -l +40 vg/a", &["Each of these would do: -l +21; --alloc normal"]),
        ("lvextend --alloc contiguous -l +60 vg/c", &[]),
    ] {
        lab.refuses(line, 5, expected);
        let ran = lab.run(line);
        let told = ran.err.lines().last().unwrap();
        let remedies = told.strip_prefix("  Each of these would do: ").expect(told);
        for remedy in remedies.trim_end_matches('.').split("; ") {
            let lab = lab.copy();
            let again = apply(&lab, remedy, line);
            let ran = lab.run(&again);
            assert_eq!(ran.code, 0, "{line}: {remedy}: {again}: {ran:?}");
        }
    }
}
