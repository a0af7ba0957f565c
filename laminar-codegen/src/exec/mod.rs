//! Runs compiled queries in this process: picks the executor, and drives the engine with rows that are known only at
//! run time.
//!
//! Not here: how stages run (`interp`, `clif`), what the engine does with them (the runtime).

mod cells;
mod dynamic;
mod running;
mod structs;
mod typed;

pub use cells::CellBatch;
pub use dynamic::{DynPipeline, RowSink};
pub use running::Running;
pub use structs::{ShapeOf, StructPipeline};
pub use typed::{place_of, rows_layout};

use crate::functions::RustFn;
use crate::interp::InterpProgram;
use crate::ir::{Pipeline, own_layout};
use crate::sir::{Input, Inst, Layout, Op, Program, verify};
use laminar_runtime::plan::Port;
use laminar_runtime::schema::Repr;
use laminar_runtime::stage::{Cell, Code, ColumnRef, ExprCode, UpdateCode};
use std::sync::Arc;

/// How expression and update stages run. The answers are the same to the bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Executor {
    /// Interpreted: slow, and needs nothing of the machine.
    Interp,
    /// Compiled by Cranelift (feature `jit`).
    Jit,
}

impl Executor {
    /// The fastest one that this build has.
    pub const fn best() -> Executor {
        if cfg!(feature = "jit") { Executor::Jit } else { Executor::Interp }
    }
}

/// Why a query cannot run here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExecError {
    /// A program is not well formed; a defect of the compiler.
    Malformed {
        /// Index of the edge.
        edge: usize,
        /// What is wrong.
        what: String,
    },
    /// No machine code can be made.
    Jit(String),
    /// A Rust function is called that this process has not registered.
    Elsewhere(String),
    /// Results are not rows of the struct that they are wanted as.
    Row(String),
}

impl std::fmt::Display for ExecError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ExecError::Malformed { edge, what } => {
                write!(f, "the program of edge {edge} is malformed: {what}")
            }
            ExecError::Elsewhere(what) => write!(f, "the Rust function {what} is not registered here"),
            ExecError::Jit(what) | ExecError::Row(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for ExecError {}

/// Where each edge's program finds its inputs when sources bring columns of cells.
pub fn cell_layouts(pipeline: &Pipeline) -> Vec<Layout> {
    let programs = pipeline.programs.iter().enumerate();
    programs
        .map(|(edge, program)| own_layout(&pipeline.plan, edge, program).unwrap_or(Layout::Cells))
        .collect()
}

/// The code of a pipeline; `layouts` (one an edge) says where inputs are.
///
/// # Errors
/// A malformed program, or no machine code where the executor needs it.
pub fn code(pipeline: &Pipeline, layouts: &[Layout], executor: Executor) -> Result<Code, ExecError> {
    for (edge, program) in pipeline.programs.iter().enumerate() {
        verify(program).map_err(|what| ExecError::Malformed { edge, what })?;
        if let Some(f) = program.insts.iter().find_map(elsewhere) {
            return Err(ExecError::Elsewhere(f.to_string()));
        }
    }
    match executor {
        Executor::Interp => Ok(interpreted(pipeline, layouts)),
        Executor::Jit => compiled(pipeline, layouts),
    }
}

/// A function that exists only where generated code is built.
fn elsewhere(inst: &Inst) -> Option<&RustFn> {
    match &inst.op {
        Op::CallRust(f) if f.code.is_none() => Some(f),
        _ => None,
    }
}

fn interpreted(pipeline: &Pipeline, layouts: &[Layout]) -> Code {
    let edges = pipeline.programs.iter().zip(layouts);
    Code {
        edges: edges
            .map(|(program, layout)| {
                ExprCode::Interp(Arc::new(InterpProgram::new(program.clone(), layout.clone())))
            })
            .collect(),
        updates: vec![UpdateCode::Generic; pipeline.plan.groups.len()],
        keep: None,
    }
}

#[cfg(feature = "jit")]
fn compiled(pipeline: &Pipeline, layouts: &[Layout]) -> Result<Code, ExecError> {
    let jit = crate::clif::compile_pipeline(pipeline, layouts).map_err(|e| ExecError::Jit(e.to_string()))?;
    let expr_code = |(&stage, &fused)| match fused {
        Some(fused) => ExprCode::Fused { stage, fused },
        None => ExprCode::Native(stage),
    };
    Ok(Code {
        edges: jit.edges().iter().zip(jit.fused()).map(expr_code).collect(),
        updates: jit.updates().to_vec(),
        keep: Some(Arc::new(jit)),
    })
}

#[cfg(not(feature = "jit"))]
fn compiled(_: &Pipeline, _: &[Layout]) -> Result<Code, ExecError> {
    Err(ExecError::Jit("this build has no compiler for machine code (feature `jit`)".into()))
}

/// Makes the inputs of every source's programs all columns of the source, in order, so that its edges share one list
/// of columns. What is not read is not loaded.
pub fn read_all_columns(pipeline: &mut Pipeline) {
    for (edge, program) in pipeline.plan.edges.iter().zip(&mut pipeline.programs) {
        let Port::Source(source) = edge.from else { continue };
        let Some(source) = pipeline.sources.get(source as usize) else { continue };
        let columns = &source.columns;
        let before = std::mem::take(&mut program.inputs);
        for inst in &mut program.insts {
            if let Op::Input(input) = &mut inst.op {
                *input = before[*input as usize].column;
            }
        }
        let input = |(i, c): (usize, &crate::ir::SourceColumn)| {
            let unread = || Input {
                name: c.column.name.to_string(),
                column: i as u32,
                repr: c.column.ty.repr(),
                nullable: c.column.nullable,
            };
            before.iter().find(|b| b.column as usize == i).cloned().unwrap_or_else(unread)
        };
        program.inputs = columns.iter().enumerate().map(input).collect();
    }
}

/// The cell in row `row` of a column of results, and whether it is not NULL.
///
/// # Safety
/// The column has cells of `repr` and a row `row`; a null `valid` says NOT NULL.
unsafe fn cell_of(column: &ColumnRef, repr: Repr, row: usize) -> (Cell, bool) {
    let width = repr.width() / 8;
    // SAFETY: by contract.
    unsafe {
        let words = column.data.cast::<u64>().add(row * width);
        let cell = [words.read(), if width == 2 { words.add(1).read() } else { 0 }];
        (cell, column.valid.is_null() || column.valid.add(row).read() != 0)
    }
}

/// Which of its inputs a program reads.
fn used_inputs(program: &Program) -> Vec<bool> {
    let mut used = vec![false; program.inputs.len()];
    for inst in &program.insts {
        if let Op::Input(input) = inst.op {
            used[input as usize] = true;
        }
    }
    used
}
