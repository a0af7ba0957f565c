//! `AccOp::SumFloatExact`: a float sum whose rows can be taken back.
//!
//! Seven words: sum, compensation, count of NaN, of +Inf, of −Inf, sum and compensation of large values. Values that are no
//! finite numbers are only counted, so that taking one back leaves no trace; finite ones are summed with Neumaier's
//! compensation, large ones apart and scaled down, so that a sum beyond the range of floats comes back from there.
//!
//! Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", 1974.

use super::{Aggregate, Part, Rows};
use crate::plan::Accumulator;
use crate::schema::Repr;

/// From 2^900 on a value is large. Fewer than 2^63 smaller ones stay below 2^963.
const LARGE: f64 = f64::from_bits((1023 + 900) << 52);
/// 2^-200: large values by this are below 2^824.
const SCALE: f64 = f64::from_bits((1023 - 200) << 52);

/// Adds `value`, `weight` times.
///
/// # Safety
/// `p` is the accumulator's seven words.
#[inline(always)]
pub unsafe fn sum_float_exact(p: *mut u8, value: f64, weight: i64) {
    // SAFETY: the caller's seven words; parts of a group row are 8-aligned.
    unsafe { if value.abs() < LARGE { add_times(p, value, weight) } else { add_special(p, value, weight) } }
}

/// Adds a value whose product with any weight is a float, `weight` times.
#[inline(always)]
unsafe fn add_times(p: *mut u8, value: f64, weight: i64) {
    // SAFETY: two of the caller's words.
    unsafe {
        if weight == 1 || weight == -1 {
            return add(p, value * weight as f64);
        }
        // The product and what its rounding lost: taken back in other portions, both parts still cancel.
        let product = value * weight as f64;
        add(p, product);
        add(p, value.mul_add(weight as f64, -product));
    }
}

/// [`sum_float_exact`] for machine code.
///
/// # Safety
/// As there.
pub unsafe extern "C" fn sum_float_exact_cell(p: *mut u8, value: f64, weight: i64) {
    // SAFETY: as the caller promises.
    unsafe { sum_float_exact(p, value, weight) }
}

/// Adds to a sum and its compensation.
///
/// # Safety
/// `p` is those two words.
#[inline(always)]
pub(super) unsafe fn add(p: *mut u8, value: f64) {
    let p = p.cast::<f64>();
    // SAFETY: the caller's two words.
    unsafe {
        let sum = *p;
        let total = sum + value;
        let lost = if sum.abs() >= value.abs() { (sum - total) + value } else { (value - total) + sum };
        *p = total;
        *p.add(1) += lost;
    }
}

/// Counts what is no finite number, and adds a large one.
#[cold]
unsafe fn add_special(p: *mut u8, value: f64, weight: i64) {
    // SAFETY: words 2 to 6 of the caller's seven.
    unsafe {
        let part = match value {
            _ if value.is_nan() => 2,
            f64::INFINITY => 3,
            f64::NEG_INFINITY => 4,
            _ => return add_times(p.add(5 * 8), value * SCALE, weight),
        };
        let p = p.cast::<i64>().add(part);
        *p = (*p).wrapping_add(weight);
    }
}

/// The operation.
pub(super) struct SumFloatExact;

impl Aggregate for SumFloatExact {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        vec![
            Part::value(".sum", Repr::Float),
            Part::value(".compensation", Repr::Float),
            Part::value(".nan", Repr::Int),
            Part::value(".inf", Repr::Int),
            Part::value(".neg_inf", Repr::Int),
            Part::value(".large", Repr::Float),
            Part::value(".large_compensation", Repr::Float),
        ]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let values = rows.data().cast::<f64>();
        // SAFETY: there is a value for every index given.
        unsafe { rows.weighted(|p, i, weight| sum_float_exact(p, *values.add(i), weight)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::float_sum_exact;

    fn check(rows: &[(f64, i64)], expected: f64, specials: [i64; 3]) {
        let mut words = [0_u64; 7];
        for &(value, weight) in rows {
            // SAFETY: seven words.
            unsafe { sum_float_exact(words.as_mut_ptr().cast(), value, weight) };
        }
        let float = |w: usize| f64::from_bits(words[w]);
        assert_eq!([words[2], words[3], words[4]].map(|w| w as i64), specials, "{rows:?}");
        let found = float_sum_exact(float(0), float(1), 0, 0, 0, float(5), float(6));
        assert_eq!(found, expected, "{rows:?}");
    }

    #[test]
    fn what_is_taken_back_leaves_no_trace() {
        check(&[(0.1, 1), (1e100, 1), (1e100, -1)], 0.1, [0; 3]);
        check(&[(f64::NAN, 1), (f64::INFINITY, 2), (2.0, 1), (f64::NAN, -1)], 2.0, [0, 2, 0]);
        check(&[(f64::NEG_INFINITY, 1), (f64::INFINITY, 1), (f64::NEG_INFINITY, -1)], 0.0, [0, 1, 0]);
        check(&[(0.1, 3), (0.1, -1), (0.1, -2)], 0.0, [0; 3]);
        check(&[(1e308, 1), (0.1, 1), (1e308, 2)], f64::INFINITY, [0; 3]);
        check(&[(1e308, 1), (0.1, 1), (1e308, 2), (1e308, -3)], 0.1, [0; 3]);
        check(&[(f64::MAX, i64::MAX), (-f64::MAX, i64::MAX), (f64::MIN, 1)], f64::MIN, [0; 3]);
    }
}
