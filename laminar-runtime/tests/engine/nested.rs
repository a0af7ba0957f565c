//! Windows over windows: results of closed windows flow into wider ones.

use crate::program::*;
use crate::sink::{Kept, fold, pieces, push, snapshot};
use crate::windows::{self, DELAY, Keys, OFFSET, SIZE, any_rows};
use laminar_runtime::engine::Engine;
use laminar_runtime::plan::*;
use laminar_runtime::schema::{Column, Ty};
use laminar_runtime::stage::{Code, UpdateCode};
use proptest::prelude::*;

const WIDE: i64 = 30;
const FLOAT: CellColumn = column(Ty::Double, false);

/// The windows of `windows::plan` by `a`, and over them `SELECT window_start, COUNT(*), SUM(sum / 10.0), MAX(count)
/// GROUP BY TUMBLE(window_start, 30)`. The inner node closes or changes.
fn nested(inner: Emit) -> (Plan, Code) {
    let (mut plan, mut code) = windows::plan(Keys::NullableInt, 0, OnError::Skip, inner);
    let weighted = inner == Emit::Changes;
    let sum = if weighted { AccOp::SumFloatExact } else { AccOp::SumFloat };
    let mut accumulators = vec![acc(AccOp::Count, None, false), acc(sum, Some(1), false)];
    if !weighted {
        accumulators.push(acc(AccOp::MaxInt, Some(2), false));
    }
    let inner_group = plan.groups[0].clone();
    let outer = GroupPlan {
        keys: vec![].into(),
        accumulators: accumulators.into(),
        window: Some(Window { size_ns: WIDE, offset_ns: OFFSET, lateness_ns: 0 }),
        // The inner window's start lags its W by the size.
        watermark: vec![WatermarkOf { source: 0, offset_ns: SIZE }].into(),
        emit: Emit::Close,
        retracts: weighted,
        edge: 2,
    };
    let between = [TIME, FLOAT, INT];
    let mut out = vec![TIME, INT, FLOAT];
    out.extend((!weighted).then_some(INT_NULL));
    let mut edges = plan.edges.to_vec();
    edges[1] = EdgePlan {
        from: Port::Group(0),
        to: Port::Group(1),
        columns: between.to_vec().into(),
        tracks: false,
        weighted,
        times: false,
    };
    edges.push(EdgePlan {
        from: Port::Group(1),
        to: Port::Output,
        columns: out.clone().into(),
        tracks: false,
        weighted: false,
        times: false,
    });
    plan.edges = edges.into();
    plan.groups = vec![inner_group.clone(), outer.clone()].into();
    plan.columns = out.iter().map(|c| Column::fixed("c", c.ty, c.nullable)).collect();
    plan.watermark = vec![WatermarkOf { source: 0, offset_ns: SIZE + WIDE }].into();
    code.edges[1] = program(&between, false, move |base, i, ctx| {
        let (_, accumulators) = group_row(&inner_group, base, i);
        let Val::Int(sum) = accumulators[1] else { unreachable!() };
        let values = vec![Val::Int(ctx.window_start), Val::Float(sum as f64 / 10.0), accumulators[0].clone()];
        (None, Outcome::Row(values))
    });
    code.edges.push(program(&out, false, move |base, i, ctx| {
        let (_, accumulators) = group_row(&outer, base, i);
        (None, Outcome::Row([Val::Int(ctx.window_start)].into_iter().chain(accumulators).collect()))
    }));
    code.updates.push(UpdateCode::Generic);
    (plan, code)
}

/// A batch query over the rows that are not late.
fn batch(rows: &[Row]) -> Vec<Vec<Val>> {
    let mut time_max = i64::MIN;
    let mut accepted: Vec<(i64, Option<i64>, i64)> = Vec::new();
    for row in rows.iter().filter(|r| r.fails.is_none()) {
        time_max = time_max.max(row.ts);
        let start = (row.ts - OFFSET).div_euclid(SIZE) * SIZE + OFFSET;
        if row.keep && start + SIZE > time_max - DELAY {
            accepted.push((start, row.a, row.v));
        }
    }
    // NULL is greater than every number.
    accepted.sort_by_key(|&(start, a, _)| (start, a.unwrap_or(i64::MAX)));
    let wide = |start: i64| (start - OFFSET).div_euclid(WIDE) * WIDE + OFFSET;
    let mut inner: Vec<(i64, i64, i64)> = Vec::new();
    let groups = accepted.chunk_by(|x, y| (x.0, x.1) == (y.0, y.1));
    for group in groups {
        inner.push((wide(group[0].0), group.len() as i64, group.iter().map(|g| g.2).sum()));
    }
    // Results flow in window by window, each in the order of its rows: window start, then sum, then count.
    let rows = |group: &[(i64, i64, i64)]| {
        let max = group.iter().map(|g| g.1).max();
        let sum = group.iter().map(|g| g.2 as f64 / 10.0).sum::<f64>();
        vec![Val::Int(group[0].0), Val::Int(group.len() as i64), Val::Float(sum), int(max)]
    };
    inner.chunk_by(|x, y| x.0 == y.0).map(rows).collect()
}

fn close(a: &[Val], b: &[Val]) -> bool {
    a.iter().zip(b).all(|(a, b)| match (a, b) {
        (Val::Float(a), Val::Float(b)) => (a - b).abs() < 1e-9,
        _ => a == b,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn closed_windows_flow_into_wider_ones(
        rows in any_rows(200, 25),
        cuts in prop::collection::vec(0..1000_usize, 0..9),
        changes in any::<bool>(),
        restores in any::<u16>(),
    ) {
        let inner = if changes { Emit::Changes } else { Emit::Close };
        let (plan, code) = nested(inner);
        let run = |cuts: &[usize], restores: u16| {
            let mut engine = Engine::new(plan.clone(), code.clone());
            let mut kept = Kept::new(&plan);
            for (i, piece) in pieces(rows.len(), cuts).into_iter().enumerate() {
                push(&mut engine, 0, &rows[piece.clone()], None, piece.start, &mut kept).unwrap();
                if restores >> (i % 16) & 1 == 1 {
                    let bytes = snapshot(&engine);
                    engine = Engine::new(plan.clone(), code.clone());
                    engine.restore(&mut &bytes[..]).unwrap();
                }
            }
            engine.finish(&mut kept).unwrap();
            (kept.rows, kept.late, engine.counters(0))
        };
        let one = run(&[], 0);
        let (found, late, counters) = run(&cuts, restores);
        prop_assert_eq!(late.len() as u64, counters.late);
        prop_assert_eq!(late, one.1);
        let expected = batch(&rows);
        prop_assert_eq!(found.len(), expected.len());
        for ((row, weight), expected) in found.iter().zip(&expected) {
            prop_assert!(close(row, expected) && *weight == 1, "{:?} {:?}", row, expected);
        }
        if !changes {
            // To the bit.
            prop_assert_eq!(&found, &one.0);
        }
        prop_assert_eq!(fold(&found).len(), found.len());
    }
}
