//! `AccOp::Count`: one word, the number of rows.

use super::{Aggregate, Part, Rows};
use crate::plan::Accumulator;
use crate::schema::Repr;

/// Adds `weight` rows.
///
/// # Safety
/// `p` is the accumulator's word.
#[inline(always)]
pub unsafe fn count(p: *mut u8, weight: i64) {
    let p = p.cast::<i64>();
    // SAFETY: the caller's word; parts of a group row are 8-aligned.
    unsafe { *p = (*p).wrapping_add(weight) }
}

/// The operation.
pub(super) struct Count;

impl Aggregate for Count {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        vec![Part::value("", Repr::Int)]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let weights = rows.weights;
        // SAFETY: rows and weights exist for every index given.
        unsafe {
            if weights.is_null() {
                rows.each(|p, _| count(p, 1));
            } else {
                rows.each(|p, i| count(p, *weights.add(i)));
            }
        }
    }
}
