//! What `#[derive(Event)]` tells of a struct, and how fields become values.

pub use crate::columns::EventColumns;
use crate::error::Error;
use crate::schema::{Column, Ty};
use crate::stage::{Cell, wide_cell, wide_of};
use crate::types::{
    BytesRef, Date, Decimal, Digits, Interval, Json, Mantissa, Precision, Str, Sym, TextRef, Time, Timestamp,
    uuid_bytes, uuid_number,
};
use std::mem::MaybeUninit;
use std::ptr;

/// A struct whose fields are the columns of a row. Derived, not implemented by hand.
pub trait Event: Sized + 'static {
    /// The struct.
    const TYPE: EventType;
    /// Struct of arrays: a slice for each field.
    type Columns<'a>: EventColumns<Self>;

    /// Name of the struct.
    const NAME: &'static str = Self::TYPE.name;
    /// The fields in order.
    const FIELDS: &'static [Field] = Self::TYPE.fields;
    /// Event time, where declared.
    const TIME: Option<EventTime> = Self::TYPE.time;

    /// Hands field `field` of each row to `push` as a cell and its validity.
    fn gather(rows: &[Self], field: usize, push: &mut dyn FnMut(Cell, bool)) {
        if let (Some(_), Some(field)) = (Self::TYPE.complete, Self::FIELDS.get(field)) {
            for row in rows {
                // SAFETY: the struct has the field there, as `complete` says.
                unsafe { field.load(ptr::from_ref(row).cast::<u8>().add(field.offset), push) };
            }
        }
    }

    /// Makes a row of cells, `(cell, valid)` for each field.
    ///
    /// # Errors
    /// A value that does not fit its field's type.
    fn from_cells(cells: &[(Cell, bool)]) -> Result<Self, Error> {
        if Self::TYPE.complete.is_none() {
            return Err(crate::pipeline::broken());
        }
        let mut row = MaybeUninit::<Self>::uninit();
        let start = row.as_mut_ptr().cast::<u8>();
        for (i, field) in Self::FIELDS.iter().enumerate() {
            // SAFETY: the struct has the field there, as `complete` says; fields before the one that fails are dropped once.
            unsafe {
                let fits = match cells.get(i) {
                    Some(&(cell, valid)) => (field.access.store)(start.add(field.offset), cell, valid),
                    None => false,
                };
                if !fits {
                    Self::FIELDS[..i].iter().for_each(|done| (done.access.drop)(start.add(done.offset)));
                    return Err(crate::pipeline::does_not_fit(&field.column.name));
                }
            }
        }
        // SAFETY: every field was written.
        Ok(unsafe { row.assume_init() })
    }
}

/// What there is to know of a struct that is an event.
#[derive(Clone, Copy, Debug)]
pub struct EventType {
    /// Its name.
    pub name: &'static str,
    /// Its fields in order.
    pub fields: &'static [Field],
    /// Event time, where declared.
    pub time: Option<EventTime>,
    /// Says that `fields` lists every field; none: the declaration has an error.
    pub complete: Option<Complete>,
}

impl EventType {
    /// A struct about which nothing is known but a mistake.
    pub const fn broken(name: &'static str) -> EventType {
        EventType { name, fields: &[], time: None, complete: None }
    }
}

/// Proof that an event's fields are all of its fields.
#[derive(Clone, Copy, Debug)]
pub struct Complete(());

impl Complete {
    /// The proof.
    ///
    /// # Safety
    /// `EventType::fields` has each field of the struct once, with its true type and offset.
    pub const unsafe fn new() -> Complete {
        Complete(())
    }
}

type LoadFn = unsafe fn(*const u8, &mut dyn FnMut(Cell, bool));

/// How a field of any type is read and written.
#[derive(Clone, Copy, Debug)]
pub struct Access {
    load: LoadFn,
    store: unsafe fn(*mut u8, Cell, bool) -> bool,
    drop: unsafe fn(*mut u8),
}

impl Access {
    /// That of fields of type `T`.
    pub const fn of<T: FieldValue>() -> Access {
        Access { load: load::<T>, store: store::<T>, drop: drop_field::<T> }
    }
}

unsafe fn load<T: FieldValue>(field: *const u8, push: &mut dyn FnMut(Cell, bool)) {
    // SAFETY: the caller's field is a `T`.
    let value = unsafe { &*field.cast::<T>() };
    push(value.to_cell(), value.valid());
}

unsafe fn store<T: FieldValue>(field: *mut u8, cell: Cell, valid: bool) -> bool {
    if !valid && !T::NULLABLE {
        return false;
    }
    match T::from_cell(cell, valid) {
        Some(value) => {
            // SAFETY: the caller's field is room for a `T`.
            unsafe { field.cast::<T>().write(value) };
            true
        }
        None => false,
    }
}

unsafe fn drop_field<T>(field: *mut u8) {
    // SAFETY: the caller's field is a `T` that nobody reads again.
    unsafe { field.cast::<T>().drop_in_place() }
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
    /// Bytes of the field.
    pub size: usize,
    /// What is in memory there.
    pub memory: Memory,
    /// How it is read and written, whatever it is.
    pub access: Access,
}

