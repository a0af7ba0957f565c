//! Binds SELECT DISTINCT, UNION, EXCEPT and INTERSECT: a group for each row.
//!
//! The state is keyed: one entry a different row. NULLs are equal here, as in GROUP BY. A row of EXCEPT and INTERSECT
//! remembers how often it is on either side, so that both sides may be changelogs.

use super::Binder;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::parse::EmitKind;
use crate::plan::expr::{ArithOp, Expr, Form, Kind, Literal};
use crate::plan::{
    AggregateCall, AggregateFn, AggregateWindow, ColumnProps, Node, PlanColumn, Props, Rel, WindowColumn,
};
use crate::sir::CmpOp;
use laminar_runtime::schema::Ty;
use sqlparser::ast::{SetExpr, SetOperator, SetQuantifier};

/// By the numbers of copies of a row on the left and on the right: whether it is in the result, and how often.
type Kept<'a> = dyn Fn(Expr, Expr) -> (Expr, Option<Expr>) + 'a;

impl Binder<'_> {
    /// `left UNION | EXCEPT | INTERSECT [ALL | DISTINCT] right`
    pub(super) fn set_operation(
        &mut self,
        op: SetOperator,
        quantifier: SetQuantifier,
        left: &SetExpr,
        right: &SetExpr,
        span: Span,
    ) -> Option<Rel> {
        let (l, r) = (self.set(left), self.set(right));
        let (l, r) = (l?, r?);
        let l = self.untyped_as(l, &r);
        let r = self.untyped_as(r, &l);
        match (op, quantifier) {
            (SetOperator::Union, SetQuantifier::All) => self.union(l, r, "UNION ALL", span),
            (SetOperator::Union, SetQuantifier::None | SetQuantifier::Distinct) => {
                let all = self.union(l, r, "UNION", span)?;
                self.distinct_rows(all, "UNION", span)
            }
            (SetOperator::Except, SetQuantifier::None | SetQuantifier::Distinct) => self.both_sides(
                l,
                r,
                "EXCEPT",
                &|here, there| (and(is(here, CmpOp::Gt, 0), is(there, CmpOp::Eq, 0)), None),
                span,
            ),
            (SetOperator::Intersect, SetQuantifier::None | SetQuantifier::Distinct) => self.both_sides(
                l,
                r,
                "INTERSECT",
                &|here, there| (and(is(here, CmpOp::Gt, 0), is(there, CmpOp::Gt, 0)), None),
                span,
            ),
            // Of each row the copies that the right does not take away.
            (SetOperator::Except, SetQuantifier::All) => self.both_sides(
                l,
                r,
                "EXCEPT ALL",
                &|here, there| (compared(CmpOp::Gt, here.clone(), there.clone()), Some(less(here, there))),
                span,
            ),
            // Of each row as many copies as both sides have.
            (SetOperator::Intersect, SetQuantifier::All) => self.both_sides(
                l,
                r,
                "INTERSECT ALL",
                &|here, there| {
                    let both = and(is(here.clone(), CmpOp::Gt, 0), is(there.clone(), CmpOp::Gt, 0));
                    (both, Some(least(here, there)))
                },
                span,
            ),
            _ => {
                let d = Diagnostic::error(
                    code::SET_OPERATION,
                    span,
                    format!("{op} {quantifier} is not supported"),
                );
                self.fail(d.help("name the columns of both sides in the same order"));
                None
            }
        }
    }

    /// `side` with its selected NULLs and texts in quotes as values of the other side's types. As in PostgreSQL that goes for the
    /// select list of the side itself: those of a UNION, of VALUES or of DISTINCT are texts by then.
    fn untyped_as(&mut self, mut side: Rel, other: &Rel) -> Rel {
        let Node::Project { exprs, .. } = &mut side.node else { return side };
        let of_other = |c: usize| match &other.node {
            Node::Project { exprs, .. } => exprs.get(c),
            _ => None,
        };
        for (c, (e, column)) in exprs.iter_mut().zip(&mut side.columns).enumerate() {
            let both = of_other(c).is_some_and(|e| self.is_untyped(e));
            let Some(ty) = other.columns.get(c).and_then(|o| o.ty).filter(|_| !both) else { continue };
            if self.is_untyped(e) {
                *e = match e.kind {
                    Kind::Null => Expr { ty: Some(ty), ..e.clone() },
                    _ => self.coerced(e.clone(), ty),
                };
                column.ty = e.ty;
            }
        }
        side
    }

    /// Whether it is a text in quotes or NULL, without a type.
    pub(super) fn is_untyped(&self, e: &Expr) -> bool {
        let literal = matches!(e.kind, Kind::Null | Kind::Literal(Literal::Text(_)));
        literal && e.ty == Some(Ty::Varchar) && self.text.is_untyped(e.span)
    }

    /// Each different row of `input` once.
    pub(super) fn distinct_rows(&mut self, input: Rel, clause: &str, span: Span) -> Option<Rel> {
        let input = self.typed(input, clause, span)?;
        let window = self.window_of(&input);
        let aggregate = self.groups(input.clone(), window, Vec::new(), span);
        // Back to the order of the columns: a window's bounds come first.
        let Node::Aggregate { keys, window, .. } = &aggregate.node else { return None };
        let first_key = if window.is_some() { 2 } else { 0 };
        let at = |c: usize| match &input.columns[c].props.window {
            Some(w) if window.is_some() && Some(w.id) == self.window_id(&input) => usize::from(w.is_end),
            _ => first_key + keys.iter().position(|k| k.kind == Kind::Column(c)).unwrap_or(0),
        };
        let order: Vec<usize> = (0..input.columns.len()).map(at).collect();
        Some(picked(aggregate, &order, &input.columns, span))
    }

    /// The different rows of both sides of which `kept` says, by the numbers of copies on the left and on the right, that they are
    /// there; and how often, if not once.
    fn both_sides(&mut self, l: Rel, r: Rel, clause: &str, kept: &Kept<'_>, span: Span) -> Option<Rel> {
        let width = l.columns.len();
        if width != r.columns.len() {
            self.different_width(width, r.columns.len(), clause, span);
            return None;
        }
        let sides = self.union(tagged(l, 0, span), tagged(r, 1, span), clause, span)?;
        let sides = self.typed(sides, clause, span)?;
        let names = sides.columns[..width].to_vec();
        let count =
            |side: i64| count_where(is(Expr::column(width, Some(Ty::Bigint), false, span), CmpOp::Eq, side));
        let mut grouped = self.groups(sides, None, vec![count(0), count(1)], span);
        let counted = |c: usize| Expr::column(width + c, Some(Ty::Bigint), false, span);
        let (predicate, times) = kept(counted(0), counted(1));
        let props = Props { state: None, ..grouped.props.clone() };
        let columns = grouped.columns.clone();
        let node = Node::Filter { input: Box::new(grouped), predicate };
        grouped = Rel { node, columns: columns.clone(), props };
        if let Some(times) = times {
            let props = Props { keys: Vec::new(), ..grouped.props.clone() };
            grouped = Rel { node: Node::Repeat { input: Box::new(grouped), times }, columns, props };
            let mut all = picked(grouped, &(0..width).collect::<Vec<_>>(), &names, span);
            all.props.keys.clear();
            return Some(all);
        }
        Some(picked(grouped, &(0..width).collect::<Vec<_>>(), &names, span))
    }

    /// Whether values of a type can be told apart as keys; if not, that is an error.
    pub(super) fn is_key(&mut self, ty: Option<Ty>, clause: &str, span: Span) -> bool {
        match ty {
            // Equal ones can differ: a month and 30 days.
            Some(Ty::Interval) => {
                self.unsupported(span, &format!("{clause} of an INTERVAL"));
                false
            }
            Some(ty) => self.is_ordered(ty, clause, span),
            None => true,
        }
    }

    /// Whether values of a type have an order; if not, that is an error.
    pub(super) fn is_ordered(&mut self, ty: Ty, clause: &str, span: Span) -> bool {
        if !ty.is_ordered() {
            let what = format!("{clause} of values of type {ty}, which have neither order nor equality");
            let d = Diagnostic::error(code::NOT_SUPPORTED, span, what);
            self.fail(d.help("take a part of it (`->>`), or CAST it AS VARCHAR"));
        }
        ty.is_ordered()
    }

    /// Columns that can be keys.
    fn typed(&mut self, mut input: Rel, clause: &str, span: Span) -> Option<Rel> {
        if !input.columns.iter().all(|c| self.is_key(c.ty, clause, span)) {
            return None;
        }
        if input.columns.iter().any(|c| c.ty.is_none()) {
            let columns: Vec<PlanColumn> = input
                .columns
                .iter()
                .map(|c| PlanColumn { ty: c.ty.or(Some(Ty::Varchar)), ..c.clone() })
                .collect();
            input = self.conform(input, &columns, span);
        }
        Some(input)
    }

    /// The window whose bounds are among the columns, if it closes: equal rows are then of one window.
    fn window_of(&self, input: &Rel) -> Option<AggregateWindow> {
        let emits_changes = matches!(self.emit, Some((EmitKind::Changes | EmitKind::OnUpdate, _)));
        let id = self.window_id(input).filter(|_| !emits_changes)?;
        let of = |c: &PlanColumn| c.props.window.clone().filter(|w| w.id == id);
        let (at, w) = input.columns.iter().enumerate().find_map(|(i, c)| Some((i, of(c)?)))?;
        let WindowColumn { size_ns, offset_ns, watermark, .. } = w;
        let time = Expr::column(at, Some(Ty::Timestamp), false, Span::default());
        let lateness_ns = if super::contains_window(input) { 0 } else { self.lateness_ns };
        Some(AggregateWindow { time, is_bound: true, size_ns, offset_ns, lateness_ns, watermark })
    }

    fn window_id(&self, input: &Rel) -> Option<usize> {
        let closes = |w: &&WindowColumn| !w.watermark.is_empty() || input.props.finite;
        let bounds = input.columns.iter().filter(|c| !c.nullable).filter_map(|c| c.props.window.as_ref());
        bounds.filter(closes).map(|w| w.id).next()
    }

    /// A group for each different row; columns past the keys are `calls`, which see the whole input.
    fn groups(
        &mut self,
        input: Rel,
        window: Option<AggregateWindow>,
        calls: Vec<AggregateCall>,
        span: Span,
    ) -> Rel {
        let id = window.as_ref().and_then(|_| self.window_id(&input));
        let is_key = |(i, c): &(usize, &PlanColumn)| {
            let of_window = id.is_some() && c.props.window.as_ref().map(|w| w.id) == id;
            let tag = !calls.is_empty() && i + 1 == input.columns.len();
            !of_window && !tag
        };
        let plain = |c: &PlanColumn| PlanColumn { props: ColumnProps::default(), ..c.clone() };
        let keys: Vec<(Expr, PlanColumn)> = (input.columns.iter().enumerate())
            .filter(is_key)
            .map(|(i, c)| (Expr::column(i, c.ty, c.nullable, span), plain(c)))
            .collect();
        let mut columns = window.as_ref().map_or_else(Vec::new, |w| self.window_bounds(w));
        columns.extend(keys.iter().map(|(_, c)| c.clone()));
        let mut key: Vec<usize> = (if window.is_some() { 2 } else { 0 }..columns.len()).collect();
        if window.is_some() {
            key.insert(0, 0);
        }
        columns.extend(calls.iter().map(|call| PlanColumn {
            name: "count".into(),
            ty: Some(call.ty),
            nullable: false,
            props: ColumnProps::default(),
        }));
        let state = match &window {
            Some(_) => "rows × open windows",
            None => "grows with the number of different rows",
        };
        let props = Props {
            changelog: window.is_none() && self.emit.is_none_or(|(kind, _)| kind != EmitKind::Final),
            finite: input.props.finite,
            keys: vec![key],
            state: Some(state.to_string()),
        };
        let keys = keys.into_iter().map(|(e, _)| e).collect();
        Rel {
            node: Node::Aggregate { input: Box::new(input), window, keys, sets: Vec::new(), calls },
            columns,
            props,
        }
    }
}

