//! One value of a row.

use laminar_runtime::scalar::{dec_to_text, float_cmp, float_to_text, interval_to_text};
use laminar_runtime::schema::Ty;
use laminar_runtime::stage::Cell;
use laminar_runtime::types::{Arena, Interval, Str, TextRef, Timestamp};
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
    /// INTEGER and BIGINT
    Integer(i64),
    /// DOUBLE
    Double(f64),
    /// DECIMAL: `mantissa / 10^scale`
    Decimal {
        /// All digits.
        mantissa: i64,
        /// How many of them are after the point.
        scale: u8,
    },
    /// VARCHAR
    Varchar(Str),
    /// TIMESTAMP
    Timestamp(Timestamp),
    /// INTERVAL
    Interval(Interval),
    /// NULL of any type
    Null,
}

impl Value {
    /// The value of a cell.
    ///
    /// # Safety
    /// If `ty` is `VARCHAR` and the cell is valid, its text is alive.
    pub(crate) unsafe fn from_cell(ty: Ty, cell: Cell, valid: bool) -> Value {
        if !valid {
            return Value::Null;
        }
        match ty {
            Ty::Boolean => Value::Boolean(cell[0] != 0),
            Ty::Integer | Ty::Bigint => Value::Integer(cell[0] as i64),
            Ty::Double => Value::Double(f64::from_bits(cell[0])),
            Ty::Decimal { scale, .. } => Value::Decimal { mantissa: cell[0] as i64, scale },
            // SAFETY: by contract.
            Ty::Varchar => Value::Varchar(Str::new(unsafe { TextRef::from_cell(cell).as_str() })),
            Ty::Timestamp => Value::Timestamp(Timestamp(cell[0] as i64)),
            Ty::Interval => Value::Interval(Interval::from_cell(cell)),
        }
    }

    /// The cell and its validity; a text's refers to `self`.
    pub(crate) fn to_cell(&self) -> (Cell, bool) {
        let cell = match self {
            Value::Boolean(b) => [*b as u64, 0],
            Value::Integer(i) => [*i as u64, 0],
            Value::Double(f) => [f.to_bits(), 0],
            Value::Decimal { mantissa, .. } => [*mantissa as u64, 0],
            Value::Varchar(s) => TextRef::new(s.as_str()).to_cell(),
            Value::Timestamp(t) => [t.0 as u64, 0],
            Value::Interval(i) => i.to_cell(),
            Value::Null => return ([0, 0], false),
        };
        (cell, true)
    }

    /// Whether it is NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The number of a BIGINT or INTEGER.
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
            Value::Null => 7,
        }
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Value) -> Ordering {
        match (self, other) {
            (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
            (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
            (Value::Double(a), Value::Double(b)) => float_cmp(*a, *b).cmp(&0),
            (Value::Decimal { mantissa: a, scale: s }, Value::Decimal { mantissa: b, scale: t }) => {
                let shift = |m: i64, by: u8| m as i128 * 10_i128.pow(by.min(18) as u32);
                shift(*a, t.saturating_sub(*s)).cmp(&shift(*b, s.saturating_sub(*t)))
            }
            (Value::Varchar(a), Value::Varchar(b)) => a.as_str().cmp(b.as_str()),
            (Value::Timestamp(a), Value::Timestamp(b)) => a.cmp(b),
            (Value::Interval(a), Value::Interval(b)) => a.cmp(b),
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
            Value::Double(v) => float_to_text(&arena, *v),
            Value::Decimal { mantissa, scale } => dec_to_text(&arena, *mantissa, *scale as i64),
            Value::Interval(i) => interval_to_text(&arena, *i),
        };
        // SAFETY: the text is in the arena.
        f.write_str(unsafe { text.as_str() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            (Value::Null, Ty::Double, "NULL"),
        ] {
            let (cell, valid) = value.to_cell();
            // SAFETY: `value` is alive.
            assert_eq!(unsafe { Value::from_cell(ty, cell, valid) }, value);
            assert_eq!(value.to_string(), text);
        }
    }
}
