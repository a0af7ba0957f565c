//! Tumbling windows over disordered rows: results, lateness, counters and watermarks, under any cuts and restores.

use crate::program::*;
use crate::sink::{Kept, pieces, push, snapshot};
use laminar_runtime::engine::{Engine, InputCounters};
use laminar_runtime::plan::*;
use laminar_runtime::schema::Column;
use laminar_runtime::stage::{Code, ExprCode, UpdateCode};
use proptest::prelude::*;
use std::collections::BTreeMap;

pub const SIZE: i64 = 10;
pub const OFFSET: i64 = 3;
pub const DELAY: i64 = 4;

/// Which columns are the key.
#[derive(Clone, Copy, Debug)]
pub enum Keys {
    None,
    Int,
    NullableInt,
    Text,
    TextAndInt,
    ThreeWords,
}

pub const ALL_KEYS: [Keys; 6] =
    [Keys::None, Keys::Int, Keys::NullableInt, Keys::Text, Keys::TextAndInt, Keys::ThreeWords];

impl Keys {
    fn columns(self) -> Vec<CellColumn> {
        match self {
            Keys::None => vec![],
            Keys::Int => vec![INT],
            Keys::NullableInt => vec![INT_NULL],
            Keys::Text => vec![TEXT],
            Keys::TextAndInt => vec![TEXT_NULL, INT],
            Keys::ThreeWords => vec![INT, INT_NULL, INT],
        }
    }

    pub fn of(self, row: &Row) -> Vec<Val> {
        let number = Val::Int(row.a.unwrap_or(-1));
        match self {
            Keys::None => vec![],
            Keys::Int => vec![number],
            Keys::NullableInt => vec![int(row.a)],
            Keys::Text => vec![Val::Text(row.b.clone().unwrap_or_default())],
            Keys::TextAndInt => vec![text(&row.b), number],
            Keys::ThreeWords => vec![number, int(row.a), Val::Int(row.v % 2)],
        }
    }
}

/// `SELECT window_start, keys, COUNT(*), SUM(v), MAX(a), MIN(b) FROM t WHERE keep GROUP BY keys, TUMBLE(…)`.
pub fn plan(keys: Keys, lateness_ns: i64, on_error: OnError, emit: Emit) -> (Plan, Code) {
    let key_columns = keys.columns();
    let arg = 1 + key_columns.len() as u32;
    let mut into = vec![TIME];
    into.extend(&key_columns);
    into.extend([INT, INT_NULL, TEXT_NULL]);
    let mut out = vec![TIME];
    out.extend(&key_columns);
    out.extend([INT, INT, INT_NULL, TEXT_NULL]);
    let group = GroupPlan {
        keys: key_columns.into(),
        accumulators: vec![
            acc(AccOp::Count, None, false),
            acc(AccOp::SumInt, Some(arg), false),
            acc(AccOp::MaxInt, Some(arg + 1), true),
            acc(AccOp::MinText, Some(arg + 2), true),
        ]
        .into(),
        window: Some(Window { size_ns: SIZE, offset_ns: OFFSET, lateness_ns }),
        watermark: vec![WatermarkOf { source: 0, offset_ns: 0 }].into(),
        emit,
        retracts: false,
        edge: 1,
    };
    let edges = vec![
        EdgePlan {
            from: Port::Source(0),
            to: Port::Group(0),
            columns: into.clone().into(),
            tracks: true,
            weighted: false,
            times: false,
        },
        EdgePlan {
            from: Port::Group(0),
            to: Port::Output,
            columns: out.clone().into(),
            tracks: false,
            weighted: false,
            times: false,
        },
    ];
    let site = |what: &'static str| Site { what: what.into(), sql: "v / 0".into(), line: 2, column: 7 };
    let plan = Plan {
        name: "windows".into(),
        fingerprint: 0x77 + keys as u64,
        sources: vec![SourcePlan {
            name: "t".into(),
            delay_ns: Some(DELAY),
            edges: vec![0].into(),
            rows: None,
        }]
        .into(),
        groups: vec![group.clone()].into(),
        edges: edges.into(),
        columns: out.iter().map(|c| Column::fixed("c", c.ty, c.nullable)).collect(),
        output: OutputKind::Append,
        watermark: vec![WatermarkOf { source: 0, offset_ns: lateness_ns + SIZE }].into(),
        on_error,
        sites: vec![site("division by zero"), site("out of range")].into(),
        order: None,
    };
    let code = Code {
        edges: vec![
            source_program(keys, true),
            program(&out, false, move |base, i, ctx| {
                let (keys, accumulators) = group_row(&group, base, i);
                let saturated = ctx.window_end == i64::MAX;
                assert!(saturated || ctx.window_end == ctx.window_start + SIZE);
                let mut values = vec![Val::Int(ctx.window_start)];
                values.extend(keys.into_iter().chain(accumulators));
                (None, Outcome::Row(values))
            }),
        ],
        updates: vec![UpdateCode::Generic],
        keep: None,
    };
    (plan, code)
}

