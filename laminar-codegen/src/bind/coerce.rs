//! Which types go together, and the casts that bring them together.

use crate::diagnostic::{Diagnostic, code};
use crate::plan::expr::{Expr, Kind, Literal};
use laminar_runtime::schema::Ty;
use laminar_runtime::types::{Interval, TextRef, Timestamp};

/// Digits of the widest DECIMAL.
pub const MAX_DIGITS: u8 = 18;

/// A DECIMAL of that scale, as wide as can be.
pub const fn decimal(scale: u8) -> Ty {
    Ty::Decimal { precision: MAX_DIGITS, scale }
}

/// Whether the type is a number.
pub fn is_number(ty: Ty) -> bool {
    matches!(ty, Ty::Integer | Ty::Bigint | Ty::Double | Ty::Decimal { .. })
}

/// Scale of an exact number; integers have zero.
pub fn scale(ty: Ty) -> u8 {
    match ty {
        Ty::Decimal { scale, .. } => scale,
        _ => 0,
    }
}

/// The type that holds values of both, if there is an implicit way.
pub fn common(a: Ty, b: Ty) -> Option<Ty> {
    use Ty::*;
    Some(match (a, b) {
        _ if a == b => a,
        (Integer, Bigint) | (Bigint, Integer) => Bigint,
        (Double, x) | (x, Double) if is_number(x) => Double,
        (Decimal { .. }, x) | (x, Decimal { .. }) if is_number(x) => decimal(scale(a).max(scale(b))),
        _ => return None,
    })
}

/// The common type of several expressions. Text literals and NULL take the type of the others.
pub fn common_of<'a>(exprs: impl IntoIterator<Item = &'a Expr> + Clone) -> Result<Option<Ty>, (Ty, Ty)> {
    let mut found: Option<Ty> = None;
    for ty in exprs.clone().into_iter().filter(|e| !is_unknown(e)).filter_map(|e| e.ty) {
        found = Some(match found {
            None => ty,
            Some(before) => common(before, ty).ok_or((before, ty))?,
        });
    }
    Ok(found.or_else(|| exprs.into_iter().find_map(|e| e.ty)))
}

/// A literal in quotes: it becomes what its surroundings want.
pub fn is_unknown(e: &Expr) -> bool {
    matches!(e.kind, Kind::Literal(Literal::Text(_)))
}

/// Whether CAST goes from one type to the other.
pub fn castable(from: Ty, to: Ty) -> bool {
    use Ty::*;
    match (from, to) {
        _ if from == to => true,
        (_, Varchar) | (Varchar, _) => true,
        (Boolean, Integer) | (Integer, Boolean) => true,
        (a, b) => is_number(a) && is_number(b),
    }
}

/// Makes `e` an expression of type `ty`: implicit casts only.
pub fn coerce(e: Expr, ty: Ty) -> Result<Expr, Box<Diagnostic>> {
    if e.is_error() || e.ty == Some(ty) {
        return Ok(e);
    }
    if e.ty.is_none() {
        return Ok(Expr { ty: Some(ty), ..e });
    }
    if let Kind::Literal(literal) = &e.kind {
        if let Literal::Text(text) = literal {
            return literal_of(text, ty)
                .map(|l| Expr { kind: Kind::Literal(l), ty: Some(ty), ..e.clone() })
                .ok_or_else(|| {
                    Box::new(
                        Diagnostic::error(
                            code::BAD_LITERAL,
                            e.span,
                            format!("`{text}` is not a value of type {ty}"),
                        )
                        .label(format!("{ty} expected")),
                    )
                });
        }
        if let Some(l) = widen(literal, e.ty, ty) {
            return Ok(Expr { kind: Kind::Literal(l), ty: Some(ty), ..e });
        }
    }
    let nullable = e.nullable;
    let span = e.span;
    Ok(Expr { kind: Kind::Cast(Box::new(e), false), ty: Some(ty), nullable, span })
}

/// A number literal in a wider type, where that is exact.
fn widen(literal: &Literal, from: Option<Ty>, to: Ty) -> Option<Literal> {
    let Literal::Int(v) = literal else { return None };
    match to {
        Ty::Bigint if from == Some(Ty::Integer) => Some(Literal::Int(*v)),
        Ty::Decimal { scale: to_scale, .. } => {
            let by = 10i64.checked_pow(u32::from(to_scale.checked_sub(scale(from?))?))?;
            let mantissa = v.checked_mul(by)?;
            (mantissa.unsigned_abs() < 10u64.pow(18)).then_some(Literal::Int(mantissa))
        }
        Ty::Double => match from? {
            Ty::Decimal { scale, .. } => {
                Some(Literal::Float(laminar_runtime::scalar::dec_to_float(*v, i64::from(scale))))
            }
            _ => Some(Literal::Float(*v as f64)),
        },
        _ => None,
    }
}

/// What a text in quotes is as a value of `ty`: the same rules as CAST at run time.
pub fn literal_of(text: &str, ty: Ty) -> Option<Literal> {
    use laminar_runtime::scalar;
    let t = TextRef::new(text);
    // SAFETY: `t` borrows `text`, which outlives these calls.
    unsafe {
        Some(match ty {
            Ty::Boolean => Literal::Bool(scalar::text_to_bool(t)?),
            Ty::Integer => Literal::Int(scalar::text_to_i32(t)?),
            Ty::Bigint => Literal::Int(scalar::text_to_i64(t)?),
            Ty::Double => Literal::Float(scalar::text_to_float(t)?),
            Ty::Decimal { scale, .. } => Literal::Int(scalar::text_to_dec(t, i64::from(scale))?),
            Ty::Varchar => Literal::Text(text.to_string()),
            Ty::Timestamp => Literal::Int(Timestamp::parse(text.trim())?.0),
            Ty::Interval => Literal::Interval(Interval::parse(text)?),
        })
    }
}
