//! Rows and results that fail, under each policy.

use crate::program::*;
use crate::sink::{Kept, push};
use crate::windows::{Keys, plan};
use laminar_runtime::engine::{Engine, InputCounters};
use laminar_runtime::error::Error;
use laminar_runtime::plan::*;

fn row(ts: i64, fails: Option<u16>) -> Row {
    Row { ts, v: 1, keep: true, fails, ..Row::default() }
}

#[test]
fn fail_stops_at_the_row_and_keeps_those_before() {
    let (plan, code) = plan(Keys::None, 0, OnError::Fail, Emit::Close);
    let mut engine = Engine::new(plan.clone(), code);
    let mut kept = Kept::new(&plan);
    // The failing row would have closed the first window.
    let mut rows: Vec<Row> = (0..1500).map(|_| row(5, None)).collect();
    rows[1100] = row(99, Some(1));
    let error = push(&mut engine, 0, &rows, None, 0, &mut kept).unwrap_err();
    let Error::Rejected { input, row: at, reason } = &error else { panic!("{error:?}") };
    assert_eq!((&input[..], *at, &reason.what[..]), ("t", 1100, "out of range"));
    assert_eq!(error.to_string(), "row 1100 of input `t` rejected: out of range in `v / 0` at 2:7");
    assert_eq!(engine.counters(0), InputCounters { ingested: 1101, accepted: 1100, late: 0, rejected: 1 });
    assert_eq!((kept.rows.len(), kept.watermarks.len()), (0, 1));
    push(&mut engine, 0, &rows[1101..], None, 0, &mut kept).unwrap();
    engine.finish(&mut kept).unwrap();
    assert_eq!(kept.rows[0].0[1], Val::Int(1499));
}

#[test]
fn skip_and_dead_letter_go_on() {
    for on_error in [OnError::Skip, OnError::DeadLetter] {
        let (plan, code) = plan(Keys::None, 0, on_error, Emit::Close);
        let mut engine = Engine::new(plan.clone(), code);
        let mut kept = Kept::new(&plan);
        let rows =
            [row(5, None), row(99, Some(0)), row(6, None), row(40, None), row(7, None), row(8, Some(1))];
        push(&mut engine, 0, &rows, None, 0, &mut kept).unwrap();
        assert_eq!(engine.counters(0), InputCounters { ingested: 6, accepted: 3, late: 1, rejected: 2 });
        assert_eq!(kept.late, [4]);
        let told = if on_error == OnError::DeadLetter { vec![(1, 0), (5, 1)] } else { vec![] };
        assert_eq!(kept.rejected, told);
        assert_eq!(kept.rows[0].0[1], Val::Int(2));
    }
}

#[test]
fn results_that_fail_are_counted_and_the_rest_comes_out() {
    for on_error in [OnError::Fail, OnError::Skip] {
        let (plan, mut code) = plan(Keys::Int, 0, on_error, Emit::Close);
        let group = plan.groups[0].clone();
        code.edges[1] = program(&plan.edges[1].columns, false, move |base, i, ctx| {
            let (keys, accumulators) = group_row(&group, base, i);
            let fails = matches!(keys[0], Val::Int(k) if k % 3 == 1);
            let values = [Val::Int(ctx.window_start)].into_iter().chain(keys).chain(accumulators);
            (None, if fails { Outcome::Fails(1) } else { Outcome::Row(values.collect()) })
        });
        let mut engine = Engine::new(plan.clone(), code);
        let mut kept = Kept::new(&plan);
        let mut rows: Vec<Row> = (0..3000).map(|k| Row { a: Some(k), ..row(5, None) }).collect();
        rows.push(row(50, None));
        let result = push(&mut engine, 0, &rows, None, 0, &mut kept);
        match result {
            Err(Error::OutputRejected(reason)) => {
                assert_eq!((on_error, &reason.what[..]), (OnError::Fail, "out of range"))
            }
            other => assert_eq!((on_error, other), (OnError::Skip, Ok(()))),
        }
        assert_eq!(kept.rows.len(), 2000);
        assert_eq!((engine.output_counters().emitted, engine.output_counters().rejected), (2000, 1000));
        assert_eq!(engine.counters(0).accepted, 3001);
        assert!(kept.rows.iter().all(|(r, _)| !matches!(r[1], Val::Int(k) if k % 3 == 1)));
        push(&mut engine, 0, &[row(51, None)], None, 0, &mut kept).unwrap();
    }
}
