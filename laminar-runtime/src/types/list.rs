//! The Rust type of array fields.

use super::{Arena, BytesRef, Elements, Str, elements, put_element};
use crate::event::{FieldValue, Memory};
use crate::schema::{Element, Ty};
use crate::stage::Cell;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// An immutable array: a field of type `BIGINT[]` is a `List<i64>`, or a `List<Option<i64>>` where elements may be NULL.
///
/// Elements are values, made when they are asked for. A result with NULL among its elements does not fit a list whose elements are not
/// `Option`: it is refused as any value that does not fit its field. Equal and ordered as arrays are in SQL.
///
/// Layout: that of a [`Str`], whose bytes are those of `types::elements`.
///
/// # Allocates
/// As [`Str`]: where it is long, and no block of that size is left from ones dropped before.
#[repr(transparent)]
pub struct List<T> {
    bytes: Str,
    of: PhantomData<fn() -> T>,
}

impl<T> List<T> {
    /// No elements.
    pub const fn new() -> List<T> {
        List { bytes: Str::empty(), of: PhantomData }
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        Elements::of(self.bytes.as_bytes()).count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.as_bytes().is_empty()
    }
}

impl<T: FieldValue> List<T> {
    /// The element at an index, from 0. In SQL, `a[1]` is the first one.
    pub fn get(&self, index: usize) -> Option<T> {
        let arena = Arena::new();
        element(Elements::of(self.bytes.as_bytes()).nth(index)?.cell(T::TY.repr(), &arena))
    }

    /// The elements in order.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { elements: Elements::of(self.bytes.as_bytes()), of: PhantomData }
    }
}

/// The element that a cell is, or NULL.
fn element<T: FieldValue>(cell: Option<Cell>) -> Option<T> {
    if cell.is_none() && !T::NULLABLE {
        return None;
    }
    T::from_cell(cell.unwrap_or_default(), cell.is_some())
}

/// The elements of a [`List`].
pub struct Iter<'a, T> {
    elements: Elements<'a>,
    of: PhantomData<fn() -> T>,
}

impl<T: FieldValue> Iterator for Iter<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let arena = Arena::new();
        element(self.elements.next()?.cell(T::TY.repr(), &arena))
    }
}

impl<'a, T: FieldValue> IntoIterator for &'a List<T> {
    type Item = T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

/// # Panics
/// If the elements take more than [`Str::MAX_BYTES`].
impl<T: FieldValue> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> List<T> {
        let mut bytes = Vec::new();
        for e in elements {
            // SAFETY: the cell is of the type, and of `e`, which lives.
            unsafe {
                put_element(T::TY.repr(), e.to_cell(), e.valid(), |piece| bytes.extend_from_slice(piece))
            };
        }
        assert!(bytes.len() <= Str::MAX_BYTES, "a list takes at most {} bytes", Str::MAX_BYTES);
        List { bytes: Str::of_bytes(&bytes), of: PhantomData }
    }
}

impl<T: FieldValue + Clone> From<&[T]> for List<T> {
    fn from(elements: &[T]) -> List<T> {
        elements.iter().cloned().collect()
    }
}

impl<T: FieldValue, const N: usize> From<[T; N]> for List<T> {
    fn from(elements: [T; N]) -> List<T> {
        elements.into_iter().collect()
    }
}

