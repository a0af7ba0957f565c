//! A query that is known only at run time, running.
//!
//! Input is columns of cells or slices of event structs; output is rows of cells. Under the JIT, structs of plain fields are
//! read in place by code made for their type at their first batch; otherwise they are gathered into columns first.
//!
//! Not here: SQL values and their text (the facade's session has them), sources and sinks.

use super::cells::CellBatch;
use super::typed::field_of;
use super::{ExecError, Executor, cell_layouts, code, read_all_columns};
use crate::ir::Pipeline;
use laminar_runtime::engine::{Emitter, Engine, InputCounters, OutBatch, OutputCounters};
use laminar_runtime::error::Error;
use laminar_runtime::event::Event;
use laminar_runtime::plan::Plan;
use laminar_runtime::schema::Repr;
use laminar_runtime::stage::{Cell, ColumnRef, SourceCode};
use laminar_runtime::types::Timestamp;
use std::any::TypeId;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;

/// Takes the results of a [`DynPipeline`].
///
/// Every `FnMut(&[(Cell, bool)], i64)` is one.
pub trait RowSink {
    /// A row, a cell and its validity for each column, with its weight: +1 comes, −1 goes; of an upsert +1 is a put, −1 a
    /// deletion. Texts live only during the call.
    fn row(&mut self, row: &[(Cell, bool)], weight: i64);
    /// The output's watermark is `w` now.
    fn watermark(&mut self, w: Timestamp) {
        let _ = w;
    }
    /// Row `row` of the batch was late.
    fn late(&mut self, source: u32, row: usize) {
        let _ = (source, row);
    }
    /// Row `row` of the batch failed at `site` of the plan (under `OnError::DeadLetter`).
    fn rejected(&mut self, source: u32, row: usize, site: u16) {
        let _ = (source, row, site);
    }
}

impl<F: FnMut(&[(Cell, bool)], i64)> RowSink for F {
    fn row(&mut self, row: &[(Cell, bool)], weight: i64) {
        self(row, weight)
    }
}

/// A running query.
pub struct DynPipeline {
    pipeline: Arc<Pipeline>,
    engine: Engine,
    executor: Executor,
    reprs: Vec<Repr>,
    /// How rows of an event type reach a source.
    typed: HashMap<(u32, TypeId), Arc<Typed>>,
    /// Memory for gathering, by source.
    gathered: HashMap<u32, CellBatch>,
    row: Vec<(Cell, bool)>,
    refs: Vec<ColumnRef>,
}

/// How rows of one event type are read.
enum Typed {
    /// In place, by this code: a stage an edge.
    #[cfg(feature = "jit")]
    InPlace(Box<crate::clif::JitCode>),
    /// Through columns: the field of each column.
    Gather(Vec<usize>),
}

impl DynPipeline {
    /// A pipeline without rows.
    ///
    /// # Errors
    /// No machine code where the executor needs it; a defect of the compiler.
    pub fn new(pipeline: Arc<Pipeline>, executor: Executor) -> Result<DynPipeline, ExecError> {
        DynPipeline::with_capacity(pipeline, executor, 0)
    }

    /// A pipeline whose group tables have room for `groups` groups.
    ///
    /// # Errors
    /// As [`DynPipeline::new`].
    pub fn with_capacity(
        pipeline: Arc<Pipeline>,
        executor: Executor,
        groups: usize,
    ) -> Result<DynPipeline, ExecError> {
        let mut pipeline = Arc::unwrap_or_clone(pipeline);
        read_all_columns(&mut pipeline);
        let code = code(&pipeline, &cell_layouts(&pipeline), executor)?;
        Ok(DynPipeline {
            engine: Engine::with_capacity(pipeline.plan.clone(), code, groups),
            reprs: pipeline.plan.columns.iter().map(|c| c.ty.repr()).collect(),
            pipeline: Arc::new(pipeline),
            executor,
            typed: HashMap::new(),
            gathered: HashMap::new(),
            row: Vec::new(),
            refs: Vec::new(),
        })
    }

    /// An empty batch for a source.
    ///
    /// # Panics
    /// If there is no such source.
    pub fn batch(&self, source: u32) -> CellBatch {
        CellBatch::new(self.pipeline.sources[source as usize].columns.iter().map(|c| c.column.clone()))
    }

