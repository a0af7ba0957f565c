//! What can be wrong with a file.

use super::LINE_BYTES_MAX;
use std::fmt;

/// A file that cannot be read as declared: `flights.csv:12: column "dep_time": expected INTEGER, found "x"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// Path as given.
    pub path: String,
    /// Line, from 1; that of a CSV record is its first.
    pub line: Option<u64>,
    /// Name of the column.
    pub column: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        f.write_str(": ")?;
        if let Some(column) = &self.column {
            write!(f, "column \"{column}\": ")?;
        }
        self.problem.fmt(f)
    }
}

impl std::error::Error for FileError {}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Opening or reading failed.
    Io(String),
    /// The file has no header.
    NoHeader,
    /// The header does not name the column; what it names, and the closest of them.
    NotInHeader {
        /// Names of the header, some of them if they are many.
        header: String,
        /// The closest one.
        closest: Option<String>,
    },
    /// Two fields have the column's name.
    Twice,
    /// A record has more or fewer fields.
    FieldCount {
        /// Fields of the header or columns declared.
        expected: usize,
        /// Fields of the record.
        found: usize,
    },
    /// The file ends within quotes.
    OpenQuote,
    /// Text between a closing quote and the delimiter.
    AfterQuote,
    /// A line longer than [`LINE_BYTES_MAX`]; within quotes or not.
    LineTooLong {
        /// The limit was met within quotes.
        quoted: bool,
    },
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// The line is no JSON object, and why.
    Json(String),
    /// A value of another type.
    Type {
        /// The declared type.
        expected: String,
        /// The text, shortened and quoted.
        found: String,
    },
    /// NULL in a NOT NULL column.
    Null,
}

impl Problem {
    /// Whether reading on makes no sense.
    pub(super) fn is_fatal(&self) -> bool {
        use Problem::*;
        matches!(self, Io(_) | OpenQuote | AfterQuote | LineTooLong { .. })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Io(what) => f.write_str(what),
            Problem::NoHeader => f.write_str("the file is empty, expected a header that names the columns"),
            Problem::NotInHeader { header, closest } => {
                f.write_str("not in the header")?;
                if let Some(name) = closest {
                    write!(f, "; did you mean \"{name}\"?")?;
                }
                write!(f, " (the header has: {header})")
            }
            Problem::Twice => f.write_str("two fields have this name"),
            Problem::FieldCount { expected, found } => write!(f, "expected {expected} fields, found {found}"),
            Problem::OpenQuote => {
                f.write_str("the file ends within a quoted field that begins in this record")
            }
            Problem::AfterQuote => f.write_str("text after the closing quote of a field"),
            Problem::LineTooLong { quoted } => {
                let hint = if *quoted { "; is a quote left open?" } else { "" };
                write!(f, "longer than the limit of {LINE_BYTES_MAX} bytes for one line{hint}")
            }
            Problem::NotUtf8 => f.write_str("the text is not UTF-8"),
            Problem::Json(what) => f.write_str(what),
            Problem::Type { expected, found } => write!(f, "expected {expected}, found {found}"),
            Problem::Null => f.write_str("NULL in a column that is NOT NULL"),
        }
    }
}

/// A text as a message shows it: quoted, control characters escaped, at most 40 characters.
pub(super) fn shown(text: &str) -> String {
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(40).collect();
    format!("{head:?}{}", if chars.next().is_some() { "…" } else { "" })
}
