//! Runs one file under one executor, in a session of its own.

use super::compare::Actual;
use super::diff::diff;
use super::parse;
use super::record::{
    Body, Condition, ErrorExpect, Form, Line, Query, Record, Sort, StatementExpect, Values, form_of,
};
use super::timer::Timer;
use super::wrong::Wrong;
use laminar::adhoc::{Error, Executor, Outcome, Rows, Session};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

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

/// What holds for every record.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long one may take.
    pub timeout: Duration,
    /// Where an error is expected its text does not matter, nor do zeros at the end of a DECIMAL.
    pub foreign: bool,
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
    /// Laminar does not have what it asks for.
    pub not_supported: bool,
}

/// Runs a file.
pub fn run_file(path: &Path, text: &str, executor: Executor, settings: &Settings) -> Report {
    let lines = parse::lines(text);
    let form = form_of(&parse::records(&lines));
    let mut run = Run {
        session: Session::new().executor(executor),
        executor,
        settings: settings.clone(),
        form,
        sort: Sort::No,
        skipping: false,
        lacking: false,
        variables: Vec::new(),
        labels: HashMap::new(),
        includes: vec![path.to_owned()],
        report: Report::default(),
    };
    run.lines(&lines);
    run.report
}

struct Run {
    session: Session,
    executor: Executor,
    settings: Settings,
    form: Form,
    sort: Sort,
    /// Between `mode skip` and `mode unskip`.
    skipping: bool,
    /// Something was not supported: what it would have created is missing.
    lacking: bool,
    /// Of the loops around, the innermost last.
    variables: Vec<(String, String)>,
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
            Condition::Where(name, value, equal) => {
                let now = self.variables.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v);
                (now == Some(value)) == *equal
            }
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
            Body::Restart => self.session = Session::new().executor(self.executor),
            Body::ResultMode(form) => self.form = *form,
            Body::SortMode(sort) => self.sort = *sort,
            Body::Sleep(duration) => std::thread::sleep(*duration),
            Body::Include(name) => return self.include(record.line, name),
            Body::Loop { variable, values, lines } => return self.repeat(variable, values, lines),
            Body::Malformed(why) => {
                self.judge(record.line, "", Err(Wrong::new("the record cannot be read", why.as_str())))
            }
        }
        Go::On
    }

    fn judge(&mut self, line: usize, sql: &str, result: Result<(), Wrong>) {
        match result {
            Ok(()) => self.report.passed += 1,
            Err(Wrong { what, detail, not_supported }) => {
                let file = self.includes.last().cloned().unwrap_or_default();
                let sql = if not_supported { String::new() } else { sql.to_string() };
                self.lacking |= not_supported;
                self.report.failures.push(Failed { file, line, what, sql, detail, not_supported });
            }
        }
    }

    fn statement(&mut self, sql: &str, expect: &StatementExpect) -> Result<(), Wrong> {
        let result = self.execute(sql);
        match (expect, result) {
            (StatementExpect::Maybe, _) | (StatementExpect::Ok, Ok(_)) => Ok(()),
            (StatementExpect::Ok | StatementExpect::Count(_), Err(e)) => {
                Err(self.failed("the statement failed", &e))
            }
            (StatementExpect::Count(expected), Ok(outcomes)) => match outcomes.last().and_then(affected) {
                Some(count) if count == *expected => Ok(()),
                Some(count) => Err(Wrong::new(format!("expected {expected} rows, found {count}"), "")),
                None => Err(Wrong::new("the statement counts no rows", "")),
            },
            (StatementExpect::Error(_), Ok(_)) => Err(Wrong::new("expected an error, there was none", "")),
            (StatementExpect::Error(_), Err(Error::Stopped)) => {
                Err(self.failed("expected an error", &Error::Stopped))
            }
            (StatementExpect::Error(_), Err(_)) if self.settings.foreign => Ok(()),
            (StatementExpect::Error(ErrorExpect::Any), Err(_)) => Ok(()),
            (StatementExpect::Error(ErrorExpect::Matches(regex)), Err(e)) => {
                let e = e.to_string();
                match regex.is_match(&e) {
                    true => Ok(()),
                    false => Err(Wrong::new(format!("the error does not match `{regex}`"), e)),
                }
            }
            (StatementExpect::Error(ErrorExpect::Contains(text)), Err(e)) => {
                let e = e.to_string();
                match e.contains(text.as_str()) {
                    true => Ok(()),
                    false => Err(Wrong::new(format!("the error does not contain `{text}`"), e)),
                }
            }
        }
    }

    /// Runs SQL, at most as long as the settings say.
    fn execute(&mut self, sql: &str) -> Result<Vec<Outcome>, Error> {
        let stop = self.session.stop();
        let _timer = Timer::start(self.settings.timeout, move || stop.ask());
        self.session.execute(sql)
    }

    fn failed(&self, what: &str, e: &Error) -> Wrong {
        match e {
            Error::Stopped => {
                Wrong::new(format!("it ran longer than {} s", self.settings.timeout.as_secs_f64()), "")
            }
            e => Wrong::of(what, e, self.lacking),
        }
    }

    fn query(&mut self, line: usize, sql: &str, query: &Query) -> Result<(), Wrong> {
        let outcomes = self.execute(sql).map_err(|e| self.failed("the query failed", &e))?;
        let Some(Outcome::Rows(rows)) = outcomes.last() else {
            return Err(Wrong::new("the statement gives no rows", ""));
        };
        let sort = query.sort.unwrap_or(self.sort);
        let actual = Actual::new(rows, query, self.form, sort, self.settings.foreign);
        if let Some(detail) = actual.differs(query, sort) {
            return Err(Wrong::new("the result differs (- expected, + actual)", detail));
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
    ) -> Result<(), Wrong> {
        let Some(label) = &query.label else { return Ok(()) };
        let hash = actual.hash();
        let (first, first_line) = self.labels.entry(label.clone()).or_insert_with(|| (hash.clone(), line));
        if *first == hash {
            return Ok(());
        }
        let what = format!("the result differs from that of label `{label}` in line {first_line}");
        let lines: Vec<String> = rows.to_string().lines().map(str::to_string).collect();
        Err(Wrong::new(what, diff(&[], &lines)))
    }

    fn include(&mut self, line: usize, name: &str) -> Go {
        let folder = self.includes.last().and_then(|p| p.parent()).unwrap_or(Path::new(""));
        let path = folder.join(name);
        let failed = |what: String| Err(Wrong::new("the file cannot be included", what));
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
            let (long, short) = (format!("${{{variable}}}"), format!("{{{variable}}}"));
            let text = |line: &Line| line.text.replace(&long, value).replace(&short, value);
            let lines: Vec<Line> =
                lines.iter().map(|line| Line { number: line.number, text: text(line) }).collect();
            self.variables.push((variable.to_string(), value.to_string()));
            let go = self.lines(&lines);
            self.variables.pop();
            go
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
