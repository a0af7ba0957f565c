//! Values: the Rust types of fields and the forms that values take between stages.
//!
//! Not here: SQL types (`schema`), functions over values (`scalar`). Invariant: every type that a compiled program
//! reads in place ([`Str`], [`Sym`], [`TextRef`], [`Interval`]) has a fixed layout, said in its documentation,
//! and all-zero bytes are a valid value of it.

mod arena;
pub mod civil;
mod decimal;
mod interval;
mod str;
mod sym;
mod text_ref;
mod timestamp;

pub use self::arena::Arena;
pub use self::decimal::Decimal;
pub(crate) use self::decimal::{DEC18_BOUND, POW10, parse_decimal, write_decimal};
pub use self::interval::Interval;
pub use self::str::{Str, str_text};
pub use self::sym::{Sym, sym_text};
pub use self::text_ref::TextRef;
pub use self::timestamp::Timestamp;

/// A text that is not a value of the type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid input syntax for type {ty}: \"{text}\"")]
pub struct ParseError {
    /// SQL name of the type.
    pub ty: &'static str,
    /// What was given.
    pub text: String,
}
