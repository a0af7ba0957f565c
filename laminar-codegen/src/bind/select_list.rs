//! Binds the select list of a SELECT: `*`, names, types.

use super::Binder;
use super::aggregate::Grouping;
use super::expr::Env;
use super::scope::Scope;
use super::window::column_props;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::plan::PlanColumn;
use crate::plan::expr::Expr;
use laminar_runtime::schema::Ty;
use sqlparser::ast::{self, SelectItem, SelectItemQualifiedWildcardKind};

impl Binder<'_> {
    pub(super) fn select_list(
        &mut self,
        s: &ast::Select,
        scope: &Scope,
        mut grouping: Option<&mut Grouping>,
        below: &[PlanColumn],
    ) -> (Vec<Expr>, Vec<PlanColumn>) {
        let (exprs, names) = self.items(s, scope, &mut grouping);
        let columns = named(&exprs, names, below);
        (exprs, columns)
    }

    pub(super) fn select_list_grouped(
        &mut self,
        s: &ast::Select,
        scope: &Scope,
        grouping: &mut Grouping,
    ) -> (Vec<Expr>, Vec<String>) {
        self.items(s, scope, &mut Some(grouping))
    }

    fn items(
        &mut self,
        s: &ast::Select,
        scope: &Scope,
        grouping: &mut Option<&mut Grouping>,
    ) -> (Vec<Expr>, Vec<String>) {
        let mut exprs = Vec::new();
        let mut names = Vec::new();
        for item in &s.projection {
            let span = self.text.span_of(item);
            match item {
                SelectItem::UnnamedExpr(e) => {
                    names.push(output_name(e));
                    exprs.push(self.item(e, scope, grouping));
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    names.push(alias.value.clone());
                    exprs.push(self.item(expr, scope, grouping));
                }
                SelectItem::Wildcard(options) | SelectItem::QualifiedWildcard(_, options) => {
                    if options.opt_except.is_some()
                        || options.opt_exclude.is_some()
                        || options.opt_ilike.is_some()
                        || options.opt_rename.is_some()
                        || options.opt_replace.is_some()
                        || options.opt_alias.is_some()
                    {
                        self.unsupported(span, "a clause after `*`");
                        continue;
                    }
                    if s.from.is_empty() {
                        self.unsupported(span, "`*` without FROM");
                        continue;
                    }
                    if grouping.is_some() {
                        self.fail(
                            Diagnostic::error(
                                code::NOT_GROUPED,
                                span,
                                "`*` cannot be used with GROUP BY or aggregates",
                            )
                            .help("name the grouped columns"),
                        );
                        continue;
                    }
                    let Some(columns) = self.starred(item, scope, span) else { continue };
                    for i in columns {
                        let c = &scope.columns[i].1;
                        names.push(c.name.clone());
                        exprs.push(Expr::column(i, c.ty, c.nullable, span));
                    }
                }
                _ => {
                    self.unsupported(span, "this select item");
                }
            }
        }
        (exprs, names)
    }

    fn starred(&mut self, item: &SelectItem, scope: &Scope, span: Span) -> Option<Vec<usize>> {
        let SelectItem::QualifiedWildcard(kind, _) = item else {
            return Some((0..scope.columns.len()).collect());
        };
        let SelectItemQualifiedWildcardKind::ObjectName(name) = kind else {
            self.unsupported(span, "`*` of an expression");
            return None;
        };
        let table = name.0.last().and_then(|p| p.as_ident());
        let hits: Vec<usize> = scope
            .columns
            .iter()
            .enumerate()
            .filter(|(_, (t, _))| match (table, t) {
                (Some(i), Some(t)) => super::scope::means(i, t),
                _ => false,
            })
            .map(|(i, _)| i)
            .collect();
        if hits.is_empty() {
            self.fail(Diagnostic::error(
                code::UNKNOWN_RELATION,
                span,
                format!("`{name}` is not a table of this FROM"),
            ));
            return None;
        }
        Some(hits)
    }

    fn item(&mut self, e: &ast::Expr, scope: &Scope, grouping: &mut Option<&mut Grouping>) -> Expr {
        let mut env = Env { scope, grouping: grouping.as_deref_mut(), clause: "SELECT" };
        let bound = self.expr(e, &mut env);
        if bound.ty.is_none() && !bound.is_error() { self.coerced(bound, Ty::Varchar) } else { bound }
    }
}

/// Output columns of expressions over `below`.
pub(super) fn named(exprs: &[Expr], names: Vec<String>, below: &[PlanColumn]) -> Vec<PlanColumn> {
    exprs
        .iter()
        .zip(names)
        .map(|(e, name)| PlanColumn { name, ty: e.ty, nullable: e.nullable, props: column_props(e, below) })
        .collect()
}

/// The name of a selected expression without alias, as PostgreSQL gives it.
pub(super) fn output_name(e: &ast::Expr) -> String {
    match e {
        ast::Expr::Identifier(i) => i.value.clone(),
        ast::Expr::CompoundIdentifier(parts) => parts.last().map_or("?column?".into(), |i| i.value.clone()),
        ast::Expr::Nested(inner) => output_name(inner),
        ast::Expr::Cast { expr, .. } => output_name(expr),
        ast::Expr::Function(f) => f.name.to_string().to_ascii_lowercase(),
        ast::Expr::Case { .. } => "case".into(),
        ast::Expr::Extract { .. } => "extract".into(),
        ast::Expr::Substring { .. } => "substring".into(),
        _ => "?column?".into(),
    }
}
