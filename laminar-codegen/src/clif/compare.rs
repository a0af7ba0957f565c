//! Comparisons.

use super::lane::Words;
use super::stage::Stage;
use super::symbols::Symbol;
use crate::sir::{CmpOp, Const, Op, Val};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{Endianness, InstBuilder, MemFlagsData, Type, Value, types};
use laminar_runtime::schema::Repr;
use laminar_runtime::types::civil::DAY_NS;

/// Longest constant that a text is compared with in place.
const INLINE_TEXT_MAX: usize = 16;

impl Stage<'_, '_, '_> {
    /// An `i8`: whether the comparison holds.
    pub(super) fn compare(&mut self, op: CmpOp, left: Val, right: Val) -> Value {
        if let Some((x, divisor)) = self.remainder_beside_zero(op, left, right) {
            let divides = self.divides(x, divisor);
            return if op == CmpOp::Ne { self.b.ins().bxor_imm_s(divides, 1) } else { divides };
        }
        let (x, y) = (self.lane(left).words, self.lane(right).words);
        match self.program.insts[left.0 as usize].repr {
            Repr::Bool => self.b.ins().icmp(unsigned(op), x.first(), y.first()),
            Repr::Int => self.b.ins().icmp(signed(op), x.first(), y.first()),
            Repr::Wide => {
                let (x, y) = (self.joined(x), self.joined(y));
                self.b.ins().icmp(signed(op), x, y)
            }
            Repr::Float => self.compare_floats(op, left, right),
            Repr::Interval => {
                let (x, y) = (self.interval_ns(x), self.interval_ns(y));
                self.b.ins().icmp(signed(op), x, y)
            }
            Repr::Text | Repr::Bytes => self.compare_texts(op, left, right),
        }
    }

    /// `x % d` where it is compared with 0 for equality, `d` a constant that a remainder can be of.
    fn remainder_beside_zero(&self, op: CmpOp, left: Val, right: Val) -> Option<(Value, i64)> {
        if !matches!(op, CmpOp::Eq | CmpOp::Ne) || self.constant(right) != Some(&Const::Int(0)) {
            return None;
        }
        let rem = &self.program.insts[left.0 as usize];
        match (&rem.op, self.constant(*rem.args.get(1)?)?) {
            (Op::Rem, &Const::Int(d)) if d.unsigned_abs() > 1 => {
                let x = self.lanes[rem.args[0].0 as usize]?.words.first();
                Some((x, d))
            }
            _ => None,
        }
    }

    /// An `i8`: whether the constant divides `x`. No remainder is needed for that: with `d = odd * 2^k`, the inverse of `odd` modulo
    /// 2^64 takes the multiples of `odd`, and them alone, to what is small enough to be their quotient.
    fn divides(&mut self, x: Value, d: i64) -> Value {
        let d = d.unsigned_abs();
        let low_zeros = d.trailing_zeros();
        let odd = d >> low_zeros;
        let b = &mut *self.b;
        let quotient = b.ins().imul_imm_s(x, inverse(odd) as i64);
        // Quotients go from −2^63 / odd to (2^63 − 1) / odd, both toward zero.
        let (below, above) = ((1 << 63) / odd, i64::MAX as u64 / odd);
        let from_least = b.ins().iadd_imm_s(quotient, below as i64);
        let most = b.ins().iconst(types::I64, (below.wrapping_add(above)) as i64);
        let is_multiple = b.ins().icmp(IntCC::UnsignedLessThanOrEqual, from_least, most);
        if low_zeros == 0 {
            return is_multiple;
        }
        let low = b.ins().band_imm_u(x, ((1_u64 << low_zeros) - 1) as i64);
        let is_even = b.ins().icmp_imm_s(IntCC::Equal, low, 0);
        b.ins().band(is_multiple, is_even)
    }

    /// The total order by IEEE comparisons. A constant that is not NaN needs fewer of them.
    fn compare_floats(&mut self, op: CmpOp, left: Val, right: Val) -> Value {
        let (x, y) = (self.lane(left).words.first(), self.lane(right).words.first());
        match op {
            CmpOp::Gt => return self.float_less(right, left),
            CmpOp::Ge => return self.float_less_or_equal(right, left),
            CmpOp::Lt => return self.float_less(left, right),
            CmpOp::Le => return self.float_less_or_equal(left, right),
            CmpOp::Eq | CmpOp::Ne => {}
        }
        let equal = self.b.ins().fcmp(FloatCC::Equal, x, y);
        let equal = if self.never_nan(left) || self.never_nan(right) {
            equal
        } else {
            let x_nan = self.b.ins().fcmp(FloatCC::Unordered, x, x);
            let y_nan = self.b.ins().fcmp(FloatCC::Unordered, y, y);
            let both = self.b.ins().band(x_nan, y_nan);
            self.b.ins().bor(equal, both)
        };
        if op == CmpOp::Ne { self.b.ins().bxor_imm_s(equal, 1) } else { equal }
    }

    /// `x < y`: x is a number, and y is greater or NaN.
    fn float_less(&mut self, left: Val, right: Val) -> Value {
        let (x, y) = (self.lane(left).words.first(), self.lane(right).words.first());
        if self.never_nan(right) {
            return self.b.ins().fcmp(FloatCC::LessThan, x, y);
        }
        let less = self.b.ins().fcmp(FloatCC::UnorderedOrLessThan, x, y);
        if self.never_nan(left) {
            return less;
        }
        let number = self.b.ins().fcmp(FloatCC::Ordered, x, x);
        self.b.ins().band(less, number)
    }

    /// `x <= y`: y is NaN, or both are numbers and x is not greater.
    fn float_less_or_equal(&mut self, left: Val, right: Val) -> Value {
        let (x, y) = (self.lane(left).words.first(), self.lane(right).words.first());
        if self.never_nan(right) {
            return self.b.ins().fcmp(FloatCC::LessThanOrEqual, x, y);
        }
        if self.never_nan(left) {
            return self.b.ins().fcmp(FloatCC::UnorderedOrLessThanOrEqual, x, y);
        }
        let less = self.b.ins().fcmp(FloatCC::LessThanOrEqual, x, y);
        let nan = self.b.ins().fcmp(FloatCC::Unordered, y, y);
        self.b.ins().bor(less, nan)
    }

    fn never_nan(&self, val: Val) -> bool {
        matches!(self.constant(val), Some(Const::Float(x)) if !x.is_nan())
    }

    /// A pair as one `i128`.
    fn joined(&mut self, words: Words) -> Value {
        let (low, high) = words.pair();
        self.b.ins().iconcat(low, high)
    }

    /// Length of an interval in ns, an `i128`.
    fn interval_ns(&mut self, interval: Words) -> Value {
        let (dates, ns) = interval.pair();
        let b = &mut *self.b;
        let months = b.ins().ireduce(types::I32, dates);
        let months = b.ins().sextend(types::I64, months);
        let days = b.ins().sshr_imm_s(dates, 32);
        let month_days = b.ins().imul_imm_s(months, 30);
        let days = b.ins().iadd(month_days, days);
        let day_ns = b.ins().iconst(types::I64, DAY_NS);
        let low = b.ins().imul(days, day_ns);
        let high = b.ins().smulhi(days, day_ns);
        let days_ns = b.ins().iconcat(low, high);
        let ns = b.ins().sextend(types::I128, ns);
        b.ins().iadd(days_ns, ns)
    }

    fn compare_texts(&mut self, op: CmpOp, left: Val, right: Val) -> Value {
        if matches!(op, CmpOp::Eq | CmpOp::Ne) {
            let equal = match (self.short_text(left), self.short_text(right)) {
                (_, Some(text)) => self.text_is(left, &text),
                (Some(text), _) => self.text_is(right, &text),
                _ => self.texts_equal(left, right),
            };
            return if op == CmpOp::Ne { self.b.ins().bxor_imm_s(equal, 1) } else { equal };
        }
        let (x, x_len) = self.lane(left).words.pair();
        let (y, y_len) = self.lane(right).words.pair();
        let function = self.symbols.get(self.b.func, Symbol::TextCmp);
        let call = self.b.ins().call(function, &[x, x_len, y, y_len]);
        let order = self.b.inst_results(call)[0];
        self.b.ins().icmp_imm_s(signed(op), order, 0)
    }

    fn short_text(&self, val: Val) -> Option<String> {
        match self.constant(val) {
            Some(Const::Text(text)) if text.len() <= INLINE_TEXT_MAX => Some(text.clone()),
            _ => None,
        }
    }

    /// Equal lengths, then equal bytes.
    fn texts_equal(&mut self, left: Val, right: Val) -> Value {
        let (x, x_len) = self.lane(left).words.pair();
        let (y, y_len) = self.lane(right).words.pair();
        let same_length = self.b.ins().icmp(IntCC::Equal, x_len, y_len);
        self.if_then(same_length, |stage| {
            let function = stage.symbols.get(stage.b.func, Symbol::TextEq);
            let call = stage.b.ins().call(function, &[x, x_len, y, y_len]);
            let equal = stage.b.inst_results(call)[0];
            stage.b.ins().ireduce(types::I8, equal)
        })
    }

    /// Whether a text is a short constant: its length, then its bytes in one or two loads that may overlap.
    fn text_is(&mut self, val: Val, text: &str) -> Value {
        let (address, len) = self.lane(val).words.pair();
        let same_length = self.b.ins().icmp_imm_s(IntCC::Equal, len, text.len() as i64);
        if text.is_empty() {
            return same_length;
        }
        self.if_then(same_length, |stage| {
            let mut equal = None;
            for (ty, at) in loads(text.len()) {
                let mut bytes = [0; 8];
                let part = &text.as_bytes()[at..at + ty.bytes() as usize];
                bytes[..part.len()].copy_from_slice(part);
                // Bytes of a text have no alignment, and are there only under the branch: the load stays where it is.
                let flags = MemFlagsData::new().with_notrap().with_endianness(Endianness::Little);
                let found = stage.b.ins().load(ty, flags, address, at as i32);
                let expected = stage.b.ins().iconst(ty, i64::from_le_bytes(bytes));
                let same = stage.b.ins().icmp(IntCC::Equal, found, expected);
                equal = Some(equal.map_or(same, |before| stage.b.ins().band(before, same)));
            }
            equal.unwrap_or(same_length)
        })
    }

    /// `then()` where `condition`, else 0. What `then` reads exists before.
    fn if_then(&mut self, condition: Value, then: impl FnOnce(&mut Self) -> Value) -> Value {
        let [yes, done] = [(); 2].map(|()| self.b.create_block());
        let result = self.b.append_block_param(done, types::I8);
        let no = self.b.ins().iconst(types::I8, 0);
        self.b.ins().brif(condition, yes, &[], done, &[no.into()]);
        self.b.switch_to_block(yes);
        let value = then(self);
        self.b.ins().jump(done, &[value.into()]);
        self.b.switch_to_block(done);
        result
    }
}

