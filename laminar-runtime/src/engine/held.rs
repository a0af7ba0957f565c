//! Results that wait for the end of input, because only then their order is known.
//!
//! Under a LIMIT only rows that may be among the first are kept: twice as many, and the rest is forgotten. Rows that the order leaves
//! equal are equal, so which of them stay does not depend on how they came.

use super::columns::ColumnSet;
use super::emit::shown;
use super::sort::Sorter;
use super::{Emitter, Engine, OutBatch};
use crate::checkpoint::{Reader, damaged, put_cell, put_u8, put_u64, read_cell};
use crate::error::Error;
use crate::group::BATCH_ROWS;
use crate::plan::{CellColumn, Order, Plan, Port};
use crate::stage::{Cell, ColumnRef};
use crate::types::{Arena, BytesRef};
use std::ops::Range;

/// The rows, in no order.
pub(super) struct Held {
    rows: Rows,
    /// Where the rows that stay are brought when others are forgotten.
    spare: Rows,
    /// So many rows can be among those that the order asks for.
    keep: usize,
}

/// Rows with texts of their own.
struct Rows {
    columns: ColumnSet,
    len: usize,
    texts: Arena,
}

impl Rows {
    fn new(types: &[CellColumn]) -> Rows {
        Rows { columns: ColumnSet::new(types, 0), len: 0, texts: Arena::new() }
    }

    /// Adds copies of rows.
    ///
    /// # Safety
    /// `from` has columns of the same types, and every row that `order` names.
    unsafe fn add(&mut self, from: *const ColumnRef, order: &[u32]) {
        // SAFETY: as the caller promises; `gather_at` makes the room that is read and written below.
        unsafe {
            self.columns.gather_at(self.len, from, order);
            let references = self.columns.types.iter().enumerate().filter(|(_, ty)| ty.repr().is_reference());
            for (c, _) in references {
                let column = *self.columns.writers().add(c);
                let cells = column.data.cast::<Cell>();
                for row in self.len..self.len + order.len() {
                    if column.valid.is_null() || *column.valid.add(row) != 0 {
                        let bytes = BytesRef::from_cell(*cells.add(row)).as_bytes();
                        *cells.add(row) = self.texts.alloc_bytes(bytes).to_cell();
                    }
                }
            }
        }
        self.len += order.len();
    }

    /// Forgets all rows.
    fn clear(&mut self) {
        self.len = 0;
        self.texts.reset();
    }

    /// All row numbers, sorted.
    fn sorted(&self, order: &Order, sorter: &mut Sorter, into: &mut Vec<u32>) {
        into.clear();
        into.extend(0..self.len as u32);
        // SAFETY: so many rows were added, whose texts are this one's; keys are columns of the edges.
        unsafe { sorter.sort_by(&order.keys, &self.columns.types, self.columns.readers(), into) };
    }
}

impl Held {
    /// No rows yet; none if the plan's results do not wait.
    pub fn of(plan: &Plan) -> Option<Held> {
        let order = plan.order.as_ref().filter(|o| o.at_end)?;
        let output = plan.edges.iter().find(|e| e.to == Port::Output)?;
        let most = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let keep = order.limit.map_or(usize::MAX, |limit| most(limit.saturating_add(order.offset)));
        let types = &output.columns[..output.columns.len() - output.times as usize];
        Some(Held { rows: Rows::new(types), spare: Rows::new(types), keep })
    }

    /// Takes results.
    ///
    /// # Safety
    /// `from` are the output columns of an edge, and have every row that `rows` names.
    ///
    /// # Allocates
    /// While there are more rows, or longer texts, than ever before.
    unsafe fn take(
        &mut self,
        from: *const ColumnRef,
        rows: &[u32],
        order: &Order,
        sorter: &mut Sorter,
        scratch: &mut Vec<u32>,
    ) {
        for rows in rows.chunks(BATCH_ROWS) {
            // SAFETY: as the caller promises.
            unsafe { self.rows.add(from, rows) };
            if self.rows.len >= self.keep.saturating_mul(2).saturating_add(BATCH_ROWS) {
                self.rows.sorted(order, sorter, scratch);
                // SAFETY: they are the row numbers of `rows`.
                unsafe { self.spare.add(self.rows.columns.readers().as_ptr(), &scratch[..self.keep]) };
                self.rows.clear();
                std::mem::swap(&mut self.rows, &mut self.spare);
            }
        }
    }

