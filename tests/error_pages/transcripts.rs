//! `docs/errors/transcripts.md`: ten typical mistakes as each door tells them. `BLESS=1 cargo test` writes the page anew.

use super::{door1, page};
use laminar::adhoc::{Error, Origin, Session, SqlError};
use std::fmt::Write as _;
use std::path::Path;

/// What somebody wants, and how it goes wrong.
const MISTAKES: &[(&str, &str)] = &[
    ("A misspelt column", "SELECT prise FROM Trade"),
    ("A misspelt function", "SELECT symbol FROM Trade WHERE lenght(symbol) > 4"),
    ("`==`, as in Rust", "SELECT price FROM Trade WHERE symbol == 'ACME'"),
    ("A text in double quotes", "SELECT price FROM Trade WHERE symbol = \"ACME\""),
    ("A comma too few", "SELECT symbol AS s price FROM Trade"),
    ("A comma too many", "SELECT symbol, price, FROM Trade"),
    ("A condition on a count", "SELECT symbol FROM Trade WHERE COUNT(*) > 10 GROUP BY symbol"),
    ("No GROUP BY", "SELECT symbol, AVG(price) AS price FROM Trade"),
    ("A text against a number", "SELECT price FROM Trade WHERE symbol = 5"),
    ("Looking for NULL", "SELECT price FROM Trade WHERE note = NULL"),
];

const TABLE: &str = "CREATE TABLE Trade (symbol VARCHAR NOT NULL, price DOUBLE NOT NULL, note VARCHAR);";
const STRUCT: &str = "#[derive(Event)]\nstruct Trade { symbol: Sym, price: f64, note: Option<Sym> }\n";

#[test]
fn transcripts_are_what_the_doors_say() {
    let mut text = String::from(
        "# Ten mistakes, three doors\n\nEach mistake as somebody makes it for the first time, and the answer of each door: `#[pipeline]` (as rustc shows it, behind\n`error:`), a file that `laminar run` runs, and the prompt of `laminar sql`. A test writes this page.\n",
    );
    for (title, sql) in MISTAKES {
        let _ = write!(text, "\n## {title}\n\n```sql\n{sql}\n```\n");
        // A raw string, because some of the queries have quotes.
        let rust = format!("{STRUCT}\n#[pipeline(r#\"\n    {sql}\n\"#)]\nstruct Out {{ price: f64 }}\n");
        let told = door1::messages(&rust).join("\n\n");
        let told = told.lines().map(|l| relocated(l) + "\n").collect::<String>();
        let _ = write!(text, "\nIn `#[pipeline]`:\n\n```text\n{told}```\n");
        let file = said(&format!("{TABLE}\n\n{sql};\n"), Origin::File { path: "query.sql".into() });
        let _ = write!(text, "\nIn a file:\n\n```text\n{file}```\n");
        let prompt = said(&format!("{sql};"), Origin::Query);
        let _ = write!(text, "\nAt the prompt:\n\n```text\nlaminar> {sql};\n{prompt}```\n");
    }
    if std::env::var_os("BLESS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors/transcripts.md");
        std::fs::write(path, &text).expect("the page can be written");
    }
    assert_eq!(page::read("transcripts.md"), text, "BLESS=1 writes the page anew");
}

/// The place as it would be in a crate: text that was no file has no path.
fn relocated(line: &str) -> String {
    match line.split_once("--> ") {
        Some((before, at)) => match at.split_once(".rs:").or(at.split_once(">:")) {
            Some((_, place)) => format!("{before}--> src/main.rs:{place}"),
            None => line.to_string(),
        },
        None => line.trim_end().to_string(),
    }
}

/// Errors and warnings of a session about a text.
fn said(sql: &str, origin: Origin) -> String {
    let mut session = Session::new();
    if origin == Origin::Query {
        session.execute(TABLE).expect("the table is new");
    }
    let mut told = super::session::Told::default();
    let result = session.execute_into(sql, origin.clone(), &mut told);
    let text = match result {
        Ok(()) => SqlError { diagnostics: told.0, origin, sql: sql.into() }.to_string(),
        Err(Error::Sql(e)) => e.to_string(),
        Err(other) => panic!("{sql}\n{other}"),
    };
    assert!(!text.is_empty(), "{sql} is no mistake");
    text.lines().map(|l| l.trim_end().to_string() + "\n").collect()
}
