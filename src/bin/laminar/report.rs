//! How the command fails.

use laminar::adhoc::{Error, Origin};
use std::io;
use std::path::Path;

/// Why the command ends early.
#[derive(Debug)]
pub enum Failure {
    /// Nobody reads the output any more.
    BrokenPipe,
    /// The output says already what failed.
    Told,
    /// The message for stderr.
    Message(String),
}

impl From<io::Error> for Failure {
    fn from(e: io::Error) -> Failure {
        match e.kind() {
            io::ErrorKind::BrokenPipe => Failure::BrokenPipe,
            _ => Failure::Message(format!("error: cannot write the output: {e}")),
        }
    }
}

impl From<Error> for Failure {
    fn from(e: Error) -> Failure {
        Failure::Message(e.to_string())
    }
}

/// What the system says about a file, in a few words.
pub fn reason(e: &io::Error) -> String {
    e.to_string().split(" (os error").next().unwrap_or_default().to_lowercase()
}

/// Reads a SQL file.
pub fn read_sql(path: &Path) -> Result<(String, Origin), Failure> {
    let shown = path.display().to_string();
    let bytes =
        std::fs::read(path).map_err(|e| Failure::Message(format!("error: {shown}: {}", reason(&e))))?;
    let sql = String::from_utf8(bytes).map_err(|e| {
        let line = e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        Failure::Message(format!("error: {shown}:{line}: the file is not UTF-8"))
    })?;
    // An editor's byte order mark is no SQL.
    let sql = sql.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(sql);
    Ok((sql, Origin::File { path: shown }))
}
