//! Checks that a program is well formed. What passes here, every back end compiles and no back end needs to check again.
//!
//! - arguments, guards and outputs name earlier instructions; the filter and the time come before the split;
//! - arguments have the representations of the operation;
//! - what may be NULL says so: an instruction or column may claim less than is true (`nullable` where no NULL
//!   can come), never more;
//! - only operations that can fail have a failure; guards are Bools that are never NULL.

use super::text::repr_name;
use super::{Const, Fail, Inst, Op, Program, Val};
use laminar_runtime::function::ARGUMENTS_MAX;
use laminar_runtime::scalar::FUNCTIONS;
use laminar_runtime::schema::Repr;

/// Checks a program.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(program: &Program) -> Result<(), String> {
    let count = program.insts.len();
    if program.split > count {
        return Err(format!("split {} is past the end ({count})", program.split));
    }
    for (i, inst) in program.insts.iter().enumerate() {
        Checker { program, limit: i }
            .inst(inst)
            .map_err(|what| format!("%{i}: {what} in `{}`", display(i, inst)))?;
    }
    let before_split = Checker { program, limit: program.split };
    if let Some(filter) = program.filter {
        before_split.repr(filter, Repr::Bool).map_err(|what| format!("filter: {what}"))?;
    }
    if let Some(time) = program.time {
        let inst = before_split.repr(time.val, Repr::Int).map_err(|what| format!("time: {what}"))?;
        if inst.nullable && time.null_site.is_none() {
            return Err("time: may be NULL but has no site".into());
        }
    }
    let all = Checker { program, limit: count };
    for (i, out) in program.outs.iter().enumerate() {
        let inst = all.get(out.val).map_err(|what| format!("out {i}: {what}"))?;
        if inst.nullable && !out.nullable {
            return Err(format!("out {i}: {} may be NULL, the column not", out.val));
        }
    }
    Ok(())
}

fn display(i: usize, inst: &Inst) -> String {
    // A function number out of range cannot be printed by name.
    match inst.op {
        Op::Call(id) if id.0 as usize >= FUNCTIONS.len() => format!("%{i}: call #{}", id.0),
        _ => format!("%{i}:{inst}"),
    }
}

/// Looks at one instruction (or at the program's roots): values below `limit` exist.
struct Checker<'a> {
    program: &'a Program,
    limit: usize,
}

impl<'a> Checker<'a> {
    fn get(&self, val: Val) -> Result<&'a Inst, String> {
        match self.program.insts.get(val.0 as usize) {
            Some(inst) if (val.0 as usize) < self.limit => Ok(inst),
            _ => Err(format!("{val} does not come before")),
        }
    }

    fn repr(&self, val: Val, expected: Repr) -> Result<&'a Inst, String> {
        let inst = self.get(val)?;
        if inst.repr != expected {
            return Err(format!("{val} is {}, not {}", repr_name(inst.repr), repr_name(expected)));
        }
        Ok(inst)
    }

    fn inst(&self, inst: &Inst) -> Result<(), String> {
        self.shape(inst)?;
        self.nullability(inst)?;
        if inst.fail != Fail::Never && !can_fail(&inst.op) {
            return Err("cannot fail, but says what failure does".into());
        }
        if let Some(guard) = inst.guard
            && self.repr(guard, Repr::Bool)?.nullable
        {
            return Err(format!("guard {guard} may be NULL"));
        }
        Ok(())
    }

    /// Number and representations of the arguments, and the representation of the result.
    fn shape(&self, inst: &Inst) -> Result<(), String> {
        use Repr::*;
        let same = inst.repr;
        match &inst.op {
            Op::Input(i) => match self.program.inputs.get(*i as usize) {
                None => Err(format!("there is no in{i}")),
                Some(input) => self.fixed(inst, &[], input.repr),
            },
            Op::Const(c) => self.fixed(inst, &[], const_repr(c)),
            Op::Null => self.fixed(inst, &[], same),
            Op::WindowStart | Op::WindowEnd | Op::Now => self.fixed(inst, &[], Int),
            Op::Add(_) | Op::Sub(_) | Op::Mul(_) | Op::Div(_) | Op::Rem => self.fixed(inst, &[Int, Int], Int),
            Op::Neg(_) | Op::NonZero | Op::NonNegative | Op::Fit(_) => self.fixed(inst, &[Int], Int),
            Op::FAdd | Op::FSub | Op::FMul | Op::FDiv => self.fixed(inst, &[Float, Float], Float),
            Op::FNeg | Op::NormFloat => self.fixed(inst, &[Float], Float),
            Op::Cmp(_) => {
                let repr = inst.args.first().map(|&a| self.get(a)).transpose()?.map_or(Int, |a| a.repr);
                self.fixed(inst, &[repr, repr], Bool)
            }
            Op::And | Op::Or => self.fixed(inst, &[Bool, Bool], Bool),
            Op::Not => self.fixed(inst, &[Bool], Bool),
            Op::IsNull => {
                let repr = inst.args.first().map(|&a| self.get(a)).transpose()?.map_or(Int, |a| a.repr);
                self.fixed(inst, &[repr], Bool)
            }
            Op::Select => self.fixed(inst, &[Bool, same, same], same),
            Op::NullUnless => self.fixed(inst, &[same, Bool], same),
            Op::Unwrap => self.fixed(inst, &[same], same),
            Op::RoundReal => self.fixed(inst, &[Float], Float),
            Op::Widen => self.fixed(inst, &[Int], Wide),
            Op::MulWide => self.fixed(inst, &[Int, Int], Wide),
            Op::IntToFloat => self.fixed(inst, &[Int], Float),
            Op::BoolToInt => self.fixed(inst, &[Bool], Int),
            Op::Call(id) => match FUNCTIONS.get(id.0 as usize) {
                None => Err(format!("there is no function {}", id.0)),
                Some(def) => self.fixed(inst, def.args, def.ret),
            },
            Op::CallRust(f) if f.args.len() > ARGUMENTS_MAX => {
                Err(format!("{f} has more than {ARGUMENTS_MAX} arguments"))
            }
            Op::CallRust(f) => {
                let args: Vec<Repr> = f.args.iter().map(|a| a.ty.repr()).collect();
                self.fixed(inst, &args, f.ret.ty.repr())
            }
        }
    }

    fn fixed(&self, inst: &Inst, args: &[Repr], result: Repr) -> Result<(), String> {
        if inst.args.len() != args.len() {
            return Err(format!("{} arguments instead of {}", inst.args.len(), args.len()));
        }
        for (&arg, &repr) in inst.args.iter().zip(args) {
            self.repr(arg, repr)?;
        }
        if inst.repr != result {
            return Err(format!("gives {}", repr_name(result)));
        }
        Ok(())
    }

    fn nullability(&self, inst: &Inst) -> Result<(), String> {
        if inst.op == Op::Unwrap && inst.nullable {
            return Err("unwraps to a value that may be NULL".into());
        }
        if may_be_null(self.program, inst) && !inst.nullable {
            return Err("may be NULL but does not say so".into());
        }
        Ok(())
    }
}

