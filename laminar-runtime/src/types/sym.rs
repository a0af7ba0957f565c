//! Interned texts.
//!
//! Not here: owned texts without a cap (`Str`). Invariant: an id, once given, means the same text until the process ends;
//! ids never leave the process (order, hashes and snapshots go by the text).

use super::TextRef;
use crate::stage::Cell;
use rustc_hash::FxHasher;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering as Mem};
use std::sync::{Mutex, PoisonError};

/// A text in a global table: 4 bytes, `Copy`, equality is one comparison.
///
/// The table never shrinks. It holds at most [`Sym::MAX_COUNT`] texts of together [`Sym::MAX_BYTES`] bytes; use [`Str`](super::Str) for
/// texts that do not repeat.
///
/// Layout: the id, a `u32`; 0 is the empty text.
///
/// # Cost
/// Reading is a load or two. Finding a known text is one hash and one probe; only a new text takes a lock.
///
/// # Allocates
/// For new texts only.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
#[repr(transparent)]
pub struct Sym(u32);

static GLOBAL: Interner = Interner::new(Sym::MAX_COUNT, Sym::MAX_BYTES);

impl Sym {
    /// Most texts that can be interned.
    pub const MAX_COUNT: u32 = 1 << 22;
    /// Most bytes of all interned texts.
    pub const MAX_BYTES: usize = 1 << 30;

    /// The symbol of a text; `None` where the text is new and the table is full.
    #[inline]
    pub fn try_new(text: &str) -> Option<Sym> {
        GLOBAL.intern(text).map(Sym)
    }

    /// The symbol of a text.
    ///
    /// # Panics
    /// Where the text is new and the table is full.
    #[inline]
    pub fn new(text: &str) -> Sym {
        match Sym::try_new(text) {
            Some(sym) => sym,
            None => {
                panic!("the table of symbols is full ({} texts or {} bytes)", Sym::MAX_COUNT, Sym::MAX_BYTES)
            }
        }
    }

    /// The text.
    #[inline]
    pub fn as_str(&self) -> &'static str {
        // SAFETY: the ids of symbols come from `GLOBAL.intern`.
        unsafe { GLOBAL.text(self.0) }
    }

    /// The text, by value.
    #[inline]
    pub fn as_static(self) -> &'static str {
        self.as_str()
    }
}

/// Writes the text of a symbol as a cell: for compiled code.
///
/// # Safety
/// `id` is of a [`Sym`] of this process; `out` can be written.
pub unsafe extern "C" fn sym_text(id: u32, out: *mut Cell) {
    // SAFETY: by contract.
    unsafe { *out = TextRef::new(GLOBAL.text(id)).to_cell() };
}

const FIRST_CHUNK: u32 = 1024;
const CHUNKS: usize = 22;
const FIRST_SLOTS: usize = 2048;
const TEXT_CHUNK_BYTES: usize = 64 * 1024;

/// An append-only set of texts, read without locks.
///
/// Chunk `k` has the texts of `1024 << k` ids. `slots` is an open-addressing table of `hash << 32 | id`, 0 where empty;
/// a full one is replaced by a copy of twice the size and kept, for readers still in it.
struct Interner {
    chunks: [AtomicPtr<MaybeUninit<&'static str>>; CHUNKS],
    slots: AtomicPtr<Slots>,
    writer: Mutex<Writer>,
    max_count: u32,
    max_bytes: usize,
}

struct Slots {
    entries: Box<[AtomicU64]>,
    /// The table before this one: kept, for its readers may still be there.
    _before: *mut Slots,
}

struct Writer {
    count: u32,
    bytes: usize,
    room: &'static mut [u8],
}

impl Interner {
    const fn new(max_count: u32, max_bytes: usize) -> Interner {
        Interner {
            chunks: [const { AtomicPtr::new(ptr::null_mut()) }; CHUNKS],
            slots: AtomicPtr::new(ptr::null_mut()),
            writer: Mutex::new(Writer { count: 1, bytes: 0, room: &mut [] }),
            max_count,
            max_bytes,
        }
    }

    /// Chunk and index of an id.
    #[inline(always)]
    fn place(id: u32) -> (usize, usize) {
        let at = id + FIRST_CHUNK;
        let chunk = at.ilog2() - FIRST_CHUNK.ilog2();
        (chunk as usize, (at - (FIRST_CHUNK << chunk)) as usize)
    }

    /// # Safety
    /// `id` is 0 or was given by `intern` of this table.
    #[inline(always)]
    unsafe fn text(&self, id: u32) -> &'static str {
        if id == 0 {
            return "";
        }
        let (chunk, index) = Self::place(id);
        // SAFETY: `intern` stored the chunk and filled the entry before it published the id.
        unsafe { (*self.chunks[chunk].load(Mem::Acquire).add(index)).assume_init() }
    }

