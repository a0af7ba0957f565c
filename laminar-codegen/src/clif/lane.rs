//! Values of one row as Cranelift holds them.

use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value, types};
use cranelift_frontend::FunctionBuilder;
use laminar_runtime::schema::Repr;

/// A value: Bool as an `i8` of 0 or 1, Int as an `i64`, Float as an `f64`, pairs as two `i64`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lane {
    pub(super) words: Words,
    /// An `i8` of 0 or 1; none where it is never NULL.
    pub(super) valid: Option<Value>,
}

/// The words of a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Words {
    One(Value),
    Pair(Value, Value),
}

impl Words {
    /// The one word, or the first of a pair.
    pub(super) fn first(self) -> Value {
        match self {
            Words::One(a) | Words::Pair(a, _) => a,
        }
    }

    /// Both words of a pair; the one word twice otherwise.
    pub(super) fn pair(self) -> (Value, Value) {
        match self {
            Words::One(a) => (a, a),
            Words::Pair(a, b) => (a, b),
        }
    }

    /// Applies `f` to corresponding words.
    pub(super) fn zip(self, other: Words, mut f: impl FnMut(Value, Value) -> Value) -> Words {
        match (self, other) {
            (Words::Pair(a, b), Words::Pair(c, d)) => Words::Pair(f(a, c), f(b, d)),
            (a, b) => Words::One(f(a.first(), b.first())),
        }
    }

    /// The words, one or two.
    pub(super) fn values(self) -> impl Iterator<Item = Value> {
        match self {
            Words::One(a) => [Some(a), None],
            Words::Pair(a, b) => [Some(a), Some(b)],
        }
        .into_iter()
        .flatten()
    }
}

/// Types of the words of a representation.
pub(super) fn word_types(repr: Repr) -> &'static [Type] {
    match repr {
        Repr::Bool => &[types::I8],
        Repr::Int => &[types::I64],
        Repr::Float => &[types::F64],
        Repr::Text | Repr::Bytes | Repr::Interval | Repr::Wide => &[types::I64, types::I64],
    }
}

/// Zero of a representation.
pub(super) fn zero(b: &mut FunctionBuilder<'_>, repr: Repr) -> Words {
    match repr {
        Repr::Bool => Words::One(b.ins().iconst(types::I8, 0)),
        Repr::Int => Words::One(b.ins().iconst(types::I64, 0)),
        Repr::Float => Words::One(b.ins().f64const(0.0)),
        Repr::Text | Repr::Bytes | Repr::Interval | Repr::Wide => {
            let zero = b.ins().iconst(types::I64, 0);
            Words::Pair(zero, zero)
        }
    }
}

/// Memory of the runtime that this stage does not write: loads may be merged and moved to their use.
pub(super) fn input() -> MemFlagsData {
    MemFlagsData::trusted().with_readonly().with_can_move()
}

/// Memory that this stage writes.
pub(super) fn output() -> MemFlagsData {
    MemFlagsData::trusted()
}

/// Loads a cell as a value of `repr`.
pub(super) fn load_cell(
    b: &mut FunctionBuilder<'_>,
    repr: Repr,
    flags: MemFlagsData,
    address: Value,
    offset: i32,
) -> Words {
    match repr {
        Repr::Bool => {
            let word = b.ins().load(types::I64, flags, address, offset);
            Words::One(b.ins().ireduce(types::I8, word))
        }
        Repr::Int => Words::One(b.ins().load(types::I64, flags, address, offset)),
        Repr::Float => Words::One(b.ins().load(types::F64, flags, address, offset)),
        Repr::Text | Repr::Bytes | Repr::Interval | Repr::Wide => {
            let low = b.ins().load(types::I64, flags, address, offset);
            let high = b.ins().load(types::I64, flags, address, offset + 8);
            Words::Pair(low, high)
        }
    }
}
