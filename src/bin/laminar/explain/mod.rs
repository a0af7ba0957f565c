//! `laminar explain`: how queries of a file are executed, or what a code of a diagnostic means.
//!
//! | file | what |
//! |---|---|
//! | `drawing` | the plans of a file as boxes and arrows |
//! | `dot`, `mermaid`, `svg` | a drawing in that format |
//! | `layout` | where the boxes go in an SVG |
//! | `pages` | the pages of diagnostics |

mod dot;
mod drawing;
mod layout;
mod mermaid;
mod pages;
mod svg;

use crate::arguments::{Explain, Form};
use crate::report::{Failure, read_sql};
use drawing::Drawing;
use laminar::adhoc::{ExplainMode, Origin, Session};
use std::io::Write;

/// Prints how the queries of a file are executed, those of its views included; or the page of a code.
pub fn explain(arguments: &Explain) -> Result<(), Failure> {
    let word = arguments.file.to_string_lossy();
    if pages::is_code(&word) && !arguments.file.exists() {
        let page =
            pages::page(&word).ok_or_else(|| Failure::Message(format!("error: there is no code {word}")))?;
        return Ok(write!(std::io::stdout().lock(), "{page}")?);
    }
    let (sql, origin) = read_sql(&arguments.file)?;
    let mode = match arguments.format {
        Form::Text => ExplainMode::Text,
        Form::Rust => ExplainMode::Rust,
        Form::Clif => ExplainMode::Clif,
        Form::Dot => return draw(&sql, origin, dot::dot),
        Form::Mermaid => return draw(&sql, origin, mermaid::mermaid),
        Form::Svg => return draw(&sql, origin, svg::svg),
    };
    let mut session = Session::new();
    let texts = session.explain(&sql, origin, mode)?;
    session.warnings().iter().for_each(|w| eprintln!("{w}\n"));
    let mut out = std::io::stdout().lock();
    Ok(writeln!(out, "{}", texts.join("\n\n"))?)
}

/// Prints the plans of all queries as one drawing.
fn draw(sql: &str, origin: Origin, form: fn(&Drawing) -> String) -> Result<(), Failure> {
    let queries = Session::new().graphs(sql, origin)?;
    Ok(write!(std::io::stdout().lock(), "{}", form(&Drawing::of(&queries)))?)
}
