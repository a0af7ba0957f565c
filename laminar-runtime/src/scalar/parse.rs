//! Casts from text. White space around the value is allowed.
//!
//! Each exists over `&str` as well (`parse_…`), for who has a text with a lifetime.

use crate::types::{Date, Interval, TextRef, Time, Timestamp, parse_decimal, parse_uuid, parse_wide_decimal};

/// Without the white space that C's `isspace` knows.
#[inline]
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\x0b')
}

/// A boolean: `true`, `yes`, `on`, `1`, `false`, `no`, `off`, `0`, or an unambiguous start of one, in any case.
#[inline]
pub fn parse_bool(text: &str) -> Option<bool> {
    let text = trim(text);
    let starts = |word: &str, min| {
        text.len() >= min && word.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text))
    };
    if starts("true", 1) || starts("yes", 1) || starts("on", 2) || text == "1" {
        Some(true)
    } else if starts("false", 1) || starts("no", 1) || starts("off", 2) || text == "0" {
        Some(false)
    } else {
        None
    }
}

/// An integer of 64 bits: decimal, or after `0x`, `0o`, `0b`; `_` may stand between digits.
#[inline]
pub fn parse_i64(text: &str) -> Option<i64> {
    let text = trim(text).as_bytes();
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let (radix, digits) = match digits {
        [b'0', b'x' | b'X', rest @ ..] => (16, rest),
        [b'0', b'o' | b'O', rest @ ..] => (8, rest),
        [b'0', b'b' | b'B', rest @ ..] => (2, rest),
        _ => (10, digits),
    };
    // `_` may follow a radix, but does not start a decimal number.
    let mut after_digit = radix != 10;
    let mut last_is_digit = false;
    let mut value = 0_i64;
    for &b in digits {
        if b == b'_' && after_digit {
            (after_digit, last_is_digit) = (false, false);
            continue;
        }
        let digit = (b as char).to_digit(radix)? as i64;
        let signed = if negative { -digit } else { digit };
        value = value.checked_mul(radix as i64)?.checked_add(signed)?;
        (after_digit, last_is_digit) = (true, true);
    }
    last_is_digit.then_some(value)
}

/// An integer of 32 bits, spelled as [`parse_i64`] reads it.
#[inline]
pub fn parse_i32(text: &str) -> Option<i64> {
    parse_i64(text).filter(|&v| v == v as i32 as i64)
}

/// An integer of 16 bits, spelled as [`parse_i64`] reads it.
#[inline]
pub fn parse_i16(text: &str) -> Option<i64> {
    parse_i64(text).filter(|&v| v == v as i16 as i64)
}

/// A float of 32 bits; none where a finite number is too large, or too small to differ from 0.
#[inline]
pub fn parse_real(text: &str) -> Option<f64> {
    let text = trim(text);
    let value: f32 = text.parse().ok()?;
    in_range(text, value.into())
}

/// A float; none where a finite number is too large, or too small to differ from 0.
#[inline]
pub fn parse_float(text: &str) -> Option<f64> {
    let text = trim(text);
    let value: f64 = text.parse().ok()?;
    in_range(text, value)
}

/// The value of a text, unless it was a number too large or too small for its kind of float.
fn in_range(text: &str, value: f64) -> Option<f64> {
    if value.is_nan() {
        return Some(f64::NAN);
    }
    let mut mantissa = text.bytes().take_while(|b| !matches!(b, b'e' | b'E'));
    let overflow = value.is_infinite() && text.bytes().any(|b| b.is_ascii_digit());
    let underflow = value == 0.0 && mantissa.any(|b| (b'1'..=b'9').contains(&b));
    (!overflow && !underflow).then_some(value)
}

/// A decimal as mantissa, rounded half away from zero; none above 18 digits or for a scale outside 0..=18.
#[inline]
pub fn parse_dec(text: &str, scale: i64) -> Option<i64> {
    if !(0..=18).contains(&scale) {
        return None;
    }
    parse_decimal(text, scale as u32)
}

/// A decimal of up to 38 digits as mantissa, rounded half away from zero; none above, or for a scale outside 0..=38.
#[inline]
pub fn parse_wide(text: &str, scale: i64) -> Option<i128> {
    if !(0..=38).contains(&scale) {
        return None;
    }
    parse_wide_decimal(text, scale as u32)
}

