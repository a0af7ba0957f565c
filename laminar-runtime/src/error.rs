//! What can go wrong in a running pipeline.

use std::borrow::Cow;
use std::fmt;

/// Why a row was refused: what failed, and where in the SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectReason {
    /// For example `division by zero`.
    pub what: Cow<'static, str>,
    /// The SQL there.
    pub sql: Cow<'static, str>,
    /// Line in the query, from 1; 0 where the query does not show what failed (the event time of a declaration).
    pub line: u32,
    /// Column in the line, from 1, or 0 as the line.
    pub column: u32,
}

impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in `{}`", self.what, self.sql)?;
        if self.line == 0 { Ok(()) } else { write!(f, " at {}:{}", self.line, self.column) }
    }
}

/// An error of a pipeline call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A row of the step failed under `on_error = fail`. Rows before it are applied; it and later ones are not.
    #[error("row {row} of input `{input}` rejected: {reason}")]
    Rejected {
        /// Name of the input.
        input: Cow<'static, str>,
        /// Index of the row in the slice of this call.
        row: usize,
        /// What failed.
        reason: RejectReason,
    },
    /// A result failed under `on_error = fail`. All rows of the step are applied; the result is not emitted.
    #[error("result rejected: {0}")]
    OutputRejected(RejectReason),
    /// Rows, watermarks or ticks after `finish()`.
    #[error("input `{0}` after finish()")]
    Finished(Cow<'static, str>),
    /// A call that needs what the pipeline does not have.
    #[error("{0}")]
    Unsupported(Cow<'static, str>),
    /// The columns of `process_columns` differ in length.
    #[error("column `{column}` has {found} rows, the first column {expected}")]
    Ragged {
        /// Name of the column.
        column: Cow<'static, str>,
        /// Its length.
        found: usize,
        /// The first column's length.
        expected: usize,
    },
    /// A retraction of a row that is not there.
    #[error("retraction of a row that is not in the group")]
    AbsentRow,
    /// The snapshot was made by another query or version.
    #[error("snapshot does not fit: {0}")]
    SnapshotMismatch(String),
    /// The snapshot is damaged.
    #[error("snapshot is damaged: {0}")]
    SnapshotDamaged(String),
    /// Reading or writing a snapshot failed.
    #[error("snapshot: {0}")]
    SnapshotIo(String),
    /// A value does not fit the Rust type of its field.
    #[error("{0}")]
    Conversion(String),
}
