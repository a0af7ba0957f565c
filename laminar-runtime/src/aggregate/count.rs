//! `AccOp::Count`: one word, the number of rows.

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
