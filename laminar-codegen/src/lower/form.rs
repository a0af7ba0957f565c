//! Instructions for what NULL has a meaning in.

use super::build::Builder;
use crate::casts::failure;
use crate::diagnostic::Span;
use crate::functions::TOO_LONG;
use crate::plan::expr::{Expr, Form, Kind, Literal};
use crate::sir::{CmpOp, Const, Fail, Op, Val};
use laminar_runtime::schema::{Repr, Ty};

impl Builder<'_, '_> {
    pub(super) fn form(&mut self, form: Form, args: &[Expr], span: Span) -> Val {
        match form {
            Form::NullIf => self.null_if(&args[0], &args[1], span),
            Form::Greatest => self.extreme(CmpOp::Gt, args),
            Form::Least => self.extreme(CmpOp::Lt, args),
            Form::Distinct => self.distinct(&args[0], &args[1]),
            Form::RegexpExtract => self.regexp_part("regexp_extract", args, span),
            Form::RegexpSubstring => self.regexp_part("regexp_substring", args, span),
            Form::Concat => self.concat(args, span),
            Form::ConcatWs => self.concat_ws(&args[0], &args[1..], span),
            Form::Array => self.array(args, span),
            Form::One => self.array_of_one(&args[0]),
            Form::ArrayCat => self.array_cat(&args[0], &args[1], span),
            Form::Subscript => self.subscript(&args[0], &args[1]),
            Form::Any(op) => self.with_elements("array_any", op, args),
            Form::All(op) => self.with_elements("array_all", op, args),
            Form::LikeEach(_) => self.like_each(form.name(), args, span),
            Form::Slice => self.strict("array_slice", args, span),
            Form::ElementTexts => self.element_texts(&args[0], span),
            Form::Characters => self.strict("string_to_chars", args, span),
        }
    }

    fn null_if(&mut self, a: &Expr, b: &Expr, span: Span) -> Val {
        let (left, right) = (self.expr(a), self.expr(b));
        let (from, to) = (a.ty.unwrap_or(Ty::Varchar), b.ty.unwrap_or(Ty::Varchar));
        let fail = if from == to { Fail::Never } else { self.site_of(&failure(from, to), span) };
        let compared = self.cast(left, from, to, fail);
        let (compared, right) = (self.key_of(compared, b.ty), self.key_of(right, b.ty));
        let equal = self.emit(Op::Cmp(CmpOp::Eq), vec![compared, right], Repr::Bool);
        let keep = self.is_not_true(equal);
        let repr = self.repr(left);
        self.emit_as(Op::NullUnless, vec![left, keep], repr, true)
    }

    /// The first of the values that `better` holds for against all others; NULL only where all are.
    fn extreme(&mut self, better: CmpOp, args: &[Expr]) -> Val {
        let values: Vec<Val> = args.iter().map(|a| self.expr(a)).collect();
        let mut best = values[0];
        for &v in &values[1..] {
            let repr = self.repr(v);
            let (key, best_key) = (self.key_of(v, args[0].ty), self.key_of(best, args[0].ty));
            let mut take = self.emit(Op::Cmp(better), vec![key, best_key], Repr::Bool);
            if self.nullable(best) {
                let none = self.emit_as(Op::IsNull, vec![best], Repr::Bool, false);
                take = self.emit(Op::Or, vec![take, none], Repr::Bool);
            }
            let nullable = self.nullable(v) && self.nullable(best);
            let either = self.nullable(v) || self.nullable(best);
            let next = self.emit_as(Op::Select, vec![take, v, best], repr, either);
            best = if nullable == either { next } else { self.emit_as(Op::Unwrap, vec![next], repr, false) };
        }
        best
    }

    fn distinct(&mut self, a: &Expr, b: &Expr) -> Val {
        let ty = a.ty;
        let (a, b) = (self.expr(a), self.expr(b));
        let (key_a, key_b) = (self.key_of(a, ty), self.key_of(b, ty));
        let unequal = self.emit(Op::Cmp(CmpOp::Ne), vec![key_a, key_b], Repr::Bool);
        let unequal = self.is_true(unequal);
        if !self.nullable(a) && !self.nullable(b) {
            return unequal;
        }
        let (no_a, no_b) = (self.is_null(a), self.is_null(b));
        let one_null = self.emit(Op::Cmp(CmpOp::Ne), vec![no_a, no_b], Repr::Bool);
        self.emit(Op::Or, vec![one_null, unequal], Repr::Bool)
    }

