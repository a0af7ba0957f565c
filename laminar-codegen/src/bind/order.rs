//! Binds ORDER BY, LIMIT, OFFSET and FETCH at the end of a statement.
//!
//! An order belongs to rows that are complete: those that wait for the end of input, those of a window that closes, those of a
//! result that is kept. Keys are output columns by name or number, or expressions over the input, which become further columns
//! that nobody is shown.

use super::{Binder, scope::means};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::ir::SortKey;
use crate::parse::EmitKind;
use crate::plan::expr::{Expr, Kind};
use crate::plan::{Node, Rel};
use laminar_runtime::schema::Ty;
use sqlparser::ast::{self, LimitClause, OrderByKind, OrderBySort, SelectItem, SetExpr, Value};

/// In which order rows are given, and which of them.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// The first decides; rows that it leaves equal go by the next, in the end by the whole row.
    pub keys: Vec<SortKey>,
    /// LIMIT; none: all.
    pub limit: Option<Expr>,
    /// OFFSET; none: zero.
    pub offset: Option<Expr>,
    /// The last so many columns are keys only.
    pub hidden: usize,
    /// Who brings the rows into order.
    pub by: By,
}

/// Who brings rows into order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// Whoever runs the query and keeps its result.
    #[default]
    Keeper,
    /// The engine, at the end of input.
    End,
    /// The engine, in each window as it closes.
    Window,
}

/// A bound query and where its keys are.
struct Keyed {
    rel: Rel,
    /// The column of each key that is neither a number nor a name of the output.
    keys: Vec<usize>,
    /// For each output column the first that is the same expression.
    outputs: Vec<usize>,
}

