//! Laws of the fused loop: whatever the cuts, the form of the rows, and the executors that follow one another over snapshots, results,
//! counters and state are those of the interpreter, which goes through the stages.
#![cfg(all(feature = "exec", feature = "jit"))]

use laminar_codegen::catalog::{Catalog, Relation};
use laminar_codegen::clif::compile_pipeline;
use laminar_codegen::compile::compile;
use laminar_codegen::exec::{DynPipeline, Executor, cell_layouts};
use laminar_codegen::ir::{Pipeline, SourceColumn};
use laminar_codegen::parse::parse_query;
use laminar_runtime::engine::InputCounters;
use laminar_runtime::error::Error;
use laminar_runtime::event::{Complete, Event, EventTime, EventType};
use laminar_runtime::pipeline::field;
use laminar_runtime::plan::OnError;
use laminar_runtime::schema::Ty;
use laminar_runtime::stage::Cell;
use laminar_runtime::types::{Str, TextRef, Timestamp};
use proptest::prelude::*;
use std::mem::MaybeUninit;
use std::sync::Arc;

macro_rules! event {
    ($name:ident { $($field:ident: $ty:ty),* $(,)? }) => {
        #[derive(Clone, Debug)]
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
                        time: Some(EventTime { field: 0, delay_ns: 300_000_000 }),
                        complete: Some(Complete::new()),
                    }
                }
            };
            type Columns<'a> = ();
        }
    };
}

// Fields that machine code reads in place.
event!(Plain { ts: Timestamp, k: i64, small: u8, flag: bool, x: f64, v: i64, note: Str });
// Time and values may be NULL: rows go through columns.
event!(Nullable {
    ts: Option<Timestamp>,
    k: i64,
    small: u8,
    flag: bool,
    x: Option<f64>,
    v: Option<i64>,
    note: Option<Str>,
});

const QUERIES: [&str; 11] = [
    "SELECT k, window_start, COUNT(*) AS n, SUM(v) AS s FROM t GROUP BY k, TUMBLE(ts, INTERVAL '1' SECOND)",
    "SELECT k, COUNT(v) AS n, SUM(x) AS s, MIN(x) AS low, MAX(x) AS high, MIN(v) AS least, MAX(v) AS most, MIN(note) AS first, \
     MAX(note) AS last FROM t WHERE v % 3 <> 0 OR flag GROUP BY k, TUMBLE(ts, INTERVAL '1' SECOND)",
    // Errors before the filter, after it, and in the time.
    "SELECT k, SUM(1000 / (v - 5)) AS s FROM t WHERE 100 / v < 30 GROUP BY k, TUMBLE(ts, INTERVAL '1' SECOND)",
    "SELECT flag, COUNT(*) AS n, SUM(v * 9000000000000000) AS s FROM t GROUP BY flag, TUMBLE(ts, INTERVAL '2' SECOND)",
    // Keys that are computed; NULL arguments.
    "SELECT x * 2 AS key, COUNT(CASE WHEN flag THEN v END) AS n, SUM(CASE WHEN v > 10 THEN v END) AS s, \
     MAX(CASE WHEN flag THEN x END) AS m FROM u GROUP BY x * 2, TUMBLE(ts, INTERVAL '1' SECOND)",
    "SELECT small, MIN(upper(note)) AS low, COUNT(*) AS n FROM t WHERE note LIKE '%a%' \
     GROUP BY small, TUMBLE(ts, INTERVAL '1' SECOND)",
    "SELECT date_trunc('second', ts) AS d, AVG(x) AS a, SUM(small) AS s FROM u \
     GROUP BY date_trunc('second', ts), TUMBLE(ts, INTERVAL '3' SECOND)",
    "SELECT k, COUNT(*) AS n, SUM(v) AS s FROM t GROUP BY k, TUMBLE(ts, INTERVAL '1' SECOND) EMIT FINAL",
    // What machine code keeps more than a word or two of.
    "SELECT k, FIRST_VALUE(x) AS open, MAX(x) AS high, LAST_VALUE(x) AS close, ARG_MAX(flag, v) AS at_most, \
     STDDEV(v) AS spread FROM t GROUP BY k, TUMBLE(ts, INTERVAL '1' SECOND)",
    "SELECT k, FIRST_VALUE(v) AS a, LAST_VALUE(v) AS b, ARG_MIN(x, small) AS c, VAR_POP(x) AS d, \
     CORR(x, v) FILTER (WHERE flag) AS e, BOOL_AND(v > 2) AS f FROM u GROUP BY k, TUMBLE(ts, INTERVAL '1' SECOND)",
    // A window without aggregates.
    "SELECT k, window_end FROM t GROUP BY k, TUMBLE(ts, INTERVAL '1' SECOND)",
];