impl Field {
    /// Hands the value at `at` to `push` as a cell and its validity.
    ///
    /// # Safety
    /// `at` is a field of this type.
    pub(crate) unsafe fn load(&self, at: *const u8, push: &mut dyn FnMut(Cell, bool)) {
        // SAFETY: as the caller promises.
        unsafe { (self.access.load)(at, push) }
    }
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
    /// `f32`
    F32,
    /// `i64`, `f64`, `Timestamp`, `Time`, `Decimal` up to 18 digits: one word as it is
    Word,
    /// `u64`: one word, refused above `i64::MAX`
    U64,
    /// `Interval`
    Interval,
    /// `Decimal` above 18 digits: two words as they are
    Wide,
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
/// `Repr` is how generated code holds it: `bool`, `i64`, `f64`, `i128`, [`TextRef`], [`BytesRef`] or [`Interval`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type that a column can have",
    note = "fields can be bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, Decimal<P, S>, Sym, Str, String, &'static str, Timestamp, Date, Time, Interval, [u8; 16], Vec<u8>, Json, List of these, and Option of these"
)]
pub trait FieldValue: Sized + Default {
    /// Its SQL type.
    const TY: Ty;
    /// Whether it may be NULL.
    const NULLABLE: bool = false;
    /// What it is in memory.
    const MEMORY: Memory = Memory::Opaque;
    /// SQL type, whether nullable, whether a plain `u64`: what the derive has read off the type as written.
    const DECLARED: (Ty, bool, bool) = (Self::TY, Self::NULLABLE, matches!(Self::MEMORY, Memory::U64));
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
    i8, Ty::Smallint, Memory::I8, i64, |s| *s as i64, |v| v.try_into().ok(), |b| b as u64, |c| c as i64;
    i16, Ty::Smallint, Memory::I16, i64, |s| *s as i64, |v| v.try_into().ok(), |b| b as u64, |c| c as i64;
    u8, Ty::Integer, Memory::U8, i64, |s| *s as i64, |v| v.try_into().ok(), |b| b as u64, |c| c as i64;
    u16, Ty::Integer, Memory::U16, i64, |s| *s as i64, |v| v.try_into().ok(), |b| b as u64, |c| c as i64;
    i32, Ty::Integer, Memory::I32, i64, |s| *s as i64, |v| v.try_into().ok(), |b| b as u64, |c| c as i64;
    u32, Ty::Bigint, Memory::U32, i64, |s| *s as i64, |v| v.try_into().ok(), |b| b as u64, |c| c as i64;
    i64, Ty::Bigint, Memory::Word, i64, |s| *s, |v| Some(v), |b| b as u64, |c| c as i64;
    u64, Ty::Bigint, Memory::U64, i64, |s| *s as i64, |v| v.try_into().ok(), |b| b as u64, |c| c as i64;
    f32, Ty::Real, Memory::F32, f64, |s| *s as f64, |v| Some(crate::pipeline::ops::canonical(v) as f32), |b| b.to_bits(), |c| f64::from_bits(c);
    f64, Ty::Double, Memory::Word, f64, |s| *s, |v| Some(crate::pipeline::ops::canonical(v)), |b| b.to_bits(), |c| f64::from_bits(c);
    Timestamp, Ty::Timestamp, Memory::Word, i64, |s| s.0, |v| Some(Timestamp(v)), |b| b as u64, |c| c as i64;
    Date, Ty::Date, Memory::I32, i64, |s| s.days() as i64, |v| Date::from_days(v), |b| b as u64, |c| c as i64;
    Time, Ty::Time, Memory::Word, i64, |s| s.ns(), |v| Time::from_ns(v), |b| b as u64, |c| c as i64;
}

/// How generated code holds the mantissa of a field.
pub trait HeldMantissa: Mantissa + Null {
    #[doc(hidden)]
    const MEMORY: Memory;
    #[doc(hidden)]
    fn cell(self) -> Cell;
    #[doc(hidden)]
    fn of_cell(cell: Cell) -> Self;
}

impl HeldMantissa for i64 {
    const MEMORY: Memory = Memory::Word;
    #[inline(always)]
    fn cell(self) -> Cell {
        [self as u64, 0]
    }
    #[inline(always)]
    fn of_cell(cell: Cell) -> i64 {
        cell[0] as i64
    }
}

impl HeldMantissa for i128 {
    const MEMORY: Memory = Memory::Wide;
    #[inline(always)]
    fn cell(self) -> Cell {
        wide_cell(self)
    }
    #[inline(always)]
    fn of_cell(cell: Cell) -> i128 {
        wide_of(cell)
    }
}

