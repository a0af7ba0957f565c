//! Accumulators that keep rows: what is left counts, and what has gone has left nothing, whatever the cuts and restores.

use crate::program::*;
use crate::sink::{Kept, fold, pieces, push, snapshot};
use crate::windows;
use laminar_runtime::engine::Engine;
use laminar_runtime::error::Error;
use laminar_runtime::plan::*;
use laminar_runtime::schema::Column;
use laminar_runtime::stage::{Code, UpdateCode};
use proptest::prelude::*;
use std::collections::BTreeSet;

const OUT: [CellColumn; 8] = [INT_NULL, INT, INT_NULL, INT_NULL, INT_NULL, INT, INT, INT_NULL];

/// `SELECT a, COUNT(*), MIN(v), MAX(v), ARG_MIN(v, b), COUNT(DISTINCT b), SUM(DISTINCT v), the lower median of v FROM t GROUP BY a`
fn by_a() -> (Plan, Code) {
    let into = [INT_NULL, INT, TEXT_NULL];
    let tuple = |columns: &[(u32, bool)]| -> List<TupleColumn> {
        (columns.iter())
            .map(|&(column, descending)| TupleColumn {
                column,
                cell: into[column as usize],
                descending,
                nulls_first: false,
            })
            .collect()
    };
    let kept = |op, arg: Option<u32>, columns: &[(u32, bool)]| Accumulator {
        tuple: tuple(columns),
        ..acc(op, arg, arg.is_some())
    };
    let group = GroupPlan {
        keys: vec![INT_NULL].into(),
        accumulators: vec![
            acc(AccOp::Count, None, false),
            kept(AccOp::Least, None, &[(1, false)]),
            kept(AccOp::Least, None, &[(1, true)]),
            kept(AccOp::Least, Some(2), &[(2, false), (1, false)]),
            kept(AccOp::Distinct, Some(2), &[(2, false)]),
            Accumulator { gate: Some(4), ..acc(AccOp::Count, Some(2), true) },
            Accumulator { gate: Some(7), ..acc(AccOp::SumInt, Some(1), false) },
            kept(AccOp::Distinct, None, &[(1, false)]),
            Accumulator { constant: 0.5_f64.to_bits(), ..kept(AccOp::PercentileDisc, None, &[(1, false)]) },
        ]
        .into(),
        window: None,
        watermark: vec![].into(),
        emit: Emit::Changes,
        retracts: true,
        edge: 1,
    };
    let edge = |from, to, columns: &[CellColumn], tracks| EdgePlan {
        from,
        to,
        columns: columns.to_vec().into(),
        tracks,
        weighted: true,
        times: false,
    };
    let plan = Plan {
        name: "by a".into(),
        fingerprint: 1,
        sources: vec![SourcePlan { name: "t".into(), delay_ns: None, edges: vec![0].into(), rows: None }]
            .into(),
        groups: vec![group.clone()].into(),
        edges: vec![
            edge(Port::Source(0), Port::Group(0), &into, true),
            edge(Port::Group(0), Port::Output, &OUT, false),
        ]
        .into(),
        columns: OUT.iter().map(|c| Column::fixed("c", c.ty, c.nullable)).collect(),
        output: OutputKind::Changes,
        watermark: vec![].into(),
        on_error: OnError::Fail,
        sites: vec![].into(),
        order: None,
    };
    let code = Code {
        edges: vec![
            row_program(&into, true, |r| vec![int(r.a), Val::Int(r.v), text(&r.b)]),
            program(&OUT, false, move |base, i, _| {
                let (keys, mut accumulators) = group_row(&group, base, i);
                // The gates give nothing to read.
                accumulators.remove(7);
                accumulators.remove(4);
                (None, Outcome::Row(keys.into_iter().chain(accumulators).collect()))
            }),
        ],
        updates: vec![UpdateCode::Generic],
        keep: None,
    };
    (plan, code)
}

