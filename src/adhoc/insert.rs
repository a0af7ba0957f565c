//! INSERT.

use super::batch::Batch;
use super::contents::Contents;
use super::error::Error;
use super::feed::feed;
use super::flow::{Arrival, Flow, Step};
use super::relation::{Body, Purpose};
use super::session::{Outcome, Session};
use super::table::Table;
use super::value::Value;
use laminar_codegen::compile::constant;
use laminar_codegen::diagnostic::{Diagnostic, Span, closest, code};
use laminar_codegen::parse::{Insert, InsertRows, Query, SqlText, written};
use laminar_codegen::plan::expr::Literal;
use laminar_runtime::schema::{Column, Ty};
use laminar_runtime::types::{Str, Timestamp};
use std::collections::HashSet;

impl Session {
    /// Inserts all rows or none.
    pub(super) fn insert(&mut self, insert: &Insert, text: &SqlText) -> Result<Outcome, Error> {
        let Some(index) = self.relations.named(&insert.table) else {
            return Err(self.unknown(&insert.table, text));
        };
        let relation = &self.relations.0[index];
        let (name, columns) = (relation.name.clone(), relation.columns.clone());
        if !matches!(relation.body, Body::Table(_)) {
            let what = format!("`{name}` is a {}, rows can be inserted into tables only", relation.kind());
            let d = Diagnostic::error(code::WRONG_KIND, insert.table.span, what);
            return Err(self.sql_error(vec![d], text.sql()));
        }
        let places = places(insert, &name, &columns).map_err(|d| self.sql_error(d, text.sql()))?;
        let rows = match &insert.rows {
            InsertRows::Values(_) => {
                values(insert, text, &columns, &places).map_err(|d| self.sql_error(d, text.sql()))?
            }
            InsertRows::Query(query) => self.selected(query, text, &columns, &places)?,
        };
        if let Err(key) = self.table(index).map_or(Ok(()), |t| t.claim(&rows)) {
            let key = key.iter().map(Value::to_string).collect::<Vec<_>>().join(", ");
            return Err(Error::Typed(format!("row with key ({key}) exists already in table `{name}`")));
        }
        let arrival = Arrival { rows: Some(&rows), watermark: None, finished: false };
        let taken = if rows.is_empty() { Ok(()) } else { self.deliver(&name, arrival) };
        let table = self.table(index);
        match taken {
            Ok(()) => {
                table.into_iter().for_each(|t| t.append(&rows));
                Ok(Outcome::Inserted(rows.len() as u64))
            }
            Err(e) => {
                table.into_iter().for_each(|t| t.release(&rows));
                self.rebuild_readers(&name, &e);
                Err(e)
            }
        }
    }

