//! Scratch columns between two stages, and the arrays of pointers that stages take.

use crate::plan::CellColumn;
use crate::stage::{ColumnMut, ColumnRef};

/// Columns that keep their memory, with room for `room` rows.
pub(super) struct ColumnSet {
    /// SQL types.
    pub types: Box<[CellColumn]>,
    cells: Box<[Vec<u64>]>,
    valid: Box<[Vec<u8>]>,
    writers: Box<[ColumnMut]>,
    readers: Box<[ColumnRef]>,
    room: usize,
}

impl ColumnSet {
    pub fn new(types: &[CellColumn], room: usize) -> ColumnSet {
        let n = types.len();
        let null = std::ptr::null_mut();
        let mut set = ColumnSet {
            types: types.into(),
            cells: vec![Vec::new(); n].into(),
            valid: vec![Vec::new(); n].into(),
            writers: vec![ColumnMut { data: null, valid: null }; n].into(),
            readers: vec![ColumnRef { data: null, valid: null }; n].into(),
            room: 0,
        };
        set.reserve(room);
        set
    }

    /// Makes room for `rows` rows in all; what is there stays.
    #[inline]
    pub fn reserve(&mut self, rows: usize) {
        if rows > self.room {
            self.grow(rows.next_power_of_two());
        }
    }

    #[cold]
    fn grow(&mut self, rows: usize) {
        for (c, ty) in self.types.iter().enumerate() {
            self.cells[c].resize(rows * ty.repr().width() / 8, 0);
            let data: *mut u8 = self.cells[c].as_mut_ptr().cast();
            let valid = if ty.nullable {
                self.valid[c].resize(rows, 0);
                self.valid[c].as_mut_ptr()
            } else {
                std::ptr::null_mut()
            };
            self.writers[c] = ColumnMut { data, valid };
            self.readers[c] = ColumnRef { data, valid };
        }
        self.room = rows;
    }

    /// The columns as a stage writes them.
    #[inline(always)]
    pub fn writers(&self) -> *const ColumnMut {
        self.writers.as_ptr()
    }

    /// The columns as a stage reads them.
    #[inline(always)]
    pub fn readers(&self) -> &[ColumnRef] {
        &self.readers
    }

    /// Makes rows `0..order.len()` those of `from` that `order` names.
    ///
    /// # Safety
    /// `from` has columns of the same types, and every row that `order` names.
    pub unsafe fn gather(&mut self, from: *const ColumnRef, order: &[u32]) {
        // SAFETY: as the caller promises.
        unsafe { self.gather_at(0, from, order) };
    }

    /// Makes the rows from `at` on those of `from` that `order` names.
    ///
    /// # Safety
    /// As for [`ColumnSet::gather`].
    pub unsafe fn gather_at(&mut self, at: usize, from: *const ColumnRef, order: &[u32]) {
        self.reserve(at + order.len());
        for (c, ty) in self.types.iter().enumerate() {
            // SAFETY: as the caller promises; `reserve` made room for the rows.
            unsafe {
                let from = *from.add(c);
                let to = self.writers[c];
                if ty.repr().width() == 8 {
                    take(from.data.cast::<u64>(), order, to.data.cast::<u64>().add(at));
                } else {
                    take(from.data.cast::<[u64; 2]>(), order, to.data.cast::<[u64; 2]>().add(at));
                }
                if ty.nullable {
                    take(from.valid, order, to.valid.add(at));
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn take<T: Copy>(from: *const T, order: &[u32], to: *mut T) {
    for (j, &i) in order.iter().enumerate() {
        // SAFETY: as for `gather`.
        unsafe { *to.add(j) = *from.add(i as usize) }
    }
}
