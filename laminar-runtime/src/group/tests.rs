//! Tables of every kind of key against a map.

use super::{BATCH_ROWS, GroupNode, GroupTable};
use crate::plan::{AccOp, Accumulator, CellColumn, Emit, GroupPlan};
use crate::schema::Ty;
use crate::stage::ColumnRef;
use crate::types::TextRef;
use proptest::prelude::*;
use std::collections::HashMap;

const INT: CellColumn = CellColumn { ty: Ty::Bigint, nullable: false };
const INT_NULL: CellColumn = CellColumn { ty: Ty::Bigint, nullable: true };
const TEXT: CellColumn = CellColumn { ty: Ty::Varchar, nullable: false };
const TEXT_NULL: CellColumn = CellColumn { ty: Ty::Varchar, nullable: true };
const INTERVAL: CellColumn = CellColumn { ty: Ty::Interval, nullable: false };

fn kinds() -> Vec<Vec<CellColumn>> {
    vec![
        vec![],
        vec![INT],
        vec![INT_NULL],
        vec![INT, INT],
        vec![INTERVAL],
        vec![INT, INT_NULL, INT],
        vec![INT, INT_NULL, INTERVAL],
        vec![TEXT],
        vec![TEXT_NULL],
        vec![INT, TEXT, INT_NULL],
    ]
}

fn node(keys: &[CellColumn]) -> GroupNode {
    let plan = GroupPlan {
        keys: keys.to_vec().into(),
        accumulators: vec![
            Accumulator::new(AccOp::Count, None, false),
            Accumulator::new(AccOp::MaxText, None, false),
        ]
        .into(),
        window: None,
        watermark: vec![].into(),
        emit: Emit::Changes,
        retracts: true,
        edge: 0,
    };
    GroupNode::new(&plan, false, 0)
}

/// Columns of one row; equal numbers give equal keys.
struct RowKeys {
    cells: Vec<[u64; 2]>,
    valid: Vec<u8>,
    columns: Vec<ColumnRef>,
    _texts: Vec<String>,
}

fn row_keys(keys: &[CellColumn], number: u64) -> RowKeys {
    let mut row = RowKeys { cells: vec![], valid: vec![], columns: vec![], _texts: vec![] };
    for (k, key) in keys.iter().enumerate() {
        let null = key.nullable && number.is_multiple_of(3);
        let text = format!("{}{}", number % 7, "x".repeat((number % 40) as usize));
        row.cells.push(match key.repr() {
            _ if null => [0, 0],
            crate::schema::Repr::Text => TextRef::new(&text).to_cell(),
            crate::schema::Repr::Interval => [number, number / 5],
            // All columns together tell numbers apart, no single one does.
            _ => [if k == 0 { number } else { number % 5 }, 0],
        });
        row._texts.push(text);
        row.valid.push(!null as u8);
    }
    row.columns = (0..keys.len())
        .map(|k| ColumnRef { data: row.cells[k..].as_ptr().cast(), valid: row.valid[k..].as_ptr() })
        .collect();
    row
}

/// What the key amounts to.
fn identity(keys: &[CellColumn], number: u64) -> String {
    let row = row_keys(keys, number);
    let parts = keys.iter().enumerate().map(|(k, key)| match (row.valid[k], key.ty) {
        (0, _) => "null".to_owned(),
        (_, Ty::Varchar) => row._texts[k].clone(),
        _ => format!("{:?}", row.cells[k]),
    });
    parts.collect::<Vec<_>>().join("|")
}

fn slot(node: &mut GroupNode, row: &RowKeys) -> u32 {
    let (mut nulls, mut slot) = ([0; BATCH_ROWS], [0]);
    let columns = row.columns.as_ptr();
    // SAFETY: one row of the node's key columns.
    unsafe { node.tables[0].slots(&node.shape, columns, 0, 1, nulls.as_mut_ptr(), slot.as_mut_ptr()) };
    slot[0]
}

