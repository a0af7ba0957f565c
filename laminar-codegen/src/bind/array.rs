//! Binds arrays: `ARRAY[…]`, subscripts and slices, ANY and ALL, and the functions that take arrays of any type.
//!
//! A value that is an element to a function goes as an array of it alone: so NULL is an element like others, and one function does for all
//! types. Not here: how arrays are cast (`casts`).

use super::Binder;
use super::coerce::{common_of, is_unknown};
use super::expr::Env;
use super::operator::operator;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::functions::{self, ANY_ARRAY, ANY_ELEMENT, ScalarFn};
use crate::plan::expr::{Expr, Form, Kind, Literal};
use crate::sir::CmpOp;
use laminar_runtime::schema::{Element, Ty};
use sqlparser::ast::{self, AccessExpr, Subscript};

/// The type of the elements of an array.
fn element_of(e: &Expr) -> Option<Element> {
    match e.ty {
        Some(Ty::Array(element)) => Some(element),
        _ => None,
    }
}

/// NULL, or a constant such as `'{1,2}'`: beside an array it is one. PostgreSQL takes every text in quotes for an array there, also one
/// that is none.
fn is_array_text(e: &Expr) -> bool {
    match &e.kind {
        Kind::Literal(Literal::Text(text)) => is_unknown(e) && text.trim_start().starts_with('{'),
        _ => e.ty.is_none(),
    }
}

/// An array that is written out; one without elements comes with its word, which has a place.
pub(super) fn written_array(e: &ast::Expr) -> Option<&ast::Array> {
    match e {
        ast::Expr::Array(array) => Some(array),
        ast::Expr::Prefixed { value, .. } => written_array(value),
        _ => None,
    }
}

const TEXTS: Ty = Ty::Array(Element::Varchar);

/// A form that is NULL where an argument is.
fn form(form: Form, args: Vec<Expr>, ty: Ty, span: Span) -> Expr {
    let nullable = args.iter().any(|a| a.nullable);
    Expr { kind: Kind::Form(form, args), ty: Some(ty), nullable, span }
}

/// Elements of one type as an array.
pub(super) fn array_of(elements: Vec<Expr>, element: Element, span: Span) -> Expr {
    Expr { kind: Kind::Form(Form::Array, elements), ty: Some(Ty::Array(element)), nullable: false, span }
}

/// A value to look for, as the array of it alone.
pub(super) fn one_of(value: Expr, element: Element, span: Span) -> Expr {
    Expr { kind: Kind::Form(Form::One, vec![value]), ty: Some(Ty::Array(element)), nullable: false, span }
}

/// The array with no elements.
fn empty(element: Element, span: Span) -> Expr {
    Expr::literal(Literal::Bytes(Vec::new()), Ty::Array(element), span)
}