impl Binder<'_> {
    /// The outermost query, with its order.
    pub(super) fn ordered_query(&mut self, q: &ast::Query) -> Option<Rel> {
        if q.order_by.is_none() && q.limit_clause.is_none() && q.fetch.is_none() {
            return self.query(q);
        }
        let span = self.order_span(q);
        let clause = clause_of(q);
        if let Some((EmitKind::Changes | EmitKind::OnUpdate | EmitKind::Every(_), at)) = self.emit {
            let what =
                format!("{clause} needs results that are complete, and this clause gives them in steps");
            self.fail(Diagnostic::error(code::ORDER_TOO_EARLY, at, what).help(AT_THE_END));
            return None;
        }
        let mut plain = ast::Query { order_by: None, limit_clause: None, fetch: None, ..q.clone() };
        let exprs = match q.order_by.as_ref().map(|o| &o.kind) {
            Some(OrderByKind::Expressions(exprs)) => exprs.as_slice(),
            Some(OrderByKind::All(_)) => {
                self.unsupported(span, "ORDER BY ALL");
                &[]
            }
            None => &[],
        };
        // What is neither a number nor the name of an output column is computed along with the output.
        let mut added = Vec::new();
        if let SetExpr::Select(select) = &mut *plain.body {
            for key in exprs.iter().filter(|k| !names_output(&k.expr, select)) {
                added.push(SelectItem::UnnamedExpr(key.expr.clone()));
            }
            select.projection.extend(added.iter().cloned());
        }
        let Keyed { rel, keys, outputs } = self.query_of(&plain, |binder| match &*plain.body {
            SetExpr::Select(select) => binder.keyed(select, added.len()),
            body => binder.set(body).map(|rel| {
                let outputs = (0..rel.columns.len()).collect();
                Keyed { rel, keys: Vec::new(), outputs }
            }),
        })?;
        let shown = outputs.len();
        let mut order = Order { hidden: rel.columns.len() - shown, ..Order::default() };
        let mut keys = keys.into_iter();
        for key in exprs {
            let computed = match &*plain.body {
                SetExpr::Select(select) => !names_output(&key.expr, &without(select, added.len())),
                _ => false,
            };
            let column = if computed { keys.next() } else { self.output_column(&key.expr, &rel, &outputs) };
            let column = column.filter(|&c| {
                let at = self.at(&key.expr);
                rel.columns[c].ty.is_none_or(|ty| self.is_ordered(ty, "ORDER BY", at))
            });
            let descending = match &key.options.sort {
                None | Some(OrderBySort::Asc) => false,
                Some(OrderBySort::Desc) => true,
                Some(OrderBySort::Using(_)) => {
                    let at = self.at(&key.expr);
                    self.unsupported(at, "ORDER BY … USING");
                    false
                }
            };
            if key.with_fill.is_some() {
                self.unsupported(span, "WITH FILL");
            }
            let nulls_first = key.options.nulls_first.unwrap_or(descending);
            order.keys.extend(column.map(|c| SortKey { column: c as u32, descending, nulls_first }));
        }
        self.limits(q, &mut order, span);
        if !self.diagnostics.iter().any(Diagnostic::is_error) {
            order.by = self.ordered_by(&rel, &order, clause, span)?;
        }
        self.order = Some(order);
        Some(rel)
    }

    /// A SELECT whose last `added` items are keys only. Those of SELECT DISTINCT are among the others: of rows that are equal but for
    /// a key, none would say where they stand.
    fn keyed(&mut self, select: &ast::Select, added: usize) -> Option<Keyed> {
        let mut rel = self.select_all(select)?;
        let Node::Project { exprs, .. } = &mut rel.node else { return None };
        let shown = exprs.len() - added;
        let same = |e: &Expr| exprs[..shown].iter().position(|other| other == e);
        let outputs = (0..shown).map(|c| same(&exprs[c]).unwrap_or(c)).collect();
        if !matches!(select.distinct, Some(ast::Distinct::Distinct)) {
            let keys = (shown..exprs.len()).collect();
            return Some(Keyed { rel, keys, outputs });
        }
        let keys: Vec<Option<usize>> = exprs[shown..].iter().map(same).collect();
        if let Some(key) = keys.iter().position(Option::is_none) {
            let key = &exprs[shown + key];
            if !key.is_error() {
                let what = "ORDER BY of SELECT DISTINCT takes selected columns only";
                let d = Diagnostic::error(code::ORDER_KEY, key.span, what);
                self.fail(d.help("select it, or name the selected column"));
            }
            return None;
        }
        exprs.truncate(shown);
        rel.columns.truncate(shown);
        let span = self.text.span_of(select);
        let rel = self.distinct_rows(rel, "SELECT DISTINCT", span)?;
        Some(Keyed { rel, keys: keys.into_iter().flatten().collect(), outputs })
    }

    /// Who brings the rows of `rel` into order. Refuses rows that are never complete.
    fn ordered_by(&mut self, rel: &Rel, order: &Order, clause: &str, span: Span) -> Option<By> {
        let early = |what: String| Diagnostic::error(code::ORDER_TOO_EARLY, span, what);
        let is_final = matches!(self.emit, Some((EmitKind::Final, _)));
        let d = if is_final && !rel.props.changelog {
            return Some(By::End);
        } else if self.catalog.keeps_results() {
            return Some(By::Keeper);
        } else if rel.props.changelog {
            early(format!("{clause} needs results that are complete, and those of this query change"))
                .help(AT_THE_END)
        } else if !closes_windows(rel) {
            early(format!(
                "{clause} needs results that are complete, and rows of this query leave as they come"
            ))
            .help("EMIT FINAL keeps them until the input ends: with LIMIT, as many as that")
        } else if order.keys.is_empty() || order.limit.is_some() || order.offset.is_some() {
            early("LIMIT and OFFSET count all rows, and this query gives them window by window".into())
                .help("leave them out, or wait for all rows with EMIT FINAL")
        } else if order.keys.first().is_none_or(|k| rel.columns[k.column as usize].props.window.is_none()) {
            early("this query gives its rows window by window, so ORDER BY must begin with the window".into())
                .help("ORDER BY window_end, …")
                .help("or EMIT FINAL: all rows in this order, when the input ends")
        } else if order.keys.first().is_some_and(|k| k.descending) {
            early("windows close in the order of time, so ORDER BY cannot begin with the last one".into())
                .help("leave DESC out at the window, or use EMIT FINAL")
        } else {
            return Some(By::Window);
        };
        self.fail(d);
        None
    }

    fn limits(&mut self, q: &ast::Query, order: &mut Order, span: Span) {
        let (limit, offset) = match &q.limit_clause {
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) => {
                if !limit_by.is_empty() {
                    self.unsupported(span, "LIMIT … BY");
                }
                (limit.as_ref(), offset.as_ref().map(|o| &o.value))
            }
            Some(LimitClause::OffsetCommaLimit { offset, .. }) => {
                let at = self.at(offset);
                let d = Diagnostic::error(code::NOT_SUPPORTED, at, "LIMIT with a comma is not supported");
                self.fail(d.help("LIMIT n OFFSET m"));
                return;
            }
            None => (None, None),
        };
        order.limit = limit.and_then(|e| self.row_count(e, "LIMIT"));
        order.offset = offset.and_then(|e| self.row_count(e, "OFFSET"));
        let Some(fetch) = &q.fetch else { return };
        let span = self.text.fetch_span(self.text.span_of(&*q.body)).unwrap_or(span);
        if fetch.with_ties || fetch.percent {
            self.unsupported(span, "FETCH WITH TIES or PERCENT");
        }
        if limit.is_some() {
            self.fail(Diagnostic::error(
                code::SYNTAX,
                span,
                "LIMIT and FETCH are the same clause, given twice",
            ));
        }
        order.limit = match &fetch.quantity {
            Some(e) => self.row_count(e, "FETCH"),
            None => Some(Expr::literal(crate::plan::expr::Literal::Int(1), Ty::Bigint, span)),
        };
    }

    /// A constant number of rows; none for NULL.
    fn row_count(&mut self, e: &ast::Expr, clause: &'static str) -> Option<Expr> {
        let nothing = super::scope::Scope { columns: Vec::new(), label: clause.into() };
        let bound = self.expr(e, &mut super::expr::Env { scope: &nothing, grouping: None, clause });
        match bound.ty {
            _ if bound.is_error() || bound.kind == Kind::Null => None,
            Some(ty) if ty.is_integer() => Some(self.coerced(bound, Ty::Bigint)),
            Some(_) if self.is_untyped(&bound) => {
                Some(self.coerced(bound, Ty::Bigint)).filter(|e| !e.is_error())
            }
            ty => {
                let shown = ty.map_or_else(|| "NULL".to_string(), |t| t.to_string());
                let what = format!("{clause} must be a whole number, not {shown}");
                self.fail(Diagnostic::error(code::ORDER_KEY, bound.span, what));
                None
            }
        }
    }

    /// The output column that a key names, by number or name; of columns that are the same, the first.
    fn output_column(&mut self, key: &ast::Expr, rel: &Rel, outputs: &[usize]) -> Option<usize> {
        let span = self.at(key);
        let shown = outputs.len();
        let columns = &rel.columns[..shown];
        let d = match key {
            _ if let Some(n) = position(key) => {
                let Ok(n) = n else { return self.constant_key(span) };
                match usize::try_from(n).ok().filter(|n| (1..=shown).contains(n)) {
                    Some(n) => return Some(n - 1),
                    None => {
                        let what = format!("ORDER BY position {n} is not in the select list");
                        Diagnostic::error(code::ORDER_KEY, span, what)
                            .label(format!("there are {shown} columns"))
                    }
                }
            }
            ast::Expr::Identifier(name) => {
                let mut found = (0..shown).filter(|&c| means(name, &columns[c].name)).map(|c| outputs[c]);
                let first = found.next();
                match (first, found.find(|c| Some(*c) != first)) {
                    (Some(c), None) => return Some(c),
                    (Some(_), Some(_)) => {
                        let what = format!("column `{}` is ambiguous", name.value);
                        Diagnostic::error(code::AMBIGUOUS_COLUMN, span, what)
                            .label("more than one output column has this name")
                    }
                    (None, _) => {
                        let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
                        let what = format!("column `{}` does not exist in the output", name.value);
                        Diagnostic::error(code::UNKNOWN_COLUMN, span, what)
                            .note(format!("output columns: {}", names.join(", ")))
                    }
                }
            }
            _ => Diagnostic::error(code::ORDER_KEY, span, "ORDER BY takes output columns only here")
                .help("name the column, or put the query into FROM (…)"),
        };
        self.fail(d);
        None
    }

    /// A constant other than a whole number.
    fn constant_key(&mut self, span: Span) -> Option<usize> {
        let what = "ORDER BY a constant orders nothing";
        self.fail(Diagnostic::error(code::ORDER_KEY, span, what).help("name a column, or its number"));
        None
    }

    /// Says where an order is possible.
    pub(super) fn refuse_order(&mut self, q: &ast::Query, span: Span) {
        let what = format!("{} is not supported here", clause_of(q));
        let d = Diagnostic::error(code::NOT_SUPPORTED, span, what);
        self.fail(d.label("inside a query").help("put it at the end of the whole statement"));
    }

    pub(super) fn order_span(&self, q: &ast::Query) -> Span {
        let order = q.order_by.as_ref().map(|o| self.text.span_of(o));
        let limit = q.limit_clause.as_ref().map(|l| self.text.span_of(l));
        let fetch = q.fetch.as_ref().and_then(|_| self.text.fetch_span(self.text.span_of(&*q.body)));
        let spans = [order, limit, fetch].into_iter().flatten().filter(|s| !s.is_empty());
        spans.reduce(Span::join).unwrap_or_else(|| self.text.span_of(q))
    }
}

