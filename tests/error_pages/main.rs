//! The pages in `docs/errors`: one a code, and what they say is so. Every wrong block gives exactly its code, every mended one
//! nothing; every suggested edit, applied, removes its diagnostic.
#![cfg(feature = "cli")]

mod door1;
mod page;
mod session;
mod suggestions;
mod transcripts;

use laminar_codegen::diagnostic::code::ALL;
use page::{Kind, Page};
use std::collections::BTreeSet;

#[test]
fn every_code_has_a_page_and_a_line_in_the_index() {
    let index = page::read("README.md");
    let mut files: BTreeSet<String> = page::files();
    for (code, title) in ALL {
        let page = Page::of(code.0);
        assert_eq!(page.title, format!("# {code}: {title}"));
        assert!(page.words() >= 12, "{code} says too little");
        assert!(
            index.contains(&format!("| [{code}]({code}.md) | {title} |\n")),
            "{code} is not in the index"
        );
        assert!(files.remove(&format!("{code}.md")));
    }
    files.remove("README.md");
    files.remove("transcripts.md");
    assert_eq!(files, BTreeSet::new(), "pages of codes that do not exist");
    assert!(ALL.len() >= 60, "{} codes", ALL.len());
}

#[test]
fn the_command_prints_every_page() {
    for (code, _) in ALL {
        let command = || std::process::Command::new(env!("CARGO_BIN_EXE_laminar"));
        let output = command().args(["explain", &code.0.to_lowercase()]).output().expect("the command runs");
        assert!(output.status.success(), "{code}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stdout), page::read(&format!("{code}.md")), "{code}");
    }
}

#[test]
fn wrong_blocks_give_their_code_and_mended_ones_nothing() {
    let mut wrong = Vec::new();
    for (code, _) in ALL {
        let page = Page::of(code.0);
        let codes = |text: &str| match page.kind {
            Kind::Sql => session::codes(text),
            Kind::Rust => door1::codes(text),
        };
        let (bad, fixed) = (codes(&page.bad), codes(&page.fixed));
        if bad != [code.0] {
            wrong.push(format!("{code}: the wrong block gives {bad:?}"));
        }
        if !fixed.is_empty() {
            wrong.push(format!("{code}: the mended block gives {fixed:?}"));
        }
        assert_eq!(page.severity, if code.0.starts_with("L09") { "warning" } else { "error" }, "{code}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
