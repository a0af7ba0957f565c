//! Rust functions of the user's: one item for each that the pipeline calls, so that no name of the code around
//! stands between the path and what it means; and a call of it.

use super::Unit;
use super::value::{RustType, n, nullable, v, validity, zero};
use crate::functions::RustFn;
use crate::sir::{Fail, Inst, Op, Program, Val};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use std::fmt::Write;
use std::sync::Arc;

/// The functions that a pipeline calls, by name.
pub(crate) fn called<'a>(unit: &Unit<'a>) -> Vec<&'a Arc<RustFn>> {
    let insts = unit.pipeline.programs.iter().flat_map(|p| &p.insts);
    let of = |inst: &'a Inst| match &inst.op {
        Op::CallRust(f) => Some(f),
        _ => None,
    };
    let mut called: Vec<&Arc<RustFn>> = insts.filter_map(of).collect();
    called.sort_unstable_by_key(|f| &f.name);
    called.dedup_by_key(|f| &f.name);
    called
}

/// The item of a function.
pub(crate) fn function(f: &RustFn) -> TokenStream {
    let name = ident(f);
    let path: TokenStream = f.path.parse().unwrap_or_default();
    quote! {
        #[inline(always)]
        unsafe fn #name(__arena: *const rt::Arena, __args: &[rt::Cell], __valid: u64) -> rt::function::Called {
            rt::function::call(&#path, __arena, __args, __valid)
        }
    }
}

/// `call_mid`; what an identifier cannot have becomes a number.
fn ident(f: &RustFn) -> Ident {
    let mut name = String::from("call_");
    for c in f.name.chars() {
        match c.is_ascii_alphanumeric() {
            true => name.push(c.to_ascii_lowercase()),
            false => drop(write!(name, "_{:x}_", c as u32)),
        }
    }
    format_ident!("{name}")
}

/// The instruction `val`, a call of `f`.
pub(crate) fn call(program: &Program, val: Val, inst: &Inst, f: &RustFn) -> TokenStream {
    let (name, valid, bad) = (v(val), n(val), format_ident!("b{}", val.0));
    let (ty, zero) = (RustType(inst.repr), zero(inst.repr));
    let function = ident(f);
    let cells = inst.args.iter().map(|&a| {
        let value = v(a);
        quote!(rt::function::cell(#value))
    });
    let arena = match f.uses_arena() {
        true => quote!(arena),
        false => quote!(::core::ptr::null()),
    };
    let mask = inst.args.iter().enumerate().map(|(i, &a)| {
        let (valid, i) = (validity(program, a), Literal::usize_unsuffixed(i));
        quote!(| (#valid as u64) << #i)
    });
    let call = quote!(rt::function::outcome(#function(#arena, &[#(#cells),*], 0 #(#mask)*)));
    let strict = inst.args.iter().enumerate().filter(|&(i, &a)| f.is_strict(i) && nullable(program, a));
    let strict: Vec<Ident> = strict.map(|(_, &a)| n(a)).collect();
    let guard = inst.guard.map(v);
    let value = match strict.iter().chain(&guard).collect::<Vec<_>>()[..] {
        [] => call,
        ref active => quote!(if true #(& #active)* { #call } else { (#zero, true #(& #strict)*, false) }),
    };
    let raise = match inst.fail {
        Fail::Site(site) => {
            let site = Literal::u16_unsuffixed(site);
            quote!(if #bad { break 'row #site; })
        }
        Fail::Null => quote!(let #valid: bool = #valid & !#bad;),
        Fail::Never => TokenStream::new(),
    };
    quote!(let (#name, #valid, #bad): (#ty, bool, bool) = #value; #raise)
}
