//! One instruction of scalar IR as Rust: `let v3: i64 = …;`, with `n3` its validity where it may be NULL.
//!
//! A lane that fails leaves the row at once, by `break 'row SITE`: no later instruction has an effect, so that the
//! first error is the one that counts.

use super::chain::{self, Chain};
use crate::sir::{CmpOp, Const, Fail, Inst, Op, Program, Range, Val};
use laminar_runtime::schema::Repr;
use proc_macro2::{Ident, Literal, Punct, Spacing, TokenStream};
use quote::{ToTokens, TokenStreamExt, format_ident, quote};

/// Where the inputs of a program come from.
pub(crate) trait Place {
    /// The value of input `input`, and its validity where that is not NOT NULL.
    fn load(&self, program: &Program, input: usize) -> (TokenStream, TokenStream);
    /// Start of window, end of window, clock.
    fn time(&self, op: &Op) -> TokenStream;
}

/// Name of a value.
pub(crate) fn v(val: Val) -> Ident {
    format_ident!("v{}", val.0)
}

/// Name of its validity.
pub(crate) fn n(val: Val) -> Ident {
    format_ident!("n{}", val.0)
}

/// The Rust type that holds values of a representation.
///
/// Not a stream: joining streams is a call into the compiler, and every `let` has a type.
#[derive(Clone, Copy)]
pub(crate) struct RustType(pub Repr);

impl ToTokens for RustType {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let (is_ours, name) = match self.0 {
            Repr::Bool => (false, "bool"),
            Repr::Int => (false, "i64"),
            Repr::Float => (false, "f64"),
            Repr::Text => (true, "TextRef"),
            Repr::Bytes => (true, "BytesRef"),
            Repr::Interval => (true, "Interval"),
            Repr::Wide => (false, "i128"),
        };
        if is_ours {
            tokens.append(format_ident!("rt"));
            tokens.append(Punct::new(':', Spacing::Joint));
            tokens.append(Punct::new(':', Spacing::Alone));
        }
        tokens.append(format_ident!("{name}"));
    }
}

/// The value of a lane that is not computed.
pub(crate) fn zero(repr: Repr) -> TokenStream {
    match repr {
        Repr::Bool => quote!(false),
        Repr::Int => quote!(0i64),
        Repr::Float => quote!(0f64),
        Repr::Text => quote!(rt::TextRef::EMPTY),
        Repr::Bytes => quote!(rt::BytesRef::EMPTY),
        Repr::Interval => quote!(rt::Interval::ZERO),
        Repr::Wide => quote!(0i128),
    }
}

/// The instructions `range` of a program, of those that are `needed`.
pub(crate) fn insts(
    program: &Program,
    range: std::ops::Range<usize>,
    needed: &[bool],
    place: &dyn Place,
) -> TokenStream {
    let mut chains = chain::chains(program);
    chains.retain(|c| needed[c.last()]);
    let mut tokens = TokenStream::new();
    for i in range.filter(|&i| needed[i]) {
        match chains.iter().find(|c| c.links.contains(&i)) {
            // Its links come with the last of them.
            Some(chain) if chain.last() == i => tokens.extend(chained(program, chain, place)),
            Some(_) => {}
            None => tokens.extend(inst(program, Val(i as u32), place)),
        }
    }
    tokens
}

