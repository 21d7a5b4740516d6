//! Sizes in words: `--units`, the short forms of reports (`260.00m`) and the long ones of messages
//! and displays (`260.00 MiB`).

use crate::units::{Bytes, Sectors};
use core::fmt::Write;
use std_alloc::string::String;

#[cfg(test)]
mod tests;

/// How a size is divided before it is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scale {
    /// The largest unit that is not above the size; `marked`: with `<` where rounding went up.
    Human { marked: bool },
    /// Always this many bytes; the letter is shown, `U` for a unit of the user's own.
    Fixed { bytes: u64, letter: u8 },
}

/// What sizes are shown in: the value of `--units`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Units {
    scale: Scale,
    /// Units are powers of 1000.
    decimal: bool,
    /// `global/si_unit_consistency` is 0: powers of 1024 are called like those of 1000.
    shared_names: bool,
}

/// How the unit is written behind the number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Suffix {
    /// Not at all, where the unit is fixed; `h` and `r` always show it.
    None,
    /// `m`
    Short,
    /// ` MiB`
    Long,
}

/// A text that is no unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("Invalid units specification")]
pub struct UnitsError;

impl Default for Units {
    fn default() -> Self {
        Self::ROUNDED
    }
}

/// The prefixes from large to small.
const LETTERS: [u8; 6] = *b"EPTGMK";

/// The powers that belong to [`LETTERS`].
const POWERS: [u32; 6] = [6, 5, 4, 3, 2, 1];

impl Units {
    /// `r`, the default: human-readable, `<` where rounding went up.
    pub const ROUNDED: Self =
        Self { scale: Scale::Human { marked: true }, decimal: false, shared_names: false };

    /// `h`: human-readable.
    pub const HUMAN: Self = Self { scale: Scale::Human { marked: false }, ..Self::ROUNDED };

    /// Reads the value of `--units` or `global/units`: a letter, or a number and a letter.
    ///
    /// # Errors
    /// If there is no known letter, or the unit would have no byte.
    pub fn parse(text: &str) -> Result<Self, UnitsError> {
        let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.');
        let (number, letter) = text.split_at(digits.count());
        let &[letter] = letter.as_bytes() else {
            return Err(UnitsError);
        };
        let number: f64 = match number {
            "" => 1.0,
            _ => number.parse().map_err(|_| UnitsError)?,
        };
        let decimal = letter.is_ascii_uppercase();
        let base = match letter.to_ascii_lowercase() {
            b'h' | b'r' if number > 0.0 => {
                let marked = letter.eq_ignore_ascii_case(&b'r');
                let scale = Scale::Human { marked };
                return Ok(Self { scale, decimal, shared_names: false });
            }
            b'b' => 1,
            b's' => 512,
            _ => {
                let upper = letter.to_ascii_uppercase();
                let place = LETTERS.iter().position(|found| *found == upper);
                base_of(decimal).pow(POWERS[place.ok_or(UnitsError)?])
            }
        };
        let bytes = to_integer(number * to_float(base)).ok_or(UnitsError)?;
        if bytes == 0 {
            return Err(UnitsError);
        }
        let own = to_integer(number) != Some(1);
        let letter = if own { b'U' } else { letter };
        Ok(Self { scale: Scale::Fixed { bytes, letter }, decimal, shared_names: false })
    }

    /// Returns how many bytes a fixed unit has.
    pub const fn bytes_per_unit(self) -> Option<u64> {
        match self.scale {
            Scale::Fixed { bytes, .. } => Some(bytes),
            Scale::Human { .. } => None,
        }
    }

    /// Returns the same units with the names that `global/si_unit_consistency` asks for.
    #[must_use]
    pub const fn with_si_consistency(self, consistent: bool) -> Self {
        Self { shared_names: !consistent, ..self }
    }
}

const fn base_of(decimal: bool) -> u64 {
    if decimal { 1000 } else { 1024 }
}

#[expect(clippy::cast_precision_loss, reason = "LVM2 shows sizes as doubles, with this loss")]
fn to_float(number: u64) -> f64 {
    number as f64
}

/// Cuts off the fraction; none for what is negative or above 2^63.
fn to_integer(number: f64) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked"
    )]
    (0.0..9.2e18).contains(&number).then_some(number as u64)
}

