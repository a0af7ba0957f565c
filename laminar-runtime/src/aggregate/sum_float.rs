//! `AccOp::SumFloat`: one word, the sum in arrival order.

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
