//! The table of one pane: contiguous group rows, and an index that finds the row of a key.
//!
//! Not here: the loops over batches (`slots`), what changed in a step (`step`).
//!
//! Invariant: rows `0..len` are the groups, in order of arrival as long as none has been removed; every one of them has exactly one
//! entry in the index (none has where the node has no key), and its accumulators own their texts.

use super::hash;
use super::keys::{Keys, hash_row};
use super::shape::{Find, Shape};
use super::step::Step;
use crate::aggregate;
use crate::prefetch::prefetch;
use crate::stage::ColumnRef;
use crate::types::{Arena, BytesRef};

/// Groups of one pane.
#[derive(Default)]
pub(crate) struct GroupTable {
    /// Open addressing, linear probing, a power of two long: `tag << 32 | row + 1`, 0 where free. The bucket is the tag's top bits.
    index: Vec<u64>,
    /// 32 less the binary logarithm of the index's length.
    shift: u32,
    /// Groups from which on the index grows.
    len_max: usize,
    /// Buckets that the index keeps at least.
    index_min: usize,
    /// Number of groups.
    len: usize,
    /// Rows; those from `len` on are room.
    rows: Vec<u64>,
    /// The texts of keys.
    texts: Arena,
    /// Where they were before they were last tidied: empty.
    texts_before: Arena,
    /// Rows removed since `texts` was last tidied, and the bytes of their keys.
    removed: usize,
    removed_bytes: usize,
    /// Start of its window, in ns.
    pub start: i64,
    /// What this step did.
    pub step: Step,
}

const INDEX_MIN: usize = 32;
/// An index of at most so many buckets never shrinks.
const SHRINK_BUCKETS: usize = 16 * 1024;
/// Key texts of removed groups are given back once they are so many bytes.
const TIDY_BYTES: usize = 64 * 1024;

/// What a look-up needs, in registers.
#[derive(Clone, Copy)]
pub(super) struct Probe {
    index: *const u64,
    shift: u32,
    mask: usize,
    rows: *const u64,
    stride: usize,
}

impl Probe {
    /// The row with this tag for which `eq` holds.
    ///
    /// # Safety
    /// The table has not changed since the probe was made, and its index is not empty.
    #[inline(always)]
    pub unsafe fn find(&self, tag: u32, eq: impl Fn(*const u64) -> bool) -> Option<u32> {
        let mut bucket = (tag >> self.shift) as usize;
        loop {
            // SAFETY: a bucket is at most `mask`; an entry names a row. There is a free entry, so the loop ends.
            let entry = unsafe { *self.index.add(bucket) };
            if (entry >> 32) as u32 == tag {
                let row = (entry as u32).wrapping_sub(1);
                // SAFETY: as above.
                if eq(unsafe { self.rows.add(row as usize * self.stride) }) {
                    return Some(row);
                }
            } else if entry == 0 {
                return None;
            }
            bucket = (bucket + 1) & self.mask;
        }
    }

    /// Asks for the index entry of `tag`.
    #[inline(always)]
    pub fn prefetch_entry(&self, tag: u32) {
        prefetch(self.index.wrapping_add((tag >> self.shift) as usize));
    }

    /// Asks for the row that the first entry of `tag` names.
    ///
    /// # Safety
    /// As for `find`.
    #[inline(always)]
    pub unsafe fn prefetch_row(&self, tag: u32) {
        // SAFETY: a bucket is at most `mask`.
        let entry = unsafe { *self.index.add((tag >> self.shift) as usize) };
        prefetch(self.rows.wrapping_add((entry as u32).wrapping_sub(1) as usize * self.stride));
    }
}

impl GroupTable {
    /// A table with room for `groups` groups.
    pub fn with_capacity(shape: &Shape, groups: usize) -> GroupTable {
        let index_min = (groups * 2).next_power_of_two().max(INDEX_MIN);
        let mut table = GroupTable { index_min, ..GroupTable::default() };
        if shape.find != Find::Single {
            table.grow_index(index_min);
        }
        table.rows = vec![0; groups.max(8) * shape.stride];
        table
    }

    /// Number of groups.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Index, mask and shift of a table that has an index.
    #[inline(always)]
    pub(super) fn index_parts(&self) -> (*const u64, usize, u32) {
        (self.index.as_ptr(), self.index.len().wrapping_sub(1), self.shift)
    }

    /// Address of row 0.
    #[inline(always)]
    pub fn rows(&self) -> *const u64 {
        self.rows.as_ptr()
    }

    /// Address of row 0, to write accumulators.
    #[inline(always)]
    pub fn rows_mut(&mut self) -> *mut u64 {
        self.rows.as_mut_ptr()
    }

    /// What look-ups need.
    #[inline(always)]
    pub(super) fn probe(&self, shape: &Shape) -> Probe {
        Probe {
            index: self.index.as_ptr(),
            shift: self.shift,
            mask: self.index.len().wrapping_sub(1),
            rows: self.rows.as_ptr(),
            stride: shape.stride,
        }
    }

