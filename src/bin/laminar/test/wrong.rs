//! Why a record did not do as it should.

use laminar::adhoc::Error;

/// What is wrong with a record.
#[derive(Debug)]
pub struct Wrong {
    /// In one line.
    pub what: String,
    /// The error, or how results differ.
    pub detail: String,
    /// Laminar does not have what the SQL asks for.
    pub not_supported: bool,
}

impl Wrong {
    pub fn new(what: impl Into<String>, detail: impl Into<String>) -> Wrong {
        Wrong { what: what.into(), detail: detail.into(), not_supported: false }
    }

    /// `what` failed with this error; `lacking` says that something before it was not supported.
    pub fn of(what: &str, e: &Error, lacking: bool) -> Wrong {
        match not_supported(e, lacking) {
            Some(what) => Wrong { what, detail: String::new(), not_supported: true },
            None => Wrong::new(what, e.to_string()),
        }
    }
}

/// What is missing, with its code: syntax, statements, functions, types and clauses that Laminar does not have, operators and functions
/// that it has for other types only, literals that another engine reads, and relations that all those would have made.
fn not_supported(e: &Error, lacking: bool) -> Option<String> {
    let Error::Sql(e) = e else { return None };
    let missing = |code: &str| match code {
        "L0201" => lacking,
        "L0202" | "L0301" | "L0302" | "L0304" | "L0312" => true,
        _ => code.starts_with("L01") || code.starts_with("L04"),
    };
    let first = e.diagnostics.iter().find(|d| d.is_error() && missing(&d.code.to_string()))?;
    Some(format!("not supported: {}: {}", first.code, first.message))
}
