//! Compiles all cases ahead of time.
fn main() {
    println!("cargo::rerun-if-changed=cases");
}
