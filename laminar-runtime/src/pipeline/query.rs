//! What generated code says of a query: traits that the row of output implements. All else is the runtime's.

use super::aside::{Aside, AsideKind, LeftOut};
use super::cells::UnfitField;
use super::emit::{OutputShape, To};
use super::input::InputNumber;
use crate::engine::{Engine, Entered};
use crate::error::Error;
use crate::event::{Columns, Event, EventColumns};
use crate::plan::Plan;
use crate::sink::Sink;
use crate::stage::{Code, ColumnRef, ExprCode, UpdateCode, UpdateFn};
use std::alloc::Layout;
use std::mem::ManuallyDrop;
use std::ptr;

/// A query, as its row of output knows it. Generated.
///
/// # Safety
/// The code of `COMPILED` is that of its plan, and `read` reads the cells of the plan's output columns.
pub unsafe trait Query: Sized + 'static {
    /// Whether sinks get rows, changes or upserts.
    type Shape: OutputShape<Self>;
    /// Which rows that are left out go to the sink.
    type Aside;
    /// The engine, with a method for each input where there are several.
    type Inputs: Inputs;
    /// What runs.
    const COMPILED: Compiled;
    /// The query, for people.
    const TEXTS: Texts;

    /// Row `i` of the columns. Where a value does not fit its field, the row is not one, and `unfit` has the name of the first
    /// such field.
    ///
    /// # Safety
    /// `columns` are the query's output columns and have a row `i`.
    unsafe fn read(columns: *const ColumnRef, i: usize, unfit: &mut UnfitField) -> Self;
}

/// A query that was compiled ahead of time.
#[derive(Clone)]
pub struct Compiled {
    /// The plan, as [`Plan::to_text`] writes it.
    pub plan: &'static str,
    /// Code of the edges.
    pub edges: &'static [ExprCode],
    /// Code of the groups; none: the engine's own.
    pub updates: &'static [Option<UpdateFn>],
    /// Room for groups when nothing else is said.
    pub capacity: usize,
}

/// A query as people read it.
#[derive(Clone, Copy, Debug)]
pub struct Texts {
    /// As written.
    pub sql: &'static str,
    /// Its plan.
    pub explain: &'static str,
}

impl Compiled {
    /// An engine that runs the query, without rows.
    ///
    /// # Panics
    /// If the plan is not one that this version of Laminar writes.
    pub(super) fn engine(&self, groups: usize) -> Engine {
        let plan = Plan::from_text(self.plan)
            .unwrap_or_else(|line| panic!("a plan that another version of Laminar made: `{line}`"));
        debug_assert!(plan.edges.len() == self.edges.len() && plan.groups.len() == self.updates.len());
        let updates = self.updates.iter().map(|u| u.map_or(UpdateCode::Generic, UpdateCode::Native));
        let code = Code { edges: self.edges.to_vec(), updates: updates.collect(), keep: None };
        Engine::with_capacity(plan, code, groups)
    }
}

/// What a sink of query `R` takes.
pub type OutOf<R> = <<R as Query>::Shape as OutputShape<R>>::Out;

/// An engine, perhaps with methods.
pub trait Inputs {
    /// Wraps it.
    fn new(engine: Engine) -> Self;
    /// The engine.
    fn engine(&self) -> &Engine;
    /// The engine.
    fn engine_mut(&mut self) -> &mut Engine;
}

/// An engine alone: a query with one input has no methods for it, and those of several are around one.
///
/// How an engine is dropped is compiled here, and not in each crate that has one: it is some thousand instructions to the compiler.
pub struct BareEngine(ManuallyDrop<Engine>);

impl Drop for BareEngine {
    fn drop(&mut self) {
        // SAFETY: nobody sees the engine after this.
        unsafe { ManuallyDrop::drop(&mut self.0) }
    }
}

impl Inputs for BareEngine {
    #[inline]
    fn new(engine: Engine) -> Self {
        BareEngine(ManuallyDrop::new(engine))
    }
    #[inline]
    fn engine(&self) -> &Engine {
        &self.0
    }
    #[inline]
    fn engine_mut(&mut self) -> &mut Engine {
        &mut self.0
    }
}

/// The query reads rows of `E`, at input `At`; with several inputs of one type, at the first of them. Generated.
#[diagnostic::on_unimplemented(
    message = "this pipeline has no input of rows `{E}`",
    label = "not a pipeline over `{E}`"
)]
pub trait InputOf<E> {
    /// Which input.
    type At: InputNumber;
}

/// The query reads rows of `E` at input `At`. Generated.
///
/// # Safety
/// The edges of the input read rows of `E`, of which no other fields than `FIELDS`.
pub unsafe trait Reads<At: InputNumber, E: Event>: Query {
    /// The fields that the code of the input's edges reads.
    const FIELDS: &'static [u16];

    /// Takes a batch.
    ///
    /// # Errors
    /// Those of [`Engine::process`], and values that do not fit their fields.
    #[inline]
    fn rows<S>(engine: &mut Engine, rows: &[E], out: &mut S) -> Result<(), Error>
    where
        S: Sink<OutOf<Self>>,
        Self::Aside: AsideKind<S, E>,
    {
        let mut given = Given::<Self, At, E>::rows(rows);
        let base = rows.as_ptr().cast();
        let aside = given.aside(engine);
        // SAFETY: by this trait's contract.
        unsafe { run::<Self, S>(engine, At::SOURCE, base, rows.len(), None, out, aside) }
    }

