//! Lowers a typed plan to pipeline IR.
//!
//! Filters, projections and unions disappear: each path from a source or group node to the next becomes one edge with
//! one scalar program. What nobody reads is never computed.

mod aggregate;
mod arith;
mod array;
mod build;
mod cast;
mod constants;
mod expr;
mod form;
mod group;
mod result;

use crate::bind::Bound;
use crate::bind::order::By;
use crate::catalog::Relation;
use crate::diagnostic::{Diagnostic, code};
use crate::functions::RustFn;
use crate::ir::{Order, Pipeline, SourceIr};
use crate::parse::{EmitKind, SqlText};
use crate::plan::expr::{Expr, Kind, Literal};
use crate::plan::{Node, PlanColumn, Rel};
use crate::sir::{Op, Program, Room};
use group::{GroupBuild, Keys};
use laminar_runtime::plan::{
    CellColumn, EdgePlan, Emit, OnError, OutputKind, Plan, Port, Site, SourcePlan, WatermarkOf,
};
use laminar_runtime::schema::{Column, Ty};

/// Largest expression after subqueries have been merged.
pub const EXPR_NODES_MAX: usize = 20_000;

/// Rows on their way to a consumer: where they start, which of them pass, and the consumer's columns over
/// the start's columns.
#[derive(Clone, Debug)]
struct Feed {
    port: Port,
    exprs: Vec<Expr>,
    filters: Vec<Expr>,
    /// How often each row is there, over the start's columns; none: once.
    times: Option<Expr>,
}

impl Feed {
    /// All rows of a start, of which these are the columns.
    fn of(port: Port, exprs: Vec<Expr>) -> Feed {
        Feed { port, exprs, filters: Vec::new(), times: None }
    }
}

struct Lowering<'a> {
    text: &'a SqlText,
    sources: &'a [Relation],
    emit: Option<EmitKind>,
    groups: Vec<GroupBuild>,
    edges: Vec<EdgePlan>,
    programs: Vec<Program>,
    sites: Vec<Site>,
    /// How much folding may make of each program.
    room: Room,
    too_large: Option<Diagnostic>,
}

/// Lowers a bound query.
pub fn lower(
    bound: &Bound,
    text: &SqlText,
    name: &str,
    on_error: OnError,
) -> Result<Pipeline, Box<Diagnostic>> {
    let emit = bound.emit.map(|(kind, _)| kind);
    let mut l = Lowering {
        text,
        sources: &bound.sources,
        emit,
        groups: Vec::new(),
        edges: Vec::new(),
        programs: Vec::new(),
        sites: Vec::new(),
        room: Room::PROGRAM,
        too_large: None,
    };
    let root = &bound.root;
    let feeds = l.feeds(root, true);
    for feed in feeds {
        let outs: Vec<(Expr, bool)> =
            feed.exprs.iter().zip(&root.columns).map(|(e, c)| (e.clone(), c.nullable)).collect();
        l.edge(&feed, Port::Output, outs, false);
    }
    if let Some(d) = l.too_large {
        return Err(Box::new(d));
    }
    let output = match emit {
        Some(EmitKind::OnUpdate) => {
            let keys = root.props.keys.first().cloned().unwrap_or_default();
            OutputKind::Upsert { keys: keys.into_iter().map(|k| k as u32).collect::<Vec<_>>().into() }
        }
        Some(EmitKind::Changes) => OutputKind::Changes,
        _ if root.props.changelog => OutputKind::Changes,
        _ => OutputKind::Append,
    };
    let order = bound.order.as_ref().map(|o| ordered(o, text)).transpose()?;
    // Whoever keeps the results takes the further keys out himself.
    let by_engine = bound.order.as_ref().is_some_and(|o| o.by != By::Keeper);
    let hidden = order.as_ref().filter(|_| by_engine).map_or(0, |o| o.hidden as usize);
    let shown = root.columns.len() - hidden;
    let time_column = output_time(&root.columns[..shown], &output);
    let watermark: Vec<WatermarkOf> = match &time_column {
        // Results of all times come at the end: no time is over before.
        _ if emit == Some(EmitKind::Final) => Vec::new(),
        Some((c, _)) => watermarks(&root.columns[*c].props.watermark),
        None => Vec::new(),
    };
    let constants = constants::rows(bound, text)?;
    let (brought, own): (Vec<usize>, Vec<usize>) =
        (0..bound.sources.len()).partition(|&s| constants[s].is_none());
    let sources: Vec<SourceIr> = brought.iter().map(|&s| source_ir(&bound.sources[s])).collect();
    let order_of_sources = [brought, own].concat();
    let source_plans: Vec<SourcePlan> = (order_of_sources.iter())
        .map(|&s| SourcePlan {
            name: bound.sources[s].name.clone().into(),
            delay_ns: bound.sources[s].time.map(|(_, delay)| delay),
            edges: (0..l.edges.len() as u32)
                .filter(|&e| l.edges[e as usize].from == Port::Source(s as u32))
                .collect::<Vec<_>>()
                .into(),
            rows: constants[s].clone(),
        })
        .collect();
    let groups: Vec<_> = l.groups.into_iter().map(|g| g.plan).collect();
    let columns: Vec<Column> = root.columns[..shown]
        .iter()
        .map(|c| Column {
            name: c.name.clone().into(),
            ty: c.ty.unwrap_or(Ty::Varchar),
            nullable: c.nullable,
        })
        .collect();
    let mut explain = root.explain(&bound.sources);
    for function in functions(&l.programs) {
        explain.push_str(&format!("Rust {function}\n"));
    }
    if let Some(order) = &order {
        explain = format!("{}\n{explain}", order_line(order, root));
    }
    let (by_engine, order) = if by_engine { (order, None) } else { (None, order) };
    let mut plan = Plan {
        name: name.to_string().into(),
        fingerprint: fingerprint(&explain, &sources, &source_plans, &groups, &output),
        sources: source_plans.into(),
        groups: groups.into(),
        edges: l.edges.into(),
        columns: columns.into(),
        output,
        watermark: watermark.into(),
        on_error,
        sites: l.sites.into(),
        order: by_engine,
    };
    renumber(&mut plan, &order_of_sources);
    Ok(Pipeline {
        plan,
        programs: l.programs,
        sources,
        late_to: bound.late_to.clone(),
        time_column,
        explain,
        sql: text.sql().to_string(),
        order,
    })
}

