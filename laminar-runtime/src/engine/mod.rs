//! Runs a plan: drives rows through the stages, judges lateness, closes windows, keeps counters, takes snapshots.
//!
//! One engine for every door and executor: they differ only in the `Code` they bring.

mod absent;
mod apply;
mod changes;
mod columns;
mod constants;
mod edge;
mod emit;
mod fused;
mod held;
mod ingest;
mod lane;
mod pass;
mod same;
mod snapshot;
mod sort;
mod source;
mod spread;
mod watermark;

pub(crate) use fused::Entered;
pub use ingest::OUTPUT_ROWS;
pub use source::SourceState;

use crate::error::{Error, RejectReason};
use crate::group::{BATCH_ROWS, GroupNode};
use crate::plan::{Emit, OnError, OutputKind, Plan, Port, WatermarkOf};
use crate::stage::{Code, ColumnRef, Rejects, SourceCode};
use crate::types::{Arena, Timestamp};
use apply::BatchScratch;
use changes::ChangeScratch;
use constants::Constants;
use edge::Edge;
use fused::Armed;
use held::Held;
use ingest::{Input, Stopped};
use lane::Lane;
use sort::Sorter;
use std::alloc::Layout;
use std::mem::MaybeUninit;
use std::sync::Arc;

/// Bytes of rows in a piece: they stay in the first cache with the columns that they come from.
const PIECE_BYTES: usize = 16 << 10;
/// However large a row is.
const PIECE_ROWS_MIN: usize = 16;
/// Rows of the first batch, whose texts nobody has measured yet; each after it has twice as many, up to `BATCH_ROWS`.
const FIRST_BATCH_ROWS: usize = 8;
/// Bytes of a batch's texts, above which the next batch has fewer rows.
const BATCH_BYTES_MAX: usize = 16 << 20;

/// A batch of results.
#[derive(Debug)]
pub struct OutBatch<'a> {
    /// Output columns.
    pub columns: &'a [ColumnRef],
    /// Number of rows to emit.
    pub len: usize,
    /// Row number of each row to emit, in order of emission; none: 0, 1, 2, …
    pub order: Option<&'a [u32]>,
    /// Weight of each *emitted* row, in order of emission; none: all +1. Under `OutputKind::Upsert`
    /// +1 is a put and −1 a deletion, one row a changed key.
    pub weights: Option<&'a [i64]>,
}

/// Takes what the engine gives.
pub trait Emitter {
    /// Results.
    fn rows(&mut self, batch: &OutBatch<'_>);
    /// Row `row` of the slice now being processed was late.
    fn late(&mut self, source: u32, row: usize);
    /// Row `row` of the slice now being processed failed at `site` (called under `OnError::DeadLetter`).
    fn rejected(&mut self, source: u32, row: usize, site: u16);
    /// The output's watermark is `w` now.
    fn watermark(&mut self, w: Timestamp);
}

/// What became of the rows of one input: `ingested = accepted + late + rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InputCounters {
    /// Rows that came.
    pub ingested: u64,
    /// Rows that took part (those that WHERE dropped included).
    pub accepted: u64,
    /// Rows whose windows were all closed.
    pub late: u64,
    /// Rows that failed.
    pub rejected: u64,
}

/// What became of the results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutputCounters {
    /// Rows given to the sink, each −/+ one counted.
    pub emitted: u64,
    /// Results that failed in a projection or HAVING.
    pub rejected: u64,
}