    /// Those of `len` rows in order that the order asks for.
    fn wanted(order: &Order, len: usize) -> Range<usize> {
        let most = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).min(len);
        let from = most(order.offset);
        from..order.limit.map_or(len, |limit| most(limit.saturating_add(order.offset)))
    }

    /// Appends the rows that may still be asked for to a snapshot, in order.
    pub fn write(&self, order: &Order, to: &mut Vec<u8>) {
        let mut rows = Vec::new();
        self.rows.sorted(order, &mut Sorter::default(), &mut rows);
        rows.truncate(self.keep);
        put_u64(to, rows.len() as u64);
        let columns = &self.rows.columns;
        for row in rows.iter().map(|&row| row as usize) {
            for (ty, column) in columns.types.iter().zip(columns.readers()) {
                // SAFETY: the row exists, and its texts are this one's.
                unsafe { put_value(*ty, *column, row, to) };
            }
        }
    }

    /// Takes the rows of a snapshot.
    pub fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Error> {
        let len = r.u64()?;
        if len > self.keep as u64 {
            return Err(damaged("more rows wait than are asked for"));
        }
        let one = ColumnSet::new(&self.rows.columns.types, 1);
        for _ in 0..len {
            for c in 0..one.types.len() {
                read_value(&one, c, r)?;
            }
            // SAFETY: the row just read, whose texts are in the bytes that are being read.
            unsafe { self.rows.add(one.readers().as_ptr(), &[0]) };
        }
        Ok(())
    }
}

/// # Safety
/// The row exists, and its texts live.
unsafe fn put_value(ty: CellColumn, column: ColumnRef, row: usize, to: &mut Vec<u8>) {
    // SAFETY: as the caller promises.
    unsafe {
        if ty.nullable {
            let valid = *column.valid.add(row) != 0;
            put_u8(to, valid as u8);
            if !valid {
                return;
            }
        }
        let cell = match ty.repr().width() {
            8 => [*column.data.cast::<u64>().add(row), 0],
            _ => *column.data.cast::<Cell>().add(row),
        };
        put_cell(to, ty.repr(), cell);
    }
}

/// Reads column `c` of row 0.
fn read_value(row: &ColumnSet, c: usize, r: &mut Reader<'_>) -> Result<(), Error> {
    let ty = row.types[c];
    let valid = !ty.nullable || r.bool()?;
    let cell = if valid { read_cell(r, ty.repr())? } else { [0, 0] };
    // SAFETY: there is room for one row.
    unsafe {
        let column = *row.writers().add(c);
        if ty.nullable {
            *column.valid = valid as u8;
        }
        match ty.repr().width() {
            8 => *column.data.cast::<u64>() = cell[0],
            _ => *column.data.cast::<Cell>() = cell,
        }
    }
    Ok(())
}

impl Engine {
    /// Keeps the results that `scratch.order` names, where they wait for the end.
    ///
    /// # Safety
    /// `columns` are the output columns of an edge, and have these rows.
    pub(super) unsafe fn hold(&mut self, columns: *const ColumnRef) {
        let (Some(held), Some(order)) = (&mut self.held, &self.plan.order) else { return };
        let scratch = &mut self.scratch;
        // SAFETY: as the caller promises.
        unsafe { held.take(columns, &scratch.order, order, &mut scratch.sorter, &mut scratch.leads) };
    }

    /// Gives the results that have waited.
    #[cold]
    pub(super) fn give_held(&mut self, out: &mut dyn Emitter) {
        let (Some(held), Some(order)) = (&mut self.held, &self.plan.order) else { return };
        held.rows.sorted(order, &mut self.scratch.sorter, &mut self.scratch.order);
        let wanted = &self.scratch.order[Held::wanted(order, held.rows.len)];
        if !wanted.is_empty() {
            out.rows(&OutBatch {
                columns: shown(&self.plan, held.rows.columns.readers()),
                len: wanted.len(),
                order: Some(wanted),
                weights: None,
            });
            self.output.emitted += wanted.len() as u64;
        }
        held.rows.clear();
    }
}
