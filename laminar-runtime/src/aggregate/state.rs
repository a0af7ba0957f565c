//! What the state of an accumulator is made of: the one description by which programs read it and snapshots hold it.

use super::Aggregate;
use crate::checkpoint::{Reader, check_flag, put_float, put_u64};
use crate::error::Error;
use crate::plan::{AccOp, Accumulator, TupleLayout};
use crate::schema::Repr;

/// A part of an accumulator's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name among the accumulator's parts, for people; empty for the value itself.
    pub name: &'static str,
    /// What is there.
    pub held: Held,
}

/// What a part of a state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// A value that programs read; a text is a [`crate::types::Str`].
    Value(Repr),
    /// A word, 0 or 1, that programs read as an Int.
    Flag,
    /// So many words that only the accumulator understands.
    Hidden(usize),
}

impl Held {
    /// Words that it takes.
    pub const fn words(self) -> usize {
        match self {
            Held::Value(repr) => repr.width() / 8,
            Held::Flag => 1,
            Held::Hidden(words) => words,
        }
    }
}

impl Part {
    /// A value.
    pub(super) const fn value(name: &'static str, repr: Repr) -> Part {
        Part { name, held: Held::Value(repr) }
    }

    /// A flag.
    pub(super) const fn flag(name: &'static str) -> Part {
        Part { name, held: Held::Flag }
    }

    /// Words that nobody reads.
    pub(super) const fn hidden(words: usize) -> Part {
        Part { name: "", held: Held::Hidden(words) }
    }
}

impl Accumulator {
    /// What its state is made of.
    pub fn parts(&self) -> Vec<Part> {
        self.op.def().parts(self)
    }

    /// Bytes of its state.
    pub fn size(&self) -> usize {
        self.parts().iter().map(|p| p.held.words() * 8).sum()
    }
}

/// An accumulator and the layout of its tuples.
#[derive(Clone, Copy)]
pub(crate) struct Of<'a> {
    /// The accumulator.
    pub acc: &'a Accumulator,
    /// Its tuples.
    pub tuple: &'a TupleLayout,
}

impl Of<'_> {
    /// Its operation.
    pub fn def(&self) -> &'static dyn Aggregate {
        self.acc.op.def()
    }
}

/// Whether rows of this operation own memory beside their words.
pub(crate) fn owns(op: AccOp) -> bool {
    op.def().owns()
}

/// Writes parts that are plain words.
///
/// # Safety
/// `p` is the state that `parts` describes.
pub(super) unsafe fn write_parts(parts: &[Part], p: *const u8, to: &mut Vec<u8>) {
    let mut at = p.cast::<u64>();
    for part in parts {
        let words = part.held.words();
        for _ in 0..words {
            // SAFETY: the parts lie side by side.
            unsafe {
                match part.held {
                    Held::Value(Repr::Float) => put_float(to, *at),
                    _ => put_u64(to, *at),
                }
                at = at.add(1);
            }
        }
    }
}

/// Reads what [`write_parts`] has written.
///
/// # Safety
/// As there.
pub(super) unsafe fn read_parts(parts: &[Part], p: *mut u8, r: &mut Reader<'_>) -> Result<(), Error> {
    let mut at = p.cast::<u64>();
    for part in parts {
        for _ in 0..part.held.words() {
            let word = r.u64()?;
            let word = if part.held == Held::Flag { check_flag(word)? } else { word };
            // SAFETY: as for `write_parts`.
            unsafe {
                *at = word;
                at = at.add(1);
            }
        }
    }
    Ok(())
}
