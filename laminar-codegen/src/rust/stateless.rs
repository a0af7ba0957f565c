//! The loop of a pipeline without state: from row to sink in one go, as one would write it by hand.
//!
//! A field of output that is a field of input is cloned, never turned into a value and back: a symbol stays the
//! symbol that it is.

use super::stage::{ColumnPlace, RowPlace, null_time, raises, time, uses_arena};
use super::value::{Place, insts, is_true, needed, v, validity};
use super::{InputTy, OutputField, Unit};
use crate::sir::{Op, Program};
use laminar_runtime::plan::{OutputKind, Plan, Port};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

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

/// Takes `rows`, a slice of the input's rows.
pub(crate) fn over_rows(unit: &Unit<'_>, source: usize, edge: usize, aside: &TokenStream) -> TokenStream {
    let input = &unit.inputs[source];
    let place = RowPlace { input };
    let fields = Fields { input, row: &|field| quote!(&row.#field) };
    run(
        unit,
        source,
        edge,
        aside,
        &quote!(let len = rows.len();),
        &quote!(let row = &rows[i];),
        &place,
        &fields,
    )
}

/// Takes `columns`, a struct of arrays.
pub(crate) fn over_columns(unit: &Unit<'_>, source: usize, edge: usize, aside: &TokenStream) -> TokenStream {
    let input = &unit.inputs[source];
    let program = &unit.pipeline.programs[edge];
    let slices = super::stage::column_pointers(program, input);
    let open = quote! {
        let len = rt::EventColumns::rows(columns)?;
        #slices
    };
    let pointer = |field: &proc_macro2::Ident| {
        let column = input.fields.iter().position(|f| f == field).unwrap_or_default();
        let name = quote::format_ident!("f{column}");
        quote!(&*#name.add(i))
    };
    let fields = Fields { input, row: &pointer };
    run(unit, source, edge, aside, &open, &TokenStream::new(), &ColumnPlace, &fields)
}

/// How to reach a field of the input by reference.
struct Fields<'a> {
    input: &'a InputTy,
    row: &'a dyn Fn(&proc_macro2::Ident) -> TokenStream,
}

#[allow(clippy::too_many_arguments)]
fn run(
    unit: &Unit<'_>,
    source: usize,
    edge: usize,
    aside: &TokenStream,
    open: &TokenStream,
    row: &TokenStream,
    place: &dyn Place,
    fields: &Fields<'_>,
) -> TokenStream {
    let program = &unit.pipeline.programs[edge];
    let source = Literal::usize_unsuffixed(source);
    let body = body(unit, program, place, fields);
    let body = match raises(program) {
        true => quote! {
            let site: u16 = 'row: {
                #row
                #body
                continue 'rows;
            };
            if step.refuse(&self.engine, i, site, out, &mut aside) { break 'rows; }
        },
        false => quote!(#row #body),
    };
    let aside = raises(program).then(|| quote!(let mut aside = #aside;));
    let out = &unit.output.ident;
    quote! {
        #open
        let mut step = rt::stateless::Step::begin(&mut self.engine, #source)?;
        let mut time_max = self.engine.source_mut(#source).time_max;
        #aside
        'rows: for i in 0..len {
            #body
        }
        step.end::<#out, S>(&mut self.engine, len, time_max, out)
    }
}

fn body(unit: &Unit<'_>, program: &Program, place: &dyn Place, fields: &Fields<'_>) -> TokenStream {
    let needed = needed(program, |k| copied(program, k).is_none());
    let before = insts(program, 0..program.split, &needed, place);
    let null_time = null_time(program);
    let after = insts(program, program.split..program.insts.len(), &needed, place);
    let time = time(program);
    let filter = program.filter.map(|filter| {
        let pass = is_true(program, filter);
        quote!(if !#pass { #time continue 'rows; })
    });
    let made = unit.output.fields.iter().map(|field| made(program, field, fields));
    let names = unit.output.fields.iter().map(|f| &f.ident);
    let out = &unit.output.ident;
    quote! {
        #before
        #null_time
        #filter
        #after
        #time
        let row = #out { #(#names: #made,)* };
        step.emitted += 1;
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
fn made(program: &Program, field: &OutputField, fields: &Fields<'_>) -> TokenStream {
    let name = field.ident.to_string();
    let value = match copied(program, field.column) {
        Some(column) => {
            let from = (fields.row)(&fields.input.fields[column]);
            quote!(rt::FieldValue::copy_of(#from))
        }
        None => {
            let val = program.outs[field.column].val;
            let (value, valid) = (v(val), validity(program, val));
            quote!(rt::FieldValue::store(#value, #valid))
        }
    };
    quote! {
        match #value {
            ::core::option::Option::Some(value) => value,
            ::core::option::Option::None => { step.unfit(#name); continue 'rows; }
        }
    }
}
