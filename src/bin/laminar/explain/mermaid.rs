//! A drawing for Mermaid, which GitHub and others show in Markdown.

use super::drawing::{Drawing, Role};
use std::fmt::Write as _;

/// The drawing as a flowchart.
pub fn mermaid(drawing: &Drawing) -> String {
    let mut out = String::from("flowchart TD\n");
    for (i, block) in drawing.blocks.iter().enumerate() {
        let title = format!("<b>{}</b>", escaped(&block.title));
        let lines = block.lines.iter().map(|line| escaped(line));
        let facts = block.facts.iter().map(|fact| format!("<i>{}</i>", escaped(fact)));
        let label = std::iter::once(title).chain(lines).chain(facts).collect::<Vec<_>>().join("<br/>");
        let (open, close, class) = match block.role {
            Role::Source => ("[(", ")]", "source"),
            Role::Step => ("[", "]", "step"),
            Role::State => ("[", "]", "state"),
            Role::Output => ("([", "])", "output"),
        };
        let _ = writeln!(out, "  n{i}{open}\"{label}\"{close}:::{class}");
    }
    for (from, to) in &drawing.arrows {
        let _ = writeln!(out, "  n{from} --> n{to}");
    }
    out + "  classDef source fill:#e8f1fb,stroke:#4a7db5\n  classDef step fill:#fff,stroke:#8a94a3\n  \
           classDef state fill:#fdf3e1,stroke:#c98a1b\n  classDef output fill:#e9f6ec,stroke:#3f8f56\n"
}

/// Mermaid takes entities, written with `#`.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '#' => out.push_str("#35;"),
            '&' => out.push_str("#amp;"),
            '`' => out.push_str("#96;"),
            c => out.push(c),
        }
    }
    out
}
