//! Values of columns between stages, as generated code reads and writes them.
//!
//! A null lane is written as zero words and NaN as the one canonical NaN (see [`crate::stage`]).

use crate::event::{FieldValue, Memory};
use crate::stage::{ColumnMut, ColumnRef, ExprCtx, UpdateCtx, read_wide, write_wide};
use crate::types::{BytesRef, Interval, Str, TextRef};
use std::marker::PhantomData;

/// How generated code holds a value.
pub trait Value: Copy {
    /// Bytes of its cell.
    const WIDTH: usize;
    /// Cell at `p`.
    ///
    /// # Safety
    /// `p` is a cell of this representation, 8-aligned.
    unsafe fn read(p: *const u8) -> Self;
    /// Writes the cell at `p`.
    ///
    /// # Safety
    /// `p` is room for a cell of this representation, 8-aligned.
    unsafe fn write(p: *mut u8, value: Self);
}

macro_rules! values {
    ($($rust:ty, $width:literal, |$p:ident| $read:expr, |$q:ident, $v:ident| $write:expr;)*) => {$(
        impl Value for $rust {
            const WIDTH: usize = $width;
            #[inline(always)]
            unsafe fn read($p: *const u8) -> Self {
                // SAFETY: the caller's cell.
                unsafe { $read }
            }
            #[inline(always)]
            unsafe fn write($q: *mut u8, $v: Self) {
                // SAFETY: the caller's cell.
                unsafe { $write }
            }
        }
    )*};
}
values! {
    bool, 8, |p| *p.cast::<u64>() != 0, |p, v| *p.cast::<u64>() = v as u64;
    i64, 8, |p| *p.cast::<i64>(), |p, v| *p.cast::<i64>() = v;
    f64, 8, |p| *p.cast::<f64>(), |p, v| *p.cast::<f64>() = super::ops::canonical(v);
    i128, 16, |p| read_wide(p), |p, v| write_wide(p, v);
    BytesRef, 16, |p| BytesRef::from_cell(*p.cast()), |p, v| *p.cast() = v.to_cell();
    TextRef, 16, |p| TextRef::from_cell(*p.cast()), |p, v| *p.cast() = v.to_cell();
    Interval, 16, |p| Interval::from_cell(*p.cast()), |p, v| *p.cast() = v.to_cell();
}

/// Value `i` of a column.
///
/// # Safety
/// `data` is a column of this representation with a row `i`.
#[inline(always)]
pub unsafe fn get<V: Value>(data: *const u8, i: usize) -> V {
    // SAFETY: as the caller promises.
    unsafe { V::read(data.add(i * V::WIDTH)) }
}

/// Writes value `i` of a column.
///
/// # Safety
/// `data` is a column of this representation with room for a row `i`.
#[inline(always)]
pub unsafe fn put<V: Value>(data: *mut u8, i: usize, value: V) {
    // SAFETY: as the caller promises.
    unsafe { V::write(data.add(i * V::WIDTH), value) }
}

/// Writes value `i` of a nullable column.
///
/// # Safety
/// As [`put`], and the column has a validity byte `i`.
#[inline(always)]
pub unsafe fn put_nullable<V: Value>(column: ColumnMut, i: usize, value: V, valid: bool) {
    // SAFETY: as the caller promises.
    unsafe {
        *column.valid.add(i) = valid as u8;
        let p = column.data.add(i * V::WIDTH);
        if valid { V::write(p, value) } else { p.write_bytes(0, V::WIDTH) }
    }
}

/// Part of a group row.
///
/// # Safety
/// `row` is a group row with a value of this representation `offset` bytes from its start.
#[inline(always)]
pub unsafe fn part<V: Value>(row: *const u8, offset: usize) -> V {
    // SAFETY: as the caller promises.
    unsafe { V::read(row.add(offset)) }
}

/// The text that an accumulator of texts holds.
///
/// # Safety
/// `row` is a group row with such an accumulator at `offset`.
#[inline(always)]
pub unsafe fn part_str(row: *const u8, offset: usize) -> TextRef {
    // SAFETY: as the caller promises.
    unsafe { TextRef::new((*row.add(offset).cast::<Str>()).as_str()) }
}

/// The bytes that an accumulator of BYTEA holds.
///
/// # Safety
/// `row` is a group row with such an accumulator at `offset`.
#[inline(always)]
pub unsafe fn part_bytes(row: *const u8, offset: usize) -> BytesRef {
    // SAFETY: as the caller promises.
    unsafe { BytesRef::new((*row.add(offset).cast::<Str>()).as_bytes()) }
}

/// Whether the key at bit `bit` is not NULL.
///
/// # Safety
/// `row` is a group row with a null word at `offset`.
#[inline(always)]
pub unsafe fn part_valid(row: *const u8, offset: usize, bit: u32) -> bool {
    // SAFETY: as the caller promises.
    unsafe { *row.add(offset).cast::<u64>() >> bit & 1 == 0 }
}

