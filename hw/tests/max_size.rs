//! `max-size` prints the line that makes the largest volume: it does, and a row more is refused
//! with the words that were printed.

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod support;

use support::Lab;

/// Three PVs of 31 extents with holes of several lengths; one PV that gives nothing.
fn lab() -> Lab {
    let lab = Lab::new(4, "32m");
    lab.ok("vgcreate -s 1m vg disk1 disk2 disk3 disk4");
    for (name, place) in [("a", "disk1:0-3"), ("b", "disk1:7-15"), ("c", "disk3:3-26")] {
        let (first, last) = place.split_once(':').unwrap().1.split_once('-').unwrap();
        let length: u64 = last.parse::<u64>().unwrap() - first.parse::<u64>().unwrap() + 1;
        lab.ok(&format!("lvcreate -n {name} -l {length} vg {place}"));
    }
    lab.ok("lvcreate -n d -i 2 -l 4 vg disk1:20-21 disk2:5-6");
    lab.ok("pvchange -xn disk4");
    lab
}

/// The lines that are asked about.
fn lines() -> Vec<String> {
    let mut lines = Vec::new();
    for policy in ["", " --alloc contiguous", " --alloc cling", " --alloc anywhere"] {
        for stripes in ["", " -i 2", " -i 3"] {
            for pvs in ["", " disk1 disk3", " disk2:10- disk1:5-29 disk3"] {
                lines.push(format!("max-size vg{pvs}{stripes}{policy}"));
            }
        }
        for lv in ["a", "b", "c", "d", "d -i 3", "a disk3 disk2:0-8"] {
            lines.push(format!("max-size vg/{lv}{policy}"));
        }
    }
    lines
}

/// Returns the command line with so many extents more.
fn with_more(command: &str, more: u64) -> String {
    let mut words: Vec<String> = command.split(' ').map(str::to_owned).collect();
    let place = words.iter().position(|word| word == "-l").unwrap() + 1;
    let (sign, count) = match words[place].strip_prefix('+') {
        Some(count) => ("+", count),
        None => ("", words[place].as_str()),
    };
    words[place] = format!("{sign}{}", count.parse::<u64>().unwrap() + more);
    words.join(" ")
}

#[test]
fn the_line_printed_succeeds_and_one_row_more_is_refused_in_the_words_printed() {
    let lab = lab();
    let (mut fitting, mut refused) = (0, 0);
    for line in lines() {
        let before = lab.written();
        let ran = lab.run(&line);
        assert!(lab.written() == before, "{line} wrote something");
        if ran.code != 0 {
            // Not a row, or too few devices for so many stripes: the words are those of lvcreate.
            assert_eq!(ran.code, 5, "{line}: {ran:?}");
            let one = line.replacen("max-size vg/", "lvextend -l +1 vg/", 1);
            let one = one.replacen("max-size vg", "lvcreate -l 1 vg", 1);
            let told = lab.run(&one);
            assert_eq!(told.code, 5, "{one}: {told:?}");
            assert_eq!(ran.err, told.err, "{line}: {one}");
            refused += 1;
            continue;
        }
        let mut told = ran.out.lines().map(str::trim_start);
        let (first, command) = (told.next().unwrap(), told.next().unwrap());
        let stripes = match first.split_once(" rows of ") {
            Some((_, behind)) => behind.split(' ').next().unwrap().parse().unwrap(),
            None => 1,
        };
        let copy = lab.copy();
        copy.ok(&with_more(command, 0));
        let beyond = lab.run(&with_more(command, stripes));
        assert_eq!(beyond.code, 5, "{line}: {command}: {beyond:?}");
        let bound: Vec<&str> = told.collect();
        let (_, bound_first) = bound[0].split_once(": ").unwrap();
        let errors: Vec<&str> = beyond.err.lines().map(str::trim_start).collect();
        assert_eq!([&[bound_first], &bound[1..]].concat(), errors, "{line}: {command}");
        fitting += 1;
    }
    assert!(fitting > 40 && refused > 4, "{fitting} {refused}");
}

#[test]
fn the_answer_reads_well() {
    let lab = lab();
    let ran = lab.ok("max-size vg -i 2");
    assert!(
        ran.starts_with(
            "  Largest new volume in vg: 46.00 MiB (46 extents, 23 rows of 2 stripes).\n  \
             lvcreate -l 46 -i 2 vg\n  \
             One row more: Insufficient suitable allocatable extents for logical volume lvol0: 2 \
             more required\n  \
             Stripes lie on different PVs; for 24 rows these can give: disk2 24, disk1 16, disk3 7. \
             That is 47 of 48 extents.\n  \
             Each of these would do: -l 46; "
        ),
        "{ran}"
    );
    let ran = lab.ok("max-size vg/a --units k --nosuffix --alloc contiguous");
    assert!(ran.contains("vg/a can grow by 3072.00 (3 extents) to 7168.00 (7 extents)."), "{ran}");
    assert!(ran.contains("\n  lvextend -l +3 --alloc contiguous vg/a\n"), "{ran}");
    assert!(ran.contains("One extent more: "), "{ran}");
    lab.refuses("max-size vg -i 0", 3, &["--stripes may not be zero."]);
    lab.refuses("max-size", 3, &["No command with matching syntax recognised."]);
    lab.refuses("max-size vg/nosuch", 5, &["nosuch"]);
    lab.refuses("max-size vg --units x", 3, &["Invalid units specification"]);
    lab.refuses("max-size 'no name'", 5, &["has invalid characters"]);
}
