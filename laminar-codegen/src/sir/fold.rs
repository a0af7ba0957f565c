//! Constant folding: instructions on constants become what they give, by the code that runs them ([`super::eval`]).
//!
//! What would fail stays and fails when a row comes, and so does what is long ([`FOLDED_BYTES_MAX`]): a program keeps its constants as they
//! are, and is compiled while somebody waits. Afterwards nullability is as tight as the arguments allow, and what
//! nobody reads and cannot raise a site is gone.
//!
//! Invariant: a verified program stays verified, and every executor gives the same results, sites and order of sites.

use super::eval::{self, Lane};
use super::verify::may_be_null;
use super::{Const, Fail, Inst, Op, Program, Val};
use laminar_runtime::schema::Repr;
use laminar_runtime::stage::{Cell, wide_of};
use laminar_runtime::types::{Arena, BytesRef, Interval, TextRef};

/// Bytes of the longest text, bytes or array that an instruction becomes, or reads to become something.
pub const FOLDED_BYTES_MAX: usize = 64 << 10;
/// Bytes that all instructions of a program may become in all, those that turn out to be too long for it included.
const ALL_BYTES_MAX: usize = 1 << 20;

/// How much folding may make.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    each: usize,
    all: usize,
}

impl Room {
    /// What a program for rows has.
    pub const PROGRAM: Room = Room { each: FOLDED_BYTES_MAX, all: ALL_BYTES_MAX };
    /// Whatever comes out: for a program whose result is wanted once, and at once.
    pub const VALUE: Room = Room { each: usize::MAX, all: usize::MAX };

    /// Whether there is room for so many bytes; they are taken from it in any case.
    fn take(&mut self, len: usize) -> bool {
        let fits = len <= self.each.min(self.all);
        self.all = self.all.saturating_sub(len);
        fits
    }
}

/// Folds the constants of a verified program.
pub fn fold(program: &mut Program, mut room: Room) {
    let mut arena = Arena::new();
    // What each value has become.
    let mut now: Vec<Val> = (0..program.insts.len() as u32).map(Val).collect();
    for i in 0..program.insts.len() {
        let mut inst = program.insts[i].clone();
        inst.args.iter_mut().chain(&mut inst.guard).for_each(|v| *v = now[v.0 as usize]);
        drop_guard(program, &mut inst);
        // Constants are copies: what has been computed for others is not needed any more.
        arena.reset();
        match simpler(program, &inst, &arena, &mut room) {
            Simpler::Same => {}
            Simpler::Value(v) => now[i] = v,
            Simpler::Op(op) => inst = Inst { op, args: vec![], guard: None, fail: Fail::Never, ..inst },
        }
        inst.nullable &= may_be_null(program, &inst);
        program.insts[i] = inst;
    }
    let renamed = |v: &mut Val| *v = now[v.0 as usize];
    program.outs.iter_mut().for_each(|o| renamed(&mut o.val));
    program.time.iter_mut().for_each(|t| renamed(&mut t.val));
    program.filter.iter_mut().for_each(renamed);
    if program.filter.and_then(|f| constant(program, f)) == Some(Some(Const::Bool(true))) {
        program.filter = None;
    }
    sweep(program);
}

/// What an instruction can be replaced with.
enum Simpler {
    Same,
    Value(Val),
    Op(Op),
}

/// A guard that is always true is none; one that is never true means that nothing fails (it stays at functions, which it
/// keeps from being called).
fn drop_guard(program: &Program, inst: &mut Inst) {
    match inst.guard.and_then(|g| constant(program, g)) {
        Some(Some(Const::Bool(true))) => inst.guard = None,
        Some(_) if matches!(inst.fail, Fail::Site(_)) => {
            inst.fail = Fail::Never;
            if !matches!(inst.op, Op::Call(_) | Op::CallRust(_)) {
                inst.guard = None;
            }
        }
        _ => {}
    }
}

/// The constant, `None` inside for NULL.
fn constant(program: &Program, v: Val) -> Option<Option<Const>> {
    match &program.insts[v.0 as usize].op {
        Op::Const(c) => Some(Some(c.clone())),
        Op::Null => Some(None),
        _ => None,
    }
}

