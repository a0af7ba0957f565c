//! `AccOp::MinText` and `AccOp::MaxText`: an owned [`Str`] and a flag that is 1 once there is one.
//!
//! The only accumulators that own memory: whoever clears or copies a row must ask [`drop_text`] and [`copy_text`].

use crate::types::{Str, TextRef};

/// Takes `value` if it is the first or less than the least so far, by bytes.
///
/// # Safety
/// `p` is the accumulator's three words, and the text is alive.
#[inline]
pub unsafe fn min_text(p: *mut u8, value: TextRef) {
    // SAFETY: as the caller promises.
    unsafe { take_if(p, value.as_str(), |new, old| new < old) }
}

/// Takes `value` if it is the first or greater than the greatest so far, by bytes.
///
/// # Safety
/// `p` is the accumulator's three words, and the text is alive.
#[inline]
pub unsafe fn max_text(p: *mut u8, value: TextRef) {
    // SAFETY: as the caller promises.
    unsafe { take_if(p, value.as_str(), |new, old| new > old) }
}

/// [`min_text`] for machine code; the text comes as the two words of its cell.
///
/// # Safety
/// As there.
pub unsafe extern "C" fn min_text_cell(p: *mut u8, address: u64, len: u64) {
    // SAFETY: as the caller promises.
    unsafe { min_text(p, TextRef::from_cell([address, len])) }
}

/// [`max_text`] for machine code; the text comes as the two words of its cell.
///
/// # Safety
/// As there.
pub unsafe extern "C" fn max_text_cell(p: *mut u8, address: u64, len: u64) {
    // SAFETY: as the caller promises.
    unsafe { max_text(p, TextRef::from_cell([address, len])) }
}

#[inline(always)]
unsafe fn take_if(p: *mut u8, value: &str, better: impl Fn(&str, &str) -> bool) {
    // SAFETY: the caller's three words; zero bytes are the empty `Str`.
    unsafe {
        let held = &mut *p.cast::<Str>();
        let flag = p.add(16).cast::<u64>();
        if *flag == 0 || better(value, held.as_str()) {
            *held = Str::new(value);
            *flag = 1;
        }
    }
}

/// The text held; the empty one if there is none.
///
/// # Safety
/// `p` is such an accumulator that stays unchanged for `'a`.
pub(crate) unsafe fn read_text<'a>(p: *const u8) -> &'a str {
    // SAFETY: zero bytes are the empty `Str`.
    unsafe { (*p.cast::<Str>()).as_str() }
}

/// Makes the empty accumulator at `p` hold `value`.
///
/// # Safety
/// `p` is such an accumulator.
pub(crate) unsafe fn write_text(p: *mut u8, value: &str) {
    // SAFETY: the caller's three words.
    unsafe { take_if(p, value, |_, _| true) }
}

/// Turns the bit-for-bit copy at `p` of a living accumulator into one that owns its text.
///
/// # Safety
/// `p` is such a copy, not yet owned by anyone.
pub(crate) unsafe fn copy_text(p: *mut u8) {
    let p = p.cast::<Str>();
    // SAFETY: the original lives, so its copy can be read; `write` does not drop it.
    unsafe { p.write((*p).clone()) }
}

/// Empties the accumulator.
///
/// # Safety
/// `p` is such an accumulator.
pub(crate) unsafe fn drop_text(p: *mut u8) {
    // SAFETY: the caller's three words; assignment drops the old text.
    unsafe {
        *p.cast::<Str>() = Str::default();
        *p.add(16).cast::<u64>() = 0;
    }
}
