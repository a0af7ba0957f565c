//! From the keys of a batch to the rows of their groups: the hot loop of every aggregation.

use super::hash;
use super::keys::{Keys, Mixed, OneWord, Text, Words, null_word};
use super::shape::{Find, Shape};
use super::table::GroupTable;
use crate::stage::ColumnRef;

/// How far the loop over a large table asks for rows ahead.
const AHEAD: usize = 8;
/// Rows of a batch, at most.
pub(crate) const BATCH_ROWS: usize = 1024;

impl GroupTable {
    /// Writes the row number of the group of rows `lo..lo + n` to `out`; groups that are missing are made.
    ///
    /// # Safety
    /// `columns` are those that the shape names and have `lo + n ≤ BATCH_ROWS` rows; `nulls` has room for `lo + n` words,
    /// `out` for `n`.
    ///
    /// # Cost
    /// A hash, a bucket and a row for each; large tables are prefetched.
    #[inline(always)]
    pub unsafe fn slots(
        &mut self,
        shape: &Shape,
        columns: *const ColumnRef,
        lo: usize,
        n: usize,
        nulls: *mut u64,
        out: *mut u32,
    ) {
        // SAFETY: as the caller promises.
        unsafe { (shape.slots)(self, shape, &Batch { columns, lo, n, nulls, out }) }
    }

    /// The group of row `i`, if there is one.
    ///
    /// # Safety
    /// As for `slots`.
    pub unsafe fn find(&self, shape: &Shape, columns: *const ColumnRef, i: usize) -> Option<u32> {
        if self.len() == 0 || shape.find == Find::Single {
            return (self.len() > 0).then_some(0);
        }
        // SAFETY: as the caller promises; a table with rows and keys has an index.
        unsafe {
            match shape.find {
                Find::Text => self.find_one(shape, &Text((*columns.add(shape.first_key)).data.cast()), i),
                Find::Words(w) => {
                    let nulls = null_word(shape, columns, i);
                    let words = shape.words.map(|word| match word.column {
                        Some(column) => {
                            let first = (*columns.add(column)).data.cast::<u64>();
                            *first.add(i * word.step + word.half)
                        }
                        None => nulls,
                    });
                    self.find_words(shape, &words[..w as usize])
                }
                _ => self.find_one(shape, &Mixed { shape, columns }, i),
            }
        }
    }

    unsafe fn find_one<K: Keys>(&self, shape: &Shape, keys: &K, i: usize) -> Option<u32> {
        // SAFETY: as for `find`.
        unsafe {
            let tag = hash::tag(keys.hash(i));
            self.probe(shape).find(tag, |row| keys.eq(i, row))
        }
    }

    unsafe fn find_words(&self, shape: &Shape, words: &[u64]) -> Option<u32> {
        let hash = words[1..].iter().fold(hash::word(words[0]), |h, &w| hash::then(h, w));
        // SAFETY: as for `find`; a row has as many words of key.
        unsafe {
            let same = |row: *const u64| words.iter().enumerate().all(|(w, &word)| *row.add(w) == word);
            self.probe(shape).find(hash::tag(hash), same)
        }
    }

    #[inline(always)]
    unsafe fn find_all<K: Keys>(&mut self, shape: &Shape, keys: &K, batch: &Batch) {
        let &Batch { lo, n, out, .. } = batch;
        // SAFETY: as for `slots`.
        unsafe {
            if self.is_large() && n >= AHEAD {
                return self.find_all_ahead(shape, keys, batch);
            }
            let mut probe = self.probe(shape);
            for j in 0..n {
                let tag = hash::tag(keys.hash(lo + j));
                let slot = match probe.find(tag, |row| keys.eq(lo + j, row)) {
                    Some(slot) => slot,
                    None => {
                        let slot = self.insert(shape, keys, lo + j, tag);
                        probe = self.probe(shape);
                        slot
                    }
                };
                *out.add(j) = slot;
            }
        }
    }

    /// The same for a table that does not fit the cache: all buckets first, then rows some steps ahead.
    #[inline(never)]
    unsafe fn find_all_ahead<K: Keys>(&mut self, shape: &Shape, keys: &K, batch: &Batch) {
        let &Batch { lo, n, out, .. } = batch;
        let mut tags = [0_u32; BATCH_ROWS];
        let tags = &mut tags[..n];
        // SAFETY: as for `slots`.
        unsafe {
            let mut probe = self.probe(shape);
            for (j, tag) in tags.iter_mut().enumerate() {
                *tag = hash::tag(keys.hash(lo + j));
                probe.prefetch_entry(*tag);
            }
            for &tag in &tags[..AHEAD.min(n)] {
                probe.prefetch_row(tag);
            }
            for (j, &tag) in tags.iter().enumerate() {
                if let Some(&later) = tags.get(j + AHEAD) {
                    probe.prefetch_row(later);
                }
                let slot = match probe.find(tag, |row| keys.eq(lo + j, row)) {
                    Some(slot) => slot,
                    None => {
                        let slot = self.insert(shape, keys, lo + j, tag);
                        probe = self.probe(shape);
                        slot
                    }
                };
                *out.add(j) = slot;
            }
        }
    }
}

/// Rows whose groups are wanted.
pub(crate) struct Batch {
    columns: *const ColumnRef,
    lo: usize,
    n: usize,
    nulls: *mut u64,
    out: *mut u32,
}

/// A kernel for one kind of key.
pub(crate) type SlotsFn = unsafe fn(&mut GroupTable, &Shape, &Batch);

/// The kernel for a kind of key. Each is a function of its own, which saves only the registers that it needs.
pub(super) fn kernel(find: Find) -> SlotsFn {
    match find {
        Find::Single => single,
        Find::Words(1) => one_word,
        Find::Words(2) => words::<2>,
        Find::Words(3) => words::<3>,
        Find::Words(_) => words::<4>,
        Find::Text => text,
        Find::Mixed => mixed,
    }
}

unsafe fn single(table: &mut GroupTable, shape: &Shape, batch: &Batch) {
    if table.len() == 0 {
        table.push_row(shape);
    }
    for j in 0..batch.n {
        // SAFETY: `out` has room for `n`.
        unsafe { *batch.out.add(j) = 0 };
    }
}

unsafe fn one_word(table: &mut GroupTable, shape: &Shape, batch: &Batch) {
    // SAFETY: as for `slots`, here and below.
    unsafe {
        let keys = OneWord((*batch.columns.add(shape.first_key)).data.cast());
        table.find_all(shape, &keys, batch)
    }
}

unsafe fn words<const W: usize>(table: &mut GroupTable, shape: &Shape, batch: &Batch) {
    // SAFETY: as above.
    unsafe {
        if shape.layout.nulls.is_some() {
            for i in batch.lo..batch.lo + batch.n {
                *batch.nulls.add(i) = null_word(shape, batch.columns, i);
            }
        }
        table.find_all(shape, &Words::<W>::new(shape, batch.columns, batch.nulls), batch)
    }
}

unsafe fn text(table: &mut GroupTable, shape: &Shape, batch: &Batch) {
    // SAFETY: as above.
    unsafe {
        let keys = Text((*batch.columns.add(shape.first_key)).data.cast());
        table.find_all(shape, &keys, batch)
    }
}

unsafe fn mixed(table: &mut GroupTable, shape: &Shape, batch: &Batch) {
    // SAFETY: as above.
    unsafe { table.find_all(shape, &Mixed { shape, columns: batch.columns }, batch) }
}
