//! Rust ahead of time: a pipeline as items that the user's own cargo build compiles.
//!
//! One `unsafe extern "C" fn` an edge and a group, a plan as text, and how a row is made of cells. What the items may name: `rt` (the
//! facade's hidden module), `::core`, `::std`, and the user's structs. No closures, no inference across operators, nothing
//! that sorts or hashes is instantiated for a query.
//!
//! | file | emits |
//! |---|---|
//! | `value` | one instruction of scalar IR as `let` |
//! | `chain` | operations that one test lets go unchecked |
//! | `stage` | the loop of an edge |
//! | `update` | the loop of a group's accumulators |
//! | `fused` | both in one, for rows of one window |
//! | `stateless` | the loop from row to sink of a pipeline without state |
//! | `function` | calls of the user's functions |
//! | `plan` | the plan as text |
//! | `query` | what the query says of itself, as traits of its row |
//!
//! Invariant: the tokens depend on pipeline and structs alone, so that every door gives the same code.

mod chain;
mod function;
mod fused;
#[cfg(feature = "build")]
mod listing;
mod plan;
mod query;
mod stage;
mod stateless;
mod update;
mod value;

#[cfg(test)]
mod tests;

#[cfg(feature = "build")]
pub use listing::listing;

pub use stage::loop_kind;

use crate::event::Krate;
use crate::ir::Pipeline;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Visibility;

/// An input as the generated code sees it.
#[derive(Clone)]
pub struct InputTy {
    /// Path of the struct.
    pub ty: TokenStream,
    /// Its fields in the order of the source's columns.
    pub fields: Vec<Ident>,
    /// Name of the handle method.
    pub handle: Ident,
    /// Equal for two inputs of one struct only.
    pub identity: u64,
    /// Its rows carry weights.
    pub changelog: bool,
}

/// The output as the generated code sees it.
#[derive(Clone)]
pub struct OutputTy {
    /// Name of the struct.
    pub ident: Ident,
    /// Its visibility, also that of the pipeline's type.
    pub vis: Visibility,
    /// Its fields, in any order.
    pub fields: Vec<OutputField>,
}

/// A field of the output struct.
#[derive(Clone)]
pub struct OutputField {
    /// Name.
    pub ident: Ident,
    /// Type.
    pub ty: TokenStream,
    /// Output column that it takes.
    pub column: usize,
}

/// What the generated code is made from.
pub(crate) struct Unit<'a> {
    pub pipeline: &'a Pipeline,
    pub inputs: &'a [InputTy],
    pub output: &'a OutputTy,
    /// Room for groups when nothing else is said.
    pub capacity: usize,
}

/// Name of the pipeline's type: an alias of the runtime's for this row.
pub fn pipeline_ident(output: &Ident) -> Ident {
    format_ident!("{output}Pipeline")
}

/// Methods that every pipeline has.
const METHODS: &[&str] = &[
    "push",
    "process",
    "process_columns",
    "process_changes",
    "push_change",
    "watermark",
    "tick",
    "finish",
    "snapshot",
    "restore",
    "digest",
    "counters",
    "output_counters",
    "explain",
    "sql",
    "with_capacity",
];

/// The method of an input: `OrderBook` as `order_book`, `events.Trade` as `trade`, and `push_` for a name that is taken.
pub fn handle_ident(name: &str) -> Ident {
    let last = name.rsplit('.').next().unwrap_or(name);
    let mut snake = String::new();
    let mut previous_lower = false;
    for c in last.trim_start_matches("r#").chars() {
        if c.is_uppercase() && previous_lower {
            snake.push('_');
        }
        previous_lower = c.is_lowercase() || c.is_ascii_digit();
        snake.extend(c.to_lowercase());
    }
    if METHODS.contains(&&*snake) || matches!(&*snake, "self" | "super" | "crate" | "_") {
        snake.push('_');
    }
    syn::parse_str(&snake).unwrap_or_else(|_| Ident::new_raw(&snake, Span::call_site()))
}

/// The items of a pipeline: its type outside, all else in an anonymous constant.
pub fn emit(
    pipeline: &Pipeline,
    inputs: &[InputTy],
    output: &OutputTy,
    capacity: usize,
    krate: &Krate,
) -> TokenStream {
    let unit = Unit { pipeline, inputs, output, capacity };
    let rt = krate.rt();
    let declaration = query::declaration(output, &pipeline.sql, &rt);
    let handles = query::handles(&unit, &rt);
    let edges = (0..pipeline.plan.edges.len()).map(|edge| stage::stages(&unit, edge));
    let updates = (0..pipeline.plan.groups.len()).map(|group| update::update(&unit, group));
    let fused = (0..pipeline.plan.edges.len()).map(|edge| fused::fused(&unit, edge));
    let functions = function::called(&unit).into_iter().map(|f| function::function(f));
    let query = query::query(&unit);
    quote! {
        #declaration
        #handles
        #[allow(unused, unsafe_op_in_unsafe_fn, clippy::all, clippy::undocumented_unsafe_blocks)]
        const _: () = {
            use #rt as rt;
            #(#functions)*
            #(#edges)*
            #(#updates)*
            #(#fused)*
            #query
        };
    }
}
