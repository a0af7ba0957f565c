//! What a result is now, after all that came and went: what a materialized view holds, and what `--final` prints.

use super::batch::Batch;
use super::value::Value;
use laminar_runtime::error::Error;
use laminar_runtime::plan::OutputKind;
use laminar_runtime::schema::Column;
use std::collections::BTreeMap;

/// The rows that changes leave. Invariant: every row is there at least once.
#[derive(Debug)]
pub struct Contents {
    columns: Vec<Column>,
    held: Held,
}

#[derive(Debug)]
enum Held {
    /// Rows that never go, each as it came: equal ones need not be the same (0 and −0).
    Listed(Vec<Vec<Value>>),
    /// How often each row is there.
    Counted(BTreeMap<Vec<Value>, i64>),
    /// The row of each key.
    Keyed { key: Vec<usize>, rows: BTreeMap<Vec<Value>, Vec<Value>> },
}

impl Contents {
    /// No rows; `kind` says what the weights of a batch mean.
    pub fn new(columns: &[Column], kind: &OutputKind) -> Contents {
        let held = match kind {
            OutputKind::Append => Held::Listed(Vec::new()),
            OutputKind::Changes => Held::Counted(BTreeMap::new()),
            OutputKind::Upsert { keys } => {
                Held::Keyed { key: keys.iter().map(|k| *k as usize).collect(), rows: BTreeMap::new() }
            }
        };
        Contents { columns: columns.to_vec(), held }
    }

    /// Takes what a pipeline gives.
    ///
    /// # Errors
    /// A retraction of a row that is not there.
    pub fn take(&mut self, batch: &Batch) -> Result<(), Error> {
        (0..batch.len()).try_for_each(|at| self.take_row(batch.row(at), batch.weight(at)))
    }

    fn take_row(&mut self, row: Vec<Value>, weight: i64) -> Result<(), Error> {
        match &mut self.held {
            Held::Listed(_) if weight < 0 => Err(Error::AbsentRow),
            Held::Listed(rows) => {
                rows.extend(std::iter::repeat_n(row, weight as usize));
                Ok(())
            }
            Held::Counted(counts) => add(counts, row, weight),
            Held::Keyed { key, rows } => {
                let key = key.iter().map(|k| row[*k].clone()).collect();
                if weight > 0 {
                    rows.insert(key, row);
                } else {
                    rows.remove::<Vec<Value>>(&key);
                }
                Ok(())
            }
        }
    }

    /// Takes what a pipeline gives and returns it as rows that come and go, whatever kind of output it is.
    ///
    /// # Errors
    /// A retraction of a row that is not there.
    pub(super) fn apply(&mut self, batch: Batch) -> Result<Batch, Error> {
        match &mut self.held {
            Held::Listed(_) | Held::Counted(_) => {
                self.take(&batch)?;
                Ok(batch)
            }
            Held::Keyed { key, rows } => {
                let mut changes = Batch::new(&self.columns);
                for at in 0..batch.len() {
                    let row = batch.row(at);
                    let key: Vec<Value> = key.iter().map(|k| row[*k].clone()).collect();
                    let put = batch.weight(at) > 0;
                    let old = if put { rows.insert(key, row.clone()) } else { rows.remove(&key) };
                    if put && old.as_ref() == Some(&row) {
                        continue;
                    }
                    if let Some(old) = old {
                        changes.push(&old, -1);
                    }
                    if put {
                        changes.push(&row, 1);
                    }
                }
                Ok(changes)
            }
        }
    }

    /// The rows, each as often as it is there, sorted by all columns.
    pub fn rows(&self) -> Vec<Vec<Value>> {
        match &self.held {
            Held::Listed(rows) => {
                let mut rows = rows.clone();
                rows.sort();
                rows
            }
            Held::Counted(counts) => {
                let copies = |(row, n): (&Vec<Value>, &i64)| std::iter::repeat_n(row.clone(), *n as usize);
                counts.iter().flat_map(copies).collect()
            }
            Held::Keyed { rows, .. } => {
                let mut rows: Vec<_> = rows.values().cloned().collect();
                rows.sort();
                rows
            }
        }
    }

    /// The rows as one batch of weight +1.
    pub(super) fn to_batch(&self) -> Batch {
        let mut batch = Batch::new(&self.columns);
        self.rows().iter().for_each(|row| batch.push(row, 1));
        batch
    }
}

fn add(counts: &mut BTreeMap<Vec<Value>, i64>, row: Vec<Value>, weight: i64) -> Result<(), Error> {
    use std::collections::btree_map::Entry;
    match counts.entry(row) {
        Entry::Vacant(_) if weight < 0 => return Err(Error::AbsentRow),
        Entry::Vacant(_) if weight == 0 => {}
        Entry::Vacant(entry) => {
            entry.insert(weight);
        }
        Entry::Occupied(mut entry) => match entry.get().saturating_add(weight) {
            left if left < 0 => return Err(Error::AbsentRow),
            0 => {
                entry.remove();
            }
            left => *entry.get_mut() = left,
        },
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use laminar_runtime::schema::Ty;

    fn batch(rows: &[(i64, i64, i64)]) -> Batch {
        let mut batch = Batch::new(&columns());
        for (k, v, weight) in rows {
            batch.push(&[Value::Integer(*k), Value::Integer(*v)], *weight);
        }
        batch
    }

    fn columns() -> [Column; 2] {
        [Column::fixed("k", Ty::Bigint, false), Column::fixed("v", Ty::Bigint, false)]
    }

    fn shown(batch: &Batch) -> Vec<String> {
        (0..batch.len())
            .map(|r| format!("{:+}:{}:{}", batch.weight(r), batch.value(r, 0), batch.value(r, 1)))
            .collect()
    }

    #[test]
    fn counted() {
        let mut contents = Contents::new(&columns(), &OutputKind::Changes);
        contents.apply(batch(&[(2, 1, 2), (1, 1, 1), (2, 1, -1)])).unwrap();
        assert_eq!(shown(&contents.to_batch()), ["+1:1:1", "+1:2:1"]);
        contents.apply(batch(&[(2, 1, 1)])).unwrap();
        assert_eq!(contents.rows().len(), 3);
        assert!(contents.apply(batch(&[(9, 9, -1)])).is_err());
        assert!(contents.apply(batch(&[(1, 1, -2)])).is_err());
    }

    #[test]
    fn keyed() {
        let kind = OutputKind::Upsert { keys: vec![0].into() };
        let mut contents = Contents::new(&columns(), &kind);
        let changes =
            contents.apply(batch(&[(1, 1, 1), (2, 1, 1), (1, 2, 1), (2, 1, 1), (2, 1, -1)])).unwrap();
        assert_eq!(shown(&changes), ["+1:1:1", "+1:2:1", "-1:1:1", "+1:1:2", "-1:2:1"]);
        assert_eq!(shown(&contents.to_batch()), ["+1:1:2"]);
    }
}