/// The program into the group.
pub fn source_program(keys: Keys, tracks: bool) -> ExprCode {
    let mut into = vec![TIME];
    into.extend(keys.columns());
    into.extend([INT, INT_NULL, TEXT_NULL]);
    row_program(&into, tracks, move |row| {
        let mut values = vec![Val::Int(row.ts)];
        values.extend(keys.of(row));
        values.extend([Val::Int(row.v), int(row.a), text(&row.b)]);
        values
    })
}

/// Rows by key.
type Groups = Vec<(Vec<Val>, Vec<Row>)>;

/// What the plan means, row by row.
pub struct Model {
    pub keys: Keys,
    pub lateness: i64,
    time_max: i64,
    explicit: i64,
    open: BTreeMap<i64, Groups>,
    pub counters: InputCounters,
    pub out: Vec<(Vec<Val>, i64)>,
    pub late: Vec<usize>,
    pub rejected: Vec<(usize, u16)>,
}

impl Model {
    pub fn new(keys: Keys, lateness: i64) -> Model {
        Model {
            keys,
            lateness,
            time_max: i64::MIN,
            explicit: i64::MIN,
            open: BTreeMap::new(),
            counters: InputCounters::default(),
            out: Vec::new(),
            late: Vec::new(),
            rejected: Vec::new(),
        }
    }

    fn w(&self) -> i64 {
        self.explicit.max(self.time_max.saturating_sub(DELAY))
    }

    pub fn row(&mut self, number: usize, row: &Row) {
        self.counters.ingested += 1;
        if let Some(site) = row.fails {
            self.counters.rejected += 1;
            self.rejected.push((number, site));
            return;
        }
        self.time_max = self.time_max.max(row.ts);
        let start = (row.ts - OFFSET).div_euclid(SIZE) * SIZE + OFFSET;
        if row.keep && start + SIZE + self.lateness <= self.w() {
            self.counters.late += 1;
            self.late.push(number);
        } else {
            self.counters.accepted += 1;
            if row.keep {
                let groups = self.open.entry(start).or_default();
                let key = self.keys.of(row);
                match groups.iter_mut().find(|g| g.0 == key) {
                    Some(group) => group.1.push(row.clone()),
                    None => groups.push((key, vec![row.clone()])),
                }
            }
        }
        self.close(self.w());
    }

    pub fn watermark(&mut self, w: i64) {
        self.explicit = self.explicit.max(w);
        self.close(self.w());
    }

    pub fn close(&mut self, w: i64) {
        while let Some((&start, _)) = self.open.first_key_value()
            && start.saturating_add(SIZE + self.lateness) <= w
        {
            let groups = self.open.remove(&start).unwrap();
            let mut rows: Vec<Vec<Val>> = groups.iter().map(|(key, rows)| result(start, key, rows)).collect();
            rows.sort_by(|a, b| order(a, b));
            self.out.extend(rows.into_iter().map(|r| (r, 1)));
        }
    }
}

pub fn result(start: i64, key: &[Val], rows: &[Row]) -> Vec<Val> {
    let mut values = vec![Val::Int(start)];
    values.extend_from_slice(key);
    values.push(Val::Int(rows.len() as i64));
    values.push(Val::Int(rows.iter().map(|r| r.v).sum()));
    values.push(int(rows.iter().filter_map(|r| r.a).max()));
    values.push(text(&rows.iter().filter_map(|r| r.b.clone()).min()));
    values
}

const TEXTS: [&str; 5] = ["", "a", "middling", "twelve bytes", "longer than what fits inline"];

prop_compose! {
    pub fn any_row(disorder: i64)(
        drift in 0..disorder,
        a in prop::option::weighted(0.8, 0..4_i64),
        b in prop::option::weighted(0.8, 0..TEXTS.len()),
        v in -100..100_i64,
        keep in prop::bool::weighted(0.8),
        fails in prop::option::weighted(0.05, 0..2_u16),
    ) -> Row {
        Row { ts: -drift, a, b: b.map(|i| TEXTS[i].to_owned()), v, keep, fails }
    }
}

