//! Decimal numbers as C's `strtod` reads them, exact.

/// Digits kept behind the point; more cannot change a number of sectors that a person means.
const FRACTION_DIGITS: u32 = 18;

/// A number that is not negative: a whole part and a fraction of 10^18.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decimal {
    /// `None` if it does not fit.
    whole: Option<u64>,
    fraction: u64,
}

impl Decimal {
    /// Reads the number at the start of `text` and returns it with what follows; `None` if there is
    /// no digit. Takes `12`, `1.5`, `.5`, `1.`, `1e3`, `1e-2`, and whole hexadecimals as `0x10`.
    pub fn split(text: &str) -> Option<(Self, &str)> {
        if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            let length = hex.bytes().take_while(u8::is_ascii_hexdigit).count();
            if length > 0 {
                let whole = u64::from_str_radix(&hex[..length], 16).ok();
                let fraction = 0;
                return Some((Self { whole, fraction }, &hex[length..]));
            }
        }
        let bytes = text.as_bytes();
        let digits_at = |start: usize| {
            let tail = bytes.get(start..).unwrap_or_default();
            start + tail.iter().take_while(|byte| byte.is_ascii_digit()).count()
        };
        let whole_end = digits_at(0);
        let (fraction_start, mut end) = match bytes.get(whole_end) {
            Some(b'.') => (whole_end + 1, digits_at(whole_end + 1)),
            _ => (whole_end, whole_end),
        };
        if whole_end == 0 && end == fraction_start {
            return None;
        }
        let (whole, fraction) = (&bytes[..whole_end], &bytes[fraction_start..end]);
        let mut exponent = 0;
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign_length = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let start = end + 1 + sign_length;
            let stop = digits_at(start);
            if stop > start {
                // 64 digits move any point far enough out of sight.
                let size = text[start..stop].parse::<i64>().unwrap_or(64).min(64);
                exponent = if bytes[end + 1] == b'-' { -size } else { size };
                end = stop;
            }
        }
        Some((Self::from_digits(whole, fraction, exponent), &text[end..]))
    }

    /// Puts a number together from its digits, the point moved right by `exponent`.
    fn from_digits(whole: &[u8], fraction: &[u8], exponent: i64) -> Self {
        let point = i64::try_from(whole.len()).unwrap_or(i64::MAX - 64) + exponent;
        let mut number = Self { whole: Some(0), fraction: 0 };
        // Digit `place` of all: missing ones on either side are zeros.
        let digit = |place: i64| -> u64 {
            let byte = usize::try_from(place)
                .ok()
                .and_then(|place| whole.iter().chain(fraction).nth(place));
            byte.map_or(0, |byte| u64::from(byte - b'0'))
        };
        let zeros = whole.iter().take_while(|byte| **byte == b'0').count();
        let first = i64::try_from(zeros).unwrap_or(0).min(point);
        if point - first > 64 {
            let zero = whole.iter().chain(fraction).all(|byte| *byte == b'0');
            number.whole = zero.then_some(0);
            return number;
        }
        for place in first..point {
            let shifted = number.whole.and_then(|whole| whole.checked_mul(10));
            number.whole = shifted.and_then(|whole| whole.checked_add(digit(place)));
        }
        for place in point..point + i64::from(FRACTION_DIGITS) {
            number.fraction = number.fraction * 10 + digit(place);
        }
        number
    }

    /// Returns the whole part of the number times `factor`, or `None` if it does not fit 64 bits.
    pub fn times(self, factor: u64) -> Option<u64> {
        let scale = 10_u128.pow(FRACTION_DIGITS);
        let fraction = u128::from(self.fraction) * u128::from(factor) / scale;
        let whole = u128::from(self.whole?) * u128::from(factor);
        u64::try_from(whole + fraction).ok()
    }
}
