//! The textual form of programs: what EXPLAIN prints and tests compare.
//!
//! ```text
//! in0 volume: int? = column 2
//! %0:int? = input in0
//! %1:int = const 10
//! %2:bool = is_null %0
//! filter %2
//! %3:int? = add.i64 %0, %1 !site4 guard %2
//! out %3?
//! ```
//!
//! A `?` is "may be NULL"; `!siteN` raises error site N, `!null` gives NULL. It is written, never read back.

use super::{CmpOp, Const, Fail, Inst, Op, Program, Range, Val};
use laminar_runtime::schema::Repr;
use std::fmt;

impl fmt::Display for Val {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "%{}", self.0)
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, input) in self.inputs.iter().enumerate() {
            let (repr, null) = (repr_name(input.repr), question_mark(input.nullable));
            writeln!(f, "in{i} {}: {repr}{null} = column {}", input.name, input.column)?;
        }
        for (i, inst) in self.insts.iter().enumerate() {
            if i == self.split {
                self.write_split(f)?;
            }
            writeln!(f, "%{i}:{inst}")?;
        }
        if self.split >= self.insts.len() {
            self.write_split(f)?;
        }
        if !self.outs.is_empty() {
            let outs: Vec<_> =
                self.outs.iter().map(|o| format!("{}{}", o.val, question_mark(o.nullable))).collect();
            writeln!(f, "out {}", outs.join(", "))?;
        }
        if self.tracks {
            writeln!(f, "tracks")?;
        }
        Ok(())
    }
}

impl Program {
    /// What stands between the two parts: event time, then the filter.
    fn write_split(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(time) = self.time {
            write!(f, "time {}", time.val)?;
            if let Some(site) = time.null_site {
                write!(f, " !site{site}")?;
            }
            writeln!(f)?;
        }
        match self.filter {
            Some(filter) => writeln!(f, "filter {filter}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Inst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{} = {}", repr_name(self.repr), question_mark(self.nullable), self.op)?;
        for (i, arg) in self.args.iter().enumerate() {
            write!(f, "{}{arg}", if i == 0 { " " } else { ", " })?;
        }
        match self.fail {
            Fail::Never => {}
            Fail::Site(site) => write!(f, " !site{site}")?,
            Fail::Null => f.write_str(" !null")?,
        }
        match self.guard {
            Some(guard) => write!(f, " guard {guard}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Input(i) => write!(f, "input in{i}"),
            Op::Const(c) => write!(f, "const {c}"),
            Op::Null => f.write_str("null"),
            Op::WindowStart => f.write_str("window_start"),
            Op::WindowEnd => f.write_str("window_end"),
            Op::Now => f.write_str("now"),
            Op::Add(r) => write!(f, "add.{}", range_name(*r)),
            Op::Sub(r) => write!(f, "sub.{}", range_name(*r)),
            Op::Mul(r) => write!(f, "mul.{}", range_name(*r)),
            Op::Neg(r) => write!(f, "neg.{}", range_name(*r)),
            Op::Div(r) => write!(f, "div.{}", range_name(*r)),
            Op::Rem => f.write_str("rem"),
            Op::NonZero => f.write_str("non_zero"),
            Op::NonNegative => f.write_str("non_negative"),
            Op::Fit(r) => write!(f, "fit.{}", range_name(*r)),
            Op::FAdd => f.write_str("fadd"),
            Op::FSub => f.write_str("fsub"),
            Op::FMul => f.write_str("fmul"),
            Op::FDiv => f.write_str("fdiv"),
            Op::FNeg => f.write_str("fneg"),
            Op::Cmp(c) => write!(f, "cmp.{}", cmp_name(*c)),
            Op::And => f.write_str("and"),
            Op::Or => f.write_str("or"),
            Op::Not => f.write_str("not"),
            Op::IsNull => f.write_str("is_null"),
            Op::Select => f.write_str("select"),
            Op::NullUnless => f.write_str("null_unless"),
            Op::Unwrap => f.write_str("unwrap"),
            Op::IntToFloat => f.write_str("int_to_float"),
            Op::BoolToInt => f.write_str("bool_to_int"),
            Op::RoundReal => f.write_str("round_real"),
            Op::Widen => f.write_str("widen"),
            Op::MulWide => f.write_str("mul_wide"),
            Op::NormFloat => f.write_str("norm_float"),
            Op::Call(id) => write!(f, "call {}", id.def().name),
            Op::CallRust(function) => write!(f, "call_rust {}", function.name),
        }
    }
}

impl fmt::Display for Const {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Const::Bool(b) => write!(f, "{b}"),
            Const::Int(i) => write!(f, "{i}"),
            Const::Float(x) => write!(f, "{x:?}"),
            Const::Text(t) => write!(f, "{t:?}"),
            Const::Bytes(b) => write!(f, "{b:02x?}"),
            Const::Wide(w) => write!(f, "{w}"),
            Const::Interval(i) => write!(f, "{} months {} days {} ns", i.months, i.days, i.ns),
        }
    }
}

