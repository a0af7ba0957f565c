//! Runs a plan: drives rows through the stages, judges lateness, closes windows, keeps counters, takes snapshots.
//!
//! One engine for every door and executor: they differ only in the `Code` they bring.

use crate::stage::ColumnRef;
use crate::types::Timestamp;

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
