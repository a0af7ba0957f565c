//! Binds calls of scalar functions: the signature that takes the arguments, COALESCE, functions with a unit.

use super::Binder;
use super::coerce::{common, is_unknown, scale};
use super::expr::{Env, not};
use crate::diagnostic::{Diagnostic, Span, closest, code};
use crate::functions::{self, ANY_ARRAY, ANY_DECIMAL, ANY_WIDE, ScalarFn};
use crate::plan::AggregateFn;
use crate::plan::expr::{Expr, Kind, Literal};
use laminar_runtime::schema::{DECIMAL_DIGITS_MAX, NARROW_DIGITS, Repr, Ty};
use sqlparser::ast::{self, FunctionArg, FunctionArgExpr, FunctionArguments, Value};

impl Binder<'_> {
    pub(super) fn with_variant(&mut self, name: &'static str, variant: &str, x: Expr, span: Span) -> Expr {
        if x.is_error() {
            return x;
        }
        let x = if is_unknown(&x) || x.ty.is_none() { self.coerced(x, Ty::Timestamp) } else { x };
        // As PostgreSQL: the start of a unit is a timestamp.
        let x =
            if name == "date_trunc" && x.ty == Some(Ty::Date) { self.coerced(x, Ty::Timestamp) } else { x };
        let Some(ty) = x.ty else { return Expr::error(span) };
        if let Some(f) = functions::variant(name, variant, ty) {
            let nullable = x.nullable;
            return Expr { kind: Kind::Call(f, vec![x]), ty: Some(f.ret), nullable, span };
        }
        let known = functions::variants(name);
        let d = if known.iter().any(|v| functions::same_unit(v, variant)) {
            Diagnostic::error(
                code::FUNCTION_ARGUMENTS,
                x.span,
                format!("{name} of {} does not take {ty}", variant.to_ascii_lowercase()),
            )
            .label(format!("this is {ty}"))
        } else {
            let d = Diagnostic::error(
                code::FUNCTION_ARGUMENTS,
                span,
                format!("{name} has no unit `{}`", variant.to_ascii_lowercase()),
            )
            .note(format!("units of {name}: {}", known.join(", ")));
            match closest(&variant.to_ascii_lowercase(), known.iter().copied()) {
                Some(near) => {
                    let d = d.label(format!("did you mean `{near}`?"));
                    match self.written_inside(span, variant) {
                        Some(at) => d.suggest(at, near),
                        None => d,
                    }
                }
                None => d,
            }
        };
        self.fail(d)
    }

    /// Where a word stands inside the parentheses of a call.
    fn written_inside(&self, call: Span, word: &str) -> Option<Span> {
        let text = self.text.sql().get(call.start..call.end)?.to_ascii_lowercase();
        let open = text.find('(')?;
        let start = call.start + open + text[open..].find(&word.to_ascii_lowercase())?;
        Some(Span::new(start, start + word.len()))
    }

    pub(super) fn function(&mut self, f: &ast::Function, span: Span, env: &mut Env<'_>) -> Expr {
        let name = f.name.to_string();
        if let Some(aggregate) = AggregateFn::by_name(&name) {
            return self.aggregate_call(aggregate, f, span, env);
        }
        if f.over.is_some() {
            return self.refuse(code::OVER_NOT_SUPPORTED, span, "OVER");
        }
        if f.filter.is_some() || !f.within_group.is_empty() || f.null_treatment.is_some() {
            return self.fail(Diagnostic::error(
                code::FUNCTION_ARGUMENTS,
                span,
                format!(
                    "{} is not an aggregate function: it takes no FILTER, WITHIN GROUP or NULLS clause",
                    name
                ),
            ));
        }
        if super::window::is_window_function(&name) {
            return self.fail(
                Diagnostic::error(
                    code::WINDOW_MISUSE,
                    span,
                    format!("{} belongs into GROUP BY or FROM", name.to_ascii_uppercase()),
                )
                .help("GROUP BY TUMBLE(…), then select window_start and window_end"),
            );
        }
        let Some(args) = self.plain_args(f, span) else { return Expr::error(span) };
        let lower = name.to_ascii_lowercase();
        if lower == "grouping" {
            return self.grouping_call(&args, span, env);
        }
        if let Some(form) = self.form(&lower, &args, span, env) {
            return form;
        }
        match lower.as_str() {
            "date_trunc" | "date_part" => {
                if let [unit, x] = args.as_slice()
                    && let ast::Expr::Value(v) = unit
                    && let Value::SingleQuotedString(unit) = &v.value
                {
                    let name = if lower == "date_trunc" { "date_trunc" } else { "extract" };
                    let x = self.expr(x, env);
                    return self.with_variant(name, unit, x, span);
                }
                return self.fail(
                    Diagnostic::error(
                        code::FUNCTION_ARGUMENTS,
                        span,
                        format!("{lower} takes a unit in quotes and a TIMESTAMP"),
                    )
                    .help(format!("{lower}('hour', ts)")),
                );
            }
            _ => {}
        }
        let bound: Vec<Expr> = args.iter().map(|a| self.expr(a, env)).collect();
        let signatures = functions::by_name(&name);
        if signatures.is_empty() {
            return match self.rust_function(&f.name) {
                Some(function) => self.rust_call(&function, bound, span),
                None => self.unknown_function(&name, span),
            };
        }
        self.call(signatures, &lower, bound, span)
    }

    /// The arguments of a call without names, stars and clauses.
    pub(super) fn plain_args<'e>(&mut self, f: &'e ast::Function, span: Span) -> Option<Vec<&'e ast::Expr>> {
        let bad = |what: &str| {
            Diagnostic::error(code::FUNCTION_ARGUMENTS, span, format!("{} takes no {what}", f.name))
        };
        let list = match &f.args {
            FunctionArguments::None => return Some(Vec::new()),
            FunctionArguments::Subquery(_) => {
                self.refuse(code::SUBQUERY_EXPRESSION, span, "a subquery in an expression");
                return None;
            }
            FunctionArguments::List(list) => list,
        };
        if list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
            self.fail(bad("DISTINCT, ALL or clauses among its arguments"));
            return None;
        }
        let mut args = Vec::new();
        for arg in &list.args {
            match arg {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(e)) => args.push(e),
                FunctionArg::Unnamed(_) => {
                    self.fail(bad("`*`"));
                    return None;
                }
                _ => {
                    self.fail(bad("named arguments"));
                    return None;
                }
            }
        }
        Some(args)
    }

    pub(super) fn coalesce(&mut self, mut values: Vec<Expr>, span: Span) -> Expr {
        let Some(last) = values.pop() else {
            return self.fail(Diagnostic::error(
                code::FUNCTION_ARGUMENTS,
                span,
                "coalesce takes at least one argument",
            ));
        };
        let all_nullable = values.iter().chain([&last]).all(|v| v.nullable);
        let arms = values
            .into_iter()
            .map(|v| {
                let at = v.span;
                let is = Expr {
                    kind: Kind::IsNull(Box::new(self.copy(&v))),
                    ty: Some(Ty::Boolean),
                    nullable: false,
                    span: at,
                };
                (not(is, at), v)
            })
            .collect();
        let e = self.branches(arms, Some(last), "COALESCE", span);
        Expr { nullable: all_nullable || e.is_error(), ..e }
    }

    /// The call of the signature that takes these arguments: one that takes them as they are, or else the first that takes them
    /// by implicit casts.
    pub(super) fn call(
        &mut self,
        signatures: Vec<&'static ScalarFn>,
        name: &str,
        args: Vec<Expr>,
        span: Span,
    ) -> Expr {
        if args.iter().any(Expr::is_error) {
            return Expr::error(span);
        }
        let of_arrays = |f: &&&'static ScalarFn| {
            f.args.len() == args.len() && f.args.iter().any(|a| matches!(*a, ANY_ARRAY))
        };
        if let Some(f) = signatures.iter().find(of_arrays) {
            return self.array_call(f, args, span);
        }
        if let Some(f) = choose(&signatures, &args) {
            return self.call_of(f, args, span);
        }
        let have: Vec<String> = args.iter().map(|a| a.ty.map_or("NULL".into(), |t| t.to_string())).collect();
        let mut d = Diagnostic::error(
            code::FUNCTION_ARGUMENTS,
            span,
            format!("function {name}({}) does not exist", have.join(", ")),
        );
        for f in &signatures {
            d = d.note(format!("{}: {}", f.signature(), f.doc));
        }
        if matches!((name, args.as_slice()), ("round" | "trunc", [Expr { ty: Some(Ty::Double), .. }, _])) {
            d = d.help(format!("{name}(CAST(x AS DECIMAL(18, 6)), 2)"));
        }
        self.fail(d)
    }

    /// The call of one signature, its arguments brought to the types that it takes.
    pub(super) fn call_of(&mut self, f: &'static ScalarFn, args: Vec<Expr>, span: Span) -> Expr {
        let nullable = f.fails == functions::NONE_IS_NULL || args.iter().any(|a| a.nullable);
        let bring = |binder: &mut Self, a: Expr, want: Ty| match (a.ty, want) {
            (Some(Ty::Decimal { .. }), ANY_DECIMAL | ANY_WIDE) => a,
            (_, ANY_DECIMAL) => binder.coerced(a, Ty::Decimal { precision: NARROW_DIGITS, scale: 0 }),
            (_, ANY_WIDE) => binder.coerced(a, Ty::Decimal { precision: DECIMAL_DIGITS_MAX, scale: 0 }),
            _ => binder.coerced(a, want),
        };
        let args: Vec<Expr> = args.into_iter().zip(f.args).map(|(a, t)| bring(self, a, *t)).collect();
        if args.iter().any(Expr::is_error) {
            return Expr::error(span);
        }
        if !self.constants_are_good(f, &args) {
            return Expr::error(span);
        }
        let ret = match (f.ret, args.as_slice()) {
            // The digits that a literal asks for; never more than there are.
            (ANY_DECIMAL | ANY_WIDE, [x, digits]) if f.scaled => {
                let has = x.ty.map_or(0, scale);
                let scale = match digits.kind {
                    Kind::Literal(Literal::Int(n)) => n.clamp(0, has.into()) as u8,
                    _ => has,
                };
                let precision = if f.ret == ANY_WIDE { DECIMAL_DIGITS_MAX } else { NARROW_DIGITS };
                Ty::Decimal { precision, scale }
            }
            (ANY_DECIMAL | ANY_WIDE, [x, ..]) => x.ty.unwrap_or(f.ret),
            (ret, _) => ret,
        };
        Expr { kind: Kind::Call(f, args), ty: Some(ret), nullable, span }
    }
}

