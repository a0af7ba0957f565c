//! UPDATE, DELETE, TRUNCATE; and how a table and all that reads it take what a statement does.
//!
//! The conditions and new values run as a query over the table's rows, on the executor of every query. Invariant: a
//! statement takes effect whole or not at all.

use super::batch::Batch;
use super::error::Error;
use super::flow::Arrival;
use super::pipe::Pipe;
use super::relation::{Body, Purpose};
use super::session::{Outcome, Session};
use super::table::{Change, Table};
use super::value::Value;
use laminar_codegen::compile::{Modify, compile_delete, compile_update};
use laminar_codegen::diagnostic::{Diagnostic, Span, code};
use laminar_codegen::ir::Pipeline;
use laminar_codegen::parse::{Delete, Name, SqlText, Truncate, Update};
use std::collections::HashSet;

impl Session {
    pub(super) fn update(&mut self, update: &Update, text: &SqlText) -> Result<Outcome, Error> {
        let index = self.table_named(&update.table, "updated in", text)?;
        let compiled = compile_update(
            update,
            text,
            self.relations.list[index].seen(Purpose::Once),
            &self.relations.functions,
        );
        let (change, rows) = self.change(index, compiled, text)?;
        self.commit(index, &change, text, |_| update.span)?;
        Ok(Outcome::Updated(rows))
    }

    pub(super) fn delete(&mut self, delete: &Delete, text: &SqlText) -> Result<Outcome, Error> {
        let index = self.table_named(&delete.table, "deleted from", text)?;
        let compiled = compile_delete(
            delete,
            text,
            self.relations.list[index].seen(Purpose::Once),
            &self.relations.functions,
        );
        let (mut change, rows) = self.change(index, compiled, text)?;
        change.come.clear();
        self.commit(index, &change, text, |_| delete.span)?;
        Ok(Outcome::Deleted(rows))
    }

    pub(super) fn truncate(&mut self, truncate: &Truncate, text: &SqlText) -> Result<Outcome, Error> {
        let index = self.table_named(&truncate.table, "deleted from", text)?;
        let rows = self.table(index).map_or(0, |t| t.rows.len());
        let change =
            Change { gone: (0..rows).collect(), come: Batch::new(&self.relations.list[index].columns) };
        self.commit(index, &change, text, |_| truncate.span)?;
        Ok(Outcome::Deleted(rows as u64))
    }

    /// Index of the table that a statement names.
    pub(super) fn table_named(&self, name: &Name, done: &str, text: &SqlText) -> Result<usize, Error> {
        let Some(index) = self.relations.named(name) else { return Err(self.unknown(name, text)) };
        let relation = &self.relations.list[index];
        if matches!(relation.body, Body::Table(_)) {
            return Ok(index);
        }
        let what = format!("`{}` is a {}, rows can be {done} tables only", relation.name, relation.kind());
        let mut d = Diagnostic::error(code::WRONG_KIND, name.span, what);
        if !relation.reads.is_empty() {
            d = d.help(format!("its rows follow from {}", relation.reads.join(", ")));
        }
        Err(self.sql_error(vec![d], text.sql()))
    }

    pub(super) fn table(&self, index: usize) -> Option<&Table> {
        match &self.relations.list[index].body {
            Body::Table(table) => Some(table),
            _ => None,
        }
    }

    /// What a compiled statement does to a table: rows that it means go, and come as they are to be; and how many it means.
    fn change(
        &self,
        index: usize,
        compiled: Result<Modify, Vec<Diagnostic>>,
        text: &SqlText,
    ) -> Result<(Change, u64), Error> {
        let (pipeline, sets) = compiled.map_err(|d| self.sql_error(d, text.sql()))?;
        let columns = &self.relations.list[index].columns;
        let mut change = Change { gone: Vec::new(), come: Batch::new(columns) };
        let Some(table) = self.table(index).filter(|t| !t.rows.is_empty()) else { return Ok((change, 0)) };
        let answers = self.answers(pipeline, &table.rows).map_err(|e| e.placed(&self.origin, text.sql()))?;
        let mut meant = 0;
        for at in 0..answers.len() {
            if !matches!(answers.value(at, 0), Value::Boolean(true)) {
                continue;
            }
            meant += 1;
            let old = table.rows.row(at);
            let mut new = old.clone();
            for set in &sets {
                let value = set
                    .value
                    .map_or_else(|| table.defaults[set.column].clone(), |answer| answers.value(at, answer));
                if value.is_null() && !columns[set.column].nullable {
                    return Err(self.null_value(&columns[set.column].name, set.span, text));
                }
                new[set.column] = value;
            }
            // A row that stays as it is need not tell anyone.
            if sets.is_empty() || !old.iter().zip(&new).all(|(old, new)| identical(old, new)) {
                change.gone.push(at);
                change.come.push(&new, 1);
            }
        }
        Ok((change, meant))
    }