fn simpler(program: &Program, inst: &Inst, arena: &Arena, room: &mut Room) -> Simpler {
    let arg = |i: usize| constant(program, inst.args[i]);
    let is = |i: usize, b: bool| arg(i) == Some(Some(Const::Bool(b)));
    let never_null = |i: usize| !program.insts[inst.args[i].0 as usize].nullable;
    let value = |i: usize| Simpler::Value(inst.args[i]);
    match inst.op {
        Op::Input(_) | Op::Const(_) | Op::Null | Op::WindowStart | Op::WindowEnd | Op::Now => Simpler::Same,
        Op::And if is(0, false) || is(1, true) => value(0),
        Op::And if is(1, false) || is(0, true) => value(1),
        Op::Or if is(0, true) || is(1, false) => value(0),
        Op::Or if is(1, true) || is(0, false) => value(1),
        Op::IsNull if never_null(0) => Simpler::Op(Op::Const(Const::Bool(false))),
        Op::Select => match arg(0) {
            Some(Some(Const::Bool(true))) => value(1),
            Some(_) => value(2),
            None => Simpler::Same,
        },
        Op::NullUnless => match arg(1) {
            Some(Some(Const::Bool(true))) => value(0),
            Some(_) => Simpler::Op(Op::Null),
            None => Simpler::Same,
        },
        Op::Unwrap if never_null(0) => value(0),
        // The value of NULL is unspecified, so there is none to fold to.
        Op::Unwrap => Simpler::Same,
        Op::And | Op::Or | Op::IsNull => run(program, inst, arena, room),
        Op::CallRust(ref f) => {
            let is_null = |i: usize| f.is_strict(i) && arg(i) == Some(None);
            if (0..inst.args.len()).any(is_null) { Simpler::Op(Op::Null) } else { Simpler::Same }
        }
        _ if (0..inst.args.len()).any(|i| arg(i) == Some(None)) => Simpler::Op(Op::Null),
        _ => run(program, inst, arena, room),
    }
}

/// Runs an instruction whose arguments are all constants, where there is room.
fn run(program: &Program, inst: &Inst, arena: &Arena, room: &mut Room) -> Simpler {
    if inst.repr.is_reference() && room.all == 0 {
        return Simpler::Same;
    }
    let mut lanes: Vec<Lane> = Vec::new();
    for arg in &inst.args {
        lanes.push(match &program.insts[arg.0 as usize].op {
            Op::Const(c) if len(c) <= room.each => (eval::const_cell(c), true),
            Op::Null => eval::NULL,
            _ => return Simpler::Same,
        });
    }
    if inst.guard.is_some() {
        return Simpler::Same;
    }
    let repr = inst.args.first().map_or(inst.repr, |a| program.insts[a.0 as usize].repr);
    // SAFETY: the program is verified; texts are those of its constants, which stay where they are.
    let (lane, failed) = unsafe { eval::eval(inst, &lanes, repr, true, arena) };
    if failed && inst.fail != Fail::Null {
        return Simpler::Same;
    }
    match lane {
        (_, false) => Simpler::Op(Op::Null),
        // Bytes are what a text is, too.
        (cell, true) if inst.repr.is_reference() && !room.take(BytesRef::from_cell(cell).len()) => {
            Simpler::Same
        }
        // SAFETY: a text of the arena or of a constant.
        (cell, true) => Simpler::Op(Op::Const(unsafe { to_const(inst.repr, cell) })),
    }
}

/// Bytes of a constant, where they may be many.
fn len(c: &Const) -> usize {
    match c {
        Const::Text(text) => text.len(),
        Const::Bytes(bytes) => bytes.len(),
        _ => 0,
    }
}

/// The constant of a cell.
///
/// # Safety
/// A text is alive.
unsafe fn to_const(repr: Repr, cell: Cell) -> Const {
    match repr {
        Repr::Bool => Const::Bool(cell[0] != 0),
        Repr::Int => Const::Int(cell[0] as i64),
        Repr::Float => Const::Float(f64::from_bits(eval::stored(repr, (cell, true))[0])),
        // SAFETY: by contract.
        Repr::Text => Const::Text(unsafe { TextRef::from_cell(cell).as_str() }.to_owned()),
        // SAFETY: by contract.
        Repr::Bytes => Const::Bytes(unsafe { BytesRef::from_cell(cell).as_bytes() }.to_vec()),
        Repr::Interval => Const::Interval(Interval::from_cell(cell)),
        Repr::Wide => Const::Wide(wide_of(cell)),
    }
}

