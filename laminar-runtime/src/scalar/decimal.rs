//! Casts between floats, decimals and integers, and the division of decimals.
//!
//! A decimal is a mantissa and a scale from 0 to 18. Mantissas of results have at most 18 digits.

use super::buffer::Buffer;
use super::parse::parse_float;
use crate::types::{DEC18_BOUND, POW10, parse_decimal, write_decimal};
use std::fmt::Write;

/// The integer nearest to the float, ties to even; bad outside 64 bits.
#[inline]
pub fn float_to_i64(f: f64) -> Option<i64> {
    let rounded = f.round_ties_even();
    // −2^63 is a float, 2^63 − 1 is not.
    (rounded >= i64::MIN as f64 && rounded < -(i64::MIN as f64)).then_some(rounded as i64)
}

/// The integer nearest to the float, ties to even; bad outside 32 bits.
#[inline]
pub fn float_to_i32(f: f64) -> Option<i64> {
    float_to_i64(f).filter(|&v| v == v as i32 as i64)
}

/// The `REAL` nearest to the float, as arithmetic rounds: what is too large is infinite, what is too small 0.
#[inline]
pub fn round_real(f: f64) -> f64 {
    (f as f32).into()
}

/// The `REAL` nearest to the float; bad where a finite number is too large, or too small to differ from 0.
#[inline]
pub fn float_to_real(f: f64) -> Option<f64> {
    let real = f as f32;
    let lost = (real.is_infinite() && f.is_finite()) || (real == 0.0 && f != 0.0);
    (!lost).then_some(real.into())
}

/// The `REAL` nearest to the integer.
#[inline]
pub fn int_to_real(i: i64) -> f64 {
    (i as f32).into()
}

/// The integer nearest to the float, ties to even; bad outside 16 bits.
#[inline]
pub fn float_to_i16(f: f64) -> Option<i64> {
    float_to_i64(f).filter(|&v| v == v as i16 as i64)
}

/// The float's first 15 digits, rounded half away from zero to the scale; bad if not finite or above 18 digits.
#[inline]
pub fn float_to_dec(f: f64, scale: i64) -> Option<i64> {
    if !f.is_finite() || !(0..=18).contains(&scale) {
        return None;
    }
    parse_decimal(Buffer::<32>::of(|b| write!(b, "{f:.14e}")).as_str(), scale as u32)
}

/// The float nearest to the decimal. A scale outside 0..=18 is the nearer of the two.
#[inline]
pub fn dec_to_float(mantissa: i64, scale: i64) -> f64 {
    let scale = scale.clamp(0, 18) as usize;
    if mantissa.unsigned_abs() <= 1 << 53 {
        // Both are exact as floats, so that the division rounds once.
        return mantissa as f64 / POW10[scale] as f64;
    }
    let text = Buffer::<24>::of(|b| write_decimal(b, mantissa.into(), scale as u32));
    parse_float(text.as_str()).unwrap_or(0.0)
}

/// The integer nearest to the decimal, halves away from zero. A scale outside 0..=18 is the nearer of the two.
#[inline]
pub fn dec_to_int(mantissa: i64, scale: i64) -> i64 {
    let unit = POW10[scale.clamp(0, 18) as usize];
    // The quotient of a smaller unit has room for the 1 that rounding adds.
    if unit == 1 { mantissa } else { div_round(mantissa.into(), unit.into()) as i64 }
}

/// The decimal with another scale, rounded half away from zero; bad above 18 digits or for scales outside 0..=18.
#[inline]
pub fn dec_rescale(mantissa: i64, from: i64, to: i64) -> Option<i64> {
    rescale(mantissa.into(), 1, scale_of(to)? - scale_of(from)?)
}

/// `a / b`, rounded half away from zero to `out_scale`; bad for a zero divisor, above 18 digits, or for scales outside 0..=18.
#[inline]
pub fn dec_div(a: i64, a_scale: i64, b: i64, b_scale: i64, out_scale: i64) -> Option<i64> {
    if b == 0 {
        return None;
    }
    rescale(a.into(), b, scale_of(b_scale)? - scale_of(a_scale)? + scale_of(out_scale)?)
}

#[inline(always)]
fn scale_of(scale: i64) -> Option<i32> {
    (0..=18).contains(&scale).then_some(scale as i32)
}

