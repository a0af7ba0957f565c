//! The meaning of SQL: every file below `tests/sql`, on both executors.
//!
//! One idea a file. Results are PostgreSQL's by its documented rules; where SQLite has the same rule, it was run on the same text.
#![cfg(feature = "cli")]

use std::path::Path;
use std::process::Command;

#[test]
fn every_file_passes_on_every_executor() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_laminar"))
        .current_dir(folder)
        .args(["test", "tests/sql"])
        .output()
        .expect("the command runs");
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{out}{errors}");
    let executors = if cfg!(feature = "jit") { "jit, interp" } else { "interp" };
    let files = count(&folder.join("tests/sql"));
    assert!(files >= 100, "{files} files");
    assert!(out.trim_end().ends_with(&format!("0 failed ({files} files; {executors})")), "{out}");
}

/// Files in a folder and those below.
fn count(folder: &Path) -> usize {
    let entries =
        std::fs::read_dir(folder).expect("the folder is there").map(|e| e.expect("an entry").path());
    entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
}
