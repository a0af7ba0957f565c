//! Results as structs: written by machine code where rows meet no state, made of columns elsewhere, and the same as rows of cells.
#![cfg(feature = "exec")]

use laminar_codegen::catalog::{Catalog, Relation};
use laminar_codegen::compile::compile;
use laminar_codegen::exec::{DynPipeline, Executor, StructPipeline};
use laminar_codegen::ir::{Pipeline, SourceColumn};
use laminar_codegen::parse::parse_query;
use laminar_runtime::alloc::{Counting, CountingAllocator};
use laminar_runtime::error::Error;
use laminar_runtime::event::{Complete, Event, EventTime, EventType};
use laminar_runtime::pipeline::{Changelog, field};
use laminar_runtime::plan::OnError;
use laminar_runtime::sink::{Change, Sink};
use laminar_runtime::stage::Cell;
use laminar_runtime::types::{Interval, Str, Timestamp};
use std::mem::MaybeUninit;
use std::sync::Arc;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

macro_rules! event {
    ($name:ident, $time:expr, { $($field:ident: $ty:ty),* $(,)? }) => {
        #[derive(Clone, Debug, PartialEq)]
        struct $name { $($field: $ty,)* }

        impl Event for $name {
            const TYPE: EventType = {
                let room = MaybeUninit::<$name>::uninit();
                let row = room.as_ptr();
                // SAFETY: the macro names every field once.
                unsafe {
                    EventType {
                        name: stringify!($name),
                        fields: &[$(field(stringify!($field), row, &raw const (*row).$field)),*],
                        time: $time,
                        complete: Some(Complete::new()),
                    }
                }
            };
            type Columns<'a> = ();
        }
    };
}

event!(Row, Some(EventTime { field: 0, delay_ns: 0 }), {
    ts: Timestamp, k: i32, v: i64, x: f64, flag: bool, span: Interval, note: Str,
});
// All plain, in another order than the columns, with room between.
event!(Plain, None, { flag: bool, x: f64, k: i32, span: Interval, wide: i64, twice: i64 });
// With fields that machine code does not write.
event!(Rich, None, { k: i32, note: Str, twice: Option<i64>, small: u8 });
event!(Total, None, { k: i64, n: i64, v: i64 });

struct One(Relation);

impl Catalog for One {
    fn relation(&self, _: &[(String, bool)]) -> Option<Relation> {
        Some(self.0.clone())
    }
    fn names(&self) -> Vec<String> {
        vec![self.0.name.clone()]
    }
}

fn pipeline(sql: &str, on_error: OnError) -> Arc<Pipeline> {
    let columns =
        Row::FIELDS.iter().map(|f| SourceColumn { column: f.column.clone(), unsigned: false }).collect();
    let catalog = One(Relation {
        name: "t".into(),
        columns,
        time: Row::TIME.map(|t| (t.field, t.delay_ns)),
        changelog: false,
        finite: false,
        declared: vec![],
    });
    let (query, text) = parse_query(sql).unwrap();
    let (pipeline, diagnostics) = compile(&query, &text, &catalog, "test");
    let mut pipeline = pipeline.unwrap_or_else(|| panic!("{sql}: {diagnostics:?}"));
    pipeline.plan.on_error = on_error;
    Arc::new(pipeline)
}

fn rows() -> Vec<Row> {
    let row = |i: i64| Row {
        ts: Timestamp(i * 10_000_000),
        k: (i % 7) as i32 - 3,
        v: i % 500 - 250,
        x: [1.5, f64::NAN, -0.0][i as usize % 3],
        flag: i % 2 == 0,
        span: Interval { months: i as i32 % 5, days: -1, ns: i },
        note: Str::new(["", "short", "a note that is not inline"][i as usize % 3]),
    };
    (0..3000).map(row).collect()
}

/// Rows and watermarks, as text: NaN is not itself.
#[derive(Default)]
struct Collect(Vec<String>);

impl<T: std::fmt::Debug> Sink<T> for Collect {
    fn emit(&mut self, row: T) {
        self.0.push(format!("{row:?}"));
    }
    fn watermark(&mut self, w: Timestamp) {
        self.0.push(format!("W {}", w.0));
    }
}

fn executors() -> Vec<Executor> {
    if cfg!(feature = "jit") { vec![Executor::Interp, Executor::Jit] } else { vec![Executor::Interp] }
}

/// What comes out in steps of so many rows, with the first failure and what became of rows and results.
fn run<R: Event + std::fmt::Debug>(
    sql: &str,
    on_error: OnError,
    executor: Executor,
    step: usize,
) -> Vec<String> {
    let mut running: StructPipeline<R> = StructPipeline::new(pipeline(sql, on_error), executor).unwrap();
    let mut out = Collect::default();
    for rows in rows().chunks(step) {
        if let Err(e) = running.process(0, rows, &mut out) {
            let row = if let Error::Rejected { row, .. } = e { Some(row) } else { None };
            out.0.push(format!("{row:?} {e}"));
        }
    }
    running.finish(&mut out).unwrap();
    out.0.push(format!("{:?} {:?}", running.counters(0), running.output_counters()));
    out.0
}

const PLAIN: &str = "SELECT note, v * 2 AS twice, flag, k, span, CAST(k AS BIGINT) + v AS wide, x + 1 AS x, 1000 / (v - 17) AS q FROM t";

