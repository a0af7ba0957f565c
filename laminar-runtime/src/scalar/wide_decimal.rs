//! Decimals of more than 18 digits: mantissas of 128 bits, below 10^38 in absolute value.
//!
//! Scales are 0 to 38. Where the range is left, results are bad.

use super::buffer::Buffer;
use super::parse::parse_float;
use crate::types::{
    Arena, DEC38_BOUND, TextRef, WIDE_POW10, parse_decimal, parse_wide_decimal, write_decimal,
};
use std::fmt::Write;

#[inline(always)]
fn checked(mantissa: i128) -> Option<i128> {
    (-DEC38_BOUND < mantissa && mantissa < DEC38_BOUND).then_some(mantissa)
}

#[inline(always)]
fn scale_of(scale: i64) -> Option<u32> {
    (0..=38).contains(&scale).then_some(scale as u32)
}

/// `a + b` of one scale.
#[inline]
pub fn wide_add(a: i128, b: i128) -> Option<i128> {
    checked(a.checked_add(b)?)
}

/// `a - b` of one scale.
#[inline]
pub fn wide_sub(a: i128, b: i128) -> Option<i128> {
    checked(a.checked_sub(b)?)
}

/// `a × b`; the scales add up.
#[inline]
pub fn wide_mul(a: i128, b: i128) -> Option<i128> {
    checked(a.checked_mul(b)?)
}

/// `−a`. The range is symmetric.
#[inline]
pub fn wide_neg(a: i128) -> i128 {
    a.wrapping_neg()
}

/// The number itself; bad if zero.
#[inline]
pub fn wide_non_zero(a: i128) -> Option<i128> {
    (a != 0).then_some(a)
}

/// The number itself; bad above so many digits.
#[inline]
pub fn wide_fit(a: i128, digits: i64) -> Option<i128> {
    let bound = WIDE_POW10[scale_of(digits)? as usize];
    (-bound < a && a < bound).then_some(a)
}

/// `a / b`, rounded half away from zero to `out_scale`; bad for a zero divisor.
#[inline]
pub fn wide_div(a: i128, a_scale: i64, b: i128, b_scale: i64, out_scale: i64) -> Option<i128> {
    let tens = scale_of(out_scale)? as i32 + scale_of(b_scale)? as i32 - scale_of(a_scale)? as i32;
    divide(a, b, tens)
}

/// The remainder of `a / b`, with the sign of `a`, at the larger of both scales; bad for a zero divisor.
#[inline]
pub fn wide_rem(a: i128, a_scale: i64, b: i128, b_scale: i64) -> Option<i128> {
    let (s, t) = (scale_of(a_scale)?, scale_of(b_scale)?);
    if b == 0 {
        return None;
    }
    let sign = if a < 0 { -1 } else { 1 };
    let (magnitude, divisor) = (a.unsigned_abs(), b.unsigned_abs());
    let rest = if s >= t {
        match divisor.checked_mul(WIDE_POW10[(s - t) as usize] as u128) {
            Some(divisor) => magnitude % divisor,
            // Greater than any number there is.
            None => magnitude,
        }
    } else {
        (s..t).fold(magnitude % divisor, |rest, _| times_ten(rest, divisor).1)
    };
    checked(sign * i128::try_from(rest).ok()?)
}

/// Order of two decimals of any scales: −1, 0 or 1. A scale outside 0..=38 is the nearer of the two.
#[inline]
pub fn wide_cmp(a: i128, a_scale: i64, b: i128, b_scale: i64) -> i64 {
    let (s, t) = (a_scale.clamp(0, 38) as usize, b_scale.clamp(0, 38) as usize);
    if s > t {
        return -wide_cmp(b, b_scale, a, a_scale);
    }
    match a.checked_mul(WIDE_POW10[t - s]) {
        Some(a) => a.cmp(&b) as i64,
        // Beyond all that there is: its sign decides.
        None => a.signum() as i64,
    }
}

/// The number with another scale, rounded half away from zero.
#[inline]
pub fn wide_rescale(a: i128, from: i64, to: i64) -> Option<i128> {
    let (from, to) = (scale_of(from)?, scale_of(to)?);
    if to >= from {
        return checked(a.checked_mul(WIDE_POW10[(to - from) as usize])?);
    }
    divide(a, 1, to as i32 - from as i32)
}

