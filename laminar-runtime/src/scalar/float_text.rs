//! The shortest text of a float, as PostgreSQL prints it.
//!
//! PostgreSQL differs from the very shortest digits in one point, kept here: it never prints the exact midpoint of two
//! floats, whose reading depends on the reader's rule for ties (`1e23` prints as `9.999999999999999e+22`).

use super::buffer::Buffer;
use std::fmt::{self, Write};

/// What a kind of float is as text.
struct Kind {
    /// Bits of the mantissa.
    bits: u32,
    /// Texts of so many digits may be nearer to each other than floats are.
    digits_close: usize,
    /// Most digits after the first that are ever needed.
    decimals_max: usize,
    /// From this power of ten on, an exponent is written.
    exponent_max: i32,
    /// The shortest digits, by Rust's rule.
    shortest: fn(f64) -> Buffer<32>,
    /// Whether a text reads back as the float.
    reads_as: fn(&str, f64) -> bool,
}

const DOUBLE: Kind = Kind {
    bits: 53,
    digits_close: 16,
    decimals_max: 16,
    exponent_max: 15,
    shortest: |f| Buffer::of(|b| write!(b, "{f:e}")),
    reads_as: |text, f| text.parse() == Ok(f),
};

const REAL: Kind = Kind {
    bits: 24,
    digits_close: 8,
    decimals_max: 8,
    exponent_max: 6,
    shortest: |f| Buffer::of(|b| write!(b, "{:e}", f as f32)),
    reads_as: |text, f| text.parse() == Ok(f as f32),
};

/// Writes the shortest text that reads back as `f`.
pub(super) fn write_float(out: &mut impl Write, f: f64) -> fmt::Result {
    write(out, f, &DOUBLE)
}

/// Writes the shortest text that reads back as `f`, a float of 32 bits.
pub(super) fn write_real(out: &mut impl Write, f: f64) -> fmt::Result {
    write(out, f, &REAL)
}

fn write(out: &mut impl Write, f: f64, kind: &Kind) -> fmt::Result {
    if f.is_nan() {
        return out.write_str("NaN");
    }
    if f.is_infinite() {
        return out.write_str(if f > 0.0 { "Infinity" } else { "-Infinity" });
    }
    if f.is_sign_negative() {
        out.write_str("-")?;
    }
    let f = f.abs();
    let shortest = (kind.shortest)(f);
    let (mut digits, mut exponent) = parts(shortest.as_str());
    if digits.as_str().len() >= kind.digits_close {
        // Two texts of this length may be equally near; the even one it is. (Shorter texts are further apart than floats are.)
        let decimals = digits.as_str().len() - 1;
        let even = Buffer::<32>::of(|b| write!(b, "{f:.decimals$e}"));
        if (kind.reads_as)(even.as_str(), f) {
            (digits, exponent) = parts(even.as_str());
        }
    }
    if !is_midpoint(digits.as_str(), exponent, kind.bits) {
        return write_digits(out, digits.as_str(), exponent, kind);
    }
    for decimals in digits.as_str().len() - 1..=kind.decimals_max {
        let longer = Buffer::<32>::of(|b| write!(b, "{f:.decimals$e}"));
        let (digits, exponent) = parts(longer.as_str());
        if (kind.reads_as)(longer.as_str(), f) && !is_midpoint(digits.as_str(), exponent, kind.bits) {
            return write_digits(out, digits.as_str(), exponent, kind);
        }
    }
    write_digits(out, digits.as_str(), exponent, kind)
}

/// Digits without point and exponent of the first, of a text like `1.25e-7`.
fn parts(text: &str) -> (Buffer<20>, i32) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let digits = Buffer::of(|b| mantissa.split('.').try_for_each(|part| b.write_str(part)));
    (digits, exponent.parse().unwrap_or(0))
}

/// Whether a number lies exactly between two floats: then it is an odd integer of one bit more than they have times a power
/// of two. (Floats near zero have fewer bits, but their midpoints have many more digits.)
fn is_midpoint(digits: &str, exponent: i32, bits: u32) -> bool {
    let number: u128 = digits.parse().unwrap_or(0);
    let ten = exponent - (digits.len() as i32 - 1);
    let Some(fives) = 5_u128.checked_pow(ten.unsigned_abs()).filter(|_| ten.unsigned_abs() <= 27) else {
        return false;
    };
    let odd = if ten >= 0 {
        match number.checked_mul(fives) {
            Some(product) => product,
            None => return false,
        }
    } else if number.is_multiple_of(fives) {
        number / fives
    } else {
        return false;
    };
    odd != 0 && (odd >> odd.trailing_zeros()).ilog2() == bits
}

