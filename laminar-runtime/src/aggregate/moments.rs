//! `AccOp::Moments`: what a variance of floats is computed from.
//!
//! ```text
//! [rows] [first value] [sum of differences: 2] [sum of their squares: 2] [values that are no number] [large values]
//! ```
//!
//! Differences are to the first value that came, and exact (in two floats); sums are compensated. So equal values give a
//! variance of exactly 0, values close together lose nothing by being far from zero, and a row is taken back as it was added.
//! Once all are gone the state is empty again. Infinite values and NaN are counted apart: with them there is no number. So are, by
//! themselves, values from 2^480 on, whose squares could not be added up: a result that has them is out of range.
//!
//! Source: shifted data as in Chan, Golub, LeVeque, "Algorithms for computing the sample variance", 1983; sums as in
//! [`super::sum_float_exact`].

use super::sum_float_exact::add;
use super::{Aggregate, Part, Rows};
use crate::plan::Accumulator;
use crate::schema::Repr;

/// Values from here on are counted apart: 2^480. The square of a difference is below 2^963, as many as there may be below
/// the greatest float.
pub(super) const LARGE: f64 = f64::from_bits((1023 + 480) << 52);

/// `a − b`, exactly, in two floats.
#[inline(always)]
pub(super) fn difference(a: f64, b: f64) -> [f64; 2] {
    let high = a - b;
    let back = high - a;
    [high, (a - (high - back)) - (b + back)]
}

/// Adds the product of two exact differences, `weight` times, to a sum and its compensation.
///
/// # Safety
/// `p` is those two words.
#[inline(always)]
pub(super) unsafe fn add_product(p: *mut u8, a: [f64; 2], b: [f64; 2], weight: i64) {
    let high = a[0] * b[0];
    let low = a[0].mul_add(b[0], -high) + (a[0] * b[1] + a[1] * b[0]);
    // SAFETY: as the caller promises.
    unsafe {
        add(p, high * weight as f64);
        add(p, low * weight as f64);
    }
}

/// Adds an exact difference, `weight` times, to a sum and its compensation.
///
/// # Safety
/// `p` is those two words.
#[inline(always)]
pub(super) unsafe fn add_difference(p: *mut u8, a: [f64; 2], weight: i64) {
    // SAFETY: as the caller promises.
    unsafe {
        add(p, a[0] * weight as f64);
        add(p, a[1] * weight as f64);
    }
}

/// Adds `value`, `weight` times.
///
/// # Safety
/// `p` is the accumulator's eight words.
unsafe fn moments_weighted(p: *mut u8, value: f64, weight: i64) {
    // SAFETY: the caller's eight words; parts of a group row are 8-aligned.
    unsafe {
        if value.is_nan() || value.abs() >= LARGE {
            let at = p.cast::<i64>().add(if value.is_finite() { 7 } else { 6 });
            *at = (*at).wrapping_add(weight);
            return;
        }
        let rows = p.cast::<i64>();
        let first = p.cast::<f64>().add(1);
        if *rows == 0 {
            *first = value;
        }
        *rows = (*rows).wrapping_add(weight);
        if *rows == 0 {
            // What rounding left goes with the last row.
            p.write_bytes(0, 6 * 8);
            return;
        }
        let d = difference(value, *first);
        add_difference(p.add(2 * 8), d, weight);
        add_product(p.add(4 * 8), d, d, weight);
    }
}

/// Adds a row that stays.
///
/// # Safety
/// `p` is the accumulator's eight words.
pub unsafe extern "C" fn moments(p: *mut u8, value: f64) {
    // SAFETY: as the caller promises.
    unsafe { moments_weighted(p, value, 1) }
}

/// The operation.
pub(super) struct Moments;

impl Aggregate for Moments {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        vec![
            Part::value(".rows", Repr::Int),
            Part::value(".first", Repr::Float),
            Part::value(".sum", Repr::Float),
            Part::value(".sum_compensation", Repr::Float),
            Part::value(".squares", Repr::Float),
            Part::value(".squares_compensation", Repr::Float),
            Part::value(".apart", Repr::Int),
            Part::value(".large", Repr::Int),
        ]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let values = rows.data().cast::<f64>();
        // SAFETY: there is a value for every index given.
        unsafe { rows.weighted(|p, i, weight| moments_weighted(p, *values.add(i), weight)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::co_moment;

    fn state(rows: &[(f64, i64)]) -> [u64; 8] {
        let mut words = [0_u64; 8];
        for &(value, weight) in rows {
            // SAFETY: eight words.
            unsafe { moments_weighted(words.as_mut_ptr().cast(), value, weight) };
        }
        words
    }

    /// The sum of squared distances from the mean.
    fn spread(rows: &[(f64, i64)]) -> f64 {
        let words = state(rows);
        let f = |w: usize| f64::from_bits(words[w]);
        co_moment(words[0] as i64, f(2), f(3), f(2), f(3), f(4), f(5))
    }

    #[test]
    fn distance_from_zero_costs_nothing() {
        assert_eq!(spread(&[(0.1, 1), (0.1, 1), (0.1, 1)]), 0.0);
        assert_eq!(spread(&[(1e15 + 0.5, 1), (1e15 + 1.5, 1), (1e15 - 0.5, 1)]), 2.0);
        assert_eq!(spread(&[(1.0, 1), (1.0 + f64::EPSILON, 1)]), f64::EPSILON * f64::EPSILON / 2.0);
        assert_eq!(spread(&[(2.0, 2), (4.0, 2)]), 4.0);
        let apart = state(&[(1.0, 1), (f64::NAN, 1), (1e200, 3), (f64::INFINITY, -1)]);
        assert_eq!((apart[0], apart[6] as i64, apart[7]), (1, 0, 3));
    }

    #[test]
    fn what_is_taken_back_leaves_no_trace() {
        assert_eq!(state(&[(0.1, 1), (0.3, 2), (0.3, -2), (0.1, -1)]), [0; 8]);
        assert_eq!(spread(&[(1e9, 1), (3.0, 1), (5.0, 1), (1e9, -1)]), 2.0);
    }
}