/// An integer or a narrow mantissa with so many more digits after the point.
#[inline]
pub fn widen(a: i64, tens: i64) -> Option<i128> {
    checked((a as i128).checked_mul(WIDE_POW10[scale_of(tens)? as usize])?)
}

/// The integer nearest to the decimal, halves away from zero; bad outside 64 bits.
#[inline]
pub fn wide_dec_to_int(a: i128, scale: i64) -> Option<i64> {
    wide_rescale(a, scale, 0)?.try_into().ok()
}

/// The double nearest to the decimal.
#[inline]
pub fn wide_dec_to_float(a: i128, scale: i64) -> f64 {
    parse_float(text(a, scale).as_str()).unwrap_or(0.0)
}

/// The `REAL` nearest to the decimal.
#[inline]
pub fn wide_dec_to_real(a: i128, scale: i64) -> f64 {
    text(a, scale).as_str().parse::<f32>().unwrap_or(0.0).into()
}

/// The `REAL` nearest to a narrow decimal.
#[inline]
pub fn dec_to_real(a: i64, scale: i64) -> f64 {
    wide_dec_to_real(a.into(), scale)
}

fn text(a: i128, scale: i64) -> Buffer<48> {
    Buffer::of(|b| write_decimal(b, a, scale.clamp(0, 38) as u32))
}

/// The float's first 15 digits, rounded half away from zero to the scale; bad if not finite.
#[inline]
pub fn float_to_wide(f: f64, scale: i64) -> Option<i128> {
    if !f.is_finite() {
        return None;
    }
    parse_wide_decimal(Buffer::<32>::of(|b| write!(b, "{f:.14e}")).as_str(), scale_of(scale)?)
}

/// The first 6 digits of a `REAL`, rounded half away from zero to the scale; bad if not finite.
#[inline]
pub fn real_to_wide(f: f64, scale: i64) -> Option<i128> {
    if !f.is_finite() {
        return None;
    }
    parse_wide_decimal(Buffer::<32>::of(|b| write!(b, "{f:.5e}")).as_str(), scale_of(scale)?)
}

/// The first 6 digits of a `REAL`, rounded half away from zero to the scale; bad if not finite or above 18 digits.
#[inline]
pub fn real_to_dec(f: f64, scale: i64) -> Option<i64> {
    if !f.is_finite() {
        return None;
    }
    parse_decimal(Buffer::<32>::of(|b| write!(b, "{f:.5e}")).as_str(), scale_of(scale)?)
}

/// `mantissa / 10^scale` with all digits after the point.
#[inline]
pub fn wide_to_text(arena: &Arena, a: i128, scale: i64) -> TextRef {
    arena.alloc_str(text(a, scale).as_str())
}

/// The sum of wide decimals, of 192 bits; bad above 38 digits.
#[inline]
pub fn wide_sum(low: i128, high: i64) -> Option<i128> {
    checked(low).filter(|low| high == (low >> 127) as i64)
}

/// Sum of narrow mantissas over count, rounded half away from zero to `out_scale`; 0 of no rows.
#[inline]
pub fn wide_avg(sum: i128, n: i64, scale: i64, out_scale: i64) -> Option<i128> {
    wide_sum_avg(sum, (sum >> 127) as i64, n, scale, out_scale)
}

/// Sum of wide mantissas, of 192 bits, over count, rounded half away from zero to `out_scale`; 0 of no rows.
#[inline]
pub fn wide_sum_avg(low: i128, high: i64, n: i64, scale: i64, out_scale: i64) -> Option<i128> {
    if n == 0 {
        return Some(0);
    }
    let tens = scale_of(out_scale)?.checked_sub(scale_of(scale)?)?;
    let negative = high < 0;
    let (low, high) = match negative {
        true => ((low as u128).wrapping_neg(), !high as u64 + (low == 0) as u64),
        false => (low as u128, high as u64),
    };
    let divisor = n.unsigned_abs();
    // Limb by limb; what is left of one is less than the divisor.
    let (mut quotient, mut rest) = (0_u128, 0_u128);
    for limb in [high, (low >> 64) as u64, low as u64] {
        let part = rest << 64 | limb as u128;
        quotient = quotient.checked_mul(1 << 64)?.checked_add(part / divisor as u128)?;
        rest = part % divisor as u128;
    }
    let magnitude = digits(quotient, rest, divisor.into(), tens)?;
    checked(if negative != (n < 0) { magnitude.checked_neg()? } else { magnitude })
}

