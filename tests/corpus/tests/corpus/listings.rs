//! What `EXPLAIN RUST` shows compiles as it stands: some of the cases, each as a module.

#[allow(dead_code, missing_docs, clippy::all)]
mod listed {
    include!(concat!(env!("OUT_DIR"), "/listings.rs"));
}

#[test]
fn listings_are_programs() {
    let cases = super::all_cases();
    let listed = listed::listed();
    assert!(listed.len() >= 10, "only {} listings", listed.len());
    for (name, sql) in listed {
        let case = cases.iter().find(|c| c.name == name).expect("a listing is of a case");
        assert_eq!(sql, case.sql, "{name}");
    }
}
