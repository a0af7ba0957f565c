//! How a macro learns the columns of a struct that another macro saw.
//!
//! Macros see tokens, not types. So the derive leaves a hidden `macro_rules!` with a unique name that hands the
//! columns to a callback, and re-exports it under the struct's own name: types and macros live in different
//! namespaces, and importing `Trade` imports both. A chain of such calls collects several structs:
//!
//! ```text
//! Trade!{ [] [Quote, finish] { … } }   →   Quote!{ [(event Trade …)] [finish] { … } }
//!                                      →   finish!{ [(event Trade …) (event Quote …)] [] { … } }
//! ```

use super::{EventStruct, FieldTy, Krate, field_ty};
use crate::ir::SourceColumn;
use laminar_runtime::schema::Column;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use syn::parse::{Parse, ParseStream};
use syn::{LitInt, LitStr, Visibility, parenthesized};

/// The columns of a struct as they travel between macros.
#[derive(Clone)]
pub struct Schema {
    /// Name of the struct, with the place of its declaration.
    pub ident: Ident,
    /// Columns in order, each with the place of its field.
    pub columns: Vec<(SourceColumn, Ident)>,
    /// Event time: index of the column and delay in ns.
    pub time: Option<(usize, i64)>,
    /// Equal for two names of one struct only.
    pub identity: u64,
    /// Its rows are the changelog of a view.
    pub changelog: bool,
    /// Its declaration has a mistake that is reported already.
    pub broken: bool,
}

impl Schema {
    /// The schema of a struct.
    pub fn of(event: &EventStruct, changelog: bool) -> Schema {
        let columns = event.fields.iter().map(|f| (f.column(), f.ident.clone())).collect();
        let mut schema =
            Schema { columns, time: event.time, changelog, broken: false, ..Schema::broken(&event.ident) };
        schema.identity = unique(&schema.ident, &schema.to_tokens());
        schema
    }

    /// A struct about which nothing is known but a mistake.
    pub fn broken(ident: &Ident) -> Schema {
        let identity = unique(ident, &TokenStream::new());
        Schema {
            ident: ident.clone(),
            columns: Vec::new(),
            time: None,
            identity,
            changelog: false,
            broken: true,
        }
    }

    /// As one token tree.
    pub(super) fn to_tokens(&self) -> TokenStream {
        let ident = &self.ident;
        let kind = match (self.broken, self.changelog) {
            (true, _) => quote!(broken),
            (false, true) => quote!(changelog),
            (false, false) => quote!(event),
        };
        let time = self.time.map(|(column, delay_ns)| {
            let column = column as u32;
            quote!(time #column #delay_ns)
        });
        let columns = self.columns.iter().map(|(c, field)| {
            let null = if c.column.nullable { " NULL" } else { " NOT NULL" };
            let unsigned = if c.unsigned { " UNSIGNED" } else { "" };
            let sql = format!("{}{unsigned}{null}", c.column.ty);
            quote!(#field #sql)
        });
        let identity = self.identity;
        quote!((#kind #ident #identity [#time] #((#columns))*))
    }
}

impl Parse for Schema {
    fn parse(outer: ParseStream<'_>) -> syn::Result<Schema> {
        let input;
        parenthesized!(input in outer);
        let kind: Ident = input.parse()?;
        let mut schema = Schema::broken(&input.parse()?);
        schema.broken = kind == "broken";
        schema.changelog = kind == "changelog";
        schema.identity = input.parse::<LitInt>()?.base10_parse()?;
        let time;
        syn::bracketed!(time in input);
        if !time.is_empty() {
            time.parse::<Ident>()?;
            schema.time =
                Some((time.parse::<LitInt>()?.base10_parse()?, time.parse::<LitInt>()?.base10_parse()?));
        }
        while !input.is_empty() {
            let column;
            parenthesized!(column in input);
            let field: Ident = column.parse()?;
            let sql: LitStr = column.parse()?;
            let FieldTy { ty, nullable, unsigned } = field_ty::of_sql(&sql.value(), false)
                .ok_or_else(|| syn::Error::new(sql.span(), "not a SQL type"))?;
            let name = syn::ext::IdentExt::unraw(&field).to_string();
            schema
                .columns
                .push((SourceColumn { column: Column { name: name.into(), ty, nullable }, unsigned }, field));
        }
        Ok(schema)
    }
}

/// The hidden macro of a struct, and its re-export under the struct's name.
pub fn callback(schema: &Schema, vis: &Visibility) -> TokenStream {
    let ident = &schema.ident;
    let tokens = schema.to_tokens();
    let hidden = format_ident!(
        "__laminar_event_{}_{:016x}",
        ident.to_string(),
        unique(ident, &tokens),
        span = Span::call_site()
    );
    // A `pub use` needs an exported macro; a narrower one must not have it.
    let export = matches!(vis, Visibility::Public(_)).then(|| quote!(#[macro_export]));
    quote! {
        #[doc(hidden)]
        #[allow(unused_macros, non_local_definitions)]
        #export
        macro_rules! #hidden {
            ([$($done:tt)*] [$next:path $(, $more:path)*] $rest:tt) => {
                $next! { [$($done)* #tokens] [$($more),*] $rest }
            };
        }
        #[doc(hidden)]
        #[allow(unused_imports)]
        #vis use #hidden as #ident;
    }
}

/// The first call of a chain over `structs` that ends in `finish`, with `rest` as one token tree.
pub fn chain(structs: &[TokenStream], finish: &TokenStream, rest: &TokenStream) -> TokenStream {
    match structs {
        [] => quote!(#finish! { [] [] { #rest } }),
        [first, more @ ..] => quote!(#first! { [] [#(#more,)* #finish] { #rest } }),
    }
}

/// What a chain ends with: the schemas in the order of the structs, and the rest.
#[derive(Clone)]
pub struct Collected {
    /// One a struct.
    pub schemas: Vec<Schema>,
    /// As given to [`chain`].
    pub rest: TokenStream,
}

impl Parse for Collected {
    fn parse(input: ParseStream<'_>) -> syn::Result<Collected> {
        let (done, more, rest);
        syn::bracketed!(done in input);
        let mut schemas = Vec::new();
        while !done.is_empty() {
            schemas.push(done.parse()?);
        }
        syn::bracketed!(more in input);
        more.parse::<TokenStream>()?;
        syn::braced!(rest in input);
        Ok(Collected { schemas, rest: rest.parse()? })
    }
}

/// Place and tokens. Structs that one `macro_rules!` makes share both, so those are counted as well.
fn unique(ident: &Ident, tokens: &TokenStream) -> u64 {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let mut hash = DefaultHasher::new();
    let span = ident.span();
    (span.file(), span.start().line, span.start().column).hash(&mut hash);
    tokens.to_string().hash(&mut hash);
    // An identifier that a macro made shows the number of its expansion, others zero.
    let debug = format!("{span:?}");
    if debug.starts_with('#') && !debug.starts_with("#0 ") {
        MADE.fetch_add(1, Ordering::Relaxed).hash(&mut hash);
    }
    hash.finish()
}

/// The path of the macro that ends a chain.
pub fn finish(krate: &Krate) -> TokenStream {
    let rt = krate.rt();
    quote!(#rt::compile_pipeline)
}
