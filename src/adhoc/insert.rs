//! INSERT.

use super::batch::Batch;
use super::contents::Contents;
use super::error::Error;
use super::feed::feed;
use super::flow::{Flow, Step};
use super::order::ordered;
use super::relation::Purpose;
use super::session::{Outcome, Session};
use super::table::Change;
use super::value::Value;
use laminar_codegen::bind::coerce::assignable;
use laminar_codegen::compile::{assigned, constant};
use laminar_codegen::diagnostic::{Diagnostic, Span, closest, code};
use laminar_codegen::functions::RustFn;
use laminar_codegen::parse::{Given, Insert, InsertRows, Query, SqlText, written};
use laminar_codegen::plan::expr::Literal;
use laminar_runtime::event::FieldValue;
use laminar_runtime::schema::{Column, Ty};
use laminar_runtime::types::{Array, BytesRef, Date, Json, Str, Time, Timestamp};
use std::sync::Arc;

impl Session {
    /// Inserts all rows or none.
    pub(super) fn insert(&mut self, insert: &Insert, text: &SqlText) -> Result<Outcome, Error> {
        let index = self.table_named(&insert.table, "inserted into", text)?;
        let relation = &self.relations.list[index];
        let (name, columns) = (relation.name.clone(), relation.columns.clone());
        let defaults = self.table(index).map_or_else(Vec::new, |t| t.defaults.clone());
        let functions = &self.relations.functions.clone();
        let target = Target { name: &name, columns: &columns, defaults: &defaults, functions };
        let places = target.places(insert).map_err(|d| self.sql_error(d, text.sql()))?;
        let (come, spans) = match &insert.rows {
            InsertRows::Values(given) => (
                target.values(given, insert, text, &places).map_err(|d| self.sql_error(d, text.sql()))?,
                given.iter().map(|row| row_span(row, text).unwrap_or(insert.span)).collect(),
            ),
            InsertRows::Query(query) => (self.selected(query, text, &target, &places)?, Vec::new()),
        };
        let rows = come.len() as u64;
        let place = |row: usize| spans.get(row).copied().unwrap_or(insert.table.span);
        self.commit(index, &Change { gone: Vec::new(), come }, text, place)?;
        Ok(Outcome::Inserted(rows))
    }

