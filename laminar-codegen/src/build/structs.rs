//! Structs of relations: `order_book` is `OrderBook`, with a field for each column.

use super::compiled::Compiled;
use super::declare::Declared;
use crate::catalog::Relation;
use crate::event::handover::Schema;
use crate::event::{EventField, EventStruct, FieldTy, Krate, event_impl};
use crate::rust::{self, InputTy, OutputField, OutputTy};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use std::path::Path;

/// All structs and pipelines of a folder.
pub(super) fn structs(declared: &Declared, views: &[Compiled<'_>], krate: &Krate) -> TokenStream {
    let bases = declared.bases.iter().filter_map(|b| {
        let event = event_struct(&b.relation, krate)?;
        let kind = if b.table { "table" } else { "source" };
        let doc = format!("A row of the {kind} `{}`.", b.relation.name);
        Some(item(&event, &doc, krate, b.relation.changelog))
    });
    let views = views.iter().filter_map(|c| {
        let event = event_struct(&c.relation, krate)?;
        let doc = format!("A row of `{}`.", c.view.name);
        let item = item(&event, &doc, krate, c.relation.changelog);
        let output = output_ty(&event);
        let inputs = inputs(declared, views, c);
        let code = rust::emit(&c.pipeline, &inputs, &output, c.view.capacity, krate);
        Some(quote!(#item #code))
    });
    quote!(#(#bases)* #(#views)*)
}

fn item(event: &EventStruct, doc: &str, krate: &Krate, changelog: bool) -> TokenStream {
    let ident = &event.ident;
    let names = event.fields.iter().map(|f| &f.ident);
    let types = event.fields.iter().map(|f| &f.ty);
    let docs = event.fields.iter().map(|f| {
        let null = if f.sql.nullable { "" } else { " NOT NULL" };
        format!("`{} {}{null}`", f.name(), f.sql.ty)
    });
    let event_impl = event_impl(event, krate, &Schema::of(event, changelog));
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        pub struct #ident {
            #(#[doc = #docs] pub #names: #types,)*
        }
        #event_impl
    }
}

fn event_struct(relation: &Relation, krate: &Krate) -> Option<EventStruct> {
    let rt = krate.rt();
    let fields = relation.columns.iter().map(|c| {
        let sql = FieldTy { ty: c.column.ty, nullable: c.column.nullable, unsigned: c.unsigned };
        Some(EventField {
            ident: field_ident(&c.column.name)?,
            vis: syn::parse_quote!(pub),
            ty: syn::parse2(sql.rust(&rt)).ok()?,
            sql,
        })
    });
    Some(EventStruct {
        ident: struct_ident(&relation.name)?,
        vis: syn::parse_quote!(pub),
        fields: fields.collect::<Option<_>>()?,
        time: relation.time,
    })
}

fn output_ty(event: &EventStruct) -> OutputTy {
    let field = |(column, f): (usize, &EventField)| OutputField {
        ident: f.ident.clone(),
        ty: f.ty.to_token_stream(),
        column,
    };
    OutputTy {
        ident: event.ident.clone(),
        vis: event.vis.clone(),
        fields: event.fields.iter().enumerate().map(field).collect(),
    }
}

/// The inputs of a view's pipeline, in its order.
fn inputs(declared: &Declared, views: &[Compiled<'_>], compiled: &Compiled<'_>) -> Vec<InputTy> {
    let relation = |name: &str| {
        let bases = declared.bases.iter().map(|b| &b.relation);
        bases.chain(views.iter().map(|v| &v.relation)).position(|r| r.name == name)
    };
    let input = |name: &String| {
        let identity = relation(name)? as u64;
        let ty = struct_ident(name)?.to_token_stream();
        let source = compiled.pipeline.sources.iter().find(|s| s.relation == *name)?;
        let fields = source.columns.iter().map(|c| field_ident(&c.column.name)).collect::<Option<_>>()?;
        let bases = declared.bases.iter().map(|b| &b.relation);
        let changelog =
            bases.chain(views.iter().map(|v| &v.relation)).any(|r| r.name == *name && r.changelog);
        Some(InputTy { ty, fields, handle: rust::handle_ident(name), identity, changelog })
    };
    compiled.pipeline.sources.iter().filter_map(|s| input(&s.relation)).collect()
}

/// `order_book` as `OrderBook`; none where that is no identifier.
pub(super) fn struct_ident(name: &str) -> Option<Ident> {
    let mut camel = String::new();
    let mut upper = true;
    for c in name.chars() {
        if c == '_' {
            upper = true;
        } else {
            match upper {
                true => camel.extend(c.to_uppercase()),
                false => camel.push(c),
            }
            upper = false;
        }
    }
    match syn::parse_str::<Ident>(&camel) {
        Ok(ident) if camel != "Graph" && camel != "Outputs" => Some(ident),
        _ => None,
    }
}

/// The field of a column; none where the name is no identifier.
pub(super) fn field_ident(name: &str) -> Option<Ident> {
    let plain = name.chars().all(|c| c == '_' || c.is_alphanumeric());
    syn::parse_str::<Ident>(name).ok().or_else(|| {
        let keyword = plain && !matches!(name, "" | "_" | "self" | "Self" | "super" | "crate");
        let letter = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
        (keyword && letter).then(|| Ident::new_raw(name, Span::call_site()))
    })
}

/// The module of a folder: its last name.
pub(super) fn module_ident(folder: &Path) -> Ident {
    let name = folder.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let name: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    field_ident(&name).unwrap_or_else(|| Ident::new("pipelines", Span::call_site()))
}
