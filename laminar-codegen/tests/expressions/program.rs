//! Random programs: typed expressions over all representations and operations.
//!
//! A value that the instruction set leaves open is never read where it would show: `Unwrap` appears only as COALESCE.

use laminar_codegen::sir::{CmpOp, Const, Fail, Input, Inst, Op, Out, Program, Range, Time, Val};
use laminar_runtime::scalar::{FUNCTIONS, FnId};
use laminar_runtime::schema::Repr;
use laminar_runtime::types::Interval;

/// Decisions from a list of numbers, so that a failing case shrinks; zeros after its end.
pub struct Choices {
    numbers: std::vec::IntoIter<u32>,
}

impl Choices {
    pub fn new(numbers: Vec<u32>) -> Choices {
        Choices { numbers: numbers.into_iter() }
    }

    /// One of `0..n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.numbers.next().unwrap_or(0) as usize % n
    }

    /// One of `n` times true.
    pub fn chance(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    pub fn is_over(&self) -> bool {
        self.numbers.len() == 0
    }
}

/// What a field of a row is; decides which values an input has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Bool,
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    Int,
    BoolWord,
    Float,
    F32,
    BytesPair,
    TextPair,
    Str,
    Sym,
    Interval,
    Wide,
}

impl Kind {
    const ALL: [Kind; 17] = [
        Kind::Int,
        Kind::Float,
        Kind::Str,
        Kind::Bool,
        Kind::I32,
        Kind::Interval,
        Kind::Sym,
        Kind::TextPair,
        Kind::I8,
        Kind::U8,
        Kind::I16,
        Kind::U16,
        Kind::U32,
        Kind::BoolWord,
        Kind::Wide,
        Kind::F32,
        Kind::BytesPair,
    ];

    pub fn repr(self) -> Repr {
        match self {
            Kind::Bool | Kind::BoolWord => Repr::Bool,
            Kind::I8 | Kind::U8 | Kind::I16 | Kind::U16 | Kind::I32 | Kind::U32 | Kind::Int => Repr::Int,
            Kind::Float | Kind::F32 => Repr::Float,
            Kind::BytesPair => Repr::Bytes,
            Kind::TextPair | Kind::Str | Kind::Sym => Repr::Text,
            Kind::Interval => Repr::Interval,
            Kind::Wide => Repr::Wide,
        }
    }
}

pub const INTS: [i64; 16] = [
    0,
    1,
    -1,
    2,
    7,
    -40,
    i32::MAX as i64,
    i32::MIN as i64,
    i32::MAX as i64 + 1,
    999_999_999_999_999_999,
    1_000_000_000_000_000_000,
    3_037_000_500,
    1_372_636_800_000_000_000,
    i64::MAX,
    i64::MIN,
    i64::MIN + 1,
];

pub const FLOATS: [f64; 14] = [
    0.0,
    -0.0,
    1.0,
    -1.5,
    0.1,
    1e15,
    -9.3e18,
    2147483647.5,
    1e308,
    f64::MIN_POSITIVE / 4.0,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    f64::from_bits(0xfff8_0000_0000_0123),
];

pub const TEXTS: [&str; 16] = [
    "",
    "a",
    "ab",
    "abc",
    "Abcd",
    "12",
    "-7.25",
    "true",
    "a%c_",
    "träne 🦀",
    "twelve bytes",
    "thirteen byte",
    "exactly 16 bytes",
    "2013-01-01 10:00:00.5",
    "more than sixteen bytes, so that it is never inline",
    "1 mon 2 days 03:00:00",
];

/// Texts as bytes, what is no text, and arrays of each kind of value.
pub const BYTES: [&[u8]; 14] = [
    b"",
    b"a",
    b"\xff\0",
    b"exactly 16 bytes",
    b"more than sixteen bytes, \x80",
    b"abc",
    // {1,NULL,-1}, {1}
    b"\x02\x80\0\0\0\0\0\0\x01\x82\0\0\0\0\0\0\0\0\x02\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\x02\x80\0\0\0\0\0\0\x01",
    // {a,NULL,"\0"}, {a}
    b"\x06a\0\0\x86\x06\0\xff\0\0",
    b"\x06a\0\0",
    // {t,NULL}, {1.5}, {1} of DECIMAL(38, 0), {""} of BYTEA
    b"\x01\x01\x81\0",
    b"\x03\xbf\xf8\0\0\0\0\0\0",
    b"\x04\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01",
    b"\x07\0\0",
];

pub const WIDES: [i128; 12] = [
    0,
    1,
    -1,
    1 << 64,
    -(1 << 64),
    (1 << 64) - 1,
    999_999_999_999_999_999,
    99_999_999_999_999_999_999_999_999_999_999_999_999,
    -99_999_999_999_999_999_999_999_999_999_999_999_999,
    100_000_000_000_000_000_000_000_000_000_000_000_000,
    i128::MAX,
    i128::MIN,
];

