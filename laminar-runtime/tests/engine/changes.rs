//! Results that change: groups over groups, with and without retractions in the input.

use crate::program::*;
use crate::sink::{Kept, fold, pieces, push, snapshot};
use crate::windows;
use laminar_runtime::engine::Engine;
use laminar_runtime::error::Error;
use laminar_runtime::pipeline::{BareEngine, Inputs};
use laminar_runtime::plan::*;
use laminar_runtime::schema::{Column, Ty};
use laminar_runtime::stage::{Code, UpdateCode};
use proptest::prelude::*;
use std::sync::Arc;

const FLOAT: CellColumn = column(Ty::Double, false);

/// `SELECT b, COUNT(*), SUM(v), SUM(v / 10.0) FROM t GROUP BY b HAVING COUNT(*) > least`, weighted or not.
fn by_text(weighted: bool, least: i64, output: OutputKind) -> (Plan, Code) {
    let into = [TEXT_NULL, INT, FLOAT];
    let out = [TEXT_NULL, INT, INT, FLOAT];
    let sum_float = if weighted { AccOp::SumFloatExact } else { AccOp::SumFloat };
    let group = GroupPlan {
        keys: vec![TEXT_NULL].into(),
        accumulators: vec![
            acc(AccOp::Count, None, false),
            acc(AccOp::SumInt, Some(1), false),
            acc(sum_float, Some(2), false),
        ]
        .into(),
        window: None,
        watermark: vec![].into(),
        emit: Emit::Changes,
        retracts: weighted,
        edge: 1,
    };
    let edge = |from, to, columns: &[CellColumn], tracks| EdgePlan {
        from,
        to,
        columns: columns.to_vec().into(),
        tracks,
        weighted,
        times: false,
    };
    let plan = Plan {
        name: "by text".into(),
        fingerprint: 1,
        sources: vec![SourcePlan { name: "t".into(), delay_ns: None, edges: vec![0].into(), rows: None }]
            .into(),
        groups: vec![group.clone()].into(),
        edges: vec![
            edge(Port::Source(0), Port::Group(0), &into, true),
            edge(Port::Group(0), Port::Output, &out, true),
        ]
        .into(),
        columns: out.iter().map(|c| Column::fixed("c", c.ty, c.nullable)).collect(),
        output,
        watermark: vec![].into(),
        on_error: OnError::Skip,
        sites: vec![].into(),
        order: None,
    };
    let code = Code {
        edges: vec![
            row_program(&into, true, |r| vec![text(&r.b), Val::Int(r.v), Val::Float(r.v as f64 / 10.0)]),
            program(&out, true, move |base, i, _| {
                let (keys, accumulators) = group_row(&group, base, i);
                let passes = matches!(accumulators[0], Val::Int(n) if n > least);
                let values = keys.into_iter().chain(accumulators).collect();
                (None, if passes { Outcome::Row(values) } else { Outcome::Dropped })
            }),
        ],
        updates: vec![UpdateCode::Generic],
        keep: None,
    };
    (plan, code)
}

/// The rows that a batch query would give over `rows`.
fn batch(rows: &[&Row], least: i64) -> Vec<Vec<Val>> {
    let mut keys: Vec<&Option<String>> = rows.iter().map(|r| &r.b).collect();
    keys.sort();
    keys.dedup();
    let mut out: Vec<Vec<Val>> = keys
        .into_iter()
        .map(|key| {
            let mine: Vec<i64> = rows.iter().filter(|r| r.b == *key).map(|r| r.v).collect();
            let sum: f64 = mine.iter().map(|&v| v as f64 / 10.0).sum();
            vec![text(key), Val::Int(mine.len() as i64), Val::Int(mine.iter().sum()), Val::Float(sum)]
        })
        .filter(|row| matches!(row[1], Val::Int(n) if n > least))
        .collect();
    out.sort_by(|a, b| order(a, b));
    out
}

