//! `AccOp::Concat`: the texts of all rows of a group, in order, each but the first behind its delimiter.
//!
//! The last two columns of the tuple are text and delimiter; a delimiter that is NULL is empty. The text is built when it is read:
//! once a step for each group that has changed, up to a length beyond which the result is an error.

use super::bag::Bag;
use super::state::Of;
use crate::scalar::RESULT_BYTES_MAX;
use crate::stage::Cell;
use crate::types::TextRef;

pub(super) fn concat(of: Of<'_>, rows: &Bag, give: &mut dyn FnMut(Option<Cell>)) {
    let mut all = String::new();
    let mut is_first = true;
    for (tuple, count) in rows.iter(of.tuple) {
        // SAFETY: a tuple of the bag, whose texts live as long as it does not change.
        let (text, delimiter) = unsafe {
            let text = |cell| TextRef::from_cell(cell).as_str();
            (
                of.tuple.last_but_one(tuple.as_ptr()).map(text).unwrap_or_default(),
                of.tuple.last(tuple.as_ptr()).map(text).unwrap_or_default(),
            )
        };
        // Of nothing, one is as much as many.
        let times = if text.is_empty() && delimiter.is_empty() { 1 } else { count };
        for _ in 0..times {
            // Enough to tell that it is too long: `scalar::text_joined`.
            if all.len() > RESULT_BYTES_MAX {
                break;
            }
            if !is_first {
                all.push_str(delimiter);
            }
            all.push_str(text);
            is_first = false;
        }
    }
    give(Some(TextRef::new(&all).to_cell()));
}
