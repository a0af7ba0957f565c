//! Brings the rows that are there into a flow.
//!
//! The order: tables and materialized views first, each in one step; then up to 1024 rows at a time from the unfinished
//! source whose watermark is lowest, ties by order of creation. A source without event time has no watermark and goes first.

use super::batch::Batch;
use super::error::Error;
use super::flow::{Arrival, Flow, Leaf, Losses, Step};
use super::relation::{Body, Purpose, Relations};
use super::source::Reader;
use super::stop::Stop;
use laminar_runtime::error::Error as Run;
use laminar_runtime::types::Timestamp;

/// Rows read from a source at a time.
const ROWS_A_STEP: usize = 1024;

/// Called with every step that comes out, and with the number of rows read so far.
pub(super) type OnStep<'a> = dyn FnMut(Step, u64) -> Result<(), Error> + 'a;

/// A source being read into a leaf.
struct Running {
    leaf: usize,
    reader: Reader,
    watermark: i64,
    /// Rows read before the present batch.
    rows_before: usize,
}

/// Feeds all that a flow's leaves have. Under [`Purpose::Once`] everything ends then; else only the
/// sources do.
///
/// # Errors
/// Those of files, pipelines and `on_step`; and [`Error::Stopped`], where somebody asks for it while sources are read.
pub(super) fn feed(
    flow: &mut Flow,
    relations: &Relations,
    purpose: Purpose,
    stop: &Stop,
    on_step: &mut OnStep<'_>,
) -> Result<Vec<Losses>, Error> {
    let mut running = Vec::new();
    let mut rows_read = 0;
    // Without leaves that is all there is.
    if purpose != Purpose::Once || flow.leaves.is_empty() {
        pass(flow.begin(), 0, on_step)?;
    }
    // Relations are in order of creation.
    for relation in &relations.list {
        let Some(leaf) = flow.leaf(&relation.name) else { continue };
        let held;
        let rows = match &relation.body {
            Body::Table(table) => Some(&table.rows),
            Body::Materialized(m) => {
                m.check(&relation.name)?;
                held = m.contents.to_batch();
                Some(&held)
            }
            Body::Source(connector) => {
                let reader = connector.open(&relation.columns)?;
                running.push(Running { leaf, reader, watermark: i64::MIN, rows_before: 0 });
                continue;
            }
            Body::Pushed(pushed) if pushed.finished => None,
            Body::Pushed(_) | Body::View(_) => continue,
        };
        let rows = rows.filter(|rows| !rows.is_empty());
        rows_read += rows.map_or(0, Batch::len) as u64;
        let finished = match &relation.body {
            Body::Table(_) => purpose == Purpose::Once,
            Body::Materialized(m) => purpose == Purpose::Once || m.flow.is_finished(),
            _ => true,
        };
        pass(flow.step(leaf, Arrival { rows, watermark: None, finished }), rows_read, on_step)?;
    }
    let mut rejected = Vec::new();
    while let Some(at) = (0..running.len()).min_by_key(|i| running[*i].watermark) {
        if stop.is_asked() {
            return Err(Error::Stopped);
        }
        let source = &mut running[at];
        let leaf = &flow.leaves[source.leaf];
        let mut rows = Batch::new(&leaf.columns);
        let finished = source.reader.read(&mut rows, ROWS_A_STEP)? == 0;
        rows_read += rows.len() as u64;
        source.watermark = source.watermark.max(watermark_of(leaf, &rows));
        let arrival = Arrival { rows: (!finished).then_some(&rows), watermark: None, finished };
        let mut step = flow.step(source.leaf, arrival);
        step.error = step.error.map(|e| counted(e, &flow.leaves[source.leaf].name, source.rows_before));
        source.rows_before += rows.len();
        pass(step, rows_read, on_step)?;
        if finished {
            let done = running.remove(at);
            if done.reader.rejected() > 0 {
                let input = flow.leaves[done.leaf].name.clone();
                rejected.push(Losses { input, late: 0, rejected: done.reader.rejected() });
            }
        }
    }
    rejected.extend(flow.losses());
    Ok(rejected)
}

/// Passes on what came out before an error, and then that.
fn pass(mut step: Step, rows_read: u64, on_step: &mut OnStep<'_>) -> Result<(), Error> {
    let error = step.error.take();
    on_step(step, rows_read)?;
    error.map_or(Ok(()), Err)
}

/// An error whose row is counted from the start of the source, not of the batch.
fn counted(e: Error, source: &str, rows_before: usize) -> Error {
    match e {
        Error::Run(Run::Rejected { input, row, reason }, place) if input == source => {
            Error::Run(Run::Rejected { input, row: row + rows_before, reason }, place)
        }
        other => other,
    }
}

/// The watermark that the rows of a batch bring.
fn watermark_of(leaf: &Leaf, rows: &Batch) -> i64 {
    let Some((column, delay)) = leaf.time else { return i64::MIN };
    let times = (0..rows.len()).filter_map(|row| match rows.value(row, column) {
        super::value::Value::Timestamp(Timestamp(t)) => Some(t),
        _ => None,
    });
    times.max().map_or(i64::MIN, |t| t.saturating_sub(delay))
}
