//! SQL types, columns, and how a value of each type is held between two stages.
//!
//! Not here: the Rust types of fields (`types`), the bytes of state rows (`plan`).

use std::borrow::Cow;
use std::fmt;

macro_rules! types {
    ($($(#[$doc:meta])* $ty:ident $name:literal $(| $alias:literal)* => $repr:ident, $rust:literal;)*) => {
        /// A SQL type.
        ///
        /// A type without parameters is a line of the table here: its names, how values are held, the Rust type of its fields.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Ty {
            $($(#[$doc])* $ty,)*
            /// `DECIMAL(precision, scale)`, up to 38 digits
            Decimal {
                /// Digits in all, at most 38.
                precision: u8,
                /// Digits after the point.
                scale: u8,
            },
            /// `T[]`: an array of one dimension
            Array(Element),
        }

        /// The type of an array's elements: any type but an array.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Element {
            $($(#[$doc])* $ty,)*
            /// `DECIMAL(precision, scale)`
            Decimal {
                /// Digits in all.
                precision: u8,
                /// Digits after the point.
                scale: u8,
            },
        }

        impl Element {
            /// The type.
            pub const fn ty(self) -> Ty {
                match self {
                    $(Element::$ty => Ty::$ty,)*
                    Element::Decimal { precision, scale } => Ty::Decimal { precision, scale },
                }
            }
        }

        impl Ty {
            /// This type as that of elements; none for an array.
            pub const fn element(self) -> Option<Element> {
                match self {
                    $(Ty::$ty => Some(Element::$ty),)*
                    Ty::Decimal { precision, scale } => Some(Element::Decimal { precision, scale }),
                    Ty::Array(_) => None,
                }
            }

            /// The types without parameters.
            pub const PLAIN: &'static [Ty] = &[$(Ty::$ty),*];

            /// All names of types without parameters, and what they name; the first of a type is its own.
            pub const NAMES: &'static [(&'static str, Ty)] = &[$(($name, Ty::$ty), $(($alias, Ty::$ty),)*)*];

            /// Its name, without parameters.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Ty::$ty => $name,)*
                    Ty::Decimal { .. } => "DECIMAL",
                    Ty::Array(_) => "ARRAY",
                }
            }

            /// How a value of this type is held between stages.
            pub const fn repr(self) -> Repr {
                match self {
                    $(Ty::$ty => Repr::$repr,)*
                    Ty::Decimal { precision: 0..=NARROW_DIGITS, .. } => Repr::Int,
                    Ty::Decimal { .. } => Repr::Wide,
                    Ty::Array(_) => Repr::Bytes,
                }
            }

            /// The Rust type of a NOT NULL field: `i32`, `Decimal<10, 2>`.
            pub fn rust(self) -> Cow<'static, str> {
                match self {
                    $(Ty::$ty => Cow::Borrowed($rust),)*
                    Ty::Decimal { precision, scale } => Cow::Owned(format!("Decimal<{precision}, {scale}>")),
                    Ty::Array(element) => Cow::Owned(format!("List<Option<{}>>", element.ty().rust())),
                }
            }
        }
    };
}

types! {
    /// `BOOLEAN`
    Boolean "BOOLEAN" | "BOOL" => Bool, "bool";
    /// `SMALLINT`, 16 bits
    Smallint "SMALLINT" | "INT2" => Int, "i16";
    /// `INTEGER`, 32 bits
    Integer "INTEGER" | "INT" | "INT4" => Int, "i32";
    /// `BIGINT`, 64 bits
    Bigint "BIGINT" | "INT8" => Int, "i64";
    /// `REAL`: a float of 32 bits, held as one of 64 bits with the same value
    Real "REAL" | "FLOAT4" => Float, "f32";
    /// `DOUBLE`
    Double "DOUBLE" | "DOUBLE PRECISION" | "FLOAT8" => Float, "f64";
    /// `VARCHAR`, UTF-8
    Varchar "VARCHAR" | "TEXT" | "STRING" => Text, "Str";
    /// `TIMESTAMP`, nanoseconds since 1970 in UTC
    Timestamp "TIMESTAMP" | "TIMESTAMPTZ" => Int, "Timestamp";
    /// `DATE`, days since 1970
    Date "DATE" => Int, "Date";
    /// `TIME`, nanoseconds since midnight
    Time "TIME" => Int, "Time";
    /// `INTERVAL` of months, days and nanoseconds
    Interval "INTERVAL" => Interval, "Interval";
    /// `UUID`: the 16 bytes as one big-endian number, its first bit turned, so that it is ordered as a signed one
    Uuid "UUID" => Wide, "[u8; 16]";
    /// `BYTEA`, bytes
    Bytea "BYTEA" | "BYTES" => Bytes, "Vec<u8>";
    /// `JSON`: a text that is JSON
    Json "JSON" => Text, "Json";
}

/// A DECIMAL of at most so many digits has a mantissa of 64 bits; one of more has 128.
pub const NARROW_DIGITS: u8 = 18;
/// Digits of the widest DECIMAL.
pub const DECIMAL_DIGITS_MAX: u8 = 38;

