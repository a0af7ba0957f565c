//! Results of the engine as typed rows for a sink.

use super::aside::Aside;
use super::fields::does_not_fit;
use super::query::{OutOf, Query};
use crate::engine::{Emitter, Engine, OutBatch};
use crate::error::Error;
use crate::sink::{Change, Sink, Upsert};
use crate::types::Timestamp;
use std::marker::PhantomData;

/// What a sink gets for a row and its weight.
pub trait OutputShape<R> {
    /// The row, or a change of it.
    type Out;
    /// Makes it.
    fn shape(row: R, weight: i64) -> Self::Out;
}

/// Rows that stay.
#[derive(Debug)]
pub enum AppendOnly {}
/// Rows with weights.
#[derive(Debug)]
pub enum Changelog {}
/// New rows by key, and deletions.
#[derive(Debug)]
pub enum Upserts {}

impl<R> OutputShape<R> for AppendOnly {
    type Out = R;
    #[inline(always)]
    fn shape(row: R, _: i64) -> R {
        row
    }
}

impl<R> OutputShape<R> for Changelog {
    type Out = Change<R>;
    #[inline(always)]
    fn shape(row: R, weight: i64) -> Change<R> {
        Change { row, weight }
    }
}

impl<R> OutputShape<R> for Upserts {
    type Out = Upsert<R>;
    #[inline(always)]
    fn shape(row: R, weight: i64) -> Upsert<R> {
        if weight > 0 { Upsert::Put(row) } else { Upsert::Delete(row) }
    }
}

/// Gives the engine's results to a sink.
///
/// Compiled once for each query and sink: it holds nothing that would have to be dropped, and what need not be generic is not.
pub struct Emit<'a, 'b, R, S> {
    out: &'a mut S,
    aside: Option<&'b mut dyn Aside<S>>,
    unfit: &'a mut Unfit,
    query: PhantomData<fn() -> R>,
}

impl<'a, 'b, R, S> Emit<'a, 'b, R, S> {
    /// For one call.
    #[inline(always)]
    pub fn new(out: &'a mut S, aside: Option<&'b mut dyn Aside<S>>, unfit: &'a mut Unfit) -> Self {
        Emit { out, aside, unfit, query: PhantomData }
    }
}

/// Results of one call that did not fit their fields, and were left out.
#[derive(Debug, Default)]
pub struct Unfit {
    /// The first of them.
    error: Option<Box<Error>>,
    rows: u64,
}

impl Unfit {
    /// Ends the call: the engine's own error goes first.
    ///
    /// # Errors
    /// The first thing that went wrong.
    pub fn done(self, result: Result<(), Error>, engine: &mut Engine) -> Result<(), Error> {
        let Some(error) = self.error else { return result };
        // The engine counted them as emitted.
        let counters = engine.output_counters_mut();
        counters.emitted -= self.rows;
        counters.rejected += self.rows;
        result.and(Err(*error))
    }

    #[cold]
    #[inline(never)]
    fn note(&mut self, field: &str) {
        self.rows += 1;
        self.error.get_or_insert_with(|| Box::new(does_not_fit(field)));
    }
}

impl<R, S> Emitter for Emit<'_, '_, R, S>
where
    R: Query,
    S: Sink<OutOf<R>>,
{
    fn rows(&mut self, batch: &OutBatch<'_>) {
        let mut j = 0;
        while j < batch.len {
            let i = match batch.order {
                Some(order) => order[j] as usize,
                None => j,
            };
            let weight = match batch.weights {
                Some(weights) => weights[j],
                None => 1,
            };
            j += 1;
            // SAFETY: the engine gives the plan's output columns, with every row that it names.
            match unsafe { R::read(batch.columns, i) } {
                Ok(row) => self.out.emit(R::Shape::shape(row, weight)),
                Err(field) => self.unfit.note(field),
            }
        }
    }

    fn late(&mut self, _: u32, row: usize) {
        if let Some(aside) = &mut self.aside {
            aside.late(self.out, row);
        }
    }

    fn rejected(&mut self, _: u32, row: usize, site: u16) {
        if let Some(aside) = &mut self.aside {
            aside.rejected(self.out, row, site);
        }
    }

    fn watermark(&mut self, w: Timestamp) {
        self.out.watermark(w);
    }
}