/// The user's functions that programs call, each once.
fn functions(programs: &[Program]) -> Vec<&RustFn> {
    let mut called: Vec<&RustFn> = Vec::new();
    for inst in programs.iter().flat_map(|p| &p.insts) {
        if let Op::CallRust(f) = &inst.op
            && !called.contains(&&**f)
        {
            called.push(f);
        }
    }
    called
}

fn source_ir(relation: &Relation) -> SourceIr {
    let Relation { name, columns, time, .. } = relation;
    SourceIr { relation: name.clone(), columns: columns.clone(), time: *time }
}

/// Gives the sources new numbers, in all that names them but their list: source `s` stood at `order[s]`.
fn renumber(plan: &mut Plan, order: &[usize]) {
    let number =
        |old: u32| order.iter().position(|&s| s == old as usize).map_or(old, |position| position as u32);
    for edge in plan.edges.to_mut() {
        if let Port::Source(s) = &mut edge.from {
            *s = number(*s);
        }
    }
    let groups = plan.groups.to_mut().iter_mut().map(|g| &mut g.watermark);
    for watermark in groups.chain([&mut plan.watermark]) {
        watermark.to_mut().iter_mut().for_each(|w| w.source = number(w.source));
    }
}

fn ordered(order: &crate::bind::order::Order, text: &SqlText) -> Result<Order, Box<Diagnostic>> {
    let count = |e: &Option<Expr>, clause: &str| {
        let Some(e) = e else { return Ok(None) };
        match evaluate(e, text) {
            Ok(Some(Literal::Int(n))) if n >= 0 => Ok(Some(n as u64)),
            Ok(None) => Ok(None),
            Ok(_) => {
                let what = format!("{clause} must not be negative");
                Err(Box::new(Diagnostic::error(code::ORDER_KEY, e.span, what)))
            }
            Err(what) => Err(Box::new(Diagnostic::error(code::ORDER_KEY, e.span, what).label(clause))),
        }
    };
    let (limit, offset) = (count(&order.limit, "LIMIT")?, count(&order.offset, "OFFSET")?.unwrap_or(0));
    let at_end = order.by != By::Window;
    Ok(Order { keys: order.keys.clone().into(), limit, offset, hidden: order.hidden as u32, at_end })
}