    /// Takes a struct of arrays.
    ///
    /// # Errors
    /// As `rows`, and columns that differ in length.
    #[inline]
    fn columns<S>(engine: &mut Engine, columns: &Columns<'_, E>, out: &mut S) -> Result<(), Error>
    where
        S: Sink<OutOf<Self>>,
        Self::Aside: AsideKind<S, E>,
    {
        let len = columns.rows()?;
        let mut given = Given::<Self, At, E>::columns(columns);
        let mut to = To::<Self, S>::new(out, given.aside(engine));
        // SAFETY: the columns have `len` rows, whose copies the engine reads during the call, and does not drop.
        let mut fill = |lo, hi, to| unsafe { columns.transpose(Self::FIELDS, lo, hi, to) };
        // SAFETY: by this trait's contract; what the code reads is filled.
        unsafe { to.call().process_pieces(engine, At::SOURCE, len, Layout::new::<E>(), &mut fill) }
    }

    /// A copy of a row of the call. Generated where rows that are left out go to the sink.
    fn copy(given: &Given<'_, '_, Self, At, E>, row: usize) -> E {
        let _ = (given, row);
        unreachable!("rows of this query do not go aside")
    }
}

/// The input that takes changes of rows of type `E`. Generated for the first one of each type.
pub trait ChangesOf<E> {
    /// Its number.
    type At: InputNumber;
}

/// The query reads rows of `E` with weights at input `At`. Generated.
///
/// # Safety
/// The edges of the input read rows of `E`.
pub unsafe trait ReadsChanges<At: InputNumber, E: Event>: Query {
    /// Takes a batch: `weights[i]` copies of `rows[i]` come or go.
    ///
    /// # Errors
    /// Those of [`Engine::process`], values that do not fit their fields, lengths that differ.
    fn changes<S>(engine: &mut Engine, rows: &[E], weights: &[i64], out: &mut S) -> Result<(), Error>
    where
        S: Sink<OutOf<Self>>,
    {
        if weights.len() != rows.len() {
            let (found, expected) = (weights.len(), rows.len());
            return Err(Error::Ragged { column: "weights".into(), found, expected });
        }
        // SAFETY: by this trait's contract.
        unsafe {
            run::<Self, S>(engine, At::SOURCE, rows.as_ptr().cast(), rows.len(), Some(weights), out, None)
        }
    }
}

/// The rows of one call: what those that are left out are copied from.
pub struct Given<'a, 'b, R, At, E: Event> {
    /// As they were given.
    pub form: Form<'a, 'b, E>,
    /// For the reasons of failures; null where no rows go to the sink.
    plan: *const Plan,
    query: std::marker::PhantomData<fn() -> (R, At)>,
}

/// Rows in one of the two forms.
pub enum Form<'a, 'b, E: Event> {
    /// A slice.
    Rows(&'a [E]),
    /// A struct of arrays.
    Columns(&'a Columns<'b, E>),
}

impl<'a, 'b, R, At, E: Event> Given<'a, 'b, R, At, E> {
    /// Given as a slice.
    #[inline]
    pub fn rows(rows: &'a [E]) -> Self {
        Given { form: Form::Rows(rows), plan: ptr::null(), query: std::marker::PhantomData }
    }

    /// Given as a struct of arrays.
    #[inline]
    pub fn columns(columns: &'a Columns<'b, E>) -> Self {
        Given { form: Form::Columns(columns), plan: ptr::null(), query: std::marker::PhantomData }
    }

    /// What takes the rows that `engine` leaves out, if anything does.
    #[inline(always)]
    pub fn aside<S>(&mut self, engine: &Engine) -> Option<&mut dyn Aside<S>>
    where
        At: InputNumber,
        R: Reads<At, E>,
        R::Aside: AsideKind<S, E>,
    {
        if !<R::Aside as AsideKind<S, E>>::ANY {
            return None;
        }
        self.plan = engine.plan();
        Some(self)
    }

    /// A copy of a row.
    pub fn row(&self, row: usize) -> E
    where
        E: Clone,
    {
        match &self.form {
            Form::Rows(rows) => rows[row].clone(),
            Form::Columns(columns) => columns.row(row),
        }
    }
}

impl<R, S, At, E> Aside<S> for Given<'_, '_, R, At, E>
where
    At: InputNumber,
    E: Event,
    R: Reads<At, E>,
    R::Aside: AsideKind<S, E>,
{
    fn left_out(&mut self, out: &mut S, left: LeftOut) {
        match left {
            LeftOut::Late(row) => <R::Aside as AsideKind<S, E>>::late(out, || R::copy(self, row)),
            LeftOut::Rejected(row, site) => {
                // SAFETY: the engine, which calls, holds its plan as long as it lives, and never changes it.
                let sites = unsafe { self.plan.as_ref() }.map_or(&[][..], |plan| &plan.sites);
                <R::Aside as AsideKind<S, E>>::rejected(out, || R::copy(self, row), sites, site);
            }
        }
    }
}

/// Runs rows through the engine.
///
/// # Safety
/// `base` and `rows` are what the edges of `source` read.
///
/// # Errors
/// Those of [`Engine::process`], and values that do not fit their fields.
#[inline]
unsafe fn run<R, S>(
    engine: &mut Engine,
    source: u32,
    base: *const u8,
    rows: usize,
    weights: Option<&[i64]>,
    out: &mut S,
    aside: Option<&mut dyn Aside<S>>,
) -> Result<(), Error>
where
    R: Query,
    S: Sink<OutOf<R>>,
{
    let mut lo = 0;
    if weights.is_none() {
        // SAFETY: as the caller promises.
        match unsafe { engine.enter(source, base, rows, None) } {
            Entered::Quiet => return Ok(()),
            Entered::Moved(w) => {
                out.watermark(w);
                return Ok(());
            }
            Entered::From(next) => lo = next,
        }
    }
    // SAFETY: as the caller promises.
    unsafe { To::<R, S>::new(out, aside).call().process_from(engine, lo, source, base, rows, weights) }
}