    /// NULL is what the function gives where it is bad, so that a pattern that is none needs a check of its own.
    fn regexp_part(&mut self, function: &str, args: &[Expr], span: Span) -> Val {
        let values: Vec<Val> = args.iter().map(|a| self.expr(a)).collect();
        if !matches!(args[1].kind, Kind::Literal(_)) {
            let fail = self.site_of("text is not a regular expression", span);
            self.call("regexp_check", vec![values[1]], fail);
        }
        self.call(function, values, Fail::Null)
    }

    fn like_each(&mut self, function: &str, args: &[Expr], span: Span) -> Val {
        let values = args.iter().map(|a| self.expr(a)).collect();
        let usual = matches!(&args[2].kind, Kind::Literal(Literal::Text(escape)) if escape == "\\");
        let what = if usual { "LIKE pattern ends with the escape character" } else { "invalid LIKE escape" };
        let fail = self.site_of(what, span);
        self.call(function, values, fail)
    }

    pub(super) fn is_null(&mut self, v: Val) -> Val {
        if self.nullable(v) {
            self.emit_as(Op::IsNull, vec![v], Repr::Bool, false)
        } else {
            self.constant(Const::Bool(false))
        }
    }

    /// The text, empty where it is NULL.
    fn or_empty(&mut self, v: Val) -> Val {
        if !self.nullable(v) {
            return v;
        }
        let empty = self.constant(Const::Text(String::new()));
        let none = self.is_null(v);
        let value = self.emit_as(Op::Unwrap, vec![v], Repr::Text, false);
        self.emit(Op::Select, vec![none, empty, value], Repr::Text)
    }

    fn concat(&mut self, args: &[Expr], span: Span) -> Val {
        let fail = self.site_of(TOO_LONG, span);
        let values: Vec<Val> = args.iter().map(|a| self.expr(a)).collect();
        let mut all = self.or_empty(values[0]);
        for &v in &values[1..] {
            let next = self.or_empty(v);
            all = self.call("concat", vec![all, next], fail);
        }
        all
    }

    fn concat_ws(&mut self, separator: &Expr, args: &[Expr], span: Span) -> Val {
        let fail = self.site_of(TOO_LONG, span);
        let separator = self.expr(separator);
        let values: Vec<Val> = args.iter().map(|a| self.expr(a)).collect();
        let Some((&first, rest)) = values.split_first() else {
            let empty = self.constant(Const::Text(String::new()));
            return self.null_where_null(empty, separator);
        };
        // NULL as long as there was no text.
        let mut all = first;
        for &v in rest {
            let both = self.where_not_null(v, |b| {
                let head = b.call("concat", vec![all, separator], fail);
                b.call("concat", vec![head, v], fail)
            });
            all = self.choose(v, all, both, v);
        }
        let all = self.or_empty(all);
        self.null_where_null(all, separator)
    }

    /// What `f` computes, whose errors count only where `v` is not NULL.
    fn where_not_null(&mut self, v: Val, f: impl FnOnce(&mut Self) -> Val) -> Val {
        if !self.nullable(v) {
            return f(self);
        }
        let none = self.is_null(v);
        let there = self.emit(Op::Not, vec![none], Repr::Bool);
        self.guarded(there, f)
    }

    /// `before` where `v` is NULL, else `v` where `before` is NULL, else `both`.
    fn choose(&mut self, v: Val, before: Val, both: Val, alone: Val) -> Val {
        let mut value = both;
        if self.nullable(before) {
            let none = self.is_null(before);
            let nullable = self.nullable(alone) || self.nullable(both);
            value = self.emit_as(Op::Select, vec![none, alone, both], Repr::Text, nullable);
        }
        if self.nullable(v) {
            let none = self.is_null(v);
            let nullable = self.nullable(before) || self.nullable(value);
            value = self.emit_as(Op::Select, vec![none, before, value], Repr::Text, nullable);
        }
        value
    }

    fn null_where_null(&mut self, v: Val, other: Val) -> Val {
        if !self.nullable(other) {
            return v;
        }
        let none = self.is_null(other);
        let there = self.emit(Op::Not, vec![none], Repr::Bool);
        self.emit_as(Op::NullUnless, vec![v, there], Repr::Text, true)
    }
}
