//! Binds FROM: relations, subqueries, named subqueries, table functions.

use super::Binder;
use super::scope::Scope;
use super::window::{is_tumble, is_window_function};
use crate::diagnostic::{Diagnostic, Span, closest, code};
use crate::parse::Ident;

use crate::plan::{ColumnProps, Node, PlanColumn, Props, Rel};
use sqlparser::ast::{
    self, FunctionArg, FunctionArgExpr, FunctionArguments, ObjectName, ObjectNamePart, TableAlias,
    TableFactor,
};

/// What to do where joins are not there.
fn no_join(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(code::JOIN_NOT_SUPPORTED, span, what)
        .help("a query reads one relation or subquery, or several with UNION ALL")
}

impl Binder<'_> {
    /// The input of a SELECT and the names it gives.
    pub(super) fn from(&mut self, from: &[ast::TableWithJoins], span: Span) -> Option<(Rel, Scope)> {
        let [table] = from else {
            let Some(second) = from.get(1) else {
                let scope = Scope { columns: Vec::new(), label: "a SELECT without FROM".into() };
                return Some((self.one_row(), scope));
            };
            let at = self.text.span_of(second);
            self.fail(no_join(at, "several tables in FROM are a join, and joins are not supported"));
            return None;
        };
        if let Some(join) = table.joins.first() {
            let at = self.text.span_of(join);
            // The word itself: sqlparser's span begins behind it.
            let before = self.text.sql().get(..at.start).unwrap_or("").to_ascii_uppercase();
            let word = before.rfind("JOIN").map(|start| Span::new(start, start + "JOIN".len()));
            let word = word.unwrap_or(if at.is_empty() { span } else { at });
            self.fail(no_join(word, "JOIN is not supported"));
            return None;
        }
        let (rel, name) = self.factor(&table.relation)?;
        let label = name.clone().unwrap_or_else(|| "the subquery".to_string());
        let columns = rel.columns.iter().map(|c| (name.clone(), c.clone())).collect();
        Some((rel, Scope { columns, label }))
    }

    fn factor(&mut self, factor: &TableFactor) -> Option<(Rel, Option<String>)> {
        let span = self.text.span_of(factor);
        match factor {
            TableFactor::Table {
                name,
                alias,
                args: None,
                version: None,
                with_ordinality: false,
                sample: None,
                with_hints,
                partitions,
                json_path: None,
                index_hints,
            } if with_hints.is_empty() && partitions.is_empty() && index_hints.is_empty() => {
                let (rel, own) = self.named(name, span)?;
                let rel = match alias {
                    Some(alias) => self.rename_columns(rel, alias)?,
                    None => rel,
                };
                Some((rel, Some(alias.as_ref().map_or(own, |a| a.name.value.clone()))))
            }
            TableFactor::Table { name, alias, args: Some(args), .. } => {
                let rel = self.table_function(&name.to_string(), &args.args, span)?;
                self.aliased(rel, alias)
            }
            TableFactor::Function { name, args, alias, lateral: false, .. } => {
                let rel = self.table_function(&name.to_string(), args, span)?;
                self.aliased(rel, alias)
            }
            TableFactor::TableFunction { expr: ast::Expr::Function(f), alias } => {
                let FunctionArguments::List(list) = &f.args else {
                    self.unsupported(span, "this table function");
                    return None;
                };
                let rel = self.table_function(&f.name.to_string(), &list.args, span)?;
                self.aliased(rel, alias)
            }
            TableFactor::Derived { lateral: false, subquery, alias, sample: None } => {
                let rel = self.query(subquery)?;
                self.aliased(rel, alias)
            }
            TableFactor::NestedJoin { table_with_joins, alias } if table_with_joins.joins.is_empty() => {
                let (rel, name) = self.factor(&table_with_joins.relation)?;
                match alias {
                    Some(_) => self.aliased(rel, alias),
                    None => Some((rel, name)),
                }
            }
            _ => {
                self.unsupported(span, "this form of FROM");
                None
            }
        }
    }

    fn aliased(&mut self, rel: Rel, alias: &Option<TableAlias>) -> Option<(Rel, Option<String>)> {
        match alias {
            Some(a) => Some((self.rename_columns(rel, a)?, Some(a.name.value.clone()))),
            None => Some((rel, None)),
        }
    }

    /// `AS t (a, b)`
    pub(super) fn rename_columns(&mut self, mut rel: Rel, alias: &TableAlias) -> Option<Rel> {
        if alias.columns.len() > rel.columns.len() {
            let span = self.text.ident(&alias.name).span;
            self.fail(Diagnostic::error(
                code::UNKNOWN_COLUMN,
                span,
                format!(
                    "`{}` has {} columns, {} names given",
                    alias.name.value,
                    rel.columns.len(),
                    alias.columns.len()
                ),
            ));
            return None;
        }
        for (column, renamed) in rel.columns.iter_mut().zip(&alias.columns) {
            column.name = renamed.name.value.clone();
        }
        Some(rel)
    }

    /// A relation by name: a named subquery in sight, else the catalog's.
    fn named(&mut self, name: &ObjectName, span: Span) -> Option<(Rel, String)> {
        let parts: Vec<Ident> = name
            .0
            .iter()
            .filter_map(|p| match p {
                ObjectNamePart::Identifier(i) => Some(self.text.ident(i)),
                ObjectNamePart::Function(_) => None,
            })
            .collect();
        self.relation(&parts, span)
    }

    fn relation(&mut self, parts: &[Ident], span: Span) -> Option<(Rel, String)> {
        let same = |i: &Ident, n: &str| if i.quoted { i.value == n } else { i.value.eq_ignore_ascii_case(n) };
        if let [single] = parts
            && let Some((cte, rel)) = self.ctes.iter().rev().find(|(n, _)| same(single, &n.value))
        {
            return rel.clone().map(|r| (r, cte.value.clone()));
        }
        let key: Vec<(String, bool)> = parts.iter().map(|i| (i.value.clone(), i.quoted)).collect();
        let Some(relation) = self.catalog.relation(&key) else {
            let shown = parts.iter().map(|i| i.value.as_str()).collect::<Vec<_>>().join(".");
            let mut known = self.catalog.names();
            known.extend(self.ctes.iter().map(|(n, _)| n.value.clone()));
            let mut d =
                Diagnostic::error(code::UNKNOWN_RELATION, span, format!("relation `{shown}` does not exist"));
            if let Some(near) = closest(&shown, known.iter().map(String::as_str)) {
                d = d.label(format!("did you mean `{near}`?")).suggest(span, crate::parse::written(near));
            } else if !known.is_empty() {
                known.sort_unstable();
                d = d.note(format!("relations: {}", known.join(", ")));
            }
            self.fail(d);
            return None;
        };
        let own = parts.last().map_or_else(|| relation.name.clone(), |i| i.value.clone());
        let known =
            (0..self.sources.len()).find(|&i| self.sources[i].name == relation.name && !self.is_values(i));
        let index = match known {
            Some(i) => i,
            None => {
                self.sources.push(relation);
                self.sources.len() - 1
            }
        };
        let relation = &self.sources[index];
        let columns = relation
            .columns
            .iter()
            .enumerate()
            .map(|(i, c)| {
                // A row whose event time is NULL is rejected, so the query never sees one.
                let is_time = relation.time.is_some_and(|(t, _)| t == i);
                PlanColumn {
                    name: c.column.name.to_string(),
                    ty: Some(c.column.ty),
                    nullable: c.column.nullable && !is_time,
                    props: ColumnProps {
                        watermark: if is_time { vec![(index, 0)] } else { Vec::new() },
                        window: None,
                    },
                }
            })
            .collect();
        let props =
            Props { changelog: relation.changelog, finite: relation.finite, keys: Vec::new(), state: None };
        Some((Rel { node: Node::Source(index), columns, props }, own))
    }

    /// `TUMBLE(TABLE t, DESCRIPTOR(ts), size)`, `TUMBLE(t, ts, size)`, `TUMBLE((SELECT …), ts, size)`
    fn table_function(&mut self, name: &str, args: &[FunctionArg], span: Span) -> Option<Rel> {
        if !is_tumble(name) {
            if is_window_function(name) {
                self.fail(super::window::unsupported(name, span));
            } else {
                self.fail(Diagnostic::error(
                    code::UNKNOWN_FUNCTION,
                    span,
                    format!("table function `{name}` does not exist"),
                ));
            }
            return None;
        }
        let plain: Option<Vec<&ast::Expr>> = args
            .iter()
            .map(|a| match a {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(e)) => Some(e),
                _ => None,
            })
            .collect();
        let Some([input, time, rest @ ..]) = plain.as_deref() else {
            self.fail(
                Diagnostic::error(
                    code::WINDOW_MISUSE,
                    span,
                    "TUMBLE takes a table, a time column and a size",
                )
                .help("FROM TUMBLE(t, ts, INTERVAL '1' MINUTE)"),
            );
            return None;
        };
        let rel = match (crate::parse::table_argument(self.text, input), input) {
            (Some(name), _) => self.relation(&name.parts, name.span)?.0,
            (None, ast::Expr::Subquery(q)) => self.query(q)?,
            (None, _) => {
                let at = self.at(input);
                self.fail(
                    Diagnostic::error(
                        code::WINDOW_MISUSE,
                        at,
                        "the first argument of TUMBLE must be a table",
                    )
                    .help("name a relation, or put a subquery into parentheses"),
                );
                return None;
            }
        };
        let columns = rel.columns.iter().map(|c| (None, c.clone())).collect();
        let scope = Scope { columns, label: "the table".to_string() };
        let time = self.window_time(crate::parse::column_argument(time).unwrap_or(time), &scope);
        let size = self.window_size(rest, span);
        let (time, size) = (time?, size?);
        Some(self.with_window(rel, time, size, span))
    }
}
