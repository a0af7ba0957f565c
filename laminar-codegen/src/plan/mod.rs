//! The typed plan: relational nodes over typed expressions, each node with its properties.
//!
//! Made by `bind`, which is the only maker; names and syntax are gone. Not here: how rows move
//! (`lower` turns the tree into nodes and edges of the engine's plan).

pub mod aggregate;
mod explain;
pub mod expr;
mod graph;
pub mod properties;

pub use aggregate::{AggregateCall, AggregateFn, OrderKey};
use expr::Expr;
pub use graph::{Graph, GraphNode};
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
    /// Each row so many times: EXCEPT ALL, INTERSECT ALL.
    Repeat {
        /// Where rows come from: an aggregation, perhaps filtered.
        input: Box<Rel>,
        /// BIGINT above zero, over the input's columns.
        times: Expr,
    },
    /// GROUP BY. Output: window start and end if windowed, then keys, then aggregates.
    Aggregate {
        /// Where rows come from.
        input: Box<Rel>,
        /// The tumbling window.
        window: Option<AggregateWindow>,
        /// Keys other than the window, over the input's columns; with grouping sets the last one is the number of the set.
        keys: Vec<Expr>,
        /// Grouping sets, each the keys that it has, by index; empty where there is only one.
        sets: Vec<Vec<usize>>,
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