/// The name of a representation.
pub(super) const fn repr_name(repr: Repr) -> &'static str {
    match repr {
        Repr::Bool => "bool",
        Repr::Int => "int",
        Repr::Float => "float",
        Repr::Text => "text",
        Repr::Bytes => "bytes",
        Repr::Interval => "interval",
        Repr::Wide => "wide",
    }
}

const fn range_name(range: Range) -> &'static str {
    match range {
        Range::I16 => "i16",
        Range::I32 => "i32",
        Range::I64 => "i64",
        Range::Dec18 => "dec18",
    }
}

const fn cmp_name(cmp: CmpOp) -> &'static str {
    match cmp {
        CmpOp::Eq => "eq",
        CmpOp::Ne => "ne",
        CmpOp::Lt => "lt",
        CmpOp::Le => "le",
        CmpOp::Gt => "gt",
        CmpOp::Ge => "ge",
    }
}

const fn question_mark(nullable: bool) -> &'static str {
    if nullable { "?" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::super::{Fail, Input, Out, Time};
    use super::*;

    #[test]
    fn shows_everything() {
        let inst = |op, args: &[u32], repr, nullable| Inst {
            op,
            args: args.iter().map(|&a| Val(a)).collect(),
            repr,
            nullable,
            guard: None,
            fail: Fail::Never,
        };
        let add = Inst {
            fail: Fail::Site(4),
            guard: Some(Val(2)),
            ..inst(Op::Add(Range::I64), &[0, 1], Repr::Int, true)
        };
        let fit = Inst { fail: Fail::Null, ..inst(Op::Fit(Range::I32), &[3], Repr::Int, true) };
        let program = Program {
            inputs: vec![Input { name: "volume".into(), column: 2, repr: Repr::Int, nullable: true }],
            insts: vec![
                inst(Op::Input(0), &[], Repr::Int, true),
                inst(Op::Const(Const::Int(10)), &[], Repr::Int, false),
                inst(Op::IsNull, &[0], Repr::Bool, false),
                add,
                fit,
                inst(Op::Const(Const::Text("a\"b".into())), &[], Repr::Text, false),
            ],
            split: 3,
            filter: Some(Val(2)),
            time: Some(Time { val: Val(0), null_site: Some(7) }),
            outs: vec![Out { val: Val(4), nullable: true }, Out { val: Val(5), nullable: false }],
            tracks: true,
        };
        let expected = r#"in0 volume: int? = column 2
%0:int? = input in0
%1:int = const 10
%2:bool = is_null %0
time %0 !site7
filter %2
%3:int? = add.i64 %0, %1 !site4 guard %2
%4:int? = fit.i32 %3 !null
%5:text = const "a\"b"
out %4?, %5
tracks
"#;
        assert_eq!(program.to_string(), expected);
    }
}
