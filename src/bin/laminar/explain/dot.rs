//! A drawing for Graphviz.

use super::drawing::{Drawing, Role};
use std::fmt::Write as _;

/// The drawing in DOT.
pub fn dot(drawing: &Drawing) -> String {
    let mut out = String::from(
        "digraph plan {\n  node [shape=box, style=\"rounded,filled\", fontname=\"monospace\", fontsize=11];\n  edge [color=\"#5b6675\"];\n",
    );
    for (i, block) in drawing.blocks.iter().enumerate() {
        let fill = match block.role {
            Role::Source => "#e8f1fb",
            Role::Step => "#ffffff",
            Role::State => "#fdf3e1",
            Role::Output => "#e9f6ec",
        };
        let facts = block.facts.iter().map(|fact| format!("[{fact}]"));
        let lines = std::iter::once(block.title.clone()).chain(block.lines.iter().cloned()).chain(facts);
        // `\l` ends a line that begins at the left.
        let label: String = lines.map(|line| escaped(&line) + "\\l").collect();
        let _ = writeln!(out, "  n{i} [label=\"{label}\", fillcolor=\"{fill}\"];");
    }
    for (from, to) in &drawing.arrows {
        let _ = writeln!(out, "  n{from} -> n{to};");
    }
    out + "}\n"
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
