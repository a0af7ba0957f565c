//! GROUPING SETS, ROLLUP and CUBE: several groupings of the same rows in one query, and GROUPING(), which tells them apart.

use super::Binder;
use super::aggregate::Grouping;
use super::expr::Env;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::plan::expr::{Expr, Kind, Literal};
use crate::plan::{AggregateWindow, ColumnProps, Node, PlanColumn, Props, Rel};
use crate::sir::CmpOp;
use laminar_runtime::schema::Ty;
use sqlparser::ast;

/// Grouping sets of a query, at most: each is a copy of every row.
const SETS_MAX: usize = 64;

impl Binder<'_> {
    /// The sets of keys that GROUP BY asks for: the combinations of what its elements ask for. One for a plain GROUP BY.
    pub(super) fn grouping_sets(&mut self, written: &[ast::Expr], span: Span) -> Option<Vec<Vec<ast::Expr>>> {
        let mut sets: Vec<Vec<ast::Expr>> = vec![Vec::new()];
        for element in written {
            let alternatives = alternatives(element);
            if alternatives.len().saturating_mul(sets.len()) > SETS_MAX {
                self.fail(
                    Diagnostic::error(
                        code::TOO_DEEP,
                        span,
                        format!("GROUP BY asks for more than {SETS_MAX} grouping sets"),
                    )
                    .help("name the sets that are needed: GROUPING SETS ((a, b), (a), ())"),
                );
                return None;
            }
            if let [only] = alternatives.as_slice() {
                sets.iter_mut().for_each(|set| set.extend_from_slice(only));
                continue;
            }
            sets = (sets.iter())
                .flat_map(|set| alternatives.iter().map(|more| [set.as_slice(), more].concat()))
                .collect();
        }
        Some(sets)
    }

    /// The aggregation; sets without keys and window by nodes of their own, which always have their row.
    pub(super) fn with_totals(
        &mut self,
        input: Rel,
        window: Option<AggregateWindow>,
        mut grouping: Grouping,
    ) -> Rel {
        let totals = grouping.sets.iter().filter(|set| set.is_empty()).count();
        if totals == 0 || window.is_some() {
            return self.aggregate(input, window, grouping);
        }
        let first = grouping.sets.len() - totals;
        let calls = grouping.calls.clone();
        let keys: Vec<Expr> = grouping.keys.iter().map(|(_, key)| key.clone()).collect();
        let over = Grouping {
            windowed: false,
            window_columns: Vec::new(),
            keys: Vec::new(),
            calls: calls.clone(),
            event_time: None,
            bounded: true,
            sets: Vec::new(),
        };
        let total = self.aggregate(input.clone(), None, over);
        grouping.sets.truncate(first);
        let by_keys = match first {
            0 => None,
            _ => Some(self.aggregate(input, None, grouping)),
        };
        let mut columns: Vec<PlanColumn> = (keys.iter())
            .map(|key| PlanColumn {
                name: "key".into(),
                ty: key.ty,
                nullable: true,
                props: ColumnProps::default(),
            })
            .collect();
        columns.push(PlanColumn {
            name: "grouping set".into(),
            ty: Some(Ty::Integer),
            nullable: false,
            props: ColumnProps::default(),
        });
        columns.extend(total.columns.iter().cloned());
        if let Some(by_keys) = &by_keys {
            columns.clone_from(&by_keys.columns);
        }
        let one = |set: usize| {
            let span = Span::default();
            let mut exprs: Vec<Expr> = (keys.iter())
                .map(|key| Expr { kind: Kind::Null, ty: key.ty, nullable: true, span })
                .collect();
            exprs.push(Expr::literal(Literal::Int(set as i64), Ty::Integer, span));
            exprs.extend(
                calls.iter().enumerate().map(|(c, call)| Expr::column(c, Some(call.ty), call.nullable, span)),
            );
            let props = Props { keys: Vec::new(), state: None, ..total.props.clone() };
            Rel {
                node: Node::Project { input: Box::new(total.clone()), exprs },
                columns: columns.clone(),
                props,
            }
        };
        let mut inputs: Vec<Rel> = by_keys.into_iter().collect();
        inputs.extend((first..first + totals).map(one));
        let props = Props { state: None, ..inputs[0].props.clone() };
        match inputs.len() {
            1 => inputs.remove(0),
            _ => Rel { node: Node::Union { inputs }, columns, props },
        }
    }

    /// `GROUPING(a, b)`: a bit for each argument, the first one highest: 1 where the row's set does not have it.
    pub(super) fn grouping_call(&mut self, args: &[&ast::Expr], span: Span, env: &mut Env<'_>) -> Expr {
        if env.grouping.is_none() {
            let what = format!("GROUPING is not allowed in {}", env.clause);
            return self.fail(Diagnostic::error(code::AGGREGATE_MISPLACED, span, what));
        }
        if args.is_empty() || args.len() > 31 {
            let what = "GROUPING takes 1 to 31 keys of GROUP BY";
            return self.fail(Diagnostic::error(code::FUNCTION_ARGUMENTS, span, what));
        }
        let bound: Vec<Expr> = args.iter().map(|a| self.expr(a, env)).collect();
        let Some(grouping) = env.grouping.as_deref() else { return Expr::error(span) };
        let mut keys = Vec::new();
        for e in &bound {
            let key = match e.kind {
                Kind::Column(i) => i.checked_sub(grouping.first_key()).filter(|k| *k < grouping.keys.len()),
                Kind::Error => return Expr::error(span),
                _ => None,
            };
            let Some(key) = key else {
                let what = "arguments of GROUPING are keys of GROUP BY";
                return self.fail(Diagnostic::error(code::FUNCTION_ARGUMENTS, e.span, what));
            };
            keys.push(key);
        }
        let integer = |v: i64| Expr::literal(Literal::Int(v), Ty::Integer, span);
        let mask = |set: &Vec<usize>| keys.iter().fold(0, |mask, k| mask << 1 | !set.contains(k) as i64);
        let Some(column) = grouping.set_column() else { return integer(0) };
        let number = Expr::column(column, Some(Ty::Integer), false, span);
        let is = |set: usize| Expr {
            kind: Kind::Cmp(CmpOp::Eq, Box::new(number.clone()), Box::new(integer(set as i64))),
            ty: Some(Ty::Boolean),
            nullable: false,
            span,
        };
        let masks: Vec<i64> = grouping.sets.iter().map(mask).collect();
        let (last, arms) = match masks.split_last() {
            Some((last, arms)) => (*last, arms),
            None => return integer(0),
        };
        let arms = arms.iter().enumerate().map(|(set, mask)| (is(set), integer(*mask))).collect();
        let kind = Kind::Case(arms, Some(Box::new(integer(last))));
        Expr { kind, ty: Some(Ty::Integer), nullable: false, span }
    }
}

/// The sets of keys that an element of GROUP BY stands for.
fn alternatives(element: &ast::Expr) -> Vec<Vec<ast::Expr>> {
    match element {
        ast::Expr::GroupingSets(sets) => sets.clone(),
        // One more than may be is enough to be refused.
        ast::Expr::Rollup(parts) => {
            (0..=parts.len().min(SETS_MAX)).rev().map(|n| parts[..n].concat()).collect()
        }
        ast::Expr::Cube(parts) => (0..1_usize << parts.len().min(SETS_MAX.ilog2() as usize + 1))
            .rev()
            .map(|chosen| {
                let is_in = |i: usize| chosen >> (parts.len() - 1 - i).min(63) & 1 == 1;
                (0..parts.len()).filter(|i| is_in(*i)).flat_map(|i| parts[i].clone()).collect()
            })
            .collect(),
        ast::Expr::Tuple(keys) => vec![keys.clone()],
        key => vec![vec![key.clone()]],
    }
}
