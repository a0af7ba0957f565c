//! A function that is known at run time only: an address, and what it is called with.

use super::{Called, Function, Signature};
use crate::stage::Cell;
use crate::types::Arena;
use std::any::Any;
use std::sync::Arc;

/// How the interpreter and compiled code call a function: its context, the arena, a cell for each argument, which
/// of them are not NULL, room for the result. Gives [`GIVES_VALUE`], [`GIVES_NULL`], or anything else for an error.
pub type CallFn = unsafe extern "C" fn(
    context: *const (),
    arena: *const Arena,
    args: *const Cell,
    valid: u64,
    out: *mut Cell,
) -> u32;

/// The call gave a value.
pub const GIVES_VALUE: u32 = 0;
/// The call gave NULL.
pub const GIVES_NULL: u32 = 1;
const FAILS: u32 = 2;

/// A function with its context.
#[derive(Clone)]
pub struct Registered {
    signature: Signature,
    context: *const (),
    call: CallFn,
    _function: Arc<dyn Any + Send + Sync>,
}

// SAFETY: the context is the function, which may be sent and shared.
unsafe impl Send for Registered {}
// SAFETY: as above.
unsafe impl Sync for Registered {}

impl Registered {
    /// Registers a function.
    pub fn new<M, F: Function<M> + Send + Sync + 'static>(f: F) -> Registered {
        let function = Arc::new(f);
        Registered {
            signature: F::SIGNATURE,
            context: Arc::as_ptr(&function).cast(),
            call: trampoline::<M, F>,
            _function: function,
        }
    }

    /// What it takes and gives.
    pub fn signature(&self) -> Signature {
        self.signature
    }

    /// What [`Registered::entry`] wants first; lives as long as this or a clone of it.
    pub fn context(&self) -> *const () {
        self.context
    }

    /// How it is called.
    pub fn entry(&self) -> CallFn {
        self.call
    }

    /// Calls it.
    ///
    /// # Safety
    /// As [`super::call`].
    pub unsafe fn call(&self, arena: *const Arena, args: &[Cell], valid: u64) -> Called {
        let mut out = [0; 2];
        // SAFETY: as the caller promises; the context is this function's.
        match unsafe { (self.call)(self.context, arena, args.as_ptr(), valid, &mut out) } {
            GIVES_VALUE => Called::Value(out),
            GIVES_NULL => Called::Null,
            _ => Called::Failed,
        }
    }
}

impl std::fmt::Debug for Registered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Registered({:?})", self.signature)
    }
}