/// The order as EXPLAIN prints it.
fn order_line(order: &Order, root: &Rel) -> String {
    let key = |k: &crate::ir::SortKey| {
        let nulls = match (k.descending, k.nulls_first) {
            (false, true) => " NULLS FIRST",
            (true, false) => " NULLS LAST",
            _ => "",
        };
        format!("{}{}{nulls}", root.columns[k.column as usize].name, if k.descending { " DESC" } else { "" })
    };
    let mut parts = Vec::new();
    if !order.keys.is_empty() {
        parts.push(format!("Order by {}", order.keys.iter().map(key).collect::<Vec<_>>().join(", ")));
    }
    parts.extend(order.limit.map(|n| format!("Limit {n}")));
    parts.extend((order.offset > 0).then(|| format!("Offset {}", order.offset)));
    let state = match (order.at_end, order.limit) {
        (false, _) => "within each window".to_string(),
        (true, Some(n)) => format!("state: {} rows, until the input ends", n.saturating_add(order.offset)),
        (true, None) => "state: all rows, until the input ends".to_string(),
    };
    format!("{}  [{state}]", parts.join("; "))
}

/// The first output column that carries a watermark, the end of a window before its start, and its lag over W.
fn output_time(columns: &[PlanColumn], output: &OutputKind) -> Option<(usize, i64)> {
    if *output != OutputKind::Append {
        return None;
    }
    let lag = |c: usize| columns[c].props.watermark.iter().map(|(_, lag)| *lag).max();
    (0..columns.len())
        .filter(|&c| !columns[c].nullable)
        .filter_map(|c| Some((c, lag(c)?)))
        .min_by_key(|(_, lag)| *lag)
}

fn watermarks(of: &[(usize, i64)]) -> Vec<WatermarkOf> {
    of.iter().map(|&(source, offset_ns)| WatermarkOf { source: source as u32, offset_ns }).collect()
}

/// FNV-1a over what decides layout and meaning of the state: the canonical plan, not its spelling.
fn fingerprint(
    explain: &str,
    sources: &[SourceIr],
    plans: &[SourcePlan],
    groups: &[laminar_runtime::plan::GroupPlan],
    output: &OutputKind,
) -> u64 {
    let mut text = explain.to_ascii_lowercase();
    for s in sources {
        for c in &s.columns {
            text.push_str(&c.column.to_string().to_ascii_lowercase());
        }
    }
    let constants: Vec<_> = plans.iter().filter_map(|s| s.rows.as_ref()).collect();
    text.push_str(&format!("{groups:?}{output:?}"));
    if !constants.is_empty() {
        text.push_str(&format!("{constants:?}"));
    }
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

/// The columns of a relation as expressions.
fn columns_of(rel: &Rel) -> Vec<Expr> {
    let column = |(i, c): (usize, &PlanColumn)| Expr::column(i, c.ty, c.nullable, Default::default());
    rel.columns.iter().enumerate().map(column).collect()
}

impl Lowering<'_> {
    /// The feeds of a relation; `outermost`: no aggregate above.
    fn feeds(&mut self, rel: &Rel, outermost: bool) -> Vec<Feed> {
        match &rel.node {
            Node::Source(i) => {
                let exprs = columns_of(rel);
                vec![Feed::of(Port::Source(*i as u32), exprs)]
            }
            Node::Filter { input, predicate } => {
                let mut feeds = self.feeds(input, outermost);
                for feed in &mut feeds {
                    let predicate = self.merged(predicate, &feed.exprs);
                    feed.filters.push(predicate);
                }
                feeds
            }
            Node::Project { input, exprs } => {
                let mut feeds = self.feeds(input, outermost);
                for feed in &mut feeds {
                    feed.exprs = exprs.iter().map(|e| self.merged(e, &feed.exprs)).collect();
                }
                feeds
            }
            Node::Union { inputs } => inputs.iter().flat_map(|i| self.feeds(i, outermost)).collect(),
            Node::Repeat { input, times } => {
                let mut feeds = self.feeds(input, outermost);
                for feed in &mut feeds {
                    feed.times = Some(self.merged(times, &feed.exprs));
                }
                feeds
            }
            Node::Aggregate { input, window, keys, sets, calls } => {
                // Each grouping set takes all rows: a way of its own from where they start.
                let feeds = (0..sets.len().max(1)).map(|_| self.feeds(input, false)).collect();
                let emit = match (self.emit, window.is_some()) {
                    (Some(EmitKind::Final), _) => Emit::Final,
                    (Some(EmitKind::Changes | EmitKind::OnUpdate), true) if outermost => Emit::Changes,
                    (_, true) => Emit::Close,
                    (_, false) => Emit::Changes,
                };
                let row = columns_of(input);
                let by = Keys { exprs: keys, sets };
                let g = self.group(feeds, window.as_ref(), &by, calls, &row, emit);
                let exprs = columns_of(rel);
                vec![Feed::of(Port::Group(g), exprs)]
            }
        }
    }

    /// `e` over the columns of the start. Merging nested subqueries can grow without bound: there is a limit.
    fn merged(&mut self, e: &Expr, columns: &[Expr]) -> Expr {
        fn leaves(e: &Expr, columns: &[usize]) -> usize {
            match e.kind {
                Kind::Column(i) => columns[i],
                _ => e.children().into_iter().fold(1, |n: usize, c| n.saturating_add(leaves(c, columns))),
            }
        }
        let sizes: Vec<usize> = columns.iter().map(Expr::size).collect();
        if leaves(e, &sizes) > EXPR_NODES_MAX {
            self.too_large.get_or_insert_with(|| {
                Diagnostic::error(
                    code::TOO_DEEP,
                    e.span,
                    format!("expression has more than {EXPR_NODES_MAX} parts once its subqueries are merged"),
                )
            });
            return e.clone();
        }
        e.substitute(columns)
    }

    /// Adds the edge that takes a feed to a consumer; `outs` are expressions over the start's columns, and whether their
    /// columns have validity.
    fn edge(&mut self, feed: &Feed, to: Port, mut outs: Vec<(Expr, bool)>, windowed: bool) {
        outs.extend(feed.times.iter().map(|times| (times.clone(), false)));
        let index = self.edges.len() as u32;
        if let Port::Group(g) = feed.port {
            self.groups[g as usize].plan.edge = index;
        }
        let weighted = match feed.port {
            Port::Source(s) => self.sources[s as usize].changelog,
            Port::Group(g) => self.groups[g as usize].plan.emit == Emit::Changes,
            Port::Output => false,
        };
        let columns: Vec<CellColumn> = outs
            .iter()
            .map(|(e, nullable)| CellColumn { ty: e.ty.unwrap_or(Ty::Varchar), nullable: *nullable })
            .collect();
        let tracks = match feed.port {
            Port::Source(s) => {
                let raw_time = self.sources[s as usize]
                    .time
                    .is_some_and(|(t, _)| outs.first().is_some_and(|(e, _)| e.kind == Kind::Column(t)));
                (windowed && (!raw_time || !feed.filters.is_empty()))
                    || (weighted && !feed.filters.is_empty())
            }
            _ => !feed.filters.is_empty(),
        };
        let keys = match to {
            Port::Group(g) => {
                let first = usize::from(windowed);
                first..first + self.groups[g as usize].plan.keys.len()
            }
            _ => 0..0,
        };
        let program = build::program(self, feed, &outs, keys, tracks);
        self.programs.push(program);
        let times = feed.times.is_some();
        self.edges.push(EdgePlan { from: feed.port, to, columns: columns.into(), tracks, weighted, times });
    }
}

