//! `AccOp::SumSquares`: the exact sum of the squares of integers or mantissas, in 192 bits, low words first.
//!
//! A square has at most 126 bits: fewer than 2^64 of them never overflow, and taking one back leaves no trace. With the exact
//! sum of the values the variance has no error but the last rounding, as PostgreSQL's `numeric`.

use super::{Aggregate, Part, Rows};
use crate::plan::Accumulator;
use crate::schema::Repr;

/// Adds the square of `value`, `weight` times.
///
/// # Safety
/// `p` is the accumulator's three words.
#[inline(always)]
unsafe fn sum_squares_weighted(p: *mut u8, value: i64, weight: i64) {
    let square = value.unsigned_abs() as u128 * value.unsigned_abs() as u128;
    let times = weight.unsigned_abs() as u128;
    // 126 bits times 63 bits, in words of 64.
    let low = (square as u64) as u128 * times;
    let high = (square >> 64) * times + (low >> 64);
    let words = [low as u64, high as u64, (high >> 64) as u64];
    let p = p.cast::<u64>();
    let mut carry = false;
    for (w, word) in words.into_iter().enumerate() {
        // SAFETY: the caller's three words; parts of a group row are 8-aligned.
        let at = unsafe { &mut *p.add(w) };
        let (sum, first) = if weight < 0 { at.overflowing_sub(word) } else { at.overflowing_add(word) };
        let (sum, second) = match weight < 0 {
            true => sum.overflowing_sub(carry as u64),
            false => sum.overflowing_add(carry as u64),
        };
        *at = sum;
        carry = first | second;
    }
}

/// Adds the square of `value`.
///
/// # Safety
/// `p` is the accumulator's three words.
#[inline(always)]
pub unsafe fn sum_squares(p: *mut u8, value: i64) {
    // SAFETY: as the caller promises.
    unsafe { sum_squares_weighted(p, value, 1) }
}

/// [`sum_squares`] for machine code.
///
/// # Safety
/// As there.
pub unsafe extern "C" fn sum_squares_cell(p: *mut u8, value: i64) {
    // SAFETY: as the caller promises.
    unsafe { sum_squares_weighted(p, value, 1) }
}

/// The operation.
pub(super) struct SumSquares;

impl Aggregate for SumSquares {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        vec![Part::value("", Repr::Wide), Part::value(".high", Repr::Int)]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let values = rows.data().cast::<i64>();
        // SAFETY: there is a value for every index given.
        unsafe { rows.weighted(|p, i, weight| sum_squares_weighted(p, *values.add(i), weight)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_and_takes_back() {
        let check = |rows: &[(i64, i64)], expected: [u64; 3]| {
            let mut words = [0_u64; 3];
            for &(value, weight) in rows {
                // SAFETY: three words.
                unsafe { sum_squares_weighted(words.as_mut_ptr().cast(), value, weight) };
            }
            assert_eq!(words, expected, "{rows:?}");
        };
        check(&[(3, 1), (-4, 1)], [25, 0, 0]);
        check(&[(3, 5), (3, -2), (3, -3)], [0, 0, 0]);
        check(&[(i64::MIN, 1)], [0, 1 << 62, 0]);
        check(&[(i64::MIN, i64::MAX)], [0, 3 << 62, (1 << 61) - 1]);
        check(&[(i64::MIN, i64::MAX), (7, 1), (i64::MIN, -i64::MAX)], [49, 0, 0]);
        check(&[(7, -1), (7, 1)], [0, 0, 0]);
    }
}