    /// One row of answers for each row.
    fn answers(&self, pipeline: Pipeline, rows: &Batch) -> Result<Batch, Error> {
        let columns = pipeline.plan.columns.to_vec();
        let mut pipe = Pipe::new(pipeline, self.executor)?;
        pipe.process(0, rows)?;
        Ok(pipe.take().0.unwrap_or_else(|| Batch::new(&columns)))
    }

    pub(super) fn null_value(&self, column: &str, span: Span, text: &SqlText) -> Error {
        let what = format!("NULL in column `{column}`, which is NOT NULL");
        self.sql_error(vec![Diagnostic::error(code::NULL_VALUE, span, what)], text.sql())
    }

    /// Takes a change to a table and to all that reads it, or to none; `place` is where a row that comes is written.
    pub(super) fn commit(
        &mut self,
        index: usize,
        change: &Change,
        text: &SqlText,
        place: impl Fn(usize) -> Span,
    ) -> Result<(), Error> {
        let name = self.relations.list[index].name.clone();
        let Body::Table(table) = &self.relations.list[index].body else { return Ok(()) };
        if let Err(duplicate) = table.check(change) {
            let key = duplicate.key.iter().map(Value::to_string).collect::<Vec<_>>().join(", ");
            let what = format!("row with key ({key}) exists already in table `{name}`");
            let d = Diagnostic::error(code::DUPLICATE_KEY, place(duplicate.row), what);
            return Err(self.sql_error(vec![d], text.sql()));
        }
        self.take_change(index, change)
    }

    /// Takes a change that has been checked.
    pub(super) fn take_change(&mut self, index: usize, change: &Change) -> Result<(), Error> {
        let relation = &self.relations.list[index];
        let Body::Table(table) = &relation.body else { return Ok(()) };
        let name = relation.name.clone();
        let step;
        let rows = match change.gone.is_empty() {
            true => &change.come,
            false => {
                step = table.step(change);
                &step
            }
        };
        if rows.is_empty() {
            return Ok(());
        }
        if let Err(e) = self.deliver(&name, Arrival { rows: Some(rows), watermark: None, finished: false }) {
            self.rebuild_readers(&name, &e);
            return Err(e);
        }
        if let Body::Table(table) = &mut self.relations.list[index].body {
            table.apply(change);
        }
        Ok(())
    }

    /// After a step that some views have taken and others not: views over `name` start again from what is there.
    fn rebuild_readers(&mut self, name: &str, why: &Error) {
        let mut touched = HashSet::from([name.to_owned()]);
        for index in 0..self.relations.list.len() {
            let relation = &self.relations.list[index];
            if !relation.reads.iter().any(|r| touched.contains(r)) {
                continue;
            }
            let view_name = relation.name.clone();
            touched.insert(view_name.clone());
            let Body::Materialized(m) = &relation.body else { continue };
            // What was pushed is gone; a view that has seen it cannot start again.
            let pushed = m.flow.leaves.iter().any(|l| self.depends_on_pushes(&l.name));
            let rebuilt = if pushed {
                Err(why.to_string())
            } else {
                let pipeline = self.relations.compile(&view_name, &m.view, Purpose::Kept);
                let pipeline = pipeline.map_err(|_| why.to_string());
                pipeline.and_then(|p| self.materialize(p).map_err(|e| e.to_string()))
            };
            let Body::Materialized(m) = &mut self.relations.list[index].body else { continue };
            match rebuilt {
                Ok((flow, contents, _)) => (m.flow, m.contents) = (flow, contents),
                Err(why) => m.failed = Some(why),
            }
        }
    }

    fn depends_on_pushes(&self, name: &str) -> bool {
        match self.relations.get(name).map(|r| &r.body) {
            Some(Body::Pushed(_)) => true,
            Some(Body::Materialized(m)) => m.flow.leaves.iter().any(|l| self.depends_on_pushes(&l.name)),
            _ => false,
        }
    }
}

/// Whether two values are the same to every function: 0 and −0 are equal, and not the same.
fn identical(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Double(a), Value::Double(b)) => a.to_bits() == b.to_bits(),
        (Value::Real(a), Value::Real(b)) => a.to_bits() == b.to_bits(),
        (a, b) => a == b,
    }
}
