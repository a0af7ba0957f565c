//! How the elements of an array lie in bytes.
//!
//! An array is its elements, one after the other:
//!
//! ```text
//! element   tag, then the value
//! tag       1 Bool, 2 Int, 3 Float, 4 Wide, 5 Interval, 6 Text, 7 Bytes; of NULL the same + 128
//! Bool      1 byte
//! Int       8 bytes, big-endian, the sign's bit turned
//! Float     8 bytes, big-endian; negative ones turned whole, others in the sign's bit; every NaN is the canonical one
//! Wide      16 bytes as Int
//! Interval  its cell: 16 bytes
//! Text      the bytes, each 0 as 0 255; then 0 0
//! Bytes     as Text
//! NULL      as many zeros as a value has bytes; none for Text and Bytes
//! ```
//!
//! Invariant: of arrays of one type, but of INTERVAL, the order of the bytes is that of SQL: element by element, NULL last, then the
//! shorter one. So equal arrays are equal bytes, and whatever holds bytes holds arrays. Only −0 lies before 0, which is equal to it: what
//! compares arrays of floats by their bytes, as keys are, does so in the form that [`without_minus_zero`] gives. Not here: the types of elements, which the bytes
//! do not tell apart further than how values are held. Bytes that no array has are read as some elements or NULL.

use super::{Arena, BytesRef, Growing, Interval, TextRef};
use crate::scalar::{float_of_sorted, sorted_float};
use crate::schema::Repr;
use crate::stage::{Cell, wide_cell};
use std::cmp::Ordering;

const NULL: u8 = 0x80;
const SIGN: u64 = 1 << 63;
const MINUS_ZERO_BITS: u64 = SIGN;
/// Bytes of the widest value that is not a text.
const FIXED_MAX: usize = 16;

const fn tag(repr: Repr) -> u8 {
    match repr {
        Repr::Bool => 1,
        Repr::Int => 2,
        Repr::Float => 3,
        Repr::Wide => 4,
        Repr::Interval => 5,
        Repr::Text => 6,
        Repr::Bytes => 7,
    }
}

fn repr_of(tag: u8) -> Option<Repr> {
    Some(match tag & !NULL {
        1 => Repr::Bool,
        2 => Repr::Int,
        3 => Repr::Float,
        4 => Repr::Wide,
        5 => Repr::Interval,
        6 => Repr::Text,
        7 => Repr::Bytes,
        _ => return None,
    })
}

/// Bytes behind the tag; none where values differ in length.
const fn fixed(repr: Repr) -> Option<usize> {
    match repr {
        Repr::Bool => Some(1),
        Repr::Int | Repr::Float => Some(8),
        Repr::Wide | Repr::Interval => Some(16),
        Repr::Text | Repr::Bytes => None,
    }
}

const MINUS_ZERO: &[u8] = &[3, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
const ZERO: &[u8] = &[3, 0x80, 0, 0, 0, 0, 0, 0, 0];

/// One element, as it lies. Equal and ordered as in SQL.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raw<'a>(pub &'a [u8]);

impl PartialEq for Raw<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.compared() == other.compared()
    }
}

impl Eq for Raw<'_> {}

impl PartialOrd for Raw<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Raw<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.compared().cmp(other.compared())
    }
}

/// Whether the bytes are an array of floats.
fn of_floats(array: &[u8]) -> bool {
    array.first().is_some_and(|first| first & !NULL == tag(Repr::Float))
}

/// The order of two arrays.
#[inline]
pub(crate) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    match of_floats(a) && of_floats(b) {
        true => Elements::of(a).cmp(Elements::of(b)),
        false => a.cmp(b),
    }
}

/// The first bytes whose order is that of the arrays.
#[inline]
pub(crate) fn first_compared(array: &[u8]) -> &[u8] {
    if array.starts_with(MINUS_ZERO) { ZERO } else { array }
}

/// The bytes whose order is that of the arrays, from the first on: pieces of them.
pub(crate) fn each_compared<'a>(array: &'a [u8], mut f: impl FnMut(&'a [u8])) {
    match of_floats(array) {
        true => Elements::of(array).for_each(|element| f(element.compared())),
        false => f(array),
    }
}

/// The array with 0 in the place of −0, so that equal arrays are equal bytes.
///
/// # Safety
/// The array lives.
pub(crate) unsafe fn without_minus_zero(arena: &Arena, array: BytesRef) -> BytesRef {
    // SAFETY: by contract.
    let bytes = unsafe { array.as_bytes() };
    if !of_floats(bytes) || !Elements::of(bytes).any(|element| element.0 == MINUS_ZERO) {
        return array;
    }
    let mut made = Growing::new(arena, bytes.len());
    each_compared(bytes, |piece| made.push(piece));
    made.done()
}

