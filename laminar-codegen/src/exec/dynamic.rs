//! A running query whose results are rows of cells.

use super::cells::CellBatch;
use super::running::Running;
use super::{ExecError, Executor};
use crate::ir::Pipeline;
use laminar_runtime::engine::{Emitter, OutBatch};
use laminar_runtime::error::Error;
use laminar_runtime::event::Event;
use laminar_runtime::schema::Repr;
use laminar_runtime::stage::Cell;
use laminar_runtime::types::Timestamp;
use std::io;
use std::ops::Deref;
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

/// A running query that gives rows of cells. What does not touch results is that of [`Running`].
#[derive(Debug)]
pub struct DynPipeline {
    running: Running,
    rows: Rows,
}

/// How a row is made of columns.
#[derive(Debug)]
struct Rows {
    reprs: Vec<Repr>,
    row: Vec<(Cell, bool)>,
}

impl DynPipeline {
    /// A pipeline without rows.
    ///
    /// # Errors
    /// As [`Running::new`].
    pub fn new(pipeline: Arc<Pipeline>, executor: Executor) -> Result<DynPipeline, ExecError> {
        DynPipeline::with_capacity(pipeline, executor, 0)
    }

    /// A pipeline whose group tables have room for `groups` groups.
    ///
    /// # Errors
    /// As [`Running::new`].
    pub fn with_capacity(
        pipeline: Arc<Pipeline>,
        executor: Executor,
        groups: usize,
    ) -> Result<DynPipeline, ExecError> {
        let running = Running::new(pipeline, executor, groups)?;
        let reprs = running.plan().columns.iter().map(|c| c.ty.repr()).collect();
        Ok(DynPipeline { running, rows: Rows { reprs, row: Vec::new() } })
    }

    /// [`Running::process_cells`]
    ///
    /// # Errors
    /// Its own.
    pub fn process_cells(
        &mut self,
        source: u32,
        batch: &CellBatch,
        out: &mut dyn RowSink,
    ) -> Result<(), Error> {
        self.running.process_cells(source, batch, &mut self.rows.to(out))
    }

    /// [`Running::process_rows`]
    ///
    /// # Errors
    /// Its own.
    ///
    /// # Allocates
    /// At the first batch of a type.
    pub fn process_rows<E: Event>(
        &mut self,
        source: u32,
        rows: &[E],
        out: &mut dyn RowSink,
    ) -> Result<(), Error> {
        self.running.process_rows(source, rows, &mut self.rows.to(out))
    }

    /// [`Running::watermark`]
    ///
    /// # Errors
    /// Its own.
    pub fn watermark(&mut self, source: u32, w: Timestamp, out: &mut dyn RowSink) -> Result<(), Error> {
        self.running.watermark(source, w, &mut self.rows.to(out))
    }

    /// [`Running::tick`]
    ///
    /// # Errors
    /// Its own.
    pub fn tick(&mut self, now: Timestamp, out: &mut dyn RowSink) -> Result<(), Error> {
        self.running.tick(now, &mut self.rows.to(out))
    }

    /// [`Running::finish_source`]
    ///
    /// # Errors
    /// Its own.
    pub fn finish_source(&mut self, source: u32, out: &mut dyn RowSink) -> Result<(), Error> {
        self.running.finish_source(source, &mut self.rows.to(out))
    }

    /// [`Running::finish`]
    ///
    /// # Errors
    /// Its own.
    pub fn finish(&mut self, out: &mut dyn RowSink) -> Result<(), Error> {
        self.running.finish(&mut self.rows.to(out))
    }

    /// [`Running::restore`]
    ///
    /// # Errors
    /// Its own.
    pub fn restore(&mut self, r: &mut dyn io::Read) -> Result<(), Error> {
        self.running.restore(r)
    }
}

impl Deref for DynPipeline {
    type Target = Running;
    fn deref(&self) -> &Running {
        &self.running
    }
}

impl Rows {
    fn to<'a>(&'a mut self, out: &'a mut dyn RowSink) -> Emit<'a> {
        Emit { out, rows: self }
    }
}

/// Takes batches of columns, gives rows.
struct Emit<'a> {
    out: &'a mut dyn RowSink,
    rows: &'a mut Rows,
}

impl Emitter for Emit<'_> {
    fn rows(&mut self, batch: &OutBatch<'_>) {
        let Rows { reprs, row: cells } = &mut *self.rows;
        for at in 0..batch.len {
            let row = batch.order.map_or(at, |order| order[at] as usize);
            cells.clear();
            // SAFETY: the engine's columns have the plan's types and hold `row`.
            let cell = |(column, repr): (_, &Repr)| unsafe { super::cell_of(column, *repr, row) };
            cells.extend(batch.columns.iter().zip(reprs.iter()).map(cell));
            self.out.row(cells, batch.weights.map_or(1, |w| w[at]));
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
