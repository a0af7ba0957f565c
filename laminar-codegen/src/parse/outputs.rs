//! Where the output columns of a query stand in its text.

use super::{Query, SqlText};
use crate::diagnostic::Span;
use sqlparser::ast::{SelectItem, SetExpr};

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
        let items: Vec<Span> = select.projection.iter().map(|item| item_span(item, text)).collect();
        let wildcard = select.projection.iter().position(is_wildcard);
        // With one wildcard its width follows from the count; with more, nobody knows here.
        let wide = (count + 1).saturating_sub(items.len());
        let several = select.projection.iter().filter(|i| is_wildcard(i)).count() > 1;
        let mut spans = Vec::with_capacity(count);
        for (i, span) in items.into_iter().enumerate() {
            let times = if Some(i) == wildcard && !several { wide } else { 1 };
            spans.extend(std::iter::repeat_n(span, times));
        }
        spans.resize(count, self.span);
        spans
    }
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
