//! Files as finite sources: CSV and JSON lines.
//!
//! [`FileReader`] reads a file in batches of rows of declared columns. What it promises, whatever the file holds: no
//! panic, memory bounded by one batch and one line, and an error that names file, line and column.
//!
//! A CSV field is NULL where it is empty or the NULL text, unless it stands in quotes; a JSON field where it is
//! `null` or missing. Fields that no column names are skipped.

mod csv;
mod error;
mod field;
mod jsonl;
mod lines;
mod reader;

pub use error::{FileError, Problem};
pub use reader::FileReader;

/// Longest line (CSV: record, which may span lines), in bytes.
pub const LINE_BYTES_MAX: usize = 1 << 20;

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, RFC 4180.
    Csv {
        /// The first record names the columns; else they come in declared order.
        header: bool,
        /// One byte between two fields.
        delimiter: u8,
    },
    /// One JSON object a line.
    Jsonl,
}

/// What to do with a row that does not fit the declared columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnBadRow {
    /// Report it; the rows before it have been given.
    #[default]
    Fail,
    /// Count it ([`FileReader::rejected`]) and go on.
    Skip,
}

/// How to read a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOptions {
    /// How it is written.
    pub format: Format,
    /// An unquoted CSV field of this text is NULL, as is an empty one.
    pub null: Option<String>,
    /// What to do with bad rows. A damaged file (quotes wrong, a line too long) is always an error.
    pub on_bad_row: OnBadRow,
}

impl FileOptions {
    /// CSV with a header and commas.
    pub fn csv() -> FileOptions {
        let format = Format::Csv { header: true, delimiter: b',' };
        FileOptions { format, null: None, on_bad_row: OnBadRow::Fail }
    }

    /// JSON lines.
    pub fn jsonl() -> FileOptions {
        FileOptions { format: Format::Jsonl, null: None, on_bad_row: OnBadRow::Fail }
    }
}
