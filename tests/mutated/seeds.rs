//! What mutants are made from, and the relations that they read.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The sources of the corpus, over files of its own.
pub struct Setup {
    /// Creates them.
    pub sql: String,
    folder: PathBuf,
}

impl Drop for Setup {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Values that reach into the corners of their type, for the columns of the corpus; an empty field is NULL.
const VALUES: [(&str, &str, [&str; 6]); 8] = [
    ("b", "BOOLEAN", ["true", "false", "true", "false", "true", "false"]),
    ("i", "INTEGER", ["0", "1", "-7", "2147483647", "-2147483648", "42"]),
    ("n", "BIGINT", ["0", "-1", "12", "9223372036854775807", "-9223372036854775808", "1000"]),
    ("x", "DOUBLE", ["0.5", "-0.0", "1e300", "-2.25", "NaN", "Infinity"]),
    ("d", "DECIMAL(10, 2)", ["0.00", "1.25", "-99.99", "99999999.99", "0.01", "12.00"]),
    ("s", "VARCHAR", ["a", "Ünï cödé", "%_\\", "12", "longer than twelve bytes", "x,y"]),
    (
        "ts",
        "TIMESTAMP",
        [
            "1970-01-01 00:00:00",
            "2024-02-29 23:59:59.999999999",
            "1969-12-31 23:00:00",
            "2000-01-01 12:00:00",
            "2024-03-01 00:00:00",
            "1970-01-02 06:30:00",
        ],
    ),
    ("p", "INTERVAL", ["1 day", "-2 hours", "1 month 3 days", "00:00:00", "00:00:01.5", "1 year"]),
];

impl Setup {
    pub fn new() -> Setup {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!(
            "mutated-{}-{:?}",
            std::process::id(),
            std::thread::current().id()
        ));
        std::fs::create_dir_all(&folder).expect("a folder for the rows");
        let mut sql = String::new();
        for (source, watermark) in [("t", "1' HOUR"), ("u", "1' HOUR"), ("e", ""), ("v", "10' SECOND")] {
            let path = folder.join(format!("{source}.csv"));
            std::fs::write(&path, rows(source)).expect("rows are written");
            let mut columns = String::from("id BIGINT NOT NULL");
            for (name, ty, _) in VALUES {
                let _ = write!(columns, ", {name} {ty} NOT NULL");
            }
            for (name, ty, _) in VALUES {
                let _ = write!(columns, ", {name}0 {ty}");
            }
            if !watermark.is_empty() {
                let _ = write!(columns, ", WATERMARK FOR ts AS ts - INTERVAL '{watermark}");
            }
            let _ = write!(
                sql,
                "CREATE SOURCE {source} ({columns}) WITH (connector = 'file', format = 'csv', path = '{}');",
                path.display()
            );
        }
        Setup { sql, folder }
    }
}

/// 40 rows, every third nullable value absent.
fn rows(source: &str) -> String {
    let mut text = String::from("id");
    for suffix in ["", "0"] {
        for (name, ..) in VALUES {
            let _ = write!(text, ",{name}{suffix}");
        }
    }
    let salt = source.len() + source.as_bytes()[0] as usize;
    for row in 0..40 {
        let _ = write!(text, "\n{row}");
        for (c, (.., values)) in VALUES.iter().enumerate() {
            let _ = write!(text, ",\"{}\"", values[(row * (c + 3) + salt + row / 7) % values.len()]);
        }
        for (c, (.., values)) in VALUES.iter().enumerate() {
            match (row + c) % 3 {
                0 => text.push(','),
                _ => {
                    let _ = write!(text, ",\"{}\"", values[(row * (c + 5) + salt + row / 5) % values.len()]);
                }
            }
        }
    }
    text.push('\n');
    text
}

/// The queries of the corpus and the statements of the suite of `.slt` files.
pub fn queries() -> Vec<String> {
    let mut queries = Vec::new();
    for path in files(&root().join("tests/corpus/cases"), "sql") {
        let text = std::fs::read_to_string(&path).expect("a case can be read");
        let plain: Vec<&str> = text.lines().filter(|l| !l.trim_start().starts_with("--")).collect();
        for statement in plain.join("\n").split(";\n") {
            if let Some((head, query)) = statement.split_once(" AS\n")
                && head.contains("CREATE STREAM")
            {
                queries.push(query.trim().trim_end_matches(';').to_owned());
            }
        }
    }
    for path in files(&root().join("tests/sql"), "slt") {
        let text = std::fs::read_to_string(&path).expect("a suite can be read");
        let mut statements = String::new();
        for record in text.split("\n\n") {
            let mut lines = record.lines().skip_while(|l| l.starts_with('#'));
            let is_good = lines.next().is_some_and(|l| l.starts_with("query") || l == "statement ok");
            let sql: Vec<&str> = lines.take_while(|l| *l != "----").collect();
            if is_good && !sql.is_empty() {
                statements.push_str(&sql.join("\n"));
                statements.push_str(";\n");
            }
        }
        if !statements.is_empty() {
            queries.push(statements);
        }
    }
    assert!(queries.len() > 200, "{} seeds", queries.len());
    queries
}

/// All files of an extension below a folder, in order; none if there is no folder.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}
