//! `#[derive(Event)]`: from a struct to its columns, and to the code that tells them.
//!
//! The derive learns a field's SQL type from how its Rust type is written, because that is all a macro can see, and
//! emits a check that the type really is what it looks like. So an alias cannot lie.
//!
//! What else it emits: the `Event` implementation, the struct of arrays, and a hidden `macro_rules!` under the
//! struct's own name that hands the columns to whoever asks ([`handover`]).
//!
//! Invariant: a mistake in the declaration is reported once; what is emitted beside the error keeps the rest of
//! the program meaningful.

mod attr;
mod expand;
mod field_ty;
pub mod handover;
mod krate;

#[cfg(test)]
mod tests;

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Data, DeriveInput, Fields, Type, Visibility};

pub use attr::delay_ns;
pub use expand::{broken_event, event_impl};
pub(crate) use field_ty::{ELEMENT_HELP, NoFieldTy, of_sql, option_of};
pub use field_ty::{FieldTy, field_ty, type_text};
pub use krate::Krate;

use crate::diagnostic::{Code, code};
use crate::ir::SourceColumn;
use laminar_runtime::schema::Column;

/// A struct as an event: its fields with their SQL types, and its event time.
#[derive(Clone)]
pub struct EventStruct {
    /// Name of the struct.
    pub ident: Ident,
    /// Its visibility.
    pub vis: Visibility,
    /// Its fields in order.
    pub fields: Vec<EventField>,
    /// Event time: index of the field and delay of the watermark in ns.
    pub time: Option<(usize, i64)>,
}

/// A field of an [`EventStruct`].
#[derive(Clone)]
pub struct EventField {
    /// Name.
    pub ident: Ident,
    /// Visibility.
    pub vis: Visibility,
    /// Rust type.
    pub ty: Type,
    /// SQL type.
    pub sql: FieldTy,
}

impl EventField {
    /// Name of the column: the field's without `r#`.
    pub fn name(&self) -> String {
        syn::ext::IdentExt::unraw(&self.ident).to_string()
    }

    /// The column.
    pub fn column(&self) -> SourceColumn {
        SourceColumn {
            column: Column { name: self.name().into(), ty: self.sql.ty, nullable: self.sql.nullable },
            unsigned: self.sql.unsigned,
        }
    }
}

/// Expands `#[derive(Event)]`.
///
/// Mistakes become `compile_error!`s beside an implementation that satisfies everything else.
pub fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let krate = Krate::of_attributes(&input.attrs);
    let event = read(&input, &mut errors);
    let mut tokens = errors.into_tokens();
    tokens.extend(match event.filter(|_| tokens.is_empty()) {
        Some(event) => event_impl(&event, &krate, &handover::Schema::of(&event, false)),
        None => broken_event(&input.ident, &input.vis, &input.generics, &krate),
    });
    tokens
}

/// Reads the struct; `None` where it has no columns to speak of.
pub fn read(input: &DeriveInput, errors: &mut Errors) -> Option<EventStruct> {
    let fields = read_fields(input, errors)?;
    let mut event = EventStruct { ident: input.ident.clone(), vis: input.vis.clone(), fields, time: None };
    event.time = attr::read_time(&input.attrs, &event.fields, errors);
    Some(event)
}

/// Reads the fields alone: what an output struct has, whose event time comes from its query.
pub fn read_fields(input: &DeriveInput, errors: &mut Errors) -> Option<Vec<EventField>> {
    let name = &input.ident;
    if !input.generics.params.is_empty() {
        let help = "write a struct for each type it is used with";
        let message = format!("generic struct `{name}` cannot be an event");
        errors.push(error_on(&input.generics, code::EVENT_STRUCT, message, help));
        return None;
    }
    let fields = match &input.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(data) => {
            let help = "an event is one typed row: write a struct with a field for each column";
            errors.at(
                data.enum_token.span,
                code::EVENT_STRUCT,
                format!("enum `{name}` cannot be an event"),
                help,
            );
            return None;
        }
        Data::Union(data) => {
            let help = "an event is one typed row: write a struct with a field for each column";
            errors.at(
                data.union_token.span,
                code::EVENT_STRUCT,
                format!("union `{name}` cannot be an event"),
                help,
            );
            return None;
        }
    };
    let named = match fields {
        Fields::Named(named) if !named.named.is_empty() => &named.named,
        Fields::Unnamed(fields) => {
            let help = format!("name the fields: `struct {name} {{ price: f64, … }}`");
            let message = format!("tuple struct `{name}` cannot be an event: its columns have no names");
            errors.push(error_on(fields, code::EVENT_STRUCT, message, help));
            return None;
        }
        Fields::Named(_) | Fields::Unit => {
            let message = format!("struct `{name}` cannot be an event: it has no columns");
            errors.at(name.span(), code::EVENT_STRUCT, message, "add a field for each column");
            return None;
        }
    };
    let mut read = Vec::with_capacity(named.len());
    for field in named {
        let declared = attr::read_field(field, errors);
        let Some(ident) = field.ident.clone() else { continue };
        let sql = match declared {
            Some(sql) => Some(sql),
            None => field_ty(&field.ty).map_err(|why| errors.push(why.at(&ident, &field.ty))).ok(),
        };
        if let Some(sql) = sql {
            read.push(EventField { ident, vis: field.vis.clone(), ty: field.ty.clone(), sql });
        }
    }
    Some(read)
}

/// Mistakes in declarations, each with the place that rustc marks.
#[derive(Default)]
pub struct Errors(Vec<syn::Error>);

impl Errors {
    /// Adds a mistake: what is wrong, and what to do about it (may be empty).
    pub fn at(
        &mut self,
        span: Span,
        code: Code,
        message: impl std::fmt::Display,
        help: impl std::fmt::Display,
    ) {
        self.push(error(span, code, message, help));
    }

    /// Adds a mistake.
    pub fn push(&mut self, error: syn::Error) {
        self.0.push(error);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One `compile_error!` for each.
    pub fn into_tokens(self) -> TokenStream {
        self.0.into_iter().map(syn::Error::into_compile_error).collect()
    }
}

impl From<syn::Error> for Errors {
    fn from(error: syn::Error) -> Errors {
        Errors(vec![error])
    }
}

/// A mistake at `span`.
pub fn error(
    span: Span,
    code: Code,
    message: impl std::fmt::Display,
    help: impl std::fmt::Display,
) -> syn::Error {
    let help = help.to_string();
    let help = if help.is_empty() { help } else { format!("\n  = help: {help}") };
    syn::Error::new(span, format!("{code}: {message}{help}"))
}

/// A mistake at all of `tokens`: the span of several tokens alone would be that of the first.
pub fn error_on(
    tokens: impl quote::ToTokens,
    code: Code,
    message: impl std::fmt::Display,
    help: impl std::fmt::Display,
) -> syn::Error {
    let text = error(Span::call_site(), code, message, help).to_string();
    syn::Error::new_spanned(tokens, text)
}

/// A fault of the compiler itself, as an error of the program that it compiles.
pub fn internal_error(panic: &(dyn std::any::Any + Send)) -> TokenStream {
    let what =
        panic.downcast_ref::<&str>().map(|s| s.to_string()).or(panic.downcast_ref::<String>().cloned());
    let what = what.unwrap_or_default();
    syn::Error::new(
        Span::call_site(),
        format!("internal error of Laminar, please report it with the SQL: {what}"),
    )
    .into_compile_error()
}