/// A running plan.
///
/// # Allocates
/// While its tables grow; never with a capacity that is kept to, nor once they have seen as many groups and windows as
/// they are going to hold.
pub struct Engine {
    plan: Arc<Plan>,
    code: Code,
    sources: Box<[SourceState]>,
    /// W of the output is the minimum over these.
    watermark: Box<[WatermarkOf]>,
    /// Edges of each source.
    source_edges: Box<[Box<[usize]>]>,
    /// Short way of each source that has one.
    lanes: Box<[Option<Lane>]>,
    /// The loop that the last step ran, if the next may go on with it.
    armed: Option<Armed>,
    edges: Box<[Edge]>,
    nodes: Box<[GroupNode]>,
    /// Rows that the query itself brings.
    constants: Box<[Constants]>,
    /// They are still to be taken.
    starts: bool,
    /// Results that wait for the end of input.
    held: Option<Held>,
    scratch: Scratch,
    arena: Arena,
    /// Rows that a batch has at most: a power of two up to `BATCH_ROWS`.
    batch_rows: usize,
    rejects: Rejects,
    out_rejects: Rejects,
    output: OutputCounters,
    /// Why the call stopped at a row.
    input_error: Option<Error>,
    /// First result that failed in this call under `on_error = fail`.
    output_error: Option<Error>,
    /// W that the sink knows.
    output_watermark: i64,
    /// The pipeline's clock, in ns.
    now: i64,
    /// Number of the step.
    step: u64,
    /// Several nodes give their windows to the output.
    merges: bool,
    /// Some node answers at the end of a step.
    answers_late: bool,
    finished: bool,
    /// Groups to make room for in a new table.
    capacity: usize,
}

// SAFETY: all pointers inside lead into the engine's own buffers, which move along, or exist only during a call.
unsafe impl Send for Engine {}

/// Memory that calls keep for the next one.
#[derive(Default)]
struct Scratch {
    batch: Box<BatchScratch>,
    changes: ChangeScratch,
    sorter: Sorter,
    order: Vec<u32>,
    leads: Vec<u32>,
    weights: Vec<i64>,
    branches: Vec<usize>,
    /// Rows that a row is to be taken from.
    meant: Vec<absent::Meant>,
    /// Rows of the piece that is being taken.
    piece: Vec<MaybeUninit<u8>>,
}

impl Engine {
    /// An engine without rows.
    pub fn new(plan: impl Into<Arc<Plan>>, code: Code) -> Engine {
        Engine::with_capacity(plan, code, 0)
    }

    /// An engine whose group tables have room for `groups` groups.
    pub fn with_capacity(plan: impl Into<Arc<Plan>>, code: Code, groups: usize) -> Engine {
        let plan = plan.into();
        let nodes = build_nodes(&plan, groups);
        let edges: Box<[Edge]> = plan.edges.iter().map(|e| Edge::new(&plan, e)).collect();
        let answers_late = nodes.iter().any(|n| !n.is_plain || n.closes_late);
        let to_output = |n: &&GroupNode| n.window.is_some() && edges[n.edge].to == Port::Output;
        let merges = nodes.iter().filter(to_output).count() > 1;
        let lane = |s| if answers_late { None } else { Lane::of(&plan, &code, &edges, &nodes, s) };
        Engine {
            sources: plan.sources.iter().map(SourceState::new).collect(),
            watermark: plan.watermark[..].into(),
            source_edges: plan
                .sources
                .iter()
                .map(|s| s.edges.iter().map(|&e| e as usize).collect())
                .collect(),
            lanes: (0..plan.sources.len()).map(lane).collect(),
            armed: None,
            edges,
            nodes,
            answers_late,
            merges,
            starts: plan.sources.iter().any(|s| s.rows.is_some()),
            constants: Constants::of(&plan),
            held: Held::of(&plan),
            scratch: Scratch::default(),
            arena: Arena::new(),
            batch_rows: FIRST_BATCH_ROWS,
            rejects: Rejects { stop_at_first: plan.on_error == OnError::Fail, rows: Vec::new() },
            out_rejects: Rejects::default(),
            output: OutputCounters::default(),
            input_error: None,
            output_error: None,
            output_watermark: i64::MIN,
            now: 0,
            step: 1,
            finished: false,
            capacity: groups,
            plan,
            code,
        }
    }

