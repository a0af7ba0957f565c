//! The rows that a group must keep: an ordered multiset of tuples.
//!
//! Entries are a tuple's words and how often it is there, sorted, in chunks of at most [`CHUNK`] entries, all chunks in one
//! buffer; a list names the chunks in order. Finding is two binary searches, inserting moves half a chunk. A bag of few
//! entries is one short chunk. Memory grows by doubling, and bags that groups leave behind serve the next ones.
//!
//! Invariant: no chunk in the list is empty, no entry has a count below one, entries ascend strictly, and they own their texts.

use super::tuple::TupleLayout;
use crate::checkpoint::{Reader, damaged, put_i64, put_u64};
use crate::error::Error;
use crate::stage::ColumnRef;
use std::cell::RefCell;
use std::cmp::Ordering;

/// Entries of a chunk, at most.
const CHUNK: usize = 64;
/// Entries of the first chunk of a new bag.
const FIRST: usize = 4;
/// Words that a thread keeps for the next bags, at most: 8 MiB.
const KEPT_WORDS_MAX: usize = 1 << 20;

/// An ordered multiset of tuples.
#[derive(Default)]
pub(super) struct Bag {
    /// Chunks of entries.
    slab: Vec<u64>,
    /// Chunks in order.
    chunks: Vec<Chunk>,
    /// Chunks of the slab that are not used.
    free: Vec<u32>,
    /// The tuple being looked for.
    probe: Vec<u64>,
}

#[derive(Clone, Copy)]
struct Chunk {
    /// Its place in the slab.
    at: u32,
    /// Its entries.
    len: u32,
    /// Sum of their counts.
    weight: i64,
}

/// Where a tuple is, or would be.
struct Place {
    chunk: usize,
    entry: usize,
    found: bool,
}

thread_local! {
    static LEFT: RefCell<Left> = const { RefCell::new(Left { bags: Vec::new(), words: 0 }) };
}

/// Bags that groups have left behind.
struct Left {
    /// Without tuples. Each has its own allocation already: it is what the next group takes.
    #[expect(clippy::vec_box)]
    bags: Vec<Box<Bag>>,
    /// Words of their buffers.
    words: usize,
}

impl Left {
    fn take(&mut self) -> Option<Box<Bag>> {
        let bag = self.bags.pop()?;
        self.words -= bag.slab.capacity();
        Some(bag)
    }

    fn put(&mut self, bag: Box<Bag>) {
        if self.words + bag.slab.capacity() <= KEPT_WORDS_MAX {
            self.words += bag.slab.capacity();
            self.bags.push(bag);
        }
    }
}

/// The bag whose address is in the word at `p`; makes it if there is none.
///
/// # Safety
/// The word is 0 or an address from here that is not freed; nobody else uses the bag meanwhile.
#[inline]
pub(super) unsafe fn bag_mut<'a>(p: *mut u8) -> &'a mut Bag {
    let word = p.cast::<u64>();
    // SAFETY: as the caller promises.
    unsafe {
        if *word == 0 {
            *word = Box::into_raw(take()).expose_provenance() as u64;
        }
        &mut *std::ptr::with_exposed_provenance_mut::<Bag>(*word as usize)
    }
}

/// The bag whose address is in the word at `p`, if there is one.
///
/// # Safety
/// As for [`bag_mut`].
#[inline]
pub(super) unsafe fn bag<'a>(p: *const u8) -> Option<&'a Bag> {
    // SAFETY: as the caller promises.
    unsafe { std::ptr::with_exposed_provenance::<Bag>(*p.cast::<u64>() as usize).as_ref() }
}

#[cold]
#[inline(never)]
fn take() -> Box<Bag> {
    LEFT.try_with(|left| left.borrow_mut().take()).ok().flatten().unwrap_or_default()
}

/// Frees the bag whose address is in the word at `p`, if there is one, and makes the word 0.
///
/// # Safety
/// As for [`bag_mut`].
pub(super) unsafe fn free_bag(p: *mut u8, tuple: &TupleLayout) {
    let word = p.cast::<u64>();
    // SAFETY: as the caller promises; the address is from `Box::into_raw`.
    unsafe {
        if *word == 0 {
            return;
        }
        let mut bag = Box::from_raw(std::ptr::with_exposed_provenance_mut::<Bag>(*word as usize));
        *word = 0;
        bag.clear(tuple);
        let _ = LEFT.try_with(|left| left.borrow_mut().put(bag));
    }
}

