//! The entry point of coverage-guided fuzzing: `verify/fuzz.sh` builds and runs it.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    use extant_verify::fuzz::{Target, find};
    use std::sync::OnceLock;
    static TARGET: OnceLock<Target> = OnceLock::new();
    let target = TARGET.get_or_init(|| {
        let name = std::env::var("EXTANT_FUZZ").unwrap_or_default();
        find(&name).unwrap_or_else(|| panic!("EXTANT_FUZZ={name} is no target"))
    });
    (target.run)(bytes);
});

#[cfg(not(fuzzing))]
fn main() {
    eprintln!("built without instrumentation; run verify/fuzz.sh TARGET SECONDS");
    std::process::exit(2);
}
