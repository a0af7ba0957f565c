//! Owned texts of 16 bytes.
//!
//! Not here: texts without owner (`TextRef`), interned ones (`Sym`).

use super::BytesRef;
use crate::stage::Cell;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ptr::{self, NonNull};

mod block;

/// An immutable text: up to 12 bytes inline, a longer one in a block that its clones share.
///
/// Layout, 8-aligned; all-zero bytes are the empty text:
///
/// ```text
/// 0: length in bytes, u32
/// 4: up to 12 bytes: the text, then zeros
///    more:           its first 4 bytes, and at 8 the address of the whole text
/// ```
///
/// # Allocates
/// For a long text, when no block of its size class is left from texts that this thread has dropped.
#[repr(C, align(8))]
pub struct Str {
    len: u32,
    head: [u8; 4],
    tail: Tail,
}

#[derive(Clone, Copy)]
#[repr(C)]
union Tail {
    inline: [u8; 8],
    block: NonNull<u8>,
}

const INLINE_MAX: usize = 12;

// SAFETY: the text is immutable and blocks count their owners atomically.
unsafe impl Send for Str {}
// SAFETY: as above.
unsafe impl Sync for Str {}

impl Str {
    /// Longest text in bytes.
    pub const MAX_BYTES: usize = block::LEN_MAX;

    /// The empty text.
    pub const fn empty() -> Str {
        Str { len: 0, head: [0; 4], tail: Tail { inline: [0; 8] } }
    }

    /// A copy of `text`; `None` where it is longer than [`Str::MAX_BYTES`] (1 GiB less 8 bytes).
    #[inline]
    pub fn try_new(text: &str) -> Option<Str> {
        (text.len() <= Str::MAX_BYTES).then(|| Str::new(text))
    }

    /// A copy of `text`, cut after [`Str::MAX_BYTES`] (1 GiB less 8 bytes).
    #[inline]
    pub fn new(text: &str) -> Str {
        Str::of_bytes(text.as_bytes())
    }

    /// A copy of bytes, cut after [`Str::MAX_BYTES`]: what states of BYTEA hold. Of bytes that are no UTF-8 only
    /// [`Str::as_bytes`] may read it.
    #[inline]
    pub(crate) fn of_bytes(bytes: &[u8]) -> Str {
        let mut end = bytes.len().min(Str::MAX_BYTES);
        // Not inside a character.
        while bytes.get(end).is_some_and(|b| b & 0xc0 == 0x80) && Str::MAX_BYTES - end < 3 {
            end -= 1;
        }
        let bytes = &bytes[..end];
        let mut new = Str::empty();
        new.len = bytes.len() as u32;
        if bytes.len() <= INLINE_MAX {
            let mut inline = [0; INLINE_MAX];
            inline[..bytes.len()].copy_from_slice(bytes);
            let [a, b, c, d, tail @ ..] = inline;
            new.head = [a, b, c, d];
            new.tail = Tail { inline: tail };
        } else {
            new.head.copy_from_slice(&bytes[..4]);
            let block = block::take(bytes.len());
            // SAFETY: the block has room for the text and is ours alone until we return.
            unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), block.as_ptr(), bytes.len()) };
            new.tail = Tail { block };
        }
        new
    }

    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        // SAFETY: `new` made it of a text; what `of_bytes` makes of other bytes stays in states, which read bytes.
        unsafe { std::str::from_utf8_unchecked(self.as_bytes()) }
    }

    /// The bytes of the text.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        let len = self.len as usize;
        let start = if len <= INLINE_MAX {
            // `head` and the inline bytes of `tail` are one run of 12 bytes.
            ptr::from_ref(self).cast::<u8>().wrapping_add(std::mem::offset_of!(Str, head))
        } else {
            // SAFETY: long texts have a block.
            unsafe { self.tail.block }.as_ptr()
        };
        // SAFETY: `of_bytes` copied `len` bytes there; all its 12 inline bytes are initialised; a block lives as long as its owners.
        unsafe { std::slice::from_raw_parts(start, len) }
    }

    /// The first 4 bytes, zeros after the end, in the order of texts.
    #[inline]
    fn prefix(&self) -> u32 {
        u32::from_be_bytes(self.head)
    }
}

/// Writes the text of a [`Str`] as a cell: for compiled code.
///
/// # Safety
/// `text` points to a `Str` that outlives the use of the cell; `out` can be written.
pub unsafe extern "C" fn str_text(text: *const Str, out: *mut Cell) {
    // SAFETY: by contract.
    unsafe { *out = BytesRef::new((*text).as_bytes()).to_cell() };
}

