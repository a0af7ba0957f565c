//! A query that is known only at run time, running: what all forms of input and output share.
//!
//! Input is columns of cells or slices of event structs; output is batches of columns. Under the JIT, structs of plain fields are
//! read in place by code made for their type at their first batch; otherwise they are gathered into columns first.
//!
//! Not here: results as rows of cells (`dynamic`) or as structs (`structs`), SQL values and their text (the facade's session).

use super::cells::CellBatch;
use super::typed::field_of;
use super::{ExecError, Executor, cell_layouts, code, read_all_columns};
use crate::ir::Pipeline;
use crate::sir::RowOut;
use laminar_runtime::engine::{Emitter, Engine, InputCounters, OutputCounters};
use laminar_runtime::error::Error;
use laminar_runtime::event::Event;
use laminar_runtime::plan::Plan;
use laminar_runtime::stage::{ColumnMut, ColumnRef};
use laminar_runtime::types::Timestamp;
use std::any::TypeId;
use std::cell::Cell;
use std::io;
use std::sync::Arc;

/// A running query, whose results are batches of columns.
pub struct Running {
    pipeline: Arc<Pipeline>,
    pub(super) engine: Engine,
    executor: Executor,
    /// Sources whose rows have weights.
    weighted: Vec<bool>,
    /// Rows that the sink wants instead of columns.
    rows_out: Option<RowsOut>,
    /// How rows of an event type reach a source. They are few.
    typed: Vec<(u32, TypeId, Typed)>,
    refs: Vec<ColumnRef>,
    ones: Vec<i64>,
}

/// Room for rows of output that machine code writes itself.
#[cfg_attr(not(feature = "jit"), expect(dead_code, reason = "only machine code writes rows"))]
pub(super) struct RowsOut {
    /// Where in a row each column goes.
    pub layout: RowOut,
    /// The room, as the only column.
    pub room: [ColumnMut; 1],
}

/// How rows of one event type are read.
enum Typed {
    /// In place, by this code: a stage an edge.
    #[cfg(feature = "jit")]
    InPlace {
        code: Box<crate::clif::JitCode>,
        /// It writes rows of output.
        writes_rows: bool,
    },
    /// Through columns: the field of each column, and memory to gather in.
    Gather { fields: Vec<usize>, batch: Cell<CellBatch> },
}

impl Running {
    /// A query without rows, whose group tables have room for `groups` groups.
    ///
    /// # Errors
    /// No machine code where the executor needs it; a defect of the compiler.
    pub fn new(pipeline: Arc<Pipeline>, executor: Executor, groups: usize) -> Result<Running, ExecError> {
        let mut pipeline = Arc::unwrap_or_clone(pipeline);
        read_all_columns(&mut pipeline);
        let code = code(&pipeline, &cell_layouts(&pipeline), executor)?;
        let plan = &pipeline.plan;
        let is_weighted = |s: usize| plan.sources[s].edges.iter().any(|&e| plan.edges[e as usize].weighted);
        Ok(Running {
            weighted: (0..plan.sources.len()).map(is_weighted).collect(),
            engine: Engine::with_capacity(plan.clone(), code, groups),
            pipeline: Arc::new(pipeline),
            executor,
            rows_out: None,
            typed: Vec::new(),
            refs: Vec::new(),
            ones: Vec::new(),
        })
    }

    /// From now on code that takes structs past all state writes rows into this room, for `engine::OUTPUT_ROWS` rows.
    pub(super) fn write_rows(&mut self, rows_out: RowsOut) {
        self.typed.clear();
        self.rows_out = Some(rows_out);
    }

    /// An empty batch for a source.
    ///
    /// # Panics
    /// If there is no such source.
    pub fn batch(&self, source: u32) -> CellBatch {
        CellBatch::new(self.pipeline.sources[source as usize].columns.iter().map(|c| &c.column))
    }

    /// Takes a batch of a source, made by [`Running::batch`] of this source or of the same columns.
    ///
    /// # Errors
    /// A row that fails under `on_error = fail`, a retraction of an absent row, weights where the query reads rows that stay,
    /// input after the end.
    pub fn process_cells(
        &mut self,
        source: u32,
        batch: &CellBatch,
        out: &mut dyn Emitter,
    ) -> Result<(), Error> {
        let columns = &self.pipeline.sources[source as usize].columns;
        let fits = |c: usize| batch.ty(c).repr() == columns[c].column.ty.repr();
        if batch.width() != columns.len() || !(0..columns.len()).all(fits) {
            return Err(Error::Unsupported("the batch is of another source".into()));
        }
        batch.refs(&mut self.refs);
        let weights = match (self.weighted[source as usize], batch.weights()) {
            (true, Some(weights)) => Some(weights),
            (true, None) => {
                self.ones.resize(batch.len().max(self.ones.len()), 1);
                Some(&self.ones[..batch.len()])
            }
            (false, None) => None,
            (false, Some(_)) => {
                return Err(Error::Unsupported("the query reads rows that stay, not changes".into()));
            }
        };
        let base = self.refs.as_ptr().cast();
        // SAFETY: the code of the source's edges reads one column for each of the source's; they have `len` rows and their texts
        // are the batch's.
        unsafe { self.engine.process(source, base, batch.len(), weights, None, out) }
    }

