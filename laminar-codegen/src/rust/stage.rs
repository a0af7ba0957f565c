//! The loop of an edge: rows in, cells out.
//!
//! | loop | where | a row that the filter drops |
//! |---|---|---|
//! | dense | no filter | |
//! | compact | what follows the filter is cheap and cannot fail | is written, and overwritten by the next |
//! | branch | elsewhere | is skipped |

use super::value::{self, Place, RustType, insts, is_true, n, needed, nullable, v, validity};
use super::{InputTy, Unit};
use crate::ir::own_layout;
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

/// The fields of a source's rows that its edges read, by column.
pub(crate) fn fields(unit: &Unit<'_>, source: usize) -> Vec<u32> {
    let edges = unit.pipeline.plan.sources[source].edges.iter();
    let inputs = edges.flat_map(|&e| &unit.pipeline.programs[e as usize].inputs);
    let mut fields: Vec<u32> = inputs.map(|i| i.column).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

/// The stage of an edge.
pub(crate) fn stages(unit: &Unit<'_>, edge: usize) -> TokenStream {
    let plan = &unit.pipeline.plan;
    let program = &unit.pipeline.programs[edge];
    let rows = rows_ident(edge);
    if let Some(layout) = own_layout(plan, edge, program) {
        let stride = match &layout {
            Layout::Rows { stride, .. } => Literal::usize_unsuffixed(*stride),
            Layout::Cells => Literal::usize_unsuffixed(0),
        };
        let row = quote!(let row = (*c).base.add(i * #stride););
        let body = stage(program, &row, &RowPlace { layout });
        return quote!(unsafe extern "C" fn #rows(c: *mut rt::ExprCtx) { #body });
    }
    let Port::Source(source) = plan.edges[edge].from else { return TokenStream::new() };
    let input = &unit.inputs[source as usize];
    let ty = &input.ty;
    let fields = Fields::of(program, input, |_| true).lets();
    let body = stage(program, &TokenStream::new(), &StridedPlace);
    quote! {
        unsafe extern "C" fn #rows(c: *mut rt::ExprCtx) {
            // Without a row there is no field to point to.
            if (*c).lo >= (*c).hi {
                return;
            }
            let rows = (*c).base.cast::<#ty>();
            #fields
            #body
        }
    }
}

/// The loop of a stage; `row` stands at the begin of each turn.
fn stage(program: &Program, row: &TokenStream, place: &dyn Place) -> TokenStream {
    let outs = (0..program.outs.len()).map(|k| {
        let (name, index) = (format_ident!("o{k}"), Literal::usize_unsuffixed(k));
        match program.outs[k].nullable {
            true => quote!(let #name = rt::out(c, #index);),
            false => quote!(let #name = rt::out(c, #index).data;),
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
    quote! {
        #(#outs)*
        #tracks
        #arena
        #time_in
        let mut m = (*c).rows_out;
        let (mut next, hi) = ((*c).lo, (*c).hi);
        'rows: while next < hi {
            let i = next;
            next += 1;
            #body
        }
        (*c).rows_out = m;
        #time_out
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
            quote!(rt::put_nullable(#column, m, #value, #valid);)
        } else {
            quote!(rt::put(#column, m, #value);)
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

/// The kind of loop that a program gets, for EXPLAIN.
pub fn loop_kind(program: &Program) -> &'static str {
    match program.filter {
        None => "dense",
        Some(_) if is_compact(program) => "compact",
        Some(_) => "branch",
    }
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
    program.insts.iter().any(|i| match &i.op {
        Op::Call(id) => id.def().arena,
        Op::CallRust(f) => f.uses_arena(),
        _ => false,
    })
}

/// The fields that a program reads, as parameters of its loop: `f3: F3`, column 3, a lane of structs
/// or of a column.
pub(crate) struct Fields<'a> {
    input: &'a InputTy,
    columns: Vec<(u32, Repr)>,
}

impl<'a> Fields<'a> {
    /// The fields of the inputs that `wanted` wants.
    pub fn of(program: &Program, input: &'a InputTy, wanted: impl Fn(u32) -> bool) -> Fields<'a> {
        let all = program.inputs.iter().map(|i| (i.column, i.repr));
        let mut columns: Vec<(u32, Repr)> = all.filter(|(c, _)| wanted(*c)).collect();
        columns.sort_unstable_by_key(|(c, _)| *c);
        columns.dedup_by_key(|(c, _)| *c);
        Fields { input, columns }
    }

    /// `F3: rt::Lane<…>, …`
    pub fn generics(&self) -> TokenStream {
        let bounds = self.columns.iter().map(|(c, repr)| {
            let (name, ty) = (format_ident!("F{c}"), RustType(*repr));
            quote!(#name: rt::Lane<Field: rt::FieldValue<Repr = #ty>>)
        });
        quote!(#(#bounds),*)
    }

    /// `f3: F3, …`
    pub fn parameters(&self) -> TokenStream {
        let parameters = self.columns.iter().map(|(c, _)| {
            let (name, ty) = (format_ident!("f{c}"), format_ident!("F{c}"));
            quote!(#name: #ty)
        });
        quote!(#(#parameters),*)
    }

    /// `f3`, …
    pub fn names(&self) -> Vec<Ident> {
        self.columns.iter().map(|(c, _)| format_ident!("f{c}")).collect()
    }

    /// `let f3 = …;` for `rows: *const Trade`.
    pub fn lets(&self) -> TokenStream {
        let lets = self.columns.iter().map(|(c, _)| {
            let (name, field) = (format_ident!("f{c}"), &self.input.fields[*c as usize]);
            quote!(let #name = rt::lane(rows, &raw const (*rows).#field);)
        });
        quote!(#(#lets)*)
    }

    /// The arguments for `rows: *const Trade`.
    pub fn of_rows(&self) -> TokenStream {
        let arguments = self.columns.iter().map(|(c, _)| {
            let field = &self.input.fields[*c as usize];
            quote!(rt::lane(rows, &raw const (*rows).#field))
        });
        quote!(#(#arguments),*)
    }

    /// The arguments for `columns: &TradeColumns`.
    pub fn of_columns(&self) -> TokenStream {
        let arguments = self.columns.iter().map(|(c, _)| {
            let field = &self.input.fields[*c as usize];
            quote!(rt::ColumnLane(columns.#field.as_ptr()))
        });
        quote!(#(#arguments),*)
    }
}

/// Fields of a source's rows: lanes `f3`.
pub(crate) struct StridedPlace;

/// Parts of `row: *const u8`.
struct RowPlace {
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

impl Place for StridedPlace {
    fn load(&self, program: &Program, input: usize) -> (TokenStream, TokenStream) {
        let field = format_ident!("f{}", program.inputs[input].column);
        (quote!(rt::load(#field, i)), quote!(rt::valid(#field, i)))
    }
    fn time(&self, op: &Op) -> TokenStream {
        context_time(op)
    }
}

impl Place for RowPlace {
    fn load(&self, program: &Program, input: usize) -> (TokenStream, TokenStream) {
        let Layout::Rows { fields, .. } = &self.layout else { return (quote!(), quote!(true)) };
        let field = fields[input];
        let offset = Literal::usize_unsuffixed(field.offset);
        let value = match (field.load, program.inputs[input].repr) {
            (Load::Str, Repr::Bytes) => quote!(rt::part_bytes(row, #offset)),
            (Load::Str, _) => quote!(rt::part_str(row, #offset)),
            (_, Repr::Wide) => quote!(rt::part::<i128>(row, #offset)),
            (_, repr) => {
                let ty = RustType(repr);
                quote!(rt::part::<#ty>(row, #offset))
            }
        };
        let valid = match field.validity {
            Validity::Always => quote!(true),
            Validity::NullBit { offset, bit } => {
                let (offset, bit) = (Literal::usize_unsuffixed(offset), Literal::u8_unsuffixed(bit));
                quote!(rt::part_valid(row, #offset, #bit))
            }
        };
        (value, valid)
    }
    fn time(&self, op: &Op) -> TokenStream {
        context_time(op)
    }
}
