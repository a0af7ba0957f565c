//! `AccOp::Least`: the value of the row whose tuple comes first, over rows that can be taken back.
//!
//! The value is the last column of the first tuple. With the value as only column it is a minimum, descending a maximum.

use super::bag::Bag;
use super::state::Of;
use crate::stage::Cell;

pub(super) fn least(of: Of<'_>, rows: &Bag, give: &mut dyn FnMut(Option<Cell>)) {
    // SAFETY: a tuple of the bag, which lives.
    give(rows.first(of.tuple).and_then(|tuple| unsafe { of.tuple.last(tuple.as_ptr()) }));
}
