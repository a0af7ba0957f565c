//! Checked operations with a constant, at the very edges of their ranges: both executors refuse exactly what does not fit.
#![cfg(feature = "exec")]

use laminar_codegen::catalog::{Catalog, Relation};
use laminar_codegen::compile::compile;
use laminar_codegen::exec::{DynPipeline, Executor};
use laminar_codegen::ir::SourceColumn;
use laminar_codegen::parse::parse_query;
use laminar_runtime::plan::OnError;
use laminar_runtime::schema::{Column, Ty};
use laminar_runtime::stage::Cell;
use std::sync::Arc;

struct One(Ty);

impl Catalog for One {
    fn relation(&self, _: &[(String, bool)]) -> Option<Relation> {
        let column = SourceColumn { column: Column::fixed("x", self.0, false), unsigned: false };
        Some(Relation {
            name: "t".into(),
            columns: vec![column],
            time: None,
            changelog: false,
            finite: false,
            declared: vec![],
        })
    }
    fn names(&self) -> Vec<String> {
        vec!["t".into()]
    }
}

/// The results for the values of `x` that have one.
fn results(sql: &str, ty: Ty, values: &[i64], executor: Executor) -> Vec<i64> {
    let (query, text) = parse_query(sql).unwrap();
    let (pipeline, diagnostics) = compile(&query, &text, &One(ty), "test");
    let mut pipeline = pipeline.unwrap_or_else(|| panic!("{sql}: {diagnostics:?}"));
    pipeline.plan.on_error = OnError::Skip;
    let mut running = DynPipeline::new(Arc::new(pipeline), executor).unwrap();
    let mut batch = running.batch(0);
    for value in values {
        // SAFETY: the column is of integers.
        unsafe { batch.push_row(&[([*value as u64, 0], true)]) };
    }
    let mut found = vec![];
    running
        .process_cells(0, &batch, &mut |row: &[(Cell, bool)], _: i64| found.push(row[0].0[0] as i64))
        .unwrap();
    found
}

fn executors() -> &'static [Executor] {
    if cfg!(feature = "jit") { &[Executor::Interp, Executor::Jit] } else { &[Executor::Interp] }
}

#[test]
fn what_a_constant_divides() {
    let divisors = [1, 2, 3, 4, 6, 7, 10, 123, 1000, 1 << 40, 3 << 61, i64::MAX, i64::MAX - 1];
    for d in divisors.into_iter().flat_map(|d| [d, -d]).chain([i64::MIN]) {
        // Around multiples: the least and the greatest, small ones, and some between.
        let quotients = [i64::MIN.wrapping_div(d), i64::MAX / d, 0, 1, -1, 5, i64::MAX / 3 / d];
        let multiples = quotients.map(|q| q.wrapping_mul(d)).into_iter().chain([i64::MIN, i64::MAX]);
        let values: Vec<i64> = multiples.flat_map(|m| (-2..=2).map(move |by| m.wrapping_add(by))).collect();
        for (sign, expects) in [("=", true), ("<>", false)] {
            let sql = format!("SELECT x AS r FROM t WHERE x % ({d}) {sign} 0");
            let expected: Vec<i64> =
                values.iter().copied().filter(|x| (x.wrapping_rem(d) == 0) == expects).collect();
            for &executor in executors() {
                assert_eq!(results(&sql, Ty::Bigint, &values, executor), expected, "{sql}, {executor:?}");
            }
        }
    }
}

#[test]
fn the_edges_of_every_constant() {
    for (ty, min, max) in [(Ty::Integer, i32::MIN as i64, i32::MAX as i64), (Ty::Bigint, i64::MIN, i64::MAX)]
    {
        for c in [0, 1, 2, 3, 7, 1000, max / 2, max - 1, max, -1, -2, -3, -10, min / 2, min + 1] {
            for op in ['+', '-', '*'] {
                let exact = |x: i64| match op {
                    '+' => x as i128 + c as i128,
                    '-' => x as i128 - c as i128,
                    _ => x as i128 * c as i128,
                };
                // Around zero, the ends, and where the result leaves the range.
                let mut edges = vec![0, min, max];
                for end in [min, max] {
                    edges.extend([end.wrapping_sub(c), end.wrapping_add(c)]);
                    edges.push(end.checked_div(c).unwrap_or(1));
                }
                let near = |e: i64| (-2..=2).map(move |d| e.saturating_add(d).clamp(min, max));
                let values: Vec<i64> = edges.into_iter().flat_map(near).collect();
                let fits = |x: &i64| Some(exact(*x)).filter(|r| (min as i128..=max as i128).contains(r));
                let expected: Vec<i64> = values.iter().filter_map(fits).map(|r| r as i64).collect();
                assert!(!expected.is_empty());
                let sql = format!("SELECT x {op} ({c}) AS r FROM t");
                for &executor in executors() {
                    assert_eq!(results(&sql, ty, &values, executor), expected, "{sql}, {ty}, {executor:?}");
                }
            }
        }
    }
}