/// Output column `k` of an expression stage.
///
/// # Safety
/// The stage has it.
#[inline(always)]
pub unsafe fn out(c: *const ExprCtx, k: usize) -> ColumnMut {
    // SAFETY: as the caller promises.
    unsafe { *(*c).out.add(k) }
}

/// Column `k` of an update stage from its first argument row on.
///
/// # Safety
/// The edge has it, with cells of `V`.
#[inline(always)]
pub unsafe fn arg<V: Value>(c: *const UpdateCtx, k: usize) -> *const u8 {
    // SAFETY: as the caller promises.
    unsafe { (*(*c).args.add(k)).data.add((*c).lo * V::WIDTH) }
}

/// Validity of column `k` of an update stage from its first argument row on.
///
/// # Safety
/// The edge has it, and it is nullable.
#[inline(always)]
pub unsafe fn arg_valid(c: *const UpdateCtx, k: usize) -> *const u8 {
    // SAFETY: as the caller promises.
    unsafe { (*(*c).args.add(k)).valid.add((*c).lo) }
}

/// A field of many rows.
pub trait Lane: Copy {
    /// Its type.
    type Field: FieldValue;
    /// Nothing is between them.
    const DENSE: bool = false;
    /// Bytes from one to the next.
    const STRIDE: usize;
    /// They are dense words.
    const WORDS: bool = false;
    /// Where these are; elsewhere null.
    #[inline(always)]
    fn words(self) -> *const i64 {
        std::ptr::null()
    }
    /// Where that of row 0 is.
    fn first(self) -> *const Self::Field;
    /// That of row `i`.
    ///
    /// # Safety
    /// There is a row `i`, and it outlives `'a`.
    #[inline(always)]
    unsafe fn at<'a>(self, i: usize) -> &'a Self::Field {
        // SAFETY: as the caller promises.
        unsafe { &*self.first().byte_add(i * Self::STRIDE) }
    }
}

/// The value of a lane in row `i`.
///
/// # Safety
/// There is a row `i`, and it lives as long as the value.
#[inline(always)]
pub unsafe fn load<L: Lane>(lane: L, i: usize) -> <L::Field as FieldValue>::Repr {
    // SAFETY: as the caller promises.
    unsafe { lane.at(i) }.load()
}

/// Whether the value of a lane in row `i` is not NULL.
///
/// # Safety
/// There is a row `i`.
#[inline(always)]
pub unsafe fn valid<L: Lane>(lane: L, i: usize) -> bool {
    // SAFETY: as the caller promises.
    unsafe { lane.at(i) }.valid()
}

/// A field of a slice of structs `R`.
#[derive(Debug)]
pub struct FieldLane<R, T> {
    first: *const T,
    row: PhantomData<*const R>,
}

/// The lane of field `first` of the rows from `rows` on.
#[inline(always)]
pub const fn lane<R, T>(rows: *const R, first: *const T) -> FieldLane<R, T> {
    let _ = rows;
    FieldLane { first, row: PhantomData }
}

/// A column.
#[derive(Debug)]
pub struct ColumnLane<T>(pub *const T);

impl<R, T> Clone for FieldLane<R, T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<R, T> Copy for FieldLane<R, T> {}

impl<T> Clone for ColumnLane<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for ColumnLane<T> {}

impl<R, T: FieldValue> Lane for FieldLane<R, T> {
    type Field = T;
    const STRIDE: usize = size_of::<R>();
    #[inline(always)]
    fn first(self) -> *const T {
        self.first
    }
}

impl<T: FieldValue> Lane for ColumnLane<T> {
    type Field = T;
    const DENSE: bool = true;
    const STRIDE: usize = size_of::<T>();
    const WORDS: bool = matches!(T::MEMORY, Memory::Word) && size_of::<T>() == 8;
    #[inline(always)]
    fn words(self) -> *const i64 {
        if Self::WORDS { self.0.cast() } else { std::ptr::null() }
    }
    #[inline(always)]
    fn first(self) -> *const T {
        self.0
    }
}

/// The first field of a row that its value does not fit.
pub type UnfitField = Option<&'static str>;

/// Field `name` of an output row, from row `i` of column `k`; where the value does not fit, some field, and its name in `unfit`.
///
/// # Safety
/// There is a column `k`, it has cells of the field's representation and a row `i`.
#[inline(always)]
pub unsafe fn take<T: FieldValue>(
    columns: *const ColumnRef,
    k: usize,
    i: usize,
    name: &'static str,
    unfit: &mut UnfitField,
) -> T
where
    T::Repr: Value,
{
    // SAFETY: as the caller promises.
    let field = unsafe {
        let column = *columns.add(k);
        let valid = !T::NULLABLE || column.valid.is_null() || *column.valid.add(i) != 0;
        T::store(get(column.data, i), valid)
    };
    match field {
        Some(field) => field,
        None => {
            unfit.get_or_insert(name);
            T::default()
        }
    }
}
