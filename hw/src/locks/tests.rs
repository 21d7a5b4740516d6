use super::*;
use extant_core::name::VgName;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

fn locks(directory: &Path, wait: bool) -> Locks {
    Locks { directory: Some(directory.to_owned()), wait, prioritise_writers: true }
}

fn vg(name: &str) -> LockName {
    LockName::Vg(name.parse::<VgName>().unwrap())
}

fn files(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn files_have_lvm2s_names_and_vanish_with_the_lock() {
    let directory = tempfile::tempdir().unwrap();
    let locks = locks(&directory.path().join("made/for/it"), true);
    locks.prepare().unwrap();
    let place = locks.directory.clone().unwrap();
    let global = locks.acquire(&LockName::Global, LockMode::Shared).unwrap();
    let one = locks.acquire(&vg("a"), LockMode::Exclusive).unwrap();
    assert_eq!(files(&place), ["P_global", "V_a"]);
    drop(one);
    assert_eq!(files(&place), ["P_global"]);
    drop(global);
    assert_eq!(files(&place), [""; 0]);
}

/// Rows: held, wanted, whether it is had without waiting.
#[test]
fn readers_share_and_writers_do_not() {
    use LockMode::{Exclusive, Shared};
    let directory = tempfile::tempdir().unwrap();
    let locks = locks(directory.path(), false);
    for (held, wanted, had) in [
        (Shared, Shared, true),
        (Shared, Exclusive, false),
        (Exclusive, Shared, false),
        (Exclusive, Exclusive, false),
    ] {
        let first = locks.acquire(&vg("a"), held).unwrap();
        let second = locks.acquire(&vg("a"), wanted);
        assert_eq!(second.is_ok(), had, "{held:?} {wanted:?}");
        if let Err(error) = &second {
            let words = error.to_string();
            assert!(
                words.ends_with("V_a: flock failed: Resource temporarily unavailable"),
                "{words}"
            );
        }
        drop((first, second));
        assert_eq!(files(directory.path()), [""; 0]);
    }
}

#[test]
fn a_waiting_writer_holds_off_new_readers() {
    let directory = tempfile::tempdir().unwrap();
    let waiting = locks(directory.path(), true);
    let reader = waiting.acquire(&vg("a"), LockMode::Shared).unwrap();
    thread::scope(|scope| {
        let writer = scope.spawn(|| waiting.acquire(&vg("a"), LockMode::Exclusive).unwrap());
        while !directory.path().join("V_a:aux").exists() {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_millis(20));
        assert!(locks(directory.path(), false).acquire(&vg("a"), LockMode::Shared).is_err());
        drop(reader);
        drop(writer.join().unwrap());
    });
    assert_eq!(files(directory.path()), [""; 0]);
}

/// The unlinking protocol has races; this looks for one that lets two writers in.
#[test]
fn many_writers_are_never_two_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let locks = locks(directory.path(), true);
    let inside = AtomicU32::new(0);
    thread::scope(|scope| {
        for number in 0..8 {
            let (locks, inside) = (&locks, &inside);
            scope.spawn(move || {
                for round in 0..100 {
                    let shared = (number + round) % 3 == 0;
                    let mode = if shared { LockMode::Shared } else { LockMode::Exclusive };
                    let held = locks.acquire(&vg("a"), mode).unwrap();
                    if !shared {
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        thread::yield_now();
                        inside.fetch_sub(1, Ordering::SeqCst);
                    }
                    drop(held);
                }
            });
        }
    });
    assert_eq!(files(directory.path()), [""; 0]);
}

/// Runs LVM2 with its locks in `directory`, on no devices at all.
fn lvm2(directory: &Path, arguments: &[&str]) -> Option<Command> {
    if Command::new("lvm")
        .arg("version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_err()
    {
        eprintln!("skipped: there is no lvm on this machine");
        return None;
    }
    if !nix::unistd::geteuid().is_root() {
        eprintln!("skipped: lvm takes locks for root only");
        return None;
    }
    fs::write(
        directory.join("lvm.conf"),
        format!(
            "global {{ activation=0 locking_dir=\"{0}/lock\" }}\n\
             devices {{ filter=[\"r|.*|\"] hints=\"none\" use_devicesfile=0 \
             obtain_device_list_from_udev=0 }}\n\
             backup {{ backup=0 archive=0 }}\n",
            directory.display()
        ),
    )
    .unwrap();
    let mut command = Command::new("lvm");
    command.args(arguments).env("LVM_SYSTEM_DIR", directory).env("LVM_SUPPRESS_FD_WARNINGS", "1");
    command.stdout(Stdio::null()).stderr(Stdio::null());
    Some(command)
}

#[test]
fn lvm2_waits_for_our_lock() {
    let directory = tempfile::tempdir().unwrap();
    let locks = locks(&directory.path().join("lock"), true);
    locks.prepare().unwrap();
    let Some(mut command) = lvm2(directory.path(), &["vgchange", "--addtag", "x", "vga"]) else {
        return;
    };
    let held = locks.acquire(&vg("vga"), LockMode::Shared).unwrap();
    let mut child = command.spawn().unwrap();
    let limit = Instant::now() + Duration::from_secs(10);
    while !directory.path().join("lock/V_vga:aux").exists() {
        assert!(Instant::now() < limit, "LVM2 never came to the lock");
        assert!(child.try_wait().unwrap().is_none(), "LVM2 did not wait");
        thread::sleep(Duration::from_millis(2));
    }
    thread::sleep(Duration::from_millis(100));
    assert!(child.try_wait().unwrap().is_none(), "LVM2 went on without the lock");
    drop(held);
    assert_eq!(child.wait().unwrap().code(), Some(5));
    assert_eq!(files(&directory.path().join("lock")), [""; 0]);
}