/// Whether the result of `inst`, an instruction of `program` with arguments in place, may be NULL.
pub(crate) fn may_be_null(program: &Program, inst: &Inst) -> bool {
    let nullable = |arg: &Val| program.insts[arg.0 as usize].nullable;
    match &inst.op {
        Op::Input(i) => program.inputs[*i as usize].nullable,
        Op::Null | Op::NullUnless => true,
        Op::Const(_) | Op::WindowStart | Op::WindowEnd | Op::Now | Op::IsNull | Op::Unwrap => false,
        Op::Select => inst.args[1..].iter().any(nullable),
        Op::CallRust(f) => {
            let strict = inst.args.iter().enumerate().any(|(i, arg)| f.is_strict(i) && nullable(arg));
            strict || f.gives_null() || inst.fail == Fail::Null
        }
        _ => inst.fail == Fail::Null || inst.args.iter().any(nullable),
    }
}

/// Whether an operation can fail at all.
pub(crate) fn can_fail(op: &Op) -> bool {
    match op {
        Op::Add(_) | Op::Sub(_) | Op::Mul(_) | Op::Neg(_) | Op::Div(_) | Op::Rem => true,
        Op::NonZero | Op::NonNegative | Op::Fit(_) | Op::CallRust(_) => true,
        Op::Call(id) => FUNCTIONS.get(id.0 as usize).is_some_and(|f| f.fallible),
        _ => false,
    }
}

