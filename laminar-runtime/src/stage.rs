//! The calling convention between the engine and the code of a query.
//!
//! An *expression stage* reads rows `lo..hi` of one input, filters and computes, and appends
//! to output columns. An *update stage* folds argument columns into the accumulators of
//! group rows. Ahead-of-time Rust, Cranelift and the interpreter all provide these two shapes; everything
//! else (tables, windows, watermarks, order, snapshots) is the engine's and exists once.
//!
//! What every expression stage does, whoever made it:
//!
//! ```text
//! for i in lo..hi:
//!     evaluate the part before the filter; remember the first error site
//!     a NULL event time is an error as well
//!     if the filter is TRUE: evaluate the rest, remembering the first error site
//!     on error: if reject(ctx, i, site) says stop, leave the loop; else go on with the next row
//!     time_max = max(time_max, event time)
//!     if the filter is TRUE: store the outputs at rows_out; if tracking, also
//!         sel[rows_out] = i and wm[rows_out] = time_max; rows_out += 1
//! ```
//!
//! Null lanes are stored as zero words (and NaN as the one canonical NaN), so that outputs of all executors are equal bit for bit.

use crate::types::Arena;

/// One value between stages: a word and, for pairs, a second one.
pub type Cell = [u64; 2];

/// The number of a Wide cell, which has its low word first.
#[inline(always)]
pub const fn wide_of([low, high]: Cell) -> i128 {
    (low as u128 | (high as u128) << 64) as i128
}

/// A number as a Wide cell.
#[inline(always)]
pub const fn wide_cell(number: i128) -> Cell {
    [number as u64, (number >> 64) as u64]
}

/// The number in a Wide cell.
///
/// # Safety
/// `p` is such a cell.
#[inline(always)]
pub unsafe fn read_wide(p: *const u8) -> i128 {
    // One instruction to the compiler, not twenty: every sum of integers has it, in each loop of each pipeline.
    // SAFETY: as the caller promises; its low word first is how this machine has an `i128`, if it is little-endian.
    unsafe {
        match cfg!(target_endian = "little") {
            true => p.cast::<i128>().read_unaligned(),
            false => wide_of(p.cast::<Cell>().read()),
        }
    }
}

/// Writes a number as a Wide cell.
///
/// # Safety
/// `p` is room for it, 8-aligned.
#[inline(always)]
pub unsafe fn write_wide(p: *mut u8, number: i128) {
    // SAFETY: as for `read_wide`.
    unsafe {
        match cfg!(target_endian = "little") {
            true => p.cast::<i128>().write_unaligned(number),
            false => p.cast::<Cell>().write(wide_cell(number)),
        }
    }
}

/// A column that a stage reads: cells of `Repr::width` bytes, and a byte 0 or 1 a row.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ColumnRef {
    /// First cell.
    pub data: *const u8,
    /// Validity, one byte a row; null where the column is NOT NULL.
    pub valid: *const u8,
}

/// A column that a stage writes.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ColumnMut {
    /// First cell.
    pub data: *mut u8,
    /// Validity, one byte a row; null where the column is NOT NULL.
    pub valid: *mut u8,
}

/// What an expression stage works on.
#[repr(C)]
#[derive(Debug)]
pub struct ExprCtx {
    /// `Layout::Rows`: address of row 0. `Layout::Cells`: a `*const ColumnRef`, one for each input.
    /// Typed input ahead of time: what the generated code casts it to.
    pub base: *const u8,
    /// First row to read. A stage may change it.
    pub lo: usize,
    /// One past the last row to read.
    pub hi: usize,
    /// Output columns; each has room for `hi - lo` rows after `rows_out`.
    pub out: *const ColumnMut,
    /// Row numbers of the output rows, where the program tracks.
    pub sel: *mut u32,
    /// `time_max` at the output rows, where the program tracks.
    pub wm: *mut i64,
    /// Rows written so far.
    pub rows_out: usize,
    /// Greatest event time seen, in ns; in and out.
    pub time_max: i64,
    /// Start of the window of the group rows being read, in ns.
    pub window_start: i64,
    /// End of that window, in ns.
    pub window_end: i64,
    /// The pipeline's clock, in ns.
    pub now: i64,
    /// Texts computed in this batch live here.
    pub arena: *const Arena,
    /// The rows refused so far and the policy.
    pub rejects: *mut Rejects,
}