/// Writes a size as LVM2 does.
pub fn write_size(out: &mut String, size: Bytes, units: Units, suffix: Suffix) {
    let bytes = size.get();
    let (unit, letter, suffix, marked) = match units.scale {
        Scale::Human { marked } => {
            if bytes == 0 {
                // The suffix of a zero is that of no unit.
                out.push_str(match suffix {
                    Suffix::None => "0",
                    Suffix::Short => "0 ",
                    Suffix::Long => "0   ",
                });
                return;
            }
            let fits = |power: &u32| bytes >= base_of(units.decimal).pow(*power);
            let place = POWERS.iter().position(fits);
            let unit = place.map_or(1, |place| base_of(units.decimal).pow(POWERS[place]));
            // Where letters are small, so is that of bytes; that of the unit of bytes never is.
            let small = suffix != Suffix::Long && !units.decimal && !units.shared_names;
            let bytes = if small { b'b' } else { b'B' };
            let letter = place.map_or(bytes, |place| LETTERS[place]);
            let suffix = if suffix == Suffix::None { Suffix::Short } else { suffix };
            (unit, letter, suffix, marked)
        }
        Scale::Fixed { bytes: unit, letter } => (unit, letter.to_ascii_uppercase(), suffix, false),
    };
    match (bytes, letter) {
        (0, _) => out.push('0'),
        (_, b'B' | b'b' | b'S') => write_whole(out, bytes, unit),
        _ => write_hundredths(out, bytes, unit, marked),
    }
    match suffix {
        Suffix::None => {}
        Suffix::Short => out.push(units.short_name(letter)),
        Suffix::Long => units.write_long_name(out, letter),
    }
}

/// Returns a size as messages and displays have it: `260.00 MiB`.
pub fn display_size(size: Sectors, units: Units) -> String {
    let mut text = String::new();
    write_size(&mut text, size.to_bytes(), units, Suffix::Long);
    text
}

fn write_whole(out: &mut String, bytes: u64, unit: u64) {
    let written = if bytes.is_multiple_of(unit) {
        write!(out, "{}", bytes / unit)
    } else {
        write!(out, "{:.0}", to_float(bytes) / to_float(unit))
    };
    written.expect("a String takes all that is written");
}

/// Writes two decimals, rounded as C's `printf` rounds the double quotient.
fn write_hundredths(out: &mut String, bytes: u64, unit: u64, marked: bool) {
    let exact = unit.is_power_of_two() && bytes < 1 << 53;
    let (whole, hundredths, up) = if exact {
        let rest = u128::from(bytes % unit) * 100;
        let unit = u128::from(unit);
        let (floor, rest) = (rest / unit, rest % unit);
        let up = rest * 2 > unit || (rest * 2 == unit && floor % 2 == 1);
        (bytes / (u64::try_from(unit).expect("it was a u64")), floor + u128::from(up), up)
    } else {
        let quotient = to_float(bytes) / to_float(unit);
        let start = out.len();
        write!(out, "{quotient:.2}").expect("a String takes all that is written");
        let shown: f64 = out[start..].parse().expect("a float was just written");
        if marked && shown > quotient {
            out.insert(start, '<');
        }
        return;
    };
    if marked && up {
        out.push('<');
    }
    let whole = whole + u64::from(hundredths == 100);
    let hundredths = u64::try_from(hundredths % 100).expect("below 100");
    write_number(out, whole);
    out.push('.');
    out.push(digit(hundredths / 10));
    out.push(digit(hundredths % 10));
}

fn digit(value: u64) -> char {
    char::from(b"0123456789"[usize::try_from(value).expect("a digit")])
}

/// Writes a number in decimal: what `write!` does, without its detour.
pub fn write_number(out: &mut String, mut number: u64) {
    let mut digits = [0_u8; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b"0123456789"[usize::try_from(number % 10).expect("a digit")];
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.push_str(core::str::from_utf8(&digits[start..]).expect("digits are ASCII"));
}

impl Units {
    /// Returns the letter behind a number: small for powers of 1024.
    fn short_name(self, letter: u8) -> char {
        let letter = match letter {
            b'B' | b'S' | b'U' => letter,
            _ if self.decimal || self.shared_names => letter,
            _ => letter.to_ascii_lowercase(),
        };
        char::from(letter)
    }

    fn write_long_name(self, out: &mut String, letter: u8) {
        match letter {
            b'B' => out.push_str(" B "),
            b'S' => out.push_str(" Se"),
            b'U' => out.push_str(" Un"),
            _ => {
                let kilo = letter == b'K' && self.decimal && !self.shared_names;
                out.push(' ');
                out.push(if kilo { 'k' } else { char::from(letter) });
                if !self.decimal && !self.shared_names {
                    out.push('i');
                }
                out.push('B');
            }
        }
    }
}
