//! Binds a SELECT: WHERE, GROUP BY, HAVING, the select list.

use super::Binder;
use super::aggregate::Grouping;
use super::expr::Env;
use super::order::position;
use super::scope::Scope;
use super::select_list::{named, output_name};
use super::window::{Size, is_tumble, is_window_function, time_watermark};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::parse::EmitKind;
use crate::plan::expr::{Expr, Kind, Literal};
use crate::plan::properties::shift_watermark;
use crate::plan::{
    AggregateCall, AggregateFn, AggregateWindow, ColumnProps, Node, PlanColumn, Props, Rel, WindowColumn,
};
use laminar_runtime::schema::Ty;
use sqlparser::ast::{self, Distinct, GroupByExpr, SelectItem};

/// The window of a GROUP BY.
struct GroupWindow {
    time: Expr,
    /// `time` is a bound of this window of the input.
    bound_of: Option<usize>,
    size: Size,
    /// What closes it.
    watermark: Vec<(usize, i64)>,
    span: Span,
}

impl GroupWindow {
    /// Whether both name the same window of each row.
    fn is(&self, other: &GroupWindow) -> bool {
        self.size == other.size
            && self.bound_of == other.bound_of
            && (self.bound_of.is_some() || self.time == other.time)
    }
}

impl Binder<'_> {
    /// Binds a SELECT.
    pub(super) fn select(&mut self, s: &ast::Select) -> Option<Rel> {
        let rel = self.select_all(s)?;
        match &s.distinct {
            Some(Distinct::Distinct) => {
                let span = self.text.span_of(s);
                self.distinct_rows(rel, "SELECT DISTINCT", span)
            }
            _ => Some(rel),
        }
    }

    /// The rows of a SELECT, equal ones as well.
    pub(super) fn select_all(&mut self, s: &ast::Select) -> Option<Rel> {
        let span = self.text.span_of(s);
        self.refuse_clauses(s, span);
        let (input, scope) = self.from(&s.from, span)?;
        let input = match &s.selection {
            Some(condition) => {
                let mut env = Env { scope: &scope, grouping: None, clause: "WHERE" };
                let predicate = self.condition(condition, &mut env);
                filter(input, predicate)
            }
            None => input,
        };
        let keys = match &s.group_by {
            GroupByExpr::Expressions(keys, modifiers) => {
                if !modifiers.is_empty() {
                    self.unsupported(span, "GROUP BY modifiers");
                }
                keys.as_slice()
            }
            GroupByExpr::All(_) => {
                self.unsupported(span, "GROUP BY ALL");
                &[]
            }
        };
        let grouped = !keys.is_empty() || s.having.is_some() || s.projection.iter().any(item_aggregates);
        if grouped {
            self.grouped(s, keys, input, &scope)
        } else {
            let (exprs, columns) = self.select_list(s, &scope, None, &input.columns);
            Some(project(input, exprs, columns))
        }
    }

    fn refuse_clauses(&mut self, s: &ast::Select, span: Span) {
        if let Some(Distinct::On(_)) = &s.distinct {
            let d = Diagnostic::error(code::NOT_SUPPORTED, span, "SELECT DISTINCT ON is not supported")
                .help("GROUP BY the columns, and aggregate the others");
            self.fail(d);
        }
        if s.qualify.is_some() || !s.named_window.is_empty() {
            self.unsupported(span, "QUALIFY and WINDOW");
        }
        if s.top.is_some()
            || s.into.is_some()
            || !s.lateral_views.is_empty()
            || s.prewhere.is_some()
            || !s.connect_by.is_empty()
            || !s.cluster_by.is_empty()
            || !s.distribute_by.is_empty()
            || !s.sort_by.is_empty()
            || s.value_table_mode.is_some()
            || s.exclude.is_some()
            || s.select_modifiers.is_some()
        {
            self.unsupported(span, "a clause of this SELECT");
        }
    }

    fn grouped(&mut self, s: &ast::Select, written: &[ast::Expr], input: Rel, scope: &Scope) -> Option<Rel> {
        let span = self.text.span_of(s);
        let mut grouping = Grouping {
            windowed: false,
            window_columns: Vec::new(),
            keys: Vec::new(),
            calls: Vec::new(),
            event_time: event_time(&input, span),
            bounded: input.props.finite || input.props.changelog || self.unbounded,
            sets: Vec::new(),
        };
        let mut window: Option<GroupWindow> = None;
        let mut bad = false;
        let sets = self.grouping_sets(written, span)?;
        let mut windows = 0;
        for set in &sets {
            let mut keys = Vec::new();
            let mut windowed = false;
            for key in set {
                match self.group_key(key, s, &input, scope, &mut grouping, &mut window) {
                    Some(Some(k)) => keys.push(k),
                    Some(None) => windowed = true,
                    None => bad = true,
                }
            }
            windows += windowed as usize;
            grouping.sets.push(keys);
        }
        if windows != 0 && windows != sets.len() && !bad {
            let what = "a window belongs to all grouping sets of a query or to none";
            self.fail(
                Diagnostic::error(code::WINDOW_MISUSE, span, what).help("GROUP BY TUMBLE(…), ROLLUP (a, b)"),
            );
            bad = true;
        }
        // Sets without keys come last: they are made apart, as each has its row even where there is none.
        grouping.sets.sort_by_key(Vec::is_empty);
        match grouping.sets.len() {
            1 => grouping.sets.clear(),
            _ => {
                for (k, (_, key)) in grouping.keys.iter_mut().enumerate() {
                    key.nullable |= !grouping.sets.iter().all(|set| set.contains(&k));
                }
            }
        }
        let window = match window {
            Some(GroupWindow { time, bound_of, size, watermark, span }) => {
                let is_bound = bound_of.is_some();
                bad |= !self.check_window(&time, &watermark, &input, span);
                let lateness_ns = if super::contains_window(&input) { 0 } else { self.lateness_ns };
                let Size { size_ns, offset_ns } = size;
                Some(AggregateWindow { time, is_bound, size_ns, offset_ns, lateness_ns, watermark })
            }
            None => None,
        };
        let having = s.having.as_ref().map(|h| {
            let mut env = Env { scope, grouping: Some(&mut grouping), clause: "HAVING" };
            self.condition(h, &mut env)
        });
        let (exprs, names) = self.select_list_grouped(s, scope, &mut grouping);
        if bad {
            return None;
        }
        let aggregate = self.with_totals(input, window, grouping);
        let columns = named(&exprs, names, &aggregate.columns);
        let filtered = match having {
            Some(predicate) => filter(aggregate, predicate),
            None => aggregate,
        };
        Some(project(filtered, exprs, columns))
    }

    /// The node and its output columns.
    pub(super) fn aggregate(
        &mut self,
        input: Rel,
        window: Option<AggregateWindow>,
        grouping: Grouping,
    ) -> Rel {
        let mut columns = Vec::new();
        if let Some(w) = &window {
            columns = self.window_bounds(w);
        }
        let first_key = columns.len();
        for (written, key) in &grouping.keys {
            columns.push(PlanColumn {
                name: output_name(written),
                ty: key.ty,
                nullable: key.nullable,
                props: ColumnProps::default(),
            });
            self.is_key(key.ty, "GROUP BY", key.span);
        }
        if grouping.set_column().is_some() {
            columns.push(PlanColumn {
                name: "grouping set".into(),
                ty: Some(Ty::Integer),
                nullable: false,
                props: ColumnProps::default(),
            });
        }
        for call in &grouping.calls {
            columns.push(PlanColumn {
                name: call.function.name().to_ascii_lowercase(),
                ty: Some(call.ty),
                nullable: call.nullable,
                props: ColumnProps::default(),
            });
        }
        let changelog = window.is_none() && self.emit.is_none_or(|(kind, _)| kind != EmitKind::Final);
        let mut key: Vec<usize> = (first_key..first_key + grouping.keys.len()).collect();
        key.extend(grouping.set_column());
        if window.is_some() {
            key.insert(0, 0);
        }
        let state = match &window {
            Some(_) => "keys × open windows".to_string(),
            None if grouping.keys.is_empty() => "one row".to_string(),
            None => "grows with the number of keys".to_string(),
        };
        let state = match kept(&grouping.calls, input.props.changelog) {
            Some(kept) => format!("{state}, and {kept} in each"),
            None => state,
        };
        let props = Props { changelog, finite: input.props.finite, keys: vec![key], state: Some(state) };
        let mut keys: Vec<Expr> = grouping.keys.into_iter().map(|(_, e)| e).collect();
        if !grouping.sets.is_empty() {
            keys.push(Expr::literal(Literal::Int(0), Ty::Integer, Span::default()));
        }
        let (calls, sets) = (grouping.calls, grouping.sets);
        Rel { node: Node::Aggregate { input: Box::new(input), window, keys, sets, calls }, columns, props }
    }

    /// The columns of a window: its start and its end.
    pub(super) fn window_bounds(&mut self, w: &AggregateWindow) -> Vec<PlanColumn> {
        let released = shift_watermark(&w.watermark, w.lateness_ns);
        let id = self.new_window();
        let bound = |is_end: bool| PlanColumn {
            name: if is_end { "window_end" } else { "window_start" }.into(),
            ty: Some(Ty::Timestamp),
            nullable: false,
            props: ColumnProps {
                watermark: shift_watermark(&released, if is_end { 0 } else { w.size_ns }),
                window: Some(WindowColumn {
                    id,
                    size_ns: w.size_ns,
                    offset_ns: w.offset_ns,
                    is_end,
                    watermark: released.clone(),
                }),
            },
        };
        vec![bound(false), bound(true)]
    }

    /// Takes an element of GROUP BY; the number of the key, none for the window.
    fn group_key(
        &mut self,
        key: &ast::Expr,
        s: &ast::Select,
        input: &Rel,
        scope: &Scope,
        grouping: &mut Grouping,
        window: &mut Option<GroupWindow>,
    ) -> Option<Option<usize>> {
        let span = self.at(key);
        let key = self.resolve_key(key, s, scope)?;
        if let ast::Expr::Function(f) = &key
            && is_window_function(&f.name.to_string())
        {
            // Also where it turns out wrong: then its bounds are not a second mistake.
            grouping.windowed = true;
            if !is_tumble(&f.name.to_string()) {
                self.fail(super::window::unsupported(&f.name.to_string(), span));
                return None;
            }
            let args = self.plain_args(f, span)?;
            let Some((time, rest)) = args.split_first() else {
                self.window_size(&[], span);
                return None;
            };
            let time = self.window_time(time, scope);
            let size = self.window_size(rest, span);
            let (time, size) = (time?, size?);
            let watermark = time_watermark(&time, &input.columns);
            let new = GroupWindow { time, bound_of: None, size, watermark, span };
            return self.one_window(grouping, window, new).map(|()| None);
        }
        let mut env = Env { scope, grouping: None, clause: "GROUP BY" };
        let bound = self.expr(&key, &mut env);
        if bound.is_error() {
            return None;
        }
        if let Kind::Column(i) = bound.kind
            && let Some(w) = &input.columns[i].props.window
        {
            let size = Size { size_ns: w.size_ns, offset_ns: w.offset_ns };
            grouping.window_columns.push((i, w.is_end));
            let watermark = w.watermark.clone();
            let new = GroupWindow { time: bound, bound_of: Some(w.id), size, watermark, span };
            return self.one_window(grouping, window, new).map(|()| None);
        }
        let bound = if bound.ty.is_none() { self.coerced(bound, Ty::Varchar) } else { bound };
        let known = grouping.keys.iter().position(|(_, e)| *e == bound);
        Some(Some(known.unwrap_or_else(|| {
            grouping.keys.push((key, bound));
            grouping.keys.len() - 1
        })))
    }

    fn one_window(
        &mut self,
        grouping: &mut Grouping,
        window: &mut Option<GroupWindow>,
        new: GroupWindow,
    ) -> Option<()> {
        grouping.windowed = true;
        match window {
            None => *window = Some(new),
            Some(first) if first.is(&new) => {}
            Some(_) => {
                self.fail(Diagnostic::error(
                    code::WINDOW_MISUSE,
                    new.span,
                    "GROUP BY has two different windows",
                ));
                return None;
            }
        }
        Some(())
    }

    /// `GROUP BY 1` and `GROUP BY alias` stand for a selected expression; other constants that are written there, for nothing.
    fn resolve_key(&mut self, key: &ast::Expr, s: &ast::Select, scope: &Scope) -> Option<ast::Expr> {
        let span = self.at(key);
        match key {
            _ if let Some(n) = position(key) => {
                let n = match n {
                    Ok(n) => n,
                    Err(_) => {
                        let what = "non-integer constant in GROUP BY";
                        let d = Diagnostic::error(code::UNKNOWN_COLUMN, span, what);
                        self.fail(d.help("name a column, or the number of a selected one"));
                        return None;
                    }
                };
                let item = usize::try_from(n).ok().and_then(|n| s.projection.get(n.checked_sub(1)?));
                match item {
                    Some(SelectItem::UnnamedExpr(e) | SelectItem::ExprWithAlias { expr: e, .. }) => {
                        Some(e.clone())
                    }
                    _ => {
                        self.fail(Diagnostic::error(
                            code::UNKNOWN_COLUMN,
                            span,
                            format!("GROUP BY position {n} is not an expression of the select list"),
                        ));
                        None
                    }
                }
            }
            ast::Expr::Identifier(name) if scope.resolve(std::slice::from_ref(name), span).is_err() => {
                let aliased = s.projection.iter().find_map(|item| match item {
                    SelectItem::ExprWithAlias { expr, alias } if super::scope::means(name, &alias.value) => {
                        Some(expr)
                    }
                    _ => None,
                });
                Some(aliased.unwrap_or(key).clone())
            }
            _ => Some(key.clone()),
        }
    }

    /// A window needs a time that is never NULL, and something that closes it.
    fn check_window(&mut self, time: &Expr, watermark: &[(usize, i64)], input: &Rel, span: Span) -> bool {
        if time.nullable {
            self.fail(
                Diagnostic::error(code::WINDOW_TIME, time.span, "time of a window may be NULL")
                    .label("this column is nullable")
                    .help("declare the column NOT NULL, or declare it the event time: rows without one are then rejected"),
            );
            return false;
        }
        let closes = !watermark.is_empty() || input.props.finite;
        let needs = self.emit.is_none_or(|(kind, _)| kind == EmitKind::WindowClose);
        if needs && !closes {
            let column = match time.kind {
                Kind::Column(i) => &*input.columns[i].name,
                _ => "ts",
            };
            self.fail(
                Diagnostic::error(
                    code::NO_WATERMARK,
                    span,
                    "window can never close: its time column has no watermark",
                )
                .label("no watermark here")
                .help(format!("declare event time: #[event(time = {column}, delay = \"5 seconds\")], or WATERMARK FOR {column} AS {column} - INTERVAL '5' SECOND"))
                .help("or use EMIT CHANGES to get results before the window closes"),
            );
            return false;
        }
        true
    }
}

