//! Runs a plan: drives rows through the stages, judges lateness, closes windows, keeps counters, takes snapshots.
//!
//! One engine for every door and executor: they differ only in the `Code` they bring.

mod plan_ref;
mod source;

pub use plan_ref::PlanRef;
pub use source::SourceState;

use crate::error::Error;
use crate::plan::Plan;
use crate::stage::{Code, ColumnRef, ExprFn};
use crate::types::Timestamp;
use std::io;

/// A batch of results.
#[derive(Debug)]
pub struct OutBatch<'a> {
    /// Output columns.
    pub columns: &'a [ColumnRef],
    /// Number of rows to emit.
    pub len: usize,
    /// Row number of each row to emit, in order of emission; none: 0, 1, 2, …
    pub order: Option<&'a [u32]>,
    /// Weight of each *emitted* row, in order of emission; none: all +1. Under `OutputKind::Upsert`
    /// +1 is a put and −1 a deletion, one row a changed key.
    pub weights: Option<&'a [i64]>,
}

/// Takes what the engine gives.
pub trait Emitter {
    /// Results.
    fn rows(&mut self, batch: &OutBatch<'_>);
    /// Row `row` of the slice now being processed was late.
    fn late(&mut self, source: u32, row: usize);
    /// Row `row` of the slice now being processed failed at `site` (called under `OnError::DeadLetter`).
    fn rejected(&mut self, source: u32, row: usize, site: u16);
    /// The output's watermark is `w` now.
    fn watermark(&mut self, w: Timestamp);
}

/// What became of the rows of one input: `ingested = accepted + late + rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InputCounters {
    /// Rows that came.
    pub ingested: u64,
    /// Rows that took part (those that WHERE dropped included).
    pub accepted: u64,
    /// Rows whose windows were all closed.
    pub late: u64,
    /// Rows that failed.
    pub rejected: u64,
}

/// What became of the results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutputCounters {
    /// Rows given to the sink, each −/+ one counted.
    pub emitted: u64,
    /// Results that failed in a projection or HAVING.
    pub rejected: u64,
}

/// A running plan.
pub struct Engine {
    plan: PlanRef,
    sources: Box<[SourceState]>,
    code: Code,
}

impl Engine {
    /// An engine without rows.
    pub fn new(plan: impl Into<PlanRef>, code: Code) -> Engine {
        Engine::with_capacity(plan, code, 0)
    }

    /// An engine whose group tables have room for `groups` groups.
    pub fn with_capacity(plan: impl Into<PlanRef>, code: Code, groups: usize) -> Engine {
        let plan = plan.into();
        let _ = groups;
        let sources = plan.sources.iter().map(|s| SourceState::new(s.delay_ns)).collect();
        Engine { plan, sources, code }
    }

    /// Takes `rows` rows of an input. `base` is what the code of the source's edges expects; `edges` replaces that
    /// code in this call, one for each of the source's edges.
    ///
    /// # Safety
    /// `base` and `rows` are what the code reads; texts in the rows live until the call returns.
    ///
    /// # Errors
    /// A row that fails under `on_error = fail`, a retraction of an absent row, input after `finish`.
    pub unsafe fn process(
        &mut self,
        source: u32,
        base: *const u8,
        rows: usize,
        weights: Option<&[i64]>,
        edges: Option<&[ExprFn]>,
        out: &mut dyn Emitter,
    ) -> Result<(), Error> {
        let _ = (source, base, rows, weights, edges, out, &self.code);
        Err(Error::Unsupported("process".into()))
    }

    /// Tells an input that no row older than `w` will come. W never goes back.
    ///
    /// # Errors
    /// Input after `finish`; a result that fails under `on_error = fail`.
    pub fn watermark(&mut self, source: u32, w: Timestamp, out: &mut dyn Emitter) -> Result<(), Error> {
        let _ = (source, w, out);
        Err(Error::Unsupported("watermark".into()))
    }

    /// Sets the pipeline's clock.
    ///
    /// # Errors
    /// As [`Engine::watermark`].
    pub fn tick(&mut self, now: Timestamp, out: &mut dyn Emitter) -> Result<(), Error> {
        let _ = (now, out);
        Err(Error::Unsupported("tick".into()))
    }

    /// Ends one input: its W is +inf.
    ///
    /// # Errors
    /// As [`Engine::watermark`].
    pub fn finish_source(&mut self, source: u32, out: &mut dyn Emitter) -> Result<(), Error> {
        let _ = (source, out);
        Err(Error::Unsupported("finish".into()))
    }

    /// Ends all inputs; everything that is left comes out.
    ///
    /// # Errors
    /// A second `finish`; a result that fails under `on_error = fail`.
    pub fn finish(&mut self, out: &mut dyn Emitter) -> Result<(), Error> {
        let _ = out;
        Err(Error::Unsupported("finish".into()))
    }

    /// The output's W, if it has advanced since it was last asked or given to a sink.
    pub fn output_watermark(&mut self) -> Option<Timestamp> {
        None
    }

    /// What became of an input's rows.
    pub fn counters(&self, source: u32) -> InputCounters {
        self.sources[source as usize].counters
    }

    /// What became of the results.
    pub fn output_counters(&self) -> OutputCounters {
        OutputCounters::default()
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// An input's state, for generated loops that run a stateless pipeline without the engine.
    pub fn source_mut(&mut self, source: u32) -> &mut SourceState {
        &mut self.sources[source as usize]
    }

    /// Writes all state.
    ///
    /// # Errors
    /// Those of `w`.
    pub fn snapshot(&self, w: &mut dyn io::Write) -> Result<(), Error> {
        let _ = w;
        Err(Error::Unsupported("snapshot".into()))
    }

    /// Takes the state of a snapshot of the same query. After an error the engine is unchanged.
    ///
    /// # Errors
    /// A snapshot that is damaged or of another query; those of `r`.
    pub fn restore(&mut self, r: &mut dyn io::Read) -> Result<(), Error> {
        let _ = r;
        Err(Error::Unsupported("restore".into()))
    }

    /// A number that equals another engine's only where (barring chance) their snapshots are equal.
    pub fn digest(&self) -> u64 {
        0
    }
}
