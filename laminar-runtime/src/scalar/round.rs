//! Rounding of decimals, and what else needs no other type. A decimal is a mantissa and a scale from 0 to 18; a scale outside is the
//! nearer of the two.

use super::decimal::{dec_rescale, rescale};
use crate::types::{DEC18_BOUND, POW10};

#[inline(always)]
fn unit(scale: i64) -> i64 {
    POW10[scale.clamp(0, 18) as usize]
}

/// The decimal without its sign.
#[inline]
pub fn dec_abs(mantissa: i64) -> i64 {
    // A mantissa has 18 digits at most.
    mantissa.saturating_abs()
}

/// −1, 0 or 1.
#[inline]
pub fn dec_sign(mantissa: i64) -> i64 {
    mantissa.signum()
}

/// The next integer that is not less.
#[inline]
pub fn dec_ceil(mantissa: i64, scale: i64) -> i64 {
    let unit = unit(scale);
    mantissa.div_euclid(unit) + i64::from(mantissa.rem_euclid(unit) != 0)
}

/// The next integer that is not greater.
#[inline]
pub fn dec_floor(mantissa: i64, scale: i64) -> i64 {
    mantissa.div_euclid(unit(scale))
}

/// Without the fraction.
#[inline]
pub fn dec_trunc(mantissa: i64, scale: i64) -> i64 {
    mantissa / unit(scale)
}

/// Rounded half away from zero to `digits` after the point (before it where negative), with another scale. Bad above 18 digits.
#[inline]
pub fn dec_round(mantissa: i64, scale: i64, digits: i64, out_scale: i64) -> Option<i64> {
    let scale = scale.clamp(0, 18);
    if digits >= scale {
        return dec_rescale(mantissa, scale, out_scale);
    }
    if digits < scale - 19 {
        return Some(0);
    }
    let rounded = rescale(mantissa.into(), 1, (digits - scale) as i32)?;
    spread(rounded, digits, out_scale)
}

/// Cut after `digits` after the point (before it where negative), with another scale. Bad above 18 digits.
#[inline]
pub fn dec_trunc_to(mantissa: i64, scale: i64, digits: i64, out_scale: i64) -> Option<i64> {
    let scale = scale.clamp(0, 18);
    if digits >= scale {
        return dec_rescale(mantissa, scale, out_scale);
    }
    if digits < scale - 18 {
        return Some(0);
    }
    spread(mantissa / unit(scale - digits), digits, out_scale)
}

/// `mantissa × 10^-digits` as a mantissa of a scale.
#[inline]
fn spread(mantissa: i64, digits: i64, out_scale: i64) -> Option<i64> {
    if !(0..=18).contains(&out_scale) {
        return None;
    }
    rescale(mantissa.into(), 1, (out_scale - digits) as i32)
}

/// The quotient without its fraction. Bad for a zero divisor, and above 18 digits.
#[inline]
pub fn dec_quotient(a: i64, a_scale: i64, b: i64, b_scale: i64) -> Option<i64> {
    let quotient = (a as i128 * unit(b_scale) as i128).checked_div(b as i128 * unit(a_scale) as i128)?;
    let quotient = i64::try_from(quotient).ok()?;
    (-DEC18_BOUND < quotient && quotient < DEC18_BOUND).then_some(quotient)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: i64 = 999_999_999_999_999_999;

    #[test]
    fn to_integers() {
        let check = |m, s, expected: [i64; 3]| {
            assert_eq!([dec_ceil(m, s), dec_floor(m, s), dec_trunc(m, s)], expected, "{m}e-{s}");
        };
        check(428, 1, [43, 42, 42]);
        check(-428, 1, [-42, -43, -42]);
        check(420, 1, [42, 42, 42]);
        check(-1, 18, [0, -1, 0]);
        check(MAX, 0, [MAX; 3]);
        check(i64::MIN, 0, [i64::MIN; 3]);
        check(7, 40, [1, 0, 0]);
        assert_eq!((dec_abs(-15), dec_abs(i64::MIN), dec_sign(-15), dec_sign(0)), (15, i64::MAX, -1, 0));
    }

    #[test]
    fn to_digits() {
        let check = |m, s, digits, out, round, trunc| {
            assert_eq!(
                (dec_round(m, s, digits, out), dec_trunc_to(m, s, digits, out)),
                (round, trunc),
                "{m}e-{s} to {digits} as {out}"
            );
        };
        check(424_382, 4, 2, 2, Some(4244), Some(4243));
        check(424_382, 4, 2, 4, Some(424_400), Some(424_300));
        check(-25, 1, 0, 0, Some(-3), Some(-2));
        check(1250, 0, -2, 0, Some(1300), Some(1200));
        check(1250, 1, -2, 1, Some(1000), Some(1000));
        check(1250, 1, -3, 0, Some(0), Some(0));
        check(5, 0, -1, 0, Some(10), Some(0));
        check(MAX, 0, -1, 0, None, Some(MAX - 9));
        check(MAX, 0, -18, 0, None, Some(0));
        check(MAX, 0, -19, 0, Some(0), Some(0));
        check(MAX, 18, 0, 0, Some(1), Some(0));
        check(125, 2, 5, 2, Some(125), Some(125));
        check(125, 2, i64::MAX, 2, Some(125), Some(125));
        check(125, 2, i64::MIN, 2, Some(0), Some(0));
        check(MAX, 0, 5, 5, None, None);
        check(125, 2, 1, 99, None, None);
    }

    #[test]
    fn quotients() {
        let check = |a, sa, b, sb, expected| assert_eq!(dec_quotient(a, sa, b, sb), expected);
        check(95, 1, 4, 0, Some(2));
        check(-95, 1, 4, 0, Some(-2));
        check(9, 0, 4, 1, Some(22));
        check(1, 0, 0, 0, None);
        check(MAX, 0, 1, 18, None);
        check(MAX, 18, MAX, 0, Some(0));
        check(i64::MIN, 0, -1, 0, None);
    }
}
