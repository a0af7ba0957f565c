//! A case compiled in this process: by the JIT or interpreted.

use laminar_codegen::exec::{Executor, cell_layouts, code};
use laminar_codegen::ir::Pipeline;
use laminar_codegen::sir::{Input, Op};
use laminar_corpus::rows::{self, Row};
use laminar_corpus::run::Run;
use laminar_corpus::value::{Emitted, Value};
use laminar_runtime::engine::{Emitter, Engine, OutBatch};
use laminar_runtime::plan::{OutputKind, Plan, Port};
use laminar_runtime::schema::{Column, Repr, Ty};
use laminar_runtime::stage::{Cell, Code, ColumnRef};
use laminar_runtime::types::Timestamp;
use std::ops::Range;

/// The columns that identify a row of output, where it is upserts.
pub fn upsert_keys(plan: &Plan) -> Option<Vec<u32>> {
    match &plan.output {
        OutputKind::Upsert { keys } => Some(keys.to_vec()),
        _ => None,
    }
}

/// The code of a case, to be run any number of times.
pub struct Compiled {
    pipeline: Pipeline,
    code: Code,
}

impl Compiled {
    /// Makes the code of a case.
    pub fn new(pipeline: &Pipeline, executor: Executor) -> Compiled {
        let mut pipeline = pipeline.clone();
        read_all_columns(&mut pipeline);
        let code = code(&pipeline, &cell_layouts(&pipeline), executor).unwrap_or_else(|e| panic!("{e}"));
        Compiled { pipeline, code }
    }

    /// A run of it, without rows.
    pub fn start(&self) -> Box<dyn Run> {
        let Pipeline { plan, sources, .. } = &self.pipeline;
        Box::new(Dynamic {
            inputs: sources.iter().map(|s| rows::of(&s.relation)).collect(),
            types: sources.iter().map(|s| s.columns.iter().map(|c| c.column.ty).collect()).collect(),
            out: Collect { columns: plan.columns.to_vec(), emitted: Vec::new() },
            engine: Engine::new(plan.clone(), self.code.clone()),
        })
    }
}

struct Dynamic {
    engine: Engine,
    inputs: Vec<Vec<Row>>,
    types: Vec<Vec<Ty>>,
    out: Collect,
}

struct Collect {
    columns: Vec<Column>,
    emitted: Vec<Emitted>,
}

/// The edges of a source share one list of columns: each program reads all of them.
fn read_all_columns(pipeline: &mut Pipeline) {
    for (edge, program) in pipeline.plan.edges.iter().zip(&mut pipeline.programs) {
        let Port::Source(source) = edge.from else { continue };
        let used: Vec<u32> = program.inputs.iter().map(|i| i.column).collect();
        for inst in &mut program.insts {
            if let Op::Input(input) = &mut inst.op {
                *input = used[*input as usize];
            }
        }
        let columns = pipeline.sources[source as usize].columns.iter().enumerate();
        program.inputs = columns
            .map(|(i, c)| Input {
                name: c.column.name.to_string(),
                column: i as u32,
                repr: c.column.ty.repr(),
                nullable: c.column.nullable,
            })
            .collect();
    }
}

impl Run for Dynamic {
    fn take(&mut self, source: usize, rows: Range<usize>) {
        let (rows, types) = (&self.inputs[source][rows], &self.types[source]);
        let cells: Vec<Vec<(Cell, bool)>> = rows.iter().map(Row::cells).collect();
        let words = |c: usize| match types[c].repr() {
            Repr::Text | Repr::Interval | Repr::Wide => 2,
            Repr::Bool | Repr::Int | Repr::Float => 1,
        };
        let data: Vec<Vec<u64>> = (0..types.len())
            .map(|c| cells.iter().flat_map(|row| row[c].0[..words(c)].to_vec()).collect())
            .collect();
        let valid: Vec<Vec<u8>> =
            (0..types.len()).map(|c| cells.iter().map(|row| u8::from(row[c].1)).collect()).collect();
        let columns: Vec<ColumnRef> = data
            .iter()
            .zip(&valid)
            .map(|(data, valid)| ColumnRef { data: data.as_ptr().cast(), valid: valid.as_ptr() })
            .collect();
        // SAFETY: every edge of the source reads all of its columns in order, and the texts are static.
        let taken = unsafe {
            self.engine.process(source as u32, columns.as_ptr().cast(), rows.len(), None, None, &mut self.out)
        };
        taken.unwrap_or_else(|e| panic!("{e}"));
    }

    fn finish(&mut self) {
        self.engine.finish(&mut self.out).unwrap_or_else(|e| panic!("{e}"));
    }

    fn snapshot(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.engine.snapshot(&mut bytes).unwrap_or_else(|e| panic!("{e}"));
        bytes
    }

    fn restore(&mut self, mut snapshot: &[u8]) {
        self.engine.restore(&mut snapshot).unwrap_or_else(|e| panic!("{e}"));
    }

    fn digest(&self) -> u64 {
        self.engine.digest()
    }

    fn drain(&mut self) -> Vec<Emitted> {
        std::mem::take(&mut self.out.emitted)
    }
}

impl Emitter for Collect {
    fn rows(&mut self, batch: &OutBatch<'_>) {
        for j in 0..batch.len {
            let i = batch.order.map_or(j, |order| order[j] as usize);
            let row = self.columns.iter().zip(batch.columns);
            // SAFETY: the engine gives the plan's output columns, with every row that it names.
            let row = row.map(|(column, cells)| unsafe { value(column, *cells, i) }).collect();
            self.emitted.push(Emitted { row, weight: batch.weights.map_or(1, |w| w[j]) });
        }
    }
    fn late(&mut self, _: u32, _: usize) {}
    fn rejected(&mut self, _: u32, _: usize, _: u16) {
        unreachable!("no case sends rows to dead letters");
    }
    fn watermark(&mut self, _: Timestamp) {}
}

/// Value `i` of a column.
///
/// # Safety
/// The cells are of the column's type, and there is such a row.
unsafe fn value(column: &Column, cells: ColumnRef, i: usize) -> Value {
    // SAFETY: as the caller promises; cells of 16 bytes are pairs.
    unsafe {
        let valid = cells.valid.is_null() || *cells.valid.add(i) != 0;
        let cell = match column.ty.repr().width() {
            16 => *cells.data.cast::<Cell>().add(i),
            _ => [*cells.data.cast::<u64>().add(i), 0],
        };
        Value::of_cell(cell, valid, column.ty)
    }
}
