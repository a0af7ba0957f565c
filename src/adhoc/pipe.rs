//! One compiled query, running.

use super::batch::Batch;
use super::error::Error;
use laminar_codegen::exec::{Executor, cell_layouts, code, read_all_columns};
use laminar_codegen::ir::Pipeline;
use laminar_runtime::engine::{Emitter, Engine, InputCounters, OutBatch};
use laminar_runtime::plan::Port;
use laminar_runtime::types::Timestamp;

/// An engine with the code of its query; what it gives waits in a batch.
pub(super) struct Pipe {
    engine: Engine,
    out: Out,
    /// Sources that take weights.
    weighted: Vec<bool>,
}

struct Out {
    rows: Batch,
    watermark: Option<Timestamp>,
}

/// What became of the rows of an input.
pub(super) struct Report {
    pub input: String,
    pub counters: InputCounters,
}

impl Pipe {
    /// Makes the code of a query and an engine to run it.
    pub fn new(mut pipeline: Pipeline, executor: Executor) -> Result<Pipe, Error> {
        read_all_columns(&mut pipeline);
        let plan = &pipeline.plan;
        let from = |source: usize| Port::Source(source as u32);
        let weighted = (0..plan.sources.len())
            .map(|source| plan.edges.iter().any(|e| e.from == from(source) && e.weighted))
            .collect();
        let code = code(&pipeline, &cell_layouts(&pipeline), executor)
            .map_err(|e| Error::Executor(format!("the query cannot run here: {e}")))?;
        let out = Out { rows: Batch::new(&pipeline.plan.columns), watermark: None };
        Ok(Pipe { engine: Engine::new(pipeline.plan, code), out, weighted })
    }

    /// A step without rows.
    pub fn begin(&mut self) -> Result<(), Error> {
        let now = self.engine.now();
        Ok(self.engine.tick(now, &mut self.out)?)
    }

    /// Takes the rows of a batch.
    pub fn process(&mut self, source: u32, rows: &Batch) -> Result<(), Error> {
        let columns = rows.refs();
        let all = vec![1; if self.weighted[source as usize] { rows.len() } else { 0 }];
        let weights = self.weighted[source as usize].then(|| rows.weights().unwrap_or(&all));
        // SAFETY: every edge of the source reads all of the source's columns in order, which are those of the batch;
        // its texts live as long as it does.
        let taken = unsafe {
            self.engine.process(source, columns.as_ptr().cast(), rows.len(), weights, None, &mut self.out)
        };
        Ok(taken?)
    }

    /// Tells an input's watermark.
    pub fn watermark(&mut self, source: u32, w: Timestamp) -> Result<(), Error> {
        Ok(self.engine.watermark(source, w, &mut self.out)?)
    }

    /// Ends an input.
    pub fn finish_source(&mut self, source: u32) -> Result<(), Error> {
        Ok(self.engine.finish_source(source, &mut self.out)?)
    }

    /// Ends the query.
    pub fn finish(&mut self) -> Result<(), Error> {
        Ok(self.engine.finish(&mut self.out)?)
    }

    /// What came out since the last time: rows, and the watermark after them.
    pub fn take(&mut self) -> (Option<Batch>, Option<Timestamp>) {
        let empty = Batch::new(&self.engine.plan().columns);
        let rows = std::mem::replace(&mut self.out.rows, empty);
        (Some(rows).filter(|rows| !rows.is_empty()), self.out.watermark.take())
    }

    /// What became of the rows of each input.
    pub fn reports(&self) -> impl Iterator<Item = Report> + '_ {
        self.engine
            .plan()
            .sources
            .iter()
            .enumerate()
            .map(|(i, s)| Report { input: s.name.to_string(), counters: self.engine.counters(i as u32) })
    }

    /// Results that failed and were skipped.
    pub fn results_rejected(&self) -> u64 {
        self.engine.output_counters().rejected
    }
}

impl Emitter for Out {
    fn rows(&mut self, batch: &OutBatch<'_>) {
        self.rows.append(batch);
    }
    // Both are counted by the engine.
    fn late(&mut self, _: u32, _: usize) {}
    fn rejected(&mut self, _: u32, _: usize, _: u16) {}
    fn watermark(&mut self, w: Timestamp) {
        self.watermark = Some(w);
    }
}
