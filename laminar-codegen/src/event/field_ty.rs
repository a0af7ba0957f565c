//! The SQL type of a field, read off its Rust type as written or declared by `#[event(sql = "…")]`.

use super::error_on;
use crate::diagnostic::{closest, code};
use laminar_runtime::schema::{DECIMAL_DIGITS_MAX, Element, Ty};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{GenericArgument, Path, PathArguments, Type};

/// The SQL type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldTy {
    /// SQL type.
    pub ty: Ty,
    /// Whether NULL may occur.
    pub nullable: bool,
    /// A `u64`: values above `i64::MAX` are refused.
    pub unsigned: bool,
}

/// What `#[event(sql = "…")]` takes.
pub const SQL_TYPES: &str = "BOOLEAN, SMALLINT, INTEGER, BIGINT, BIGINT UNSIGNED, REAL, DOUBLE, DECIMAL(p, s), VARCHAR, TIMESTAMP, DATE, TIME, \
     INTERVAL, UUID, BYTEA, JSON, and arrays of these: BIGINT[]";

/// What a field's Rust type may be.
pub const RUST_TYPES: &str = "bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, Decimal<P, S>, Sym, Str, String, \
                              &'static str, Timestamp, Date, Time, Interval, [u8; 16], Vec<u8>, Json, List of these, and Option of these";

/// What the elements of a `List` may be.
pub const ELEMENT_HELP: &str = "a list has one dimension; its elements own their text and are no `u64`: `List<i64>`, `List<Option<Str>>`";

