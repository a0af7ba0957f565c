//! The loop of a pipeline without state: from row to sink in one go, as one would write it by hand.
//!
//! A field of output that is a field of input is cloned, never turned into a value and back: a symbol stays the
//! symbol that it is.

use super::stage::{Fields, StridedPlace, null_time, raises, time, uses_arena};
use super::value::{insts, is_true, needed, v, validity};
use super::{OutputField, Unit};
use crate::sir::{Op, Program};
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
    (alone && plan.output == OutputKind::Append && !clock && !uses_arena(program)).then_some(edge)
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
    let turns = turns(unit, program, &at);
    let row = &unit.output.ident;
    let shared = quote! {
        #[inline]
        unsafe fn #name<S: rt::Sink<#row> #comma #generics>(
            engine: &mut rt::Engine,
            len: usize,
            out: &mut S,
            mut aside: Option<&mut dyn rt::Aside<S>>,
            #parameters
        ) -> ::core::result::Result<(), rt::Error> {
            let mut time_max = rt::stateless::begin(engine, #at)?;
            let (mut emitted, mut trouble) = (0, None);
            let mut next = 0;
            'rows: while next < len {
                let i = next;
                next += 1;
                #turns
            }
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

/// What the loop does with one row.
fn turns(unit: &Unit<'_>, program: &Program, at: &Literal) -> TokenStream {
    let body = body(unit, program);
    match raises(program) {
        true => quote! {
            let site: u16 = 'row: {
                #body
                continue 'rows;
            };
            if rt::stateless::refuse(&mut trouble, engine, #at, (i, site), out, &mut aside) { break 'rows; }
        },
        false => body,
    }
}

fn body(unit: &Unit<'_>, program: &Program) -> TokenStream {
    let place = &StridedPlace;
    let needed = needed(program, |k| copied(program, k).is_none());
    let before = insts(program, 0..program.split, &needed, place);
    let null_time = null_time(program);
    let after = insts(program, program.split..program.insts.len(), &needed, place);
    let time = time(program);
    let filter = program.filter.map(|filter| {
        let pass = is_true(program, filter);
        quote!(if !#pass { #time continue 'rows; })
    });
    let made = unit.output.fields.iter().map(|field| made(program, field));
    let names = unit.output.fields.iter().map(|f| &f.ident);
    let out = &unit.output.ident;
    quote! {
        #before
        #null_time
        #filter
        #after
        #time
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

/// The value of a field of output.
fn made(program: &Program, field: &OutputField) -> TokenStream {
    let name = field.ident.to_string();
    let value = match copied(program, field.column) {
        Some(column) => {
            let from = format_ident!("f{column}");
            quote!(rt::FieldValue::copy_of(rt::cells::Lane::at(#from, i)))
        }
        None => {
            let val = program.outs[field.column].val;
            let (value, valid) = (v(val), validity(program, val));
            quote!(rt::FieldValue::store(#value, #valid))
        }
    };
    quote! {
        match #value {
            Some(value) => value,
            None => { rt::stateless::unfit(&mut trouble, #name); continue 'rows; }
        }
    }
}
