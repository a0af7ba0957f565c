//! `AccOp::SumFloat`: one word, the sum in arrival order.

use super::{Aggregate, Part, Rows};
use crate::plan::Accumulator;
use crate::schema::Repr;

/// Adds `value`.
///
/// # Safety
/// `p` is the accumulator's word.
#[inline(always)]
pub unsafe fn sum_float(p: *mut u8, value: f64) {
    let p = p.cast::<f64>();
    // SAFETY: the caller's word; parts of a group row are 8-aligned.
    unsafe { *p += value }
}

/// The operation.
pub(super) struct SumFloat;

impl Aggregate for SumFloat {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        vec![Part::value("", Repr::Float)]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let values = rows.data().cast::<f64>();
        // SAFETY: there is a value for every index given.
        unsafe { rows.each(|p, i| sum_float(p, *values.add(i))) }
    }
}
