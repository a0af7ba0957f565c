//! What an event expands to.

use super::handover::{self, Schema};
use super::{EventField, EventStruct, Krate};
use laminar_runtime::schema::Ty;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Generics, Visibility};

/// Name of the struct of arrays of `event`.
pub fn columns_ident(event: &Ident) -> Ident {
    format_ident!("{event}Columns")
}

/// The `Event` implementation of a struct, its struct of arrays, its checks and its hidden macro.
pub fn event_impl(event: &EventStruct, krate: &Krate, schema: &Schema) -> TokenStream {
    let rt = krate.rt();
    let (ident, vis) = (&event.ident, &event.vis);
    let name = ident.to_string();
    let columns = columns_ident(ident);
    let fields: Vec<_> = event.fields.iter().map(|f| &f.ident).collect();
    let names: Vec<_> = event.fields.iter().map(EventField::name).collect();
    let types: Vec<_> = event.fields.iter().map(|f| &f.ty).collect();
    let visibilities = event.fields.iter().map(|f| &f.vis);
    let time = match event.time {
        Some((field, delay_ns)) => {
            quote!(::core::option::Option::Some(#rt::EventTime { field: #field, delay_ns: #delay_ns }))
        }
        None => quote!(::core::option::Option::None),
    };
    let checks = checks(event, &rt);
    let callback = handover::callback(schema, vis);
    let doc = format!("Struct of arrays of [`{name}`]: one slice for each field, all of one length.");
    quote! {
        #[automatically_derived]
        #[allow(clippy::all, clippy::undocumented_unsafe_blocks)]
        impl #rt::Event for #ident {
            const NAME: &'static str = #name;
            const FIELDS: &'static [#rt::Field] =
                &[#(#rt::field::<#types>(#names, ::core::mem::offset_of!(#ident, #fields))),*];
            const TIME: ::core::option::Option<#rt::EventTime> = #time;
            type Columns<'a> = #columns<'a>;
            // SAFETY: these are the fields of the struct.
            const COMPLETE: ::core::option::Option<#rt::Complete> =
                ::core::option::Option::Some(unsafe { #rt::Complete::new() });
        }

        #[doc = #doc]
        #[allow(dead_code, missing_debug_implementations)]
        #vis struct #columns<'a> {
            #(#[doc = concat!("Column `", #names, "`.")] #visibilities #fields: &'a [#types],)*
        }

        #[automatically_derived]
        impl #rt::EventColumns<#ident> for #columns<'_> {
            fn each(&self, each: &mut dyn ::core::ops::FnMut(#rt::AnyColumn)) {
                #(each(#rt::AnyColumn::new(self.#fields));)*
            }
        }

        #checks
        #callback
    }
}

/// One constant that fails to evaluate where a type is not what it looks like.
fn checks(event: &EventStruct, rt: &TokenStream) -> TokenStream {
    let asserts: Vec<_> = event.fields.iter().filter(|f| !is_primitive(f)).map(|f| check(f, rt)).collect();
    if asserts.is_empty() {
        return TokenStream::new();
    }
    quote!(#[allow(clippy::all, clippy::undocumented_unsafe_blocks)] const _: () = { #(#asserts)* };)
}

fn check(field: &EventField, rt: &TokenStream) -> TokenStream {
    let ty = &field.ty;
    let pattern = field.sql.pattern(rt);
    let nullable = field.sql.nullable;
    let null = if nullable { "" } else { " NOT NULL" };
    let message = format!(
        "L0703: field `{}` is not {}{null} in truth: its type is an alias or another type of that name; declare it: #[event(sql = \"…\")]",
        field.ident, field.sql.ty
    );
    // An Option hides what is in memory, a plain u64 shows it.
    let memory = (field.sql.ty == Ty::Bigint && !nullable).then(|| {
        let unsigned = field.sql.unsigned;
        quote!(&& ::core::matches!(<#ty as #rt::FieldValue>::MEMORY, #rt::Memory::U64) == #unsigned)
    });
    quote_spanned! {ty.span()=>
        ::core::assert!(
            ::core::matches!(<#ty as #rt::FieldValue>::TY, #pattern)
                && <#ty as #rt::FieldValue>::NULLABLE == #nullable #memory,
            #message
        );
    }
}

fn is_primitive(field: &EventField) -> bool {
    let ty = field.ty.to_token_stream().to_string();
    matches!(&*ty, "bool" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "f64")
}

/// Beside the errors of a struct: an implementation that satisfies the rest of the program.
pub fn broken_event(ident: &Ident, vis: &Visibility, generics: &Generics, krate: &Krate) -> TokenStream {
    let rt = krate.rt();
    let name = ident.to_string();
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let callback = handover::callback(&Schema::broken(ident), vis);
    // A generic struct satisfies `'static` only where its parameters do.
    let event = generics.params.is_empty().then(|| {
        quote! {
            #[automatically_derived]
            impl #impl_generics #rt::Event for #ident #type_generics #where_clause {
                const NAME: &'static str = #name;
                const FIELDS: &'static [#rt::Field] = &[];
                const TIME: ::core::option::Option<#rt::EventTime> = ::core::option::Option::None;
                type Columns<'a> = ();
            }
        }
    });
    quote!(#event #callback)
}