    /// Takes `rows` rows of an input. `base` is what the code of the source's edges expects; `code` replaces that
    /// code in this call.
    ///
    /// # Safety
    /// `base` and `rows` are what the code reads; texts in the rows live until the call returns.
    ///
    /// # Errors
    /// A row that fails under `on_error = fail`, a retraction of an absent row, input after `finish`.
    pub unsafe fn process(
        &mut self,
        source: u32,
        base: *const u8,
        rows: usize,
        weights: Option<&[i64]>,
        code: Option<&SourceCode<'_>>,
        out: &mut dyn Emitter,
    ) -> Result<(), Error> {
        let entered = match weights {
            // SAFETY: as the caller promises.
            None => unsafe { self.enter(source, base, rows, code) },
            Some(_) => Entered::From(0),
        };
        match entered {
            Entered::Quiet => Ok(()),
            Entered::Moved(w) => {
                out.watermark(w);
                Ok(())
            }
            // SAFETY: as the caller promises.
            Entered::From(lo) => unsafe { self.process_from(lo, source, base, rows, weights, code, out) },
        }
    }

    /// Takes the rows of a step from `lo` on: those before have been taken when it was entered.
    ///
    /// # Safety
    /// As for [`Engine::process`].
    ///
    /// # Errors
    /// Those of [`Engine::process`].
    #[inline(never)]
    #[allow(clippy::too_many_arguments)]
    pub(crate) unsafe fn process_from(
        &mut self,
        lo: usize,
        source: u32,
        base: *const u8,
        rows: usize,
        weights: Option<&[i64]>,
        code: Option<&SourceCode<'_>>,
        out: &mut dyn Emitter,
    ) -> Result<(), Error> {
        self.begin(source, out)?;
        let s = source as usize;
        if let Some(lane) = self.lanes[s]
            && lo == 0
            && rows <= self.batch_rows
            && weights.is_none()
        {
            // SAFETY: as the caller promises.
            return unsafe { self.process_short(lane, s, base, rows, code, out) };
        }
        let input = Input { source: s, base, rows, before: 0, weights, code };
        let lo = match code.map(|code| (code, code.out)) {
            Some((code, Some(written))) => {
                // SAFETY: as the caller promises.
                let taken = unsafe { self.pass(&input, lo, code, written, out) };
                if taken == rows {
                    return self.end_input(false, out);
                }
                taken
            }
            _ => lo,
        };
        // SAFETY: as the caller promises.
        let taken = unsafe { self.ingest(&input, lo, out) };
        self.end_input(taken.is_err(), out)
    }

    /// Takes `rows` rows of an input that come in pieces: `fill` writes rows `lo..hi`, of `layout` each, where it is told.
    ///
    /// # Safety
    /// As for [`Engine::process`], for each piece; but what is in the rows lives until the call returns.
    ///
    /// # Errors
    /// Those of [`Engine::process`].
    pub unsafe fn process_pieces(
        &mut self,
        source: u32,
        rows: usize,
        layout: Layout,
        fill: &mut dyn FnMut(usize, usize, *mut u8),
        out: &mut dyn Emitter,
    ) -> Result<(), Error> {
        self.begin(source, out)?;
        let piece = (PIECE_BYTES / layout.size().max(1)).clamp(PIECE_ROWS_MIN, BATCH_ROWS);
        let mut buffer = std::mem::take(&mut self.scratch.piece);
        let bytes = piece * layout.size() + layout.align();
        if buffer.len() < bytes {
            buffer.resize(bytes, MaybeUninit::uninit());
        }
        let aligned = buffer.as_ptr().align_offset(layout.align());
        let base: *mut u8 = buffer[aligned..].as_mut_ptr().cast();
        let (mut before, mut stopped) = (0, false);
        while before < rows && !stopped {
            let end = rows.min(before + piece);
            fill(before, end, base);
            let source = source as usize;
            let input = Input { source, base, rows: end - before, before, weights: None, code: None };
            // SAFETY: as the caller promises.
            stopped = unsafe { self.ingest(&input, 0, out) }.is_err();
            before = end;
        }
        self.scratch.piece = buffer;
        self.end_input(stopped, out)
    }

    /// Takes the rows from `lo` on; those before have been taken by a fused loop.
    ///
    /// # Safety
    /// As for `process`.
    #[inline(always)]
    unsafe fn ingest(&mut self, input: &Input<'_>, lo: usize, out: &mut dyn Emitter) -> Result<(), Stopped> {
        // SAFETY: as the caller promises.
        unsafe {
            match self.sources[input.source].edge {
                Some(e) => self.ingest_batches(input, e as usize, lo, out),
                None => self.ingest_rows(input, out),
            }
        }
    }