/// The rows of one side, with the number of the side as last column.
fn tagged(side: Rel, tag: i64, span: Span) -> Rel {
    let mut exprs: Vec<Expr> =
        (side.columns.iter().enumerate()).map(|(i, c)| Expr::column(i, c.ty, c.nullable, span)).collect();
    exprs.push(Expr::literal(Literal::Int(tag), Ty::Bigint, span));
    let mut columns = side.columns.clone();
    columns.push(PlanColumn {
        name: "side".into(),
        ty: Some(Ty::Bigint),
        nullable: false,
        props: ColumnProps::default(),
    });
    let props = Props { state: None, keys: Vec::new(), ..side.props.clone() };
    Rel { node: Node::Project { input: Box::new(side), exprs }, columns, props }
}

/// Some of the columns, under the names of others.
fn picked(input: Rel, order: &[usize], names: &[PlanColumn], span: Span) -> Rel {
    let of = |c: usize| &input.columns[c];
    let exprs = order.iter().map(|&c| Expr::column(c, of(c).ty, of(c).nullable, span)).collect();
    let columns = (order.iter().zip(names))
        .map(|(&c, named)| PlanColumn { name: named.name.clone(), ..of(c).clone() })
        .collect();
    let keys = vec![(0..order.len()).collect()];
    let props = Props { keys, state: None, ..input.props.clone() };
    Rel { node: Node::Project { input: Box::new(input), exprs }, columns, props }
}

