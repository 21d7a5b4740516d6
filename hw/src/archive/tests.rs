use super::*;
use std::os::unix::fs::PermissionsExt;

fn keeper(directory: &Path) -> Keeper {
    Keeper {
        archive: directory.join("etc/archive"),
        backup: directory.join("etc/backup"),
        retain_min: 3,
        retain_days: 30,
        umask: 0o077,
        node_name: String::from("node"),
    }
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn archives_are_numbered_by_vg() {
    let directory = tempfile::tempdir().unwrap();
    let keeper = keeper(directory.path());
    for (vg, number) in [("vg", "vg_00000-"), ("vg", "vg_00001-"), ("vg_2", "vg_2_00000-")] {
        let path = keeper.archive(vg, b"text").unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(name.starts_with(number), "{name}");
        assert_eq!(path.extension(), Some("vg".as_ref()));
        assert_eq!(fs::read(&path).unwrap(), b"text");
        assert_eq!(mode(&path), 0o600);
    }
    assert_eq!(mode(&keeper.archive), 0o700);
    assert_eq!(names(&keeper.archive).len(), 3);
    // A number beyond five digits is read like any other.
    fs::write(keeper.archive.join("vg_123456-1.vg"), "").unwrap();
    let path = keeper.archive("vg", b"").unwrap();
    assert!(path.to_str().unwrap().contains("/vg_123457-"));
    assert_eq!(keeper.list_archive("vg").unwrap().len(), 4);
}

#[test]
fn foreign_names_are_not_taken_for_archives() {
    for (name, number) in [
        ("vg_00012-7.vg", Some(12)),
        ("vg_00012.vg", Some(12)),
        ("vg_2_00012-7.vg", None),
        ("vg_00012-7.vg.tmp", None),
        ("vg_-7.vg", None),
        ("vg_12-x.vg", None),
        ("vgx_00012-7.vg", None),
        ("vg", None),
    ] {
        assert_eq!(parse_name(name, "vg"), number, "{name}");
    }
}

#[test]
fn only_old_files_beyond_the_minimum_go() {
    let directory = tempfile::tempdir().unwrap();
    let keeper = keeper(directory.path());
    let old = SystemTime::now() - Duration::from_hours(31 * 24);
    let mut paths = Vec::new();
    for _ in 0..3 {
        let path = keeper.archive("vg", b"").unwrap();
        File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
        paths.push(path);
    }
    // Of four files the oldest goes; of the next four too, then the young stay.
    for (round, left) in [(0, 3), (1, 3), (2, 3), (3, 4), (4, 5)] {
        keeper.archive("vg", b"").unwrap();
        assert_eq!(names(&keeper.archive).len(), left, "round {round}");
    }
    assert!(paths.iter().all(|path| !path.exists()));
}

#[test]
fn a_backup_is_replaced_and_removed() {
    let directory = tempfile::tempdir().unwrap();
    let keeper = keeper(directory.path());
    keeper.remove_backup("vg").unwrap();
    keeper.back_up("vg", b"one").unwrap();
    let path = keeper.back_up("vg", b"two").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"two");
    assert_eq!(mode(&path), 0o600);
    assert_eq!(names(&keeper.backup), ["vg"]);
    keeper.remove_backup("vg").unwrap();
    assert_eq!(names(&keeper.backup), [""; 0]);
    let elsewhere = directory.path().join("elsewhere");
    keeper.write_file(&elsewhere, b"three").unwrap();
    assert_eq!(fs::read(elsewhere).unwrap(), b"three");
    assert!(keeper.write_file(&directory.path().join("no/where"), b"").is_ok());
}
