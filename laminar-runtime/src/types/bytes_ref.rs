//! Bytes between two stages: address and length.

use super::TextRef;
use crate::stage::Cell;
use std::fmt;

/// Bytes that live elsewhere, without lifetime: what a [`Cell`] of BYTEA holds.
///
/// Layout: that of a [`TextRef`], without its promise of UTF-8. Who makes one answers for how long the bytes stay: between
/// stages, until the end of the step.
#[derive(Clone, Copy, Default)]
#[repr(transparent)]
pub struct BytesRef(TextRef);

impl BytesRef {
    /// No bytes.
    pub const EMPTY: BytesRef = BytesRef(TextRef::EMPTY);

    /// Refers to `bytes`.
    #[inline(always)]
    pub const fn new(bytes: &[u8]) -> BytesRef {
        BytesRef(TextRef::of_bytes(bytes))
    }

    /// The bytes.
    ///
    /// # Safety
    /// What this was made of lives and does not change for `'a`.
    #[inline(always)]
    pub const unsafe fn as_bytes<'a>(self) -> &'a [u8] {
        // SAFETY: by contract.
        unsafe { self.0.as_bytes() }
    }

    /// Number of bytes.
    #[inline(always)]
    pub const fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[inline(always)]
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// As a cell.
    #[inline(always)]
    pub fn to_cell(self) -> Cell {
        self.0.to_cell()
    }

    /// From a cell of bytes or of a text; two zero words are no bytes.
    #[inline(always)]
    pub fn from_cell(cell: Cell) -> BytesRef {
        BytesRef(TextRef::from_cell(cell))
    }
}

impl fmt::Debug for BytesRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_inverse() {
        for bytes in [&b""[..], b"\xff", b"more than \0 sixteen \x80 bytes"] {
            let cell = BytesRef::new(bytes).to_cell();
            // SAFETY: the bytes are static.
            assert_eq!(unsafe { BytesRef::from_cell(cell).as_bytes() }, bytes);
        }
        assert!(BytesRef::from_cell([0, 0]).is_empty());
    }
}
