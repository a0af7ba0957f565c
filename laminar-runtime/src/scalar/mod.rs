//! Scalar functions of SQL: total, and one source for all executors.
//!
//! Every function exists twice: as a typed Rust function, which generated code calls as `scalar::<name>`,
//! and as a [`CellFn`], which the interpreter and compiled code reach through [`FUNCTIONS`]. A function that can fail
//! gives an `Option`; as a cell function it then writes zeros and returns 1.
//!
//! Functions that read a [`TextRef`](crate::types::TextRef) are `unsafe`: the text must live. What they give lives as long as their
//! arguments and the arena's step.
//!
//! Not here: NULL (functions are strict, their callers see to it), arithmetic on `i64` and `f64` (instructions of the
//! back ends). Invariant: no function panics, allocates outside the arena, or reads anything but its arguments.
//! Semantics: PostgreSQL 17, C collation, UTC.

use crate::schema::Repr;
use crate::stage::Cell;
use crate::types::Arena;

mod array;
mod array_text;
mod buffer;
mod built;
mod bytea;
mod code;
mod compare;
mod date;
mod date_format;
mod decimal;
mod digest;
mod edit;
mod encode;
mod extract;
mod float;
mod float_text;
mod integer;
mod interval;
mod json;
mod like;
mod make_time;
mod moment;
mod of_type;
mod parse;
mod regexp;
mod round;
mod span;
mod table;
mod text;
mod to_char;
mod to_text;
mod to_timestamp;
mod truncate;
mod value;
mod wide;
mod wide_decimal;
mod wide_round;
mod zone;

pub use self::array::*;
pub use self::array_text::*;
pub use self::built::RESULT_BYTES_MAX;
pub use self::bytea::*;
pub use self::code::*;
pub use self::compare::*;
pub use self::date::*;
pub use self::date_format::*;
pub use self::decimal::*;
pub use self::digest::*;
pub use self::edit::*;
pub use self::encode::*;
pub use self::extract::*;
pub use self::float::*;
pub use self::integer::*;
pub use self::interval::*;
pub use self::json::*;
pub use self::like::*;
pub use self::make_time::*;
pub use self::moment::*;
pub use self::of_type::{text_of_value, value_of_text};
pub use self::parse::*;
pub use self::regexp::*;
pub use self::round::*;
pub use self::span::*;
pub use self::table::FUNCTIONS;
pub use self::text::*;
pub use self::to_char::*;
pub use self::to_text::*;
pub use self::to_timestamp::*;
pub use self::truncate::*;
pub use self::wide::*;
pub use self::wide_decimal::*;
pub use self::wide_round::*;
pub use self::zone::*;

/// A function as the interpreter and compiled code call it: reads one cell an argument, writes `out`, returns 1 where it
/// fails. The arena may be null where [`FnDef::arena`] is false.
pub type CellFn = unsafe extern "C" fn(arena: *const Arena, args: *const Cell, out: *mut Cell) -> u32;

/// A scalar function.
#[derive(Clone, Copy, Debug)]
pub struct FnDef {
    /// Name, also of the typed function in this module.
    pub name: &'static str,
    /// Representations of the arguments.
    pub args: &'static [Repr],
    /// Representation of the result.
    pub ret: Repr,
    /// Whether the typed function gives an `Option`.
    pub fallible: bool,
    /// Whether the typed function takes `&Arena` before its arguments.
    pub arena: bool,
    /// The function over cells.
    pub cell: CellFn,
}

/// Number of a function: its index in [`FUNCTIONS`]. Not stable between versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FnId(pub u16);

impl FnId {
    /// The function of this name.
    pub fn by_name(name: &str) -> Option<FnId> {
        FUNCTIONS.iter().position(|f| f.name == name).map(|i| FnId(i as u16))
    }

    /// Its definition.
    ///
    /// # Panics
    /// If the number is not of a function.
    pub fn def(self) -> &'static FnDef {
        &FUNCTIONS[self.0 as usize]
    }
}