/// Loads that cover `len` bytes (1 to 16): type and offset of each.
fn loads(len: usize) -> Vec<(Type, usize)> {
    let width = match len {
        8.. => types::I64,
        4..8 => types::I32,
        2..4 => types::I16,
        _ => types::I8,
    };
    let last = len - width.bytes() as usize;
    if last == 0 { vec![(width, 0)] } else { vec![(width, 0), (width, last)] }
}

fn signed(op: CmpOp) -> IntCC {
    match op {
        CmpOp::Eq => IntCC::Equal,
        CmpOp::Ne => IntCC::NotEqual,
        CmpOp::Lt => IntCC::SignedLessThan,
        CmpOp::Le => IntCC::SignedLessThanOrEqual,
        CmpOp::Gt => IntCC::SignedGreaterThan,
        CmpOp::Ge => IntCC::SignedGreaterThanOrEqual,
    }
}

fn unsigned(op: CmpOp) -> IntCC {
    signed(op).unsigned()
}

/// The inverse of an odd number modulo 2^64: each step of Newton's doubles the bits that are right, of which any odd number has three.
fn inverse(odd: u64) -> u64 {
    (0..5).fold(odd, |inverse, _| inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverses() {
        for odd in [1, 3, 5, 123, 125, u64::MAX, (1 << 62) + 1] {
            assert_eq!(odd.wrapping_mul(inverse(odd)), 1, "{odd}");
        }
    }

    #[test]
    fn loads_cover_a_text() {
        for len in 1..=INLINE_TEXT_MAX {
            let mut covered = vec![false; len];
            for (ty, at) in loads(len) {
                covered[at..at + ty.bytes() as usize].fill(true);
            }
            assert!(covered.iter().all(|c| *c), "{len}");
        }
    }
}
