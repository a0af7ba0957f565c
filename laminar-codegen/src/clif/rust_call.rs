//! Calls of the user's functions: by address, through the trampoline that takes cells and lets no panic out.

use super::POINTER;
use super::lane::{self, Lane, Words, load_cell};
use super::stage::{Stage, field};
use crate::functions::RustFn;
use crate::sir::{Fail, Inst};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{AbiParam, InstBuilder, Value, types};
use laminar_runtime::function::{GIVES_NULL, Registered};

impl Stage<'_, '_, '_> {
    /// A call of `f`; only where the row has not failed, the guard is true and no argument that is wanted plain is NULL.
    pub(super) fn call_rust(&mut self, f: &RustFn, inst: &Inst) -> Lane {
        self.leave_failed();
        let mut valid = None;
        for (_, &arg) in inst.args.iter().enumerate().filter(|(i, _)| f.is_strict(*i)) {
            let arg_valid = self.lane(arg).valid;
            valid = self.both(valid, arg_valid);
        }
        let guard = inst.guard.map(|g| self.lane(g).words.first());
        let active = self.both(valid, guard);
        let args: Vec<Lane> = inst.args.iter().map(|&a| self.lane(a)).collect();
        let (words, status) = self.called_where(active, inst.repr, Some(types::I32), |stage| {
            let Some(code) = &f.code else { unreachable!("programs that run here have their functions") };
            stage.call_registered(code, &args, inst)
        });
        let Some(status) = status else { return Lane { words, valid } };
        if f.gives_null() {
            let given = self.b.ins().icmp_imm_s(IntCC::NotEqual, status, i64::from(GIVES_NULL));
            valid = self.both(valid, Some(given));
        }
        let bad = self.b.ins().icmp_imm_u(IntCC::UnsignedGreaterThan, status, i64::from(GIVES_NULL));
        match inst.fail {
            Fail::Never => {}
            Fail::Null => {
                let good = self.b.ins().bxor_imm_s(bad, 1);
                valid = self.both(valid, Some(good));
            }
            Fail::Site(site) => self.raise(bad, site),
        }
        Lane { words, valid }
    }

    fn call_registered(&mut self, code: &Registered, args: &[Lane], inst: &Inst) -> (Words, Option<Value>) {
        let words: Vec<Words> = args.iter().map(|a| a.words).collect();
        let (args_at, out_at) = self.pass(&words);
        let mut mask = self.b.ins().iconst(types::I64, 0);
        for (i, arg) in args.iter().enumerate() {
            let bit = match arg.valid {
                Some(valid) => {
                    let valid = self.b.ins().uextend(types::I64, valid);
                    self.b.ins().ishl_imm_u(valid, i as i64)
                }
                None => self.b.ins().iconst(types::I64, 1 << i),
            };
            mask = self.b.ins().bor(mask, bit);
        }
        let mut signature = self.symbols.signature();
        signature.params.extend([POINTER, POINTER, POINTER, types::I64, POINTER].map(AbiParam::new));
        signature.returns.push(AbiParam::new(types::I32));
        let signature = self.b.import_signature(signature);
        let context = self.b.ins().iconst(POINTER, code.context() as i64);
        let entry = self.b.ins().iconst(POINTER, code.entry() as usize as i64);
        let arena = field(self.b, self.ctx, self.at.arena);
        let arguments = [context, arena, args_at, mask, out_at];
        let call = self.b.ins().call_indirect(signature, entry, &arguments);
        let status = self.b.inst_results(call)[0];
        (load_cell(self.b, inst.repr, lane::output(), out_at, 0), Some(status))
    }
}
