#!/usr/bin/env bash
# Everything that tests Extant, LVM2 as oracle included: what CI runs. Needs root for loop devices.
#
# usage: verify/all.sh [PHASE...]   (no phase: all of them, in order)
# EXTANT_ORACLE_SEQUENCES, EXTANT_ORACLE_STEPS, EXTANT_FUZZ_SECONDS make it shorter or longer.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null
export CARGO_TERM_COLOR=never
sequences=${EXTANT_ORACLE_SEQUENCES:-30}
steps=${EXTANT_ORACLE_STEPS:-40}
fuzz_seconds=${EXTANT_FUZZ_SECONDS:-3}
verify=target/release/verify

install() {
  local missing=()
  command -v lvm >/dev/null || missing+=(lvm2)
  command -v losetup >/dev/null || missing+=(mount)
  command -v strace >/dev/null || missing+=(strace)
  command -v cc >/dev/null || missing+=(gcc libc6-dev)
  command -v why3 >/dev/null || missing+=(why3)
  command -v z3 >/dev/null || missing+=(z3)
  if [ ${#missing[@]} -eq 0 ]; then
    echo "nothing is missing"
    return
  fi
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "missing, and not to be installed from here: ${missing[*]}" >&2
    return 1
  fi
  local attempt
  for attempt in 1 2 3 4 5; do
    if apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y \
      --no-install-recommends install "${missing[@]}"; then
      return
    fi
    echo "attempt $attempt failed" >&2
    sleep $((attempt * 5))
  done
  return 1
}

fmt() { cargo fmt --all --check; }

clippy() { cargo clippy --quiet --workspace --all-targets -- -D warnings; }

doc() { RUSTDOCFLAGS='-D warnings' cargo doc --quiet --workspace --no-deps; }

tests() {
  if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --workspace --no-fail-fast --status-level fail
  else
    cargo test --quiet --workspace --lib --bins --tests --no-fail-fast
  fi
  cargo test --quiet --workspace --doc
}

build() { cargo build --quiet --release -p extant-hw -p extant-verify; }

fuzz() {
  $verify fuzz smoke --seconds "$fuzz_seconds"
  if $verify fuzz canary; then
    echo "fuzzing does not find the seeded mistake" >&2
    return 1
  fi
}

teeth() { $verify teeth; }

# Reports, texts and vgck after each step; and each step by both programs from the same state: what they
# leave on the disks and in the backups, their exit codes and what they print.
oracle() {
  $verify oracle --sequences "$sequences" --steps "$steps"
  $verify oracle --sector-size 4096 --sequences "$(((sequences + 5) / 6))" --steps "$steps" --seed 9001
}

race() { $verify race; }

# LVs as large as they can be: Extant must find room for all. And random ones: none may be placed worse.
placements() {
  $verify placements maximum
  $verify placements compare --cases 300
  $verify placements compare --mirrors --cases 100
}

# All goals of the checker's proof, none of the weakened checkers, and the C that Why3 extracts.
proof() { verify/proof/prove.sh; }

# The allocator on every small problem, on random ones, and against the best layouts; one that is
# greedy must be caught by each.
alloc() {
  $verify alloc exhaustive --pvs 3 --extents 4
  $verify alloc random --count 20000
  $verify alloc preference --pvs 2 --extents 4 --stripes 1
  $verify alloc preference --pvs 3 --extents 2 --stripes 2
  local way
  for way in exhaustive random; do
    if $verify alloc $way --solver greedy 2>/dev/null; then
      echo "$way: a greedy allocator is not caught" >&2
      return 1
    fi
  done
}

phases=(install fmt clippy doc tests proof build fuzz teeth oracle race placements alloc)
[ $# -eq 0 ] || phases=("$@")
begin=$SECONDS
for phase in "${phases[@]}"; do
  echo "== $phase"
  start=$SECONDS
  # Not as a condition: there, bash would go on after a failure within the phase.
  set +e
  (
    set -e
    "$phase"
  )
  status=$?
  set -e
  if [ $status -ne 0 ]; then
    echo "== $phase FAILED after $((SECONDS - start)) s"
    exit 1
  fi
  echo "== $phase: $((SECONDS - start)) s"
done
echo "== all: $((SECONDS - begin)) s"
