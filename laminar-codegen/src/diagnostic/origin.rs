//! How offsets in the SQL become positions in a file.

use super::Literal;

/// Where the SQL text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is a whole file.
    File {
        /// Path as shown.
        path: String,
    },
    /// It was given at run time; shown as `<sql>`.
    Query,
    /// It is a string literal of a Rust file.
    Literal {
        /// Path of the Rust file as shown.
        path: String,
        /// The literal as written there.
        literal: Literal,
    },
}

impl Origin {
    /// The path as shown.
    pub fn path(&self) -> &str {
        match self {
            Origin::File { path } | Origin::Literal { path, .. } => path,
            Origin::Query => "<sql>",
        }
    }

    /// Line and column (in characters) of byte `offset` of `sql`, from 1, in the file that [`Origin::path`] names.
    pub fn place(&self, sql: &str, offset: usize) -> (u32, u32) {
        match self {
            Origin::File { .. } | Origin::Query => line_column(sql, offset),
            Origin::Literal { literal, .. } => literal.place(offset),
        }
    }
}

/// Line and column (in characters) of byte `offset` of `text`, from 1.
pub fn line_column(text: &str, offset: usize) -> (u32, u32) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    (line as u32, before[line_start..].chars().count() as u32 + 1)
}