struct One(Relation);

impl Catalog for One {
    fn relation(&self, _: &[(String, bool)]) -> Option<Relation> {
        Some(self.0.clone())
    }
    fn names(&self) -> Vec<String> {
        vec![self.0.name.clone()]
    }
}

fn pipeline<E: Event>(sql: &str, on_error: OnError) -> Arc<Pipeline> {
    let columns =
        E::FIELDS.iter().map(|f| SourceColumn { column: f.column.clone(), unsigned: false }).collect();
    let catalog = One(Relation {
        name: "t".into(),
        columns,
        time: E::TIME.map(|t| (t.field, t.delay_ns)),
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

fn has_loop(pipeline: &Pipeline) -> bool {
    compile_pipeline(pipeline, &cell_layouts(pipeline)).unwrap().fused()[0].is_some()
}

/// How rows come in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Cells,
    Structs,
}

/// A pipeline and all that has come out of it.
struct Running {
    pipeline: DynPipeline,
    out: Vec<String>,
}

impl Running {
    fn new(pipeline: &Arc<Pipeline>, executor: Executor) -> Running {
        Running { pipeline: DynPipeline::new(pipeline.clone(), executor).unwrap(), out: vec![] }
    }

    /// What failed, if anything did.
    fn take<E: Event>(&mut self, rows: &[E], form: Form) -> Option<String> {
        let types: Vec<Ty> = self.pipeline.plan().columns.iter().map(|c| c.ty).collect();
        let mut out = std::mem::take(&mut self.out);
        let mut sink = |row: &[(Cell, bool)], weight: i64| out.push(shown(&types, row, weight));
        let result = match form {
            Form::Structs => self.pipeline.process_rows(0, rows, &mut sink),
            Form::Cells => {
                let mut batch = self.pipeline.batch(0);
                for row in rows {
                    let mut cells = vec![];
                    for f in 0..E::FIELDS.len() {
                        E::gather(std::slice::from_ref(row), f, &mut |cell, valid| cells.push((cell, valid)));
                    }
                    // SAFETY: the cells are of the row's fields, which live.
                    unsafe { batch.push_row(&cells) };
                }
                self.pipeline.process_cells(0, &batch, &mut sink)
            }
        };
        self.out = out;
        failure(result)
    }

    /// Goes on under another executor from a snapshot.
    fn hand_over(&mut self, pipeline: &Arc<Pipeline>, executor: Executor) {
        let mut bytes = vec![];
        self.pipeline.snapshot(&mut bytes).unwrap();
        self.pipeline = DynPipeline::new(pipeline.clone(), executor).unwrap();
        self.pipeline.restore(&mut &bytes[..]).unwrap();
    }

    fn finish(mut self) -> (Vec<String>, InputCounters, Option<String>) {
        let types: Vec<Ty> = self.pipeline.plan().columns.iter().map(|c| c.ty).collect();
        let mut out = std::mem::take(&mut self.out);
        let result = self
            .pipeline
            .finish(&mut |row: &[(Cell, bool)], weight: i64| out.push(shown(&types, row, weight)));
        (out, self.pipeline.counters(0), failure(result))
    }
}

/// What failed and, if it was a row, which.
fn failure(result: Result<(), Error>) -> Option<String> {
    let error = result.err()?;
    let row = if let Error::Rejected { row, .. } = error { Some(row) } else { None };
    Some(format!("{row:?} {error}"))
}

fn shown(types: &[Ty], row: &[(Cell, bool)], weight: i64) -> String {
    let value = |(ty, (cell, valid)): (&Ty, &(Cell, bool))| match ty {
        _ if !valid => "NULL".to_owned(),
        // SAFETY: texts of a result live during the call.
        Ty::Varchar => unsafe { TextRef::from_cell(*cell).as_str().to_owned() },
        _ => format!("{:x}", cell[0]),
    };
    format!("{weight:+} {}", types.iter().zip(row).map(value).collect::<Vec<_>>().join(", "))
}

/// One step and what happens after it.
#[derive(Clone, Copy, Debug)]
struct Step {
    rows: usize,
    form: Form,
    /// Goes on from a snapshot under this executor.
    then: Option<Executor>,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let executor = prop_oneof![Just(Executor::Jit), Just(Executor::Jit), Just(Executor::Interp)];
    let form = prop_oneof![Just(Form::Cells), Just(Form::Structs)];
    // Below and above what enters the loop, and what a batch of stages takes.
    let rows = prop_oneof![1..20_usize, 16..200_usize, 900..1300_usize];
    let step = (rows, form, prop::option::weighted(0.3, executor)).prop_map(|(rows, form, then)| Step {
        rows,
        form,
        then,
    });
    prop::collection::vec(step, 1..12)
}

/// Numbers from which a row is made.
type Pick = (u8, u16, u8, u8);

fn plain(picks: &[Pick], keys: i64) -> Vec<Plain> {
    let texts = ["", "a", "banana", "a text of more than twelve bytes", "Ä a"];
    let floats = [0.0, -0.0, 1.5, -2.25, f64::NAN, f64::INFINITY, 1e300];
    let mut now = 0;
    let row = |(i, &(ahead, k, v, x)): (usize, &Pick)| {
        // Mostly a little later than the row before, sometimes windows ahead or where one begins, sometimes late.
        now += match ahead {
            0..=1 => 2_500_000_000,
            2..=5 => 1_000_000_000 - now % 1_000_000_000,
            6..=40 => 0,
            _ => ahead as i64 * 10_000,
        };
        let back = if ahead % 16 == 7 { v as i64 * 8_000_000 } else { 0 };
        Plain {
            ts: Timestamp(now - back),
            k: k as i64 % keys * if k % 2 == 0 { 1 } else { -1 },
            small: v % 7,
            flag: x % 2 == 0,
            x: floats[x as usize % floats.len()],
            v: if v == 0 && i % 5 != 0 { 1 } else { v as i64 },
            note: Str::new(texts[v as usize % texts.len()]),
        }
    };
    picks.iter().enumerate().map(row).collect()
}

fn nullable(rows: &[Plain]) -> Vec<Nullable> {
    let one = |(i, r): (usize, &Plain)| Nullable {
        ts: (i % 97 != 50).then_some(r.ts),
        k: r.k,
        small: r.small,
        flag: r.flag,
        x: (i % 3 != 1).then_some(r.x),
        v: (i % 4 != 2).then_some(r.v),
        note: (i % 5 != 3).then(|| r.note.clone()),
    };
    rows.iter().enumerate().map(one).collect()
}

/// Runs the steps twice: by the interpreter from end to end, and beginning under the JIT with all hand-overs.
fn check<E: Event>(sql: &str, on_error: OnError, rows: &[E], steps: &[Step]) -> InputCounters {
    let pipeline = pipeline::<E>(sql, on_error);
    let mut expected = Running::new(&pipeline, Executor::Interp);
    let mut found = Running::new(&pipeline, Executor::Jit);
    let mut rest = rows;
    for (i, step) in steps.iter().cycle().enumerate() {
        if rest.is_empty() {
            break;
        }
        let (now, later) = rest.split_at(step.rows.min(rest.len()));
        rest = later;
        let failed = expected.take(now, Form::Cells);
        assert_eq!(found.take(now, step.form), failed, "{sql}: step {i}");
        assert_eq!(found.pipeline.digest(), expected.pipeline.digest(), "{sql}: state after step {i}");
        assert_eq!(found.pipeline.counters(0), expected.pipeline.counters(0), "{sql}: step {i}");
        if let Some(executor) = step.then {
            found.hand_over(&pipeline, executor);
        }
    }
    let expected = expected.finish();
    let counters = expected.1;
    assert_eq!(found.finish(), expected, "{sql}");
    counters
}

#[test]
fn the_queries_have_the_loop() {
    for sql in QUERIES {
        assert!(has_loop(&pipeline::<Plain>(sql, OnError::Fail)), "{sql}");
    }
    for sql in [
        "SELECT v, k, COUNT(*) AS n FROM t GROUP BY v, k, TUMBLE(ts, INTERVAL '1' SECOND)",
        "SELECT note, COUNT(*) AS n FROM t GROUP BY note, TUMBLE(ts, INTERVAL '1' SECOND)",
        "SELECT k, COUNT(*) AS n FROM t GROUP BY k EMIT CHANGES",
        "SELECT k, v FROM t",
    ] {
        assert!(!has_loop(&pipeline::<Plain>(sql, OnError::Fail)), "{sql}");
    }
}

fn cases() -> u32 {
    if std::env::var_os("LAMINAR_NIGHTLY").is_some() { 2_000 } else { 40 }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]
    #[test]
    fn the_loop_is_never_observed(
        query in 0..QUERIES.len(),
        picks in prop::collection::vec(any::<Pick>(), 1..4000),
        keys in prop_oneof![Just(1_i64), Just(7), Just(3000)],
        skip in any::<bool>(),
        steps in steps(),
    ) {
        let on_error = if skip { OnError::Skip } else { OnError::Fail };
        let rows = plain(&picks, keys);
        check(QUERIES[query], on_error, &rows, &steps);
        check(QUERIES[query], on_error, &nullable(&rows), &steps);
    }
}

/// What the random rows are meant to meet, met for certain: late rows, failing rows, a table that grows in the loop.
#[test]
fn late_rows_errors_and_growth() {
    let picks: Vec<Pick> = (0..6000_u32)
        .map(|i| (41 + (i * 7 % 190) as u8, (i * 31 % 4001) as u16, (i * 13 % 251) as u8, (i % 11) as u8))
        .collect();
    let steps = [Step { rows: 2500, form: Form::Structs, then: Some(Executor::Jit) }];
    let rows = plain(&picks, 4001);
    let counters = check(QUERIES[0], OnError::Skip, &rows, &steps);
    assert!(counters.late > 0 && counters.rejected == 0, "{counters:?}");
    let counters = check(QUERIES[2], OnError::Skip, &rows, &steps);
    assert!(counters.late > 0 && counters.rejected > 10, "{counters:?}");
    let counters = check(QUERIES[0], OnError::Skip, &nullable(&rows), &steps);
    assert!(counters.rejected > 10, "{counters:?}");
}

/// Results that fail at different places in the query, in one window, the order of whose groups is not that of another run.
#[test]
fn the_error_is_the_first_in_the_query() {
    let mut seed = 1_u32;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed >> 8
    };
    for _ in 0..20 {
        let picks: Vec<Pick> =
            (0..1000).map(|_| (next() as u8, next() as u16, next() as u8, next() as u8)).collect();
        let steps = [Step { rows: 500, form: Form::Cells, then: Some(Executor::Jit) }];
        check(QUERIES[9], OnError::Fail, &plain(&picks, 7), &steps);
    }
}
