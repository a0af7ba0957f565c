//! Builds the scalar program of one edge.
//!
//! Equal instructions are made once. An instruction that can fail is shared only under the same guard, so that
//! a value needed in two branches raises its error only where a branch is taken.

use super::{Feed, Lowering};
use crate::diagnostic::Span;
use crate::functions::RustFn;
use crate::plan::expr::{Expr, Kind};
use crate::sir::{Const, Fail, Input, Inst, Op, Out, Program, Time, Val};
use laminar_runtime::plan::{Port, Site};
use laminar_runtime::scalar::FnId;
use laminar_runtime::schema::{Repr, Ty};
use std::collections::HashMap;
use std::sync::Arc;

/// Builds one program.
pub(super) struct Builder<'l, 'a> {
    pub(super) lowering: &'l mut Lowering<'a>,
    pub(super) port: Port,
    pub(super) program: Program,
    seen: HashMap<(String, Vec<Val>, Option<Val>), Val>,
    /// Where the lane must be active for an error to count.
    pub(super) guard: Option<Val>,
}

/// The program of an edge: the feed's filters, then `outs` (expression, whether the column has validity). Floats among
/// the `keys` take the form in which equal ones are equal bit for bit.
pub(super) fn program(
    lowering: &mut Lowering<'_>,
    feed: &Feed,
    outs: &[(Expr, bool)],
    keys: std::ops::Range<usize>,
    tracks: bool,
) -> Program {
    let time_column = match feed.port {
        Port::Source(s) => lowering.sources[s as usize].time.map(|(t, _)| t),
        _ => None,
    };
    let mut b = Builder {
        lowering,
        port: feed.port,
        program: Program { tracks, ..Program::default() },
        seen: HashMap::new(),
        guard: None,
    };
    if let Some(t) = time_column {
        let val = b.input(t);
        let null_site = b.nullable(val).then(|| {
            let name = b.lowering.sources_column(feed.port, t);
            b.site("event time is NULL", &name, Span::default())
        });
        b.program.time = Some(Time { val, null_site });
    }
    let mut pass: Option<Val> = None;
    for filter in &feed.filters {
        // Rows that one filter drops do not reach the next: its errors do not count.
        b.guard = pass.map(|p| b.is_true(p));
        let next = b.expr(filter);
        pass = Some(match pass {
            Some(p) => b.emit(Op::And, vec![p, next], Repr::Bool),
            None => next,
        });
    }
    b.guard = None;
    b.program.filter = pass;
    b.program.split = b.program.insts.len();
    for (column, (e, nullable)) in outs.iter().enumerate() {
        let mut val = b.expr(e);
        if keys.contains(&column) && b.repr(val) == Repr::Float {
            val = b.emit(Op::NormFloat, vec![val], Repr::Float);
        }
        if keys.contains(&column) {
            val = b.key_of(val, e.ty);
        }
        b.program.outs.push(Out { val, nullable: *nullable });
    }
    let mut program = b.program;
    crate::sir::fold(&mut program, b.lowering.room);
    debug_assert_eq!(crate::sir::verify(&program), Ok(()), "{program}");
    program
}

impl Lowering<'_> {
    fn sources_column(&self, port: Port, column: usize) -> String {
        match port {
            Port::Source(s) => self.sources[s as usize].columns[column].column.name.to_string(),
            _ => String::new(),
        }
    }
}

impl Builder<'_, '_> {
    pub(super) fn repr(&self, v: Val) -> Repr {
        self.program.insts[v.0 as usize].repr
    }

    pub(super) fn nullable(&self, v: Val) -> bool {
        self.program.insts[v.0 as usize].nullable
    }

    fn push(&mut self, inst: Inst) -> Val {
        let guard = if inst.fail == Fail::Never { None } else { inst.guard };
        let tried = if inst.fail == Fail::Null { " try" } else { "" };
        let key = (format!("{:?}{:?}{tried}", inst.op, inst.repr), inst.args.clone(), guard);
        if let Some(&v) = self.seen.get(&key) {
            return v;
        }
        // Raised whatever the guard says: it has been raised before this one.
        if let Some(&v) = guard.and_then(|_| self.seen.get(&(key.0.clone(), key.1.clone(), None))) {
            return v;
        }
        let v = Val(self.program.insts.len() as u32);
        self.program.insts.push(Inst { guard, ..inst });
        self.seen.insert(key, v);
        v
    }

    /// An instruction that cannot fail. Nullable if an argument is.
    pub(super) fn emit(&mut self, op: Op, args: Vec<Val>, repr: Repr) -> Val {
        let nullable = args.iter().any(|&a| self.nullable(a));
        self.push(Inst { op, args, repr, nullable, guard: None, fail: Fail::Never })
    }

    /// An instruction that cannot fail, of known nullability.
    pub(super) fn emit_as(&mut self, op: Op, args: Vec<Val>, repr: Repr, nullable: bool) -> Val {
        self.push(Inst { op, args, repr, nullable, guard: None, fail: Fail::Never })
    }

    /// An instruction that can fail.
    pub(super) fn emit_or(&mut self, op: Op, args: Vec<Val>, repr: Repr, fail: Fail) -> Val {
        let nullable = fail == Fail::Null || args.iter().any(|&a| self.nullable(a));
        let guard = self.guard;
        self.push(Inst { op, args, repr, nullable, guard, fail })
    }

