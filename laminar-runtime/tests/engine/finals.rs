//! `EMIT FINAL`: once, at the end, and nothing is late.

use crate::program::*;
use crate::sink::{Kept, push};
use crate::windows::{ALL_KEYS, Keys, OFFSET, SIZE, any_rows, plan, result};
use laminar_runtime::engine::Engine;
use laminar_runtime::error::Error;
use laminar_runtime::plan::*;
use laminar_runtime::stage::ExprCode;
use proptest::prelude::*;

proptest! {
    #[test]
    fn nothing_is_late(
        keys in (0..ALL_KEYS.len()).prop_map(|k| ALL_KEYS[k]),
        rows in any_rows(150, 90),
        cut in 1..200_usize,
    ) {
        let (plan, code) = plan(keys, 0, OnError::Skip, Emit::Final);
        let mut engine = Engine::new(plan.clone(), code);
        let mut kept = Kept::new(&plan);
        for piece in rows.chunks(cut) {
            push(&mut engine, 0, piece, None, 0, &mut kept).unwrap();
        }
        prop_assert_eq!(kept.rows.len(), 0);
        engine.finish(&mut kept).unwrap();
        let mut groups: Vec<(i64, Vec<Val>, Vec<Row>)> = Vec::new();
        for row in rows.iter().filter(|r| r.keep && r.fails.is_none()) {
            let start = (row.ts - OFFSET).div_euclid(SIZE) * SIZE + OFFSET;
            let key = keys.of(row);
            match groups.iter_mut().find(|g| g.0 == start && g.1 == key) {
                Some(group) => group.2.push(row.clone()),
                None => groups.push((start, key, vec![row.clone()])),
            }
        }
        let mut expected: Vec<Vec<Val>> = groups.iter().map(|(s, k, r)| result(*s, k, r)).collect();
        expected.sort_by(|a, b| order(a, b));
        prop_assert_eq!(kept.rows.into_iter().map(|r| r.0).collect::<Vec<_>>(), expected);
        prop_assert_eq!(engine.counters(0).late, 0);
        prop_assert_eq!(engine.counters(0).ingested, rows.len() as u64);
    }
}

#[test]
fn a_global_final_has_its_row_without_input() {
    let (mut plan, mut code) = plan(Keys::None, 0, OnError::Fail, Emit::Final);
    let mut group = plan.groups[0].clone();
    group.window = None;
    group.watermark = vec![].into();
    // Without window there is no time column before the arguments.
    group.accumulators = vec![acc(AccOp::Count, None, false)].into();
    let mut edges = plan.edges.to_vec();
    edges[1].columns = vec![INT].into();
    plan.edges = edges.into();
    plan.groups = vec![group.clone()].into();
    let counts: ExprCode =
        program(&[INT], false, move |base, i, _| (None, Outcome::Row(group_row(&group, base, i).1)));
    code.edges[1] = counts;
    let run = |rows: &[Row]| {
        let mut engine = Engine::new(plan.clone(), code.clone());
        let mut kept = Kept::new(&plan);
        push(&mut engine, 0, rows, None, 0, &mut kept).unwrap();
        engine.finish(&mut kept).unwrap();
        let finished = Err(Error::Finished("t".into()));
        assert_eq!(push(&mut engine, 0, rows, None, 0, &mut kept), finished);
        assert_eq!(engine.watermark(0, laminar_runtime::types::Timestamp(1), &mut kept), finished);
        assert_eq!(engine.finish(&mut kept), Err(Error::Finished("windows".into())));
        kept.rows
    };
    assert_eq!(run(&[]), [(vec![Val::Int(0)], 1)]);
    let row = Row { keep: true, ..Row::default() };
    assert_eq!(run(&[row.clone(), row]), [(vec![Val::Int(2)], 1)]);
}
