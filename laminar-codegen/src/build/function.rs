//! `CREATE FUNCTION`: which Rust functions the views may call, and the check that they are what is declared.

use super::declare::Declared;
use super::files::Folder;
use crate::bind::rust_call::is_taken;
use crate::diagnostic::{Diagnostic, code};
use crate::event::Krate;
use crate::functions::RustFn;
use crate::parse::CreateFunction;
use crate::udf;
use proc_macro2::TokenStream;
use quote::quote;
use std::sync::Arc;

/// A declared function.
pub(super) struct Function {
    pub function: Arc<RustFn>,
    /// `pipelines/math.sql:3`
    pub place: String,
}

impl Declared {
    pub(super) fn function(
        &mut self,
        folder: &Folder,
        file: usize,
        create: &CreateFunction,
        errors: &mut Vec<Diagnostic>,
    ) {
        let Some(function) = declared(create, self.functions.iter().map(|f| &*f.function.name), errors)
        else {
            return;
        };
        if syn::parse_str::<syn::Path>(&function.path).is_err() {
            let message = format!("`{}` is not the path of a Rust function", function.path);
            let d = Diagnostic::error(code::SYNTAX, create.path_span, message);
            errors.push(d.help("write it as seen from the crate's root: 'crate::math::mid'"));
            return;
        }
        let origin = &folder.files[file].origin;
        let (line, _) = origin.place(&folder.files[file].sql, create.span.start);
        let place = format!("{}:{line}", origin.path());
        self.functions.push(Function { function: Arc::new(function), place });
    }
}

/// The function that a statement declares, unless its name is taken.
fn declared<'a>(
    create: &CreateFunction,
    mut others: impl Iterator<Item = &'a str>,
    errors: &mut Vec<Diagnostic>,
) -> Option<RustFn> {
    let name = &create.name.value;
    let taken = match (is_taken(name), others.any(|other| other.eq_ignore_ascii_case(name))) {
        (true, _) => format!("`{name}` is a function of SQL"),
        (_, true) => format!("function `{name}` exists already"),
        _ => return Some(create.function()),
    };
    let d = Diagnostic::error(code::FUNCTION_EXISTS, create.name.span, taken);
    errors.push(d.help("choose another name: that in Rust need not be the same"));
    None
}

/// Fails to evaluate where a Rust function is not what the SQL declares.
pub(super) fn checks(declared: &Declared, krate: &Krate) -> TokenStream {
    let rt = krate.rt();
    let check = |Function { function, place }: &Function| {
        let path: TokenStream = function.path.parse().unwrap_or_default();
        let expected = udf::signature_tokens(&function.args, function.ret, &rt);
        let message =
            format!("{}: `{}` is not what {place} declares: {function}", code::UDF_SIGNATURE, function.path);
        quote!(
            const _: () = assert!(#rt::function::declared(&#path, #expected), #message);
        )
    };
    declared.functions.iter().map(check).collect()
}
