//! What generated pipelines share: everything about them that does not depend on the query.
//!
//! Generated code brings three things: a static plan, one function an edge and a group, and how a row of output
//! is made of cells. The rest of a pipeline is here, generic over the sink alone, so that a hundred
//! pipelines cost a hundred times their expressions and no more.
//!
//! Not here: the loops over rows (generated), state and time (`engine`).

mod aside;
mod builder;
pub mod cells;
mod emit;
mod fields;
pub mod ops;
pub mod stateless;

pub use aside::{Aside, AsideBoth, AsideLate, AsideRejected, ColumnRows, NoAside, Rows};
pub use builder::Builder;
pub use emit::{AppendOnly, Changelog, Emit, OutputRow, OutputShape, Upserts};
pub use fields::{broken, cell_at, field, push_cell, same_length};

use crate::engine::Engine;
use crate::error::Error;
use crate::sink::Sink;
use crate::stage::ExprFn;
use crate::types::Timestamp;

/// A pipeline that takes rows of `E` at input `SOURCE`; with several inputs of one type, the first of them.
#[diagnostic::on_unimplemented(
    message = "this pipeline has no input of rows `{E}`",
    label = "not a pipeline over `{E}`",
    note = "where several inputs have the same row type, use the handle of one: `pipeline.trades().push(…)`"
)]
pub trait Input<E> {
    /// Number of the input.
    const SOURCE: u32;
}

/// What a call gave, and what went wrong while giving it: the call's own error goes first.
#[inline]
pub fn done<R, K, S, A>(result: Result<(), Error>, emit: Emit<'_, R, K, S, A>) -> Result<(), Error> {
    match (result, emit.error) {
        (Ok(()), None) => Ok(()),
        (Err(error), _) => Err(error),
        (Ok(()), Some(error)) => Err(*error),
    }
}

/// Runs rows through the engine.
///
/// # Safety
/// `base` and `rows` are what the edges of `source` read (`edges`, or where those are none the engine's own).
///
/// # Errors
/// Those of [`Engine::process`], and values that do not fit their fields.
#[inline]
pub unsafe fn process<R, K, S, A>(
    engine: &mut Engine,
    source: u32,
    base: *const u8,
    rows: usize,
    edges: Option<&[ExprFn]>,
    out: &mut S,
    aside: A,
) -> Result<(), Error>
where
    R: OutputRow,
    K: OutputShape<R>,
    S: Sink<K::Out>,
    A: Aside<S>,
{
    let mut emit = Emit::<R, K, S, A>::new(out, aside);
    // SAFETY: as the caller promises.
    let result = unsafe { engine.process(source, base, rows, None, edges, &mut emit) };
    done(result, emit)
}

/// Advances an input's watermark.
///
/// # Errors
/// Those of [`Engine::watermark`], and values that do not fit their fields.
#[inline]
pub fn watermark<R, K, S>(engine: &mut Engine, source: u32, w: Timestamp, out: &mut S) -> Result<(), Error>
where
    R: OutputRow,
    K: OutputShape<R>,
    S: Sink<K::Out>,
{
    let mut emit = Emit::<R, K, S, NoAside>::new(out, NoAside);
    done(engine.watermark(source, w, &mut emit), emit)
}

/// Advances the watermark of all inputs.
///
/// # Errors
/// Those of [`watermark`].
pub fn watermark_all<R, K, S>(engine: &mut Engine, w: Timestamp, out: &mut S) -> Result<(), Error>
where
    R: OutputRow,
    K: OutputShape<R>,
    S: Sink<K::Out>,
{
    let sources = engine.plan().sources.len() as u32;
    (0..sources).try_for_each(|source| watermark::<R, K, S>(engine, source, w, out))
}

/// Sets the clock.
///
/// # Errors
/// Those of [`Engine::tick`], and values that do not fit their fields.
#[inline]
pub fn tick<R, K, S>(engine: &mut Engine, now: Timestamp, out: &mut S) -> Result<(), Error>
where
    R: OutputRow,
    K: OutputShape<R>,
    S: Sink<K::Out>,
{
    let mut emit = Emit::<R, K, S, NoAside>::new(out, NoAside);
    done(engine.tick(now, &mut emit), emit)
}

/// Ends one input, or all.
///
/// # Errors
/// Those of [`Engine::finish`], and values that do not fit their fields.
#[inline]
pub fn finish<R, K, S>(engine: &mut Engine, source: Option<u32>, out: &mut S) -> Result<(), Error>
where
    R: OutputRow,
    K: OutputShape<R>,
    S: Sink<K::Out>,
{
    let mut emit = Emit::<R, K, S, NoAside>::new(out, NoAside);
    let result = match source {
        Some(source) => engine.finish_source(source, &mut emit),
        None => engine.finish(&mut emit),
    };
    done(result, emit)
}
