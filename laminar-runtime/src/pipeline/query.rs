//! What generated code says of a query: traits that the row of output implements. All else is the runtime's.

use super::aside::{Aside, AsideKind};
use super::emit::{Emit, OutputRow, OutputShape};
use super::input::InputNumber;
use crate::engine::Engine;
use crate::error::Error;
use crate::event::{Columns, Event, EventColumns};
use crate::plan::Plan;
use crate::sink::Sink;
use crate::stage::{Code, ExprCode, ExprFn, SourceCode, UpdateCode, UpdateFn};
use std::ptr;

/// A query, as its row of output knows it. Generated.
///
/// # Safety
/// `EDGES` and `UPDATES` are the code of `PLAN`, and `OutputRow::read` reads the cells of its output columns.
pub unsafe trait Query: OutputRow + 'static {
    /// Whether sinks get rows, changes or upserts.
    type Shape: OutputShape<Self>;
    /// Which rows that are left out go to the sink.
    type Aside;
    /// The engine, with a method for each input where there are several.
    type Inputs: Inputs;
    /// The plan.
    const PLAN: &'static Plan;
    /// Code of the edges.
    const EDGES: &'static [ExprCode];
    /// Code of the groups; none: the engine's own.
    const UPDATES: &'static [Option<UpdateFn>];
    /// Room for groups when nothing else is said.
    const CAPACITY: usize;
    /// The query.
    const SQL: &'static str;
    /// The plan as text.
    const EXPLAIN: &'static str;
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

/// A query with one input has no methods for it.
pub struct OneInput(Engine);

impl Inputs for OneInput {
    fn new(engine: Engine) -> Self {
        OneInput(engine)
    }
    fn engine(&self) -> &Engine {
        &self.0
    }
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
/// The edges of the input read rows of `E`, `COLUMN_EDGES` its struct of arrays.
pub unsafe trait Reads<At: InputNumber, E: Event>: Query {
    /// The code of the input's edges for a struct of arrays.
    const COLUMN_EDGES: &'static [ExprFn];

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
        // SAFETY: by this trait's contract.
        unsafe { run::<Self, S>(engine, At::SOURCE, base, rows.len(), None, None, out, given.aside()) }
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
        let (base, edges) = (ptr::from_ref(columns).cast(), Some(Self::COLUMN_EDGES));
        // SAFETY: by this trait's contract; the columns have one length.
        unsafe { run::<Self, S>(engine, At::SOURCE, base, len, None, edges, out, given.aside()) }
    }

    /// A copy of a row of the call. Generated where rows that are left out go to the sink.
    fn copy(given: &Given<'_, '_, Self, At, E>, row: usize) -> E {
        let _ = (given, row);
        unreachable!("rows of this query do not go aside")
    }
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
            run::<Self, S>(
                engine,
                At::SOURCE,
                rows.as_ptr().cast(),
                rows.len(),
                Some(weights),
                None,
                out,
                None,
            )
        }
    }
}

/// The rows of one call: what those that are left out are copied from.
pub struct Given<'a, 'b, R, At, E: Event> {
    /// As they were given.
    pub form: Form<'a, 'b, E>,
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
        Given { form: Form::Rows(rows), query: std::marker::PhantomData }
    }

    /// Given as a struct of arrays.
    #[inline]
    pub fn columns(columns: &'a Columns<'b, E>) -> Self {
        Given { form: Form::Columns(columns), query: std::marker::PhantomData }
    }

    /// What takes the rows that are left out, if anything does.
    #[inline(always)]
    pub fn aside<S>(&mut self) -> Option<&mut dyn Aside<S>>
    where
        At: InputNumber,
        R: Reads<At, E>,
        R::Aside: AsideKind<S, E>,
    {
        if <R::Aside as AsideKind<S, E>>::ANY { Some(self) } else { None }
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
    #[inline]
    fn late(&mut self, out: &mut S, row: usize) {
        <R::Aside as AsideKind<S, E>>::late(out, || R::copy(self, row));
    }
    #[inline]
    fn rejected(&mut self, out: &mut S, row: usize, site: u16) {
        <R::Aside as AsideKind<S, E>>::rejected(out, || R::copy(self, row), &R::PLAN.sites, site);
    }
}

/// Runs rows through the engine.
///
/// # Safety
/// `base` and `rows` are what the edges of `source` read (`edges`, or where those are none the engine's own).
///
/// # Errors
/// Those of [`Engine::process`], and values that do not fit their fields.
#[allow(clippy::too_many_arguments)]
#[inline]
unsafe fn run<R, S>(
    engine: &mut Engine,
    source: u32,
    base: *const u8,
    rows: usize,
    weights: Option<&[i64]>,
    edges: Option<&[ExprFn]>,
    out: &mut S,
    aside: Option<&mut dyn Aside<S>>,
) -> Result<(), Error>
where
    R: Query,
    S: Sink<OutOf<R>>,
{
    let mut emit = Emit::<R, S>::new(out, aside);
    let code = edges.map(SourceCode::new);
    // SAFETY: as the caller promises.
    let result = unsafe { engine.process(source, base, rows, weights, code.as_ref(), &mut emit) };
    emit.done(result, engine)
}

/// The engine of a query, without rows.
pub(super) fn engine<R: Query>(groups: usize) -> Engine {
    debug_assert!(R::PLAN.edges.len() == R::EDGES.len() && R::PLAN.groups.len() == R::UPDATES.len());
    Engine::with_capacity(R::PLAN, code(R::EDGES, R::UPDATES), groups)
}

fn code(edges: &[ExprCode], updates: &[Option<UpdateFn>]) -> Code {
    Code {
        edges: edges.to_vec(),
        updates: updates.iter().map(|u| u.map_or(UpdateCode::Generic, UpdateCode::Native)).collect(),
        keep: None,
    }
}
