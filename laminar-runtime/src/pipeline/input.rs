//! The inputs of a pipeline as types: which rows it takes where, and handles that push to one of them.

use super::TakesChanges;
use super::aside::AsideKind;
use super::emit::To;
use super::query::{ChangesOf, InputOf, OutOf, Query, Reads, ReadsChanges};
use crate::engine::{Engine, InputCounters};
use crate::error::Error;
use crate::event::{Columns, Event};
use crate::sink::{Change, Sink};
use crate::types::Timestamp;
use std::marker::PhantomData;

/// Input number `I`.
#[derive(Debug)]
pub enum At<const I: u32> {}

/// The number of an [`At`].
pub trait InputNumber {
    /// Index of the source in the plan.
    const SOURCE: u32;
}
impl<const I: u32> InputNumber for At<I> {
    const SOURCE: u32 = I;
}

/// What every generated pipeline is: an engine that runs a query.
pub trait Pipeline {
    /// The query, by its row of output.
    type Query: Query;
    /// The engine.
    fn engine(&self) -> &Engine;
    /// The engine.
    fn engine_mut(&mut self) -> &mut Engine;
}

/// What a sink of pipeline `P` takes.
pub type Out<P> = OutOf<<P as Pipeline>::Query>;

/// A pipeline that takes rows of `E` at input `At`, with results for sinks of type `S`.
#[diagnostic::on_unimplemented(
    message = "this input does not take rows of `{E}` with results for `{S}`",
    note = "late and rejected rows go to a second sink: `out.with_late(&mut late)`, `out.with_rejected(&mut rejected)`"
)]
pub trait Takes<At, E: Event, S> {
    /// Takes a batch.
    ///
    /// # Errors
    /// Those of [`Engine::process`], and values that do not fit their fields.
    fn take(&mut self, rows: &[E], out: &mut S) -> Result<(), Error>;
    /// Takes a struct of arrays.
    ///
    /// # Errors
    /// As `take`, and columns that differ in length.
    fn take_columns(&mut self, columns: &Columns<'_, E>, out: &mut S) -> Result<(), Error>;
}

/// One input of a pipeline with several: `pipeline.trade().push(&trade, &mut out)`.
pub struct Handle<'a, R, const I: u32> {
    engine: &'a mut Engine,
    query: PhantomData<R>,
}

impl<'a, R: Query, const I: u32> Handle<'a, R, I> {
    #[doc(hidden)]
    pub fn new(engine: &'a mut Engine) -> Self {
        Handle { engine, query: PhantomData }
    }

    /// Takes one row.
    ///
    /// # Errors
    /// A row that fails under `on_error = fail`, input after `finish`.
    pub fn push<E: Event, S>(&mut self, row: &E, out: &mut S) -> Result<(), Error>
    where
        R: Reads<At<I>, E>,
        S: Sink<OutOf<R>>,
        R::Aside: AsideKind<S, E>,
    {
        R::rows(self.engine, std::slice::from_ref(row), out)
    }

    /// Takes a batch of rows.
    ///
    /// # Errors
    /// As [`Handle::push`].
    pub fn process<E: Event, S>(&mut self, rows: &[E], out: &mut S) -> Result<(), Error>
    where
        R: Reads<At<I>, E>,
        S: Sink<OutOf<R>>,
        R::Aside: AsideKind<S, E>,
    {
        R::rows(self.engine, rows, out)
    }

