//! The groups of a node: by key group, then window, then key.

use super::bytes::{Reader, put_i64, put_u8, put_u32, put_u64};
use super::cell::{put_cell, read_cell};
use super::{damaged, key_group};
use crate::error::Error;
use crate::group::{GroupNode, GroupTable, Shape};

/// A group to be written.
struct Entry {
    key_group: u8,
    start: i64,
    /// Its bytes among all keys.
    key: std::ops::Range<usize>,
    table: u32,
    row: usize,
}

/// Appends the state of a node.
pub(crate) fn write_node(node: &GroupNode, to: &mut Vec<u8>) {
    put_u8(to, node.announced as u8);
    let mut keys = Vec::new();
    let mut entries = Vec::new();
    for pane in &node.panes {
        let table = &node.tables[pane.table as usize];
        for row in 0..table.len() {
            let from = keys.len();
            put_key(&mut keys, &node.shape, table.row(&node.shape, row));
            let key = from..keys.len();
            let key_group = key_group(&keys[key.clone()]);
            entries.push(Entry { key_group, start: pane.start, key, table: pane.table, row });
        }
    }
    let order = |e: &Entry| (e.key_group, e.start);
    entries.sort_unstable_by(|a, b| {
        order(a).cmp(&order(b)).then_with(|| keys[a.key.clone()].cmp(&keys[b.key.clone()]))
    });
    put_u32(to, entries.chunk_by(|a, b| a.key_group == b.key_group).count() as u32);
    for group in entries.chunk_by(|a, b| a.key_group == b.key_group) {
        put_u8(to, group[0].key_group);
        put_u64(to, group.len() as u64);
        let length_at = to.len();
        put_u64(to, 0);
        for entry in group {
            if node.window.is_some() {
                put_i64(to, entry.start);
            }
            to.extend_from_slice(&keys[entry.key.clone()]);
            put_accumulators(to, node, node.tables[entry.table as usize].row(&node.shape, entry.row));
        }
        let length = (to.len() - length_at - 8) as u64;
        to[length_at..length_at + 8].copy_from_slice(&length.to_le_bytes());
    }
}

fn put_key(to: &mut Vec<u8>, shape: &Shape, row: &[u64]) {
    for key in &shape.keys {
        if let Some(bit) = key.null_bit {
            let valid = row[0] >> bit & 1 == 0;
            put_u8(to, valid as u8);
            if !valid {
                continue;
            }
        }
        let words = &row[key.word..];
        let cell = [words[0], if key.repr.width() == 16 { words[1] } else { 0 }];
        // SAFETY: the key of a row; a text is the table's own.
        unsafe { put_cell(to, key.repr, cell) };
    }
}

fn put_accumulators(to: &mut Vec<u8>, node: &GroupNode, row: &[u64]) {
    let shape = &node.shape;
    for (a, at) in shape.layout.accumulators.iter().enumerate() {
        let of = shape.of_accumulator(a);
        // SAFETY: the state of this accumulator, borrowed for this call.
        unsafe { of.def().write(of, row.as_ptr().cast::<u8>().add(*at), to) };
    }
}

/// Fills a new node.
pub(crate) fn read_node(node: &mut GroupNode, r: &mut Reader<'_>) -> Result<(), Error> {
    node.announced = r.bool()?;
    let mut last_group = None;
    for _ in 0..r.u32()? {
        let group = r.u8()?;
        if last_group.is_some_and(|last| last >= group) {
            return Err(damaged("key groups are out of order"));
        }
        last_group = Some(group);
        let entries = r.u64()?;
        let length = usize::try_from(r.u64()?).map_err(|_| damaged("a key group is too long"))?;
        let mut body = Reader::new(r.bytes(length)?);
        read_key_group(node, group, entries, &mut body)?;
        body.end()?;
    }
    for table in &mut node.tables {
        if !node.shape.keys.is_empty() || node.window.is_some() || node.announced {
            table.end_step(&node.shape);
        }
    }
    Ok(())
}

fn read_key_group(node: &mut GroupNode, group: u8, entries: u64, r: &mut Reader<'_>) -> Result<(), Error> {
    let mut key_words = vec![0; node.shape.key_words];
    let mut last: Option<(i64, &[u8])> = None;
    for _ in 0..entries {
        let start = if node.window.is_some() { r.i64()? } else { i64::MIN };
        if node.start_of(start) != start {
            return Err(damaged("a window starts where none can"));
        }
        let before = r.mark();
        read_key(&node.shape, &mut key_words, r)?;
        let key = r.since(&before);
        if last.is_some_and(|last| last >= (start, key)) || key_group(key) != group {
            return Err(damaged("a key is not where it belongs"));
        }
        last = Some((start, key));
        let table = node.pane(start) as usize;
        let row = if node.is_global() {
            0
        } else {
            // SAFETY: the key's texts are in the bytes being read.
            unsafe { node.tables[table].insert_row(&node.shape, &key_words) }
        };
        read_accumulators(node, table, row, r)?;
    }
    Ok(())
}

fn read_key(shape: &Shape, words: &mut [u64], r: &mut Reader<'_>) -> Result<(), Error> {
    words.fill(0);
    for key in &shape.keys {
        if let Some(bit) = key.null_bit
            && !r.bool()?
        {
            words[0] |= 1 << bit;
            continue;
        }
        let cell = read_cell(r, key.repr)?;
        let width = key.repr.width() / 8;
        words[key.word..key.word + width].copy_from_slice(&cell[..width]);
    }
    Ok(())
}

fn read_accumulators(node: &mut GroupNode, table: usize, row: u32, r: &mut Reader<'_>) -> Result<(), Error> {
    let from = row as usize * node.shape.stride;
    let least = !node.is_global() as i64;
    let shape = &node.shape;
    let table: &mut GroupTable = &mut node.tables[table];
    for (a, at) in shape.layout.accumulators.iter().enumerate() {
        let of = shape.of_accumulator(a);
        let words = table.words_mut(from + at / 8, of.acc.size() / 8);
        // SAFETY: the state of this accumulator in a new row, all zeros.
        unsafe { of.def().read(of, words.as_mut_ptr().cast(), r)? };
    }
    let rows = table.words_mut(from + node.shape.key_words, node.shape.stride - node.shape.key_words).first();
    if node.retracts && rows.is_none_or(|&n| (n as i64) < least) {
        return Err(damaged("a group without rows"));
    }
    Ok(())
}
