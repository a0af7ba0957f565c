//! A session with its settings, and the commands that begin with a dot.

use super::interrupt;
use crate::arguments::{Executor, Format, Run, Sql};
use crate::report::{Failure, read_sql};
use crate::run::{Finally, Printer};
use laminar::adhoc::{Error, Origin, Session};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Dot commands: name, arguments, what they do.
pub const DOT_COMMANDS: &[(&str, &str, &str)] = &[
    (".help", "", "show this"),
    (".tables", "", "list tables, sources and views"),
    (".schema", "[NAME]", "show how a relation, or every one, is declared"),
    (".functions", "[PATTERN]", "list the functions whose name contains a text"),
    (".mode", "table|csv|json", "how rows are printed"),
    (".changes", "on|off", "rows of an updating query as they come and go (on), or its result (off)"),
    (".timer", "on|off", "show how long each statement takes"),
    (".read", "FILE", "run the statements of a file"),
    (".quit", "", "end; Ctrl-D does the same"),
];

/// Files that read each other without end stop here.
const READ_DEPTH_MAX: usize = 16;

/// A session and how its results are shown.
pub struct Shell {
    session: Session,
    format: Format,
    changes: bool,
    timer: bool,
    /// Whether somebody watches: then statements without rows are answered, too.
    watched: bool,
    depth: usize,
}

/// How a text ended.
pub enum Done {
    /// All ran.
    Well,
    /// With this message.
    Failed(String),
    /// Somebody wants to leave.
    Quit,
}

impl Shell {
    /// A new session.
    pub fn new(arguments: &Sql) -> Shell {
        let executor = match arguments.executor {
            Some(Executor::Jit) => laminar::adhoc::Executor::Jit,
            Some(Executor::Interp) => laminar::adhoc::Executor::Interp,
            None => laminar::adhoc::Executor::best(),
        };
        let watched = std::io::IsTerminal::is_terminal(&std::io::stdin());
        let session = Session::new().executor(executor);
        Shell { session, format: arguments.mode, changes: false, timer: false, watched, depth: 0 }
    }

    /// The session.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Runs statements, or one dot command.
    ///
    /// # Errors
    /// Only where the output cannot be written.
    pub fn run(&mut self, text: &str, origin: Origin) -> Result<Done, Failure> {
        if let Some(command) = text.trim().strip_prefix('.') {
            return self.dot(command);
        }
        let begun = Instant::now();
        let arguments = Run { file: PathBuf::new(), format: self.format, finally: false, executor: None };
        let finally = if self.changes { Finally::Never } else { Finally::Updating };
        let mut printer = Printer::new(&arguments).finally(finally).answer(self.watched);
        let result = self.session.execute_into(text, origin, &mut printer);
        let rows = printer.rows();
        let failed = printer.finish()?;
        let done = match result {
            Ok(()) => Done::Well,
            Err(Error::Stopped) if interrupt::take() => Done::Failed("interrupted".into()),
            Err(Error::Stopped) => return Err(failed.map_or(Failure::BrokenPipe, Failure::from)),
            Err(e) => Done::Failed(e.to_string()),
        };
        if self.timer && matches!(done, Done::Well) {
            let rows =
                rows.map_or(String::new(), |n| format!(", {n} {}", if n == 1 { "row" } else { "rows" }));
            println!("{:.1} ms{rows}", begun.elapsed().as_secs_f64() * 1e3);
        }
        Ok(done)
    }

    fn dot(&mut self, command: &str) -> Result<Done, Failure> {
        // As statements may be ended.
        let command = command.trim_end_matches(';').trim();
        let (name, argument) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        let argument = argument.trim();
        match (name, argument) {
            ("help", "") => print!("{}", help()),
            ("tables", "") => {
                for relation in self.session.relations() {
                    println!("{:<24} {}", relation.name, relation.kind);
                }
            }
            ("schema", name) => return Ok(self.schema(name)),
            ("functions", pattern) => print!("{}", crate::functions::list(pattern)),
            ("mode", "table") => self.format = Format::Table,
            ("mode", "csv") => self.format = Format::Csv,
            ("mode", "json") => self.format = Format::Json,
            ("timer", "on" | "off") => self.timer = argument == "on",
            ("changes", "on" | "off") => self.changes = argument == "on",
            ("read", file) if !file.is_empty() => {
                return self.read(Path::new(file.trim_matches(['\'', '"'])));
            }
            ("quit" | "exit", "") => return Ok(Done::Quit),
            _ => {
                let known = DOT_COMMANDS.iter().find(|(known, ..)| known[1..] == *name);
                return Ok(Done::Failed(match known {
                    Some((known, arguments, _)) => {
                        format!("error: write `{}`", format!("{known} {arguments}").trim())
                    }
                    None => format!("error: there is no command `.{name}`; `.help` lists them"),
                }));
            }
        }
        Ok(Done::Well)
    }

    fn schema(&self, name: &str) -> Done {
        let all = self.session.relations();
        let shown: Vec<_> =
            all.iter().filter(|r| name.is_empty() || r.name.eq_ignore_ascii_case(name)).collect();
        if shown.is_empty() && !name.is_empty() {
            return Done::Failed(format!(
                "error: relation `{name}` does not exist; `.tables` lists those that do"
            ));
        }
        for relation in shown {
            println!("{}", relation.declaration);
        }
        Done::Well
    }

    fn read(&mut self, path: &Path) -> Result<Done, Failure> {
        let (text, origin) = match read_sql(path) {
            Ok(read) => read,
            Err(Failure::Message(message)) => return Ok(Done::Failed(message)),
            Err(other) => return Err(other),
        };
        if self.depth >= READ_DEPTH_MAX {
            return Ok(Done::Failed(format!("error: files read each other more than {READ_DEPTH_MAX} deep")));
        }
        self.depth += 1;
        let done = self.run(&text, origin);
        self.depth -= 1;
        done
    }
}

fn help() -> String {
    let lines = DOT_COMMANDS
        .iter()
        .map(|(name, arguments, what)| format!("{:<26} {what}\n", format!("{name} {arguments}")));
    format!("Statements end with `;` and may have several lines.\n{}", lines.collect::<String>())
}