/// `number / divisor × 10^tens`, rounded half away from zero.
fn divide(number: i128, divisor: i128, tens: i32) -> Option<i128> {
    if divisor == 0 {
        return None;
    }
    let negative = (number < 0) != (divisor < 0);
    let (n, d) = (number.unsigned_abs(), divisor.unsigned_abs());
    let magnitude = if tens >= 0 {
        digits(n / d, n % d, d, tens as u32)?
    } else {
        match d.checked_mul(*WIDE_POW10.get(tens.unsigned_abs() as usize)? as u128) {
            Some(d) => digits(n / d, n % d, d, 0)?,
            // Less than a half: the divisor is above 3·10^38.
            None => 0,
        }
    };
    checked(if negative { -magnitude } else { magnitude })
}

/// `(whole + rest / divisor) × 10^tens`, rounded half up; `rest < divisor`.
fn digits(whole: u128, rest: u128, divisor: u128, tens: u32) -> Option<i128> {
    let (mut whole, mut rest) = (whole, rest);
    for _ in 0..tens {
        let (digit, next) = times_ten(rest, divisor);
        whole = whole.checked_mul(10)?.checked_add(digit)?;
        rest = next;
    }
    let up = rest >= divisor - rest;
    i128::try_from(whole).ok()?.checked_add(up as i128)
}

