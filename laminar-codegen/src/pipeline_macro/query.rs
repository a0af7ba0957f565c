//! The SQL of a pipeline: where it stands, and how what the compiler says about it reaches the reader.

use super::args::SqlSource;
use crate::diagnostic::{Diagnostic, Literal as SqlLiteral, Origin, code, render};
use crate::event::error;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use std::path::PathBuf;

/// The text of a query.
pub(super) struct Sql {
    text: String,
    origin: Origin,
    /// What rustc marks.
    span: Span,
    /// The file, for cargo to watch.
    path: Option<String>,
}

impl Sql {
    pub fn read(source: &SqlSource) -> syn::Result<Sql> {
        match source {
            SqlSource::Text(literal) => {
                let span = literal.span();
                let start = span.start();
                let written =
                    SqlLiteral::new(&literal.to_string(), start.line as u32, start.column as u32 + 1)
                        .map_err(|why| error(span, code::PIPELINE_ARGUMENT, why.0, ""))?;
                let text = written.value().to_string();
                Ok(Sql {
                    text,
                    origin: Origin::Literal { path: span.file(), literal: written },
                    span,
                    path: None,
                })
            }
            SqlSource::File(name) => {
                let candidates = candidates(&name.value(), name.span());
                let found =
                    candidates.iter().find_map(|path| Some((path, std::fs::read_to_string(path).ok()?)));
                let Some((path, text)) = found else {
                    let tried: Vec<_> = candidates.iter().map(|p| format!("`{}`", p.display())).collect();
                    let message = format!("cannot read `{}`", name.value());
                    let help = format!("tried {}", tried.join(" and "));
                    return Err(error(name.span(), code::PIPELINE_ARGUMENT, message, help));
                };
                let path = path.display().to_string();
                let origin = Origin::File { path: path.clone() };
                Ok(Sql { text, origin, span: name.span(), path: Some(path) })
            }
        }
    }

    /// The SQL as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn span(&self) -> Span {
        self.span
    }

    /// Lets cargo rebuild when the file changes.
    pub fn dependency(&self) -> TokenStream {
        match std::path::absolute(self.path.as_deref().unwrap_or_default()) {
            Ok(path) if self.path.is_some() => {
                let path = path.display().to_string();
                quote!(
                    const _: &[u8] = ::core::include_bytes!(#path);
                )
            }
            _ => TokenStream::new(),
        }
    }

    /// An error at the literal, with its snippet in the message.
    pub fn error(&self, d: &Diagnostic) -> syn::Error {
        syn::Error::new(self.span, render(d, &self.origin, &self.text))
    }

    /// A warning: stable macros have none of their own, so that of a deprecated item is used.
    pub fn warning(&self, d: &Diagnostic) -> TokenStream {
        if d.is_error() {
            return TokenStream::new();
        }
        let text = render(d, &self.origin, &self.text);
        quote_spanned! {self.span=>
            const _: () = {
                #[deprecated(note = #text)]
                const fn query() {}
                query()
            };
        }
    }
}

/// Beside the Rust file first, then in the package.
fn candidates(name: &str, span: Span) -> Vec<PathBuf> {
    let beside = span.local_file().and_then(|file| Some(file.parent()?.join(name)));
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(|dir| PathBuf::from(dir).join(name));
    beside.into_iter().chain(package).collect()
}
