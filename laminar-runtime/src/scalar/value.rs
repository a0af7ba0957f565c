//! Values between cells and the typed functions.

use crate::stage::{Cell, wide_cell, wide_of};
use crate::types::{BytesRef, Interval, TextRef};

/// A representation as the typed functions see it.
pub(super) trait Value {
    fn from_cell(cell: Cell) -> Self;
    fn to_cell(self) -> Cell;
}

impl Value for bool {
    #[inline(always)]
    fn from_cell(cell: Cell) -> bool {
        cell[0] != 0
    }
    #[inline(always)]
    fn to_cell(self) -> Cell {
        [self as u64, 0]
    }
}

impl Value for i64 {
    #[inline(always)]
    fn from_cell(cell: Cell) -> i64 {
        cell[0] as i64
    }
    #[inline(always)]
    fn to_cell(self) -> Cell {
        [self as u64, 0]
    }
}

impl Value for f64 {
    #[inline(always)]
    fn from_cell(cell: Cell) -> f64 {
        f64::from_bits(cell[0])
    }
    #[inline(always)]
    fn to_cell(self) -> Cell {
        [self.to_bits(), 0]
    }
}

impl Value for i128 {
    #[inline(always)]
    fn from_cell(cell: Cell) -> i128 {
        wide_of(cell)
    }
    #[inline(always)]
    fn to_cell(self) -> Cell {
        wide_cell(self)
    }
}

impl Value for Interval {
    #[inline(always)]
    fn from_cell(cell: Cell) -> Interval {
        Interval::from_cell(cell)
    }
    #[inline(always)]
    fn to_cell(self) -> Cell {
        Interval::to_cell(self)
    }
}

impl Value for BytesRef {
    #[inline(always)]
    fn from_cell(cell: Cell) -> BytesRef {
        BytesRef::from_cell(cell)
    }
    #[inline(always)]
    fn to_cell(self) -> Cell {
        BytesRef::to_cell(self)
    }
}

impl Value for TextRef {
    #[inline(always)]
    fn from_cell(cell: Cell) -> TextRef {
        TextRef::from_cell(cell)
    }
    #[inline(always)]
    fn to_cell(self) -> Cell {
        TextRef::to_cell(self)
    }
}
