//! Output columns against the fields of the struct that takes them, both ways.

use crate::diagnostic::{Diagnostic, Place, Span, closest, code};
use crate::event::{Errors, EventField, EventStruct, type_text};
use crate::parse::{Query, SqlText};
use crate::rust::{OutputField, OutputTy};
use laminar_runtime::schema::{Column, Ty};
use quote::ToTokens;

/// The two sides.
pub struct OutputSide<'a> {
    /// The struct's fields.
    pub fields: &'a [EventField],
    /// Where each is declared.
    pub places: Vec<Place>,
    /// The query's columns.
    pub columns: &'a [Column],
}

/// The output column of each field, or all that does not fit.
pub fn check_fields(
    side: &OutputSide<'_>,
    query: &Query,
    text: &SqlText,
    diagnostics: &mut Vec<Diagnostic>,
    errors: &mut Errors,
) -> Option<Vec<usize>> {
    let spans = query.output_spans(text, side.columns.len());
    let before = diagnostics.len();
    let names: Vec<String> = side.fields.iter().map(EventField::name).collect();
    let found: Vec<Option<usize>> = names.iter().map(|name| column_of(name, side.columns)).collect();
    // A field misspelt is one mistake, told at the column.
    let mut told = Vec::new();
    for (c, column) in side.columns.iter().enumerate() {
        if !found.contains(&Some(c)) {
            let free = names.iter().zip(&found).filter(|(n, f)| f.is_none() && !told.contains(*n));
            let near = closest(&column.name, free.map(|(n, _)| n)).map(String::from);
            diagnostics.push(missing(column, spans[c], near.as_deref()));
            told.extend(near);
        }
    }
    for (f, field) in side.fields.iter().enumerate() {
        let Some(c) = found[f] else {
            if told.contains(&names[f]) {
                continue;
            }
            let free = side.columns.iter().enumerate().filter(|(c, _)| !found.contains(&Some(*c)));
            let free: Vec<String> = free.map(|(_, c)| c.name.to_string()).collect();
            let help = match closest(&names[f], &free) {
                Some(near) => format!("did you mean column `{near}`?"),
                None => "remove the field, or select a column of that name".to_string(),
            };
            let message = format!("field `{}` is not produced by the query", names[f]);
            errors.at(field.ident.span(), code::UNUSED_FIELD, message, help);
            continue;
        };
        if let Some(d) = misfit(&side.columns[c], field, spans[c]) {
            diagnostics.push(match side.places.get(f) {
                Some(place) => d.related(Place { what: "declared here".into(), ..place.clone() }),
                None => d,
            });
        }
    }
    let columns: Option<Vec<usize>> = found.into_iter().collect();
    columns.filter(|_| diagnostics.len() == before && errors.is_empty())
}

/// A column of this name: exactly, or else the only one in any case.
fn column_of(name: &str, columns: &[Column]) -> Option<usize> {
    let same = |c: &Column| c.name.eq_ignore_ascii_case(name);
    columns.iter().position(|c| c.name == name).or_else(|| {
        let mut found = columns.iter().enumerate().filter(|(_, c)| same(c));
        match (found.next(), found.next()) {
            (Some((c, _)), None) => Some(c),
            _ => None,
        }
    })
}

/// No field for `column`; `near` is one without a column that it may mean.
fn missing(column: &Column, span: Span, near: Option<&str>) -> Diagnostic {
    let d = Diagnostic::error(
        code::MISSING_FIELD,
        span,
        format!("no field takes output column `{}`", column.name),
    );
    let ty = rust_type(column);
    match near {
        Some(near) => d.label(format!("did you mean field `{near}`?")),
        None => d.help(format!("add a field `{}: {ty}` to the struct, or do not select it", column.name)),
    }
}

/// What is wrong with `field` for `column`, if anything.
fn misfit(column: &Column, field: &EventField, span: Span) -> Option<Diagnostic> {
    let name = field.name();
    let written = type_text(&field.ty);
    let ty = rust_type(column);
    if !fits(column.ty, field) {
        let message = format!("column `{}` is {}, field `{name}` is `{written}`", column.name, column.ty);
        let d = Diagnostic::error(code::FIELD_TYPE, span, message).label(column.ty.to_string());
        return Some(match column.ty != field.sql.ty && field.sql.ty != Ty::Interval {
            true => d.help(format!("declare `{name}: {ty}`, or CAST the column AS {}", field.sql.ty)),
            false => d.help(format!("declare `{name}: {ty}`")),
        });
    }
    if column.nullable && !field.sql.nullable {
        let message = format!("column `{}` may be NULL, field `{name}` may not", column.name);
        return Some(
            Diagnostic::error(code::NULLABLE_INTO_FIELD, span, message)
                .label("may be NULL")
                .help(format!("declare `{name}: Option<{written}>`, or use COALESCE")),
        );
    }
    None
}

/// Whether every value of `column` but NULL fits the field. Unsigned fields are checked row by row.
fn fits(column: Ty, field: &EventField) -> bool {
    match (column, field.sql.ty) {
        // A text that lives for ever can be read, not made.
        (Ty::Varchar, Ty::Varchar) => !type_text(&field.ty).contains('&'),
        (column, field) => field.takes(column),
    }
}

/// The Rust type to declare for a column.
fn rust_type(column: &Column) -> String {
    let ty = column.ty.rust();
    if column.nullable { format!("Option<{ty}>") } else { ty.into_owned() }
}

/// The output as the generated code sees it; `columns[f]` is the column of field `f`.
pub fn output_ty(event: &EventStruct, columns: &[usize]) -> OutputTy {
    let field = |(f, &column): (&EventField, &usize)| OutputField {
        ident: f.ident.clone(),
        ty: f.ty.to_token_stream(),
        column,
    };
    OutputTy {
        ident: event.ident.clone(),
        vis: event.vis.clone(),
        fields: event.fields.iter().zip(columns).map(field).collect(),
    }
}