    /// Takes a struct of arrays.
    ///
    /// # Errors
    /// As [`Handle::push`], and columns that differ in length.
    pub fn process_columns<E: Event, S>(&mut self, columns: &Columns<'_, E>, out: &mut S) -> Result<(), Error>
    where
        R: Reads<At<I>, E>,
        S: Sink<OutOf<R>>,
        R::Aside: AsideKind<S, E>,
    {
        R::columns(self.engine, columns, out)
    }

    /// Takes one change: that many copies of the row come or go.
    ///
    /// # Errors
    /// As [`Handle::process_changes`].
    pub fn push_change<E: Event, S>(&mut self, change: &Change<E>, out: &mut S) -> Result<(), Error>
    where
        R: ReadsChanges<At<I>, E>,
        S: Sink<OutOf<R>>,
    {
        R::changes(self.engine, std::slice::from_ref(&change.row), &[change.weight], out)
    }

    /// Takes a batch of changes in one step: `weights[i]` copies of `rows[i]` come or go.
    ///
    /// # Errors
    /// As [`Handle::push`], a retraction of an absent row, lengths that differ.
    pub fn process_changes<E: Event, S>(
        &mut self,
        rows: &[E],
        weights: &[i64],
        out: &mut S,
    ) -> Result<(), Error>
    where
        R: ReadsChanges<At<I>, E>,
        S: Sink<OutOf<R>>,
    {
        R::changes(self.engine, rows, weights, out)
    }

    /// No row older than `w` will come at this input.
    ///
    /// # Errors
    /// Input after `finish`; a result that fails under `on_error = fail`.
    pub fn watermark<S: Sink<OutOf<R>>>(&mut self, w: Timestamp, out: &mut S) -> Result<(), Error> {
        To::<R, S>::new(out, None).call().watermark(self.engine, I, w)
    }

    /// Ends this input.
    ///
    /// # Errors
    /// As [`Handle::watermark`].
    pub fn finish<S: Sink<OutOf<R>>>(&mut self, out: &mut S) -> Result<(), Error> {
        To::<R, S>::new(out, None).call().finish_source(self.engine, I)
    }

    /// What became of the rows of this input.
    pub fn counters(&self) -> InputCounters {
        self.engine.counters(I)
    }
}

/// A pipeline as a sink: what comes in goes through it to `out`.
///
/// Watermarks travel as well. The first error is kept, and nothing is taken after it.
pub struct Then<'a, P, S> {
    pipeline: &'a mut P,
    out: &'a mut S,
    error: Option<Error>,
}

/// A sink that pushes into `pipeline`, whose results go to `out`.
pub fn then<'a, P, S>(pipeline: &'a mut P, out: &'a mut S) -> Then<'a, P, S> {
    Then { pipeline, out, error: None }
}

impl<P, S> Then<'_, P, S> {
    /// The first error of the pipeline, if there was one.
    ///
    /// # Errors
    /// That error.
    pub fn result(self) -> Result<(), Error> {
        self.error.map_or(Ok(()), Err)
    }
}

impl<E, P, S> Sink<E> for Then<'_, P, S>
where
    E: Event,
    P: Pipeline + Takes<<P::Query as InputOf<E>>::At, E, S>,
    P::Query: InputOf<E>,
    S: Sink<Out<P>>,
{
    fn emit(&mut self, row: E) {
        if self.error.is_none() {
            self.error = self.pipeline.take(std::slice::from_ref(&row), self.out).err();
        }
    }
    fn watermark(&mut self, w: Timestamp) {
        if self.error.is_none() {
            let source = <P::Query as InputOf<E>>::At::SOURCE;
            self.error = super::watermark_of(self.pipeline, source, w, self.out).err();
        }
    }
    fn barrier(&mut self, e: crate::sink::Epoch) {
        self.out.barrier(e);
    }
}

// A change is no event, so that the two ways in do not meet.
impl<E, P, S> Sink<Change<E>> for Then<'_, P, S>
where
    E: Event,
    P: Pipeline + TakesChanges<<<P as Pipeline>::Query as ChangesOf<E>>::At, E, S>,
    <P as Pipeline>::Query: ChangesOf<E>,
    S: Sink<Out<P>>,
{
    fn emit(&mut self, change: Change<E>) {
        if self.error.is_none() {
            let row = std::slice::from_ref(&change.row);
            self.error = self.pipeline.take_changes(row, &[change.weight], self.out).err();
        }
    }
    fn watermark(&mut self, w: Timestamp) {
        if self.error.is_none() {
            let source = <<P as Pipeline>::Query as ChangesOf<E>>::At::SOURCE;
            self.error = super::watermark_of(self.pipeline, source, w, self.out).err();
        }
    }
    fn barrier(&mut self, e: crate::sink::Epoch) {
        self.out.barrier(e);
    }
}

/// What became of the rows of all inputs together.
pub fn counters(engine: &Engine) -> InputCounters {
    let mut sum = InputCounters::default();
    for source in 0..engine.plan().sources.len() as u32 {
        let c = engine.counters(source);
        sum.ingested += c.ingested;
        sum.accepted += c.accepted;
        sum.late += c.late;
        sum.rejected += c.rejected;
    }
    sum
}
