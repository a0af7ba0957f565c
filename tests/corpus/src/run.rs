//! A case that runs, whoever executes it.

use crate::value::Emitted;
use std::ops::Range;

/// A running query that collects what it emits.
pub trait Run {
    /// Takes rows of a source, by its number in the query.
    fn take(&mut self, source: usize, rows: Range<usize>);
    /// Ends all inputs.
    fn finish(&mut self);
    /// Its state.
    fn snapshot(&self) -> Vec<u8>;
    /// Takes the state of another run of the same case.
    fn restore(&mut self, snapshot: &[u8]);
    /// Equal only where states are equal.
    fn digest(&self) -> u64;
    /// What came out since the last time.
    fn drain(&mut self) -> Vec<Emitted>;
}

/// Rows of one source that come in one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Number of the source in the query.
    pub source: usize,
    /// Which of its rows.
    pub rows: Range<usize>,
}

/// How the rows of several sources arrive: in small steps of differing size, the sources in turn.
pub fn steps(lengths: &[usize]) -> Vec<Step> {
    let sizes = [7, 1, 12, 3, 0, 20];
    let mut taken = vec![0; lengths.len()];
    let mut steps = Vec::new();
    while taken.iter().zip(lengths).any(|(t, l)| t < l) {
        for (source, length) in lengths.iter().enumerate() {
            let size = sizes[steps.len() % sizes.len()];
            let rows = taken[source]..(taken[source] + size).min(*length);
            taken[source] = rows.end;
            steps.push(Step { source, rows });
        }
    }
    steps
}
