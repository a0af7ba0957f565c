//! The typed plan: relational nodes over typed expressions, each node with its properties.
//!
//! Made by `bind`, which is the only maker; names and syntax are gone. Not here: how rows move
//! (`lower` turns the tree into nodes and edges of the engine's plan).

mod explain;
pub mod expr;
pub mod properties;

use crate::diagnostic::Span;
use expr::Expr;
use laminar_runtime::schema::Ty;
pub use properties::{ColumnProps, Props, WindowColumn};

/// A relational expression with its columns and properties.
#[derive(Clone, Debug)]
pub struct Rel {
    /// The operator.
    pub node: Node,
    /// Its output columns.
    pub columns: Vec<PlanColumn>,
    /// What is known of its output.
    pub props: Props,
}

/// An output column of a node.
#[derive(Clone, Debug)]
pub struct PlanColumn {
    /// Name.
    pub name: String,
    /// Type; none for a bare NULL.
    pub ty: Option<Ty>,
    /// Whether NULL may occur.
    pub nullable: bool,
    /// Time properties.
    pub props: ColumnProps,
}

/// A relational operator.
#[derive(Clone, Debug)]
pub enum Node {
    /// All rows of a source, by index into the query's sources.
    Source(usize),
    /// Rows for which the predicate is TRUE.
    Filter {
        /// Where rows come from.
        input: Box<Rel>,
        /// Boolean over the input's columns.
        predicate: Expr,
    },
    /// One expression a column.
    Project {
        /// Where rows come from.
        input: Box<Rel>,
        /// Over the input's columns.
        exprs: Vec<Expr>,
    },
    /// UNION ALL.
    Union {
        /// At least two; equal column types.
        inputs: Vec<Rel>,
    },
    /// GROUP BY. Output: window start and end if windowed, then keys, then aggregates.
    Aggregate {
        /// Where rows come from.
        input: Box<Rel>,
        /// The tumbling window.
        window: Option<AggregateWindow>,
        /// Keys other than the window, over the input's columns.
        keys: Vec<Expr>,
        /// Aggregate calls.
        calls: Vec<AggregateCall>,
    },
}

/// The window of an aggregation.
#[derive(Clone, Debug)]
pub struct AggregateWindow {
    /// A timestamp over the input's columns; the row belongs to the window that holds it.
    pub time: Expr,
    /// `time` is a bound of a window of the input, and the row belongs to that window: also if `time` is its end.
    pub is_bound: bool,
    /// Length in ns.
    pub size_ns: i64,
    /// Start modulo the length, in ns.
    pub offset_ns: i64,
    /// How long it stays open after its end, in ns.
    pub lateness_ns: i64,
    /// W of the operator: minimum over `(source, offset)` of W(source) − offset; empty: none, it closes at the end of input.
    pub watermark: Vec<(usize, i64)>,
}

/// An aggregate function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AggregateFn {
    /// COUNT(*) or COUNT(x)
    Count,
    /// SUM(x)
    Sum,
    /// AVG(x)
    Avg,
    /// MIN(x)
    Min,
    /// MAX(x)
    Max,
}

impl AggregateFn {
    /// The SQL name.
    pub const fn name(self) -> &'static str {
        match self {
            AggregateFn::Count => "COUNT",
            AggregateFn::Sum => "SUM",
            AggregateFn::Avg => "AVG",
            AggregateFn::Min => "MIN",
            AggregateFn::Max => "MAX",
        }
    }

    /// The function of that name, in any case.
    pub fn by_name(name: &str) -> Option<AggregateFn> {
        use AggregateFn::*;
        [Count, Sum, Avg, Min, Max].into_iter().find(|f| f.name().eq_ignore_ascii_case(name))
    }
}

/// One call of an aggregate function.
#[derive(Clone, Debug)]
pub struct AggregateCall {
    /// Which function.
    pub function: AggregateFn,
    /// Its argument over the input's columns; none for COUNT(*).
    pub arg: Option<Expr>,
    /// FILTER (WHERE …).
    pub filter: Option<Expr>,
    /// Result type.
    pub ty: Ty,
    /// Whether the result may be NULL.
    pub nullable: bool,
    /// Where the call stands.
    pub span: Span,
}

impl PartialEq for AggregateCall {
    /// Equal calls compute the same, wherever they stand.
    fn eq(&self, other: &Self) -> bool {
        self.function == other.function && self.arg == other.arg && self.filter == other.filter
    }
}
