//! The tables of a query and the structs that they mean.
//!
//! A name in FROM is a struct of `from(…)`, or else a Rust path: `events.Trade` is `events::Trade`. Which names a query
//! has, the binder tells by asking for them.

use super::args::Args;
use crate::catalog::{Catalog, Relation};
use crate::diagnostic::{Diagnostic, Place, Span as SqlSpan, code};
use crate::event::handover::{Schema, Told};
use crate::event::{Errors, error_on};
use crate::functions::RustFn;
use crate::ir::Pipeline;
use crate::parse::SqlText;
use crate::rust::{InputTy, handle_ident};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use std::sync::{Arc, Mutex};
use syn::parse::ParseStream;
use syn::{LitStr, Path, Token};

/// Tables in the order of the chain that collects them.
#[derive(Default)]
pub(super) struct Tables(Vec<Table>);

pub(super) struct Table {
    /// As written in FROM; the parts between dots.
    name: String,
    path: Path,
}

impl Tables {
    /// Reads what [`Tables::to_tokens`] wrote.
    pub fn parse(input: ParseStream<'_>) -> syn::Result<Tables> {
        let mut tables = Vec::new();
        while !input.is_empty() {
            let name = input.parse::<LitStr>()?.value();
            tables.push(Table { name, path: input.call(Path::parse_mod_style)? });
            input.parse::<Token![,]>()?;
        }
        Ok(Tables(tables))
    }

    pub fn to_tokens(&self) -> TokenStream {
        let (names, paths) = (self.0.iter().map(|t| &t.name), self.0.iter().map(|t| &t.path));
        quote!(#(#names #paths,)*)
    }

    pub fn with(mut self, more: Vec<Table>) -> Tables {
        self.0.extend(more);
        self
    }

    pub fn paths(&self) -> Vec<TokenStream> {
        self.0.iter().map(|t| t.path.to_token_stream()).collect()
    }

    /// Names of the handle methods.
    pub fn handles(&self) -> Vec<Ident> {
        self.0.iter().map(|t| handle_ident(&t.name)).collect()
    }

    /// The structs of the tables.
    pub fn schemas(&self, told: &[Told], errors: &mut Errors) -> Vec<Schema> {
        let mut schemas = Vec::new();
        for (table, told) in self.0.iter().zip(told) {
            match told {
                Told::Struct(schema) => schemas.push(schema.clone()),
                Told::Function(_) => {
                    let message = format!("`{}` in FROM is a function, not a struct", table.name);
                    errors.push(error_on(&table.path, code::UNKNOWN_RELATION, message, ""));
                }
            }
        }
        schemas
    }

    /// Refuses those among the tables that give upserts.
    pub fn check_upserts(&self, schemas: &[Schema], text: &SqlText, diagnostics: &mut Vec<Diagnostic>) {
        for (table, schema) in self.0.iter().zip(schemas).filter(|(_, s)| s.upserts) {
            let sql = text.sql();
            let start = sql.find(&table.name).unwrap_or(0);
            let span = SqlSpan::new(start, (start + table.name.len()).min(sql.len()));
            let message = format!("`{}` gives upserts, which cannot be an input here", schema.name);
            diagnostics.push(
                Diagnostic::error(code::CHANGELOG_SOURCE, span, message)
                    .label("it does not tell which rows it replaces")
                    .help("let the upstream query EMIT CHANGES instead of ON UPDATE")
                    .help("or let it EMIT ON WINDOW CLOSE or EMIT FINAL"),
            );
        }
    }
}

/// The structs of a query as relations.
pub(super) struct StructCatalog {
    known: Vec<Known>,
    aliases: Vec<(String, String)>,
    functions: Vec<Arc<RustFn>>,
    asked: Mutex<Vec<Vec<(String, bool)>>>,
}

struct Known {
    name: String,
    relation: Relation,
    /// Path of the struct, as text: catalogs are shared between threads, tokens are not.
    path: String,
    fields: Vec<String>,
    identity: u64,
}

impl StructCatalog {
    pub fn new(
        args: &Args,
        tables: &Tables,
        schemas: &[Schema],
        functions: Vec<Arc<RustFn>>,
    ) -> StructCatalog {
        let aliases = args.from.iter().map(|r| (r.name.to_string(), path_text(&r.path))).collect();
        let known = tables.0.iter().zip(schemas).map(|(table, schema)| known(table, schema)).collect();
        StructCatalog { known, aliases, functions, asked: Mutex::default() }
    }

