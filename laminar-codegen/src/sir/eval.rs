//! One instruction on one lane: what constant folding and the interpreter share, so that they are equal.
//!
//! Where the program's documentation leaves a value open (lanes that fail or are NULL), this is what the back
//! ends that run here agree on: arithmetic wraps, a division by zero gives 0, a function that fails or is not
//! called gives zeros, a strict operation on NULL computes with what the lane holds.
//!
//! Not here: `Input` and the clock, which need a row and a stage.

use super::{CmpOp, Const, Fail, Inst, Op, Range};
use crate::functions::RustFn;
use laminar_runtime::function::Called;
use laminar_runtime::scalar;
use laminar_runtime::schema::Repr;
use laminar_runtime::stage::{Cell, wide_cell, wide_of};
use laminar_runtime::types::{Arena, BytesRef, Interval, TextRef};

/// A value of one row: the cell, and whether it is not NULL.
pub type Lane = (Cell, bool);

/// The lane of NULL.
pub const NULL: Lane = ([0, 0], false);

/// Runs `inst` on the arguments, whose representation (that of the first) is `repr`; also whether it has failed: its guard is
/// true, no argument is NULL, and the result is bad. `guard` is the guard's value, true where there is none.
///
/// # Safety
/// `inst` is of a verified program, the arguments have its representations, their texts are alive, and so is the arena.
pub unsafe fn eval(inst: &Inst, args: &[Lane], repr: Repr, guard: bool, arena: *const Arena) -> (Lane, bool) {
    let all_valid = args.iter().all(|a| a.1);
    let int = |i: usize| args[i].0[0] as i64;
    let float = |i: usize| f64::from_bits(args[i].0[0]);
    let is_true = |i: usize| args[i].1 && args[i].0[0] != 0;
    let is_false = |i: usize| args[i].1 && args[i].0[0] == 0;

    // What is not strict ends here.
    match &inst.op {
        Op::Null | Op::Input(_) | Op::WindowStart | Op::WindowEnd | Op::Now => return (NULL, false),
        Op::Const(c) => return ((const_cell(c), true), false),
        Op::And => {
            let lane = word((is_true(0) && is_true(1)) as u64);
            return ((lane, all_valid || is_false(0) || is_false(1)), false);
        }
        Op::Or => {
            let lane = word((is_true(0) || is_true(1)) as u64);
            return ((lane, all_valid || is_true(0) || is_true(1)), false);
        }
        Op::IsNull => return ((word(!args[0].1 as u64), true), false),
        Op::Select => return (if is_true(0) { args[1] } else { args[2] }, false),
        Op::NullUnless => return ((args[0].0, args[0].1 && is_true(1)), false),
        Op::Unwrap => return ((args[0].0, true), false),
        // SAFETY: by contract.
        Op::CallRust(f) => return unsafe { call_rust(f, inst.fail, args, guard, arena) },
        _ => {}
    }

    let (cell, bad) = match &inst.op {
        Op::Add(range) => ranged(int(0).overflowing_add(int(1)), *range),
        Op::Sub(range) => ranged(int(0).overflowing_sub(int(1)), *range),
        Op::Mul(range) => ranged(int(0).overflowing_mul(int(1)), *range),
        Op::Neg(range) => ranged(int(0).overflowing_neg(), *range),
        Op::Div(_) if int(1) == 0 => (word(0), true),
        Op::Div(range) => ranged(int(0).overflowing_div(int(1)), *range),
        Op::Rem if int(1) == 0 => (word(0), true),
        Op::Rem => (word(int(0).wrapping_rem(int(1)) as u64), false),
        Op::NonZero => (args[0].0, int(0) == 0),
        Op::NonNegative => (args[0].0, int(0) < 0),
        Op::Fit(range) => ranged((int(0), false), *range),
        Op::FAdd => (word((float(0) + float(1)).to_bits()), false),
        Op::FSub => (word((float(0) - float(1)).to_bits()), false),
        Op::FMul => (word((float(0) * float(1)).to_bits()), false),
        Op::FDiv => (word((float(0) / float(1)).to_bits()), false),
        Op::FNeg => (word((-float(0)).to_bits()), false),
        Op::Cmp(op) => {
            // SAFETY: by contract.
            let order = unsafe { compare(repr, args[0].0, args[1].0) };
            (word(op.holds(order) as u64), false)
        }
        Op::Not => (word((args[0].0[0] == 0) as u64), false),
        Op::RoundReal => (word(scalar::round_real(float(0)).to_bits()), false),
        Op::Widen => (wide_cell(int(0) as i128), false),
        Op::MulWide => (wide_cell(int(0) as i128 * int(1) as i128), false),
        Op::IntToFloat => (word((int(0) as f64).to_bits()), false),
        Op::BoolToInt => (args[0].0, false),
        Op::NormFloat => (word(scalar::norm_float(float(0)).to_bits()), false),
        Op::Call(id) if all_valid && guard => {
            let mut cells = [[0; 2]; MAX_ARGS];
            for (cell, arg) in cells.iter_mut().zip(args) {
                *cell = arg.0;
            }
            let mut out = [0; 2];
            // SAFETY: one cell an argument, of the function's representations, with living texts.
            let status = unsafe { (id.def().cell)(arena, cells.as_ptr(), &mut out) };
            if status == 0 { (out, false) } else { ([0, 0], true) }
        }
        Op::Call(_) => ([0, 0], false),
        _ => ([0, 0], false),
    };
    let valid = all_valid && !(bad && inst.fail == Fail::Null);
    ((cell, valid), bad && all_valid && guard)
}

