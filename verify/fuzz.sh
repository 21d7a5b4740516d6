#!/usr/bin/env bash
# Coverage-guided fuzzing on the stable toolchain: verify/fuzz.sh TARGET SECONDS (needs g++ for libFuzzer).
# New inputs are kept in target/fuzz/TARGET; a finding is printed with its file.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:?usage: verify/fuzz.sh TARGET SECONDS}
seconds=${2:?usage: verify/fuzz.sh TARGET SECONDS}
flags='-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4'
flags+=' -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table'
flags+=' -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing'
RUSTFLAGS=$flags cargo build --release --target x86_64-unknown-linux-gnu --target-dir target/fuzz-build \
  -p extant-verify --bin fuzz-target
more=()
case $target in vg | tree | summary) more=(core/src/codec/golden) ;; esac
mkdir -p "target/fuzz/$target" "verify/corpus/$target" "${more[@]}"
EXTANT_FUZZ=$target exec target/fuzz-build/x86_64-unknown-linux-gnu/release/fuzz-target \
  -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=1024 -timeout=10 \
  -artifact_prefix="target/fuzz/$target-" "target/fuzz/$target" "verify/corpus/$target" "${more[@]}"
