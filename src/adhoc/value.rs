//! One value of a row.

use laminar_runtime::event::FieldValue;
use laminar_runtime::scalar::{
    float_cmp, float_to_text, interval_to_text, real_to_text, text_of_value, uuid_to_text, wide_to_text,
};
use laminar_runtime::schema::{Repr, Ty};
use laminar_runtime::stage::{Cell, wide_cell, wide_of};
use laminar_runtime::types::{Arena, Array, BytesRef, Date, Interval, Json, Str, TextRef, Time, Timestamp};
use std::cmp::Ordering;
use std::fmt;

/// A SQL value.
///
/// Ordered as SQL sorts: NULL last, NaN greatest and equal to itself, texts by their bytes. `Display` is the text that
/// `CAST(value AS VARCHAR)` gives; NULL is `NULL`.
#[derive(Clone, Debug)]
pub enum Value {
    /// BOOLEAN
    Boolean(bool),
    /// SMALLINT, INTEGER and BIGINT
    Integer(i64),
    /// REAL
    Real(f32),
    /// DOUBLE
    Double(f64),
    /// DECIMAL: `mantissa / 10^scale`
    Decimal {
        /// All digits.
        mantissa: i128,
        /// How many of them are after the point.
        scale: u8,
    },
    /// VARCHAR
    Varchar(Str),
    /// TIMESTAMP
    Timestamp(Timestamp),
    /// DATE
    Date(Date),
    /// TIME
    Time(Time),
    /// INTERVAL
    Interval(Interval),
    /// UUID
    Uuid([u8; 16]),
    /// BYTEA
    Bytea(Vec<u8>),
    /// JSON
    Json(Json),
    /// An array
    Array(Array),
    /// NULL of any type
    Null,
}

impl Value {
    /// The value of a cell.
    ///
    /// # Safety
    /// The cell is of type `ty`; if it is valid, the text or bytes that it refers to are alive.
    pub(crate) unsafe fn from_cell(ty: Ty, cell: Cell, valid: bool) -> Value {
        if !valid {
            return Value::Null;
        }
        match ty {
            Ty::Boolean => Value::Boolean(cell[0] != 0),
            Ty::Smallint | Ty::Integer | Ty::Bigint => Value::Integer(cell[0] as i64),
            Ty::Real => Value::Real(f64::from_bits(cell[0]) as f32),
            Ty::Double => Value::Double(f64::from_bits(cell[0])),
            Ty::Decimal { scale, .. } => Value::Decimal { mantissa: number(ty.repr(), cell), scale },
            // SAFETY: by contract.
            Ty::Varchar => Value::Varchar(Str::new(unsafe { TextRef::from_cell(cell).as_str() })),
            Ty::Timestamp => Value::Timestamp(Timestamp(cell[0] as i64)),
            Ty::Date => Value::Date(Date::from_days(cell[0] as i64).unwrap_or_default()),
            Ty::Time => Value::Time(Time::from_ns(cell[0] as i64).unwrap_or_default()),
            Ty::Interval => Value::Interval(Interval::from_cell(cell)),
            Ty::Uuid => <[u8; 16]>::from_cell(cell, true).map_or(Value::Null, Value::Uuid),
            // SAFETY: by contract.
            Ty::Bytea => Value::Bytea(unsafe { BytesRef::from_cell(cell).as_bytes() }.to_vec()),
            Ty::Json => Json::from_cell(cell, true).map_or(Value::Null, Value::Json),
            Ty::Array(element) => {
                // SAFETY: by contract.
                let array = unsafe { Array::from_cell(element, cell) };
                array.map_or(Value::Null, Value::Array)
            }
        }
    }

    /// The cell and its validity; a text's refers to `self`.
    pub(crate) fn to_cell(&self) -> (Cell, bool) {
        let cell = match self {
            Value::Boolean(b) => [*b as u64, 0],
            Value::Integer(i) => [*i as u64, 0],
            Value::Real(f) => FieldValue::to_cell(f),
            Value::Double(f) => [f.to_bits(), 0],
            Value::Decimal { mantissa, .. } => wide_cell(*mantissa),
            Value::Varchar(s) => TextRef::new(s.as_str()).to_cell(),
            Value::Timestamp(t) => [t.0 as u64, 0],
            Value::Date(d) => d.to_cell(),
            Value::Time(t) => t.to_cell(),
            Value::Interval(i) => i.to_cell(),
            Value::Uuid(u) => u.to_cell(),
            Value::Bytea(b) => b.to_cell(),
            Value::Json(j) => j.to_cell(),
            Value::Array(a) => a.to_cell(),
            Value::Null => return ([0, 0], false),
        };
        (cell, true)
    }

