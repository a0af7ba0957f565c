//! `AccOp::BitOr`, `AccOp::BitXor` and `AccOp::BitCounts`: bits that some value has, or an odd number of them.
//!
//! The empty state is 0, so AND is not here: it is the complement of the OR of complements. Two equal values leave no trace in an XOR;
//! an OR that rows can be taken back from counts the values that have each bit.

use super::{Aggregate, Of, Part, Rows};
use crate::plan::Accumulator;
use crate::schema::Repr;
use crate::stage::ColumnRef;

/// OR of values that stay: one word.
pub(super) struct BitOr;

impl Aggregate for BitOr {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        vec![Part::value("", Repr::Int)]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let values = rows.data().cast::<u64>();
        // SAFETY: there is a value for every index given; the state is a word, 8-aligned.
        unsafe { rows.each(|p, i| *p.cast::<u64>() |= *values.add(i)) }
    }
}

/// XOR: one word.
pub(super) struct BitXor;

impl Aggregate for BitXor {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        vec![Part::value("", Repr::Int)]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let values = rows.data().cast::<u64>();
        // SAFETY: there is a value for every index given; the state is a word, 8-aligned.
        unsafe {
            rows.weighted(|p, i, weight| {
                if weight & 1 != 0 {
                    *p.cast::<u64>() ^= *values.add(i);
                }
            });
        }
    }
}

/// OR of values that can be taken back: the word, then for each bit how many values have it, the lowest first.
pub(super) struct BitCounts;

impl Aggregate for BitCounts {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        vec![Part::value("", Repr::Int), Part::hidden(64)]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let values = rows.data().cast::<u64>();
        // SAFETY: there is a value for every index given; the state is as `parts` has it.
        unsafe { rows.weighted(|p, i, weight| count(p, *values.add(i), weight)) }
    }

    unsafe fn holds(&self, of: Of<'_>, p: *mut u8, columns: *const ColumnRef, i: usize, times: i64) -> bool {
        let Some(arg) = of.acc.arg else { return true };
        // SAFETY: the columns have the argument's, with a row `i`; the state is as `parts` has it.
        unsafe {
            let value = *(*columns.add(arg as usize)).data.cast::<u64>().add(i);
            bits(value).all(|bit| *p.cast::<i64>().add(1 + bit) >= times)
        }
    }
}

/// Counts the bits of `value`, `weight` times.
///
/// # Safety
/// `p` is the accumulator's 65 words.
unsafe fn count(p: *mut u8, value: u64, weight: i64) {
    for bit in bits(value) {
        // SAFETY: the caller's words; parts of a group row are 8-aligned.
        unsafe {
            let times = &mut *p.cast::<i64>().add(1 + bit);
            *times = times.wrapping_add(weight);
            let some = u64::from(*times != 0) << bit;
            let all = &mut *p.cast::<u64>();
            *all = *all & !(1 << bit) | some;
        }
    }
}

/// The bits that are 1, from the lowest.
fn bits(mut value: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = value.trailing_zeros() as usize;
        value &= value.wrapping_sub(1);
        (bit < 64).then_some(bit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_counted_and_taken_back() {
        let check = |rows: &[(i64, i64)], expected: i64| {
            let mut words = [0_i64; 65];
            for &(value, weight) in rows {
                // SAFETY: 65 words.
                unsafe { count(words.as_mut_ptr().cast(), value as u64, weight) };
            }
            assert_eq!(words[0], expected, "{rows:?}");
            words
        };
        check(&[], 0);
        check(&[(5, 1), (2, 1)], 7);
        check(&[(5, 1), (4, 2), (5, -1)], 4);
        check(&[(i64::MIN, 1), (1, 1), (i64::MIN, -1)], 1);
        check(&[(-1, 3), (0, 7)], -1);
        // In one step a row may be taken back before it comes.
        check(&[(6, -1), (6, 1), (1, 1)], 1);
        assert_eq!(check(&[(-1, i64::MAX), (-1, -i64::MAX)], 0), [0; 65]);
    }
}