/// Rows that come every other nanosecond, each late by its own drift.
pub fn any_rows(n: usize, disorder: i64) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(any_row(disorder), 0..n).prop_map(|mut rows| {
        for (i, row) in rows.iter_mut().enumerate() {
            row.ts += i as i64 / 2 - 30;
        }
        rows
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn agree_with_the_model(
        keys in (0..ALL_KEYS.len()).prop_map(|k| ALL_KEYS[k]),
        lateness in 0..8_i64,
        // Rows of one batch can lie in few windows or in very many.
        rows in prop_oneof![any_rows(150, 25), any_rows(150, 1500)],
        tracks in any::<bool>(),
        cuts in prop::collection::vec(0..1000_usize, 0..8),
        restores in any::<u8>(),
        watermark in prop::option::of((0..150_usize, -40..60_i64)),
    ) {
        let (mut plan, mut code) = plan(keys, lateness, OnError::DeadLetter, Emit::Close);
        let mut rows = rows;
        if !tracks {
            // Without a filter the program need not say which rows it passes on.
            plan.edges.to_mut()[0].tracks = false;
            code.edges[0] = source_program(keys, false);
            rows.iter_mut().for_each(|r| r.keep = true);
        }
        let mut model = Model::new(keys, lateness);
        let mut engine = Engine::new(plan.clone(), code.clone());
        let mut kept = Kept::new(&plan);
        let mut cuts = cuts;
        cuts.extend(watermark.map(|w| w.0));
        for (i, piece) in pieces(rows.len(), &cuts).into_iter().enumerate() {
            if let Some((at, w)) = watermark && at % (rows.len() + 1) == piece.start {
                engine.watermark(0, laminar_runtime::types::Timestamp(w), &mut kept).unwrap();
                model.watermark(w);
            }
            push(&mut engine, 0, &rows[piece.clone()], None, piece.start, &mut kept).unwrap();
            for number in piece {
                model.row(number, &rows[number]);
            }
            prop_assert_eq!(&kept.rows, &model.out);
            prop_assert_eq!(kept.watermarks.last().copied().unwrap_or(i64::MIN), match model.w() {
                i64::MIN => i64::MIN,
                w => w.saturating_sub(lateness + SIZE),
            });
            if restores >> (i % 8) & 1 == 1 {
                let bytes = snapshot(&engine);
                let mut restored = Engine::with_capacity(plan.clone(), code.clone(), 100);
                restored.restore(&mut &bytes[..]).unwrap();
                prop_assert_eq!(snapshot(&restored), bytes);
                prop_assert_eq!(restored.digest(), engine.digest());
                engine = restored;
            }
        }
        engine.finish(&mut kept).unwrap();
        model.close(i64::MAX);
        prop_assert_eq!(&kept.rows, &model.out);
        prop_assert_eq!(&kept.late, &model.late);
        prop_assert_eq!(&kept.rejected, &model.rejected);
        prop_assert_eq!(engine.counters(0), model.counters);
        prop_assert_eq!(engine.output_counters().emitted, kept.rows.len() as u64);
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    /// As much as several batches a call, and windows that hold thousands of groups.
    #[test]
    fn long_calls_are_like_short_ones(seed in any::<u64>(), disorder in 1..400_i64, groups in 1..3000_u64) {
        let (plan, code) = plan(Keys::TextAndInt, 2, OnError::Fail, Emit::Close);
        let mut state = seed | 1;
        let mut random = move |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        let rows: Vec<Row> = (0..7000).map(|i| Row {
            ts: i / 40 - random(disorder as u64) as i64,
            a: Some(random(groups) as i64),
            b: (random(3) > 0).then(|| TEXTS[random(5) as usize].to_owned()),
            v: i,
            keep: random(20) > 0,
            fails: None,
        }).collect();
        let run = |cut: usize| {
            let mut engine = Engine::new(plan.clone(), code.clone());
            let mut kept = Kept::new(&plan);
            for (i, piece) in rows.chunks(cut).enumerate() {
                push(&mut engine, 0, piece, None, i * cut, &mut kept).unwrap();
            }
            engine.finish(&mut kept).unwrap();
            (kept.rows, kept.late, engine.counters(0), engine.digest())
        };
        let one_by_one = run(1);
        prop_assert_eq!(&run(7000), &one_by_one);
        prop_assert_eq!(&run(1500), &one_by_one);
    }
}

#[test]
fn windows_far_apart_and_before_the_epoch() {
    let (plan, code) = plan(Keys::None, 0, OnError::Fail, Emit::Final);
    let mut engine = Engine::new(plan.clone(), code);
    let mut kept = Kept::new(&plan);
    let times = [0, i64::MAX, i64::MIN, -1, i64::MAX / 2, 3, 2, 0, i64::MIN / 2];
    let rows = times.map(|ts| Row { ts, keep: true, ..Row::default() });
    push(&mut engine, 0, &rows, None, 0, &mut kept).unwrap();
    engine.finish(&mut kept).unwrap();
    let counts: Vec<i64> =
        kept.rows.iter().map(|(r, _)| if let Val::Int(n) = r[1] { n } else { 0 }).collect();
    assert_eq!(counts, [1, 1, 4, 1, 1, 1]);
    assert_eq!(engine.counters(0).late, 0);
}
