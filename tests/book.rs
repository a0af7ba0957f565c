//! The SQL of the book: each block runs, and what it prints is the block below.
//!
//! Blocks of a page share a session. A `text` block after a `sql` block is the result of its last statement; one that begins with `error:` is
//! the beginning of the error, or its code. The Rust blocks are documentation tests (`src/lib.rs`).
#![cfg(feature = "adhoc")]

use laminar::adhoc::{Executor, Outcome, Session};
use std::path::{Path, PathBuf};

/// A block of code: its language, its text, and the line where it begins.
struct Block {
    language: String,
    text: String,
    line: usize,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (i, line) in page.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(language), None) => {
                open = Some(Block { language: language.into(), text: String::new(), line: i + 1 })
            }
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/book");
    let mut pages: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the book is there").map(|e| e.expect("a page").path()).collect();
    pages.sort();
    assert!(pages.len() >= 6);
    pages
}

/// What the last statement of a text gives, as the book shows it.
fn shown(session: &mut Session, sql: &str) -> String {
    match session.execute(sql) {
        Ok(outcomes) => match outcomes.last() {
            Some(Outcome::Rows(rows)) => rows.to_string(),
            Some(Outcome::Explained(text)) => text.clone(),
            _ => String::new(),
        },
        Err(e) => {
            let text = e.to_string();
            if text.starts_with("error:") { text } else { format!("error: {text}") }
        }
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.trim().lines().map(str::trim_end).collect()
}

#[test]
fn sql_gives_what_the_book_says() {
    let executors =
        if cfg!(feature = "jit") { vec![Executor::Interp, Executor::Jit] } else { vec![Executor::Interp] };
    let mut compared = 0;
    for path in pages() {
        let page = std::fs::read_to_string(&path).expect("a page can be read");
        let blocks = blocks(&page);
        for executor in &executors {
            let mut session = Session::new().executor(*executor);
            for (i, block) in blocks.iter().enumerate().filter(|(_, b)| b.language == "sql") {
                let place = format!("{}:{}", path.display(), block.line);
                let given = shown(&mut session, &block.text);
                match blocks.get(i + 1).filter(|b| b.language == "text") {
                    Some(expected) if expected.text.starts_with("error:") => {
                        let expected = expected.text.trim();
                        assert!(given.starts_with(expected), "{place}: {given}");
                        compared += 1;
                    }
                    Some(expected) => {
                        assert_eq!(lines(&given), lines(&expected.text), "{place}:\n{given}");
                        compared += 1;
                    }
                    None => assert!(!given.starts_with("error:"), "{place}: {given}"),
                }
            }
        }
    }
    let results = compared / executors.len();
    assert!(results >= 9, "only {results} results are compared");
}

#[test]
fn links_lead_somewhere() {
    for path in pages() {
        let page = std::fs::read_to_string(&path).expect("a page can be read");
        for link in page.split("](").skip(1).filter_map(|l| l.split(')').next()) {
            let target = link.split('#').next().unwrap_or(link);
            if !target.is_empty() && !target.starts_with("http") {
                assert!(path.with_file_name("").join(target).exists(), "{}: {link}", path.display());
            }
        }
    }
}