impl Bag {
    /// Words of an entry.
    fn stride(tuple: &TupleLayout) -> usize {
        tuple.words() + 1
    }

    fn at(&self, stride: usize, chunk: usize, entry: usize) -> usize {
        (self.chunks[chunk].at as usize * CHUNK + entry) * stride
    }

    fn clear(&mut self, tuple: &TupleLayout) {
        let stride = Bag::stride(tuple);
        for c in 0..self.chunks.len() {
            for e in 0..self.chunks[c].len as usize {
                let at = self.at(stride, c, e);
                // SAFETY: an entry owns its texts and is not read again.
                unsafe { tuple.free(self.slab[at..].as_mut_ptr()) };
            }
        }
        self.chunks.clear();
        self.free.clear();
        // The next owner may have tuples of another layout: chunks are counted anew.
        self.slab.clear();
    }

    /// Number of tuples, each as often as it is there.
    pub fn weight(&self) -> i64 {
        self.chunks.iter().fold(0, |sum: i64, c| sum.saturating_add(c.weight))
    }

    /// Whether there is no tuple.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// The least tuple.
    pub fn first(&self, tuple: &TupleLayout) -> Option<&[u64]> {
        if self.chunks.is_empty() {
            return None;
        }
        let at = self.at(Bag::stride(tuple), 0, 0);
        Some(&self.slab[at..at + tuple.words()])
    }

