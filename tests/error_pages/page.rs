//! One page of `docs/errors`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors")
}

/// A file of the folder.
pub fn read(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).unwrap_or_else(|e| panic!("docs/errors/{name}: {e}"))
}

/// Names of all files of the folder.
pub fn files() -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder()).expect("the folder is there");
    entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// What the blocks of a page are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Statements of a session.
    Sql,
    /// Structs with `#[derive(Event)]` and `#[pipeline]`.
    Rust,
}

/// A page.
pub struct Page {
    pub title: String,
    pub kind: Kind,
    /// `error` or `warning`.
    pub severity: String,
    pub bad: String,
    pub fixed: String,
    prose: String,
}

impl Page {
    /// The page of a code.
    pub fn of(code: &str) -> Page {
        let text = read(&format!("{code}.md"));
        let title = text.lines().next().unwrap_or_default().to_string();
        let mut blocks = blocks(&text);
        assert_eq!(blocks.len(), 2, "{code} has a wrong block and a mended one");
        let (fixed_info, fixed) = blocks.pop().unwrap();
        let (bad_info, bad) = blocks.pop().unwrap();
        let (language, severity) = bad_info.split_once(' ').expect("a language and what the block gives");
        assert_eq!(fixed_info, format!("{language} fixed"), "{code}");
        let kind = match language {
            "sql" => Kind::Sql,
            "rust" => Kind::Rust,
            other => panic!("{code}: {other}"),
        };
        let prose = text.split("```").step_by(2).skip(1).chain([text.split("```").next().unwrap()]).collect();
        Page { title, kind, severity: severity.into(), bad, fixed, prose }
    }

    /// Words outside the title and the blocks.
    pub fn words(&self) -> usize {
        self.prose.split_whitespace().count() - self.title.split_whitespace().count()
    }
}

/// The fenced blocks of a text, each with what stands behind its first fence.
pub fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(info), None) => open = Some((info.to_string(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some((_, block))) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}