    /// Ends a step of rows.
    fn end_input(&mut self, stopped: bool, out: &mut dyn Emitter) -> Result<(), Error> {
        let ended = self.end_step(out);
        if stopped { self.input_error.take().map_or(ended, Err) } else { ended }
    }

    /// Tells an input that no row older than `w` will come. W never goes back.
    ///
    /// # Errors
    /// Input after `finish`; a result that fails under `on_error = fail`.
    pub fn watermark(&mut self, source: u32, w: Timestamp, out: &mut dyn Emitter) -> Result<(), Error> {
        self.begin(source, out)?;
        let source = &mut self.sources[source as usize];
        source.watermark = source.watermark.max(w.0);
        self.settle(out)
    }

    /// Sets the pipeline's clock.
    ///
    /// # Errors
    /// As [`Engine::watermark`].
    pub fn tick(&mut self, now: Timestamp, out: &mut dyn Emitter) -> Result<(), Error> {
        if self.finished {
            return Err(Error::Finished(self.plan.name.clone()));
        }
        self.clear_step();
        self.now = now.0;
        self.start(out)?;
        self.end_step(out)
    }

    /// Ends one input: its W is +inf.
    ///
    /// # Errors
    /// As [`Engine::watermark`].
    pub fn finish_source(&mut self, source: u32, out: &mut dyn Emitter) -> Result<(), Error> {
        self.begin(source, out)?;
        self.sources[source as usize].finished = true;
        self.settle(out)
    }

    /// Ends all inputs; everything that is left comes out.
    ///
    /// # Errors
    /// A second `finish`; a result that fails under `on_error = fail`.
    pub fn finish(&mut self, out: &mut dyn Emitter) -> Result<(), Error> {
        if self.finished {
            return Err(Error::Finished(self.plan.name.clone()));
        }
        self.clear_step();
        self.start(out)?;
        self.finished = true;
        for source in &mut self.sources {
            source.finished = true;
        }
        if self.merges {
            self.close_windows(out);
        }
        self.end_step(out)
    }

    /// The output's W, if it has advanced since it was last asked or given to a sink. For generated loops that run a
    /// stateless pipeline without the engine.
    #[inline]
    pub fn output_watermark(&mut self) -> Option<Timestamp> {
        let w = watermark::minimum(&self.sources, &self.watermark);
        (w > self.output_watermark).then(|| {
            self.output_watermark = w;
            Timestamp(w)
        })
    }

    /// What became of an input's rows.
    pub fn counters(&self, source: u32) -> InputCounters {
        self.sources[source as usize].counters
    }

    /// What became of the results.
    pub fn output_counters(&self) -> OutputCounters {
        self.output
    }

    /// What became of the results, for whoever turns them into rows.
    pub(crate) fn output_counters_mut(&mut self) -> &mut OutputCounters {
        &mut self.output
    }

