//! Rows of columns with weights: what flows between the pipelines of a session.

use super::value::Value;
use laminar_runtime::engine::OutBatch;
use laminar_runtime::schema::{Column, Ty};
use laminar_runtime::stage::{Cell, ColumnRef};
use laminar_runtime::types::{Arena, TextRef};

/// A list of rows. Texts are its own.
#[derive(Debug, Default)]
pub struct Batch {
    columns: Vec<Cells>,
    texts: Arena,
    len: usize,
    /// One a row; empty while all are +1.
    weights: Vec<i64>,
}

/// The values of one column.
#[derive(Debug)]
struct Cells {
    ty: Ty,
    /// One or two words a row.
    words: Vec<u64>,
    /// One byte a row, where the column is nullable.
    valid: Option<Vec<u8>>,
}

impl Batch {
    /// An empty batch.
    pub fn new(columns: &[Column]) -> Batch {
        let cells = |c: &Column| Cells { ty: c.ty, words: Vec::new(), valid: c.nullable.then(Vec::new) };
        Batch { columns: columns.iter().map(cells).collect(), ..Batch::default() }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Removes all rows.
    pub fn clear(&mut self) {
        for column in &mut self.columns {
            column.words.clear();
            if let Some(valid) = &mut column.valid {
                valid.clear();
            }
        }
        self.texts.reset();
        self.len = 0;
        self.weights.clear();
    }

    /// The weight of each row; none where all are +1.
    pub fn weights(&self) -> Option<&[i64]> {
        (!self.weights.is_empty()).then_some(&self.weights)
    }

    /// The weight of a row.
    pub fn weight(&self, row: usize) -> i64 {
        self.weights.get(row).copied().unwrap_or(1)
    }

    /// The value in a row and column.
    pub fn value(&self, row: usize, column: usize) -> Value {
        let cells = &self.columns[column];
        let width = cells.ty.repr().width() / 8;
        let words = &cells.words[row * width..][..width];
        let valid = cells.valid.as_ref().is_none_or(|v| v[row] != 0);
        // SAFETY: texts are in `self.texts`, which lives as long as the rows.
        unsafe { Value::from_cell(cells.ty, [words[0], *words.get(1).unwrap_or(&0)], valid) }
    }

    /// The values of a row.
    pub fn row(&self, row: usize) -> Vec<Value> {
        (0..self.columns.len()).map(|c| self.value(row, c)).collect()
    }

    /// Appends a row of weight +1: a cell and its validity for each column. Texts are copied.
    ///
    /// # Safety
    /// Valid cells of `VARCHAR` columns are texts that are alive; no cell of a NOT NULL column is invalid.
    pub(crate) unsafe fn push_cells(&mut self, cells: impl IntoIterator<Item = (Cell, bool)>) {
        for (column, (cell, valid)) in self.columns.iter_mut().zip(cells) {
            // SAFETY: by contract.
            unsafe { column.push(cell, valid, &self.texts) };
        }
        self.len += 1;
        if !self.weights.is_empty() {
            self.weights.push(1);
        }
    }

    /// Appends a row of values of the columns' types.
    pub fn push(&mut self, row: &[Value], weight: i64) {
        debug_assert_eq!(row.len(), self.columns.len());
        // SAFETY: values own their texts.
        unsafe { self.push_cells(row.iter().map(Value::to_cell)) };
        self.set_last_weight(weight);
    }

    fn set_last_weight(&mut self, weight: i64) {
        if weight != 1 && self.weights.is_empty() {
            self.weights.resize(self.len, 1);
        }
        if let Some(last) = self.weights.last_mut() {
            *last = weight;
        }
    }

    /// Appends what an engine gives.
    pub(crate) fn append(&mut self, out: &OutBatch<'_>) {
        for at in 0..out.len {
            let row = out.order.map_or(at, |order| order[at] as usize);
            for (column, from) in self.columns.iter_mut().zip(out.columns) {
                let width = column.ty.repr().width() / 8;
                // SAFETY: the engine's columns have the plan's types and hold `row`; a null `valid` says NOT NULL.
                unsafe {
                    let words = from.data.cast::<u64>().add(row * width);
                    let cell = [words.read(), if width == 2 { words.add(1).read() } else { 0 }];
                    let valid = from.valid.is_null() || from.valid.add(row).read() != 0;
                    column.push(cell, valid, &self.texts);
                }
            }
            self.len += 1;
            if !self.weights.is_empty() {
                self.weights.push(1);
            }
            if let Some(weights) = out.weights {
                self.set_last_weight(weights[at]);
            }
        }
    }

    /// Appends a row of another batch of the same columns.
    pub(crate) fn push_from(&mut self, other: &Batch, row: usize, weight: i64) {
        self.push(&other.row(row), weight);
    }

    /// The columns as stages read them, valid until the batch changes.
    pub(crate) fn refs(&self) -> Vec<ColumnRef> {
        let column = |c: &Cells| ColumnRef {
            data: c.words.as_ptr().cast(),
            valid: c.valid.as_ref().map_or(std::ptr::null(), |v| v.as_ptr()),
        };
        self.columns.iter().map(column).collect()
    }
}

impl Cells {
    /// # Safety
    /// As [`Batch::push_cells`].
    unsafe fn push(&mut self, mut cell: Cell, valid: bool, texts: &Arena) {
        if !valid {
            cell = [0, 0];
        } else if self.ty == Ty::Varchar {
            // SAFETY: by contract.
            cell = texts.alloc_str(unsafe { TextRef::from_cell(cell).as_str() }).to_cell();
        }
        self.words.extend_from_slice(&cell[..self.ty.repr().width() / 8]);
        if let Some(bytes) = &mut self.valid {
            bytes.push(valid as u8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use laminar_runtime::types::Str;

    #[test]
    fn rows_and_weights() {
        let columns = [Column::fixed("a", Ty::Bigint, false), Column::fixed("b", Ty::Varchar, true)];
        let mut batch = Batch::new(&columns);
        let rows: Vec<[Value; 2]> = vec![
            [Value::Integer(1), Value::Varchar(Str::new("a text of more than twelve bytes"))],
            [Value::Integer(2), Value::Null],
            [Value::Integer(3), Value::Varchar(Str::empty())],
        ];
        batch.push(&rows[0], 1);
        assert_eq!(batch.weights(), None);
        batch.push(&rows[1], -2);
        batch.push(&rows[2], 1);
        assert_eq!(batch.weights(), Some(&[1, -2, 1][..]));
        let mut copy = Batch::new(&columns);
        let refs = batch.refs();
        copy.append(&OutBatch { columns: &refs, len: 2, order: Some(&[2, 0]), weights: Some(&[5, 1]) });
        batch.clear();
        assert_eq!(copy.row(0), rows[2]);
        assert_eq!(copy.row(1), rows[0]);
        assert_eq!((copy.len(), copy.weight(0), copy.weight(1)), (2, 5, 1));
    }
}
