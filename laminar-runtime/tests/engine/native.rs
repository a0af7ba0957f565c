//! The hot path with machine code: the same answers, and no allocation after warm-up.

use laminar_runtime::alloc::{Counting, CountingAllocator};
use laminar_runtime::engine::{Emitter, Engine, OutBatch};
use laminar_runtime::plan::*;
use laminar_runtime::schema::{Column, Ty};
use laminar_runtime::stage::{Code, ExprCode, ExprCtx, UpdateCode, UpdateCtx};
use laminar_runtime::types::{TextRef, Timestamp};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

#[derive(Clone, Copy)]
struct Trade {
    ts: i64,
    key: u64,
    volume: i64,
}

const INT: CellColumn = CellColumn { ty: Ty::Bigint, nullable: false };
const TEXT: CellColumn = CellColumn { ty: Ty::Varchar, nullable: false };
const STRIDE: usize = 32;

unsafe extern "C" fn source(ctx: *mut ExprCtx) {
    // SAFETY: the engine's context over `Trade`s.
    unsafe {
        let ctx = &mut *ctx;
        let rows = ctx.base.cast::<Trade>();
        let out = std::slice::from_raw_parts(ctx.out, 3);
        for i in ctx.lo..ctx.hi {
            let row = &*rows.add(i);
            ctx.time_max = ctx.time_max.max(row.ts);
            *out[0].data.cast::<i64>().add(ctx.rows_out) = row.ts;
            *out[1].data.cast::<u64>().add(ctx.rows_out) = row.key;
            *out[2].data.cast::<i64>().add(ctx.rows_out) = row.volume;
            ctx.rows_out += 1;
        }
    }
}

static NAMES: [&str; 3] = ["zero", "one", "two, which is longer than inline"];

unsafe extern "C" fn source_text(ctx: *mut ExprCtx) {
    // SAFETY: the engine's context over `Trade`s.
    unsafe {
        let ctx = &mut *ctx;
        let rows = ctx.base.cast::<Trade>();
        let out = std::slice::from_raw_parts(ctx.out, 3);
        for i in ctx.lo..ctx.hi {
            let row = &*rows.add(i);
            ctx.time_max = ctx.time_max.max(row.ts);
            *out[0].data.cast::<i64>().add(ctx.rows_out) = row.ts;
            let name = TextRef::new(NAMES[row.key as usize % 3]).to_cell();
            *out[1].data.cast::<[u64; 2]>().add(ctx.rows_out) = name;
            *out[2].data.cast::<i64>().add(ctx.rows_out) = row.volume;
            ctx.rows_out += 1;
        }
    }
}

unsafe extern "C" fn update(ctx: *mut UpdateCtx) {
    // SAFETY: the engine's context; rows are key, count, sum.
    unsafe {
        let ctx = &*ctx;
        let volume = (*ctx.args.add(2)).data.cast::<i64>();
        for j in 0..ctx.n {
            let row = ctx.rows.add(*ctx.slots.add(j) as usize * STRIDE);
            laminar_runtime::aggregate::count(row.add(8), 1);
            laminar_runtime::aggregate::sum_int(row.add(16), *volume.add(ctx.lo + j));
        }
    }
}

/// Words `from`, `from + 1`, … of the group rows, after the window's start.
unsafe fn copy_out(ctx: *mut ExprCtx, stride: usize, pair_key: bool) {
    // SAFETY: the engine's context over group rows.
    unsafe {
        let ctx = &mut *ctx;
        let out = std::slice::from_raw_parts(ctx.out, 4);
        for i in ctx.lo..ctx.hi {
            let row = ctx.base.add(i * stride).cast::<u64>();
            let j = ctx.rows_out;
            *out[0].data.cast::<i64>().add(j) = ctx.window_start;
            let rest = if pair_key {
                *out[1].data.cast::<[u64; 2]>().add(j) = *row.cast();
                row.add(2)
            } else {
                *out[1].data.cast::<u64>().add(j) = *row;
                row.add(1)
            };
            *out[2].data.cast::<u64>().add(j) = *rest;
            *out[3].data.cast::<u64>().add(j) = *rest.add(1);
            ctx.rows_out += 1;
        }
    }
}

unsafe extern "C" fn result(ctx: *mut ExprCtx) {
    // SAFETY: as there.
    unsafe { copy_out(ctx, STRIDE, false) }
}

unsafe extern "C" fn result_text(ctx: *mut ExprCtx) {
    // SAFETY: as there; rows with a text key are one word longer.
    unsafe { copy_out(ctx, STRIDE + 8, true) }
}

fn plan(key: CellColumn, emit: Emit) -> Plan {
    let edge = |from, to, columns: Vec<CellColumn>| EdgePlan {
        from,
        to,
        columns: columns.into(),
        tracks: false,
        weighted: false,
        times: false,
    };
    let output = if emit == Emit::Changes { OutputKind::Changes } else { OutputKind::Append };
    Plan {
        name: "native".into(),
        fingerprint: 9,
        sources: vec![SourcePlan { name: "t".into(), delay_ns: Some(0), edges: vec![0].into(), rows: None }]
            .into(),
        groups: vec![GroupPlan {
            keys: vec![key].into(),
            accumulators: vec![
                Accumulator::new(AccOp::Count, None, false),
                Accumulator::new(AccOp::SumInt, Some(2), false),
            ]
            .into(),
            window: Some(Window { size_ns: 1000, offset_ns: 0, lateness_ns: 0 }),
            watermark: vec![WatermarkOf { source: 0, offset_ns: 0 }].into(),
            emit,
            retracts: false,
            edge: 1,
        }]
        .into(),
        edges: vec![
            edge(Port::Source(0), Port::Group(0), vec![INT, key, INT]),
            edge(Port::Group(0), Port::Output, vec![INT, key, INT, INT]),
        ]
        .into(),
        columns: vec![Column::fixed("a", Ty::Bigint, false); 4].into(),
        output,
        watermark: vec![WatermarkOf { source: 0, offset_ns: 1000 }].into(),
        on_error: OnError::Fail,
        sites: vec![].into(),
        order: None,
    }
}