    /// The result of a query as rows of a table.
    fn selected(
        &mut self,
        query: &Query,
        text: &SqlText,
        target: &Target<'_>,
        places: &[Option<usize>],
    ) -> Result<Batch, Error> {
        let columns = target.columns;
        let pipeline = self.compile(query, text, Purpose::Once)?;
        self.check_readable(&pipeline, query, text)?;
        let order = pipeline.order.clone();
        let hidden = order.as_ref().map_or(0, |o| o.hidden as usize);
        let given = pipeline.plan.columns[..pipeline.plan.columns.len() - hidden].to_vec();
        let mut diagnostics = Vec::new();
        let expected = places.iter().flatten().count();
        let untyped = query.untyped_outputs(text, expected);
        if given.len() != expected {
            let what = format!("the query gives {} columns, the table takes {expected}", given.len());
            diagnostics.push(Diagnostic::error(code::INSERT_SHAPE, query.span, what));
        } else {
            for (column, place) in columns.iter().zip(places) {
                let Some(from) = place.filter(|p| !untyped[*p]).map(|p| &given[p]) else { continue };
                if !assignable(from.ty, column.ty) {
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
        let types: Vec<Ty> = given.iter().map(|column| column.ty).collect();
        let late_to = pipeline.late_to.clone();
        let mut flow = Flow::start(pipeline, &self.relations, Purpose::Once, self.executor)?;
        self.route_late(&mut flow, late_to.as_deref());
        let mut result = Contents::new(&flow.columns, &flow.output);
        let mut on_step = |step: Step, _| match step.rows {
            Some(rows) => Ok(result.take(&rows)?),
            None => Ok(()),
        };
        let fed = feed(&mut flow, &self.relations, Purpose::Once, &self.stop, &mut on_step)
            .map_err(|e| e.placed(&self.origin, text.sql()));
        self.take_late(flow.take_late(), fed)?;
        let mut rows = Batch::new(columns);
        let result = match &order {
            Some(order) => ordered(result.rows(), order),
            None => result.rows(),
        };
        for given in result {
            let mut row = Vec::with_capacity(columns.len());
            for (c, (column, place)) in columns.iter().zip(places).enumerate() {
                let span_of = |place: Option<usize>| {
                    let spans = query.output_spans(text, expected);
                    place.and_then(|p| spans.get(p).copied()).unwrap_or(query.span)
                };
                let value = match place {
                    None => target.defaults[c].clone(),
                    Some(p) => narrowed(&given[*p], types[*p], column.ty, text).map_err(|what| {
                        let what = format!("column `{}`: {what}", column.name);
                        let d = Diagnostic::error(code::BAD_LITERAL, span_of(*place), what);
                        self.sql_error(vec![d.label("a value of this")], text.sql())
                    })?,
                };
                if value.is_null() && !column.nullable {
                    return Err(self.null_value(&column.name, span_of(*place), text));
                }
                row.push(value);
            }
            rows.push(&row, 1);
        }
        Ok(rows)
    }
}

/// The table that rows are for.
struct Target<'a> {
    name: &'a str,
    columns: &'a [Column],
    defaults: &'a [Value],
    functions: &'a [Arc<RustFn>],
}

impl Target<'_> {
    /// For each column of the table, which of the given values it takes; none: its default.
    fn places(&self, insert: &Insert) -> Result<Vec<Option<usize>>, Vec<Diagnostic>> {
        if insert.columns.is_empty() {
            return Ok((0..self.columns.len()).map(Some).collect());
        }
        let mut diagnostics = Vec::new();
        let mut places = vec![None; self.columns.len()];
        for (value, ident) in insert.columns.iter().enumerate() {
            let names = |c: &Column| match ident.quoted {
                true => c.name == ident.value,
                false => c.name.eq_ignore_ascii_case(&ident.value),
            };
            match self.columns.iter().position(names) {
                Some(column) if places[column].is_none() => places[column] = Some(value),
                Some(_) => {
                    let what = format!("column `{}` is given twice", ident.value);
                    diagnostics.push(Diagnostic::error(code::INSERT_SHAPE, ident.span, what));
                }
                None => {
                    let what = format!("column `{}` does not exist in `{}`", ident.value, self.name);
                    let mut d = Diagnostic::error(code::UNKNOWN_COLUMN, ident.span, what);
                    let known: Vec<&str> = self.columns.iter().map(|c| &*c.name).collect();
                    match closest(&ident.value, known.iter().copied()) {
                        Some(near) => {
                            d = d.label(format!("did you mean `{near}`?")).suggest(ident.span, written(near));
                        }
                        None => d = d.note(format!("columns of `{}`: {}", self.name, known.join(", "))),
                    }
                    diagnostics.push(d);
                }
            }
        }
        for ((column, place), default) in self.columns.iter().zip(&places).zip(self.defaults) {
            if place.is_none() && !column.nullable && default.is_null() && diagnostics.is_empty() {
                let what = format!("column `{}` is NOT NULL and gets no value", column.name);
                diagnostics.push(Diagnostic::error(code::INSERT_SHAPE, insert.table.span, what));
            }
        }
        if diagnostics.is_empty() { Ok(places) } else { Err(diagnostics) }
    }

    /// The rows of `VALUES`.
    fn values(
        &self,
        given: &[Vec<Given>],
        insert: &Insert,
        text: &SqlText,
        places: &[Option<usize>],
    ) -> Result<Batch, Vec<Diagnostic>> {
        let expected = places.iter().flatten().count();
        let mut rows = Batch::new(self.columns);
        let mut diagnostics = Vec::new();
        for given in given {
            if given.len() != expected {
                let what = format!("{} values for {expected} columns", given.len());
                let span = row_span(given, text).unwrap_or(insert.span);
                diagnostics.push(Diagnostic::error(code::INSERT_SHAPE, span, what));
                continue;
            }
            let mut row = Vec::with_capacity(self.columns.len());
            for (c, (column, place)) in self.columns.iter().zip(places).enumerate() {
                let value = match place.map(|p| &given[p]) {
                    None | Some(Given::Default(_)) => Ok(self.defaults[c].clone()),
                    Some(Given::Expr(expr)) => {
                        constant(expr, text, column.ty, self.functions).map(|v| value(v, column.ty))
                    }
                };
                match value {
                    Ok(v) if v.is_null() && !column.nullable => {
                        let what = format!("NULL in column `{}`, which is NOT NULL", column.name);
                        let span = place.and_then(|p| given_span(&given[p], text)).unwrap_or(insert.span);
                        diagnostics.push(Diagnostic::error(code::NULL_VALUE, span, what));
                    }
                    Ok(v) => row.push(v),
                    Err(mut more) => diagnostics.append(&mut more),
                }
            }
            if diagnostics.is_empty() {
                rows.push(&row, 1);
            }
        }
        if diagnostics.is_empty() { Ok(rows) } else { Err(diagnostics) }
    }
}

fn given_span(given: &Given, text: &SqlText) -> Option<Span> {
    match given {
        Given::Default(span) => Some(*span),
        Given::Expr(e) => Some(text.expr_span(e)),
    }
}

fn row_span(row: &[Given], text: &SqlText) -> Option<Span> {
    row.iter().filter_map(|g| given_span(g, text)).reduce(Span::join)
}

/// A value as the column takes it: a number narrows where it fits, and a literal without a type is read.
fn narrowed(given: &Value, from: Ty, to: Ty, text: &SqlText) -> Result<Value, String> {
    if from == to || (from.is_integer() && to.is_integer() && to.takes(from)) {
        return Ok(given.clone());
    }
    let literal = match given {
        Value::Integer(i) => Literal::Int(*i),
        Value::Decimal { mantissa, .. } => Literal::Wide(*mantissa),
        Value::Real(f) => Literal::Float((*f).into()),
        Value::Double(f) => Literal::Float(*f),
        Value::Date(date) => Literal::Int(date.days().into()),
        Value::Array(array) => Literal::Bytes(array.as_bytes().to_vec()),
        Value::Varchar(text) => Literal::Text(text.to_string()),
        other => return Ok(other.clone()),
    };
    assigned(literal, from, to, text).map(|literal| value(Some(literal), to))
}

/// A constant as a value of a type.
pub(super) fn value(literal: Option<Literal>, ty: Ty) -> Value {
    match (literal, ty) {
        (None, _) => Value::Null,
        (Some(Literal::Bool(b)), _) => Value::Boolean(b),
        (Some(Literal::Int(t)), Ty::Timestamp) => Value::Timestamp(Timestamp(t)),
        (Some(Literal::Int(d)), Ty::Date) => Date::from_days(d).map_or(Value::Null, Value::Date),
        (Some(Literal::Int(t)), Ty::Time) => Time::from_ns(t).map_or(Value::Null, Value::Time),
        (Some(Literal::Int(m)), Ty::Decimal { scale, .. }) => Value::Decimal { mantissa: m.into(), scale },
        (Some(Literal::Wide(mantissa)), Ty::Decimal { scale, .. }) => Value::Decimal { mantissa, scale },
        (Some(Literal::Wide(v)), _) => <[u8; 16]>::store(v, true).map_or(Value::Null, Value::Uuid),
        (Some(Literal::Int(i)), _) => Value::Integer(i),
        (Some(Literal::Float(f)), Ty::Real) => Value::Real(f as f32),
        (Some(Literal::Float(f)), _) => Value::Double(f),
        (Some(Literal::Bytes(b)), Ty::Array(element)) => {
            // SAFETY: a literal of the type has the bytes of such an array.
            let array = unsafe { Array::from_cell(element, BytesRef::new(&b).to_cell()) };
            array.map_or(Value::Null, Value::Array)
        }
        (Some(Literal::Bytes(b)), _) => Value::Bytea(b),
        (Some(Literal::Text(t)), Ty::Json) => Json::parse(&t).map_or(Value::Null, Value::Json),
        (Some(Literal::Text(t)), _) => Value::Varchar(Str::new(&t)),
        (Some(Literal::Interval(i)), _) => Value::Interval(i),
    }
}
