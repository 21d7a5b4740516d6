//! Numbers as text.

use std_alloc::format;
use std_alloc::string::String;
use std_alloc::vec::Vec;

/// Appends a number in decimal.
pub(super) fn push_u64(out: &mut Vec<u8>, number: u64) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = number;
    loop {
        start -= 1;
        digits[start] = b'0' + u8::try_from(rest % 10).expect("a digit");
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}

/// Appends a number in decimal.
pub(super) fn push_i64(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    push_u64(out, number.unsigned_abs());
}

/// Returns a length in the unit that LVM2's comments have: `4 Megabytes`. More than 1024 terabytes
/// have no unit there.
pub(super) fn size_comment(sectors: u64) -> String {
    const UNITS: [&str; 5] = ["Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "(null)"];
    #[expect(clippy::cast_precision_loss, reason = "six digits are shown, as LVM2 does")]
    let mut count = sectors as f64 / 2.0;
    let mut unit = 0;
    while count > 1024.0 && unit < 4 {
        count /= 1024.0;
        unit += 1;
    }
    format!("{} {}", general(count), UNITS[unit])
}

/// Returns a positive number with six digits as C's `%g` has it.
fn general(number: f64) -> String {
    let scientific = format!("{number:.5e}");
    let (digits, exponent) = scientific.split_once('e').expect("the format has an exponent");
    let exponent: i32 = exponent.parse().expect("an exponent is an integer");
    if !(-4..6).contains(&exponent) {
        let digits = trim_zeros(digits);
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.unsigned_abs());
    }
    let decimals = usize::try_from(5 - exponent).expect("the exponent is below 6");
    let fixed = format!("{number:.decimals$}");
    String::from(trim_zeros(&fixed))
}

fn trim_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Left: sectors; right: what LVM2 and C's `%g` print.
    #[test]
    fn sizes_are_in_lvm2s_words() {
        for (sectors, comment) in [
            (8192, "4 Megabytes"),
            (2048, "1024 Kilobytes"),
            (2050, "1.00098 Megabytes"),
            (1, "0.5 Kilobytes"),
            (0, "0 Kilobytes"),
            (511 * 8192, "1.99609 Gigabytes"),
            (4_194_304, "2 Gigabytes"),
            (2_101_248, "1.00195 Gigabytes"),
            (1 << 41, "1024 Terabytes"),
            (1 << 42, "2 (null)"),
            (1 << 62, "2.09715e+06 (null)"),
        ] {
            assert_eq!(size_comment(sectors), comment);
        }
        assert_eq!(general(100.0625), "100.062");
        assert_eq!(general(100.1875), "100.188");
        assert_eq!(general(1_234_565.0), "1.23456e+06");
        assert_eq!(general(999_999.5), "1e+06");
        assert_eq!(general(1_023.999_999), "1024");
    }

    #[test]
    fn numbers_are_decimal() {
        let mut out = Vec::new();
        for number in [0, 7, 10, u64::MAX] {
            push_u64(&mut out, number);
            out.push(b' ');
        }
        push_i64(&mut out, i64::MIN);
        assert_eq!(out, b"0 7 10 18446744073709551615 -9223372036854775808");
    }
}