fn native(key: CellColumn, emit: Emit, groups: usize) -> Engine {
    let text = key == TEXT;
    let edges = if text {
        vec![ExprCode::Native(source_text), ExprCode::Native(result_text)]
    } else {
        vec![ExprCode::Native(source), ExprCode::Native(result)]
    };
    let updates = vec![if text { UpdateCode::Generic } else { UpdateCode::Native(update) }];
    Engine::with_capacity(plan(key, emit), Code { edges, updates, keep: None }, groups)
}

/// Adds results up.
#[derive(Default, PartialEq, Debug)]
struct Sums {
    rows: u64,
    count: i64,
    sum: i64,
}

impl Emitter for Sums {
    fn rows(&mut self, batch: &OutBatch<'_>) {
        for k in 0..batch.len {
            let i = batch.order.map_or(k, |o| o[k] as usize);
            let weight = batch.weights.map_or(1, |w| w[k]);
            // SAFETY: columns 2 and 3 are integers.
            unsafe {
                self.count += weight * *batch.columns[2].data.cast::<i64>().add(i);
                self.sum += weight * *batch.columns[3].data.cast::<i64>().add(i);
            }
            self.rows += 1;
        }
    }
    fn late(&mut self, _: u32, _: usize) {}
    fn rejected(&mut self, _: u32, _: usize, _: u16) {}
    fn watermark(&mut self, _: Timestamp) {}
}

fn trades(n: i64, keys: u64, disorder: i64) -> Vec<Trade> {
    let mix = |i: i64| (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    (0..n)
        .map(|i| Trade { ts: i - mix(i) as i64 % disorder, key: mix(i * 7 + 1) % keys, volume: i % 100 })
        .collect()
}

fn run(engine: &mut Engine, rows: &[Trade], step: usize, out: &mut Sums) {
    for piece in rows.chunks(step) {
        // SAFETY: the code reads `Trade`s.
        unsafe { engine.process(0, piece.as_ptr().cast(), piece.len(), None, None, out).unwrap() };
    }
}

#[test]
fn cuts_do_not_matter() {
    for (key, emit) in [(INT, Emit::Close), (TEXT, Emit::Close), (INT, Emit::Changes), (INT, Emit::Final)] {
        let rows = trades(40_000, 700, 30);
        let results = [1, 7, 1024, 5000, 40_000].map(|step| {
            let mut engine = native(key, emit, 0);
            let mut out = Sums::default();
            run(&mut engine, &rows, step, &mut out);
            engine.finish(&mut out).unwrap();
            let late = engine.counters(0).late as i64;
            assert_eq!(out.count + late, rows.len() as i64);
            assert_eq!(late > 0, emit != Emit::Final);
            if emit == Emit::Changes {
                // How often a group was corrected depends on the cuts, the outcome does not.
                out.rows = 0;
            }
            (out, late)
        });
        assert!(results.iter().all(|r| *r == results[0]), "{key:?} {emit:?}: {results:?}");
    }
}

#[test]
fn no_allocation_after_warm_up() {
    for (key, emit) in [(INT, Emit::Close), (TEXT, Emit::Close), (INT, Emit::Changes), (TEXT, Emit::Changes)]
    {
        for step in [1, 100, 3000] {
            let rows = trades(60_000, 300, 1500);
            let (warm_up, rest) = rows.split_at(30_000);
            let mut engine = native(key, emit, 0);
            let mut out = Sums::default();
            run(&mut engine, warm_up, step, &mut out);
            let counting = Counting::start();
            run(&mut engine, rest, step, &mut out);
            assert_eq!(counting.allocations_since(), 0, "{key:?} {emit:?} {step}");
            assert!(out.rows > 100);
        }
    }
}

#[test]
fn the_counter_counts() {
    let counting = Counting::start();
    let mut engine = native(INT, Emit::Close, 0);
    run(&mut engine, &trades(2000, 300, 10), 500, &mut Sums::default());
    assert!(counting.allocations_since() > 10);
}

/// Tables that outgrow the cache, grow several times, and are still right.
#[test]
fn a_million_groups() {
    let mut engine = native(INT, Emit::Final, 0);
    let mut out = Sums::default();
    let n = 1_000_000;
    let mut rows = trades(n, 600_000, 1);
    rows.iter_mut().for_each(|r| r.ts = 5);
    run(&mut engine, &rows, 10_000, &mut out);
    engine.finish(&mut out).unwrap();
    let mut keys: Vec<u64> = rows.iter().map(|r| r.key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(out, Sums { rows: keys.len() as u64, count: n, sum: rows.iter().map(|r| r.volume).sum() });
}
