//! Scalar IR: what one expression stage computes for one row. Flat, typed, total.
//!
//! A program is a list of instructions in single assignment, no control flow. Every value is
//! `(v, valid)`, with `valid` absent where it is not nullable. No instruction traps: those that can fail compute *some* value
//! and raise their error site when the lane is active (`guard` true or absent), all arguments are valid, and the result is bad.
//! The value of a null lane is unspecified but well formed (a text is always readable); it becomes zero only where stored.
//!
//! SQL types are gone by here: only representations remain, and scales and ranges are part of
//! the operations.
//!
//! Not here: lowering from plans (`lower`), execution (`interp`, `clif`, `rust`).

use crate::functions::RustFn;
use laminar_runtime::scalar::FnId;
use laminar_runtime::schema::Repr;
use std::sync::Arc;

pub mod eval;
mod fold;
mod text;
mod verify;

pub use fold::{FOLDED_BYTES_MAX, Room, fold};
pub(crate) use verify::const_repr;
pub use verify::verify;

/// Number of a value: the index of the instruction that makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Val(pub u32);

/// The program of one edge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// Columns that it reads.
    pub inputs: Vec<Input>,
    /// Instructions; arguments come before their uses.
    pub insts: Vec<Inst>,
    /// `insts[..split]` run before the filter, the rest only for rows that pass.
    pub split: usize,
    /// A Bool among `insts[..split]`; rows where it is not TRUE (NULL included) go no further.
    pub filter: Option<Val>,
    /// Event time of the source's rows, an Int among `insts[..split]`.
    pub time: Option<Time>,
    /// Values that the stage writes, in column order.
    pub outs: Vec<Out>,
    /// Whether `sel` and `wm` are filled.
    pub tracks: bool,
}

/// A column that a program reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Name, for people.
    pub name: String,
    /// Index of the column in the source's schema, or of the part in the group row.
    pub column: u32,
    /// How its values are held once loaded.
    pub repr: Repr,
    /// Whether NULL may occur.
    pub nullable: bool,
}

/// The event time of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// The value.
    pub val: Val,
    /// Site raised where it is NULL; needed if the value is nullable.
    pub null_site: Option<u16>,
}

/// An output column: the value, and whether the column has validity bytes. A value that is
/// not nullable may go to a nullable column, never the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Out {
    /// The value.
    pub val: Val,
    /// Whether the column has validity bytes.
    pub nullable: bool,
}

/// An instruction.
#[derive(Clone, Debug, PartialEq)]
pub struct Inst {
    /// What it does.
    pub op: Op,
    /// Arguments.
    pub args: Vec<Val>,
    /// Representation of the result.
    pub repr: Repr,
    /// Whether the result may be NULL.
    pub nullable: bool,
    /// For instructions that can fail: a non-nullable Bool, true where the lane counts.
    pub guard: Option<Val>,
    /// What failure does.
    pub fail: Fail,
}

/// What failure does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fail {
    /// Cannot fail.
    Never,
    /// Raises the error site.
    Site(u16),
    /// Gives NULL (TRY_CAST).
    Null,
}

/// The range that an integer result must fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Range {
    /// 16 bits.
    I16,
    /// 32 bits.
    I32,
    /// 64 bits.
    I64,
    /// 18 decimal digits: |v| < 10^18.
    Dec18,
}

/// Comparisons. Int and Bool as signed integers; Float in the total order (NaN = NaN, greatest; −0 = 0);
/// Text and Bytes by bytes; Interval by length with 30-day months and 24-hour days; Wide as a signed number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CmpOp {
    /// `=`
    Eq,
    /// `<>`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl CmpOp {
    /// The operator as written.
    pub const fn symbol(self) -> &'static str {
        match self {
            CmpOp::Eq => "=",
            CmpOp::Ne => "<>",
            CmpOp::Lt => "<",
            CmpOp::Le => "<=",
            CmpOp::Gt => ">",
            CmpOp::Ge => ">=",
        }
    }

    /// The comparison that says the same with its sides exchanged.
    pub const fn exchanged(self) -> CmpOp {
        match self {
            CmpOp::Eq | CmpOp::Ne => self,
            CmpOp::Lt => CmpOp::Gt,
            CmpOp::Le => CmpOp::Ge,
            CmpOp::Gt => CmpOp::Lt,
            CmpOp::Ge => CmpOp::Le,
        }
    }
}

