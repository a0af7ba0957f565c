//! Compiling and dropping queries over and over leaves the process as large as it was.
#![cfg(all(feature = "exec", feature = "jit", target_os = "linux"))]

use laminar_codegen::clif::{EdgeStage, Stages, compile};
use laminar_codegen::sir::{Const, Fail, Inst, Layout, Op, Out, Program, Val};
use laminar_runtime::scalar::FnId;
use laminar_runtime::schema::Repr;

fn resident_kib() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4
}

#[test]
fn compile_and_drop_is_flat() {
    let inst = |op, args: &[Val], fail| Inst {
        op,
        args: args.to_vec(),
        repr: Repr::Text,
        nullable: false,
        guard: None,
        fail,
    };
    // A text constant and a call: code, relocations and constants.
    let text = inst(Op::Const(Const::Text("a constant ".repeat(20))), &[], Fail::Never);
    let lower = inst(Op::Call(FnId::by_name("lower").unwrap()), &[Val(0)], Fail::Never);
    let program = Program {
        insts: vec![text, lower],
        split: 2,
        outs: vec![Out { val: Val(1), nullable: false }],
        ..Program::default()
    };
    let compile_all = |times: usize| {
        for _ in 0..times {
            let stages = Stages { edges: &[EdgeStage::new(&program, &Layout::Cells)], groups: &[] };
            assert_eq!(compile(stages).unwrap().edges().len(), 1);
        }
    };
    compile_all(50);
    let before = resident_kib();
    let cycles = if std::env::var_os("LAMINAR_NIGHTLY").is_some() { 10_000 } else { 300 };
    compile_all(cycles);
    let grown = resident_kib().saturating_sub(before);
    // A leak of one page of code and one of data a cycle would be 2 400 KiB.
    assert!(grown < 600, "{grown} KiB more after {cycles} cycles");
}
