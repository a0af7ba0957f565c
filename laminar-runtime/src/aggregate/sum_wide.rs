//! `AccOp::SumWide`: decimals of up to 38 digits, summed in 192 bits: three words, lowest first.
//!
//! Wide enough that no sum of fewer than 2^63 values overflows; whether the sum has 38 digits is asked when it is read.

use super::{Aggregate, Part, Rows, wide_at};
use crate::plan::Accumulator;
use crate::schema::Repr;
use crate::stage::wide_of;

/// Adds `value`.
///
/// # Safety
/// `p` is the accumulator's three words.
#[inline(always)]
pub unsafe fn sum_wide(p: *mut u8, value: i128) {
    // SAFETY: as the caller promises.
    unsafe { add(p, value as u128, (value >> 127) as i64) }
}

/// Adds `value`, `weight` times.
///
/// # Safety
/// `p` is the accumulator's three words.
#[inline(always)]
pub unsafe fn sum_wide_weighted(p: *mut u8, value: i128, weight: i64) {
    let weight = weight as i128;
    let low = (value as u64 as i128).wrapping_mul(weight);
    let high = (value >> 64).wrapping_mul(weight).wrapping_add(low >> 64);
    // SAFETY: as the caller promises.
    unsafe { add(p, (low as u64 as u128) | (high as u128) << 64, (high >> 64) as i64) }
}

/// [`sum_wide`] of the halves of a value, for compiled code.
///
/// # Safety
/// As [`sum_wide`].
pub unsafe extern "C" fn sum_wide_cell(p: *mut u8, low: u64, high: u64) {
    // SAFETY: as the caller promises.
    unsafe { sum_wide(p, wide_of([low, high])) }
}

#[inline(always)]
unsafe fn add(p: *mut u8, low: u128, high: i64) {
    let p = p.cast::<u64>();
    // SAFETY: the caller's three words; parts of a group row are 8-aligned.
    unsafe {
        let (sum, carry) = (wide_of([*p, *p.add(1)]) as u128).overflowing_add(low);
        *p = sum as u64;
        *p.add(1) = (sum >> 64) as u64;
        let top = p.add(2).cast::<i64>();
        *top = (*top).wrapping_add(high).wrapping_add(carry as i64);
    }
}

/// The operation.
pub(super) struct SumWide;

impl Aggregate for SumWide {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        vec![Part::value("", Repr::Wide), Part::value(".high", Repr::Int)]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let (values, weights) = (rows.data().cast::<[u64; 2]>(), rows.weights);
        // SAFETY: there is a value and a weight for every index given.
        unsafe {
            if weights.is_null() {
                rows.each(|p, i| sum_wide(p, wide_at(values, i)));
            } else {
                rows.each(|p, i| sum_wide_weighted(p, wide_at(values, i), *weights.add(i)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carries() {
        let mut words = [0_u64; 3];
        let p = words.as_mut_ptr().cast::<u8>();
        // SAFETY: three words.
        unsafe {
            for _ in 0..3 {
                sum_wide(p, i128::MAX);
            }
            sum_wide(p, 3);
        }
        // 3 · 2^127
        assert_eq!(words, [0, 1 << 63, 1]);
        // SAFETY: as above.
        unsafe {
            sum_wide_weighted(p, i128::MAX, -3);
            sum_wide_weighted(p, -1, 3);
        }
        assert_eq!(words, [0; 3]);
        // SAFETY: as above.
        unsafe {
            sum_wide_weighted(p, -1, i64::MIN);
            sum_wide(p, i128::from(i64::MIN));
        }
        assert_eq!(words, [0; 3]);
        // SAFETY: as above.
        unsafe { sum_wide_weighted(p, i128::MIN, i64::MAX) };
        // −2^127 · (2^63 − 1) = −2^190 + 2^127
        assert_eq!(words, [0, 1 << 63, (-(1_i64 << 62)) as u64]);
    }
}
