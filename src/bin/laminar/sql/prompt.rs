//! The prompt: lines from a terminal, with editing over several lines, history and completion.

use super::complete::Names;
use super::ending::is_complete;
use super::interrupt;
use super::shell::{Done, Shell};
use crate::arguments::Sql;
use crate::report::Failure;
use laminar::adhoc::Origin;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor};
use rustyline_helper::Helper;
use std::path::PathBuf;

/// Statements that the history remembers.
const HISTORY_LINES_MAX: usize = 1000;

/// Reads and runs until Ctrl-D or `.quit`.
pub fn prompt(mut shell: Shell, arguments: &Sql) -> Result<(), Failure> {
    let failed = |e: ReadlineError| Failure::Message(format!("error: the terminal cannot be used: {e}"));
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .max_history_size(HISTORY_LINES_MAX)
        .map_err(failed)?
        .auto_add_history(false)
        .build();
    let mut editor: Editor<Helper, FileHistory> = Editor::with_config(config).map_err(failed)?;
    let history = history_file(arguments);
    if let Some(path) = &history {
        // There is none the first time.
        let _ = editor.load_history(path);
    }
    interrupt::listen(shell.session().stop());
    println!(
        "Laminar {}. Statements end with `;`. `.help` shows more, Ctrl-D ends.",
        env!("CARGO_PKG_VERSION")
    );
    loop {
        editor.set_helper(Some(Helper(Names::of(shell.session()))));
        match editor.readline("laminar> ") {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => {
                let _ = editor.add_history_entry(text.trim_end());
                interrupt::take();
                match shell.run(&text, Origin::Query)? {
                    Done::Well => {}
                    Done::Quit => break,
                    Done::Failed(message) => eprintln!("{message}"),
                }
            }
            // The line is dropped.
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => break,
            Err(e) => return Err(failed(e)),
        }
    }
    if let Some(path) = &history {
        save(&mut editor, path);
    }
    Ok(())
}

/// Writes the history; where that fails the next prompt begins with an older one.
fn save(editor: &mut Editor<Helper, FileHistory>, path: &PathBuf) {
    if let Some(folder) = path.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    if let Err(e) = editor.save_history(path) {
        eprintln!("note: the history is not kept: {}: {e}", path.display());
    }
}

/// `laminar/history` in the user's folder for state, unless `--no-history`.
fn history_file(arguments: &Sql) -> Option<PathBuf> {
    if arguments.no_history {
        return None;
    }
    let folder = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let state = if cfg!(windows) {
        folder("LOCALAPPDATA")?
    } else {
        folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")))?
    };
    Some(state.join("laminar/history"))
}

/// What the line editor asks.
mod rustyline_helper {
    use super::*;

    /// Names for completion.
    pub struct Helper(pub Names);

    impl rustyline::Helper for Helper {}
    impl rustyline::hint::Hinter for Helper {
        type Hint = String;
    }
    impl rustyline::highlight::Highlighter for Helper {}

    impl Completer for Helper {
        type Candidate = String;

        fn complete(
            &self,
            line: &str,
            cursor: usize,
            _: &Context<'_>,
        ) -> rustyline::Result<(usize, Vec<String>)> {
            Ok(self.0.complete(line, cursor))
        }
    }

    impl Validator for Helper {
        fn validate(&self, text: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
            let text = text.input();
            let done = text.trim_start().starts_with('.') || is_complete(text);
            Ok(if done { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
        }
    }
}