/// The column by which rows are earlier and later: of those with a watermark the one that lags least.
fn event_time(input: &Rel, span: Span) -> Option<Expr> {
    let lag = |c: &PlanColumn| c.props.watermark.iter().map(|(_, lag)| *lag).max();
    (input.columns.iter().enumerate())
        .filter_map(|(i, c)| Some((lag(c)?, i, c)))
        .min_by_key(|(lag, i, _)| (*lag, *i))
        .map(|(_, i, c)| Expr::column(i, c.ty, c.nullable, span))
}

/// What the calls keep of the rows of each group.
fn kept(calls: &[AggregateCall], retracts: bool) -> Option<&'static str> {
    let is = |f: fn(&AggregateCall, bool) -> bool| calls.iter().any(|c| f(c, retracts));
    if is(|c, _| c.function.keeps_rows() && !c.distinct) {
        Some("its rows")
    } else if is(|c, retracts| c.distinct || c.function.keeps_values(retracts)) {
        Some("its distinct values")
    } else {
        None
    }
}

/// Rows for which the predicate is TRUE.
fn filter(input: Rel, predicate: Expr) -> Rel {
    let columns = input.columns.clone();
    let props = Props { state: None, ..input.props.clone() };
    Rel { node: Node::Filter { input: Box::new(input), predicate }, columns, props }
}

