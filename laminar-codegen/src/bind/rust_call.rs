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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse_query;
    use sqlparser::ast::{Expr as Written, FunctionArguments, SelectItem, SetExpr};
    use sqlparser::keywords::ALL_KEYWORDS;

    /// What may stand around a word: arguments, and all that the grammar knows behind words of its own.
    const FORMS: [&str; 12] = [
        "_(1)",
        "_('1')",
        "_(1, 2)",
        "_(a FROM 1)",
        "_(a AS INT)",
        "_(a IN b)",
        "_(a USING b)",
        "_(a PLACING b FROM 1)",
        "_(SELECT 1)",
        "_(1) WHEN 1 THEN 2 END",
        "1 = _(1)",
        "(_(1))",
    ];

    /// Words that mean something to the binder, or to PostgreSQL, although the grammar takes them for functions.
    const NO_GRAMMAR: [&str; 6] = ["grouping", "now", "proctime", "row", "tumble", "values"];

    /// Whether a text is a call of a function of this name, as far as it is SQL at all.
    fn is_call(text: &str, name: &str) -> Option<bool> {
        let (query, _) = parse_query(&format!("SELECT {text}")).ok()?;
        let SetExpr::Select(select) = &*query.body.body else { return Some(false) };
        let [SelectItem::UnnamedExpr(e)] = &select.projection[..] else { return Some(false) };
        let called = match e {
            Written::BinaryOp { right, .. } => right,
            Written::Nested(inner) => inner,
            e => e,
        };
        let Written::Function(f) = called else { return Some(false) };
        let subquery = matches!(f.args, FunctionArguments::Subquery(_));
        Some(!subquery && f.name.to_string().eq_ignore_ascii_case(name))
    }

    /// A Rust function can be called by every name that is not taken, at worst in quotes; and no name is taken for nothing.
    #[test]
    fn words_of_the_grammar_are_taken() {
        for word in ALL_KEYWORDS {
            let means_more = |form: &&&str| is_call(&form.replace('_', word), word) == Some(false);
            let form = FORMS.iter().find(means_more);
            assert!(form.is_none() || is_taken(word), "the grammar has {form:?} for {word}");
            let lower = word.to_ascii_lowercase();
            let is_other = OTHERS.contains(&&*lower) && !NO_GRAMMAR.contains(&&*lower);
            assert!(form.is_some() || !is_other, "the grammar has nothing for {word}");
            let quoted = format!("\"{lower}\"");
            assert_eq!(is_call(&format!("{quoted}(1)"), &quoted), Some(true), "{quoted}");
        }
        for word in OTHERS {
            let is_keyword = ALL_KEYWORDS.contains(&&*word.to_ascii_uppercase());
            assert!(is_keyword || NO_GRAMMAR.contains(word), "{word} is not a word of the grammar");
        }
    }
}
