//! Rust functions that SQL calls: what their signature is in SQL, and how values get in and out.
//!
//! | file | what |
//! |---|---|
//! | `value` | the Rust types that arguments and results can have |
//! | `signature` | `Option` and `Result` around them: NULL and errors |
//! | `arity` | functions and closures of up to eight arguments |
//! | `registered` | a function that is known at run time only, for the interpreter and compiled code |
//!
//! One way for every executor: values go in as cells and come out as one, so that a function sees the same bits
//! whoever calls it (NaN is the canonical one). It is called where no argument that it wants plain is NULL, and never where
//! the row has already failed.
//!
//! Not here: names and types of SQL (the compiler). Invariant: no panic leaves a call; it is an error of the row.

mod arity;
mod registered;
mod signature;
mod value;

pub use self::arity::{CallWith, Function, declared};
pub use self::registered::{CallFn, GIVES_NULL, GIVES_VALUE, Registered};
pub use self::signature::{Argument, Returned, Signature, Typed, agrees};
pub use self::value::Value;

use crate::pipeline::cells;
use crate::stage::Cell;
use crate::types::Arena;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Most arguments of a function.
pub const ARGUMENTS_MAX: usize = 8;

/// What a call gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Called {
    /// A value, as a cell.
    Value(Cell),
    /// NULL.
    Null,
    /// An error, a panic, a value that its type in SQL does not have, or one that is too long.
    Failed,
}

/// Calls a function. Bit `i` of `valid` says that argument `i` is not NULL.
///
/// # Safety
/// There is a cell for each argument of the function, of its type; texts and bytes live, and so does the arena, which may
/// be null where the result is neither.
#[inline(always)]
pub unsafe fn call<M, F: Function<M>>(f: &F, arena: *const Arena, args: &[Cell], valid: u64) -> Called {
    // What a panic leaves half done is the function's own: it was handed over as one that may be called again.
    // SAFETY: as the caller promises.
    let called = catch_unwind(AssertUnwindSafe(|| unsafe { f.call(arena, args, valid) }));
    called.unwrap_or_else(|payload| {
        // Where the payload panics when it is dropped, that one is left to itself.
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(payload)));
        dropped.unwrap_or_else(std::mem::forget);
        Called::Failed
    })
}

/// A value of generated code as a cell.
#[inline(always)]
pub fn cell<V: cells::Value>(value: V) -> Cell {
    let mut cell = [0; 2];
    // SAFETY: room for any cell.
    unsafe { V::write(cell.as_mut_ptr().cast(), value) };
    cell
}

/// What a call gave as generated code holds it: the value, whether it is not NULL, whether the call has failed.
#[inline(always)]
pub fn outcome<V: cells::Value>(called: Called) -> (V, bool, bool) {
    let (cell, valid, failed) = match called {
        Called::Value(cell) => (cell, true, false),
        Called::Null => ([0; 2], false, false),
        Called::Failed => ([0; 2], true, true),
    };
    // SAFETY: the cell is of this representation, or zeros, which every one has a meaning for.
    (unsafe { V::read(cell.as_ptr().cast()) }, valid, failed)
}
