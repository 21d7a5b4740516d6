use super::*;
use crate::device::testing::Loop;
use std::fs::{self, File};

fn options() -> Options {
    Options {
        command: String::from("pvs"),
        command_line: String::from("pvs -a"),
        ..Options::default()
    }
}

fn names(opened: &Opened) -> Vec<String> {
    opened.host.devices().into_iter().map(|device| device.name).collect()
}

#[test]
fn a_lab_is_a_machine_of_its_own() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("lab");
    Lab::create(&place, 3, 4 << 20).unwrap();
    let options =
        Options { lab: Some(place.clone()), system: Some("/etc/lvm".into()), ..options() };
    let machine = Machine::prepare(options.clone()).unwrap();
    machine.prepare_locks().unwrap();
    assert!(place.join(".extant/lock").is_dir());
    assert_eq!(machine.facts.command_line, "pvs -a");
    assert!(machine.config.settings().archive);
    let opened = machine.open().unwrap();
    assert_eq!(names(&opened), ["disk1", "disk2", "disk3"]);
    let aliases = &opened.host.devices()[0].aliases;
    assert!(aliases.contains(&place.join("disk1.img").to_str().unwrap().to_owned()), "{aliases:?}");
    // Its own configuration counts, but not for where things are.
    fs::write(place.join(".extant/lvm.conf"), "backup { archive=0 archive_dir=\"/nowhere\" }")
        .unwrap();
    let machine = Machine::prepare(options).unwrap();
    assert!(!machine.config.settings().archive);
    assert_eq!(machine.paths.archive, place.join(".extant/archive"));
    let missing = Options { lab: Some(directory.path().join("none")), ..self::options() };
    assert_eq!(Machine::prepare(missing).unwrap_err().exit_code(), 5);
}

#[test]
fn files_that_are_named_are_devices() {
    let directory = tempfile::tempdir().unwrap();
    let image = directory.path().join("x.img");
    File::create(&image).unwrap().set_len(4 << 20).unwrap();
    let name = image.to_str().unwrap().to_owned();
    let base = Options { system: Some(directory.path().into()), ..options() };
    let none = "devices/scan=[\"/nowhere\"]";
    let named = Options { named: vec![name.clone()], config: Some(none.into()), ..base.clone() };
    let opened = Machine::prepare(named).unwrap().open().unwrap();
    assert_eq!(names(&opened), std::slice::from_ref(&name));
    let listed = Options { devices: vec![format!("/nowhere/y,{name}")], ..base };
    let opened = Machine::prepare(listed).unwrap().open().unwrap();
    assert_eq!(names(&opened), [name]);
    assert_eq!(opened.warnings, ["Device not found for /nowhere/y."]);
}

#[test]
fn the_devices_file_says_which_devices_there_are() {
    let (Some(one), Some(two)) = (Loop::new(4 << 20), Loop::new(4 << 20)) else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let system = directory.path();
    fs::create_dir(system.join("devices")).unwrap();
    let text = format!("VERSION=1.1.1\nIDTYPE=devname IDNAME={0} DEVNAME={0} PVID=.\n", one.path);
    fs::write(system.join("devices/system.devices"), text).unwrap();
    let config = Some(String::from("devices { use_devicesfile=1 filter=[\"r|.*|\"] }"));
    let base = Options { system: Some(system.into()), config, ..options() };
    let opened = Machine::prepare(base.clone()).unwrap().open().unwrap();
    assert_eq!(names(&opened), std::slice::from_ref(&one.path));
    assert_eq!(
        opened.warnings,
        ["Please remove the lvm.conf filter, it is ignored with the devices file."]
    );
    let reason = |opened: &Opened, name: &str| {
        let found = opened
            .rejected
            .iter()
            .find(|rejected| rejected.names.iter().any(|other| other == name));
        found.map(|rejected| rejected.reason.to_string())
    };
    assert_eq!(reason(&opened, &two.path).as_deref(), Some("is not in devices file"));
    let new = Options { named: vec![two.path.clone()], takes_new_devices: true, ..base.clone() };
    let mut both = vec![one.path.clone(), two.path.clone()];
    both.sort();
    let mut found = names(&Machine::prepare(new).unwrap().open().unwrap());
    found.sort();
    assert_eq!(found, both);
    // `--devicesfile ""` turns it off; then the filter counts again.
    let off = Options { devices_file: Some(String::new()), ..base };
    let opened = Machine::prepare(off).unwrap().open().unwrap();
    assert_eq!(names(&opened), [""; 0]);
    assert_eq!(reason(&opened, &one.path).as_deref(), Some("is rejected by filter config"));
}
