//! EXPLAIN as text: the typed plan with its properties, then the stages that run, each with its program.

use crate::ir::Pipeline;
use laminar_runtime::plan::{Emit, OutputKind, Plan, Port};
use std::fmt::Write;

/// The plan and its stages.
pub fn explain(pipeline: &Pipeline) -> String {
    let plan = &pipeline.plan;
    let mut out = pipeline.explain.clone();
    let _ = writeln!(out, "\noutput: {}", output(plan));
    for (i, group) in plan.groups.iter().enumerate() {
        let when = match group.emit {
            Emit::Close => "when the window closes",
            Emit::Changes => "changes at the end of each step",
            Emit::Final => "once, at the end of input",
        };
        let keys: Vec<String> = group
            .keys
            .iter()
            .map(|k| format!("{}{}", k.ty, if k.nullable { "" } else { " NOT NULL" }))
            .collect();
        let accumulators: Vec<String> = group
            .accumulators
            .iter()
            .map(|a| match a.arg {
                Some(c) => format!("{:?}(column {c})", a.op),
                None => format!("{:?}", a.op),
            })
            .collect();
        let _ = writeln!(
            out,
            "kernel {i}: group by ({}): {}; emits {when}",
            keys.join(", "),
            accumulators.join(", ")
        );
    }
    let port = |p: Port| match p {
        Port::Source(s) => format!("source {}", plan.sources[s as usize].name),
        Port::Group(g) => format!("kernel {g}"),
        Port::Output => "output".to_string(),
    };
    for (edge, program) in plan.edges.iter().zip(&pipeline.programs) {
        let weighted = if edge.weighted { ", weighted" } else { "" };
        let kind = crate::rust::loop_kind(program);
        let _ = writeln!(out, "stage {} -> {} ({kind}{weighted}):", port(edge.from), port(edge.to));
        for line in program.to_string().lines() {
            let _ = writeln!(out, "  {line}");
        }
    }
    out
}

/// What comes out of a plan, in a few words.
pub fn output(plan: &Plan) -> String {
    match &plan.output {
        OutputKind::Append => "rows".to_string(),
        OutputKind::Changes => "changes (row and weight)".to_string(),
        OutputKind::Upsert { keys } => {
            let names: Vec<&str> = keys.iter().map(|&k| plan.columns[k as usize].name.as_ref()).collect();
            format!("upserts by ({})", names.join(", "))
        }
    }
}