    /// Takes a batch of a source, made by [`DynPipeline::batch`] of this source.
    ///
    /// # Errors
    /// A row that fails under `on_error = fail`, input after the end.
    pub fn process_cells(
        &mut self,
        source: u32,
        batch: &CellBatch,
        out: &mut dyn RowSink,
    ) -> Result<(), Error> {
        batch.refs(&mut self.refs);
        if self.refs.len() != self.pipeline.sources[source as usize].columns.len() {
            return Err(Error::Unsupported("the batch is of another source".into()));
        }
        let mut emit = Emit { out, reprs: &self.reprs, row: &mut self.row };
        let base = self.refs.as_ptr().cast();
        // SAFETY: the code of the source's edges reads one column for each of the source's; they have `len` rows and their texts
        // are the batch's.
        unsafe { self.engine.process(source, base, batch.len(), None, None, &mut emit) }
    }

    /// Takes structs.
    ///
    /// # Errors
    /// A type without the source's columns; as [`DynPipeline::process_cells`].
    ///
    /// # Allocates
    /// At the first batch of a type: code is made for it, or memory to gather its rows.
    pub fn process_rows<E: Event>(
        &mut self,
        source: u32,
        rows: &[E],
        out: &mut dyn RowSink,
    ) -> Result<(), Error> {
        let typed = match self.typed.get(&(source, TypeId::of::<E>())) {
            Some(typed) => typed.clone(),
            None => {
                let typed = Arc::new(self.prepare::<E>(source)?);
                self.typed.insert((source, TypeId::of::<E>()), typed.clone());
                typed
            }
        };
        match &*typed {
            #[cfg(feature = "jit")]
            Typed::InPlace(code) => {
                let mut emit = Emit { out, reprs: &self.reprs, row: &mut self.row };
                let base = rows.as_ptr().cast();
                let fused = code.fused().first().copied().flatten();
                let code = SourceCode { fused, ..SourceCode::new(code.edges()) };
                // SAFETY: the code was compiled for slices of `E`, and these live until the call returns.
                unsafe { self.engine.process(source, base, rows.len(), None, Some(&code), &mut emit) }
            }
            Typed::Gather(fields) => {
                let mut batch = self.gathered.remove(&source).unwrap_or_else(|| self.batch(source));
                batch.clear();
                for (column, &field) in fields.iter().enumerate() {
                    E::gather(rows, field, &mut |cell, valid| batch.push_cell(column, cell, valid));
                }
                batch.set_len(rows.len());
                let result = self.process_cells(source, &batch, out);
                self.gathered.insert(source, batch);
                result
            }
        }
    }

    /// Decides how rows of a type are read.
    fn prepare<E: Event>(&self, source: u32) -> Result<Typed, Error> {
        let columns = &self.pipeline.sources[source as usize].columns;
        let mut fields = Vec::with_capacity(columns.len());
        for column in columns {
            let Some(field) = field_of::<E>(column) else {
                let what = format!("`{}` has no field for the column {}", E::NAME, column.column);
                return Err(Error::Unsupported(what.into()));
            };
            fields.push(field);
        }
        #[cfg(feature = "jit")]
        if self.executor == Executor::Jit
            && let Some(code) = self.compile_for::<E>(source)?
        {
            return Ok(Typed::InPlace(Box::new(code)));
        }
        Ok(Typed::Gather(fields))
    }

    /// Code that reads `E` in place; none where some field is not plain.
    #[cfg(feature = "jit")]
    fn compile_for<E: Event>(&self, source: u32) -> Result<Option<crate::clif::JitCode>, Error> {
        let edges = &self.pipeline.plan.sources[source as usize].edges;
        let columns = &self.pipeline.sources[source as usize].columns;
        let programs: Vec<_> = edges.iter().map(|&e| self.pipeline.programs[e as usize].clone()).collect();
        let layouts: Option<Vec<_>> =
            programs.iter().map(|program| super::rows_layout::<E>(program, columns)).collect();
        let Some(layouts) = layouts else { return Ok(None) };
        let fused: Vec<_> = edges.iter().map(|&e| self.pipeline.fused_group(e as usize)).collect();
        let stages =
            crate::clif::Stages { programs: &programs, layouts: &layouts, fused: &fused, groups: &[] };
        crate::clif::compile(stages).map(Some).map_err(|e| Error::Unsupported(e.to_string().into()))
    }