    fn table(&mut self, index: usize) -> Option<&mut Table> {
        match &mut self.relations.0[index].body {
            Body::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The result of a query as rows of a table.
    fn selected(
        &mut self,
        query: &Query,
        text: &SqlText,
        columns: &[Column],
        places: &[Option<usize>],
    ) -> Result<Batch, Error> {
        let pipeline = self.compile(query, text, Purpose::Once)?;
        self.check_readable(&pipeline, query, text)?;
        let given = pipeline.plan.columns.to_vec();
        let mut diagnostics = Vec::new();
        let expected = places.iter().flatten().count();
        if given.len() != expected {
            let what = format!("the query gives {} columns, the table takes {expected}", given.len());
            diagnostics.push(Diagnostic::error(code::INSERT_SHAPE, query.span, what));
        } else {
            for (column, place) in columns.iter().zip(places) {
                let Some(from) = place.map(|p| &given[p]) else { continue };
                if !widens(from.ty, column.ty) {
                    let what =
                        format!("column `{}` is {}, the query gives {}", column.name, column.ty, from.ty);
                    let d = Diagnostic::error(code::FIELD_TYPE, query.span, what);
                    diagnostics.push(d.help(format!("CAST({} AS {})", from.name, column.ty)));
                }
            }
        }
        if !diagnostics.is_empty() {
            return Err(self.sql_error(diagnostics, text.sql()));
        }
        let mut flow = Flow::start(pipeline, &self.relations, Purpose::Once, self.executor)?;
        let mut result = Contents::new(&flow.columns, &flow.output);
        let mut on_step = |step: Step, _| match step.rows {
            Some(rows) => Ok(result.take(&rows)?),
            None => Ok(()),
        };
        feed(&mut flow, &self.relations, Purpose::Once, &mut on_step)
            .map_err(|e| e.placed(&self.origin, text.sql()))?;
        let mut rows = Batch::new(columns);
        for given in result.rows() {
            let mut row = Vec::with_capacity(columns.len());
            for (column, place) in columns.iter().zip(places) {
                let value = place.map_or(Value::Null, |p| given[p].clone());
                if value.is_null() && !column.nullable {
                    return Err(Error::Typed(format!("NULL in column `{}`, which is NOT NULL", column.name)));
                }
                row.push(value);
            }
            rows.push(&row, 1);
        }
        Ok(rows)
    }

    /// After a step that some views have taken and others not: views over `name` start again from what is there.
    fn rebuild_readers(&mut self, name: &str, why: &Error) {
        let mut touched = HashSet::from([name.to_owned()]);
        for index in 0..self.relations.0.len() {
            let relation = &self.relations.0[index];
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
            let Body::Materialized(m) = &mut self.relations.0[index].body else { continue };
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

/// For each column of the table, which of the given values it takes; none: NULL.
fn places(insert: &Insert, table: &str, columns: &[Column]) -> Result<Vec<Option<usize>>, Vec<Diagnostic>> {
    if insert.columns.is_empty() {
        return Ok((0..columns.len()).map(Some).collect());
    }
    let mut diagnostics = Vec::new();
    let mut places = vec![None; columns.len()];
    for (value, ident) in insert.columns.iter().enumerate() {
        let names = |c: &Column| match ident.quoted {
            true => c.name == ident.value,
            false => c.name.eq_ignore_ascii_case(&ident.value),
        };
        match columns.iter().position(names) {
            Some(column) if places[column].is_none() => places[column] = Some(value),
            Some(_) => {
                let what = format!("column `{}` is given twice", ident.value);
                diagnostics.push(Diagnostic::error(code::INSERT_SHAPE, ident.span, what));
            }
            None => {
                let what = format!("column `{}` does not exist in `{table}`", ident.value);
                let mut d = Diagnostic::error(code::UNKNOWN_COLUMN, ident.span, what);
                let known: Vec<&str> = columns.iter().map(|c| &*c.name).collect();
                match closest(&ident.value, known.iter().copied()) {
                    Some(near) => {
                        d = d.label(format!("did you mean `{near}`?")).suggest(ident.span, written(near));
                    }
                    None => d = d.note(format!("columns of `{table}`: {}", known.join(", "))),
                }
                diagnostics.push(d);
            }
        }
    }
    for (column, place) in columns.iter().zip(&places) {
        if place.is_none() && !column.nullable && diagnostics.is_empty() {
            let what = format!("column `{}` is NOT NULL and gets no value", column.name);
            diagnostics.push(Diagnostic::error(code::INSERT_SHAPE, insert.table.span, what));
        }
    }
    if diagnostics.is_empty() { Ok(places) } else { Err(diagnostics) }
}

/// The rows of `VALUES`.
fn values(
    insert: &Insert,
    text: &SqlText,
    columns: &[Column],
    places: &[Option<usize>],
) -> Result<Batch, Vec<Diagnostic>> {
    let InsertRows::Values(given) = &insert.rows else { return Ok(Batch::new(columns)) };
    let expected = places.iter().flatten().count();
    let mut rows = Batch::new(columns);
    let mut diagnostics = Vec::new();
    for exprs in given {
        if exprs.len() != expected {
            let spans = exprs.iter().map(|e| text.expr_span(e)).reduce(Span::join);
            let what = format!("{} values for {expected} columns", exprs.len());
            diagnostics.push(Diagnostic::error(code::INSERT_SHAPE, spans.unwrap_or(insert.span), what));
            continue;
        }
        let mut row = Vec::with_capacity(columns.len());
        for (column, place) in columns.iter().zip(places) {
            let Some(expr) = place.map(|p| &exprs[p]) else {
                row.push(Value::Null);
                continue;
            };
            match constant(expr, text, column.ty) {
                Ok(None) if !column.nullable => {
                    let what = format!("NULL in column `{}`, which is NOT NULL", column.name);
                    diagnostics.push(Diagnostic::error(code::INSERT_SHAPE, text.expr_span(expr), what));
                }
                Ok(literal) => row.push(value(literal, column.ty)),
                Err(mut more) => diagnostics.append(&mut more),
            }
        }
        if diagnostics.is_empty() {
            rows.push(&row, 1);
        }
    }
    if diagnostics.is_empty() { Ok(rows) } else { Err(diagnostics) }
}

fn value(literal: Option<Literal>, ty: Ty) -> Value {
    match (literal, ty) {
        (None, _) => Value::Null,
        (Some(Literal::Bool(b)), _) => Value::Boolean(b),
        (Some(Literal::Int(t)), Ty::Timestamp) => Value::Timestamp(Timestamp(t)),
        (Some(Literal::Int(mantissa)), Ty::Decimal { scale, .. }) => Value::Decimal { mantissa, scale },
        (Some(Literal::Int(i)), _) => Value::Integer(i),
        (Some(Literal::Float(f)), _) => Value::Double(f),
        (Some(Literal::Text(t)), _) => Value::Varchar(Str::new(&t)),
        (Some(Literal::Interval(i)), _) => Value::Interval(i),
    }
}

/// Whether every value of `from` is one of `to` as it is.
fn widens(from: Ty, to: Ty) -> bool {
    match (from, to) {
        (Ty::Integer, Ty::Bigint) => true,
        (Ty::Decimal { precision: p, scale: s }, Ty::Decimal { precision: q, scale: t }) => s == t && p <= q,
        _ => from == to,
    }
}
