//! Expression programs as closures, rows and values for them.

use laminar_runtime::plan::{AccOp, Accumulator, CellColumn, GroupPlan, RowLayout};
use laminar_runtime::schema::{Repr, Ty};
use laminar_runtime::stage::{Cell, ColumnRef, ExprCode, ExprCtx, ExprEval, reject};
use laminar_runtime::types::{Str, TextRef};
use std::cmp::Ordering;
use std::sync::Arc;

/// A value of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Val {
    Null,
    Int(i64),
    Float(f64),
    Text(String),
}

impl Val {
    /// SQL order: NULL last.
    pub fn order(&self, other: &Val) -> Ordering {
        match (self, other) {
            (Val::Int(a), Val::Int(b)) => a.cmp(b),
            (Val::Float(a), Val::Float(b)) => a.total_cmp(b),
            (Val::Text(a), Val::Text(b)) => a.cmp(b),
            (a, b) => (*a == Val::Null).cmp(&(*b == Val::Null)),
        }
    }
}

/// SQL order of rows.
pub fn order(a: &[Val], b: &[Val]) -> Ordering {
    a.iter().zip(b).map(|(a, b)| a.order(b)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
}

/// Reads cell `i` of a column.
pub fn value(ty: CellColumn, column: &ColumnRef, i: usize) -> Val {
    // SAFETY: the engine hands over columns of these types with such a row, whose texts live.
    unsafe {
        if !column.valid.is_null() && *column.valid.add(i) == 0 {
            return Val::Null;
        }
        match ty.repr() {
            Repr::Text => {
                Val::Text(TextRef::from_cell(*column.data.cast::<Cell>().add(i)).as_str().to_owned())
            }
            Repr::Float => Val::Float(*column.data.cast::<f64>().add(i)),
            _ => Val::Int(*column.data.cast::<i64>().add(i)),
        }
    }
}

/// A row of every source here.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub ts: i64,
    pub a: Option<i64>,
    pub b: Option<String>,
    pub v: i64,
    /// WHERE is TRUE.
    pub keep: bool,
    /// The program fails at this site.
    pub fails: Option<u16>,
}

/// What a program makes of a row.
pub enum Outcome {
    Row(Vec<Val>),
    Dropped,
    Fails(u16),
}

type RowFn = dyn Fn(*const u8, usize, &ExprCtx) -> (Option<i64>, Outcome) + Send + Sync;

/// A program: event time and outcome of each row.
struct Program {
    columns: Vec<CellColumn>,
    tracks: bool,
    f: Box<RowFn>,
}

/// Code for an edge with these columns.
pub fn program(
    columns: &[CellColumn],
    tracks: bool,
    f: impl Fn(*const u8, usize, &ExprCtx) -> (Option<i64>, Outcome) + Send + Sync + 'static,
) -> ExprCode {
    ExprCode::Interp(Arc::new(Program { columns: columns.to_vec(), tracks, f: Box::new(f) }))
}

/// Code for an edge from a source of [`Row`]s.
pub fn row_program(
    columns: &[CellColumn],
    tracks: bool,
    f: impl Fn(&Row) -> Vec<Val> + Send + Sync + 'static,
) -> ExprCode {
    program(columns, tracks, move |base, i, _| {
        // SAFETY: the tests pass slices of `Row`.
        let row = unsafe { &*base.cast::<Row>().add(i) };
        let outcome = match row.fails {
            Some(site) => Outcome::Fails(site),
            None if !row.keep => Outcome::Dropped,
            None => Outcome::Row(f(row)),
        };
        (Some(row.ts), outcome)
    })
}

impl ExprEval for Program {
    unsafe fn run(&self, ctx: &mut ExprCtx) {
        for i in ctx.lo..ctx.hi {
            let (time, outcome) = (self.f)(ctx.base, i, ctx);
            let values = match outcome {
                Outcome::Fails(site) => {
                    // SAFETY: the engine's context.
                    if unsafe { reject(ctx, i, site.into()) } != 0 {
                        break;
                    }
                    continue;
                }
                Outcome::Dropped => None,
                Outcome::Row(values) => Some(values),
            };
            ctx.time_max = ctx.time_max.max(time.unwrap_or(i64::MIN));
            let Some(values) = values else { continue };
            assert_eq!(values.len(), self.columns.len());
            // SAFETY: the engine's columns have room for every row read.
            unsafe {
                for (c, value) in values.iter().enumerate() {
                    store(ctx, self.columns[c], c, value);
                }
                if self.tracks {
                    *ctx.sel.add(ctx.rows_out) = i as u32;
                    *ctx.wm.add(ctx.rows_out) = ctx.time_max;
                }
            }
            ctx.rows_out += 1;
        }
    }
}

