//! `#[udf]`: a Rust function that the SQL of pipelines may call.
//!
//! The function stays as written. Beside it comes a hidden `macro_rules!` of its name, which hands its signature to a
//! `#[pipeline(…, functions(name))]` by the chain that tells the columns of structs ([`crate::event::handover`]), and a check
//! that its types are what they look like.
//!
//! Not here: how a pipeline calls it (`rust::function`), how values get in and out (`laminar_runtime::function`).

mod declaration;
mod handed;
mod signature;

#[cfg(test)]
mod tests;

pub use handed::Handed;

use crate::diagnostic::code;
use crate::event::{Errors, FieldTy, Krate, error, handover};
use declaration::Declaration;
use laminar_runtime::function::Typed;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::{Path, Token};

/// Expands `#[udf]` on a function.
///
/// Mistakes become `compile_error!`s; pipelines that call the function then keep silent.
pub fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let written = item.clone();
    let mut errors = Errors::default();
    let krate = match syn::parse2::<Attribute>(attribute) {
        Ok(attribute) => attribute.0,
        Err(error) => {
            errors.push(error);
            Krate::default()
        }
    };
    let function: Declaration = match syn::parse2(item) {
        Ok(function) => function,
        Err(_) => {
            let help = "write it on `fn name(…) -> …`, outside of traits and `impl` blocks";
            let span = proc_macro2::Span::call_site();
            errors.at(span, code::UDF_SIGNATURE, "only a function can be a function of SQL", help);
            let errors = errors.into_tokens();
            return quote!(#written #errors);
        }
    };
    let ident = &function.ident;
    let signature = signature::read(&function, &mut errors);
    let handed = match signature.filter(|_| errors.is_empty()) {
        Some(signature) => Handed::of(ident, signature),
        None => Handed::broken(ident),
    };
    let check = (!handed.broken).then(|| check(&function, &handed, &krate));
    let errors = errors.into_tokens();
    // A method's place has no room for what comes beside a function.
    let callback =
        function.receiver.is_none().then(|| handover::hidden(&handed.to_text(), "fn", ident, &function.vis));
    quote!(#written #errors #check #callback)
}

/// Fails to evaluate where a type is not what it looks like.
fn check(function: &Declaration, handed: &Handed, krate: &Krate) -> TokenStream {
    let rt = krate.rt();
    let ident = &function.ident;
    let expected = signature_tokens(&handed.args, handed.ret, &rt);
    let message = format!(
        "{}: `{ident}` is not {handed} in truth: a type of its signature is an alias or another type of that name",
        code::UDF_SIGNATURE
    );
    quote_spanned! {ident.span()=>
        const _: () = assert!(#rt::function::declared(&#ident, #expected), #message);
    }
}

/// A signature as a constant.
pub(crate) fn signature_tokens(args: &[Typed], ret: Typed, rt: &TokenStream) -> TokenStream {
    let typed = |t: &Typed| {
        let nullable = t.nullable;
        let ty = FieldTy { ty: t.ty, nullable, unsigned: false }.pattern(rt);
        quote!(#rt::function::Typed { ty: #ty, nullable: #nullable })
    };
    let (args, ret) = (args.iter().map(typed), typed(&ret));
    quote!(#rt::function::Signature { args: &[#(#args),*], ret: #ret })
}

/// `#[udf]` or `#[udf(crate = path)]`.
struct Attribute(Krate);

impl Parse for Attribute {
    fn parse(input: ParseStream<'_>) -> syn::Result<Attribute> {
        if input.is_empty() {
            return Ok(Attribute(Krate::default()));
        }
        if !input.peek(Token![crate]) {
            let message = "unknown argument of `udf`";
            return Err(error(input.span(), code::UDF_SIGNATURE, message, "known here: crate"));
        }
        input.parse::<Token![crate]>()?;
        input.parse::<Token![=]>()?;
        Ok(Attribute(Krate::at(input.call(Path::parse_mod_style)?)))
    }
}
