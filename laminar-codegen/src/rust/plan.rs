//! The plan as a `static` that needs no allocation.

use super::value::int;
use laminar_runtime::plan::{
    Accumulator, CellColumn, EdgePlan, Emit, GroupPlan, OnError, OutputKind, Plan, Port, Site, SourcePlan,
    WatermarkOf,
};
use laminar_runtime::schema::{Column, Ty};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

pub(crate) fn plan(plan: &Plan) -> TokenStream {
    let name = text(&plan.name);
    let fingerprint = Literal::u64_unsuffixed(plan.fingerprint);
    let sources = list(&plan.sources, source);
    let groups = list(&plan.groups, group);
    let edges = list(&plan.edges, edge);
    let columns = list(&plan.columns, column);
    let watermark = list(&plan.watermark, watermark);
    let sites = list(&plan.sites, site);
    let on_error = match plan.on_error {
        OnError::Fail => quote!(Fail),
        OnError::Skip => quote!(Skip),
        OnError::DeadLetter => quote!(DeadLetter),
    };
    let output = match &plan.output {
        OutputKind::Append => quote!(Append),
        OutputKind::Changes => quote!(Changes),
        OutputKind::Upsert { keys } => {
            let keys = list(keys, |k| number(*k));
            quote!(Upsert { keys: #keys })
        }
    };
    quote! {
        static PLAN: rt::plan::Plan = {
            use rt::plan::*;
            use ::std::borrow::Cow::Borrowed;
            Plan {
                name: #name,
                fingerprint: #fingerprint,
                sources: #sources,
                groups: #groups,
                edges: #edges,
                columns: #columns,
                output: OutputKind::#output,
                watermark: #watermark,
                on_error: OnError::#on_error,
                sites: #sites,
            }
        };
    }
}

fn list<T>(items: &[T], emit: impl Fn(&T) -> TokenStream) -> TokenStream {
    let items = items.iter().map(emit);
    quote!(Borrowed(&[#(#items),*]))
}

fn text(text: &str) -> TokenStream {
    quote!(Borrowed(#text))
}

fn number(n: u32) -> TokenStream {
    let n = Literal::u32_unsuffixed(n);
    quote!(#n)
}

fn option<T>(value: Option<T>, emit: impl Fn(T) -> TokenStream) -> TokenStream {
    match value {
        Some(value) => {
            let value = emit(value);
            quote!(Some(#value))
        }
        None => quote!(None),
    }
}

fn ty(ty: Ty) -> TokenStream {
    match ty {
        Ty::Decimal { precision, scale } => {
            let (precision, scale) = (Literal::u8_unsuffixed(precision), Literal::u8_unsuffixed(scale));
            quote!(rt::Ty::Decimal { precision: #precision, scale: #scale })
        }
        other => {
            let name = format_ident!("{}", format!("{other:?}"));
            quote!(rt::Ty::#name)
        }
    }
}

fn source(s: &SourcePlan) -> TokenStream {
    let (name, delay, edges) = (text(&s.name), option(s.delay_ns, int), list(&s.edges, |e| number(*e)));
    quote!(SourcePlan { name: #name, delay_ns: #delay, edges: #edges })
}

fn port(port: Port) -> TokenStream {
    match port {
        Port::Source(i) => {
            let i = number(i);
            quote!(Port::Source(#i))
        }
        Port::Group(i) => {
            let i = number(i);
            quote!(Port::Group(#i))
        }
        Port::Output => quote!(Port::Output),
    }
}

fn edge(e: &EdgePlan) -> TokenStream {
    let (from, to, columns) = (port(e.from), port(e.to), list(&e.columns, cell_column));
    let (tracks, weighted) = (e.tracks, e.weighted);
    quote!(EdgePlan { from: #from, to: #to, columns: #columns, tracks: #tracks, weighted: #weighted })
}

fn cell_column(c: &CellColumn) -> TokenStream {
    let (ty, nullable) = (ty(c.ty), c.nullable);
    quote!(CellColumn { ty: #ty, nullable: #nullable })
}

fn column(c: &Column) -> TokenStream {
    let (name, ty, nullable) = (&*c.name, ty(c.ty), c.nullable);
    quote!(rt::Column::fixed(#name, #ty, #nullable))
}

fn watermark(w: &WatermarkOf) -> TokenStream {
    let (source, offset) = (number(w.source), int(w.offset_ns));
    quote!(WatermarkOf { source: #source, offset_ns: #offset })
}

fn group(g: &GroupPlan) -> TokenStream {
    let (keys, accumulators) = (list(&g.keys, cell_column), list(&g.accumulators, accumulator));
    let window = option(g.window, |w| {
        let (size, offset, lateness) = (int(w.size_ns), int(w.offset_ns), int(w.lateness_ns));
        quote!(Window { size_ns: #size, offset_ns: #offset, lateness_ns: #lateness })
    });
    let watermark = list(&g.watermark, watermark);
    let emit = match g.emit {
        Emit::Close => quote!(Emit::Close),
        Emit::Changes => quote!(Emit::Changes),
        Emit::Final => quote!(Emit::Final),
    };
    let (retracts, edge) = (g.retracts, number(g.edge));
    quote! {
        GroupPlan {
            keys: #keys,
            accumulators: #accumulators,
            window: #window,
            watermark: #watermark,
            emit: #emit,
            retracts: #retracts,
            edge: #edge,
        }
    }
}

fn accumulator(a: &Accumulator) -> TokenStream {
    let (op, arg, nullable) = (format_ident!("{}", format!("{:?}", a.op)), option(a.arg, number), a.nullable);
    quote!(Accumulator { op: AccOp::#op, arg: #arg, nullable: #nullable })
}

fn site(s: &Site) -> TokenStream {
    let (what, sql, line, column) = (text(&s.what), text(&s.sql), number(s.line), number(s.column));
    quote!(Site { what: #what, sql: #sql, line: #line, column: #column })
}
