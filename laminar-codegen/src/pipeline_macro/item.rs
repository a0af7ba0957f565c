//! The struct under `#[pipeline]`.

use crate::diagnostic::{Place, code};
use crate::event::{Errors, EventField, error, read_fields, type_text};
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Visibility};

/// The struct as written.
pub(super) struct Item {
    input: DeriveInput,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Item> {
        Ok(Item { input: input.parse()? })
    }
}

impl Item {
    pub fn ident(&self) -> &Ident {
        &self.input.ident
    }

    pub fn vis(&self) -> &Visibility {
        &self.input.vis
    }

    pub fn generics(&self) -> &syn::Generics {
        &self.input.generics
    }

    /// The struct for the program: without `#[event(…)]`, which is no attribute of rustc's.
    pub fn emitted(&self) -> TokenStream {
        let mut input = self.input.clone();
        let plain = |attributes: &mut Vec<Attribute>| attributes.retain(|a| !a.path().is_ident("event"));
        plain(&mut input.attrs);
        if let Data::Struct(data) = &mut input.data {
            data.fields.iter_mut().for_each(|field| plain(&mut field.attrs));
        }
        input.into_token_stream()
    }

    /// The fields with their SQL types.
    pub fn read_fields(&self, errors: &mut Errors) -> Vec<EventField> {
        if let Some(span) = self.derives_event() {
            let message = "the row of a pipeline is an event already";
            errors.at(span, code::PIPELINE_ARGUMENT, message, "remove `Event` from the derive");
        }
        for attribute in self.input.attrs.iter().filter(|a| a.path().is_ident("event")) {
            let help = "the query decides it: remove the attribute";
            errors.push(error(
                attribute.span(),
                code::EVENT_ATTRIBUTE,
                "`event` has no place on the row of a pipeline",
                help,
            ));
        }
        read_fields(&self.input, errors).unwrap_or_default()
    }

    /// Whether the struct has columns as far as one can see: then it is an event whatever is wrong with the query.
    pub fn is_event(&self) -> bool {
        let mut errors = Errors::default();
        read_fields(&self.input, &mut errors).is_some() && errors.is_empty()
    }

    /// Whether it derives `Event` as well, and where.
    pub fn derives_event(&self) -> Option<Span> {
        let mut found = None;
        for attribute in self.input.attrs.iter().filter(|a| a.path().is_ident("derive")) {
            let _ = attribute.parse_nested_meta(|meta| {
                if meta.path.segments.last().is_some_and(|s| s.ident == "Event") {
                    found = Some(meta.path.span());
                }
                Ok(())
            });
        }
        found
    }

    /// Where each field is declared.
    pub fn places(&self) -> Vec<Place> {
        let Data::Struct(data) = &self.input.data else { return Vec::new() };
        let places = data.fields.iter().filter_map(|f| {
            let ident = f.ident.as_ref()?;
            Some(Place { text: format!("{ident}: {}", type_text(&f.ty)), ..place(ident) })
        });
        places.collect()
    }
}

/// Where a field is declared, as a second place of a message.
fn place(ident: &Ident) -> Place {
    let span = ident.span();
    let start = span.start();
    Place {
        file: span.file(),
        line: start.line as u32,
        column: start.column as u32 + 1,
        text: String::new(),
        what: String::new(),
    }
}
