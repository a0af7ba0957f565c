//! Pipelines without state, whose rows a generated loop takes from input to sink in one go, without the engine.
//!
//! What goes well stays in registers; what does not is written down in a box of its own. The loop over rows calls nothing but the
//! sink: a row that fails leaves it, is seen to outside, and the loop is entered again behind it.
//!
//! Invariant: counters, watermark and errors are those that [`Engine::process`] would give.

use super::aside::{Aside, LeftOut, reason};
use super::fields::does_not_fit;
use crate::engine::Engine;
use crate::error::Error;
use crate::plan::OnError;
use crate::sink::Sink;

/// What went wrong in a call, if anything.
pub type Trouble = Option<Box<Refused>>;

/// Rows that failed and results that did not fit.
#[derive(Debug, Default)]
pub struct Refused {
    rejected: u64,
    unfit: u64,
    /// Rows taken, where the step stopped early.
    taken: Option<usize>,
    error: Option<Error>,
}

/// A row missed at a site has its number; one missed because output field `k` does not take its value, this and `k`.
pub const UNFIT: u32 = 1 << 16;

/// Begins a call for input `source`: its greatest event time so far.
///
/// # Errors
/// The input is finished.
#[inline]
pub fn begin(engine: &mut Engine, source: u32) -> Result<i64, Error> {
    let state = engine.source_mut(source);
    if state.finished {
        return Err(finished(engine, source));
    }
    Ok(state.time_max)
}

#[cold]
fn finished(engine: &Engine, source: u32) -> Error {
    Error::Finished(engine.plan().sources[source as usize].name.clone())
}

/// A row missed, its number and site; what the engine is told of it. Whether the step stops there.
///
/// Where rows that are left out go to the sink, it gets this one.
#[inline(always)]
pub fn refuse<S>(
    trouble: &mut Trouble,
    engine: &Engine,
    source: u32,
    (row, site, fields): (usize, u32, &[&str]),
    aside: Option<&mut (dyn Aside<S> + '_)>,
    out: &mut S,
) -> bool {
    // The sink stays out of the call that counts: its address is not known there, so its state may live in registers.
    if let Some(aside) = aside
        && site < UNFIT
        && engine.plan().on_error == OnError::DeadLetter
    {
        aside.left_out(out, LeftOut::Rejected(row, site as u16));
    }
    count_refused(trouble, engine, source, (row, site, fields))
}

#[cold]
#[inline(never)]
fn count_refused(
    trouble: &mut Trouble,
    engine: &Engine,
    source: u32,
    (row, site, fields): (usize, u32, &[&str]),
) -> bool {
    let refused = trouble.get_or_insert_default();
    if let Some(field) = site.checked_sub(UNFIT) {
        // The result is left out, the input stays accepted.
        refused.unfit += 1;
        refused.error.get_or_insert_with(|| does_not_fit(fields.get(field as usize).unwrap_or(&"")));
        return false;
    }
    refused.rejected += 1;
    let plan = engine.plan();
    if plan.on_error == OnError::Fail {
        let input = plan.sources[source as usize].name.clone();
        let reason = reason(&plan.sites, site as u16);
        refused.error = Some(Error::Rejected { input, row, reason });
        refused.taken = Some(row + 1);
    }
    refused.taken.is_some()
}

/// Ends a call of `rows` rows, of which `emitted` came out, with the greatest event time among the accepted ones.
///
/// # Errors
/// The first thing that went wrong.
#[inline]
pub fn end<T, S: Sink<T>>(
    engine: &mut Engine,
    source: u32,
    rows: usize,
    (emitted, time_max): (u64, i64),
    trouble: Trouble,
    out: &mut S,
) -> Result<(), Error> {
    let state = engine.source_mut(source);
    state.time_max = time_max;
    state.counters.ingested += rows as u64;
    state.counters.accepted += rows as u64;
    engine.output_counters_mut().emitted += emitted;
    let result = match trouble {
        None => Ok(()),
        Some(refused) => count(engine, source, rows, *refused),
    };
    if let Some(w) = engine.output_watermark() {
        out.watermark(w);
    }
    result
}

/// Takes back what was counted as if all had gone well.
#[cold]
#[inline(never)]
fn count(engine: &mut Engine, source: u32, rows: usize, refused: Refused) -> Result<(), Error> {
    let untaken = refused.taken.map_or(0, |taken| rows - taken) as u64;
    let counters = &mut engine.source_mut(source).counters;
    counters.ingested -= untaken;
    counters.accepted -= untaken + refused.rejected;
    counters.rejected += refused.rejected;
    engine.output_counters_mut().rejected += refused.unfit;
    refused.error.map_or(Ok(()), Err)
}
