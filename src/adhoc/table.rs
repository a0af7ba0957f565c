//! A table: rows that INSERT brings, in their order.

use super::batch::Batch;
use super::value::Value;
use laminar_runtime::schema::Column;
use std::collections::BTreeSet;

/// The rows of a table.
pub(super) struct Table {
    pub rows: Batch,
    key: Option<Key>,
}

/// The primary key.
struct Key {
    columns: Vec<usize>,
    taken: BTreeSet<Vec<Value>>,
}

impl Table {
    /// An empty table; `key` are the columns of its primary key, if it has one.
    pub fn new(columns: &[Column], key: Vec<usize>) -> Table {
        let key = (!key.is_empty()).then(|| Key { columns: key, taken: BTreeSet::new() });
        Table { rows: Batch::new(columns), key }
    }

    /// Takes the keys of new rows, all or none.
    ///
    /// # Errors
    /// The key that is taken already.
    pub fn claim(&mut self, rows: &Batch) -> Result<(), Vec<Value>> {
        let Some(key) = &mut self.key else { return Ok(()) };
        for at in 0..rows.len() {
            let value = key.of(rows, at);
            if !key.taken.insert(value.clone()) {
                (0..at).for_each(|before| _ = key.taken.remove(&key.of(rows, before)));
                return Err(value);
            }
        }
        Ok(())
    }

    /// Gives back the keys of rows that are not inserted after all.
    pub fn release(&mut self, rows: &Batch) {
        if let Some(key) = &mut self.key {
            (0..rows.len()).for_each(|at| _ = key.taken.remove(&key.of(rows, at)));
        }
    }

    /// Appends rows whose keys are claimed.
    pub fn append(&mut self, rows: &Batch) {
        (0..rows.len()).for_each(|at| self.rows.push_from(rows, at, 1));
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

    #[test]
    fn keys_are_taken_all_or_none() {
        let columns = [Column::fixed("k", Ty::Bigint, false)];
        let rows = |keys: &[i64]| {
            let mut rows = Batch::new(&columns);
            keys.iter().for_each(|k| rows.push(&[Value::Integer(*k)], 1));
            rows
        };
        let mut table = Table::new(&columns, vec![0]);
        assert_eq!(table.claim(&rows(&[1, 2])), Ok(()));
        assert_eq!(table.claim(&rows(&[3, 2])), Err(vec![Value::Integer(2)]));
        assert_eq!(table.claim(&rows(&[4, 4])), Err(vec![Value::Integer(4)]));
        assert_eq!(table.claim(&rows(&[3, 4])), Ok(()));
        table.release(&rows(&[3]));
        assert_eq!(table.claim(&rows(&[3])), Ok(()));
        let mut free = Table::new(&columns, vec![]);
        assert_eq!(free.claim(&rows(&[1, 1])), Ok(()));
        free.append(&rows(&[1, 1]));
        assert_eq!(free.rows.len(), 2);
    }
}
