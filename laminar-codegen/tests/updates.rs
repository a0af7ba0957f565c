//! Random accumulators on random rows: the compiled update stage leaves the state that the runtime's own loop leaves.
#![cfg(all(feature = "exec", feature = "jit"))]

use laminar_codegen::clif::{Stages, compile};
use laminar_runtime::aggregate;
use laminar_runtime::plan::{AccOp, Accumulator, CellColumn, Emit, GroupPlan, RowLayout, TupleColumn};
use laminar_runtime::schema::Ty;
use laminar_runtime::stage::{ColumnRef, UpdateCode, UpdateCtx};
use laminar_runtime::types::{Str, TextRef};
use proptest::prelude::*;

const OPS: [AccOp; 18] = [
    AccOp::Count,
    AccOp::SumInt,
    AccOp::SumFloat,
    AccOp::SumFloatExact,
    AccOp::MinInt,
    AccOp::MaxInt,
    AccOp::MinFloat,
    AccOp::MaxFloat,
    AccOp::MinText,
    AccOp::MaxText,
    AccOp::SumWide,
    AccOp::MinWide,
    AccOp::MaxWide,
    AccOp::SumSquares,
    AccOp::Moments,
    AccOp::CoMoments,
    AccOp::PickFirst,
    AccOp::PickLast,
];
const WIDES: [i128; 5] = [0, -1, 1 << 100, i128::MAX, i128::MIN];
const INTS: [i64; 6] = [0, 1, -1, 40, i64::MAX, i64::MIN];
const FLOATS: [f64; 8] = [0.0, -0.0, 1.5, -1e300, 1e308, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
const TEXTS: [&str; 5] = ["", "b", "a text longer than inline", "ab", "träne"];
const GROUPS: usize = 3;

/// Columns by representation: Int, Float, Text; then the same with NULL; then Wide without and with NULL.
fn column_of(op: AccOp, nullable: bool) -> u32 {
    let column = match op {
        AccOp::Count | AccOp::SumInt | AccOp::SumSquares | AccOp::MinInt | AccOp::MaxInt => 0,
        AccOp::SumFloat | AccOp::SumFloatExact | AccOp::MinFloat | AccOp::MaxFloat => 1,
        // Those of tuples skip rows by the float that they may take.
        AccOp::Moments | AccOp::CoMoments | AccOp::PickFirst | AccOp::PickLast => 1,
        AccOp::SumWide | AccOp::MinWide | AccOp::MaxWide => return 6 + nullable as u32,
        _ => 2,
    };
    column + 3 * nullable as u32
}

fn group(picks: &[(usize, bool)], wide_keys: bool) -> GroupPlan {
    let accumulator = |&(op, nullable): &(usize, bool)| {
        let op = OPS[op];
        // COUNT(*) has no argument.
        let arg = (op != AccOp::Count || nullable).then(|| column_of(op, nullable));
        // Greater floats, and NULL, come with the row that an integer decides.
        let value = (Ty::Double, column_of(op, true), true);
        let tuple = match op {
            AccOp::CoMoments => vec![(Ty::Double, 1, false), (Ty::Double, column_of(op, nullable), nullable)],
            AccOp::PickFirst | AccOp::PickLast => vec![(Ty::Bigint, 0, false), value],
            _ => vec![],
        };
        let tuple = tuple.into_iter().map(|(ty, column, is_nullable)| TupleColumn {
            column,
            cell: CellColumn { ty, nullable: is_nullable },
            descending: nullable,
            nulls_first: false,
        });
        Accumulator { tuple: tuple.collect::<Vec<_>>().into(), ..Accumulator::new(op, arg, nullable) }
    };
    let mut keys = vec![CellColumn { ty: Ty::Bigint, nullable: wide_keys }];
    if wide_keys {
        keys.push(CellColumn { ty: Ty::Varchar, nullable: true });
    }
    GroupPlan {
        keys: keys.into(),
        accumulators: picks.iter().map(accumulator).collect::<Vec<_>>().into(),
        window: None,
        watermark: vec![].into(),
        emit: Emit::Final,
        retracts: false,
        edge: 0,
    }
}

/// Group rows, which own the texts of their accumulators.
struct State {
    group: GroupPlan,
    layout: RowLayout,
    words: Vec<u64>,
}

impl State {
    fn new(group: &GroupPlan) -> State {
        let layout = RowLayout::of(&group.keys, &group.accumulators);
        State { words: vec![0; GROUPS * layout.stride / 8], group: group.clone(), layout }
    }

    /// Everything but where texts are.
    fn readable(&self) -> Vec<String> {
        let mut all = Vec::new();
        for row in 0..GROUPS {
            for (accumulator, at) in self.group.accumulators.iter().zip(&self.layout.accumulators) {
                let first = (row * self.layout.stride + at) / 8;
                let words = &self.words[first..first + accumulator.size() / 8];
                all.push(match accumulator.op {
                    AccOp::MinText | AccOp::MaxText => {
                        // SAFETY: the state of a text is a `Str`, and zeros are the empty one.
                        let text = unsafe { &*words.as_ptr().cast::<Str>() };
                        format!("{text:?} {}", words[2])
                    }
                    // Which NaN a sum holds is left to the machine; whoever reads it makes it canonical.
                    AccOp::SumFloat | AccOp::SumFloatExact => {
                        let canonical =
                            |w: &u64| if f64::from_bits(*w).is_nan() { f64::NAN.to_bits() } else { *w };
                        format!("{:x?}", words.iter().map(canonical).collect::<Vec<_>>())
                    }
                    _ => format!("{words:x?}"),
                });
            }
        }
        all
    }
}

impl Drop for State {
    fn drop(&mut self) {
        for row in 0..GROUPS {
            for (accumulator, at) in self.group.accumulators.iter().zip(&self.layout.accumulators) {
                if matches!(accumulator.op, AccOp::MinText | AccOp::MaxText) {
                    let first = (row * self.layout.stride + at) / 8;
                    // SAFETY: as in `readable`; each is dropped once.
                    unsafe { std::ptr::drop_in_place(self.words[first..].as_mut_ptr().cast::<Str>()) };
                }
            }
        }
    }
}

fn check(
    picks: &[(usize, bool)],
    wide_keys: bool,
    rows: &[(usize, usize, bool)],
    lo: usize,
) -> Result<(), TestCaseError> {
    let group = group(picks, wide_keys);
    let ints: Vec<i64> = rows.iter().map(|r| INTS[r.1 % INTS.len()]).collect();
    let floats: Vec<f64> = rows.iter().map(|r| FLOATS[r.1 % FLOATS.len()]).collect();
    let texts: Vec<[u64; 2]> =
        rows.iter().map(|r| TextRef::new(TEXTS[r.1 % TEXTS.len()]).to_cell()).collect();
    let valid: Vec<u8> = rows.iter().map(|r| r.2 as u8).collect();
    // Null lanes are zero words.
    let keep = |i: usize| rows[i].2;
    let some_ints: Vec<i64> = ints.iter().enumerate().map(|(i, v)| if keep(i) { *v } else { 0 }).collect();
    let some_floats: Vec<f64> =
        floats.iter().enumerate().map(|(i, v)| if keep(i) { *v } else { 0.0 }).collect();
    let some_texts: Vec<[u64; 2]> =
        texts.iter().enumerate().map(|(i, v)| if keep(i) { *v } else { [0; 2] }).collect();
    let cell = |v: i128| [v as u64, (v >> 64) as u64];
    let wides: Vec<[u64; 2]> = rows.iter().map(|r| cell(WIDES[r.1 % WIDES.len()])).collect();
    let some_wides: Vec<[u64; 2]> =
        wides.iter().enumerate().map(|(i, v)| if keep(i) { *v } else { [0; 2] }).collect();
    let column = |data: *const u8, nullable: bool| ColumnRef {
        data,
        valid: if nullable { valid.as_ptr() } else { std::ptr::null() },
    };
    let args = [
        column(ints.as_ptr().cast(), false),
        column(floats.as_ptr().cast(), false),
        column(texts.as_ptr().cast(), false),
        column(some_ints.as_ptr().cast(), true),
        column(some_floats.as_ptr().cast(), true),
        column(some_texts.as_ptr().cast(), true),
        column(wides.as_ptr().cast(), false),
        column(some_wides.as_ptr().cast(), true),
    ];
    let lo = lo.min(rows.len());
    let slots: Vec<u32> = rows[lo..].iter().map(|r| (r.0 % GROUPS) as u32).collect();

    let stages = Stages { edges: &[], groups: std::slice::from_ref(&group) };
    let jit = compile(stages).map_err(|e| TestCaseError::fail(e.to_string()))?;
    let UpdateCode::Native(update) = jit.updates()[0] else {
        return Err(TestCaseError::fail("no machine code"));
    };
    let (mut ours, mut theirs) = (State::new(&group), State::new(&group));
    let ctx = |state: &mut State| UpdateCtx {
        rows: state.words.as_mut_ptr().cast(),
        slots: slots.as_ptr(),
        args: args.as_ptr(),
        lo,
        n: slots.len(),
        weights: std::ptr::null(),
    };
    // SAFETY: rows, slots and columns are as the group plan says; `jit` lives.
    unsafe {
        update(&mut ctx(&mut ours));
        let context = ctx(&mut theirs);
        aggregate::update(&group.accumulators, &theirs.layout, &context);
    }
    prop_assert_eq!(ours.readable(), theirs.readable());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn compiled_updates_leave_the_same_state(
        picks in prop::collection::vec((0..OPS.len(), any::<bool>()), 1..7),
        wide_keys in any::<bool>(),
        rows in prop::collection::vec((any::<usize>(), any::<usize>(), any::<bool>()), 0..40),
        lo in 0_usize..3,
    ) {
        check(&picks, wide_keys, &rows, lo)?;
    }
}

#[test]
fn weighted_input_takes_the_generic_loop() {
    let mut group = group(&[(0, false)], false);
    group.retracts = true;
    let jit = compile(Stages { edges: &[], groups: &[group] }).unwrap();
    assert!(matches!(jit.updates(), [UpdateCode::Generic]));
}
