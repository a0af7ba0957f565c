//! Statements from standard input, one after the other as they come.

use super::ending::is_complete;
use super::shell::{Done, Shell};
use crate::report::Failure;
use laminar::adhoc::Origin;
use std::io::BufRead;

/// Runs what comes. The first error ends it, unless `keep_going`; then the exit code still tells.
pub fn pipe(mut shell: Shell, keep_going: bool) -> Result<(), Failure> {
    let mut failed = false;
    let mut pending = String::new();
    let (mut number, mut first) = (0, 1);
    let mut lines = std::io::stdin().lock().split(b'\n');
    loop {
        let line = lines
            .next()
            .transpose()
            .map_err(|e| Failure::Message(format!("error: cannot read the input: {e}")))?;
        let ended = line.is_none();
        number += 1;
        if let Some(line) = line {
            let line = String::from_utf8(line)
                .map_err(|_| Failure::Message(format!("error: <stdin>:{number}: the text is not UTF-8")))?;
            let line = if number == 1 { line.strip_prefix('\u{feff}').unwrap_or(&line) } else { &line };
            if pending.trim().is_empty() {
                (first, pending) = (number, String::new());
            }
            pending.push_str(line);
            pending.push('\n');
        }
        let is_dot = pending.trim_start().starts_with('.');
        if pending.trim().is_empty() || !(ended || is_dot || is_complete(&pending)) {
            if ended { break } else { continue }
        }
        // Lines are counted from the start of the input.
        let text = "\n".repeat(first - 1) + &std::mem::take(&mut pending);
        let origin = Origin::File { path: "<stdin>".into() };
        match shell.run(&text, origin)? {
            Done::Well => {}
            Done::Quit => break,
            Done::Failed(message) => {
                eprintln!("{message}");
                failed = true;
                if !keep_going {
                    break;
                }
            }
        }
        if ended {
            break;
        }
    }
    if failed { Err(Failure::Told) } else { Ok(()) }
}