/// What an instruction does. Unless said otherwise it is strict: NULL if any argument is.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// Column of the input, by index into `Program::inputs`.
    Input(u32),
    /// A constant.
    Const(Const),
    /// NULL of the instruction's representation.
    Null,
    /// Start of the window whose groups are read. Int.
    WindowStart,
    /// End of that window. Int.
    WindowEnd,
    /// The pipeline's clock. Int.
    Now,
    /// Int + Int; bad outside the range.
    Add(Range),
    /// Int − Int; bad outside the range.
    Sub(Range),
    /// Int × Int; bad outside the range.
    Mul(Range),
    /// −Int; bad outside the range.
    Neg(Range),
    /// Int ÷ Int toward zero; bad outside the range. A zero divisor is bad and gives 0
    /// (lowering puts a `NonZero` before it to tell the two apart).
    Div(Range),
    /// Remainder with the dividend's sign; bad for a zero divisor. x % −1 is 0.
    Rem,
    /// The Int itself; bad if zero.
    NonZero,
    /// The Int itself; bad if negative (an unsigned 64-bit field above i64::MAX).
    NonNegative,
    /// The Int itself; bad outside the range.
    Fit(Range),
    /// Float + Float, IEEE 754.
    FAdd,
    /// Float − Float.
    FSub,
    /// Float × Float.
    FMul,
    /// Float ÷ Float.
    FDiv,
    /// −Float.
    FNeg,
    /// Comparison of two values of one representation. Bool.
    Cmp(CmpOp),
    /// Three-valued AND of two Bools.
    And,
    /// Three-valued OR of two Bools.
    Or,
    /// NOT; strict.
    Not,
    /// Whether the argument is NULL; never NULL itself.
    IsNull,
    /// `(c, a, b)`: `a` where `c` is TRUE, else `b`.
    Select,
    /// `(a, c)`: `a`, but NULL where the Bool `c` is not TRUE.
    NullUnless,
    /// The value of a nullable argument, not nullable itself; what it gives for NULL is unspecified but well formed
    /// (lowering uses it only where a `Select` keeps such lanes out: COALESCE).
    Unwrap,
    /// Float to the nearest one of 32 bits, ties to even.
    RoundReal,
    /// Int as Wide.
    Widen,
    /// Int × Int as Wide, exact.
    MulWide,
    /// Signed integer to the nearest float, ties to even.
    IntToFloat,
    /// Bool to Int 0 or 1.
    BoolToInt,
    /// Float with −0 as 0 and NaN as the canonical one: the form of keys.
    NormFloat,
    /// A function of the runtime, strict; bad where it gives none.
    Call(FnId),
    /// A function of the user's, strict in the arguments that it wants plain; bad where it fails. It is called only where the guard is
    /// true and no earlier instruction has raised its site, and never while a program is compiled.
    CallRust(Arc<RustFn>),
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Const {
    /// Bool
    Bool(bool),
    /// Int
    Int(i64),
    /// Float
    Float(f64),
    /// Text
    Text(String),
    /// Bytes
    Bytes(Vec<u8>),
    /// Interval
    Interval(laminar_runtime::types::Interval),
    /// Wide
    Wide(i128),
}

/// Where a program finds its input columns.
#[derive(Clone, Debug, PartialEq)]
pub enum Layout {
    /// `ctx.base` points to one `ColumnRef` for each of `Program::inputs`.
    Cells,
    /// `ctx.base` is the address of row 0.
    Rows {
        /// Bytes from row to row.
        stride: usize,
        /// One for each of `Program::inputs`.
        fields: Vec<FieldAt>,
    },
}

/// Where a program writes its outputs, if not to columns: rows of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOut {
    /// Bytes from row to row.
    pub stride: usize,
    /// For each output the offset of its field and how it is written; none: it is left out.
    pub fields: Vec<Option<(usize, Store)>>,
}

/// How a value is written to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// One byte, 0 or 1.
    Bool,
    /// 32 bits of an Int that fits them.
    I32,
    /// One word as it is: Int or Float.
    Word,
    /// A pair of words as it is: Interval.
    Pair,
}

/// Where in a row an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldAt {
    /// Bytes from the row's start.
    pub offset: usize,
    /// What is there.
    pub load: Load,
    /// How NULL is told.
    pub validity: Validity,
}

/// What is at a field's offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// One byte, 0 or 1.
    Bool,
    /// Signed 8 bits.
    I8,
    /// Unsigned 8 bits.
    U8,
    /// Signed 16 bits.
    I16,
    /// Unsigned 16 bits.
    U16,
    /// Signed 32 bits.
    I32,
    /// Unsigned 32 bits.
    U32,
    /// A float of 32 bits.
    F32,
    /// One word as it is: Int, Float, or a Bool of 8 bytes.
    Word,
    /// A pair of words as it is: Text, Bytes, Interval, Wide.
    Pair,
    /// A `laminar_runtime::types::Str`.
    Str,
    /// A `laminar_runtime::types::Sym`.
    Sym,
}

/// How NULL is told in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// Never NULL.
    Always,
    /// NULL where bit `bit` of the word at `offset` is set.
    NullBit {
        /// Offset of the word.
        offset: usize,
        /// Which bit.
        bit: u8,
    },
}
