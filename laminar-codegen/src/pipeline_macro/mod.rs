//! `#[pipeline("SELECT …")]`: the annotated struct is the output row, table names are structs in scope.
//!
//! Two steps, because a macro cannot see other structs. [`begin`] sees the attribute: it re-emits the struct, finds
//! the tables of the query, and calls the hidden macro of each ([`handover`]). [`compile`] ends that chain with all columns
//! known. Names that appear only once others are known begin another round.
//!
//! | file | what |
//! |---|---|
//! | `args` | the attribute's arguments |
//! | `called` | Rust functions that the query calls |
//! | `tables` | FROM names and the structs that they mean |
//! | `query` | where the SQL stands, and how its diagnostics are told |
//! | `parsed` | syntax trees on their way from one round to the next |
//! | `fields` | output columns against the struct's fields |
//! | `guess` | what the sink of a query with errors takes |
//! | `stub` | what stands in for a pipeline with errors |
//!
//! Invariant: the struct is always re-emitted as written, whatever is wrong with the query.

mod args;
mod called;
mod fields;
mod guess;
mod item;
mod parsed;
mod query;
mod stub;
mod tables;
mod time;

use crate::compile::compile_with;
use crate::diagnostic::Diagnostic;
use crate::event::handover::{self, Call, Schema, Told};
use crate::event::{Errors, EventStruct, Krate, event_impl};
use crate::parse::{on_deep_stack, parse_query};
use crate::rust;
use args::Args;
use guess::Guess;
use item::Item;
use laminar_runtime::plan::OutputKind;
use proc_macro2::TokenStream;
use query::Sql;
use quote::{ToTokens, quote};
use stub::Stands;
use syn::parse::{Parse, ParseStream};
use tables::Tables;

#[cfg(feature = "build")]
pub(crate) use args::policy;
pub use fields::{OutputSide, check_fields};
pub use time::event_time;

