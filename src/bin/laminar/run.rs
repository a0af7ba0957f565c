//! `laminar run`.

use crate::arguments::{self, Run};
use crate::format::Rows;
use crate::report::{Failure, read_sql};
use indicatif::{ProgressBar, ProgressStyle};
use laminar::adhoc::{
    Batch, Column, Contents, Error, Executor, Losses, Outcome, OutputKind, Receiver, Session, SqlError,
};
use std::io::{self, BufWriter, IsTerminal, Write};

/// Runs the statements of a file.
pub fn run(arguments: &Run) -> Result<(), Failure> {
    let (sql, origin) = read_sql(&arguments.file)?;
    let executor = match arguments.executor {
        Some(arguments::Executor::Jit) => Executor::Jit,
        Some(arguments::Executor::Interp) => Executor::Interp,
        None => Executor::best(),
    };
    let mut printer = Printer::new(arguments);
    let result = Session::new().executor(executor).execute_into(&sql, origin, &mut printer);
    let finished = printer.finish();
    match (result, finished) {
        (Err(Error::Stopped), finished) => Err(finished?.map_or(Failure::BrokenPipe, Failure::from)),
        (Err(e), _) => Err(e.into()),
        (Ok(()), finished) => finished?.map_or(Ok(()), |e| Err(e.into())),
    }
}

/// Whether a query's final result is printed once, instead of rows as they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finally {
    /// Never.
    Never,
    /// Where rows come and go.
    Updating,
    /// Always.
    Always,
}

/// Prints the results of the queries to stdout, one after the other.
pub struct Printer<'a> {
    arguments: &'a Run,
    out: BufWriter<io::StdoutLock<'static>>,
    progress: ProgressBar,
    query: Option<Query>,
    /// Something is out already.
    begun: bool,
    /// Why writing stopped.
    failed: Option<io::Error>,
    finally: Finally,
    /// Statements without rows are answered, too.
    answer: bool,
    /// Rows of the last query that were printed.
    rows: Option<u64>,
}

/// The query that is running.
struct Query {
    rows: Rows,
    /// Rows come and go.
    changelog: bool,
    /// The result so far, under `--final`.
    folded: Option<Contents>,
}

