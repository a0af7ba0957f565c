//! Spreads a batch over windows: which rows are late, and which windows the others belong to.
//!
//! Usually few windows lie side by side. Then rows are counted into them without a branch a row, since in a disordered stream no
//! branch on a row's window can be foretold. Rows that lie too far apart for that, and changelogs, which must be applied in order, are
//! taken as they come.

use super::apply::{Arrival, BatchScratch};
use super::watermark::Running;
use crate::group::GroupNode;

/// So many windows can lie side by side.
pub(super) const WINDOWS_MAX: usize = 64;

/// Windows side by side that all rows of a batch lie in.
pub(super) struct Span {
    /// Start of the first.
    first: i64,
    size: u64,
    /// 2^64 / size, rounded down.
    reciprocal: u64,
    /// Index of the last.
    last: usize,
}

impl Span {
    /// The windows of these times; none if they are too many.
    pub fn of(node: &GroupNode, times: &[i64]) -> Option<Span> {
        let size = node.window?.size_ns as u64;
        let (min, max) = times.iter().fold((i64::MAX, i64::MIN), |(a, b), &t| (a.min(t), b.max(t)));
        let first = node.start_of(min);
        let last = max.wrapping_sub(first) as u64 / size;
        // A saturated start is not a multiple of the size away from the others.
        let fits = first > i64::MIN && last < WINDOWS_MAX as u64;
        fits.then(|| Span { first, size, reciprocal: u64::MAX / size, last: last as usize })
    }

    /// Start of the window with index `w`.
    pub fn start(&self, w: usize) -> i64 {
        self.first.wrapping_add((w as u64 * self.size) as i64)
    }

    /// Index of the window of a time within the span.
    #[inline(always)]
    fn index(&self, time: i64) -> usize {
        let into = time.wrapping_sub(self.first) as u64;
        // The estimate is the quotient or one less.
        let q = ((into as u128 * self.reciprocal as u128) >> 64) as u64;
        let q = q + (into - q * self.size >= self.size) as u64;
        q as usize % WINDOWS_MAX
    }
}

/// What decides whether rows of a batch are late.
pub(super) struct Lateness<'a> {
    node: &'a GroupNode,
    times: &'a [i64],
    /// Event times of the source at the rows; the greatest so far decides.
    seen: &'a [i64],
    time_before: i64,
    running: Option<Running<'a>>,
}

impl<'a> Lateness<'a> {
    /// Without `arrival` no row is late.
    pub fn new(node: &'a GroupNode, times: &'a [i64], arrival: Option<&Arrival<'a>>) -> Lateness<'a> {
        let seen = match arrival {
            // SAFETY: where it tracks, the edge has `time_max` for each row.
            Some(a) if !a.time_max.is_null() => unsafe {
                std::slice::from_raw_parts(a.time_max, times.len())
            },
            _ => times,
        };
        let running = arrival.map(|a| Running::new(a.sources, a.source, &node.watermark));
        Lateness { node, times, seen, time_before: arrival.map_or(i64::MIN, |a| a.time_before), running }
    }

    /// The greatest event time at which a row of the window that starts at `start` is not late.
    fn late_after(&self, start: i64) -> i64 {
        self.running.as_ref().map_or(i64::MAX, |r| r.below(self.node.close_at(start)))
    }

    /// Writes the rows that are not late to `scratch.kept`, window by window, those of one window in order of arrival.
    /// How many each window has; the number behind the last is of late rows.
    pub fn sort(&self, span: &Span, scratch: &mut BatchScratch) -> [u32; WINDOWS_MAX + 1] {
        let mut late_after = [i64::MAX; WINDOWS_MAX];
        for (w, after) in late_after[..=span.last].iter_mut().enumerate() {
            *after = self.late_after(span.start(w));
        }
        let mut counts = [0_u32; WINDOWS_MAX + 1];
        let mut time_max = self.time_before;
        for ((&time, &seen), window) in self.times.iter().zip(self.seen).zip(&mut scratch.windows) {
            time_max = time_max.max(seen);
            let w = span.index(time);
            let w = if time_max > late_after[w] { WINDOWS_MAX } else { w };
            *window = w as u8;
            counts[w] += 1;
        }
        let mut at = counts;
        let mut sum = 0;
        for at in &mut at {
            (*at, sum) = (sum, sum + *at);
        }
        let n = self.times.len();
        for (j, &window) in scratch.windows[..n].iter().enumerate() {
            let at = &mut at[window as usize];
            scratch.kept[*at as usize] = j as u32;
            *at += 1;
        }
        let late = n - counts[WINDOWS_MAX] as usize;
        scratch.late.extend_from_slice(&scratch.kept[late..n]);
        counts
    }

    /// Writes the rows that are not late to `scratch.kept` in order of arrival, the starts of their windows beside them;
    /// how many they are.
    pub fn keep(&self, scratch: &mut BatchScratch) -> usize {
        let mut time_max = self.time_before;
        // The first row finds its window.
        let (mut start, mut end, mut late_after) = (i64::MAX, i64::MIN, i64::MAX);
        let mut kept = 0;
        for (j, (&time, &seen)) in self.times.iter().zip(self.seen).enumerate() {
            if time < start || time >= end {
                start = self.node.start_of(time);
                end = self.node.end_of(start);
                late_after = self.late_after(start);
            }
            time_max = time_max.max(seen);
            if time_max > late_after {
                scratch.late.push(j as u32);
                continue;
            }
            scratch.kept[kept] = j as u32;
            scratch.starts[kept] = start;
            kept += 1;
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_quotients() {
        let sizes = [1, 2_u64, 3, 7, 10, 1_000_000_007, 1 << 40, (1 << 57) - 1, i64::MAX as u64 / 64];
        for size in sizes {
            for first in [0_i64, -5, 1_700_000_000_000_000_000, i64::MIN + 1] {
                let span = Span { first, size, reciprocal: u64::MAX / size, last: WINDOWS_MAX - 1 };
                for w in 0..WINDOWS_MAX {
                    let start = span.start(w);
                    for into in [0, 1 % size, size / 2, size - 1] {
                        assert_eq!(span.index(start.wrapping_add(into as i64)), w, "{size} {first} {into}");
                    }
                }
            }
        }
    }
}
