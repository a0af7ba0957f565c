use super::*;
use laminar_runtime::function::Typed;
use laminar_runtime::schema::Ty;

/// The signature of a function, or the first line of each mistake.
fn read(function: &str) -> Result<String, Vec<String>> {
    let function: Declaration = syn::parse_str(&format!("{function} {{}}")).expect(function);
    let mut errors = Errors::default();
    let signature = signature::read(&function, &mut errors);
    if errors.is_empty() {
        return Ok(Handed::of(&function.ident, signature.expect("no mistake, a signature")).to_string());
    }
    let tokens = errors.into_tokens().to_string();
    let messages = tokens.split("compile_error ! {").skip(1).map(|m| m.trim().trim_start_matches('"'));
    Err(messages.map(|m| m.split(['\\', '"']).next().unwrap_or("").into()).collect())
}

#[test]
fn signatures() {
    let check =
        |function: &str, expected: &str| assert_eq!(read(function).as_deref(), Ok(expected), "{function}");
    check("fn mid(bid: f64, ask: f64) -> f64", "mid(DOUBLE, DOUBLE) → DOUBLE");
    check("fn r#type() -> Option<i64>", "type() → BIGINT NULL");
    check("const fn f<'a>(a: &'a str, b: &[u8]) -> &'a str", "f(VARCHAR, BYTEA) → VARCHAR");
    check("fn f(a: Option<&str>) -> Result<Option<String>, Error>", "f(VARCHAR NULL) → VARCHAR NULL");
    check(
        "pub(crate) extern \"C\" fn f(#[allow(unused)] mut a: Decimal<10, 2>,) -> io::Result<u64> where i64: Copy",
        "f(DECIMAL(10, 2)) → BIGINT",
    );
    check("fn f(a: [u8; 16], b: Vec<u8>, c: laminar::Json) -> Date", "f(UUID, BYTEA, JSON) → DATE");
}

#[test]
fn mistakes() {
    let check = |function: &str, expected: &[&str]| {
        let found = read(function).expect_err(function);
        let expected: Vec<String> = expected.iter().map(|e| format!("L0707: {e}")).collect();
        assert_eq!(found, expected, "{function}");
    };
    check("fn f(&self) -> f64", &["method `f` cannot be called from SQL"]);
    check("fn f<T>(a: f64) -> f64", &["generic function `f` cannot be called from SQL"]);
    check("async fn f() -> f64", &["async function `f` cannot be called from SQL"]);
    check("unsafe fn f() -> f64", &["unsafe function `f` cannot be called from SQL"]);
    check("fn f(mut self: Box<Self>, a: f64) -> f64", &["method `f` cannot be called from SQL"]);
    check("fn f(a: f64)", &["`f` gives no value"]);
    check("fn f(a: f64) -> ()", &["`f` gives no value"]);
    check("fn f(a: &mut str) -> f64", &["argument `a` has type `&mut str`, which no value of SQL has"]);
    check(
        "fn f() -> Option<Option<i64>>",
        &["the result has type `Option<Option<i64>>`, which no value of SQL has"],
    );
    check(
        "fn f(a: char, b: usize) -> HashMap<i64, i64>",
        &[
            "argument `a` has type `char`, which no value of SQL has",
            "argument `b` has type `usize`, which no value of SQL has",
            "the result has type `HashMap<i64, i64>`, which no value of SQL has",
        ],
    );
    let nine = "fn f(a: i64, b: i64, c: i64, d: i64, e: i64, f: i64, g: i64, h: i64, i: i64) -> i64";
    check(nine, &["`f` has 9 arguments, at most 8 are possible"]);
}

#[test]
fn signatures_travel() {
    let typed = |ty, nullable| Typed { ty, nullable };
    let args = vec![typed(Ty::Decimal { precision: 38, scale: 4 }, true), typed(Ty::Varchar, false)];
    let ident = syn::parse_str("mid").expect("an identifier");
    for handed in [Handed::of(&ident, (args, typed(Ty::Uuid, false))), Handed::broken(&ident)] {
        assert_eq!(Handed::from_text(&handed.to_text()), Some(handed));
    }
    assert_eq!(Handed::from_text("event 17 - Trade src/lib.rs"), None);
}
