//! UNION ALL of a source with itself, and of two sources.

use crate::program::*;
use crate::sink::{Kept, pieces, push};
use crate::windows::{DELAY, Keys, OFFSET, SIZE, any_rows, plan, result};
use laminar_runtime::engine::{Engine, InputCounters};
use laminar_runtime::plan::*;
use laminar_runtime::stage::Code;
use laminar_runtime::types::Timestamp;
use proptest::prelude::*;

/// How much older the second branch makes its rows.
const SHIFT: i64 = 6;

/// Both branches of one source into one group, the second with time shifted back and other keys; it alone fails.
fn with_itself() -> (Plan, Code) {
    let (mut plan, mut code) = plan(Keys::Int, 0, OnError::DeadLetter, Emit::Close);
    let mut edges = plan.edges.to_vec();
    edges.push(edges[0].clone());
    plan.sources = vec![SourcePlan { edges: vec![0, 2].into(), ..plan.sources[0].clone() }].into();
    let mut group = plan.groups[0].clone();
    group.watermark = [0, SHIFT].map(|offset_ns| WatermarkOf { source: 0, offset_ns }).to_vec().into();
    plan.groups = vec![group].into();
    let branch = |second: bool| {
        move |base: *const u8, i: usize, _: &laminar_runtime::stage::ExprCtx| {
            // SAFETY: the tests pass slices of `Row`.
            let row = unsafe { &*base.cast::<Row>().add(i) };
            let values = values_of(row, second);
            let outcome = match row.fails {
                Some(site) if second => Outcome::Fails(site),
                _ if !row.keep && !second => Outcome::Dropped,
                _ => Outcome::Row(values),
            };
            (Some(row.ts), outcome)
        }
    };
    code.edges[0] = program(&edges[0].columns, true, branch(false));
    code.edges.push(program(&edges[2].columns, true, branch(true)));
    plan.edges = edges.into();
    (plan, code)
}

fn values_of(row: &Row, second: bool) -> Vec<Val> {
    let key = row.a.unwrap_or(-1) + if second { 2 } else { 0 };
    let ts = row.ts - if second { SHIFT } else { 0 };
    vec![Val::Int(ts), Val::Int(key), Val::Int(row.v), int(row.a), text(&row.b)]
}

proptest! {
    #[test]
    fn one_source_twice(
        rows in any_rows(120, 25),
        cuts in prop::collection::vec(0..1000_usize, 0..6),
    ) {
        let (plan, code) = with_itself();
        let mut engine = Engine::new(plan.clone(), code);
        let mut kept = Kept::new(&plan);
        for piece in pieces(rows.len(), &cuts) {
            push(&mut engine, 0, &rows[piece.clone()], None, piece.start, &mut kept).unwrap();
        }
        engine.finish(&mut kept).unwrap();

        let mut time_max = i64::MIN;
        let mut groups: Vec<(i64, i64, Vec<Row>)> = Vec::new();
        let (mut counters, mut all_late) = (InputCounters::default(), Vec::new());
        for (number, row) in rows.iter().enumerate() {
            counters.ingested += 1;
            if row.fails.is_some() {
                counters.rejected += 1;
                continue;
            }
            time_max = time_max.max(row.ts);
            let (mut arrived, mut late) = (false, false);
            for second in [false, true] {
                if !row.keep && !second {
                    continue;
                }
                let values = values_of(row, second);
                let (Val::Int(ts), Val::Int(key)) = (&values[0], &values[1]) else { unreachable!() };
                let start = (ts - OFFSET).div_euclid(SIZE) * SIZE + OFFSET;
                if start + SIZE <= time_max - DELAY - SHIFT {
                    late = true;
                    continue;
                }
                arrived = true;
                match groups.iter_mut().find(|g| g.0 == start && g.1 == *key) {
                    Some(group) => group.2.push(row.clone()),
                    None => groups.push((start, *key, vec![row.clone()])),
                }
            }
            if late && !arrived {
                counters.late += 1;
                all_late.push(number);
            } else {
                counters.accepted += 1;
            }
        }
        let mut expected: Vec<Vec<Val>> =
            groups.iter().map(|(s, k, r)| result(*s, &[Val::Int(*k)], r)).collect();
        expected.sort_by(|a, b| order(a, b));
        prop_assert_eq!(kept.rows.into_iter().map(|r| r.0).collect::<Vec<_>>(), expected);
        prop_assert_eq!(kept.late, all_late);
        prop_assert_eq!(engine.counters(0), counters);
        prop_assert_eq!(kept.rejected.len() as u64, counters.rejected);
    }
}

/// Two sources into one group.
fn of_two() -> (Plan, Code) {
    let (mut plan, mut code) = plan(Keys::Int, 0, OnError::Fail, Emit::Close);
    let mut edges = plan.edges.to_vec();
    edges.push(EdgePlan { from: Port::Source(1), ..edges[0].clone() });
    code.edges.push(code.edges[0].clone());
    plan.edges = edges.into();
    let source = plan.sources[0].clone();
    plan.sources =
        vec![source.clone(), SourcePlan { name: "u".into(), edges: vec![2].into(), ..source }].into();
    let mut group = plan.groups[0].clone();
    group.watermark = [0, 1].map(|source| WatermarkOf { source, offset_ns: 0 }).to_vec().into();
    plan.watermark = group.watermark.clone();
    plan.groups = vec![group].into();
    (plan, code)
}

#[test]
fn the_slower_source_holds_windows_open() {
    let (plan, code) = of_two();
    let mut engine = Engine::new(plan.clone(), code);
    let mut kept = Kept::new(&plan);
    let row = |ts| Row { ts, a: Some(1), keep: true, ..Row::default() };
    push(&mut engine, 0, &[row(5), row(100), row(4)], None, 0, &mut kept).unwrap();
    assert_eq!((kept.rows.len(), &kept.late[..], &kept.watermarks[..]), (0, &[][..], &[][..]));
    push(&mut engine, 1, &[row(6), row(20), row(7)], None, 0, &mut kept).unwrap();
    // W of the second source is 16: the window from 3 to 13 is closed, and its last row late.
    let counts: Vec<_> = kept.rows.iter().map(|(r, _)| (r[0].clone(), r[2].clone())).collect();
    assert_eq!(counts, [(Val::Int(3), Val::Int(3))]);
    assert_eq!((&kept.late[..], &kept.watermarks[..]), (&[2][..], &[16][..]));
    push(&mut engine, 0, &[row(8), row(19)], None, 0, &mut kept).unwrap();
    assert_eq!(kept.late, [2, 0]);
    engine.finish_source(1, &mut kept).unwrap();
    assert_eq!(kept.watermarks, [16, 96]);
    assert_eq!(kept.rows.len(), 2);
    assert!(engine.finish_source(1, &mut kept).is_err());
    engine.watermark(0, Timestamp(200), &mut kept).unwrap();
    assert_eq!(kept.rows.len(), 3);
    engine.finish(&mut kept).unwrap();
    assert_eq!(kept.watermarks, [16, 96, 200, i64::MAX]);
    let counters = [engine.counters(0), engine.counters(1)].map(|c| (c.ingested, c.accepted, c.late));
    assert_eq!(counters, [(5, 4, 1), (3, 2, 1)]);
}
