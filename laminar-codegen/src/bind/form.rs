//! Binds what looks like a function and has a typing rule of its own: NULLIF, GREATEST, LEAST, IS DISTINCT FROM, concat and the
//! functions with words between their arguments.

use super::Binder;
use super::coerce::{common, common_of, is_unknown};
use super::expr::{Env, logic, not};
use super::operator::operator;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::functions;
use crate::plan::expr::{Expr, Form, Kind, Literal};
use crate::sir::CmpOp;
use laminar_runtime::schema::Ty;
use sqlparser::ast::{self, TrimWhereField};

impl Binder<'_> {
    /// The form of this name with these arguments, if there is one.
    pub(super) fn form(
        &mut self,
        name: &str,
        args: &[&ast::Expr],
        span: Span,
        env: &mut Env<'_>,
    ) -> Option<Expr> {
        let mut values = || args.iter().map(|a| self.expr(a, env)).collect::<Vec<_>>();
        Some(match name {
            "coalesce" => {
                let values = values();
                self.coalesce(values, span)
            }
            "nullif" => {
                let values = values();
                self.nullif(values, span)
            }
            "greatest" | "least" => {
                let values = values();
                let form = if name == "greatest" { Form::Greatest } else { Form::Least };
                self.extreme(form, values, span)
            }
            "concat" | "concat_ws" => {
                let values = values();
                self.concat_all(name, values, span)
            }
            "make_interval" if args.len() < 7 => {
                let mut parts = values();
                parts.resize_with(7, || Expr::literal(Literal::Int(0), Ty::Bigint, span));
                self.call(functions::by_name(name), name, parts, span)
            }
            "array_to_string" => {
                let values = values();
                self.array_to_string(values, span)
            }
            "string_to_array" => {
                let values = values();
                self.string_to_array(values, span)
            }
            "regexp_extract" | "regexp_substr" => {
                let values = values();
                self.regexp_extract(name, values, span)
            }
            "mod" => {
                let values = values();
                let Ok([a, b]) = <[Expr; 2]>::try_from(values) else {
                    return Some(self.wrong_count("mod", "two numbers", span));
                };
                self.arith(crate::plan::expr::ArithOp::Rem, a, b, span)
            }
            _ => return None,
        })
    }

    pub(super) fn wrong_count(&mut self, name: &str, takes: &str, span: Span) -> Expr {
        self.fail(Diagnostic::error(code::FUNCTION_ARGUMENTS, span, format!("{name} takes {takes}")))
    }

    /// `NULLIF(a, b)` has the type of `a`; the comparison is that of `a = b`.
    fn nullif(&mut self, values: Vec<Expr>, span: Span) -> Expr {
        let Ok([a, b]) = <[Expr; 2]>::try_from(values) else {
            return self.wrong_count("nullif", "two values", span);
        };
        if a.is_error() || b.is_error() {
            return Expr::error(span);
        }
        let common = match common_of([&a, &b]) {
            Ok(common) => common.unwrap_or(Ty::Varchar),
            Err((a, b)) => return self.operator_types("=", a, b, span),
        };
        let a = if a.ty.is_none() || is_unknown(&a) { self.coerced(a, common) } else { a };
        let b = self.coerced(b, common);
        if a.is_error() || b.is_error() {
            return Expr::error(span);
        }
        Expr { ty: a.ty, kind: Kind::Form(Form::NullIf, vec![a, b]), nullable: true, span }
    }

    fn extreme(&mut self, form: Form, values: Vec<Expr>, span: Span) -> Expr {
        if values.iter().any(Expr::is_error) {
            return Expr::error(span);
        }
        let ty = match common_of(&values) {
            Ok(ty) => ty,
            Err((a, b)) => {
                return self.fail(
                    Diagnostic::error(
                        code::BRANCH_TYPES,
                        span,
                        format!("{} types {a} and {b} cannot be matched", form.name()),
                    )
                    .help("bring all values to one type with CAST(… AS …)"),
                );
            }
        };
        if values.is_empty() {
            return self.wrong_count(form.name(), "at least one value", span);
        }
        let nullable = values.iter().all(|v| v.nullable);
        let ty = ty.unwrap_or(Ty::Varchar);
        let values: Vec<Expr> = values.into_iter().map(|v| self.coerced(v, ty)).collect();
        if values.iter().any(Expr::is_error) {
            return Expr::error(span);
        }
        Expr { kind: Kind::Form(form, values), ty: Some(ty), nullable, span }
    }

    /// `a IS [NOT] DISTINCT FROM b`
    pub(super) fn distinct(&mut self, a: Expr, b: Expr, negated: bool, span: Span) -> Expr {
        if a.is_error() || b.is_error() {
            return Expr::error(span);
        }
        let ty = match common_of([&a, &b]) {
            Ok(ty) => ty.unwrap_or(Ty::Varchar),
            Err((a, b)) => return self.operator_types("IS DISTINCT FROM", a, b, span),
        };
        let (a, b) = (self.coerced(a, ty), self.coerced(b, ty));
        if a.is_error() || b.is_error() {
            return Expr::error(span);
        }
        let kind = Kind::Form(Form::Distinct, vec![a, b]);
        let distinct = Expr { kind, ty: Some(Ty::Boolean), nullable: false, span };
        if negated { not(distinct, span) } else { distinct }
    }

    /// `concat(…)` and `concat_ws(separator, …)` over values of any types.
    fn concat_all(&mut self, name: &str, values: Vec<Expr>, span: Span) -> Expr {
        let form = if name == "concat" { Form::Concat } else { Form::ConcatWs };
        if values.is_empty() {
            return self.wrong_count(name, "at least one value", span);
        }
        let texts: Vec<Expr> = values.into_iter().map(|v| self.shown(v)).collect();
        if texts.iter().any(Expr::is_error) {
            return Expr::error(span);
        }
        let nullable = form == Form::ConcatWs && texts[0].nullable;
        Expr { kind: Kind::Form(form, texts), ty: Some(Ty::Varchar), nullable, span }
    }

    /// The text that is shown for a value: that of the cast, but `t` and `f` for BOOLEAN.
    fn shown(&mut self, e: Expr) -> Expr {
        let (ty, at) = (e.ty, e.span);
        let text = self.cast(e, Ty::Varchar, false, at);
        match ty {
            Some(Ty::Boolean) => {
                let one = || Expr::literal(Literal::Int(1), Ty::Bigint, at);
                self.call(functions::by_name("substr"), "substr", vec![text, one(), one()], at)
            }
            _ => text,
        }
    }

    /// The first match, or a group of it.
    fn regexp_extract(&mut self, name: &str, mut args: Vec<Expr>, span: Span) -> Expr {
        if args.len() == 2 {
            args.push(Expr::literal(Literal::Int(0), Ty::Bigint, span));
        } else if args.len() != 3 || name == "regexp_substr" {
            return self.wrong_count(name, "a text and a pattern", span);
        }
        if args.iter().any(Expr::is_error) {
            return Expr::error(span);
        }
        for (arg, want) in args.iter_mut().zip([Ty::Varchar, Ty::Varchar, Ty::Bigint]) {
            if let Some(ty) = arg.ty.filter(|ty| !is_unknown(arg) && common(*ty, want) != Some(want)) {
                let message = format!("{name} does not take {ty} here");
                let d = Diagnostic::error(code::FUNCTION_ARGUMENTS, arg.span, message);
                return self.fail(d.label(format!("{want} expected")));
            }
            *arg = self.coerced(arg.clone(), want);
        }
        if args.iter().any(Expr::is_error) || !self.pattern_is_good(&args[1], None) {
            return Expr::error(span);
        }
        Expr { kind: Kind::Form(Form::RegexpExtract, args), ty: Some(Ty::Varchar), nullable: true, span }
    }

    /// `SUBSTRING(text FROM start [FOR length])`, or `FROM pattern`. As in PostgreSQL a text in quotes is a pattern there.
    pub(super) fn substring(&mut self, of: Expr, from: Expr, len: Option<Expr>, span: Span) -> Expr {
        if of.is_error() || from.is_error() || len.as_ref().is_some_and(Expr::is_error) {
            return Expr::error(span);
        }
        let is_text = |e: &Expr| e.ty == Some(Ty::Varchar);
        match len {
            Some(len) if is_text(&from) && is_text(&len) => {
                let what = "SUBSTRING with an escape, which takes a pattern of SIMILAR TO, is not supported";
                let d = Diagnostic::error(code::NOT_SUPPORTED, span, what);
                self.fail(d.help("SUBSTRING(text FROM pattern) takes a regular expression"))
            }
            None if is_text(&from) && of.ty.is_none_or(|ty| ty == Ty::Varchar) => {
                let of = self.coerced(of, Ty::Varchar);
                if of.is_error() || !self.pattern_is_good(&from, None) {
                    return Expr::error(span);
                }
                let kind = Kind::Form(Form::RegexpSubstring, vec![of, from]);
                Expr { kind, ty: Some(Ty::Varchar), nullable: true, span }
            }
            len => {
                let args = [of, from].into_iter().chain(len).collect();
                self.call(functions::by_name("substring"), "substring", args, span)
            }
        }
    }

    /// `x BETWEEN low AND high`
    pub(super) fn between(&mut self, x: Expr, low: Expr, high: Expr, negated: bool, span: Span) -> Expr {
        let copy = self.copy(&x);
        let ge = self.compare(CmpOp::Ge, copy, low, span);
        let le = self.compare(CmpOp::Le, x, high, span);
        let both = logic(Kind::And, ge, le, span);
        if negated { not(both, span) } else { both }
    }

    /// `TRIM([LEADING | TRAILING | BOTH] [characters FROM] text)`, `TRIM(text, characters)`
    pub(super) fn trim(
        &mut self,
        text: &ast::Expr,
        side: Option<&TrimWhereField>,
        characters: Option<&ast::Expr>,
        span: Span,
        env: &mut Env<'_>,
    ) -> Expr {
        let name = match side {
            Some(TrimWhereField::Leading) => "ltrim",
            Some(TrimWhereField::Trailing) => "rtrim",
            Some(TrimWhereField::Both) | None => "btrim",
        };
        let mut args = vec![self.expr(text, env)];
        args.extend(characters.map(|c| self.expr(c, env)));
        self.call(functions::by_name(name), "trim", args, span)
    }

    /// `ts AT TIME ZONE zone`: the name of a zone, or an interval that is its offset.
    pub(super) fn at_time_zone(
        &mut self,
        ts: &ast::Expr,
        zone: &ast::Expr,
        span: Span,
        env: &mut Env<'_>,
    ) -> Expr {
        let ts = self.expr(ts, env);
        let zone = self.expr(zone, env);
        if ts.is_error() || zone.is_error() {
            return Expr::error(span);
        }
        let ts = match ts.ty {
            None | Some(Ty::Date) => self.coerced(ts, Ty::Timestamp),
            _ if is_unknown(&ts) => self.coerced(ts, Ty::Timestamp),
            _ => ts,
        };
        let zone = if zone.ty.is_none() { self.coerced(zone, Ty::Varchar) } else { zone };
        match (ts.ty, zone.ty) {
            (Some(Ty::Timestamp), Some(Ty::Interval)) => {
                operator("timestamp AT TIME ZONE interval", vec![ts, zone], span)
            }
            (Some(Ty::Timestamp), Some(Ty::Varchar)) => {
                self.call_of(functions::operator("timestamp AT TIME ZONE text"), vec![ts, zone], span)
            }
            (Some(Ty::Timestamp), Some(ty)) => self.fail(
                Diagnostic::error(code::OPERATOR_TYPES, zone.span, format!("{ty} is no time zone"))
                    .label("the name of a zone or an INTERVAL expected")
                    .help("AT TIME ZONE 'Europe/Berlin', or INTERVAL '2 hours', which is east of Greenwich"),
            ),
            (Some(ty), _) => self.fail(
                Diagnostic::error(code::OPERATOR_TYPES, ts.span, format!("{ty} has no time zone"))
                    .label("TIMESTAMP expected"),
            ),
            (None, _) => Expr::error(span),
        }
    }
}
