//! A text between two stages: address and length.

use crate::stage::Cell;
use std::fmt;
use std::ptr::NonNull;

/// A text that lives elsewhere, without lifetime: what a [`Cell`] of texts holds.
///
/// Layout: the address, then the length in bytes as a `u64`. The bytes are UTF-8. Who makes one answers for how long the
/// text stays: between stages, until the end of the step.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct TextRef {
    ptr: *const u8,
    #[cfg(target_pointer_width = "32")]
    high: u32,
    len: u64,
}

// SAFETY: a `TextRef` is an address; reading through it is `unsafe` and needs a text that outlives the reader.
unsafe impl Send for TextRef {}
// SAFETY: as above.
unsafe impl Sync for TextRef {}

impl TextRef {
    /// The empty text.
    pub const EMPTY: TextRef = TextRef::from_raw(NonNull::dangling().as_ptr(), 0);

    const fn from_raw(ptr: *const u8, len: u64) -> TextRef {
        TextRef {
            ptr,
            #[cfg(target_pointer_width = "32")]
            high: 0,
            len,
        }
    }

    /// Refers to `text`.
    #[inline(always)]
    pub const fn new(text: &str) -> TextRef {
        TextRef::from_raw(text.as_ptr(), text.len() as u64)
    }

    /// Refers to bytes that need not be UTF-8; only [`TextRef::as_bytes`] may read them.
    #[inline(always)]
    pub(super) const fn of_bytes(bytes: &[u8]) -> TextRef {
        TextRef::from_raw(bytes.as_ptr(), bytes.len() as u64)
    }

    /// Refers to `len` bytes at `ptr`.
    ///
    /// # Safety
    /// They are initialised and UTF-8.
    #[inline(always)]
    pub const unsafe fn from_raw_parts(ptr: *const u8, len: usize) -> TextRef {
        TextRef::from_raw(ptr, len as u64)
    }

    /// The text.
    ///
    /// # Safety
    /// The text that this was made of lives and does not change for `'a`.
    #[inline(always)]
    pub const unsafe fn as_str<'a>(self) -> &'a str {
        // SAFETY: the address and length of a `&str` (or the dangling, empty one), valid for `'a` by contract.
        unsafe { std::str::from_utf8_unchecked(std::slice::from_raw_parts(self.ptr, self.len as usize)) }
    }

    /// The bytes of the text.
    ///
    /// # Safety
    /// As [`TextRef::as_str`].
    #[inline(always)]
    pub const unsafe fn as_bytes<'a>(self) -> &'a [u8] {
        // SAFETY: the address and length of a slice (or the dangling, empty one), valid for `'a` by contract.
        unsafe { std::slice::from_raw_parts(self.ptr, self.len as usize) }
    }

    /// Length in bytes.
    #[inline(always)]
    pub const fn len(self) -> usize {
        self.len as usize
    }

    /// Whether it is the empty text.
    #[inline(always)]
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }

    /// As a cell.
    #[inline(always)]
    pub fn to_cell(self) -> Cell {
        [self.ptr.expose_provenance() as u64, self.len]
    }

    /// From a cell; two zero words are the empty text.
    #[inline(always)]
    pub fn from_cell(cell: Cell) -> TextRef {
        if cell[0] == 0 {
            return TextRef::EMPTY;
        }
        TextRef::from_raw(std::ptr::with_exposed_provenance(cell[0] as usize), cell[1])
    }
}

impl Default for TextRef {
    fn default() -> TextRef {
        TextRef::EMPTY
    }
}

impl fmt::Debug for TextRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TextRef({:p}, {})", self.ptr, self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_inverse() {
        for text in ["", "a", "tränen", "more than sixteen bytes"] {
            let cell = TextRef::new(text).to_cell();
            assert_eq!(cell[1], text.len() as u64);
            // SAFETY: the text is static.
            assert_eq!(unsafe { TextRef::from_cell(cell).as_str() }, text);
        }
    }

    #[test]
    fn zero_words_are_empty() {
        for zero in [TextRef::from_cell([0, 0]), TextRef::EMPTY, TextRef::default()] {
            assert!(zero.is_empty());
            // SAFETY: the empty text needs no memory.
            assert_eq!(unsafe { zero.as_str() }, "");
        }
    }

    #[test]
    fn is_a_pair_of_words() {
        assert_eq!(size_of::<TextRef>(), 16);
        assert_eq!(std::mem::offset_of!(TextRef, len), 8);
    }
}
