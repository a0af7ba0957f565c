//! `laminar new`: a project that runs, made of the files in `template`.

use crate::arguments::New;
use crate::report::{Failure, reason};
use std::path::Path;

/// Files of a project, with what stands in them.
const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", include_str!("template/manifest.toml")),
    ("README.md", include_str!("template/README.md.txt")),
    (".gitignore", "/target\n"),
    ("build.rs", include_str!("template/build.rs.txt")),
    ("pipelines/trades.sql", include_str!("template/trades.sql")),
    ("src/main.rs", include_str!("template/main.rs.txt")),
];

/// Names that Cargo or rustc take for something else.
const TAKEN: &[&str] = &[
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "build",
    "const",
    "continue",
    "core",
    "crate",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "laminar",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc-macro",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Makes the project.
pub fn new(arguments: &New) -> Result<(), Failure> {
    let name = arguments.name.as_str();
    check(name)
        .map_err(|why| Failure::Message(format!("error: `{name}` cannot be the name of a project: {why}")))?;
    let (laminar, codegen) = match &arguments.path {
        Some(path) => dependencies(path)?,
        None => {
            let version = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
            (version.clone(), version)
        }
    };
    let folder = Path::new(name);
    let failed = |path: &Path, e: std::io::Error| {
        Failure::Message(format!("error: {}: {}", path.display(), reason(&e)))
    };
    // Fails where there is something already: nothing of the user's is touched.
    std::fs::create_dir(folder).map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::Message(format!("error: `{name}` exists already")),
        _ => failed(folder, e),
    })?;
    for (file, text) in FILES {
        let path = folder.join(file);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|e| failed(parent, e))?;
        }
        // Only these three: SQL and Rust have braces of their own.
        let text = text.replace("{name}", name).replace("{laminar}", &laminar).replace("{codegen}", &codegen);
        std::fs::write(&path, text).map_err(|e| failed(&path, e))?;
    }
    println!("created {name}\n\n    cd {name}\n    cargo run");
    Ok(())
}

/// Why a word is no name of a package.
fn check(name: &str) -> Result<(), &'static str> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err("it must begin with a letter");
    }
    if !name.chars().all(word) {
        return Err("it may have letters, digits, `-` and `_`");
    }
    if TAKEN.contains(&name) {
        return Err("Rust or Cargo use this word");
    }
    Ok(())
}

/// How a manifest refers to a checkout of Laminar.
fn dependencies(checkout: &Path) -> Result<(String, String), Failure> {
    let shown = checkout.display();
    let manifest = std::fs::read_to_string(checkout.join("Cargo.toml"))
        .map_err(|e| Failure::Message(format!("error: {shown}/Cargo.toml: {}", reason(&e))))?;
    if !manifest.lines().any(|line| line.trim() == "name = \"laminar-stream\"") {
        return Err(Failure::Message(format!("error: {shown} is no checkout of Laminar")));
    }
    let root = std::path::absolute(checkout).map_err(|e| Failure::Message(format!("error: {shown}: {e}")))?;
    // A TOML string without escapes, for paths with backslashes.
    let path = |p: &Path| format!("path = '{}'", p.display());
    Ok((path(&root), path(&root.join("laminar-codegen"))))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn names() {
        for good in ["vwap", "my-app", "a1_b"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["", "1st", "-x", "_x", "a b", "a/b", "..", "ü", "fn", "test", "laminar", "a.b"] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