    #[inline]
    fn intern(&self, text: &str) -> Option<u32> {
        if text.is_empty() {
            return Some(0);
        }
        let hash = hash(text);
        match self.find(text, hash) {
            Some(id) => Some(id),
            None => self.insert(text, hash),
        }
    }

    #[inline]
    fn find(&self, text: &str, hash: u32) -> Option<u32> {
        // SAFETY: null, or a table that is never freed before the interner.
        let slots = unsafe { self.slots.load(Mem::Acquire).as_ref() }?;
        let mask = slots.entries.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let entry = slots.entries[at].load(Mem::Acquire);
            if entry == 0 {
                return None;
            }
            // SAFETY: ids in slots are published after their texts.
            if (entry >> 32) as u32 == hash && unsafe { self.text(entry as u32) } == text {
                return Some(entry as u32);
            }
            at = (at + 1) & mask;
        }
    }

    #[cold]
    #[inline(never)]
    fn insert(&self, text: &str, hash: u32) -> Option<u32> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = self.find(text, hash) {
            return Some(id);
        }
        if writer.count >= self.max_count || text.len() > self.max_bytes - writer.bytes {
            return None;
        }
        let id = writer.count;
        self.reserve(id);
        let copy = writer.copy(text);
        let (chunk, index) = Self::place(id);
        // SAFETY: `reserve` made the chunk; the entry is not yet read by anyone, and the mutex keeps other writers out.
        unsafe { (*self.chunks[chunk].load(Mem::Relaxed).add(index)).write(copy) };
        writer.count += 1;
        writer.bytes += text.len();
        // SAFETY: `reserve` made the table.
        publish(unsafe { &(*self.slots.load(Mem::Relaxed)).entries }, hash, id);
        Some(id)
    }

    /// Makes the chunk of `id` and a table of slots that stays at most half full. Only with the mutex held.
    fn reserve(&self, id: u32) {
        let (chunk, index) = Self::place(id);
        if self.chunks[chunk].load(Mem::Relaxed).is_null() {
            debug_assert!(index <= 1);
            let entries = Box::<[&'static str]>::new_uninit_slice((FIRST_CHUNK as usize) << chunk);
            self.chunks[chunk].store(Box::into_raw(entries).cast(), Mem::Release);
        }
        let slots = self.slots.load(Mem::Relaxed);
        // SAFETY: null or a table of ours.
        let old = unsafe { slots.as_ref() };
        let len = old.map_or(0, |s| s.entries.len());
        if id as usize * 2 < len {
            return;
        }
        let entries: Box<[AtomicU64]> = (0..(len * 2).max(FIRST_SLOTS)).map(|_| AtomicU64::new(0)).collect();
        for entry in
            old.iter().flat_map(|s| s.entries.iter()).map(|e| e.load(Mem::Relaxed)).filter(|&e| e != 0)
        {
            publish(&entries, (entry >> 32) as u32, entry as u32);
        }
        self.slots.store(Box::into_raw(Box::new(Slots { entries, _before: slots })), Mem::Release);
    }
}

fn publish(entries: &[AtomicU64], hash: u32, id: u32) {
    let mask = entries.len() - 1;
    let mut at = hash as usize & mask;
    while entries[at].load(Mem::Relaxed) != 0 {
        at = (at + 1) & mask;
    }
    entries[at].store((hash as u64) << 32 | id as u64, Mem::Release);
}

impl Writer {
    /// A copy that lives until the process ends; small texts share blocks.
    fn copy(&mut self, text: &str) -> &'static str {
        if text.len() > self.room.len() {
            let bytes = if text.len() > TEXT_CHUNK_BYTES / 4 { text.len() } else { TEXT_CHUNK_BYTES };
            let fresh = Box::leak(vec![0; bytes].into_boxed_slice());
            if bytes == text.len() {
                fresh.copy_from_slice(text.as_bytes());
                // SAFETY: a copy of a text.
                return unsafe { std::str::from_utf8_unchecked(fresh) };
            }
            self.room = fresh;
        }
        let (copy, rest) = std::mem::take(&mut self.room).split_at_mut(text.len());
        self.room = rest;
        copy.copy_from_slice(text.as_bytes());
        // SAFETY: a copy of a text.
        unsafe { std::str::from_utf8_unchecked(copy) }
    }
}

#[inline]
fn hash(text: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    let hash = hasher.finish();
    (hash ^ (hash >> 32)) as u32
}