/// Writes `d.ddd × 10^exponent`, with an exponent below −4 or from `exponent_max` on.
fn write_digits(out: &mut impl Write, digits: &str, exponent: i32, kind: &Kind) -> fmt::Result {
    let count = digits.len() as i32;
    if !(-4..kind.exponent_max).contains(&exponent) {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if exponent < 0 { '-' } else { '+' };
        return write!(out, "{first}{point}{rest}e{sign}{:02}", exponent.unsigned_abs());
    }
    if exponent < 0 {
        return write!(out, "0.{:0>width$}", digits, width = (count - exponent - 1) as usize);
    }
    if count <= exponent + 1 {
        return write!(out, "{:0<width$}", digits, width = (exponent + 1) as usize);
    }
    let (whole, fraction) = digits.split_at(exponent as usize + 1);
    write!(out, "{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(f: f64) -> String {
        let mut text = String::new();
        write_float(&mut text, f).unwrap();
        text
    }

    #[test]
    fn prints_as_postgresql() {
        let check = |f: f64, expected: &str| {
            assert_eq!(text(f), expected);
            if f.is_finite() {
                assert_eq!(expected.parse::<f64>().unwrap().to_bits(), f.to_bits());
            }
        };
        check(0.0, "0");
        check(-0.0, "-0");
        check(1.0, "1");
        check(-1.5, "-1.5");
        check(0.1, "0.1");
        check(100.0, "100");
        check(123.456, "123.456");
        check(0.0001, "0.0001");
        check(0.00001234, "1.234e-05");
        check(999_999_999_999_999.0, "999999999999999");
        check(1e15, "1e+15");
        check(1.5e15, "1.5e+15");
        check(123_456_789_012_345.6, "123456789012345.6");
        check(1e20, "1e+20");
        check(1e100, "1e+100");
        check(1e-7, "1e-07");
        check(1e-300, "1e-300");
        check(0.1 + 0.2, "0.30000000000000004");
        check(808_153_528_182_263.0 + 0.25, "808153528182263.2");
        check(808_153_528_182_263.0 + 0.75, "808153528182263.8");
        check(f64::MAX, "1.7976931348623157e+308");
        check(f64::MIN_POSITIVE, "2.2250738585072014e-308");
        check(5e-324, "5e-324");
        check(f64::NAN, "NaN");
        check(f64::INFINITY, "Infinity");
        check(f64::NEG_INFINITY, "-Infinity");
    }

    #[test]
    fn prints_reals() {
        let check = |f: f32, expected: &str| {
            let mut text = String::new();
            write_real(&mut text, f.into()).unwrap();
            assert_eq!(text, expected);
        };
        check(0.1, "0.1");
        check(-0.0, "-0");
        check(123_456.0, "123456");
        check(1_000_000.0, "1e+06");
        check(1_234_567.0, "1.234567e+06");
        check(16_777_216.0, "1.6777216e+07");
        check(0.0001, "0.0001");
        check(0.00001, "1e-05");
        check(1.0 / 3.0, "0.33333334");
        check(f32::MAX, "3.4028235e+38");
        check(f32::MIN_POSITIVE, "1.1754944e-38");
        check(1e-45, "1e-45");
        check(f32::NAN, "NaN");
        check(f32::NEG_INFINITY, "-Infinity");
        for i in 0..200_000_u32 {
            let f = f32::from_bits(i.wrapping_mul(21_407) & 0x7f7f_ffff);
            let mut text = String::new();
            write_real(&mut text, f.into()).unwrap();
            assert_eq!(text.parse::<f32>(), Ok(f), "{text}");
        }
    }

    #[test]
    fn never_prints_a_midpoint() {
        assert_eq!(text(1e23), "9.999999999999999e+22");
        // Of a power of two, the float below is half as far away.
        assert_eq!(text(9_007_199_254_740_992.0), "9.007199254740992e+15");
        assert!(is_midpoint("1", 23, 53));
        assert!(is_midpoint("9007199254740993", 15, 53));
        assert!(!is_midpoint("9007199254740992", 15, 53));
        assert!(!is_midpoint("1", 22, 53));
        assert!(!is_midpoint("0", 0, 53));
        assert!(!is_midpoint("5", -324, 53));
    }

    #[test]
    fn reads_back() {
        let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..20_000 {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let f = f64::from_bits(bits ^ (bits >> 29));
            if f.is_finite() {
                assert_eq!(text(f).parse::<f64>().unwrap().to_bits(), f.to_bits(), "{f:e}");
            }
        }
    }
}
