//! Functions of arrays.
//!
//! An element that is looked for, added or put in the place of others comes as an array of that one element, which is also the form of
//! NULL as an element. Not here: how elements lie in bytes (`types::elements`), arrays as texts (`array_text`).

use super::RESULT_BYTES_MAX;
use super::value::Value;
use crate::schema::{Element, Repr};
use crate::types::{
    Arena, BytesRef, Elements, Growing, Interval, Raw, TextRef, element_len, put_element, without_minus_zero,
};

pub(super) use super::array_text::{of_text, to_text};

macro_rules! of_values {
    ($($of:ident $get:ident $repr:ident $ty:ty;)*) => {$(
        #[doc = concat!("The array of one value held as ", stringify!($repr), ".")]
        ///
        /// # Safety
        /// What the value refers to lives.
        #[inline]
        pub unsafe fn $of(arena: &Arena, value: $ty) -> BytesRef {
            // SAFETY: by contract.
            unsafe { one(arena, Repr::$repr, Value::to_cell(value)) }
        }

        #[doc = concat!("`array[n]` of elements held as ", stringify!($repr), ", from 1; none outside and for NULL.")]
        ///
        /// # Safety
        /// The array lives.
        #[inline]
        pub unsafe fn $get(arena: &Arena, array: BytesRef, n: i64) -> Option<$ty> {
            let n = usize::try_from(n.checked_sub(1)?).ok()?;
            // SAFETY: by contract.
            let element = unsafe { elements(array) }.nth(n)?;
            element.cell(Repr::$repr, arena).map(<$ty as Value>::from_cell)
        }
    )*};
}
of_values! {
    array_of_bool array_get_bool Bool bool;
    array_of_int array_get_int Int i64;
    array_of_float array_get_float Float f64;
    array_of_wide array_get_wide Wide i128;
    array_of_interval array_get_interval Interval Interval;
    array_of_text array_get_text Text TextRef;
    array_of_bytes array_get_bytes Bytes BytesRef;
}

/// # Safety
/// As for [`put_element`].
unsafe fn one(arena: &Arena, repr: Repr, cell: [u64; 2]) -> BytesRef {
    // SAFETY: by contract.
    unsafe {
        let mut bytes = Growing::new(arena, element_len(repr, cell, true));
        put_element(repr, cell, true, |piece| bytes.push(piece));
        bytes.done()
    }
}

/// The elements of an array.
///
/// # Safety
/// The array lives.
#[inline]
pub(super) unsafe fn elements<'a>(array: BytesRef) -> Elements<'a> {
    // SAFETY: by contract.
    Elements::of(unsafe { array.as_bytes() })
}

/// The only element of an array of one.
///
/// # Safety
/// The array lives.
#[inline]
unsafe fn only<'a>(one: BytesRef) -> Raw<'a> {
    // SAFETY: by contract.
    Raw(unsafe { one.as_bytes() })
}

/// Number of elements.
///
/// # Safety
/// The array lives.
#[inline]
pub unsafe fn array_cardinality(array: BytesRef) -> i64 {
    // SAFETY: by contract.
    unsafe { elements(array) }.count() as i64
}

/// Number of elements along a dimension; none of an empty array and where there is no such dimension.
///
/// # Safety
/// The array lives.
#[inline]
pub unsafe fn array_length(array: BytesRef, dimension: i64) -> Option<i64> {
    // SAFETY: by contract.
    (dimension == 1 && !array.is_empty()).then(|| unsafe { array_cardinality(array) })
}

/// The elements from one position to another, both counted from 1.
///
/// # Safety
/// The array lives.
#[inline]
pub unsafe fn array_slice(array: BytesRef, from: i64, to: i64) -> BytesRef {
    let skip = usize::try_from(from.saturating_sub(1)).unwrap_or(0);
    let Some(take) = usize::try_from(to).ok().and_then(|to| to.checked_sub(skip)) else {
        return BytesRef::EMPTY;
    };
    // SAFETY: by contract.
    let (all, mut rest) = unsafe { (array.as_bytes(), elements(array)) };
    let _ = rest.by_ref().take(skip).last();
    let start = all.len() - rest.rest().len();
    let _ = rest.by_ref().take(take).last();
    BytesRef::new(&all[start..all.len() - rest.rest().len()])
}

/// Position of the first equal element, from 1; NULL is equal to NULL.
///
/// # Safety
/// Both live.
#[inline]
pub unsafe fn array_position(array: BytesRef, one: BytesRef) -> Option<i64> {
    // SAFETY: by contract.
    unsafe { array_position_from(array, one, 1) }
}

