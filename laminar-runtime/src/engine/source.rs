//! What the engine knows of an input: how far its time has come, and what became of its rows.

use super::InputCounters;
use crate::plan::SourcePlan;

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
    /// The only edge, if there is one only.
    pub(super) edge: Option<u32>,
    /// No window closes before an event time greater than this.
    pub(super) quiet_until: i64,
}

impl SourceState {
    pub(super) fn new(plan: &SourcePlan) -> SourceState {
        let edge = if let [edge] = plan.edges[..] { Some(edge) } else { None };
        SourceState {
            time_max: i64::MIN,
            watermark: i64::MIN,
            counters: InputCounters::default(),
            finished: false,
            delay_ns: plan.delay_ns,
            edge,
            quiet_until: i64::MIN,
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

    /// The least event time that brings W to `w`; `i64::MAX` if none does.
    pub(super) fn time_of(&self, w: i64) -> i64 {
        self.delay_ns.map_or(i64::MAX, |delay| w.saturating_add(delay))
    }

    /// W now.
    #[inline(always)]
    pub fn watermark_now(&self) -> i64 {
        self.watermark_at(self.time_max)
    }
}
