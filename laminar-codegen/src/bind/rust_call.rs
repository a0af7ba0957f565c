//! Binds calls of Rust functions, and tells what is wrong with a call of no function at all.

use super::Binder;
use super::coerce::{common, is_unknown};
use crate::diagnostic::{Diagnostic, Span, closest, code};
use crate::functions::{self, RustFn};
use crate::plan::aggregate::AGGREGATES;
use crate::plan::expr::{Expr, Kind};
use laminar_runtime::function::Typed;
use sqlparser::ast;
use std::sync::Arc;

/// Functions that are neither in the table nor aggregates, and words that the grammar takes for something else before `(`.
const OTHERS: &[&str] = &[
    "tumble",
    "grouping",
    "all",
    "any",
    "array",
    "case",
    "cast",
    "ceil",
    "convert",
    "distinct",
    "exists",
    "extract",
    "floor",
    "interval",
    "not",
    "now",
    "overlay",
    "position",
    "proctime",
    "row",
    "safe_cast",
    "select",
    "some",
    "struct",
    "substring",
    "trim",
    "try_cast",
    "values",
];

/// What SQL itself has under a name, if anything: a Rust function cannot be called so.
pub fn is_taken(name: &str) -> bool {
    let windows = super::window::is_window_function(name);
    windows || known().iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// All names of SQL's own functions.
fn known() -> Vec<String> {
    let aggregates = AGGREGATES.iter().flat_map(|a| a.names).map(|n| n.to_ascii_lowercase());
    let scalars = functions::names().into_iter().chain(OTHERS.iter().copied()).map(str::to_owned);
    scalars.chain(aggregates).collect()
}

impl Binder<'_> {
    /// The Rust function that a call names.
    pub(super) fn rust_function(&self, name: &ast::ObjectName) -> Option<Arc<RustFn>> {
        let [ast::ObjectNamePart::Identifier(ident)] = &name.0[..] else { return None };
        let means = |f: &&Arc<RustFn>| super::scope::means(ident, &f.name);
        self.catalog.functions().iter().find(means).cloned()
    }

    /// A call of a Rust function: each argument as it is, or by an implicit cast.
    pub(super) fn rust_call(&mut self, f: &Arc<RustFn>, args: Vec<Expr>, span: Span) -> Expr {
        if args.iter().any(Expr::is_error) {
            return Expr::error(span);
        }
        let takes = |want: &Typed, have: &Expr| {
            is_unknown(have) || have.ty.is_none_or(|ty| common(ty, want.ty) == Some(want.ty))
        };
        let misfit = f.args.iter().zip(&args).position(|(want, have)| !takes(want, have));
        if f.args.len() != args.len() || misfit.is_some() {
            let have: Vec<String> =
                args.iter().map(|a| a.ty.map_or("NULL".into(), |t| t.to_string())).collect();
            let called = format!("{}({})", f.name, have.join(", "));
            let d = match misfit.filter(|_| f.args.len() == args.len()) {
                Some(i) => {
                    let (at, want, ty) = (args[i].span, f.args[i].ty, have[i].as_str());
                    let message = format!("function {called} does not exist");
                    let d = Diagnostic::error(code::FUNCTION_ARGUMENTS, at, message);
                    d.label(format!("this is {ty}, {want} expected"))
                }
                None => {
                    let message = format!("function {called} does not exist");
                    let count = match f.args.len() {
                        1 => "one argument".to_string(),
                        n => format!("{n} arguments"),
                    };
                    let d = Diagnostic::error(code::FUNCTION_ARGUMENTS, span, message);
                    d.label(format!("{} takes {count}", f.name))
                }
            };
            return self.fail(d.note(format!("in Rust: {f}")));
        }
        let args: Vec<Expr> = args.into_iter().zip(&f.args).map(|(a, t)| self.coerced(a, t.ty)).collect();
        if args.iter().any(Expr::is_error) {
            return Expr::error(span);
        }
        let strict = args.iter().enumerate().any(|(i, a)| f.is_strict(i) && a.nullable);
        let nullable = strict || f.gives_null();
        Expr { kind: Kind::Rust(f.clone(), args), ty: Some(f.ret.ty), nullable, span }
    }

    /// A call of a function that does not exist.
    pub(super) fn unknown_function(&mut self, name: &str, span: Span) -> Expr {
        let lower = name.to_ascii_lowercase();
        let mut known = known();
        known.extend(self.catalog.functions().iter().map(|f| f.name.clone()));
        known.sort_unstable();
        let at = Span::new(span.start, span.start + name.len());
        let message = format!("function `{lower}` does not exist");
        let d = Diagnostic::error(code::UNKNOWN_FUNCTION, at, message);
        let near = closest(&lower, &known);
        let d = match near {
            Some(near) => d.label(format!("did you mean `{near}`?")).suggest(at, near),
            None => d.note("`laminar functions` lists all functions, and so does docs/functions.md"),
        };
        // Short names resemble each other by chance.
        let by_chance = near.is_none_or(|near| near.len() <= 4);
        let d = match self.catalog.function_help().filter(|_| by_chance) {
            Some(help) => d.help(help),
            None => d,
        };
        self.fail(d)
    }
}
