//! The loop of a group's accumulators: every row once, all accumulators of the row together.

use super::Unit;
use crate::ir::has_update_code;
use laminar_runtime::plan::{AccOp, GroupPlan, RowLayout};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// Name of the update stage.
pub(crate) fn ident(group: usize) -> Ident {
    format_ident!("update{group}")
}

/// Whether the engine's own loop does it: there is nothing to do, or more than this code knows.
pub(crate) fn is_generic(unit: &Unit<'_>, group: usize) -> bool {
    let group = &unit.pipeline.plan.groups[group];
    !has_update_code(group)
        || group.accumulators.is_empty()
        || group.accumulators.iter().any(|a| function(a.op).is_none())
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
    let (mut open, mut each) = (TokenStream::new(), TokenStream::new());
    for (a, offset) in layout.accumulators.iter().enumerate() {
        let (once, row) = accumulator(plan, a, *offset);
        open.extend(once);
        each.extend(row);
    }
    quote! {
        unsafe extern "C" fn #name(c: *mut rt::UpdateCtx) {
            #open
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

/// What an accumulator needs once, and for each row.
fn accumulator(group: &GroupPlan, index: usize, offset: usize) -> (TokenStream, TokenStream) {
    let acc = &group.accumulators[index];
    let Some((function, ty)) = function(acc.op) else { return Default::default() };
    let offset = Literal::usize_unsuffixed(offset);
    let at = quote!(row.add(#offset));
    let (values, valid) = (format_ident!("a{index}"), format_ident!("n{index}"));
    let column = acc.arg.map(|arg| Literal::usize_unsuffixed(arg as usize));
    let is_count = acc.op == AccOp::Count;
    let value = match (is_count, &column) {
        (true, _) | (false, None) => quote!(1),
        (false, Some(_)) => quote!(rt::cells::get::<#ty>(#values, j)),
    };
    let step = quote!(rt::aggregate::#function(#at, #value););
    let read =
        column.as_ref().filter(|_| !is_count).map(|k| quote!(let #values = rt::cells::arg::<#ty>(c, #k);));
    match (&column, acc.nullable) {
        (Some(k), true) => (
            quote!(#read let #valid = rt::cells::arg_valid(c, #k);),
            quote!(if *#valid.add(j) != 0 { #step }),
        ),
        _ => (quote!(#read), step),
    }
}

/// The runtime's function for one row, and the type of its argument.
pub(crate) fn function(op: AccOp) -> Option<(Ident, TokenStream)> {
    let (name, ty) = match op {
        AccOp::Count => ("count", quote!(i64)),
        AccOp::SumInt => ("sum_int", quote!(i64)),
        AccOp::SumWide => ("sum_wide", quote!(i128)),
        AccOp::MinWide => ("min_wide", quote!(i128)),
        AccOp::MaxWide => ("max_wide", quote!(i128)),
        AccOp::SumFloat => ("sum_float", quote!(f64)),
        AccOp::MinInt => ("min_int", quote!(i64)),
        AccOp::MaxInt => ("max_int", quote!(i64)),
        AccOp::MinFloat => ("min_float", quote!(f64)),
        AccOp::MaxFloat => ("max_float", quote!(f64)),
        AccOp::MinText => ("min_text", quote!(rt::TextRef)),
        AccOp::MaxText => ("max_text", quote!(rt::TextRef)),
        // The engine's own loop knows all the others.
        _ => return None,
    };
    Some((format_ident!("{name}"), ty))
}
