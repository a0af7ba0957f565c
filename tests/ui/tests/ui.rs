//! One file a mistake: `fail/x.rs` does not compile, and `fail/x.stderr` is what its author reads. `pass/` compiles and runs.
//!
//! `TRYBUILD=overwrite cargo test -p laminar-ui` writes the `.stderr` files anew; read them before you commit them.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    cases.compile_fail("fail/*.rs");
}
