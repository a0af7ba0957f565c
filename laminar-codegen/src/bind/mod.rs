//! Binds a parsed query: names to columns, types to expressions, syntax to plan nodes with their properties.
//!
//! **Invariant:** never stops at the first error. An error becomes [`Expr::error`] or a relation without columns, and
//! everything that uses it stays silent, so that one mistake is one diagnostic.
//!
//! Only `parse` and this module name sqlparser's types.

mod aggregate;
mod aggregate_order;
mod aggregate_type;
mod array;
mod call;
pub mod coerce;
mod constant;
mod distinct;
pub mod expr;
mod form;
mod from;
mod lint;
mod literal;
pub mod modify;
mod operator;
pub mod order;
mod quantified;
pub mod rust_call;
mod scope;
mod select;
mod select_list;
mod sets;
pub mod values;
mod window;

use crate::catalog::{Catalog, Relation};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::functions::RustFn;
use crate::parse::{EmitKind, Query, SqlText, StateKind};
use crate::plan::expr::Expr;
use crate::plan::{Node, PlanColumn, Props, Rel};
use sqlparser::ast::{self, SetExpr};
use std::sync::Arc;

/// A bound query.
#[derive(Clone, Debug)]
pub struct Bound {
    /// The plan.
    pub root: Rel,
    /// The relations that it reads, each once.
    pub sources: Vec<Relation>,
    /// The EMIT clause.
    pub emit: Option<(EmitKind, Span)>,
    /// `LATE DATA TO`.
    pub late_to: Option<String>,
    /// Sources whose rows the query itself brings.
    pub values: Vec<values::Values>,
    /// ORDER BY, LIMIT, OFFSET.
    pub order: Option<order::Order>,
}

/// Carries what is known while a query is bound.
pub(crate) struct Binder<'a> {
    text: &'a SqlText,
    catalog: &'a dyn Catalog,
    sources: Vec<Relation>,
    diagnostics: Vec<Diagnostic>,
    /// Named subqueries in sight, inner ones last.
    ctes: Vec<(ast::Ident, Option<Rel>)>,
    emit: Option<(EmitKind, Span)>,
    lateness_ns: i64,
    /// The query ends with ALLOW UNBOUNDED STATE.
    unbounded: bool,
    /// Windows so far.
    windows: usize,
    /// Sources that are rows of the query.
    values: Vec<values::Values>,
    /// The order of the result.
    order: Option<order::Order>,
    /// Parts of operands that were copied so far.
    copied: usize,
}

/// Binds a query. No plan if there were errors.
pub fn bind(query: &Query, text: &SqlText, catalog: &dyn Catalog) -> (Option<Bound>, Vec<Diagnostic>) {
    let mut binder = Binder {
        emit: query.emit.map(|e| (e.kind, e.span)),
        lateness_ns: query.lateness_ns.map_or(0, |(ns, _)| ns),
        unbounded: query.state.is_some_and(|s| s.kind == StateKind::Unbounded),
        ..Binder::new(text, catalog)
    };
    let root = binder.ordered_query(&query.body);
    if let (Some(root), false) = (&root, binder.diagnostics.iter().any(Diagnostic::is_error)) {
        binder.check_tail(query, root);
    }
    let late_to = query.late_to.as_ref().map(|(name, _)| name.clone());
    let ok = !binder.diagnostics.iter().any(Diagnostic::is_error);
    let bound = root.filter(|_| ok).map(|root| Bound {
        root,
        sources: binder.sources,
        emit: binder.emit,
        late_to,
        values: binder.values,
        order: binder.order,
    });
    (bound, binder.diagnostics)
}

/// Binds an expression without columns: the values of INSERT.
pub fn bind_constant(
    e: &ast::Expr,
    text: &SqlText,
    ty: laminar_runtime::schema::Ty,
    functions: &[Arc<RustFn>],
) -> Result<Expr, Vec<Diagnostic>> {
    let catalog = modify::Functions(functions);
    let mut binder = Binder::new(text, &catalog);
    let scope = scope::Scope { columns: Vec::new(), label: "VALUES".into() };
    let mut env = expr::Env { scope: &scope, grouping: None, clause: "VALUES" };
    let bound = binder.expr(e, &mut env);
    let column = PlanColumn { name: String::new(), ty: Some(ty), nullable: true, props: Default::default() };
    let bound = binder.assigned(bound, &column);
    if binder.diagnostics.iter().any(Diagnostic::is_error) { Err(binder.diagnostics) } else { Ok(bound) }
}

