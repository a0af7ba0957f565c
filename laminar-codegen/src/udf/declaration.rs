//! A function as declared, read without syn's parser of expressions and patterns, which is most of syn.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, ReturnType, Token, Type, Visibility, parenthesized};

/// What stands before a function's body.
pub(super) struct Declaration {
    pub vis: Visibility,
    pub ident: Ident,
    pub generics: Generics,
    /// Where `async` stands.
    pub asyncness: Option<Span>,
    /// Where `unsafe` stands.
    pub unsafety: Option<Span>,
    /// Where `self` stands.
    pub receiver: Option<Span>,
    pub args: Vec<Argument>,
    pub output: ReturnType,
}

/// An argument that is not `self`.
pub(super) struct Argument {
    /// As written.
    pub pattern: TokenStream,
    pub ty: Type,
}

impl Parse for Declaration {
    fn parse(input: ParseStream<'_>) -> syn::Result<Declaration> {
        input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        input.parse::<Option<Token![const]>>()?;
        let asyncness = input.parse::<Option<Token![async]>>()?.map(|t| t.span);
        let unsafety = input.parse::<Option<Token![unsafe]>>()?.map(|t| t.span);
        if input.parse::<Option<Token![extern]>>()?.is_some() {
            input.parse::<Option<syn::LitStr>>()?;
        }
        input.parse::<Token![fn]>()?;
        let ident = input.parse()?;
        let generics = input.parse()?;
        let list;
        parenthesized!(list in input);
        let (mut receiver, mut args) = (None, Vec::new());
        while !list.is_empty() {
            list.call(Attribute::parse_outer)?;
            let (pattern, own) = pattern(&list)?;
            receiver = receiver.or(own);
            if list.parse::<Option<Token![:]>>()?.is_some() {
                let ty = list.parse()?;
                if own.is_none() {
                    args.push(Argument { pattern, ty });
                }
            }
            if !list.is_empty() {
                list.parse::<Token![,]>()?;
            }
        }
        let output = input.parse()?;
        // A where clause and the body are rustc's.
        input.parse::<TokenStream>()?;
        Ok(Declaration { vis, ident, generics, asyncness, unsafety, receiver, args, output })
    }
}

/// The tokens before the colon of an argument, and where `self` is among them.
fn pattern(list: ParseStream<'_>) -> syn::Result<(TokenStream, Option<Span>)> {
    let (mut pattern, mut own) = (TokenStream::new(), None);
    while !list.is_empty() && !list.peek(Token![,]) {
        if list.peek(Token![::]) {
            let colons: Token![::] = list.parse()?;
            pattern.extend(quote!(#colons));
        } else if list.peek(Token![:]) {
            break;
        } else {
            let token: TokenTree = list.parse()?;
            if matches!(&token, TokenTree::Ident(ident) if ident == "self") {
                own = Some(token.span());
            }
            pattern.extend([token]);
        }
    }
    Ok((pattern, own))
}
