//! What generated pipelines share: everything about them that does not depend on the query.
//!
//! Generated code brings three things: a static plan, one function an edge and a group, and how a row of output
//! is made of cells. The rest of a pipeline is here, generic over the sink alone, so that a hundred
//! pipelines cost a hundred times their expressions and no more.
//!
//! Not here: the loops over rows (generated), state and time (`engine`).

mod aside;
mod buffer;
mod builder;
pub mod cells;
mod emit;
mod fields;
mod input;
pub mod ops;
pub mod stateless;

pub use aside::{Aside, AsideBoth, AsideLate, AsideRejected, ColumnRows, NoAside, Rows};
pub use buffer::{Buffer, Keep, TakesChanges};
pub use builder::Builder;
pub use emit::{AppendOnly, Changelog, Emit, OutputRow, OutputShape, Upserts};
pub use fields::{broken, cell_at, field, push_cell, same_length};
pub use input::{At, Handle, InputNumber, InputOf, Out, Pipeline, Takes, Then, counters, then};

use crate::error::Error;
use crate::sink::Sink;
use crate::stage::ExprFn;
use crate::types::Timestamp;

/// Runs rows through the engine.
///
/// # Safety
/// `base` and `rows` are what the edges of `source` read (`edges`, or where those are none the engine's own).
///
/// # Errors
/// Those of [`Engine::process`](crate::engine::Engine::process), and values that do not fit their fields.
#[inline]
#[allow(clippy::too_many_arguments)]
pub unsafe fn process<P, S, A>(
    pipeline: &mut P,
    source: u32,
    base: *const u8,
    rows: usize,
    weights: Option<&[i64]>,
    edges: Option<&[ExprFn]>,
    out: &mut S,
    aside: A,
) -> Result<(), Error>
where
    P: Pipeline,
    S: Sink<Out<P>>,
    A: Aside<S>,
{
    let mut emit = Emit::<P::Row, P::Shape, S, A>::new(out, aside);
    // SAFETY: as the caller promises.
    let result = unsafe { pipeline.engine_mut().process(source, base, rows, weights, edges, &mut emit) };
    emit.done(result, pipeline.engine_mut())
}

/// Advances an input's watermark.
///
/// # Errors
/// Those of the engine, and values that do not fit their fields.
pub fn watermark_of<P, S>(pipeline: &mut P, source: u32, w: Timestamp, out: &mut S) -> Result<(), Error>
where
    P: Pipeline,
    S: Sink<Out<P>>,
{
    let mut emit = Emit::<P::Row, P::Shape, S, NoAside>::new(out, NoAside);
    let result = pipeline.engine_mut().watermark(source, w, &mut emit);
    emit.done(result, pipeline.engine_mut())
}

/// Advances the watermark of all inputs.
///
/// # Errors
/// Those of [`watermark_of`].
pub fn watermark<P, S>(pipeline: &mut P, w: Timestamp, out: &mut S) -> Result<(), Error>
where
    P: Pipeline,
    S: Sink<Out<P>>,
{
    let sources = pipeline.engine().plan().sources.len() as u32;
    (0..sources).try_for_each(|source| watermark_of(pipeline, source, w, out))
}

/// Sets the clock.
///
/// # Errors
/// Those of the engine, and values that do not fit their fields.
pub fn tick<P, S>(pipeline: &mut P, now: Timestamp, out: &mut S) -> Result<(), Error>
where
    P: Pipeline,
    S: Sink<Out<P>>,
{
    let mut emit = Emit::<P::Row, P::Shape, S, NoAside>::new(out, NoAside);
    let result = pipeline.engine_mut().tick(now, &mut emit);
    emit.done(result, pipeline.engine_mut())
}

/// Ends one input.
///
/// # Errors
/// Those of the engine, and values that do not fit their fields.
pub fn finish_of<P, S>(pipeline: &mut P, source: u32, out: &mut S) -> Result<(), Error>
where
    P: Pipeline,
    S: Sink<Out<P>>,
{
    let mut emit = Emit::<P::Row, P::Shape, S, NoAside>::new(out, NoAside);
    let result = pipeline.engine_mut().finish_source(source, &mut emit);
    emit.done(result, pipeline.engine_mut())
}

/// Ends all inputs.
///
/// # Errors
/// Those of the engine, and values that do not fit their fields.
pub fn finish<P, S>(pipeline: &mut P, out: &mut S) -> Result<(), Error>
where
    P: Pipeline,
    S: Sink<Out<P>>,
{
    let mut emit = Emit::<P::Row, P::Shape, S, NoAside>::new(out, NoAside);
    let result = pipeline.engine_mut().finish(&mut emit);
    emit.done(result, pipeline.engine_mut())
}
