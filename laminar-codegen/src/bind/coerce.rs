//! Which types go together, and the casts that bring them together.

use crate::casts::{self, digits};
use crate::diagnostic::{Diagnostic, code};
use crate::plan::expr::{Expr, Kind, Literal};
use laminar_runtime::scalar;
use laminar_runtime::schema::{DECIMAL_DIGITS_MAX, Repr, Ty};
use laminar_runtime::types::{Arena, TextRef};

/// A DECIMAL with so many digits before and after the point; at the limit, fewer before it.
pub fn decimal(whole: u8, scale: u8) -> Ty {
    Ty::Decimal { precision: whole.saturating_add(scale).clamp(1, DECIMAL_DIGITS_MAX), scale }
}

/// Whether the type is a number.
pub fn is_number(ty: Ty) -> bool {
    ty.is_number()
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
        (x, y) if x.is_integer() && y.is_integer() => {
            if x.takes(y) {
                x
            } else {
                y
            }
        }
        (Double, x) | (x, Double) if x.is_number() => Double,
        (Real, x) | (x, Real) if x.is_number() => Real,
        (x, y) if x.is_number() && y.is_number() => {
            let ((w, s), (v, t)) = (digits(x)?, digits(y)?);
            decimal(w.max(v), s.max(t))
        }
        (Date, Timestamp) | (Timestamp, Date) => Timestamp,
        (Array(x), Array(y)) => Array(common(x.ty(), y.ty())?.element()?),
        _ => return None,
    })
}

/// The type in which an operator takes both: as [`common`], but a REAL beside another number is a DOUBLE.
pub fn operand_type(a: Ty, b: Ty) -> Option<Ty> {
    match common(a, b)? {
        Ty::Real if a != b => Some(Ty::Double),
        ty => Some(ty),
    }
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
    e.ty == Some(Ty::Varchar) && matches!(e.kind, Kind::Literal(Literal::Text(_)))
}

/// Whether CAST goes from one type to the other.
pub fn castable(from: Ty, to: Ty) -> bool {
    from == to || casts::exists(from, to)
}

/// Whether an assignment brings values of one type to another: by an implicit cast, or as a number that narrows where it fits. Arrays
/// go element by element.
pub fn assignable(from: Ty, to: Ty) -> bool {
    match (from, to) {
        (Ty::Array(from), Ty::Array(to)) => assignable(from.ty(), to.ty()),
        _ => (is_number(from) && is_number(to)) || common(from, to) == Some(to),
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
        if let (Literal::Text(text), Some(Ty::Varchar)) = (literal, e.ty) {
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
    let (mantissa, from) = match literal {
        Literal::Int(v) => (i128::from(*v), from?),
        Literal::Wide(v) => (*v, from?),
        _ => return None,
    };
    match to {
        Ty::Bigint | Ty::Integer if to.takes(from) => Some(Literal::Int(mantissa.try_into().ok()?)),
        Ty::Decimal { precision, scale: to_scale } => {
            let by = 10i128.checked_pow(u32::from(to_scale.checked_sub(scale(from))?))?;
            let mantissa = mantissa.checked_mul(by)?;
            let fits = mantissa.unsigned_abs() < 10u128.pow(precision.into());
            fits.then(|| exact(mantissa, to))
        }
        Ty::Double => match from {
            Ty::Decimal { scale, .. } => {
                Some(Literal::Float(scalar::wide_dec_to_float(mantissa, i64::from(scale))))
            }
            _ => Some(Literal::Float(mantissa as f64)),
        },
        Ty::Real => Some(Literal::Float(scalar::wide_dec_to_real(mantissa, scale(from).into()))),
        _ => None,
    }
}

/// The literal of a mantissa, as DECIMALs of its type are held.
pub fn exact(mantissa: i128, ty: Ty) -> Literal {
    match (ty.repr(), i64::try_from(mantissa)) {
        (Repr::Int, Ok(narrow)) => Literal::Int(narrow),
        _ => Literal::Wide(mantissa),
    }
}

/// What a text in quotes is as a value of `ty`: the same rules as CAST at run time.
pub fn literal_of(text: &str, ty: Ty) -> Option<Literal> {
    let t = TextRef::new(text);
    let arena = Arena::new();
    // SAFETY: `t` borrows `text`, which outlives these calls; the arena lives.
    unsafe {
        Some(match ty {
            Ty::Boolean => Literal::Bool(scalar::text_to_bool(t)?),
            Ty::Smallint => Literal::Int(scalar::text_to_i16(t)?),
            Ty::Integer => Literal::Int(scalar::text_to_i32(t)?),
            Ty::Bigint => Literal::Int(scalar::text_to_i64(t)?),
            Ty::Real => Literal::Float(scalar::text_to_real(t)?),
            Ty::Double => Literal::Float(scalar::text_to_float(t)?),
            Ty::Decimal { precision, scale } => {
                let digits = scalar::text_to_wide(t, i64::from(scale))?;
                exact(scalar::wide_fit(digits, i64::from(precision))?, ty)
            }
            Ty::Varchar => Literal::Text(text.to_string()),
            Ty::Timestamp => Literal::Int(scalar::text_to_ts(t)?),
            Ty::Date => Literal::Int(scalar::text_to_date(t)?),
            Ty::Time => Literal::Int(scalar::text_to_time(t)?),
            Ty::Interval => Literal::Interval(scalar::text_to_interval(t)?),
            Ty::Uuid => Literal::Wide(scalar::text_to_uuid(t)?),
            Ty::Bytea => Literal::Bytes(scalar::text_to_bytes(&arena, t)?.as_bytes().to_vec()),
            Ty::Json => Literal::Text(scalar::text_to_json(t)?.as_str().to_string()),
            Ty::Array(element) => {
                Literal::Bytes(scalar::text_to_array(&arena, t, element.code())?.as_bytes().to_vec())
            }
        })
    }
}
