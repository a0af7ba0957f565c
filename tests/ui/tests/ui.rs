//! Each file of `cases/` must fail to compile, with exactly the text beside it. `TRYBUILD=overwrite` blesses.

#[test]
fn mistakes_are_told_as_written_down() {
    trybuild::TestCases::new().compile_fail("cases/*.rs");
}