impl<'a> Raw<'a> {
    /// The bytes whose order is that of the elements.
    #[inline]
    fn compared(self) -> &'a [u8] {
        if self.0 == MINUS_ZERO { ZERO } else { self.0 }
    }

    /// Whether it is NULL.
    pub fn is_null(self) -> bool {
        self.0.first().is_none_or(|tag| tag & NULL != 0)
    }

    /// Its value, if it is one that is held as `repr`. A text may lie in the arena.
    pub fn cell(self, repr: Repr, arena: &Arena) -> Option<Cell> {
        let (&first, value) = self.0.split_first()?;
        if first != tag(repr) {
            return None;
        }
        Some(match repr {
            Repr::Bool => [u64::from(*value.first()? != 0), 0],
            Repr::Int => [u64::from_be_bytes(*value.first_chunk()?) ^ SIGN, 0],
            Repr::Float => [float_of_sorted(u64::from_be_bytes(*value.first_chunk()?)), 0],
            Repr::Wide => wide_cell((u128::from_be_bytes(*value.first_chunk()?) ^ (1 << 127)) as i128),
            Repr::Interval => wide_cell(i128::from_be_bytes(*value.first_chunk()?)),
            Repr::Text => TextRef::new(std::str::from_utf8(content(value, arena)).ok()?).to_cell(),
            Repr::Bytes => BytesRef::new(content(value, arena)).to_cell(),
        })
    }
}

/// The bytes between tag and end, without their escapes.
fn content<'a>(value: &'a [u8], arena: &'a Arena) -> &'a [u8] {
    let escaped = value.strip_suffix(&[0, 0]).unwrap_or(value);
    let Some(zero) = escaped.iter().position(|b| *b == 0) else { return escaped };
    let at = arena.alloc(escaped.len());
    let mut len = zero;
    // SAFETY: `at` has room for all bytes, and what is left out only makes them fewer.
    unsafe {
        std::ptr::copy_nonoverlapping(escaped.as_ptr(), at, zero);
        let mut rest = &escaped[zero..];
        while let [byte, after @ ..] = rest {
            at.add(len).write(*byte);
            len += 1;
            rest = if *byte == 0 { after.get(1..).unwrap_or_default() } else { after };
        }
        std::slice::from_raw_parts(at, len)
    }
}

/// The elements of an array.
#[derive(Clone, Debug)]
pub(crate) struct Elements<'a>(&'a [u8]);

impl<'a> Elements<'a> {
    /// Those of an array's bytes.
    pub fn of(bytes: &'a [u8]) -> Elements<'a> {
        Elements(bytes)
    }

    /// Bytes of each element, where all have as many.
    fn stride(&self) -> Option<usize> {
        fixed(repr_of(*self.0.first()?)?).map(|width| 1 + width)
    }

    /// How many there are.
    pub fn count(self) -> usize {
        match self.stride() {
            Some(stride) => self.0.len().div_ceil(stride),
            None => Iterator::count(self),
        }
    }

    /// The `n`-th, from 0.
    pub fn nth(mut self, n: usize) -> Option<Raw<'a>> {
        match self.stride() {
            Some(stride) => {
                let from = n.checked_mul(stride).filter(|from| *from < self.0.len())?;
                Some(Raw(&self.0[from..self.0.len().min(from + stride)]))
            }
            None => Iterator::nth(&mut self, n),
        }
    }

    /// The bytes of elements that are not taken yet.
    pub fn rest(&self) -> &'a [u8] {
        self.0
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Raw<'a>;

    #[inline]
    fn next(&mut self) -> Option<Raw<'a>> {
        let &first = self.0.first()?;
        let len = match repr_of(first).and_then(fixed) {
            Some(width) => 1 + width,
            None if first & NULL != 0 => 1,
            None => 1 + text_len(&self.0[1..]),
        };
        let (element, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        Some(Raw(element))
    }
}

/// Bytes of a text and its end.
fn text_len(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(zero) = bytes[at..].iter().position(|b| *b == 0) {
        at = (at + zero + 2).min(bytes.len());
        if bytes[at - 1] == 0 {
            return at;
        }
    }
    bytes.len()
}

