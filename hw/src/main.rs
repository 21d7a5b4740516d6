//! The `extant` program: LVM2's commands, and Extant's own.

mod commands;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::dispatch::main()
}
