//! What a filter keeps of a block of rows of columns.
//!
//! The filter writes a flag a row, in vectors. Then the flags become numbers of rows, and what these rows need from memory is asked
//! for together, not one miss after another. Not for structs: there the row is at hand, and a branch cheaper than two looks.

use super::cells::Lane;
use std::mem::MaybeUninit;

/// Rows of a block at most. What a filter keeps waits for memory about once a block.
const ROWS: usize = 2048;

/// Rows that are worth a block.
const ROWS_MIN: usize = 32;

/// Rows whose flags are read as one word.
const STRIDE: usize = 8;

/// Whether to select among `rows` rows, with a field in `L`.
#[inline(always)]
pub fn pays<L: Lane>(_: L, rows: usize) -> bool {
    L::DENSE && rows >= ROWS_MIN
}

/// Where the block of rows that starts at `next` ends.
#[inline(always)]
pub fn block(next: usize, len: usize) -> usize {
    len.min(next + ROWS)
}

/// Whether the machine has vectors of 512 bits: `avx512f`, `bw`, `dq` and `vl`.
#[cfg(target_arch = "x86_64")]
#[inline]
pub fn has_wide() -> bool {
    use std::arch::is_x86_feature_detected as has;
    has!("avx512f") && has!("avx512bw") && has!("avx512dq") && has!("avx512vl")
}

/// Of no other machine is there code for wide vectors.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub fn has_wide() -> bool {
    false
}

/// Flags of the rows of a block, and the numbers of those kept.
#[derive(Debug)]
pub struct Selection {
    flags: MaybeUninit<[bool; ROWS]>,
    kept: MaybeUninit<[u16; ROWS]>,
}

impl Selection {
    /// Nothing.
    #[inline(always)]
    #[allow(clippy::new_without_default, reason = "no value that is stored")]
    pub fn new() -> Selection {
        Selection { flags: MaybeUninit::uninit(), kept: MaybeUninit::uninit() }
    }

    /// The flags, from the block's first row on.
    #[inline(always)]
    pub fn flags(&mut self) -> *mut bool {
        self.flags.as_mut_ptr().cast()
    }

    /// Numbers the rows whose flag is set; how many they are.
    ///
    /// # Safety
    /// The flags of `rows` rows were written, and a block has so many.
    #[inline(never)]
    pub unsafe fn number(&mut self, rows: usize) -> usize {
        // SAFETY: as the caller promises; a bool is a byte.
        let flags: &[u8] = unsafe { std::slice::from_raw_parts(self.flags.as_ptr().cast(), rows) };
        let kept: *mut u16 = self.kept.as_mut_ptr().cast();
        let mut m = 0;
        // The next row takes the place of one that is not kept. No row writes behind its own number.
        let keep = |m: &mut usize, row: usize, flag: u8| {
            // SAFETY: `m` is at most `row`, and there are as many places as rows.
            unsafe { kept.add(*m).write(row as u16) };
            *m += flag as usize;
        };
        let (words, rest) = flags.as_chunks::<STRIDE>();
        for (w, word) in words.iter().enumerate() {
            let set = u64::from_ne_bytes(*word);
            if set == u64::MAX / 255 {
                // SAFETY: `m` is at most the first of these rows, and there are as many places as rows.
                (0..STRIDE).for_each(|k| unsafe { kept.add(m + k).write((w * STRIDE + k) as u16) });
                m += STRIDE;
            } else if set != 0 {
                word.iter().enumerate().for_each(|(k, flag)| keep(&mut m, w * STRIDE + k, *flag));
            }
        }
        let first = words.len() * STRIDE;
        rest.iter().enumerate().for_each(|(k, flag)| keep(&mut m, first + k, *flag));
        m
    }

    /// The row, from the block's first on, that has number `k`.
    ///
    /// # Safety
    /// There are more than `k`.
    #[inline(always)]
    pub unsafe fn row(&self, k: usize) -> usize {
        // SAFETY: as the caller promises, it was written.
        unsafe { *self.kept.as_ptr().cast::<u16>().add(k) as usize }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::cells::{ColumnLane, lane};

    #[test]
    fn numbers_are_those_of_the_rows_that_pass() {
        for rows in [0, 1, 7, 8, 9, 16, 100, ROWS - 1, ROWS] {
            for pass in
                [|_: usize| false, |_| true, |k| k % 2 == 1, |k| k % 123 == 0, |k| k % 8 == 7, |k| k > 1000]
            {
                let mut selection = Selection::new();
                // SAFETY: a block has so many rows, each is written.
                let found: Vec<usize> = unsafe {
                    (0..rows).for_each(|k| selection.flags().add(k).write(pass(k)));
                    let m = selection.number(rows);
                    (0..m).map(|k| selection.row(k)).collect()
                };
                assert_eq!(found, (0..rows).filter(|k| pass(*k)).collect::<Vec<_>>(), "{rows}");
            }
        }
    }

    #[test]
    fn columns_are_worth_it() {
        let (structs, column) =
            (lane(std::ptr::null::<i64>(), std::ptr::null::<i64>()), ColumnLane::<i64>(std::ptr::null()));
        assert!(!pays(structs, 10_000) && pays(column, 10_000) && !pays(column, 1));
        assert_eq!((block(0, 10_000), block(9_900, 10_000)), (ROWS, 10_000));
    }
}