impl<const P: u8, const S: u8> FieldValue for Decimal<P, S>
where
    Digits<P>: Precision<Mantissa: HeldMantissa>,
{
    const TY: Ty = Ty::Decimal { precision: P, scale: S };
    const MEMORY: Memory = <<Digits<P> as Precision>::Mantissa as HeldMantissa>::MEMORY;
    type Repr = <Digits<P> as Precision>::Mantissa;
    #[inline(always)]
    fn load(&self) -> Self::Repr {
        self.mantissa()
    }
    #[inline(always)]
    fn store(value: Self::Repr, _: bool) -> Option<Self> {
        Decimal::from_mantissa(value)
    }
    #[inline]
    fn to_cell(&self) -> Cell {
        self.mantissa().cell()
    }
    #[inline]
    fn from_cell(cell: Cell, _: bool) -> Option<Self> {
        Decimal::from_mantissa(HeldMantissa::of_cell(cell))
    }
}

/// UUID.
impl FieldValue for [u8; 16] {
    const TY: Ty = Ty::Uuid;
    type Repr = i128;
    #[inline(always)]
    fn load(&self) -> i128 {
        uuid_number(*self)
    }
    #[inline(always)]
    fn store(value: i128, _: bool) -> Option<Self> {
        Some(uuid_bytes(value))
    }
    #[inline]
    fn to_cell(&self) -> Cell {
        self.load().cell()
    }
    #[inline]
    fn from_cell(cell: Cell, _: bool) -> Option<Self> {
        Some(uuid_bytes(HeldMantissa::of_cell(cell)))
    }
}

/// BYTEA. An output of it allocates.
impl FieldValue for Vec<u8> {
    const TY: Ty = Ty::Bytea;
    type Repr = BytesRef;
    #[inline(always)]
    fn load(&self) -> BytesRef {
        BytesRef::new(self)
    }
    #[inline(always)]
    fn store(value: BytesRef, _: bool) -> Option<Self> {
        // SAFETY: stages hand over bytes that live until the end of the step.
        Some(unsafe { value.as_bytes() }.to_vec())
    }
    #[inline]
    fn to_cell(&self) -> Cell {
        self.load().to_cell()
    }
    #[inline]
    fn from_cell(cell: Cell, valid: bool) -> Option<Self> {
        Self::store(BytesRef::from_cell(cell), valid)
    }
}

impl FieldValue for Json {
    const TY: Ty = Ty::Json;
    const MEMORY: Memory = Memory::Str;
    type Repr = TextRef;
    #[inline(always)]
    fn load(&self) -> TextRef {
        TextRef::new(self.as_str())
    }
    #[inline(always)]
    fn store(value: TextRef, _: bool) -> Option<Self> {
        // SAFETY: stages hand over texts that live until the end of the step; those of JSON have been checked.
        Json::of_checked(unsafe { value.as_str() })
    }
    #[inline]
    fn to_cell(&self) -> Cell {
        self.load().to_cell()
    }
    #[inline]
    fn from_cell(cell: Cell, valid: bool) -> Option<Self> {
        Self::store(TextRef::from_cell(cell), valid)
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
                    // SAFETY: `Memory::Sym` and `Memory::Str` are those of one layout each.
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
impl Null for i128 {
    const NULL: i128 = 0;
}
impl Null for BytesRef {
    const NULL: BytesRef = BytesRef::EMPTY;
}
impl Null for TextRef {
    const NULL: TextRef = TextRef::EMPTY;
}
impl Null for Interval {
    const NULL: Interval = Interval::ZERO;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::field;

    #[derive(Debug, PartialEq)]
    struct Row {
        name: String,
        small: u8,
        note: Option<String>,
    }

    impl Event for Row {
        const TYPE: EventType = {
            let row = MaybeUninit::<Row>::uninit();
            let row_at = row.as_ptr();
            // SAFETY: these are the fields.
            unsafe {
                EventType {
                    name: "Row",
                    fields: &[
                        field("name", row_at, &raw const (*row_at).name),
                        field("small", row_at, &raw const (*row_at).small),
                        field("note", row_at, &raw const (*row_at).note),
                    ],
                    time: None,
                    complete: Some(Complete::new()),
                }
            }
        };
        type Columns<'a> = ();
    }

    fn row(name: &str, small: u8, note: Option<&str>) -> Row {
        Row { name: name.into(), small, note: note.map(String::from) }
    }

    fn cells(row: &Row) -> Vec<(Cell, bool)> {
        let mut cells = Vec::new();
        for i in 0..Row::FIELDS.len() {
            Row::gather(std::slice::from_ref(row), i, &mut |cell, valid| cells.push((cell, valid)));
        }
        cells
    }

    #[test]
    fn rows_go_through_cells_and_back() {
        for row in [row("a", 255, Some("a text that is too long to be inline")), row("", 0, None)] {
            assert_eq!(Row::from_cells(&cells(&row)).as_ref(), Ok(&row));
        }
    }

    #[test]
    fn a_value_that_does_not_fit_drops_the_fields_before_it() {
        let row = row("owned", 1, None);
        let mut wide = cells(&row);
        wide[1].0[0] = 256;
        let error = Row::from_cells(&wide).unwrap_err();
        assert_eq!(error.to_string(), "value does not fit field `small`");
        assert!(Row::from_cells(&wide[..1]).is_err());
        let mut null = cells(&row);
        null[0].1 = false;
        assert_eq!(Row::from_cells(&null).unwrap_err().to_string(), "value does not fit field `name`");
    }
}