    /// A call of a runtime function; `fail` matters only if it can fail.
    pub(super) fn call(&mut self, name: &str, args: Vec<Val>, fail: Fail) -> Val {
        let id = FnId::by_name(name).unwrap_or_else(|| unreachable!("`{name}` is in the runtime's table"));
        let def = id.def();
        match def.fallible {
            true => self.emit_or(Op::Call(id), args, def.ret, fail),
            false => self.emit(Op::Call(id), args, def.ret),
        }
    }

    /// A call of a function of the user's.
    pub(super) fn call_rust(&mut self, f: &Arc<RustFn>, args: Vec<Val>, fail: Fail) -> Val {
        let strict = args.iter().enumerate().any(|(i, &a)| f.is_strict(i) && self.nullable(a));
        let (nullable, repr) = (strict || f.gives_null(), f.ret.ty.repr());
        let guard = self.guard;
        self.push(Inst { op: Op::CallRust(f.clone()), args, repr, nullable, guard, fail })
    }

    pub(super) fn constant(&mut self, c: Const) -> Val {
        let repr = crate::sir::const_repr(&c);
        self.emit_as(Op::Const(c), vec![], repr, false)
    }

    pub(super) fn int(&mut self, v: i64) -> Val {
        self.constant(Const::Int(v))
    }

    /// A non-nullable Bool: whether `v` is TRUE.
    pub(super) fn is_true(&mut self, v: Val) -> Val {
        if !self.nullable(v) {
            return v;
        }
        let (yes, no) = (self.constant(Const::Bool(true)), self.constant(Const::Bool(false)));
        self.emit_as(Op::Select, vec![v, yes, no], Repr::Bool, false)
    }

    /// A non-nullable Bool: whether `v` is not TRUE.
    pub(super) fn is_not_true(&mut self, v: Val) -> Val {
        let t = self.is_true(v);
        self.emit(Op::Not, vec![t], Repr::Bool)
    }

    /// Runs `f` with the guard narrowed by the non-nullable `condition`.
    pub(super) fn guarded<T>(&mut self, condition: Val, f: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.guard;
        self.guard = Some(match before {
            Some(g) => self.emit(Op::And, vec![g, condition], Repr::Bool),
            None => condition,
        });
        let out = f(self);
        self.guard = before;
        out
    }

    /// The number of an error site.
    pub(super) fn site(&mut self, what: &str, sql: &str, span: Span) -> u16 {
        let shown = !span.is_empty();
        let (line, column) = if shown { self.lowering.text.line_column(span.start) } else { (0, 0) };
        self.numbered(Site { what: what.to_string().into(), sql: sql.to_string().into(), line, column })
    }

    /// A site at the place of another one that says something else.
    pub(super) fn site_again(&mut self, what: &str, other: u16) -> u16 {
        let other = self.lowering.sites[other as usize].clone();
        self.numbered(Site { what: what.to_string().into(), ..other })
    }

    fn numbered(&mut self, site: Site) -> u16 {
        let sites = &mut self.lowering.sites;
        let i = sites.iter().position(|s| *s == site).unwrap_or_else(|| {
            sites.push(site);
            sites.len() - 1
        });
        i as u16
    }

    /// The site of an expression.
    pub(super) fn site_of(&mut self, what: &str, span: Span) -> Fail {
        let sql = self.lowering.text.text(span).to_string();
        Fail::Site(self.site(what, &sql, span))
    }

    /// A column of the source; its event time may be NULL here.
    fn input(&mut self, column: usize) -> Val {
        let Port::Source(s) = self.port else { unreachable!("only sources have columns") };
        let source = &self.lowering.sources[s as usize].columns[column];
        let (name, ty, nullable, unsigned) =
            (source.column.name.to_string(), source.column.ty, source.column.nullable, source.unsigned);
        let v = self.load(Input { name: name.clone(), column: column as u32, repr: ty.repr(), nullable });
        if unsigned {
            let site = Fail::Site(self.site("value is out of range for BIGINT", &name, Span::default()));
            return self.emit_or(Op::NonNegative, vec![v], Repr::Int, site);
        }
        v
    }

    /// An input of the program.
    fn load(&mut self, input: Input) -> Val {
        let i = self.program.inputs.iter().position(|x| *x == input).unwrap_or_else(|| {
            self.program.inputs.push(input.clone());
            self.program.inputs.len() - 1
        });
        self.emit_as(Op::Input(i as u32), vec![], input.repr, input.nullable)
    }

    /// A part of the group row.
    pub(super) fn part(&mut self, part: usize) -> Val {
        let Port::Group(g) = self.port else { unreachable!("only group nodes have parts") };
        let (inputs, _) = crate::ir::group_parts(&self.lowering.groups[g as usize].plan);
        self.load(inputs[part].clone())
    }

    /// A column of the start of the feed.
    pub(super) fn column(&mut self, index: usize) -> Val {
        match self.port {
            Port::Source(s) => {
                let v = self.input(index);
                let is_time = self.lowering.sources[s as usize].time.is_some_and(|(t, _)| t == index);
                if is_time && self.nullable(v) {
                    self.emit_as(Op::Unwrap, vec![v], Repr::Int, false)
                } else {
                    v
                }
            }
            Port::Group(g) => self.result(g as usize, index),
            Port::Output => unreachable!("nothing starts at the output"),
        }
    }

    /// The value of an expression.
    pub(super) fn expr(&mut self, e: &Expr) -> Val {
        match &e.kind {
            Kind::Column(i) => self.column(*i),
            Kind::Null | Kind::Error => {
                let repr = e.ty.unwrap_or(Ty::Varchar).repr();
                self.emit_as(Op::Null, vec![], repr, true)
            }
            _ => self.compute(e),
        }
    }
}
