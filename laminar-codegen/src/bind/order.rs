//! Binds ORDER BY, LIMIT, OFFSET and FETCH at the end of a statement.
//!
//! An order belongs to a result that is complete, so only who keeps results takes it. Keys are output columns by name or
//! number, or expressions over the input, which become further columns that nobody is shown.

use super::{Binder, scope::means};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::ir::SortKey;
use crate::parse::EmitKind;
use crate::plan::Rel;
use crate::plan::expr::{Expr, Kind};
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
}

impl Binder<'_> {
    /// The outermost query, with its order.
    pub(super) fn ordered_query(&mut self, q: &ast::Query) -> Option<Rel> {
        if q.order_by.is_none() && q.limit_clause.is_none() && q.fetch.is_none() {
            return self.query(q);
        }
        let span = self.order_span(q);
        if !self.catalog.keeps_results() {
            self.refuse_order(q, span);
            return None;
        }
        if let Some((EmitKind::Changes | EmitKind::OnUpdate | EmitKind::Every(_), at)) = self.emit {
            let what = "ORDER BY and LIMIT need a result that is complete, this clause gives it in steps";
            self.fail(Diagnostic::error(code::NOT_SUPPORTED, at, what).help("leave the EMIT clause out"));
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
            if select.distinct.as_ref().is_some_and(|d| !matches!(d, ast::Distinct::All))
                && let Some(SelectItem::UnnamedExpr(e)) = added.first()
            {
                let what = "ORDER BY of SELECT DISTINCT takes selected columns only";
                let d = Diagnostic::error(code::ORDER_KEY, self.at(e), what);
                self.fail(d.help("select it, or name the selected column"));
                return None;
            }
        }
        let rel = self.query(&plain)?;
        let shown = rel.columns.len() - added.len();
        let mut order = Order { hidden: added.len(), ..Order::default() };
        let mut next = shown;
        for key in exprs {
            let computed = match &*plain.body {
                SetExpr::Select(select) => !names_output(&key.expr, &without(select, added.len())),
                _ => false,
            };
            let column = if computed {
                next += 1;
                Some(next - 1)
            } else {
                self.output_column(&key.expr, &rel, shown)
            };
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
            order.keys.extend(column.map(|column| SortKey { column, descending, nulls_first }));
        }
        self.limits(q, &mut order, span);
        self.order = Some(order);
        Some(rel)
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
            Some(Ty::Integer | Ty::Bigint) => Some(self.coerced(bound, Ty::Bigint)),
            ty => {
                let shown = ty.map_or_else(|| "NULL".to_string(), |t| t.to_string());
                let what = format!("{clause} must be a whole number, not {shown}");
                self.fail(Diagnostic::error(code::ORDER_KEY, bound.span, what));
                None
            }
        }
    }

    /// The output column that a key names, by number or name.
    fn output_column(&mut self, key: &ast::Expr, rel: &Rel, shown: usize) -> Option<usize> {
        let span = self.at(key);
        let columns = &rel.columns[..shown];
        let d = match key {
            ast::Expr::Value(v) => {
                let Value::Number(n, _) = &v.value else { return self.constant_key(span) };
                match n.parse::<usize>().ok().filter(|n| (1..=shown).contains(n)) {
                    Some(n) => return Some(n - 1),
                    None => {
                        let what = format!("ORDER BY position {n} is not in the select list");
                        Diagnostic::error(code::ORDER_KEY, span, what)
                            .label(format!("there are {shown} columns"))
                    }
                }
            }
            ast::Expr::Identifier(name) => {
                let mut found = (0..shown).filter(|&c| means(name, &columns[c].name));
                match (found.next(), found.next()) {
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

    fn constant_key(&mut self, span: Span) -> Option<usize> {
        let what = "ORDER BY a constant orders nothing";
        self.fail(Diagnostic::error(code::ORDER_KEY, span, what).help("name a column, or its number"));
        None
    }

    /// Says where an order is possible.
    pub(super) fn refuse_order(&mut self, q: &ast::Query, span: Span) {
        let what = if q.order_by.is_some() { "ORDER BY" } else { "LIMIT" };
        let inner = self.catalog.keeps_results();
        let d = Diagnostic::error(code::NOT_SUPPORTED, span, format!("{what} is not supported here"));
        self.fail(match inner {
            true => d.label("inside a query").help("put it at the end of the whole statement"),
            false => d
                .label("this result is never complete")
                .help("leave it out here, and order where the result is read: SELECT … FROM view ORDER BY …"),
        });
    }

    pub(super) fn order_span(&self, q: &ast::Query) -> Span {
        let order = q.order_by.as_ref().map(|o| self.text.span_of(o));
        let limit = q.limit_clause.as_ref().map(|l| self.text.span_of(l));
        let spans = [order, limit].into_iter().flatten().filter(|s| !s.is_empty());
        spans.reduce(Span::join).unwrap_or_else(|| self.text.span_of(q))
    }
}

/// Whether a key is a number, or a name of the output: that goes before a column of the input.
fn names_output(key: &ast::Expr, select: &ast::Select) -> bool {
    match key {
        ast::Expr::Value(_) => true,
        ast::Expr::Identifier(name) => select.projection.iter().any(|item| match item {
            SelectItem::ExprWithAlias { alias, .. } => means(name, &alias.value),
            SelectItem::UnnamedExpr(ast::Expr::Identifier(i)) => means(name, &i.value),
            SelectItem::UnnamedExpr(ast::Expr::CompoundIdentifier(parts)) => {
                parts.last().is_some_and(|i| means(name, &i.value))
            }
            SelectItem::UnnamedExpr(e) => means(name, &super::select::output_name(e)),
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