    /// The tuples in order, each with its count.
    pub fn iter<'a>(&'a self, tuple: &TupleLayout) -> impl Iterator<Item = (&'a [u64], i64)> + use<'a> {
        let stride = Bag::stride(tuple);
        self.chunks.iter().flat_map(move |c| {
            let from = c.at as usize * CHUNK * stride;
            self.slab[from..from + c.len as usize * stride]
                .chunks_exact(stride)
                .map(move |entry| (&entry[..stride - 1], entry[stride - 1] as i64))
        })
    }

    /// The `n`-th tuple in order, from 0, each counted as often as it is there.
    pub fn nth(&self, tuple: &TupleLayout, mut n: i64) -> Option<&[u64]> {
        let stride = Bag::stride(tuple);
        for (c, chunk) in self.chunks.iter().enumerate() {
            if n >= chunk.weight {
                n -= chunk.weight;
                continue;
            }
            for e in 0..chunk.len as usize {
                let at = self.at(stride, c, e);
                n -= self.slab[at + stride - 1] as i64;
                if n < 0 {
                    return Some(&self.slab[at..at + stride - 1]);
                }
            }
        }
        None
    }

    /// How often the tuple of row `i` is there.
    ///
    /// # Safety
    /// `columns` are those of the edge, with a row `i` whose texts live.
    pub unsafe fn count(&mut self, tuple: &TupleLayout, columns: *const ColumnRef, i: usize) -> i64 {
        // SAFETY: as the caller promises.
        unsafe { self.look_for(tuple, columns, i) };
        let place = self.place(tuple);
        if place.found { self.count_at(tuple, &place) } else { 0 }
    }

    fn count_at(&self, tuple: &TupleLayout, place: &Place) -> i64 {
        let stride = Bag::stride(tuple);
        self.slab[self.at(stride, place.chunk, place.entry) + stride - 1] as i64
    }

    /// Adds the tuple of row `i`, `weight` times; below zero it takes back. How often it was there, and is now.
    ///
    /// Taking back more than there is takes what there is: who lets rows be taken back asks [`Bag::count`] first.
    ///
    /// # Safety
    /// As for [`Bag::count`].
    pub unsafe fn add(
        &mut self,
        tuple: &TupleLayout,
        columns: *const ColumnRef,
        i: usize,
        weight: i64,
    ) -> (i64, i64) {
        // SAFETY: as the caller promises.
        unsafe { self.look_for(tuple, columns, i) };
        self.add_probe(tuple, weight)
    }

    /// Makes the tuple of row `i` the one being looked for.
    ///
    /// # Safety
    /// As for [`Bag::count`].
    unsafe fn look_for(&mut self, tuple: &TupleLayout, columns: *const ColumnRef, i: usize) {
        self.probe.resize(tuple.words(), 0);
        // SAFETY: as the caller promises; the probe has room for the words.
        unsafe { tuple.encode(columns, i, self.probe.as_mut_ptr()) };
    }

    /// Adds what is being looked for.
    fn add_probe(&mut self, tuple: &TupleLayout, weight: i64) -> (i64, i64) {
        let place = self.place(tuple);
        if !place.found {
            if weight > 0 {
                self.insert(tuple, place, weight);
            }
            return (0, weight.max(0));
        }
        let stride = Bag::stride(tuple);
        let count_at = self.at(stride, place.chunk, place.entry) + stride - 1;
        let before = self.slab[count_at] as i64;
        let after = before.saturating_add(weight).max(0);
        self.slab[count_at] = after as u64;
        let weight = &mut self.chunks[place.chunk].weight;
        *weight = weight.saturating_add(after - before);
        if after == 0 {
            self.remove(tuple, &place);
        }
        (before, after)
    }

    /// Where what is being looked for is.
    fn place(&self, tuple: &TupleLayout) -> Place {
        let stride = Bag::stride(tuple);
        let order = |chunk: usize, entry: usize| {
            let held = self.at(stride, chunk, entry);
            // SAFETY: a tuple of this layout; the texts of the probe live while it is looked for.
            unsafe { tuple.compare(self.probe.as_ptr(), self.slab[held..].as_ptr()) }
        };
        let (mut lo, mut hi) = (0, self.chunks.len());
        while lo < hi {
            let mid = (lo + hi) / 2;
            match order(mid, self.chunks[mid].len as usize - 1) {
                Ordering::Greater => lo = mid + 1,
                _ => hi = mid,
            }
        }
        let Some(chunk) = self.chunks.get(lo) else {
            // Behind all: at the end of the last chunk.
            let Some(last) = self.chunks.len().checked_sub(1) else {
                return Place { chunk: 0, entry: 0, found: false };
            };
            return Place { chunk: last, entry: self.chunks[last].len as usize, found: false };
        };
        let (chunk, mut from, mut to) = (chunk.len as usize, 0, chunk.len as usize);
        while from < to {
            let mid = (from + to) / 2;
            match order(lo, mid) {
                Ordering::Greater => from = mid + 1,
                Ordering::Equal => return Place { chunk: lo, entry: mid, found: true },
                Ordering::Less => to = mid,
            }
        }
        debug_assert!(from < chunk);
        Place { chunk: lo, entry: from, found: false }
    }

    /// Inserts what is being looked for.
    fn insert(&mut self, tuple: &TupleLayout, mut place: Place, weight: i64) {
        let stride = Bag::stride(tuple);
        if self.chunks.is_empty() {
            let at = self.new_chunk(stride);
            self.chunks.push(Chunk { at, len: 0, weight: 0 });
        } else if self.chunks[place.chunk].len as usize == CHUNK {
            self.split(tuple, &mut place);
        }
        let end = self.at(stride, place.chunk, self.chunks[place.chunk].len as usize);
        if end + stride > self.slab.len() {
            // Only the first chunk of the slab is ever shorter than a chunk.
            let entries = (self.slab.len() / stride * 2).clamp(FIRST, CHUNK);
            self.slab.resize(entries * stride, 0);
        }
        let at = self.at(stride, place.chunk, place.entry);
        self.slab.copy_within(at..end, at + stride);
        self.slab[at..at + stride - 1].copy_from_slice(&self.probe);
        self.slab[at + stride - 1] = weight as u64;
        // SAFETY: a copy of the probe, whose texts live.
        unsafe { tuple.own(self.slab[at..].as_mut_ptr()) };
        let chunk = &mut self.chunks[place.chunk];
        chunk.len += 1;
        chunk.weight = chunk.weight.saturating_add(weight);
    }

    /// Room for a chunk; its place in the slab.
    fn new_chunk(&mut self, stride: usize) -> u32 {
        if let Some(at) = self.free.pop() {
            return at;
        }
        let at = self.slab.len().div_ceil(CHUNK * stride);
        let words = if at == 0 { FIRST * stride } else { (at + 1) * CHUNK * stride };
        self.slab.resize(words, 0);
        at as u32
    }

    /// Makes two of a full chunk.
    #[cold]
    fn split(&mut self, tuple: &TupleLayout, place: &mut Place) {
        let stride = Bag::stride(tuple);
        let at = self.new_chunk(stride);
        // What comes in order fills its chunks.
        let is_end = place.chunk + 1 == self.chunks.len() && place.entry == CHUNK;
        let kept = if is_end { CHUNK } else { CHUNK / 2 };
        let (from, end) = (self.at(stride, place.chunk, kept), self.at(stride, place.chunk, CHUNK));
        self.slab.copy_within(from..end, at as usize * CHUNK * stride);
        let counts = (0..CHUNK - kept).map(|e| self.slab[from + (e + 1) * stride - 1] as i64);
        let moved = counts.fold(0, i64::saturating_add);
        let chunk = &mut self.chunks[place.chunk];
        chunk.len = kept as u32;
        chunk.weight = chunk.weight.saturating_sub(moved);
        self.chunks.insert(place.chunk + 1, Chunk { at, len: (CHUNK - kept) as u32, weight: moved });
        if place.entry > kept || is_end {
            place.chunk += 1;
            place.entry -= kept;
        }
    }

    /// Removes an entry.
    fn remove(&mut self, tuple: &TupleLayout, place: &Place) {
        let stride = Bag::stride(tuple);
        let at = self.at(stride, place.chunk, place.entry);
        // SAFETY: the entry owns its texts and is overwritten or left behind now.
        unsafe { tuple.free(self.slab[at..].as_mut_ptr()) };
        let end = self.at(stride, place.chunk, self.chunks[place.chunk].len as usize);
        self.slab.copy_within(at + stride..end, at);
        self.chunks[place.chunk].len -= 1;
        if self.chunks[place.chunk].len == 0 {
            self.drop_chunk(place.chunk);
        } else {
            self.merge(stride, place.chunk);
        }
    }

    fn drop_chunk(&mut self, chunk: usize) {
        let gone = self.chunks.remove(chunk);
        self.free.push(gone.at);
    }

    /// Moves the entries of a small chunk and the next one together.
    fn merge(&mut self, stride: usize, chunk: usize) {
        let Some(&next) = self.chunks.get(chunk + 1) else { return };
        let (len, more) = (self.chunks[chunk].len as usize, next.len as usize);
        let end = self.at(stride, chunk, len);
        if len + more > CHUNK / 2 || end + more * stride > self.slab.len() {
            return;
        }
        let from = next.at as usize * CHUNK * stride;
        self.slab.copy_within(from..from + more * stride, end);
        self.chunks[chunk].len += next.len;
        self.chunks[chunk].weight = self.chunks[chunk].weight.saturating_add(next.weight);
        self.drop_chunk(chunk + 1);
    }

    /// Appends all entries to a snapshot.
    pub fn write(&self, tuple: &TupleLayout, to: &mut Vec<u8>) {
        put_u64(to, self.chunks.iter().map(|c| c.len as u64).sum());
        for (entry, count) in self.iter(tuple) {
            // SAFETY: an entry of this layout.
            unsafe { tuple.write(entry.as_ptr(), to) };
            put_i64(to, count);
        }
    }

    /// Fills an empty bag.
    ///
    /// # Errors
    /// Entries out of order or without rows.
    pub fn read(&mut self, tuple: &TupleLayout, r: &mut Reader<'_>) -> Result<(), Error> {
        for _ in 0..r.u64()? {
            self.probe.resize(tuple.words(), 0);
            tuple.read(&mut self.probe, r)?;
            let count = r.i64()?;
            if count < 1 {
                return Err(damaged("a row is kept no times"));
            }
            let place = self.place(tuple);
            let is_last = |c: &Chunk| place.chunk + 1 == self.chunks.len() && place.entry == c.len as usize;
            if place.found || (!self.chunks.is_empty() && !self.chunks.last().is_some_and(is_last)) {
                return Err(damaged("kept rows are out of order"));
            }
            self.insert(tuple, place, count);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{CellColumn, TupleColumn};
    use crate::schema::Ty;
    use crate::types::TextRef;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// A text and an integer, the text descending.
    fn layout() -> TupleLayout {
        let column = |column, ty, nullable, descending| TupleColumn {
            column,
            cell: CellColumn { ty, nullable },
            descending,
            nulls_first: false,
        };
        TupleLayout::of(&[column(0, Ty::Varchar, true, true), column(1, Ty::Bigint, false, false)])
    }

    type Key = (Option<String>, i64);

    fn with_row<T>(key: &Key, f: impl FnOnce(*const ColumnRef) -> T) -> T {
        let text = [key.0.as_deref().map_or([0, 0], |t| TextRef::new(t).to_cell())];
        let valid = [key.0.is_some() as u8];
        let number = [key.1];
        let columns = [
            ColumnRef { data: text.as_ptr().cast(), valid: valid.as_ptr() },
            ColumnRef { data: number.as_ptr().cast(), valid: std::ptr::null() },
        ];
        f(columns.as_ptr())
    }

    /// NULL last, texts descending, numbers ascending.
    fn order(key: &Key) -> (bool, std::cmp::Reverse<Option<String>>, i64) {
        (key.0.is_none(), std::cmp::Reverse(key.0.clone()), key.1)
    }

    proptest! {
        #[test]
        fn is_a_sorted_map_of_counts(
            moves in prop::collection::vec((0..40_u8, -20..20_i64, any::<bool>()), 0..600)
        ) {
            let tuple = layout();
            let mut word = 0_u64;
            let p = (&raw mut word).cast::<u8>();
            let mut model = BTreeMap::new();
            for (text, number, back) in moves {
                let text = (text > 0).then(|| format!("text {}", text % 7).repeat(text as usize % 4));
                let key = (text, number);
                let entry = model.entry(order(&key)).or_insert((key.clone(), 0_i64));
                let before = entry.1;
                let weight = if back && before > 0 { -1 } else { 1 };
                entry.1 += weight;
                let after = entry.1;
                model.retain(|_, (_, n)| *n > 0);
                // SAFETY: one row; the word is this test's.
                let (held, moved) = with_row(&key, |columns| unsafe {
                    let bag = bag_mut(p);
                    (bag.count(&tuple, columns, 0), bag.add(&tuple, columns, 0, weight))
                });
                prop_assert_eq!((held, moved), (before, (before, after)));
            }
            // SAFETY: as above.
            let bag = unsafe { bag_mut(p) };
            prop_assert_eq!(bag.weight(), model.values().map(|(_, n)| n).sum::<i64>());
            let mut bytes = Vec::new();
            bag.write(&tuple, &mut bytes);
            let numbers: Vec<(u64, i64)> =
                // SAFETY: entries of the layout.
                bag.iter(&tuple).map(|(e, n)| (unsafe { tuple.last(e.as_ptr()) }.map_or(0, |c| c[0]), n)).collect();
            let expected: Vec<(u64, i64)> = model.values().map(|(k, n)| (k.1 as u64, *n)).collect();
            prop_assert_eq!(numbers, expected);
            let mut nth = 0;
            for (key, n) in model.values() {
                for at in [nth, nth + n - 1] {
                    // SAFETY: as above.
                    let found = bag.nth(&tuple, at).and_then(|e| unsafe { tuple.last(e.as_ptr()) });
                    prop_assert_eq!(found.map(|c| c[0] as i64), Some(key.1));
                }
                nth += n;
            }
            prop_assert!(bag.nth(&tuple, nth).is_none());
            // SAFETY: as above.
            unsafe { free_bag(p, &tuple) };
            // SAFETY: as above; the word is 0 again.
            let again = unsafe { bag_mut(p) };
            again.read(&tuple, &mut Reader::new(&bytes)).unwrap();
            let mut twice = Vec::new();
            again.write(&tuple, &mut twice);
            prop_assert_eq!(bytes, twice);
            // SAFETY: as above.
            unsafe { free_bag(p, &tuple) };
        }
    }

    #[test]
    fn memory_serves_again() {
        let column = TupleColumn {
            column: 0,
            cell: CellColumn { ty: Ty::Bigint, nullable: false },
            descending: false,
            nulls_first: false,
        };
        let tuple = TupleLayout::of(&[column]);
        let mut word = 0_u64;
        let p = (&raw mut word).cast::<u8>();
        let round = || {
            for i in 0..500_i64 {
                let number = [i * 7919 % 500];
                let columns = [ColumnRef { data: number.as_ptr().cast(), valid: std::ptr::null() }];
                // SAFETY: one row; the word is this test's.
                unsafe { bag_mut(p).add(&tuple, columns.as_ptr(), 0, 1) };
            }
            // SAFETY: as above.
            unsafe { free_bag(p, &tuple) };
        };
        round();
        let before = crate::alloc::Counting::start();
        round();
        assert_eq!(before.allocations_since(), 0);
    }
}
