#!/usr/bin/env bash
# Proves the checker, sees that no weakened one is proved, and that its C is what is committed.
#
# usage: verify/proof/prove.sh [prove|weaken|extract]...   (none: all three, in order)
# `extract --write` writes checker.c instead of comparing it.
# The prover's limit is in its own steps, so that a slow machine comes to the same result.
set -euo pipefail
cd "$(dirname "$0")"
steps=30000000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
why3 config detect -C "$work/why3.conf" >"$work/detect" 2>&1 || { cat "$work/detect"; exit 1; }

# Proves what the arguments select in the directory $1; the goals are in $work/goals.
goals() {
  local dir=$1
  shift
  (cd "$dir" && why3 prove -C "$work/why3.conf" -L . -P Z3,, -t 0 -m 4000 -s $steps \
    -a split_vc "$@") >"$work/goals" 2>&1 || true
  all=$(grep -c '^Prover result is: ' "$work/goals" || true)
  proved=$(grep -c '^Prover result is: Valid ' "$work/goals" || true)
}

prove() {
  # What is taken for granted is in model.mlw: the memory of the caller.
  if grep -nE '^ *(val|axiom|type [a-z]+$)|assume|admit' -- *.mlw |
    grep -v '^model\.mlw:'; then
    echo "taken for granted outside of model.mlw" >&2
    return 1
  fi
  local file sum=0
  for file in *.mlw; do
    [ "$file" = model.mlw ] || {
      goals . "$file"
      if [ "$all" -eq 0 ] || [ "$proved" -ne "$all" ]; then
        cat "$work/goals"
        echo "$file: $proved of $all goals proved" >&2
        return 1
      fi
      sum=$((sum + all))
    }
  done
  echo "$sum goals proved, each within $steps steps of Z3"
}

# One weakened checker: the file, the module, the function, what is weak, and the change, of one
# line, by sed.
weak() {
  local file=$1 module=$2 function=$3 what=$4 change=$5
  rm -rf "$work/weak"
  mkdir "$work/weak"
  cp -- *.mlw "$work/weak"
  sed -i "$change" "$work/weak/$file"
  local changed
  changed=$(diff "$file" "$work/weak/$file" | grep -c '^<' || true)
  if [ "$changed" -ne 1 ]; then
    echo "$what: $changed lines change instead of one" >&2
    return 1
  fi
  goals "$work/weak" "$file" -T "$module" -G "$function'vc"
  if [ "$all" -eq 0 ]; then
    cat "$work/goals"
    echo "$what: nothing is proved or not" >&2
    return 1
  fi
  if [ "$proved" -eq "$all" ]; then
    echo "$what: proved, though it is weakened" >&2
    return 1
  fi
  weakened=$((weakened + 1))
  echo "$what: not proved, as it should be ($((all - proved)) of $all goals)"
}

weaken() {
  weakened=0
  # Nothing is proved because what is taken for granted contradicts itself.
  weak layouts.mlw Check check_layout 'that nothing is so' \
    's/^    ensures  { result -> forall v e. denotes p y.*/    ensures { false }/'
  . ./weakened.sh
  echo "$weakened weakened checkers, none proved"
}

extract() {
  why3 extract -C "$work/why3.conf" -D c -D ./c.drv -L . --recursive \
    covers.Certificate covers.Ends layouts.Check -o "$work/checker.c"
  {
    echo "/* The checker, extracted from verify/proof by Why3: prove.sh extract --write. */"
    cat "$work/checker.c"
  } >"$work/out.c"
  if [ "${1-}" = --write ]; then
    cp "$work/out.c" checker.c
  elif ! diff checker.c "$work/out.c"; then
    echo "checker.c is not what is extracted" >&2
    return 1
  else
    echo "checker.c is what is extracted"
  fi
}

if [ "${1-}" = extract ] && [ "${2-}" = --write ]; then
  extract --write
  exit
fi
[ $# -gt 0 ] || set -- prove weaken extract
for phase in "$@"; do
  "$phase"
done
