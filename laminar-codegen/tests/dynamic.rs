//! Queries that run in this process: by cells and by structs, interpreted and compiled, with equal answers.
#![cfg(feature = "exec")]

use laminar_codegen::catalog::{Catalog, Relation};
use laminar_codegen::compile::compile;
use laminar_codegen::exec::{DynPipeline, Executor, RowSink};
use laminar_codegen::ir::{Pipeline, SourceColumn};
use laminar_codegen::parse::parse_query;
use laminar_runtime::alloc::{Counting, CountingAllocator};
use laminar_runtime::error::Error;
use laminar_runtime::event::{Complete, Event, EventTime, EventType};
use laminar_runtime::pipeline::field;
use laminar_runtime::schema::Ty;
use laminar_runtime::stage::Cell;
use laminar_runtime::types::{Interval, Str, Sym, TextRef, Timestamp};
use std::mem::MaybeUninit;
use std::sync::Arc;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

macro_rules! event {
    ($name:ident { $($field:ident: $ty:ty),* $(,)? }) => {
        #[derive(Clone, Debug)]
        struct $name { $($field: $ty,)* }

        impl Event for $name {
            const TYPE: EventType = {
                let room = MaybeUninit::<$name>::uninit();
                let row = room.as_ptr();
                // SAFETY: these are the fields.
                unsafe {
                    EventType {
                        name: stringify!($name),
                        fields: &[$(field(stringify!($field), row, &raw const (*row).$field)),*],
                        time: Some(EventTime { field: 0, delay_ns: 2_000_000_000 }),
                        complete: Some(Complete::new()),
                    }
                }
            };
            type Columns<'a> = ();
        }
    };
}

// All plain fields: read in place.
event!(Trade {
    ts: Timestamp,
    symbol: Sym,
    price: f64,
    volume: i64,
    side: u8,
    note: Str,
    span: Interval,
    open: bool,
});
// The same columns with fields that must be gathered.
event!(Opaque {
    ts: Timestamp,
    symbol: String,
    price: Option<f64>,
    volume: i64,
    side: u8,
    note: Str,
    span: Interval,
    open: bool,
});

struct One(Relation);

impl Catalog for One {
    fn relation(&self, parts: &[(String, bool)]) -> Option<Relation> {
        (parts.last()?.0.eq_ignore_ascii_case(&self.0.name)).then(|| self.0.clone())
    }
    fn names(&self) -> Vec<String> {
        vec![self.0.name.clone()]
    }
}

fn pipeline<E: Event>(sql: &str) -> Arc<Pipeline> {
    let columns =
        E::FIELDS.iter().map(|f| SourceColumn { column: f.column.clone(), unsigned: false }).collect();
    let catalog = One(Relation {
        name: "trades".into(),
        columns,
        time: E::TIME.map(|t| (t.field, t.delay_ns)),
        changelog: false,
        finite: false,
        declared: vec![],
    });
    let (query, text) = parse_query(sql).unwrap();
    let (pipeline, diagnostics) = compile(&query, &text, &catalog, "test");
    Arc::new(pipeline.unwrap_or_else(|| panic!("{diagnostics:?}")))
}

fn trades() -> Vec<Trade> {
    let symbols = ["AAPL", "MSFT", "a symbol of more than sixteen bytes"];
    (0..3000_i64)
        .map(|i| Trade {
            ts: Timestamp((i / 7 - i % 3) * 100_000_000),
            symbol: Sym::new(symbols[i as usize % 3]),
            price: [1.5, -0.0, f64::NAN, 250.25][i as usize % 4],
            volume: i * i % 1009 - 3,
            side: (i % 5) as u8,
            note: Str::new(["", "short", "a note that is not inline"][(i / 3) as usize % 3]),
            span: Interval { months: 0, days: 0, ns: i % 11 },
            open: i % 2 == 0,
        })
        .collect()
}

fn opaque(trades: &[Trade]) -> Vec<Opaque> {
    let one = |t: &Trade| Opaque {
        ts: t.ts,
        symbol: t.symbol.as_str().to_owned(),
        price: (t.side != 4).then_some(t.price),
        volume: t.volume,
        side: t.side,
        note: t.note.clone(),
        span: t.span,
        open: t.open,
    };
    trades.iter().map(one).collect()
}

