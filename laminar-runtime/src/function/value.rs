//! The Rust types that arguments and results of a function can have, NULL and errors aside.

use crate::event::{FieldValue, HeldMantissa};
use crate::pipeline::ops::canonical;
use crate::scalar::RESULT_BYTES_MAX;
use crate::schema::Ty;
use crate::stage::Cell;
use crate::types::{
    Arena, BytesRef, Date, Decimal, Digits, Interval, Json, List, Precision, Str, Sym, TextRef, Time,
    Timestamp,
};

/// A Rust type that a function takes or gives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type that a function of SQL can take or give",
    note = "these are: bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, Decimal<P, S>, &str, Str, Sym, String, Timestamp, Date, Time, Interval, [u8; 16], &[u8], Vec<u8>, Json, List of these, and Option of these"
)]
///
/// # Safety
/// [`Value::give`] gives a cell of [`Value::TY`], whose text or bytes live as long as the arena's batch.
pub unsafe trait Value: Sized {
    /// The type with the lifetime of a call.
    type As<'a>;
    /// Its SQL type.
    const TY: Ty;

    /// The value of a cell; none where the type does not have it.
    ///
    /// # Safety
    /// The cell is of the type; a text or bytes live for `'a`.
    unsafe fn read<'a>(cell: Cell) -> Option<Self::As<'a>>;

    /// The cell of a value; none where the SQL type does not have it, and for more than [`RESULT_BYTES_MAX`]. Texts and bytes go to
    /// the arena.
    ///
    /// # Safety
    /// The arena lives where the value is a text or bytes.
    unsafe fn give(self, arena: *const Arena) -> Option<Cell>;
}

/// The cell of a text in the arena.
///
/// # Safety
/// The arena lives.
#[inline(always)]
unsafe fn give_text(arena: *const Arena, text: &str) -> Option<Cell> {
    // SAFETY: as the caller promises.
    (text.len() <= RESULT_BYTES_MAX).then(|| unsafe { (*arena).alloc_str(text) }.to_cell())
}

/// The cell of bytes in the arena.
///
/// # Safety
/// The arena lives.
#[inline(always)]
unsafe fn give_bytes(arena: *const Arena, bytes: &[u8]) -> Option<Cell> {
    // SAFETY: as the caller promises.
    (bytes.len() <= RESULT_BYTES_MAX).then(|| unsafe { (*arena).alloc_bytes(bytes) }.to_cell())
}

macro_rules! fields {
    ($($rust:ty, |$v:ident, $arena:ident| $give:expr;)*) => {$(
        // SAFETY: the cell of a field of this type; texts and bytes are the arena's.
        unsafe impl Value for $rust {
            type As<'a> = $rust;
            const TY: Ty = <$rust as FieldValue>::TY;
            #[inline(always)]
            unsafe fn read<'a>(cell: Cell) -> Option<Self::As<'a>> {
                <$rust as FieldValue>::from_cell(cell, true)
            }
            #[inline(always)]
            unsafe fn give(self, $arena: *const Arena) -> Option<Cell> {
                let $v = self;
                // SAFETY: as the caller promises.
                #[allow(unused_unsafe, reason = "only texts and bytes need the arena")]
                unsafe { $give }
            }
        }
    )*};
}
fields! {
    bool, |v, _arena| Some(v.to_cell());
    i8, |v, _arena| Some(v.to_cell());
    i16, |v, _arena| Some(v.to_cell());
    i32, |v, _arena| Some(v.to_cell());
    i64, |v, _arena| Some(v.to_cell());
    u8, |v, _arena| Some(v.to_cell());
    u16, |v, _arena| Some(v.to_cell());
    u32, |v, _arena| Some(v.to_cell());
    u64, |v, _arena| i64::try_from(v).ok().map(|v| v.to_cell());
    f32, |v, _arena| Some([canonical(f64::from(v)).to_bits(), 0]);
    f64, |v, _arena| Some([canonical(v).to_bits(), 0]);
    Timestamp, |v, _arena| Some(v.to_cell());
    Date, |v, _arena| Some(v.to_cell());
    Time, |v, _arena| Some(v.to_cell());
    Interval, |v, _arena| Some(v.to_cell());
    [u8; 16], |v, _arena| Some(FieldValue::to_cell(&v));
    Str, |v, arena| give_text(arena, v.as_str());
    Sym, |v, arena| give_text(arena, v.as_str());
    String, |v, arena| give_text(arena, &v);
    Json, |v, arena| give_text(arena, v.as_str());
    Vec<u8>, |v, arena| give_bytes(arena, &v);
}

// SAFETY: the cell of a field of this type.
unsafe impl<const P: u8, const S: u8> Value for Decimal<P, S>
where
    Digits<P>: Precision<Mantissa: HeldMantissa>,
{
    type As<'a> = Decimal<P, S>;
    const TY: Ty = Ty::Decimal { precision: P, scale: S };
    #[inline(always)]
    unsafe fn read<'a>(cell: Cell) -> Option<Self::As<'a>> {
        <Self as FieldValue>::from_cell(cell, true)
    }
    #[inline(always)]
    unsafe fn give(self, _: *const Arena) -> Option<Cell> {
        Some(self.to_cell())
    }
}

// SAFETY: bytes of the arena.
unsafe impl<T: FieldValue> Value for List<T> {
    type As<'a> = List<T>;
    const TY: Ty = <List<T> as FieldValue>::TY;
    #[inline]
    unsafe fn read<'a>(cell: Cell) -> Option<Self::As<'a>> {
        <List<T> as FieldValue>::from_cell(cell, true)
    }
    #[inline]
    unsafe fn give(self, arena: *const Arena) -> Option<Cell> {
        // SAFETY: as the caller promises; the list lives until its bytes are copied.
        unsafe { give_bytes(arena, self.load().as_bytes()) }
    }
}

/// A text of the row or of this batch: costs nothing to take, a copy to give.
// SAFETY: a text of the arena.
unsafe impl Value for &str {
    type As<'a> = &'a str;
    const TY: Ty = Ty::Varchar;
    #[inline(always)]
    unsafe fn read<'a>(cell: Cell) -> Option<Self::As<'a>> {
        // SAFETY: as the caller promises.
        Some(unsafe { TextRef::from_cell(cell).as_str() })
    }
    #[inline(always)]
    unsafe fn give(self, arena: *const Arena) -> Option<Cell> {
        // SAFETY: as the caller promises.
        unsafe { give_text(arena, self) }
    }
}

/// Bytes of the row or of this batch: as `&str`.
// SAFETY: bytes of the arena.
unsafe impl Value for &[u8] {
    type As<'a> = &'a [u8];
    const TY: Ty = Ty::Bytea;
    #[inline(always)]
    unsafe fn read<'a>(cell: Cell) -> Option<Self::As<'a>> {
        // SAFETY: as the caller promises.
        Some(unsafe { BytesRef::from_cell(cell).as_bytes() })
    }
    #[inline(always)]
    unsafe fn give(self, arena: *const Arena) -> Option<Cell> {
        // SAFETY: as the caller promises.
        unsafe { give_bytes(arena, self) }
    }
}
