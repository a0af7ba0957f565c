//! Door 2: a folder of `.sql` files becomes one Rust module, in a build script.
//!
//! ```no_run
//! // In `main` of build.rs:
//! laminar_codegen::build("pipelines").emit();
//! ```
//!
//! and in the crate `laminar::include_pipelines!();`. The module has the folder's name and holds
//!
//! - a struct for each relation: `CREATE SOURCE trades (…)` is `Trades`, an event like any other;
//! - a pipeline for each view: `CREATE MATERIALIZED VIEW vwap AS …` is `Vwap` with `Vwap::pipeline()`;
//! - `Graph`, which runs them all, and `Outputs`, a trait with a method for what each view gives.
//!
//! ```text
//! let mut graph = pipelines::Graph::new();
//! impl pipelines::Outputs for MyOutputs { fn vwap(&mut self, row: Vwap) { … } }
//! graph.trades().push(&trade, &mut outputs)?;
//! graph.finish(&mut outputs)?;
//! ```
//!
//! | file | what |
//! |---|---|
//! | `files` | the folder, and cargo's lines |
//! | `declare` | statements to relations and views |
//! | `function` | Rust functions that SQL calls |
//! | `compiled` | views to pipelines, in the order in which they read each other |
//! | `structs` | names and structs |
//! | `graph` | `Graph` and `Outputs` |
//!
//! Not here: the code of a pipeline (`rust`), which is the same as that of an annotated struct.
//!
//! Invariant: all errors of all files are told at once, as lines that cargo shows; nothing here panics.

mod compiled;
mod declare;
mod files;
mod function;
mod graph;
mod structs;

#[cfg(test)]
mod tests;

use crate::event::Krate;
use files::Folder;
use quote::quote;
use std::path::PathBuf;

/// Starts a build of the `.sql` files in `folder`, relative to the package.
pub fn build(folder: impl Into<PathBuf>) -> Build {
    Build { folder: folder.into(), krate: "::laminar".to_string() }
}

/// What to build.
#[derive(Clone, Debug)]
pub struct Build {
    folder: PathBuf,
    krate: String,
}

/// What a build gives.
#[derive(Clone, Debug, Default)]
pub struct Generated {
    /// The module as Rust.
    pub code: String,
    /// One line each: `pipelines/vwap.sql:3:12: L0203: column …`.
    pub errors: Vec<String>,
    /// The same for what is no error.
    pub warnings: Vec<String>,
    /// Errors and warnings with their snippets.
    pub rendered: String,
    /// The files that were read.
    pub files: Vec<PathBuf>,
}

impl Build {
    /// The path by which generated code reaches Laminar, if not `::laminar`.
    pub fn crate_path(mut self, path: impl Into<String>) -> Build {
        self.krate = path.into();
        self
    }

    /// Writes `$OUT_DIR/laminar.rs` and tells cargo all errors, warnings and files. After an error cargo stops the build.
    pub fn emit(self) {
        let generated = self.generate();
        generated.tell(&self.folder);
        if let Err(error) = generated.write() {
            println!("cargo::error=laminar: cannot write the generated code: {error}");
        }
    }

    /// Generates the code without touching anything but the `.sql` files.
    pub fn generate(&self) -> Generated {
        let mut folder = Folder::read(&self.folder);
        let krate = match syn::parse_str(&self.krate) {
            Ok(path) => Krate::at(path),
            Err(_) => {
                folder.fail(format!("`{}` is not the path of a crate", self.krate));
                Krate::default()
            }
        };
        let declared = declare::declare(&mut folder);
        let views = compiled::compile_views(&declared, &mut folder);
        let functions = function::checks(&declared, &krate);
        let structs = structs::structs(&declared, &views, &krate);
        // Without all views there is no graph to run.
        let graph = (!folder.failed()).then(|| graph::graph(&declared, &views, &krate));
        let name = structs::module_ident(&self.folder);
        let doc = format!("The relations of `{}` and the graph that runs them.", self.folder.display());
        folder.generated(quote! {
            #[doc = #doc]
            #[allow(non_snake_case, clippy::all)]
            pub mod #name {
                #functions
                #structs
                #graph
            }
        })
    }
}
