//! What a query can name: relations and their columns.
//!
//! Each door brings its own catalog: structs in scope, `.sql` files of a folder, a session.

use crate::diagnostic::Place;
use crate::functions::RustFn;
use crate::ir::SourceColumn;
use std::sync::Arc;

/// A relation that FROM can name.
#[derive(Clone, Debug)]
pub struct Relation {
    /// Name as declared; what messages show.
    pub name: String,
    /// Columns in order.
    pub columns: Vec<SourceColumn>,
    /// Event time: index of the column and delay of the watermark behind it, in ns.
    pub time: Option<(usize, i64)>,
    /// Its rows carry weights: it is the changelog of a view.
    pub changelog: bool,
    /// It ends: a table, a file.
    pub finite: bool,
    /// Where each column is declared, for second places in messages; empty or one a column.
    pub declared: Vec<Place>,
}

/// Finds relations by name. `Sync`, because compilation runs on a thread with a deep stack.
pub trait Catalog: Sync {
    /// The relation that `parts` (the identifiers between the dots, with whether each was quoted) name.
    fn relation(&self, parts: &[(String, bool)]) -> Option<Relation>;
    /// All names, for suggestions.
    fn names(&self) -> Vec<String>;
    /// The Rust functions that a query may call.
    fn functions(&self) -> &[Arc<RustFn>] {
        &[]
    }
    /// How a Rust function comes among them.
    fn function_help(&self) -> Option<&'static str> {
        None
    }
    /// Whether who runs the query keeps its result until it is complete, and can order it then.
    fn keeps_results(&self) -> bool {
        false
    }
}
