//! Rows that the query itself brings: they are taken in the first step, before anything else.
//!
//! How far that has come is what the source's counters say, so that it is part of every snapshot. A row that fails under
//! `on_error = fail` ends the call; the next one goes on behind it.

use super::{Emitter, Engine, Input, OutBatch};
use crate::error::Error;
use crate::plan::{Constant, ConstantRows, Plan, RowLayout};
use crate::types::{Arena, Timestamp};

/// The rows of one source, laid out as the keys of a group are.
pub(super) struct Constants {
    source: usize,
    words: Vec<u64>,
    stride_words: usize,
    rows: usize,
    /// What texts point to.
    _texts: Arena,
}

impl Constants {
    /// Those of a plan.
    pub fn of(plan: &Plan) -> Box<[Constants]> {
        let sources = plan.sources.iter().enumerate();
        sources.filter_map(|(s, source)| source.rows.as_ref().map(|rows| Constants::new(s, rows))).collect()
    }

    fn new(source: usize, rows: &ConstantRows) -> Constants {
        let layout = RowLayout::of(&rows.columns, &[]);
        let (stride_words, width) = (layout.stride / 8, rows.columns.len());
        let mut words = vec![0; stride_words * rows.len as usize];
        let texts = Arena::new();
        for (row, words) in words.chunks_mut(stride_words).enumerate() {
            for (c, cell) in rows.cells[row * width..(row + 1) * width].iter().enumerate() {
                let at = layout.keys[c] / 8;
                match cell {
                    // Only nullable columns have NULLs, and then there is a word for them.
                    None => words[0] |= 1 << c,
                    Some(Constant::Word(word)) => words[at] = *word,
                    Some(Constant::Pair(pair)) => words[at..at + 2].copy_from_slice(pair),
                    Some(Constant::Bytes(bytes)) => {
                        words[at..at + 2].copy_from_slice(&texts.alloc_bytes(bytes).to_cell());
                    }
                }
            }
        }
        Constants { source, words, stride_words, rows: rows.len as usize, _texts: texts }
    }
}

/// Results and watermarks only: no row of the call is meant.
struct Results<'a>(&'a mut dyn Emitter);

impl Emitter for Results<'_> {
    fn rows(&mut self, batch: &OutBatch<'_>) {
        self.0.rows(batch);
    }
    fn late(&mut self, _: u32, _: usize) {}
    fn rejected(&mut self, _: u32, _: usize, _: u16) {}
    fn watermark(&mut self, w: Timestamp) {
        self.0.watermark(w);
    }
}

impl Engine {
    /// Takes the constant rows, if that has not been done.
    ///
    /// # Errors
    /// A row that fails under `on_error = fail`.
    #[inline(always)]
    pub(super) fn start(&mut self, out: &mut dyn Emitter) -> Result<(), Error> {
        if self.starts { self.take_constants(out) } else { Ok(()) }
    }

    #[cold]
    #[inline(never)]
    fn take_constants(&mut self, out: &mut dyn Emitter) -> Result<(), Error> {
        let constants = std::mem::take(&mut self.constants);
        let taken = constants.iter().try_for_each(|c| self.take_rows_of(c, &mut Results(out)));
        self.constants = constants;
        if let Err(error) = taken {
            // The rows before it have been taken: they are a step, whose own error would only be the second.
            let _ = self.end_step(out);
            return Err(error);
        }
        self.starts = false;
        self.close_windows(out);
        Ok(())
    }

    /// Takes the rows of one source, and ends it.
    fn take_rows_of(&mut self, constants: &Constants, out: &mut dyn Emitter) -> Result<(), Error> {
        let source = constants.source;
        let before = self.sources[source].counters.ingested as usize;
        let words = constants.words.get(before * constants.stride_words..).unwrap_or_default();
        let base = words.as_ptr().cast();
        let rows = constants.rows.saturating_sub(before);
        let input = Input { source, base, rows, before, weights: None, code: None };
        // SAFETY: the code of this source's edges reads rows of this layout, whose texts live as long as the engine.
        let taken = unsafe { self.ingest(&input, 0, out) };
        match taken {
            Ok(()) => {
                self.sources[source].finished = true;
                Ok(())
            }
            Err(_) => Err(self.input_error.take().unwrap_or(Error::AbsentRow)),
        }
    }

    /// Whether constant rows are still to be taken.
    pub(super) fn has_to_start(&self) -> bool {
        self.constants.iter().any(|c| !self.sources[c.source].finished)
    }
}
