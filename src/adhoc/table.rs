//! A table: rows that come and go, in the order in which they came.

use super::batch::Batch;
use super::value::Value;
use laminar_runtime::schema::Column;
use std::collections::BTreeSet;

/// The rows of a table.
pub(super) struct Table {
    pub rows: Batch,
    /// What a column takes where INSERT gives nothing.
    pub defaults: Vec<Value>,
    columns: Vec<Column>,
    key: Option<Key>,
}

/// The primary key.
struct Key {
    columns: Vec<usize>,
    taken: BTreeSet<Vec<Value>>,
}

/// What one statement does to a table.
pub(super) struct Change {
    /// Numbers of the rows that go, ascending.
    pub gone: Vec<usize>,
    /// Rows that come. In an UPDATE each takes the place of one that goes.
    pub come: Batch,
}

/// A key that two rows would have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Duplicate {
    /// The second of them, among those that come.
    pub row: usize,
    pub key: Vec<Value>,
}

impl Table {
    /// An empty table; `key` are the columns of its primary key, if it has one.
    pub fn new(columns: &[Column], key: Vec<usize>, defaults: Vec<Value>) -> Table {
        let key = (!key.is_empty()).then(|| Key { columns: key, taken: BTreeSet::new() });
        Table { rows: Batch::new(columns), defaults, columns: columns.to_vec(), key }
    }

    /// Whether it has a primary key.
    pub fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// Whether every row would have a key of its own after a change.
    ///
    /// # Errors
    /// The first that would not.
    pub fn check(&self, change: &Change) -> Result<(), Duplicate> {
        let Some(key) = &self.key else { return Ok(()) };
        let freed: BTreeSet<Vec<Value>> = change.gone.iter().map(|at| key.of(&self.rows, *at)).collect();
        let mut come = BTreeSet::new();
        for row in 0..change.come.len() {
            let value = key.of(&change.come, row);
            if (key.taken.contains(&value) && !freed.contains(&value)) || come.contains(&value) {
                return Err(Duplicate { row, key: value });
            }
            come.insert(value);
        }
        Ok(())
    }

    /// The change as rows that come and go, a row that goes before the one that takes its place.
    pub fn step(&self, change: &Change) -> Batch {
        let mut step = Batch::new(&self.columns);
        for i in 0..change.gone.len().max(change.come.len()) {
            if let Some(at) = change.gone.get(i) {
                step.push_from(&self.rows, *at, -1);
            }
            if i < change.come.len() {
                step.push_from(&change.come, i, 1);
            }
        }
        step
    }

    /// Makes a change that has been checked. Rows that come are the last.
    pub fn apply(&mut self, change: &Change) {
        if let Some(key) = &mut self.key {
            change.gone.iter().for_each(|at| _ = key.taken.remove(&key.of(&self.rows, *at)));
            (0..change.come.len()).for_each(|at| _ = key.taken.insert(key.of(&change.come, at)));
        }
        if !change.gone.is_empty() {
            let mut gone = change.gone.iter().peekable();
            let mut left = Batch::new(&self.columns);
            for at in 0..self.rows.len() {
                if gone.next_if_eq(&&at).is_none() {
                    left.push_from(&self.rows, at, 1);
                }
            }
            self.rows = left;
        }
        (0..change.come.len()).for_each(|at| self.rows.push_from(&change.come, at, 1));
    }
}

impl Key {
    fn of(&self, rows: &Batch, at: usize) -> Vec<Value> {
        self.columns.iter().map(|c| rows.value(at, *c)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use laminar_runtime::schema::Ty;

    fn change(gone: &[usize], come: &[i64]) -> Change {
        let mut batch = Batch::new(&columns());
        come.iter().for_each(|k| batch.push(&[Value::Integer(*k)], 1));
        Change { gone: gone.to_vec(), come: batch }
    }

    fn columns() -> [Column; 1] {
        [Column::fixed("k", Ty::Bigint, false)]
    }

    fn keys(table: &Table) -> Vec<i64> {
        (0..table.rows.len()).filter_map(|r| table.rows.value(r, 0).as_i64()).collect()
    }

    #[test]
    fn keys_are_unique_after_each_change() {
        let mut table = Table::new(&columns(), vec![0], vec![Value::Null]);
        table.apply(&change(&[], &[1, 2]));
        let twice = |row, key| Err(Duplicate { row, key: vec![Value::Integer(key)] });
        assert_eq!(table.check(&change(&[], &[3, 2])), twice(1, 2));
        assert_eq!(table.check(&change(&[], &[4, 4])), twice(1, 4));
        assert_eq!(table.check(&change(&[0], &[2])), twice(0, 2));
        // Keys change places within one change.
        let swap = change(&[0, 1], &[2, 1]);
        assert_eq!(table.check(&swap), Ok(()));
        let step = table.step(&swap);
        let shown: Vec<_> = (0..step.len()).map(|r| (step.weight(r), step.value(r, 0).as_i64())).collect();
        assert_eq!(shown, [(-1, Some(1)), (1, Some(2)), (-1, Some(2)), (1, Some(1))]);
        table.apply(&swap);
        assert_eq!(keys(&table), [2, 1]);
        table.apply(&change(&[0], &[]));
        assert_eq!(keys(&table), [1]);
        assert_eq!(table.check(&change(&[], &[2])), Ok(()));
        assert_eq!(table.check(&change(&[], &[1])), twice(0, 1));
    }

    #[test]
    fn a_table_without_key_is_a_bag() {
        let mut table = Table::new(&columns(), vec![], vec![Value::Null]);
        assert_eq!(table.check(&change(&[], &[1, 1])), Ok(()));
        table.apply(&change(&[], &[1, 1, 5]));
        table.apply(&change(&[1], &[7]));
        assert_eq!(keys(&table), [1, 5, 7]);
    }
}
