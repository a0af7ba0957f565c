//! What `#[derive(Event)]` tells of a struct, and how fields become values.

use crate::schema::{Column, Ty};
use crate::stage::Cell;
use crate::types::{Decimal, Interval, Str, Sym, TextRef, Timestamp};

/// A struct whose fields are the columns of a row. Derived, not implemented by hand.
pub trait Event: Sized + 'static {
    /// Name of the struct.
    const NAME: &'static str;
    /// The fields in order.
    const FIELDS: &'static [Field];
    /// Event time, where declared.
    const TIME: Option<EventTime>;
    /// Struct of arrays: a slice for each field.
    type Columns<'a>: EventColumns<Self>;

    /// Hands field `field` of each row to `push` as a cell and its validity.
    fn gather(rows: &[Self], field: usize, push: &mut dyn FnMut(Cell, bool));
    /// Makes a row of cells, `(cell, valid)` for each field.
    ///
    /// # Errors
    /// A value that does not fit its field's type.
    fn from_cells(cells: &[(Cell, bool)]) -> Result<Self, crate::error::Error>;
}

/// What every struct of arrays can tell.
pub trait EventColumns<E> {
    /// Number of rows.
    ///
    /// # Errors
    /// Columns that differ in length.
    fn rows(&self) -> Result<usize, crate::error::Error>;
    /// A copy of a row.
    ///
    /// # Panics
    /// If there is no such row.
    fn row(&self, index: usize) -> E;
}

/// Of a struct whose declaration has an error.
impl<E> EventColumns<E> for () {
    fn rows(&self) -> Result<usize, crate::error::Error> {
        Err(crate::pipeline::broken())
    }
    fn row(&self, _: usize) -> E {
        panic!("its declaration has an error")
    }
}

/// A struct of arrays of `E`.
pub type Columns<'a, E> = <E as Event>::Columns<'a>;

/// A field of an event.
#[derive(Clone, Debug)]
pub struct Field {
    /// The column.
    pub column: Column,
    /// Bytes from the start of the struct.
    pub offset: usize,
    /// What is in memory there.
    pub memory: Memory,
}

/// What a field is in memory: lets compiled code read rows in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// `bool`
    Bool,
    /// `i8`
    I8,
    /// `u8`
    U8,
    /// `i16`
    I16,
    /// `u16`
    U16,
    /// `i32`
    I32,
    /// `u32`
    U32,
    /// `i64`, `f64`, `Timestamp`, `Decimal`: one word as it is
    Word,
    /// `u64`: one word, refused above `i64::MAX`
    U64,
    /// `Interval`
    Interval,
    /// `Str`
    Str,
    /// `Sym`
    Sym,
    /// Anything else: only `Event::gather` reads it.
    Opaque,
}

/// Event time of an event type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTime {
    /// Index of the field.
    pub field: usize,
    /// Delay of the watermark behind the greatest time seen, in ns.
    pub delay_ns: i64,
}

/// A Rust type that can be a field.
///
/// `Repr` is how generated code holds it: `bool`, `i64`, `f64`, [`TextRef`] or [`Interval`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type that a column can have",
    note = "fields can be bool, i32, i64, u8, u16, u32, u64, f64, Decimal<P, S>, Sym, Str, String, &'static str, Timestamp, Interval, and Option of these"
)]
pub trait FieldValue: Sized {
    /// Its SQL type.
    const TY: Ty;
    /// Whether it may be NULL.
    const NULLABLE: bool = false;
    /// What it is in memory.
    const MEMORY: Memory = Memory::Opaque;
    /// How generated code holds it.
    type Repr: Copy;

    /// The value; what NULL gives is unspecified.
    fn load(&self) -> Self::Repr;
    /// Whether it is not NULL.
    fn valid(&self) -> bool {
        true
    }
    /// The field for a value; `None` where the value does not fit.
    fn store(value: Self::Repr, valid: bool) -> Option<Self>;
    /// The field with the value of another field; `None` where the value does not fit.
    #[inline(always)]
    fn copy_of<T: FieldValue<Repr = Self::Repr>>(field: &T) -> Option<Self> {
        Self::store(field.load(), field.valid())
    }
    /// The value as a cell; a `u64` above `i64::MAX` shows as a negative word.
    fn to_cell(&self) -> Cell;
    /// The value of a cell; `None` where it does not fit.
    fn from_cell(cell: Cell, valid: bool) -> Option<Self>;
}

macro_rules! word_fields {
    ($($rust:ty, $ty:expr, $memory:expr, $repr:ty, |$s:ident| $load:expr, |$v:ident| $store:expr, |$b:ident| $bits:expr, |$c:ident| $unbits:expr;)*) => {$(
        impl FieldValue for $rust {
            const TY: Ty = $ty;
            const MEMORY: Memory = $memory;
            type Repr = $repr;
            #[inline(always)]
            fn load(&self) -> $repr { let $s = self; $load }
            #[inline(always)]
            fn store($v: $repr, _: bool) -> Option<Self> { $store }
            #[inline]
            fn to_cell(&self) -> Cell { let $b = self.load(); [$bits, 0] }
            #[inline]
            fn from_cell(cell: Cell, valid: bool) -> Option<Self> { let $c = cell[0]; Self::store($unbits, valid) }
        }
    )*};
}
word_fields! {
    bool, Ty::Boolean, Memory::Bool, bool, |s| *s, |v| Some(v), |b| b as u64, |c| c != 0;
    u8, Ty::Integer, Memory::U8, i64, |s| *s as i64, |v| v.try_into().ok(), |b| b as u64, |c| c as i64;
    u16, Ty::Integer, Memory::U16, i64, |s| *s as i64, |v| v.try_into().ok(), |b| b as u64, |c| c as i64;
    i32, Ty::Integer, Memory::I32, i64, |s| *s as i64, |v| v.try_into().ok(), |b| b as u64, |c| c as i64;
    u32, Ty::Bigint, Memory::U32, i64, |s| *s as i64, |v| v.try_into().ok(), |b| b as u64, |c| c as i64;
    i64, Ty::Bigint, Memory::Word, i64, |s| *s, |v| Some(v), |b| b as u64, |c| c as i64;
    u64, Ty::Bigint, Memory::U64, i64, |s| *s as i64, |v| v.try_into().ok(), |b| b as u64, |c| c as i64;
    f64, Ty::Double, Memory::Word, f64, |s| *s, |v| Some(crate::pipeline::ops::canonical(v)), |b| b.to_bits(), |c| f64::from_bits(c);
    Timestamp, Ty::Timestamp, Memory::Word, i64, |s| s.0, |v| Some(Timestamp(v)), |b| b as u64, |c| c as i64;
}

