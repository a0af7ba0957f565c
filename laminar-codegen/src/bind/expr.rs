//! Binds scalar expressions: names to columns, operators and functions to typed ones.
//!
//! Never stops at an error: it notes the diagnostic and returns [`Expr::error`], which silences whatever uses it.

use super::Binder;
use super::aggregate::Grouping;
use super::coerce::{self, coerce, common, common_of, decimal, is_number, is_unknown, scale};
use super::scope::Scope;
use crate::diagnostic::{Diagnostic, Span, closest, code};
use crate::functions::{self, ScalarFn};
use crate::plan::AggregateFn;
use crate::plan::expr::{ArithOp, Expr, Kind, Literal};
use crate::sir::CmpOp;
use laminar_runtime::schema::Ty;
use sqlparser::ast::{
    self, BinaryOperator, CastKind, FunctionArg, FunctionArgExpr, FunctionArguments, UnaryOperator, Value,
};

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
            ast::Expr::Between { expr, negated, low, high, .. } => {
                let x = self.expr(expr, env);
                let low = self.expr(low, env);
                let high = self.expr(high, env);
                let ge = self.compare(CmpOp::Ge, x.clone(), low, span);
                let le = self.compare(CmpOp::Le, x, high, span);
                let both = logic(Kind::And, ge, le, span);
                if *negated { not(both, span) } else { both }
            }
            ast::Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                let mut args = vec![self.expr(expr, env), self.expr(pattern, env)];
                if let Some(escape) = escape_char {
                    let text = match &**escape {
                        ast::Expr::Value(v) => v.value.clone().into_string(),
                        _ => None,
                    };
                    let text = match text {
                        Some(s) => s,
                        None => return self.unsupported(span, "an ESCAPE that is no text literal"),
                    };
                    args.push(Expr::literal(Literal::Text(text), Ty::Varchar, span));
                }
                let like = self.call(functions::by_name("like"), "LIKE", args, span);
                if *negated { not(like, span) } else { like }
            }
            ast::Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref(), span, env)
            }
            ast::Expr::Cast { kind, expr, data_type, format: None } => {
                let tried = matches!(kind, CastKind::TryCast | CastKind::SafeCast);
                let inner = self.expr(expr, env);
                match crate::parse::sql_type(data_type, span, &mut self.diagnostics) {
                    Some(ty) => self.cast(inner, ty, tried, span),
                    None => Expr::error(span),
                }
            }
            ast::Expr::Extract { field, expr, .. } => {
                let x = self.expr(expr, env);
                self.with_variant("extract", &field.to_string(), x, span)
            }
            ast::Expr::Substring { expr, substring_from, substring_for, .. } => {
                let mut args = vec![self.expr(expr, env)];
                match substring_from {
                    Some(from) => args.push(self.expr(from, env)),
                    None => args.push(Expr::literal(Literal::Int(1), Ty::Integer, span)),
                }
                if let Some(len) = substring_for {
                    args.push(self.expr(len, env));
                }
                self.call(functions::by_name("substr"), "substring", args, span)
            }
            ast::Expr::Function(f) => self.function(f, e, span, env),
            ast::Expr::Subquery(_) | ast::Expr::InSubquery { .. } | ast::Expr::Exists { .. } => {
                self.unsupported(span, "a subquery in an expression")
            }
            other => {
                let what = shape(other);
                self.unsupported(span, what)
            }
        }
    }

    /// Binds an expression that must be BOOLEAN.
    pub(super) fn condition(&mut self, e: &ast::Expr, env: &mut Env<'_>) -> Expr {
        let bound = self.expr(e, env);
        self.want_boolean(bound, env.clause)
    }

    fn want_boolean(&mut self, e: Expr, clause: &str) -> Expr {
        match e.ty {
            _ if e.is_error() => e,
            Some(Ty::Boolean) => e,
            None => Expr { ty: Some(Ty::Boolean), ..e },
            Some(_) if is_unknown(&e) => self.coerced(e, Ty::Boolean),
            Some(ty) => self.fail(
                Diagnostic::error(
                    code::CONDITION_NOT_BOOLEAN,
                    e.span,
                    format!("argument of {clause} must be BOOLEAN, not {ty}"),
                )
                .label(format!("this is {ty}")),
            ),
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

    fn value(&mut self, v: &Value, span: Span) -> Expr {
        match v {
            Value::Number(text, _) => self.number(text, span),
            Value::SingleQuotedString(s) | Value::EscapedStringLiteral(s) => {
                Expr::literal(Literal::Text(s.clone()), Ty::Varchar, span)
            }
            Value::DollarQuotedString(s) => Expr::literal(Literal::Text(s.value.clone()), Ty::Varchar, span),
            Value::Boolean(b) => Expr::literal(Literal::Bool(*b), Ty::Boolean, span),
            Value::Null => Expr { kind: Kind::Null, ty: None, nullable: true, span },
            Value::Placeholder(_) => self.unsupported(span, "a parameter"),
            _ => self.unsupported(span, "this kind of literal"),
        }
    }

    /// `12` is INTEGER or BIGINT, `0.908` DECIMAL, `1e3` DOUBLE.
    fn number(&mut self, text: &str, span: Span) -> Expr {
        let bad = |what: &str| {
            Diagnostic::error(code::BAD_LITERAL, span, format!("number `{text}` {what}"))
                .help("write it with an exponent, such as `1e19`, for a DOUBLE")
        };
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.contains(['e', 'E']) {
            return match text.parse::<f64>() {
                Ok(v) if v.is_finite() => Expr::literal(Literal::Float(v), Ty::Double, span),
                _ => self.fail(bad("is out of range for DOUBLE")),
            };
        }
        let Some((whole, fraction)) = digits.split_once('.') else {
            return match text.parse::<i64>() {
                Ok(v) if i32::try_from(v).is_ok() => Expr::literal(Literal::Int(v), Ty::Integer, span),
                Ok(v) => Expr::literal(Literal::Int(v), Ty::Bigint, span),
                Err(_) => self.fail(bad("is out of range for BIGINT")),
            };
        };
        let fraction_digits = fraction.len();
        let significant = whole.trim_start_matches('0').len() + fraction_digits;
        let mantissa = format!("{whole}{fraction}").parse::<i64>();
        match mantissa {
            Ok(m) if significant <= 18 && fraction_digits <= 18 => {
                let m = if text.starts_with('-') { -m } else { m };
                let ty = Ty::Decimal { precision: significant.max(1) as u8, scale: fraction_digits as u8 };
                Expr::literal(Literal::Int(m), ty, span)
            }
            _ => self.fail(bad("has more than 18 digits")),
        }
    }

    fn typed_string(&mut self, t: &ast::TypedString, span: Span) -> Expr {
        let Some(ty) = crate::parse::sql_type(&t.data_type, span, &mut self.diagnostics) else {
            return Expr::error(span);
        };
        match t.value.clone().into_string() {
            Some(s) => self.coerced(Expr::literal(Literal::Text(s), Ty::Varchar, span), ty),
            None => self.unsupported(span, "this kind of literal"),
        }
    }

    fn unary(&mut self, op: UnaryOperator, inner: &ast::Expr, span: Span, env: &mut Env<'_>) -> Expr {
        if op == UnaryOperator::Minus
            && let ast::Expr::Value(v) = inner
            && let Value::Number(text, _) = &v.value
        {
            return self.number(&format!("-{text}"), span);
        }
        let x = self.expr(inner, env);
        if x.is_error() {
            return x;
        }
        let nullable = x.nullable;
        match (op, x.ty) {
            (UnaryOperator::Not, _) => {
                let x = self.want_boolean(x, "NOT");
                not(x, span)
            }
            (UnaryOperator::Plus, Some(ty)) if is_number(ty) => x,
            (UnaryOperator::Minus, Some(ty)) if is_number(ty) => {
                Expr { kind: Kind::Neg(Box::new(x)), ty: Some(ty), nullable, span }
            }
            (UnaryOperator::Minus, Some(Ty::Interval)) => operator("- interval", vec![x], span),
            (UnaryOperator::Minus | UnaryOperator::Plus, None) => x,
            (UnaryOperator::Minus | UnaryOperator::Plus, Some(ty)) => self.fail(
                Diagnostic::error(code::OPERATOR_TYPES, span, format!("operator does not exist: {op} {ty}"))
                    .label(format!("this is {ty}")),
            ),
            _ => self.unsupported(span, "this operator"),
        }
    }

    fn binary(
        &mut self,
        left: &ast::Expr,
        op: &BinaryOperator,
        right: &ast::Expr,
        span: Span,
        env: &mut Env<'_>,
    ) -> Expr {
        let l = self.expr(left, env);
        let r = self.expr(right, env);
        let cmp = match op {
            BinaryOperator::Eq => Some(CmpOp::Eq),
            BinaryOperator::NotEq => Some(CmpOp::Ne),
            BinaryOperator::Lt => Some(CmpOp::Lt),
            BinaryOperator::LtEq => Some(CmpOp::Le),
            BinaryOperator::Gt => Some(CmpOp::Gt),
            BinaryOperator::GtEq => Some(CmpOp::Ge),
            _ => None,
        };
        if let Some(cmp) = cmp {
            return self.compare(cmp, l, r, span);
        }
        match op {
            BinaryOperator::And | BinaryOperator::Or => {
                let (name, make): (_, fn(Box<Expr>, Box<Expr>) -> Kind) =
                    if *op == BinaryOperator::And { ("AND", Kind::And) } else { ("OR", Kind::Or) };
                let l = self.want_boolean(l, name);
                let r = self.want_boolean(r, name);
                logic(make, l, r, span)
            }
            BinaryOperator::Plus => self.arith(ArithOp::Add, l, r, span),
            BinaryOperator::Minus => self.arith(ArithOp::Sub, l, r, span),
            BinaryOperator::Multiply => self.arith(ArithOp::Mul, l, r, span),
            BinaryOperator::Divide => self.arith(ArithOp::Div, l, r, span),
            BinaryOperator::Modulo => self.arith(ArithOp::Rem, l, r, span),
            BinaryOperator::StringConcat => self.concat(l, r, span),
            _ => self.unsupported(span, &format!("operator `{op}`")),
        }
    }

    /// `l op r`, both brought to one type.
    pub(super) fn compare(&mut self, op: CmpOp, l: Expr, r: Expr, span: Span) -> Expr {
        if l.is_error() || r.is_error() {
            return Expr::error(span);
        }
        match common_of([&l, &r]) {
            Ok(ty) => {
                let ty = ty.unwrap_or(Ty::Varchar);
                let nullable = l.nullable || r.nullable;
                let (l, r) = (self.coerced(l, ty), self.coerced(r, ty));
                if l.is_error() || r.is_error() {
                    return Expr::error(span);
                }
                Expr { kind: Kind::Cmp(op, Box::new(l), Box::new(r)), ty: Some(Ty::Boolean), nullable, span }
            }
            Err((a, b)) => {
                let symbol = match op {
                    CmpOp::Eq => "=",
                    CmpOp::Ne => "<>",
                    CmpOp::Lt => "<",
                    CmpOp::Le => "<=",
                    CmpOp::Gt => ">",
                    CmpOp::Ge => ">=",
                };
                self.operator_types(symbol, a, b, span)
            }
        }
    }

    fn operator_types(&mut self, symbol: &str, a: Ty, b: Ty, span: Span) -> Expr {
        self.fail(
            Diagnostic::error(
                code::OPERATOR_TYPES,
                span,
                format!("operator does not exist: {a} {symbol} {b}"),
            )
            .label(format!("{a} on the left, {b} on the right"))
            .help("bring both sides to one type with CAST(… AS …)"),
        )
    }

    fn arith(&mut self, op: ArithOp, l: Expr, r: Expr, span: Span) -> Expr {
        if l.is_error() || r.is_error() {
            return Expr::error(span);
        }
        let (l, r) = match (l.ty, r.ty) {
            (None, None) => (self.coerced(l, Ty::Bigint), self.coerced(r, Ty::Bigint)),
            (None, Some(ty)) => (self.coerced(l, ty), r),
            (Some(ty), None) => (l, self.coerced(r, ty)),
            // A literal in quotes takes the other side's type; beside a timestamp it is an interval.
            (Some(a), Some(b)) if is_unknown(&l) && b != Ty::Varchar => {
                let _ = a;
                (self.coerced(l, b), r)
            }
            (Some(a), Some(_)) if is_unknown(&r) && a != Ty::Varchar => {
                let want = if a == Ty::Timestamp && op == ArithOp::Add { Ty::Interval } else { a };
                (l, self.coerced(r, want))
            }
            _ => (l, r),
        };
        if l.is_error() || r.is_error() {
            return Expr::error(span);
        }
        let (Some(a), Some(b)) = (l.ty, r.ty) else { return Expr::error(span) };
        use ArithOp::*;
        match (op, a, b) {
            (Add, Ty::Timestamp, Ty::Interval) => return operator("timestamp + interval", vec![l, r], span),
            (Add, Ty::Interval, Ty::Timestamp) => return operator("timestamp + interval", vec![r, l], span),
            (Sub, Ty::Timestamp, Ty::Interval) => return operator("timestamp - interval", vec![l, r], span),
            (Sub, Ty::Timestamp, Ty::Timestamp) => {
                return operator("timestamp - timestamp", vec![l, r], span);
            }
            (Add, Ty::Interval, Ty::Interval) => return operator("interval + interval", vec![l, r], span),
            (Sub, Ty::Interval, Ty::Interval) => return operator("interval - interval", vec![l, r], span),
            (Mul, Ty::Interval, Ty::Integer | Ty::Bigint) => {
                let r = self.coerced(r, Ty::Bigint);
                return operator("interval * integer", vec![l, r], span);
            }
            (Mul, Ty::Integer | Ty::Bigint, Ty::Interval) => {
                let l = self.coerced(l, Ty::Bigint);
                return operator("interval * integer", vec![r, l], span);
            }
            _ => {}
        }
        let Some(ty) = arith_type(op, a, b) else {
            if is_number(a) && is_number(b) {
                let what = if op == Rem {
                    "operator % takes exact numbers, not DOUBLE".to_string()
                } else {
                    format!("result of {a} {} {b} has more than 18 digits after the point", op.symbol())
                };
                return self.fail(
                    Diagnostic::error(code::OPERATOR_TYPES, span, what)
                        .help("CAST an operand to another type first"),
                );
            }
            return self.operator_types(op.symbol(), a, b, span);
        };
        let nullable = l.nullable || r.nullable;
        let (l, r) = match ty {
            Ty::Decimal { .. } => (l, r),
            _ => (self.coerced(l, ty), self.coerced(r, ty)),
        };
        Expr { kind: Kind::Arith(op, Box::new(l), Box::new(r)), ty: Some(ty), nullable, span }
    }

    fn concat(&mut self, l: Expr, r: Expr, span: Span) -> Expr {
        if l.is_error() || r.is_error() {
            return Expr::error(span);
        }
        match (l.ty, r.ty) {
            (Some(a), Some(b)) if a != Ty::Varchar && b != Ty::Varchar => {
                self.operator_types("||", a, b, span)
            }
            _ => {
                let l = self.cast(l, Ty::Varchar, false, span);
                let r = self.cast(r, Ty::Varchar, false, span);
                operator("text || text", vec![l, r], span)
            }
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
                let at = i.span;
                self.compare(CmpOp::Eq, x.clone(), i, at)
            })
            .collect();
        let any = any_of(tests, span);
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
                    let at = c.span;
                    self.compare(CmpOp::Eq, x.clone(), c, at)
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
    fn branches(&mut self, arms: Vec<(Expr, Expr)>, or_else: Option<Expr>, what: &str, span: Span) -> Expr {
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

    fn with_variant(&mut self, name: &'static str, variant: &str, x: Expr, span: Span) -> Expr {
        if x.is_error() {
            return x;
        }
        let x = if is_unknown(&x) || x.ty.is_none() { self.coerced(x, Ty::Timestamp) } else { x };
        let Some(ty) = x.ty else { return Expr::error(span) };
        if let Some(f) = functions::variant(name, variant, ty) {
            let nullable = x.nullable;
            return Expr { kind: Kind::Call(f, vec![x]), ty: Some(f.ret), nullable, span };
        }
        let known = functions::variants(name);
        let d = if known.iter().any(|v| v.eq_ignore_ascii_case(variant)) {
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
                Some(near) => d.label(format!("did you mean `{near}`?")),
                None => d,
            }
        };
        self.fail(d)
    }

    fn function(&mut self, f: &ast::Function, whole: &ast::Expr, span: Span, env: &mut Env<'_>) -> Expr {
        let name = f.name.to_string();
        if let Some(aggregate) = AggregateFn::by_name(&name) {
            return self.aggregate_call(aggregate, f, span, env);
        }
        if f.over.is_some() {
            return self.unsupported(span, "OVER");
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
        match lower.as_str() {
            "coalesce" => {
                let values: Vec<Expr> = args.iter().map(|a| self.expr(a, env)).collect();
                return self.coalesce(values, span);
            }
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
        let signatures = functions::by_name(&name);
        let bound: Vec<Expr> = args.iter().map(|a| self.expr(a, env)).collect();
        if signatures.is_empty() {
            let _ = whole;
            let known = functions::names();
            let aggregates = ["count", "sum", "avg", "min", "max", "coalesce", "tumble"];
            let mut d =
                Diagnostic::error(code::UNKNOWN_FUNCTION, span, format!("function `{lower}` does not exist"));
            if let Some(near) = closest(&lower, known.iter().copied().chain(aggregates)) {
                let start = span.start;
                d = d
                    .label(format!("did you mean `{near}`?"))
                    .suggest(Span::new(start, start + name.len()), near);
            }
            return self.fail(d);
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
                self.unsupported(span, "a subquery in an expression");
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

    fn coalesce(&mut self, mut values: Vec<Expr>, span: Span) -> Expr {
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
                    kind: Kind::IsNull(Box::new(v.clone())),
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

    /// The call of the signature that takes these arguments.
    fn call(&mut self, signatures: Vec<&'static ScalarFn>, name: &str, args: Vec<Expr>, span: Span) -> Expr {
        if args.iter().any(Expr::is_error) {
            return Expr::error(span);
        }
        let fits = |f: &ScalarFn| {
            f.args.len() == args.len()
                && f.args.iter().zip(&args).all(|(want, have)| match have.ty {
                    None => true,
                    Some(have_ty) => {
                        have_ty == *want || is_unknown(have) || common(have_ty, *want) == Some(*want)
                    }
                })
        };
        if let Some(f) = signatures.iter().find(|f| fits(f)) {
            let nullable = args.iter().any(|a| a.nullable);
            let args: Vec<Expr> = args.into_iter().zip(f.args).map(|(a, t)| self.coerced(a, *t)).collect();
            if args.iter().any(Expr::is_error) {
                return Expr::error(span);
            }
            return Expr { kind: Kind::Call(f, args), ty: Some(f.ret), nullable, span };
        }
        let have: Vec<String> = args.iter().map(|a| a.ty.map_or("NULL".into(), |t| t.to_string())).collect();
        let mut d = Diagnostic::error(
            code::FUNCTION_ARGUMENTS,
            span,
            format!("function {name}({}) does not exist", have.join(", ")),
        );
        for f in &signatures {
            let want: Vec<String> = f.args.iter().map(|t| t.to_string()).collect();
            d = d.note(format!("{name}({}): {}", want.join(", "), f.doc));
        }
        self.fail(d)
    }

    /// `e` as `ty` by implicit casts; an error if there is none.
    pub(super) fn coerced(&mut self, e: Expr, ty: Ty) -> Expr {
        coerce(e, ty).unwrap_or_else(|d| self.fail(*d))
    }
}

/// The type of an arithmetic operation on numbers.
fn arith_type(op: ArithOp, a: Ty, b: Ty) -> Option<Ty> {
    let ty = common(a, b).filter(|_| is_number(a) && is_number(b))?;
    match ty {
        Ty::Double => (op != ArithOp::Rem).then_some(ty),
        Ty::Decimal { .. } => {
            let (s1, s2) = (scale(a), scale(b));
            let s = match op {
                ArithOp::Add | ArithOp::Sub | ArithOp::Rem => s1.max(s2),
                ArithOp::Mul => s1 + s2,
                ArithOp::Div => s1.max(s2).max(6),
            };
            (s <= coerce::MAX_DIGITS).then_some(decimal(s))
        }
        _ => Some(ty),
    }
}

/// Whether a cast of a value can fail.
pub fn fallible_cast(from: Ty, to: Ty) -> bool {
    use Ty::*;
    match (from, to) {
        (_, Varchar) | (Boolean, _) | (Integer, Boolean) => false,
        (Integer, Bigint | Double) | (Bigint, Double) | (Decimal { .. }, Double) => false,
        _ => true,
    }
}

fn operator(name: &str, args: Vec<Expr>, span: Span) -> Expr {
    let f = functions::operator(name);
    let nullable = args.iter().any(|a| a.nullable);
    if args.iter().any(Expr::is_error) {
        return Expr::error(span);
    }
    Expr { kind: Kind::Call(f, args), ty: Some(f.ret), nullable, span }
}

pub(super) fn not(e: Expr, span: Span) -> Expr {
    if e.is_error() {
        return e;
    }
    let nullable = e.nullable;
    Expr { kind: Kind::Not(Box::new(e)), ty: Some(Ty::Boolean), nullable, span }
}

fn logic(make: fn(Box<Expr>, Box<Expr>) -> Kind, l: Expr, r: Expr, span: Span) -> Expr {
    if l.is_error() || r.is_error() {
        return Expr::error(span);
    }
    let nullable = l.nullable || r.nullable;
    Expr { kind: make(Box::new(l), Box::new(r)), ty: Some(Ty::Boolean), nullable, span }
}

/// OR of all, as a balanced tree so that long lists stay shallow.
fn any_of(mut tests: Vec<Expr>, span: Span) -> Expr {
    while tests.len() > 1 {
        let mut next = Vec::with_capacity(tests.len().div_ceil(2));
        let mut rest = tests.into_iter();
        while let Some(a) = rest.next() {
            next.push(match rest.next() {
                Some(b) => logic(Kind::Or, a, b, span),
                None => a,
            });
        }
        tests = next;
    }
    tests.pop().unwrap_or_else(|| Expr::literal(Literal::Bool(false), Ty::Boolean, span))
}

/// What an unsupported expression is called.
fn shape(e: &ast::Expr) -> &'static str {
    match e {
        ast::Expr::ILike { .. } => "ILIKE",
        ast::Expr::SimilarTo { .. } => "SIMILAR TO",
        ast::Expr::RLike { .. } => "regular expressions",
        ast::Expr::IsDistinctFrom(..) | ast::Expr::IsNotDistinctFrom(..) => "IS [NOT] DISTINCT FROM",
        ast::Expr::Trim { .. } => "TRIM",
        ast::Expr::Position { .. } => "POSITION",
        ast::Expr::Ceil { .. } => "CEIL",
        ast::Expr::Floor { .. } => "FLOOR",
        ast::Expr::Overlay { .. } => "OVERLAY",
        ast::Expr::AtTimeZone { .. } => "AT TIME ZONE",
        ast::Expr::AnyOp { .. } | ast::Expr::AllOp { .. } => "ANY and ALL",
        ast::Expr::GroupingSets(_) | ast::Expr::Cube(_) | ast::Expr::Rollup(_) => {
            "GROUPING SETS, CUBE and ROLLUP"
        }
        ast::Expr::Tuple(_) => "a row of several values",
        ast::Expr::Array(_) | ast::Expr::CompoundFieldAccess { .. } => "arrays",
        ast::Expr::JsonAccess { .. } => "JSON access",
        ast::Expr::Collate { .. } => "COLLATE",
        _ => "this expression",
    }
}
