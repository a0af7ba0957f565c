//! What becomes of the sums that variances, covariances and regressions are made of.
//!
//! A *moment* is the sum of products of distances from the mean: `Σ(x − mean x)(y − mean y) = Σxy − Σx·Σy / n`.

/// The moment of integers with themselves, from their sum and the sum of their squares (low 128 and high 64 bits), which are
/// exact; so is everything here but the last rounding. 0 of no rows.
pub fn wide_moment(sum: i128, squares: i128, squares_high: i64, n: i64) -> f64 {
    if n <= 0 {
        return 0.0;
    }
    let low = squares as u128;
    let all = times([low as u64, (low >> 64) as u64, squares_high as u64, 0], n as u64);
    let sum = sum.unsigned_abs();
    // (a·2^64 + b)², by halves.
    let (a, b) = (sum >> 64, sum as u64 as u128);
    let (aa, ab, bb) = (a * a, a * b, b * b);
    let mut square = [bb as u64, (bb >> 64) as u64, aa as u64, (aa >> 64) as u64];
    add(&mut square, [0, (ab << 1) as u64, (ab >> 63) as u64, (ab >> 127) as u64]);
    let mut rest = all;
    subtract(&mut rest, square);
    to_float(rest) / n as f64
}

/// `a · b` in 256 bits.
fn times(a: [u64; 4], b: u64) -> [u64; 4] {
    let mut carry = 0;
    a.map(|word| {
        let product = word as u128 * b as u128 + carry;
        carry = product >> 64;
        product as u64
    })
}

fn add(a: &mut [u64; 4], b: [u64; 4]) {
    let mut carry = false;
    for (a, b) in a.iter_mut().zip(b) {
        let (sum, first) = a.overflowing_add(b);
        let (sum, second) = sum.overflowing_add(carry as u64);
        (*a, carry) = (sum, first | second);
    }
}

fn subtract(a: &mut [u64; 4], b: [u64; 4]) {
    let mut borrow = false;
    for (a, b) in a.iter_mut().zip(b) {
        let (rest, first) = a.overflowing_sub(b);
        let (rest, second) = rest.overflowing_sub(borrow as u64);
        (*a, borrow) = (rest, first | second);
    }
}

/// The nearest float.
fn to_float(words: [u64; 4]) -> f64 {
    let Some(top) = words.iter().rposition(|w| *w != 0) else { return 0.0 };
    if top == 0 {
        return words[0] as f64;
    }
    // The highest 64 bits; one bit stands for all that is cut off, as rounding only asks whether there is something.
    let shift = words[top].leading_zeros();
    let both = (words[top] as u128) << 64 | words[top - 1] as u128;
    let head = (both << shift) >> 64;
    let cut = (both << shift) as u64 != 0 || words[..top - 1].iter().any(|w| *w != 0);
    let exponent = 64 * top as i32 - shift as i32;
    (head as u64 | cut as u64) as f64 * f64::from_bits(((1023 + exponent) as u64) << 52)
}

/// The moment of floats, from sums and their compensations. 0 of no rows.
#[inline]
pub fn co_moment(n: i64, x: f64, x_rest: f64, y: f64, y_rest: f64, xy: f64, xy_rest: f64) -> f64 {
    if n == 0 {
        return 0.0;
    }
    let (x, y, xy) = (two_sum(x, x_rest), two_sum(y, y_rest), two_sum(xy, xy_rest));
    let high = x.0 * y.0;
    let low = x.0.mul_add(y.0, -high) + (x.0 * y.1 + x.1 * y.0);
    let n = n as f64;
    let mean = high / n;
    let mean_rest = ((-mean).mul_add(n, high) + low) / n;
    let (moment, rest) = two_sum(xy.0, -mean);
    let moment = moment + (rest + (xy.1 - mean_rest));
    if moment.is_nan() { f64::NAN } else { moment }
}

/// `a + b` and what its rounding lost.
#[inline(always)]
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let back = sum - a;
    (sum, (a - (sum - back)) + (b - back))
}

/// Variance from a moment; `less` is 1 for that of a sample. NaN if there are values `apart` that have no square.
#[inline]
pub fn variance(moment: f64, n: i64, less: i64, apart: i64) -> f64 {
    let variance = covariance(moment, n, less, apart);
    if variance <= 0.0 { 0.0 } else { variance }
}

/// Covariance from a moment; `less` is 1 for that of a sample. NaN if there are pairs `apart` that have no product.
#[inline]
pub fn covariance(moment: f64, n: i64, less: i64, apart: i64) -> f64 {
    match n.saturating_sub(less) {
        _ if apart > 0 => f64::NAN,
        ..=0 => 0.0,
        n => moment / n as f64,
    }
}

/// The square root of a variance.
#[inline]
pub fn deviation(variance: f64) -> f64 {
    let root = variance.sqrt();
    if root.is_nan() { f64::NAN } else { root }
}

/// Correlation from moments; bad where one side does not vary.
#[inline]
pub fn correlation(xy: f64, xx: f64, yy: f64, apart: i64) -> Option<f64> {
    if apart > 0 {
        return Some(f64::NAN);
    }
    (xx > 0.0 && yy > 0.0).then(|| (xy / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0))
}

