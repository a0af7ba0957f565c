//! Runs one file under one executor, in a session of its own.

use super::compare::Actual;
use super::diff::diff;
use super::parse;
use super::record::{
    Body, Condition, ErrorExpect, Form, Line, Query, Record, Sort, StatementExpect, Values, form_of,
};
use laminar::adhoc::{Executor, Outcome, Rows, Session};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The name in `skipif` and `onlyif`.
const ENGINE: &str = "laminar";

/// Files that include each other without end stop here.
const INCLUDE_DEPTH_MAX: usize = 16;

/// What running a file gave.
#[derive(Debug, Default)]
pub struct Report {
    /// Records that did as they should.
    pub passed: usize,
    /// Records that did not.
    pub failures: Vec<Failed>,
    /// Why the rest of the file did not run.
    pub skipped: Option<String>,
}

/// A record that did not do as it should.
#[derive(Debug, PartialEq, Eq)]
pub struct Failed {
    /// Its file.
    pub file: PathBuf,
    /// Its first line.
    pub line: usize,
    /// What went wrong, in one line.
    pub what: String,
    /// Its SQL.
    pub sql: String,
    /// The error, or how results differ.
    pub detail: String,
}

/// Runs a file.
pub fn run_file(path: &Path, text: &str, executor: Executor) -> Report {
    let lines = parse::lines(text);
    let form = form_of(&parse::records(&lines));
    let mut run = Run {
        session: Session::new().executor(executor),
        form,
        sort: Sort::No,
        skipping: false,
        labels: HashMap::new(),
        includes: vec![path.to_owned()],
        report: Report::default(),
    };
    run.lines(&lines);
    run.report
}

struct Run {
    session: Session,
    form: Form,
    sort: Sort,
    /// Between `mode skip` and `mode unskip`.
    skipping: bool,
    /// Hash of the first result of a label, and its line.
    labels: HashMap<String, (String, usize)>,
    /// The file and those that included it.
    includes: Vec<PathBuf>,
    report: Report,
}

/// Whether the file goes on.
#[derive(PartialEq, Eq)]
enum Go {
    On,
    End,
}

impl Run {
    fn lines(&mut self, lines: &[Line]) -> Go {
        for record in parse::records(lines) {
            if self.record(&record) == Go::End {
                return Go::End;
            }
        }
        Go::On
    }

    fn record(&mut self, record: &Record) -> Go {
        let applies = record.conditions.iter().all(|c| match c {
            Condition::SkipIf(engine) => engine != ENGINE,
            Condition::OnlyIf(engine) => engine == ENGINE,
        });
        if let Body::Skip(skip) = record.body {
            self.skipping = skip;
        }
        if !applies || self.skipping {
            return Go::On;
        }
        match &record.body {
            Body::Statement { sql, expect } => {
                let result = self.statement(sql, expect);
                self.judge(record.line, sql, result);
            }
            Body::Query { sql, query } => {
                let result = self.query(record.line, sql, query);
                self.judge(record.line, sql, result);
            }
            Body::Halt => return Go::End,
            Body::Require(what) => {
                self.report.skipped = Some(format!("it requires {what}"));
                return Go::End;
            }
            Body::HashThreshold | Body::Skip(_) | Body::Nothing => {}
            Body::ResultMode(form) => self.form = *form,
            Body::SortMode(sort) => self.sort = *sort,
            Body::Sleep(duration) => std::thread::sleep(*duration),
            Body::Include(name) => return self.include(record.line, name),
            Body::Loop { variable, values, lines } => return self.repeat(variable, values, lines),
            Body::Malformed(why) => {
                self.judge(record.line, "", Err(("the record cannot be read".into(), why.clone())))
            }
        }
        Go::On
    }

    fn judge(&mut self, line: usize, sql: &str, result: Result<(), (String, String)>) {
        match result {
            Ok(()) => self.report.passed += 1,
            Err((what, detail)) => {
                let file = self.includes.last().cloned().unwrap_or_default();
                self.report.failures.push(Failed { file, line, what, sql: sql.to_string(), detail });
            }
        }
    }