/// A chain: unsigned and unchecked where its start is small enough, as it always is in practice; else link by link.
fn chained(program: &Program, chain: &Chain, place: &dyn Place) -> TokenStream {
    let (start, last) = (chain.start, Val(chain.last() as u32));
    let (from, name, most) = (v(start), v(last), int(chain.start_max));
    let exact: TokenStream = chain.links.iter().map(|&i| inst(program, Val(i as u32), place)).collect();
    let steps = chain.links.iter().map(|&i| {
        let link = &program.insts[i];
        let by = link.args.iter().find_map(|&a| match at(program, a).op {
            Op::Const(Const::Int(by)) => Some(Literal::u64_unsuffixed(by as u64)),
            _ => None,
        });
        match link.op {
            Op::Add(_) => quote!(+ #by),
            Op::Mul(_) => quote!(* #by),
            Op::Div(_) => quote!(/ #by),
            _ => quote!(% #by),
        }
    });
    let fast = steps.fold(quote!(#from as u64), |value, step| quote!((#value) #step));
    let validity = program.insts[last.0 as usize].nullable.then(|| {
        let (valid, from) = (n(last), validity(program, start));
        quote!(let #valid: bool = #from;)
    });
    quote! {
        let #name: i64 = if #from as u64 <= #most {
            (#fast) as i64
        } else {
            ::core::hint::cold_path();
            #exact
            #name
        };
        #validity
    }
}

/// Which instructions have an effect: those that can fail, filter, time, the outputs that `out` chooses, and all that
/// these use.
pub(crate) fn needed(program: &Program, out: impl Fn(usize) -> bool) -> Vec<bool> {
    let outs = program.outs.iter().enumerate().filter(|(k, _)| out(*k)).map(|(_, o)| o.val);
    let failing = program.insts.iter().zip(0..).filter(|(i, _)| matches!(i.fail, Fail::Site(_)));
    let failing = failing.map(|(_, i)| Val(i));
    reaching(program, outs.chain(program.filter).chain(program.time.map(|t| t.val)).chain(failing))
}

/// Which instructions `roots` use, themselves among them.
pub(crate) fn reaching(program: &Program, roots: impl Iterator<Item = Val>) -> Vec<bool> {
    let mut needed = vec![false; program.insts.len()];
    roots.for_each(|val| needed[val.0 as usize] = true);
    for i in (0..program.insts.len()).rev() {
        if needed[i] {
            let inst = &program.insts[i];
            for arg in inst.args.iter().chain(&inst.guard) {
                needed[arg.0 as usize] = true;
            }
        }
    }
    needed
}

/// `v7 & n7`: whether a Bool is TRUE.
pub(crate) fn is_true(program: &Program, val: Val) -> TokenStream {
    let v = v(val);
    match nullable(program, val) {
        true => {
            let n = n(val);
            quote!((#v & #n))
        }
        false => quote!(#v),
    }
}

fn at(program: &Program, val: Val) -> &Inst {
    &program.insts[val.0 as usize]
}

pub(crate) fn nullable(program: &Program, val: Val) -> bool {
    at(program, val).nullable
}

/// The validity of a value as an expression.
pub(crate) fn validity(program: &Program, val: Val) -> TokenStream {
    if nullable(program, val) {
        let n = n(val);
        quote!(#n)
    } else {
        quote!(true)
    }
}

/// Whether none of the arguments is NULL; empty where none can be.
fn all_valid(program: &Program, args: &[Val]) -> Vec<Ident> {
    args.iter().filter(|&&a| nullable(program, a)).map(|&a| n(a)).collect()
}

fn inst(program: &Program, val: Val, place: &dyn Place) -> TokenStream {
    let inst = at(program, val);
    let (name, valid) = (v(val), n(val));
    let ty = RustType(inst.repr);
    let a: Vec<Ident> = inst.args.iter().map(|&a| v(a)).collect();
    let is = |i: usize| is_true(program, inst.args[i]);
    let valid_of = |i: usize| validity(program, inst.args[i]);

    // What is not strict ends here.
    let open = match &inst.op {
        Op::Input(input) => Some(place.load(program, *input as usize)),
        Op::Const(c) => Some((constant(c), quote!(true))),
        Op::Null => Some((zero(inst.repr), quote!(false))),
        Op::WindowStart | Op::WindowEnd | Op::Now => Some((place.time(&inst.op), quote!(true))),
        Op::And | Op::Or => Some(logic(program, inst)),
        Op::IsNull => {
            let valid = valid_of(0);
            Some((quote!(!#valid), quote!(true)))
        }
        Op::Select => {
            let (c, b, d) = (is(0), &a[1], &a[2]);
            let (nb, nd) = (valid_of(1), valid_of(2));
            Some((quote!(if #c { #b } else { #d }), quote!(if #c { #nb } else { #nd })))
        }
        Op::NullUnless => {
            let (b, nb, c) = (&a[0], valid_of(0), is(1));
            Some((quote!(#b), quote!(#nb & #c)))
        }
        Op::Unwrap => {
            let b = &a[0];
            Some((quote!(#b), quote!(true)))
        }
        _ => None,
    };
    if let Some((value, validity)) = open {
        let validity = inst.nullable.then(|| quote!(let #valid: bool = #validity;));
        return quote!(let #name: #ty = #value; #validity);
    }

    if let Op::CallRust(f) = &inst.op {
        return super::function::call(program, val, inst, f);
    }
    let Strict { value, flagged } = strict(program, inst, &a);
    let valids = all_valid(program, &inst.args);
    let bad = format_ident!("b{}", val.0);
    let fails = inst.fail != Fail::Never && !matches!(flagged, Flag::Never);
    let compute = match (&flagged, fails) {
        (Flag::Pair, true) => quote!(let (#name, #bad): (#ty, bool) = #value;),
        (Flag::Pair, false) => quote!(let #name: #ty = #value.0;),
        (Flag::Apart(test), true) => quote!(let #name: #ty = #value; let #bad: bool = #test;),
        (Flag::Apart(_) | Flag::Never, _) => quote!(let #name: #ty = #value;),
    };
    let raise = match inst.fail {
        Fail::Site(site) if fails => {
            let site = Literal::u16_unsuffixed(site);
            let guard = inst.guard.map(v);
            let active = valids.iter().chain(&guard);
            quote!(if #bad #(& #active)* { break 'row #site; })
        }
        _ => TokenStream::new(),
    };
    let validity = inst.nullable.then(|| {
        let good = (fails && inst.fail == Fail::Null).then(|| quote!(& !#bad));
        match &valids[..] {
            [] => quote!(let #valid: bool = true #good;),
            [first, rest @ ..] => quote!(let #valid: bool = #first #(& #rest)* #good;),
        }
    });
    quote!(#compute #raise #validity)
}

/// A strict operation.
struct Strict {
    value: TokenStream,
    flagged: Flag,
}

/// How the result is known to be bad.
enum Flag {
    /// It never is.
    Never,
    /// The value is a pair with the flag.
    Pair,
    /// By a test of its own.
    Apart(TokenStream),
}

fn strict(program: &Program, inst: &Inst, a: &[Ident]) -> Strict {
    let pair = |name: &str, range: Range| {
        let f = format_ident!("{name}_{}", range_name(range));
        Strict { value: quote!(rt::ops::#f(#(#a),*)), flagged: Flag::Pair }
    };
    let plain = |value| Strict { value, flagged: Flag::Never };
    let apart = |value, test| Strict { value, flagged: Flag::Apart(test) };
    let (x, y) = (a.first(), a.get(1));
    match &inst.op {
        Op::Add(range) => pair("add", *range),
        Op::Sub(range) => pair("sub", *range),
        Op::Mul(range) => pair("mul", *range),
        Op::Div(range) => pair("div", *range),
        Op::Neg(range) => {
            let f = format_ident!("sub_{}", range_name(*range));
            Strict { value: quote!(rt::ops::#f(0, #x)), flagged: Flag::Pair }
        }
        Op::Rem => Strict { value: quote!(rt::ops::rem(#x, #y)), flagged: Flag::Pair },
        Op::NonZero => apart(quote!(#x), quote!(#x == 0)),
        Op::NonNegative => apart(quote!(#x), quote!(#x < 0)),
        Op::Fit(Range::I64) => plain(quote!(#x)),
        Op::Fit(Range::I16) => apart(quote!(#x), quote!(rt::ops::not_i16(#x))),
        Op::Fit(Range::I32) => apart(quote!(#x), quote!(rt::ops::not_i32(#x))),
        Op::Fit(Range::Dec18) => apart(quote!(#x), quote!(rt::ops::not_dec18(#x))),
        Op::FAdd => plain(quote!(#x + #y)),
        Op::FSub => plain(quote!(#x - #y)),
        Op::FMul => plain(quote!(#x * #y)),
        Op::FDiv => plain(quote!(#x / #y)),
        Op::FNeg => plain(quote!(-#x)),
        Op::Cmp(op) => plain(match divisibility(program, inst) {
            Some((of, by)) => {
                let (not, of, by) = ((*op == CmpOp::Ne).then(|| quote!(!)), v(of), int(by));
                quote!(#not rt::ops::is_multiple::<{ #by }>(#of))
            }
            None => compare(*op, at(program, inst.args[0]).repr, &a[0], &a[1]),
        }),
        Op::Not => plain(quote!(!#x)),
        Op::RoundReal => plain(quote!(#x as f32 as f64)),
        Op::Widen => plain(quote!(#x as i128)),
        Op::MulWide => plain(quote!(#x as i128 * #y as i128)),
        Op::IntToFloat => plain(quote!(#x as f64)),
        Op::BoolToInt => plain(quote!(#x as i64)),
        Op::NormFloat => plain(quote!(rt::ops::norm(#x))),
        Op::Call(id) => {
            let def = id.def();
            let f = format_ident!("{}", def.name);
            let arena = def.arena.then(|| quote!(arena,));
            let call = quote!(rt::scalar::#f(#arena #(#a),*));
            match def.fallible {
                true => {
                    let zero = zero(inst.repr);
                    Strict { value: quote!(rt::ops::outcome(#call, #zero)), flagged: Flag::Pair }
                }
                false => plain(call),
            }
        }
        // Handled before: these are not strict, or not in all arguments.
        Op::Input(_)
        | Op::Const(_)
        | Op::Null
        | Op::WindowStart
        | Op::WindowEnd
        | Op::Now
        | Op::And
        | Op::Or
        | Op::IsNull
        | Op::Select
        | Op::NullUnless
        | Op::Unwrap
        | Op::CallRust(_) => plain(zero(inst.repr)),
    }
}

/// For `x % 123 = 0` and its opposite: `x` and 123.
fn divisibility(program: &Program, inst: &Inst) -> Option<(Val, i64)> {
    let (remainder, zero) = (at(program, inst.args[0]), at(program, inst.args[1]));
    match (&inst.op, &remainder.op, &zero.op) {
        (Op::Cmp(CmpOp::Eq | CmpOp::Ne), Op::Rem, Op::Const(Const::Int(0))) => {
            match at(program, remainder.args[1]).op {
                Op::Const(Const::Int(by)) if by != 0 => Some((remainder.args[0], by)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn range_name(range: Range) -> &'static str {
    match range {
        Range::I16 => "i16",
        Range::I32 => "i32",
        Range::I64 => "i64",
        Range::Dec18 => "dec18",
    }
}

fn compare(op: CmpOp, repr: Repr, a: &Ident, b: &Ident) -> TokenStream {
    let sign = match op {
        CmpOp::Eq => quote!(==),
        CmpOp::Ne => quote!(!=),
        CmpOp::Lt => quote!(<),
        CmpOp::Le => quote!(<=),
        CmpOp::Gt => quote!(>),
        CmpOp::Ge => quote!(>=),
    };
    match (repr, op) {
        (Repr::Bool | Repr::Int | Repr::Wide, _) => quote!(#a #sign #b),
        (Repr::Float, CmpOp::Eq) => quote!(rt::ops::float_eq(#a, #b)),
        (Repr::Float, CmpOp::Ne) => quote!(!rt::ops::float_eq(#a, #b)),
        (Repr::Float, CmpOp::Lt) => quote!(rt::ops::float_lt(#a, #b)),
        (Repr::Float, CmpOp::Le) => quote!(rt::ops::float_le(#a, #b)),
        (Repr::Float, CmpOp::Gt) => quote!(rt::ops::float_lt(#b, #a)),
        (Repr::Float, CmpOp::Ge) => quote!(rt::ops::float_le(#b, #a)),
        (Repr::Text, CmpOp::Eq) => quote!(rt::scalar::text_eq(#a, #b)),
        (Repr::Text, CmpOp::Ne) => quote!(!rt::scalar::text_eq(#a, #b)),
        (Repr::Text, _) => quote!(rt::scalar::text_cmp(#a, #b) #sign 0),
        (Repr::Bytes, CmpOp::Eq) => quote!(rt::scalar::bytes_eq(#a, #b)),
        (Repr::Bytes, CmpOp::Ne) => quote!(!rt::scalar::bytes_eq(#a, #b)),
        (Repr::Bytes, _) => quote!(rt::scalar::bytes_cmp(#a, #b) #sign 0),
        (Repr::Interval, _) => quote!(rt::scalar::interval_cmp(#a, #b) #sign 0),
    }
}

/// Three-valued AND and OR: a FALSE (TRUE) on one side decides, whatever the other is.
fn logic(program: &Program, inst: &Inst) -> (TokenStream, TokenStream) {
    let (a, b) = (inst.args[0], inst.args[1]);
    let (ta, tb) = (is_true(program, a), is_true(program, b));
    let (va, vb) = (v(a), v(b));
    let (na, nb) = (validity(program, a), validity(program, b));
    match inst.op {
        Op::And => (quote!(#ta & #tb), quote!((#na & #nb) | (#na & !#va) | (#nb & !#vb))),
        _ => (quote!(#ta | #tb), quote!((#na & #nb) | #ta | #tb)),
    }
}

fn constant(c: &Const) -> TokenStream {
    match c {
        Const::Bool(b) => quote!(#b),
        Const::Int(i) => int(*i),
        Const::Float(x) if x.is_finite() && x.is_sign_positive() => {
            let x = Literal::f64_suffixed(*x);
            quote!(#x)
        }
        Const::Float(x) => {
            let bits = Literal::u64_suffixed(x.to_bits());
            quote!(f64::from_bits(#bits))
        }
        Const::Text(t) => quote!(rt::TextRef::new(#t)),
        Const::Bytes(b) => {
            let b = Literal::byte_string(b);
            quote!(rt::BytesRef::new(#b))
        }
        Const::Wide(w) => {
            let magnitude = Literal::u128_unsuffixed(w.unsigned_abs());
            match *w {
                i128::MIN => quote!(i128::MIN),
                w if w < 0 => quote!(-#magnitude),
                _ => quote!(#magnitude),
            }
        }
        Const::Interval(i) => {
            let (months, days, ns) = (int(i.months.into()), int(i.days.into()), int(i.ns));
            quote!(rt::Interval { months: #months, days: #days, ns: #ns })
        }
    }
}

/// An integer; the type comes from where it stands.
pub(crate) fn int(i: i64) -> TokenStream {
    let magnitude = Literal::u64_unsuffixed(i.unsigned_abs());
    match i {
        i64::MIN => quote!(i64::MIN),
        i if i < 0 => quote!(-#magnitude),
        _ => quote!(#magnitude),
    }
}

/// Whether a program has a place that can fail.
pub(crate) fn has_sites(program: &Program, range: std::ops::Range<usize>) -> bool {
    program.insts[range].iter().any(|i| matches!(i.fail, Fail::Site(_)))
}

/// Whether an instruction is so cheap that a row that the filter drops may run it as well.
pub(crate) fn is_cheap(inst: &Inst) -> bool {
    match &inst.op {
        Op::Call(_) | Op::CallRust(_) | Op::Div(_) | Op::Rem | Op::FDiv => false,
        Op::Cmp(_) => !inst.repr.is_reference(),
        _ => true,
    }
}