impl Binder<'_> {
    /// `ARRAY[…]`
    pub(super) fn array(&mut self, array: &ast::Array, span: Span, env: &mut Env<'_>) -> Expr {
        if !array.named {
            return self.unsupported(span, "a list without the word ARRAY before it");
        }
        let values: Vec<Expr> = array.elem.iter().map(|e| self.expr(e, env)).collect();
        if values.iter().any(Expr::is_error) {
            return Expr::error(span);
        }
        if values.is_empty() {
            let d = Diagnostic::error(code::BRANCH_TYPES, span, "an empty array needs a type");
            return self.fail(d.help("ARRAY[]::BIGINT[]"));
        }
        let ty = match common_of(&values) {
            Ok(ty) => ty.unwrap_or(Ty::Varchar),
            Err((a, b)) => {
                let what = format!("ARRAY types {a} and {b} cannot be matched");
                let d = Diagnostic::error(code::BRANCH_TYPES, span, what);
                return self.fail(d.help("bring all elements to one type with CAST(… AS …)"));
            }
        };
        let Some(element) = self.element(ty, span) else { return Expr::error(span) };
        self.elements(values, element, span)
    }

    /// `CAST(ARRAY[…] AS type)`: of elements that go to the type one by one, so that none is needed to tell it. None for anything
    /// else.
    pub(super) fn array_as(
        &mut self,
        e: &ast::Expr,
        ty: Ty,
        tried: bool,
        span: Span,
        env: &mut Env<'_>,
    ) -> Option<Expr> {
        let (Some(array), Ty::Array(element)) = (written_array(e), ty) else { return None };
        if !array.named {
            return None;
        }
        if !tried {
            let values = array.elem.iter().map(|e| self.expr(e, env)).collect::<Vec<_>>();
            let values = values.into_iter().map(|e| {
                let at = e.span;
                self.cast(e, element.ty(), false, at)
            });
            let values = values.collect();
            return Some(self.elements(values, element, span));
        }
        array.elem.is_empty().then(|| empty(element, span))
    }

    fn elements(&mut self, values: Vec<Expr>, element: Element, span: Span) -> Expr {
        let values: Vec<Expr> = values.into_iter().map(|e| self.coerced(e, element.ty())).collect();
        match values.iter().any(Expr::is_error) {
            true => Expr::error(span),
            false if values.is_empty() => empty(element, span),
            false => array_of(values, element, span),
        }
    }

    /// A value to look for among elements of the type.
    fn one(&mut self, value: Expr, element: Element, span: Span) -> Expr {
        let value = self.coerced(value, element.ty());
        if value.is_error() { value } else { one_of(value, element, span) }
    }

    /// The type as that of elements, or a diagnostic.
    fn element(&mut self, ty: Ty, span: Span) -> Option<Element> {
        let element = ty.element();
        if element.is_none() {
            let d = Diagnostic::error(code::UNSUPPORTED_TYPE, span, format!("type {ty}[] is not supported"));
            self.fail(d.help("an array has one dimension here: use JSON for lists of lists"));
        }
        element
    }

    /// `array[n]`, `array[from:to]`
    pub(super) fn access(
        &mut self,
        root: &ast::Expr,
        chain: &[AccessExpr],
        span: Span,
        env: &mut Env<'_>,
    ) -> Expr {
        let (root, chain) = self.root(root, chain, env);
        chain.iter().fold(root, |array, access| {
            if array.is_error() {
                return array;
            }
            let AccessExpr::Subscript(subscript) = access else {
                return self.unsupported(span, "a field of a value");
            };
            let Some(element) = element_of(&array) else {
                let ty = array.ty.unwrap_or(Ty::Varchar);
                let d = Diagnostic::error(code::OPERATOR_TYPES, span, format!("type {ty} has no subscripts"));
                let d = d.label(format!("this is {ty}"));
                return self.fail(match ty {
                    Ty::Json => d.help("`->` and a number from 0 give an element of a JSON array"),
                    _ => d,
                });
            };
            match subscript {
                Subscript::Index { index } => {
                    let Some(n) = self.position(index, env) else { return Expr::error(span) };
                    let kind = Kind::Form(Form::Subscript, vec![array, n]);
                    Expr { kind, ty: Some(element.ty()), nullable: true, span }
                }
                Subscript::Slice { stride: Some(_), .. } => self.unsupported(span, "the step of a slice"),
                Subscript::Slice { lower_bound, upper_bound, stride: None } => {
                    let mut bound = |e: &Option<ast::Expr>, end: i64| match e {
                        Some(e) => self.position(e, env),
                        None => Some(Expr::literal(Literal::Int(end), Ty::Bigint, span)),
                    };
                    let bounds = (bound(lower_bound, 1), bound(upper_bound, i64::MAX));
                    let (Some(from), Some(to)) = bounds else { return Expr::error(span) };
                    form(Form::Slice, vec![array, from, to], Ty::Array(element), span)
                }
            }
        })
    }

    /// What is accessed: of `t.a[1]` the column `t.a`, whose names are the start of the chain.
    fn root<'c>(
        &mut self,
        root: &ast::Expr,
        chain: &'c [AccessExpr],
        env: &mut Env<'_>,
    ) -> (Expr, &'c [AccessExpr]) {
        let ast::Expr::Identifier(first) = root else { return (self.expr(root, env), chain) };
        let mut name = vec![first.clone()];
        let names = chain.iter().map_while(|access| match access {
            AccessExpr::Dot(ast::Expr::Identifier(ident)) => Some(ident.clone()),
            _ => None,
        });
        name.extend(names);
        let rest = &chain[name.len() - 1..];
        let column = match <[ast::Ident; 1]>::try_from(name) {
            Ok([only]) => ast::Expr::Identifier(only),
            Err(parts) => ast::Expr::CompoundIdentifier(parts),
        };
        (self.expr(&column, env), rest)
    }

    /// A position within an array.
    fn position(&mut self, e: &ast::Expr, env: &mut Env<'_>) -> Option<Expr> {
        let n = self.expr(e, env);
        match n.ty {
            _ if n.is_error() => None,
            Some(ty) if !ty.is_integer() && !is_unknown(&n) => {
                let d = Diagnostic::error(code::OPERATOR_TYPES, n.span, "a subscript must be an integer");
                self.fail(d.label(format!("this is {ty}")));
                None
            }
            _ => Some(self.coerced(n, Ty::Bigint)).filter(|n| !n.is_error()),
        }
    }

    /// `value op ANY (array)`, or ALL.
    pub(super) fn compare_elements(
        &mut self,
        all: bool,
        op: CmpOp,
        value: Expr,
        array: Expr,
        span: Span,
    ) -> Expr {
        if value.is_error() || array.is_error() {
            return Expr::error(span);
        }
        let Some(element) = self.element_of_all(&[&array], &[&value], span) else { return Expr::error(span) };
        if !self.is_ordered(Ty::Array(element), "a comparison", span) {
            return Expr::error(span);
        }
        let form = if all { Form::All(op) } else { Form::Any(op) };
        let array = self.coerced(array, Ty::Array(element));
        let one = self.one(value, element, span);
        if one.is_error() || array.is_error() {
            return Expr::error(span);
        }
        Expr { kind: Kind::Form(form, vec![array, one]), ty: Some(Ty::Boolean), nullable: true, span }
    }

    /// The type that holds the elements of some arrays and some values. A text in quotes and NULL become what stands beside them.
    fn element_of_all(&mut self, arrays: &[&Expr], values: &[&Expr], span: Span) -> Option<Element> {
        let typed = |e: &&&Expr| e.ty.is_some() && !is_unknown(e);
        if let Some(other) = arrays.iter().filter(typed).find(|a| element_of(a).is_none()) {
            let ty = other.ty.unwrap_or(Ty::Varchar);
            let d =
                Diagnostic::error(code::OPERATOR_TYPES, other.span, format!("an array is needed, not {ty}"));
            self.fail(d.label(format!("this is {ty}")));
            return None;
        }
        let some = |element: Element| Expr { kind: Kind::Null, ty: Some(element.ty()), nullable: true, span };
        let elements: Vec<Expr> = arrays.iter().filter_map(|a| element_of(a)).map(some).collect();
        match common_of(elements.iter().chain(values.iter().copied())) {
            Ok(ty) => self.element(ty.unwrap_or(Ty::Varchar), span),
            Err((a, b)) => {
                let what = format!("elements of types {a} and {b} cannot be matched");
                let d = Diagnostic::error(code::OPERATOR_TYPES, span, what);
                self.fail(d.help("bring both to one type with CAST(… AS …)"));
                None
            }
        }
    }

    /// `a || b` where one is an array; none where neither is.
    pub(super) fn array_concat(&mut self, l: &Expr, r: &Expr, span: Span) -> Option<Expr> {
        let name = match (element_of(l), element_of(r)) {
            (None, None) => return None,
            (Some(_), Some(_)) => "array_cat",
            (Some(_), None) if is_array_text(r) => "array_cat",
            (None, Some(_)) if is_array_text(l) => "array_cat",
            (Some(_), None) => "array_append",
            (None, Some(_)) => "array_prepend",
        };
        Some(self.array_call(functions::operator(name), vec![l.clone(), r.clone()], span))
    }

    /// `a @> b`, `a && b`
    pub(super) fn array_operator(&mut self, symbol: &str, l: Expr, r: Expr, span: Span) -> Expr {
        if l.is_error() || r.is_error() {
            return Expr::error(span);
        }
        match (element_of(&l), element_of(&r)) {
            (None, None) => {
                let ty = |e: &Expr| e.ty.unwrap_or(Ty::Varchar);
                self.operator_types(symbol, ty(&l), ty(&r), span)
            }
            _ => self.array_call(functions::operator(&format!("array {symbol} array")), vec![l, r], span),
        }
    }

    /// The call of a function whose signature has an array of any type; its arguments are as many as it takes.
    pub(super) fn array_call(&mut self, f: &'static ScalarFn, args: Vec<Expr>, span: Span) -> Expr {
        if args.iter().any(Expr::is_error) {
            return Expr::error(span);
        }
        let of = |want: Ty| f.args.iter().zip(&args).filter(move |(a, _)| **a == want).map(|(_, e)| e);
        let (arrays, values): (Vec<&Expr>, Vec<&Expr>) = (of(ANY_ARRAY).collect(), of(ANY_ELEMENT).collect());
        let Some(element) = self.element_of_all(&arrays, &values, span) else { return Expr::error(span) };
        let compares = !matches!(f.runtime, "bytes_concat" | "array_cardinality" | "array_length");
        if compares && !self.is_ordered(Ty::Array(element), f.name, span) {
            return Expr::error(span);
        }
        let brought: Vec<Expr> = f
            .args
            .iter()
            .zip(args)
            .map(|(want, e)| match *want {
                ANY_ARRAY => self.coerced(e, Ty::Array(element)),
                // It becomes a part of the result, and may be all of it.
                ANY_ELEMENT if f.runtime == "bytes_concat" => self.elements(vec![e], element, span),
                ANY_ELEMENT => self.one(e, element, span),
                want => self.coerced(e, want),
            })
            .collect();
        if brought.iter().any(Expr::is_error) {
            return Expr::error(span);
        }
        let ty = if f.ret == ANY_ARRAY { Ty::Array(element) } else { f.ret };
        if f.runtime == "bytes_concat" {
            let nullable = brought.iter().all(|e| e.nullable);
            return Expr { kind: Kind::Form(Form::ArrayCat, brought), ty: Some(ty), nullable, span };
        }
        let nullable = f.fails == functions::NONE_IS_NULL || brought.iter().any(|e| e.nullable);
        Expr { kind: Kind::Call(f, brought), ty: Some(ty), nullable, span }
    }

    /// `array_to_string(array, separator [, null])`
    pub(super) fn array_to_string(&mut self, values: Vec<Expr>, span: Span) -> Expr {
        if values.iter().any(Expr::is_error) {
            return Expr::error(span);
        }
        let mut values = values.into_iter();
        let (Some(array), Some(separator), null, None) =
            (values.next(), values.next(), values.next(), values.next())
        else {
            return self.wrong_count(
                "array_to_string",
                "an array, a separator and perhaps a text for NULL",
                span,
            );
        };
        let Some(element) = self.element_of_all(&[&array], &[], span) else { return Expr::error(span) };
        let array = self.coerced(array, Ty::Array(element));
        if array.is_error() {
            return array;
        }
        let mut list = form(Form::ElementTexts, vec![array], TEXTS, span);
        if let Some(null) = null {
            let nothing = Expr { kind: Kind::Null, ty: Some(Ty::Varchar), nullable: true, span };
            list = self.array_call(functions::operator("array_replace"), vec![list, nothing, null], span);
        }
        let separator = self.coerced(separator, Ty::Varchar);
        if list.is_error() || separator.is_error() {
            return Expr::error(span);
        }
        operator("array_to_string", vec![list, separator], span)
    }

    /// `string_to_array(text, separator [, null])`
    pub(super) fn string_to_array(&mut self, values: Vec<Expr>, span: Span) -> Expr {
        if values.iter().any(Expr::is_error) {
            return Expr::error(span);
        }
        let texts: Vec<Expr> = values.into_iter().map(|v| self.coerced(v, Ty::Varchar)).collect();
        if texts.iter().any(Expr::is_error) {
            return Expr::error(span);
        }
        let mut texts = texts.into_iter();
        let (Some(text), Some(separator), null, None) =
            (texts.next(), texts.next(), texts.next(), texts.next())
        else {
            return self.wrong_count(
                "string_to_array",
                "a text, a separator and perhaps a text for NULL",
                span,
            );
        };
        let mut list = if separator.nullable {
            let (copy, kept) = (self.copy(&text), self.copy(&separator));
            let none =
                Expr { kind: Kind::IsNull(Box::new(kept)), ty: Some(Ty::Boolean), nullable: false, span };
            let characters = form(Form::Characters, vec![copy], TEXTS, span);
            let parts = operator("string_to_array", vec![text, separator], span);
            self.branches(vec![(none, characters)], Some(parts), "string_to_array", span)
        } else {
            operator("string_to_array", vec![text, separator], span)
        };
        if let Some(null) = null {
            let nothing = Expr { kind: Kind::Null, ty: Some(Ty::Varchar), nullable: true, span };
            list = self.array_call(functions::operator("array_replace"), vec![list, null, nothing], span);
        }
        list
    }
}
