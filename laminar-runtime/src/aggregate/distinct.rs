//! `AccOp::Distinct`: the gate before accumulators that take each distinct tuple once.
//!
//! It keeps the tuples of all rows with how often each is there ([`super::bag`]). A row whose tuple is new goes through, and the
//! last of equal ones goes back through when it is taken back; so whatever is behind the gate retracts as it does without one.
//!
//! ```text
//! [the bag's address]
//! ```

use super::bag::{bag, bag_mut, free_bag};
use super::state::Of;
use super::{Aggregate, Part, Rows};
use crate::checkpoint::{Reader, put_u8};
use crate::error::Error;
use crate::plan::Accumulator;
use crate::stage::ColumnRef;

/// Takes the rows; at the place of each that goes through, `weights` becomes 1 or −1.
///
/// # Safety
/// As for [`super::update`]; there are as many weights as rows.
pub(super) unsafe fn pass(rows: &Rows<'_>, weights: &mut [i64]) {
    let tuple = rows.tuple();
    let lo = rows.ctx.lo;
    // SAFETY: the columns have every index given.
    unsafe {
        rows.weighted(|p, i, weight| {
            let (before, after) = bag_mut(p).add(tuple, rows.columns(), i, weight);
            weights[i - lo] = (after > 0) as i64 - (before > 0) as i64;
        });
    }
}

/// The operation.
pub(super) struct Distinct;

impl Aggregate for Distinct {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        vec![Part::hidden(1)]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let tuple = rows.tuple();
        // SAFETY: the columns have every index given.
        unsafe {
            rows.weighted(|p, i, weight| {
                bag_mut(p).add(tuple, rows.columns(), i, weight);
            });
        }
    }

    fn owns(&self) -> bool {
        true
    }

    unsafe fn copied(&self, _: Of<'_>, p: *mut u8) {
        // SAFETY: one word; the bag stays the original's.
        unsafe { *p.cast::<u64>() = 0 }
    }

    unsafe fn free(&self, of: Of<'_>, p: *mut u8) {
        // SAFETY: one word.
        unsafe { free_bag(p, of.tuple) }
    }

    unsafe fn holds(&self, of: Of<'_>, p: *mut u8, columns: *const ColumnRef, i: usize, times: i64) -> bool {
        // SAFETY: as the caller promises.
        unsafe { bag_mut(p).count(of.tuple, columns, i) >= times }
    }

    unsafe fn write(&self, of: Of<'_>, p: *const u8, to: &mut Vec<u8>) {
        // SAFETY: one word.
        let held = unsafe { bag(p) }.filter(|bag| !bag.is_empty());
        put_u8(to, held.is_some() as u8);
        if let Some(held) = held {
            held.write(of.tuple, to);
        }
    }

    unsafe fn read(&self, of: Of<'_>, p: *mut u8, r: &mut Reader<'_>) -> Result<(), Error> {
        if r.bool()? {
            // SAFETY: one word.
            unsafe { bag_mut(p).read(of.tuple, r)? };
        }
        Ok(())
    }
}
