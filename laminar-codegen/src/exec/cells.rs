//! Rows as columns of cells: what flows into and between pipelines whose types are known only at run time.

use laminar_runtime::engine::OutBatch;
use laminar_runtime::schema::{Column, Ty};
use laminar_runtime::stage::{Cell, ColumnRef};
use laminar_runtime::types::{Arena, BytesRef};

/// Rows, column by column, with weights. Texts are copied into it.
#[derive(Debug, Default)]
pub struct CellBatch {
    columns: Vec<CellColumn>,
    texts: Arena,
    len: usize,
    /// One a row; empty while all are +1.
    weights: Vec<i64>,
}

#[derive(Debug)]
struct CellColumn {
    ty: Ty,
    /// Words of a cell, 1 or 2.
    width: usize,
    nullable: bool,
    words: Vec<u64>,
    /// One byte a row, where the column is nullable.
    valid: Vec<u8>,
}

impl CellBatch {
    /// An empty batch of these columns.
    pub fn new<'a>(columns: impl IntoIterator<Item = &'a Column>) -> CellBatch {
        let column = |c: &Column| CellColumn {
            ty: c.ty,
            width: c.ty.repr().width() / 8,
            nullable: c.nullable,
            words: Vec::new(),
            valid: Vec::new(),
        };
        CellBatch { columns: columns.into_iter().map(column).collect(), ..CellBatch::default() }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of columns.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// SQL type of a column.
    pub fn ty(&self, column: usize) -> Ty {
        self.columns[column].ty
    }

    /// The value in a row and column, and whether it is not NULL. A text lives as long as the row.
    pub fn cell(&self, row: usize, column: usize) -> (Cell, bool) {
        let column = &self.columns[column];
        let words = &column.words[row * column.width..][..column.width];
        ([words[0], words.get(1).copied().unwrap_or(0)], column.valid.get(row).is_none_or(|v| *v != 0))
    }

    /// The weight of each row; none where all are +1.
    pub fn weights(&self) -> Option<&[i64]> {
        (!self.weights.is_empty()).then_some(&self.weights)
    }

    /// The weight of a row.
    pub fn weight(&self, row: usize) -> i64 {
        self.weights.get(row).copied().unwrap_or(1)
    }

    /// Removes all rows; keeps the memory.
    pub fn clear(&mut self) {
        for column in &mut self.columns {
            column.words.clear();
            column.valid.clear();
        }
        self.texts.reset();
        self.len = 0;
        self.weights.clear();
    }

    /// Appends a row of weight +1: for each column a cell, and whether it is not NULL. Texts are copied.
    ///
    /// # Panics
    /// If the number of cells is not that of columns, or NULL comes into a column that takes none.
    ///
    /// # Safety
    /// Cells are of their columns' types; texts of valid cells are alive.
    pub unsafe fn push_row(&mut self, row: &[(Cell, bool)]) {
        assert_eq!(row.len(), self.columns.len(), "one cell a column");
        for (column, &(cell, valid)) in self.columns.iter_mut().zip(row) {
            // SAFETY: by contract.
            let cell = unsafe { column.owned(cell, valid, &self.texts) };
            column.push(cell, valid);
        }
        self.len += 1;
        if !self.weights.is_empty() {
            self.weights.push(1);
        }
    }

    /// Gives the last row another weight.
    pub fn weigh_last(&mut self, weight: i64) {
        if weight != 1 && self.weights.is_empty() {
            self.weights.resize(self.len, 1);
        }
        if let Some(last) = self.weights.last_mut() {
            *last = weight;
        }
    }

    /// Appends what an engine gives.
    ///
    /// # Safety
    /// The results are rows of this batch's columns.
    pub unsafe fn append(&mut self, out: &OutBatch<'_>) {
        for (column, from) in self.columns.iter_mut().zip(out.columns) {
            // SAFETY: by contract; the engine's columns have every row that it names.
            unsafe { column.append(*from, out, &self.texts) };
        }
        if let (Some(_), true) = (out.weights, self.weights.is_empty()) {
            self.weights.resize(self.len, 1);
        }
        self.len += out.len;
        match out.weights {
            Some(weights) => self.weights.extend_from_slice(&weights[..out.len]),
            None if self.weights.is_empty() => {}
            None => self.weights.resize(self.len, 1),
        }
    }

    /// Appends to one column a cell whose text, if it is one, outlives the batch's rows.
    pub(super) fn push_cell(&mut self, column: usize, cell: Cell, valid: bool) {
        self.columns[column].push(cell, valid);
    }

    /// Says how many rows have been appended column by column.
    pub(super) fn set_len(&mut self, len: usize) {
        debug_assert!(self.columns.iter().all(|c| c.words.len() == len * c.width));
        self.len = len;
    }

    /// What stages read, valid until the batch changes.
    pub(super) fn refs(&self, into: &mut Vec<ColumnRef>) {
        into.clear();
        into.extend(self.columns.iter().map(|c| ColumnRef {
            data: c.words.as_ptr().cast(),
            valid: if c.nullable { c.valid.as_ptr() } else { std::ptr::null() },
        }));
    }
}

impl CellColumn {
    #[inline]
    fn push(&mut self, cell: Cell, valid: bool) {
        assert!(valid || self.nullable, "NULL in a column that takes none");
        let cell = if valid { cell } else { [0, 0] };
        self.words.extend_from_slice(&cell[..self.width]);
        if self.nullable {
            self.valid.push(valid as u8);
        }
    }

    /// The cell with a text of the batch's own.
    ///
    /// # Safety
    /// The cell is of the column's type; a valid text is alive.
    unsafe fn owned(&self, cell: Cell, valid: bool, texts: &Arena) -> Cell {
        if !self.ty.repr().is_reference() || !valid {
            return cell;
        }
        // SAFETY: by contract.
        texts.alloc_bytes(unsafe { BytesRef::from_cell(cell).as_bytes() }).to_cell()
    }

    /// # Safety
    /// `from` has cells of the column's type, and every row that `out` names.
    unsafe fn append(&mut self, from: ColumnRef, out: &OutBatch<'_>, texts: &Arena) {
        let data = from.data.cast::<u64>();
        let whole = out.order.is_none() && !self.ty.repr().is_reference();
        // SAFETY: by contract; a null `valid` says NOT NULL.
        unsafe {
            if whole {
                self.words.extend_from_slice(std::slice::from_raw_parts(data, out.len * self.width));
                if self.nullable && !from.valid.is_null() {
                    self.valid.extend_from_slice(std::slice::from_raw_parts(from.valid, out.len));
                } else if self.nullable {
                    self.valid.resize(self.valid.len() + out.len, 1);
                }
                return;
            }
            for at in 0..out.len {
                let row = out.order.map_or(at, |order| order[at] as usize);
                let words = data.add(row * self.width);
                let cell = [words.read(), if self.width == 2 { words.add(1).read() } else { 0 }];
                let valid = from.valid.is_null() || from.valid.add(row).read() != 0;
                let cell = self.owned(cell, valid, texts);
                self.push(cell, valid);
            }
        }
    }
}
