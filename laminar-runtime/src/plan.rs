//! The plan that the engine runs: sources, group nodes and the edges between them.
//!
//! A tree: every node has one consumer, only sources may have several. Filters, projections
//! and unions are no nodes: they have become the expression programs of the edges. Derived
//! from the query alone, never from executor, loop kind or machine, so that a
//! snapshot taken under one executor restores under the others.
//!
//! Generated code holds a plan as text.

mod text;

pub use crate::aggregate::TupleLayout;
use crate::schema::{Column, Repr, Ty};
use std::borrow::Cow;

/// A list that is either static or owned.
pub type List<T> = Cow<'static, [T]>;

/// A compiled query without its code.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Name of the pipeline.
    pub name: Cow<'static, str>,
    /// Identifies state layout and meaning: a snapshot restores only where it is equal.
    pub fingerprint: u64,
    /// Inputs.
    pub sources: List<SourcePlan>,
    /// Group nodes, upstream before downstream.
    pub groups: List<GroupPlan>,
    /// Edges; the index is that of `Code::edges`.
    pub edges: List<EdgePlan>,
    /// Output columns.
    pub columns: List<Column>,
    /// What a row of output is.
    pub output: OutputKind,
    /// Sinks get W of the output: the minimum over these sources of W − offset; empty: none.
    pub watermark: List<WatermarkOf>,
    /// What to do with a row that fails.
    pub on_error: OnError,
    /// Places in the SQL that can fail.
    pub sites: List<Site>,
    /// The order of the output, where it is not that of the rows column by column.
    pub order: Option<Order>,
}

/// ORDER BY, LIMIT and OFFSET.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The first decides; rows that it leaves equal go by the next, in the end by the whole row, column by column.
    pub keys: List<SortKey>,
    /// At most so many rows; none: all.
    pub limit: Option<u64>,
    /// So many rows are left out before.
    pub offset: u64,
    /// Columns behind those of the output that are keys only.
    pub hidden: u32,
    /// Of all results, which wait for the end of input; else of the results of each window, as it closes.
    pub at_end: bool,
}

/// A key of ORDER BY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// Output column, or one behind them.
    pub column: u32,
    /// Greater values first.
    pub descending: bool,
    /// NULL before all values.
    pub nulls_first: bool,
}

/// An input.
#[derive(Clone, Debug)]
pub struct SourcePlan {
    /// Its name in FROM.
    pub name: Cow<'static, str>,
    /// Delay of the watermark behind the greatest event time, in ns; none: no event time.
    pub delay_ns: Option<i64>,
    /// Edges that start here, ascending. More than one: rows go through them one at a time.
    pub edges: List<u32>,
    /// Its rows, where the query itself brings them. Such sources come after those whose rows the program brings.
    pub rows: Option<ConstantRows>,
}

/// Rows that a query brings: VALUES. They are taken in its first step, before all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstantRows {
    /// Types.
    pub columns: List<CellColumn>,
    /// How many there are.
    pub len: u32,
    /// Row by row; none: NULL.
    pub cells: List<Option<Constant>>,
}

/// A value of a constant row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constant {
    /// Of one word: a number, a time, the bits of a float.
    Word(u64),
    /// Of two words.
    Pair([u64; 2]),
    /// A text or bytes.
    Bytes(List<u8>),
}

/// Where rows come from or go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    /// A source, by index.
    Source(u32),
    /// A group node, by index.
    Group(u32),
    /// The pipeline's output.
    Output,
}

/// A way for rows from one node to another, through one expression program.
#[derive(Clone, Debug)]
pub struct EdgePlan {
    /// A source or group node.
    pub from: Port,
    /// A group node or the output.
    pub to: Port,
    /// Columns that the program writes.
    pub columns: List<CellColumn>,
    /// Whether the program fills `sel` and `wm`. If not, output row `j` is input row `lo + j`, unless rows were rejected.
    pub tracks: bool,
    /// The rows carry weights (the node upstream gives a changelog).
    pub weighted: bool,
    /// The last column says how often each row is there; it is none of the row's. Only behind group nodes.
    pub times: bool,
}