/// The clause at the end of a query, by its first word.
fn clause_of(q: &ast::Query) -> &'static str {
    match &q.limit_clause {
        _ if q.order_by.is_some() => "ORDER BY",
        Some(LimitClause::LimitOffset { limit: None, offset: Some(_), .. }) => "OFFSET",
        None if q.fetch.is_some() => "FETCH",
        _ => "LIMIT",
    }
}

/// What makes results complete.
const AT_THE_END: &str = "EMIT FINAL gives them once, when the input ends";

/// Whether the rows of a relation are those of one window after the other.
fn closes_windows(rel: &Rel) -> bool {
    match &rel.node {
        Node::Filter { input, .. } | Node::Project { input, .. } => closes_windows(input),
        Node::Aggregate { window, .. } => window.is_some(),
        _ => false,
    }
}

/// Whether rows of a source for which `is` holds reach the result of `rel` one by one.
pub(super) fn passes(rel: &Rel, is: &dyn Fn(usize, &Rel) -> bool) -> bool {
    match &rel.node {
        Node::Source(source) => is(*source, rel),
        Node::Filter { input, .. } | Node::Project { input, .. } | Node::Repeat { input, .. } => {
            passes(input, is)
        }
        Node::Union { inputs } => inputs.iter().any(|input| passes(input, is)),
        Node::Aggregate { .. } => false,
    }
}

