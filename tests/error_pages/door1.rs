//! What the macros say about structs and functions: their own functions are called as rustc would call the macros, so that no crate is compiled.

use laminar_codegen::diagnostic::Literal;
use laminar_codegen::{event, pipeline_macro, udf};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::HashMap;

/// Codes of the errors, each once.
pub fn codes(rust: &str) -> Vec<String> {
    let mut codes: Vec<String> =
        messages(rust).iter().map(|m| m.split(':').next().unwrap_or("").to_string()).collect();
    codes.dedup();
    codes
}

/// What rustc would show behind `error:` or `warning:`.
pub fn messages(rust: &str) -> Vec<String> {
    let tokens: TokenStream = rust.parse().unwrap_or_else(|e| panic!("{rust}\n{e}"));
    let mut schemas = HashMap::new();
    let mut messages = Vec::new();
    for (attributes, item) in structs(tokens) {
        let name = name_of(&item);
        let pipeline = attributes.iter().find(|a| first_word(a) == "pipeline");
        let expanded = match pipeline {
            Some(attribute) => expand(arguments(attribute), item, &schemas),
            None if attributes.iter().any(|a| first_word(a) == "udf") => {
                udf::expand(TokenStream::new(), item)
            }
            None => event::derive(item),
        };
        find_messages(&expanded, &mut messages);
        if let Some(schema) = schema_of(&expanded) {
            schemas.insert(name, schema);
        }
    }
    messages
}

/// The structs and functions of a text: their attributes, and the tokens of each without those that are expanded here.
fn structs(tokens: TokenStream) -> Vec<(Vec<TokenStream>, TokenStream)> {
    let mut found = Vec::new();
    let (mut attributes, mut item) = (Vec::new(), Vec::new());
    let mut trees = tokens.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match (&tree, trees.peek()) {
            (TokenTree::Punct(p), Some(TokenTree::Group(group))) if p.as_char() == '#' => {
                let attribute = group.stream();
                if !["pipeline", "derive", "udf"].contains(&&*first_word(&attribute)) {
                    item.extend([tree.clone(), TokenTree::Group(group.clone())]);
                }
                attributes.push(attribute);
                trees.next();
            }
            _ => {
                let semicolon = matches!(&tree, TokenTree::Punct(p) if p.as_char() == ';');
                let ends =
                    semicolon || matches!(&tree, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace);
                item.push(tree);
                if ends {
                    found.push((std::mem::take(&mut attributes), item.drain(..).collect()));
                }
            }
        }
    }
    found
}

fn first_word(tokens: &TokenStream) -> String {
    tokens.clone().into_iter().next().map(|t| t.to_string()).unwrap_or_default()
}

/// The tokens in the parentheses of an attribute.
fn arguments(attribute: &TokenStream) -> TokenStream {
    match attribute.clone().into_iter().nth(1) {
        Some(TokenTree::Group(group)) => group.stream(),
        _ => TokenStream::new(),
    }
}

fn name_of(item: &TokenStream) -> String {
    let words: Vec<String> = item.clone().into_iter().map(|t| t.to_string()).collect();
    let at = words.iter().position(|w| w == "struct" || w == "fn").expect("an item is a struct or function");
    words[at + 1].clone()
}

/// Expands `#[pipeline]` and the chain of calls that it begins.
fn expand(attribute: TokenStream, item: TokenStream, schemas: &HashMap<String, TokenTree>) -> TokenStream {
    let mut expanded = pipeline_macro::begin(attribute, item);
    while let Some((table, rest)) = call(&expanded) {
        let schema = schemas.get(&table).unwrap_or_else(|| panic!("no struct {table}")).clone();
        expanded = pipeline_macro::compile(std::iter::once(schema).chain(rest).collect());
    }
    expanded
}

/// `Trade!{ finish, (finish) [] [Quote,] { rest } }`: the table, and what it hands on to `finish`.
fn call(tokens: &TokenStream) -> Option<(String, TokenStream)> {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    for (i, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else { continue };
        let mut inner = group.stream().into_iter();
        // Behind the path of `finish`.
        inner.by_ref().find(|t| matches!(t, TokenTree::Punct(p) if p.as_char() == ','));
        let rest: Vec<TokenTree> = inner.collect();
        let delimiter = |t: &TokenTree| if let TokenTree::Group(g) = t { Some(g.delimiter()) } else { None };
        let shape = [Delimiter::Parenthesis, Delimiter::Bracket, Delimiter::Bracket, Delimiter::Brace];
        if rest.iter().map(delimiter).eq(shape.map(Some)) && i >= 2 {
            return Some((trees[i - 2].to_string(), rest.into_iter().collect()));
        }
    }
    None
}

/// The columns that a struct hands on: `"event …"` in its hidden macro.
fn schema_of(tokens: &TokenStream) -> Option<TokenTree> {
    tokens.clone().into_iter().find_map(|tree| match &tree {
        TokenTree::Group(group) => schema_of(&group.stream()),
        TokenTree::Literal(text) => {
            let kinds = ["event ", "changelog ", "upserts ", "broken ", "function ", "broken-function "];
            kinds.iter().any(|kind| text.to_string()[1..].starts_with(kind)).then_some(tree)
        }
        _ => None,
    })
}

/// `compile_error!{ "L0203: …" }` and `deprecated(note = "L0901: …")`, in order. Other texts are for rustc to judge.
fn find_messages(tokens: &TokenStream, messages: &mut Vec<String>) {
    // The word before a sign, a bracket or a text.
    let mut word = String::new();
    for tree in tokens.clone() {
        match tree {
            TokenTree::Ident(ident) => word = ident.to_string(),
            TokenTree::Punct(p) if matches!(p.as_char(), '!' | '=') => {}
            TokenTree::Punct(_) => word.clear(),
            TokenTree::Group(group) => match group.stream().into_iter().next() {
                Some(TokenTree::Literal(text)) if word == "compile_error" => messages.push(value(&text)),
                _ => find_messages(&group.stream(), messages),
            },
            TokenTree::Literal(text) if word == "note" => messages.push(value(&text)),
            TokenTree::Literal(_) => {}
        }
    }
}

fn value(literal: &proc_macro2::Literal) -> String {
    Literal::new(&literal.to_string(), 1, 1).expect("a literal").value().to_string()
}
