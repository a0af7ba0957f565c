//! Runs one stage and takes down all that it has done.

use super::rows::Rows;
use laminar_codegen::interp::InterpProgram;
use laminar_codegen::sir::{Layout, Program};
use laminar_runtime::schema::Repr;
use laminar_runtime::stage::{ColumnMut, ExprCtx, ExprEval, ExprFn, Rejects};
use laminar_runtime::types::{Arena, BytesRef, TextRef};

/// All that a stage leaves behind.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    rows_out: usize,
    time_max: i64,
    rejects: Vec<(usize, u16)>,
    sel: Vec<u32>,
    wm: Vec<i64>,
    columns: Vec<Vec<(Stored, Option<u8>)>>,
}

impl Outcome {
    /// Rows that came out.
    pub fn rows_written(&self) -> usize {
        self.rows_out - BEFORE
    }
}

/// A stored cell: bits, or the text that they refer to.
#[derive(Debug, PartialEq)]
enum Stored {
    Word(u64),
    Pair(u64, u64),
    Text(String),
    Bytes(Vec<u8>),
    NullText,
}

/// Rows that are in the output already, and rows of the input that are not read.
const BEFORE: usize = 2;

pub fn run_interp(
    stage: &InterpProgram,
    program: &Program,
    layout: &Layout,
    rows: &Rows,
    stop_at_first: bool,
) -> Outcome {
    // SAFETY: the stage is of this program and layout.
    run(program, layout, rows, stop_at_first, |ctx| unsafe { stage.run(ctx) })
}

/// # Safety
/// `function` was compiled for `program` over `layout`, and its code lives.
pub unsafe fn run_native(
    function: ExprFn,
    program: &Program,
    layout: &Layout,
    rows: &Rows,
    stop_at_first: bool,
) -> Outcome {
    // SAFETY: by contract.
    run(program, layout, rows, stop_at_first, |ctx| unsafe { function(ctx) })
}

fn run(
    program: &Program,
    layout: &Layout,
    rows: &Rows,
    stop_at_first: bool,
    stage: impl FnOnce(&mut ExprCtx),
) -> Outcome {
    let room = BEFORE + rows.len;
    let repr_of = |i: usize| program.insts[program.outs[i].val.0 as usize].repr;
    let width = |i: usize| repr_of(i).width() / 8;
    let mut words: Vec<Vec<u64>> = (0..program.outs.len()).map(|i| vec![0xaa; room * width(i)]).collect();
    let mut valid: Vec<Vec<u8>> = vec![vec![0xaa; room]; program.outs.len()];
    let out: Vec<ColumnMut> = words
        .iter_mut()
        .zip(&mut valid)
        .zip(&program.outs)
        .map(|((w, v), out)| ColumnMut {
            data: w.as_mut_ptr().cast(),
            valid: if out.nullable { v.as_mut_ptr() } else { std::ptr::null_mut() },
        })
        .collect();
    let (mut sel, mut wm) = (vec![0xaa; room], vec![0xaa; room]);
    let mut rejects = Rejects { stop_at_first, rows: vec![] };
    let arena = Arena::new();
    let mut ctx = ExprCtx {
        base: rows.base(layout),
        lo: rows.len.min(1),
        hi: rows.len,
        out: out.as_ptr(),
        sel: sel.as_mut_ptr(),
        wm: wm.as_mut_ptr(),
        rows_out: BEFORE,
        time_max: -5,
        window_start: 1_000_000,
        window_end: 2_000_000,
        now: 1_372_636_800_000_000_001,
        arena: &arena,
        rejects: &mut rejects,
    };
    stage(&mut ctx);
    let (rows_out, time_max) = (ctx.rows_out, ctx.time_max);
    let columns = (0..program.outs.len())
        .map(|i| {
            let cells = (BEFORE..rows_out).map(|row| {
                let flag = program.outs[i].nullable.then(|| valid[i][row]);
                let at = row * width(i);
                // SAFETY: a text that the stage wrote; the arena and the rows live.
                (unsafe { stored(repr_of(i), &words[i][at..at + width(i)], flag != Some(0)) }, flag)
            });
            // Nothing but the rows written has changed.
            assert!(words[i][..BEFORE * width(i)].iter().all(|w| *w == 0xaa));
            assert!(words[i][rows_out * width(i)..].iter().all(|w| *w == 0xaa));
            cells.collect()
        })
        .collect();
    assert!(program.tracks || sel.iter().all(|s| *s == 0xaa));
    Outcome { rows_out, time_max, rejects: rejects.rows, sel, wm, columns }
}

/// # Safety
/// Words of a text refer to one that is alive.
unsafe fn stored(repr: Repr, words: &[u64], valid: bool) -> Stored {
    match *words {
        [word] => Stored::Word(word),
        [0, 0] if repr == Repr::Text && !valid => Stored::NullText,
        [low, high] if repr == Repr::Text => {
            // SAFETY: by contract.
            Stored::Text(unsafe { TextRef::from_cell([low, high]).as_str() }.into())
        }
        [0, 0] if repr == Repr::Bytes && !valid => Stored::NullText,
        [low, high] if repr == Repr::Bytes => {
            // SAFETY: by contract.
            Stored::Bytes(unsafe { BytesRef::from_cell([low, high]).as_bytes() }.into())
        }
        [low, high] => Stored::Pair(low, high),
        _ => unreachable!("one or two words"),
    }
}
