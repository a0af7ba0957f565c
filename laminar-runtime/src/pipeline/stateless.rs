//! Pipelines without state, whose rows a generated loop takes from input to sink in one go, without the engine.
//!
//! What goes well stays in registers; what does not is written down in a box of its own.
//!
//! Invariant: counters, watermark and errors are those that [`Engine::process`] would give.

use super::aside::{Aside, reason};
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

/// Row `row` failed at `site`; whether the step stops there.
#[cold]
#[inline(never)]
pub fn refuse<S>(
    trouble: &mut Trouble,
    engine: &Engine,
    source: u32,
    (row, site): (usize, u16),
    out: &mut S,
    aside: &mut Option<&mut dyn Aside<S>>,
) -> bool {
    let refused = trouble.get_or_insert_default();
    refused.rejected += 1;
    let plan = engine.plan();
    match plan.on_error {
        OnError::Fail => {
            let input = plan.sources[source as usize].name.clone();
            refused.error = Some(Error::Rejected { input, row, reason: reason(&plan.sites, site) });
            refused.taken = Some(row + 1);
        }
        OnError::Skip => {}
        OnError::DeadLetter => {
            if let Some(aside) = aside {
                aside.rejected(out, row, site);
            }
        }
    }
    refused.taken.is_some()
}

/// A value did not fit its field: the result is left out, the input stays accepted.
#[cold]
#[inline(never)]
pub fn unfit(trouble: &mut Trouble, field: &str) {
    let refused = trouble.get_or_insert_default();
    refused.unfit += 1;
    refused.error.get_or_insert_with(|| does_not_fit(field));
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
