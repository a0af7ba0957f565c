//! Texts put together in the arena.

use crate::types::{Arena, TextRef};

/// Bytes of the longest text, bytes or array that a function or an aggregate makes: what would be longer is bad. One limit for
/// all, so that what one function gives another can take. Values as they come in may be longer, and so may what a function only
/// hands on, or makes no longer than it was.
pub const RESULT_BYTES_MAX: usize = 16 << 20;

/// A text in the making, with room for a known number of bytes.
pub(super) struct Built {
    start: *mut u8,
    len: usize,
    room: usize,
}

impl Built {
    #[inline]
    pub(super) fn new(arena: &Arena, room: usize) -> Built {
        Built { start: arena.alloc(room), len: 0, room }
    }

    /// Adds a text; there must be room for it.
    #[inline]
    pub(super) fn push(&mut self, text: &str) {
        debug_assert!(text.len() <= self.room - self.len, "no room");
        if text.len() <= self.room - self.len {
            // SAFETY: there is room for the text, and the room is nobody else's.
            unsafe { std::ptr::copy_nonoverlapping(text.as_ptr(), self.start.add(self.len), text.len()) };
            self.len += text.len();
        }
    }

    /// Adds a character; there must be room for it.
    #[inline]
    pub(super) fn push_char(&mut self, c: char) {
        self.push(c.encode_utf8(&mut [0; 4]));
    }

    #[inline]
    pub(super) fn done(self) -> TextRef {
        // SAFETY: so many bytes are written, text by text.
        unsafe { TextRef::from_raw_parts(self.start, self.len) }
    }
}
