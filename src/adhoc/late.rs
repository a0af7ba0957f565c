//! `LATE DATA TO`: rows that came after their windows had closed go to a table, once what they came with is done.
//!
//! A view that is not materialized runs anew for each reader: it would send its late rows as often. Rows that go cannot be late in
//! any useful sense: only inputs whose rows stay have such an output.

use super::batch::Batch;
use super::error::Error;
use super::flow::Flow;
use super::relation::{Body, Purpose};
use super::session::Session;
use super::table::Change;
use laminar_codegen::diagnostic::{Diagnostic, Span, closest, code};
use laminar_codegen::ir::Pipeline;
use laminar_codegen::parse::{Query, SqlText, written};
use laminar_runtime::schema::Column;

/// Rows that came too late, and the table that is to take them.
pub(super) struct Late {
    pub table: String,
    pub rows: Batch,
}

impl Session {
    /// Checks that what is late for a query can go where it says.
    pub(super) fn check_late(
        &self,
        query: &Query,
        pipeline: &Pipeline,
        purpose: Purpose,
        text: &SqlText,
    ) -> Result<(), Error> {
        let Some((name, span)) = &query.late_to else { return Ok(()) };
        let found = self.late_mistake(name, *span, pipeline, purpose);
        found.map_or(Ok(()), |d| Err(self.sql_error(vec![d], text.sql())))
    }

    fn late_mistake(
        &self,
        name: &str,
        span: Span,
        pipeline: &Pipeline,
        purpose: Purpose,
    ) -> Option<Diagnostic> {
        let Some(relation) = self.relations.find(name, false).map(|i| &self.relations.list[i]) else {
            return Some(self.no_late_table(name, span, pipeline));
        };
        let Body::Table(table) = &relation.body else {
            let what = format!("`{name}` is a {}, late rows go to a table", relation.kind());
            return Some(Diagnostic::error(code::WRONG_KIND, span, what));
        };
        if table.has_key() {
            let what = format!("table `{name}` has a primary key, and two late rows may be the same");
            let d = Diagnostic::error(code::NOT_IN_SESSION, span, what);
            return Some(d.help("a table without PRIMARY KEY takes every late row"));
        }
        for source in &pipeline.sources {
            let comes_and_goes =
                self.relations.get(&source.relation).is_some_and(|r| r.facts(purpose).changelog);
            if comes_and_goes {
                let what = format!(
                    "rows of `{}` come and go: no table could take those that are late",
                    source.relation
                );
                return Some(Diagnostic::error(code::NOT_IN_SESSION, span, what));
            }
            let given: Vec<&Column> = source.columns.iter().map(|c| &c.column).collect();
            if let Some(what) = mismatch(&given, &relation.columns) {
                let what = format!("table `{name}` cannot take late rows of `{}`: {what}", source.relation);
                let d = Diagnostic::error(code::INSERT_SHAPE, span, what);
                return Some(d.help(format!("a table that can: {}", declaration(name, &given))));
            }
        }
        None
    }

    fn no_late_table(&self, name: &str, span: Span, pipeline: &Pipeline) -> Diagnostic {
        let d = Diagnostic::error(code::UNKNOWN_RELATION, span, format!("table `{name}` does not exist"));
        let tables = self.relations.list.iter().filter(|r| matches!(r.body, Body::Table(_)));
        if let Some(near) = closest(name, tables.map(|r| r.name.as_str())) {
            return d
                .label(format!("did you mean `{near}`?"))
                .suggest(span, format!("LATE DATA TO {}", written(near)));
        }
        match &pipeline.sources[..] {
            [source, ..] => {
                let given: Vec<&Column> = source.columns.iter().map(|c| &c.column).collect();
                d.help(format!("late rows go to a table: {}", declaration(name, &given)))
            }
            [] => d,
        }
    }

    /// Says where the late rows of a query go.
    pub(super) fn route_late(&self, flow: &mut Flow, late_to: Option<&str>) {
        let table =
            late_to.and_then(|name| self.relations.find(name, false)).map(|i| &self.relations.list[i]);
        if let Some(table) = table {
            flow.keep_late(&table.name, &table.columns);
        }
    }

    /// Adds late rows to their tables, and to all that reads those; what else happened goes first among errors.
    pub(super) fn take_late<T>(
        &mut self,
        late: impl IntoIterator<Item = Late>,
        result: Result<T, Error>,
    ) -> Result<T, Error> {
        let mut error = None;
        for Late { table, rows } in late {
            let Some(index) = self.relations.find(&table, true) else { continue };
            // A table without key refuses nothing.
            error = error.or(self.take_change(index, &Change { gone: Vec::new(), come: rows }).err());
        }
        let value = result?;
        error.map_or(Ok(value), Err)
    }

    /// The materialized views whose late rows a table takes.
    pub(super) fn late_views(&self, table: &str) -> Vec<String> {
        let sends = |flow: &Flow| flow.late_table().is_some_and(|to| to == table);
        let views =
            self.relations.list.iter().filter(|r| matches!(&r.body, Body::Materialized(m) if sends(&m.flow)));
        views.map(|r| r.name.clone()).collect()
    }
}

/// What is wrong with a table for rows of these columns.
fn mismatch(given: &[&Column], table: &[Column]) -> Option<String> {
    if given.len() != table.len() {
        return Some(format!("they have {} columns, the table has {}", given.len(), table.len()));
    }
    let pairs = given.iter().zip(table);
    pairs.into_iter().find_map(|(from, to)| match (from.ty == to.ty, from.nullable && !to.nullable) {
        (false, _) => {
            Some(format!("column `{}` is {}, and `{}` of the table {}", from.name, from.ty, to.name, to.ty))
        }
        (true, true) => {
            Some(format!("column `{}` may be NULL, and `{}` of the table not", from.name, to.name))
        }
        (true, false) => None,
    })
}

fn declaration(name: &str, columns: &[&Column]) -> String {
    let column =
        |c: &&Column| format!("{} {}{}", written(&c.name), c.ty, if c.nullable { "" } else { " NOT NULL" });
    format!("CREATE TABLE {} ({})", written(name), columns.iter().map(column).collect::<Vec<_>>().join(", "))
}
