//! Rows as columns of cells: the input of a pipeline whose types are known only at run time.

use laminar_runtime::schema::{Column, Repr};
use laminar_runtime::stage::{Cell, ColumnRef};
use laminar_runtime::types::{Arena, TextRef};

/// Rows of a source, column by column. Texts are copied into it.
#[derive(Debug, Default)]
pub struct CellBatch {
    columns: Vec<CellColumn>,
    texts: Arena,
    len: usize,
}

#[derive(Debug)]
struct CellColumn {
    repr: Repr,
    nullable: bool,
    words: Vec<u64>,
    /// One byte a row, where the column is nullable.
    valid: Vec<u8>,
}

impl CellBatch {
    /// An empty batch of these columns.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> CellBatch {
        let column = |c: Column| CellColumn {
            repr: c.ty.repr(),
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

    /// Removes all rows; keeps the memory.
    pub fn clear(&mut self) {
        for column in &mut self.columns {
            column.words.clear();
            column.valid.clear();
        }
        self.texts.reset();
        self.len = 0;
    }

    /// Appends a row: for each column a cell, and whether it is not NULL. Texts are copied.
    ///
    /// # Panics
    /// If the number of cells is not that of columns, or NULL comes into a column that takes none.
    ///
    /// # Safety
    /// Cells are of their columns' types; texts of valid cells are alive.
    pub unsafe fn push_row(&mut self, row: &[(Cell, bool)]) {
        assert_eq!(row.len(), self.columns.len(), "one cell a column");
        for (column, &(cell, valid)) in self.columns.iter_mut().zip(row) {
            let cell = if column.repr == Repr::Text && valid {
                // SAFETY: by contract.
                let text = unsafe { TextRef::from_cell(cell).as_str() };
                self.texts.alloc_str(text).to_cell()
            } else {
                cell
            };
            column.push(cell, valid);
        }
        self.len += 1;
    }

    /// Appends to one column a cell whose text, if it is one, outlives the batch's rows.
    pub(super) fn push_cell(&mut self, column: usize, cell: Cell, valid: bool) {
        self.columns[column].push(cell, valid);
    }

    /// Says how many rows have been appended column by column.
    pub(super) fn set_len(&mut self, len: usize) {
        debug_assert!(self.columns.iter().all(|c| c.words.len() * 8 == len * c.repr.width()));
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
        self.words.extend_from_slice(&cell[..self.repr.width() / 8]);
        if self.nullable {
            self.valid.push(valid as u8);
        }
    }
}
