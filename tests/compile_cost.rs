//! What a pipeline adds to the library of the crate that declares it. `docs/compile-time.md` says what that is made of.

use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "../benches/windowed/mod.rs"]
mod windowed;

/// The smaller crate has what a crate has once, however many pipelines there are.
const FEW: usize = 4;
const MANY: usize = 20;
/// For a windowed pipeline with six results and a sink of its own. The aim is 30 kB beside an optimised facade, as the bench has it; the one
/// of a test is not, and leaves more of itself to the user's crate.
const RLIB_BYTES_MAX: u64 = 32_000;

/// The facade's libraries among the dependencies that this test was built with: one for each set of features.
fn facades(deps: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(deps).expect("the folder of this test can be read");
    let mut found: Vec<PathBuf> = entries.map(|e| e.expect("entries can be listed").path()).collect();
    found.retain(|p| {
        let name = p.file_name().map_or_else(Default::default, |n| n.to_string_lossy());
        name.starts_with("liblaminar-") && name.ends_with(".rlib")
    });
    // This test is linked with one of the last.
    found.sort_by_key(|p| p.metadata().and_then(|m| m.modified()).ok());
    found.reverse();
    found
}

/// Bytes of the library of a crate with `n` pipelines.
fn rlib_bytes(n: usize, facade: &Path, deps: &Path, folder: &Path) -> Result<u64, String> {
    let (file, library) = (folder.join(format!("p{n}.rs")), folder.join(format!("libp{n}.rlib")));
    std::fs::write(&file, windowed::source(n)).expect("the folder for tests can be written");
    let rustc = Path::new(env!("CARGO")).with_file_name(format!("rustc{}", std::env::consts::EXE_SUFFIX));
    let mut dependency = std::ffi::OsString::from("dependency=");
    dependency.push(deps);
    let mut laminar = std::ffi::OsString::from("laminar=");
    laminar.push(facade);
    let out = Command::new(rustc)
        .args([
            "--edition=2024",
            "--crate-type=lib",
            "-Copt-level=3",
            "-Cembed-bitcode=no",
            "-Cstrip=debuginfo",
            "-o",
        ])
        .arg(&library)
        .arg("-L")
        .arg(dependency)
        .arg("--extern")
        .arg(laminar)
        .arg(&file)
        .output()
        .expect("rustc runs");
    match out.status.success() {
        true => Ok(library.metadata().expect("rustc has written the library").len()),
        false => Err(String::from_utf8_lossy(&out.stderr).into_owned()),
    }
}

#[test]
fn a_pipeline_is_small() {
    let deps = std::env::current_exe().expect("a test has a path");
    let deps = deps.parent().expect("a test is in a folder");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile_cost");
    std::fs::create_dir_all(&folder).expect("the folder for tests can be written");
    let mut failed = String::from("there is no library of the facade");
    for facade in facades(deps) {
        let sizes = rlib_bytes(FEW, &facade, deps, &folder)
            .and_then(|few| Ok((few, rlib_bytes(MANY, &facade, deps, &folder)?)));
        match sizes {
            Ok((few, many)) => {
                let each = (many - few) / (MANY - FEW) as u64;
                println!("{each} bytes a pipeline");
                assert!(each <= RLIB_BYTES_MAX, "a pipeline adds {each} bytes to the library");
                return;
            }
            // Left over from another version of the facade.
            Err(error) => failed = error,
        }
    }
    panic!("{failed}");
}
