//! Pipelines without state, whose rows a generated loop takes from input to sink in one go, without the engine.
//!
//! Invariant: counters, watermark and errors are those that [`Engine::process`] would give.

use super::aside::{Aside, reason};
use super::fields::does_not_fit;
use crate::engine::Engine;
use crate::error::Error;
use crate::plan::OnError;
use crate::sink::Sink;

/// One call of such a pipeline.
#[derive(Debug)]
pub struct Step {
    /// Rows given to the sink.
    pub emitted: u64,
    source: u32,
    rejected: u64,
    unfit: u64,
    /// Rows taken, where the step stopped early.
    taken: Option<usize>,
    error: Option<Box<Error>>,
}

impl Step {
    /// A call for input `source`.
    ///
    /// # Errors
    /// The input is finished.
    #[inline]
    pub fn begin(engine: &mut Engine, source: u32) -> Result<Step, Error> {
        if engine.source_mut(source).finished {
            return Err(Error::Finished(engine.plan().sources[source as usize].name.clone()));
        }
        Ok(Step { emitted: 0, source, rejected: 0, unfit: 0, taken: None, error: None })
    }

    /// Row `row` failed at `site`; whether the step stops there.
    #[cold]
    #[inline(never)]
    pub fn refuse<S>(
        &mut self,
        engine: &Engine,
        row: usize,
        site: u16,
        out: &mut S,
        aside: &mut Option<&mut dyn Aside<S>>,
    ) -> bool {
        self.rejected += 1;
        let plan = engine.plan();
        match plan.on_error {
            OnError::Fail => {
                let input = plan.sources[self.source as usize].name.clone();
                self.error =
                    Some(Box::new(Error::Rejected { input, row, reason: reason(&plan.sites, site) }));
                self.taken = Some(row + 1);
            }
            OnError::Skip => {}
            OnError::DeadLetter => {
                if let Some(aside) = aside {
                    aside.rejected(out, row, site);
                }
            }
        }
        self.taken.is_some()
    }

    /// A value did not fit its field: the result is left out, the input stays accepted.
    #[cold]
    #[inline(never)]
    pub fn unfit(&mut self, field: &str) {
        self.unfit += 1;
        self.error.get_or_insert_with(|| Box::new(does_not_fit(field)));
    }

    /// Ends the call after `rows` rows, with the greatest event time among the accepted ones.
    ///
    /// # Errors
    /// The first thing that went wrong.
    #[inline]
    pub fn end<T, S: Sink<T>>(
        self,
        engine: &mut Engine,
        rows: usize,
        time_max: i64,
        out: &mut S,
    ) -> Result<(), Error> {
        let source = engine.source_mut(self.source);
        let taken = self.taken.unwrap_or(rows) as u64;
        source.time_max = time_max;
        source.counters.ingested += taken;
        source.counters.accepted += taken - self.rejected;
        source.counters.rejected += self.rejected;
        let output = engine.output_counters_mut();
        output.emitted += self.emitted;
        output.rejected += self.unfit;
        if let Some(w) = engine.output_watermark() {
            out.watermark(w);
        }
        self.error.map_or(Ok(()), |error| Err(*error))
    }
}
