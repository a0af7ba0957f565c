//! sqllogictest text to records.
//!
//! Takes the language of SQLite's own files (<https://www.sqlite.org/sqllogictest/doc/trunk/about.wiki>) and what RisingWave
//! (`control`, `query error`, `include`, `retry`), DuckDB (`loop`, `foreach`, `require`, `mode`, `statement maybe`, `load`), CockroachDB
//! (`colnames`, `partialsort`, `pgcode`, `user`) and Materialize (`multiline`, `reset-server`) add to it.
//!
//! **Invariant:** no text panics, and a record that cannot be read is a record that fails, not one that is passed over.

use super::record::{Body, Condition, ErrorExpect, Form, Line, Query, Record, Sort, StatementExpect, Values};
use super::types;
use regex::Regex;
use std::time::Duration;

/// The lines of a text.
pub fn lines(text: &str) -> Vec<Line> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines().enumerate().map(|(i, text)| Line { number: i + 1, text: text.to_string() }).collect()
}

/// The records of these lines.
pub fn records(lines: &[Line]) -> Vec<Record> {
    let mut parser = Parser { lines, at: 0 };
    std::iter::from_fn(|| parser.record()).collect()
}

struct Parser<'a> {
    lines: &'a [Line],
    at: usize,
}

impl<'a> Parser<'a> {
    /// The next line up to a blank one, which ends a block.
    fn line_of_block(&mut self) -> Option<&'a Line> {
        let line = self.lines.get(self.at)?;
        self.at += 1;
        (!line.text.trim().is_empty()).then_some(line)
    }

    fn record(&mut self) -> Option<Record> {
        let mut conditions = Vec::new();
        loop {
            let line = self.lines.get(self.at)?;
            self.at += 1;
            let text = line.text.trim();
            let mut words = text.split_whitespace();
            let Some(head) = words.next().filter(|head| !head.starts_with('#')) else { continue };
            match head {
                "skipif" | "onlyif" => conditions.push(condition(head == "onlyif", words.next())),
                _ => {
                    let rest = text[head.len()..].trim();
                    let body = self.body(head, rest).unwrap_or_else(Body::Malformed);
                    return Some(Record { line: line.number, conditions, body });
                }
            }
        }
    }

    fn body(&mut self, head: &str, rest: &str) -> Result<Body, String> {
        let mut words = rest.split_whitespace();
        match head {
            "statement" => self.statement(rest),
            "query" => self.query(rest),
            "halt" => Ok(Body::Halt),
            "hash-threshold" => match rest.parse::<usize>() {
                Ok(_) => Ok(Body::HashThreshold),
                Err(_) => Err(format!("`{rest}` is no threshold")),
            },
            "require" | "require-env" => Ok(Body::Require(rest.to_string())),
            "mode" => match rest {
                "skip" => Ok(Body::Skip(true)),
                "unskip" => Ok(Body::Skip(false)),
                // Ways of printing that change no result.
                _ => Ok(Body::Nothing),
            },
            "control" => match (words.next(), words.next()) {
                (Some("sortmode"), Some(mode)) => {
                    Sort::named(mode).map(Body::SortMode).ok_or(format!("unknown sort mode `{mode}`"))
                }
                (Some("resultmode"), Some("valuewise")) => Ok(Body::ResultMode(Form::Values)),
                (Some("resultmode"), Some("rowwise")) => Ok(Body::ResultMode(Form::Rows)),
                (Some("substitution"), Some("off")) => Ok(Body::Nothing),
                _ => Err(format!("`control {rest}` is not supported")),
            },
            "sleep" => duration(rest).map(Body::Sleep).ok_or(format!("`{rest}` is no duration")),
            "include" => Ok(Body::Include(rest.to_string())),
            "loop" | "concurrentloop" => {
                let variable = words.next().unwrap_or("").to_string();
                let mut bound = || words.next().and_then(|w| w.parse().ok());
                let range = bound().zip(bound());
                let lines = self.loop_lines()?;
                let (first, end) = range.ok_or("expected `loop NAME FIRST END`")?;
                Ok(Body::Loop { variable, values: Values::Range(first, end), lines })
            }
            "foreach" | "concurrentforeach" => {
                let variable = words.next().unwrap_or("").to_string();
                let values = types::expanded(words);
                Ok(Body::Loop { variable, values: Values::List(values), lines: self.loop_lines()? })
            }
            // All connections are this session.
            "subtest" | "connection" | "user" | "restart" | "reconnect" | "set" | "reset" | "tags"
            | "test-env" | "traceon" | "traceoff" => Ok(Body::Nothing),
            "load" | "reset-server" => Ok(Body::Restart),
            "system" => {
                while self.line_of_block().is_some() {}
                Err("no test starts another program here".into())
            }
            _ => {
                // The rest of its block is not another record.
                while self.line_of_block().is_some() {}
                Err(format!("unknown record `{head}`"))
            }
        }
    }

    fn loop_lines(&mut self) -> Result<Vec<Line>, String> {
        let first = self.at;
        let mut depth = 1;
        while let Some(line) = self.lines.get(self.at) {
            match line.text.split_whitespace().next() {
                Some("loop" | "foreach" | "concurrentloop" | "concurrentforeach") => depth += 1,
                Some("endloop") => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(self.lines[first..self.at - 1].to_vec());
            }
        }
        Err("the loop has no `endloop`".into())
    }

    /// The SQL of a record, and the lines after `----` if there are some.
    fn sql_and_results(&mut self, results: Results) -> (String, Option<Vec<Line>>) {
        let mut sql = Vec::new();
        while let Some(line) = self.line_of_block() {
            if line.text.trim_end() == "----" {
                let lines = match results {
                    Results::Block => std::iter::from_fn(|| self.line_of_block().cloned()).collect(),
                    Results::Message => self.message(),
                    Results::Multiline => self.multiline(),
                };
                return (sql.join("\n"), Some(lines));
            }
            sql.push(line.text.as_str());
        }
        (sql.join("\n"), None)
    }

    /// A message, which goes on after a blank line unless a record begins there.
    fn message(&mut self) -> Vec<Line> {
        let mut all: Vec<Line> = std::iter::from_fn(|| self.line_of_block().cloned()).collect();
        while let (Some(next), false) = (self.lines.get(self.at), all.is_empty()) {
            let word = next.text.split_whitespace().next().unwrap_or("");
            if word.is_empty() || word.starts_with('#') || WORDS.contains(&word) {
                break;
            }
            all.extend(std::iter::from_fn(|| self.line_of_block().cloned()));
        }
        all
    }

    /// One value up to a line `EOF`.
    fn multiline(&mut self) -> Vec<Line> {
        let rest = &self.lines[self.at..];
        let end = rest.iter().position(|line| line.text == "EOF").unwrap_or(rest.len());
        self.at += (end + 1).min(rest.len());
        let Some(first) = rest[..end].first() else { return Vec::new() };
        let text: Vec<&str> = rest[..end].iter().map(|line| line.text.as_str()).collect();
        vec![Line { number: first.number, text: text.join("\\n") }]
    }

    fn statement(&mut self, rest: &str) -> Result<Body, String> {
        let (word, argument) = first_word(rest);
        let (sql, results) = self.sql_and_results(Results::of(word));
        let expect = match word {
            "ok" | "notice" => StatementExpect::Ok,
            "maybe" => StatementExpect::Maybe,
            "count" => {
                StatementExpect::Count(argument.parse().map_err(|_| format!("`{argument}` is no count"))?)
            }
            "error" => StatementExpect::Error(error(argument, results.as_deref())?),
            _ => return Err(format!("expected `statement ok`, `error` or `count`, found `{rest}`")),
        };
        if sql.trim().is_empty() {
            return Err("the statement is missing".into());
        }
        Ok(Body::Statement { sql, expect })
    }

    fn query(&mut self, rest: &str) -> Result<Body, String> {
        let (types, more) = first_word(rest);
        let options = Options::parse(more);
        let kind = if options.multiline { Results::Multiline } else { Results::of(types) };
        let (sql, results) = self.sql_and_results(kind);
        if sql.trim().is_empty() {
            return Err("the query is missing".into());
        }
        if types == "error" {
            return Ok(Body::Statement {
                sql,
                expect: StatementExpect::Error(error(more, results.as_deref())?),
            });
        }
        let Options { sort, header, label, .. } = options;
        let expected = results.unwrap_or_default();
        Ok(Body::Query { sql, query: Query { types: types.to_string(), sort, label, header, expected } })
    }
}

