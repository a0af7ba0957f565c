//! Answers as sorted lines, and their comparison.

use laminar::adhoc::{Rows, Value};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// The rows that SQLite gives, sorted.
pub fn of_sqlite(database: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = database.prepare(sql)?;
    let width = statement.column_count();
    let mut rows = statement.query([])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let mut cells = Vec::new();
        for i in 0..width {
            cells.push(match row.get_ref(i)? {
                ValueRef::Null => "NULL".to_string(),
                ValueRef::Integer(n) => n.to_string(),
                ValueRef::Text(t) => format!("'{}'", String::from_utf8_lossy(t)),
                other => panic!("no query gives {other:?}"),
            });
        }
        lines.push(cells.join("|"));
    }
    lines.sort();
    Ok(lines)
}

/// Panics unless both are equal.
pub fn check(expected: &[String], given: &Rows, place: &str) {
    let cell = |value: &Value| match value {
        Value::Boolean(b) => (*b as i64).to_string(),
        Value::Varchar(s) => format!("'{}'", s.as_str()),
        other => other.to_string(),
    };
    let mut lines: Vec<String> =
        given.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join("|")).collect();
    lines.sort();
    assert!(lines == expected, "{place}\nSQLite gives {expected:#?}\nwe give {lines:#?}");
}
