//! Binds scalar expressions: names to columns, operators and functions to typed ones.
//!
//! Never stops at an error: it notes the diagnostic and returns [`Expr::error`], which silences whatever uses it.

use super::Binder;
use super::aggregate::Grouping;
use super::array::written_array;
use super::coerce::{self, coerce, common_of, is_number, is_unknown};
use super::quantified::{Like, balanced};
use super::scope::Scope;
use crate::casts;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::functions;
use crate::plan::expr::{Expr, Kind, Literal};
use crate::sir::CmpOp;
use laminar_runtime::schema::Ty;
use sqlparser::ast::{self, CastKind, DateTimeField};

/// Parts of operands that may be copied for a query, in all.
const COPIED_PARTS_MAX: usize = 50_000;

/// What an expression can see.
pub(super) struct Env<'a> {
    /// Columns of the input.
    pub scope: &'a Scope,
    /// After GROUP BY: keys and aggregates instead of columns.
    pub grouping: Option<&'a mut Grouping>,
    /// The clause, for messages: `WHERE`.
    pub clause: &'static str,
}

impl Binder<'_> {
    /// Binds an expression.
    pub(super) fn expr(&mut self, e: &ast::Expr, env: &mut Env<'_>) -> Expr {
        if let Some(grouping) = env.grouping.as_deref_mut()
            && let Some(found) = grouping.key(e, self.at(e))
        {
            return found;
        }
        let span = self.at(e);
        self.lint(e, span);
        match e {
            ast::Expr::Nested(inner) => Expr { span, ..self.expr(inner, env) },
            ast::Expr::Identifier(ident) => self.column(std::slice::from_ref(ident), span, env),
            ast::Expr::CompoundIdentifier(parts) => self.column(parts, span, env),
            ast::Expr::Value(v) => self.value(&v.value, span),
            ast::Expr::TypedString(t) => self.typed_string(t, span),
            ast::Expr::Interval(_) => match crate::parse::interval_of(self.text, e) {
                Some(Ok(i)) => Expr::literal(Literal::Interval(i), Ty::Interval, span),
                Some(Err(d)) => self.fail(*d),
                None => self.unsupported(span, "this form of INTERVAL"),
            },
            ast::Expr::UnaryOp { op, expr } => self.unary(*op, expr, span, env),
            ast::Expr::BinaryOp { left, op, right } => self.binary(left, op, right, span, env),
            ast::Expr::IsNull(x) => self.is_null(x, false, span, env),
            ast::Expr::IsNotNull(x) => self.is_null(x, true, span, env),
            ast::Expr::IsUnknown(x) => self.is_null(x, false, span, env),
            ast::Expr::IsNotUnknown(x) => self.is_null(x, true, span, env),
            ast::Expr::IsTrue(x) => self.is_truth(x, true, false, span, env),
            ast::Expr::IsNotTrue(x) => self.is_truth(x, true, true, span, env),
            ast::Expr::IsFalse(x) => self.is_truth(x, false, false, span, env),
            ast::Expr::IsNotFalse(x) => self.is_truth(x, false, true, span, env),
            ast::Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated, span, env),
            ast::Expr::IsDistinctFrom(a, b) => {
                let (a, b) = (self.expr(a, env), self.expr(b, env));
                self.distinct(a, b, false, span)
            }
            ast::Expr::IsNotDistinctFrom(a, b) => {
                let (a, b) = (self.expr(a, env), self.expr(b, env));
                self.distinct(a, b, true, span)
            }
            ast::Expr::Between { expr, negated, low, high }
                if let ast::Expr::Prefixed { prefix, value } = &**low
                    && prefix.value.eq_ignore_ascii_case("symmetric") =>
            {
                let (x, a, b) = (self.expr(expr, env), self.expr(value, env), self.expr(high, env));
                let (copy_of_x, copy_of_a, copy_of_b) = (self.copy(&x), self.copy(&a), self.copy(&b));
                let up = self.between(copy_of_x, copy_of_a, copy_of_b, false, span);
                let down = self.between(x, b, a, false, span);
                let either = logic(Kind::Or, up, down, span);
                if *negated { not(either, span) } else { either }
            }
            ast::Expr::Between { expr, negated, low, high } => {
                let (x, low, high) = (self.expr(expr, env), self.expr(low, env), self.expr(high, env));
                self.between(x, low, high, *negated, span)
            }
            ast::Expr::Like { negated, any, expr, pattern, escape_char } => {
                let like = Like { text: expr, pattern, any: *any, escape: escape_char.as_deref() };
                self.like("like", like, *negated, span, env)
            }
            ast::Expr::ILike { negated, any, expr, pattern, escape_char } => {
                let like = Like { text: expr, pattern, any: *any, escape: escape_char.as_deref() };
                self.like("ilike", like, *negated, span, env)
            }
            ast::Expr::AnyOp { left, compare_op, right, .. } => {
                self.compare_any(false, [left, right], compare_op, span, env)
            }
            ast::Expr::AllOp { left, compare_op, right } => {
                self.compare_any(true, [left, right], compare_op, span, env)
            }
            ast::Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref(), span, env)
            }
            ast::Expr::Cast { kind, expr, data_type, format: None } => {
                let tried = matches!(kind, CastKind::TryCast | CastKind::SafeCast);
                let ty = crate::parse::sql_type(data_type, span, &mut self.diagnostics);
                if let Some(array) = ty.and_then(|ty| self.array_as(expr, ty, tried, span, env)) {
                    return array;
                }
                let inner = self.expr(expr, env);
                match ty {
                    Some(ty) => self.cast(inner, ty, tried, span),
                    None => Expr::error(span),
                }
            }
            ast::Expr::Extract { field, expr, .. } => {
                let x = self.expr(expr, env);
                let unit = match field {
                    DateTimeField::Custom(ident) => ident.value.clone(),
                    field => field.to_string(),
                };
                self.with_variant("extract", &unit, x, span)
            }
            ast::Expr::Substring { expr, substring_from, substring_for, shorthand, .. } => {
                let mut args = vec![self.expr(expr, env)];
                if let (Some(from), false) = (substring_from, *shorthand) {
                    let from = self.expr(from, env);
                    let len = substring_for.as_ref().map(|len| self.expr(len, env));
                    return self.substring(args.remove(0), from, len, span);
                }
                match substring_from {
                    Some(from) => args.push(self.expr(from, env)),
                    None => args.push(Expr::literal(Literal::Int(1), Ty::Integer, span)),
                }
                if let Some(len) = substring_for {
                    args.push(self.expr(len, env));
                }
                self.call(functions::by_name("substring"), "substring", args, span)
            }
            ast::Expr::Trim { expr, trim_where, trim_what, trim_characters } => {
                let characters = match (trim_what.as_deref(), trim_characters.as_deref()) {
                    (what, None) => what,
                    (None, Some([one])) => Some(one),
                    _ => return self.unsupported(span, "TRIM with several lists of characters"),
                };
                self.trim(expr, trim_where.as_ref(), characters, span, env)
            }
            ast::Expr::Position { expr, r#in } => {
                let args = vec![self.expr(r#in, env), self.expr(expr, env)];
                self.call(functions::by_name("strpos"), "position", args, span)
            }
            ast::Expr::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                let parts = [expr, overlay_what, overlay_from].into_iter().chain(overlay_for);
                let args = parts.map(|e| self.expr(e, env)).collect();
                self.call(functions::by_name("overlay"), "overlay", args, span)
            }
            ast::Expr::Ceil { expr, field } => self.rounding("ceil", expr, field, span, env),
            ast::Expr::Floor { expr, field } => self.rounding("floor", expr, field, span, env),
            ast::Expr::AtTimeZone { timestamp, time_zone } => {
                self.at_time_zone(timestamp, time_zone, span, env)
            }
            ast::Expr::Function(f) => self.function(f, span, env),
            e if let Some(array) = written_array(e) => self.array(array, span, env),
            ast::Expr::CompoundFieldAccess { root, access_chain } => {
                self.access(root, access_chain, span, env)
            }
            ast::Expr::Subquery(_) | ast::Expr::InSubquery { .. } | ast::Expr::Exists { .. } => {
                self.refuse(code::SUBQUERY_EXPRESSION, span, "a subquery in an expression")
            }
            other => {
                let what = shape(other);
                self.unsupported(span, what)
            }
        }
    }

    /// CEIL and FLOOR, for which the grammar has more than calls.
    fn rounding(
        &mut self,
        name: &'static str,
        x: &ast::Expr,
        field: &ast::CeilFloorKind,
        span: Span,
        env: &mut Env<'_>,
    ) -> Expr {
        match field {
            ast::CeilFloorKind::DateTimeField(ast::DateTimeField::NoDateTime) => {
                let args = vec![self.expr(x, env)];
                self.call(functions::by_name(name), name, args, span)
            }
            _ => self.fail(
                Diagnostic::error(code::FUNCTION_ARGUMENTS, span, format!("{name} takes one number")).help(
                    "round(x, digits) and trunc(x, digits) keep digits; date_trunc('hour', ts) cuts a time",
                ),
            ),
        }
    }

    /// Binds an expression that must be BOOLEAN.
    pub(super) fn condition(&mut self, e: &ast::Expr, env: &mut Env<'_>) -> Expr {
        let bound = self.expr(e, env);
        self.want_boolean(bound, env.clause)
    }

    pub(super) fn want_boolean(&mut self, e: Expr, clause: &str) -> Expr {
        match e.ty {
            _ if e.is_error() => e,
            Some(Ty::Boolean) => e,
            None => Expr { ty: Some(Ty::Boolean), ..e },
            Some(_) if is_unknown(&e) => self.coerced(e, Ty::Boolean),
            Some(ty) => {
                let message = format!("argument of {clause} must be BOOLEAN, not {ty}");
                let d = Diagnostic::error(code::CONDITION_NOT_BOOLEAN, e.span, message)
                    .label(format!("this is {ty}"));
                let written = self.text.sql().get(e.span.start..e.span.end).unwrap_or("");
                self.fail(match ty {
                    ty if is_number(ty) => d.help(format!("compare it, as in `{written} <> 0`")),
                    _ => d,
                })
            }
        }
    }

    fn column(&mut self, parts: &[ast::Ident], span: Span, env: &mut Env<'_>) -> Expr {
        match env.grouping.as_deref_mut() {
            Some(grouping) => match grouping.column(parts, env.scope, span) {
                Ok(e) => e,
                Err(d) => self.fail(*d),
            },
            None => match env.scope.resolve(parts, span) {
                Ok((index, column)) => Expr::column(index, column.ty, column.nullable, span),
                Err(d) => self.fail(*d),
            },
        }
    }

    fn is_null(&mut self, inner: &ast::Expr, negated: bool, span: Span, env: &mut Env<'_>) -> Expr {
        let x = self.expr(inner, env);
        if x.is_error() {
            return x;
        }
        let is = Expr { kind: Kind::IsNull(Box::new(x)), ty: Some(Ty::Boolean), nullable: false, span };
        if negated { not(is, span) } else { is }
    }

    /// `x IS [NOT] TRUE | FALSE`
    fn is_truth(
        &mut self,
        inner: &ast::Expr,
        truth: bool,
        negated: bool,
        span: Span,
        env: &mut Env<'_>,
    ) -> Expr {
        let x = self.condition(inner, env);
        if x.is_error() {
            return x;
        }
        let x = if truth { x } else { not(x, span) };
        let hit = Expr::literal(Literal::Bool(!negated), Ty::Boolean, span);
        let miss = Expr::literal(Literal::Bool(negated), Ty::Boolean, span);
        Expr {
            kind: Kind::Case(vec![(x, hit)], Some(Box::new(miss))),
            ty: Some(Ty::Boolean),
            nullable: false,
            span,
        }
    }

    /// An operand for the second time it is read. Copies of copies double, so there is a limit.
    pub(super) fn copy(&mut self, e: &Expr) -> Expr {
        let within = self.copied <= COPIED_PARTS_MAX;
        self.copied = self.copied.saturating_add(e.size());
        if self.copied <= COPIED_PARTS_MAX {
            return e.clone();
        }
        if within {
            let what = "operands of BETWEEN, IN, CASE and COALESCE are nested too deeply";
            let d = Diagnostic::error(code::TOO_DEEP, e.span, what);
            self.diagnostics.push(d.help("compute the operand in a subquery, and name it"));
        }
        Expr::error(e.span)
    }

    fn in_list(
        &mut self,
        e: &ast::Expr,
        list: &[ast::Expr],
        negated: bool,
        span: Span,
        env: &mut Env<'_>,
    ) -> Expr {
        let x = self.expr(e, env);
        let items: Vec<Expr> = list.iter().map(|i| self.expr(i, env)).collect();
        let tests: Vec<Expr> = items
            .into_iter()
            .map(|i| {
                let (at, x) = (i.span, self.copy(&x));
                self.compare(CmpOp::Eq, x, i, at)
            })
            .collect();
        let any = balanced(Kind::Or, tests, false, span);
        if negated { not(any, span) } else { any }
    }

    fn case(
        &mut self,
        operand: Option<&ast::Expr>,
        whens: &[ast::CaseWhen],
        or_else: Option<&ast::Expr>,
        span: Span,
        env: &mut Env<'_>,
    ) -> Expr {
        let operand = operand.map(|o| self.expr(o, env));
        let mut arms = Vec::new();
        for when in whens {
            let condition = match &operand {
                Some(x) => {
                    let c = self.expr(&when.condition, env);
                    let (at, x) = (c.span, self.copy(x));
                    self.compare(CmpOp::Eq, x, c, at)
                }
                None => {
                    let c = self.expr(&when.condition, env);
                    self.want_boolean(c, "CASE WHEN")
                }
            };
            arms.push((condition, self.expr(&when.result, env)));
        }
        let or_else = or_else.map(|e| self.expr(e, env));
        self.branches(arms, or_else, "CASE", span)
    }

    /// CASE and COALESCE: all values of one type.
    pub(super) fn branches(
        &mut self,
        arms: Vec<(Expr, Expr)>,
        or_else: Option<Expr>,
        what: &str,
        span: Span,
    ) -> Expr {
        let values: Vec<&Expr> = arms.iter().map(|(_, v)| v).chain(or_else.as_ref()).collect();
        if arms.iter().any(|(c, _)| c.is_error()) || values.iter().any(|v| v.is_error()) {
            return Expr::error(span);
        }
        let ty = match common_of(values.iter().copied()) {
            Ok(ty) => ty,
            Err((a, b)) => {
                return self.fail(
                    Diagnostic::error(
                        code::BRANCH_TYPES,
                        span,
                        format!("{what} types {a} and {b} cannot be matched"),
                    )
                    .help("bring all branches to one type with CAST(… AS …)"),
                );
            }
        };
        let nullable = or_else.as_ref().is_none_or(|e| e.nullable) || arms.iter().any(|(_, v)| v.nullable);
        let mut bring = |e: Expr| match ty {
            Some(ty) => self.coerced(e, ty),
            None => e,
        };
        let arms: Vec<_> = arms.into_iter().map(|(c, v)| (c, bring(v))).collect();
        let or_else = or_else.map(|e| Box::new(bring(e)));
        if arms.iter().any(|(_, v)| v.is_error()) || or_else.as_ref().is_some_and(|e| e.is_error()) {
            return Expr::error(span);
        }
        Expr { kind: Kind::Case(arms, or_else), ty, nullable, span }
    }

    /// An explicit cast.
    pub(super) fn cast(&mut self, e: Expr, ty: Ty, tried: bool, span: Span) -> Expr {
        if e.is_error() {
            return e;
        }
        let Some(from) = e.ty else { return Expr { ty: Some(ty), span, ..e } };
        if from == ty {
            return Expr { span, ..e };
        }
        if !coerce::castable(from, ty) {
            let mut d =
                Diagnostic::error(code::CANNOT_CAST, span, format!("cannot cast type {from} to {ty}"))
                    .label(format!("this is {from}"));
            if from == Ty::Timestamp && is_number(ty) {
                d = d.help("EXTRACT(EPOCH FROM …) gives seconds since 1970");
            }
            return self.fail(d);
        }
        if is_unknown(&e) && !tried {
            return Expr { span, ..self.coerced(e, ty) };
        }
        let nullable = e.nullable || (tried && fallible_cast(from, ty));
        Expr { kind: Kind::Cast(Box::new(e), tried), ty: Some(ty), nullable, span }
    }

    /// `e` as `ty` by implicit casts; an error if there is none.
    pub(super) fn coerced(&mut self, e: Expr, ty: Ty) -> Expr {
        coerce(e, ty).unwrap_or_else(|d| self.fail(*d))
    }
}