/// How the lines after `----` end.
enum Results {
    /// At a blank line.
    Block,
    /// A message may have blank lines.
    Message,
    /// With `EOF`.
    Multiline,
}

impl Results {
    /// Of a record with that word behind its first.
    fn of(word: &str) -> Results {
        if word == "error" { Results::Message } else { Results::Block }
    }
}

/// Words that begin a record.
const WORDS: [&str; 26] = [
    "statement",
    "query",
    "halt",
    "hash-threshold",
    "require",
    "require-env",
    "mode",
    "control",
    "sleep",
    "include",
    "loop",
    "concurrentloop",
    "foreach",
    "concurrentforeach",
    "endloop",
    "subtest",
    "connection",
    "user",
    "skipif",
    "onlyif",
    "system",
    "load",
    "restart",
    "reconnect",
    "set",
    "reset",
];

/// What stands behind the types of a query: `rowsort,colnames label`.
#[derive(Default)]
struct Options {
    sort: Option<Sort>,
    header: bool,
    multiline: bool,
    label: Option<String>,
}

impl Options {
    fn parse(text: &str) -> Options {
        let mut options = Options::default();
        for word in text.split_whitespace() {
            // `retry 3 backoff 1s`: once is enough where nothing happens by itself.
            if word == "retry" {
                break;
            }
            for part in word.split(',') {
                let name = part.split('(').next().unwrap_or(part);
                match (Sort::named(name), name) {
                    (Some(sort), _) => options.sort = Some(sort),
                    (_, "colnames") => options.header = true,
                    (_, "multiline") => options.multiline = true,
                    _ if is_connection(part) || part.ends_with(')') => {}
                    _ => options.label = Some(word.to_string()),
                }
            }
        }
        options
    }
}

