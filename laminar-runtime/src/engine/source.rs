//! What the engine knows of an input: how far its time has come, and what became of its rows.

use super::InputCounters;

/// State of one input.
///
/// Public fields are for generated loops that run a stateless pipeline without the engine: they keep them as
/// [`Engine::process`](super::Engine::process) would.
#[derive(Clone, Debug)]
pub struct SourceState {
    /// Greatest event time of an accepted row, in ns; `i64::MIN` before the first.
    pub time_max: i64,
    /// Greatest watermark given by the caller, in ns; `i64::MIN` if none.
    pub watermark: i64,
    /// What became of its rows.
    pub counters: InputCounters,
    /// No more rows will come.
    pub finished: bool,
    delay_ns: Option<i64>,
}

impl SourceState {
    pub(crate) fn new(delay_ns: Option<i64>) -> SourceState {
        SourceState {
            time_max: i64::MIN,
            watermark: i64::MIN,
            counters: InputCounters::default(),
            finished: false,
            delay_ns,
        }
    }

    /// W once the greatest event time is `time_max`: never back, +inf (`i64::MAX`) when finished, −inf (`i64::MIN`) before
    /// the first row or watermark.
    #[inline(always)]
    pub fn watermark_at(&self, time_max: i64) -> i64 {
        if self.finished {
            return i64::MAX;
        }
        match self.delay_ns {
            Some(delay) => self.watermark.max(time_max.saturating_sub(delay)),
            None => self.watermark,
        }
    }

    /// W now.
    #[inline(always)]
    pub fn watermark_now(&self) -> i64 {
        self.watermark_at(self.time_max)
    }
}