/// Hands the bytes of an element to `put`, piece by piece.
///
/// # Safety
/// The cell has the representation; if it is valid, what it refers to lives.
pub(crate) unsafe fn put_element(repr: Repr, cell: Cell, valid: bool, mut put: impl FnMut(&[u8])) {
    if !valid {
        put(null_element(repr));
        return;
    }
    put(&[tag(repr)]);
    match repr {
        Repr::Bool => put(&[u8::from(cell[0] != 0)]),
        Repr::Int => put(&(cell[0] ^ SIGN).to_be_bytes()),
        Repr::Float if cell[0] == MINUS_ZERO_BITS => put(&MINUS_ZERO[1..]),
        Repr::Float => put(&sorted_float(cell[0]).to_be_bytes()),
        Repr::Wide => {
            put(&(cell[1] ^ SIGN).to_be_bytes());
            put(&cell[0].to_be_bytes());
        }
        Repr::Interval => {
            let [low, high] = Interval::from_cell(cell).to_cell();
            put(&high.to_be_bytes());
            put(&low.to_be_bytes());
        }
        Repr::Text | Repr::Bytes => {
            // SAFETY: by contract.
            let mut rest = unsafe { BytesRef::from_cell(cell).as_bytes() };
            while let Some(zero) = rest.iter().position(|b| *b == 0) {
                put(&rest[..=zero]);
                put(&[0xff]);
                rest = &rest[zero + 1..];
            }
            put(rest);
            put(&[0, 0]);
        }
    }
}

/// The element NULL.
pub fn null_element(repr: Repr) -> &'static [u8] {
    const fn zeros(repr: Repr) -> [u8; 1 + FIXED_MAX] {
        let mut bytes = [0; 1 + FIXED_MAX];
        bytes[0] = tag(repr) | NULL;
        bytes
    }
    const NULLS: [[u8; 1 + FIXED_MAX]; 8] = [
        [0; 1 + FIXED_MAX],
        zeros(Repr::Bool),
        zeros(Repr::Int),
        zeros(Repr::Float),
        zeros(Repr::Wide),
        zeros(Repr::Interval),
        zeros(Repr::Text),
        zeros(Repr::Bytes),
    ];
    &NULLS[tag(repr) as usize][..1 + fixed(repr).unwrap_or_default()]
}

