//! The loop over the rows of a call.
//!
//! Where rows lie one after another, their address alone goes along: a number beside it would cost a register, of which loops that
//! call something have five. What asks for the number rarely has it computed.

use super::POINTER;
use super::stage::{CtxAt, fresh};
use crate::sir::Layout;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use cranelift_frontend::{FunctionBuilder, Variable};

/// Which row is being read.
pub(super) struct Cursor {
    /// Number of the row, where it goes along.
    number: Option<Number>,
    /// Its address, where rows have one.
    address: Option<Address>,
}

struct Number {
    row: Variable,
    hi: Value,
}

struct Address {
    row: Variable,
    end: Value,
    stride: i64,
}

impl Cursor {
    /// Stands at row `lo` of rows before `hi`. `counts`: the number is asked for in each row.
    pub(super) fn new(
        b: &mut FunctionBuilder<'_>,
        (ctx, at): (Value, CtxAt),
        layout: &Layout,
        (lo, hi): (Value, Value),
        counts: bool,
    ) -> Cursor {
        let address = match layout {
            Layout::Cells => None,
            Layout::Rows { stride, .. } => {
                let base = fresh(b, ctx, at.base);
                let stride = *stride as i64;
                let [first, end] = [lo, hi].map(|row| {
                    let offset = b.ins().imul_imm_s(row, stride);
                    b.ins().iadd(base, offset)
                });
                let row = b.declare_var(POINTER);
                b.def_var(row, first);
                Some(Address { row, end, stride })
            }
        };
        let advances = address.as_ref().is_some_and(|a| a.stride > 0);
        let number = (counts || !advances).then(|| {
            let row = b.declare_var(types::I64);
            b.def_var(row, lo);
            Number { row, hi }
        });
        Cursor { number, address }
    }

    /// Number and address of the row, where they go along.
    pub(super) fn now(&self, b: &mut FunctionBuilder<'_>) -> (Option<Value>, Option<Value>) {
        let number = self.number.as_ref().map(|n| b.use_var(n.row));
        (number, self.address.as_ref().map(|a| b.use_var(a.row)))
    }

    /// Number of the row.
    pub(super) fn number(&self, b: &mut FunctionBuilder<'_>, (ctx, at): (Value, CtxAt)) -> Value {
        match self.now(b) {
            (Some(number), _) => number,
            (None, address) => {
                let (address, Address { stride, .. }) =
                    address.zip(self.address.as_ref()).expect("a row has either");
                let base = fresh(b, ctx, at.base);
                let offset = b.ins().isub(address, base);
                b.ins().udiv_imm_u(offset, *stride)
            }
        }
    }

    /// Goes on to the next row; whether there is one.
    pub(super) fn advance(&self, b: &mut FunctionBuilder<'_>) -> Value {
        let mut step = |row: Variable, by: i64| {
            let next = b.use_var(row);
            let next = b.ins().iadd_imm_s(next, by);
            b.def_var(row, next);
            next
        };
        let address = self.address.as_ref().map(|a| (step(a.row, a.stride), a.end));
        let number = self.number.as_ref().map(|n| (step(n.row, 1), n.hi));
        let (next, end) = number.or(address).expect("a row has either");
        b.ins().icmp(IntCC::UnsignedLessThan, next, end)
    }
}