/// # Safety
/// `context` is an `F`; the rest as [`super::call`].
unsafe extern "C" fn trampoline<M, F: Function<M>>(
    context: *const (),
    arena: *const Arena,
    args: *const Cell,
    valid: u64,
    out: *mut Cell,
) -> u32 {
    // SAFETY: as the caller promises; no panic leaves `call`.
    unsafe {
        let args = std::slice::from_raw_parts(args, F::SIGNATURE.args.len());
        let (cell, status) = match super::call(&*context.cast::<F>(), arena, args, valid) {
            Called::Value(cell) => (cell, GIVES_VALUE),
            Called::Null => ([0; 2], GIVES_NULL),
            Called::Failed => ([0; 2], FAILS),
        };
        *out = cell;
        status
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Typed, agrees};
    use super::*;
    use crate::scalar::RESULT_BYTES_MAX;
    use crate::schema::Ty;
    use crate::types::{Decimal, Str, TextRef};

    fn run(f: &Registered, arena: &Arena, args: &[(Cell, bool)]) -> Called {
        let cells: Vec<Cell> = args.iter().map(|a| a.0).collect();
        let valid = args.iter().enumerate().fold(0, |mask, (i, a)| mask | (a.1 as u64) << i);
        // SAFETY: the tests pass what the functions take.
        unsafe { f.call(arena, &cells, valid) }
    }

    fn float(v: f64) -> (Cell, bool) {
        ([v.to_bits(), 0], true)
    }

    fn int(v: i64) -> (Cell, bool) {
        ([v as u64, 0], true)
    }

    const NULL: (Cell, bool) = ([0, 0], false);

    #[test]
    fn numbers_and_null() {
        let arena = Arena::new();
        let scale = 2.0;
        let mid = Registered::new(move |bid: f64, ask: f64| (bid + ask) / scale);
        const DOUBLE: Typed = Typed { ty: Ty::Double, nullable: false };
        assert_eq!(mid.signature(), Signature { args: &[DOUBLE, DOUBLE], ret: DOUBLE });
        assert_eq!(run(&mid, &arena, &[float(1.0), float(4.0)]), Called::Value(float(2.5).0));
        // Whatever NaN an executor has made, the function sees one.
        let bits = Registered::new(|v: f64| v.to_bits() as i64);
        assert_eq!(run(&bits, &arena, &[float(-f64::NAN)]), run(&bits, &arena, &[float(f64::NAN)]));
        let or_zero = Registered::new(|v: Option<i64>| v.unwrap_or(0));
        assert_eq!(run(&or_zero, &arena, &[NULL]), Called::Value([0, 0]));
        assert_eq!(run(&or_zero, &arena, &[int(-3)]), Called::Value(int(-3).0));
        let positive = Registered::new(|v: i64| (v > 0).then_some(v));
        assert_eq!(run(&positive, &arena, &[int(0)]), Called::Null);
        assert!(positive.signature().ret.nullable);
    }

    #[test]
    fn texts_are_borrowed_and_given() {
        fn head(text: &str) -> &str {
            text.split(' ').next().unwrap_or("")
        }
        let arena = Arena::new();
        let text = |t: &'static str| (TextRef::new(t).to_cell(), true);
        let check = |f: &Registered, args: &[(Cell, bool)], expected: &str| match run(f, &arena, args) {
            // SAFETY: a text of the arena.
            Called::Value(cell) => assert_eq!(unsafe { TextRef::from_cell(cell).as_str() }, expected),
            other => panic!("{other:?}"),
        };
        check(&Registered::new(head), &[text("the head of it")], "the");
        check(&Registered::new(|t: &str, n: i64| t.repeat(n as usize)), &[text("ab"), int(3)], "ababab");
        check(&Registered::new(|| "none"), &[], "none");
    }

    #[test]
    fn errors_panics_and_values_that_do_not_fit() {
        let arena = Arena::new();
        let check = |f: &Registered, args: &[(Cell, bool)]| assert_eq!(run(f, &arena, args), Called::Failed);
        check(&Registered::new(|v: i64| if v > 0 { Ok(v) } else { Err("not positive") }), &[int(0)]);
        check(&Registered::new(|v: i64| -> i64 { panic!("of no use: {v}") }), &[int(0)]);
        check(&Registered::new(|| u64::MAX), &[]);
        check(&Registered::new(|v: u8| v), &[int(256)]);
    }

    #[test]
    fn a_result_has_the_length_of_one_at_most() {
        let arena = Arena::new();
        let check = |f: &Registered| {
            assert!(matches!(run(f, &arena, &[int(RESULT_BYTES_MAX as i64)]), Called::Value(_)));
            assert_eq!(run(f, &arena, &[int(RESULT_BYTES_MAX as i64 + 1)]), Called::Failed);
        };
        check(&Registered::new(|n: i64| "x".repeat(n as usize)));
        check(&Registered::new(|n: i64| Some(Str::from("x".repeat(n as usize)))));
        check(&Registered::new(|n: i64| Ok::<_, ()>(vec![0_u8; n as usize])));
        let whole: &'static str = Box::leak("x".repeat(RESULT_BYTES_MAX + 1).into_boxed_str());
        check(&Registered::new(move |n: i64| &whole[..n as usize]));
        check(&Registered::new(move |n: i64| &whole.as_bytes()[..n as usize]));
    }

    #[test]
    fn equal_signatures_agree() {
        let of = |f: Registered| f.signature();
        let decimal = of(Registered::new(|d: Decimal<10, 2>| d));
        assert!(agrees(decimal, of(Registered::new(|d: Decimal<10, 2>| Ok::<_, ()>(d)))));
        assert!(!agrees(decimal, of(Registered::new(|d: Decimal<10, 3>| d))));
        assert!(!agrees(decimal, of(Registered::new(|d: Option<Decimal<10, 2>>| d))));
        assert!(!agrees(of(Registered::new(|d: f64| d)), of(Registered::new(|d: i64| d))));
        assert!(!agrees(of(Registered::new(|d: f64| d)), of(Registered::new(|d: f64, _e: f64| d))));
    }
}
