//! `laminar explain`: how queries of a file are executed, or what a code of a diagnostic means.

use crate::arguments::{Explain, Form};
use crate::pages;
use crate::report::{Failure, read_sql};
use laminar::adhoc::{ExplainMode, Session};
use std::io::Write;

/// Prints how the queries of a file are executed, those of its views included; or the page of a code.
pub fn explain(arguments: &Explain) -> Result<(), Failure> {
    let word = arguments.file.to_string_lossy();
    if pages::is_code(&word) && !arguments.file.exists() {
        let page =
            pages::page(&word).ok_or_else(|| Failure::Message(format!("error: there is no code {word}")))?;
        return Ok(write!(std::io::stdout().lock(), "{page}")?);
    }
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