/// Removes instructions that nobody reads and that cannot raise a site.
fn sweep(program: &mut Program) {
    let mut used = vec![false; program.insts.len()];
    let roots = program.outs.iter().map(|o| o.val).chain(program.time.map(|t| t.val)).chain(program.filter);
    roots.for_each(|v| used[v.0 as usize] = true);
    for (i, inst) in program.insts.iter().enumerate().rev() {
        used[i] |= matches!(inst.fail, Fail::Site(_));
        if used[i] {
            inst.args.iter().chain(&inst.guard).for_each(|v| used[v.0 as usize] = true);
        }
    }
    let mut place = vec![Val(0); used.len()];
    let mut next = 0;
    for (i, used) in used.iter().enumerate() {
        place[i] = Val(next);
        next += *used as u32;
    }
    program.split = used[..program.split].iter().filter(|u| **u).count();
    let mut index = 0..;
    program.insts.retain(|_| index.next().is_some_and(|i: usize| used[i]));
    let moved = |v: &mut Val| *v = place[v.0 as usize];
    program.insts.iter_mut().flat_map(|i| i.args.iter_mut().chain(&mut i.guard)).for_each(moved);
    program.outs.iter_mut().for_each(|o| moved(&mut o.val));
    program.time.iter_mut().for_each(|t| moved(&mut t.val));
    program.filter.iter_mut().for_each(moved);
}

#[cfg(test)]
mod tests {
    use super::super::{CmpOp, Out, Range, verify};
    use super::*;
    use crate::functions::RustFn;
    use laminar_runtime::function::Registered;
    use laminar_runtime::scalar::FnId;
    use std::sync::Arc;

    struct Build(Program);

    impl Build {
        fn push(&mut self, op: Op, args: &[Val], repr: Repr, fail: Fail) -> Val {
            let mut inst = Inst { op, args: args.to_vec(), repr, nullable: false, guard: None, fail };
            inst.nullable = may_be_null(&self.0, &inst);
            self.0.insts.push(inst);
            Val(self.0.insts.len() as u32 - 1)
        }

        fn int(&mut self, i: i64) -> Val {
            self.push(Op::Const(Const::Int(i)), &[], Repr::Int, Fail::Never)
        }

        fn out(mut self, v: Val, expected: &str) {
            self.0.outs.push(Out { val: v, nullable: true });
            self.0.split = self.0.insts.len();
            verify(&self.0).unwrap();
            fold(&mut self.0, Room::PROGRAM);
            verify(&self.0).unwrap();
            let text = self.0.to_string();
            let lines: Vec<_> = text.lines().filter(|l| !l.starts_with("in0")).collect();
            assert_eq!(lines.join("; "), expected);
        }
    }

    fn build() -> Build {
        let input = super::super::Input { name: "a".into(), column: 0, repr: Repr::Int, nullable: true };
        Build(Program { inputs: vec![input], ..Program::default() })
    }

    #[test]
    fn arithmetic() {
        let mut b = build();
        let (x, y) = (b.int(20), b.int(22));
        let sum = b.push(Op::Add(Range::I32), &[x, y], Repr::Int, Fail::Site(0));
        b.out(sum, "%0:int = const 42; out %0?");
    }

    #[test]
    fn what_fails_stays() {
        let mut b = build();
        let (x, y) = (b.int(1), b.int(0));
        let q = b.push(Op::Rem, &[x, y], Repr::Int, Fail::Site(3));
        b.out(q, "%0:int = const 1; %1:int = const 0; %2:int = rem %0, %1 !site3; out %2?");
    }

    #[test]
    fn try_gives_null() {
        let mut b = build();
        let x = b.int(1 << 40);
        let fit = b.push(Op::Fit(Range::I32), &[x], Repr::Int, Fail::Null);
        let is_null = b.push(Op::IsNull, &[fit], Repr::Bool, Fail::Never);
        b.out(is_null, "%0:bool = const true; out %0?");
    }

    #[test]
    fn functions_run() {
        let mut b = build();
        let x = b.push(Op::Const(Const::Text("TrÄNE".into())), &[], Repr::Text, Fail::Never);
        let lower = Op::Call(FnId::by_name("lower").unwrap());
        let l = b.push(lower, &[x], Repr::Text, Fail::Never);
        b.out(l, "%0:text = const \"trÄne\"; out %0?");
    }

