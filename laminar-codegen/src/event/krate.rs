//! The path by which generated code reaches Laminar: `::laminar` unless `crate = path` says otherwise.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Path};

/// Path of the facade crate.
#[derive(Clone)]
pub struct Krate(Path);

impl Default for Krate {
    fn default() -> Self {
        Krate(syn::parse_quote!(::laminar))
    }
}

impl Krate {
    /// The facade at `path`.
    pub fn at(path: Path) -> Krate {
        Krate(path)
    }

    /// What `#[event(crate = path)]` says; mistakes there are reported by whoever reads the attribute in full.
    pub fn of_attributes(attributes: &[Attribute]) -> Krate {
        let mut krate = Krate::default();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("event")) {
            let _ = attribute.parse_nested_meta(|meta| {
                let is_crate = meta.path.is_ident("crate");
                if meta.input.peek(syn::Token![=]) {
                    let value = meta.value()?;
                    match is_crate {
                        true => krate = Krate(value.call(Path::parse_mod_style)?),
                        false => drop(value.parse::<syn::Lit>()),
                    }
                }
                Ok(())
            });
        }
        krate
    }

    /// Path of the module that generated code may name.
    pub fn rt(&self) -> TokenStream {
        let path = &self.0;
        quote!(#path::__rt)
    }
}

impl ToTokens for Krate {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}
