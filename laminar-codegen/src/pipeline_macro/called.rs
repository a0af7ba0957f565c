//! The Rust functions of a query: `functions(…)` of the attribute, and what their hidden macros tell.
//!
//! They are listed, and not looked for under every name that SQL does not know: a misspelt `lenght` is then told as what it
//! is, with what it should be, and a misspelt path is rustc's own error at that path.

use super::args::{Args, Renamed};
use super::tables::path_text;
use crate::bind::rust_call::is_taken;
use crate::diagnostic::code;
use crate::event::handover::Told;
use crate::event::{Errors, error, error_on};
use crate::functions::RustFn;
use std::sync::Arc;

/// Names that cannot be, before anything is known of the functions.
pub(super) fn check(functions: &[Renamed]) -> syn::Result<()> {
    for (i, Renamed { name, path }) in functions.iter().enumerate() {
        let sql = sql_name(name);
        if is_taken(&sql) {
            let help = format!("give it another name: functions({} as my_{sql})", path_text(path));
            return Err(error(
                name.span(),
                code::PIPELINE_ARGUMENT,
                format!("`{sql}` is a function of SQL"),
                help,
            ));
        }
        if functions[..i].iter().any(|f| sql_name(&f.name).eq_ignore_ascii_case(&sql)) {
            let message = format!("function `{sql}` is given twice");
            return Err(error(name.span(), code::PIPELINE_ARGUMENT, message, ""));
        }
    }
    Ok(())
}

/// The functions as the query may call them; `told` are the first that the chain has brought.
pub(super) fn functions(args: &Args, told: &[Told], errors: &mut Errors) -> Vec<Arc<RustFn>> {
    let mut functions = Vec::new();
    for (Renamed { path, name }, told) in args.functions.iter().zip(told) {
        match told {
            Told::Function(f) => functions.push(Arc::new(RustFn {
                name: sql_name(name),
                path: path_text(path),
                args: f.args.clone(),
                ret: f.ret,
                code: None,
            })),
            Told::Struct(schema) => {
                let message = format!("`{}` is a struct, not a function", schema.name);
                let help = "list functions with `#[udf]` here; structs are named in FROM, or in from(…)";
                errors.push(error_on(path, code::PIPELINE_ARGUMENT, message, help));
            }
        }
    }
    functions
}

fn sql_name(name: &proc_macro2::Ident) -> String {
    syn::ext::IdentExt::unraw(name).to_string()
}
