use super::*;
use crate::device::testing::Loop;
use std::fs::File;
use std::os::unix::fs::FileExt;

fn paths() -> Paths {
    Paths::of_machine(Path::new("/etc/lvm"))
}

fn image(directory: &Path, name: &str, size: u64) -> PathBuf {
    let path = directory.join(name);
    File::create(&path).unwrap().set_len(size).unwrap();
    path
}

/// No block device but those listed.
fn images_only(images: &[PathBuf]) -> Selection {
    Selection {
        only: Some(Vec::new()),
        images: images
            .iter()
            .map(|path| ImageFile { name: path.to_str().unwrap().to_owned(), path: path.clone() })
            .collect(),
        ..Selection::default()
    }
}

#[test]
fn images_are_disks_unless_something_speaks_against_it() {
    let directory = tempfile::tempdir().unwrap();
    let good = image(directory.path(), "good.img", 4 << 20);
    let small = image(directory.path(), "small.img", 1 << 20);
    let partitioned = image(directory.path(), "partitioned.img", 4 << 20);
    let file = File::options().write(true).open(&partitioned).unwrap();
    file.write_all_at(b"\x55\xaa", 510).unwrap();
    file.write_all_at(b"\x01", 446 + 12).unwrap();
    let raid = image(directory.path(), "raid.img", 4 << 20);
    let file = File::options().write(true).open(&raid).unwrap();
    file.write_all_at(b"\xfc\x4e\x2b\xa9\x01", 4096).unwrap();
    file.write_all_at(b"\x08", 4096 + 144).unwrap();
    let images = [
        good.clone(),
        small.clone(),
        partitioned.clone(),
        raid.clone(),
        directory.path().join("none"),
    ];
    let inventory = find(&paths(), &images_only(&images)).unwrap();
    let names: Vec<&Path> = inventory.disks.iter().map(|disk| &*disk.path).collect();
    assert_eq!(names, [&*good]);
    let reason = |path: &Path| inventory.find_rejected(path.to_str().unwrap());
    assert_eq!(reason(&good), None);
    assert_eq!(reason(&small), Some(Reason::TooSmall));
    assert_eq!(reason(&partitioned), Some(Reason::Partitioned));
    assert_eq!(reason(&raid), Some(Reason::MdComponent));
    assert_eq!(reason(&images[4]), Some(Reason::Unusable));
}

#[test]
fn a_list_is_all_there_is() {
    let directory = tempfile::tempdir().unwrap();
    let one = image(directory.path(), "one.img", 4 << 20);
    let listed = |path: &Path| Listed { path: path.to_owned(), id: None, partition: None };
    let only = vec![listed(&one), listed(Path::new("/no/such"))];
    let selection = Selection { only: Some(only), ..Selection::default() };
    let inventory = find(&paths(), &selection).unwrap();
    assert_eq!(inventory.disks.len(), 1);
    assert_eq!(inventory.disks[0].facts.name, one.to_str().unwrap());
    assert_eq!(inventory.missing, [listed(Path::new("/no/such"))]);
}

#[test]
fn filters_choose_block_devices() {
    let Some(device) = Loop::new(4 << 20) else {
        return;
    };
    let find_with = |filter: &[&str]| {
        let filter = Filter::new(filter.iter().copied()).unwrap();
        find(&paths(), &Selection { filter, ..Selection::default() }).unwrap()
    };
    let own = format!("a|^{}$|", device.path);
    let inventory = find_with(&[&own, "r|.*|"]);
    assert_eq!(inventory.disks.len(), 1);
    assert_eq!(inventory.disks[0].facts.name, device.path);
    assert_eq!(inventory.disks[0].facts.number, Some(device.number));
    let inventory = find_with(&["r|.*|"]);
    assert!(inventory.disks.is_empty());
    assert_eq!(inventory.find_rejected(&device.path), Some(Reason::Filter));
}
