//! `laminar explain`.

use crate::arguments::{Explain, Form};
use crate::report::{Failure, read_sql};
use laminar::adhoc::{ExplainMode, Session};
use std::io::Write;

/// Prints how the queries of a file are executed, those of its views included.
pub fn explain(arguments: &Explain) -> Result<(), Failure> {
    let (sql, origin) = read_sql(&arguments.file)?;
    let mode = match arguments.format {
        Form::Text => ExplainMode::Text,
        Form::Rust => ExplainMode::Rust,
        Form::Clif => ExplainMode::Clif,
    };
    let texts = Session::new().explain(&sql, origin, mode)?;
    let mut out = std::io::stdout().lock();
    Ok(writeln!(out, "{}", texts.join("\n\n"))?)
}
