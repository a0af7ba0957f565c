//! Instructions for arrays.

use super::build::Builder;
use crate::diagnostic::Span;
use crate::functions::{ARRAY_KEY, TOO_LONG};
use crate::plan::expr::{Expr, Kind};
use crate::sir::{CmpOp, Const, Fail, Op, Val};
use laminar_runtime::schema::{Element, Repr, Ty};
use laminar_runtime::types::null_element;

/// The type of an array's elements.
fn element(array: &Expr) -> Element {
    match array.ty {
        Some(Ty::Array(element)) => element,
        ty => unreachable!("bind takes arrays only, not {ty:?}"),
    }
}

const fn suffix(repr: Repr) -> &'static str {
    match repr {
        Repr::Bool => "bool",
        Repr::Int => "int",
        Repr::Float => "float",
        Repr::Wide => "wide",
        Repr::Interval => "interval",
        Repr::Text => "text",
        Repr::Bytes => "bytes",
    }
}

/// Whether values of the type may be equal without being equal bytes: arrays with 0 and −0.
fn has_key_form(ty: Option<Ty>) -> bool {
    matches!(ty, Some(Ty::Array(element)) if element.ty().is_float())
}

/// The expression, an array of floats in the form of keys.
pub(super) fn key_form(e: Expr) -> Expr {
    if !has_key_form(e.ty) {
        return e;
    }
    let (ty, nullable, span) = (e.ty, e.nullable, e.span);
    Expr { kind: Kind::Call(&ARRAY_KEY, vec![e]), ty, nullable, span }
}

impl Builder<'_, '_> {
    /// A value, an array of floats in the form of keys.
    pub(super) fn key_of(&mut self, v: Val, ty: Option<Ty>) -> Val {
        match has_key_form(ty) {
            true => self.call("array_key", vec![v], Fail::Never),
            false => v,
        }
    }

    /// `ARRAY[…]`.
    pub(super) fn array(&mut self, elements: &[Expr], span: Span) -> Val {
        let texts = elements.iter().any(|e| e.ty.is_some_and(|ty| ty.repr().is_reference()));
        // Of numbers there are never enough.
        let fail = if texts { self.site_of(TOO_LONG, span) } else { Fail::Never };
        match elements {
            [] => self.constant(Const::Bytes(Vec::new())),
            [one] => {
                let one = self.array_of_one(one);
                // Not put together, it has not been asked for its length.
                if texts { self.call("array_joined", vec![one], fail) } else { one }
            }
            _ => self.array_of_all(elements, fail),
        }
    }

    /// The array of some elements, at least one, put together from those of its halves: a long list copies each element a few times only,
    /// and few arrays wait at a time for what is put behind them, which is what values cost in machine code.
    fn array_of_all(&mut self, elements: &[Expr], fail: Fail) -> Val {
        if let [one] = elements {
            return self.array_of_one(one);
        }
        let (head, tail) = elements.split_at(elements.len().next_power_of_two() / 2);
        let (head, tail) = (self.array_of_all(head, fail), self.array_of_all(tail, fail));
        self.call("bytes_concat", vec![head, tail], fail)
    }

    /// The array of a value alone, of whatever length.
    pub(super) fn array_of_one(&mut self, e: &Expr) -> Val {
        let v = self.expr(e);
        let repr = self.repr(v);
        let one = self.call(&format!("array_of_{}", suffix(repr)), vec![v], Fail::Never);
        if !self.nullable(v) {
            return one;
        }
        let none = self.is_null(v);
        let null = self.constant(Const::Bytes(null_element(repr).to_vec()));
        let one = self.emit_as(Op::Unwrap, vec![one], Repr::Bytes, false);
        self.emit(Op::Select, vec![none, null, one], Repr::Bytes)
    }

    pub(super) fn array_cat(&mut self, a: &Expr, b: &Expr, span: Span) -> Val {
        let fail = self.site_of(TOO_LONG, span);
        let (a, b) = (self.expr(a), self.expr(b));
        let both = self.call("bytes_concat", vec![a, b], fail);
        let (no_a, no_b) = (self.is_null(a), self.is_null(b));
        let nullable = self.nullable(a) && self.nullable(b);
        let mut cat = both;
        for (is_null, is_missing, other) in [(no_a, self.nullable(a), b), (no_b, self.nullable(b), a)] {
            if is_missing {
                cat = self.emit_as(Op::Select, vec![is_null, other, cat], Repr::Bytes, true);
            }
        }
        match nullable || !self.nullable(cat) {
            true => cat,
            false => self.emit_as(Op::Unwrap, vec![cat], Repr::Bytes, false),
        }
    }

    pub(super) fn subscript(&mut self, array: &Expr, n: &Expr) -> Val {
        let get = format!("array_get_{}", suffix(element(array).ty().repr()));
        let (array, n) = (self.expr(array), self.expr(n));
        self.call(&get, vec![array, n], Fail::Null)
    }

    pub(super) fn with_elements(&mut self, function: &str, op: CmpOp, args: &[Expr]) -> Val {
        let mut values: Vec<Val> = args.iter().map(|a| self.expr(a)).collect();
        values.push(self.int(op as i64));
        self.call(function, values, Fail::Null)
    }

    /// A function that is NULL where an argument is, and can fail only for its result's length.
    pub(super) fn strict(&mut self, function: &str, args: &[Expr], span: Span) -> Val {
        let fail = self.site_of(TOO_LONG, span);
        let values = args.iter().map(|a| self.expr(a)).collect();
        self.call(function, values, fail)
    }

    pub(super) fn element_texts(&mut self, array: &Expr, span: Span) -> Val {
        let fail = self.site_of(TOO_LONG, span);
        let code = self.int(element(array).code());
        let array = self.expr(array);
        self.call("array_texts", vec![array, code], fail)
    }
}