impl<const P: u8, const S: u8> FieldValue for Decimal<P, S> {
    const TY: Ty = Ty::Decimal { precision: P, scale: S };
    const MEMORY: Memory = Memory::Word;
    type Repr = i64;
    #[inline(always)]
    fn load(&self) -> i64 {
        self.mantissa()
    }
    #[inline(always)]
    fn store(value: i64, _: bool) -> Option<Self> {
        Decimal::from_mantissa(value)
    }
    #[inline]
    fn to_cell(&self) -> Cell {
        [self.mantissa() as u64, 0]
    }
    #[inline]
    fn from_cell(cell: Cell, _: bool) -> Option<Self> {
        Decimal::from_mantissa(cell[0] as i64)
    }
}

impl FieldValue for Interval {
    const TY: Ty = Ty::Interval;
    const MEMORY: Memory = Memory::Interval;
    type Repr = Interval;
    #[inline(always)]
    fn load(&self) -> Interval {
        *self
    }
    #[inline(always)]
    fn store(value: Interval, _: bool) -> Option<Self> {
        Some(value)
    }
    fn to_cell(&self) -> Cell {
        Interval::to_cell(*self)
    }
    fn from_cell(cell: Cell, _: bool) -> Option<Self> {
        Some(Interval::from_cell(cell))
    }
}

macro_rules! text_fields {
    ($($rust:ty, $memory:expr, |$s:ident| $load:expr, |$t:ident| $store:expr;)*) => {$(
        impl FieldValue for $rust {
            const TY: Ty = Ty::Varchar;
            const MEMORY: Memory = $memory;
            type Repr = TextRef;
            #[inline(always)]
            fn load(&self) -> TextRef { let $s = self; TextRef::new($load) }
            #[inline(always)]
            fn store(value: TextRef, _: bool) -> Option<Self> {
                // SAFETY: stages hand over texts that live until the end of the step.
                let $t: &str = unsafe { value.as_str() };
                $store
            }
            #[inline(always)]
            fn copy_of<T: FieldValue<Repr = TextRef>>(field: &T) -> Option<Self> {
                // A symbol need not be looked up again, nor a long text be copied.
                if !matches!($memory, Memory::Opaque) && T::MEMORY as u8 == $memory as u8 {
                    // SAFETY: `Memory::Sym` and `Memory::Str` are those of one type each.
                    return Some(unsafe { &*(field as *const T).cast::<$rust>() }.clone());
                }
                Self::store(field.load(), field.valid())
            }
            #[inline]
            fn to_cell(&self) -> Cell { self.load().to_cell() }
            #[inline]
            fn from_cell(cell: Cell, valid: bool) -> Option<Self> { Self::store(TextRef::from_cell(cell), valid) }
        }
    )*};
}
text_fields! {
    Sym, Memory::Sym, |s| s.as_str(), |t| Sym::try_new(t);
    Str, Memory::Str, |s| s.as_str(), |t| Str::try_new(t);
    String, Memory::Opaque, |s| s.as_str(), |t| Some(String::from(t));
    &'static str, Memory::Opaque, |s| s, |t| Sym::try_new(t).map(Sym::as_static);
}

impl<T: FieldValue> FieldValue for Option<T>
where
    T::Repr: Null,
{
    const TY: Ty = T::TY;
    const NULLABLE: bool = true;
    type Repr = T::Repr;
    #[inline(always)]
    fn load(&self) -> T::Repr {
        match self {
            Some(v) => v.load(),
            None => T::Repr::NULL,
        }
    }
    #[inline(always)]
    fn valid(&self) -> bool {
        self.is_some()
    }
    #[inline(always)]
    fn store(value: T::Repr, valid: bool) -> Option<Self> {
        if valid { T::store(value, true).map(Some) } else { Some(None) }
    }
    fn to_cell(&self) -> Cell {
        self.as_ref().map_or([0, 0], T::to_cell)
    }
    fn from_cell(cell: Cell, valid: bool) -> Option<Self> {
        if valid { T::from_cell(cell, true).map(Some) } else { Some(None) }
    }
}

/// What a null lane holds.
pub trait Null: Copy {
    /// The value of a null lane.
    const NULL: Self;
}
impl Null for bool {
    const NULL: bool = false;
}
impl Null for i64 {
    const NULL: i64 = 0;
}
impl Null for f64 {
    const NULL: f64 = 0.0;
}
impl Null for TextRef {
    const NULL: TextRef = TextRef::EMPTY;
}
impl Null for Interval {
    const NULL: Interval = Interval::ZERO;
}
