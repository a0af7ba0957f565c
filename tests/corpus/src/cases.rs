//! The cases: named queries in text files.
//!
//! ```text
//! -- case: name
//! SELECT … FROM t
//! -- sqlite:
//! SELECT … FROM t
//! ```
//!
//! The second text is what SQLite runs where its dialect says the same in other words. In it `$SEC`, `$MIN`, `$HOUR` and `$DAY` are
//! those lengths in ns: SQLite has timestamps as integers in ns, decimals as integers (mantissas) and intervals as texts
//! `months/days/ns`.
//!
//! Not here: the answers. Also used by the build script, which has no other module of this crate.

use std::path::Path;

/// A query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Name, unique.
    pub name: String,
    /// The query.
    pub sql: String,
    /// The same for SQLite, where it differs.
    pub sqlite: Option<String>,
}

/// The cases of all `.sql` files in a folder, in the order of file names.
///
/// # Panics
/// If a file cannot be read, is malformed, or a name occurs twice.
pub fn load(folder: &Path) -> Vec<Case> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<_> = entries.map(|e| e.expect("entries can be listed").path()).collect();
    files.retain(|f| f.extension().is_some_and(|x| x == "sql"));
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        cases.extend(parse(&text));
    }
    let mut names: Vec<_> = cases.iter().map(|c| &c.name).collect();
    names.sort();
    for pair in names.windows(2) {
        assert_ne!(pair[0], pair[1], "two cases of one name");
    }
    cases
}

/// The cases of a text.
fn parse(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("-- case:") {
            cases.push(Case { name: name.trim().into(), sql: String::new(), sqlite: None });
        } else if line.trim() == "-- sqlite:" {
            let case = cases.last_mut().expect("`-- sqlite:` stands in a case");
            assert!(case.sqlite.is_none(), "two texts for SQLite in {}", case.name);
            case.sqlite = Some(String::new());
        } else if !line.trim().is_empty() && !line.starts_with("--") {
            let case = cases.last_mut().expect("SQL stands in a case");
            let into = case.sqlite.as_mut().unwrap_or(&mut case.sql);
            if !into.is_empty() {
                into.push('\n');
            }
            into.push_str(line);
        }
    }
    for case in &cases {
        assert!(!case.sql.is_empty(), "{} has no SQL", case.name);
    }
    cases
}