/// Why a Rust type is no column type.
#[derive(Debug)]
pub enum NoFieldTy {
    /// A type that the name of a known one resembles, or that a known one replaces.
    Use(&'static str),
    /// `Option<Option<T>>`
    NestedOption,
    /// `Decimal` without two literal arguments, or with more than 38 digits.
    Decimal,
    /// `List` of what no element can be.
    Element,
    /// No type that we know.
    Unknown,
}

impl NoFieldTy {
    /// The mistake in field `name`.
    pub fn at(&self, name: &Ident, ty: &Type) -> syn::Error {
        let written = type_text(ty);
        let message = format!("field `{name}` has type `{written}`, which no column can have");
        let help = match self {
            NoFieldTy::Use(other) => format!("use `{other}`"),
            NoFieldTy::NestedOption => "a column is NULL or not: use one `Option`".to_string(),
            NoFieldTy::Decimal => {
                "write `Decimal<P, S>` with numbers: up to 38 digits P, S of them after the point".to_string()
            }
            NoFieldTy::Element => ELEMENT_HELP.to_string(),
            NoFieldTy::Unknown => format!(
                "use one of: {RUST_TYPES}; for an alias of one, say which: `#[event(sql = \"BIGINT\")]`"
            ),
        };
        error_on(ty, code::EVENT_FIELD, message, help)
    }
}

/// The SQL type of a Rust type as written.
///
/// # Errors
/// The type is none that a column can have, or an alias.
pub fn field_ty(ty: &Type) -> Result<FieldTy, NoFieldTy> {
    if let Some(inner) = option_of(ty) {
        let inner = field_ty(inner)?;
        return if inner.nullable {
            Err(NoFieldTy::NestedOption)
        } else {
            Ok(FieldTy { nullable: true, ..inner })
        };
    }
    let plain = |ty| Ok(FieldTy { ty, nullable: false, unsigned: false });
    match ty {
        Type::Paren(inner) => field_ty(&inner.elem),
        Type::Group(inner) => field_ty(&inner.elem),
        Type::Reference(r) if r.mutability.is_none() && is_named(&r.elem, "str") => match &r.lifetime {
            Some(lifetime) if lifetime.ident == "static" => plain(Ty::Varchar),
            _ => Err(NoFieldTy::Use("&'static str")),
        },
        Type::Array(array) if is_named(&array.elem, "u8") => {
            match array.len.to_token_stream().to_string().as_str() {
                "16" | "16usize" => plain(Ty::Uuid),
                _ => Err(NoFieldTy::Use("[u8; 16]")),
            }
        }
        Type::Path(path) if path.qself.is_none() => {
            let Some(last) = path.path.segments.last() else { return Err(NoFieldTy::Unknown) };
            let name = last.ident.to_string();
            if name == "Decimal" {
                return decimal(&last.arguments).ok_or(NoFieldTy::Decimal).and_then(plain);
            }
            match name.as_str() {
                "bool" => plain(Ty::Boolean),
                "i8" | "i16" => plain(Ty::Smallint),
                "u8" | "u16" | "i32" => plain(Ty::Integer),
                "u32" | "i64" => plain(Ty::Bigint),
                "u64" => Ok(FieldTy { ty: Ty::Bigint, nullable: false, unsigned: true }),
                "f32" => plain(Ty::Real),
                "f64" => plain(Ty::Double),
                "Sym" | "Str" | "String" => plain(Ty::Varchar),
                "Timestamp" => plain(Ty::Timestamp),
                "Date" => plain(Ty::Date),
                "Time" => plain(Ty::Time),
                "Interval" => plain(Ty::Interval),
                "Json" => plain(Ty::Json),
                "List" => list(&last.arguments).and_then(plain),
                "Vec" if is_bytes(&last.arguments) => plain(Ty::Bytea),
                _ => Err(instead_of(&path.path, &name)),
            }
        }
        _ => Err(NoFieldTy::Unknown),
    }
}

fn instead_of(path: &Path, name: &str) -> NoFieldTy {
    match name {
        "Vec" => NoFieldTy::Use("List<T>"),
        "Bytes" => NoFieldTy::Use("Vec<u8>"),
        "Uuid" => NoFieldTy::Use("[u8; 16]"),
        "NaiveDate" => NoFieldTy::Use("Date"),
        "NaiveTime" => NoFieldTy::Use("Time"),
        "Value" => NoFieldTy::Use("Json"),
        "isize" | "i128" => NoFieldTy::Use("i64"),
        "usize" | "u128" => NoFieldTy::Use("u64"),
        "char" | "Box" | "Rc" | "Arc" | "Cow" => NoFieldTy::Use("Str"),
        "SystemTime" | "Instant" | "DateTime" | "NaiveDateTime" | "OffsetDateTime" => {
            NoFieldTy::Use("Timestamp")
        }
        "Duration" | "TimeDelta" => NoFieldTy::Use("Interval"),
        _ if path.get_ident().is_none() => NoFieldTy::Unknown,
        _ => match closest(
            name,
            &["String", "Timestamp", "Interval", "Decimal", "Option", "Date", "Time", "Json", "List"],
        ) {
            Some("String") => NoFieldTy::Use("String"),
            Some("Timestamp") => NoFieldTy::Use("Timestamp"),
            Some("Interval") => NoFieldTy::Use("Interval"),
            Some("Date") => NoFieldTy::Use("Date"),
            Some("Time") => NoFieldTy::Use("Time"),
            Some("Json") => NoFieldTy::Use("Json"),
            Some("List") => NoFieldTy::Use("List<T>"),
            Some("Decimal") => NoFieldTy::Decimal,
            _ => NoFieldTy::Unknown,
        },
    }
}

/// The type that `sql` names; `nullable` unless it says `NULL` or `NOT NULL`.
pub fn of_sql(sql: &str, nullable: bool) -> Option<FieldTy> {
    let sql = sql.trim().to_ascii_uppercase();
    let (sql, nullable) = match (sql.strip_suffix("NOT NULL"), sql.strip_suffix(" NULL")) {
        (Some(ty), _) => (ty.trim_end(), false),
        (None, Some(ty)) => (ty.trim_end(), true),
        (None, None) => (&*sql, nullable),
    };
    let (sql, unsigned) = match sql.strip_suffix(" UNSIGNED") {
        Some(ty) => (ty.trim_end(), true),
        None => (sql, false),
    };
    if let Some(element) = sql.strip_suffix("[]") {
        let element = of_sql(element, false).filter(|e| !e.nullable && !e.unsigned)?.ty.element()?;
        return (!unsigned).then_some(FieldTy { ty: Ty::Array(element), nullable, unsigned });
    }
    let ty = match Ty::named(sql) {
        Some(ty) => ty,
        None => {
            let digits = sql.strip_prefix("DECIMAL").or(sql.strip_prefix("NUMERIC"))?.trim();
            let (p, s) = digits.strip_prefix('(')?.strip_suffix(')')?.split_once(',')?;
            checked_decimal(p.trim().parse().ok()?, s.trim().parse().ok()?)?
        }
    };
    (!unsigned || ty == Ty::Bigint).then_some(FieldTy { ty, nullable, unsigned })
}

/// A type as one would write it.
pub fn type_text(ty: &Type) -> String {
    let mut text = ty.to_token_stream().to_string();
    for (spaced, tight) in
        [(" :: ", "::"), (":: ", "::"), (" <", "<"), ("< ", "<"), (" >", ">"), (" ,", ","), ("& ", "&")]
    {
        text = text.replace(spaced, tight);
    }
    text
}

/// Whether a type is written as an `Option`.
pub fn is_option(ty: &Type) -> bool {
    option_of(ty).is_some()
}

/// The `T` of an `Option<T>`.
pub fn option_of(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|s| s.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(inner) if arguments.args.len() == 1 => Some(inner),
        _ => None,
    }
}