/// Whether a cast of a value can fail.
pub fn fallible_cast(from: Ty, to: Ty) -> bool {
    casts::can_fail(from, to)
}

pub(super) fn not(e: Expr, span: Span) -> Expr {
    if e.is_error() {
        return e;
    }
    let nullable = e.nullable;
    Expr { kind: Kind::Not(Box::new(e)), ty: Some(Ty::Boolean), nullable, span }
}

pub(super) fn logic(make: fn(Box<Expr>, Box<Expr>) -> Kind, l: Expr, r: Expr, span: Span) -> Expr {
    if l.is_error() || r.is_error() {
        return Expr::error(span);
    }
    let nullable = l.nullable || r.nullable;
    Expr { kind: make(Box::new(l), Box::new(r)), ty: Some(Ty::Boolean), nullable, span }
}

/// What an unsupported expression is called.
fn shape(e: &ast::Expr) -> &'static str {
    match e {
        ast::Expr::SimilarTo { .. } => "SIMILAR TO",
        ast::Expr::RLike { .. } => "regular expressions",
        ast::Expr::GroupingSets(_) | ast::Expr::Cube(_) | ast::Expr::Rollup(_) => {
            "GROUPING SETS, CUBE and ROLLUP"
        }
        ast::Expr::Tuple(_) => "a row of several values",
        ast::Expr::JsonAccess { .. } => "JSON access",
        ast::Expr::Collate { .. } => "COLLATE",
        _ => "this expression",
    }
}
