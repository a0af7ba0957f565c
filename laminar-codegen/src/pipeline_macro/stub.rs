//! What stands in for a pipeline whose query has an error: its names exist and take everything, so that the error is the
//! only one.

use super::guess::Guess;
use super::item::Item;
use crate::event::handover::Schema;
use crate::event::{Errors, EventStruct, Krate, broken_event, event_impl};
use crate::rust::pipeline_ident;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// What is known of a pipeline with errors.
#[derive(Clone, Copy, Default)]
pub(super) struct Stands<'a> {
    /// Its inputs so far.
    pub handles: &'a [Ident],
    /// What its sink takes.
    pub sink: Guess,
}

/// The `errors`, with what stands in.
pub(super) fn stub(item: &Item, krate: &Krate, stands: Stands<'_>, errors: Errors) -> TokenStream {
    let errors = errors.into_tokens();
    let event = event(item, krate);
    let (name, row, vis) = (pipeline_ident(item.ident()), item.ident(), item.vis());
    let (impl_generics, type_generics, where_clause) = item.generics().split_for_impl();
    let rt = krate.rt();
    let methods = item.generics().params.is_empty().then(|| methods(&name, row, stands, &rt));
    quote! {
        #errors
        #event
        #[allow(dead_code)]
        #vis struct #name {}
        #[allow(dead_code, unused, clippy::all)]
        const _: () = {
            impl #impl_generics #row #type_generics #where_clause {
                pub fn pipeline() -> #name {
                    #name {}
                }
                pub fn builder() -> #rt::Builder<#name> {
                    #rt::Builder::new(0, |_| #name {})
                }
            }
            #methods
        };
    }
}

/// The struct as an event without time, if it can be one; pipelines over it keep silent.
fn event(item: &Item, krate: &Krate) -> TokenStream {
    let schema = Schema::broken(item.ident());
    if item.derives_event().is_some() {
        return TokenStream::new();
    }
    if !item.is_event() {
        return broken_event(item.ident(), item.vis(), item.generics(), krate);
    }
    let fields = item.read_fields(&mut Errors::default());
    let event = EventStruct { ident: item.ident().clone(), vis: item.vis().clone(), fields, time: None };
    event_impl(&event, krate, &schema)
}

fn methods(name: &Ident, row: &Ident, stands: Stands<'_>, rt: &TokenStream) -> TokenStream {
    let (handles, item) = (stands.handles, stands.sink.item(row, rt));
    let result = quote!(::core::result::Result<(), #rt::Error>);
    let ok = quote!(::core::result::Result::Ok(()));
    quote! {
        impl #name {
            pub fn push<E, S: #rt::Sink<#item>>(&mut self, row: &E, out: &mut S) -> #result { #ok }
            pub fn process<E, S: #rt::Sink<#item>>(&mut self, rows: &[E], out: &mut S) -> #result { #ok }
            pub fn process_columns<C, S: #rt::Sink<#item>>(&mut self, columns: &C, out: &mut S) -> #result { #ok }
            pub fn watermark<S: #rt::Sink<#item>>(&mut self, w: #rt::Timestamp, out: &mut S) -> #result { #ok }
            pub fn tick<S: #rt::Sink<#item>>(&mut self, now: #rt::Timestamp, out: &mut S) -> #result { #ok }
            pub fn finish<S: #rt::Sink<#item>>(&mut self, out: &mut S) -> #result { #ok }
            pub fn snapshot<W>(&self, w: &mut W) -> #result { #ok }
            pub fn restore<R>(&mut self, r: &mut R) -> #result { #ok }
            pub fn digest(&self) -> u64 { 0 }
            pub fn counters(&self) -> #rt::InputCounters { ::core::default::Default::default() }
            pub fn output_counters(&self) -> #rt::OutputCounters { ::core::default::Default::default() }
            pub fn explain(&self) -> &'static str { "" }
            pub fn sql(&self) -> &'static str { "" }
            #(pub fn #handles(&mut self) -> &mut Self { self })*
        }
    }
}