/// Quotient and rest of `10 × rest / divisor`; `rest < divisor`.
#[inline]
fn times_ten(rest: u128, divisor: u128) -> (u128, u128) {
    if let Some(ten) = rest.checked_mul(10) {
        return (ten / divisor, ten % divisor);
    }
    (0..10).fold((0, 0), |(digit, sum), _| {
        // Sum of two numbers below the divisor, without overflow.
        let room = divisor - sum;
        if rest >= room { (digit + 1, rest - room) } else { (digit, sum + rest) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: i128 = DEC38_BOUND - 1;

    #[test]
    fn arithmetic() {
        assert_eq!((wide_add(MAX, 1), wide_add(MAX, -1), wide_sub(-MAX, 1)), (None, Some(MAX - 1), None));
        assert_eq!((wide_mul(10_i128.pow(19), 10_i128.pow(19)), wide_mul(MAX, MAX)), (None, None));
        assert_eq!(wide_mul(-(10_i128.pow(18)), 10_i128.pow(19)), Some(-(10_i128.pow(37))));
        assert_eq!((wide_neg(-MAX), wide_neg(i128::MIN)), (MAX, i128::MIN));
        assert_eq!((wide_non_zero(0), wide_non_zero(-1)), (None, Some(-1)));
        assert_eq!((wide_fit(999, 3), wide_fit(-1000, 3), wide_fit(0, 39)), (Some(999), None, None));
        assert_eq!(
            (widen(i64::MIN, 0), widen(-5, 37), widen(10, 37)),
            (Some(i64::MIN.into()), Some(-5 * 10_i128.pow(37)), None)
        );
    }

    #[test]
    fn divides() {
        let check = |a, s, b, t, out, expected| {
            assert_eq!(wide_div(a, s, b, t, out), expected, "{a}e-{s} / {b}e-{t}")
        };
        check(1, 0, 3, 0, 6, Some(333_333));
        check(2, 0, 3, 0, 6, Some(666_667));
        check(-1, 0, 2, 0, 0, Some(-1));
        check(1, 0, -2, 0, 0, Some(-1));
        check(1, 0, 0, 0, 6, None);
        check(MAX, 0, MAX, 0, 37, Some(10_i128.pow(37)));
        check(MAX - 1, 0, MAX, 0, 37, Some(10_i128.pow(37)));
        check(MAX / 3, 0, MAX, 0, 37, Some(3_333_333_333_333_333_333_333_333_333_333_333_333));
        check(MAX, 0, 1, 0, 1, None);
        check(MAX, 38, MAX, 0, 6, Some(0));
        check(5, 1, 1, 0, 0, Some(1));
        check(4, 1, 1, 0, 0, Some(0));
        check(i128::MIN, 0, i128::MAX, 0, 0, Some(-1));
    }

    #[test]
    fn remainders() {
        let check = |a, s, b, t, expected| assert_eq!(wide_rem(a, s, b, t), expected, "{a}e-{s} % {b}e-{t}");
        check(7, 0, 3, 0, Some(1));
        check(-7, 0, 3, 0, Some(-1));
        check(75, 1, 2, 0, Some(15));
        check(7, 0, 25, 1, Some(20));
        check(1, 0, 0, 0, None);
        check(5, 38, MAX, 0, Some(5));
        // 10^37 × 10^38 mod 7
        check(10_i128.pow(37), 0, 7, 38, Some(6));
        check(
            MAX,
            0,
            MAX - 1,
            38,
            Some((0..38).fold(MAX % (MAX - 1), |r, _| r * 10 % (MAX - 1)) % (MAX - 1)),
        );
    }

    #[test]
    fn order() {
        let check = |a, s, b, t, expected: i64| {
            assert_eq!((wide_cmp(a, s, b, t), wide_cmp(b, t, a, s)), (expected, -expected));
        };
        check(1, 0, 10, 1, 0);
        check(1, 0, 11, 1, -1);
        check(MAX, 0, MAX, 38, 1);
        check(-MAX, 0, -MAX, 38, -1);
        check(0, 0, 1, 38, -1);
        check(0, 0, 0, 38, 0);
        check(-1, 38, 0, 0, -1);
    }

    #[test]
    fn scales_and_casts() {
        assert_eq!(
            (wide_rescale(125, 2, 1), wide_rescale(-125, 2, 1), wide_rescale(124, 2, 1)),
            (Some(13), Some(-13), Some(12))
        );
        assert_eq!(
            (wide_rescale(1, 0, 37), wide_rescale(10, 0, 37), wide_rescale(MAX, 38, 0)),
            (Some(10_i128.pow(37)), None, Some(1))
        );
        assert_eq!((wide_rescale(1, -1, 0), wide_rescale(1, 0, 39)), (None, None));
        assert_eq!((wide_dec_to_int(MAX, 20), wide_dec_to_int(MAX, 18)), (Some(10_i64.pow(18)), None));
        assert_eq!(wide_dec_to_float(12_345, 3), 12.345);
        assert_eq!(wide_dec_to_float(MAX, 0), 1e38);
        assert_eq!((wide_dec_to_real(1, 1), dec_to_real(1, 1)), (0.1_f32.into(), 0.1_f32.into()));
        assert_eq!(
            (float_to_wide(1e37, 1), float_to_wide(1e38, 0), float_to_wide(f64::NAN, 0)),
            (None, None, None)
        );
        assert_eq!(float_to_wide(0.1, 20), Some(10_i128.pow(19)));
        assert_eq!(
            (real_to_wide(0.1_f32.into(), 10), real_to_dec(0.1_f32.into(), 10)),
            (Some(10_i128.pow(9)), Some(10_i64.pow(9)))
        );
        assert_eq!(real_to_dec(1e18, 0), None);
    }

    #[test]
    fn sums_of_192_bits() {
        assert_eq!(
            (wide_sum(5, 0), wide_sum(-5, -1), wide_sum(5, 1), wide_sum(-5, 0)),
            (Some(5), Some(-5), None, None)
        );
        assert_eq!(wide_sum(MAX + 1, 0), None);
        let check =
            |low: i128, high, n, s, out, expected| assert_eq!(wide_sum_avg(low, high, n, s, out), expected);
        check(7, 0, 2, 0, 0, Some(4));
        check(-7, -1, 2, 0, 0, Some(-4));
        check(7, 0, 2, 0, 1, Some(35));
        check(7, 0, 0, 0, 1, Some(0));
        // 2^128 / 4, and its opposite.
        check(0, 1, 4, 0, 0, Some(1 << 126));
        check(0, -1, 4, 0, 0, Some(-(1 << 126)));
        check(0, i64::MAX, 1, 0, 0, None);
        check(0, i64::MIN, i64::MIN, 0, 0, None);
        assert_eq!(wide_avg(-10, 3, 0, 6), Some(-3_333_333));
    }
}