/// The slope of the line through points, from moments; bad where x does not vary.
#[inline]
pub fn regression_slope(xy: f64, xx: f64, apart: i64) -> Option<f64> {
    if apart > 0 {
        return Some(f64::NAN);
    }
    (xx > 0.0).then(|| xy / xx)
}

/// Where that line meets x = 0, from its slope and, for both sides, the first value and the mean distance from it. Bad where that is out
/// of range.
#[inline]
pub fn regression_intercept(slope: f64, first_x: f64, x: f64, first_y: f64, y: f64, n: i64) -> Option<f64> {
    if slope.is_nan() {
        return Some(f64::NAN);
    }
    let n = n.max(1) as f64;
    let at = (first_y + y / n) - slope * (first_x + x / n);
    (!at.is_nan()).then_some(at)
}

/// Bad where there are `large` values, whose squares could not be added up, unless there are others `apart`, with which the result is NaN.
#[inline]
pub fn moments_fit(large: i64, apart: i64) -> Option<bool> {
    (large <= 0 || apart > 0).then_some(true)
}

/// The share of y's variance that the line explains; bad where x does not vary, 1 where only y does not.
#[inline]
pub fn regression_r2(xy: f64, xx: f64, yy: f64, apart: i64) -> Option<f64> {
    if apart > 0 {
        return Some(f64::NAN);
    }
    (xx > 0.0).then(|| {
        let product = xy / xx * (xy / yy);
        match yy > 0.0 {
            // One factor is too large for a float, the other too small.
            true if product.is_nan() => (xy / (xx.sqrt() * yy.sqrt())).powi(2).clamp(0.0, 1.0),
            true => product.clamp(0.0, 1.0),
            false => 1.0,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_integers_are_exact() {
        let check = |values: &[i64], expected: f64| {
            let sum: i128 = values.iter().map(|v| *v as i128).sum();
            let (mut low, mut high) = (0_u128, 0);
            for v in values {
                let (next, carry) = low.overflowing_add((v.unsigned_abs() as u128).pow(2));
                (low, high) = (next, high + carry as i64);
            }
            assert_eq!(wide_moment(sum, low as i128, high, values.len() as i64), expected, "{values:?}");
        };
        check(&[], 0.0);
        check(&[7], 0.0);
        check(&[1, 2, 3, 4], 5.0);
        check(&[i64::MAX, i64::MAX - 1], 0.5);
        check(&[i64::MIN; 9], 0.0);
        // Two values 2^64 − 1 apart: the moment is half the square of that.
        check(&[i64::MIN, i64::MAX], (127_f64).exp2());
        check(&[1_000_000_000_000, 1_000_000_000_001, 1_000_000_000_002], 2.0);
    }

    #[test]
    fn floats_of_long_integers_are_the_nearest() {
        assert_eq!(to_float([0, 0, 0, 1 << 63]), (255_f64).exp2());
        assert_eq!(to_float([1, 0, 0, 0]), 1.0);
        // Half way between two floats, and a little more.
        assert_eq!(to_float([0, (1 << 53) + 1, 0, 0]), (117_f64).exp2());
        assert_eq!(to_float([1, (1 << 53) + 1, 0, 0]), (117_f64).exp2() + (65_f64).exp2());
    }

    #[test]
    fn results() {
        assert_eq!((variance(5.0, 4, 1, 0), variance(5.0, 4, 0, 0)), (5.0 / 3.0, 1.25));
        assert_eq!((variance(0.0, 1, 1, 0), variance(-1e-30, 2, 1, 0)), (0.0, 0.0));
        assert!(variance(1.0, 3, 1, 1).is_nan() && covariance(1.0, 3, 1, 1).is_nan());
        assert_eq!(covariance(-6.0, 4, 1, 0), -2.0);
        assert_eq!(correlation(2.0, 1.0, 4.0, 0), Some(1.0));
        assert_eq!((correlation(2.0, 0.0, 4.0, 0), regression_slope(1.0, 0.0, 0)), (None, None));
        assert_eq!(regression_slope(6.0, 3.0, 0), Some(2.0));
        assert_eq!(regression_intercept(2.0, 1.0, 2.0, 10.0, 4.0, 2), Some(8.0));
        assert_eq!(regression_intercept(f64::INFINITY, 1.0, -2.0, 10.0, 4.0, 2), None);
        assert!(regression_intercept(f64::NAN, 1.0, 2.0, 10.0, 4.0, 2).is_some_and(f64::is_nan));
        assert_eq!(regression_r2(1e-8, 1e-320, 1e304, 0), Some(1.0));
        assert_eq!((moments_fit(0, 0), moments_fit(1, 0), moments_fit(1, 1)), (Some(true), None, Some(true)));
        assert_eq!(
            (regression_r2(2.0, 1.0, 4.0, 0), regression_r2(0.0, 1.0, 0.0, 0)),
            (Some(1.0), Some(1.0))
        );
        assert_eq!(deviation(-0.0).to_bits(), (-0.0_f64).to_bits());
    }
}