    /// So many results, counted as emitted, did not fit the rows that were to be made of them.
    pub fn take_back(&mut self, unfit: u64) {
        self.output.emitted -= unfit;
        self.output.rejected += unfit;
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The pipeline's clock.
    pub fn now(&self) -> Timestamp {
        Timestamp(self.now)
    }

    /// An input's state, for generated loops that run a stateless pipeline without the engine.
    pub fn source_mut(&mut self, source: u32) -> &mut SourceState {
        &mut self.sources[source as usize]
    }

    /// Starts a step of one input.
    #[inline(always)]
    fn begin(&mut self, source: u32, out: &mut dyn Emitter) -> Result<(), Error> {
        if self.sources[source as usize].finished {
            return Err(self.input_after_finish(source));
        }
        self.clear_step();
        self.start(out)
    }

    /// Lets go of what the step before has left: its texts, and the loop that only a step like it can go on with.
    #[inline(always)]
    fn clear_step(&mut self) {
        self.armed = None;
        self.drop_texts();
    }

    /// Lets go of the texts of a step that was a batch by itself.
    #[inline(always)]
    fn drop_texts(&mut self) {
        if self.arena.reset().is_some_and(|bytes| bytes > BATCH_BYTES_MAX) {
            self.shorten_batches();
        }
    }

    #[cold]
    fn shorten_batches(&mut self) {
        self.batch_rows = (self.batch_rows / 4).max(1);
    }

    /// Ends a batch: whoever got its texts has copied them. The more room they took, the fewer rows the next one has, so that long texts
    /// do not add up.
    #[inline(always)]
    fn end_batch(&mut self) {
        let bytes = self.arena.given();
        if bytes > BATCH_BYTES_MAX {
            self.shorten_batches();
        } else if self.batch_rows < BATCH_ROWS && bytes < BATCH_BYTES_MAX / 4 {
            self.batch_rows *= 2;
        }
        self.arena.reset();
    }

    #[cold]
    fn input_after_finish(&self, source: u32) -> Error {
        Error::Finished(self.plan.sources[source as usize].name.clone())
    }

    /// Ends a step that may have moved W without rows.
    fn settle(&mut self, out: &mut dyn Emitter) -> Result<(), Error> {
        self.close_windows(out);
        self.end_step(out)
    }

    /// Ends a step: what changed comes out, and at last the sink learns W.
    #[inline]
    fn end_step(&mut self, out: &mut dyn Emitter) -> Result<(), Error> {
        if self.answers_late || self.finished {
            self.end_nodes(out);
        }
        if self.finished {
            self.give_held(out);
        }
        self.step += 1;
        if let Some(w) = self.output_watermark() {
            out.watermark(w);
        } else if self.finished && self.output_watermark < i64::MAX && self.ends_with_results() {
            self.output_watermark = i64::MAX;
            out.watermark(Timestamp(i64::MAX));
        }
        if self.output_error.is_some() { self.take_output_error() } else { Ok(()) }
    }

    #[cold]
    fn take_output_error(&mut self) -> Result<(), Error> {
        self.output_error.take().map_or(Ok(()), Err)
    }

    /// Whether results come once, at the end of input: until then no time is over.
    fn ends_with_results(&self) -> bool {
        let at_end = self.held.is_some() || self.nodes.iter().any(|n| n.emit == Emit::Final);
        self.plan.output == OutputKind::Append && at_end
    }

    #[inline(never)]
    fn end_nodes(&mut self, out: &mut dyn Emitter) {
        for g in 0..self.nodes.len() {
            if self.nodes[g].emit == Emit::Changes {
                self.emit_changes(g, out);
            }
            let node = &mut self.nodes[g];
            let keep_single = node.is_global();
            for i in 0..node.listed.len() {
                let table = node.listed[i] as usize;
                node.tables[table].bury(&node.shape, keep_single);
            }
            if self.node_watermark(g) >= self.nodes[g].close_next {
                self.close_node(g, out);
            }
            if self.finished && self.nodes[g].emit == Emit::Final && self.nodes[g].window.is_none() {
                self.emit_pane(g, 0, out);
            }
            self.nodes[g].end_step();
        }
        self.find_quiet();
    }

    /// W of a node.
    #[inline(always)]
    fn node_watermark(&self, g: usize) -> i64 {
        if self.finished {
            return i64::MAX;
        }
        watermark::minimum(&self.sources, &self.nodes[g].watermark)
    }

    fn reason(&self, site: u16) -> RejectReason {
        match self.plan.sites.get(site as usize) {
            Some(s) => {
                RejectReason { what: s.what.clone(), sql: s.sql.clone(), line: s.line, column: s.column }
            }
            None => RejectReason { what: "error".into(), sql: "".into(), line: 0, column: 0 },
        }
    }
}

/// The nodes of a plan. A node whose rows may come from one that answers at the end of a step closes its windows then.
fn build_nodes(plan: &Plan, groups: usize) -> Box<[GroupNode]> {
    let mut late = vec![false; plan.groups.len()];
    for (g, group) in plan.groups.iter().enumerate() {
        late[g] |= group.emit == Emit::Changes;
        if late[g]
            && let Some(Port::Group(to)) = plan.edges.get(group.edge as usize).map(|e| e.to)
        {
            late[to as usize] = true;
        }
    }
    plan.groups.iter().zip(late).map(|(group, late)| GroupNode::new(group, late, groups)).collect()
}
