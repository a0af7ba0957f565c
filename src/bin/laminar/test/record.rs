//! What a sqllogictest file says: its records.

use regex::Regex;
use std::time::Duration;

/// A line of a file with its number, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Number in the file.
    pub number: usize,
    /// Text without its end.
    pub text: String,
}

/// One record.
#[derive(Debug)]
pub struct Record {
    /// Line of its first word.
    pub line: usize,
    /// Engines that skip it, or that alone run it.
    pub conditions: Vec<Condition>,
    /// What it asks for.
    pub body: Body,
}

/// `skipif` and `onlyif`.
#[derive(Debug, PartialEq, Eq)]
pub enum Condition {
    /// Not on this engine.
    SkipIf(String),
    /// Only on this engine.
    OnlyIf(String),
    /// Where a variable of a loop has this value (`true`), or another one.
    Where(String, String, bool),
}

/// What a record asks for.
#[derive(Debug)]
pub enum Body {
    /// SQL whose rows do not matter.
    Statement {
        /// The SQL.
        sql: String,
        /// How it must end.
        expect: StatementExpect,
    },
    /// SQL whose rows matter.
    Query {
        /// The SQL.
        sql: String,
        /// The query.
        query: Query,
    },
    /// The rest of the file does not count.
    Halt,
    /// The rest needs something that this engine lacks: an extension, a variable.
    Require(String),
    /// Results of more values are given as a hash: a sign of the classic form.
    HashThreshold,
    /// How the results that follow are written.
    ResultMode(Form),
    /// The order of results that follow, where a query gives none.
    SortMode(Sort),
    /// `mode skip` (true) and `mode unskip`.
    Skip(bool),
    /// Wait.
    Sleep(Duration),
    /// Run another file here.
    Include(String),
    /// Run lines once for each value of a variable.
    Loop {
        /// Its name: `${name}` or `{name}` in the lines.
        variable: String,
        /// Its values.
        values: Values,
        /// The lines.
        lines: Vec<Line>,
    },
    /// Go on with an empty session.
    Restart,
    /// Says nothing that matters here: `subtest`, `connection`.
    Nothing,
    /// It cannot be read.
    Malformed(String),
}

/// The values of a loop.
#[derive(Debug, PartialEq, Eq)]
pub enum Values {
    /// `loop i 0 10`
    Range(i64, i64),
    /// `foreach t a b c`
    List(Vec<String>),
}

/// How a statement must end.
#[derive(Debug)]
pub enum StatementExpect {
    /// Without error.
    Ok,
    /// Either way.
    Maybe,
    /// With so many rows written.
    Count(u64),
    /// With an error.
    Error(ErrorExpect),
}

/// Which error.
#[derive(Debug)]
pub enum ErrorExpect {
    /// Any.
    Any,
    /// One that matches.
    Matches(Regex),
    /// One that contains this text.
    Contains(String),
}

/// A query and what it must give.
#[derive(Debug)]
pub struct Query {
    /// A letter a column.
    pub types: String,
    /// Order of the rows before they are compared.
    pub sort: Option<Sort>,
    /// Queries of one label give the same result.
    pub label: Option<String>,
    /// The first expected line has the names of the columns.
    pub header: bool,
    /// The lines after `----`.
    pub expected: Vec<Line>,
}

/// Order of a result before it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// As the query gives it.
    No,
    /// Row by row, by their texts.
    Rows,
    /// Value by value, whatever their rows.
    Values,
}

impl Sort {
    /// The order of that name.
    pub fn named(name: &str) -> Option<Sort> {
        match name {
            "nosort" => Some(Sort::No),
            // `partialsort` leaves rows of equal keys in any order; so far this sorts all.
            "rowsort" | "partialsort" => Some(Sort::Rows),
            "valuesort" => Some(Sort::Values),
            _ => None,
        }
    }
}

/// How a file writes its results; see `compare`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As texts, mostly a line a row.
    Rows,
    /// SQLite's own: a line a value, formatted by the letter of its column.
    Values,
}

/// `30 values hashing to 3c13dee48d9356ae19af2515e05e6b54`: the number and the hash.
pub fn hash_line(line: &str) -> Option<(usize, &str)> {
    let (count, hash) = line.trim().split_once(" values hashing to ")?;
    let count = count.parse().ok()?;
    let hash = hash.trim();
    (hash.len() == 32 && hash.bytes().all(|b| b.is_ascii_hexdigit())).then_some((count, hash))
}

/// The form in which a file writes its results.
///
/// A file is in SQLite's form if it has a `hash-threshold`, a hash, or a query of several columns with an expected line that has
/// fewer fields than columns. Every other file has a line a row.
pub fn form_of(records: &[Record]) -> Form {
    let classic = |record: &Record| match &record.body {
        Body::HashThreshold => true,
        Body::Query { query: Query { types, expected, .. }, .. } => {
            let columns = types.chars().count();
            let hashed = matches!(expected.as_slice(), [only] if hash_line(&only.text).is_some());
            let short = |line: &Line| fields(&line.text) < columns;
            let values = columns > 1 && expected.len() % columns == 0 && expected.iter().any(short);
            hashed || values
        }
        _ => false,
    };
    if records.iter().any(classic) { Form::Values } else { Form::Rows }
}

/// Fields of a line: between tabulators where it has some, else between spaces.
fn fields(line: &str) -> usize {
    if line.contains('\t') { line.split('\t').count() } else { line.split_whitespace().count() }
}
