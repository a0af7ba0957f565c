//! The fused loop of an edge from a source into a window with a key of one word: filter, look-up and accumulators of a row
//! together, nothing stored between.
//!
//! It leaves off at the first row that is in another window or fails; the stages take it from there.

use super::stage::{Fields, StridedPlace, null_time, raises, rows_ident, time, uses_arena};
use super::value::{RustType, insts, is_true, needed, v, validity};
use super::{Unit, update};
use crate::sir::Program;
use laminar_runtime::plan::{Port, RowLayout};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// Name of the loop.
pub(crate) fn ident(edge: usize) -> Ident {
    format_ident!("fused_{}", rows_ident(edge))
}

/// Whether the edge has one.
pub(crate) fn has(unit: &Unit<'_>, edge: usize) -> bool {
    let Port::Group(group) = unit.pipeline.plan.edges[edge].to else { return false };
    unit.pipeline.fused_group(edge).is_some() && !update::is_generic(unit, group as usize)
}

/// The outputs of a program, in registers.
struct Outs<'a>(&'a Program);

impl update::Arguments for Outs<'_> {
    fn value(&mut self, column: u32, _: RustType) -> TokenStream {
        let v = v(self.0.outs[column as usize].val);
        quote!(#v)
    }
    fn valid(&mut self, column: u32) -> TokenStream {
        validity(self.0, self.0.outs[column as usize].val)
    }
}

/// The loop, if the edge has one.
pub(crate) fn fused(unit: &Unit<'_>, edge: usize) -> TokenStream {
    let plan = &unit.pipeline.plan;
    let program = &unit.pipeline.programs[edge];
    let (Port::Source(s), Port::Group(g), true) =
        (plan.edges[edge].from, plan.edges[edge].to, has(unit, edge))
    else {
        return TokenStream::new();
    };
    let (input, group) = (&unit.inputs[s as usize], &plan.groups[g as usize]);
    let (name, ty) = (ident(edge), &input.ty);
    let layout = RowLayout::of(&group.keys, &group.accumulators);
    let stride = Literal::usize_unsuffixed(layout.stride);
    let size = Literal::u64_unsuffixed(group.window.map_or(1, |w| w.size_ns) as u64);
    let fields = Fields::of(program, input, |_| true).lets();
    let needed = needed(program, |_| true);
    let before = insts(program, 0..program.split, &needed, &StridedPlace);
    let after = insts(program, program.split..program.insts.len(), &needed, &StridedPlace);
    let (null_time, time) = (null_time(program), time(program));
    let at = v(program.outs[0].val);
    let key = v(program.outs[1].val);
    let filter = program.filter.map(|f| {
        let pass = is_true(program, f);
        quote!(if !#pass { #time i += 1; continue 'rows; })
    });
    let mut outs = Outs(program);
    let accumulators = group.accumulators.iter().zip(&layout.accumulators).map(|(acc, offset)| {
        let offset = Literal::usize_unsuffixed(*offset);
        update::step(acc, &quote!(group.add(#offset)), &mut outs)
    });
    let body = quote! {
        #before
        #null_time
        if #at.wrapping_sub(start) as u64 >= #size { break 'rows; }
        #filter
        #after
        let group = groups.find(c, rt::fused::KeyWord::word(#key), #stride);
        #(#accumulators)*
        #time
        i += 1;
    };
    let body = match raises(program) {
        true => quote!(let site: u32 = 'row: { #body continue 'rows; }; break 'rows;),
        false => body,
    };
    let arena = uses_arena(program).then(|| quote!(let arena = &*(*c).arena;));
    quote! {
        unsafe extern "C" fn #name(c: *mut rt::fused::FusedCtx) {
            // Without a row there is no field to point to.
            if (*c).lo >= (*c).hi {
                return;
            }
            unsafe {
                let rows = (*c).base.cast::<#ty>();
                #fields
                #arena
                let (start, hi) = ((*c).window_start, (*c).hi);
                let mut time_max = (*c).time_max;
                let mut groups = rt::fused::Groups::of(c);
                let mut i = (*c).lo;
                'rows: while i < hi {
                    #body
                }
                (*c).done = i;
                (*c).time_max = time_max;
            }
        }
    }
}
