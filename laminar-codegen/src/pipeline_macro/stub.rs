//! What stands in for a pipeline whose query has an error: its names exist, and nothing done with them is an error too.
//!
//! The first `compile_error!` stands where a type is expected. rustc takes that for a type about which it has complained
//! already, and keeps silent about every use.

use super::item::Item;
use crate::event::handover::Schema;
use crate::event::{Errors, EventStruct, Krate, broken_event, event_impl};
use crate::rust::pipeline_ident;
use proc_macro2::TokenStream;
use quote::quote;

/// `error` and the other `errors`, with what stands in.
pub(super) fn stub(
    item: &Item,
    krate: &Krate,
    error: Option<&syn::Error>,
    errors: &mut Errors,
) -> TokenStream {
    let others = std::mem::take(errors).into_tokens();
    let event = event(item, krate);
    let (name, row, vis) = (pipeline_ident(item.ident()), item.ident(), item.vis());
    let (impl_generics, type_generics, where_clause) = item.generics().split_for_impl();
    let rt = krate.rt();
    let (ty, declaration) = match error {
        Some(error) => {
            // One error may hold several messages: the first becomes the type, the others items.
            let mut messages = error.clone().into_iter();
            let first = messages.next().map(|e| type_error(&e));
            let rest: TokenStream = messages.map(syn::Error::into_compile_error).collect();
            (quote!(#name), quote!(#rest #[allow(dead_code)] #vis type #name = #first;))
        }
        None => (quote!(#name), silent(&quote!(#name), vis, &rt)),
    };
    quote! {
        #others
        #event
        #declaration
        #[allow(dead_code, unused, clippy::all)]
        const _: () = {
            impl #impl_generics #row #type_generics #where_clause {
                pub fn pipeline() -> #ty {
                    ::core::panic!("its query has an error")
                }
                pub fn builder() -> #rt::Builder<#ty> {
                    ::core::panic!("its query has an error")
                }
            }
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

/// `compile_error!` as a type.
fn type_error(error: &syn::Error) -> TokenStream {
    let message = error.to_string();
    quote::quote_spanned!(error.span()=> ::core::compile_error! { #message })
}

/// Where another macro has complained: a pipeline that takes everything.
fn silent(name: &TokenStream, vis: &syn::Visibility, rt: &TokenStream) -> TokenStream {
    let result = quote!(::core::result::Result<(), #rt::Error>);
    quote! {
        #[allow(dead_code)]
        #vis struct #name {}
        #[allow(dead_code, unused)]
        impl #name {
            pub fn push<E, S>(&mut self, row: &E, out: &mut S) -> #result { ::core::result::Result::Ok(()) }
            pub fn process<E, S>(&mut self, rows: &[E], out: &mut S) -> #result { ::core::result::Result::Ok(()) }
            pub fn process_columns<C, S>(&mut self, columns: &C, out: &mut S) -> #result { ::core::result::Result::Ok(()) }
            pub fn watermark<S>(&mut self, w: #rt::Timestamp, out: &mut S) -> #result { ::core::result::Result::Ok(()) }
            pub fn tick<S>(&mut self, now: #rt::Timestamp, out: &mut S) -> #result { ::core::result::Result::Ok(()) }
            pub fn finish<S>(&mut self, out: &mut S) -> #result { ::core::result::Result::Ok(()) }
            pub fn snapshot<W>(&self, w: &mut W) -> #result { ::core::result::Result::Ok(()) }
            pub fn restore<R>(&mut self, r: &mut R) -> #result { ::core::result::Result::Ok(()) }
            pub fn digest(&self) -> u64 { 0 }
            pub fn counters(&self) -> #rt::InputCounters { ::core::default::Default::default() }
            pub fn output_counters(&self) -> #rt::OutputCounters { ::core::default::Default::default() }
            pub fn explain(&self) -> &'static str { "" }
            pub fn sql(&self) -> &'static str { "" }
        }
    }
}
