//! The SQL types of a function's arguments and result, read off its signature as written.

use super::declaration::Declaration;
use crate::diagnostic::code;
use crate::event::{ELEMENT_HELP, Errors, FieldTy, NoFieldTy, error_on, field_ty, option_of, type_text};
use laminar_runtime::function::{ARGUMENTS_MAX, Typed};
use laminar_runtime::schema::Ty;
use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{GenericArgument, GenericParam, PathArguments, ReturnType, Type};

/// What a type may be.
const RUST_TYPES: &str = "bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, Decimal<P, S>, &str, Str, Sym, String, Timestamp, Date, \
                          Time, Interval, [u8; 16], &[u8], Vec<u8>, Json, List of these, and Option of these";

/// The types of the arguments, and that of the result; none where there are mistakes.
pub(super) fn read(function: &Declaration, errors: &mut Errors) -> Option<(Vec<Typed>, Typed)> {
    let name = &function.ident;
    let mut mistake =
        |at: Span, message: String, help: &str| errors.at(at, code::UDF_SIGNATURE, message, help);
    if let Some(receiver) = function.receiver {
        let help = "write a function outside of `impl` that takes the values it needs";
        mistake(receiver, format!("method `{name}` cannot be called from SQL"), help);
        return None;
    }
    let generic = function.generics.params.iter().find(|p| !matches!(p, GenericParam::Lifetime(_)));
    if let Some(generic) = generic {
        let help = "write a function for each type it is called with";
        mistake(generic.span(), format!("generic function `{name}` cannot be called from SQL"), help);
        return None;
    }
    if let Some(at) = function.asyncness {
        let help = "a row cannot wait: compute the result from the arguments";
        mistake(at, format!("async function `{name}` cannot be called from SQL"), help);
    }
    if let Some(at) = function.unsafety {
        let help = "whoever writes SQL cannot see to what it asks for: wrap it in a safe function";
        mistake(at, format!("unsafe function `{name}` cannot be called from SQL"), help);
    }
    if let Some(extra) = function.args.get(ARGUMENTS_MAX) {
        let message =
            format!("`{name}` has {} arguments, at most {ARGUMENTS_MAX} are possible", function.args.len());
        mistake(
            extra.ty.span(),
            message,
            "split it, or compute some of its arguments in a function of their own",
        );
    }
    let mut args = Vec::new();
    for arg in &function.args {
        match typed(&arg.ty) {
            Ok(typed) => args.push(typed),
            Err(why) => {
                let what = format!("argument `{}` has type `{}`", arg.pattern, type_text(&arg.ty));
                errors.push(no_type(&arg.ty, what, &why));
            }
        }
    }
    let ret = match &function.output {
        ReturnType::Type(_, ty) if !is_unit(ty) => match typed(ok_of(ty).unwrap_or(ty)) {
            Ok(typed) => Some(typed),
            Err(why) => {
                let what = format!("the result has type `{}`", type_text(ty));
                errors.push(no_type(ty, what, &why));
                None
            }
        },
        _ => {
            let help = "give the value of the call: `-> f64`, or `-> Option<f64>` where it may be NULL";
            errors.at(name.span(), code::UDF_SIGNATURE, format!("`{name}` gives no value"), help);
            None
        }
    };
    ret.map(|ret| (args, ret))
}

/// A type that no argument or result can have.
fn no_type(ty: &Type, what: String, why: &NoFieldTy) -> syn::Error {
    let help = match why {
        NoFieldTy::Use("&'static str") => "use `&str`".to_string(),
        NoFieldTy::Use(other) => format!("use `{other}`"),
        NoFieldTy::NestedOption => "a value is NULL or not: use one `Option`".to_string(),
        NoFieldTy::Decimal => {
            "write `Decimal<P, S>` with numbers: up to 38 digits P, S of them after the point".to_string()
        }
        NoFieldTy::Element => ELEMENT_HELP.to_string(),
        NoFieldTy::Unknown => format!("types are: {RUST_TYPES}; around a result also Result"),
    };
    error_on(ty, code::UDF_SIGNATURE, format!("{what}, which no value of SQL has"), help)
}

/// The SQL type of a Rust type.
fn typed(ty: &Type) -> Result<Typed, NoFieldTy> {
    if let Some(inner) = option_of(ty) {
        let inner = typed(inner)?;
        return if inner.nullable {
            Err(NoFieldTy::NestedOption)
        } else {
            Ok(Typed { nullable: true, ..inner })
        };
    }
    let plain = |ty| Ok(Typed { ty, nullable: false });
    match ty {
        Type::Paren(inner) => typed(&inner.elem),
        Type::Group(inner) => typed(&inner.elem),
        Type::Reference(r) if r.mutability.is_none() => match &*r.elem {
            Type::Path(path) if path.path.is_ident("str") => plain(Ty::Varchar),
            Type::Slice(slice) if slice.elem.to_token_stream().to_string() == "u8" => plain(Ty::Bytea),
            _ => Err(NoFieldTy::Unknown),
        },
        _ => field_ty(ty).map(|FieldTy { ty, nullable, .. }| Typed { ty, nullable }),
    }
}

/// The `T` of a `Result<T, …>`.
fn ok_of(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|s| s.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(ok) => Some(ok),
        _ => None,
    }
}

fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}
