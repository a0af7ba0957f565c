//! The loop of an edge: rows in, cells out.
//!
//! | loop | where | a row that the filter drops |
//! |---|---|---|
//! | dense | no filter | |
//! | compact | what follows the filter is cheap and cannot fail | is written, and overwritten by the next |
//! | branch | elsewhere | is skipped |

use super::value::{self, Place, insts, is_true, n, needed, nullable, v, validity};
use super::{InputTy, Unit};
use crate::ir::group_layout;
use crate::sir::{Layout, Load, Op, Program, Validity};
use laminar_runtime::plan::Port;
use laminar_runtime::schema::Repr;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// Instructions after the filter that a compact loop may have.
const COMPACT_INSTS_MAX: usize = 12;

/// Name of the stage over rows.
pub(crate) fn rows_ident(edge: usize) -> Ident {
    format_ident!("edge{edge}")
}

/// Name of the stage over columns.
pub(crate) fn columns_ident(edge: usize) -> Ident {
    format_ident!("edge{edge}_columns")
}

/// The stages of an edge: from a group one, from a source one for rows and one for columns.
pub(crate) fn stages(unit: &Unit<'_>, edge: usize) -> TokenStream {
    let plan = &unit.pipeline.plan;
    let program = &unit.pipeline.programs[edge];
    match plan.edges[edge].from {
        Port::Source(source) => {
            let input = &unit.inputs[source as usize];
            let ty = &input.ty;
            let rows = stage(
                &rows_ident(edge),
                program,
                &quote!(let rows = (*c).base.cast::<#ty>();),
                &quote!(let row = &*rows.add(i);),
                &RowPlace { input },
                false,
            );
            let pointers = column_pointers(program, input);
            let columns = stage(
                &columns_ident(edge),
                program,
                &quote! {
                    let columns = &*(*c).base.cast::<rt::Columns<'_, #ty>>();
                    #pointers
                },
                &TokenStream::new(),
                &ColumnPlace,
                true,
            );
            quote!(#rows #columns)
        }
        Port::Group(group) => {
            let layout = group_layout(&plan.groups[group as usize], program);
            let stride = match &layout {
                Layout::Rows { stride, .. } => Literal::usize_unsuffixed(*stride),
                Layout::Cells => Literal::usize_unsuffixed(0),
            };
            stage(
                &rows_ident(edge),
                program,
                &quote!(let rows = (*c).base;),
                &quote!(let row = rows.add(i * #stride);),
                &GroupPlace { layout },
                false,
            )
        }
        Port::Output => TokenStream::new(),
    }
}

/// A stage: `open` once, `row` for each row.
fn stage(
    name: &Ident,
    program: &Program,
    open: &TokenStream,
    row: &TokenStream,
    place: &dyn Place,
    inline: bool,
) -> TokenStream {
    let outs = (0..program.outs.len()).map(|k| {
        let (name, index) = (format_ident!("o{k}"), Literal::usize_unsuffixed(k));
        match program.outs[k].nullable {
            true => quote!(let #name = rt::cells::out(c, #index);),
            false => quote!(let #name = rt::cells::out(c, #index).data;),
        }
    });
    let tracks = program.tracks.then(|| quote!(let (sel, wm) = ((*c).sel, (*c).wm);));
    let arena = uses_arena(program).then(|| quote!(let arena = &*(*c).arena;));
    let (time_in, time_out) = match program.time.is_some() || program.tracks {
        true => (quote!(let mut time_max = (*c).time_max;), quote!((*c).time_max = time_max;)),
        false => Default::default(),
    };
    let body = body(program, place);
    let body = match raises(program) {
        true => quote! {
            let site: u32 = 'row: {
                #row
                #body
                continue 'rows;
            };
            if rt::stage::reject(c, i, site) != 0 { break 'rows; }
        },
        false => quote!(#row #body),
    };
    // Codegenned only by those who call `process_columns`.
    let inline = inline.then(|| quote!(#[inline]));
    quote! {
        #inline
        unsafe extern "C" fn #name(c: *mut rt::ExprCtx) {
            unsafe {
                #open
                #(#outs)*
                #tracks
                #arena
                #time_in
                let mut m = (*c).rows_out;
                'rows: for i in (*c).lo..(*c).hi {
                    #body
                }
                (*c).rows_out = m;
                #time_out
            }
        }
    }
}

/// What a stage does with one row.
fn body(program: &Program, place: &dyn Place) -> TokenStream {
    let needed = needed(program, |_| true);
    let before = insts(program, 0..program.split, &needed, place);
    let null_time = null_time(program);
    let before = quote!(#before #null_time);
    let after = insts(program, program.split..program.insts.len(), &needed, place);
    let time = time(program);
    let store = store(program);
    let Some(filter) = program.filter else {
        return quote!(#before #after #time #store m += 1;);
    };
    let pass = is_true(program, filter);
    match is_compact(program) {
        true => quote!(#before #after #time #store m += #pass as usize;),
        // A row that the filter drops moves the time all the same.
        false if program.time.is_some() => {
            quote!(#before if !#pass { #time continue 'rows; } #after #time #store m += 1;)
        }
        false => quote!(#before if !#pass { continue 'rows; } #after #store m += 1;),
    }
}

fn store(program: &Program) -> TokenStream {
    let outs = program.outs.iter().enumerate().map(|(k, out)| {
        let (column, value) = (format_ident!("o{k}"), v(out.val));
        if out.nullable {
            let valid = validity(program, out.val);
            quote!(rt::cells::put_nullable(#column, m, #value, #valid);)
        } else {
            quote!(rt::cells::put(#column, m, #value);)
        }
    });
    let tracks = program.tracks.then(|| quote!(*sel.add(m) = i as u32; *wm.add(m) = time_max;));
    quote!(#(#outs)* #tracks)
}

/// The row's event time; a NULL there leaves the row before the filter is asked.
pub(crate) fn null_time(program: &Program) -> TokenStream {
    let Some(time) = program.time.filter(|t| nullable(program, t.val)) else { return TokenStream::new() };
    let Some(site) = time.null_site else { return TokenStream::new() };
    let (n, site) = (n(time.val), Literal::u16_unsuffixed(site));
    quote!(if !#n { break 'row #site; })
}

pub(crate) fn time(program: &Program) -> TokenStream {
    program.time.map_or(TokenStream::new(), |time| {
        let v = v(time.val);
        quote!(if #v > time_max { time_max = #v; })
    })
}

fn is_compact(program: &Program) -> bool {
    let after = program.split..program.insts.len();
    after.len() <= COMPACT_INSTS_MAX
        && !value::has_sites(program, after.clone())
        && program.insts[after].iter().all(value::is_cheap)
}

/// Whether a row can fail.
pub(crate) fn raises(program: &Program) -> bool {
    value::has_sites(program, 0..program.insts.len()) || !null_time(program).is_empty()
}

/// Whether texts are made.
pub(crate) fn uses_arena(program: &Program) -> bool {
    program.insts.iter().any(|i| matches!(i.op, Op::Call(id) if id.def().arena))
}

/// `f3`, the first value of column 3, for each column that the program reads.
pub(crate) fn column_pointers(program: &Program, input: &InputTy) -> TokenStream {
    let mut columns: Vec<u32> = program.inputs.iter().map(|i| i.column).collect();
    columns.sort_unstable();
    columns.dedup();
    let pointers = columns.iter().map(|&column| {
        let (name, field) = (format_ident!("f{column}"), &input.fields[column as usize]);
        quote!(let #name = columns.#field.as_ptr();)
    });
    quote!(#(#pointers)*)
}

/// Fields of `row: &Trade`.
pub(crate) struct RowPlace<'a> {
    pub input: &'a InputTy,
}

/// Elements of `f3: *const f64`.
pub(crate) struct ColumnPlace;

/// Parts of `row: *const u8`.
struct GroupPlace {
    layout: Layout,
}

/// Start of window, end of window and clock, from the context.
fn context_time(op: &Op) -> TokenStream {
    match op {
        Op::WindowStart => quote!((*c).window_start),
        Op::WindowEnd => quote!((*c).window_end),
        _ => quote!((*c).now),
    }
}

impl Place for RowPlace<'_> {
    fn load(&self, program: &Program, input: usize) -> (TokenStream, TokenStream) {
        let field = &self.input.fields[program.inputs[input].column as usize];
        (quote!(rt::FieldValue::load(&row.#field)), quote!(rt::FieldValue::valid(&row.#field)))
    }
    fn time(&self, op: &Op) -> TokenStream {
        context_time(op)
    }
}

impl Place for ColumnPlace {
    fn load(&self, program: &Program, input: usize) -> (TokenStream, TokenStream) {
        let pointer = format_ident!("f{}", program.inputs[input].column);
        (quote!(rt::FieldValue::load(&*#pointer.add(i))), quote!(rt::FieldValue::valid(&*#pointer.add(i))))
    }
    fn time(&self, op: &Op) -> TokenStream {
        context_time(op)
    }
}

impl Place for GroupPlace {
    fn load(&self, program: &Program, input: usize) -> (TokenStream, TokenStream) {
        let Layout::Rows { fields, .. } = &self.layout else { return (quote!(), quote!(true)) };
        let field = fields[input];
        let offset = Literal::usize_unsuffixed(field.offset);
        let value = match (field.load, program.inputs[input].repr) {
            (Load::Str, _) => quote!(rt::cells::part_str(row, #offset)),
            (_, Repr::Wide) => quote!(rt::cells::part::<i128>(row, #offset)),
            (_, repr) => {
                let ty = value::rust_type(repr);
                quote!(rt::cells::part::<#ty>(row, #offset))
            }
        };
        let valid = match field.validity {
            Validity::Always => quote!(true),
            Validity::NullBit { offset, bit } => {
                let (offset, bit) = (Literal::usize_unsuffixed(offset), Literal::u8_unsuffixed(bit));
                quote!(rt::cells::part_valid(row, #offset, #bit))
            }
        };
        (value, valid)
    }
    fn time(&self, op: &Op) -> TokenStream {
        context_time(op)
    }
}
