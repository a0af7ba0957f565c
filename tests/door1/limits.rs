//! What a query makes has 16 MiB at most; a constant above 64 KiB is made when a row comes.

use laminar::prelude::*;

#[derive(Event, Clone, Debug, PartialEq)]
pub struct Note {
    pub text: Str,
    pub x: f64,
}

fn note(text: &str, x: f64) -> Note {
    Note { text: Str::new(text), x }
}

#[pipeline("SELECT text || '-' || text AS twice FROM Note WHERE x > 0")]
#[derive(Debug)]
pub struct Twice {
    pub twice: Str,
}

#[pipeline(
    "SELECT CASE WHEN x > 0 THEN text || text ELSE text END AS text FROM Note",
    with(on_error = "skip")
)]
#[derive(Debug)]
pub struct Doubled {
    pub text: Str,
}

#[test]
fn a_row_whose_result_is_too_long_fails() {
    let long = "x".repeat(8 << 20);
    let rows = [note("a", 1.0), note(&long, 0.0), note(&long[..(8 << 20) - 1], 1.0), note(&long, 1.0)];
    let (mut twice, mut out) = (Twice::pipeline(), Vec::new());
    let error = twice.process(&rows, &mut out).unwrap_err().to_string();
    assert!(
        error.starts_with("row 3 of input `Note` rejected: result is longer than 16 MiB in `text ||"),
        "{error}"
    );
    assert_eq!(out.iter().map(|o| o.twice.as_str().len()).collect::<Vec<_>>(), [3, (16 << 20) - 1]);

    let (mut doubled, mut out) = (Doubled::pipeline(), Vec::new());
    let rows =
        [note(&long, 1.0), note(&long, 0.0), note(&format!("{long}y"), 1.0), note(&format!("{long}y"), 0.0)];
    doubled.process(&rows, &mut out).unwrap();
    let lens: Vec<usize> = out.iter().map(|o| o.text.as_str().len()).collect();
    assert_eq!(lens, [16 << 20, 8 << 20, (8 << 20) + 1]);
    let c = doubled.counters();
    assert_eq!((c.ingested, c.accepted, c.rejected), (4, 3, 1));
}

#[pipeline("SELECT length(repeat(repeat('x', 1000), 1000)) AS n, length(repeat('y', 1000)) AS few FROM Note")]
#[derive(Debug, PartialEq)]
pub struct Lengths {
    pub n: i64,
    pub few: i64,
}

#[test]
fn long_constants_are_made_by_rows() {
    let mut out = Vec::new();
    Lengths::pipeline().push(&note("", 0.0), &mut out).unwrap();
    assert_eq!(out, [Lengths { n: 1_000_000, few: 1000 }]);
}

#[pipeline("SELECT ARRAY[x, -x] AS zeros, ARRAY[x] = ARRAY[-x] AS same FROM Note")]
#[derive(Debug, PartialEq)]
pub struct Zeros {
    pub zeros: List<f64>,
    pub same: bool,
}

#[test]
fn zeros_in_arrays_keep_their_sign_and_are_equal() {
    use std::hash::BuildHasher;
    let mut out = Vec::new();
    Zeros::pipeline().process(&[note("", 0.0), note("", -0.0), note("", 1.0)], &mut out).unwrap();
    let signs: Vec<Vec<bool>> =
        out.iter().map(|z| z.zeros.iter().map(f64::is_sign_negative).collect()).collect();
    assert_eq!(signs, [[false, true], [true, false], [false, true]]);
    assert_eq!(out.iter().map(|z| z.same).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(out[0], out[1]);
    assert!(out[0].zeros < out[2].zeros);
    let state = std::hash::RandomState::new();
    assert_eq!(state.hash_one(&out[0].zeros), state.hash_one(&out[1].zeros));
}