    /// Whether it is NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The number of a BIGINT, INTEGER or SMALLINT.
    pub fn as_i64(&self) -> Option<i64> {
        if let Value::Integer(i) = self { Some(*i) } else { None }
    }

    /// The number of a DOUBLE.
    pub fn as_f64(&self) -> Option<f64> {
        if let Value::Double(f) = self { Some(*f) } else { None }
    }

    /// The text of a VARCHAR.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::Varchar(s) = self { Some(s.as_str()) } else { None }
    }

    /// The elements of an array.
    pub fn elements(&self) -> Option<Vec<Value>> {
        let Value::Array(array) = self else { return None };
        let (arena, ty) = (Arena::new(), array.element().ty());
        let cells = array.cells(&arena);
        // SAFETY: the cells are of the element's type, of the array or the arena, which live.
        Some(
            cells
                .map(|cell| unsafe { Value::from_cell(ty, cell.unwrap_or_default(), cell.is_some()) })
                .collect(),
        )
    }

    /// Place of the variant, for values of different types.
    fn rank(&self) -> u8 {
        match self {
            Value::Boolean(_) => 0,
            Value::Integer(_) => 1,
            Value::Double(_) => 2,
            Value::Decimal { .. } => 3,
            Value::Varchar(_) => 4,
            Value::Timestamp(_) => 5,
            Value::Interval(_) => 6,
            Value::Real(_) => 7,
            Value::Date(_) => 8,
            Value::Time(_) => 9,
            Value::Uuid(_) => 10,
            Value::Bytea(_) => 11,
            Value::Json(_) => 12,
            Value::Array(_) => 13,
            Value::Null => 14,
        }
    }
}

/// The number that a cell of an exact type holds.
fn number(repr: Repr, cell: Cell) -> i128 {
    match repr {
        Repr::Wide => wide_of(cell),
        _ => (cell[0] as i64).into(),
    }
}

