//! A case compiled in this process: by the JIT or interpreted, over cells or over structs.

use laminar_codegen::exec::{DynPipeline, Executor};
use laminar_codegen::ir::Pipeline;
use laminar_corpus::aot::inputs;
use laminar_corpus::rows;
use laminar_corpus::run::Run;
use laminar_corpus::value::{Emitted, Value};
use laminar_runtime::plan::{OutputKind, Plan};
use laminar_runtime::schema::Ty;
use std::ops::Range;
use std::sync::Arc;

/// In which form rows come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Columns of cells.
    Cells,
    /// Structs, which compiled code reads in place where it can.
    Structs,
}

/// A case that runs in this process.
pub struct Dynamic {
    pipeline: DynPipeline,
    form: Form,
    types: Vec<Ty>,
    emitted: Vec<Emitted>,
}

impl Dynamic {
    /// A run without rows.
    pub fn start(pipeline: &Arc<Pipeline>, executor: Executor, form: Form) -> Box<dyn Run> {
        let types = pipeline.plan.columns.iter().map(|c| c.ty).collect();
        let pipeline = DynPipeline::new(pipeline.clone(), executor).unwrap_or_else(|e| panic!("{e}"));
        Box::new(Dynamic { pipeline, form, types, emitted: Vec::new() })
    }
}

/// The columns that identify a row of output, where it is upserts.
pub fn upsert_keys(plan: &Plan) -> Option<Vec<u32>> {
    match &plan.output {
        OutputKind::Upsert { keys } => Some(keys.to_vec()),
        _ => None,
    }
}

/// What a sink does with a row.
macro_rules! collect {
    ($self:ident) => {
        &mut |row: &[_], weight| {
            let row = row.iter().zip(&$self.types);
            // SAFETY: the cells have the types of the plan's columns; texts live during the call.
            let row = row.map(|((cell, valid), ty)| unsafe { Value::of_cell(*cell, *valid, *ty) }).collect();
            $self.emitted.push(Emitted { row, weight });
        }
    };
}

impl Run for Dynamic {
    fn take(&mut self, source: usize, rows: Range<usize>) {
        let name = self.pipeline.plan().sources[source].name.to_string();
        let source = source as u32;
        let taken = match (self.form, &*name) {
            (Form::Cells, name) => {
                let mut batch = self.pipeline.batch(source);
                for row in &rows::of(name)[rows] {
                    // SAFETY: the columns of all sources are those of `Row`; texts are static.
                    unsafe { batch.push_row(&row.cells()) };
                }
                self.pipeline.process_cells(source, &batch, collect!(self))
            }
            (Form::Structs, "t") => self.pipeline.process_rows(source, &inputs().t[rows], collect!(self)),
            (Form::Structs, "u") => self.pipeline.process_rows(source, &inputs().u[rows], collect!(self)),
            (Form::Structs, "e") => self.pipeline.process_rows(source, &inputs().e[rows], collect!(self)),
            (Form::Structs, _) => self.pipeline.process_rows(source, &inputs().v[rows], collect!(self)),
        };
        taken.unwrap_or_else(|e| panic!("{e}"));
    }

    fn finish(&mut self) {
        self.pipeline.finish(collect!(self)).unwrap_or_else(|e| panic!("{e}"));
    }

    fn snapshot(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.pipeline.snapshot(&mut bytes).unwrap_or_else(|e| panic!("{e}"));
        bytes
    }

    fn restore(&mut self, mut snapshot: &[u8]) {
        self.pipeline.restore(&mut snapshot).unwrap_or_else(|e| panic!("{e}"));
    }

    fn digest(&self) -> u64 {
        self.pipeline.digest()
    }

    fn drain(&mut self) -> Vec<Emitted> {
        std::mem::take(&mut self.emitted)
    }
}
