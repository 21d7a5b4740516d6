use super::*;
use extant_core::name::VgName;
use extant_core::plan::effect::Payload;
use std::fs::{self, File};
use std::path::Path;

const SIZE: u64 = 4 << 20;

fn host(directory: &Path, count: usize) -> Host {
    let open = |number: usize| {
        let path = directory.join(format!("{number}.img"));
        File::create(&path).unwrap().set_len(SIZE).unwrap();
        Disk::open_image(&path, number.to_string()).unwrap()
    };
    let keeper = Keeper {
        archive: directory.join("archive"),
        backup: directory.join("backup"),
        retain_min: 10,
        retain_days: 30,
        umask: 0o077,
        node_name: String::from("node"),
    };
    let services = Services {
        keeper,
        hints: Some(directory.to_owned()),
        devices_file: None,
        who: String::from("test pid 1"),
        ctime: String::from("now"),
    };
    Host::new((0..count).map(open).collect(), services)
}

fn device(number: usize) -> DeviceId {
    DeviceId(u32::try_from(number).unwrap())
}

#[test]
fn each_effect_has_its_result_in_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let mut host = host(directory.path(), 40);
    let write = |number: usize| Effect::Write {
        device: device(number),
        offset: Bytes::new(512),
        data: Payload::new(vec![u8::try_from(number).unwrap(); 512]),
        why: String::new(),
    };
    let read = |number: usize| Effect::Read {
        device: device(number),
        offset: Bytes::new(1000),
        length: Bytes::new(8),
    };
    let flush = |number: usize| Effect::Flush { device: device(number) };
    let backwards = |effect: &dyn Fn(usize) -> Effect| (0..40).rev().map(effect).collect::<Group>();
    let all_done = vec![Completion::Done; 40];
    assert_eq!(host.carry_out(&backwards(&write)), all_done);
    assert_eq!(host.carry_out(&backwards(&flush)), all_done);
    let bytes = |number: usize| Completion::Bytes([u8::try_from(number).unwrap(); 8].into());
    let expected: Vec<Completion> = (0..40).rev().map(bytes).collect();
    assert_eq!(host.carry_out(&backwards(&read)), expected);
    assert_eq!(host.carry_out(&Group::new()), []);
}

#[test]
fn what_fails_keeps_its_number() {
    let directory = tempfile::tempdir().unwrap();
    let mut host = host(directory.path(), 1);
    let zero = |device, offset| Effect::Zero {
        device,
        offset: Bytes::new(offset),
        length: Bytes::new(512),
        why: String::new(),
    };
    let results =
        host.carry_out(&vec![zero(device(0), 0), zero(device(0), SIZE), zero(device(7), 0)]);
    let errno = |completion: &Completion| match completion {
        Completion::Failed(error) => error.errno,
        _ => None,
    };
    assert_eq!(results[0], Completion::Done);
    assert_eq!(errno(&results[1]), Some(nix::libc::ENOSPC));
    assert_eq!(errno(&results[2]), Some(nix::libc::ENODEV));
    let Completion::Failed(error) = &results[1] else {
        panic!("a write beyond the end fails");
    };
    assert_eq!(error.message, "No space left on device");
}

#[test]
fn files_are_kept_and_hints_are_invalid_to_the_end() {
    let directory = tempfile::tempdir().unwrap();
    let mut host = host(directory.path(), 1);
    let vg: VgName = "vg".parse().unwrap();
    let text = Payload::new(&b"text"[..]);
    let group = vec![
        Effect::Archive { vg: vg.clone(), text: text.clone() },
        Effect::Backup { vg: vg.clone(), text },
        Effect::InvalidateHints,
        Effect::InvalidateHints,
    ];
    assert_eq!(host.carry_out(&group), vec![Completion::Done; 4]);
    assert_eq!(host.keeper().list_archive("vg").unwrap().len(), 1);
    assert_eq!(fs::read(directory.path().join("backup/vg")).unwrap(), b"text");
    let hints = File::open(directory.path().join("hints")).unwrap();
    assert!(hints.try_lock().is_err());
    assert_eq!(host.carry_out(&vec![Effect::RemoveBackup { vg }]), [Completion::Done]);
    assert!(!directory.path().join("backup/vg").exists());
    drop(host);
    assert!(hints.try_lock().is_ok());
}

#[test]
fn signatures_are_found_across_the_runs_of_a_range() {
    let directory = tempfile::tempdir().unwrap();
    let mut host = host(directory.path(), 1);
    let write = |offset, bytes: Vec<u8>| Effect::Write {
        device: device(0),
        offset: Bytes::new(offset),
        data: Payload::new(bytes),
        why: String::new(),
    };
    // The range is the second MiB, then the first: btrfs' magic is at 64 KiB and 64 bytes of it.
    let mut magic = vec![0; 512];
    magic[64..72].copy_from_slice(b"_BHRfS_M");
    host.carry_out(&vec![write(0x1000, magic)]);
    let runs = vec![
        (Bytes::new(0x10_0000), Bytes::new(0x1_0000)),
        (Bytes::new(0x1000), Bytes::new(0x10_0000)),
    ];
    let probe = Effect::Probe(Probe { device: device(0), runs });
    let signature = Signature {
        kind: String::from("btrfs"),
        offset: Bytes::new(0x1_0040),
        length: Bytes::new(8),
        partition_table: false,
    };
    assert_eq!(host.carry_out(&vec![probe]), [Completion::Signatures(vec![signature])]);
}
