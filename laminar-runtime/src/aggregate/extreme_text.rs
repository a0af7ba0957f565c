//! `AccOp::MinText` and `AccOp::MaxText`: an owned [`Str`] and a flag that is 1 once there is one.
//!
//! They own their text: whoever clears or copies a row tells them.

use super::{Aggregate, Of, Part, Rows};
use crate::checkpoint::{Reader, put_text, put_u8};
use crate::error::Error;
use crate::plan::Accumulator;
use crate::schema::Repr;
use crate::stage::Cell;
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
pub(super) unsafe fn read_text<'a>(p: *const u8) -> &'a str {
    // SAFETY: zero bytes are the empty `Str`.
    unsafe { (*p.cast::<Str>()).as_str() }
}

/// The operation.
pub(super) struct ExtremeText {
    pub max: bool,
}

impl Aggregate for ExtremeText {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        vec![Part::value("", Repr::Text), Part::flag(".flag")]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let cells = rows.data().cast::<Cell>();
        // SAFETY: there is a living text for every index given.
        unsafe {
            if self.max {
                rows.each(|p, i| max_text(p, TextRef::from_cell(*cells.add(i))));
            } else {
                rows.each(|p, i| min_text(p, TextRef::from_cell(*cells.add(i))));
            }
        }
    }

    fn owns(&self) -> bool {
        true
    }

    unsafe fn copied(&self, _: Of<'_>, p: *mut u8) {
        let p = p.cast::<Str>();
        // SAFETY: the original lives, so its copy can be read; `write` does not drop it.
        unsafe { p.write((*p).clone()) }
    }

    unsafe fn free(&self, _: Of<'_>, p: *mut u8) {
        // SAFETY: the caller's three words; assignment drops the old text.
        unsafe {
            *p.cast::<Str>() = Str::default();
            *p.add(16).cast::<u64>() = 0;
        }
    }

    unsafe fn write(&self, _: Of<'_>, p: *const u8, to: &mut Vec<u8>) {
        // SAFETY: the caller's three words.
        unsafe {
            let flag = *p.add(16).cast::<u64>() != 0;
            put_u8(to, flag as u8);
            if flag {
                put_text(to, read_text(p));
            }
        }
    }

    unsafe fn read(&self, _: Of<'_>, p: *mut u8, r: &mut Reader<'_>) -> Result<(), Error> {
        if r.bool()? {
            // SAFETY: the caller's three words, all zero.
            unsafe { take_if(p, r.text()?, |_, _| true) };
        }
        Ok(())
    }
}