/// The type of `List<T>`, whose elements may be `Option`.
fn list(arguments: &PathArguments) -> Result<Ty, NoFieldTy> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return Err(NoFieldTy::Element) };
    match arguments.args.first() {
        Some(GenericArgument::Type(of)) if arguments.args.len() == 1 => {
            let FieldTy { ty, unsigned, .. } = field_ty(of)?;
            let borrowed = type_text(of).contains('&');
            ty.element().filter(|_| !unsigned && !borrowed).map(Ty::Array).ok_or(NoFieldTy::Element)
        }
        _ => Err(NoFieldTy::Element),
    }
}

/// Whether a type's arguments are `<u8>`.
fn is_bytes(arguments: &PathArguments) -> bool {
    let PathArguments::AngleBracketed(arguments) = arguments else { return false };
    matches!(arguments.args.first(), Some(GenericArgument::Type(ty)) if arguments.args.len() == 1 && is_named(ty, "u8"))
}

fn is_named(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident(name))
}

fn decimal(arguments: &PathArguments) -> Option<Ty> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    let number =
        |a: &GenericArgument| a.to_token_stream().to_string().trim_end_matches("u8").parse::<u8>().ok();
    let numbers: Vec<u8> = arguments.args.iter().map(number).collect::<Option<_>>()?;
    match numbers[..] {
        [precision, scale] => checked_decimal(precision, scale),
        _ => None,
    }
}

fn checked_decimal(precision: u8, scale: u8) -> Option<Ty> {
    (1..=DECIMAL_DIGITS_MAX).contains(&precision).then_some(())?;
    (scale <= precision).then_some(Ty::Decimal { precision, scale })
}

impl FieldTy {
    /// The type as a value of `Ty`, which is also the pattern that matches it alone.
    pub fn pattern(self, rt: &TokenStream) -> TokenStream {
        match self.ty {
            Ty::Decimal { precision, scale } => {
                quote!(#rt::Ty::Decimal { precision: #precision, scale: #scale })
            }
            Ty::Array(Element::Decimal { precision, scale }) => {
                quote!(#rt::Ty::Array(#rt::Element::Decimal { precision: #precision, scale: #scale }))
            }
            Ty::Array(element) => {
                let name = format_ident!("{element:?}");
                quote!(#rt::Ty::Array(#rt::Element::#name))
            }
            plain => {
                let name = format_ident!("{plain:?}");
                quote!(#rt::Ty::#name)
            }
        }
    }

    /// The Rust type of a field; `home` is the path of Laminar's own types.
    pub fn rust(self, home: &TokenStream) -> TokenStream {
        let ty = match self.ty {
            Ty::Bigint if self.unsigned => quote!(u64),
            Ty::Decimal { precision, scale } => {
                let [p, s] = [precision, scale].map(Literal::u8_unsuffixed);
                quote!(#home::Decimal<#p, #s>)
            }
            Ty::Uuid => quote!([u8; 16]),
            Ty::Bytea => quote!(::std::vec::Vec<u8>),
            Ty::Array(element) => {
                let element = FieldTy { ty: element.ty(), nullable: true, unsigned: false }.rust(home);
                quote!(#home::List<#element>)
            }
            plain => {
                let text = plain.rust();
                let name = format_ident!("{text}");
                match text.starts_with(|c: char| c.is_ascii_uppercase()) {
                    true => quote!(#home::#name),
                    false => quote!(#name),
                }
            }
        };
        if self.nullable { quote!(::core::option::Option<#ty>) } else { ty }
    }
}