/// One expression a column.
fn project(input: Rel, exprs: Vec<Expr>, columns: Vec<PlanColumn>) -> Rel {
    let position = |of: usize| exprs.iter().position(|e| e.kind == Kind::Column(of));
    let is_window = |c: usize| input.columns[c].props.window.clone();
    let keys = input
        .props
        .keys
        .iter()
        .filter_map(|key| {
            key.iter()
                .map(|&k| {
                    position(k).or_else(|| {
                        // Either bound of a window identifies it.
                        let w = is_window(k)?;
                        exprs.iter().position(|e| match e.kind {
                            Kind::Column(c) => is_window(c).is_some_and(|v| v.id == w.id),
                            _ => false,
                        })
                    })
                })
                .collect::<Option<Vec<usize>>>()
        })
        .collect();
    let props = Props { keys, state: None, ..input.props.clone() };
    Rel { node: Node::Project { input: Box::new(input), exprs }, columns, props }
}

fn item_aggregates(item: &SelectItem) -> bool {
    match item {
        SelectItem::UnnamedExpr(e) | SelectItem::ExprWithAlias { expr: e, .. } => aggregates(e),
        _ => false,
    }
}

/// Whether an aggregate is called in `e` (subqueries aside).
fn aggregates(e: &ast::Expr) -> bool {
    use ast::Expr as E;
    match e {
        E::Function(f) => {
            // Over a window it is none.
            (AggregateFn::by_name(&f.name.to_string()).is_some() && f.over.is_none())
                || match &f.args {
                    ast::FunctionArguments::List(list) => list.args.iter().any(|a| match a {
                        ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(e)) => aggregates(e),
                        _ => false,
                    }),
                    _ => false,
                }
        }
        E::Nested(x)
        | E::IsNull(x)
        | E::IsNotNull(x)
        | E::IsTrue(x)
        | E::IsNotTrue(x)
        | E::IsFalse(x)
        | E::IsNotFalse(x)
        | E::IsUnknown(x)
        | E::IsNotUnknown(x) => aggregates(x),
        E::UnaryOp { expr, .. } | E::Cast { expr, .. } | E::Extract { expr, .. } => aggregates(expr),
        E::BinaryOp { left, right, .. } => aggregates(left) || aggregates(right),
        E::Between { expr, low, high, .. } => aggregates(expr) || aggregates(low) || aggregates(high),
        E::InList { expr, list, .. } => aggregates(expr) || list.iter().any(aggregates),
        E::Like { expr, pattern, .. } => aggregates(expr) || aggregates(pattern),
        E::Substring { expr, substring_from, substring_for, .. } => {
            aggregates(expr)
                || substring_from.as_deref().is_some_and(aggregates)
                || substring_for.as_deref().is_some_and(aggregates)
        }
        E::Case { operand, conditions, else_result, .. } => {
            operand.as_deref().is_some_and(aggregates)
                || conditions.iter().any(|w| aggregates(&w.condition) || aggregates(&w.result))
                || else_result.as_deref().is_some_and(aggregates)
        }
        _ => false,
    }
}
