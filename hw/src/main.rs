//! The `extant` program: LVM2's commands, and Extant's own.

mod commands;

use std::process::ExitCode;

fn main() -> ExitCode {
    extant_hw::sys::memory::keep_freed();
    commands::dispatch::main()
}
