//! The table of functions: shape and cell function of each.
//!
//! A line is `name [arena] (arguments) -> result bad;` where `[arena]` and `bad` say that the typed function takes the arena,
//! and that it can fail. The compiler checks each line against the typed function.

use super::FnDef;
use super::value::Value;
use crate::schema::Repr;
use crate::stage::Cell;
use crate::types::{Arena, BytesRef, Interval, TextRef};

macro_rules! rust_type {
    (Bool) => {
        bool
    };
    (Int) => {
        i64
    };
    (Float) => {
        f64
    };
    (Text) => {
        TextRef
    };
    (Bytes) => {
        BytesRef
    };
    (Interval) => {
        Interval
    };
    (Wide) => {
        i128
    };
}

macro_rules! present {
    () => {
        false
    };
    ($_word:ident) => {
        true
    };
}

macro_rules! arena_of {
    (arena, $pointer:ident) => {
        &*$pointer
    };
}

macro_rules! outcome {
    ($result:expr, $ret:ident) => {{
        let value: rust_type!($ret) = $result;
        (value.to_cell(), 0)
    }};
    ($result:expr, $ret:ident bad) => {{
        let value: Option<rust_type!($ret)> = $result;
        match value {
            Some(value) => (value.to_cell(), 0),
            None => ([0, 0], 1),
        }
    }};
}

macro_rules! functions {
    ($($name:ident $([$arena:ident])? ($($arg:ident),*) -> $ret:ident $($bad:ident)?;)*) => {
        /// All functions.
        pub static FUNCTIONS: &[FnDef] = &[$(FnDef {
            name: stringify!($name),
            args: &[$(Repr::$arg),*],
            ret: Repr::$ret,
            fallible: present!($($bad)?),
            arena: present!($($arena)?),
            cell: cells::$name,
        }),*];

        mod cells {
            use super::*;
            $(
                pub(super) unsafe extern "C" fn $name(_arena: *const Arena, args: *const Cell, out: *mut Cell) -> u32 {
                    // SAFETY: the caller passes one cell an argument, of its representation, texts that live, a cell for the
                    // result, and the arena where the function takes one.
                    unsafe {
                        #[allow(unused_mut, reason = "a function without arguments reads none")]
                        let mut next = args;
                        let (cell, bad) = outcome!(
                            crate::scalar::$name(
                                $(arena_of!($arena, _arena),)?
                                $({
                                    let cell = *next;
                                    next = next.add(1);
                                    <rust_type!($arg)>::from_cell(cell)
                                }),*
                            ),
                            $ret $($bad)?
                        );
                        let _ = next;
                        *out = cell;
                        bad
                    }
                }
            )*
        }
    };
}