impl<T: FieldValue> From<Vec<T>> for List<T> {
    fn from(elements: Vec<T>) -> List<T> {
        elements.into_iter().collect()
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> List<T> {
        List { bytes: self.bytes.clone(), of: PhantomData }
    }
}

impl<T> Default for List<T> {
    fn default() -> List<T> {
        List::new()
    }
}

impl<T> PartialEq for List<T> {
    fn eq(&self, other: &List<T>) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T> Eq for List<T> {}

impl<T> PartialOrd for List<T> {
    fn partial_cmp(&self, other: &List<T>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for List<T> {
    fn cmp(&self, other: &List<T>) -> Ordering {
        elements::compare(self.bytes.as_bytes(), other.bytes.as_bytes())
    }
}

impl<T> Hash for List<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        elements::each_compared(self.bytes.as_bytes(), |piece| piece.hash(state));
    }
}

impl<T: FieldValue + fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// An array.
impl<T: FieldValue> FieldValue for List<T> {
    const TY: Ty = Ty::Array(element_of(T::TY));
    const MEMORY: Memory = Memory::Str;
    type Repr = BytesRef;
    #[inline(always)]
    fn load(&self) -> BytesRef {
        BytesRef::new(self.bytes.as_bytes())
    }
    #[inline]
    fn store(value: BytesRef, _: bool) -> Option<Self> {
        // SAFETY: stages hand over bytes that live until the end of the step.
        let bytes = unsafe { value.as_bytes() };
        let arena = Arena::new();
        let fits = |e: super::Raw<'_>| element::<T>(e.cell(T::TY.repr(), &arena)).is_some();
        let fits = bytes.len() <= Str::MAX_BYTES && Elements::of(bytes).all(fits);
        fits.then(|| List { bytes: Str::of_bytes(bytes), of: PhantomData })
    }
    #[inline]
    fn to_cell(&self) -> Cell {
        self.load().to_cell()
    }
    #[inline]
    fn from_cell(cell: Cell, valid: bool) -> Option<Self> {
        Self::store(BytesRef::from_cell(cell), valid)
    }
}

const fn element_of(ty: Ty) -> Element {
    match ty.element() {
        Some(element) => element,
        None => panic!("the elements of a `List` are no lists"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alloc::Counting;
    use crate::types::{Decimal, Timestamp};

    fn check<T: FieldValue + Clone + PartialEq + fmt::Debug>(elements: &[T]) {
        let list = List::from(elements);
        assert_eq!((list.len(), list.is_empty()), (elements.len(), elements.is_empty()));
        assert_eq!(list.iter().collect::<Vec<T>>(), elements);
        for (i, e) in elements.iter().enumerate() {
            assert_eq!(list.get(i).as_ref(), Some(e));
        }
        assert!(list.get(elements.len()).is_none());
        let (cell, valid) = (list.to_cell(), list.valid());
        assert_eq!(List::<T>::from_cell(cell, valid), Some(list));
    }

    #[test]
    fn elements_come_back() {
        check::<i64>(&[]);
        check(&[1_i64, i64::MIN, i64::MAX]);
        check(&[Some(1_u8), None, Some(255)]);
        check(&[true, false]);
        check(&[0.5_f32, f32::INFINITY]);
        check(&[Decimal::<38, 2>::from_mantissa(-1).unwrap()]);
        check(&[Timestamp(5)]);
        check(&[[0_u8; 16], [255; 16]]);
        check(&[Some("a\0b".to_string()), Some(String::new()), None]);
        check(&[vec![0_u8, 255], vec![]]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let list = List::from([Some(1_i64), None]);
        assert_eq!(List::<i64>::from_cell(list.to_cell(), true), None);
        assert_eq!(List::<Option<i64>>::from_cell(list.to_cell(), true), Some(list));
        assert_eq!(List::<u8>::from_cell(List::from([256_i64]).to_cell(), true), None);
    }

    #[test]
    fn lists_are_ordered_as_arrays() {
        let sorted: Vec<List<Option<i32>>> =
            vec![List::new(), [Some(-1)].into(), [Some(-1), Some(0)].into(), [Some(2)].into(), [None].into()];
        assert!(sorted.is_sorted_by(|a, b| a < b));
        assert_eq!(format!("{:?}", sorted[2]), "[Some(-1), Some(0)]");
    }

    #[test]
    fn reading_does_not_allocate() {
        let list: List<i64> = (0..100).collect();
        let before = Counting::start();
        assert_eq!((list.iter().sum::<i64>(), list.get(7), list.len()), (4950, Some(7), 100));
        assert_eq!(before.allocations_since(), 0);
    }
}