    /// Tells a source that no row older than `w` will come.
    ///
    /// # Errors
    /// Input after the end; a result that fails under `on_error = fail`.
    pub fn watermark(&mut self, source: u32, w: Timestamp, out: &mut dyn RowSink) -> Result<(), Error> {
        let mut emit = Emit { out, reprs: &self.reprs, row: &mut self.row };
        self.engine.watermark(source, w, &mut emit)
    }

    /// Sets the pipeline's clock.
    ///
    /// # Errors
    /// As [`DynPipeline::watermark`].
    pub fn tick(&mut self, now: Timestamp, out: &mut dyn RowSink) -> Result<(), Error> {
        let mut emit = Emit { out, reprs: &self.reprs, row: &mut self.row };
        self.engine.tick(now, &mut emit)
    }

    /// Ends one source.
    ///
    /// # Errors
    /// As [`DynPipeline::watermark`].
    pub fn finish_source(&mut self, source: u32, out: &mut dyn RowSink) -> Result<(), Error> {
        let mut emit = Emit { out, reprs: &self.reprs, row: &mut self.row };
        self.engine.finish_source(source, &mut emit)
    }

    /// Ends all sources; what is left comes out.
    ///
    /// # Errors
    /// As [`DynPipeline::watermark`].
    pub fn finish(&mut self, out: &mut dyn RowSink) -> Result<(), Error> {
        let mut emit = Emit { out, reprs: &self.reprs, row: &mut self.row };
        self.engine.finish(&mut emit)
    }

    /// What became of a source's rows.
    pub fn counters(&self, source: u32) -> InputCounters {
        self.engine.counters(source)
    }

    /// What became of the results.
    pub fn output_counters(&self) -> OutputCounters {
        self.engine.output_counters()
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        self.engine.plan()
    }

    /// The query; its programs read all columns of their sources, in order.
    pub fn pipeline(&self) -> &Arc<Pipeline> {
        &self.pipeline
    }

    /// Writes all state.
    ///
    /// # Errors
    /// Those of `w`.
    pub fn snapshot(&self, w: &mut dyn io::Write) -> Result<(), Error> {
        self.engine.snapshot(w)
    }

    /// Takes the state of a snapshot of the same query, whatever executor made it. After an error nothing has changed.
    ///
    /// # Errors
    /// A snapshot that is damaged or of another query; those of `r`.
    pub fn restore(&mut self, r: &mut dyn io::Read) -> Result<(), Error> {
        self.engine.restore(r)
    }

    /// A number that equals another pipeline's only where (barring chance) their snapshots are equal.
    pub fn digest(&self) -> u64 {
        self.engine.digest()
    }
}

impl std::fmt::Debug for DynPipeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DynPipeline({}, {:?})", self.pipeline.plan.name, self.executor)
    }
}

/// Takes batches of columns, gives rows.
struct Emit<'a> {
    out: &'a mut dyn RowSink,
    reprs: &'a [Repr],
    row: &'a mut Vec<(Cell, bool)>,
}

impl Emitter for Emit<'_> {
    fn rows(&mut self, batch: &OutBatch<'_>) {
        for at in 0..batch.len {
            let row = batch.order.map_or(at, |order| order[at] as usize);
            self.row.clear();
            for (column, repr) in batch.columns.iter().zip(self.reprs) {
                // SAFETY: the engine's columns have the plan's types and hold `row`; a null `valid` says NOT NULL.
                self.row.push(unsafe {
                    let words = column.data.cast::<u64>().add(row * repr.width() / 8);
                    let cell = [*words, if repr.width() == 16 { *words.add(1) } else { 0 }];
                    (cell, column.valid.is_null() || *column.valid.add(row) != 0)
                });
            }
            self.out.row(self.row, batch.weights.map_or(1, |w| w[at]));
        }
    }
    fn late(&mut self, source: u32, row: usize) {
        self.out.late(source, row)
    }
    fn rejected(&mut self, source: u32, row: usize, site: u16) {
        self.out.rejected(source, row, site)
    }
    fn watermark(&mut self, w: Timestamp) {
        self.out.watermark(w)
    }
}