/// Whether a key is a number, or a name of the output: that goes before a column of the input.
fn names_output(key: &ast::Expr, select: &ast::Select) -> bool {
    match key {
        _ if position(key).is_some() => true,
        ast::Expr::Identifier(name) => select.projection.iter().any(|item| match item {
            SelectItem::ExprWithAlias { alias, .. } => means(name, &alias.value),
            SelectItem::UnnamedExpr(ast::Expr::Identifier(i)) => means(name, &i.value),
            SelectItem::UnnamedExpr(ast::Expr::CompoundIdentifier(parts)) => {
                parts.last().is_some_and(|i| means(name, &i.value))
            }
            SelectItem::UnnamedExpr(e) => means(name, &super::select_list::output_name(e)),
            SelectItem::Wildcard(_) => true,
            _ => false,
        }),
        _ => false,
    }
}

/// The SELECT without its last `n` items.
fn without(select: &ast::Select, n: usize) -> ast::Select {
    let mut select = select.clone();
    select.projection.truncate(select.projection.len() - n);
    select
}

/// The number of a selected column that a key is, if it is a constant; an error for a constant that is no whole number.
pub(super) fn position(key: &ast::Expr) -> Option<Result<i32, NoWholeNumber>> {
    let number = |n: &str| n.parse::<i32>().map_err(|_| NoWholeNumber);
    match key {
        ast::Expr::Nested(inner) => position(inner),
        ast::Expr::Value(v) => match &v.value {
            Value::Number(n, _) => Some(number(n)),
            Value::Placeholder(_) => None,
            _ => Some(Err(NoWholeNumber)),
        },
        ast::Expr::UnaryOp { op: ast::UnaryOperator::Minus, expr } => match &**expr {
            ast::Expr::Value(v) => match &v.value {
                Value::Number(n, _) => Some(number(&format!("-{n}"))),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// A constant that stands for no column.
pub(super) struct NoWholeNumber;
