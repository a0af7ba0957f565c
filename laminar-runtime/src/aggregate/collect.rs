//! `AccOp::Collect`: the array of the values of all rows of a group, in order.
//!
//! The last column of the tuple is the value as an array of it alone, so that NULL is a value like others. As for `concat`, the array is
//! built when it is read, up to a length beyond which the result is an error.

use super::bag::Bag;
use super::state::Of;
use crate::scalar::RESULT_BYTES_MAX;
use crate::stage::Cell;
use crate::types::BytesRef;

pub(super) fn collect(of: Of<'_>, rows: &Bag, give: &mut dyn FnMut(Option<Cell>)) {
    let mut all = Vec::new();
    for (tuple, count) in rows.iter(of.tuple) {
        // SAFETY: a tuple of the bag, whose bytes live as long as it does not change.
        let one = unsafe { of.tuple.last(tuple.as_ptr()).map(|cell| BytesRef::from_cell(cell).as_bytes()) };
        for _ in 0..count {
            // Enough to tell that it is too long: `scalar::array_joined`.
            if all.len() > RESULT_BYTES_MAX {
                break;
            }
            all.extend_from_slice(one.unwrap_or_default());
        }
    }
    give(Some(BytesRef::new(&all).to_cell()));
}
