//! The one form of results: values that compare to the bit, and their texts.

use laminar::__rt::scalar::FnId;
use laminar::__rt::{Arena, Array, Cell, TextRef, Ty};
use laminar::Interval;

/// A value of a result.
#[derive(Clone, Debug)]
pub enum Value {
    /// NULL
    Null,
    /// BOOLEAN
    Bool(bool),
    /// INTEGER, BIGINT, the mantissa of a DECIMAL, ns of a TIMESTAMP
    Int(i64),
    /// DOUBLE
    Float(f64),
    /// VARCHAR, and the text form of types that SQLite has not: DATE, TIME, UUID, BYTEA, JSON, arrays, mantissas beyond 64 bits
    Text(String),
    /// INTERVAL
    Interval(Interval),
}

/// Equal to the bit.
impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::Interval(a), Value::Interval(b)) => (a.months, a.days, a.ns) == (b.months, b.days, b.ns),
            _ => false,
        }
    }
}

impl Value {
    /// The value of a cell.
    ///
    /// # Safety
    /// The cell is of this type, and its text lives.
    pub unsafe fn of_cell(cell: Cell, valid: bool, ty: Ty) -> Value {
        if !valid {
            return Value::Null;
        }
        match ty {
            Ty::Boolean => Value::Bool(cell[0] != 0),
            Ty::Decimal { .. } if ty.repr().width() == 16 => {
                let mantissa = (cell[0] as u128 | (cell[1] as u128) << 64) as i128;
                mantissa.try_into().map_or_else(|_| Value::Text(mantissa.to_string()), Value::Int)
            }
            Ty::Smallint | Ty::Integer | Ty::Bigint | Ty::Decimal { .. } | Ty::Timestamp => {
                Value::Int(cell[0] as i64)
            }
            Ty::Real | Ty::Double => Value::Float(f64::from_bits(cell[0])),
            // SAFETY: as the caller promises.
            Ty::Varchar | Ty::Json => Value::Text(unsafe { TextRef::from_cell(cell).as_str() }.to_string()),
            Ty::Date | Ty::Time | Ty::Uuid | Ty::Bytea => {
                let name = match ty {
                    Ty::Date => "date_to_text",
                    Ty::Time => "time_to_text",
                    Ty::Uuid => "uuid_to_text",
                    _ => "bytes_to_text",
                };
                let arena = Arena::new();
                let mut out = [0; 2];
                let function = FnId::by_name(name).unwrap_or_else(|| panic!("there is no {name}"));
                // SAFETY: the function takes one value of this type, whose bytes live, and gives a text of the arena.
                let text = unsafe {
                    (function.def().cell)(&arena, &cell, &mut out);
                    TextRef::from_cell(out).as_str()
                };
                Value::Text(text.to_string())
            }
            Ty::Interval => Value::Interval(Interval::from_cell(cell)),
            Ty::Array(element) => {
                // SAFETY: as the caller promises.
                let array = unsafe { Array::from_cell(element, cell) };
                Value::Text(array.map_or_else(String::new, |a| a.to_string()))
            }
        }
    }

    /// Whether both are the same answer: floats of another implementation may differ in the last digits, and −0 is 0.
    pub fn same(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Float(a), Value::Float(b)) => {
                a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
            }
            _ => self == other,
        }
    }

    /// A text by which rows sort: equal answers are neighbours.
    fn sort_key(&self) -> String {
        match self {
            Value::Null => "NULL".into(),
            // Digits beyond the tolerance must not decide.
            Value::Float(v) if *v == 0.0 => "0".into(),
            Value::Float(v) => format!("{v:.8e}"),
            other => other.to_string(),
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Null => f.write_str("NULL"),
            Value::Bool(v) => write!(f, "{v}"),
            Value::Int(v) => write!(f, "{v}"),
            Value::Float(v) => write!(f, "{v:?}"),
            Value::Text(v) => write!(f, "{v:?}"),
            Value::Interval(v) => write!(f, "{}/{}/{}", v.months, v.days, v.ns),
        }
    }
}

/// A row as text.
pub fn row_text(row: &[Value]) -> String {
    row.iter().map(Value::to_string).collect::<Vec<_>>().join(" | ")
}

/// A row that came out: its values, and how often it comes or, below zero, goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Emitted {
    /// Values of the columns.
    pub row: Vec<Value>,
    /// Its weight; of an upsert +1 puts the row of a key, −1 deletes it.
    pub weight: i64,
}

/// What remains of a sequence of emitted rows, sorted.
///
/// `keys`: the columns that identify a row, where rows are upserts.
///
/// # Panics
/// If more rows go than came.
pub fn fold(emitted: &[Emitted], keys: Option<&[u32]>) -> Vec<Vec<Value>> {
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for e in emitted {
        let same_key = |row: &Vec<Value>| match keys {
            Some(keys) => keys.iter().all(|&k| row[k as usize] == e.row[k as usize]),
            None => *row == e.row,
        };
        let found = rows.iter().position(same_key);
        match (keys.is_some(), e.weight) {
            (true, 1) => match found {
                Some(at) => rows[at].clone_from(&e.row),
                None => rows.push(e.row.clone()),
            },
            (false, 1..) => rows.extend(std::iter::repeat_n(e.row.clone(), e.weight as usize)),
            (true, -1) | (false, ..=-1) => {
                for _ in 0..-e.weight {
                    let found = rows.iter().position(same_key);
                    rows.swap_remove(
                        found.unwrap_or_else(|| panic!("{} goes but never came", row_text(&e.row))),
                    );
                }
            }
            (_, w) => panic!("weight {w}"),
        }
    }
    sort(&mut rows);
    rows
}

/// Sorts rows, so that equal results are equal lists.
pub fn sort(rows: &mut [Vec<Value>]) {
    rows.sort_by_cached_key(|row| row.iter().map(Value::sort_key).collect::<Vec<_>>());
}
