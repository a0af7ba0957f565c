//! The cases: the views of the folder `cases`, which is one of door 2.
//!
//! ```text
//! CREATE STREAM name AS
//! SELECT … FROM t;
//! -- sqlite: SELECT … FROM t
//! ```
//!
//! The comment is what SQLite runs where its dialect says the same in other words. In it `$SEC`, `$MIN`, `$HOUR` and `$DAY` are
//! those lengths in ns: SQLite has timestamps as integers in ns, decimals as integers (mantissas) and intervals as texts
//! `months/days/ns`.
//!
//! Not here: the answers. Also compiled into the build script, which has no other module of this crate.

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
    let mut open = false;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("CREATE STREAM ") {
            let name = name.strip_suffix(" AS").expect("the query starts on a line of its own");
            cases.push(Case { name: name.into(), sql: String::new(), sqlite: None });
            open = true;
        } else if let Some(sql) = line.strip_prefix("-- sqlite: ") {
            let case = cases.last_mut().expect("a text for SQLite follows a query");
            add(case.sqlite.get_or_insert_default(), sql);
        } else if open {
            let case = cases.last_mut().expect("a query follows its name");
            add(&mut case.sql, line.trim_end_matches(';'));
            open = !line.ends_with(';');
        }
    }
    cases
}

fn add(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}
