//! Event time of the rows of a pipeline, for pipelines over them.

use crate::ir::Pipeline;
use crate::sir::Op;
use laminar_runtime::plan::{Emit, Port};

/// No row moves the watermark: it comes from upstream alone.
const ONLY_TOLD: i64 = i64::MAX;

/// The column that carries a watermark, as (index of the field, delay): so much behind the greatest time seen, that no
/// row becomes late downstream.
///
/// `columns[f]` is the output column of field `f`.
pub fn event_time(pipeline: &Pipeline, columns: &[usize]) -> Option<(usize, i64)> {
    let (column, _) = pipeline.time_column?;
    let field = columns.iter().position(|&c| c == column)?;
    Some((field, delay_ns(pipeline, column)))
}

fn delay_ns(pipeline: &Pipeline, column: usize) -> i64 {
    let plan = &pipeline.plan;
    let mut last = plan.edges.iter().enumerate().filter(|(_, e)| e.to == Port::Output);
    let (Some((edge, plan_edge)), None) = (last.next(), last.next()) else { return ONLY_TOLD };
    match plan_edge.from {
        // Windows leave in the order of their ends.
        Port::Group(g) if plan.groups[g as usize].emit == Emit::Close => 0,
        // As disordered as the source.
        Port::Source(s) if is_time(pipeline, edge, s as usize, column) => {
            plan.sources[s as usize].delay_ns.unwrap_or(ONLY_TOLD)
        }
        _ => ONLY_TOLD,
    }
}

/// Whether output column `column` is the source's event time as it came.
fn is_time(pipeline: &Pipeline, edge: usize, source: usize, column: usize) -> bool {
    let program = &pipeline.programs[edge];
    let time = pipeline.sources.get(source).and_then(|s| s.time).map(|(c, _)| c as u32);
    match program.insts[program.outs[column].val.0 as usize].op {
        Op::Input(input) => Some(program.inputs[input as usize].column) == time,
        _ => false,
    }
}
