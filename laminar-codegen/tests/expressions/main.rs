//! Random scalar programs on random rows: the interpreter and compiled code agree to the bit, whatever the layout of
//! the rows, and compiled code has nothing that could trap.
//!
//! 2 000 programs a run; 1 000 000 where `LAMINAR_NIGHTLY` is set.
#![cfg(all(feature = "exec", feature = "jit"))]

mod program;
mod rows;
mod run;

use laminar_codegen::clif::{EdgeStage, Stages, clif_text, compile};
use laminar_codegen::interp::InterpProgram;
use laminar_codegen::sir::{Layout, Program, fold, verify};
use program::Choices;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use rows::Rows;
use run::{Outcome, run_interp, run_native};
use std::cell::Cell;

/// Programs compiled into one module: making modules is not what is tested here.
const PROGRAMS_PER_CASE: usize = 10;

fn cases() -> u32 {
    let programs = if std::env::var_os("LAMINAR_NIGHTLY").is_some() { 1_000_000 } else { 2_000 };
    programs / PROGRAMS_PER_CASE as u32
}

/// Choices for one program and its rows.
fn choices() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(any::<u32>(), 20..300)
}

struct Case {
    program: Program,
    folded: Program,
    rows: Rows,
    stop_at_first: bool,
}

fn case(choices: Vec<u32>) -> Case {
    let mut choices = Choices::new(choices);
    let (program, kinds) = program::random(&mut choices);
    verify(&program).unwrap_or_else(|e| panic!("{e}\n{program}"));
    let mut folded = program.clone();
    fold(&mut folded, laminar_codegen::sir::Room::PROGRAM);
    verify(&folded).unwrap_or_else(|e| panic!("folded: {e}\n{folded}\nfrom\n{program}"));
    let rows = Rows::random(&mut choices, &program, &kinds);
    Case { program, folded, rows, stop_at_first: choices.chance(3) }
}

/// Compares; gives the number of rows that come out.
fn check(cases: &[Case]) -> Result<usize, TestCaseError> {
    let mut written = 0;
    // Each program as it is over cells and over rows, and folded over cells.
    let mut programs = Vec::new();
    let mut layouts = Vec::new();
    for case in cases {
        for (program, layout) in [
            (&case.program, Layout::Cells),
            (&case.program, case.rows.layout()),
            (&case.folded, Layout::Cells),
        ] {
            programs.push(program.clone());
            layouts.push(layout);
        }
    }
    let edges: Vec<_> = programs.iter().zip(&layouts).map(|(p, l)| EdgeStage::new(p, l)).collect();
    let stages = Stages { edges: &edges, groups: &[] };
    let jit = compile(stages).map_err(|e| TestCaseError::fail(e.to_string()))?;
    for (i, case) in cases.iter().enumerate() {
        let of = |program: &Program, layout: &Layout| {
            run_interp(
                &InterpProgram::new(program.clone(), layout.clone()),
                program,
                layout,
                &case.rows,
                case.stop_at_first,
            )
        };
        let oracle = of(&case.program, &Layout::Cells);
        written += oracle.rows_written();
        let same = |what: &str, outcome: Outcome| {
            prop_assert_eq!(&oracle, &outcome, "{}\n{}\nfolded\n{}", what, case.program, case.folded);
            Ok(())
        };
        same("interpreter over rows", of(&case.program, &layouts[3 * i + 1]))?;
        same("interpreter, folded", of(&case.folded, &Layout::Cells))?;
        for (k, what) in ["machine code", "machine code over rows", "machine code, folded"].iter().enumerate()
        {
            let (program, layout) = (&programs[3 * i + k], &layouts[3 * i + k]);
            let function = jit.edges()[3 * i + k];
            // SAFETY: compiled for this program and layout; `jit` lives.
            same(what, unsafe { run_native(function, program, layout, &case.rows, case.stop_at_first) })?;
        }
    }
    Ok(written)
}