/// `COUNT(*) FILTER (WHERE condition)`
fn count_where(condition: Expr) -> AggregateCall {
    let span = condition.span;
    AggregateCall {
        function: AggregateFn::Count,
        distinct: false,
        args: Vec::new(),
        order: Vec::new(),
        constant: 0,
        filter: Some(condition),
        ty: Ty::Bigint,
        nullable: false,
        span,
    }
}

fn is(e: Expr, op: CmpOp, number: i64) -> Expr {
    let number = Expr::literal(Literal::Int(number), Ty::Bigint, e.span);
    compared(op, e, number)
}

fn compared(op: CmpOp, a: Expr, b: Expr) -> Expr {
    let span = a.span;
    Expr { kind: Kind::Cmp(op, Box::new(a), Box::new(b)), ty: Some(Ty::Boolean), nullable: false, span }
}

fn and(a: Expr, b: Expr) -> Expr {
    let span = a.span;
    Expr { kind: Kind::And(Box::new(a), Box::new(b)), ty: Some(Ty::Boolean), nullable: false, span }
}

fn less(a: Expr, b: Expr) -> Expr {
    let span = a.span;
    Expr {
        kind: Kind::Arith(ArithOp::Sub, Box::new(a), Box::new(b)),
        ty: Some(Ty::Bigint),
        nullable: false,
        span,
    }
}

fn least(a: Expr, b: Expr) -> Expr {
    let span = a.span;
    Expr { kind: Kind::Form(Form::Least, vec![a, b]), ty: Some(Ty::Bigint), nullable: false, span }
}