#[test]
fn structs_are_the_rows_of_every_executor() {
    let filtered = format!("{PLAIN} WHERE v % 3 = 0 AND NOT flag");
    for sql in [PLAIN, &filtered] {
        for on_error in [OnError::Skip, OnError::Fail] {
            for step in [3000, 128, 50, 1] {
                let expected = run::<Plain>(sql, on_error, Executor::Interp, step);
                assert!(expected.len() > 80, "{expected:?}");
                for executor in executors() {
                    assert_eq!(run::<Plain>(sql, on_error, executor, step), expected, "{sql} {step}");
                }
            }
        }
    }
}

#[test]
fn the_struct_is_what_the_query_says() {
    let mut running: StructPipeline<Plain> =
        StructPipeline::new(pipeline(PLAIN, OnError::Skip), Executor::best()).unwrap();
    let mut out = vec![];
    running.process(0, &rows()[300..304], &mut out).unwrap();
    let expected = |r: &Row| Plain {
        flag: r.flag,
        x: r.x + 1.0,
        k: r.k,
        span: r.span,
        wide: r.k as i64 + r.v,
        twice: r.v * 2,
    };
    // Row 301 is not equal to itself.
    assert!(out[1].x.is_nan());
    for i in [0, 2, 3] {
        assert_eq!(out[i], expected(&rows()[300 + i]));
    }
}

#[test]
fn fields_that_machine_code_does_not_write() {
    let sql = "SELECT k, note, CASE WHEN flag THEN v * 2 END AS twice, v + 200 AS small FROM t";
    let small = "SELECT k, note, CASE WHEN flag THEN v * 2 END AS twice, k + 1 AS small FROM t";
    // A BIGINT is no `u8`.
    let error = StructPipeline::<Rich>::new(pipeline(sql, OnError::Fail), Executor::Interp).unwrap_err();
    assert!(
        error.to_string().contains("field `small` of `Rich` is INTEGER, its column is BIGINT"),
        "{error}"
    );
    let expected = run::<Rich>(small, OnError::Fail, Executor::Interp, 100);
    // k + 1 is negative for two of seven keys.
    assert!(expected.iter().any(|l| l.contains("small")), "{expected:?}");
    for executor in executors() {
        assert_eq!(run::<Rich>(small, OnError::Fail, executor, 100), expected);
    }
}

#[test]
fn windows_and_changes_as_structs() {
    let windows = "SELECT CAST(k AS BIGINT) AS k, COUNT(*) AS n, COALESCE(SUM(v), 0) AS v FROM t \
                   GROUP BY k, TUMBLE(ts, INTERVAL '1' SECOND)";
    let expected = run::<Total>(windows, OnError::Fail, Executor::Interp, 700);
    assert!(expected.len() > 200, "{expected:?}");
    for executor in executors() {
        assert_eq!(run::<Total>(windows, OnError::Fail, executor, 700), expected);
    }

    let changes = "SELECT CAST(k AS BIGINT) AS k, COUNT(*) AS n, COALESCE(SUM(v), 0) AS v FROM t GROUP BY k EMIT CHANGES";
    let plan = pipeline(changes, OnError::Fail);
    let error = StructPipeline::<Total>::new(plan.clone(), Executor::Interp).unwrap_err();
    assert!(error.to_string().contains("the query gives changes"), "{error}");
    let mut cells = vec![];
    let mut plain = DynPipeline::new(plan.clone(), Executor::Interp).unwrap();
    plain
        .process_rows(0, &rows(), &mut |row: &[(Cell, bool)], weight: i64| {
            let [k, n, v] = [0, 1, 2].map(|i| row[i].0[0] as i64);
            cells.push(Change { row: Total { k, n, v }, weight });
        })
        .unwrap();
    assert_eq!(cells.len(), 7);
    for executor in executors() {
        let mut running: StructPipeline<Total, Changelog> =
            StructPipeline::new(plan.clone(), executor).unwrap();
        let mut out = vec![];
        running.process(0, &rows(), &mut out).unwrap();
        assert_eq!(out, cells);
    }
}

#[test]
fn a_struct_that_does_not_fit_is_refused() {
    let check = |sql: &str, expected: &str| {
        let error = StructPipeline::<Total>::new(pipeline(sql, OnError::Fail), Executor::Interp).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    };
    check("SELECT k, v FROM t", "field `n` of `Total` has no column; the columns are k, v");
    check("SELECT k, v, x AS n FROM t", "field `n` of `Total` is BIGINT, its column is DOUBLE");
    check("SELECT k, v, NULLIF(v, 3) AS n FROM t", "field `n` of `Total` cannot be NULL");
}

#[test]
fn no_allocation_after_warm_up() {
    let sql = "SELECT flag, x, k, span, v AS wide, v * 2 AS twice FROM t WHERE v > 0";
    for executor in executors() {
        let mut running: StructPipeline<Plain> =
            StructPipeline::new(pipeline(sql, OnError::Fail), executor).unwrap();
        let (rows, mut count) = (rows(), 0);
        let mut out = |_: Plain| count += 1;
        running.process(0, &rows, &mut out).unwrap();
        let before = Counting::start();
        running.process(0, &rows, &mut out).unwrap();
        rows.iter().for_each(|row| running.process(0, std::slice::from_ref(row), &mut out).unwrap());
        assert_eq!(before.allocations_since(), 0, "{executor:?}");
        assert!(count > 3000);
    }
}