    /// The name in FROM and the path of the struct that it means.
    fn meaning(&self, parts: &[(String, bool)]) -> Option<(String, String)> {
        if let [(name, quoted)] = parts {
            let same = |alias: &str| if *quoted { alias == name } else { alias.eq_ignore_ascii_case(name) };
            if let Some((alias, path)) = self.aliases.iter().find(|(alias, _)| same(alias)) {
                return Some((alias.clone(), path.clone()));
            }
        }
        let names: Vec<&str> = parts.iter().map(|(name, _)| &**name).collect();
        let path = names.join("::");
        names.iter().all(|name| is_ident(name)).then_some((names.join("."), path))
    }

    /// The tables that were asked for and are not known, with `span` for rustc to mark.
    pub fn missing(&self, span: Span) -> Vec<Table> {
        let asked = self.asked.lock().map(|a| a.clone()).unwrap_or_default();
        let mut missing: Vec<Table> = Vec::new();
        for (name, path) in asked.iter().filter_map(|parts| self.meaning(parts)) {
            if !missing.iter().any(|t| t.name == name)
                && let Some(path) = parse_path(&path, span)
            {
                missing.push(Table { name, path });
            }
        }
        missing
    }

    /// The inputs of a pipeline, in its order.
    pub fn inputs(&self, pipeline: &Pipeline, span: Span) -> Vec<InputTy> {
        let input = |relation: &String| {
            let known = self.known.iter().find(|k| k.relation.name == *relation)?;
            Some(InputTy {
                ty: parse_path(&known.path, span)?.to_token_stream(),
                fields: known.fields.iter().map(|f| ident(f, span)).collect(),
                handle: handle_ident(&known.name),
                identity: known.identity,
                changelog: known.relation.changelog,
            })
        };
        pipeline.sources.iter().filter_map(|s| input(&s.relation)).collect()
    }
}

impl Catalog for StructCatalog {
    fn relation(&self, parts: &[(String, bool)]) -> Option<Relation> {
        let (name, _) = self.meaning(parts)?;
        if let Some(known) = self.known.iter().find(|k| k.name == name) {
            return Some(known.relation.clone());
        }
        if let Ok(mut asked) = self.asked.lock() {
            asked.push(parts.to_vec());
        }
        None
    }

    fn functions(&self) -> &[Arc<RustFn>] {
        &self.functions
    }

    fn function_help(&self) -> Option<&'static str> {
        Some("a Rust function is one with `#[udf]` that the attribute names: functions(path::to::it)")
    }

    fn names(&self) -> Vec<String> {
        self.known.iter().map(|k| k.name.clone()).collect()
    }
}

fn known(table: &Table, schema: &Schema) -> Known {
    let declared = schema.columns.iter().map(|c| {
        let null = if c.column.column.nullable { "may be NULL" } else { "NOT NULL" };
        Place {
            file: schema.file.clone(),
            line: c.place.0,
            column: c.place.1,
            text: c.field.clone(),
            what: format!("{} {null}", c.column.column.ty),
        }
    });
    Known {
        name: table.name.clone(),
        relation: Relation {
            name: table.name.clone(),
            columns: schema.columns.iter().map(|c| c.column.clone()).collect(),
            time: schema.time,
            changelog: schema.changelog,
            finite: false,
            declared: declared.collect(),
        },
        path: path_text(&table.path),
        fields: schema.columns.iter().map(|c| c.field.clone()).collect(),
        identity: schema.identity,
    }
}

/// Whether a name can be a segment of a Rust path. Not syn's to say: this runs on a thread where no macro runs.
fn is_ident(name: &str) -> bool {
    let letter = |c: char| c == '_' || c.is_alphabetic();
    name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_alphanumeric())
}

/// A path without spaces.
pub(super) fn path_text(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}

/// A path whose tokens rustc finds at `span`.
fn parse_path(path: &str, span: Span) -> Option<Path> {
    let place = Span::call_site().located_at(span);
    let tokens: TokenStream = path.parse().ok()?;
    let spanned = tokens.into_iter().map(|mut token| {
        token.set_span(place);
        token
    });
    syn::parse::Parser::parse2(Path::parse_mod_style, spanned.collect()).ok()
}

/// A field, which rustc shows at `span` should it have to complain about it.
fn ident(name: &str, span: Span) -> Ident {
    let place = Span::call_site().located_at(span);
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, place),
        None => Ident::new(name, place),
    }
}