    #[test]
    fn what_is_long_stays() {
        let repeat = |b: &mut Build, x: Val, n: i64| {
            let n = b.int(n);
            b.push(Op::Call(FnId::by_name("repeat").unwrap()), &[x, n], Repr::Text, Fail::Site(0))
        };
        let x = |b: &mut Build| b.push(Op::Const(Const::Text("x".into())), &[], Repr::Text, Fail::Never);
        let length = Op::Call(FnId::by_name("length").unwrap());
        let folded = |room, n: i64| {
            let mut b = build();
            let (x, long) = (x(&mut b), FOLDED_BYTES_MAX as i64);
            let first = repeat(&mut b, x, long);
            let longer = repeat(&mut b, x, long + n);
            let longest = repeat(&mut b, longer, 100);
            b.push(length.clone(), &[longest], Repr::Int, Fail::Never);
            b.0.outs = vec![Out { val: first, nullable: true }, Out { val: longest, nullable: true }];
            b.0.split = b.0.insts.len();
            fold(&mut b.0, room);
            verify(&b.0).unwrap();
            let lens = b.0.insts.iter().filter_map(|i| match &i.op {
                Op::Const(c @ Const::Text(_)) => Some(len(c)),
                _ => None,
            });
            lens.collect::<Vec<_>>()
        };
        assert_eq!(folded(Room::PROGRAM, 1), [1, FOLDED_BYTES_MAX]);
        assert_eq!(folded(Room::VALUE, 1), [FOLDED_BYTES_MAX, 100 * (FOLDED_BYTES_MAX + 1)]);
        // Many short ones are long, too.
        let mut b = build();
        let x = x(&mut b);
        let all: Vec<Val> = (0..40).map(|_| repeat(&mut b, x, FOLDED_BYTES_MAX as i64)).collect();
        b.0.outs = all.iter().map(|v| Out { val: *v, nullable: true }).collect();
        b.0.split = b.0.insts.len();
        fold(&mut b.0, Room::PROGRAM);
        let calls = b.0.insts.iter().filter(|i| matches!(i.op, Op::Call(_))).count();
        assert_eq!(calls, all.len() - ALL_BYTES_MAX / FOLDED_BYTES_MAX);
    }

    #[test]
    fn choices_of_constants() {
        let mut b = build();
        let a = b.push(Op::Input(0), &[], Repr::Int, Fail::Never);
        let one = b.int(1);
        let yes = b.push(Op::Cmp(CmpOp::Eq), &[one, one], Repr::Bool, Fail::Never);
        let no = b.push(Op::Not, &[yes], Repr::Bool, Fail::Never);
        let zero = b.int(0);
        // CASE WHEN FALSE THEN 1 / 0 ELSE a END
        let never = b.push(Op::Rem, &[one, zero], Repr::Int, Fail::Site(1));
        b.0.insts[never.0 as usize].guard = Some(no);
        let case = b.push(Op::Select, &[no, never, a], Repr::Int, Fail::Never);
        b.out(case, "%0:int? = input in0; out %0?");
    }

    #[test]
    fn nullability_tightens() {
        let mut b = build();
        let a = b.push(Op::Input(0), &[], Repr::Int, Fail::Never);
        let one = b.int(1);
        let null = b.push(Op::Null, &[], Repr::Bool, Fail::Never);
        let one_or_null = b.push(Op::Select, &[null, a, one], Repr::Int, Fail::Never);
        let neg = b.push(Op::Neg(Range::I64), &[one_or_null], Repr::Int, Fail::Never);
        b.out(neg, "%0:int = const -1; out %0?");
    }

    #[test]
    fn functions_of_the_user_are_never_called() {
        let registered =
            Registered::new(|_: i64, _: Option<i64>| -> i64 { panic!("while a program is compiled") });
        let f = Arc::new(RustFn::registered("f", registered));
        let check = |args: [Option<i64>; 2], expected: &str| {
            let mut b = Build(Program::default());
            let args = args.map(|v| match v {
                Some(v) => b.int(v),
                None => b.push(Op::Null, &[], Repr::Int, Fail::Never),
            });
            let call = b.push(Op::CallRust(f.clone()), &args, Repr::Int, Fail::Site(0));
            b.out(call, expected);
        };
        check(
            [Some(1), Some(2)],
            "%0:int = const 1; %1:int = const 2; %2:int = call_rust f %0, %1 !site0; out %2?",
        );
        check(
            [Some(1), None],
            "%0:int = const 1; %1:int? = null; %2:int = call_rust f %0, %1 !site0; out %2?",
        );
        check([None, Some(2)], "%0:int? = null; out %0?");
    }
}