pub const INTERVALS: [Interval; 8] = [
    Interval::ZERO,
    Interval { months: 1, days: 0, ns: 0 },
    Interval { months: 0, days: 30, ns: 0 },
    Interval { months: 0, days: 29, ns: 86_400_000_000_000 },
    Interval { months: -1, days: 3, ns: -5 },
    Interval { months: i32::MAX, days: i32::MAX, ns: i64::MAX },
    Interval { months: i32::MIN, days: i32::MIN, ns: i64::MIN },
    Interval { months: 0, days: 0, ns: 1 },
];

/// A program, and what each of its inputs is in a row.
pub fn random(choices: &mut Choices) -> (Program, Vec<Kind>) {
    let mut b = Builder { program: Program::default(), pool: Vec::new() };
    let mut kinds = Vec::new();
    for i in 0..1 + choices.below(6) {
        let kind = choices.one_of(&Kind::ALL);
        kinds.push(kind);
        let nullable = choices.chance(2);
        b.program.inputs.push(Input { name: format!("c{i}"), column: i as u32, repr: kind.repr(), nullable });
        b.push(Op::Input(i as u32), &[], kind.repr(), Fail::Never, None);
    }
    let count = 2 + choices.below(30);
    let split = choices.below(count + 1);
    for i in 0..count {
        if i == split {
            b.roots(choices);
        }
        if choices.is_over() {
            break;
        }
        b.step(choices);
    }
    if b.program.split == 0 {
        b.roots(choices);
    }
    for _ in 0..1 + choices.below(4) {
        let val = b.pool[choices.below(b.pool.len())];
        let nullable = b.inst(val).nullable || choices.chance(3);
        b.program.outs.push(Out { val, nullable });
    }
    b.program.tracks = choices.chance(2);
    (b.program, kinds)
}

struct Builder {
    program: Program,
    /// Values that later instructions may read.
    pool: Vec<Val>,
}

impl Builder {
    fn inst(&self, v: Val) -> &Inst {
        &self.program.insts[v.0 as usize]
    }

    fn push(&mut self, op: Op, args: &[Val], repr: Repr, fail: Fail, guard: Option<Val>) -> Val {
        let nullable = match &op {
            Op::Input(i) => self.program.inputs[*i as usize].nullable,
            Op::Null | Op::NullUnless => true,
            Op::IsNull | Op::Unwrap => false,
            Op::Select => args[1..].iter().any(|&a| self.inst(a).nullable),
            _ => fail == Fail::Null || args.iter().any(|&a| self.inst(a).nullable),
        };
        let val = Val(self.program.insts.len() as u32);
        if !matches!(op, Op::Unwrap) {
            self.pool.push(val);
        }
        self.program.insts.push(Inst { op, args: args.to_vec(), repr, nullable, guard, fail });
        val
    }

    /// A value of the representation: one that is there, or a constant.
    fn value(&mut self, choices: &mut Choices, repr: Repr) -> Val {
        let fit: Vec<Val> = self.pool.iter().copied().filter(|&v| self.inst(v).repr == repr).collect();
        if !fit.is_empty() && !choices.chance(5) {
            return fit[fit.len() - 1 - choices.below(fit.len())];
        }
        let op = match repr {
            Repr::Bool => Op::Const(Const::Bool(choices.chance(2))),
            Repr::Int => Op::Const(Const::Int(choices.one_of(&INTS))),
            Repr::Float => Op::Const(Const::Float(choices.one_of(&FLOATS))),
            Repr::Text => Op::Const(Const::Text(choices.one_of(&TEXTS).into())),
            Repr::Interval => Op::Const(Const::Interval(choices.one_of(&INTERVALS))),
            Repr::Bytes => Op::Const(Const::Bytes(choices.one_of(&BYTES).into())),
            Repr::Wide => Op::Const(Const::Wide(choices.one_of(&WIDES))),
        };
        let op = if choices.chance(8) { Op::Null } else { op };
        self.push(op, &[], repr, Fail::Never, None)
    }

    fn guard(&mut self, choices: &mut Choices) -> Option<Val> {
        let bools = |v: &&Val| {
            let inst = &self.program.insts[v.0 as usize];
            inst.repr == Repr::Bool && !inst.nullable
        };
        let fit: Vec<Val> = self.pool.iter().filter(bools).copied().collect();
        (!fit.is_empty() && choices.chance(2)).then(|| fit[choices.below(fit.len())])
    }

