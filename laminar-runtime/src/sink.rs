//! Where results go: closures, vectors, channels, other pipelines.

use crate::error::RejectReason;
use crate::types::Timestamp;

/// Number of a checkpoint interval.
pub type Epoch = u64;

/// Takes the rows of a pipeline.
///
/// Every `FnMut(T)` is a sink, and so is `Vec<T>`.
pub trait Sink<T> {
    /// Takes one row.
    fn emit(&mut self, row: T);
    /// No later row is older than `w` in the output's time column.
    fn watermark(&mut self, w: Timestamp) {
        let _ = w;
    }
    /// All rows of epoch `e` have been emitted.
    fn barrier(&mut self, e: Epoch) {
        let _ = e;
    }
}

impl<T, F: FnMut(T)> Sink<T> for F {
    #[inline]
    fn emit(&mut self, row: T) {
        self(row)
    }
}

impl<T> Sink<T> for Vec<T> {
    #[inline]
    fn emit(&mut self, row: T) {
        self.push(row)
    }
}

/// A row of a changelog: `weight` copies come (positive) or go (negative).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Change<R> {
    /// The row.
    pub row: R,
    /// +1 for a row that comes, −1 for one that goes.
    pub weight: i64,
}

/// The newest state of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Upsert<R> {
    /// The key has this row now.
    Put(R),
    /// The key is gone; this was its row.
    Delete(R),
}

/// A row that came after its window was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late<E> {
    /// The row as it came.
    pub row: E,
}

/// A row that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejected<E> {
    /// The row as it came.
    pub row: E,
    /// What failed and where in the SQL.
    pub reason: RejectReason,
}

/// Joins a sink of results with a sink of late rows: `out.with_late(&mut late)`.
pub trait SinkExt: Sized {
    /// Late rows go to `late`.
    fn with_late<'a, L>(&'a mut self, late: &'a mut L) -> WithLate<'a, Self, L> {
        WithLate { out: self, late }
    }
    /// Rejected rows go to `rejected`.
    fn with_rejected<'a, L>(&'a mut self, rejected: &'a mut L) -> WithRejected<'a, Self, L> {
        WithRejected { out: self, rejected }
    }
}
impl<S> SinkExt for S {}

/// See [`SinkExt::with_late`].
#[derive(Debug)]
pub struct WithLate<'a, S, L> {
    out: &'a mut S,
    late: &'a mut L,
}

/// See [`SinkExt::with_rejected`].
#[derive(Debug)]
pub struct WithRejected<'a, S, L> {
    out: &'a mut S,
    rejected: &'a mut L,
}
