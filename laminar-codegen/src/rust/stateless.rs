//! The loop of a pipeline without state: from row to sink in one go, as one would write it by hand.
//!
//! A field of output that is a field of input is cloned, never turned into a value and back: a symbol stays the
//! symbol that it is.

use super::stage::{Fields, StridedPlace, null_time, raises, uses_arena};
use super::value::{insts, is_cheap, is_true, needed, reaching, v, validity};
use super::{OutputField, Unit};
use crate::sir::{Op, Program, Val};
use laminar_runtime::plan::{OutputKind, Plan, Port};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// The edge of input `source`, if its rows can take this way.
pub(crate) fn edge_of(unit: &Unit<'_>, source: usize) -> Option<usize> {
    let plan: &Plan = &unit.pipeline.plan;
    let edge = match plan.sources[source].edges[..] {
        [edge] => edge as usize,
        _ => return None,
    };
    let program = &unit.pipeline.programs[edge];
    let alone = plan.edges[edge].to == Port::Output && !plan.edges[edge].weighted;
    let clock = program.insts.iter().any(|i| i.op == Op::Now);
    let gives = plan.output == OutputKind::Append && plan.order.is_none();
    // Constant rows come first, and are the engine's to take.
    let gives = gives && plan.sources.iter().all(|s| s.rows.is_none());
    (alone && gives && !clock && !uses_arena(program)).then_some(edge)
}