/// `number / divisor × 10^tens`, rounded half away from zero; none above 18 digits. `divisor` is a non-zero `i64`, `tens`
/// from −18 to 36.
#[inline]
pub(super) fn rescale(number: i128, divisor: i64, tens: i32) -> Option<i64> {
    let unit = 10_i128.pow(tens.unsigned_abs());
    let quotient = if tens >= 0 {
        // A product above 127 bits gives, over a divisor of 64 bits, more than 18 digits anyway.
        div_round(number.checked_mul(unit)?, divisor.into())
    } else {
        div_round(number, divisor as i128 * unit)
    };
    let quotient = i64::try_from(quotient).ok()?;
    (-DEC18_BOUND < quotient && quotient < DEC18_BOUND).then_some(quotient)
}

/// `number / divisor` rounded half away from zero; `divisor` is not zero.
#[inline]
fn div_round(number: i128, divisor: i128) -> i128 {
    if let (Ok(n), Ok(d)) = (i64::try_from(number), i64::try_from(divisor))
        && d != -1
    {
        let (quotient, rest) = (n / d, (n % d).unsigned_abs());
        let away = rest >= d.unsigned_abs() - rest;
        return quotient as i128 + if away { (n ^ d).signum() as i128 | 1 } else { 0 };
    }
    let (quotient, rest) = (number.wrapping_div(divisor), number.wrapping_rem(divisor).unsigned_abs());
    let away = rest >= divisor.unsigned_abs() - rest;
    if !away {
        quotient
    } else if (number < 0) == (divisor < 0) {
        quotient.saturating_add(1)
    } else {
        quotient.saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: i64 = DEC18_BOUND - 1;

    #[test]
    fn floats_to_integers() {
        let check = |f, expected| assert_eq!(float_to_i64(f), expected, "{f}");
        check(0.5, Some(0));
        check(1.5, Some(2));
        check(2.5, Some(2));
        check(-2.5, Some(-2));
        check(-0.0, Some(0));
        check(9.223372036854775e18, Some(9_223_372_036_854_774_784));
        check(9.223_372_036_854_776e18, None);
        check(-9.223_372_036_854_776e18, Some(i64::MIN));
        check(-9.3e18, None);
        for f in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            check(f, None);
        }
        let check = |f, expected| assert_eq!(float_to_i32(f), expected, "{f}");
        check(2_147_483_647.4, Some(2_147_483_647));
        check(2_147_483_647.5, None);
        check(-2_147_483_648.5, Some(-2_147_483_648));
        check(-2_147_483_649.0, None);
        check(f64::NAN, None);
    }

    #[test]
    fn reals() {
        assert_eq!(
            (round_real(0.1), round_real(1e300), round_real(1e-300)),
            (0.1_f32.into(), f64::INFINITY, 0.0)
        );
        assert_eq!(
            (float_to_real(0.1), float_to_real(1e39), float_to_real(1e-50)),
            (Some(0.1_f32.into()), None, None)
        );
        assert_eq!((float_to_real(f64::INFINITY), float_to_real(-0.0)), (Some(f64::INFINITY), Some(-0.0)));
        assert!(float_to_real(f64::NAN).is_some_and(f64::is_nan));
        // Twice rounded, by way of a double, it would be 2^60.
        assert_eq!(int_to_real((1 << 60) + (1 << 36) + 1), ((1_i64 << 60) + (1 << 37)) as f64);
        assert_eq!(
            (float_to_i16(32_767.4), float_to_i16(32_767.5), float_to_i16(-32_768.5)),
            (Some(32_767), None, Some(-32_768))
        );
    }

    #[test]
    fn floats_to_decimals() {
        let check = |f, scale, expected| assert_eq!(float_to_dec(f, scale), expected, "{f}");
        check(1.25, 1, Some(13));
        check(-1.25, 1, Some(-13));
        check(0.1 + 0.2, 18, Some(300_000_000_000_000_000));
        check(1.005, 2, Some(101));
        check(1e17, 0, Some(100_000_000_000_000_000));
        check(1e18, 0, None);
        check(0.5, 18, Some(500_000_000_000_000_000));
        check(1.0, 18, None);
        check(1e-30, 18, Some(0));
        check(1_234_567_890_123_456.0, 0, Some(1_234_567_890_123_460));
        check(-0.0, 2, Some(0));
        check(f64::NAN, 2, None);
        check(f64::INFINITY, 2, None);
        check(1.0, -1, None);
        check(1.0, 19, None);
    }

    #[test]
    fn decimals_to_floats() {
        let check = |m, scale, expected: f64| assert_eq!(dec_to_float(m, scale), expected);
        check(125, 2, 1.25);
        check(1, 1, 0.1);
        check(-3, 1, -0.3);
        check(0, 9, 0.0);
        check(123_456_789_012_345_678, 17, 1.234_567_890_123_456_7);
        check(9_007_199_254_740_993, 3, 9007199254740.993);
        check(i64::MIN, 18, -9.223_372_036_854_776);
        check(i64::MAX, 0, i64::MAX as f64);
        check(15, 99, 15e-18);
        check(15, -1, 15.0);
    }

    #[test]
    fn decimals_to_integers() {
        let check = |m, scale, expected| assert_eq!(dec_to_int(m, scale), expected);
        check(149, 2, 1);
        check(150, 2, 2);
        check(-150, 2, -2);
        check(-149, 2, -1);
        check(5, 1, 1);
        check(4, 1, 0);
        check(i64::MAX, 0, i64::MAX);
        check(i64::MIN, 1, -922_337_203_685_477_581);
        check(i64::MIN, 18, -9);
        check(7, -3, 7);
    }

    #[test]
    fn rescales() {
        let check = |m, from, to, expected| assert_eq!(dec_rescale(m, from, to), expected);
        check(125, 2, 4, Some(12_500));
        check(125, 2, 1, Some(13));
        check(-125, 2, 1, Some(-13));
        check(124, 2, 1, Some(12));
        check(MAX, 0, 0, Some(MAX));
        check(MAX, 18, 0, Some(1));
        check(-MAX, 18, 0, Some(-1));
        check(MAX, 0, 1, None);
        check(1, 0, 18, None);
        check(1, 1, 18, Some(100_000_000_000_000_000));
        check(i64::MIN, 0, 0, None);
        check(i64::MIN, 0, 18, None);
        check(i64::MIN, 1, 0, Some(-922_337_203_685_477_581));
        check(1, 19, 0, None);
        check(1, 0, -1, None);
        check(0, 0, 18, Some(0));
    }

    #[test]
    fn divides() {
        let check = |a, a_scale, b, b_scale, out, expected| {
            assert_eq!(dec_div(a, a_scale, b, b_scale, out), expected, "{a}e-{a_scale} / {b}e-{b_scale}");
        };
        check(1, 0, 3, 0, 6, Some(333_333));
        check(2, 0, 3, 0, 6, Some(666_667));
        check(-2, 0, 3, 0, 6, Some(-666_667));
        check(2, 0, -3, 0, 6, Some(-666_667));
        check(1, 0, 2, 0, 0, Some(1));
        check(-1, 0, 2, 0, 0, Some(-1));
        check(1, 0, -2, 0, 0, Some(-1));
        check(-1, 0, -2, 0, 0, Some(1));
        check(1, 0, -1, 0, 0, Some(-1));
        check(125, 2, 5, 1, 2, Some(250));
        check(125, 18, 1, 0, 0, Some(0));
        check(1, 0, 0, 0, 6, None);
        check(0, 0, 5, 0, 6, Some(0));
        check(MAX, 0, 1, 0, 0, Some(MAX));
        check(MAX, 0, 1, 1, 0, None);
        check(MAX, 0, MAX, 18, 0, Some(DEC18_BOUND).filter(|&v| v < DEC18_BOUND));
        check(MAX, 18, MAX, 0, 18, Some(1));
        check(MAX, 0, 1, 18, 18, None);
        check(i64::MIN, 0, -1, 0, 0, None);
        check(i64::MIN, 18, i64::MIN, 18, 17, Some(100_000_000_000_000_000));
        // Halves beyond 64 bits: 25e18 / 2e18.
        check(25, 0, 2_000_000_000_000_000_000, 0, 18, Some(13));
        check(-25, 0, 2_000_000_000_000_000_000, 0, 18, Some(-13));
        check(1, 19, 1, 0, 0, None);
        check(1, 0, 1, -1, 0, None);
    }
}
