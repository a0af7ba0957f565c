//! Bytes put together in the arena, of a length not known before.

use super::{Arena, BytesRef, TextRef};

/// Bytes in the making. Where the room ends they move into one of twice the size.
pub(crate) struct Growing<'a> {
    arena: &'a Arena,
    start: *mut u8,
    len: usize,
    room: usize,
}

impl<'a> Growing<'a> {
    /// None yet, with room for so many.
    #[inline]
    pub fn new(arena: &'a Arena, room: usize) -> Growing<'a> {
        Growing { arena, start: arena.alloc(room), len: 0, room }
    }

    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Adds some.
    #[inline]
    pub fn push(&mut self, bytes: &[u8]) {
        if bytes.len() > self.room - self.len {
            self.grow(bytes.len());
        }
        // SAFETY: there is room, and it is nobody else's.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.start.add(self.len), bytes.len()) };
        self.len += bytes.len();
    }

    #[cold]
    fn grow(&mut self, more: usize) {
        self.room = (self.len + more).max(2 * self.room).max(32);
        let start = self.arena.alloc(self.room);
        // SAFETY: so many bytes are written, and the new room has more.
        unsafe { std::ptr::copy_nonoverlapping(self.start, start, self.len) };
        self.start = start;
    }

    /// All of them, valid until the arena's reset.
    #[inline]
    pub fn done(self) -> BytesRef {
        // SAFETY: so many bytes are written.
        BytesRef::new(unsafe { std::slice::from_raw_parts(self.start, self.len) })
    }

    /// The same as a text.
    ///
    /// # Safety
    /// What was pushed is UTF-8 in all.
    #[inline]
    pub unsafe fn done_text(self) -> TextRef {
        // SAFETY: by contract; so many bytes are written.
        unsafe { TextRef::from_raw_parts(self.start, self.len) }
    }
}
