//! Operations that keep the rows of their group, in order ([`super::bag`]), and make a value of them when it is read.
//!
//! ```text
//! [value: 1 or 2 words] [1 if it is not NULL] [the bag's address]
//! ```

use super::bag::{Bag, bag, bag_mut, free_bag};
use super::state::Of;
use super::value::{Value, value_parts};
use super::{Aggregate, Part, Rows};
use crate::checkpoint::{Reader, put_u8};
use crate::error::Error;
use crate::plan::{Accumulator, TupleLayout};
use crate::schema::Repr;
use crate::stage::{Cell, ColumnRef};

/// What becomes of the rows of a group, in order: `give` takes the value, a text as a reference to one that lives.
pub(super) type Choose = fn(of: Of<'_>, rows: &Bag, give: &mut dyn FnMut(Option<Cell>));

/// The operation.
pub(super) struct Kept {
    /// How the value comes from the rows.
    pub choose: Choose,
    /// How it is held; none: as the last column.
    pub repr: Option<Repr>,
}

impl Kept {
    fn value(&self, tuple: &TupleLayout) -> Value {
        Value::of(self.repr.unwrap_or(tuple.last_repr()))
    }
}

impl Aggregate for Kept {
    fn parts(&self, acc: &Accumulator) -> Vec<Part> {
        let repr = self.repr.unwrap_or_else(|| TupleLayout::of(&acc.tuple).last_repr());
        let mut parts = value_parts(repr);
        parts.push(Part::hidden(1));
        parts
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let tuple = rows.tuple();
        let at = self.value(tuple).bytes();
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
        let value = self.value(of.tuple);
        // SAFETY: the state is as drawn above.
        unsafe {
            match bag(p.add(value.bytes())).filter(|rows| !rows.is_empty()) {
                Some(rows) => (self.choose)(of, rows, &mut |chosen| value.put(p, chosen)),
                None => value.put(p, None),
            }
        }
    }

    unsafe fn copied(&self, of: Of<'_>, p: *mut u8) {
        let value = self.value(of.tuple);
        // SAFETY: the state is as drawn above; the bag stays the original's.
        unsafe {
            value.copied(p);
            *p.add(value.bytes()).cast::<u64>() = 0;
        }
    }

    unsafe fn free(&self, of: Of<'_>, p: *mut u8) {
        let value = self.value(of.tuple);
        // SAFETY: the state is as drawn above.
        unsafe {
            value.put(p, None);
            free_bag(p.add(value.bytes()), of.tuple);
        }
    }

    unsafe fn holds(&self, of: Of<'_>, p: *mut u8, columns: *const ColumnRef, i: usize, times: i64) -> bool {
        let at = self.value(of.tuple).bytes();
        // SAFETY: as the caller promises.
        unsafe { bag_mut(p.add(at)).count(of.tuple, columns, i) >= times }
    }

    unsafe fn write(&self, of: Of<'_>, p: *const u8, to: &mut Vec<u8>) {
        let at = self.value(of.tuple).bytes();
        // SAFETY: the state is as drawn above.
        let held = unsafe { bag(p.add(at)) }.filter(|bag| !bag.is_empty());
        put_u8(to, held.is_some() as u8);
        if let Some(held) = held {
            held.write(of.tuple, to);
        }
    }

    unsafe fn read(&self, of: Of<'_>, p: *mut u8, r: &mut Reader<'_>) -> Result<(), Error> {
        if r.bool()? {
            let at = self.value(of.tuple).bytes();
            // SAFETY: the state is as drawn above and empty.
            unsafe { bag_mut(p.add(at)).read(of.tuple, r)? };
        }
        Ok(())
    }
}
