//! The columns that names can mean.

use crate::diagnostic::{Diagnostic, Span, closest, code};
use crate::plan::PlanColumn;
use sqlparser::ast::Ident;

/// Columns in sight, in the order of the relation below.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// Columns with the table name that may stand before them.
    pub columns: Vec<(Option<String>, PlanColumn)>,
    /// What the input is called in messages.
    pub label: String,
}

/// Whether an identifier of a query means `name`: in any case, or exactly if quoted.
pub(super) fn means(ident: &Ident, name: &str) -> bool {
    if ident.quote_style.is_some() { ident.value == name } else { ident.value.eq_ignore_ascii_case(name) }
}

impl Scope {
    /// The column that `a`, `t.a` or `x.t.a` means.
    pub fn resolve(&self, parts: &[Ident], span: Span) -> Result<(usize, &PlanColumn), Box<Diagnostic>> {
        let Some((name, qualifiers)) = parts.split_last() else {
            return Err(Box::new(Diagnostic::error(code::UNKNOWN_COLUMN, span, "column name is missing")));
        };
        let qualifier = qualifiers.last();
        if let Some(q) = qualifier
            && !self.columns.iter().any(|(table, _)| table.as_deref().is_some_and(|t| means(q, t)))
        {
            let tables: Vec<&str> = self.columns.iter().filter_map(|(t, _)| t.as_deref()).collect();
            let mut d = Diagnostic::error(
                code::UNKNOWN_RELATION,
                span,
                format!("`{}` is not a table of this FROM", q.value),
            );
            if let Some(table) = closest(&q.value, tables.iter().copied()).or(tables.first().copied()) {
                d = d.label(format!("the table here is `{table}`"));
                if let ([_], None) = (qualifiers, q.quote_style) {
                    let at = Span::new(span.start, span.start + q.value.len());
                    d = d.suggest(at, crate::parse::written(table));
                }
            }
            return Err(Box::new(d));
        }
        let fits = |table: &Option<String>| match qualifier {
            Some(q) => table.as_deref().is_some_and(|t| means(q, t)),
            None => true,
        };
        let mut found = self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, (table, column))| fits(table) && means(name, &column.name));
        match (found.next(), found.next()) {
            (Some((i, (_, column))), None) => Ok((i, column)),
            (Some(_), Some(_)) => Err(Box::new(
                Diagnostic::error(
                    code::AMBIGUOUS_COLUMN,
                    span,
                    format!("column `{}` is ambiguous", name.value),
                )
                .label("more than one column has this name"),
            )),
            (None, _) => Err(Box::new(self.unknown(name, span))),
        }
    }

    fn unknown(&self, name: &Ident, span: Span) -> Diagnostic {
        let names: Vec<&str> = self.columns.iter().map(|(_, c)| c.name.as_str()).collect();
        let mut d = Diagnostic::error(
            code::UNKNOWN_COLUMN,
            span,
            format!("column `{}` does not exist in `{}`", name.value, self.label),
        );
        if !names.is_empty() {
            d = d.note(format!("columns of `{}`: {}", self.label, names.join(", ")));
        }
        if let Some(near) = closest(&name.value, names.iter().copied()) {
            d = d.label(format!("did you mean `{near}`?")).suggest(span, crate::parse::written(near));
        } else if name.quote_style == Some('"') {
            let text = format!("'{}'", name.value.replace('\'', "''"));
            d.code = code::TEXT_IN_DOUBLE_QUOTES;
            d = d.help("double quotes make a name; a text stands in single quotes").suggest(span, text);
        } else if means(name, "window_start") || means(name, "window_end") {
            d = d.help("a window comes from GROUP BY TUMBLE(…) or FROM TUMBLE(…)");
        }
        d
    }
}
