//! How a macro learns the columns of a struct that another macro saw.
//!
//! Macros see tokens, not types. So the derive leaves a hidden `macro_rules!` with a unique name that hands the
//! columns to a callback, and re-exports it under the struct's own name: types and macros live in different
//! namespaces, and importing `Trade` imports both. The callback calls the next struct, until it knows all:
//!
//! ```text
//! Trade!{ finish, (finish) [] [Quote,] { … } }   →   finish!{ "event Trade …" (finish) [] [Quote,] { … } }
//!                                                →   Quote!{ finish, (finish) ["event Trade …"] [] { … } }   →   …
//! ```
//!
//! The columns travel as one string, because each token of a macro is stored in the metadata of the user's crate, and each
//! place of a token besides. A `#[udf]` function tells its signature in the same way.

use super::{EventField, EventStruct, FieldTy, Krate, field_ty};
use crate::ir::SourceColumn;
use crate::udf::Handed;
use laminar_runtime::schema::Column;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{LitStr, Path, Token, Visibility, braced, bracketed, parenthesized};

/// The columns of a struct as they travel between macros.
#[derive(Clone)]
pub struct Schema {
    /// Name of the struct.
    pub name: String,
    /// File of its declaration.
    pub file: String,
    /// Columns in order.
    pub columns: Vec<SchemaColumn>,
    /// Event time: index of the column and delay in ns.
    pub time: Option<(usize, i64)>,
    /// Equal for two names of one struct only.
    pub identity: u64,
    /// Its rows are the changelog of a view.
    pub changelog: bool,
    /// They are upserts: what they replace is not told.
    pub upserts: bool,
    /// Its declaration has a mistake that is reported already.
    pub broken: bool,
}

/// A column, and the field that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaColumn {
    /// The column.
    pub column: SourceColumn,
    /// Name of the field, perhaps with `r#`.
    pub field: String,
    /// Where the field is declared: line and column, from 1.
    pub place: (u32, u32),
}

impl Schema {
    /// The schema of a struct.
    pub fn of(event: &EventStruct, changelog: bool) -> Schema {
        let columns = event.fields.iter().map(SchemaColumn::of).collect();
        let mut schema =
            Schema { columns, time: event.time, changelog, broken: false, ..Schema::broken(&event.ident) };
        schema.identity = unique(&event.ident, &schema.to_text());
        schema
    }

    /// A struct about which nothing is known but a mistake.
    pub fn broken(ident: &Ident) -> Schema {
        Schema {
            name: ident.to_string(),
            file: ident.span().file(),
            columns: Vec::new(),
            time: None,
            identity: unique(ident, ""),
            changelog: false,
            upserts: false,
            broken: true,
        }
    }

    /// As one string: `event 17 3:5000000000 Trade src/lib.rs`, then a line for each column, `4:9 price DOUBLE NOT NULL`.
    pub(super) fn to_text(&self) -> String {
        let kind = match (self.broken, self.changelog) {
            (true, _) => "broken",
            (false, true) if self.upserts => "upserts",
            (false, true) => "changelog",
            (false, false) => "event",
        };
        let time = self.time.map_or("-".into(), |(column, delay_ns)| format!("{column}:{delay_ns}"));
        let mut text = format!("{kind} {} {time} {} {}", self.identity, self.name, self.file);
        for SchemaColumn { column: c, field, place: (line, column) } in &self.columns {
            let null = if c.column.nullable { " NULL" } else { " NOT NULL" };
            let unsigned = if c.unsigned { " UNSIGNED" } else { "" };
            let _ = write!(text, "\n{line}:{column} {field} {}{unsigned}{null}", c.column.ty);
        }
        text
    }

    fn from_text(text: &str) -> Option<Schema> {
        let mut lines = text.split('\n');
        let mut words = lines.next()?.splitn(5, ' ');
        let kind = words.next()?;
        let identity = words.next()?.parse().ok()?;
        let time = match words.next()?.split_once(':') {
            Some((column, delay_ns)) => Some((column.parse().ok()?, delay_ns.parse().ok()?)),
            None => None,
        };
        let (name, file) = (words.next()?.to_string(), words.next()?.to_string());
        let (upserts, broken) = (kind == "upserts", kind == "broken");
        let changelog = upserts || kind == "changelog";
        let columns = lines.map(SchemaColumn::from_text).collect::<Option<_>>()?;
        Some(Schema { name, file, columns, time, identity, changelog, upserts, broken })
    }
}

