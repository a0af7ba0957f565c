//! `AccOp::PercentileCont`, `AccOp::PercentileDisc` and `AccOp::Mode`: a value by its rank among the rows of its group.
//!
//! The tuple is the value alone. The fraction is the accumulator's constant, from 0 to 1.

use super::bag::Bag;
use super::state::Of;
use crate::stage::Cell;

/// The `n`-th value, from 0.
fn nth(of: Of<'_>, rows: &Bag, n: i64) -> Option<Cell> {
    // SAFETY: a tuple of the bag, which lives.
    rows.nth(of.tuple, n).and_then(|tuple| unsafe { of.tuple.last(tuple.as_ptr()) })
}

/// The float at the fraction of the way from the first row to the last, between the two that are there.
pub(super) fn percentile_cont(of: Of<'_>, rows: &Bag, give: &mut dyn FnMut(Option<Cell>)) {
    let at = f64::from_bits(of.acc.constant) * (rows.weight() - 1) as f64;
    let low = at.floor();
    let value = |n| nth(of, rows, n).map(|cell| f64::from_bits(cell[0]));
    let (Some(a), Some(b)) = (value(low as i64), value(at.ceil() as i64)) else { return give(None) };
    // Equal ends, infinite ones among them, are the value itself.
    let between = if a == b { a } else { a + (b - a) * (at - low) };
    give(Some([if between.is_nan() { f64::NAN } else { between }.to_bits(), 0]));
}

/// The first value behind which, itself included, lies the fraction of the rows.
pub(super) fn percentile_disc(of: Of<'_>, rows: &Bag, give: &mut dyn FnMut(Option<Cell>)) {
    let least = (f64::from_bits(of.acc.constant) * rows.weight() as f64).ceil() as i64;
    give(nth(of, rows, (least - 1).max(0)));
}

/// The value that most rows have; of equally frequent ones the first.
pub(super) fn mode(of: Of<'_>, rows: &Bag, give: &mut dyn FnMut(Option<Cell>)) {
    let mut best: Option<(&[u64], i64)> = None;
    for (tuple, count) in rows.iter(of.tuple) {
        if best.is_none_or(|(_, most)| count > most) {
            best = Some((tuple, count));
        }
    }
    // SAFETY: as above.
    give(best.and_then(|(tuple, _)| unsafe { of.tuple.last(tuple.as_ptr()) }));
}
