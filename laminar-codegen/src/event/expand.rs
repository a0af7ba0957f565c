//! What an event expands to.

use super::handover::{self, Schema};
use super::{EventField, EventStruct, Krate};
use proc_macro2::{Ident, Literal, TokenStream};
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
            let (field, delay_ns) = (Literal::usize_unsuffixed(field), Literal::i64_unsuffixed(delay_ns));
            quote!(rt::Some(rt::EventTime { field: #field, delay_ns: #delay_ns }))
        }
        None => quote!(rt::None),
    };
    let checks: TokenStream = event.fields.iter().filter(|f| !is_primitive(f)).map(check).collect();
    let callback = handover::callback(schema, ident, vis);
    let doc = format!("Struct of arrays of [`{name}`]: one slice for each field, all of one length.");
    quote! {
        #[doc = #doc]
        #[allow(dead_code, missing_docs, missing_debug_implementations)]
        #[repr(C)]
        #vis struct #columns<'a> {
            #(#visibilities #fields: &'a [#types],)*
        }
        #[allow(unused, clippy::all, clippy::undocumented_unsafe_blocks)]
        const _: () = {
            use #rt as rt;
            impl rt::Event for #ident {
                const TYPE: rt::EventType = {
                    let room = ::core::mem::MaybeUninit::<#ident>::uninit();
                    let row = room.as_ptr();
                    // SAFETY: these are the fields of the struct.
                    unsafe {
                        rt::EventType {
                            name: #name,
                            fields: &[#(rt::field(#names, row, &raw const (*row).#fields)),*],
                            time: #time,
                            complete: rt::Some(rt::Complete::new()),
                        }
                    }
                };
                type Columns<'a> = #columns<'a>;
            }
            // SAFETY: a slice for each field, in their order.
            unsafe impl rt::EventColumns<#ident> for #columns<'_> {}
            #checks
        };
        #callback
    }
}

/// Fails to evaluate where a type is not what it looks like.
fn check(field: &EventField) -> TokenStream {
    let ty = &field.ty;
    let pattern = field.sql.pattern(&quote!(rt));
    let nullable = field.sql.nullable;
    // An Option hides what is in memory, a plain u64 shows it.
    let unsigned = field.sql.unsigned && !nullable;
    let null = if nullable { "" } else { " NOT NULL" };
    let message = format!(
        "L0703: field `{}` is not {}{null} in truth: its type is an alias or another type of that name; declare it: #[event(sql = \"…\")]",
        field.ident, field.sql.ty
    );
    quote_spanned! {ty.span()=>
        match <#ty as rt::FieldValue>::DECLARED {
            (#pattern, #nullable, #unsigned) => {}
            _ => rt::misdeclared(#message),
        }
    }
}

fn is_primitive(field: &EventField) -> bool {
    let ty = field.ty.to_token_stream().to_string();
    matches!(&*ty, "bool" | "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "f32" | "f64")
}

/// Beside the errors of a struct: an implementation that satisfies the rest of the program.
pub fn broken_event(ident: &Ident, vis: &Visibility, generics: &Generics, krate: &Krate) -> TokenStream {
    let rt = krate.rt();
    let name = ident.to_string();
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let callback = handover::callback(&Schema::broken(ident), ident, vis);
    // A generic struct satisfies `'static` only where its parameters do.
    let event = generics.params.is_empty().then(|| {
        quote! {
            #[automatically_derived]
            impl #impl_generics #rt::Event for #ident #type_generics #where_clause {
                const TYPE: #rt::EventType = #rt::EventType::broken(#name);
                type Columns<'a> = ();
            }
        }
    });
    quote!(#event #callback)
}
