//! `laminar new`.

use crate::folder::Folder;
use std::path::Path;
use std::process::Command;

fn read(folder: &Folder, file: &str) -> String {
    std::fs::read_to_string(folder.0.join(file)).unwrap()
}

#[test]
fn a_project_compiles() {
    let folder = Folder::new("new");
    let checkout = env!("CARGO_MANIFEST_DIR");
    let out = folder.stdout(&["new", "my-app", "--path", checkout]);
    assert_eq!(out, "created my-app\n\n    cd my-app\n    cargo run\n");
    // The folder of a test lies inside another workspace.
    let manifest = read(&folder, "my-app/Cargo.toml") + "\n[workspace]\n";
    folder.write("my-app/Cargo.toml", manifest);
    // Versions and settings of this repository, so that what is compiled already will do.
    std::fs::copy(Path::new(checkout).join("Cargo.lock"), folder.0.join("my-app/Cargo.lock")).unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .current_dir(folder.0.join("my-app"))
        .args(["check", "--offline", "--config", "profile.dev.package.\"*\".debug=false"])
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !errors.contains("warning"), "{errors}");
    // Its SQL is what `laminar` runs, too.
    assert!(folder.stdout(&["explain", "my-app/pipelines/trades.sql"]).contains("TUMBLE"));
}

#[test]
fn by_default_it_depends_on_the_released_version() {
    let folder = Folder::new("new-released");
    folder.stdout(&["new", "app"]);
    let manifest = read(&folder, "app/Cargo.toml");
    let version = env!("CARGO_PKG_VERSION");
    assert!(manifest.contains("name = \"app\""), "{manifest}");
    let line = format!("laminar = {{ package = \"laminar-stream\", version = \"{version}\" }}");
    assert!(manifest.contains(&line), "{manifest}");
    let line = format!("laminar-codegen = {{ version = \"{version}\", features = [\"build\"] }}");
    assert!(manifest.contains(&line), "{manifest}");
    assert!(read(&folder, "app/README.md").starts_with("# app\n"));
}

#[test]
fn what_it_refuses() {
    let folder = Folder::new("new-refused");
    folder.write("taken", "mine");
    for (arguments, expected) in [
        (&["new", "taken"][..], "error: `taken` exists already"),
        (&["new", "a/b"], "it may have letters, digits"),
        (&["new", "1st"], "it must begin with a letter"),
        (&["new", "fn"], "Rust or Cargo use this word"),
        (&["new", "app", "--path", "nowhere"], "nowhere/Cargo.toml: no such file or directory"),
    ] {
        let message = folder.fails(arguments);
        assert!(message.contains(expected), "{message}");
    }
    folder.write("Cargo.toml", "[package]\nname = \"other\"\n");
    assert!(folder.fails(&["new", "app", "--path", "."]).contains(". is no checkout of Laminar"));
    assert_eq!(read(&folder, "taken"), "mine");
    assert!(!folder.0.join("app").exists());
}