macro_rules! text_to {
    ($($(#[$doc:meta])* $name:ident -> $ret:ty: |$text:ident $(, $arg:ident)?| $parse:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// # Safety
        /// The text lives.
        #[inline]
        pub unsafe fn $name($text: TextRef $(, $arg: i64)?) -> Option<$ret> {
            // SAFETY: by contract.
            let $text = unsafe { $text.as_str() };
            $parse
        }
    )*};
}

text_to! {
    /// As [`parse_bool`].
    text_to_bool -> bool: |text| parse_bool(text);
    /// As [`parse_i16`].
    text_to_i16 -> i64: |text| parse_i16(text);
    /// As [`parse_i32`].
    text_to_i32 -> i64: |text| parse_i32(text);
    /// As [`parse_i64`].
    text_to_i64 -> i64: |text| parse_i64(text);
    /// As [`parse_float`].
    text_to_float -> f64: |text| parse_float(text);
    /// As [`parse_real`].
    text_to_real -> f64: |text| parse_real(text);
    /// As [`parse_wide`].
    text_to_wide -> i128: |text, scale| parse_wide(text, scale);
    /// As [`Date::parse`].
    text_to_date -> i64: |text| Date::parse(trim(text)).map(|d| d.days().into());
    /// As [`Time::parse`].
    text_to_time -> i64: |text| Time::parse(trim(text)).map(Time::ns);
    /// A UUID in the forms that PostgreSQL reads.
    text_to_uuid -> i128: |text| parse_uuid(trim(text));
    /// As [`parse_dec`].
    text_to_dec -> i64: |text, scale| parse_dec(text, scale);
    /// As [`Timestamp::parse`].
    text_to_ts -> i64: |text| Timestamp::parse(trim(text)).map(|t| t.0);
    /// As [`Interval::parse`].
    text_to_interval -> Interval: |text| Interval::parse(trim(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans() {
        for yes in ["true", " T ", "tr", "TRUE", "y", "Yes", "on", "1", "\tt\n"] {
            assert_eq!(parse_bool(yes), Some(true), "{yes}");
        }
        for no in ["false", "f", "FAL", "n", "no", "of", "off", "0"] {
            assert_eq!(parse_bool(no), Some(false), "{no}");
        }
        for bad in ["", "o", "truex", "2", "01", "yesno", "tö", "é"] {
            assert_eq!(parse_bool(bad), None, "{bad}");
        }
    }

    #[test]
    fn integers() {
        let check = |text, expected| assert_eq!(parse_i64(text), expected, "{text}");
        check("0", Some(0));
        check(" -12\n", Some(-12));
        check("+7", Some(7));
        check("9223372036854775807", Some(i64::MAX));
        check("9223372036854775808", None);
        check("-9223372036854775808", Some(i64::MIN));
        check("-9223372036854775809", None);
        check("0xFf", Some(255));
        check("-0x8000000000000000", Some(i64::MIN));
        check("0o17", Some(15));
        check("0b101", Some(5));
        check("1_000", Some(1000));
        check("0x_ff", Some(255));
        for bad in
            ["", " ", "-", "+", "1_", "_1", "1__0", "0x", "0x_", "0b2", "1.0", "1e3", "- 1", "12a", "1é"]
        {
            check(bad, None);
        }
        assert_eq!(parse_i32("2147483647"), Some(i32::MAX as i64));
        assert_eq!(parse_i32("2147483648"), None);
        assert_eq!(parse_i32("-2147483648"), Some(i32::MIN as i64));
        assert_eq!(parse_i32("-2147483649"), None);
    }

    #[test]
    fn floats() {
        let check = |text, expected: Option<f64>| {
            assert_eq!(parse_float(text).map(f64::to_bits), expected.map(f64::to_bits), "{text}");
        };
        check("1.5", Some(1.5));
        check(" -0 ", Some(-0.0));
        check(".5", Some(0.5));
        check("5.", Some(5.0));
        check("1e3", Some(1000.0));
        check("NaN", Some(f64::NAN));
        check("-nan", Some(f64::NAN));
        check("inf", Some(f64::INFINITY));
        check("-Infinity", Some(f64::NEG_INFINITY));
        check("1e400", None);
        check("-1e400", None);
        check("1e-400", None);
        check("0e-400", Some(0.0));
        check("0.0", Some(0.0));
        check("5e-324", Some(5e-324));
        for bad in ["", ".", "e5", "1e", "1,5", "0x10", "1 2", "infinit"] {
            check(bad, None);
        }
    }

    #[test]
    fn texts_of_every_type() {
        let t = TextRef::new;
        // SAFETY: static texts.
        unsafe {
            assert_eq!(text_to_bool(t("t")), Some(true));
            assert_eq!(text_to_i32(t("12")), Some(12));
            assert_eq!(text_to_i64(t("4294967296")), Some(1 << 32));
            assert_eq!(text_to_float(t("0.5")), Some(0.5));
            assert_eq!(text_to_dec(t("1.005"), 2), Some(101));
            assert_eq!(text_to_dec(t("-1.005"), 2), Some(-101));
            assert_eq!(text_to_dec(t("1"), -1), None);
            assert_eq!(text_to_dec(t("1"), 19), None);
            assert_eq!(text_to_ts(t(" 1970-01-01 00:00:01\x0b")), Some(1_000_000_000));
            assert_eq!(text_to_ts(t("yesterday")), None);
            assert_eq!(text_to_interval(t(" 1 day\t")), Some(Interval { months: 0, days: 1, ns: 0 }));
            assert_eq!(text_to_interval(t("1 dy")), None);
        }
    }
}