/// How a constant is held.
pub(crate) fn const_repr(c: &Const) -> Repr {
    match c {
        Const::Bool(_) => Repr::Bool,
        Const::Int(_) => Repr::Int,
        Const::Float(_) => Repr::Float,
        Const::Text(_) => Repr::Text,
        Const::Bytes(_) => Repr::Bytes,
        Const::Interval(_) => Repr::Interval,
        Const::Wide(_) => Repr::Wide,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CmpOp, Input, Out, Range, Time};
    use super::*;
    use crate::functions::RustFn;
    use laminar_runtime::function::Registered;
    use std::sync::Arc;

    /// `in0 a: int?`, `in1 b: bool`; then the instructions given.
    fn program(insts: Vec<Inst>) -> Program {
        let input = |name: &str, repr, nullable| Input { name: name.into(), column: 0, repr, nullable };
        let inputs = vec![input("a", Repr::Int, true), input("b", Repr::Bool, false)];
        let mut all =
            vec![inst(Op::Input(0), &[], Repr::Int, true), inst(Op::Input(1), &[], Repr::Bool, false)];
        all.extend(insts);
        Program { inputs, split: all.len(), insts: all, ..Program::default() }
    }

    fn inst(op: Op, args: &[u32], repr: Repr, nullable: bool) -> Inst {
        let args = args.iter().map(|&a| Val(a)).collect();
        Inst { op, args, repr, nullable, guard: None, fail: Fail::Never }
    }

    fn check(program: &Program, expected: &str) {
        match verify(program) {
            Ok(()) => assert_eq!(expected, "", "\n{program}"),
            Err(e) => assert!(!expected.is_empty() && e.contains(expected), "{e}\n{expected}\n{program}"),
        }
    }

    #[test]
    fn dominance() {
        check(&program(vec![inst(Op::Not, &[1], Repr::Bool, false)]), "");
        check(&program(vec![inst(Op::Not, &[2], Repr::Bool, false)]), "%2 does not come before");
        check(&program(vec![inst(Op::Not, &[7], Repr::Bool, false)]), "%7 does not come before");
        let mut p = program(vec![]);
        p.filter = Some(Val(1));
        check(&p, "");
        p.split = 1;
        check(&p, "filter: %1 does not come before");
        p.split = 9;
        check(&p, "split 9 is past the end (2)");
    }

    #[test]
    fn representations() {
        check(&program(vec![inst(Op::Add(Range::I64), &[0, 0], Repr::Int, true)]), "");
        check(&program(vec![inst(Op::Add(Range::I64), &[0, 1], Repr::Int, true)]), "%1 is bool, not int");
        check(&program(vec![inst(Op::Add(Range::I64), &[0], Repr::Int, true)]), "1 arguments instead of 2");
        check(&program(vec![inst(Op::Cmp(CmpOp::Eq), &[0, 1], Repr::Bool, true)]), "%1 is bool, not int");
        check(&program(vec![inst(Op::Cmp(CmpOp::Eq), &[0, 0], Repr::Int, true)]), "gives bool");
        check(&program(vec![inst(Op::Input(2), &[], Repr::Int, true)]), "there is no in2");
        let wide = inst(Op::Null, &[], Repr::Wide, true);
        check(&program(vec![wide, inst(Op::Cmp(CmpOp::Eq), &[2, 2], Repr::Bool, true)]), "");
        check(&program(vec![inst(Op::MulWide, &[0, 0], Repr::Int, true)]), "gives wide");
    }

    #[test]
    fn nullability() {
        check(&program(vec![inst(Op::Neg(Range::I64), &[0], Repr::Int, false)]), "may be NULL but does not");
        check(&program(vec![inst(Op::IsNull, &[0], Repr::Bool, false)]), "");
        check(&program(vec![inst(Op::Select, &[1, 0, 0], Repr::Int, false)]), "may be NULL but does not");
        check(&program(vec![inst(Op::Unwrap, &[0], Repr::Int, false)]), "");
        check(&program(vec![inst(Op::Unwrap, &[0], Repr::Int, true)]), "unwraps to a value that may be NULL");
        let mut p = program(vec![]);
        p.outs.push(Out { val: Val(0), nullable: false });
        check(&p, "out 0: %0 may be NULL, the column not");
        p.outs[0].nullable = true;
        check(&p, "");
        p.time = Some(Time { val: Val(0), null_site: None });
        check(&p, "time: may be NULL but has no site");
    }

    #[test]
    fn failures_and_guards() {
        let failing = |op, fail, guard: Option<u32>| Inst {
            fail,
            guard: guard.map(Val),
            ..inst(op, &[0], Repr::Int, true)
        };
        check(&program(vec![failing(Op::NonZero, Fail::Site(1), Some(1))]), "");
        check(&program(vec![failing(Op::NonZero, Fail::Site(1), Some(0))]), "%0 is int, not bool");
        let is_null = Inst { fail: Fail::Site(1), ..inst(Op::IsNull, &[0], Repr::Bool, false) };
        check(&program(vec![is_null]), "cannot fail");
        let nullable_bool = inst(Op::Cmp(CmpOp::Eq), &[0, 0], Repr::Bool, true);
        check(
            &program(vec![nullable_bool, failing(Op::NonZero, Fail::Null, Some(2))]),
            "guard %2 may be NULL",
        );
    }

    #[test]
    fn functions_of_the_user() {
        let of = |f: RustFn| Op::CallRust(Arc::new(f));
        let strict = of(RustFn::registered("f", Registered::new(|a: i64, _: bool| a)));
        check(&program(vec![inst(strict.clone(), &[0, 1], Repr::Int, true)]), "");
        check(&program(vec![inst(strict.clone(), &[0, 1], Repr::Int, false)]), "may be NULL but does not");
        check(&program(vec![inst(strict.clone(), &[1, 1], Repr::Int, true)]), "%1 is bool, not int");
        check(&program(vec![inst(strict.clone(), &[0], Repr::Int, true)]), "1 arguments instead of 2");
        check(&program(vec![inst(strict, &[0, 1], Repr::Bool, true)]), "gives int");
        let takes_null = of(RustFn::registered("g", Registered::new(|a: Option<i64>| a.is_some())));
        check(&program(vec![inst(takes_null, &[0], Repr::Bool, false)]), "");
        let gives_null = of(RustFn::registered("h", Registered::new(|a: bool| a.then_some(1i64))));
        check(&program(vec![inst(gives_null, &[1], Repr::Int, false)]), "may be NULL but does not");
    }
}
