//! What is known of a node's output: whether it only grows, what its keys are, which columns
//! carry a watermark, whether it ends.

/// Properties of a node.
#[derive(Clone, Debug, Default)]
pub struct Props {
    /// Rows may be retracted.
    pub changelog: bool,
    /// It ends.
    pub finite: bool,
    /// Sets of columns that identify a row.
    pub keys: Vec<Vec<usize>>,
    /// Bound of the state that this node itself holds, for people.
    pub state: Option<String>,
}

/// Time properties of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnProps {
    /// `(source, offset_ns)`: no later row is older than the minimum of W(source) − offset. Empty: no watermark.
    pub watermark: Vec<(usize, i64)>,
    /// The column is a bound of a window.
    pub window: Option<WindowColumn>,
}

/// A column that holds the start or end of a tumbling window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowColumn {
    /// Which window of the query: both bounds of one have the same number.
    pub id: usize,
    /// Length in ns.
    pub size_ns: i64,
    /// Start modulo the length, in ns.
    pub offset_ns: i64,
    /// It is the end, not the start.
    pub is_end: bool,
    /// The watermark by which a window over this column's windows closes.
    pub watermark: Vec<(usize, i64)>,
}

/// The watermark of a column whose rows come from two places: both count. A place without
/// watermark takes it from the whole.
pub fn union_watermarks(a: &[(usize, i64)], b: &[(usize, i64)]) -> Vec<(usize, i64)> {
    if a.is_empty() || b.is_empty() {
        return Vec::new();
    }
    let mut all: Vec<(usize, i64)> = a.to_vec();
    for &(source, offset) in b {
        match all.iter_mut().find(|(s, _)| *s == source) {
            Some((_, o)) => *o = (*o).max(offset),
            None => all.push((source, offset)),
        }
    }
    all.sort_unstable();
    all
}

/// The watermark of a column that lags `by_ns` more (negative: less) than another.
pub fn shift_watermark(w: &[(usize, i64)], by_ns: i64) -> Vec<(usize, i64)> {
    w.iter().map(|&(source, offset)| (source, offset.saturating_add(by_ns))).collect()
}
