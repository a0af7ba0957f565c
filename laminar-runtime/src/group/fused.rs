//! From row to accumulators in one loop: what generated code does with rows that lie in the window used last and whose
//! key is one word.
//!
//! The look-up is inlined into the query's loop; making a group stays out of line. Everything else (another
//! window, a row that fails, a table that does not fit the cache) ends the loop, and the engine goes on from that row.

use super::hash;
use super::keys::OneWord;
use super::shape::Shape;
use super::table::GroupTable;
use crate::types::Arena;

/// What such a loop works on.
#[repr(C)]
pub struct FusedCtx {
    /// The rows.
    pub base: *const u8,
    /// First row to take.
    pub lo: usize,
    /// One past the last.
    pub hi: usize,
    /// Out: the first row that was not taken.
    pub done: usize,
    /// Greatest event time, in ns; in and out.
    pub time_max: i64,
    /// Start of the window, in ns.
    pub window_start: i64,
    /// The pipeline's clock, in ns.
    pub now: i64,
    /// Texts computed in this batch live here.
    pub arena: *const Arena,
    /// The groups of the window.
    pub groups: Groups,
    /// Out, from such a loop: 1 where it ended for want of a group, that of the row at `done`. The engine makes it and enters the loop
    /// again.
    pub wanted: u64,
    /// Out: the key of that group.
    pub key: u64,
    pub(crate) table: *mut GroupTable,
    pub(crate) shape: *const Shape,
}

impl FusedCtx {
    /// Makes the group that the loop wants, so that it can go on; whether it wants one.
    ///
    /// # Safety
    /// The engine made the context, and the loop has run.
    #[inline]
    pub(crate) unsafe fn make_wanted(&mut self) -> bool {
        if self.wanted == 0 {
            return false;
        }
        let tag = hash::tag(hash::word(self.key));
        // SAFETY: the engine's table has no group of this key, or the loop would have found it.
        unsafe { insert(self, self.key, tag) };
        (self.wanted, self.lo) = (0, self.done);
        true
    }
}

/// What the hash of a key of one word multiplies with: machine code hashes as `hash` does.
pub const HASH_FACTOR: u64 = hash::MIX;

/// The loop of an edge into a group node.
pub type FusedFn = unsafe extern "C" fn(*mut FusedCtx);

/// A value as a word of key.
pub trait KeyWord {
    /// The word.
    fn word(self) -> u64;
}
impl KeyWord for i64 {
    #[inline(always)]
    fn word(self) -> u64 {
        self as u64
    }
}
impl KeyWord for bool {
    #[inline(always)]
    fn word(self) -> u64 {
        self as u64
    }
}
impl KeyWord for f64 {
    #[inline(always)]
    fn word(self) -> u64 {
        self.to_bits()
    }
}

/// The table, as far as look-ups need it, in registers.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Groups {
    /// The index: `tag << 32 | row + 1`, 0 where free.
    pub index: *const u64,
    /// Row 0.
    pub rows: *mut u8,
    /// Buckets of the index, less one.
    pub mask: usize,
    /// From tag to bucket.
    pub shift: u64,
}

impl Groups {
    /// The groups of the window.
    ///
    /// # Safety
    /// `c` is what the engine gave to the loop.
    #[inline(always)]
    pub unsafe fn of(c: *mut FusedCtx) -> Groups {
        // SAFETY: by contract.
        unsafe { (*c).groups }
    }

    /// The row of a group; makes it if need be. `stride` is the node's, in bytes.
    ///
    /// # Safety
    /// As for [`Groups::of`]; `self` was made from `c`.
    #[inline(always)]
    pub unsafe fn find(&mut self, c: *mut FusedCtx, key: u64, stride: usize) -> *mut u8 {
        let tag = hash::tag(hash::word(key));
        let mut bucket = (tag >> self.shift) as usize;
        loop {
            // SAFETY: a bucket is at most `mask`; an entry names a row, whose first word is its key. There is a free
            // entry, so the loop ends.
            unsafe {
                let entry = *self.index.add(bucket);
                if (entry >> 32) as u32 == tag {
                    let row = self.rows.add((entry as u32).wrapping_sub(1) as usize * stride);
                    if *row.cast::<u64>() == key {
                        return row;
                    }
                } else if entry == 0 {
                    let row = insert(c, key, tag) as usize;
                    *self = Groups::of(c);
                    return self.rows.add(row * stride);
                }
            }
            bucket = (bucket + 1) & self.mask;
        }
    }
}

/// Of the C kind because it does not unwind: no loop needs a way out of it.
#[inline(never)]
unsafe extern "C" fn insert(c: *mut FusedCtx, key: u64, tag: u32) -> u32 {
    // SAFETY: the engine gave table and shape; the key column is one word.
    unsafe {
        let row = (*(*c).table).insert(&*(*c).shape, &OneWord(&key), 0, tag);
        (*c).groups = (*(*c).table).groups();
        row
    }
}

impl GroupTable {
    pub(crate) fn groups(&mut self) -> Groups {
        let (index, mask, shift) = self.index_parts();
        Groups { index, rows: self.rows_mut().cast(), mask, shift: shift as u64 }
    }
}
