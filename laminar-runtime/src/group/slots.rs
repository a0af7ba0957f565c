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
    #[inline]
    pub unsafe fn slots(
        &mut self,
        shape: &Shape,
        columns: *const ColumnRef,
        lo: usize,
        n: usize,
        nulls: *mut u64,
        out: *mut u32,
    ) {
        // SAFETY: as the caller promises, throughout.
        unsafe {
            match shape.find {
                Find::Words(1) => self.find_all(
                    shape,
                    &OneWord((*columns.add(shape.keys[0].column)).data.cast()),
                    lo,
                    n,
                    out,
                ),
                Find::Single => self.single(shape, n, out),
                Find::Words(w) => {
                    if shape.layout.nulls.is_some() {
                        for i in lo..lo + n {
                            *nulls.add(i) = null_word(shape, columns, i);
                        }
                    }
                    match w {
                        2 => self.find_all(shape, &Words::<2>::new(shape, columns, nulls), lo, n, out),
                        3 => self.find_all(shape, &Words::<3>::new(shape, columns, nulls), lo, n, out),
                        _ => self.find_all(shape, &Words::<4>::new(shape, columns, nulls), lo, n, out),
                    }
                }
                Find::Text => {
                    self.find_all(shape, &Text((*columns.add(shape.keys[0].column)).data.cast()), lo, n, out)
                }
                Find::Mixed => self.find_all(shape, &Mixed { shape, columns }, lo, n, out),
            }
        }
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
                Find::Text => {
                    self.find_one(shape, &Text((*columns.add(shape.keys[0].column)).data.cast()), i)
                }
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

    /// Of its own, so that each kind of key saves only the registers that it needs.
    #[inline(never)]
    unsafe fn find_all<K: Keys>(&mut self, shape: &Shape, keys: &K, lo: usize, n: usize, out: *mut u32) {
        // SAFETY: as for `slots`.
        unsafe {
            if self.is_large() && n >= AHEAD {
                return self.find_all_ahead(shape, keys, lo, n, out);
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
    unsafe fn find_all_ahead<K: Keys>(
        &mut self,
        shape: &Shape,
        keys: &K,
        lo: usize,
        n: usize,
        out: *mut u32,
    ) {
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

    #[inline(always)]
    unsafe fn single(&mut self, shape: &Shape, n: usize, out: *mut u32) {
        if self.len() == 0 {
            self.push_row(shape);
        }
        for j in 0..n {
            // SAFETY: `out` has room for `n`.
            unsafe { *out.add(j) = 0 };
        }
    }
}
