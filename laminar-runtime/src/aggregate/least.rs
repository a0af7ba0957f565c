//! `AccOp::Least`: the value of the row whose tuple comes first, over rows that can be taken back.
//!
//! It keeps all of them, in order ([`super::bag`]); the value is the last column of the first tuple. With the value as only
//! column it is a minimum, descending a maximum.
//!
//! ```text
//! [value: 1 or 2 words] [1 if it is not NULL] [the bag's address]
//! ```

use super::bag::{bag, bag_mut, free_bag};
use super::state::Of;
use super::value::{Value, value_parts};
use super::{Aggregate, Part, Rows};
use crate::checkpoint::{Reader, put_u8};
use crate::error::Error;
use crate::plan::{Accumulator, TupleLayout};
use crate::stage::ColumnRef;

/// The operation.
pub(super) struct Least;

impl Aggregate for Least {
    fn parts(&self, acc: &Accumulator) -> Vec<Part> {
        let mut parts = value_parts(TupleLayout::of(&acc.tuple).last_repr());
        parts.push(Part::hidden(1));
        parts
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let tuple = rows.tuple();
        let at = Value::of(tuple.last_repr()).bytes();
        // SAFETY: the columns have every index given; the state is as drawn above.
        unsafe {
            rows.weighted(|p, i, weight| {
                bag_mut(p.add(at)).add(tuple, rows.columns(), i, weight);
            });
        }
    }

    fn owns(&self) -> bool {
        true
    }

    unsafe fn refresh(&self, of: Of<'_>, p: *mut u8) {
        let value = Value::of(of.tuple.last_repr());
        // SAFETY: the state is as drawn above.
        unsafe {
            let first = bag(p.add(value.bytes())).and_then(|bag| bag.first(of.tuple));
            value.put(p, first.and_then(|tuple| of.tuple.last(tuple.as_ptr())));
        }
    }

    unsafe fn copied(&self, of: Of<'_>, p: *mut u8) {
        let value = Value::of(of.tuple.last_repr());
        // SAFETY: the state is as drawn above; the bag stays the original's.
        unsafe {
            value.copied(p);
            *p.add(value.bytes()).cast::<u64>() = 0;
        }
    }

    unsafe fn free(&self, of: Of<'_>, p: *mut u8) {
        let value = Value::of(of.tuple.last_repr());
        // SAFETY: the state is as drawn above.
        unsafe {
            value.put(p, None);
            free_bag(p.add(value.bytes()), of.tuple);
        }
    }

    unsafe fn holds(&self, of: Of<'_>, p: *mut u8, columns: *const ColumnRef, i: usize, times: i64) -> bool {
        let at = Value::of(of.tuple.last_repr()).bytes();
        // SAFETY: as the caller promises.
        unsafe { bag_mut(p.add(at)).count(of.tuple, columns, i) >= times }
    }

    unsafe fn write(&self, of: Of<'_>, p: *const u8, to: &mut Vec<u8>) {
        let at = Value::of(of.tuple.last_repr()).bytes();
        // SAFETY: the state is as drawn above.
        let held = unsafe { bag(p.add(at)) }.filter(|bag| bag.weight() > 0);
        put_u8(to, held.is_some() as u8);
        if let Some(held) = held {
            held.write(of.tuple, to);
        }
    }

    unsafe fn read(&self, of: Of<'_>, p: *mut u8, r: &mut Reader<'_>) -> Result<(), Error> {
        if r.bool()? {
            let at = Value::of(of.tuple.last_repr()).bytes();
            // SAFETY: the state is as drawn above and empty.
            unsafe { bag_mut(p.add(at)).read(of.tuple, r)? };
        }
        Ok(())
    }
}
