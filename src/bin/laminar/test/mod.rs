//! `laminar test`: runs sqllogictest files, each on every executor.
//!
//! | file | what |
//! |---|---|
//! | `record`, `parse`, `types` | the language of the files |
//! | `file`, `timer`, `wrong` | runs the records of one file in a session; for how long; what is wrong with one |
//! | `compare`, `diff` | expected results against actual ones: how values are written, how a difference is |
//! | `junit` | the report for machines |
//!
//! The reader of files is our own: it must take what SQLite, DuckDB and RisingWave each add to the language and tell a line a
//! value from a line a row, and the crates that exist settle on one engine's form.

mod compare;
mod diff;
mod file;
mod junit;
mod parse;
mod record;
mod timer;
mod types;
mod wrong;

use crate::arguments::{Test, TestExecutor};
use crate::report::{Failure, reason};
use file::{Failed, Report, Settings};
use laminar::adhoc::Executor;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// One file under one executor.
pub struct Case {
    /// The file as it was named or found.
    file: PathBuf,
    /// `jit` or `interp`.
    executor: &'static str,
    report: Report,
    seconds: f64,
}

/// Runs the files.
pub fn test(arguments: &Test) -> Result<(), Failure> {
    let mut files = Vec::new();
    for path in &arguments.paths {
        collect(path, true, &mut files).map_err(|e| Failure::Message(format!("error: {e}")))?;
    }
    if files.is_empty() {
        return Err(Failure::Message("error: there are no `.slt` or `.test` files".into()));
    }
    let executors: &[(&str, Executor)] = match arguments.executor {
        TestExecutor::Jit => &[("jit", Executor::Jit)],
        TestExecutor::Interp => &[("interp", Executor::Interp)],
        TestExecutor::Both if cfg!(feature = "jit") => {
            &[("jit", Executor::Jit), ("interp", Executor::Interp)]
        }
        TestExecutor::Both => &[("interp", Executor::Interp)],
    };
    let timeout = Duration::try_from_secs_f64(arguments.timeout)
        .map_err(|_| Failure::Message("error: `--timeout` takes a number of seconds".into()))?;
    let settings = Settings { timeout, foreign: arguments.foreign };
    let mut out = std::io::stdout().lock();
    let mut cases = Vec::new();
    for path in files {
        let text = std::fs::read(&path)
            .map_err(|e| Failure::Message(format!("error: {}: {}", path.display(), reason(&e))))?;
        let text = String::from_utf8_lossy(&text);
        let first = cases.len();
        for (name, executor) in executors {
            let begun = Instant::now();
            let report = file::run_file(&path, &text, *executor, &settings);
            let seconds = begun.elapsed().as_secs_f64();
            cases.push(Case { file: path.clone(), executor: name, report, seconds });
        }
        tell(&cases[first..], &mut out)?;
    }
    if let Some(path) = &arguments.junit {
        std::fs::write(path, junit::junit(&cases))
            .map_err(|e| Failure::Message(format!("error: {}: {}", path.display(), reason(&e))))?;
    }
    summary(&cases, executors, &mut out)
}

/// Prints what failed in a file, what fails alike under several executors once.
fn tell(cases: &[Case], out: &mut dyn Write) -> std::io::Result<()> {
    let mut told: Vec<(&Failed, Vec<&str>)> = Vec::new();
    for case in cases {
        for failed in &case.report.failures {
            match told.iter_mut().find(|(other, _)| *other == failed) {
                // A loop may meet one mistake often.
                Some((_, executors)) if executors.contains(&case.executor) => {}
                Some((_, executors)) => executors.push(case.executor),
                None => told.push((failed, vec![case.executor])),
            }
        }
    }
    told.sort_by_key(|(failed, _)| failed.line);
    for (failed, executors) in told {
        let text = failed.text(&format!(" [{}]", executors.join(", ")));
        let end = if failed.not_supported { "" } else { "\n" };
        write!(out, "{text}{end}")?;
    }
    if let Some(Case { file, report: Report { skipped: Some(why), .. }, .. }) = cases.first() {
        writeln!(out, "{}: the rest is skipped: {why}\n", file.display())?;
    }
    Ok(())
}

/// Prints the last line; an error if a record failed.
fn summary(cases: &[Case], executors: &[(&str, Executor)], out: &mut dyn Write) -> Result<(), Failure> {
    let passed: usize = cases.iter().map(|c| c.report.passed).sum();
    let failures = || cases.iter().flat_map(|c| &c.report.failures);
    let lacking = failures().filter(|f| f.not_supported).count();
    let failed = failures().count() - lacking;
    let files = cases.len() / executors.len();
    let names: Vec<&str> = executors.iter().map(|(name, _)| *name).collect();
    let lacking_too = if lacking > 0 { format!(", {lacking} not supported") } else { String::new() };
    writeln!(out, "{passed} passed, {failed} failed{lacking_too} ({files} files; {})", names.join(", "))?;
    out.flush()?;
    if failed + lacking > 0 { Err(Failure::Told) } else { Ok(()) }
}

impl Failed {
    /// Place, what is wrong, SQL and details; `by` ends the first line.
    fn text(&self, by: &str) -> String {
        let mut text = format!("{}:{}: {}{by}\n", self.file.display(), self.line, self.what);
        if self.not_supported {
            return text;
        }
        text.extend(self.sql.lines().map(|line| format!("    {line}\n")));
        text.extend(self.detail.lines().map(|line| format!("  {line}\n")));
        text
    }
}

/// Files at or below a path, in the order of their names; `named` says that the user wrote it.
fn collect(path: &Path, named: bool, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let failed = |e: std::io::Error| format!("{}: {}", path.display(), reason(&e));
    if std::fs::metadata(path).map_err(failed)?.is_dir() {
        let mut entries = std::fs::read_dir(path)
            .map_err(failed)?
            .map(|e| Ok(e?.path()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(failed)?;
        entries.sort();
        return entries.iter().try_for_each(|entry| collect(entry, false, files));
    }
    if named || path.extension().is_some_and(|e| e == "slt" || e == "test") {
        files.push(path.to_owned());
    }
    Ok(())
}
