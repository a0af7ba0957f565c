//! The rows that a query brings: their expressions are computed here, once. They are part of the program, so there is a limit to all of
//! them: that of one result.

use super::evaluate;
use crate::bind::Bound;
use crate::bind::values::Values;
use crate::catalog::Relation;
use crate::diagnostic::{Diagnostic, code};
use crate::parse::SqlText;
use crate::plan::expr::{Expr, Literal};
use laminar_runtime::plan::{CellColumn, Constant, ConstantRows};
use laminar_runtime::scalar::RESULT_BYTES_MAX;
use laminar_runtime::stage::wide_cell;

/// The rows of each source that has them.
pub(super) fn rows(bound: &Bound, text: &SqlText) -> Result<Vec<Option<ConstantRows>>, Box<Diagnostic>> {
    let mut all = vec![None; bound.sources.len()];
    for values in &bound.values {
        all[values.source] = Some(of_source(values, &bound.sources[values.source], text)?);
    }
    Ok(all)
}

fn of_source(values: &Values, relation: &Relation, text: &SqlText) -> Result<ConstantRows, Box<Diagnostic>> {
    let mut room = RESULT_BYTES_MAX;
    let value = |e: &Expr| {
        let constant = evaluate(e, text).map(|literal| literal.map(constant)).and_then(|constant| {
            let len = if let Some(Constant::Bytes(bytes)) = &constant { bytes.len() } else { 0 };
            room = room.checked_sub(len).ok_or("rows of constants are longer than 16 MiB")?;
            Ok(constant)
        });
        constant
            .map_err(|what| Box::new(Diagnostic::error(code::BAD_LITERAL, e.span, what).label("this value")))
    };
    let columns = relation.columns.iter().map(|c| &c.column);
    Ok(ConstantRows {
        columns: columns.map(|c| CellColumn { ty: c.ty, nullable: c.nullable }).collect(),
        len: values.rows.len() as u32,
        cells: values.rows.iter().flatten().map(value).collect::<Result<Vec<_>, _>>()?.into(),
    })
}

fn constant(literal: Literal) -> Constant {
    match literal {
        Literal::Bool(b) => Constant::Word(b.into()),
        Literal::Int(v) => Constant::Word(v as u64),
        Literal::Float(v) => Constant::Word(v.to_bits()),
        Literal::Wide(v) => Constant::Pair(wide_cell(v)),
        Literal::Interval(i) => Constant::Pair(i.to_cell()),
        Literal::Text(t) => Constant::Bytes(t.into_bytes().into()),
        Literal::Bytes(b) => Constant::Bytes(b.into()),
    }
}