/// The functions of `Reads` that take rows past the engine, and the loop that they share.
pub(crate) fn reads(unit: &Unit<'_>, source: usize, edge: usize) -> (TokenStream, TokenStream) {
    let input = &unit.inputs[source];
    let (ty, at) = (&input.ty, Literal::u32_unsuffixed(source as u32));
    let program = &unit.pipeline.programs[edge];
    let fields = Fields::of(program, input, |_| true);
    let name = format_ident!("input{source}");
    let (generics, parameters) = (fields.generics(), fields.parameters());
    let comma = (!generics.is_empty()).then(|| quote!(,));
    let (of_rows, of_columns) = (fields.of_rows(), fields.of_columns());
    let (filter, selected) = match selects(program) {
        true => selected(unit, program, source, &fields),
        false => Default::default(),
    };
    let straight = straight(unit, program, source, &fields);
    let names = unit.output.fields.iter().map(|f| f.ident.to_string());
    let row = &unit.output.ident;
    let (times, time_max) = match program.time {
        Some(time) => {
            let lane = format_ident!("f{}", time_column(program, time.val));
            (quote!(let mut times = rt::Times::new(#lane, time_max);), quote!(times.end(next)))
        }
        None => (quote!(), quote!(time_max)),
    };
    let shared = quote! {
        #filter
        #[inline]
        unsafe fn #name<S: rt::Sink<#row> #comma #generics>(
            engine: &mut rt::Engine,
            len: usize,
            out: &mut S,
            mut aside: ::core::option::Option<&mut dyn rt::Aside<S>>,
            #parameters
        ) -> ::core::result::Result<(), rt::Error> {
            const FIELDS: &[&str] = &[#(#names),*];
            let time_max = rt::stateless::begin(engine, #at)?;
            #times
            let (mut emitted, mut trouble, mut next) = (0, rt::None, 0);
            'blocks: while next < len {
                #selected
                #straight
            }
            let time_max = #time_max;
            rt::stateless::end::<#row, S>(engine, #at, len, (emitted, time_max), trouble, out)
        }
    };
    let bounds = quote! {
        where
            S: rt::Sink<rt::OutOf<Self>>,
            Self::Aside: rt::AsideKind<S, #ty>
    };
    let functions = quote! {
        #[inline]
        fn rows<S>(
            engine: &mut rt::Engine,
            rows: &[#ty],
            out: &mut S,
        ) -> ::core::result::Result<(), rt::Error>
        #bounds
        {
            let (len, mut given) = (rows.len(), rt::Given::<Self, rt::At<#at>, #ty>::rows(rows));
            // Without a row there is no field to point to.
            if len == 0 {
                return rt::stateless::begin(engine, #at).map(drop);
            }
            let (rows, aside) = (rows.as_ptr(), given.aside(engine));
            // SAFETY: there are `len` rows.
            unsafe { #name(engine, len, out, aside, #of_rows) }
        }
        #[inline]
        fn columns<S>(
            engine: &mut rt::Engine,
            columns: &rt::Columns<'_, #ty>,
            out: &mut S,
        ) -> ::core::result::Result<(), rt::Error>
        #bounds
        {
            let len = rt::EventColumns::rows(columns)?;
            let mut given = rt::Given::<Self, rt::At<#at>, #ty>::columns(columns);
            let aside = given.aside(engine);
            // SAFETY: each column has `len` rows.
            unsafe { #name(engine, len, out, aside, #of_columns) }
        }
    };
    (shared, functions)
}

/// The column that event time is read from.
fn time_column(program: &Program, time: Val) -> u32 {
    let inst = &program.insts[time.0 as usize];
    match (&inst.op, inst.args.first()) {
        (Op::Input(input), _) => program.inputs[*input as usize].column,
        (_, Some(&from)) => time_column(program, from),
        (_, None) => unreachable!("event time is a column"),
    }
}

/// Rows from input to output one by one.
fn straight(unit: &Unit<'_>, program: &Program, source: usize, fields: &Fields<'_>) -> TokenStream {
    let place = &StridedPlace;
    let needed = needed(program, |k| copied(program, k).is_none());
    let before = insts(program, 0..program.split, &needed, place);
    let null_time = null_time(program);
    let after = insts(program, program.split..program.insts.len(), &needed, place);
    let time = see(program);
    let filter = program.filter.map(|filter| {
        let pass = is_true(program, filter);
        quote!(if !#pass { #time continue; })
    });
    let emit = emit(unit, program);
    let at = Literal::u32_unsuffixed(source as u32);
    let skip = program.time.map(|_| quote!(times.skip(next - 1, site);));
    // The loop around sees to rows that fail where the loop over rows does not: state stays in registers there.
    let (block, ask) = match fields.names().first() {
        Some(field) => {
            (quote!(let (end, ahead) = rt::ahead::block(#field, next, len);), quote!(ahead.ask(#field, i);))
        }
        None => (quote!(let end = len;), quote!()),
    };
    quote! {
        #block
        let mut left = end - next;
        let site: u32 = 'row: {
            while left != 0 {
                let i = end - left;
                left -= 1;
                #ask
                #before
                #null_time
                #filter
                #after
                #time
                #emit
            }
            next = end;
            continue 'blocks;
        };
        next = end - left;
        #skip
        let missed = (next - 1, site, FIELDS);
        if rt::stateless::refuse(&mut trouble, engine, #at, missed, aside.as_deref_mut(), out) {
            break;
        }
    }
}

/// Whether, over columns, the filter goes first over a block of rows, and then those that it keeps come out. Not where a row can fail
/// (which one is first would have to be found out), or where what the filter has computed is dear and needed again.
fn selects(program: &Program) -> bool {
    let needed = needed_kept(program);
    let mut again = program.insts[..program.split].iter().zip(needed).filter(|(_, needed)| *needed);
    program.filter.is_some()
        && !program.inputs.is_empty()
        && !raises(program)
        && again.all(|(inst, _)| is_cheap(inst))
}

/// What a row that the filter keeps needs computed.
fn needed_kept(program: &Program) -> Vec<bool> {
    let made = program.outs.iter().enumerate().filter(|(k, _)| copied(program, *k).is_none());
    reaching(program, made.map(|(_, out)| out.val))
}

/// The filter over a block as a function, and what calls it. Apart, it can be compiled for vectors that not every machine has.
fn selected(
    unit: &Unit<'_>,
    program: &Program,
    source: usize,
    fields: &Fields<'_>,
) -> (TokenStream, TokenStream) {
    let Some(filter) = program.filter else { return Default::default() };
    let place = &StridedPlace;
    let before = insts(program, 0..program.split, &needed(program, |_| false), place);
    let (time, pass) = (see(program), is_true(program, filter));
    let (name, wide) = (format_ident!("filter{source}"), format_ident!("filter{source}_wide"));
    let (generics, parameters, lanes) = (fields.generics(), fields.parameters(), fields.names());
    let (times, times_ty) = match program.time {
        Some(time) => {
            let lane = format_ident!("F{}", time_column(program, time.val));
            (quote!(times), quote!(rt::Times<#lane>))
        }
        None => (quote!(none), quote!(())),
    };
    let function = quote! {
        #[inline(always)]
        unsafe fn #name<#generics>(
            flags: *mut bool,
            first: usize,
            rows: usize,
            mut #times: #times_ty,
            #parameters
        ) -> #times_ty {
            let mut k = 0;
            while k < rows {
                let i = first + k;
                #before
                #time
                *flags.add(k) = #pass;
                k += 1;
            }
            #times
        }
        #[cfg_attr(target_arch = "x86_64", target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl"))]
        unsafe fn #wide<#generics>(
            flags: *mut bool,
            first: usize,
            rows: usize,
            #times: #times_ty,
            #parameters
        ) -> #times_ty {
            #name(flags, first, rows, #times, #(#lanes),*)
        }
    };
    let after = insts(program, 0..program.insts.len(), &needed_kept(program), place);
    let (emit, at) = (emit(unit, program), Literal::u32_unsuffixed(source as u32));
    let (set, given) = match program.time {
        Some(_) => (quote!(times =), quote!(times)),
        None => (quote!(), quote!(())),
    };
    let lane = &lanes[0];
    let call = quote! {
        if rt::selection::pays(#lane, len - next) {
            let (first, mut selection) = (next, rt::Selection::new());
            next = rt::selection::block(first, len);
            let rows = next - first;
            #set match rt::selection::has_wide() {
                true => #wide(selection.flags(), first, rows, #given, #(#lanes),*),
                false => #name(selection.flags(), first, rows, #given, #(#lanes),*),
            };
            let kept = selection.number(rows);
            let mut k = 0;
            'kept: while k < kept {
                let i = first + selection.row(k);
                k += 1;
                let site: u32 = 'row: {
                    #after
                    #emit
                    continue 'kept;
                };
                rt::stateless::refuse(&mut trouble, engine, #at, (i, site, FIELDS), rt::None, out);
            }
            continue 'blocks;
        }
    };
    (function, call)
}

/// The row is accepted: its time counts.
fn see(program: &Program) -> TokenStream {
    program.time.map_or(TokenStream::new(), |time| {
        let v = v(time.val);
        quote!(times.see(#v);)
    })
}

/// Makes the row of output and gives it to the sink.
fn emit(unit: &Unit<'_>, program: &Program) -> TokenStream {
    let made = unit.output.fields.iter().enumerate().map(|(k, field)| made(program, k, field));
    let names = unit.output.fields.iter().map(|f| &f.ident);
    let out = &unit.output.ident;
    quote! {
        let row = #out { #(#names: #made,)* };
        emitted += 1;
        out.emit(row);
    }
}

/// The input that output column `k` copies, if it does.
fn copied(program: &Program, k: usize) -> Option<usize> {
    match program.insts[program.outs[k].val.0 as usize].op {
        Op::Input(input) => Some(program.inputs[input as usize].column as usize),
        _ => None,
    }
}

/// The value of field `k` of output.
fn made(program: &Program, k: usize, field: &OutputField) -> TokenStream {
    let value = match copied(program, field.column) {
        Some(column) => {
            let from = format_ident!("f{column}");
            quote!(rt::FieldValue::copy_of(rt::Lane::at(#from, i)))
        }
        None => {
            let val = program.outs[field.column].val;
            let (value, valid) = (v(val), validity(program, val));
            quote!(rt::FieldValue::store(#value, #valid))
        }
    };
    let k = Literal::u32_unsuffixed(k as u32);
    quote! {
        match #value {
            rt::Some(value) => value,
            rt::None => break 'row rt::stateless::UNFIT + #k,
        }
    }
}