/// The signature that takes the arguments.
pub(super) fn choose(signatures: &[&'static ScalarFn], args: &[Expr]) -> Option<&'static ScalarFn> {
    let fits = |f: &ScalarFn, takes: fn(&Expr, Ty, Ty) -> bool| {
        f.args.len() == args.len()
            && f.args.iter().zip(args).all(|(want, have)| have.ty.is_none_or(|ty| takes(have, ty, *want)))
    };
    let as_it_is = |have: &Expr, ty: Ty, want: Ty| {
        ty == want && !(is_unknown(have) && want != Ty::Varchar)
            || matches!(want, ANY_DECIMAL | ANY_WIDE)
                && matches!(ty, Ty::Decimal { .. })
                && ty.repr() == want.repr()
    };
    let by_cast = |have: &Expr, ty: Ty, want: Ty| {
        is_unknown(have)
            || common(ty, want) == Some(want)
            || want == ANY_DECIMAL
                && (ty.is_integer() || matches!(ty, Ty::Decimal { .. }) && ty.repr() == Repr::Int)
            || want == ANY_WIDE && matches!(ty, Ty::Decimal { .. }) && ty.repr() == Repr::Wide
    };
    let first = |takes| signatures.iter().copied().find(|f| fits(f, takes));
    first(as_it_is).or_else(|| first(by_cast))
}
