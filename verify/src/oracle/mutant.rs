//! Seeded mistakes: programs that do as LVM2 does but for one fault, to show that the oracle sees
//! it.

use crate::world::program::Program;
use anyhow::{Context, bail};
use std::path::Path;
use std::process::Command;

/// The mistakes: name, and what goes wrong.
pub const MISTAKES: [(&str, &str); 6] = [
    ("drop-tag", "a tag that was added is not there"),
    ("drop-backup", "a change leaves no backup file"),
    ("one-more", "an LV extended by N extents gets N + 1"),
    ("wrong-status", "a failed command claims success"),
    ("wrong-field", "a report shows another seqno"),
    ("wrong-words", "a success is told in other words"),
];

/// The mistake that a race must show: what it is called.
pub const RACE_MISTAKE: &str = "no-lock";

/// Returns the program that makes a mistake: this one, called with `mutant NAME`.
///
/// # Errors
/// If there is no such mistake.
pub fn program(mistake: &str) -> anyhow::Result<Program> {
    if mistake != RACE_MISTAKE && !MISTAKES.iter().any(|(name, _)| *name == mistake) {
        bail!("no such mistake: {mistake}");
    }
    let own = std::env::current_exe().context("finding this program")?;
    Ok(Program {
        name: format!("mutant {mistake}"),
        words: vec![own.display().to_string(), "mutant".to_owned(), mistake.to_owned()],
    })
}

/// Runs LVM2 with a mistake; returns the exit status.
///
/// # Errors
/// If LVM2 cannot be run.
pub fn play(mistake: &str, args: &[String]) -> anyhow::Result<i32> {
    let system_dir = std::env::var("LVM_SYSTEM_DIR").context("LVM_SYSTEM_DIR is set")?;
    let lvm2 = Program::lvm2();
    let mut args = args.to_vec();
    match mistake {
        "drop-backup" => args.insert(1.min(args.len()), "-An".to_owned()),
        "one-more" => one_more(&mut args),
        RACE_MISTAKE => args.insert(1.min(args.len()), "--nolocking".to_owned()),
        _ => {}
    }
    let mut outcome = if args.is_empty() {
        bail!("a mutant has no shell");
    } else {
        lvm2.run(Path::new(&system_dir), &args)?
    };
    match mistake {
        "drop-backup" if outcome.status == Some(3) => {
            // Reports have no such option.
            args.remove(1);
            outcome = lvm2.run(Path::new(&system_dir), &args)?;
        }
        "drop-tag" => drop_tag(&args)?,
        "wrong-status" => outcome.status = Some(0),
        "wrong-field" => {
            outcome.stdout = outcome.stdout.replace("\"vg_seqno\":\"1", "\"vg_seqno\":\"2");
        }
        "wrong-words" => outcome.stdout = outcome.stdout.replace("created.", "made."),
        _ => {}
    }
    print!("{}", outcome.stdout);
    eprint!("{}", outcome.stderr);
    Ok(outcome.status.unwrap_or(5))
}

fn one_more(args: &mut [String]) {
    if args.first().is_some_and(|command| command == "lvextend") {
        for arg in args {
            if let Some(count) = arg.strip_prefix('+').and_then(|n| n.parse::<u64>().ok()) {
                *arg = format!("+{}", count + 1);
            }
        }
    }
}

/// Takes tags away again that a command has added.
fn drop_tag(args: &[String]) -> anyhow::Result<()> {
    let changes = ["vgchange", "lvchange", "pvchange"];
    if args.first().is_some_and(|command| changes.contains(&command.as_str()))
        && args.iter().any(|arg| arg == "--addtag")
    {
        let reverse = args.iter().map(|arg| match arg.as_str() {
            "--addtag" => "--deltag",
            other => other,
        });
        Command::new("lvm").args(reverse).output()?;
    }
    Ok(())
}
