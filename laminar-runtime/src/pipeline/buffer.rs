//! Rows between two pipelines of a graph.

use super::Pipeline;
use crate::error::Error;
use crate::event::Event;
use crate::sink::Change;
use crate::types::Timestamp;

/// What a pipeline gave in one step, for its readers.
#[derive(Debug)]
pub struct Buffer<E> {
    /// Rows.
    pub rows: Vec<E>,
    /// One for each row of a changelog, else none.
    pub weights: Vec<i64>,
    /// The output's new watermark.
    pub watermark: Option<Timestamp>,
}

impl<E> Default for Buffer<E> {
    fn default() -> Self {
        Buffer { rows: Vec::new(), weights: Vec::new(), watermark: None }
    }
}

impl<E> Buffer<E> {
    /// Forgets the step, not the memory.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.weights.clear();
        self.watermark = None;
    }
}

/// What a buffer of `E` can keep.
pub trait Keep<E> {
    /// Keeps a copy.
    fn keep(&self, buffer: &mut Buffer<E>);
}

impl<E: Event + Clone> Keep<E> for E {
    #[inline]
    fn keep(&self, buffer: &mut Buffer<E>) {
        buffer.rows.push(self.clone());
    }
}

impl<E: Event + Clone> Keep<E> for Change<E> {
    fn keep(&self, buffer: &mut Buffer<E>) {
        buffer.rows.push(self.row.clone());
        buffer.weights.push(self.weight);
    }
}

/// A pipeline that takes rows with weights at input `At`. Generated for inputs that are changelogs.
pub trait TakesChanges<At, E: Event, S>: Pipeline {
    /// Takes a batch: `weights[i]` copies of `rows[i]` come or go.
    ///
    /// # Errors
    /// Those of [`Engine::process`](crate::engine::Engine::process), and values that do not fit their fields.
    fn take_changes(&mut self, rows: &[E], weights: &[i64], out: &mut S) -> Result<(), Error>;
}
