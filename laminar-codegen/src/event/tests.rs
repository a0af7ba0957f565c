//! Declarations to columns, and back through the hidden macro.

use super::handover::{self, Call, Schema, callback, chain};
use super::*;
use laminar_runtime::schema::{Element, Ty};
use proc_macro2::Literal;
use quote::quote;

/// Type, whether nullable, whether unsigned.
type Told = Option<(Ty, bool, bool)>;

fn errors_of(tokens: TokenStream) -> usize {
    derive(tokens).to_string().matches("compile_error").count()
}

#[test]
fn rust_types_are_sql_types() {
    let plain = |ty| Some((ty, false, false));
    let cases: &[(&str, Told)] = &[
        ("bool", plain(Ty::Boolean)),
        ("u8", plain(Ty::Integer)),
        ("i32", plain(Ty::Integer)),
        ("u32", plain(Ty::Bigint)),
        ("i64", plain(Ty::Bigint)),
        ("u64", Some((Ty::Bigint, false, true))),
        ("f64", plain(Ty::Double)),
        ("laminar::Sym", plain(Ty::Varchar)),
        ("&'static str", plain(Ty::Varchar)),
        ("::std::string::String", plain(Ty::Varchar)),
        ("Timestamp", plain(Ty::Timestamp)),
        ("Interval", plain(Ty::Interval)),
        ("Decimal<10, 2>", plain(Ty::Decimal { precision: 10, scale: 2 })),
        ("Option<Decimal<10u8, 2u8>>", Some((Ty::Decimal { precision: 10, scale: 2 }, true, false))),
        ("std::option::Option<u64>", Some((Ty::Bigint, true, true))),
        ("(i64)", plain(Ty::Bigint)),
        ("Decimal<39, 2>", None),
        ("Decimal<3, 4>", None),
        ("Decimal<P, S>", None),
        ("Option<Option<i64>>", None),
        ("&'a str", None),
        ("&'static mut str", None),
        ("i8", plain(Ty::Smallint)),
        ("i16", plain(Ty::Smallint)),
        ("f32", plain(Ty::Real)),
        ("Decimal<38, 38>", plain(Ty::Decimal { precision: 38, scale: 38 })),
        ("laminar::Date", plain(Ty::Date)),
        ("Option<Time>", Some((Ty::Time, true, false))),
        ("[u8; 16]", plain(Ty::Uuid)),
        ("Vec<u8>", plain(Ty::Bytea)),
        ("Json", plain(Ty::Json)),
        ("[u8; 8]", None),
        ("Vec<i64>", None),
        ("List<i64>", plain(Ty::Array(Element::Bigint))),
        ("laminar::List<Option<Str>>", plain(Ty::Array(Element::Varchar))),
        (
            "Option<List<Decimal<10, 2>>>",
            Some((Ty::Array(Element::Decimal { precision: 10, scale: 2 }), true, false)),
        ),
        ("List<Vec<u8>>", plain(Ty::Array(Element::Bytea))),
        ("List<List<i64>>", None),
        ("List<u64>", None),
        ("List<&'static str>", None),
        ("List", None),
        ("char", None),
        ("Price", None),
    ];
    for (written, expected) in cases {
        let ty = syn::parse_str::<Type>(written).unwrap();
        let found = field_ty(&ty).ok().map(|f| (f.ty, f.nullable, f.unsigned));
        assert_eq!(found, *expected, "{written}");
    }
}

#[test]
fn declared_types() {
    let of = |sql: &str, option| super::field_ty::of_sql(sql, option).map(|f| (f.ty, f.nullable, f.unsigned));
    assert_eq!(of("bigint", false), Some((Ty::Bigint, false, false)));
    assert_eq!(of("BIGINT", true), Some((Ty::Bigint, true, false)));
    assert_eq!(of("BIGINT UNSIGNED NULL", false), Some((Ty::Bigint, true, true)));
    assert_eq!(
        of("DECIMAL(12, 3) NOT NULL", true),
        Some((Ty::Decimal { precision: 12, scale: 3 }, false, false))
    );
    assert_eq!(of("double[] null", false), Some((Ty::Array(Element::Double), true, false)));
    for wrong in [
        "BIGINT[][]",
        "BIGINT UNSIGNED[]",
        "BIGINT[] UNSIGNED",
        "",
        "BIGIT",
        "DOUBLE UNSIGNED",
        "DECIMAL(12)",
        "DECIMAL(39, 0)",
        "NULL",
    ] {
        assert_eq!(of(wrong, false), None, "{wrong}");
    }
}