/// Bytes that an element takes.
///
/// # Safety
/// As for [`put_element`].
pub(crate) unsafe fn element_len(repr: Repr, cell: Cell, valid: bool) -> usize {
    let mut len = 0;
    // SAFETY: by contract.
    unsafe { put_element(repr, cell, valid, |piece| len += piece.len()) };
    len
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::wide_of;
    use proptest::prelude::*;

    const REPRS: [Repr; 7] =
        [Repr::Bool, Repr::Int, Repr::Float, Repr::Wide, Repr::Interval, Repr::Text, Repr::Bytes];

    /// A value that lives by itself.
    #[derive(Clone, Debug)]
    enum Own {
        Cell(Cell),
        Bytes(Vec<u8>),
    }

    impl Own {
        fn cell(&self) -> Cell {
            match self {
                Own::Cell(cell) => *cell,
                Own::Bytes(bytes) => BytesRef::new(bytes).to_cell(),
            }
        }
    }

    fn value(repr: Repr) -> BoxedStrategy<Own> {
        let edge = prop_oneof![Just(0_i64), Just(-1), Just(1), Just(i64::MIN), Just(i64::MAX), any::<i64>()];
        match repr {
            Repr::Bool => any::<bool>().prop_map(|b| Own::Cell([b.into(), 0])).boxed(),
            Repr::Int => edge.prop_map(|i| Own::Cell([i as u64, 0])).boxed(),
            Repr::Float => {
                prop_oneof![any::<f64>(), Just(0.0), Just(-0.0), Just(f64::NAN), Just(f64::INFINITY)]
                    .prop_map(|f| Own::Cell([f.to_bits(), 0]))
                    .boxed()
            }
            Repr::Wide | Repr::Interval => {
                (edge.clone(), edge).prop_map(|(a, b)| Own::Cell([a as u64, b as u64])).boxed()
            }
            Repr::Text => "[\\x00a\\x01é]{0,4}".prop_map(|t| Own::Bytes(t.into_bytes())).boxed(),
            Repr::Bytes => prop::collection::vec(prop_oneof![Just(0), Just(255), Just(1), any::<u8>()], 0..5)
                .prop_map(Own::Bytes)
                .boxed(),
        }
    }

    fn array(repr: Repr) -> impl Strategy<Value = Vec<Option<Own>>> {
        prop::collection::vec(prop::option::weighted(0.8, value(repr)), 0..6)
    }

    fn encode(repr: Repr, elements: &[Option<Own>]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for e in elements {
            let cell = e.as_ref().map(Own::cell);
            // SAFETY: the value lives.
            unsafe {
                put_element(repr, cell.unwrap_or_default(), cell.is_some(), |b| bytes.extend_from_slice(b));
                let len = element_len(repr, cell.unwrap_or_default(), cell.is_some());
                assert!(bytes.len() >= len);
            }
        }
        bytes
    }

    /// The order of two values by SQL.
    fn compare(repr: Repr, a: &Own, b: &Own) -> Ordering {
        let (x, y) = (a.cell(), b.cell());
        match repr {
            Repr::Bool | Repr::Int => (x[0] as i64).cmp(&(y[0] as i64)),
            Repr::Float => crate::scalar::float_cmp(f64::from_bits(x[0]), f64::from_bits(y[0])).cmp(&0),
            Repr::Wide => wide_of(x).cmp(&wide_of(y)),
            Repr::Interval => unreachable!("arrays of INTERVAL have no order"),
            // SAFETY: both live.
            Repr::Text | Repr::Bytes => unsafe {
                BytesRef::from_cell(x).as_bytes().cmp(BytesRef::from_cell(y).as_bytes())
            },
        }
    }

    fn compare_arrays(repr: Repr, a: &[Option<Own>], b: &[Option<Own>]) -> Ordering {
        for pair in a.iter().zip(b) {
            let order = match pair {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(x), Some(y)) => compare(repr, x, y),
            };
            if order.is_ne() {
                return order;
            }
        }
        a.len().cmp(&b.len())
    }

    /// A value in the form in which it comes back.
    fn kept(repr: Repr, own: &Own) -> Own {
        match (repr, own) {
            (Repr::Float, Own::Cell([bits, _])) if f64::from_bits(*bits).is_nan() => {
                Own::Cell([f64::NAN.to_bits(), 0])
            }
            _ => own.clone(),
        }
    }

    fn same(repr: Repr, found: Option<Cell>, expected: Option<&Own>) -> bool {
        match (found, expected.map(|e| kept(repr, e))) {
            (None, None) => true,
            // SAFETY: both live.
            (Some(f), Some(Own::Bytes(e))) => unsafe { BytesRef::from_cell(f).as_bytes() == &e[..] },
            (Some(f), Some(Own::Cell(e))) => f == e,
            _ => false,
        }
    }

    #[test]
    fn what_goes_in_comes_out_and_bytes_are_ordered_as_arrays() {
        let arena = Arena::new();
        for repr in REPRS {
            let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(300));
            let check = |(a, b): (Vec<Option<Own>>, Vec<Option<Own>>)| {
                let (x, y) = (encode(repr, &a), encode(repr, &b));
                prop_assert_eq!(Elements::of(&x).count(), a.len());
                for (i, expected) in a.iter().enumerate() {
                    let element = Elements::of(&x).nth(i).unwrap();
                    prop_assert_eq!(Some(element), Iterator::nth(&mut Elements::of(&x), i));
                    prop_assert_eq!(element.is_null(), expected.is_none());
                    prop_assert!(same(repr, element.cell(repr, &arena), expected.as_ref()), "{:?}", a);
                }
                prop_assert_eq!(Elements::of(&x).nth(a.len()), None);
                if repr != Repr::Interval {
                    let order = compare_arrays(repr, &a, &b);
                    prop_assert_eq!(super::compare(&x, &y), order, "{:?} {:?}", a, b);
                    // SAFETY: arrays and arena live.
                    let key = |x| unsafe { without_minus_zero(&arena, BytesRef::new(x)).as_bytes() };
                    prop_assert_eq!(key(&x).cmp(key(&y)), order, "{:?} {:?}", a, b);
                }
                Ok(())
            };
            runner.run(&(array(repr), array(repr)), check).unwrap();
        }
    }

    #[test]
    fn a_layout_is_a_promise() {
        let check = |repr, value: Option<Own>, expected: &[u8]| assert_eq!(encode(repr, &[value]), expected);
        check(Repr::Bool, Some(Own::Cell([1, 0])), &[1, 1]);
        check(Repr::Int, Some(Own::Cell([2, 0])), &[2, 128, 0, 0, 0, 0, 0, 0, 2]);
        check(Repr::Float, Some(Own::Cell([0, 0])), ZERO);
        check(Repr::Float, Some(Own::Cell([(-0.0_f64).to_bits(), 0])), MINUS_ZERO);
        check(Repr::Text, Some(Own::Bytes(b"a\0".to_vec())), &[6, b'a', 0, 255, 0, 0]);
        check(Repr::Bool, None, &[129, 0]);
        check(Repr::Text, None, &[134]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(prop_oneof![Just(0_u8), 1_u8..8, any::<u8>()], 0..40)) {
            let arena = Arena::new();
            let elements: Vec<Raw<'_>> = Elements::of(&bytes).collect();
            prop_assert_eq!(elements.iter().map(|e| e.0.len()).sum::<usize>(), bytes.len());
            for (i, element) in elements.iter().enumerate() {
                for repr in REPRS {
                    let _ = (element.cell(repr, &arena), Elements::of(&bytes).nth(i));
                }
            }
            let _ = Elements::of(&bytes).count();
        }
    }
}
