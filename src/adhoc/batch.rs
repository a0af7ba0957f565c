//! Rows of SQL values with weights: what flows between the pipelines of a session.

use super::value::Value;
use laminar_codegen::exec::CellBatch;
use laminar_runtime::engine::OutBatch;
use laminar_runtime::schema::Column;
use laminar_runtime::stage::Cell;

/// A list of rows. Texts are its own.
#[derive(Debug, Default)]
pub struct Batch {
    cells: CellBatch,
    /// The row being appended.
    row: Vec<(Cell, bool)>,
}

impl Batch {
    /// An empty batch.
    pub fn new(columns: &[Column]) -> Batch {
        Batch { cells: CellBatch::new(columns), row: Vec::new() }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Removes all rows.
    pub fn clear(&mut self) {
        self.cells.clear();
    }

    /// The weight of each row; none where all are +1.
    pub fn weights(&self) -> Option<&[i64]> {
        self.cells.weights()
    }

    /// The weight of a row.
    pub fn weight(&self, row: usize) -> i64 {
        self.cells.weight(row)
    }

    /// The value in a row and column.
    pub fn value(&self, row: usize, column: usize) -> Value {
        let (cell, valid) = self.cells.cell(row, column);
        // SAFETY: texts live as long as the batch's rows.
        unsafe { Value::from_cell(self.cells.ty(column), cell, valid) }
    }

    /// The values of a row.
    pub fn row(&self, row: usize) -> Vec<Value> {
        (0..self.cells.width()).map(|c| self.value(row, c)).collect()
    }

    /// Appends a row of weight +1: a cell and its validity for each column. Texts are copied.
    ///
    /// # Safety
    /// What valid cells refer to is alive; no cell of a NOT NULL column is invalid.
    pub(crate) unsafe fn push_cells(&mut self, cells: impl IntoIterator<Item = (Cell, bool)>) {
        self.row.clear();
        self.row.extend(cells);
        // SAFETY: by contract.
        unsafe { self.cells.push_row(&self.row) };
    }

    /// Appends a row of values of the columns' types.
    pub fn push(&mut self, row: &[Value], weight: i64) {
        // SAFETY: values own their texts.
        unsafe { self.push_cells(row.iter().map(Value::to_cell)) };
        self.cells.weigh_last(weight);
    }

    /// Appends what a pipeline of these columns gives.
    pub(super) fn append(&mut self, out: &OutBatch<'_>) {
        debug_assert_eq!(out.columns.len(), self.cells.width());
        // SAFETY: `new` was given the columns of the pipeline's plan.
        unsafe { self.cells.append(out) };
    }

    /// Appends a row of another batch of the same columns.
    pub(crate) fn push_from(&mut self, other: &Batch, row: usize, weight: i64) {
        self.row.clear();
        self.row.extend((0..other.cells.width()).map(|c| other.cells.cell(row, c)));
        // SAFETY: the other batch's texts live.
        unsafe { self.cells.push_row(&self.row) };
        self.cells.weigh_last(weight);
    }

    /// The rows as pipelines take them.
    pub(super) fn cells(&self) -> &CellBatch {
        &self.cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use laminar_runtime::schema::Ty;
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
        copy.push_from(&batch, 2, 5);
        copy.push_from(&batch, 0, 1);
        batch.clear();
        assert_eq!(copy.row(0), rows[2]);
        assert_eq!(copy.row(1), rows[0]);
        assert_eq!((copy.len(), copy.weight(0), copy.weight(1)), (2, 5, 1));
    }
}