/// Shape of a column between stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellColumn {
    /// SQL type; decides order and text form.
    pub ty: Ty,
    /// Whether it has validity bytes.
    pub nullable: bool,
}

impl CellColumn {
    /// How its values are held.
    pub const fn repr(self) -> Repr {
        self.ty.repr()
    }
}

/// W of one source, shifted: `W(source) - offset_ns`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WatermarkOf {
    /// Source index.
    pub source: u32,
    /// How far the column lags behind the source's W, in ns.
    pub offset_ns: i64,
}

/// A grouped aggregation, in windows or without.
///
/// Every edge into the node has columns `[time if windowed] [keys…] [arguments…]`.
#[derive(Clone, Debug)]
pub struct GroupPlan {
    /// Key columns: `columns[first_key..first_key + keys.len()]`, with `first_key` 1 if windowed, else 0.
    pub keys: List<CellColumn>,
    /// Accumulators in the order of the row.
    pub accumulators: List<Accumulator>,
    /// Tumbling window over the time column (column 0).
    pub window: Option<Window>,
    /// W of the node: the minimum over these; empty for nodes without window.
    pub watermark: List<WatermarkOf>,
    /// When results leave.
    pub emit: Emit,
    /// Some edge into the node is weighted: accumulator 0 is then a `Count` of all
    /// rows, and a group at zero is gone.
    pub retracts: bool,
    /// The edge that takes the results onward.
    pub edge: u32,
}

/// A tumbling window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Length in ns, positive.
    pub size_ns: i64,
    /// Start of windows modulo `size_ns`, in `0..size_ns`.
    pub offset_ns: i64,
    /// How long after its end a window stays open, in ns.
    pub lateness_ns: i64,
}

/// When results leave a group node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emit {
    /// When the watermark passes the window's end plus the lateness: each once, final.
    Close,
    /// At the end of each step: the old result with weight −1, the new one with +1, where they differ.
    Changes,
    /// Once, at `finish()`.
    Final,
}

/// An accumulator: what it does and which columns it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accumulator {
    /// What it computes.
    pub op: AccOp,
    /// Column of the edge that it takes; none: every row counts.
    pub arg: Option<u32>,
    /// Whether that column has validity bytes; rows whose argument is NULL are skipped.
    pub nullable: bool,
    /// Columns that it takes together, where one is not enough; what they are for is said by `op`.
    pub tuple: List<TupleColumn>,
    /// Index of an [`AccOp::Distinct`] that its rows come through.
    pub gate: Option<u32>,
    /// A constant that `op` needs, as the bits of a float; else 0.
    pub constant: u64,
}

impl Accumulator {
    /// An accumulator of at most one column.
    pub const fn new(op: AccOp, arg: Option<u32>, nullable: bool) -> Accumulator {
        Accumulator { op, arg, nullable, tuple: Cow::Borrowed(&[]), gate: None, constant: 0 }
    }
}

/// A column of a tuple, and its part in the tuples' order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TupleColumn {
    /// Column of the edge.
    pub column: u32,
    /// Its shape.
    pub cell: CellColumn,
    /// Greater values first.
    pub descending: bool,
    /// NULL before all values.
    pub nulls_first: bool,
}

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What an accumulator computes. All-zero bytes are the empty state of each.
        ///
        /// What each of them holds and does is in its file in `aggregate`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum AccOp {
            $($(#[$doc])* $name,)*
        }

        impl AccOp {
            /// All of them.
            pub const ALL: &'static [AccOp] = &[$(AccOp::$name),*];
        }
    };
}