/// Order of two decimals, each a mantissa and a scale.
fn compare_decimals((a, s): (i128, u8), (b, t): (i128, u8)) -> Ordering {
    let tens = |by: u8| 10_i128.checked_pow(by.into());
    let shifted = |m: i128, by: u8| tens(by).and_then(|unit| m.checked_mul(unit));
    match s.cmp(&t) {
        Ordering::Equal => a.cmp(&b),
        Ordering::Greater => compare_decimals((b, t), (a, s)).reverse(),
        // Too large to be written with the other's digits: its sign decides.
        Ordering::Less => shifted(a, t - s).map_or_else(|| a.cmp(&0), |a| a.cmp(&b)),
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Value) -> Ordering {
        match (self, other) {
            (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
            (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
            (Value::Double(a), Value::Double(b)) => float_cmp(*a, *b).cmp(&0),
            (Value::Decimal { mantissa: a, scale: s }, Value::Decimal { mantissa: b, scale: t }) => {
                compare_decimals((*a, *s), (*b, *t))
            }
            (Value::Varchar(a), Value::Varchar(b)) => a.as_str().cmp(b.as_str()),
            (Value::Timestamp(a), Value::Timestamp(b)) => a.cmp(b),
            (Value::Interval(a), Value::Interval(b)) => a.cmp(b),
            (Value::Real(a), Value::Real(b)) => float_cmp((*a).into(), (*b).into()).cmp(&0),
            (Value::Date(a), Value::Date(b)) => a.cmp(b),
            (Value::Time(a), Value::Time(b)) => a.cmp(b),
            (Value::Uuid(a), Value::Uuid(b)) => a.cmp(b),
            (Value::Bytea(a), Value::Bytea(b)) => a.cmp(b),
            (Value::Json(a), Value::Json(b)) => a.as_str().cmp(b.as_str()),
            (Value::Array(a), Value::Array(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Value) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Value {}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arena = Arena::new();
        let text = match self {
            Value::Boolean(b) => return f.write_str(if *b { "true" } else { "false" }),
            Value::Integer(i) => return write!(f, "{i}"),
            Value::Varchar(s) => return f.write_str(s.as_str()),
            Value::Timestamp(t) => return write!(f, "{t}"),
            Value::Null => return f.write_str("NULL"),
            Value::Date(d) => return write!(f, "{d}"),
            Value::Time(t) => return write!(f, "{t}"),
            Value::Json(j) => return f.write_str(j.as_str()),
            Value::Array(a) => return write!(f, "{a}"),
            Value::Real(v) => real_to_text(&arena, (*v).into()),
            Value::Double(v) => float_to_text(&arena, *v),
            Value::Decimal { mantissa, scale } => wide_to_text(&arena, *mantissa, *scale as i64),
            Value::Uuid(u) => uuid_to_text(&arena, u.load()),
            // SAFETY: the bytes are the value's.
            Value::Bytea(b) => unsafe { text_of_value(&arena, Ty::Bytea, BytesRef::new(b).to_cell()) },
            Value::Interval(i) => interval_to_text(&arena, *i),
        };
        // SAFETY: the text is in the arena.
        f.write_str(unsafe { text.as_str() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use laminar_runtime::schema::Element;

    #[test]
    fn order_of_sql() {
        let sorted = [
            Value::Double(-1.0),
            Value::Double(-0.0),
            Value::Double(f64::INFINITY),
            Value::Double(f64::NAN),
            Value::Null,
        ];
        assert!(sorted.is_sorted_by(|a, b| a < b));
        assert_eq!(Value::Double(0.0), Value::Double(-0.0));
        assert_eq!(Value::Double(f64::NAN), Value::Double(f64::NAN));
        assert!(Value::Decimal { mantissa: 150, scale: 2 } < Value::Decimal { mantissa: 16, scale: 1 });
        let (large, small) = (
            Value::Decimal { mantissa: 10_i128.pow(37), scale: 0 },
            Value::Decimal { mantissa: 5, scale: 38 },
        );
        assert_eq!((small.cmp(&large), large.cmp(&small)), (Ordering::Less, Ordering::Greater));
        let negative = Value::Decimal { mantissa: -(10_i128.pow(37)), scale: 0 };
        assert!(negative < small && negative < large);
        assert!(Value::Varchar(Str::new("Z")) < Value::Varchar(Str::new("a")));
    }

    #[test]
    fn cells_and_texts() {
        let decimal = Ty::Decimal { precision: 9, scale: 2 };
        let interval = Interval { months: 1, days: 0, ns: 0 };
        for (value, ty, text) in [
            (Value::Boolean(true), Ty::Boolean, "true"),
            (Value::Integer(-7), Ty::Bigint, "-7"),
            (Value::Double(0.1), Ty::Double, "0.1"),
            (Value::Decimal { mantissa: -105, scale: 2 }, decimal, "-1.05"),
            (
                Value::Varchar(Str::new("a long text that is not inline")),
                Ty::Varchar,
                "a long text that is not inline",
            ),
            (Value::Timestamp(Timestamp(1_500_000_000)), Ty::Timestamp, "1970-01-01 00:00:01.5"),
            (Value::Interval(interval), Ty::Interval, "1 mon"),
            (Value::Real(0.1), Ty::Real, "0.1"),
            (
                Value::Decimal { mantissa: -(10_i128.pow(37)), scale: 37 },
                Ty::Decimal { precision: 38, scale: 37 },
                "-1.0000000000000000000000000000000000000",
            ),
            (Value::Date(Date::MIN), Ty::Date, "4714-11-24 BC"),
            (Value::Time(Time::MAX), Ty::Time, "24:00:00"),
            (Value::Uuid([0xab; 16]), Ty::Uuid, "abababab-abab-abab-abab-abababababab"),
            (Value::Bytea(vec![0, 255]), Ty::Bytea, "\\x00ff"),
            (Value::Json(Json::parse("[1]").unwrap()), Ty::Json, "[1]"),
            (
                Value::Array(Array::parse(Element::Varchar, "{a,NULL,\"b c\"}").unwrap()),
                Ty::Array(Element::Varchar),
                "{a,NULL,\"b c\"}",
            ),
            (Value::Null, Ty::Double, "NULL"),
        ] {
            let (cell, valid) = value.to_cell();
            // SAFETY: `value` is alive.
            assert_eq!(unsafe { Value::from_cell(ty, cell, valid) }, value);
            assert_eq!(value.to_string(), text);
        }
    }
}