/// Rows as text, so that results of different batches and executors can be compared.
struct Collect {
    types: Vec<Ty>,
    rows: Vec<String>,
}

impl RowSink for Collect {
    fn row(&mut self, row: &[(Cell, bool)], weight: i64) {
        let value = |(ty, (cell, valid)): (&Ty, &(Cell, bool))| match ty {
            _ if !valid => "NULL".to_owned(),
            // SAFETY: texts of a result live during the call.
            Ty::Varchar => unsafe { TextRef::from_cell(*cell).as_str().to_owned() },
            Ty::Interval => Interval::from_cell(*cell).to_string(),
            _ => format!("{:x}", cell[0]),
        };
        let values: Vec<_> = self.types.iter().zip(row).map(value).collect();
        self.rows.push(format!("{weight:+} {}", values.join(", ")));
    }
    fn watermark(&mut self, w: Timestamp) {
        self.rows.push(format!("W {}", w.0));
    }
}

/// How rows come in.
#[derive(Clone, Copy, Debug)]
enum Door {
    Cells,
    Structs,
}

fn run<E: Event>(
    pipeline: &Arc<Pipeline>,
    executor: Executor,
    door: Door,
    rows: &[E],
    cut: usize,
) -> Vec<String> {
    let mut running = DynPipeline::new(pipeline.clone(), executor).unwrap();
    let types = running.plan().columns.iter().map(|c| c.ty).collect();
    let mut out = Collect { types, rows: vec![] };
    for part in rows.chunks(cut) {
        match door {
            Door::Structs => running.process_rows(0, part, &mut out).unwrap(),
            Door::Cells => {
                let mut batch = running.batch(0);
                for row in part {
                    let mut cells = vec![];
                    for f in 0..E::FIELDS.len() {
                        E::gather(std::slice::from_ref(row), f, &mut |cell, valid| cells.push((cell, valid)));
                    }
                    // SAFETY: the cells are of the row's fields, which live.
                    unsafe { batch.push_row(&cells) };
                }
                running.process_cells(0, &batch, &mut out).unwrap();
            }
        }
    }
    running.finish(&mut out).unwrap();
    let counters = running.counters(0);
    assert_eq!(counters.ingested, rows.len() as u64);
    assert_eq!(counters.accepted + counters.late + counters.rejected, counters.ingested);
    out.rows
}

const QUERIES: [&str; 5] = [
    "SELECT symbol, price * 2 AS p, volume + side AS v, note, span, ts FROM trades WHERE volume % 7 = 0 AND open",
    "SELECT upper(symbol) AS s, CASE WHEN side > 2 THEN 100 / side ELSE volume END AS c FROM trades \
     WHERE symbol = 'MSFT' OR note LIKE '%inline'",
    "SELECT symbol, window_start, COUNT(*) AS n, SUM(volume) AS v, SUM(price) AS p, MIN(note) AS first, MAX(price) AS top \
     FROM trades GROUP BY symbol, TUMBLE(ts, INTERVAL '1' SECOND)",
    "SELECT side, AVG(volume) AS a, MAX(symbol) AS m FROM trades GROUP BY side EMIT FINAL",
    "SELECT symbol, COUNT(*) AS n FROM trades WHERE price > 1 GROUP BY symbol EMIT CHANGES",
];

fn executors() -> Vec<Executor> {
    if cfg!(feature = "jit") { vec![Executor::Interp, Executor::Jit] } else { vec![Executor::Interp] }
}

#[test]
fn doors_and_executors_agree() {
    let rows = trades();
    let opaque = opaque(&rows);
    for sql in QUERIES {
        let plain = pipeline::<Trade>(sql);
        let nullable = pipeline::<Opaque>(sql);
        for cut in [rows.len(), 640] {
            let expected = run(&plain, Executor::Interp, Door::Cells, &rows, cut);
            assert!(expected.len() >= 3, "{sql}: {expected:?}");
            let expected_nullable = run(&nullable, Executor::Interp, Door::Cells, &opaque, cut);
            for executor in executors() {
                for door in [Door::Cells, Door::Structs] {
                    let found = run(&plain, executor, door, &rows, cut);
                    assert_eq!(found, expected, "{sql} {executor:?} {door:?}");
                    let found = run(&nullable, executor, door, &opaque, cut);
                    assert_eq!(found, expected_nullable, "{sql} {executor:?} {door:?}, gathered");
                }
            }
        }
    }
}