/// Calls a function of the user's. Where it is not called, zeros.
///
/// # Safety
/// As [`eval`].
unsafe fn call_rust(f: &RustFn, fail: Fail, args: &[Lane], guard: bool, arena: *const Arena) -> (Lane, bool) {
    let valid = args.iter().enumerate().all(|(i, a)| a.1 || !f.is_strict(i));
    let (Some(code), true) = (&f.code, valid && guard) else { return (([0, 0], valid), false) };
    let (mut cells, mut mask) = ([[0; 2]; MAX_ARGS], 0);
    for (i, arg) in args.iter().enumerate() {
        cells[i] = arg.0;
        mask |= (arg.1 as u64) << i;
    }
    // SAFETY: a cell an argument, of its type, with living texts.
    match unsafe { code.call(arena, &cells, mask) } {
        Called::Value(cell) => ((cell, true), false),
        Called::Null => (NULL, false),
        Called::Failed => (([0, 0], fail != Fail::Null), true),
    }
}

/// Most arguments that a function has.
pub const MAX_ARGS: usize = 8;

fn word(word: u64) -> Cell {
    [word, 0]
}

fn ranged((value, overflow): (i64, bool), range: Range) -> (Cell, bool) {
    (word(value as u64), overflow || !in_range(value, range))
}

fn in_range(value: i64, range: Range) -> bool {
    match range {
        Range::I16 => i16::try_from(value).is_ok(),
        Range::I32 => i32::try_from(value).is_ok(),
        Range::I64 => true,
        Range::Dec18 => (-DEC18_MAX..=DEC18_MAX).contains(&value),
    }
}

/// Greatest decimal mantissa.
pub const DEC18_MAX: i64 = 999_999_999_999_999_999;

/// −1, 0 or 1.
///
/// # Safety
/// Texts are alive.
unsafe fn compare(repr: Repr, a: Cell, b: Cell) -> i64 {
    match repr {
        Repr::Bool | Repr::Int => (a[0] as i64).cmp(&(b[0] as i64)) as i64,
        Repr::Float => scalar::float_cmp(f64::from_bits(a[0]), f64::from_bits(b[0])),
        // SAFETY: by contract.
        Repr::Text => unsafe { scalar::text_cmp(TextRef::from_cell(a), TextRef::from_cell(b)) },
        Repr::Interval => scalar::interval_cmp(Interval::from_cell(a), Interval::from_cell(b)),
        // SAFETY: by contract.
        Repr::Bytes => unsafe { scalar::bytes_cmp(BytesRef::from_cell(a), BytesRef::from_cell(b)) },
        Repr::Wide => wide_of(a).cmp(&wide_of(b)) as i64,
    }
}

impl CmpOp {
    /// Whether the comparison is true of values in this order (negative, zero, positive).
    pub const fn holds(self, order: i64) -> bool {
        match self {
            CmpOp::Eq => order == 0,
            CmpOp::Ne => order != 0,
            CmpOp::Lt => order < 0,
            CmpOp::Le => order <= 0,
            CmpOp::Gt => order > 0,
            CmpOp::Ge => order >= 0,
        }
    }
}