operations! {
    /// Rows, or non-NULL arguments.
    Count,
    /// Sum of integers and decimals.
    SumInt,
    /// Sum of decimals above 18 digits.
    SumWide,
    /// Sum of floats in arrival order.
    SumFloat,
    /// Sum of floats whose rows can be taken back.
    SumFloatExact,
    /// Least integer, decimal or time.
    MinInt,
    /// Greatest integer, decimal or time.
    MaxInt,
    /// Least float.
    MinFloat,
    /// Greatest float; NaN is greatest.
    MaxFloat,
    /// Least decimal above 18 digits.
    MinWide,
    /// Greatest decimal above 18 digits.
    MaxWide,
    /// Least text.
    MinText,
    /// Greatest text.
    MaxText,
    /// Bits that some integer has.
    BitOr,
    /// Bits that an odd number of integers has.
    BitXor,
    /// Bits that some integer has, over rows that can be taken back.
    BitCounts,
    /// Sum of the squares of integers and decimals.
    SumSquares,
    /// Sums of floats and their squares, for variances.
    Moments,
    /// Sums of pairs of floats, their squares and products.
    CoMoments,
    /// The value of the first row in the order of a tuple; of equal ones the first to arrive.
    PickFirst,
    /// The same; of equal ones the last to arrive.
    PickLast,
    /// The same over rows that can be taken back: it keeps them all.
    Least,
    /// The float at a fraction of the way through the ordered rows.
    PercentileCont,
    /// The value behind which a fraction of the ordered rows lies.
    PercentileDisc,
    /// The most frequent value.
    Mode,
    /// The texts of all rows in order, with delimiters.
    Concat,
    /// The array of the values of all rows in order.
    Collect,
    /// Lets through a row for each distinct tuple, and takes it back with the last one that is equal.
    Distinct,
}

/// Where the parts of a group row are, in bytes from its start. Every part is 8-aligned.
///
/// ```text
/// [null word, if any key is nullable: bit k set = key k is NULL] [key 0] … [accumulator 0] …
/// ```
/// A key is one word, or a pair for text (address and length of the table's own copy).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowLayout {
    /// Offset of the null word.
    pub nulls: Option<usize>,
    /// Offset of each key.
    pub keys: Vec<usize>,
    /// Offset of each accumulator.
    pub accumulators: Vec<usize>,
    /// Layout of each accumulator's tuples.
    pub tuples: Vec<TupleLayout>,
    /// Bytes of keys and null word: accumulators start here.
    pub key_bytes: usize,
    /// Bytes of a row.
    pub stride: usize,
}

impl Plan {
    /// How many sources take rows from the program: the first ones.
    pub fn inputs(&self) -> u32 {
        self.sources.iter().take_while(|s| s.rows.is_none()).count() as u32
    }
}

impl RowLayout {
    /// The layout of a node's rows. A node without keys has one word of key, always zero.
    pub fn of(keys: &[CellColumn], accumulators: &[Accumulator]) -> RowLayout {
        let mut at = 0;
        let nulls = keys.iter().any(|k| k.nullable).then(|| {
            at += 8;
            0
        });
        let keys_at = keys
            .iter()
            .map(|k| {
                let here = at;
                at += k.repr().width();
                here
            })
            .collect();
        let key_bytes = at.max(8);
        at = key_bytes;
        let tuples = accumulators.iter().map(|a| TupleLayout::of(&a.tuple)).collect();
        let accumulators = accumulators
            .iter()
            .map(|a| {
                let here = at;
                at += a.size();
                here
            })
            .collect();
        RowLayout { nulls, keys: keys_at, accumulators, tuples, key_bytes, stride: at }
    }
}

/// What a row of output is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputKind {
    /// Rows that stay.
    Append,
    /// Rows with weights.
    Changes,
    /// New rows by key, and deletions.
    Upsert {
        /// Output columns that identify a row.
        keys: List<u32>,
    },
}

/// What to do with a row that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OnError {
    /// Stop the step at the row and return the error.
    #[default]
    Fail,
    /// Count the row as rejected and go on.
    Skip,
    /// Count it, hand it to the sink's `Rejected`, and go on.
    DeadLetter,
}

/// A place in the SQL that can fail at run time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// What went wrong, for example `division by zero`.
    pub what: Cow<'static, str>,
    /// The SQL there.
    pub sql: Cow<'static, str>,
    /// Line in the query, from 1.
    pub line: u32,
    /// Column in the line, in characters, from 1.
    pub column: u32,
}