#[test]
fn snapshots_move_between_executors() {
    let rows = trades();
    let plain = pipeline::<Trade>(QUERIES[2]);
    let whole = run(&plain, Executor::Interp, Door::Structs, &rows, 1000);
    for from in executors() {
        for to in executors() {
            let mut first = DynPipeline::new(plain.clone(), from).unwrap();
            let types: Vec<Ty> = first.plan().columns.iter().map(|c| c.ty).collect();
            let mut out = Collect { types, rows: vec![] };
            first.process_rows(0, &rows[..1000], &mut out).unwrap();
            let mut bytes = vec![];
            first.snapshot(&mut bytes).unwrap();
            let mut second = DynPipeline::with_capacity(plain.clone(), to, 100).unwrap();
            second.restore(&mut &bytes[..]).unwrap();
            assert_eq!(second.digest(), first.digest());
            second.process_rows(0, &rows[1000..2000], &mut out).unwrap();
            second.process_rows(0, &rows[2000..], &mut out).unwrap();
            second.finish(&mut out).unwrap();
            assert_eq!(out.rows, whole, "{from:?} to {to:?}");
        }
    }
}

#[test]
fn a_type_without_the_columns_is_refused() {
    event!(Other { ts: Timestamp, price: i64 });
    let plain = pipeline::<Trade>(QUERIES[0]);
    for executor in executors() {
        let mut running = DynPipeline::new(plain.clone(), executor).unwrap();
        let rows = [Other { ts: Timestamp(1), price: 2 }];
        let error = running.process_rows(0, &rows, &mut |_: &[(Cell, bool)], _: i64| {}).unwrap_err();
        assert!(error.to_string().contains("`Other` has no field for the column symbol"), "{error}");
        assert_eq!(running.counters(0).ingested, 0);
    }
}

#[test]
fn a_failing_row_is_the_same_row() {
    let rows = trades();
    let plain = pipeline::<Trade>("SELECT 10 / (volume - 33) AS q FROM trades");
    let bad = rows.iter().position(|t| t.volume == 33).unwrap();
    for executor in executors() {
        let mut running = DynPipeline::new(plain.clone(), executor).unwrap();
        let mut count = 0;
        let result = running.process_rows(0, &rows, &mut |_: &[(Cell, bool)], _: i64| count += 1);
        match result {
            Err(Error::Rejected { row, reason, .. }) => {
                assert_eq!((row, reason.what.as_ref(), count), (bad, "division by zero", bad));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn no_allocation_after_warm_up() {
    // Time goes on from pass to pass, the same number of windows is open at once.
    let at = |pass: i64| -> Vec<Trade> {
        let later = |t: Trade| Trade { ts: Timestamp(t.ts.0 + pass * 60_000_000_000), ..t };
        trades().into_iter().map(later).collect()
    };
    let passes: Vec<Vec<Trade>> = (0..6).map(at).collect();
    let gathered: Vec<Vec<Opaque>> = passes.iter().map(|p| opaque(p)).collect();
    for sql in [QUERIES[0], QUERIES[2]] {
        for executor in executors() {
            let mut count = 0;
            let mut sink = |_: &[(Cell, bool)], _: i64| count += 1;
            let mut plain = DynPipeline::with_capacity(pipeline::<Trade>(sql), executor, 64).unwrap();
            let mut nullable = DynPipeline::with_capacity(pipeline::<Opaque>(sql), executor, 64).unwrap();
            let mut before = Counting::start();
            for (pass, (rows, opaque)) in passes.iter().zip(&gathered).enumerate() {
                if pass == 3 {
                    before = Counting::start();
                }
                plain.process_rows(0, rows, &mut sink).unwrap();
                nullable.process_rows(0, opaque, &mut sink).unwrap();
            }
            assert_eq!(before.allocations_since(), 0, "{sql} {executor:?}");
            assert!(count > 100, "{count}");
        }
    }
}
