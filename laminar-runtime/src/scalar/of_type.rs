//! Casts of a value whose type is known only at run time: fields of files, and elements of arrays.
//!
//! The rules are those of `CAST`, by the functions that compiled casts call. Not here: which casts there are, of which the compiler
//! has the table.

use super::*;
use crate::schema::{Repr, Ty};
use crate::stage::wide_cell;
use crate::types::{Arena, BytesRef, Date, Interval, TextRef, Time, Timestamp, parse_uuid};

fn word(value: i64) -> Cell {
    [value as u64, 0]
}

fn float(value: f64) -> Cell {
    [value.to_bits(), 0]
}

/// The value that a text is, by the rules of `CAST(text AS ty)`; none where it is not of the type. The cell refers to the
/// text or to the arena.
pub fn value_of_text(arena: &Arena, ty: Ty, text: &str) -> Option<Cell> {
    match ty {
        Ty::Boolean => parse_bool(text).map(|b| [b as u64, 0]),
        Ty::Smallint => parse_i16(text).map(word),
        Ty::Integer => parse_i32(text).map(word),
        Ty::Bigint => parse_i64(text).map(word),
        Ty::Real => parse_real(text).map(float),
        Ty::Double => parse_float(text).map(float),
        Ty::Decimal { scale, .. } => decimal(parse_wide(text, scale.into())?, scale, ty),
        Ty::Varchar => Some(TextRef::new(text).to_cell()),
        Ty::Timestamp => Timestamp::parse(text).map(|t| word(t.0)),
        Ty::Date => Date::parse(text).map(|d| word(d.days().into())),
        Ty::Time => Time::parse(text).map(|t| word(t.ns())),
        Ty::Interval => Interval::parse(text).map(Interval::to_cell),
        Ty::Uuid => parse_uuid(text).map(wide_cell),
        // SAFETY: the text lives.
        Ty::Bytea => unsafe { text_to_bytes(arena, TextRef::new(text)) }.map(|b| b.to_cell()),
        // SAFETY: the text lives.
        Ty::Json => unsafe { text_to_json(TextRef::new(text)) }.map(TextRef::to_cell),
        Ty::Array(element) => array::of_text(arena, text, element).map(BytesRef::to_cell),
    }
}

/// The text that `CAST(value AS VARCHAR)` gives.
///
/// # Safety
/// The cell is a value of the type, and what it refers to lives.
pub unsafe fn text_of_value(arena: &Arena, ty: Ty, cell: Cell) -> TextRef {
    let int = cell[0] as i64;
    let number = (cell[0] as u128 | (cell[1] as u128) << 64) as i128;
    match ty {
        Ty::Boolean => bool_to_text(cell[0] != 0),
        Ty::Smallint | Ty::Integer | Ty::Bigint => int_to_text(arena, int),
        Ty::Real => real_to_text(arena, f64::from_bits(cell[0])),
        Ty::Double => float_to_text(arena, f64::from_bits(cell[0])),
        Ty::Decimal { scale, .. } if ty.repr() == Repr::Wide => wide_to_text(arena, number, scale.into()),
        Ty::Decimal { scale, .. } => dec_to_text(arena, int, scale.into()),
        Ty::Varchar | Ty::Json => TextRef::from_cell(cell),
        Ty::Timestamp => ts_to_text(arena, int),
        Ty::Date => date_to_text(arena, int),
        Ty::Time => time_to_text(arena, int),
        Ty::Interval => interval_to_text(arena, Interval::from_cell(cell)),
        Ty::Uuid => uuid_to_text(arena, number),
        // SAFETY: by contract.
        Ty::Bytea => unsafe { bytea::text_of_bytes(arena, BytesRef::from_cell(cell)) },
        // SAFETY: by contract.
        Ty::Array(element) => unsafe { array::to_text(arena, BytesRef::from_cell(cell), element) },
    }
}

/// A value as one of another type; none where it is none, or there is no cast.
///
/// # Safety
/// As for [`text_of_value`].
pub(super) unsafe fn cast_value(arena: &Arena, from: Ty, to: Ty, cell: Cell) -> Option<Cell> {
    let int = cell[0] as i64;
    let f = f64::from_bits(cell[0]);
    Some(match (from, to) {
        _ if from == to => cell,
        // SAFETY: by contract.
        (_, Ty::Varchar) => unsafe { text_of_value(arena, from, cell) }.to_cell(),
        // SAFETY: by contract.
        (Ty::Varchar, _) => return value_of_text(arena, to, unsafe { TextRef::from_cell(cell).as_str() }),
        (Ty::Real | Ty::Double, Ty::Smallint) => word(float_to_i16(f)?),
        (Ty::Real | Ty::Double, Ty::Integer) => word(float_to_i32(f)?),
        (Ty::Real | Ty::Double, Ty::Bigint) => word(float_to_i64(f)?),
        (Ty::Real, Ty::Double) => cell,
        (Ty::Double, Ty::Real) => float(float_to_real(f)?),
        (Ty::Real, Ty::Decimal { scale, .. }) => decimal(real_to_wide(f, scale.into())?, scale, to)?,
        (Ty::Double, Ty::Decimal { scale, .. }) => decimal(float_to_wide(f, scale.into())?, scale, to)?,
        (Ty::Integer, Ty::Boolean) => [u64::from(int != 0), 0],
        (Ty::Boolean, Ty::Integer) => [cell[0], 0],
        (Ty::Date, Ty::Timestamp) => word(date_to_ts(int)?),
        (Ty::Timestamp, Ty::Date) => word(ts_to_date(int)),
        (Ty::Timestamp, Ty::Time) => word(ts_to_time(int)),
        (Ty::Interval, Ty::Time) => word(interval_to_time(Interval::from_cell(cell))),
        (Ty::Time, Ty::Interval) => time_to_interval(int).to_cell(),
        _ if from.is_integer() || matches!(from, Ty::Decimal { .. }) => {
            let (number, scale) = exact(from, cell);
            match to {
                Ty::Smallint => word(i16::try_from(wide_dec_to_int(number, scale.into())?).ok()?.into()),
                Ty::Integer => word(i32::try_from(wide_dec_to_int(number, scale.into())?).ok()?.into()),
                Ty::Bigint => word(wide_dec_to_int(number, scale.into())?),
                Ty::Real => float(wide_dec_to_real(number, scale.into())),
                Ty::Double => float(wide_dec_to_float(number, scale.into())),
                Ty::Decimal { .. } => decimal(number, scale, to)?,
                _ => return None,
            }
        }
        _ => return None,
    })
}

/// The digits of an exact number, and how many of them are after the point.
fn exact(ty: Ty, cell: Cell) -> (i128, u8) {
    let number = match ty.repr() {
        Repr::Wide => (cell[0] as u128 | (cell[1] as u128) << 64) as i128,
        _ => i128::from(cell[0] as i64),
    };
    match ty {
        Ty::Decimal { scale, .. } => (number, scale),
        _ => (number, 0),
    }
}

/// A number as a DECIMAL, rounded half away from zero; none where it has too many digits.
fn decimal(number: i128, scale: u8, to: Ty) -> Option<Cell> {
    let Ty::Decimal { precision, scale: kept } = to else { return None };
    let number = wide_rescale(number, scale.into(), kept.into())?;
    let cell = wide_cell(wide_fit(number, precision.into())?);
    Some(if to.repr() == Repr::Wide { cell } else { [cell[0], 0] })
}