/// The cell of a constant; that of a text or bytes refers to it.
pub fn const_cell(c: &Const) -> Cell {
    match c {
        Const::Bool(b) => word(*b as u64),
        Const::Int(i) => word(*i as u64),
        Const::Float(x) => word(x.to_bits()),
        Const::Text(t) => TextRef::new(t).to_cell(),
        Const::Bytes(b) => BytesRef::new(b).to_cell(),
        Const::Interval(i) => i.to_cell(),
        Const::Wide(w) => wide_cell(*w),
    }
}

/// The cell as it is stored: zeros for NULL, the canonical NaN.
pub fn stored(repr: Repr, (cell, valid): Lane) -> Cell {
    match repr {
        _ if !valid => [0, 0],
        Repr::Float if f64::from_bits(cell[0]).is_nan() => word(f64::NAN.to_bits()),
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Val;
    use super::*;
    use laminar_runtime::scalar::FUNCTIONS;

    fn run(op: Op, fail: Fail, args: &[Lane], guard: bool) -> (Lane, bool) {
        let args_of = (0..args.len() as u32).map(Val).collect();
        let inst = Inst { op, args: args_of, repr: Repr::Int, nullable: true, guard: None, fail };
        // SAFETY: integers and Bools only.
        unsafe { eval(&inst, args, Repr::Int, guard, std::ptr::null()) }
    }

    #[test]
    fn arithmetic_fails_only_on_living_lanes() {
        let int = |i: i64| ([i as u64, 0], true);
        let check = |op: &Op, args: &[Lane], expected: Option<i64>| {
            let (lane, failed) = run(op.clone(), Fail::Site(1), args, true);
            assert_eq!((!failed).then_some(lane.0[0] as i64), expected, "{op:?} {args:?}");
            assert!(!run(op.clone(), Fail::Site(1), args, false).1, "guarded");
            assert_eq!(run(op.clone(), Fail::Null, args, true).0.1, expected.is_some());
            let null: Vec<Lane> = args.iter().map(|a| (a.0, false)).collect();
            assert!(!run(op.clone(), Fail::Site(1), &null, true).1, "NULL");
        };
        check(&Op::Add(Range::I64), &[int(i64::MAX), int(1)], None);
        check(&Op::Add(Range::I32), &[int(i32::MAX as i64), int(1)], None);
        check(&Op::Add(Range::I32), &[int(i32::MAX as i64), int(0)], Some(i32::MAX as i64));
        check(&Op::Mul(Range::Dec18), &[int(1_000_000_000), int(1_000_000_000)], None);
        check(&Op::Mul(Range::Dec18), &[int(DEC18_MAX), int(-1)], Some(-DEC18_MAX));
        check(&Op::Div(Range::I64), &[int(i64::MIN), int(-1)], None);
        check(&Op::Div(Range::I64), &[int(-7), int(2)], Some(-3));
        check(&Op::Div(Range::I64), &[int(7), int(0)], None);
        check(&Op::Rem, &[int(i64::MIN), int(-1)], Some(0));
        check(&Op::Rem, &[int(-7), int(2)], Some(-1));
        check(&Op::Rem, &[int(7), int(0)], None);
        check(&Op::Neg(Range::I64), &[int(i64::MIN)], None);
        check(&Op::NonNegative, &[int(-1)], None);
        check(&Op::NonZero, &[int(5)], Some(5));
    }

    #[test]
    fn three_valued_logic() {
        let lanes =
            [Some(true), Some(false), None].map(|v| (v, ([(v == Some(true)) as u64, 0], v.is_some())));
        for (a, la) in lanes {
            for (b, lb) in lanes {
                let value = |op| {
                    let (lane, _) = run(op, Fail::Never, &[la, lb], true);
                    lane.1.then_some(lane.0[0] != 0)
                };
                let and = if a == Some(false) || b == Some(false) { Some(false) } else { a.and(b) };
                let or = if a == Some(true) || b == Some(true) { Some(true) } else { a.and(b) };
                assert_eq!((value(Op::And), value(Op::Or)), (and, or), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn functions_have_few_arguments() {
        for f in FUNCTIONS {
            assert!(f.args.len() <= MAX_ARGS, "{}", f.name);
        }
    }
}
