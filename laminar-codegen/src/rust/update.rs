//! The loop of a group's accumulators: every row once, all accumulators of the row together.

use super::Unit;
use super::value::RustType;
use crate::ir::has_update_code;
use laminar_runtime::plan::{AccOp, Accumulator, RowLayout};
use laminar_runtime::schema::Repr;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeMap;

/// Name of the update stage.
pub(crate) fn ident(group: usize) -> Ident {
    format_ident!("update{group}")
}

/// Whether the engine's own loop does it: there is nothing to do, or more than this code knows.
pub(crate) fn is_generic(unit: &Unit<'_>, group: usize) -> bool {
    let group = &unit.pipeline.plan.groups[group];
    !has_update_code(group) || group.accumulators.is_empty()
}

/// The update stage of a group.
pub(crate) fn update(unit: &Unit<'_>, group: usize) -> TokenStream {
    if is_generic(unit, group) {
        return TokenStream::new();
    }
    let name = ident(group);
    let plan = &unit.pipeline.plan.groups[group];
    let layout = RowLayout::of(&plan.keys, &plan.accumulators);
    let stride = Literal::usize_unsuffixed(layout.stride);
    let mut columns = Columns::default();
    let steps = plan.accumulators.iter().zip(&layout.accumulators).map(|(acc, offset)| {
        let offset = Literal::usize_unsuffixed(*offset);
        step(acc, &quote!(row.add(#offset)), &mut columns)
    });
    let each: TokenStream = steps.collect();
    let open = columns.0.values();
    quote! {
        unsafe extern "C" fn #name(c: *mut rt::UpdateCtx) {
            #(#open)*
            let (rows, slots) = ((*c).rows, (*c).slots);
            let (mut j, n) = (0, (*c).n);
            while j < n {
                let row = rows.add(*slots.add(j) as usize * #stride);
                #each
                j += 1;
            }
        }
    }
}

/// Where the columns of an edge are found.
pub(crate) trait Arguments {
    /// A column's value in the row.
    fn value(&mut self, column: u32, ty: RustType) -> TokenStream;
    /// Whether it is not NULL.
    fn valid(&mut self, column: u32) -> TokenStream;
}

/// Columns of cells, row `j`; what opens each of them, by its name.
#[derive(Default)]
struct Columns(BTreeMap<String, TokenStream>);

impl Arguments for Columns {
    fn value(&mut self, column: u32, ty: RustType) -> TokenStream {
        let (name, k) = (format_ident!("a{column}"), Literal::u32_unsuffixed(column));
        self.0.insert(name.to_string(), quote!(let #name = rt::arg::<#ty>(c, #k);));
        quote!(rt::get::<#ty>(#name, j))
    }
    fn valid(&mut self, column: u32) -> TokenStream {
        let (name, k) = (format_ident!("n{column}"), Literal::u32_unsuffixed(column));
        self.0.insert(name.to_string(), quote!(let #name = rt::arg_valid(c, #k);));
        quote!(*#name.add(j) != 0)
    }
}

/// What a row does to the accumulator at `at`, whose code [`has_update_code`] knows.
pub(crate) fn step(acc: &Accumulator, at: &TokenStream, args: &mut dyn Arguments) -> TokenStream {
    let step = match (acc.op, acc.arg, &acc.tuple[..]) {
        (AccOp::Count, ..) => quote!(rt::count(#at, 1);),
        (AccOp::CoMoments, _, [x, y]) => {
            let [x, y] = [x, y].map(|c| args.value(c.column, RustType(Repr::Float)));
            quote!(rt::co_moments(#at, #x, #y);)
        }
        (op @ (AccOp::PickFirst | AccOp::PickLast), _, [by, value]) => {
            let pick = format_ident!("{}", if op == AccOp::PickFirst { "pick_first" } else { "pick_last" });
            let (order, descending) = (args.value(by.column, RustType(Repr::Int)), by.descending);
            let valid = if value.cell.nullable { args.valid(value.column) } else { quote!(true) };
            let value = args.value(value.column, RustType(value.cell.repr()));
            quote!(rt::#pick(#at, rt::rank(#order, #descending), #value, #valid);)
        }
        (op, Some(arg), _) => {
            let (function, ty) = function(op);
            let value = args.value(arg, ty);
            match op {
                AccOp::SumFloatExact => quote!(rt::#function(#at, #value, 1);),
                _ => quote!(rt::#function(#at, #value);),
            }
        }
        (op, None, _) => unreachable!("{op:?} takes an argument"),
    };
    match acc.arg.filter(|_| acc.nullable) {
        Some(arg) => {
            let valid = args.valid(arg);
            quote!(if #valid { #step })
        }
        None => step,
    }
}

/// The runtime's function for one value, and its type.
fn function(op: AccOp) -> (Ident, RustType) {
    let (name, repr) = match op {
        AccOp::SumInt => ("sum_int", Repr::Int),
        AccOp::SumSquares => ("sum_squares", Repr::Int),
        AccOp::SumWide => ("sum_wide", Repr::Wide),
        AccOp::MinWide => ("min_wide", Repr::Wide),
        AccOp::MaxWide => ("max_wide", Repr::Wide),
        AccOp::SumFloat => ("sum_float", Repr::Float),
        AccOp::SumFloatExact => ("sum_float_exact", Repr::Float),
        AccOp::Moments => ("moments", Repr::Float),
        AccOp::MinInt => ("min_int", Repr::Int),
        AccOp::MaxInt => ("max_int", Repr::Int),
        AccOp::MinFloat => ("min_float", Repr::Float),
        AccOp::MaxFloat => ("max_float", Repr::Float),
        AccOp::MinText => ("min_text", Repr::Text),
        AccOp::MaxText => ("max_text", Repr::Text),
        _ => unreachable!("`has_update_code` keeps groups with {op:?} away"),
    };
    (format_ident!("{name}"), RustType(repr))
}
