//! What generated pipelines share: everything about them that does not depend on the query.
//!
//! Generated code brings three things: a plan as text, one function an edge and a group, and how a row of output
//! is made of cells. The rest of a pipeline is here, generic over the sink alone, so that a hundred
//! pipelines cost a hundred times their expressions and no more.
//!
//! Not here: the loops over rows (generated), state and time (`engine`).

pub mod ahead;
mod aside;
mod buffer;
mod builder;
pub mod cells;
mod emit;
mod fields;
mod input;
pub mod ops;
mod query;
mod runner;
pub mod selection;
pub mod stateless;
mod times;

pub use aside::{Aside, AsideBoth, AsideKind, AsideLate, AsideRejected, NoAside};
pub use buffer::{Buffer, Keep, TakesChanges};
pub use builder::Builder;
pub use emit::{AppendOnly, Call, Changelog, OutputShape, To, Upserts};
pub(crate) use fields::does_not_fit;
pub use fields::{broken, field, misdeclared};
pub use input::{At, Handle, InputNumber, Out, Pipeline, Takes, Then, counters, then};
pub use query::{
    BareEngine, ChangesOf, Compiled, Form, Given, InputOf, Inputs, OutOf, Query, Reads, ReadsChanges, Texts,
};
pub use runner::Runner;
pub use selection::Selection;
pub use times::Times;

use crate::error::Error;
use crate::sink::Sink;
use crate::types::Timestamp;

/// Advances an input's watermark.
///
/// # Errors
/// Those of the engine, and values that do not fit their fields.
pub fn watermark_of<P, S>(pipeline: &mut P, source: u32, w: Timestamp, out: &mut S) -> Result<(), Error>
where
    P: Pipeline,
    S: Sink<Out<P>>,
{
    let engine = pipeline.engine_mut();
    To::<P::Query, S>::new(out, None).call().watermark(engine, source, w)
}

/// Advances the watermark of all inputs; without any, it is a step all the same.
///
/// # Errors
/// Those of [`watermark_of`].
pub fn watermark<P, S>(pipeline: &mut P, w: Timestamp, out: &mut S) -> Result<(), Error>
where
    P: Pipeline,
    S: Sink<Out<P>>,
{
    match pipeline.engine().plan().inputs() {
        0 => tick(pipeline, pipeline.engine().now(), out),
        inputs => (0..inputs).try_for_each(|source| watermark_of(pipeline, source, w, out)),
    }
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
    let engine = pipeline.engine_mut();
    To::<P::Query, S>::new(out, None).call().tick(engine, now)
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
    let engine = pipeline.engine_mut();
    To::<P::Query, S>::new(out, None).call().finish_source(engine, source)
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
    let engine = pipeline.engine_mut();
    To::<P::Query, S>::new(out, None).call().finish(engine)
}
