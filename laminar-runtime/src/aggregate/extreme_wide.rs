//! `AccOp::MinWide` and `AccOp::MaxWide`: a value of two words, and a flag that is 1 once there is one.

use super::{Aggregate, Part, Rows, wide_at};
use crate::plan::Accumulator;
use crate::schema::Repr;
use crate::stage::wide_of;

/// Takes `value` if it is the first or less than the least so far.
///
/// # Safety
/// `p` is the accumulator's three words.
#[inline(always)]
pub unsafe fn min_wide(p: *mut u8, value: i128) {
    // SAFETY: as the caller promises.
    unsafe { take_if(p, value, |old| value < old) }
}

/// Takes `value` if it is the first or greater than the greatest so far.
///
/// # Safety
/// `p` is the accumulator's three words.
#[inline(always)]
pub unsafe fn max_wide(p: *mut u8, value: i128) {
    // SAFETY: as the caller promises.
    unsafe { take_if(p, value, |old| value > old) }
}

/// [`min_wide`] of the halves of a value, for compiled code.
///
/// # Safety
/// As [`min_wide`].
pub unsafe extern "C" fn min_wide_cell(p: *mut u8, low: u64, high: u64) {
    // SAFETY: as the caller promises.
    unsafe { min_wide(p, wide_of([low, high])) }
}

/// [`max_wide`] of the halves of a value, for compiled code.
///
/// # Safety
/// As [`max_wide`].
pub unsafe extern "C" fn max_wide_cell(p: *mut u8, low: u64, high: u64) {
    // SAFETY: as the caller promises.
    unsafe { max_wide(p, wide_of([low, high])) }
}

#[inline(always)]
unsafe fn take_if(p: *mut u8, value: i128, better: impl Fn(i128) -> bool) {
    let p = p.cast::<u64>();
    // SAFETY: the caller's three words; parts of a group row are 8-aligned.
    unsafe {
        if *p.add(2) == 0 || better(wide_of([*p, *p.add(1)])) {
            *p = value as u64;
            *p.add(1) = (value >> 64) as u64;
            *p.add(2) = 1;
        }
    }
}

/// The operation.
pub(super) struct ExtremeWide {
    pub max: bool,
}

impl Aggregate for ExtremeWide {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        vec![Part::value("", Repr::Wide), Part::flag(".flag")]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let values = rows.data().cast::<[u64; 2]>();
        // SAFETY: there is a value for every index given.
        unsafe {
            if self.max {
                rows.each(|p, i| max_wide(p, wide_at(values, i)));
            } else {
                rows.each(|p, i| min_wide(p, wide_at(values, i)));
            }
        }
    }
}
