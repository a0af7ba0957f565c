//! The rows that an accumulator takes in one call.

use super::state::Of;
use crate::plan::{Accumulator, TupleLayout};
use crate::stage::{ColumnRef, UpdateCtx};

/// Rows, the groups they belong to, and what one accumulator wants of them.
pub(crate) struct Rows<'a> {
    /// The accumulator.
    pub(super) of: Of<'a>,
    /// Its offset in a group row.
    pub(super) at: usize,
    pub(super) stride: usize,
    pub(super) ctx: &'a UpdateCtx,
    /// Weight of the row at an index of the columns; null: 1 each.
    pub(super) weights: *const i64,
}

impl<'a> Rows<'a> {
    /// The accumulator.
    pub(super) fn acc(&self) -> &'a Accumulator {
        self.of.acc
    }

    /// Its tuples.
    pub(super) fn tuple(&self) -> &'a TupleLayout {
        self.of.tuple
    }

    /// Columns of the edge.
    pub(super) fn columns(&self) -> *const ColumnRef {
        self.ctx.args
    }

    /// Cells of the argument.
    pub(super) fn data(&self) -> *const u8 {
        match self.acc().arg {
            // SAFETY: `args` has all columns of the edge.
            Some(arg) => unsafe { (*self.ctx.args.add(arg as usize)).data },
            None => std::ptr::null(),
        }
    }

    /// Calls `f(accumulator, index)` for every row whose argument is not NULL, in order.
    ///
    /// # Safety
    /// The context is as [`super::update`] demands.
    #[inline(always)]
    pub(super) unsafe fn each(&self, mut f: impl FnMut(*mut u8, usize)) {
        let valid = match self.acc().arg {
            // SAFETY: `args` has all columns of the edge.
            Some(arg) if self.acc().nullable => unsafe { (*self.ctx.args.add(arg as usize)).valid },
            _ => std::ptr::null(),
        };
        for j in 0..self.ctx.n {
            let i = self.ctx.lo + j;
            // SAFETY: `slots` has `n` entries, each a row within the table; `valid` has a byte for index `i`.
            unsafe {
                if valid.is_null() || *valid.add(i) != 0 {
                    f(self.ctx.rows.add(*self.ctx.slots.add(j) as usize * self.stride + self.at), i);
                }
            }
        }
    }

    /// Calls `f(accumulator, index, weight)` for every row whose argument is not NULL and whose weight is not 0.
    ///
    /// # Safety
    /// As for [`Rows::each`].
    #[inline(always)]
    pub(super) unsafe fn weighted(&self, mut f: impl FnMut(*mut u8, usize, i64)) {
        let weights = self.weights;
        // SAFETY: there is a weight for every index, if there are weights.
        unsafe {
            self.each(|p, i| match if weights.is_null() { 1 } else { *weights.add(i) } {
                0 => {}
                weight => f(p, i, weight),
            });
        }
    }
}