/// Count of a row, and its mark.
fn state(table: &mut GroupTable, node_words: (usize, usize), slot: u32) -> &mut u64 {
    let (stride, key_words) = node_words;
    &mut table.words_mut(slot as usize * stride + key_words, 1)[0]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn groups_come_and_go(
        kind in 0..10_usize,
        steps in prop::collection::vec((0..120_u64, any::<bool>()), 0..400),
        twin in 1..4_u64,
    ) {
        let keys = kinds().swap_remove(kind);
        let mut node = node(&keys);
        let words = (node.shape.stride, node.shape.key_words);
        let mut model: HashMap<String, u64> = HashMap::new();
        for (i, (number, remove)) in steps.into_iter().enumerate() {
            let row = row_keys(&keys, number / twin);
            let key = identity(&keys, number / twin);
            // SAFETY: one row of the node's key columns.
            let found = unsafe { node.tables[0].find(&node.shape, row.columns.as_ptr(), 0) };
            let found = found.map(|slot| (slot, *state(&mut node.tables[0], words, slot)));
            if keys.is_empty() {
                // The global row exists from the start.
                model.entry(key.clone()).or_insert(0);
            }
            prop_assert_eq!(found.map(|f| f.1), model.get(&key).copied());
            if let Some((slot, _)) = found && remove && !keys.is_empty() {
                node.tables[0].remove(&node.shape, slot as usize);
                model.remove(&key);
            } else {
                let slot = slot(&mut node, &row);
                let state = state(&mut node.tables[0], words, slot);
                // Anew or the one that was found.
                prop_assert_eq!(*state, model.get(&key).copied().unwrap_or(0));
                *state = i as u64 + 1;
                model.insert(key, i as u64 + 1);
            }
            prop_assert_eq!(node.tables[0].len(), model.len());
        }
        let mut held: Vec<u64> =
            (0..model.len()).map(|s| *state(&mut node.tables[0], words, s as u32)).collect();
        held.sort_unstable();
        let mut expected: Vec<u64> = model.into_values().collect();
        expected.sort_unstable();
        prop_assert_eq!(held, expected);
        node.tables[0].clear(&node.shape);
        prop_assert_eq!(node.tables[0].len(), 0);
        slot(&mut node, &row_keys(&keys, 5));
        prop_assert_eq!(node.tables[0].len(), 1);
    }
}

#[test]
fn texts_of_removed_groups_do_not_pile_up() {
    let keys = [TEXT];
    let mut node = node(&keys);
    let texts: Vec<String> = (0..1000).map(|i| format!("{i:0>1000}")).collect();
    let cell = |text: &str| [TextRef::new(text).to_cell()];
    let find = |node: &mut GroupNode, text: &str| {
        let cells = cell(text);
        let column = ColumnRef { data: cells.as_ptr().cast(), valid: std::ptr::null() };
        let mut slot = 0;
        // SAFETY: one row of the node's key column.
        unsafe { node.tables[0].slots(&node.shape, &column, 0, 1, std::ptr::null_mut(), &mut slot) };
        slot
    };
    for text in &texts[..5] {
        find(&mut node, text);
    }
    let churn = |node: &mut GroupNode| {
        for text in &texts[5..] {
            let slot = find(node, text);
            node.tables[0].step.dead.push(slot);
            node.tables[0].bury(&node.shape, false);
        }
    };
    churn(&mut node);
    // Of a megabyte that went through, less than what is not worth tidying is left.
    assert_eq!(node.tables[0].text_bytes_removed(), (1000 - 5) % 66 * 1000);
    let before = crate::alloc::allocations();
    churn(&mut node);
    assert_eq!(crate::alloc::allocations() - before, 0);
    for (i, text) in texts[..5].iter().enumerate() {
        assert_eq!(find(&mut node, text), i as u32);
    }
}

#[test]
fn a_large_table_does_not_burden_the_small_ones_after_it() {
    let mut node = node(&[INT]);
    for i in 0..100_000 {
        slot(&mut node, &row_keys(&[INT], i));
    }
    let large = node.tables[0].buckets();
    node.tables[0].clear(&node.shape);
    assert_eq!(node.tables[0].buckets(), large);
    for i in 0..100 {
        slot(&mut node, &row_keys(&[INT], i));
    }
    node.tables[0].clear(&node.shape);
    assert!(node.tables[0].buckets() < large / 100);
    for i in 0..1000 {
        assert_eq!(slot(&mut node, &row_keys(&[INT], i)), i as u32);
    }
}
