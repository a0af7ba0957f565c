//! Arithmetic of W: −inf is `i64::MIN`, +inf `i64::MAX`.

use super::SourceState;
use crate::plan::WatermarkOf;

/// `w - offset_ns`; infinities stay what they are.
#[inline(always)]
pub(super) fn shift(w: i64, offset_ns: i64) -> i64 {
    if w == i64::MIN || w == i64::MAX { w } else { w.saturating_sub(offset_ns) }
}

/// The minimum over `terms`; −inf if there are none.
#[inline(always)]
pub(super) fn minimum(sources: &[SourceState], terms: &[WatermarkOf]) -> i64 {
    if terms.is_empty() {
        return i64::MIN;
    }
    terms.iter().fold(i64::MAX, |w, t| w.min(shift(sources[t.source as usize].watermark_now(), t.offset_ns)))
}

/// W of a node while the rows of one source arrive: a function of the greatest event time so far.
pub(super) struct Running<'a> {
    source: &'a SourceState,
    /// The minimum over the other sources, which stand still.
    others: i64,
    /// The greatest offset at which the node takes this source; none: it does not wait for it.
    offset_ns: Option<i64>,
}

impl<'a> Running<'a> {
    pub fn new(sources: &'a [SourceState], source: usize, terms: &[WatermarkOf]) -> Running<'a> {
        let others = (terms.iter().filter(|t| t.source as usize != source))
            .fold(i64::MAX, |w, t| w.min(shift(sources[t.source as usize].watermark_now(), t.offset_ns)));
        let offset_ns = terms.iter().filter(|t| t.source as usize == source).map(|t| t.offset_ns).max();
        let others = if terms.is_empty() { i64::MIN } else { others };
        Running { source: &sources[source], others, offset_ns }
    }

    /// The greatest event time of the source up to which W stays below `close_at`.
    pub fn below(&self, close_at: i64) -> i64 {
        let Some(offset) = self.offset_ns else {
            return if self.others < close_at { i64::MAX } else { i64::MIN };
        };
        if self.others < close_at {
            return i64::MAX;
        }
        if self.source.finished || shift(self.source.watermark, offset) >= close_at {
            return i64::MIN;
        }
        self.source.time_of(close_at.saturating_add(offset)).saturating_sub(1)
    }
}