/// Expands `#[pipeline(…)]` on a struct.
pub fn begin(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let item_tokens = item.clone();
    let item: Item = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#item_tokens #error);
        }
    };
    let written = item.emitted();
    let args: Args = match syn::parse2(attribute.clone()) {
        Ok(args) => args,
        Err(error) => {
            let stub = stub::stub(&item, &Krate::default(), Stands::default(), error.into());
            return quote!(#written #stub);
        }
    };
    let rest = quote!({ #attribute } { #item_tokens });
    let next = round(&args, &item, &[], Tables::default(), rest);
    quote!(#written #next)
}

/// Expands a call from a chain: the next one, or its end.
pub fn compile(input: TokenStream) -> TokenStream {
    let (told, rest) = match syn::parse2(input) {
        Ok(Call::Next(next)) => return next,
        Ok(Call::Done(told, rest)) => (told, rest),
        Err(error) => return error.into_compile_error(),
    };
    match syn::parse2(rest) {
        Ok(Rest { tables, args, item, tokens }) => round(&args, &item, &told, tables, tokens),
        Err(error) => error.into_compile_error(),
    }
}

/// What travels through a chain beside the schemas: `[names] { attribute } { struct }`.
struct Rest {
    tables: Tables,
    args: Args,
    item: Item,
    /// Attribute and struct as they came.
    tokens: TokenStream,
}

impl Parse for Rest {
    fn parse(input: ParseStream<'_>) -> syn::Result<Rest> {
        let (names, attribute, item);
        syn::bracketed!(names in input);
        let tables = Tables::parse(&names)?;
        syn::braced!(attribute in input);
        let attribute: TokenStream = attribute.parse()?;
        syn::braced!(item in input);
        let item: TokenStream = item.parse()?;
        let tokens = quote!({ #attribute } { #item });
        Ok(Rest { tables, args: syn::parse2(attribute)?, item: syn::parse2(item)?, tokens })
    }
}

/// One round: compiles with the functions and tables handed over so far; tables that the query names beyond them begin another.
fn round(args: &Args, item: &Item, handed: &[Told], tables: Tables, rest: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let handles = tables.handles();
    let mut stands = Stands { handles: &handles, sink: Guess::default() };
    if let Err(error) = args.check() {
        return stub::stub(item, &args.krate, stands, error.into());
    }
    let sql = match Sql::read(&args.source) {
        Ok(sql) => sql,
        Err(error) => return stub::stub(item, &args.krate, stands, error.into()),
    };
    stands.sink = Guess::of(sql.text());
    let stub = |errors: Errors| stub::stub(item, &args.krate, stands, errors);
    let dependency = sql.dependency();
    let fields = item.read_fields(&mut errors);
    if handed.is_empty() && !args.functions.is_empty() && errors.is_empty() {
        return next_round(args, &tables, &rest);
    }
    let (functions, structs) = handed.split_at(args.functions.len().min(handed.len()));
    let functions = called::functions(args, functions, &mut errors);
    let schemas = tables.schemas(structs, &mut errors);
    if handed.iter().any(Told::is_broken) || !errors.is_empty() {
        let stub = stub(errors);
        return quote!(#dependency #stub);
    }
    let catalog = tables::StructCatalog::new(args, &tables, &schemas, functions);
    let name = item.ident().to_string();
    let (query, on_error) = (sql.text(), args.on_error());
    // On one thread both: catalogs and syntax trees can go there, tokens cannot.
    let compiled = on_deep_stack(|| {
        let (parsed, text) = parsed::take(query).map_or_else(|| parse_query(query), Ok)?;
        let (pipeline, diagnostics) = compile_with(&parsed, &text, &catalog, &name, on_error);
        Ok((parsed, text, pipeline, diagnostics))
    });
    let (parsed, text, pipeline, mut diagnostics) = match compiled {
        Ok(compiled) => compiled,
        Err(diagnostics) => {
            let diagnostics: Vec<Diagnostic> = diagnostics;
            let stub = stub(told(&sql, &diagnostics, errors));
            return quote!(#dependency #stub);
        }
    };
    let missing = catalog.missing(sql.span());
    if !missing.is_empty() {
        parsed::leave(parsed, text);
        return next_round(args, &tables.with(missing), &rest);
    }
    tables.check_upserts(&schemas, &text, &mut diagnostics);
    let failed = diagnostics.iter().any(Diagnostic::is_error);
    let mut columns = None;
    if let (Some(pipeline), false) = (&pipeline, failed) {
        let side = OutputSide { fields: &fields, places: item.places(), columns: &pipeline.plan.columns };
        columns = check_fields(&side, &parsed, &text, &mut diagnostics, &mut errors);
    }
    let failed = diagnostics.iter().any(Diagnostic::is_error) || !errors.is_empty();
    let (Some(mut pipeline), Some(columns), false) = (pipeline, columns, failed) else {
        let stub = stub(told(&sql, &diagnostics, errors));
        return quote!(#dependency #stub);
    };

    // As it is shown; places of failure count from the text as written.
    pipeline.sql = pipeline.sql.trim().to_string();
    let event = EventStruct {
        ident: item.ident().clone(),
        vis: item.vis().clone(),
        time: event_time(&pipeline, &columns),
        fields,
    };
    let changelog = pipeline.plan.output != OutputKind::Append;
    let upserts = matches!(pipeline.plan.output, OutputKind::Upsert { .. });
    let warnings: TokenStream = diagnostics.iter().map(|d| sql.warning(d)).collect();
    let event_tokens = event_impl(&event, &args.krate, &Schema { upserts, ..Schema::of(&event, changelog) });
    let inputs = catalog.inputs(&pipeline, sql.span());
    let output = fields::output_ty(&event, &columns);
    let code = rust::emit(&pipeline, &inputs, &output, args.capacity(), &args.krate);
    quote!(#dependency #warnings #event_tokens #code)
}

/// The chain that learns all functions, and the tables known by name.
fn next_round(args: &Args, tables: &Tables, rest: &TokenStream) -> TokenStream {
    let names = tables.to_tokens();
    let functions = args.functions.iter().map(|f| f.path.to_token_stream());
    let paths: Vec<TokenStream> = functions.chain(tables.paths()).collect();
    handover::chain(&paths, &handover::finish(&args.krate), &quote!([#names] #rest))
}

/// All errors at once, those of the query in the order of its text.
fn told(sql: &Sql, diagnostics: &[Diagnostic], mut errors: Errors) -> Errors {
    let mut told: Vec<&Diagnostic> = diagnostics.iter().filter(|d| d.is_error()).collect();
    told.sort_by_key(|d| d.span);
    told.into_iter().for_each(|d| errors.push(sql.error(d)));
    errors
}
