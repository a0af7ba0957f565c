//! Chains of integer operations with constants, `price * 908 / 1000`: from a start that is not negative and small enough, nothing in
//! them can fail or become negative, so that one look at the start stands for all checks.
//!
//! Only a way to write the same down for the machine: what a chain computes, and where it fails, is what its links say.

use super::value::nullable;
use crate::sir::{Const, Fail, Inst, Op, Program, Range, Val};

/// Instructions each of which is used by the next only.
#[derive(Debug, PartialEq)]
pub(crate) struct Chain {
    /// What the first takes.
    pub start: Val,
    /// The greatest start with which none fails.
    pub start_max: i64,
    /// Their numbers, ascending.
    pub links: Vec<usize>,
}

impl Chain {
    /// The link whose value is that of the chain.
    pub fn last(&self) -> usize {
        self.links.last().copied().unwrap_or_default()
    }
}

/// A link: from what, and by which positive constant.
fn link(program: &Program, inst: &Inst) -> Option<(Val, i64)> {
    let constant = |val: Val| match program.insts[val.0 as usize].op {
        Op::Const(Const::Int(by)) if by > 0 => Some(by),
        _ => None,
    };
    let (&[a, b], true) = (&inst.args[..], inst.fail != Fail::Null) else { return None };
    let (from, by) = match inst.op {
        Op::Add(_) | Op::Mul(_) => constant(b).map(|by| (a, by)).or_else(|| constant(a).map(|by| (b, by)))?,
        Op::Div(_) | Op::Rem => (a, constant(b)?),
        _ => return None,
    };
    (!matches!(program.insts[from.0 as usize].op, Op::Const(_))).then_some((from, by))
}

/// The chains that are worth it: two operations at least, of which one can fail.
pub(crate) fn chains(program: &Program) -> Vec<Chain> {
    let uses = uses(program);
    let mut chains: Vec<Chain> = Vec::new();
    for (i, inst) in program.insts.iter().enumerate() {
        let Some((from, _)) = link(program, inst) else { continue };
        // Its errors move to its last link: past those of no other instruction, and not past the filter.
        let goes_on = |c: &Chain| {
            let between = &program.insts[c.last() + 1..i];
            c.last() == from.0 as usize
                && uses[c.last()] == 1
                && (c.last() < program.split) == (i < program.split)
                && !between.iter().any(|other| matches!(other.fail, Fail::Site(_)))
        };
        match chains.iter_mut().find(|c| goes_on(c)) {
            Some(chain) => chain.links.push(i),
            None => chains.push(Chain { start: from, start_max: 0, links: vec![i] }),
        }
    }
    chains.retain_mut(|chain| {
        chain.start_max = start_max(program, &chain.links);
        let fails = chain.links.iter().any(|&i| program.insts[i].fail != Fail::Never);
        let same = nullable(program, chain.start) == program.insts[chain.last()].nullable;
        chain.links.len() > 1 && fails && same && chain.start_max > 0
    });
    chains
}

/// How often each value is used.
fn uses(program: &Program) -> Vec<usize> {
    let mut uses = vec![0; program.insts.len()];
    let args = program.insts.iter().flat_map(|i| i.args.iter().chain(&i.guard)).copied();
    let outs = program.outs.iter().map(|o| o.val);
    for val in args.chain(outs).chain(program.filter).chain(program.time.map(|t| t.val)) {
        uses[val.0 as usize] += 1;
    }
    uses
}

/// The greatest start, not negative, with which every link stays in its range; 0 if there is none.
fn start_max(program: &Program, links: &[usize]) -> i64 {
    let mut most = i64::MAX as i128;
    for &i in links.iter().rev() {
        let inst = &program.insts[i];
        let Some((_, by)) = link(program, inst) else { return 0 };
        let by = by as i128;
        most = match inst.op {
            Op::Add(range) => most.min(greatest(range)) - by,
            Op::Mul(range) => most.min(greatest(range)) / by,
            Op::Div(range) => most.min(greatest(range)).saturating_mul(by).saturating_add(by - 1),
            // Its value is less than the constant, whatever it is of.
            _ if most >= by - 1 => i64::MAX as i128,
            _ => most,
        };
    }
    most.clamp(0, i64::MAX as i128) as i64
}