impl Clone for Str {
    #[inline]
    fn clone(&self) -> Str {
        if self.len as usize > INLINE_MAX {
            // SAFETY: long texts have a block, and we are one of its owners.
            unsafe { block::retain(self.tail.block) };
        }
        Str { len: self.len, head: self.head, tail: self.tail }
    }
}

impl Drop for Str {
    #[inline]
    fn drop(&mut self) {
        if self.len as usize > INLINE_MAX {
            // SAFETY: long texts have a block, and this owner of it ends here.
            unsafe { block::release(self.tail.block) };
        }
    }
}

impl PartialEq for Str {
    #[inline]
    fn eq(&self, other: &Str) -> bool {
        self.len == other.len && self.head == other.head && self.as_str() == other.as_str()
    }
}
impl Eq for Str {}

impl PartialOrd for Str {
    #[inline]
    fn partial_cmp(&self, other: &Str) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Str {
    #[inline]
    fn cmp(&self, other: &Str) -> Ordering {
        // Different prefixes decide: the zeros after a short text's end come before every byte of a longer one, or tie.
        self.prefix().cmp(&other.prefix()).then_with(|| self.as_str().cmp(other.as_str()))
    }
}

impl Hash for Str {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state)
    }
}

impl Default for Str {
    fn default() -> Str {
        Str::empty()
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Str {
        Str::new(text)
    }
}

impl From<String> for Str {
    fn from(text: String) -> Str {
        Str::new(&text)
    }
}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Str {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alloc::Counting;

    const TEXTS: [&str; 12] = [
        "",
        "\0",
        "\0\0\0\0",
        "a",
        "a\0",
        "abcd",
        "abcd efgh ij",
        "abcd efgh ijk",
        "abcd efgh ijl",
        "abce",
        "tränen und so weiter",
        "\u{10ffff}",
    ];

    #[test]
    fn holds_the_text() {
        for text in TEXTS.into_iter().chain([&*"x".repeat(100_000)]) {
            let s = Str::new(text);
            assert_eq!(s.as_str(), text);
            let copy = s.clone();
            drop(s);
            assert_eq!((copy.as_str(), copy.to_string()), (text, text.to_string()));
        }
    }

    #[test]
    fn order_equality_and_hash_go_by_text() {
        use std::hash::BuildHasher;
        let state = rustc_hash::FxBuildHasher;
        for a in TEXTS {
            for b in TEXTS {
                let (x, y) = (Str::new(a), Str::from(b.to_string()));
                assert_eq!(x.cmp(&y), a.cmp(b), "{a:?} {b:?}");
                assert_eq!(x == y, a == b);
                assert_eq!(state.hash_one(&x) == state.hash_one(b), state.hash_one(a) == state.hash_one(b));
            }
        }
    }

    #[test]
    fn zero_bytes_are_empty() {
        assert_eq!(size_of::<Str>(), 16);
        // SAFETY: documented: all-zero bytes are the empty text.
        let zero: Str = unsafe { std::mem::zeroed() };
        assert_eq!((zero.as_str(), &zero), ("", &Str::default()));
    }

    #[test]
    fn long_texts_are_recycled() {
        let texts: Vec<String> = [13, 40, 100, 5000].map(|n| "y".repeat(n)).into();
        let round = || texts.iter().for_each(|t| drop((Str::new(t), Str::new(t))));
        round();
        let before = Counting::start();
        for _ in 0..100 {
            round();
        }
        assert_eq!(before.allocations_since(), 0);
        let many: Vec<Str> = (0..100).map(|_| Str::new(&texts[2])).collect();
        assert!(before.allocations_since() >= 90, "texts in use are not recycled");
        assert!(many.iter().all(|s| *s == *texts[2]));
    }

    #[test]
    fn clones_may_end_in_any_thread() {
        let s = Str::new("a text that is longer than twelve bytes");
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let s = s.clone();
                std::thread::spawn(move || {
                    for _ in 0..1000 {
                        drop(s.clone());
                    }
                    assert_eq!(s, "a text that is longer than twelve bytes");
                })
            })
            .collect();
        drop(s);
        for t in threads {
            t.join().unwrap();
        }
    }

    #[test]
    fn compiled_code_reads_the_text() {
        for text in TEXTS {
            let s = Str::new(text);
            let mut cell = [0; 2];
            // SAFETY: `s` outlives the cell.
            unsafe { str_text(&s, &mut cell) };
            // SAFETY: as above.
            assert_eq!(unsafe { crate::types::TextRef::from_cell(cell).as_str() }, text);
        }
    }
}