impl SchemaColumn {
    fn of(field: &EventField) -> SchemaColumn {
        let start = field.ident.span().start();
        SchemaColumn {
            column: field.column(),
            field: field.ident.to_string(),
            place: (start.line as u32, start.column as u32 + 1),
        }
    }

    fn from_text(line: &str) -> Option<SchemaColumn> {
        let mut words = line.splitn(3, ' ');
        let (row, column) = words.next()?.split_once(':')?;
        let field = words.next()?.to_string();
        let FieldTy { ty, nullable, unsigned } = field_ty::of_sql(words.next()?, false)?;
        let name = field.trim_start_matches("r#").to_string().into();
        Some(SchemaColumn {
            column: SourceColumn { column: Column { name, ty, nullable }, unsigned },
            field,
            place: (row.parse().ok()?, column.parse().ok()?),
        })
    }
}

/// The hidden macro of a struct, and its re-export under the struct's name.
pub fn callback(schema: &Schema, ident: &Ident, vis: &Visibility) -> TokenStream {
    hidden(&schema.to_text(), "event", ident, vis)
}

/// The hidden macro that tells `text`, and its re-export as `ident`; `kind` is part of its name.
pub fn hidden(text: &str, kind: &str, ident: &Ident, vis: &Visibility) -> TokenStream {
    let hidden = format_ident!(
        "__laminar_{kind}_{}_{:016x}",
        syn::ext::IdentExt::unraw(ident),
        unique(ident, text),
        span = Span::call_site()
    );
    // A `pub use` needs an exported macro; a narrower one must not have it.
    let export = matches!(vis, Visibility::Public(_)).then(|| quote!(#[macro_export]));
    quote! {
        #[doc(hidden)]
        #[allow(unused_macros, non_local_definitions)]
        #export
        macro_rules! #hidden {
            ($next:path, $($rest:tt)*) => {
                $next! { #text $($rest)* }
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
        [] => TokenStream::new(),
        [first, more @ ..] => quote!(#first! { #finish, (#finish) [] [#(#more,)*] { #rest } }),
    }
}

/// What a call of `finish` brings.
pub enum Call {
    /// The call of the next struct.
    Next(TokenStream),
    /// What has been told, in order, and the rest.
    Done(Vec<Told>, TokenStream),
}

/// What a hidden macro tells.
pub enum Told {
    /// The columns of a struct.
    Struct(Schema),
    /// The types of a function.
    Function(Handed),
}

impl Told {
    fn from_text(text: &str) -> Option<Told> {
        match Handed::from_text(text) {
            Some(function) => Some(Told::Function(function)),
            None => Schema::from_text(text).map(Told::Struct),
        }
    }

    /// Whether the declaration has a mistake that is reported already.
    pub fn is_broken(&self) -> bool {
        match self {
            Told::Struct(schema) => schema.broken,
            Told::Function(function) => function.broken,
        }
    }
}

impl Parse for Call {
    fn parse(input: ParseStream<'_>) -> syn::Result<Call> {
        let (finish, done, more, rest);
        let last: LitStr = input.parse()?;
        parenthesized!(finish in input);
        let finish: TokenStream = finish.parse()?;
        bracketed!(done in input);
        let mut texts: Vec<LitStr> = Vec::new();
        while !done.is_empty() {
            texts.push(done.parse()?);
        }
        texts.push(last);
        bracketed!(more in input);
        let more = Punctuated::<Path, Token![,]>::parse_terminated_with(&more, Path::parse_mod_style)?;
        braced!(rest in input);
        let rest: TokenStream = rest.parse()?;
        if let Some(next) = more.first() {
            let more = more.iter().skip(1).map(ToTokens::to_token_stream);
            return Ok(Call::Next(quote!(#next! { #finish, (#finish) [#(#texts)*] [#(#more,)*] { #rest } })));
        }
        let told = |text: &LitStr| {
            let wrong = || syn::Error::new(text.span(), "not the columns of an event");
            Told::from_text(&text.value()).ok_or_else(wrong)
        };
        Ok(Call::Done(texts.iter().map(told).collect::<syn::Result<_>>()?, rest))
    }
}

/// Place and columns. Structs that one `macro_rules!` makes share both, so those are counted as well.
fn unique(ident: &Ident, columns: &str) -> u64 {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let mut hash = DefaultHasher::new();
    let span = ident.span();
    (span.file(), span.start().line, span.start().column).hash(&mut hash);
    (ident.to_string(), columns).hash(&mut hash);
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
