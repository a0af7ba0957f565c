//! A sink that keeps everything, and drivers that cut rows into calls.

use crate::program::{Row, Val, order, value};
use laminar_runtime::engine::{Emitter, Engine, OutBatch};
use laminar_runtime::error::Error;
use laminar_runtime::plan::{CellColumn, Plan, Port};
use laminar_runtime::types::Timestamp;

/// Everything an engine gave.
#[derive(Debug, Default, PartialEq)]
pub struct Kept {
    types: Vec<CellColumn>,
    /// Rows with their weights.
    pub rows: Vec<(Vec<Val>, i64)>,
    /// Numbers of late rows, counted over all calls of their source.
    pub late: Vec<usize>,
    /// Numbers and sites of rejected rows, counted likewise.
    pub rejected: Vec<(usize, u16)>,
    /// Watermarks.
    pub watermarks: Vec<i64>,
    /// Number of row 0 of the call under way.
    pub first: usize,
}

impl Kept {
    pub fn new(plan: &Plan) -> Kept {
        let edge = plan.edges.iter().find(|e| e.to == Port::Output).unwrap();
        Kept { types: edge.columns.to_vec(), ..Kept::default() }
    }
}

impl Emitter for Kept {
    fn rows(&mut self, batch: &OutBatch<'_>) {
        assert!(batch.len > 0, "an empty batch is no batch");
        for k in 0..batch.len {
            let i = batch.order.map_or(k, |o| o[k] as usize);
            let row = self.types.iter().zip(batch.columns).map(|(&ty, c)| value(ty, c, i)).collect();
            self.rows.push((row, batch.weights.map_or(1, |w| w[k])));
        }
    }
    fn late(&mut self, _: u32, row: usize) {
        self.late.push(self.first + row);
    }
    fn rejected(&mut self, _: u32, row: usize, site: u16) {
        self.rejected.push((self.first + row, site));
    }
    fn watermark(&mut self, w: Timestamp) {
        assert!(self.watermarks.last().is_none_or(|&last| last < w.0), "W must advance");
        self.watermarks.push(w.0);
    }
}

/// One call with `rows`, which are numbered from `first` on.
pub fn push(
    engine: &mut Engine,
    source: u32,
    rows: &[Row],
    weights: Option<&[i64]>,
    first: usize,
    out: &mut Kept,
) -> Result<(), Error> {
    out.first = first;
    // SAFETY: the programs read `Row`s.
    unsafe { engine.process(source, rows.as_ptr().cast(), rows.len(), weights, None, out) }
}

/// Cuts `0..len` at the sorted places that `cuts` names.
pub fn pieces(len: usize, cuts: &[usize]) -> Vec<std::ops::Range<usize>> {
    let mut at: Vec<usize> = cuts.iter().map(|c| c % (len + 1)).chain([0, len]).collect();
    at.sort_unstable();
    at.windows(2).map(|w| w[0]..w[1]).collect()
}

/// What a changelog amounts to, in SQL order; every row must be there at most once and never less than not at all.
pub fn fold(changes: &[(Vec<Val>, i64)]) -> Vec<Vec<Val>> {
    let mut rows: Vec<Vec<Val>> = Vec::new();
    for (row, weight) in changes {
        match weight {
            1 => rows.push(row.clone()),
            -1 => {
                let at = rows.iter().position(|r| r == row).expect("a row that goes must be there");
                rows.swap_remove(at);
            }
            _ => panic!("weight {weight}"),
        }
    }
    rows.sort_by(|a, b| order(a, b));
    rows
}

/// The bytes of a snapshot.
pub fn snapshot(engine: &Engine) -> Vec<u8> {
    let mut bytes = Vec::new();
    engine.snapshot(&mut bytes).unwrap();
    bytes
}