functions! {
    concat [arena] (Text, Text) -> Text bad;
    lower [arena] (Text) -> Text;
    upper [arena] (Text) -> Text;
    length(Text) -> Int;
    text_joined(Text) -> Text bad;
    substr(Text, Int) -> Text;
    substr_len(Text, Int, Int) -> Text bad;
    split_part(Text, Text, Int) -> Text bad;
    count_char(Text, Text) -> Int;
    like(Text, Text) -> Bool bad;
    like_escape(Text, Text, Text) -> Bool bad;

    ilike(Text, Text) -> Bool bad;
    ilike_escape(Text, Text, Text) -> Bool bad;

    initcap [arena] (Text) -> Text;
    ltrim(Text, Text) -> Text;
    ltrim_spaces(Text) -> Text;
    rtrim(Text, Text) -> Text;
    rtrim_spaces(Text) -> Text;
    btrim(Text, Text) -> Text;
    btrim_spaces(Text) -> Text;
    replace [arena] (Text, Text, Text) -> Text bad;
    translate [arena] (Text, Text, Text) -> Text bad;
    strpos(Text, Text) -> Int;
    starts_with(Text, Text) -> Bool;
    ends_with(Text, Text) -> Bool;
    left(Text, Int) -> Text;
    right(Text, Int) -> Text;
    reverse [arena] (Text) -> Text;
    repeat [arena] (Text, Int) -> Text bad;
    lpad [arena] (Text, Int, Text) -> Text bad;
    lpad_spaces [arena] (Text, Int) -> Text bad;
    rpad [arena] (Text, Int, Text) -> Text bad;
    rpad_spaces [arena] (Text, Int) -> Text bad;
    overlay [arena] (Text, Text, Int) -> Text bad;
    overlay_len [arena] (Text, Text, Int, Int) -> Text bad;
    ascii(Text) -> Int;
    chr [arena] (Int) -> Text bad;
    octet_length(Text) -> Int;
    bit_length(Text) -> Int;
    to_hex_i32 [arena] (Int) -> Text;
    to_hex_i64 [arena] (Int) -> Text;

    md5 [arena] (Text) -> Text;
    sha256 [arena] (Text) -> Text;
    bytes_md5 [arena] (Bytes) -> Text;
    bytes_sha256 [arena] (Bytes) -> Bytes;
    bytes_encode [arena] (Bytes, Text) -> Text bad;
    text_decode [arena] (Text, Text) -> Bytes bad;
    regexp_check(Text) -> Bool bad;
    regexp_like(Text, Text) -> Bool bad;
    regexp_ilike(Text, Text) -> Bool bad;
    regexp_like_flags(Text, Text, Text) -> Bool bad;
    regexp_count(Text, Text) -> Int bad;
    regexp_instr(Text, Text) -> Int bad;
    regexp_extract(Text, Text, Int) -> Text bad;
    regexp_substring(Text, Text) -> Text bad;
    regexp_replace [arena] (Text, Text, Text) -> Text bad;
    regexp_replace_flags [arena] (Text, Text, Text, Text) -> Text bad;

    abs_i32(Int) -> Int bad;
    abs_i64(Int) -> Int bad;
    abs_float(Float) -> Float;
    dec_abs(Int) -> Int;
    sign(Float) -> Float;
    dec_sign(Int) -> Int;
    ceil(Float) -> Float;
    dec_ceil(Int, Int) -> Int;
    floor(Float) -> Float;
    dec_floor(Int, Int) -> Int;
    round_even(Float) -> Float;
    dec_round(Int, Int, Int, Int) -> Int bad;
    trunc(Float) -> Float;
    dec_trunc(Int, Int) -> Int;
    dec_trunc_to(Int, Int, Int, Int) -> Int bad;
    dec_quotient(Int, Int, Int, Int) -> Int bad;
    gcd_i32(Int, Int) -> Int bad;
    gcd_i64(Int, Int) -> Int bad;
    lcm_i32(Int, Int) -> Int bad;
    lcm_i64(Int, Int) -> Int bad;
    bit_and(Int, Int) -> Int;
    bit_or(Int, Int) -> Int;
    bit_xor(Int, Int) -> Int;
    bit_not(Int) -> Int;
    shl_i16(Int, Int) -> Int;
    shl_i32(Int, Int) -> Int;
    shl_i64(Int, Int) -> Int;
    shr_i32(Int, Int) -> Int;
    shr_i64(Int, Int) -> Int;
    power(Float, Float) -> Float bad;
    sqrt(Float) -> Float bad;
    cbrt(Float) -> Float;
    exp(Float) -> Float;
    ln(Float) -> Float bad;
    log10(Float) -> Float bad;
    log_base(Float, Float) -> Float bad;
    pi() -> Float;
    degrees(Float) -> Float;
    radians(Float) -> Float;
    sin(Float) -> Float bad;
    cos(Float) -> Float bad;
    tan(Float) -> Float bad;
    cot(Float) -> Float bad;
    asin(Float) -> Float bad;
    acos(Float) -> Float bad;
    atan(Float) -> Float;
    atan2(Float, Float) -> Float;
    sinh(Float) -> Float;
    cosh(Float) -> Float;
    tanh(Float) -> Float;
    asinh(Float) -> Float;
    acosh(Float) -> Float bad;
    atanh(Float) -> Float bad;
    width_bucket(Float, Float, Float, Int) -> Int bad;

    text_cmp(Text, Text) -> Int;
    text_eq(Text, Text) -> Bool;
    float_cmp(Float, Float) -> Int;
    interval_cmp(Interval, Interval) -> Int;
    norm_float(Float) -> Float;

    extract_year(Int) -> Int;
    extract_isoyear(Int) -> Int;
    extract_quarter(Int) -> Int;
    extract_month(Int) -> Int;
    extract_week(Int) -> Int;
    extract_day(Int) -> Int;
    extract_dow(Int) -> Int;
    extract_isodow(Int) -> Int;
    extract_doy(Int) -> Int;
    extract_hour(Int) -> Int;
    extract_minute(Int) -> Int;
    extract_second(Int) -> Int;
    extract_milliseconds(Int) -> Int;
    extract_microseconds(Int) -> Int;
    extract_epoch(Int) -> Int;
    extract_decade(Int) -> Int;
    extract_century(Int) -> Int;
    extract_millennium(Int) -> Int;
    interval_epoch(Interval) -> Int bad;
    interval_year(Interval) -> Int;
    interval_decade(Interval) -> Int;
    interval_century(Interval) -> Int;
    interval_millennium(Interval) -> Int;
    interval_quarter(Interval) -> Int;
    interval_month(Interval) -> Int;
    interval_day(Interval) -> Int;
    interval_hour(Interval) -> Int;
    interval_minute(Interval) -> Int;
    interval_second(Interval) -> Int;

    trunc_microsecond(Int) -> Int bad;
    trunc_millisecond(Int) -> Int bad;
    trunc_second(Int) -> Int bad;
    trunc_minute(Int) -> Int bad;
    trunc_hour(Int) -> Int bad;
    trunc_day(Int) -> Int bad;
    trunc_week(Int) -> Int bad;
    trunc_month(Int) -> Int bad;
    trunc_quarter(Int) -> Int bad;
    trunc_year(Int) -> Int bad;

    trunc_decade(Int) -> Int bad;
    trunc_century(Int) -> Int bad;
    trunc_millennium(Int) -> Int bad;

    ts_add(Int, Interval) -> Int bad;
    ts_sub(Int, Interval) -> Int bad;
    ts_diff(Int, Int) -> Interval bad;
    interval_add(Interval, Interval) -> Interval bad;
    interval_sub(Interval, Interval) -> Interval bad;
    interval_neg(Interval) -> Interval bad;
    interval_mul(Interval, Int) -> Interval bad;

    interval_scale(Interval, Float) -> Interval bad;
    interval_div(Interval, Float) -> Interval bad;
    justify_hours(Interval) -> Interval bad;
    justify_days(Interval) -> Interval bad;
    justify_interval(Interval) -> Interval bad;
    age(Int, Int) -> Interval;
    make_interval(Int, Int, Int, Int, Int, Int, Float) -> Interval bad;
    date_bin(Interval, Int, Int) -> Int bad;
    make_date(Int, Int, Int) -> Int bad;
    make_timestamp(Int, Int, Int, Int, Int, Float) -> Int bad;
    ts_of_seconds(Float) -> Int bad;
    text_to_ts_by(Text, Text) -> Int bad;
    ts_at_offset(Int, Interval) -> Int bad;
    ts_at_zone(Int, Text) -> Int bad;
    ts_of_zone(Int, Text) -> Int bad;
    ts_to_char [arena] (Int, Text) -> Text bad;
    ts_date_format [arena] (Int, Text) -> Text bad;

    date_add(Int, Int) -> Int bad;
    date_sub(Int, Int) -> Int bad;
    date_diff(Int, Int) -> Int;
    date_to_ts(Int) -> Int bad;
    date_time(Int, Int) -> Int bad;
    ts_to_date(Int) -> Int;
    ts_to_time(Int) -> Int;
    date_cmp_ts(Int, Int) -> Int;
    date_year(Int) -> Int;
    date_isoyear(Int) -> Int;
    date_quarter(Int) -> Int;
    date_month(Int) -> Int;
    date_week(Int) -> Int;
    date_day(Int) -> Int;
    date_dow(Int) -> Int;
    date_isodow(Int) -> Int;
    date_doy(Int) -> Int;
    date_decade(Int) -> Int;
    date_century(Int) -> Int;
    date_millennium(Int) -> Int;
    date_epoch(Int) -> Int;
    time_add(Int, Interval) -> Int;
    time_sub(Int, Interval) -> Int;
    time_diff(Int, Int) -> Interval;
    time_to_interval(Int) -> Interval;
    interval_to_time(Interval) -> Int;
    time_hour(Int) -> Int;

    bytes_length(Bytes) -> Int;
    bytes_eq(Bytes, Bytes) -> Bool;
    bytes_cmp(Bytes, Bytes) -> Int;
    bytes_concat [arena] (Bytes, Bytes) -> Bytes bad;
    bytes_substr(Bytes, Int) -> Bytes;
    bytes_substr_len(Bytes, Int, Int) -> Bytes bad;

    json_member(Text, Text) -> Text bad;
    json_member_text [arena] (Text, Text) -> Text bad;
    json_element(Text, Int) -> Text bad;
    json_element_text [arena] (Text, Int) -> Text bad;
    json_path(Text, Text) -> Text bad;
    json_path_text [arena] (Text, Text) -> Text bad;
    json_typeof(Text) -> Text;
    json_array_length(Text) -> Int bad;

    int_to_text [arena] (Int) -> Text;
    bool_to_text(Bool) -> Text;
    float_to_text [arena] (Float) -> Text;
    dec_to_text [arena] (Int, Int) -> Text;
    ts_to_text [arena] (Int) -> Text;
    interval_to_text [arena] (Interval) -> Text;
    real_to_text [arena] (Float) -> Text;
    wide_to_text [arena] (Wide, Int) -> Text;
    date_to_text [arena] (Int) -> Text;
    time_to_text [arena] (Int) -> Text;
    uuid_to_text [arena] (Wide) -> Text;
    bytes_to_text [arena] (Bytes) -> Text bad;

    text_to_bool(Text) -> Bool bad;
    text_to_i32(Text) -> Int bad;
    text_to_i64(Text) -> Int bad;
    text_to_float(Text) -> Float bad;
    text_to_dec(Text, Int) -> Int bad;
    text_to_ts(Text) -> Int bad;
    text_to_interval(Text) -> Interval bad;
    text_to_i16(Text) -> Int bad;
    text_to_real(Text) -> Float bad;
    text_to_wide(Text, Int) -> Wide bad;
    text_to_date(Text) -> Int bad;
    text_to_time(Text) -> Int bad;
    text_to_uuid(Text) -> Wide bad;
    text_to_bytes [arena] (Text) -> Bytes bad;
    text_to_json(Text) -> Text bad;

    float_to_i16(Float) -> Int bad;
    float_to_i32(Float) -> Int bad;
    float_to_i64(Float) -> Int bad;
    float_to_dec(Float, Int) -> Int bad;
    dec_to_float(Int, Int) -> Float;
    dec_to_int(Int, Int) -> Int;
    dec_rescale(Int, Int, Int) -> Int bad;
    dec_div(Int, Int, Int, Int, Int) -> Int bad;
    float_to_real(Float) -> Float bad;
    int_to_real(Int) -> Float;
    dec_to_real(Int, Int) -> Float;
    real_to_dec(Float, Int) -> Int bad;

    widen(Int, Int) -> Wide bad;
    wide_add(Wide, Wide) -> Wide bad;
    wide_sub(Wide, Wide) -> Wide bad;
    wide_mul(Wide, Wide) -> Wide bad;
    wide_neg(Wide) -> Wide;
    wide_non_zero(Wide) -> Wide bad;
    wide_fit(Wide, Int) -> Wide bad;
    wide_div(Wide, Int, Wide, Int, Int) -> Wide bad;
    wide_rem(Wide, Int, Wide, Int) -> Wide bad;
    wide_cmp(Wide, Int, Wide, Int) -> Int;
    wide_rescale(Wide, Int, Int) -> Wide bad;
    wide_abs(Wide) -> Wide;
    wide_sign(Wide) -> Int;
    wide_ceil(Wide, Int) -> Wide;
    wide_floor(Wide, Int) -> Wide;
    wide_trunc(Wide, Int) -> Wide;
    wide_round(Wide, Int) -> Wide;
    wide_round_to(Wide, Int, Int, Int) -> Wide bad;
    wide_trunc_to(Wide, Int, Int, Int) -> Wide bad;
    wide_dec_to_int(Wide, Int) -> Int bad;
    wide_dec_to_float(Wide, Int) -> Float;
    wide_dec_to_real(Wide, Int) -> Float;
    float_to_wide(Float, Int) -> Wide bad;
    real_to_wide(Float, Int) -> Wide bad;
    wide_sum(Wide, Int) -> Wide bad;
    wide_avg(Wide, Int, Int, Int) -> Wide bad;
    wide_sum_avg(Wide, Int, Int, Int, Int) -> Wide bad;

    wide_to_i64(Wide) -> Int bad;
    wide_to_dec(Wide) -> Int bad;
    wide_to_float(Wide) -> Float;
    wide_avg_float(Wide, Int) -> Float;
    wide_avg_dec(Wide, Int, Int, Int) -> Int bad;
    float_avg(Float, Int) -> Float;
    float_sum_exact(Float, Float, Int, Int, Int, Float, Float) -> Float;
    wide_moment(Wide, Wide, Int, Int) -> Float;
    co_moment(Int, Float, Float, Float, Float, Float, Float) -> Float;
    variance(Float, Int, Int, Int) -> Float;
    covariance(Float, Int, Int, Int) -> Float;
    deviation(Float) -> Float;
    correlation(Float, Float, Float, Int) -> Float bad;
    regression_slope(Float, Float, Int) -> Float bad;
    regression_intercept(Float, Float, Float, Float, Float, Int) -> Float bad;
    moments_fit(Int, Int) -> Bool bad;
    regression_r2(Float, Float, Float, Int) -> Float bad;

    array_of_bool [arena] (Bool) -> Bytes;
    array_of_int [arena] (Int) -> Bytes;
    array_of_float [arena] (Float) -> Bytes;
    array_of_wide [arena] (Wide) -> Bytes;
    array_of_interval [arena] (Interval) -> Bytes;
    array_of_text [arena] (Text) -> Bytes;
    array_of_bytes [arena] (Bytes) -> Bytes;
    array_get_bool [arena] (Bytes, Int) -> Bool bad;
    array_get_int [arena] (Bytes, Int) -> Int bad;
    array_get_float [arena] (Bytes, Int) -> Float bad;
    array_get_wide [arena] (Bytes, Int) -> Wide bad;
    array_get_interval [arena] (Bytes, Int) -> Interval bad;
    array_get_text [arena] (Bytes, Int) -> Text bad;
    array_get_bytes [arena] (Bytes, Int) -> Bytes bad;
    array_cardinality(Bytes) -> Int;
    array_length(Bytes, Int) -> Int bad;
    array_slice(Bytes, Int, Int) -> Bytes;
    array_position(Bytes, Bytes) -> Int bad;
    array_position_from(Bytes, Bytes, Int) -> Int bad;
    array_positions [arena] (Bytes, Bytes) -> Bytes bad;
    array_remove [arena] (Bytes, Bytes) -> Bytes;
    array_replace [arena] (Bytes, Bytes, Bytes) -> Bytes bad;
    array_contains(Bytes, Bytes) -> Bool;
    array_overlaps(Bytes, Bytes) -> Bool;
    array_any(Bytes, Bytes, Int) -> Bool bad;
    array_all(Bytes, Bytes, Int) -> Bool bad;
    like_each [arena] (Bytes, Bytes, Text, Bool) -> Bytes bad;
    ilike_each [arena] (Bytes, Bytes, Text, Bool) -> Bytes bad;
    array_joined(Bytes) -> Bytes bad;
    array_key [arena] (Bytes) -> Bytes;
    array_cast [arena] (Bytes, Int, Int) -> Bytes bad;
    array_to_text [arena] (Bytes, Int) -> Text bad;
    text_to_array [arena] (Text, Int) -> Bytes bad;
    array_texts [arena] (Bytes, Int) -> Bytes bad;
    array_join [arena] (Bytes, Text) -> Text bad;
    string_to_array [arena] (Text, Text) -> Bytes bad;
    string_to_chars [arena] (Text) -> Bytes bad;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alloc::Counting;
    use crate::scalar::FnId;

    /// Cells that reach into every corner of a representation.
    fn corners(repr: Repr) -> Vec<Cell> {
        let ints = [0, 1, -1, 2, 9, 18, 1_000_000_007, i64::MAX, i64::MIN, i64::MIN + 1];
        match repr {
            Repr::Bool => vec![[0, 0], [1, 0]],
            Repr::Int => ints.map(|i| i.to_cell()).into(),
            Repr::Float => {
                let small = [0.0, -0.0, 0.5, -1.5, 1e15, 1e300, f64::MIN_POSITIVE / 2.0, 9.3e18];
                small
                    .into_iter()
                    .chain([f64::INFINITY, f64::NEG_INFINITY, f64::NAN])
                    .map(Value::to_cell)
                    .collect()
            }
            Repr::Text => ["", "a", "%a\\", "%_é", "Ünïcödé, 12", " -12 ", "1e400", "\0", "1 mon"]
                .map(|t| TextRef::new(t).to_cell())
                .into_iter()
                .chain([[0, 0]])
                .collect(),
            Repr::Bytes => [&b""[..], b"\0\xff", b"more than sixteen bytes \xfe"]
                .map(|b| BytesRef::new(b).to_cell())
                .into_iter()
                .chain([[0, 0]])
                .collect(),
            Repr::Interval => {
                let spans =
                    [(0, 0, 0), (1, -1, 1), (i32::MAX, i32::MAX, i64::MAX), (i32::MIN, i32::MIN, i64::MIN)];
                spans.map(|(months, days, ns)| Interval { months, days, ns }.to_cell()).into()
            }
            Repr::Wide => [0, 1, -1, i128::MAX, i128::MIN, 1 << 64, -(1 << 90)].map(Value::to_cell).into(),
        }
    }

    /// Calls `f` with every combination of `corners`.
    fn combinations(reprs: &[Repr], args: &mut Vec<Cell>, f: &mut dyn FnMut(&[Cell])) {
        match reprs.get(args.len()) {
            None => f(args),
            Some(&repr) => {
                // A few of each, where all would be millions.
                let step = if reprs.len() > 5 { 3 } else { 1 };
                for cell in corners(repr).into_iter().step_by(step) {
                    args.push(cell);
                    combinations(reprs, args, f);
                    args.pop();
                }
            }
        }
    }

    #[test]
    fn every_function_is_total() {
        let mut arena = Arena::new();
        for def in FUNCTIONS {
            combinations(def.args, &mut Vec::new(), &mut |args| {
                let mut out = [7, 7];
                // SAFETY: the arguments have the representations of the definition; texts are static.
                let bad = unsafe { (def.cell)(&arena, args.as_ptr(), &mut out) };
                assert_eq!(bad != 0, def.fallible && bad == 1, "{}", def.name);
                assert!(bad == 0 || out == [0, 0], "{} writes zeros where it fails", def.name);
                assert!(def.ret.width() == 16 || out[1] == 0, "{}", def.name);
                if def.ret == Repr::Text {
                    // SAFETY: the arguments and the arena's texts live.
                    let text = unsafe { TextRef::from_cell(out).as_str() };
                    assert!(std::str::from_utf8(text.as_bytes()).is_ok(), "{}", def.name);
                }
            });
            arena.reset();
        }
    }

    #[test]
    fn no_function_allocates() {
        let mut arena = Arena::new();
        for _ in 0..2 {
            arena.alloc(1 << 20);
            arena.reset();
        }
        for def in FUNCTIONS {
            let mut calls = Vec::new();
            combinations(def.args, &mut Vec::new(), &mut |args| calls.push(args.to_vec()));
            let mut run = || {
                arena.reset();
                for args in &calls {
                    let mut out = [0, 0];
                    // SAFETY: as in `every_function_is_total`.
                    unsafe { (def.cell)(&arena, args.as_ptr(), &mut out) };
                }
            };
            // Patterns are compiled, and the arena grows.
            run();
            run();
            let before = Counting::start();
            run();
            assert_eq!(before.allocations_since(), 0, "{}", def.name);
            arena.reset();
        }
    }

    #[test]
    fn arguments_arrive_in_order() {
        let call = |name: &str, args: &[Cell]| {
            let def = FnId::by_name(name).unwrap().def();
            assert_eq!((def.name, def.args.len()), (name, args.len()));
            let mut out = [7, 7];
            // SAFETY: the arguments have the representations of the definition; none of these takes the arena.
            let bad = unsafe { (def.cell)(std::ptr::null(), args.as_ptr(), &mut out) };
            (out, bad)
        };
        assert_eq!(call("dec_div", &[[100, 0], [1, 0], [3, 0], [0, 0], [2, 0]]), ([333, 0], 0));
        assert_eq!(call("dec_div", &[[100, 0], [1, 0], [0, 0], [0, 0], [2, 0]]), ([0, 0], 1));
        assert_eq!(call("wide_to_i64", &[[5, 0]]), ([5, 0], 0));
        assert_eq!(call("wide_to_i64", &[[5, 1]]), ([0, 0], 1));
        assert_eq!(call("wide_to_i64", &[[u64::MAX, u64::MAX]]), ([u64::MAX, 0], 0));
        let text = |t: &'static str| TextRef::new(t).to_cell();
        assert_eq!(call("like", &[text("abc"), text("a%")]), ([1, 0], 0));
        assert_eq!(call("like", &[text("a%"), text("abc")]), ([0, 0], 0));
    }

    #[test]
    fn names_are_unique() {
        for (i, def) in FUNCTIONS.iter().enumerate() {
            assert_eq!(FnId::by_name(def.name), Some(FnId(i as u16)), "{}", def.name);
        }
        assert_eq!(FnId::by_name("no_such_function"), None);
    }
}
