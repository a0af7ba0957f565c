//! Where the output columns of a query stand in its text.

use super::{Query, SqlText};
use crate::diagnostic::Span;
use sqlparser::ast::{Select, SelectItem, SetExpr};

impl Query {
    /// The place of each of the `count` output columns: that of its item in the first SELECT; those of a wildcard share its place.
    pub fn output_spans(&self, text: &SqlText, count: usize) -> Vec<Span> {
        let mut body = &*self.body.body;
        let select = loop {
            match body {
                SetExpr::Select(select) => break select,
                SetExpr::Query(query) => body = &query.body,
                SetExpr::SetOperation { left, .. } => body = left,
                _ => return vec![self.span; count],
            }
        };
        let span_of = |item: Option<&SelectItem>| item.map_or(self.span, |item| item_span(item, text));
        items(select, count).into_iter().map(span_of).collect()
    }

    /// Of each of the `count` output columns: whether it is a literal without a type, NULL or a text in quotes, that takes the type of
    /// the column that it is inserted into. Those of VALUES, of DISTINCT and of a set operation are texts.
    pub fn untyped_outputs(&self, text: &SqlText, count: usize) -> Vec<bool> {
        let mut body = &*self.body.body;
        while let SetExpr::Query(query) = body {
            body = &query.body;
        }
        let select = match body {
            SetExpr::Select(select) if select.distinct.is_none() => select,
            _ => return vec![false; count],
        };
        let untyped = |item: Option<&SelectItem>| match item {
            Some(SelectItem::UnnamedExpr(e) | SelectItem::ExprWithAlias { expr: e, .. }) => {
                text.is_untyped(text.expr_span(e))
            }
            _ => false,
        };
        items(select, count).into_iter().map(untyped).collect()
    }
}

/// The item that each of the `count` output columns comes from; none where two wildcards leave it open.
fn items(select: &Select, count: usize) -> Vec<Option<&SelectItem>> {
    let wildcard = select.projection.iter().position(is_wildcard);
    // With one wildcard its width follows from the count; with more, nobody knows here.
    let wide = (count + 1).saturating_sub(select.projection.len());
    if select.projection.iter().filter(|i| is_wildcard(i)).count() > 1 {
        return vec![None; count];
    }
    let mut items = Vec::with_capacity(count);
    for (i, item) in select.projection.iter().enumerate() {
        let times = if Some(i) == wildcard { wide } else { 1 };
        items.extend(std::iter::repeat_n(Some(item), times));
    }
    items.resize(count, None);
    items
}

fn is_wildcard(item: &SelectItem) -> bool {
    matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..))
}

fn item_span(item: &SelectItem, text: &SqlText) -> Span {
    match item {
        SelectItem::UnnamedExpr(expr) => text.expr_span(expr),
        SelectItem::ExprWithAlias { expr, alias } => Span::join(text.expr_span(expr), text.ident(alias).span),
        other => text.span_of(other),
    }
}
