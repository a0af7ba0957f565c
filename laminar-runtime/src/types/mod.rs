//! Values: the Rust types of fields and the forms that values take between stages.
//!
//! Not here: SQL types (`schema`), functions over values (`scalar`). Invariant: every type that a compiled program
//! reads in place ([`Str`], [`Sym`], [`TextRef`], [`Interval`]) has a fixed layout, said in its documentation,
//! and all-zero bytes are a valid value of it.

mod arena;
mod array;
mod bytea;
mod bytes_ref;
pub mod civil;
mod date;
mod decimal;
mod elements;
mod growing;
mod interval;
mod json;
mod list;
mod scan;
mod str;
mod sym;
mod text_ref;
mod time;
mod timestamp;
mod uuid;
mod zone;

pub use self::arena::Arena;
pub use self::array::{Array, array_of_cells};
pub(crate) use self::bytea::{parse_bytea, parse_escaped, parse_hex};
pub use self::bytes_ref::BytesRef;
pub use self::date::Date;
pub(crate) use self::decimal::{
    DEC18_BOUND, DEC38_BOUND, POW10, WIDE_POW10, parse_decimal, parse_wide_decimal, write_decimal,
};
pub use self::decimal::{Decimal, Digits, Mantissa, Precision};
pub(crate) use self::elements::compare as compare_arrays;
pub use self::elements::null_element;
pub(crate) use self::elements::{
    Elements, Raw, element_len, first_compared, put_element, without_minus_zero,
};
pub(crate) use self::growing::Growing;
pub use self::interval::Interval;
pub use self::json::Json;
pub(crate) use self::json::{JsonValue, is_json};
pub use self::list::{Iter as ListIter, List};
pub use self::str::{Str, str_text};
pub use self::sym::{Sym, sym_text};
pub use self::text_ref::TextRef;
pub use self::time::Time;
pub use self::timestamp::Timestamp;
pub(crate) use self::uuid::{parse_uuid, uuid_bytes, uuid_number, write_uuid};
pub use self::zone::Zone;

/// A text that is not a value of the type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid input syntax for type {ty}: \"{text}\"")]
pub struct ParseError {
    /// SQL name of the type.
    pub ty: &'static str,
    /// What was given.
    pub text: String,
}
