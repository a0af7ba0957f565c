//! What can go wrong in a session.

use crate::connector::file::FileError;
use laminar_codegen::diagnostic::{Diagnostic, Origin, render};
use laminar_runtime::error::RejectReason;
use std::fmt;

/// An error of a session. A statement that fails has no effect, unless said otherwise.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    /// The SQL is refused.
    Sql(Box<SqlError>),
    /// A pipeline failed at run time; where its SQL stands, if that is known.
    Run(laminar_runtime::error::Error, Option<Box<(Origin, String)>>),
    /// A file could not be read as declared.
    File(FileError),
    /// The executor cannot run the query.
    Executor(String),
    /// A Rust type does not fit a relation or result.
    Typed(String),
    /// The receiver of rows, or another thread ([`Stop`](super::Stop)), asked to stop.
    Stopped,
}

/// SQL that is refused: every mistake in it, each with its place.
#[derive(Clone, Debug)]
pub struct SqlError {
    /// The mistakes; at least one of them is an error.
    pub diagnostics: Vec<Diagnostic>,
    /// Where the SQL stands.
    pub origin: Origin,
    /// The SQL.
    pub sql: String,
}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, d) in self.diagnostics.iter().enumerate() {
            if i > 0 {
                f.write_str("\n\n")?;
            }
            let severity = if d.is_error() { "error" } else { "warning" };
            write!(f, "{severity}: {}", render(d, &self.origin, &self.sql))?;
        }
        Ok(())
    }
}

impl Error {
    /// The error with the SQL that it happened in.
    pub(super) fn placed(self, origin: &Origin, sql: &str) -> Error {
        match self {
            Error::Run(e, None) => Error::Run(e, Some(Box::new((origin.clone(), sql.to_owned())))),
            other => other,
        }
    }
}

/// The line of SQL that a failure names, with a caret.
fn write_place(
    f: &mut fmt::Formatter<'_>,
    reason: &RejectReason,
    (origin, sql): &(Origin, String),
) -> fmt::Result {
    let (line, column) = (reason.line as usize, reason.column as usize);
    let Some(text) = line.checked_sub(1).and_then(|l| sql.lines().nth(l)) else { return Ok(()) };
    let width = line.to_string().len();
    let carets = "^".repeat(reason.sql.lines().next().map_or(1, |l| l.chars().count().max(1)));
    // A tabulator before the place is as wide here as there.
    let pad: String =
        text.chars().take(column.saturating_sub(1)).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    write!(f, "\n{:width$}--> {}:{line}:{column}", "", origin.path())?;
    write!(f, "\n{:width$} |\n{line} | {text}\n{:width$} | {pad}{carets}", "", "")
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Sql(e) => e.fmt(f),
            Error::Run(e, place) => {
                write!(f, "error: {e}")?;
                use laminar_runtime::error::Error as Run;
                match (e, place) {
                    (Run::Rejected { reason, .. } | Run::OutputRejected(reason), Some(place)) => {
                        write_place(f, reason, place)
                    }
                    _ => Ok(()),
                }
            }
            Error::File(e) => write!(f, "error: {e}"),
            Error::Executor(what) | Error::Typed(what) => write!(f, "error: {what}"),
            Error::Stopped => f.write_str("stopped"),
        }
    }
}

impl std::error::Error for Error {}

impl From<laminar_runtime::error::Error> for Error {
    fn from(e: laminar_runtime::error::Error) -> Error {
        Error::Run(e, None)
    }
}

impl From<FileError> for Error {
    fn from(e: FileError) -> Error {
        Error::File(e)
    }
}