/// The same among the elements from a position on.
///
/// # Safety
/// Both live.
#[inline]
pub unsafe fn array_position_from(array: BytesRef, one: BytesRef, from: i64) -> Option<i64> {
    // SAFETY: by contract.
    let (all, one) = unsafe { (elements(array), only(one)) };
    let is = |(i, element): &(i64, Raw<'_>)| *i >= from && *element == one;
    (1..).zip(all).find(is).map(|(i, _)| i)
}

/// Positions of all equal elements, from 1. Bad for a result that is too long.
///
/// # Safety
/// Both live.
#[inline]
pub unsafe fn array_positions(arena: &Arena, array: BytesRef, one: BytesRef) -> Option<BytesRef> {
    // SAFETY: by contract.
    let (all, one) = unsafe { (elements(array), only(one)) };
    let mut found = Growing::new(arena, 0);
    for (i, _) in (1_u64..).zip(all).filter(|(_, element)| *element == one) {
        // SAFETY: a number refers to nothing.
        unsafe { put_element(Repr::Int, [i, 0], true, |piece| found.push(piece)) };
        if found.len() > RESULT_BYTES_MAX {
            return None;
        }
    }
    Some(found.done())
}

/// All elements that are not equal.
///
/// # Safety
/// Both live.
#[inline]
pub unsafe fn array_remove(arena: &Arena, array: BytesRef, one: BytesRef) -> BytesRef {
    // SAFETY: by contract.
    let (all, one) = unsafe { (elements(array), only(one)) };
    let mut kept = Growing::new(arena, array.len());
    all.filter(|element| *element != one).for_each(|element| kept.push(element.0));
    kept.done()
}

/// All elements, another one in the place of equal ones. Bad for a result that is too long.
///
/// # Safety
/// All live.
#[inline]
pub unsafe fn array_replace(arena: &Arena, array: BytesRef, one: BytesRef, by: BytesRef) -> Option<BytesRef> {
    // SAFETY: by contract.
    let (all, one, by) = unsafe { (elements(array), only(one), only(by)) };
    let mut made = Growing::new(arena, array.len());
    for element in all {
        made.push(if element == one { by.0 } else { element.0 });
        if made.len() > RESULT_BYTES_MAX.max(array.len()) {
            return None;
        }
    }
    Some(made.done())
}

/// `a @> b`: whether every element of the second is one of the first; NULL is none.
///
/// # Safety
/// Both live.
#[inline]
pub unsafe fn array_contains(a: BytesRef, b: BytesRef) -> bool {
    // SAFETY: by contract.
    let (a, b) = unsafe { (elements(a), elements(b)) };
    b.into_iter().all(|y| !y.is_null() && a.clone().any(|x| x == y))
}

/// `a && b`: whether both have an element in common; NULL is none.
///
/// # Safety
/// Both live.
#[inline]
pub unsafe fn array_overlaps(a: BytesRef, b: BytesRef) -> bool {
    // SAFETY: by contract.
    let (a, b) = unsafe { (elements(a), elements(b)) };
    b.into_iter().any(|y| !y.is_null() && a.clone().any(|x| x == y))
}

/// `value op ANY (array)`; none where it is unknown. `op` counts `=`, `<>`, `<`, `<=`, `>`, `>=` from 0.
///
/// # Safety
/// Both live.
#[inline]
pub unsafe fn array_any(array: BytesRef, one: BytesRef, op: i64) -> Option<bool> {
    // SAFETY: by contract.
    unsafe { decided_by(true, array, one, op) }
}

/// `value op ALL (array)`; none where it is unknown.
///
/// # Safety
/// Both live.
#[inline]
pub unsafe fn array_all(array: BytesRef, one: BytesRef, op: i64) -> Option<bool> {
    // SAFETY: by contract.
    unsafe { decided_by(false, array, one, op) }
}

/// # Safety
/// Both live.
unsafe fn decided_by(what: bool, array: BytesRef, one: BytesRef, op: i64) -> Option<bool> {
    // SAFETY: by contract.
    let (all, one) = unsafe { (elements(array), only(one)) };
    let mut unknown = false;
    for element in all {
        if one.is_null() || element.is_null() {
            unknown = true;
            continue;
        }
        let order = one.cmp(&element);
        let holds = match op {
            0 => order.is_eq(),
            1 => order.is_ne(),
            2 => order.is_lt(),
            3 => order.is_le(),
            4 => order.is_gt(),
            _ => order.is_ge(),
        };
        if holds == what {
            return Some(what);
        }
    }
    (!unknown).then_some(!what)
}

/// The array in the form of keys, in which equal arrays are equal bytes: 0 in the place of −0.
///
/// # Safety
/// The array lives.
#[inline]
pub unsafe fn array_key(arena: &Arena, array: BytesRef) -> BytesRef {
    // SAFETY: by contract.
    unsafe { without_minus_zero(arena, array) }
}

/// The array itself; bad if it is too long: what ARRAY_AGG has collected, and what casts have made.
#[inline]
pub fn array_joined(array: BytesRef) -> Option<BytesRef> {
    (array.len() <= RESULT_BYTES_MAX).then_some(array)
}

/// Each element as one of another type; the types are [`Element::code`]s. Bad where an element is none. Of an array that is too long
/// enough to tell that it is: `array_joined`.
///
/// # Safety
/// The array lives, and its elements are of the first type.
pub unsafe fn array_cast(arena: &Arena, array: BytesRef, from: i64, to: i64) -> Option<BytesRef> {
    let (from, to) = (Element::of_code(from)?.ty(), Element::of_code(to)?.ty());
    let mut made = Growing::new(arena, array.len());
    // SAFETY: by contract.
    for element in unsafe { elements(array) } {
        let cell = if element.is_null() {
            None
        } else {
            let held = element.cell(from.repr(), arena)?;
            // SAFETY: a value of the type; what it refers to is in the array or the arena.
            Some(unsafe { super::of_type::cast_value(arena, from, to, held) }?)
        };
        // SAFETY: as above.
        unsafe {
            put_element(to.repr(), cell.unwrap_or_default(), cell.is_some(), |piece| made.push(piece));
        }
        if made.len() > RESULT_BYTES_MAX {
            break;
        }
    }
    Some(made.done())
}

#[cfg(test)]
mod tests {
    use super::super::bytes_concat;
    use super::*;

    /// The array that a text of BIGINT is.
    fn ints(arena: &Arena, text: &str) -> BytesRef {
        of_text(arena, text, Element::Bigint).unwrap()
    }

    fn text(arena: &Arena, array: BytesRef) -> String {
        // SAFETY: the arena lives.
        unsafe { to_text(arena, array, Element::Bigint).as_str().to_string() }
    }

    #[test]
    fn elements_by_position() {
        let arena = Arena::new();
        let a = ints(&arena, "{10,NULL,30}");
        // SAFETY: the arena lives.
        unsafe {
            let check = |n, expected| assert_eq!(array_get_int(&arena, a, n), expected, "{n}");
            check(1, Some(10));
            check(2, None);
            check(3, Some(30));
            check(0, None);
            check(4, None);
            check(i64::MIN, None);
            check(i64::MAX, None);
            assert_eq!(array_get_float(&arena, a, 1), None, "no float");
            assert_eq!((array_cardinality(a), array_cardinality(BytesRef::EMPTY)), (3, 0));
            let lengths = [(a, 1), (a, 2), (BytesRef::EMPTY, 1)].map(|(a, d)| array_length(a, d));
            assert_eq!(lengths, [Some(3), None, None]);
            let check =
                |from, to, expected: &str| assert_eq!(text(&arena, array_slice(a, from, to)), expected);
            check(2, 3, "{NULL,30}");
            check(i64::MIN, i64::MAX, "{10,NULL,30}");
            check(3, 2, "{}");
            check(4, 9, "{}");
            check(-5, 1, "{10}");
            check(1, -1, "{}");
        }
    }

    #[test]
    fn elements_by_value() {
        let arena = Arena::new();
        let a = ints(&arena, "{1,2,NULL,2}");
        let (two, null, nine) = (ints(&arena, "{2}"), ints(&arena, "{NULL}"), ints(&arena, "{9}"));
        // SAFETY: the arena lives.
        unsafe {
            assert_eq!([two, null, nine].map(|x| array_position(a, x)), [Some(2), Some(3), None]);
            assert_eq!(array_position_from(a, two, 3), Some(4));
            assert_eq!(text(&arena, array_positions(&arena, a, two).unwrap()), "{2,4}");
            assert_eq!(text(&arena, array_remove(&arena, a, two)), "{1,NULL}");
            assert_eq!(text(&arena, array_remove(&arena, a, null)), "{1,2,2}");
            let replaced = array_replace(&arena, a, null, nine).unwrap();
            assert_eq!(text(&arena, replaced), "{1,2,9,2}");
            let set = |t| ints(&arena, t);
            assert!(array_contains(a, set("{2,1,1}")) && array_contains(a, set("{}")));
            assert!(!array_contains(a, set("{NULL}")) && !array_contains(a, set("{2,3}")));
            assert!(array_overlaps(a, set("{7,1}")) && !array_overlaps(a, set("{NULL,7}")));
        }
    }

    #[test]
    fn none_is_too_long() {
        let arena = Arena::new();
        let (yes, no) = (BytesRef::new(&[1, 1]), BytesRef::new(&[1, 0]));
        let many = vec![1; RESULT_BYTES_MAX / 9 * 2 + 2];
        let many = BytesRef::new(&many);
        // SAFETY: all live.
        unsafe {
            assert!(array_positions(&arena, many, yes).is_none());
            let longer = vec![1; RESULT_BYTES_MAX + 2];
            let longer = BytesRef::new(&longer);
            assert_eq!(array_replace(&arena, longer, yes, no).map(|a| a.len()), Some(RESULT_BYTES_MAX + 2));
            let null = BytesRef::new(&[0x81, 0]);
            assert!(array_replace(&arena, longer, null, array_of_int(&arena, 1)).is_some());
            assert!(array_replace(&arena, longer, yes, array_of_int(&arena, i64::MAX)).is_none());
            assert!(array_positions(&arena, many, no).is_some_and(BytesRef::is_empty));
            let all_but_one = BytesRef::new(&many.as_bytes()[2..]);
            assert_eq!(array_positions(&arena, all_but_one, yes).unwrap().len(), RESULT_BYTES_MAX / 9 * 9);
            let text = vec![b'a'; RESULT_BYTES_MAX - 3];
            let one = array_of_text(&arena, TextRef::new(std::str::from_utf8(&text).unwrap()));
            assert!(array_joined(one).is_some() && bytes_concat(&arena, one, yes).is_none());
            assert!(array_replace(&arena, bytes_concat(&arena, yes, no).unwrap(), no, one).is_none());
        }
    }

    #[test]
    fn three_values() {
        let arena = Arena::new();
        let check = |array, one, op, any: Option<bool>, all: Option<bool>| {
            let (a, x) = (ints(&arena, array), ints(&arena, one));
            // SAFETY: the arena lives.
            let found = unsafe { (array_any(a, x, op), array_all(a, x, op)) };
            assert_eq!(found, (any, all), "{one} {op} {array}");
        };
        check("{1,2}", "{2}", 0, Some(true), Some(false));
        check("{2,2}", "{2}", 0, Some(true), Some(true));
        check("{1,NULL}", "{2}", 0, None, Some(false));
        check("{2,NULL}", "{2}", 0, Some(true), None);
        check("{}", "{2}", 0, Some(false), Some(true));
        check("{}", "{NULL}", 0, Some(false), Some(true));
        check("{1}", "{NULL}", 0, None, None);
        check("{1,2}", "{2}", 1, Some(true), Some(false));
        check("{3,4}", "{2}", 2, Some(true), Some(true));
        check("{2,4}", "{2}", 3, Some(true), Some(true));
        check("{1,2}", "{2}", 4, Some(true), Some(false));
        check("{1,3}", "{2}", 5, Some(true), Some(false));
    }

    #[test]
    fn casts_of_elements() {
        let arena = Arena::new();
        let check = |text: &str, from: Element, to: Element, expected: Option<&str>| {
            let array = of_text(&arena, text, from).unwrap();
            // SAFETY: the arena lives.
            let made = unsafe { array_cast(&arena, array, from.code(), to.code()) };
            // SAFETY: as above.
            let made = made.map(|made| unsafe { to_text(&arena, made, to).as_str() });
            assert_eq!(made, expected, "{text}");
        };
        let dec = |precision, scale| Element::Decimal { precision, scale };
        check("{1.5,NULL,-2.5}", Element::Double, Element::Integer, Some("{2,NULL,-2}"));
        check("{1.5,2.5}", dec(4, 1), Element::Bigint, Some("{2,3}"));
        check("{40000}", Element::Integer, Element::Smallint, None);
        check("{1,22}", Element::Integer, Element::Varchar, Some("{1,22}"));
        check("{\"1\", x}", Element::Varchar, Element::Integer, None);
        check("{1.25}", dec(18, 2), dec(38, 1), Some("{1.3}"));
        check("{99.9}", dec(38, 1), dec(2, 0), None);
        check("{t,f}", Element::Boolean, Element::Varchar, Some("{true,false}"));
        check("{2013-01-01}", Element::Date, Element::Timestamp, Some("{\"2013-01-01 00:00:00\"}"));
        check("{1}", Element::Bigint, Element::Boolean, None);
    }
}
