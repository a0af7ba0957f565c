//! Arguments of `#[pipeline(…)]`.
//!
//! ```text
//! #[pipeline("SELECT …")]
//! #[pipeline(file = "vwap.sql", from(market::Trade as trades), functions(math::mid as mid),
//!     with(on_error = "skip", capacity = 1000), crate = path)]
//! ```

use crate::diagnostic::{closest, code};
use crate::event::{Krate, error};
use laminar_runtime::plan::OnError;
use proc_macro2::{Ident, Literal, Span};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{LitInt, LitStr, Path, Token, parenthesized};

/// The arguments as written.
pub(super) struct Args {
    pub source: SqlSource,
    /// `from(path as name)`.
    pub from: Vec<Renamed>,
    /// `functions(path as name)`.
    pub functions: Vec<Renamed>,
    pub krate: Krate,
    options: Vec<WithOption>,
}

/// Where the SQL is.
pub(super) enum SqlSource {
    /// A string literal.
    Text(Literal),
    /// `file = "…"`
    File(LitStr),
}

/// `path as name`
pub(super) struct Renamed {
    pub path: Path,
    pub name: Ident,
}

struct WithOption {
    key: Ident,
    value: OptionValue,
}

enum OptionValue {
    Text(LitStr),
    Number(LitInt),
}

/// What an argument may be called.
const ARGUMENTS: &[&str] = &["file", "sql", "from", "functions", "with", "crate"];
/// What an option may be called.
const OPTIONS: &[&str] = &["on_error", "capacity"];
/// What `on_error` may be.
const POLICIES: &[&str] = &["fail", "skip", "dead_letter"];

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Args> {
        let mut source = None;
        let (mut args, mut functions) = ((Vec::new(), None, Vec::new()), Vec::new());
        while !input.is_empty() {
            let at = input.span();
            if input.peek(LitStr) {
                set(&mut source, SqlSource::Text(input.parse()?), at, "the query")?;
            } else if input.peek(Token![crate]) {
                input.parse::<Token![crate]>()?;
                input.parse::<Token![=]>()?;
                set(&mut args.1, Krate::at(input.call(Path::parse_mod_style)?), at, "`crate`")?;
            } else {
                let name: Ident = input.parse()?;
                match &*name.to_string() {
                    "sql" => {
                        input.parse::<Token![=]>()?;
                        let literal = input.parse::<LitStr>()?.token();
                        set(&mut source, SqlSource::Text(literal), at, "the query")?;
                    }
                    "file" => {
                        input.parse::<Token![=]>()?;
                        set(&mut source, SqlSource::File(input.parse()?), at, "the query")?;
                    }
                    "from" => {
                        let list;
                        parenthesized!(list in input);
                        args.0.extend(Punctuated::<Renamed, Token![,]>::parse_terminated(&list)?);
                    }
                    "functions" => {
                        let list;
                        parenthesized!(list in input);
                        functions.extend(Punctuated::<Renamed, Token![,]>::parse_terminated(&list)?);
                    }
                    "with" => {
                        let list;
                        parenthesized!(list in input);
                        args.2.extend(Punctuated::<WithOption, Token![,]>::parse_terminated(&list)?);
                    }
                    other => return Err(unknown("argument", other, ARGUMENTS, name.span())),
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        let Some(source) = source else {
            let help = "write `#[pipeline(\"SELECT … FROM Trade\")]` or `#[pipeline(file = \"query.sql\")]`";
            return Err(error(Span::call_site(), code::PIPELINE_ARGUMENT, "the query is missing", help));
        };
        let (from, krate, options) = args;
        Ok(Args { source, from, functions, krate: krate.unwrap_or_default(), options })
    }
}

impl Args {
    /// Whether all options have values that fit, and functions names that can be.
    pub fn check(&self) -> syn::Result<()> {
        super::called::check(&self.functions)?;
        for (i, option) in self.options.iter().enumerate() {
            let span = option.key.span();
            if self.options[..i].iter().any(|o| o.key == option.key) {
                return Err(error(
                    span,
                    code::PIPELINE_ARGUMENT,
                    format!("`{}` is given twice", option.key),
                    "",
                ));
            }
            match (&*option.key.to_string(), &option.value) {
                ("on_error", OptionValue::Text(text)) if policy(&text.value()).is_some() => {}
                ("on_error", OptionValue::Text(text)) => {
                    return Err(unknown("policy", &text.value(), POLICIES, text.span()));
                }
                ("capacity", OptionValue::Number(n)) => drop(n.base10_parse::<u32>()?),
                ("on_error", OptionValue::Number(n)) => {
                    let help = "write `on_error = \"skip\"`";
                    return Err(error(n.span(), code::PIPELINE_ARGUMENT, "`on_error` takes a string", help));
                }
                ("capacity", OptionValue::Text(text)) => {
                    let help = "write `capacity = 1000`: room for that many groups";
                    return Err(error(
                        text.span(),
                        code::PIPELINE_ARGUMENT,
                        "`capacity` takes a number",
                        help,
                    ));
                }
                (other, _) => return Err(unknown("option", other, OPTIONS, span)),
            }
        }
        Ok(())
    }

    /// What to do with a row that fails.
    pub fn on_error(&self) -> OnError {
        let given = self.options.iter().find_map(|o| match &o.value {
            OptionValue::Text(text) if o.key == "on_error" => policy(&text.value()),
            _ => None,
        });
        given.unwrap_or_default()
    }

    /// Room for groups.
    pub fn capacity(&self) -> usize {
        let given = self.options.iter().find_map(|o| match &o.value {
            OptionValue::Number(n) if o.key == "capacity" => n.base10_parse().ok(),
            _ => None,
        });
        given.unwrap_or(0)
    }
}

/// The policy of this name.
pub(crate) fn policy(name: &str) -> Option<OnError> {
    match name {
        "fail" => Some(OnError::Fail),
        "skip" => Some(OnError::Skip),
        "dead_letter" => Some(OnError::DeadLetter),
        _ => None,
    }
}

impl Parse for Renamed {
    fn parse(input: ParseStream<'_>) -> syn::Result<Renamed> {
        let path = input.call(Path::parse_mod_style)?;
        let name = match input.parse::<Option<Token![as]>>()? {
            Some(_) => input.call(syn::ext::IdentExt::parse_any)?,
            None => match path.segments.last() {
                Some(last) => last.ident.clone(),
                None => return Err(input.error("expected a path")),
            },
        };
        Ok(Renamed { path, name })
    }
}

impl Parse for WithOption {
    fn parse(input: ParseStream<'_>) -> syn::Result<WithOption> {
        let key = input.parse()?;
        input.parse::<Token![=]>()?;
        let value = if input.peek(LitStr) {
            OptionValue::Text(input.parse()?)
        } else {
            OptionValue::Number(input.parse()?)
        };
        Ok(WithOption { key, value })
    }
}

fn set<T>(slot: &mut Option<T>, value: T, at: Span, what: &str) -> syn::Result<()> {
    if slot.is_some() {
        return Err(error(at, code::PIPELINE_ARGUMENT, format!("{what} is given twice"), ""));
    }
    *slot = Some(value);
    Ok(())
}

fn unknown(what: &str, name: &str, known: &[&str], span: Span) -> syn::Error {
    let help = match closest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known here: {}", known.join(", ")),
    };
    error(span, code::PIPELINE_ARGUMENT, format!("unknown {what} `{name}`"), help)
}
