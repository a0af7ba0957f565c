//! The Rust of a query as text, with structs for its relations: what `laminar explain --format rust` shows.
//!
//! Not here: what a build generates from structs of the user (the parent module makes both). Invariant: the text is a
//! file that compiles beside the facade.

use super::{InputTy, OutputField, OutputTy, emit, handle_ident};
use crate::event::{FieldTy, Krate};
use crate::ir::{Pipeline, SourceIr};
use laminar_runtime::plan::Port;
use laminar_runtime::schema::Column;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use std::collections::HashSet;

/// The text.
///
/// # Errors
/// Tokens that are no Rust, a defect of the compiler.
pub fn listing(pipeline: &Pipeline) -> Result<String, String> {
    let krate = Krate::default();
    let mut taken = HashSet::new();
    let mut structs = Vec::new();
    let mut inputs = Vec::new();
    for (at, source) in pipeline.sources.iter().enumerate() {
        let ident = unique(camel(&source.relation), &mut taken);
        let fields = idents(source.columns.iter().map(|c| &c.column));
        structs.push(event_struct(&ident, source, &fields));
        let from = Port::Source(at as u32);
        inputs.push(InputTy {
            ty: quote!(#ident),
            fields,
            handle: handle_ident(&source.relation),
            identity: at as u64,
            changelog: pipeline.plan.edges.iter().any(|e| e.from == from && e.weighted),
        });
    }
    let columns = &pipeline.plan.columns;
    let ident = unique("Row".into(), &mut taken);
    let fields = idents(columns.iter());
    let types: Vec<TokenStream> = columns.iter().map(|c| field_type(c, false)).collect();
    structs.push(quote! {
        pub struct #ident { #(pub #fields: #types),* }
    });
    let fields = fields.into_iter().zip(types).enumerate();
    let fields = fields.map(|(column, (ident, ty))| OutputField { ident, ty, column }).collect();
    let output = OutputTy { ident, vis: syn::parse_quote!(pub), fields };
    let items = emit(pipeline, &inputs, &output, 0, &krate);
    let file = syn::parse2(quote!(#(#structs)* #items)).map_err(|e| e.to_string())?;
    Ok(prettyplease::unparse(&file))
}

fn event_struct(ident: &Ident, source: &SourceIr, fields: &[Ident]) -> TokenStream {
    let types = source.columns.iter().enumerate().map(|(i, c)| {
        // A row whose event time is NULL never comes in.
        let is_time = source.time.is_some_and(|(time, _)| time == i);
        let column = Column { nullable: c.column.nullable && !is_time, ..c.column.clone() };
        field_type(&column, c.unsigned)
    });
    let time = source.time.map(|(column, delay_ns)| {
        let (field, delay) = (&fields[column], Literal::string(&format!("{delay_ns} nanoseconds")));
        quote!(#[event(time = #field, delay = #delay)])
    });
    quote! {
        #[derive(::laminar::Event)]
        #time
        pub struct #ident { #(pub #fields: #types),* }
    }
}

fn field_type(column: &Column, unsigned: bool) -> TokenStream {
    FieldTy { ty: column.ty, nullable: column.nullable, unsigned }.rust(&quote!(::laminar))
}

/// A field name for each column, no two equal.
fn idents<'a>(columns: impl Iterator<Item = &'a Column>) -> Vec<Ident> {
    let mut taken = HashSet::new();
    columns.map(|c| unique(word(&c.name), &mut taken)).collect()
}

/// `name`, or with a number after it where that is taken.
fn unique(name: String, taken: &mut HashSet<String>) -> Ident {
    let mut candidate = name.clone();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{name}_{number}");
        number += 1;
    }
    syn::parse_str(&candidate).unwrap_or_else(|_| match candidate.as_str() {
        // Words that may not even be raw identifiers.
        "self" | "Self" | "super" | "crate" | "_" => Ident::new(&format!("{candidate}_"), Span::call_site()),
        word => Ident::new_raw(word, Span::call_site()),
    })
}

/// A name made of what an identifier may hold.
fn word(name: &str) -> String {
    let mut out: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if !out.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        out.insert(0, '_');
    }
    out
}

/// `late_trades` as `LateTrades`.
fn camel(name: &str) -> String {
    let mut out = String::new();
    for part in word(name).split('_').filter(|p| !p.is_empty()) {
        let (head, tail) = part.split_at(1);
        out.push_str(&head.to_ascii_uppercase());
        out.push_str(tail);
    }
    if out.starts_with(|c: char| c.is_ascii_alphabetic()) { out } else { format!("R{out}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(
            (camel("late_trades"), camel("Trade"), camel("2x y")),
            ("LateTrades".into(), "Trade".into(), "R2xY".into())
        );
        let mut taken = HashSet::new();
        let mut check = |name: &str| unique(word(name), &mut taken).to_string();
        assert_eq!(check("type"), "r#type");
        assert_eq!(check("self"), "self_");
        assert_eq!(check("a b"), "a_b");
        assert_eq!(check("a-b"), "a_b_2");
        assert_eq!(check("_"), "__");
    }
}
