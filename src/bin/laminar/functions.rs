//! `laminar functions`.

use crate::arguments::Functions;
use crate::report::Failure;
use laminar_codegen::functions::listing;
use std::io::Write;

/// Prints the functions whose name contains a pattern.
pub fn functions(arguments: &Functions) -> Result<(), Failure> {
    let pattern = arguments.pattern.as_deref().unwrap_or("");
    let text = list(pattern);
    if text.is_empty() {
        return Err(Failure::Message(format!("error: no function has `{pattern}` in its name")));
    }
    Ok(write!(std::io::stdout().lock(), "{text}")?)
}

/// A line a signature: what to call, the type of the result, what it gives.
pub fn list(pattern: &str) -> String {
    let pattern = pattern.to_ascii_lowercase();
    let lines: Vec<_> =
        listing().into_iter().filter(|l| l.name.to_ascii_lowercase().contains(&pattern)).collect();
    let width = lines.iter().map(|l| l.signature.chars().count()).max().unwrap_or(0).min(56);
    lines.iter().map(|l| format!("{:<width$}  {}\n", l.signature, l.doc)).collect()
}
