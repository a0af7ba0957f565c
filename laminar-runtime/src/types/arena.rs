//! Memory for the texts and bytes that a batch of rows computes.

use super::{BytesRef, TextRef};
use std::cell::{Cell, RefCell};
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};

/// A bump arena. What it gives stays in place until [`Arena::reset`].
///
/// # Allocates
/// While it grows. `reset` replaces several chunks by one of their total size, so that a batch no larger than
/// one before does not allocate.
pub struct Arena {
    next: Cell<*mut u8>,
    left: Cell<usize>,
    chunks: RefCell<Vec<Box<[MaybeUninit<u8>]>>>,
}

// SAFETY: `next` points into `chunks`, which move along; nothing is shared.
unsafe impl Send for Arena {}

const FIRST_CHUNK_BYTES: usize = 4096;

impl Arena {
    /// An empty arena; allocates with the first text.
    pub const fn new() -> Arena {
        Arena {
            next: Cell::new(NonNull::dangling().as_ptr()),
            left: Cell::new(0),
            chunks: RefCell::new(Vec::new()),
        }
    }

    /// Room for `len` bytes, unaligned and not initialised, valid until `reset`.
    #[inline]
    pub fn alloc(&self, len: usize) -> *mut u8 {
        if len > self.left.get() {
            self.grow(len);
        }
        let at = self.next.get();
        self.left.set(self.left.get() - len);
        self.next.set(at.wrapping_add(len));
        at
    }

    /// A copy of `text`, valid until `reset`.
    #[inline]
    pub fn alloc_str(&self, text: &str) -> TextRef {
        self.alloc_concat(text, "")
    }

    /// A copy of `a` followed by `b`, valid until `reset`.
    #[inline]
    pub fn alloc_concat(&self, a: &str, b: &str) -> TextRef {
        let at = self.alloc(a.len() + b.len());
        // SAFETY: `at` has room for both and is nobody else's; together they are UTF-8.
        let text = unsafe {
            ptr::copy_nonoverlapping(a.as_ptr(), at, a.len());
            ptr::copy_nonoverlapping(b.as_ptr(), at.add(a.len()), b.len());
            std::str::from_utf8_unchecked(std::slice::from_raw_parts(at, a.len() + b.len()))
        };
        TextRef::new(text)
    }

    /// The text of `chars`, of at most `room` bytes, valid until `reset`. What goes beyond is missing.
    pub fn alloc_chars(&self, room: usize, chars: impl Iterator<Item = char>) -> TextRef {
        let at = self.alloc(room);
        let mut len = 0;
        for c in chars {
            let mut buffer = [0; 4];
            let bytes = c.encode_utf8(&mut buffer).as_bytes();
            if bytes.len() > room - len {
                break;
            }
            // SAFETY: `at` has room for `room` bytes and is nobody else's.
            unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), at.add(len), bytes.len()) };
            len += bytes.len();
        }
        // SAFETY: so many bytes were written, whole characters of UTF-8.
        unsafe { TextRef::from_raw_parts(at, len) }
    }

    /// A copy of `bytes`, valid until `reset`.
    #[inline]
    pub fn alloc_bytes(&self, bytes: &[u8]) -> BytesRef {
        self.alloc_parts(bytes, b"")
    }

    /// A copy of `a` followed by `b`, valid until `reset`.
    #[inline]
    pub fn alloc_parts(&self, a: &[u8], b: &[u8]) -> BytesRef {
        let at = self.alloc(a.len() + b.len());
        // SAFETY: `at` has room for both and is nobody else's.
        unsafe {
            ptr::copy_nonoverlapping(a.as_ptr(), at, a.len());
            ptr::copy_nonoverlapping(b.as_ptr(), at.add(a.len()), b.len());
            BytesRef::new(std::slice::from_raw_parts(at, a.len() + b.len()))
        }
    }

    /// Bytes given since the last `reset`, and what chunks had left that were too small for the next text.
    #[inline]
    pub fn given(&self) -> usize {
        self.chunks.borrow().iter().map(|chunk| chunk.len()).sum::<usize>() - self.left.get()
    }

    /// Ends the batch: all that was given is gone, the memory stays. The bytes that there are now, if it has grown.
    #[inline]
    pub fn reset(&mut self) -> Option<usize> {
        let chunks = self.chunks.get_mut();
        let grown = (chunks.len() > 1).then(|| merge(chunks));
        if let Some(chunk) = chunks.first_mut() {
            if cfg!(debug_assertions) && grown.is_none() {
                // Whoever keeps a text for too long reads this: no UTF-8, and no number that a test expects.
                let given = chunk.len() - self.left.get();
                chunk[..given].fill(MaybeUninit::new(0xDD));
            }
            self.left.set(chunk.len());
            self.next.set(chunk.as_mut_ptr().cast());
        }
        grown
    }

    #[cold]
    #[inline(never)]
    fn grow(&self, len: usize) {
        let mut chunks = self.chunks.borrow_mut();
        let last = chunks.last().map_or(FIRST_CHUNK_BYTES / 2, |c| c.len());
        let mut chunk = Box::new_uninit_slice(len.max(last.saturating_mul(2)));
        self.left.set(chunk.len());
        self.next.set(chunk.as_mut_ptr().cast());
        chunks.push(chunk);
    }
}

/// Replaces chunks by one of their total size; that size.
#[cold]
#[inline(never)]
fn merge(chunks: &mut Vec<Box<[MaybeUninit<u8>]>>) -> usize {
    let total = chunks.iter().map(|c| c.len()).sum();
    chunks.clear();
    chunks.push(Box::new_uninit_slice(total));
    total
}

impl Default for Arena {
    fn default() -> Arena {
        Arena::new()
    }
}

impl std::fmt::Debug for Arena {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Arena({} chunks)", self.chunks.borrow().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alloc::Counting;

    fn fill(arena: &Arena, n: usize) {
        let texts: Vec<(TextRef, String)> =
            (0..n).map(|i| format!("text {i}")).map(|s| (arena.alloc_str(&s), s)).collect();
        for (text, expected) in &texts {
            // SAFETY: no reset since.
            assert_eq!(unsafe { text.as_str() }, expected);
        }
    }

    #[test]
    fn texts_stay_in_place_while_it_grows() {
        let mut arena = Arena::new();
        fill(&arena, 10_000);
        arena.reset();
        fill(&arena, 20_000);
    }

    #[test]
    fn one_chunk_after_warm_up() {
        let mut arena = Arena::new();
        for _ in 0..2 {
            for _ in 0..100 {
                arena.alloc(1000);
            }
            arena.reset();
        }
        let before = Counting::start();
        for _ in 0..100 {
            arena.alloc(1000);
        }
        arena.reset();
        assert_eq!(before.allocations_since(), 0);
    }

    #[test]
    fn empty_texts_need_nothing() {
        let arena = Arena::new();
        let before = Counting::start();
        let text = arena.alloc_concat("", "");
        assert_eq!(before.allocations_since(), 0);
        // SAFETY: no reset since.
        assert_eq!(unsafe { text.as_str() }, "");
        let text = arena.alloc_concat("ab", "cd");
        // SAFETY: no reset since.
        assert_eq!(unsafe { text.as_str() }, "abcd");
    }
}