/// Stores a value at row `rows_out` of column `c`.
unsafe fn store(ctx: &ExprCtx, ty: CellColumn, c: usize, value: &Val) {
    // SAFETY: as the caller promises.
    unsafe {
        let column = *ctx.out.add(c);
        let cell = match value {
            Val::Null => [0, 0],
            Val::Int(v) => [*v as u64, 0],
            Val::Float(v) if v.is_nan() => [f64::NAN.to_bits(), 0],
            Val::Float(v) => [v.to_bits(), 0],
            Val::Text(t) => (*ctx.arena).alloc_str(t).to_cell(),
        };
        match ty.repr().width() {
            8 => *column.data.cast::<u64>().add(ctx.rows_out) = cell[0],
            _ => *column.data.cast::<Cell>().add(ctx.rows_out) = cell,
        }
        if ty.nullable {
            *column.valid.add(ctx.rows_out) = (*value != Val::Null) as u8;
        } else {
            assert_ne!(*value, Val::Null);
        }
    }
}

/// A group row as values: keys, then accumulators.
pub fn group_row(group: &GroupPlan, base: *const u8, i: usize) -> (Vec<Val>, Vec<Val>) {
    let layout = RowLayout::of(&group.keys, &group.accumulators);
    // SAFETY: the engine's rows have this layout.
    unsafe {
        let row = base.add(i * layout.stride);
        let nulls = layout.nulls.map_or(0, |at| *row.add(at).cast::<u64>());
        let keys = group.keys.iter().zip(&layout.keys).enumerate().map(|(k, (key, &at))| {
            if nulls >> k & 1 == 1 {
                return Val::Null;
            }
            let column = ColumnRef { data: row.add(at), valid: std::ptr::null() };
            value(*key, &column, 0)
        });
        let accumulators = group.accumulators.iter().zip(&layout.accumulators).map(|(acc, &at)| {
            let p = row.add(at);
            let flag = |i: usize| *p.cast::<u64>().add(i) != 0;
            match acc.op {
                AccOp::Count => Val::Int(*p.cast()),
                AccOp::SumInt => Val::Int(p.cast::<i128>().read_unaligned().try_into().unwrap()),
                AccOp::SumFloat => Val::Float(*p.cast()),
                AccOp::SumFloatExact => Val::Float(*p.cast::<f64>() + *p.cast::<f64>().add(1)),
                AccOp::MinInt | AccOp::MaxInt | AccOp::Least | AccOp::PercentileDisc if flag(1) => {
                    Val::Int(*p.cast())
                }
                AccOp::MinFloat | AccOp::MaxFloat if flag(1) => Val::Float(*p.cast()),
                AccOp::MinText | AccOp::MaxText if flag(2) => {
                    Val::Text((*p.cast::<Str>()).as_str().to_owned())
                }
                _ => Val::Null,
            }
        });
        (keys.collect(), accumulators.collect())
    }
}

pub const fn column(ty: Ty, nullable: bool) -> CellColumn {
    CellColumn { ty, nullable }
}

pub const INT: CellColumn = column(Ty::Bigint, false);
pub const INT_NULL: CellColumn = column(Ty::Bigint, true);
pub const TEXT: CellColumn = column(Ty::Varchar, false);
pub const TEXT_NULL: CellColumn = column(Ty::Varchar, true);
pub const TIME: CellColumn = column(Ty::Timestamp, false);

pub fn acc(op: AccOp, arg: Option<u32>, nullable: bool) -> Accumulator {
    Accumulator::new(op, arg, nullable)
}

pub fn int(v: Option<i64>) -> Val {
    v.map_or(Val::Null, Val::Int)
}

pub fn text(v: &Option<String>) -> Val {
    v.clone().map_or(Val::Null, Val::Text)
}