/// `con1`: DuckDB's files name a connection where others have a label.
fn is_connection(word: &str) -> bool {
    word.strip_prefix("con").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// Of `skipif` and `onlyif`: an engine, or a variable of a loop and its value.
fn condition(only: bool, word: Option<&str>) -> Condition {
    let word = word.unwrap_or("");
    match (word.split_once('='), only) {
        (Some((name, value)), _) => Condition::Where(name.into(), value.into(), only),
        (None, true) => Condition::OnlyIf(word.to_ascii_lowercase()),
        (None, false) => Condition::SkipIf(word.to_ascii_lowercase()),
    }
}

fn first_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim())
}

/// The error behind `error`: a pattern in its line, or a text after `----`.
fn error(pattern: &str, text: Option<&[Line]>) -> Result<ErrorExpect, String> {
    // CockroachDB's `pgcode 42601 pattern`: the codes here are others.
    let pattern = pattern.strip_prefix("pgcode ").map_or(pattern, |rest| first_word(rest).1);
    let pattern = if is_connection(pattern) || pattern.starts_with("retry ") { "" } else { pattern };
    let regex = |pattern: &str| {
        Regex::new(pattern).map(ErrorExpect::Matches).map_err(|e| format!("`{pattern}` is no pattern: {e}"))
    };
    let text: Vec<&str> = text.unwrap_or_default().iter().map(|l| l.text.trim_end()).collect();
    match text.join("\n") {
        text if !text.is_empty() => match text.strip_prefix("<REGEX>:") {
            Some(pattern) => regex(pattern),
            None => Ok(ErrorExpect::Contains(text)),
        },
        _ if !pattern.is_empty() => regex(pattern),
        _ => Ok(ErrorExpect::Any),
    }
}