    /// Ends the part before the filter.
    fn roots(&mut self, choices: &mut Choices) {
        if choices.chance(2) {
            self.program.filter = Some(self.value(choices, Repr::Bool));
        }
        if choices.chance(2) {
            let val = self.value(choices, Repr::Int);
            self.program.time = Some(Time { val, null_site: self.inst(val).nullable.then_some(99) });
        }
        self.program.split = self.program.insts.len();
    }

    /// One more operation, perhaps with constants for it.
    fn step(&mut self, choices: &mut Choices) {
        use Repr::*;
        const REPRS: [Repr; 7] = [Int, Bool, Float, Text, Interval, Wide, Bytes];
        const RANGES: [Range; 4] = [Range::I64, Range::I32, Range::Dec18, Range::I16];
        const CMPS: [CmpOp; 6] = [CmpOp::Eq, CmpOp::Ne, CmpOp::Lt, CmpOp::Le, CmpOp::Gt, CmpOp::Ge];
        let site = self.program.insts.len() as u16;
        let range = choices.one_of(&RANGES);
        let (op, args, ret): (Op, Vec<Repr>, Repr) = match choices.below(34) {
            0 => (Op::Add(range), vec![Int, Int], Int),
            1 => (Op::Sub(range), vec![Int, Int], Int),
            2 => (Op::Mul(range), vec![Int, Int], Int),
            3 => (Op::Neg(range), vec![Int], Int),
            4 => (Op::Div(range), vec![Int, Int], Int),
            5 => (Op::Rem, vec![Int, Int], Int),
            6 => (choices.one_of(&[&Op::NonZero, &Op::NonNegative]).clone(), vec![Int], Int),
            7 => (Op::Fit(range), vec![Int], Int),
            8 => (
                choices.one_of(&[&Op::FAdd, &Op::FSub, &Op::FMul, &Op::FDiv]).clone(),
                vec![Float, Float],
                Float,
            ),
            9 => (Op::FNeg, vec![Float], Float),
            10..=13 => {
                let repr = choices.one_of(&REPRS);
                (Op::Cmp(choices.one_of(&CMPS)), vec![repr, repr], Bool)
            }
            14 => (Op::And, vec![Bool, Bool], Bool),
            15 => (Op::Or, vec![Bool, Bool], Bool),
            16 => (Op::Not, vec![Bool], Bool),
            17 => (Op::IsNull, vec![choices.one_of(&REPRS)], Bool),
            18 => {
                let repr = choices.one_of(&REPRS);
                (Op::Select, vec![Bool, repr, repr], repr)
            }
            19 => {
                let repr = choices.one_of(&REPRS);
                (Op::NullUnless, vec![repr, Bool], repr)
            }
            20 => return self.coalesce(choices),
            30 => (Op::RoundReal, vec![Float], Float),
            31 => (Op::Widen, vec![Int], Wide),
            32 => (Op::MulWide, vec![Int, Int], Wide),
            21 => (Op::IntToFloat, vec![Int], Float),
            22 => (Op::BoolToInt, vec![Bool], Int),
            23 => (Op::NormFloat, vec![Float], Float),
            24 => (choices.one_of(&[&Op::WindowStart, &Op::WindowEnd, &Op::Now]).clone(), vec![], Int),
            _ => {
                let id = FnId(choices.below(FUNCTIONS.len()) as u16);
                (Op::Call(id), id.def().args.to_vec(), id.def().ret)
            }
        };
        let fallible = match &op {
            Op::Add(_) | Op::Sub(_) | Op::Mul(_) | Op::Neg(_) | Op::Div(_) | Op::Rem => true,
            Op::NonZero | Op::NonNegative | Op::Fit(_) => true,
            Op::Call(id) => id.def().fallible,
            _ => false,
        };
        let fail = match choices.below(4) {
            _ if !fallible => Fail::Never,
            0 => Fail::Null,
            1 => Fail::Never,
            _ => Fail::Site(site),
        };
        let args: Vec<Val> = args.into_iter().map(|repr| self.value(choices, repr)).collect();
        let guard = if fallible { self.guard(choices) } else { None };
        self.push(op, &args, ret, fail, guard);
    }

    /// `COALESCE(a, b)`.
    fn coalesce(&mut self, choices: &mut Choices) {
        let repr = choices.one_of(&[Repr::Int, Repr::Text, Repr::Float, Repr::Bool, Repr::Wide, Repr::Bytes]);
        let (a, b) = (self.value(choices, repr), self.value(choices, repr));
        let is_null = self.push(Op::IsNull, &[a], Repr::Bool, Fail::Never, None);
        let value = self.push(Op::Unwrap, &[a], repr, Fail::Never, None);
        self.push(Op::Select, &[is_null, b, value], repr, Fail::Never, None);
    }
}
