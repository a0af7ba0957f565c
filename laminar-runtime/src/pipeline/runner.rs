//! The contract of a pipeline, for every generated one.

use super::Out;
use super::aside::AsideKind;
use super::builder::Builder;
use super::input::{InputNumber, Pipeline, Takes};
use super::query::{ChangesOf, InputOf, Inputs, OutOf, Query, Reads, ReadsChanges};
use crate::engine::{Engine, InputCounters, OutputCounters};
use crate::error::Error;
use crate::event::{Columns, Event};
use crate::sink::{Change, Sink};
use crate::types::Timestamp;
use std::io;
use std::ops::{Deref, DerefMut};

/// The pipeline of the query whose row of output is `R`: `Vwap::pipeline()` is a `Runner<Vwap>`.
///
/// Where the query has several inputs, there is a method for each besides: `prices.trade().push(…)`.
pub struct Runner<R: Query> {
    inputs: R::Inputs,
}

impl<R: Query> Runner<R> {
    /// The pipeline, without rows.
    pub fn new() -> Self {
        Runner::with_capacity(R::COMPILED.capacity)
    }

    /// With room for this many groups in each group table: up to it the tables never grow.
    pub fn with_capacity(groups: usize) -> Self {
        Runner { inputs: R::Inputs::new(R::COMPILED.engine(groups)) }
    }

    /// What exists only at run time is said before.
    pub fn builder() -> Builder<Self> {
        Builder::new(R::COMPILED.capacity, Self::with_capacity)
    }

    /// Takes one row; where there are several inputs, its type decides at which.
    ///
    /// # Errors
    /// A row that fails under `on_error = fail`, input after `finish`, a value that does not fit its field.
    #[inline]
    pub fn push<E: Event, S>(&mut self, row: &E, out: &mut S) -> Result<(), Error>
    where
        R: InputOf<E> + Reads<<R as InputOf<E>>::At, E>,
        S: Sink<OutOf<R>>,
        R::Aside: AsideKind<S, E>,
    {
        R::rows(self.inputs.engine_mut(), std::slice::from_ref(row), out)
    }

    /// Takes a batch of rows; where there are several inputs, their type decides at which.
    ///
    /// # Errors
    /// As [`Runner::push`]. Under `on_error = fail` rows before the one that fails are applied, later ones not.
    #[inline]
    pub fn process<E: Event, S>(&mut self, rows: &[E], out: &mut S) -> Result<(), Error>
    where
        R: InputOf<E> + Reads<<R as InputOf<E>>::At, E>,
        S: Sink<OutOf<R>>,
        R::Aside: AsideKind<S, E>,
    {
        R::rows(self.inputs.engine_mut(), rows, out)
    }