    fn statement(&mut self, sql: &str, expect: &StatementExpect) -> Result<(), (String, String)> {
        let result = self.session.execute(sql).map_err(|e| e.to_string());
        match (expect, result) {
            (StatementExpect::Maybe, _) | (StatementExpect::Ok, Ok(_)) => Ok(()),
            (StatementExpect::Ok | StatementExpect::Count(_), Err(e)) => {
                Err(("the statement failed".into(), e))
            }
            (StatementExpect::Count(expected), Ok(outcomes)) => match outcomes.last().and_then(affected) {
                Some(count) if count == *expected => Ok(()),
                Some(count) => Err((format!("expected {expected} rows, found {count}"), String::new())),
                None => Err(("the statement counts no rows".into(), String::new())),
            },
            (StatementExpect::Error(_), Ok(_)) => {
                Err(("expected an error, there was none".into(), String::new()))
            }
            (StatementExpect::Error(ErrorExpect::Any), Err(_)) => Ok(()),
            (StatementExpect::Error(ErrorExpect::Matches(regex)), Err(e)) => match regex.is_match(&e) {
                true => Ok(()),
                false => Err((format!("the error does not match `{regex}`"), e)),
            },
            (StatementExpect::Error(ErrorExpect::Contains(text)), Err(e)) => {
                match e.contains(text.as_str()) {
                    true => Ok(()),
                    false => Err((format!("the error does not contain `{text}`"), e)),
                }
            }
        }
    }

    fn query(&mut self, line: usize, sql: &str, query: &Query) -> Result<(), (String, String)> {
        let failed = |e: laminar::adhoc::Error| ("the query failed".to_string(), e.to_string());
        let outcomes = self.session.execute(sql).map_err(failed)?;
        let Some(Outcome::Rows(rows)) = outcomes.last() else {
            return Err(("the statement gives no rows".into(), String::new()));
        };
        let sort = query.sort.unwrap_or(self.sort);
        let actual = Actual::new(rows, query, self.form, sort);
        if let Some(detail) = actual.differs(query, sort) {
            return Err(("the result differs (- expected, + actual)".into(), detail));
        }
        self.same_as_label(line, query, &actual, rows)
    }

    /// Queries of one label give one result.
    fn same_as_label(
        &mut self,
        line: usize,
        query: &Query,
        actual: &Actual,
        rows: &Rows,
    ) -> Result<(), (String, String)> {
        let Some(label) = &query.label else { return Ok(()) };
        let hash = actual.hash();
        let (first, first_line) = self.labels.entry(label.clone()).or_insert_with(|| (hash.clone(), line));
        if *first == hash {
            return Ok(());
        }
        let what = format!("the result differs from that of label `{label}` in line {first_line}");
        let lines: Vec<String> = rows.to_string().lines().map(str::to_string).collect();
        Err((what, diff(&[], &lines)))
    }

    fn include(&mut self, line: usize, name: &str) -> Go {
        let folder = self.includes.last().and_then(|p| p.parent()).unwrap_or(Path::new(""));
        let path = folder.join(name);
        let failed = |what: String| Err(("the file cannot be included".to_string(), what));
        if self.includes.len() >= INCLUDE_DEPTH_MAX {
            self.judge(
                line,
                "",
                failed(format!("files include each other more than {INCLUDE_DEPTH_MAX} deep")),
            );
            return Go::On;
        }
        match std::fs::read_to_string(&path) {
            Err(e) => {
                self.judge(line, "", failed(format!("{}: {e}", path.display())));
                Go::On
            }
            Ok(text) => {
                self.includes.push(path);
                let go = self.lines(&parse::lines(&text));
                self.includes.pop();
                go
            }
        }
    }

    fn repeat(&mut self, variable: &str, values: &Values, lines: &[Line]) -> Go {
        let mut once = |value: &str| {
            let name = format!("${{{variable}}}");
            let lines: Vec<Line> =
                lines.iter().map(|l| Line { number: l.number, text: l.text.replace(&name, value) }).collect();
            self.lines(&lines)
        };
        let ends = match values {
            Values::Range(first, end) => (*first..*end).any(|i| once(&i.to_string()) == Go::End),
            Values::List(list) => list.iter().any(|value| once(value) == Go::End),
        };
        if ends { Go::End } else { Go::On }
    }
}

/// Rows that a statement wrote.
fn affected(outcome: &Outcome) -> Option<u64> {
    match outcome {
        Outcome::Inserted(rows) | Outcome::Updated(rows) | Outcome::Deleted(rows) => Some(*rows),
        _ => None,
    }
}
