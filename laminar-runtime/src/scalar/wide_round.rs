//! Rounding of decimals of more than 18 digits, and what else needs no other type. A scale outside 0..=38 is the nearer of the two.

use super::wide_decimal::wide_rescale;
use crate::types::WIDE_POW10;

#[inline(always)]
fn unit(scale: i64) -> i128 {
    WIDE_POW10[scale.clamp(0, 38) as usize]
}

/// The decimal without its sign.
#[inline]
pub fn wide_abs(a: i128) -> i128 {
    a.saturating_abs()
}

/// −1, 0 or 1.
#[inline]
pub fn wide_sign(a: i128) -> i64 {
    a.signum() as i64
}

/// The next integer that is not less.
#[inline]
pub fn wide_ceil(a: i128, scale: i64) -> i128 {
    let unit = unit(scale);
    a.div_euclid(unit) + i128::from(a.rem_euclid(unit) != 0)
}

/// The next integer that is not greater.
#[inline]
pub fn wide_floor(a: i128, scale: i64) -> i128 {
    a.div_euclid(unit(scale))
}

/// Without the fraction.
#[inline]
pub fn wide_trunc(a: i128, scale: i64) -> i128 {
    a / unit(scale)
}

/// The nearest integer, halves away from zero.
#[inline]
pub fn wide_round(a: i128, scale: i64) -> i128 {
    let unit = unit(scale);
    let (whole, rest) = (a / unit, (a % unit).abs());
    if rest >= unit - rest { whole + a.signum() } else { whole }
}

/// Rounded half away from zero to `digits` after the point (before it where negative), with another scale. Bad above 38 digits.
#[inline]
pub fn wide_round_to(a: i128, scale: i64, digits: i64, out_scale: i64) -> Option<i128> {
    to_digits(a, scale, digits, out_scale, wide_round)
}

/// Cut after `digits` after the point (before it where negative), with another scale. Bad above 38 digits.
#[inline]
pub fn wide_trunc_to(a: i128, scale: i64, digits: i64, out_scale: i64) -> Option<i128> {
    to_digits(a, scale, digits, out_scale, wide_trunc)
}

fn to_digits(
    a: i128,
    scale: i64,
    digits: i64,
    out_scale: i64,
    whole: impl Fn(i128, i64) -> i128,
) -> Option<i128> {
    let scale = scale.clamp(0, 38);
    if digits >= scale {
        return wide_rescale(a, scale, out_scale);
    }
    let cut = scale.saturating_sub(digits);
    if cut > 38 {
        // A number of 38 digits is less than half of 10^39.
        return Some(0);
    }
    let kept = whole(a, cut);
    match digits {
        0.. => wide_rescale(kept, digits, out_scale),
        _ => wide_rescale(kept.checked_mul(unit(-digits))?, 0, out_scale),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds() {
        let check = |a, ceil, floor, trunc, round| {
            let found = (wide_ceil(a, 1), wide_floor(a, 1), wide_trunc(a, 1), wide_round(a, 1));
            assert_eq!(found, (ceil, floor, trunc, round), "{a}");
        };
        check(25, 3, 2, 2, 3);
        check(-25, -2, -3, -2, -3);
        check(24, 3, 2, 2, 2);
        check(20, 2, 2, 2, 2);
        check(0, 0, 0, 0, 0);
        assert_eq!((wide_abs(-5), wide_sign(-5), wide_sign(0)), (5, -1, 0));
    }

    #[test]
    fn to_so_many_digits() {
        assert_eq!(
            (wide_round_to(12_345, 3, 2, 2), wide_trunc_to(12_345, 3, 2, 2)),
            (Some(1235), Some(1234))
        );
        assert_eq!((wide_round_to(12_345, 3, -1, 0), wide_trunc_to(19_345, 3, -1, 0)), (Some(10), Some(10)));
        assert_eq!(
            (wide_round_to(12_345, 3, 5, 3), wide_round_to(12_345, 3, -99, 0)),
            (Some(12_345), Some(0))
        );
        assert_eq!(wide_round_to(12_345, 3, 2, 37), None);
        assert_eq!(wide_round_to(10_i128.pow(37), 0, -37, 0), Some(10_i128.pow(37)));
    }
}
