//! `laminar sql`: a prompt at a terminal, a filter in a pipe.
//!
//! | file | what |
//! |---|---|
//! | `shell` | a session, its settings, and the commands that begin with a dot |
//! | `prompt` | lines from a terminal: editing, history, completion |
//! | `pipe` | statements from standard input |
//! | `complete` | what a word could become |
//! | `ending` | whether a text ends a statement |
//! | `interrupt` | Ctrl-C while a query runs |

mod complete;
mod ending;
mod interrupt;
mod pipe;
mod prompt;
mod shell;

use crate::arguments::Sql;
use crate::report::Failure;
use std::io::IsTerminal;

/// Runs the prompt, or what a pipe brings.
pub fn sql(arguments: &Sql) -> Result<(), Failure> {
    let shell = shell::Shell::new(arguments);
    if std::io::stdin().is_terminal() {
        prompt::prompt(shell, arguments)
    } else {
        pipe::pipe(shell, arguments.keep_going)
    }
}