#[test]
fn delays_have_a_unit_and_a_fixed_length() {
    let cases =
        [("5 seconds", 5_000_000_000), ("250 ms", 250_000_000), ("1 day", 86_400_000_000_000), ("0 s", 0)];
    for (text, ns) in cases {
        assert_eq!(delay_ns(text), Ok(ns), "{text}");
    }
    for wrong in ["5", "", "soon", "-1 second", "1 month"] {
        assert!(delay_ns(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn schemas_survive_the_chain() {
    let input: DeriveInput = syn::parse_quote! {
        #[event(time = ts, delay = "2 seconds")]
        struct Trade { r#type: Option<u64>, price: Decimal<10, 2>, ts: Timestamp }
    };
    let mut errors = Errors::default();
    let event = read(&input, &mut errors).unwrap();
    assert!(errors.is_empty());
    let schema = Schema::of(&event, true);

    let text = schema.to_text();
    let called = callback(&schema, &event.ident, &event.vis).to_string();
    assert!(called.contains(&Literal::string(&text).to_string()), "{called}");
    let Call::Done(schemas, rest) = syn::parse2(quote!(#text (finish) [] [] { rest of it })).unwrap() else {
        panic!("there is no other struct")
    };
    assert_eq!(rest.to_string(), "rest of it");
    let [handover::Told::Struct(got)] = &schemas[..] else { panic!("one schema") };
    assert_eq!(
        (got.identity, got.time, got.changelog, got.broken),
        (schema.identity, Some((2, 2_000_000_000)), true, false)
    );
    assert_eq!((&got.name, &got.file, &got.columns), (&schema.name, &schema.file, &schema.columns));
    let first = &got.columns[0];
    assert_eq!(
        (first.column.column.name.as_ref(), &*first.field, first.column.unsigned),
        ("type", "r#type", true)
    );
}

#[test]
fn a_chain_calls_each_struct_once() {
    let first = chain(&[quote!(a::Trade), quote!(Quote)], &quote!(finish), &quote!(x));
    assert_eq!(first.to_string(), quote!(a::Trade! { finish, (finish) [] [Quote,] { x } }).to_string());
    let Call::Next(second) = syn::parse2(quote!("trade" (finish) [] [Quote,] { x })).unwrap() else {
        panic!("there is another struct")
    };
    assert_eq!(second.to_string(), quote!(Quote! { finish, (finish) ["trade"] [] { x } }).to_string());
    assert!(syn::parse2::<Call>(quote!("trade" (finish) ["quote"] [] { x })).is_err());
}

#[test]
fn each_mistake_is_one_error() {
    assert_eq!(
        errors_of(quote!(
            struct Good {
                x: i64,
            }
        )),
        0
    );
    assert_eq!(
        errors_of(quote!(
            struct Generic<T> {
                x: T,
            }
        )),
        1
    );
    assert_eq!(
        errors_of(quote!(
            enum Enum {
                A,
            }
        )),
        1
    );
    assert_eq!(
        errors_of(quote!(
            struct Tuple(i64);
        )),
        1
    );
    assert_eq!(
        errors_of(quote!(
            struct Empty {}
        )),
        1
    );
    assert_eq!(
        errors_of(quote!(
            #[event(tme = x)]
            struct Two {
                x: char,
            }
        )),
        2
    );
    assert_eq!(
        errors_of(quote!(
            #[event(time = t, delay = "5")]
            struct Two {
                x: i64,
            }
        )),
        2
    );
}

#[test]
fn a_broken_struct_is_an_event_all_the_same() {
    let tokens = derive(quote!(
        pub struct Bad {
            x: char,
        }
    ))
    .to_string();
    assert!(tokens.contains("Event for Bad") && tokens.contains("\"broken "), "{tokens}");
}
