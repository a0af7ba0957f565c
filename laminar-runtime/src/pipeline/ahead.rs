//! Rows that a loop asks memory for before it comes to them.
//!
//! The machine fetches ahead by itself, but stops at the end of each page: there a loop over structs waits. It asks for a row about
//! a page ahead instead, as long as there is one: a small step asks for nothing that nobody wants. Not for columns: they are so
//! dense that most of what a loop asked for would be there.

use super::cells::Lane;
use crate::prefetch::prefetch;

/// How far ahead, in bytes. Measured with rows of 48 bytes: from 2 to 8 KiB it makes no difference.
const BYTES: usize = 4096;

/// Rows of a block of structs: all of them ask ahead, or none does.
const BLOCK_ROWS: usize = 128;

/// Rows of a block of columns.
const BLOCK_ROWS_DENSE: usize = 4096;

/// How far ahead the rows of a block are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Ahead(usize);

/// Where the block of rows that starts at `next` ends, and how far ahead its rows ask for others.
#[inline(always)]
pub fn block<L: Lane>(_: L, next: usize, len: usize) -> (usize, Ahead) {
    if L::DENSE {
        return (len.min(next + BLOCK_ROWS_DENSE), Ahead(0));
    }
    let end = len.min(next + BLOCK_ROWS);
    let there = end + BYTES / L::STRIDE.max(1) < len;
    (end, Ahead(if there { BYTES } else { 0 }))
}

impl Ahead {
    /// At row `i`: asks for the field of a later one.
    #[inline(always)]
    pub fn ask<L: Lane>(self, lane: L, i: usize) {
        if !L::DENSE {
            prefetch(lane.first().wrapping_byte_add(i * L::STRIDE + self.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::cells::{ColumnLane, lane};

    #[test]
    fn nothing_behind_the_rows_is_asked_for() {
        let rows = [[0_i64; 6]; 300];
        let field = lane(rows.as_ptr(), rows[0].as_ptr());
        let mut next = 0;
        let mut asked = vec![];
        while next < rows.len() {
            let (end, ahead) = block(field, next, rows.len());
            asked.push((end, ahead.0));
            next = end;
        }
        assert_eq!(asked, [(128, BYTES), (256, 0), (300, 0)]);
        assert_eq!(block(field, 0, 64).1.0, 0);
        assert_eq!(block(ColumnLane(rows[0].as_ptr()), 0, 1 << 20).1.0, 0);
    }
}
