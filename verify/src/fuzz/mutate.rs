//! Mutants of inputs: small damages to bytes, and the ones that hurt readers of text.

use crate::rng::Rng;

/// Numbers at which readers break.
const NUMBERS: [&str; 12] = [
    "0",
    "1",
    "-1",
    "511",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999999",
    "0777",
];
/// Pieces of text at which readers break.
const PIECES: [&str; 14] =
    ["{", "}", "[", "]", "\"", "\\", "#", "=", ",", "\n", "\0", "[]", "\t# ", "a {"];

/// Returns a mutant of `input`; `others` lend parts.
pub(super) fn mutate(
    rng: &mut Rng,
    input: &[u8],
    others: &[Vec<u8>],
    length_max: usize,
) -> Vec<u8> {
    let mut out = input.to_vec();
    for _ in 0..=rng.below(4) {
        mutate_once(rng, &mut out, others);
    }
    out.truncate(length_max);
    out
}

/// Returns up to `length` random bytes, in half of the cases printable ones.
pub(super) fn noise(rng: &mut Rng, length: usize) -> Vec<u8> {
    let printable = rng.one_in(2);
    let count = rng.index(length) + 1;
    let bytes = (0..count).map(|_| rng.next_u64().to_le_bytes()[3]);
    bytes.map(|byte| if printable { b' ' + byte % 95 } else { byte }).collect()
}

fn mutate_once(rng: &mut Rng, out: &mut Vec<u8>, others: &[Vec<u8>]) {
    if out.is_empty() {
        out.extend(noise(rng, 64));
        return;
    }
    let at = rng.index(out.len());
    let end = at + rng.index((out.len() - at).min(200)) + 1;
    match rng.below(11) {
        0 => out[at] ^= 1 << rng.below(8),
        1 => out[at] = rng.next_u64().to_le_bytes()[0],
        2 => drop(out.drain(at..end)),
        3 => {
            let part = out[at..end].to_vec();
            insert(out, at, &part);
        }
        4 => out.truncate(at),
        5 => replace_number(rng, out, at),
        6 => insert(out, at, rng.pick(&PIECES).as_bytes()),
        7 => {
            let piece = rng.pick(&PIECES).repeat(rng.index(3000) + 1);
            insert(out, at, piece.as_bytes());
        }
        8 => {
            let other = rng.pick(others);
            if !other.is_empty() {
                let from = rng.index(other.len());
                let to = from + rng.index((other.len() - from).min(400)) + 1;
                insert(out, at, &other[from..to]);
            }
        }
        9 => {
            // A small number in binary, where headers have theirs.
            let value = (*rng.pick(&[0u64, 1, 0xff, 512, u64::MAX, 1 << 63, 4096])).to_le_bytes();
            for (place, byte) in out[at..].iter_mut().zip(value) {
                *place = byte;
            }
        }
        _ => swap_parts(rng, out, at, end),
    }
}

fn insert(out: &mut Vec<u8>, at: usize, part: &[u8]) {
    out.splice(at..at, part.iter().copied());
}

/// Replaces the first number at or behind `at`.
fn replace_number(rng: &mut Rng, out: &mut Vec<u8>, at: usize) {
    let digits = |byte: &u8| byte.is_ascii_digit();
    if let Some(start) = out[at..].iter().position(digits) {
        let start = at + start;
        let length = out[start..].iter().take_while(|byte| digits(byte)).count();
        let number = rng.pick(&NUMBERS).bytes();
        out.splice(start..start + length, number);
    }
}

fn swap_parts(rng: &mut Rng, out: &mut [u8], at: usize, end: usize) {
    let length = end - at;
    let other = rng.index(out.len());
    for offset in 0..length {
        if at + offset < out.len() && other + offset < out.len() {
            out.swap(at + offset, other + offset);
        }
    }
}
