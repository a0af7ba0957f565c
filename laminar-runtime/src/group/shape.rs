//! What all tables of one group node have in common: the layout of rows, and how keys are found.

use super::slots::{SlotsFn, kernel};
use crate::aggregate::{self, Of, owns};
use crate::plan::{Accumulator, GroupPlan, List, RowLayout};
use crate::schema::Repr;

/// Constants of a node's tables.
pub(crate) struct Shape {
    /// The layout of a row.
    pub layout: RowLayout,
    /// Words of a row.
    pub stride: usize,
    /// Words of null word and keys.
    pub key_words: usize,
    /// How its keys are found.
    pub find: Find,
    /// The kernel that does.
    pub slots: SlotsFn,
    /// Column of the first key.
    pub first_key: usize,
    /// Keys in order.
    pub keys: Vec<KeyAt>,
    /// Where the words of the key come from; the first `key_words` count, and only where `find` is `Words`.
    pub words: [WordAt; MAX_WORDS],
    /// Words at which texts of the key start.
    pub text_keys: Vec<usize>,
    /// Accumulators in the order of the row.
    pub accumulators: List<Accumulator>,
    /// Those of them that own memory beside their words.
    pub owners: Vec<usize>,
}

/// Keys of at most so many words are found word by word.
pub(crate) const MAX_WORDS: usize = 4;

/// How keys are hashed and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Find {
    /// No key: one row.
    Single,
    /// So many words, the null word included.
    Words(u8),
    /// One text that is NOT NULL.
    Text,
    /// Anything else.
    Mixed,
}

/// A key column and its place in the row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyAt {
    /// Column of the edge.
    pub column: usize,
    /// Its first word.
    pub word: usize,
    /// How it is held.
    pub repr: Repr,
    /// Its bit in the null word.
    pub null_bit: Option<u8>,
}

/// Where a word of the key comes from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WordAt {
    /// Column of the edge; none: the null word.
    pub column: Option<usize>,
    /// Words from cell to cell.
    pub step: usize,
    /// Word within the cell.
    pub half: usize,
}

impl Shape {
    pub fn of(plan: &GroupPlan) -> Shape {
        let layout = RowLayout::of(&plan.keys, &plan.accumulators);
        let first_key = plan.window.is_some() as usize;
        let keys: Vec<KeyAt> = (plan.keys.iter().zip(&layout.keys).enumerate())
            .map(|(k, (key, &offset))| KeyAt {
                column: first_key + k,
                word: offset / 8,
                repr: key.repr(),
                null_bit: (key.nullable && layout.nulls.is_some()).then_some(k as u8),
            })
            .collect();
        let has_text = keys.iter().any(|k| k.repr.is_reference());
        let key_words = layout.key_bytes / 8;
        let find = match &keys[..] {
            [] => Find::Single,
            [k] if has_text && k.null_bit.is_none() => Find::Text,
            _ if !has_text && key_words <= MAX_WORDS => Find::Words(key_words as u8),
            _ => Find::Mixed,
        };
        let mut words = [WordAt::default(); MAX_WORDS];
        for key in keys.iter().filter(|_| matches!(find, Find::Words(_))) {
            let step = key.repr.width() / 8;
            for half in 0..step {
                words[key.word + half] = WordAt { column: Some(key.column), step, half };
            }
        }
        let text_keys = keys.iter().filter(|k| k.repr.is_reference()).map(|k| k.word).collect();
        let owners = (0..plan.accumulators.len()).filter(|&a| owns(plan.accumulators[a].op)).collect();
        Shape {
            stride: layout.stride / 8,
            key_words,
            find,
            slots: kernel(find),
            first_key,
            keys,
            words,
            text_keys,
            accumulators: plan.accumulators.clone(),
            owners,
            layout,
        }
    }

    /// An accumulator and its tuples.
    pub fn of_accumulator(&self, a: usize) -> Of<'_> {
        aggregate::of(&self.accumulators, &self.layout, a)
    }

    /// Calls `f` for the accumulators of the row at `row` that own memory.
    ///
    /// # Safety
    /// It is a row of this shape, or a copy of one.
    #[inline]
    pub unsafe fn each_owner(&self, row: *mut u64, f: impl Fn(Of<'_>, *mut u8)) {
        for &a in &self.owners {
            // SAFETY: the layout says where it is.
            f(self.of_accumulator(a), unsafe { row.cast::<u8>().add(self.layout.accumulators[a]) });
        }
    }
}