/// `500ms`, `2s`, `2 seconds`.
fn duration(text: &str) -> Option<Duration> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: u64 = text[..digits].parse().ok()?;
    match text[digits..].trim() {
        "ms" | "millis" | "milliseconds" => Some(Duration::from_millis(number)),
        "s" | "sec" | "second" | "seconds" => Some(Duration::from_secs(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::form_of;
    use super::*;

    fn parse(text: &str) -> Vec<Record> {
        records(&lines(text))
    }

    #[test]
    fn the_language_of_sqlite() {
        let all = parse(
            "# comment\nhash-threshold 8\n\nstatement ok\nCREATE TABLE t1(a INTEGER,\n b INTEGER)\n\n\
             onlyif mssql # its own\nskipif sqlite\nstatement error\nSELECT\n\n\
             query II rowsort label-1\nSELECT a, b\nFROM t1\n----\n1\nNULL\n\nhalt\n",
        );
        assert_eq!(all.iter().map(|r| r.line).collect::<Vec<_>>(), [2, 4, 10, 13, 20]);
        assert!(
            matches!(&all[1].body, Body::Statement { sql, .. } if sql == "CREATE TABLE t1(a INTEGER,\n b INTEGER)")
        );
        assert_eq!(
            all[2].conditions,
            [Condition::OnlyIf("mssql".into()), Condition::SkipIf("sqlite".into())]
        );
        let Body::Query { sql, query } = &all[3].body else { panic!("{all:?}") };
        assert_eq!((sql.as_str(), query.types.as_str()), ("SELECT a, b\nFROM t1", "II"));
        assert_eq!((query.sort, query.label.as_deref()), (Some(Sort::Rows), Some("label-1")));
        assert_eq!(query.expected.iter().map(|l| l.text.as_str()).collect::<Vec<_>>(), ["1", "NULL"]);
        assert!(matches!(all[4].body, Body::Halt));
        assert_eq!(form_of(&all), Form::Values);
    }

    #[test]
    fn the_languages_of_others() {
        let all = parse(
            "control sortmode rowsort\n\nstatement error division by .*zero\nSELECT 1/0\n\n\
             query error L0203\nSELECT x\n\nstatement error\nSELECT 1\n----\nno such\ncolumn\n\n\
             foreach t a b\n\nloop i 0 3\n\nquery IT\nSELECT ${i}\n----\n1 x\n\nendloop\n\nendloop\n\nrequire parquet\n\nsleep 5ms\n",
        );
        assert!(matches!(all[0].body, Body::SortMode(Sort::Rows)));
        let matches = |r: &Record| {
            matches!(r.body, Body::Statement { expect: StatementExpect::Error(ErrorExpect::Matches(_)), .. })
        };
        assert!(matches(&all[1]) && matches(&all[2]));
        assert!(
            matches!(&all[3].body, Body::Statement { expect: StatementExpect::Error(ErrorExpect::Contains(text)), .. } if text == "no such\ncolumn")
        );
        let Body::Loop { variable, lines, .. } = &all[4].body else { panic!("{all:?}") };
        assert_eq!((variable.as_str(), lines.len()), ("t", 10));
        let inner = records(lines);
        assert!(matches!(&inner[0].body, Body::Loop { values: Values::Range(0, 3), .. }));
        assert!(matches!(&all[5].body, Body::Require(what) if what == "parquet"));
        assert!(matches!(all[6].body, Body::Sleep(d) if d.as_millis() == 5));
        assert_eq!(form_of(&all), Form::Rows);
    }

    #[test]
    fn what_cannot_be_read_is_a_record_that_fails() {
        for text in [
            "statement\nSELECT 1",
            "statement ok",
            "query I\n\n",
            "frobnicate all\nof\nthis",
            "loop i 0 3\n\nstatement ok\nx",
            "statement error (\nSELECT 1",
            "statement count x\nSELECT 1",
            "control moon full",
            "sleep long",
        ] {
            let all = parse(text);
            assert!(matches!(all.as_slice(), [Record { body: Body::Malformed(_), .. }]), "{text}: {all:?}");
        }
    }

    #[test]
    fn forms() {
        for (text, form) in [
            ("query IT\nx\n----\n1 a b\n2 c\n", Form::Rows),
            ("query IT\nx\n----\n1\na b\n", Form::Values),
            ("query IT\nx\n----\n1\ta b\n2\t\n", Form::Rows),
            ("query I\nx\n----\n1\n2\n", Form::Rows),
            ("query I\nx\n----\n30 values hashing to 3c13dee48d9356ae19af2515e05e6b54\n", Form::Values),
        ] {
            assert_eq!(form_of(&parse(text)), form, "{text}");
        }
    }
}
