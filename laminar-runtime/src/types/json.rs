//! JSON: a text, checked once, kept as written.
//!
//! Accepted is RFC 8259, nested at most [`DEPTH_MAX`] deep; as for PostgreSQL's `jsonb`, `\u0000` and halves of surrogate pairs
//! are refused, so that every string of it has a text. Not here: the operators (`scalar::json`).

use super::{ParseError, Str};
use std::fmt;
use std::str::FromStr;

mod read;

pub(crate) use self::read::{JsonValue, is_json};

/// Deepest nesting of objects and arrays.
pub const DEPTH_MAX: usize = 512;

/// A JSON text.
///
/// Layout: that of a [`Str`].
#[derive(Clone, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Json(Str);

impl Json {
    /// The text, if it is JSON.
    pub fn parse(text: &str) -> Option<Json> {
        if is_json(text) { Str::try_new(text).map(Json) } else { None }
    }

    /// A text that is known to be JSON; `None` where it is too long to be held.
    pub(crate) fn of_checked(text: &str) -> Option<Json> {
        Str::try_new(text).map(Json)
    }

    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// `null`.
impl Default for Json {
    fn default() -> Json {
        Json(Str::new("null"))
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Json {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Json, ParseError> {
        Json::parse(text).ok_or_else(|| ParseError { ty: "json", text: text.into() })
    }
}