/// Equal but for the rounding of the float sum.
fn assert_close(found: &[Vec<Val>], expected: &[Vec<Val>]) {
    assert_eq!(found.len(), expected.len(), "{found:?}\n{expected:?}");
    for (f, e) in found.iter().zip(expected) {
        assert_eq!(f[..3], e[..3]);
        if let (Val::Float(f), Val::Float(e)) = (&f[3], &e[3]) {
            assert!((f - e).abs() < 1e-9, "{f} {e}");
        }
    }
}

/// A step's changes: no pair of equal rows, pairs side by side, in the order of their first row.
fn check_step(changes: &[(Vec<Val>, i64)]) {
    let mut leads = Vec::new();
    let mut i = 0;
    while i < changes.len() {
        let (row, weight) = &changes[i];
        leads.push(row.clone());
        i += 1;
        if *weight == -1
            && let Some((new, 1)) = changes.get(i)
            && new[0] == row[0]
        {
            assert_ne!(new, row, "a change that changes nothing");
            i += 1;
        }
    }
    assert!(leads.is_sorted_by(|a, b| order(a, b).is_lt()), "{changes:?}");
}

/// What wraps an engine for generated pipelines drops it itself, out of the compiler's sight.
#[test]
fn a_dropped_pipeline_frees_its_engine() {
    let (plan, code) = by_text(false, 0, OutputKind::Changes);
    let kept = Arc::new(());
    let engine = Engine::new(plan, Code { keep: Some(kept.clone()), ..code });
    let pipeline = <BareEngine as Inputs>::new(engine);
    assert_eq!(Arc::strong_count(&kept), 2);
    drop(pipeline);
    assert_eq!(Arc::strong_count(&kept), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn fold_to_the_batch_result(
        rows in prop::collection::vec(windows::any_row(1), 0..120),
        cuts in prop::collection::vec(0..1000_usize, 0..12),
        least in 0..4_i64,
        restores in any::<u16>(),
    ) {
        let (plan, code) = by_text(false, least, OutputKind::Changes);
        let mut engine = Engine::new(plan.clone(), code.clone());
        let mut kept = Kept::new(&plan);
        for (i, piece) in pieces(rows.len(), &cuts).into_iter().enumerate() {
            let before = kept.rows.len();
            push(&mut engine, 0, &rows[piece.clone()], None, piece.start, &mut kept).unwrap();
            check_step(&kept.rows[before..]);
            let seen: Vec<&Row> =
                rows[..piece.end].iter().filter(|r| r.keep && r.fails.is_none()).collect();
            prop_assert_eq!(fold(&kept.rows), batch(&seen, least));
            if restores >> (i % 16) & 1 == 1 {
                let bytes = snapshot(&engine);
                engine = Engine::new(plan.clone(), code.clone());
                engine.restore(&mut &bytes[..]).unwrap();
                prop_assert_eq!(snapshot(&engine), bytes);
            }
        }
        let before = kept.rows.len();
        engine.finish(&mut kept).unwrap();
        prop_assert_eq!(kept.rows.len(), before);
    }

    /// Rows come and go; what is left is what counts, and a group that came back is as good as new.
    #[test]
    fn retractions_leave_no_trace(
        moves in prop::collection::vec((windows::any_row(1), any::<prop::sample::Index>(), 0..5_u8), 0..150),
        cuts in prop::collection::vec(0..1000_usize, 0..12),
        least in 0..3_i64,
        restores in any::<u16>(),
    ) {
        let mut living: Vec<Row> = Vec::new();
        let (mut rows, mut weights, mut states) = (Vec::new(), Vec::new(), vec![Vec::new()]);
        for (row, which, kind) in moves {
            let row = Row { keep: true, fails: None, ..row };
            if kind < 2 && !living.is_empty() {
                rows.push(living.swap_remove(which.index(living.len())));
                weights.push(-1);
            } else {
                living.push(row.clone());
                rows.push(row);
                weights.push(1);
            }
            states.push(living.clone());
        }
        let (plan, code) = by_text(true, least, OutputKind::Changes);
        let mut engine = Engine::new(plan.clone(), code.clone());
        let mut kept = Kept::new(&plan);
        for (i, piece) in pieces(rows.len(), &cuts).into_iter().enumerate() {
            let before = kept.rows.len();
            let w = Some(&weights[piece.clone()]);
            push(&mut engine, 0, &rows[piece.clone()], w, piece.start, &mut kept).unwrap();
            check_step(&kept.rows[before..]);
            let seen: Vec<&Row> = states[piece.end].iter().collect();
            assert_close(&fold(&kept.rows), &batch(&seen, least));
            if restores >> (i % 16) & 1 == 1 {
                let bytes = snapshot(&engine);
                engine = Engine::new(plan.clone(), code.clone());
                engine.restore(&mut &bytes[..]).unwrap();
                prop_assert_eq!(snapshot(&engine), bytes);
            }
        }
        for row in &living {
            push(&mut engine, 0, std::slice::from_ref(row), Some(&[-1]), 0, &mut kept).unwrap();
        }
        prop_assert_eq!(fold(&kept.rows), Vec::<Vec<Val>>::new());
        let fresh = Engine::new(plan, code);
        // Nothing is left but counters.
        prop_assert_eq!(snapshot(&engine).len(), snapshot(&fresh).len());
    }
}

fn row(b: &str, v: i64) -> Row {
    Row { b: Some(b.into()), v, keep: true, ..Row::default() }
}

#[test]
fn an_absent_row_cannot_go() {
    let (plan, code) = by_text(true, 0, OutputKind::Changes);
    let mut engine = Engine::new(plan.clone(), code);
    let mut kept = Kept::new(&plan);
    let rows = [row("a", 1), row("a", 1), row("b", 1), row("a", 5)];
    let result = push(&mut engine, 0, &rows, Some(&[1, -2, 1, 1]), 0, &mut kept);
    assert_eq!(result, Err(Error::AbsentRow));
    let result = push(&mut engine, 0, &rows[2..], Some(&[-1, 1]), 0, &mut kept);
    assert_eq!(result, Err(Error::AbsentRow));
    let counters = engine.counters(0);
    assert_eq!((counters.ingested, counters.accepted, counters.rejected), (3, 1, 2));
    assert_eq!(fold(&kept.rows), batch(&[&rows[0]], 0));
    push(&mut engine, 0, &rows, Some(&[2, 0, 1, 1]), 0, &mut kept).unwrap();
    let left = [&rows[0], &rows[0], &rows[0], &rows[2], &rows[3]];
    assert_close(&fold(&kept.rows), &batch(&left, 0));
}

#[test]
fn an_absent_row_leaves_no_time() {
    let (mut plan, mut code) = windows::plan(windows::Keys::Int, 0, OnError::Fail, Emit::Close);
    let group = &mut plan.groups.to_mut()[0];
    group.retracts = true;
    group.accumulators.to_mut().truncate(2);
    let group = group.clone();
    let edges = plan.edges.to_mut();
    edges[0].weighted = true;
    edges[1].columns = vec![INT, INT, INT].into();
    code.edges[1] = program(&[INT, INT, INT], false, move |base, i, _| {
        let (keys, accumulators) = group_row(&group, base, i);
        (None, Outcome::Row(keys.into_iter().chain(accumulators).collect()))
    });
    let mut engine = Engine::new(plan.clone(), code);
    let mut kept = Kept::new(&plan);
    let row = |ts| Row { ts, a: Some(1), v: ts, keep: true, ..Row::default() };
    // The fourth row takes back what its window has never had; neither it nor the fifth has arrived.
    let rows = [row(5), row(8), row(6), row(150), row(300)];
    let result = push(&mut engine, 0, &rows, Some(&[1, 1, 1, -1, 1]), 0, &mut kept);
    assert_eq!(result, Err(Error::AbsentRow));
    assert_eq!(kept.watermarks, [8 - windows::DELAY - windows::SIZE]);
    push(&mut engine, 0, &[row(4), row(8)], Some(&[1, -1]), 0, &mut kept).unwrap();
    engine.finish(&mut kept).unwrap();
    assert_eq!(kept.rows, [(vec![Val::Int(1), Val::Int(3), Val::Int(15)], 1)]);
    let counters = engine.counters(0);
    assert_eq!((counters.ingested, counters.accepted, counters.rejected, counters.late), (6, 5, 1, 0));
}

#[test]
fn upserts_are_one_row_a_key() {
    let (plan, code) = by_text(true, 1, OutputKind::Upsert { keys: vec![0].into() });
    let mut engine = Engine::new(plan.clone(), code);
    let mut kept = Kept::new(&plan);
    let mut step = |rows: &[Row], weights: &[i64], expected: &[(&str, i64, i64)]| {
        kept.rows.clear();
        push(&mut engine, 0, rows, Some(weights), 0, &mut kept).unwrap();
        let found: Vec<_> = kept.rows.iter().map(|(r, w)| (r[0].clone(), r[1].clone(), *w)).collect();
        let expected: Vec<_> =
            expected.iter().map(|&(b, n, w)| (Val::Text(b.into()), Val::Int(n), w)).collect();
        assert_eq!(found, expected);
    };
    step(&[row("b", 1), row("a", 1)], &[2, 2], &[("a", 2, 1), ("b", 2, 1)]);
    step(&[row("b", 1), row("a", 1)], &[1, 1], &[("a", 3, 1), ("b", 3, 1)]);
    step(&[row("c", 1), row("b", 1), row("a", 1)], &[1, -2, -1], &[("a", 2, 1), ("b", 3, -1)]);
    step(&[row("b", 1), row("b", 1)], &[1, -1], &[]);
}

/// `SELECT n, COUNT(*) FROM (SELECT a, COUNT(*) AS n FROM t GROUP BY a) GROUP BY n`, and of that the global
/// `SELECT COUNT(*), SUM(n)`.
fn histogram(global: bool) -> (Plan, Code) {
    let group = |keys: Vec<CellColumn>, accumulators: Vec<Accumulator>, retracts, edge| GroupPlan {
        keys: keys.into(),
        accumulators: accumulators.into(),
        window: None,
        watermark: vec![].into(),
        emit: Emit::Changes,
        retracts,
        edge,
    };
    let count = acc(AccOp::Count, None, false);
    let by_a = group(vec![INT_NULL], vec![count.clone()], false, 1);
    let second = if global {
        group(vec![], vec![count, acc(AccOp::SumInt, Some(0), false)], true, 2)
    } else {
        group(vec![INT], vec![count], true, 2)
    };
    let edge = |from, to, columns: &[CellColumn], weighted| EdgePlan {
        from,
        to,
        columns: columns.to_vec().into(),
        tracks: false,
        weighted,
        times: false,
    };
    let out = [INT, INT];
    let plan = Plan {
        name: "histogram".into(),
        fingerprint: 2,
        sources: vec![SourcePlan { name: "t".into(), delay_ns: None, edges: vec![0].into(), rows: None }]
            .into(),
        groups: vec![by_a.clone(), second.clone()].into(),
        edges: vec![
            edge(Port::Source(0), Port::Group(0), &[INT_NULL], false),
            edge(Port::Group(0), Port::Group(1), &[INT], true),
            edge(Port::Group(1), Port::Output, &out, true),
        ]
        .into(),
        columns: vec![Column::fixed("a", Ty::Bigint, false); 2].into(),
        output: OutputKind::Changes,
        watermark: vec![].into(),
        on_error: OnError::Fail,
        sites: vec![].into(),
        order: None,
    };
    let code = Code {
        edges: vec![
            row_program(&[INT_NULL], false, |r| vec![int(r.a)]),
            program(&[INT], false, move |base, i, _| (None, Outcome::Row(group_row(&by_a, base, i).1))),
            program(&out, false, move |base, i, _| {
                let (keys, accumulators) = group_row(&second, base, i);
                (None, Outcome::Row(keys.into_iter().chain(accumulators).collect()))
            }),
        ],
        updates: vec![UpdateCode::Generic; 2],
        keep: None,
    };
    (plan, code)
}

proptest! {
    #[test]
    fn groups_of_groups(
        keys in prop::collection::vec(prop::option::of(0..30_i64), 0..200),
        cuts in prop::collection::vec(0..1000_usize, 0..9),
        global in any::<bool>(),
        restores in any::<u16>(),
    ) {
        let (plan, code) = histogram(global);
        let mut engine = Engine::new(plan.clone(), code.clone());
        let mut kept = Kept::new(&plan);
        let rows: Vec<Row> = keys.iter().map(|&a| Row { a, keep: true, ..Row::default() }).collect();
        for (i, piece) in pieces(rows.len(), &cuts).into_iter().enumerate() {
            push(&mut engine, 0, &rows[piece.clone()], None, piece.start, &mut kept).unwrap();
            let mut sizes: Vec<i64> = Vec::new();
            let mut seen = keys[..piece.end].to_vec();
            seen.sort_unstable();
            sizes.extend(seen.chunk_by(|a, b| a == b).map(|c| c.len() as i64));
            let mut expected: Vec<Vec<Val>> = if global {
                vec![vec![Val::Int(sizes.len() as i64), Val::Int(sizes.iter().sum())]]
            } else {
                sizes.sort_unstable();
                sizes.chunk_by(|a, b| a == b).map(|c| vec![Val::Int(c[0]), Val::Int(c.len() as i64)]).collect()
            };
            expected.sort_by(|a, b| order(a, b));
            prop_assert_eq!(fold(&kept.rows), expected);
            if restores >> (i % 16) & 1 == 1 {
                let bytes = snapshot(&engine);
                engine = Engine::new(plan.clone(), code.clone());
                engine.restore(&mut &bytes[..]).unwrap();
                prop_assert_eq!(snapshot(&engine), bytes);
            }
        }
    }
}

#[test]
fn a_global_aggregate_always_has_its_row() {
    let (plan, code) = histogram(true);
    let mut engine = Engine::new(plan.clone(), code);
    let mut kept = Kept::new(&plan);
    engine.finish(&mut kept).unwrap();
    assert_eq!(kept.rows, [(vec![Val::Int(0), Val::Int(0)], 1)]);
}

#[test]
fn windows_can_change_too() {
    let (plan, code) = windows::plan(windows::Keys::Int, 0, OnError::Fail, Emit::Changes);
    let mut engine = Engine::new(plan.clone(), code);
    let mut kept = Kept::new(&plan);
    let row = |ts, a, v| Row { ts, a: Some(a), v, keep: true, ..Row::default() };
    // Windows start at 3 and 13; the first closes at W = 13, with the row at 17.
    let rows = [row(14, 1, 1), row(4, 1, 2), row(5, 2, 3), row(4, 1, 4), row(17, 1, 5), row(12, 2, 6)];
    push(&mut engine, 0, &rows, None, 0, &mut kept).unwrap();
    let brief = |kept: &Kept| -> Vec<_> {
        kept.rows.iter().map(|(r, w)| (r[0].clone(), r[1].clone(), r[3].clone(), *w)).collect()
    };
    let change = |start, key, sum, w| (Val::Int(start), Val::Int(key), Val::Int(sum), w);
    assert_eq!(brief(&kept), [change(3, 1, 6, 1), change(3, 2, 3, 1), change(13, 1, 6, 1)]);
    assert_eq!(kept.late, [5]);
    kept.rows.clear();
    push(&mut engine, 0, &[row(13, 1, 1), row(13, 2, 1)], None, 6, &mut kept).unwrap();
    assert_eq!(brief(&kept), [change(13, 1, 6, -1), change(13, 1, 7, 1), change(13, 2, 1, 1)]);
    kept.rows.clear();
    engine.finish(&mut kept).unwrap();
    assert_eq!(kept.rows, []);
}
