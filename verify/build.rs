//! Compiles the checker that Why3 extracts from its proof.

fn main() {
    println!("cargo::rerun-if-changed=proof/checker.c");
    // Its proofs mention parameters that its code does not.
    cc::Build::new().file("proof/checker.c").flag("-Wno-unused-parameter").compile("checker");
}
