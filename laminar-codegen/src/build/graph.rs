//! `Graph`, which runs all pipelines of a folder, and `Outputs`, which takes what they give.
//!
//! A row goes through the views in their order, upstream before downstream. What a view gives in one step goes to its
//! readers in one step, then its watermark.

use super::compiled::Compiled;
use super::declare::Declared;
use super::structs::struct_ident;
use crate::event::Krate;
use crate::rust::{self, pipeline_ident};
use laminar_runtime::plan::{OnError, OutputKind};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// A view in the graph.
struct Node<'a> {
    compiled: &'a Compiled<'a>,
    /// `Vwap`
    row: Ident,
    /// `vwap`: the field of the graph and the method of `Outputs`.
    field: Ident,
    /// Names of sinks that take what it gives as well.
    sinks: Vec<Ident>,
    /// Some view reads it.
    read: bool,
}

/// `Graph`, its inputs and `Outputs`.
pub(super) fn graph(declared: &Declared, views: &[Compiled<'_>], krate: &Krate) -> TokenStream {
    let rt = krate.rt();
    let nodes: Vec<Node<'_>> = views.iter().filter_map(|c| node(declared, views, c)).collect();
    let outputs = outputs(&nodes, &rt);
    let taps = nodes.iter().map(|node| tap(node, declared, &rt));
    let after = nodes.iter().filter(|n| n.read).map(|node| after(node, &nodes, &rt));
    let inputs = declared.bases.iter().map(|b| input(b, &nodes, &rt));
    let fields = nodes.iter().map(|n| {
        let (field, ty) = (&n.field, pipeline_ident(&n.row));
        let buffer = n.read.then(|| {
            let (buffer, row) = (buffer_ident(n), &n.row);
            quote!(#buffer: #rt::Buffer<#row>,)
        });
        quote!(#field: #ty, #buffer)
    });
    let new = nodes.iter().map(|n| {
        let (field, row) = (&n.field, &n.row);
        let buffer = n.read.then(|| {
            let buffer = buffer_ident(n);
            quote!(#buffer: ::core::default::Default::default(),)
        });
        quote!(#field: #row::pipeline(), #buffer)
    });
    let common = common(&nodes, &rt);
    quote! {
        #outputs
        #(#taps)*
        /// All pipelines of the folder: rows that are pushed into a source go through every view that reads it.
        pub struct Graph {
            #(#fields)*
        }
        impl ::core::default::Default for Graph {
            fn default() -> Self {
                Self::new()
            }
        }
        impl Graph {
            /// The graph, without rows.
            pub fn new() -> Self {
                Self { #(#new)* }
            }
            #common
            #(#after)*
        }
        #(#inputs)*
    }
}

fn node<'a>(declared: &Declared, views: &'a [Compiled<'a>], compiled: &'a Compiled<'a>) -> Option<Node<'a>> {
    let name = &compiled.view.name;
    let sinks = declared.sinks.iter().filter(|s| s.of == *name).map(|s| rust::handle_ident(&s.name));
    let read = views.iter().any(|v| v.pipeline.sources.iter().any(|s| s.relation == *name));
    Some(Node {
        compiled,
        row: struct_ident(name)?,
        field: rust::handle_ident(name),
        sinks: sinks.collect(),
        read,
    })
}

fn buffer_ident(node: &Node<'_>) -> Ident {
    format_ident!("{}_rows", node.field)
}

fn tap_ident(node: &Node<'_>) -> Ident {
    format_ident!("{}Out", node.row)
}

/// What a view gives: a row, a change or an upsert.
fn out_type(node: &Node<'_>, rt: &TokenStream) -> TokenStream {
    let row = &node.row;
    match node.compiled.pipeline.plan.output {
        OutputKind::Append => quote!(#row),
        OutputKind::Changes => quote!(#rt::Change<#row>),
        OutputKind::Upsert { .. } => quote!(#rt::Upsert<#row>),
    }
}

fn outputs(nodes: &[Node<'_>], rt: &TokenStream) -> TokenStream {
    let methods = nodes.iter().flat_map(|node| {
        let ty = out_type(node, rt);
        let view = &node.compiled.view.name;
        [&node.field].into_iter().chain(&node.sinks).map(move |method| {
            let doc = format!("Takes what `{view}` gives.");
            quote! {
                #[doc = #doc]
                fn #method(&mut self, row: #ty) {
                    drop(row);
                }
            }
        })
    });
    let mut seen = Vec::new();
    let asides = nodes.iter().flat_map(|node| asides(node, rt)).filter(|aside| {
        let new = !seen.contains(&(aside.method.clone(), aside.ty.to_string()));
        seen.push((aside.method.clone(), aside.ty.to_string()));
        new
    });
    let asides = asides.map(|Aside { method, ty, doc, .. }| {
        quote! {
            #[doc = #doc]
            fn #method(&mut self, row: #ty) {
                drop(row);
            }
        }
    });
    quote! {
        /// Takes what the views give. Every method does nothing unless it is written.
        pub trait Outputs {
            #(#methods)*
            #(#asides)*
        }
        /// Takes nothing.
        impl Outputs for () {}
    }
}

/// Rows that a view leaves out and hands over.
struct Aside {
    method: Ident,
    ty: TokenStream,
    doc: String,
}

fn asides(node: &Node<'_>, rt: &TokenStream) -> Vec<Aside> {
    let pipeline = &node.compiled.pipeline;
    let view = &node.compiled.view.name;
    let mut asides = Vec::new();
    for source in &pipeline.sources {
        let Some(row) = struct_ident(&source.relation) else { continue };
        let several = pipeline.sources.len() > 1;
        let suffix =
            if several { format!("_{}", rust::handle_ident(&source.relation)) } else { String::new() };
        if let Some(late) = &pipeline.late_to {
            asides.push(Aside {
                method: format_ident!("{}{suffix}", rust::handle_ident(late)),
                ty: quote!(#rt::Late<#row>),
                doc: format!("Takes rows of `{}` that came too late for `{view}`.", source.relation),
            });
        }
        if pipeline.plan.on_error == OnError::DeadLetter {
            asides.push(Aside {
                method: format_ident!("{}_rejected{suffix}", node.field),
                ty: quote!(#rt::Rejected<#row>),
                doc: format!("Takes rows of `{}` that failed in `{view}`.", source.relation),
            });
        }
    }
    asides
}

/// The sink between a view's pipeline and the rest.
fn tap(node: &Node<'_>, _: &Declared, rt: &TokenStream) -> TokenStream {
    let (tap, row, ty) = (tap_ident(node), &node.row, out_type(node, rt));
    let methods: Vec<&Ident> = [&node.field].into_iter().chain(&node.sinks).collect();
    let (last, others) = (methods[methods.len() - 1], &methods[..methods.len() - 1]);
    let keep = node.read.then(|| quote!(#rt::Keep::keep(&row, self.buffer);));
    let buffer = node.read.then(|| quote!(buffer: &'a mut #rt::Buffer<#row>,));
    let told = node.read.then(|| {
        quote! {
            fn watermark(&mut self, w: #rt::Timestamp) {
                self.buffer.watermark = ::core::option::Option::Some(w);
            }
        }
    });
    let asides = asides(node, rt).into_iter().map(|Aside { method, ty, .. }| {
        quote! {
            impl<O: Outputs> #rt::Sink<#ty> for #tap<'_, O> {
                fn emit(&mut self, row: #ty) {
                    self.out.#method(row);
                }
            }
        }
    });
    quote! {
        struct #tap<'a, O> {
            out: &'a mut O,
            #buffer
        }
        impl<O: Outputs> #rt::Sink<#ty> for #tap<'_, O> {
            #[inline]
            fn emit(&mut self, row: #ty) {
                #keep
                #(self.out.#others(row.clone());)*
                self.out.#last(row);
            }
            #told
        }
        #(#asides)*
    }
}

/// `&mut VwapOut { out, buffer: &mut self.vwap_rows }`
fn sink(node: &Node<'_>, graph: &TokenStream) -> TokenStream {
    let tap = tap_ident(node);
    let buffer = node.read.then(|| {
        let buffer = buffer_ident(node);
        quote!(buffer: &mut #graph.#buffer,)
    });
    quote!(&mut #tap { out: &mut *out, #buffer })
}

/// The readers of a relation: each with the number of its input there.
fn readers<'a, 'b>(name: &str, nodes: &'b [Node<'a>]) -> Vec<(&'b Node<'a>, u32)> {
    let reads = |n: &'b Node<'a>| {
        let at = n.compiled.pipeline.sources.iter().position(|s| s.relation == name)?;
        Some((n, at as u32))
    };
    nodes.iter().filter_map(reads).collect()
}

/// After a call of a view's pipeline: its rows go to its readers, then its watermark.
fn after(node: &Node<'_>, nodes: &[Node<'_>], rt: &TokenStream) -> TokenStream {
    let (method, buffer, row) = (after_ident(node), buffer_ident(node), &node.row);
    let changelog = node.compiled.relation.changelog;
    let readers = readers(&node.compiled.view.name, nodes);
    let rows = readers.iter().map(|(reader, at)| {
        let (field, sink, then) =
            (&reader.field, sink(reader, &quote!(self)), after_call(reader, &quote!(self)));
        let at = proc_macro2::Literal::u32_unsuffixed(*at);
        let take = match changelog {
            true => quote! {
                #rt::TakesChanges::<#rt::At<#at>, #row, _>::take_changes(
                    &mut self.#field, &rows.rows, &rows.weights, #sink,
                )
            },
            false => quote!(#rt::Takes::<#rt::At<#at>, #row, _>::take(&mut self.#field, &rows.rows, #sink)),
        };
        quote! {
            result = result.and(#take);
            #then
        }
    });
    let watermarks = readers.iter().map(|(reader, at)| {
        let (field, sink, then) =
            (&reader.field, sink(reader, &quote!(self)), after_call(reader, &quote!(self)));
        let at = proc_macro2::Literal::u32_unsuffixed(*at);
        quote! {
            result = result.and(#rt::watermark_of(&mut self.#field, #at, w, #sink));
            #then
        }
    });
    quote! {
        fn #method<O: Outputs>(&mut self, out: &mut O) -> ::core::result::Result<(), #rt::Error> {
            let mut result = ::core::result::Result::Ok(());
            let mut rows = ::core::mem::take(&mut self.#buffer);
            if !rows.rows.is_empty() {
                #(#rows)*
            }
            if let ::core::option::Option::Some(w) = rows.watermark {
                #(#watermarks)*
            }
            rows.clear();
            self.#buffer = rows;
            result
        }
    }
}

fn after_ident(node: &Node<'_>) -> Ident {
    format_ident!("after_{}", node.field)
}

fn after_call(node: &Node<'_>, graph: &TokenStream) -> Option<TokenStream> {
    let after = after_ident(node);
    node.read.then(|| quote!(result = result.and(#graph.#after(out));))
}

/// What is the same for all inputs.
fn common(nodes: &[Node<'_>], rt: &TokenStream) -> TokenStream {
    let result = quote!(::core::result::Result<(), #rt::Error>);
    let each = |call: &dyn Fn(&Node<'_>, TokenStream) -> TokenStream| {
        let calls = nodes.iter().map(|node| {
            let (call, then) = (call(node, sink(node, &quote!(self))), after_call(node, &quote!(self)));
            quote! {
                result = result.and(#call);
                #then
            }
        });
        quote! {
            let mut result = ::core::result::Result::Ok(());
            #(#calls)*
            result
        }
    };
    let tick = each(&|n, sink| {
        let field = &n.field;
        quote!(self.#field.tick(now, #sink))
    });
    let finish = each(&|n, sink| {
        let field = &n.field;
        quote!(self.#field.finish(#sink))
    });
    let getters = nodes.iter().map(|n| {
        let (field, ty) = (&n.field, pipeline_ident(&n.row));
        let doc = format!("The pipeline of `{}`: its counters, its plan.", n.compiled.view.name);
        let method = format_ident!("{}_pipeline", field);
        quote! {
            #[doc = #doc]
            pub fn #method(&self) -> &#ty {
                &self.#field
            }
        }
    });
    let fields: Vec<&Ident> = nodes.iter().map(|n| &n.field).collect();
    quote! {
        /// Sets the clock of all pipelines.
        pub fn tick<O: Outputs>(&mut self, now: #rt::Timestamp, out: &mut O) -> #result {
            #tick
        }
        /// Ends all sources: everything that is left comes out.
        pub fn finish<O: Outputs>(&mut self, out: &mut O) -> #result {
            #finish
        }
        /// Writes the state of all pipelines.
        pub fn snapshot<W: ::std::io::Write>(&self, w: &mut W) -> #result {
            #(self.#fields.snapshot(w)?;)*
            ::core::result::Result::Ok(())
        }
        /// Takes the state of a snapshot of the same folder. After an error make a new graph.
        pub fn restore<R: ::std::io::Read>(&mut self, r: &mut R) -> #result {
            #(self.#fields.restore(r)?;)*
            ::core::result::Result::Ok(())
        }
        #(#getters)*
    }
}

/// Whether rows of a source reach some view by several ways: then they go through the graph one at a time, so that how
/// they are cut into batches does not matter.
fn is_diamond(name: &str, nodes: &[Node<'_>]) -> bool {
    fn ways(name: &str, to: &str, nodes: &[Node<'_>]) -> usize {
        if name == to {
            return 1;
        }
        readers(name, nodes).iter().map(|(n, _)| ways(&n.compiled.view.name, to, nodes)).sum()
    }
    nodes.iter().any(|n| ways(name, &n.compiled.view.name, nodes) > 1)
}

/// The input of a source or table.
fn input(base: &super::declare::Base, nodes: &[Node<'_>], rt: &TokenStream) -> TokenStream {
    let name = &base.relation.name;
    let Some(row) = struct_ident(name) else { return TokenStream::new() };
    let (handle, method) = (format_ident!("{row}Input"), rust::handle_ident(name));
    let readers = readers(name, nodes);
    let result = quote!(::core::result::Result<(), #rt::Error>);
    let graph = quote!(self.0);
    let each = |call: &dyn Fn(&Node<'_>, u32, TokenStream) -> TokenStream| {
        let calls = readers.iter().map(|(node, at)| {
            let (call, then) = (call(node, *at, sink(node, &graph)), after_call(node, &graph));
            quote! {
                result = result.and(#call);
                #then
            }
        });
        quote! {
            let mut result = ::core::result::Result::Ok(());
            #(#calls)*
            result
        }
    };
    let at_type = |at: u32| {
        let at = proc_macro2::Literal::u32_unsuffixed(at);
        quote!(#rt::At<#at>)
    };
    let watermark = each(&|n, at, sink| {
        let (field, at) = (&n.field, proc_macro2::Literal::u32_unsuffixed(at));
        quote!(#rt::watermark_of(&mut self.0.#field, #at, w, #sink))
    });
    let finish = each(&|n, at, sink| {
        let (field, at) = (&n.field, proc_macro2::Literal::u32_unsuffixed(at));
        quote!(#rt::finish_of(&mut self.0.#field, #at, #sink))
    });
    let take = match base.table {
        true => {
            let run = each(&|n, at, sink| {
                let (field, at) = (&n.field, at_type(at));
                quote! {
                    #rt::TakesChanges::<#at, #row, _>::take_changes(&mut self.0.#field, rows, weights, #sink)
                }
            });
            quote! {
                /// Adds a row.
                pub fn insert<O: Outputs>(&mut self, row: &#row, out: &mut O) -> #result {
                    self.run(::core::slice::from_ref(row), &[1], out)
                }
                /// Removes a row that is equal.
                pub fn delete<O: Outputs>(&mut self, row: &#row, out: &mut O) -> #result {
                    self.run(::core::slice::from_ref(row), &[-1], out)
                }
                /// Replaces a row by another, in one step.
                pub fn update<O: Outputs>(&mut self, old: &#row, new: &#row, out: &mut O) -> #result {
                    self.run(&[old.clone(), new.clone()], &[-1, 1], out)
                }
                fn run<O: Outputs>(&mut self, rows: &[#row], weights: &[i64], out: &mut O) -> #result {
                    #run
                }
            }
        }
        false => {
            let run = each(&|n, at, sink| {
                let (field, at) = (&n.field, at_type(at));
                quote!(#rt::Takes::<#at, #row, _>::take(&mut self.0.#field, rows, #sink))
            });
            let process = match is_diamond(name, nodes) {
                true => quote!(rows.iter().try_for_each(|row| self.run(::core::slice::from_ref(row), out))),
                false => quote!(self.run(rows, out)),
            };
            quote! {
                /// Takes one row.
                pub fn push<O: Outputs>(&mut self, row: &#row, out: &mut O) -> #result {
                    self.run(::core::slice::from_ref(row), out)
                }
                /// Takes a batch of rows.
                pub fn process<O: Outputs>(&mut self, rows: &[#row], out: &mut O) -> #result {
                    #process
                }
                fn run<O: Outputs>(&mut self, rows: &[#row], out: &mut O) -> #result {
                    #run
                }
            }
        }
    };
    let docs = [format!("The input `{name}`."), format!("The input `{name}` of the graph.")];
    let [method_doc, handle_doc] = &docs;
    quote! {
        impl Graph {
            #[doc = #method_doc]
            pub fn #method(&mut self) -> #handle<'_> {
                #handle(self)
            }
        }
        #[doc = #handle_doc]
        pub struct #handle<'a>(&'a mut Graph);
        #[allow(unused)]
        impl #handle<'_> {
            #take
            /// No row older than `w` will come.
            pub fn watermark<O: Outputs>(&mut self, w: #rt::Timestamp, out: &mut O) -> #result {
                #watermark
            }
            /// Ends this input.
            pub fn finish<O: Outputs>(&mut self, out: &mut O) -> #result {
                #finish
            }
        }
    }
}