impl<'a> Binder<'a> {
    fn new(text: &'a SqlText, catalog: &'a dyn Catalog) -> Binder<'a> {
        Binder {
            text,
            catalog,
            sources: Vec::new(),
            diagnostics: Vec::new(),
            ctes: Vec::new(),
            emit: None,
            lateness_ns: 0,
            unbounded: false,
            windows: 0,
            values: Vec::new(),
            order: None,
            copied: 0,
        }
    }
}

impl Binder<'_> {
    /// A number for a window of the query.
    fn new_window(&mut self) -> usize {
        self.windows += 1;
        self.windows
    }

    /// The place of an expression.
    fn at(&self, e: &ast::Expr) -> Span {
        self.text.expr_span(e)
    }

    /// Notes an error; what follows from it stays silent.
    fn fail(&mut self, d: Diagnostic) -> Expr {
        let span = d.span;
        // The same expression may be bound twice (BETWEEN, CASE operand): one mistake is one diagnostic.
        if !self.diagnostics.contains(&d) {
            self.diagnostics.push(d);
        }
        Expr::error(span)
    }

    fn unsupported(&mut self, span: Span, what: &str) -> Expr {
        self.refuse(code::NOT_SUPPORTED, span, what)
    }

    /// Refuses SQL that is right elsewhere.
    fn refuse(&mut self, code: crate::diagnostic::Code, span: Span, what: &str) -> Expr {
        self.fail(Diagnostic::error(code, span, format!("{what} is not supported")))
    }

    fn query(&mut self, q: &ast::Query) -> Option<Rel> {
        self.query_of(q, |binder| binder.set(&q.body))
    }

    /// A query whose body `body` binds, once its WITH is known.
    fn query_of<T>(&mut self, q: &ast::Query, body: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let span = self.text.span_of(q);
        let ctes_before = self.ctes.len();
        if let Some(with) = &q.with {
            if with.recursive {
                self.unsupported(span, "WITH RECURSIVE");
            }
            for cte in &with.cte_tables {
                if cte.materialized.is_some() || cte.from.is_some() {
                    let at = self.text.ident(&cte.alias.name).span;
                    self.unsupported(at, "[NOT] MATERIALIZED");
                }
                let name = self.text.ident(&cte.alias.name);
                let is_same = |(other, _): &(ast::Ident, _)| scope::means(&cte.alias.name, &other.value);
                if self.ctes[ctes_before..].iter().any(is_same) {
                    self.fail(Diagnostic::error(
                        code::RELATION_EXISTS,
                        name.span,
                        format!("WITH names `{}` twice", name.value),
                    ));
                }
                let rel = self.query(&cte.query);
                let rel = rel.and_then(|r| self.rename_columns(r, &cte.alias));
                self.ctes.push((cte.alias.name.clone(), rel));
            }
        }
        if q.order_by.is_some() || q.limit_clause.is_some() || q.fetch.is_some() {
            let at = self.order_span(q);
            self.refuse_order(q, at);
        }
        if !q.locks.is_empty() || q.for_clause.is_some() || !q.pipe_operators.is_empty() {
            self.unsupported(span, "this clause after a query");
        }
        let bound = body(self);
        self.ctes.truncate(ctes_before);
        bound
    }

    fn set(&mut self, body: &SetExpr) -> Option<Rel> {
        match body {
            SetExpr::Select(select) => self.select(select),
            SetExpr::Query(q) => self.query(q),
            SetExpr::SetOperation { op, set_quantifier, left, right } => {
                let span = self.text.span_of(body);
                self.set_operation(*op, *set_quantifier, left, right, span)
            }
            SetExpr::Values(values) if !values.explicit_row && !values.value_keyword => {
                let span = self.text.span_of(body);
                self.values(&values.rows, span)
            }
            other => {
                let span = self.text.span_of(other);
                self.unsupported(span, "this form of query");
                None
            }
        }
    }

    fn different_width(&mut self, left: usize, right: usize, op: &str, span: Span) {
        let what = format!("sides of {op} differ in the number of columns");
        let d = Diagnostic::error(code::UNION_SIDES, span, what);
        self.fail(d.label(format!("{left} on the left, {right} on the right")));
    }

    /// All rows of both sides; `op` is the operation for messages.
    fn union(&mut self, l: Rel, r: Rel, op: &str, span: Span) -> Option<Rel> {
        if l.columns.len() != r.columns.len() {
            self.different_width(l.columns.len(), r.columns.len(), op, span);
            return None;
        }
        let mut columns = Vec::new();
        // The window of both sides' rows together, for each pair of windows.
        let mut pairs: Vec<((usize, usize), usize)> = Vec::new();
        for (a, b) in l.columns.iter().zip(&r.columns) {
            let ty = match (a.ty, b.ty) {
                (Some(x), Some(y)) => match coerce::common(x, y) {
                    Some(ty) => Some(ty),
                    None => {
                        self.fail(
                            Diagnostic::error(
                                code::UNION_SIDES,
                                span,
                                format!("{op} types {x} and {y} cannot be matched"),
                            )
                            .label(format!("column `{}`", a.name))
                            .help("bring both sides to one type with CAST(… AS …)"),
                        );
                        return None;
                    }
                },
                (x, y) => x.or(y),
            };
            let window = a.props.window.clone().filter(|w| {
                b.props
                    .window
                    .as_ref()
                    .is_some_and(|v| (v.size_ns, v.offset_ns, v.is_end) == (w.size_ns, w.offset_ns, w.is_end))
            });
            let window = window.map(|mut w| {
                let other_id = b.props.window.as_ref().map_or(w.id, |v| v.id);
                let pair = (w.id, other_id);
                w.id = match pairs.iter().find(|(p, _)| *p == pair) {
                    Some((_, id)) => *id,
                    None => {
                        pairs.push((pair, self.new_window()));
                        pairs[pairs.len() - 1].1
                    }
                };
                let other = b.props.window.as_ref().map(|v| v.watermark.clone()).unwrap_or_default();
                w.watermark = self.watermark_of_both(&w.watermark, &other);
                w
            });
            columns.push(PlanColumn {
                name: a.name.clone(),
                ty,
                nullable: a.nullable || b.nullable,
                props: crate::plan::ColumnProps {
                    watermark: self.watermark_of_both(&a.props.watermark, &b.props.watermark),
                    window,
                },
            });
        }
        let props = Props {
            changelog: l.props.changelog || r.props.changelog,
            finite: l.props.finite && r.props.finite,
            keys: Vec::new(),
            state: None,
        };
        let sides = [l, r].into_iter().map(|side| self.conform(side, &columns, span)).collect::<Vec<_>>();
        let mut inputs = Vec::new();
        for side in sides {
            match side.node {
                Node::Union { inputs: more } => inputs.extend(more),
                _ => inputs.push(side),
            }
        }
        Some(Rel { node: Node::Union { inputs }, columns, props })
    }

    /// Casts the columns of `rel` to the types of `columns` where they differ.
    fn conform(&mut self, rel: Rel, columns: &[PlanColumn], span: Span) -> Rel {
        if rel.columns.iter().zip(columns).all(|(a, b)| a.ty == b.ty) {
            return rel;
        }
        let exprs: Vec<Expr> = rel
            .columns
            .iter()
            .zip(columns)
            .enumerate()
            .map(|(i, (a, b))| {
                let e = Expr::column(i, a.ty, a.nullable, span);
                match b.ty {
                    Some(ty) => self.coerced(e, ty),
                    None => e,
                }
            })
            .collect();
        let columns =
            rel.columns.iter().zip(columns).map(|(a, b)| PlanColumn { ty: b.ty, ..a.clone() }).collect();
        let props = Props { state: None, ..rel.props.clone() };
        Rel { node: Node::Project { input: Box::new(rel), exprs }, columns, props }
    }

    /// Checks the clauses after the query against the plan.
    fn check_tail(&mut self, query: &Query, root: &Rel) {
        let windows = contains_window(root);
        if let Some((kind, span)) = self.emit {
            match kind {
                EmitKind::WindowClose if root.props.changelog => {
                    self.fail(
                        Diagnostic::error(
                            code::NOT_APPEND_ONLY,
                            span,
                            "EMIT ON WINDOW CLOSE needs output that only grows, and this query updates its results",
                        )
                        .help("group by a window, such as TUMBLE(ts, INTERVAL '1' MINUTE)")
                        .help("or use EMIT CHANGES to get the updates"),
                    );
                }
                EmitKind::Every(_) => {
                    self.unsupported(span, "EMIT EVERY");
                }
                EmitKind::Final => self.check_final(root, span),
                EmitKind::OnUpdate => self.check_upsert_key(root, span),
                _ => {}
            }
        }
        let is_final = matches!(self.emit, Some((EmitKind::Final, _)));
        let help = if is_final {
            "EMIT FINAL waits for the end of input: remove the clause, or use EMIT ON WINDOW CLOSE"
        } else {
            "rows are late for windows: group by TUMBLE(…), or remove the clause"
        };
        if let Some((_, span)) = query.lateness_ns.filter(|_| !windows || is_final) {
            self.fail(nothing_late(span, "ALLOW LATENESS").help(help));
        }
        if let Some((_, span)) = query.late_to.as_ref().filter(|_| !windows || is_final) {
            self.fail(nothing_late(*span, "LATE DATA TO").help(help));
        }
        if let Some(state) = query.state
            && let StateKind::Ttl(_) = state.kind
        {
            self.unsupported(state.span, "STATE TTL");
        }
    }

    /// What waits for the end of input must be bounded.
    fn check_final(&mut self, root: &Rel, span: Span) {
        let d = Diagnostic::error(
            code::UNBOUNDED_STATE,
            span,
            "EMIT FINAL would keep every row of this query until the end",
        );
        let endless = order::passes(root, &|_, source| !source.props.finite);
        let constants_only = !order::passes(root, &|source, _| !self.is_values(source));
        match &self.order {
            None if !contains_aggregate(root) && !constants_only => {
                self.fail(d.help("leave EMIT FINAL out: the rows are final as they come"));
            }
            Some(order) if order.limit.is_none() && !self.unbounded && endless => {
                self.fail(
                    d.help("LIMIT n keeps the first n only")
                        .help("or allow it: EMIT FINAL ALLOW UNBOUNDED STATE"),
                );
            }
            // Constant rows are there from the start, and wait with the others.
            None if constants_only && order::passes(root, &|_, _| true) => {
                self.order = Some(order::Order { by: order::By::End, ..order::Order::default() });
            }
            _ => {}
        }
    }

    fn check_upsert_key(&mut self, root: &Rel, span: Span) {
        if root.props.keys.is_empty() {
            self.fail(
                Diagnostic::error(
                    code::KEY_NOT_SELECTED,
                    span,
                    "EMIT ON UPDATE needs every key column of the result among the output columns",
                )
                .help("select all columns of GROUP BY, or use EMIT CHANGES"),
            );
        }
    }
}

fn nothing_late(span: Span, clause: &str) -> Diagnostic {
    Diagnostic::error(
        code::NOTHING_IS_LATE,
        span,
        format!("{clause} has no effect: no row of this query can be late"),
    )
}

/// Whether a node below, or the node itself, groups by a window.
pub(crate) fn contains_window(rel: &Rel) -> bool {
    match &rel.node {
        Node::Source(_) => false,
        Node::Filter { input, .. } | Node::Project { input, .. } | Node::Repeat { input, .. } => {
            contains_window(input)
        }
        Node::Union { inputs } => inputs.iter().any(contains_window),
        Node::Aggregate { input, window, .. } => window.is_some() || contains_window(input),
    }
}

/// Whether a node below, or the node itself, aggregates.
pub(crate) fn contains_aggregate(rel: &Rel) -> bool {
    match &rel.node {
        Node::Source(_) => false,
        Node::Filter { input, .. } | Node::Project { input, .. } | Node::Repeat { input, .. } => {
            contains_aggregate(input)
        }
        Node::Union { inputs } => inputs.iter().any(contains_aggregate),
        Node::Aggregate { .. } => true,
    }
}
