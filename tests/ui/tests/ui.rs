//! What must not compile gives exactly the text beside it, what is in `pass/` compiles. `TRYBUILD=overwrite` blesses.
//!
//! `fail/` has mistakes by what they are, `cases/` a file for each code of structs and of their fields.

#[test]
fn mistakes_are_told_as_written_down() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    cases.compile_fail("fail/*.rs");
    cases.compile_fail("cases/*.rs");
}