impl<'a> Printer<'a> {
    /// Nothing is printed yet.
    pub fn new(arguments: &'a Run) -> Printer<'a> {
        let progress = if io::stderr().is_terminal() {
            let style = ProgressStyle::with_template("{spinner} {human_pos} rows read in {elapsed}");
            ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
        } else {
            ProgressBar::hidden()
        };
        let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        let finally = if arguments.finally { Finally::Always } else { Finally::Never };
        Printer {
            arguments,
            out,
            progress,
            query: None,
            begun: false,
            failed: None,
            finally,
            answer: false,
            rows: None,
        }
    }

    /// When only the final result is printed.
    pub fn finally(self, finally: Finally) -> Self {
        Printer { finally, ..self }
    }

    /// Whether statements without rows are answered, too.
    pub fn answer(self, answer: bool) -> Self {
        Printer { answer, ..self }
    }

    /// Rows of the last query that were printed.
    pub fn rows(&self) -> Option<u64> {
        self.rows
    }

    /// Ends the output; why writing stopped, if it did.
    pub fn finish(mut self) -> io::Result<Option<io::Error>> {
        self.progress.finish_and_clear();
        let flushed = self.abandon();
        match self.failed {
            Some(e) => Ok(Some(e)),
            None => flushed.map(|()| None),
        }
    }

    /// Notes why writing failed; the session is told to stop.
    fn written(&mut self, result: io::Result<()>) -> Result<(), Error> {
        result.map_err(|e| {
            self.failed = Some(e);
            Error::Stopped
        })
    }

    fn begin_query(&mut self, columns: &[Column], kind: &OutputKind) -> io::Result<()> {
        self.progress.reset();
        let changelog = *kind != OutputKind::Append;
        let finally = self.finally == Finally::Always || (changelog && self.finally == Finally::Updating);
        self.rows = Some(0);
        if std::mem::replace(&mut self.begun, true) && self.arguments.format == arguments::Format::Table {
            self.out.write_all(b"\n")?;
        }
        let rows = Rows::begin(self.arguments.format, columns, changelog && !finally, &mut self.out)?;
        let folded = finally.then(|| Contents::new(columns, kind));
        self.query = Some(Query { rows, changelog, folded });
        Ok(())
    }

    fn print(&mut self, batch: &Batch) -> io::Result<()> {
        let Some(query) = &mut self.query else { return Ok(()) };
        let (out, rows, changelog) = (&mut self.out, &mut query.rows, query.changelog);
        let printed = self.rows.get_or_insert(0);
        self.progress.suspend(|| {
            for at in 0..batch.len() {
                let (row, weight) = (batch.row(at), batch.weight(at));
                let op = changelog.then_some(if weight < 0 { "-" } else { "+" });
                for _ in 0..weight.unsigned_abs() {
                    *printed += 1;
                    rows.row(op, &row, out)?;
                }
            }
            out.flush()
        })
    }

    fn end_query(&mut self) -> io::Result<()> {
        let Some(mut query) = self.query.take() else { return Ok(()) };
        for row in query.folded.iter().flat_map(Contents::rows) {
            *self.rows.get_or_insert(0) += 1;
            query.rows.row(None, &row, &mut self.out)?;
        }
        query.rows.end(&mut self.out)?;
        self.out.flush()
    }

    /// Ends a query that failed: rows that came before are results, a final result there is none.
    fn abandon(&mut self) -> io::Result<()> {
        if let Some(Query { rows, folded: None, .. }) = self.query.take() {
            rows.end(&mut self.out)?;
        }
        self.out.flush()
    }

    /// Tells of rows that did not take part.
    fn tell(&mut self, losses: &[Losses]) {
        for Losses { input, late, rejected } in losses {
            for (n, what) in [(*late, "late"), (*rejected, "rejected")] {
                if n > 0 {
                    let rows = if n == 1 { "row was" } else { "rows were" };
                    // Nobody may be listening there.
                    let note = || _ = writeln!(io::stderr(), "note: {input}: {n} {rows} {what}");
                    self.progress.suspend(note);
                }
            }
        }
    }
}

impl Receiver for Printer<'_> {
    fn warn(&mut self, warnings: &SqlError) {
        self.progress.suspend(|| _ = writeln!(io::stderr(), "{warnings}\n"));
    }

    fn begin(&mut self, columns: &[Column], kind: &OutputKind) -> Result<(), Error> {
        let result = self.begin_query(columns, kind);
        self.written(result)
    }

    fn ordered(&mut self) {
        // There is nothing to fold, and the order would be lost.
        if let Some(query) = &mut self.query {
            query.folded = None;
        }
    }

    fn rows(&mut self, rows: &Batch) -> Result<(), Error> {
        if let Some(Query { folded: Some(folded), .. }) = &mut self.query {
            return Ok(folded.take(rows)?);
        }
        let result = self.print(rows);
        self.written(result)
    }

    fn progress(&mut self, rows_read: u64) -> Result<(), Error> {
        self.progress.set_position(rows_read);
        Ok(())
    }

    fn end(&mut self, losses: &[Losses]) -> Result<(), Error> {
        self.progress.finish_and_clear();
        let result = self.end_query();
        self.tell(losses);
        self.written(result)
    }

    fn done(&mut self, outcome: &Outcome, losses: &[Losses]) -> Result<(), Error> {
        self.tell(losses);
        let text = match outcome {
            Outcome::Explained(text) => text.clone(),
            other if self.answer => answer(other),
            _ => return Ok(()),
        };
        self.begun = true;
        let result = writeln!(self.out, "{text}").and_then(|()| self.out.flush());
        self.written(result)
    }
}

/// What a statement without rows did, in a few words.
fn answer(outcome: &Outcome) -> String {
    let rows = |n: u64| format!("{n} {}", if n == 1 { "row" } else { "rows" });
    match outcome {
        Outcome::Created(name) => format!("created {name}"),
        Outcome::Existed(name) => format!("{name} exists already"),
        Outcome::Dropped(name) => format!("dropped {name}"),
        Outcome::Absent(name) => format!("there is no {name}"),
        Outcome::Inserted(n) => format!("inserted {}", rows(*n)),
        Outcome::Updated(n) => format!("updated {}", rows(*n)),
        Outcome::Deleted(n) => format!("deleted {}", rows(*n)),
        _ => "done".to_string(),
    }
}
