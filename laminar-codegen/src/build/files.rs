//! The folder of `.sql` files, and what cargo is told about it.

use super::Generated;
use crate::diagnostic::{Diagnostic, Origin, render};
use proc_macro2::TokenStream;
use std::path::{Path, PathBuf};

/// The files, with everything that was found wrong in them.
pub(super) struct Folder {
    pub files: Vec<SqlFile>,
    generated: Generated,
}

/// One file.
pub(super) struct SqlFile {
    pub origin: Origin,
    pub sql: String,
}

impl Folder {
    pub fn read(folder: &Path) -> Folder {
        let mut read = Folder { files: Vec::new(), generated: Generated::default() };
        let mut paths = Vec::new();
        match std::fs::read_dir(folder) {
            Ok(entries) => paths.extend(entries.flatten().map(|e| e.path())),
            Err(error) => read.fail(format!("cannot read the folder `{}`: {error}", folder.display())),
        }
        paths.retain(|p| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("sql")));
        paths.sort();
        if paths.is_empty() && !read.failed() {
            read.fail(format!("no `.sql` file in the folder `{}`", folder.display()));
        }
        for path in paths {
            match std::fs::read_to_string(&path) {
                Ok(sql) => {
                    let origin = Origin::File { path: path.display().to_string() };
                    read.files.push(SqlFile { origin, sql });
                }
                Err(error) => read.fail(format!("cannot read `{}`: {error}", path.display())),
            }
            read.generated.files.push(path);
        }
        read
    }

    /// Notes what is wrong in file `file`.
    pub fn note(&mut self, file: usize, diagnostics: &[Diagnostic]) {
        let SqlFile { origin, sql } = &self.files[file];
        for d in diagnostics {
            let (line, column) = origin.place(sql, d.span.start);
            let mut text = format!("{}:{line}:{column}: {}: {}", origin.path(), d.code, d.message);
            for more in [&d.label].into_iter().chain(&d.help).filter(|m| !m.is_empty()) {
                text.push_str("; ");
                text.push_str(more);
            }
            let lines = match d.is_error() {
                true => &mut self.generated.errors,
                false => &mut self.generated.warnings,
            };
            lines.push(text.replace('\n', " "));
            let severity = if d.is_error() { "error" } else { "warning" };
            self.generated.rendered.push_str(&format!("{severity}: {}\n\n", render(d, origin, sql)));
        }
    }

    /// Notes an error that has no place in a file.
    pub fn fail(&mut self, message: String) {
        self.generated.rendered.push_str(&format!("error: {message}\n\n"));
        self.generated.errors.push(message);
    }

    pub fn failed(&self) -> bool {
        !self.generated.errors.is_empty()
    }

    /// The result, with `code` as a file that a person can read.
    pub fn generated(mut self, code: TokenStream) -> Generated {
        match syn::parse2::<syn::File>(code) {
            Ok(file) => self.generated.code = prettyplease::unparse(&file),
            Err(error) => self.fail(format!("internal error of Laminar, please report it: {error}")),
        }
        self.generated
    }
}

impl Generated {
    /// Prints cargo's lines, and the snippets for whoever looks at the build script's output.
    pub(super) fn tell(&self, folder: &Path) {
        println!("cargo::rerun-if-changed={}", folder.display());
        for file in &self.files {
            println!("cargo::rerun-if-changed={}", file.display());
        }
        for warning in &self.warnings {
            println!("cargo::warning={warning}");
        }
        for error in &self.errors {
            println!("cargo::error={error}");
        }
        eprint!("{}", self.rendered);
    }

    pub(super) fn write(&self) -> std::io::Result<()> {
        let missing = || std::io::Error::other("OUT_DIR is not set: call this from a build script");
        let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or_else(missing)?).join("laminar.rs");
        // An equal file is left alone, so that nothing is rebuilt for it.
        match std::fs::read_to_string(&out) {
            Ok(old) if old == self.code => Ok(()),
            _ => std::fs::write(out, &self.code),
        }
    }
}