    /// Takes structs.
    ///
    /// # Errors
    /// A type without the source's columns; as [`Running::process_cells`].
    ///
    /// # Allocates
    /// At the first batch of a type: code is made for it, or memory to gather its rows.
    pub fn process_rows<E: Event>(
        &mut self,
        source: u32,
        rows: &[E],
        out: &mut dyn Emitter,
    ) -> Result<(), Error> {
        let is_it = |(s, ty, _): &(u32, TypeId, Typed)| (*s, *ty) == (source, TypeId::of::<E>());
        let at = match self.typed.iter().position(is_it) {
            Some(at) => at,
            None => {
                let typed = self.prepare::<E>(source)?;
                self.typed.push((source, TypeId::of::<E>(), typed));
                self.typed.len() - 1
            }
        };
        match &self.typed[at].2 {
            #[cfg(feature = "jit")]
            Typed::InPlace { code, writes_rows } => {
                let base = rows.as_ptr().cast();
                let code = laminar_runtime::stage::SourceCode {
                    stages: code.edges(),
                    fused: code.fused().first().copied().flatten(),
                    out: self.rows_out.as_ref().filter(|_| *writes_rows).map(|r| &r.room[..]),
                    row_bytes: size_of::<E>(),
                };
                // SAFETY: the code was compiled for slices of `E`, and these live until the call returns; the room is for as many rows
                // as the engine has written at a time.
                unsafe { self.engine.process(source, base, rows.len(), None, Some(&code), out) }
            }
            Typed::Gather { fields, batch } => {
                let mut batch = batch.take();
                batch.clear();
                for (column, &field) in fields.iter().enumerate() {
                    E::gather(rows, field, &mut |cell, valid| batch.push_cell(column, cell, valid));
                }
                batch.set_len(rows.len());
                let result = self.process_cells(source, &batch, out);
                match &self.typed[at].2 {
                    Typed::Gather { batch: place, .. } => place.set(batch),
                    #[cfg(feature = "jit")]
                    Typed::InPlace { .. } => {}
                }
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
            && let Some(typed) = self.compile_for::<E>(source)?
        {
            return Ok(typed);
        }
        Ok(Typed::Gather { fields, batch: Cell::new(self.batch(source)) })
    }

    /// Code that reads `E` in place; none where some field is not plain.
    #[cfg(feature = "jit")]
    fn compile_for<E: Event>(&self, source: u32) -> Result<Option<Typed>, Error> {
        use crate::clif::{EdgeStage, Stages, compile};
        let numbers = &self.pipeline.plan.sources[source as usize].edges;
        let columns = &self.pipeline.sources[source as usize].columns;
        let program = |e: &u32| &self.pipeline.programs[*e as usize];
        let layouts: Option<Vec<_>> =
            numbers.iter().map(|e| super::rows_layout::<E>(program(e), columns)).collect();
        let Some(layouts) = layouts else { return Ok(None) };
        let rows_out = self.rows_out.as_ref().filter(|_| self.passes(source)).map(|r| &r.layout);
        let edges = numbers.iter().zip(&layouts).map(|(e, layout)| EdgeStage {
            out: rows_out,
            fused: self.pipeline.fused_group(*e as usize),
            ..EdgeStage::new(program(e), layout)
        });
        let edges: Vec<_> = edges.collect();
        let code = compile(Stages { edges: &edges, groups: &[] });
        let code = Box::new(code.map_err(|e| Error::Unsupported(e.to_string().into()))?);
        Ok(Some(Typed::InPlace { code, writes_rows: rows_out.is_some() }))
    }

    /// Whether rows of a source meet no state: one edge leads from it to the output.
    #[cfg(feature = "jit")]
    fn passes(&self, source: u32) -> bool {
        let plan = &self.pipeline.plan;
        let [edge] = plan.sources[source as usize].edges[..] else { return false };
        let edge = &plan.edges[edge as usize];
        edge.to == laminar_runtime::plan::Port::Output && !edge.weighted && plan.order.is_none()
    }

    /// Tells a source that no row older than `w` will come.
    ///
    /// # Errors
    /// Input after the end; a result that fails under `on_error = fail`.
    pub fn watermark(&mut self, source: u32, w: Timestamp, out: &mut dyn Emitter) -> Result<(), Error> {
        self.engine.watermark(source, w, out)
    }

    /// Sets the pipeline's clock.
    ///
    /// # Errors
    /// As [`Running::watermark`].
    pub fn tick(&mut self, now: Timestamp, out: &mut dyn Emitter) -> Result<(), Error> {
        self.engine.tick(now, out)
    }

    /// Ends one source.
    ///
    /// # Errors
    /// As [`Running::watermark`].
    pub fn finish_source(&mut self, source: u32, out: &mut dyn Emitter) -> Result<(), Error> {
        self.engine.finish_source(source, out)
    }

    /// Ends all sources; what is left comes out.
    ///
    /// # Errors
    /// As [`Running::watermark`].
    pub fn finish(&mut self, out: &mut dyn Emitter) -> Result<(), Error> {
        self.engine.finish(out)
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

    /// The pipeline's clock.
    pub fn now(&self) -> Timestamp {
        self.engine.now()
    }

    /// How it runs.
    pub fn executor(&self) -> Executor {
        self.executor
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

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Running({}, {:?})", self.pipeline.plan.name, self.executor)
    }
}