    /// A new group with the key of row `i`, its accumulators empty; the row's number.
    ///
    /// # Safety
    /// `keys` has a row `i`, `tag` is that of its hash, and no group has this key.
    #[inline(always)]
    pub(super) unsafe fn insert<K: Keys>(&mut self, shape: &Shape, keys: &K, i: usize, tag: u32) -> u32 {
        let row = self.push_row(shape);
        self.enter(tag, row);
        // SAFETY: `push_row` made room for the row.
        unsafe {
            let at = self.rows.as_mut_ptr().add(row as usize * shape.stride);
            keys.write(i, at, &self.texts);
        }
        row
    }

    /// A new row of zeros.
    #[inline(never)]
    pub(super) fn push_row(&mut self, shape: &Shape) -> u32 {
        let from = self.len * shape.stride;
        if from + shape.stride > self.rows.len() {
            self.grow_rows(shape.stride);
        }
        self.rows[from..from + shape.stride].fill(0);
        self.len += 1;
        (self.len - 1) as u32
    }

    #[cold]
    fn grow_rows(&mut self, stride: usize) {
        // Entries of the index hold row + 1 in 32 bits. Refusing here is as final as having no memory: these are
        // rows of hundreds of gigabytes.
        assert!(self.len < u32::MAX as usize - 1, "a group table is full at 2^32 groups");
        let words = (self.rows.len() * 2).max(8 * stride);
        self.rows.resize(words, 0);
    }

    /// Enters a row into the index.
    #[inline(never)]
    fn enter(&mut self, tag: u32, row: u32) {
        if self.len > self.len_max {
            self.grow_index((self.index.len() * 2).max(INDEX_MIN));
        }
        let mask = self.index.len() - 1;
        let mut bucket = (tag >> self.shift) as usize;
        while self.index[bucket] != 0 {
            bucket = (bucket + 1) & mask;
        }
        self.index[bucket] = (tag as u64) << 32 | (row as u64 + 1);
    }

    #[cold]
    #[inline(never)]
    fn grow_index(&mut self, buckets: usize) {
        let old = std::mem::replace(&mut self.index, vec![0; buckets]);
        self.shift = 32 - buckets.trailing_zeros();
        // Few probes matter more than few bytes: a row is found in the first bucket nine times out of ten.
        self.len_max = buckets / 2;
        let mask = buckets - 1;
        for entry in old.into_iter().filter(|&e| e != 0) {
            let mut bucket = ((entry >> 32) as u32 >> self.shift) as usize;
            while self.index[bucket] != 0 {
                bucket = (bucket + 1) & mask;
            }
            self.index[bucket] = entry;
        }
    }

    /// Forgets all groups; the memory stays, unless it is far more than the groups needed.
    pub fn clear(&mut self, shape: &Shape) {
        self.step.clear(shape);
        if !shape.owners.is_empty() {
            for row in 0..self.len {
                self.free_owned(shape, row);
            }
        }
        let wanted = (self.len * 4).next_power_of_two().max(self.index_min);
        self.len = 0;
        if self.index.len() > SHRINK_BUCKETS && self.index.len() / 8 > wanted {
            // Clearing an index that one large window has left behind would cost every small one after it.
            self.index = Vec::new();
            self.grow_index(wanted);
            self.rows = vec![0; wanted * shape.stride];
        }
        self.index.fill(0);
        self.texts.reset();
        (self.removed, self.removed_bytes) = (0, 0);
    }

    /// Gives back what a row's accumulators own.
    fn free_owned(&mut self, shape: &Shape, row: usize) {
        let row = self.rows[row * shape.stride..(row + 1) * shape.stride].as_mut_ptr();
        // SAFETY: a row of the table.
        unsafe { shape.each_owner(row, |of, p| of.def().free(of, p)) };
    }

    /// Whether row `i` of the columns can be taken back `times` times from what a group keeps.
    ///
    /// # Safety
    /// `columns` are those of an edge into the node, with a row `i` whose texts live.
    #[inline]
    pub unsafe fn holds(
        &mut self,
        shape: &Shape,
        slot: u32,
        columns: *const ColumnRef,
        i: usize,
        times: i64,
    ) -> bool {
        if shape.owners.is_empty() {
            return true;
        }
        let row = self.rows[slot as usize * shape.stride..].as_mut_ptr().cast();
        // SAFETY: a row of the table, and as the caller promises.
        unsafe { aggregate::holds(&shape.accumulators, &shape.layout, row, columns, i, times) }
    }

    /// Brings what programs read of rows `lo..hi` up to date.
    pub fn refresh(&mut self, shape: &Shape, lo: usize, hi: usize) {
        if shape.owners.is_empty() {
            return;
        }
        for row in self.rows[lo * shape.stride..hi * shape.stride].chunks_exact_mut(shape.stride) {
            // SAFETY: a row of the table.
            unsafe { shape.each_owner(row.as_mut_ptr(), |of, p| of.def().refresh(of, p)) };
        }
    }