impl Ty {
    /// The type without parameters of this name, in any case.
    pub fn named(name: &str) -> Option<Ty> {
        Ty::NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, ty)| *ty)
    }

    /// Whether it is one of the integers.
    pub const fn is_integer(self) -> bool {
        matches!(self, Ty::Smallint | Ty::Integer | Ty::Bigint)
    }

    /// Whether it is a float.
    pub const fn is_float(self) -> bool {
        matches!(self, Ty::Real | Ty::Double)
    }

    /// Whether it is a number.
    pub const fn is_number(self) -> bool {
        self.is_integer() || self.is_float() || matches!(self, Ty::Decimal { .. })
    }

    /// Whether it is an array.
    pub const fn is_array(self) -> bool {
        matches!(self, Ty::Array(_))
    }

    /// Whether its values have an order, so that they can be compared and grouped.
    pub const fn is_ordered(self) -> bool {
        // Intervals of one length are equal in many forms, which the bytes of an array do not tell.
        !matches!(self, Ty::Json | Ty::Array(Element::Json | Element::Interval))
    }

    /// Whether every value of `from` is a value of this type, held the same way: a field may widen its column.
    pub fn takes(self, from: Ty) -> bool {
        match (self, from) {
            (Ty::Bigint, Ty::Integer | Ty::Smallint) | (Ty::Integer, Ty::Smallint) => true,
            (Ty::Double, Ty::Real) => true,
            (Ty::Decimal { precision, scale }, Ty::Decimal { precision: p, scale: s }) => {
                s == scale && p <= precision && self.repr() == from.repr()
            }
            (Ty::Array(to), Ty::Array(from)) => {
                let (to, from) = (to.ty(), from.ty());
                to.takes(from) && to.repr() == from.repr()
            }
            _ => self == from,
        }
    }
}

impl Element {
    /// As a number, for functions that are told the type of elements.
    pub fn code(self) -> i64 {
        match self.ty() {
            Ty::Decimal { precision, scale } => {
                i64::from(precision) << 16 | i64::from(scale) << 8 | DECIMAL_CODE
            }
            plain => Ty::PLAIN.iter().position(|ty| *ty == plain).unwrap_or_default() as i64,
        }
    }

    /// The type of a number; none for what is no [`Element::code`].
    pub fn of_code(code: i64) -> Option<Element> {
        if code & 0xff == DECIMAL_CODE {
            let (precision, scale) = (u8::try_from(code >> 16).ok()?, (code >> 8) as u8);
            let is_type = (1..=DECIMAL_DIGITS_MAX).contains(&precision) && scale <= precision;
            return is_type.then_some(Element::Decimal { precision, scale });
        }
        Ty::PLAIN.get(usize::try_from(code).ok()?)?.element()
    }
}

/// The low byte of the code of a DECIMAL.
const DECIMAL_CODE: i64 = 0xff;

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ty::Decimal { precision, scale } => write!(f, "DECIMAL({precision}, {scale})"),
            Ty::Array(element) => write!(f, "{}[]", element.ty()),
            plain => f.write_str(plain.name()),
        }
    }
}

/// How a value is held between two stages: one 8-byte word, or a pair of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repr {
    /// One word, 0 or 1.
    Bool,
    /// One word: every integer (sign-extended), decimal mantissa up to 18 digits, timestamp, date and time.
    Int,
    /// One word: the bits of an `f64`.
    Float,
    /// A pair: address and length in bytes of UTF-8 ([`crate::types::TextRef`]).
    Text,
    /// A pair: address and length of bytes ([`crate::types::BytesRef`]): BYTEA and arrays.
    Bytes,
    /// A pair: months in the low and days in the high half of word 0, nanoseconds in word 1.
    Interval,
    /// A pair: low and high half of an `i128`: decimal mantissa above 18 digits, UUID, the state of integer sums.
    Wide,
}

impl Repr {
    /// Bytes of one cell: 8, or 16 for pairs.
    pub const fn width(self) -> usize {
        match self {
            Repr::Bool | Repr::Int | Repr::Float => 8,
            Repr::Text | Repr::Bytes | Repr::Interval | Repr::Wide => 16,
        }
    }

    /// Whether a value is address and length of something in other memory.
    pub const fn is_reference(self) -> bool {
        matches!(self, Repr::Text | Repr::Bytes)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_elements() {
        let decimals = [(1, 0), (18, 18), (38, 5)].map(|(precision, scale)| Ty::Decimal { precision, scale });
        for ty in Ty::PLAIN.iter().copied().chain(decimals) {
            let element = ty.element().unwrap();
            assert_eq!((element.ty(), Element::of_code(element.code())), (ty, Some(element)));
        }
        for bad in [-1, i64::MIN, 200, 0xff, 39 << 16 | 0xff, 2 << 16 | 3 << 8 | 0xff, 1 << 40] {
            assert_eq!(Element::of_code(bad), None, "{bad}");
        }
    }
}
