//! What becomes of sums: integers summed in an `i128`, floats summed plain or compensated.

use super::decimal::rescale;
use crate::types::DEC18_BOUND;

/// The sum; bad outside 64 bits.
#[inline]
pub fn wide_to_i64(sum: i128) -> Option<i64> {
    sum.try_into().ok()
}

/// The sum as a mantissa; bad above 18 digits.
#[inline]
pub fn wide_to_dec(sum: i128) -> Option<i64> {
    wide_to_i64(sum).filter(|&m| -DEC18_BOUND < m && m < DEC18_BOUND)
}

/// The float nearest to the sum.
#[inline]
pub fn wide_to_float(sum: i128) -> f64 {
    sum as f64
}

/// Sum over count; 0 of no rows.
#[inline]
pub fn wide_avg_float(sum: i128, n: i64) -> f64 {
    float_avg(sum as f64, n)
}

/// Sum of mantissas over count, rounded half away from zero to `out_scale`; 0 of no rows. Bad above 18 digits or for scales
/// outside 0..=18.
#[inline]
pub fn wide_avg_dec(sum: i128, n: i64, scale: i64, out_scale: i64) -> Option<i64> {
    if !(0..=18).contains(&scale) || !(0..=18).contains(&out_scale) {
        return None;
    }
    if n == 0 {
        return Some(0);
    }
    rescale(sum, n, (out_scale - scale) as i32)
}

/// Sum over count; 0 of no rows.
#[inline]
pub fn float_avg(sum: f64, n: i64) -> f64 {
    let avg = if n == 0 { 0.0 } else { sum / n as f64 };
    if avg.is_nan() { f64::NAN } else { avg }
}

/// 2^200: sums of large values are held divided by it.
const LARGE_SCALE: f64 = f64::from_bits((1023 + 200) << 52);

/// The value of a compensated sum over a changelog: both sums with their compensations, unless NaN or infinities are among
/// the summands.
#[inline]
pub fn float_sum_exact(
    sum: f64,
    compensation: f64,
    nan: i64,
    inf: i64,
    neg_inf: i64,
    large: f64,
    large_compensation: f64,
) -> f64 {
    if nan > 0 || (inf > 0 && neg_inf > 0) {
        return f64::NAN;
    }
    if inf > 0 {
        return f64::INFINITY;
    }
    if neg_inf > 0 {
        return f64::NEG_INFINITY;
    }
    let (total, large) = (sum + compensation, large + large_compensation);
    if large == 0.0 { total } else { (large + total / LARGE_SCALE) * LARGE_SCALE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sums() {
        let check = |sum, int, dec| assert_eq!((wide_to_i64(sum), wide_to_dec(sum)), (int, dec));
        check(0, Some(0), Some(0));
        check(-5, Some(-5), Some(-5));
        check(999_999_999_999_999_999, Some(999_999_999_999_999_999), Some(999_999_999_999_999_999));
        check(-1_000_000_000_000_000_000, Some(-1_000_000_000_000_000_000), None);
        check(i64::MAX as i128, Some(i64::MAX), None);
        check(i64::MAX as i128 + 1, None, None);
        check(i64::MIN as i128, Some(i64::MIN), None);
        check(i128::MIN, None, None);
        assert_eq!(wide_to_float(1 << 100), (100_f64).exp2());
        assert_eq!(wide_to_float(-(1 << 53) - 1), -(53_f64).exp2());
    }

    #[test]
    fn averages() {
        assert_eq!((wide_avg_float(7, 2), wide_avg_float(7, 0), wide_avg_float(-1, 4)), (3.5, 0.0, -0.25));
        assert_eq!((float_avg(7.0, 2), float_avg(7.0, 0)), (3.5, 0.0));
        assert_eq!(float_avg(-f64::NAN, 2).to_bits(), f64::NAN.to_bits());
        let check = |sum, n, scale, out, expected| assert_eq!(wide_avg_dec(sum, n, scale, out), expected);
        check(10, 4, 0, 1, Some(25));
        check(10, 3, 2, 6, Some(33_333));
        check(-5, 2, 1, 1, Some(-3));
        check(15, 1, 1, 0, Some(2));
        check(7, 0, 2, 2, Some(0));
        check(i128::MAX, 1, 0, 18, None);
        check(i128::MIN, -1, 18, 0, None);
        check(i128::MIN, i64::MIN, 18, 0, Some(18));
        check(1_000_000_000_000_000_000 * 1000, 2000, 0, 0, Some(500_000_000_000_000_000));
        check(1, 1, 19, 0, None);
        check(1, 1, 0, -1, None);
    }

    #[test]
    fn compensated_sums() {
        let check = |sum: f64, comp: f64, counts: (i64, i64, i64), large: f64, expected: f64| {
            let found = float_sum_exact(sum, comp, counts.0, counts.1, counts.2, large, 0.0);
            assert_eq!(found.to_bits(), expected.to_bits(), "{found} {expected}");
        };
        check(1.0, 0.5, (0, 0, 0), 0.0, 1.5);
        check(1.0, 0.0, (1, 0, 0), 0.0, f64::NAN);
        check(1.0, 0.0, (0, 1, 0), 0.0, f64::INFINITY);
        check(1.0, 0.0, (0, 0, 2), 0.0, f64::NEG_INFINITY);
        check(1.0, 0.0, (0, 1, 1), 0.0, f64::NAN);
        check(1e270, 0.0, (0, 0, 0), 1e220, (1e220 + 1e270 / LARGE_SCALE) * LARGE_SCALE);
        check(0.0, 0.0, (0, 0, 0), -1e250, f64::NEG_INFINITY);
    }
}