    /// Empties the accumulators of a group.
    pub fn zero(&mut self, shape: &Shape, row: usize) {
        debug_assert!(row < self.len);
        self.free_owned(shape, row);
        self.rows[row * shape.stride + shape.key_words..(row + 1) * shape.stride].fill(0);
    }

    /// Removes a group; the last row takes its number.
    pub fn remove(&mut self, shape: &Shape, row: usize) {
        debug_assert!(row < self.len);
        let last = self.len - 1;
        self.zero(shape, row);
        for &word in &shape.text_keys {
            self.removed_bytes += self.rows[row * shape.stride + word + 1] as usize;
        }
        self.removed += 1;
        if shape.find != Find::Single {
            let bucket = self.bucket_of(shape, row);
            self.free_bucket(bucket);
            if row != last {
                let bucket = self.bucket_of(shape, last);
                self.index[bucket] = self.index[bucket] >> 32 << 32 | (row as u64 + 1);
            }
        }
        self.rows.copy_within(last * shape.stride..(last + 1) * shape.stride, row * shape.stride);
        self.len = last;
    }

    fn bucket_of(&self, shape: &Shape, row: usize) -> usize {
        // SAFETY: the row exists.
        let hash = unsafe { hash_row(shape, self.rows.as_ptr().add(row * shape.stride)) };
        let tag = hash::tag(hash);
        let wanted = (tag as u64) << 32 | (row as u64 + 1);
        let mask = self.index.len() - 1;
        let mut bucket = (tag >> self.shift) as usize;
        while self.index[bucket] != wanted {
            debug_assert_ne!(self.index[bucket], 0, "every row has an entry");
            bucket = (bucket + 1) & mask;
        }
        bucket
    }

    /// Frees a bucket and moves later entries of its run up, so that each can be reached from its own.
    fn free_bucket(&mut self, mut hole: usize) {
        let mask = self.index.len() - 1;
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let entry = self.index[at];
            if entry == 0 {
                break;
            }
            let home = ((entry >> 32) as u32 >> self.shift) as usize;
            // The entry may move if its home does not lie between the hole and where it is.
            if (at.wrapping_sub(home) & mask) >= (at.wrapping_sub(hole) & mask) {
                self.index[hole] = entry;
                hole = at;
            }
        }
        self.index[hole] = 0;
    }

    /// Gives back the texts of removed groups once they are many; not while anybody holds texts of this table.
    pub fn tidy(&mut self, shape: &Shape) {
        if self.removed_bytes < TIDY_BYTES || self.removed < self.len {
            return;
        }
        // What is left moves to the other arena, and back the next time: both keep their memory.
        std::mem::swap(&mut self.texts, &mut self.texts_before);
        for row in 0..self.len {
            for &word in &shape.text_keys {
                let at = row * shape.stride + word;
                let cell = [self.rows[at], self.rows[at + 1]];
                // SAFETY: the table's own text, alive until its arena is reset below.
                let text = unsafe { BytesRef::from_cell(cell).as_bytes() };
                self.rows[at..at + 2].copy_from_slice(&self.texts.alloc_bytes(text).to_cell());
            }
        }
        self.texts_before.reset();
        (self.removed, self.removed_bytes) = (0, 0);
    }

    /// A new group with the key whose words are given, its accumulators empty; the row's number. The texts move
    /// to the table.
    ///
    /// # Safety
    /// The texts live, and no group has this key.
    pub unsafe fn insert_row(&mut self, shape: &Shape, key: &[u64]) -> u32 {
        let row = self.push_row(shape);
        let at = row as usize * shape.stride;
        self.rows[at..at + shape.key_words].copy_from_slice(&key[..shape.key_words]);
        for &word in &shape.text_keys {
            // SAFETY: the caller's texts live.
            let text = unsafe { BytesRef::from_cell([key[word], key[word + 1]]).as_bytes() };
            self.rows[at + word..at + word + 2].copy_from_slice(&self.texts.alloc_bytes(text).to_cell());
        }
        if shape.find != Find::Single {
            // SAFETY: the row has its whole key.
            self.enter(hash::tag(unsafe { hash_row(shape, self.rows.as_ptr().add(at)) }), row);
        }
        row
    }

    /// Words to be filled by whoever restores the table.
    pub fn words_mut(&mut self, from: usize, n: usize) -> &mut [u64] {
        &mut self.rows[from..from + n]
    }

    /// Words of the row.
    pub fn row(&self, shape: &Shape, row: usize) -> &[u64] {
        &self.rows[row * shape.stride..(row + 1) * shape.stride]
    }

    /// Length of the index.
    #[cfg(test)]
    pub fn buckets(&self) -> usize {
        self.index.len()
    }

    /// Bytes of texts that nobody refers to.
    #[cfg(test)]
    pub fn text_bytes_removed(&self) -> usize {
        self.removed_bytes
    }

    /// Rows whose stay in the cache cannot be expected.
    #[inline(always)]
    pub fn is_large(&self) -> bool {
        self.len > 16 * 1024
    }
}
