//! The structure that the architecture promises: arrows, what links Cranelift, where threads and files may occur, names, sizes.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder of the repository.
fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display())) {
            let path = entry.expect("a directory can be read").path();
            if path.is_dir() && path.file_name().is_none_or(|n| n != "target") {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path);
            }
        }
    }
    assert!(!files.is_empty(), "{folder} has no Rust files");
    files
}

/// Names of the packages that `package` with `features` is built from: `kinds` as `cargo tree --edges` has them.
fn tree(package: &str, kinds: &str, features: &[&str]) -> Vec<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["tree", "--locked", "--prefix", "none", "--edges", kinds, "-p", package]);
    if !features.is_empty() {
        cargo.args(["--features", &features.join(",")]);
    }
    let out = cargo.output().expect("cargo runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let mut names: Vec<String> = String::from_utf8_lossy(&out.stdout)
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(String::from)
        .collect();
    names.sort();
    names.dedup();
    assert!(names.iter().any(|n| n == package), "{names:?}");
    names
}

fn cranelift(names: &[String]) -> Vec<&String> {
    names.iter().filter(|n| n.starts_with("cranelift")).collect()
}

#[test]
fn arrows_point_one_way() {
    let depends = |package: &str, on: &str| tree(package, "normal,build", &[]).iter().any(|n| n == on);
    for on in ["laminar-stream", "laminar-macros", "laminar-codegen"] {
        assert!(!depends("laminar-runtime", on), "laminar-runtime -> {on}");
    }
    for on in ["laminar-stream", "laminar-macros"] {
        assert!(!depends("laminar-codegen", on), "laminar-codegen -> {on}");
    }
    assert!(!depends("laminar-macros", "laminar-stream"));
    for foreign in ["syn", "sqlparser", "quote", "proc-macro2"] {
        let names = tree("laminar-runtime", "no-proc-macro,normal", &[]);
        assert!(!names.iter().any(|n| n == foreign), "laminar-runtime -> {foreign}");
    }
}

#[test]
fn only_the_feature_jit_links_cranelift() {
    assert!(cranelift(&tree("laminar-stream", "normal,build", &[])).is_empty());
    assert!(cranelift(&tree("laminar-stream", "normal,build", &["cli"])).is_empty());
    assert!(cranelift(&tree("laminar-macros", "normal,build", &[])).is_empty());
    assert!(cranelift(&tree("laminar-codegen", "normal,build", &["build"])).is_empty());
    // The check can fail: with the feature, Cranelift is there.
    assert!(!cranelift(&tree("laminar-stream", "normal,build", &["jit"])).is_empty());
}

#[test]
fn neither_macros_nor_build_scripts_ask_for_the_jit() {
    let macros =
        std::fs::read_to_string(root().join("laminar-macros/Cargo.toml")).expect("the manifest is there");
    assert!(!macros.contains("jit") && !macros.contains("exec"));
    let manifests = ["Cargo.toml", "tests/corpus/Cargo.toml"];
    for manifest in manifests.iter().map(|m| root().join(m)).filter(|m| m.exists()) {
        let text = std::fs::read_to_string(&manifest).expect("the manifest can be read");
        let build = text.split("[build-dependencies]").nth(1).map(|t| t.split("\n[").next().unwrap_or(""));
        assert!(!build.unwrap_or("").contains("jit"), "{}", manifest.display());
    }
}

/// The operators run where there are no threads, files, sockets or clocks: nothing in the runtime may name them.
#[test]
fn operators_need_no_threads_files_or_clocks() {
    for file in rust_files("laminar-runtime/src") {
        let text = std::fs::read_to_string(&file).expect("a source file can be read");
        let code: String = text.split("#[cfg(test)]").next().unwrap_or("").to_string();
        for banned in [
            "std::thread::spawn",
            "thread::Builder",
            "std::fs",
            "std::net",
            "std::time",
            "Instant::now",
            "SystemTime",
            "std::process::Command",
            "std::env",
        ] {
            assert!(!code.contains(banned), "{} names {banned}", file.display());
        }
    }
}

#[test]
fn files_are_named_after_what_they_hold() {
    for folder in ["src", "laminar-runtime/src", "laminar-codegen/src", "laminar-macros/src"] {
        for file in rust_files(folder) {
            let stem = file.file_stem().and_then(|s| s.to_str()).unwrap_or("");
            assert!(
                !["utils", "util", "helpers", "common", "misc", "manager", "core"].contains(&stem),
                "{}",
                file.display()
            );
        }
    }
}

#[test]
fn files_stay_readable() {
    for folder in ["src", "laminar-runtime/src", "laminar-codegen/src", "laminar-macros/src"] {
        for file in rust_files(folder) {
            let lines = std::fs::read_to_string(&file).expect("a source file can be read").lines().count();
            assert!(lines <= 800, "{} has {lines} lines", file.display());
        }
    }
}

#[test]
fn only_parse_and_bind_name_the_parsers_types() {
    let sources = rust_files("laminar-codegen/src");
    let inside = |file: &Path| {
        ["parse", "bind"].iter().any(|f| file.starts_with(root().join("laminar-codegen/src").join(f)))
    };
    let names = |file: &PathBuf| {
        std::fs::read_to_string(file).expect("a source file can be read").contains("sqlparser::")
    };
    let outside: Vec<_> = sources.iter().filter(|f| !inside(f) && names(f)).collect();
    assert!(outside.is_empty(), "{outside:?}");
    assert!(sources.iter().any(names), "the check finds what it looks for");
}