/// The rows that a batch query would give over `rows`.
fn batch(rows: &[Row]) -> Vec<Vec<Val>> {
    let keys: BTreeSet<Option<i64>> = rows.iter().map(|r| r.a).collect();
    let mut out: Vec<Vec<Val>> = (keys.into_iter())
        .map(|key| {
            let mine: Vec<&Row> = rows.iter().filter(|r| r.a == key).collect();
            let mut values: Vec<i64> = mine.iter().map(|r| r.v).collect();
            values.sort_unstable();
            let texts: BTreeSet<&String> = mine.iter().filter_map(|r| r.b.as_ref()).collect();
            let distinct: BTreeSet<i64> = values.iter().copied().collect();
            let by_text = mine.iter().filter_map(|r| Some((r.b.as_ref()?, r.v))).min();
            vec![
                int(key),
                Val::Int(mine.len() as i64),
                int(values.first().copied()),
                int(values.last().copied()),
                int(by_text.map(|(_, v)| v)),
                Val::Int(texts.len() as i64),
                Val::Int(distinct.into_iter().sum()),
                int(values.get(values.len().div_ceil(2) - 1).copied()),
            ]
        })
        .collect();
    out.sort_by(|a, b| order(a, b));
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_left_is_what_counts(
        moves in prop::collection::vec((windows::any_row(1), any::<prop::sample::Index>(), 0..5_u8), 0..200),
        cuts in prop::collection::vec(0..1000_usize, 0..12),
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
        let (plan, code) = by_a();
        let mut engine = Engine::new(plan.clone(), code.clone());
        let mut kept = Kept::new(&plan);
        for (i, piece) in pieces(rows.len(), &cuts).into_iter().enumerate() {
            let w = Some(&weights[piece.clone()]);
            push(&mut engine, 0, &rows[piece.clone()], w, piece.start, &mut kept).unwrap();
            prop_assert_eq!(fold(&kept.rows), batch(&states[piece.end]));
            if restores >> (i % 16) & 1 == 1 {
                let bytes = snapshot(&engine);
                engine = Engine::new(plan.clone(), code.clone());
                engine.restore(&mut &bytes[..]).unwrap();
                prop_assert_eq!(snapshot(&engine), bytes);
            }
        }
        // In one step: another way to the same state.
        let mut whole = Engine::new(plan.clone(), code.clone());
        push(&mut whole, 0, &rows, Some(&weights), 0, &mut Kept::new(&plan)).unwrap();
        prop_assert_eq!(whole.digest(), engine.digest());
        prop_assert_eq!(snapshot(&whole), snapshot(&engine));
        for row in &living {
            push(&mut engine, 0, std::slice::from_ref(row), Some(&[-1]), 0, &mut kept).unwrap();
        }
        prop_assert_eq!(fold(&kept.rows), Vec::<Vec<Val>>::new());
        // Nothing is left but counters.
        prop_assert_eq!(snapshot(&engine).len(), snapshot(&Engine::new(plan, code)).len());
    }

    /// A snapshot that is cut or changed is refused or read, never more.
    #[test]
    fn damaged_states_are_refused(
        rows in prop::collection::vec(windows::any_row(1), 1..60),
        at in any::<prop::sample::Index>(),
        bits in 1..256_u16,
    ) {
        let rows: Vec<Row> = rows.into_iter().map(|r| Row { keep: true, fails: None, ..r }).collect();
        let (plan, code) = by_a();
        let mut engine = Engine::new(plan.clone(), code.clone());
        push(&mut engine, 0, &rows, None, 0, &mut Kept::new(&plan)).unwrap();
        let mut bytes = snapshot(&engine);
        // The body, with a checksum that fits: 28 bytes of header before, 4 behind.
        let end = bytes.len() - 4;
        bytes[28 + at.index(end - 28)] ^= bits as u8;
        let sum = crc32fast::hash(&bytes[..end]);
        bytes[end..].copy_from_slice(&sum.to_le_bytes());
        let mut again = Engine::new(plan.clone(), code);
        if again.restore(&mut &bytes[..]).is_ok() {
            prop_assert_eq!(snapshot(&again), bytes);
        }
    }
}

#[test]
fn a_row_of_another_value_cannot_go() {
    let (plan, code) = by_a();
    let mut engine = Engine::new(plan.clone(), code);
    let mut kept = Kept::new(&plan);
    let row = |v, b: &str| Row { a: Some(1), b: Some(b.into()), v, keep: true, ..Row::default() };
    push(&mut engine, 0, &[row(1, "x"), row(2, "y")], None, 0, &mut kept).unwrap();
    for absent in [row(3, "x"), row(1, "z"), row(1, "y")] {
        let result = push(&mut engine, 0, std::slice::from_ref(&absent), Some(&[-1]), 0, &mut kept);
        assert_eq!(result, Err(Error::AbsentRow), "{absent:?}");
    }
    push(&mut engine, 0, &[row(2, "y")], Some(&[-1]), 0, &mut kept).unwrap();
    assert_eq!(fold(&kept.rows), batch(&[row(1, "x")]));
}
