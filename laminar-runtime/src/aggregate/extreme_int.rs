//! `AccOp::MinInt` and `AccOp::MaxInt`: the value, and a flag that is 1 once there is one.

use super::{Aggregate, Part, Rows};
use crate::plan::Accumulator;
use crate::schema::Repr;

/// Takes `value` if it is the first or less than the least so far.
///
/// # Safety
/// `p` is the accumulator's two words.
#[inline(always)]
pub unsafe fn min_int(p: *mut u8, value: i64) {
    // SAFETY: as the caller promises.
    unsafe { take_if(p, value, |old| value < old) }
}

/// Takes `value` if it is the first or greater than the greatest so far.
///
/// # Safety
/// `p` is the accumulator's two words.
#[inline(always)]
pub unsafe fn max_int(p: *mut u8, value: i64) {
    // SAFETY: as the caller promises.
    unsafe { take_if(p, value, |old| value > old) }
}

#[inline(always)]
unsafe fn take_if(p: *mut u8, value: i64, better: impl Fn(i64) -> bool) {
    let p = p.cast::<i64>();
    // SAFETY: the caller's two words; parts of a group row are 8-aligned.
    unsafe {
        *p = if (*p.add(1) == 0) | better(*p) { value } else { *p };
        *p.add(1) = 1;
    }
}

/// The operation.
pub(super) struct ExtremeInt {
    pub max: bool,
}

impl Aggregate for ExtremeInt {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        vec![Part::value("", Repr::Int), Part::flag(".flag")]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let values = rows.data().cast::<i64>();
        // SAFETY: there is a value for every index given.
        unsafe {
            if self.max {
                rows.each(|p, i| max_int(p, *values.add(i)));
            } else {
                rows.each(|p, i| min_int(p, *values.add(i)));
            }
        }
    }
}
