//! `#[event(time = ts, delay = "5 seconds")]` on a struct and `#[event(sql = "BIGINT")]` on a field.

use super::field_ty::{self, FieldTy};
use super::{Errors, EventField, error};
use crate::diagnostic::{closest, code};
use laminar_runtime::schema::Ty;
use laminar_runtime::types::Interval;
use proc_macro2::{Ident, Span};
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Field, LitStr, Path};

/// Event time as the struct's attributes declare it.
pub(super) fn read_time(
    attributes: &[Attribute],
    fields: &[EventField],
    errors: &mut Errors,
) -> Option<(usize, i64)> {
    let mut time: Option<Ident> = None;
    let mut delay: Option<LitStr> = None;
    for attribute in attributes.iter().filter(|a| a.path().is_ident("event")) {
        let read = attribute.parse_nested_meta(|meta| {
            let once = |set: bool| if set { Err(twice(&meta)) } else { Ok(()) };
            if meta.path.is_ident("time") {
                once(time.is_some())?;
                time = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("delay") {
                once(delay.is_some())?;
                delay = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("crate") {
                meta.value()?.call(Path::parse_mod_style)?;
            } else if meta.path.is_ident("sql") {
                let help = "write it on the field whose type it declares";
                return Err(error(
                    span_of(&meta),
                    code::EVENT_ATTRIBUTE,
                    "`sql` declares the type of a field",
                    help,
                ));
            } else {
                return Err(unknown(&meta, &["time", "delay", "crate"]));
            }
            Ok(())
        });
        if let Err(error) = read {
            errors.push(error);
        }
    }
    let delay_ns = delay.as_ref().and_then(|delay| {
        delay_ns(&delay.value()).map_err(|why| errors.at(delay.span(), code::EVENT_TIME, why.0, why.1)).ok()
    });
    let Some(time) = time else {
        if let Some(delay) = delay {
            let help = "name the field that holds event time: `#[event(time = ts, delay = …)]`";
            errors.at(delay.span(), code::EVENT_TIME, "a delay without event time", help);
        }
        return None;
    };
    let Some(index) = fields.iter().position(|f| f.ident == time) else {
        let names: Vec<String> = fields.iter().map(EventField::name).collect();
        let help = match closest(&time.to_string(), &names) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("fields: {}", names.join(", ")),
        };
        errors.at(time.span(), code::EVENT_TIME, format!("event time `{time}` is not a field"), help);
        return None;
    };
    let found = fields[index].sql.ty;
    if found != Ty::Timestamp {
        let message = format!("event time `{time}` is {found}, not TIMESTAMP");
        errors.at(
            time.span(),
            code::EVENT_TIME,
            message,
            "declare the field as `Timestamp`: nanoseconds since 1970 in UTC",
        );
        return None;
    }
    Some((index, delay_ns.unwrap_or(0)))
}

/// The SQL type that a field's attribute declares.
pub(super) fn read_field(field: &Field, errors: &mut Errors) -> Option<FieldTy> {
    let mut declared: Option<LitStr> = None;
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("event")) {
        let read = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("sql") {
                if declared.is_some() {
                    return Err(twice(&meta));
                }
                declared = Some(meta.value()?.parse()?);
                return Ok(());
            }
            if meta.path.is_ident("time") || meta.path.is_ident("delay") {
                let help = "write it on the struct: `#[event(time = ts, delay = \"5 seconds\")]`";
                return Err(error(
                    span_of(&meta),
                    code::EVENT_ATTRIBUTE,
                    "event time is declared on the struct",
                    help,
                ));
            }
            Err(unknown(&meta, &["sql"]))
        });
        if let Err(error) = read {
            errors.push(error);
        }
    }
    let declared = declared?;
    match field_ty::of_sql(&declared.value(), field_ty::is_option(&field.ty)) {
        Some(ty) => Some(ty),
        None => {
            let message = format!("`{}` is not a SQL type", declared.value());
            errors.at(declared.span(), code::EVENT_FIELD, message, format!("types: {}", field_ty::SQL_TYPES));
            // The mistake is told; any type keeps the field in the struct.
            Some(FieldTy { ty: Ty::Bigint, nullable: true, unsigned: false })
        }
    }
}

/// A delay in nanoseconds.
///
/// # Errors
/// What is wrong with it, and what to write.
pub fn delay_ns(text: &str) -> Result<i64, (String, &'static str)> {
    let help = "write a number and a unit: \"5 seconds\", \"250 ms\", \"1 hour\"";
    let interval = Interval::parse(text).ok_or_else(|| (format!("`{text}` is not an interval"), help))?;
    match interval.fixed_ns() {
        Some(ns) if ns >= 0 && text.trim().parse::<f64>().is_err() => Ok(ns),
        Some(ns) if ns >= 0 => Err((format!("`{text}` has no unit"), help)),
        Some(_) => Err((format!("delay `{text}` is negative"), help)),
        None => Err((format!("`{text}` has no fixed length"), "use days: a month has 28 to 31 of them")),
    }
}

fn span_of(meta: &ParseNestedMeta<'_>) -> Span {
    syn::spanned::Spanned::span(&meta.path)
}

fn unknown(meta: &ParseNestedMeta<'_>, known: &[&str]) -> syn::Error {
    let path = &meta.path;
    let name = quote::quote!(#path).to_string();
    let help = match closest(&name, known) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known here: {}", known.join(", ")),
    };
    error(span_of(meta), code::EVENT_ATTRIBUTE, format!("unknown attribute `{name}`"), help)
}

fn twice(meta: &ParseNestedMeta<'_>) -> syn::Error {
    let path = &meta.path;
    let name = quote::quote!(#path).to_string();
    error(span_of(meta), code::EVENT_ATTRIBUTE, format!("`{name}` is given twice"), "")
}