impl PartialOrd for Sym {
    #[inline]
    fn partial_cmp(&self, other: &Sym) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sym {
    #[inline]
    fn cmp(&self, other: &Sym) -> Ordering {
        if self == other { Ordering::Equal } else { self.as_str().cmp(other.as_str()) }
    }
}

impl Hash for Sym {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state)
    }
}

impl fmt::Display for Sym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Sym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// As [`Sym::new`].
///
/// # Panics
/// Where the text is new and the table is full.
impl From<&str> for Sym {
    fn from(text: &str) -> Sym {
        Sym::new(text)
    }
}

impl PartialEq<str> for Sym {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Sym {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alloc::Counting;

    /// An interner of its own; leaked, as the global one is.
    fn interner(max_count: u32, max_bytes: usize) -> &'static Interner {
        Box::leak(Box::new(Interner::new(max_count, max_bytes)))
    }

    fn text(interner: &Interner, id: u32) -> &'static str {
        // SAFETY: the tests pass ids of this interner.
        unsafe { interner.text(id) }
    }

    #[test]
    fn equal_texts_are_one_symbol() {
        assert_eq!(Sym::new("equal"), Sym::new(&["eq", "ual"].concat()));
        assert_ne!(Sym::new("equal"), Sym::new("Equal"));
        assert_eq!(Sym::new("tränen").as_str(), "tränen");
        assert_eq!((Sym::default(), Sym::new("").as_str()), (Sym::new(""), ""));
        assert_eq!(format!("{0} {0:?} {0:>4}", Sym::new("ab")), "ab \"ab\"   ab");
    }

    #[test]
    fn order_and_hash_go_by_text() {
        let (z, a) = (Sym::new("order z"), Sym::new("order a"));
        assert!(a < z);
        assert_eq!(z.cmp(&z), Ordering::Equal);
        let hash = |h: &dyn Fn(&mut FxHasher)| {
            let mut hasher = FxHasher::default();
            h(&mut hasher);
            hasher.finish()
        };
        assert_eq!(hash(&|h| z.hash(h)), hash(&|h| "order z".hash(h)));
    }

    #[test]
    fn grows_over_chunks_and_tables() {
        let interner = interner(100_000, 1 << 24);
        let ids: Vec<u32> = (0..20_000).map(|i| interner.intern(&format!("sym {i}")).unwrap()).collect();
        for (i, &id) in ids.iter().enumerate() {
            assert_eq!(text(interner, id), format!("sym {i}"));
            assert_eq!(interner.intern(&format!("sym {i}")), Some(id));
        }
        let long = "x".repeat(TEXT_CHUNK_BYTES);
        assert_eq!(text(interner, interner.intern(&long).unwrap()), long);
    }

    #[test]
    fn caps() {
        let few = interner(3, 1000);
        assert_eq!([few.intern("a"), few.intern("b"), few.intern("c")], [Some(1), Some(2), None]);
        assert_eq!([few.intern("a"), few.intern("b"), few.intern("")], [Some(1), Some(2), Some(0)]);
        let small = interner(1000, 5);
        assert_eq!([small.intern("abc"), small.intern("def"), small.intern("de")], [Some(1), None, Some(2)]);
    }

    #[test]
    fn the_last_id_has_a_place() {
        assert_eq!(Interner::place(0), (0, 0));
        assert_eq!(Interner::place(1023), (0, 1023));
        assert_eq!(Interner::place(1024), (1, 0));
        assert!(Interner::place(Sym::MAX_COUNT - 1).0 < CHUNKS);
    }

    #[test]
    fn known_texts_need_no_memory() {
        let sym = Sym::new("a text that is known from now on");
        let before = Counting::start();
        assert_eq!(Sym::new("a text that is known from now on"), sym);
        assert_eq!(before.allocations_since(), 0);
    }

    #[test]
    fn threads_agree() {
        let interner = interner(100_000, 1 << 24);
        let ids: Vec<Vec<u32>> = std::thread::scope(|scope| {
            let run = || (0..5000).map(|i| interner.intern(&format!("t{}", i * 7 % 5000)).unwrap()).collect();
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        for (i, &id) in ids[0].iter().enumerate() {
            assert_eq!(text(interner, id), format!("t{}", i * 7 % 5000));
        }
        assert!(ids.iter().all(|other| *other == ids[0]));
    }

    #[test]
    fn compiled_code_reads_the_text() {
        let sym = Sym::new("for compiled code");
        let mut cell = [0; 2];
        // SAFETY: a symbol's id and a cell of ours.
        unsafe { sym_text(sym.0, &mut cell) };
        // SAFETY: interned texts stay.
        assert_eq!(unsafe { TextRef::from_cell(cell).as_str() }, "for compiled code");
    }
}
