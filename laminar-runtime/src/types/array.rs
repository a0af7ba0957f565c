//! An array whose type is known only at run time: what sessions hand out.

use super::{Arena, BytesRef, Elements, Growing, Str, elements, put_element};
use crate::schema::{Element, Ty};
use crate::stage::Cell;
use std::cmp::Ordering;
use std::fmt;

/// An array of any type. Ordered as SQL does; `Display` is the text that `CAST(value AS VARCHAR)` gives.
///
/// Layout and cost are those of a [`List`](super::List).
#[derive(Clone)]
pub struct Array {
    element: Element,
    bytes: Str,
}

impl Array {
    /// A copy of the array that a cell is; none where it is longer than [`Str::MAX_BYTES`].
    ///
    /// # Safety
    /// The cell is an array of such elements, and what it refers to lives.
    pub unsafe fn from_cell(element: Element, cell: Cell) -> Option<Array> {
        // SAFETY: by contract.
        let bytes = unsafe { BytesRef::from_cell(cell).as_bytes() };
        (bytes.len() <= Str::MAX_BYTES).then(|| Array { element, bytes: Str::of_bytes(bytes) })
    }

    /// The array that a text such as `{1,2,NULL}` is.
    pub fn parse(element: Element, text: &str) -> Option<Array> {
        let arena = Arena::new();
        let cell = crate::scalar::value_of_text(&arena, Ty::Array(element), text)?;
        // SAFETY: the arena lives.
        unsafe { Array::from_cell(element, cell) }
    }

    /// As a cell, which refers to this.
    pub fn to_cell(&self) -> Cell {
        BytesRef::new(self.bytes.as_bytes()).to_cell()
    }

    /// The type of its elements.
    pub fn element(&self) -> Element {
        self.element
    }

    /// The bytes, as `types::elements` lays them out.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.as_bytes()
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        Elements::of(self.as_bytes()).count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }

    /// The cells of its elements, none for NULL; they refer to this or to the arena.
    pub fn cells<'a>(&'a self, arena: &'a Arena) -> impl Iterator<Item = Option<Cell>> + 'a {
        let repr = self.element.ty().repr();
        Elements::of(self.as_bytes()).map(move |element| element.cell(repr, arena))
    }
}

/// The array of some elements, none for NULL.
///
/// # Safety
/// The cells are values of the type, and what they refer to lives.
pub unsafe fn array_of_cells(
    arena: &Arena,
    element: Element,
    cells: impl IntoIterator<Item = Option<Cell>>,
) -> BytesRef {
    let mut array = Growing::new(arena, 0);
    for cell in cells {
        // SAFETY: by contract.
        unsafe {
            put_element(element.ty().repr(), cell.unwrap_or_default(), cell.is_some(), |piece| {
                array.push(piece)
            });
        }
    }
    array.done()
}

impl PartialEq for Array {
    fn eq(&self, other: &Array) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Array {}

impl PartialOrd for Array {
    fn partial_cmp(&self, other: &Array) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Array {
    fn cmp(&self, other: &Array) -> Ordering {
        elements::compare(self.as_bytes(), other.as_bytes())
    }
}

impl fmt::Display for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arena = Arena::new();
        // SAFETY: the array is of that type, and lives; so does the arena.
        let text =
            unsafe { crate::scalar::text_of_value(&arena, Ty::Array(self.element), self.to_cell()).as_str() };
        f.write_str(text)
    }
}

impl fmt::Debug for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_cells() {
        let array = Array::parse(Element::Integer, "{3,NULL}").unwrap();
        assert_eq!((array.to_string(), array.len(), array.is_empty()), ("{3,NULL}".into(), 2, false));
        let arena = Arena::new();
        let cells: Vec<Option<Cell>> = array.cells(&arena).collect();
        assert_eq!(cells, [Some([3, 0]), None]);
        // SAFETY: numbers refer to nothing, and the arena lives.
        let again = unsafe {
            Array::from_cell(Element::Integer, array_of_cells(&arena, Element::Integer, cells).to_cell())
        };
        assert_eq!(again, Some(array));
        assert!(Array::parse(Element::Integer, "3").is_none());
    }
}
