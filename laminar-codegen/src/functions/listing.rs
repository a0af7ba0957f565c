//! The function table for people: lines for the command, and a page of the book.

use super::{FORMS, GROUPS};
use std::fmt::Write;

/// One function or form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Heading under which it stands.
    pub group: &'static str,
    /// Name, lower case, or an operator.
    pub name: &'static str,
    /// How it is written, and the type of the result.
    pub signature: String,
    /// What it gives.
    pub doc: &'static str,
    /// An expression that is true.
    pub example: &'static str,
}

/// Every scalar function, operator and form, in the order of the book.
pub fn listing() -> Vec<Line> {
    let forms = FORMS.iter().map(|f| Line {
        group: "Forms",
        name: f.name,
        signature: f.signature.to_string(),
        doc: f.doc,
        example: f.example,
    });
    let functions = GROUPS.iter().flat_map(|(group, functions)| {
        functions.iter().map(move |f| Line {
            group,
            name: f.name,
            signature: f.signature(),
            doc: f.doc,
            example: f.example,
        })
    });
    forms.chain(functions).collect()
}

/// `docs/functions.md`.
pub fn markdown() -> String {
    let mut page = String::from(
        "# Scalar functions\n\n\
         Generated from the table that drives the compiler and every executor; each example is a test. Semantics are\n\
         PostgreSQL's, C collation, UTC. Unless said otherwise NULL gives NULL, and an INTEGER goes where a BIGINT, DECIMAL or\n\
         DOUBLE is taken. `+ - * /`, comparisons, AND, OR and NOT go without saying.\n",
    );
    let mut group = "";
    for line in listing() {
        if line.group != group {
            group = line.group;
            let _ = write!(page, "\n## {group}\n\n| Form | Gives | Example (true) |\n|---|---|---|\n");
        }
        // A bar would end the cell, in code, too.
        let cell = |text: &str| text.replace('|', "\\|");
        let (signature, doc, example) = (cell(&line.signature), cell(line.doc), cell(line.example));
        let _ = writeln!(page, "| `{signature}` | {doc} | `{example}` |");
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `BLESS=1 cargo test -p laminar-codegen functions` writes the page.
    #[test]
    fn the_page_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/functions.md");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path, markdown()).expect("the page can be written");
        }
        let page = std::fs::read_to_string(path).unwrap_or_default();
        assert!(page == markdown(), "docs/functions.md is out of date: run this test with BLESS=1");
    }

    #[test]
    fn lines_are_whole() {
        for line in listing() {
            assert!(!line.doc.is_empty() && !line.doc.ends_with('.'), "{}", line.signature);
            assert!(!line.example.is_empty(), "{}", line.signature);
        }
    }
}