/// Rows refused by an expression stage.
#[derive(Debug, Default)]
pub struct Rejects {
    /// Stop at the first one (`on_error = fail`, before state is touched).
    pub stop_at_first: bool,
    /// Row and error site of each, in order.
    pub rows: Vec<(usize, u16)>,
}

/// Notes that row `row` failed at `site`; 1 when the stage must stop.
///
/// # Safety
/// `ctx` and its `rejects` are valid and not shared.
#[cold]
#[inline(never)]
pub unsafe extern "C" fn reject(ctx: *mut ExprCtx, row: usize, site: u32) -> u32 {
    // SAFETY: the caller passes the context that the engine gave to the stage.
    let rejects = unsafe { &mut *(*ctx).rejects };
    rejects.rows.push((row, site as u16));
    rejects.stop_at_first as u32
}

/// What an update stage works on: for each `j` in `0..n`, row `slots[j]` takes the arguments
/// at index `lo + j`.
#[repr(C)]
#[derive(Debug)]
pub struct UpdateCtx {
    /// Address of group row 0; the stride is the plan's.
    pub rows: *mut u8,
    /// Group row of each input row.
    pub slots: *const u32,
    /// All columns of the edge; accumulators name theirs by index.
    pub args: *const ColumnRef,
    /// Index of the first argument row.
    pub lo: usize,
    /// Number of rows.
    pub n: usize,
    /// Weight of each row (at `lo + j`), null where the input is append-only.
    pub weights: *const i64,
}

/// Entry point of an expression stage.
pub type ExprFn = unsafe extern "C" fn(*mut ExprCtx);
/// Entry point of an update stage.
pub type UpdateFn = unsafe extern "C" fn(*mut UpdateCtx);

/// An expression stage that is data instead of machine code: the interpreter's.
pub trait ExprEval: Send + Sync {
    /// Does what this module's documentation says.
    ///
    /// # Safety
    /// `ctx` is as the engine makes it for this stage.
    unsafe fn run(&self, ctx: &mut ExprCtx);
}

/// The code of one expression stage.
#[derive(Clone)]
pub enum ExprCode {
    /// Machine code.
    Native(ExprFn),
    /// Machine code, and a loop that takes rows of one window straight to their groups.
    Fused {
        /// The stage.
        stage: ExprFn,
        /// The loop.
        fused: crate::fused::FusedFn,
    },
    /// Interpreted.
    Interp(std::sync::Arc<dyn ExprEval>),
}

/// The code of one update stage.
#[derive(Clone, Copy)]
pub enum UpdateCode {
    /// Machine code.
    Native(UpdateFn),
    /// The engine's own loop, one accumulator at a time; also what weighted input takes.
    Generic,
}

/// The code of a whole plan: one expression stage an edge, one update stage a group node.
#[derive(Clone)]
pub struct Code {
    /// One an edge, in the plan's order.
    pub edges: Vec<ExprCode>,
    /// One a group node, in the plan's order.
    pub updates: Vec<UpdateCode>,
    /// Keeps the memory of compiled code alive.
    pub keep: Option<std::sync::Arc<dyn std::any::Any + Send + Sync>>,
}

/// Code for the rows of one call in place of a source's own: for rows of another form.
#[derive(Clone, Copy)]
pub struct SourceCode<'a> {
    /// One stage an edge of the source.
    pub stages: &'a [ExprFn],
    /// The fused loop of its only edge, if that has one.
    pub fused: Option<crate::fused::FusedFn>,
    /// Where the stage of an only edge to the output writes, and in what form, is between it and the sink: the sink gets these columns.
    /// None: the edge's own.
    pub out: Option<&'a [ColumnMut]>,
    /// Bytes from one row to the next, where the rows lie in memory one after another; else 0.
    pub row_bytes: usize,
}

impl<'a> SourceCode<'a> {
    /// Stages alone.
    pub const fn new(stages: &'a [ExprFn]) -> SourceCode<'a> {
        SourceCode { stages, fused: None, out: None, row_bytes: 0 }
    }
}