/// Computes a bound expression without columns, by the same instructions as at run time; `None` is NULL.
pub fn evaluate(e: &Expr, text: &SqlText) -> Result<Option<Literal>, String> {
    use crate::sir::{Const, Fail};
    let mut l = Lowering {
        text,
        sources: &[],
        emit: None,
        groups: Vec::new(),
        edges: Vec::new(),
        programs: Vec::new(),
        sites: Vec::new(),
        room: Room::VALUE,
        too_large: None,
    };
    let feed = Feed::of(Port::Output, Vec::new());
    let program = build::program(&mut l, &feed, &[(e.clone(), true)], 0..0, false);
    // Folding has computed all that did not fail.
    for inst in &program.insts {
        if let Op::CallRust(f) = &inst.op {
            return Err(format!("{} is a Rust function: it is called for rows, not for a constant", f.name));
        }
        if let Fail::Site(site) = inst.fail {
            return Err(l.sites[site as usize].what.to_string());
        }
    }
    let Some(out) = program.outs.first() else { return Ok(None) };
    match &program.insts[out.val.0 as usize].op {
        Op::Null => Ok(None),
        Op::Const(c) => Ok(Some(match c {
            Const::Bool(b) => Literal::Bool(*b),
            Const::Int(v) => Literal::Int(*v),
            Const::Float(v) => Literal::Float(*v),
            Const::Text(t) => Literal::Text(t.clone()),
            Const::Bytes(b) => Literal::Bytes(b.clone()),
            Const::Interval(i) => Literal::Interval(*i),
            Const::Wide(w) => Literal::Wide(*w),
        })),
        _ => Err("value is not constant".to_string()),
    }
}