/// Shows what failed, not the numbers that led there.
fn report<T: std::fmt::Debug>(result: Result<(), TestError<T>>) {
    match result {
        Ok(()) => {}
        Err(TestError::Fail(why, _)) => panic!("{why}"),
        Err(e) => panic!("{e}"),
    }
}

#[test]
fn interpreter_and_machine_code_agree() {
    let config =
        Config { cases: cases(), max_shrink_iters: 300, failure_persistence: None, ..Config::default() };
    let strategy = prop::collection::vec(choices(), PROGRAMS_PER_CASE);
    let (read, written) = (Cell::new(0), Cell::new(0));
    let result = TestRunner::new(config).run(&strategy, |all| {
        let cases: Vec<Case> = all.into_iter().map(case).collect();
        read.set(read.get() + cases.iter().map(|c| c.rows.len).sum::<usize>());
        written.set(written.get() + check(&cases)?);
        Ok(())
    });
    report(result);
    assert!(written.get() * 4 > read.get(), "only {} of {} rows come out", written.get(), read.get());
}

#[test]
fn nothing_can_trap() {
    let config = Config { cases: cases().min(200), failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&choices(), |choices| {
        let case = case(choices);
        let layouts = [Layout::Cells, case.rows.layout()];
        let programs = [case.program.clone(), case.program];
        let edges = [0, 1].map(|i| EdgeStage::new(&programs[i], &layouts[i]));
        let text = clif_text(Stages { edges: &edges, groups: &[] })
            .map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(text.matches("function %").count(), 2);
        for function in text.split("function %") {
            for line in function.lines() {
                prop_assert!(!can_trap(line, function), "{line}\n{function}");
            }
        }
        Ok(())
    });
    report(result);
}

/// Whether an instruction of the listing may trap: a trap, a conversion that does not saturate, a division whose divisor
/// has not been made safe, a memory access that is not marked as safe.
fn can_trap(line: &str, text: &str) -> bool {
    let line = line.split(';').next().unwrap_or_default();
    let Some((_, inst)) = line.split_once("= ").or(Some(("", line.trim()))) else { return false };
    let mut words = inst.split([' ', '.', ',']).filter(|w| !w.is_empty());
    let op = words.next().unwrap_or_default();
    if op.starts_with("trap") || op.ends_with("_trap") || op.starts_with("resumable") {
        return true;
    }
    match op {
        "fcvt_to_sint" | "fcvt_to_uint" => true,
        "sdiv" | "srem" | "udiv" | "urem" => {
            let divisor = words.next_back().unwrap_or_default();
            let made =
                text.lines().find_map(|l| l.trim().strip_prefix(divisor)?.strip_prefix(" = ")).unwrap_or("");
            !(made.starts_with("select") || made.starts_with("iconst"))
        }
        "load" | "uload8" | "uload16" | "uload32" | "sload8" | "sload16" | "sload32" | "store"
        | "istore32" => !inst.contains("notrap"),
        _ => false,
    }
}

#[test]
fn the_scan_finds_what_traps() {
    let check = |line: &str, text: &str, expected| assert_eq!(can_trap(line, text), expected, "{line}");
    check("    trapz v1, user1", "", true);
    check("    v3 = fcvt_to_sint.i64 v2", "", true);
    check("    v3 = fcvt_to_sint_sat.i64 v2", "", false);
    check("    v3 = sdiv v1, v2", "    v2 = load.i64 notrap aligned v0\n", true);
    check("    v3 = sdiv v1, v2", "    v2 = select v0, v4, v5\n", false);
    check("    v3 = srem v1, v2  ; v1 = 7", "    v2 = load.i64 notrap aligned v0\n", true);
    check("    v3 = srem v1, v2  ; v1 = 7", "    v2 = iconst.i64 7\n", false);
    check("    v3 = load.i64 v2+8", "", true);
    check("    v3 = load.i64 notrap aligned v2+8", "", false);
    check("    v3 = iadd v1, v2", "", false);
}
