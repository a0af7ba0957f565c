//! SQL types, columns, and how a value of each type is held between two stages.
//!
//! Not here: the Rust types of fields (`types`), the bytes of state rows (`plan`).

use std::borrow::Cow;
use std::fmt;

/// A SQL type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    /// `BOOLEAN`
    Boolean,
    /// `INTEGER`, 32 bits
    Integer,
    /// `BIGINT`, 64 bits
    Bigint,
    /// `DOUBLE`
    Double,
    /// `DECIMAL(precision, scale)`, up to 18 digits
    Decimal {
        /// Digits in all, at most 18.
        precision: u8,
        /// Digits after the point.
        scale: u8,
    },
    /// `VARCHAR`, UTF-8
    Varchar,
    /// `TIMESTAMP`, nanoseconds since 1970 in UTC
    Timestamp,
    /// `INTERVAL` of months, days and nanoseconds
    Interval,
}

impl Ty {
    /// The types without parameters.
    pub const PLAIN: &'static [Ty] =
        &[Ty::Boolean, Ty::Integer, Ty::Bigint, Ty::Double, Ty::Varchar, Ty::Timestamp, Ty::Interval];

    /// How a value of this type is held between stages.
    pub const fn repr(self) -> Repr {
        match self {
            Ty::Boolean => Repr::Bool,
            Ty::Integer | Ty::Bigint | Ty::Decimal { .. } | Ty::Timestamp => Repr::Int,
            Ty::Double => Repr::Float,
            Ty::Varchar => Repr::Text,
            Ty::Interval => Repr::Interval,
        }
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ty::Boolean => f.write_str("BOOLEAN"),
            Ty::Integer => f.write_str("INTEGER"),
            Ty::Bigint => f.write_str("BIGINT"),
            Ty::Double => f.write_str("DOUBLE"),
            Ty::Decimal { precision, scale } => write!(f, "DECIMAL({precision}, {scale})"),
            Ty::Varchar => f.write_str("VARCHAR"),
            Ty::Timestamp => f.write_str("TIMESTAMP"),
            Ty::Interval => f.write_str("INTERVAL"),
        }
    }
}

/// How a value is held between two stages: one 8-byte word, or a pair of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repr {
    /// One word, 0 or 1.
    Bool,
    /// One word: every integer (sign-extended), decimal mantissa and timestamp.
    Int,
    /// One word: the bits of an `f64`.
    Float,
    /// A pair: address and length in bytes ([`crate::types::TextRef`]).
    Text,
    /// A pair: months in the low and days in the high half of word 0, nanoseconds in word 1.
    Interval,
    /// A pair: low and high half of an `i128`, the state of integer sums.
    Wide,
}

impl Repr {
    /// Bytes of one cell: 8, or 16 for pairs.
    pub const fn width(self) -> usize {
        match self {
            Repr::Bool | Repr::Int | Repr::Float => 8,
            Repr::Text | Repr::Interval | Repr::Wide => 16,
        }
    }
}

/// A named column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Column {
    /// Name as declared.
    pub name: Cow<'static, str>,
    /// SQL type.
    pub ty: Ty,
    /// Whether NULL may occur.
    pub nullable: bool,
}

impl Column {
    /// A column with a name known at compile time.
    pub const fn fixed(name: &'static str, ty: Ty, nullable: bool) -> Column {
        Column { name: Cow::Borrowed(name), ty, nullable }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.name, self.ty, if self.nullable { "" } else { " NOT NULL" })
    }
}