    /// Takes a struct of arrays.
    ///
    /// # Errors
    /// As [`Runner::process`], and columns that differ in length.
    #[inline]
    pub fn process_columns<E: Event, S>(&mut self, columns: &Columns<'_, E>, out: &mut S) -> Result<(), Error>
    where
        R: InputOf<E> + Reads<<R as InputOf<E>>::At, E>,
        S: Sink<OutOf<R>>,
        R::Aside: AsideKind<S, E>,
    {
        R::columns(self.inputs.engine_mut(), columns, out)
    }

    /// Takes one change: that many copies of the row come or go.
    ///
    /// # Errors
    /// As [`Runner::process_changes`].
    pub fn push_change<E: Event, S>(&mut self, change: &Change<E>, out: &mut S) -> Result<(), Error>
    where
        R: ChangesOf<E> + ReadsChanges<<R as ChangesOf<E>>::At, E>,
        S: Sink<OutOf<R>>,
    {
        let (rows, weights) = (std::slice::from_ref(&change.row), &[change.weight]);
        R::changes(self.inputs.engine_mut(), rows, weights, out)
    }

    /// Takes a batch of changes in one step: `weights[i]` copies of `rows[i]` come or go.
    ///
    /// # Errors
    /// As [`Runner::process`], a retraction of an absent row, lengths that differ.
    pub fn process_changes<E: Event, S>(
        &mut self,
        rows: &[E],
        weights: &[i64],
        out: &mut S,
    ) -> Result<(), Error>
    where
        R: ChangesOf<E> + ReadsChanges<<R as ChangesOf<E>>::At, E>,
        S: Sink<OutOf<R>>,
    {
        R::changes(self.inputs.engine_mut(), rows, weights, out)
    }

    /// No row older than `w` will come.
    ///
    /// # Errors
    /// Input after `finish`; a result that fails under `on_error = fail`.
    pub fn watermark<S: Sink<OutOf<R>>>(&mut self, w: Timestamp, out: &mut S) -> Result<(), Error> {
        super::watermark(self, w, out)
    }

    /// Sets the pipeline's clock.
    ///
    /// # Errors
    /// As [`Runner::watermark`].
    pub fn tick<S: Sink<OutOf<R>>>(&mut self, now: Timestamp, out: &mut S) -> Result<(), Error> {
        super::tick(self, now, out)
    }

    /// Ends all inputs: everything that is left comes out.
    ///
    /// # Errors
    /// A second `finish`; a result that fails under `on_error = fail`.
    pub fn finish<S: Sink<OutOf<R>>>(&mut self, out: &mut S) -> Result<(), Error> {
        super::finish(self, out)
    }

    /// Writes all state.
    ///
    /// # Errors
    /// Those of `w`.
    pub fn snapshot<W: io::Write>(&self, w: &mut W) -> Result<(), Error> {
        self.inputs.engine().snapshot(w)
    }

    /// Takes the state of a snapshot of the same query. After an error the pipeline is unchanged.
    ///
    /// # Errors
    /// A snapshot that is damaged or of another query; those of `r`.
    pub fn restore<I: io::Read>(&mut self, r: &mut I) -> Result<(), Error> {
        self.inputs.engine_mut().restore(r)
    }

    /// A number that, barring chance, two pipelines share only if their snapshots are equal.
    pub fn digest(&self) -> u64 {
        self.inputs.engine().digest()
    }

    /// What became of the rows of all inputs together.
    pub fn counters(&self) -> InputCounters {
        super::counters(self.inputs.engine())
    }

    /// What became of the results.
    pub fn output_counters(&self) -> OutputCounters {
        self.inputs.engine().output_counters()
    }

    /// The plan, each node with its properties.
    pub fn explain(&self) -> &'static str {
        R::TEXTS.explain
    }

    /// The query.
    pub fn sql(&self) -> &'static str {
        R::TEXTS.sql
    }
}

impl<R: Query> Default for Runner<R> {
    fn default() -> Self {
        Runner::new()
    }
}

impl<R: Query> std::fmt::Debug for Runner<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner")
            .field("query", &self.inputs.engine().plan().name)
            .field("counters", &self.counters())
            .finish()
    }
}

/// The methods of the inputs.
impl<R: Query> Deref for Runner<R> {
    type Target = R::Inputs;
    fn deref(&self) -> &R::Inputs {
        &self.inputs
    }
}

impl<R: Query> DerefMut for Runner<R> {
    fn deref_mut(&mut self) -> &mut R::Inputs {
        &mut self.inputs
    }
}

impl<R: Query> Pipeline for Runner<R> {
    type Query = R;
    fn engine(&self) -> &Engine {
        self.inputs.engine()
    }
    fn engine_mut(&mut self) -> &mut Engine {
        self.inputs.engine_mut()
    }
}

impl<N, E, S, R> Takes<N, E, S> for Runner<R>
where
    N: InputNumber,
    E: Event,
    R: Reads<N, E>,
    S: Sink<Out<Self>>,
    R::Aside: AsideKind<S, E>,
{
    fn take(&mut self, rows: &[E], out: &mut S) -> Result<(), Error> {
        R::rows(self.inputs.engine_mut(), rows, out)
    }
    fn take_columns(&mut self, columns: &Columns<'_, E>, out: &mut S) -> Result<(), Error> {
        R::columns(self.inputs.engine_mut(), columns, out)
    }
}

impl<N, E, S, R> super::TakesChanges<N, E, S> for Runner<R>
where
    N: InputNumber,
    E: Event,
    R: ReadsChanges<N, E>,
    S: Sink<Out<Self>>,
{
    fn take_changes(&mut self, rows: &[E], weights: &[i64], out: &mut S) -> Result<(), Error> {
        R::changes(self.inputs.engine_mut(), rows, weights, out)
    }
}
