//! Functions and closures of up to eight arguments.
//!
//! Two traits, because a function that takes `&str` must take one of any lifetime: [`Function`] finds out the types,
//! [`CallWith`] says that it can be called with those of one call.

use super::{Argument, Called, Returned, Signature};
use crate::stage::Cell;
use crate::types::Arena;

/// A Rust function that SQL can call. `M` is its type as a pointer, which tells the number of arguments.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a function that SQL can call",
    note = "it takes up to eight arguments of types that a column can have, or Option of these, and gives one, or a Result of one",
    note = "a closure names the types of its arguments: |bid: f64, ask: f64| (bid + ask) / 2.0"
)]
///
/// # Safety
/// [`Function::call`] gives a cell of the result's type in [`Function::SIGNATURE`].
pub unsafe trait Function<M> {
    /// What it takes and gives.
    const SIGNATURE: Signature;

    /// Calls it; bit `i` of `valid` says that argument `i` is not NULL. It may panic.
    ///
    /// # Safety
    /// As [`super::call`].
    unsafe fn call(&self, arena: *const Arena, args: &[Cell], valid: u64) -> Called;
}

/// Whether a function is of this signature.
pub const fn declared<M, F: Function<M>>(_: &F, expected: Signature) -> bool {
    super::agrees(F::SIGNATURE, expected)
}

/// A function that can be called with arguments that live for `'a`.
///
/// # Safety
/// As [`Function`].
pub unsafe trait CallWith<'a, M> {
    /// As [`Function::call`].
    ///
    /// # Safety
    /// As [`Function::call`], for `'a`.
    unsafe fn call_with(&self, arena: *const Arena, args: &[Cell], valid: u64) -> Called;
}

macro_rules! arities {
    ($($($arg:ident $i:literal)*;)*) => {$(
        // SAFETY: what `Returned` gives.
        unsafe impl<F, R, $($arg),*> Function<fn($($arg),*) -> R> for F
        where
            F: Fn($($arg),*) -> R + for<'a> CallWith<'a, fn($($arg),*) -> R>,
            R: Returned,
            $($arg: Argument,)*
        {
            const SIGNATURE: Signature = Signature { args: &[$($arg::TYPED),*], ret: R::TYPED };

            #[inline(always)]
            unsafe fn call(&self, arena: *const Arena, args: &[Cell], valid: u64) -> Called {
                // SAFETY: as the caller promises.
                unsafe { self.call_with(arena, args, valid) }
            }
        }

        // SAFETY: what `Returned` gives; `O` is `R` with the lifetime of this call.
        unsafe impl<'a, F, O, R, $($arg),*> CallWith<'a, fn($($arg),*) -> R> for F
        where
            F: Fn($($arg::As<'a>),*) -> O,
            O: Returned,
            $($arg: Argument,)*
        {
            #[inline(always)]
            #[allow(unused_variables, non_snake_case, reason = "a function without arguments reads none")]
            unsafe fn call_with(&self, arena: *const Arena, args: &[Cell], valid: u64) -> Called {
                // SAFETY: as the caller promises, there is a cell for each argument.
                unsafe {
                    $(let Some($arg) = $arg::read(*args.get_unchecked($i), valid >> $i & 1 != 0) else {
                        return Called::Failed;
                    };)*
                    self($($arg),*).give(arena)
                }
            }
        }
    )*};
}
arities! {
    ;
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 G 5;
    A 0 B 1 C 2 D 3 E 4 G 5 H 6;
    A 0 B 1 C 2 D 3 E 4 G 5 H 6 I 7;
}
