//! One compiled query of a session: what it gives waits in a batch.

use super::batch::Batch;
use super::error::Error;
use laminar_codegen::exec::{Executor, Running};
use laminar_codegen::ir::Pipeline;
use laminar_runtime::engine::{Emitter, InputCounters, OutBatch};
use laminar_runtime::schema::Column;
use laminar_runtime::types::Timestamp;
use std::sync::Arc;

/// A running query and its results.
pub(super) struct Pipe {
    running: Running,
    out: Out,
}

struct Out {
    rows: Batch,
    watermark: Option<Timestamp>,
    /// Rows that were late; none where nobody wants them.
    late: Option<Late>,
}

struct Late {
    rows: Batch,
    /// Numbers of those in the batch being taken.
    numbers: Vec<usize>,
}

/// What became of the rows of an input.
pub(super) struct Report {
    pub input: String,
    pub counters: InputCounters,
}

impl Pipe {
    /// Makes the code of a query.
    pub fn new(pipeline: Pipeline, executor: Executor) -> Result<Pipe, Error> {
        let out = Out { rows: Batch::new(&pipeline.plan.columns), watermark: None, late: None };
        let running = Running::new(Arc::new(pipeline), executor, 0)
            .map_err(|e| Error::Executor(format!("the query cannot run here: {e}")))?;
        Ok(Pipe { running, out })
    }

    /// Keeps rows that are late from now on, as rows of these columns: those of every input.
    pub fn keep_late(&mut self, columns: &[Column]) {
        self.out.late = Some(Late { rows: Batch::new(columns), numbers: Vec::new() });
    }

    /// Late rows since the last time; none where they are not kept.
    pub fn take_late(&mut self, columns: &[Column]) -> Option<Batch> {
        let late = self.out.late.as_mut().filter(|late| !late.rows.is_empty())?;
        Some(std::mem::replace(&mut late.rows, Batch::new(columns)))
    }

    /// A step without rows.
    pub fn begin(&mut self) -> Result<(), Error> {
        Ok(self.running.tick(self.running.now(), &mut self.out)?)
    }

    /// Takes the rows of a batch.
    pub fn process(&mut self, source: u32, rows: &Batch) -> Result<(), Error> {
        let result = self.running.process_cells(source, rows.cells(), &mut self.out);
        if let Some(Late { rows: late, numbers }) = &mut self.out.late {
            numbers.drain(..).for_each(|row| late.push_from(rows, row, 1));
        }
        Ok(result?)
    }

    /// Tells an input's watermark.
    pub fn watermark(&mut self, source: u32, w: Timestamp) -> Result<(), Error> {
        Ok(self.running.watermark(source, w, &mut self.out)?)
    }

    /// Ends an input.
    pub fn finish_source(&mut self, source: u32) -> Result<(), Error> {
        Ok(self.running.finish_source(source, &mut self.out)?)
    }

    /// Ends the query.
    pub fn finish(&mut self) -> Result<(), Error> {
        Ok(self.running.finish(&mut self.out)?)
    }

    /// What came out since the last time: rows, and the watermark after them.
    pub fn take(&mut self) -> (Option<Batch>, Option<Timestamp>) {
        let watermark = self.out.watermark.take();
        if self.out.rows.is_empty() {
            return (None, watermark);
        }
        let empty = Batch::new(&self.running.plan().columns);
        (Some(std::mem::replace(&mut self.out.rows, empty)), watermark)
    }

    /// What became of the rows of each input.
    pub fn reports(&self) -> impl Iterator<Item = Report> + '_ {
        self.running
            .plan()
            .sources
            .iter()
            .enumerate()
            .map(|(i, s)| Report { input: s.name.to_string(), counters: self.running.counters(i as u32) })
    }

    /// Results that failed and were skipped.
    pub fn results_rejected(&self) -> u64 {
        self.running.output_counters().rejected
    }
}

impl Emitter for Out {
    fn rows(&mut self, batch: &OutBatch<'_>) {
        self.rows.append(batch);
    }
    // Counted by the engine; so is what is rejected.
    fn late(&mut self, _: u32, row: usize) {
        if let Some(late) = &mut self.late {
            late.numbers.push(row);
        }
    }
    fn rejected(&mut self, _: u32, _: usize, _: u16) {}
    fn watermark(&mut self, w: Timestamp) {
        self.watermark = Some(w);
    }
}