fn greatest(range: Range) -> i128 {
    match range {
        Range::I16 => i16::MAX as i128,
        Range::I32 => i32::MAX as i128,
        Range::I64 => i64::MAX as i128,
        Range::Dec18 => 999_999_999_999_999_999,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sir::{Input, Out};
    use laminar_runtime::schema::Repr;

    /// `in0` through operations with constants; the constants come first.
    fn program(ops: &[(Op, i64)], used_twice: Option<usize>) -> Program {
        let inst =
            |op, args: Vec<Val>, fail| Inst { op, args, repr: Repr::Int, nullable: false, guard: None, fail };
        let input = Input { name: "a".into(), column: 0, repr: Repr::Int, nullable: false };
        let mut insts = vec![inst(Op::Input(0), vec![], Fail::Never)];
        insts.extend(ops.iter().map(|(_, by)| inst(Op::Const(Const::Int(*by)), vec![], Fail::Never)));
        for (k, (op, _)) in ops.iter().enumerate() {
            let from = if k == 0 { 0 } else { insts.len() as u32 - 1 };
            let fail = if *op == Op::Rem { Fail::Never } else { Fail::Site(k as u16) };
            insts.push(inst(op.clone(), vec![Val(from), Val(k as u32 + 1)], fail));
        }
        let twice = used_twice.map(|k| Val((ops.len() + 1 + k) as u32));
        let outs = [Some(Val(insts.len() as u32 - 1)), twice].into_iter().flatten();
        let outs = outs.map(|val| Out { val, nullable: false }).collect();
        Program { inputs: vec![input], split: 0, insts, outs, ..Program::default() }
    }

    fn start_of(ops: &[(Op, i64)]) -> Option<i64> {
        chains(&program(ops, None)).first().map(|c| c.start_max)
    }

    #[test]
    fn the_greatest_start_is_exact() {
        use Op::{Add, Div, Mul, Rem};
        use Range::{Dec18, I32, I64};
        assert_eq!(start_of(&[(Mul(I64), 908), (Div(I64), 1000)]), Some(i64::MAX / 908));
        assert_eq!(start_of(&[(Mul(I32), 2), (Add(I32), 7)]), Some((i32::MAX as i64 - 7) / 2));
        assert_eq!(start_of(&[(Add(I32), 7), (Mul(I32), 2)]), Some(i32::MAX as i64 / 2 - 7));
        assert_eq!(start_of(&[(Mul(Dec18), 1000), (Rem, 7)]), Some(999_999_999_999_999));
        // What comes out of the remainder is small, what goes in need not be.
        assert_eq!(start_of(&[(Rem, 100), (Mul(I64), 3)]), Some(i64::MAX));
        assert_eq!(start_of(&[(Div(I64), 1000), (Mul(I64), 1000)]), Some(i64::MAX / 1000 * 1000 + 807));
    }

    #[test]
    fn what_is_no_chain() {
        use Op::{Div, Mul, Rem, Sub};
        let mul = |by| (Mul(Range::I64), by);
        assert_eq!(start_of(&[mul(908)]), None);
        assert_eq!(start_of(&[(Rem, 10), (Rem, 3)]), None);
        assert_eq!(start_of(&[mul(-3), (Div(Range::I64), 2)]), None);
        assert_eq!(start_of(&[mul(3), (Sub(Range::I64), 2)]), None);
        let chain = [mul(3), (Div(Range::I64), 2)];
        assert_eq!(chains(&program(&chain, None)).len(), 1);
        assert_eq!(chains(&program(&chain, Some(0))), [], "the first link is used twice");
        let mut split = program(&chain, None);
        split.split = split.insts.len() - 1;
        assert_eq!(chains(&split), [], "a filter is between");
        let mut other = program(&chain, None);
        let last = other.insts.pop().unwrap_or_else(|| unreachable!());
        let zero = Inst { op: Op::NonZero, args: vec![Val(0)], ..last.clone() };
        other.insts.extend([zero, last]);
        other.outs[0].val = Val(other.insts.len() as u32 - 1);
        assert_eq!(chains(&other), [], "another error is between");
    }
}
