//! `AccOp::SumInt`: an `i128` in two words, low half first.
//!
//! Wide enough that no sum of fewer than 2^64 values overflows; whether the sum fits its SQL type is asked when
//! it is read.

use super::{Aggregate, Part, Rows};
use crate::plan::Accumulator;
use crate::schema::Repr;
use crate::stage::{read_wide, write_wide};

/// Adds `value`.
///
/// # Safety
/// `p` is the accumulator's two words.
#[inline(always)]
pub unsafe fn sum_int(p: *mut u8, value: i64) {
    // SAFETY: as the caller promises.
    unsafe { add(p, value as i128) }
}

/// Adds `value`, `weight` times.
///
/// # Safety
/// `p` is the accumulator's two words.
#[inline(always)]
pub unsafe fn sum_int_weighted(p: *mut u8, value: i64, weight: i64) {
    // SAFETY: as the caller promises.
    unsafe { add(p, value as i128 * weight as i128) }
}

#[inline(always)]
unsafe fn add(p: *mut u8, value: i128) {
    // SAFETY: the caller's two words; parts of a group row are 8-aligned.
    unsafe { write_wide(p, read_wide(p).wrapping_add(value)) }
}

/// The operation.
pub(super) struct SumInt;

impl Aggregate for SumInt {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        vec![Part::value("", Repr::Wide)]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let (values, weights) = (rows.data().cast::<i64>(), rows.weights);
        // SAFETY: there is a value and a weight for every index given.
        unsafe {
            if weights.is_null() {
                rows.each(|p, i| sum_int(p, *values.add(i)));
            } else {
                rows.each(|p, i| sum_int_weighted(p, *values.add(i), *weights.add(i)));
            }
        }
    }
}
