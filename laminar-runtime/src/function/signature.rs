//! What the signature of a function says in SQL: `Option` is NULL, `Result` rejects the row.

use super::{Called, Value};
use crate::schema::Ty;
use crate::stage::Cell;
use crate::types::Arena;
use std::fmt;

/// The SQL type of an argument or result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Typed {
    /// SQL type.
    pub ty: Ty,
    /// An `Option`: NULL is a value like others. An argument without makes its function strict: NULL for NULL.
    pub nullable: bool,
}

impl fmt::Display for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.ty, if self.nullable { " NULL" } else { "" })
    }
}

/// What a function takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Types of the arguments.
    pub args: &'static [Typed],
    /// Type of the result.
    pub ret: Typed,
}

/// Whether two signatures are equal.
pub const fn agrees(a: Signature, b: Signature) -> bool {
    if a.args.len() != b.args.len() || !same(a.ret, b.ret) {
        return false;
    }
    let mut i = 0;
    while i < a.args.len() {
        if !same(a.args[i], b.args[i]) {
            return false;
        }
        i += 1;
    }
    true
}

/// `==` where a constant is computed.
const fn same(a: Typed, b: Typed) -> bool {
    let (x, y) = (a.ty.name().as_bytes(), b.ty.name().as_bytes());
    let digits = match (a.ty, b.ty) {
        (Ty::Decimal { precision: p, scale: s }, Ty::Decimal { precision: q, scale: t }) => p == q && s == t,
        _ => true,
    };
    let mut i = 0;
    while i < x.len() && i < y.len() && x[i] == y[i] {
        i += 1;
    }
    i == x.len() && i == y.len() && digits && a.nullable == b.nullable
}

/// A Rust type that an argument can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type that an argument of a function of SQL can have",
    note = "these are: bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, Decimal<P, S>, &str, Str, Sym, String, Timestamp, Date, Time, Interval, [u8; 16], &[u8], Vec<u8>, Json, List of these, and Option of these"
)]
pub trait Argument {
    /// The type with the lifetime of a call.
    type As<'a>;
    /// Its SQL type.
    const TYPED: Typed;

    /// The argument of a cell; none where the type does not have the value.
    ///
    /// # Safety
    /// The cell is of the type, and not NULL unless that is a value of it; a text or bytes live for `'a`.
    unsafe fn read<'a>(cell: Cell, valid: bool) -> Option<Self::As<'a>>;
}

impl<T: Value> Argument for T {
    type As<'a> = T::As<'a>;
    const TYPED: Typed = Typed { ty: T::TY, nullable: false };
    #[inline(always)]
    unsafe fn read<'a>(cell: Cell, _: bool) -> Option<Self::As<'a>> {
        // SAFETY: as the caller promises.
        unsafe { T::read(cell) }
    }
}

impl<T: Value> Argument for Option<T> {
    type As<'a> = Option<T::As<'a>>;
    const TYPED: Typed = Typed { ty: T::TY, nullable: true };
    #[inline(always)]
    unsafe fn read<'a>(cell: Cell, valid: bool) -> Option<Self::As<'a>> {
        match valid {
            // SAFETY: as the caller promises.
            true => unsafe { T::read(cell) }.map(Some),
            false => Some(None),
        }
    }
}

/// A Rust type that a result can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type that the result of a function of SQL can have",
    note = "these are: bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, Decimal<P, S>, &str, Str, Sym, String, Timestamp, Date, Time, Interval, [u8; 16], &[u8], Vec<u8>, Json, Option of these, and Result of any of these"
)]
///
/// # Safety
/// As [`Value`].
pub unsafe trait Returned {
    /// Its SQL type.
    const TYPED: Typed;

    /// What a call gave.
    ///
    /// # Safety
    /// The arena lives where the result is a text or bytes.
    unsafe fn give(self, arena: *const Arena) -> Called;
}

// SAFETY: as for the value.
unsafe impl<T: Value> Returned for T {
    const TYPED: Typed = Typed { ty: T::TY, nullable: false };
    #[inline(always)]
    unsafe fn give(self, arena: *const Arena) -> Called {
        // SAFETY: as the caller promises.
        unsafe { Value::give(self, arena) }.map_or(Called::Failed, Called::Value)
    }
}

// SAFETY: as for the value.
unsafe impl<T: Value> Returned for Option<T> {
    const TYPED: Typed = Typed { ty: T::TY, nullable: true };
    #[inline(always)]
    unsafe fn give(self, arena: *const Arena) -> Called {
        match self {
            // SAFETY: as the caller promises.
            Some(value) => unsafe { Returned::give(value, arena) },
            None => Called::Null,
        }
    }
}

/// An `Err` rejects the row.
// SAFETY: as for what it is a result of.
unsafe impl<T: Returned, E> Returned for Result<T, E> {
    const TYPED: Typed = T::TYPED;
    #[inline(always)]
    unsafe fn give(self, arena: *const Arena) -> Called {
        match self {
            // SAFETY: as the caller promises.
            Ok(value) => unsafe { value.give(arena) },
            Err(_) => Called::Failed,
        }
    }
}
