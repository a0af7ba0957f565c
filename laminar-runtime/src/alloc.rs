//! The counting allocator that proves zero allocation.
//!
//! Not an allocator of its own: it counts and asks the system's. Counts are per thread, so that other threads do
//! not disturb a measurement.
//!
//! ```
//! use laminar_runtime::alloc::{Counting, CountingAllocator};
//!
//! #[global_allocator]
//! static ALLOCATOR: CountingAllocator = CountingAllocator;
//!
//! let counting = Counting::start();
//! let _one = Box::new(7);
//! assert_eq!(counting.allocations_since(), 1);
//! ```

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
    static BYTES: Cell<u64> = const { Cell::new(0) };
}

/// The system's allocator with counters; for `#[global_allocator]` in tests, examples and benchmarks.
#[derive(Clone, Copy, Debug, Default)]
pub struct CountingAllocator;

fn count(bytes: usize) {
    ALLOCATIONS.set(ALLOCATIONS.get() + 1);
    BYTES.set(BYTES.get() + bytes as u64);
}

// SAFETY: every call goes to `System` unchanged; counting touches only thread-locals without destructors.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller's contract is `System`'s.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count(new_size);
        // SAFETY: as above.
        unsafe { System.realloc(ptr, layout, new_size) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(ptr, layout) }
    }
}

/// Allocations (and reallocations) of this thread so far; 0 unless [`CountingAllocator`] is installed.
pub fn allocations() -> u64 {
    ALLOCATIONS.get()
}

/// Bytes that this thread asked for so far.
pub fn allocated_bytes() -> u64 {
    BYTES.get()
}

/// A place in this thread's history of allocations to count from.
#[derive(Clone, Copy, Debug)]
pub struct Counting {
    allocations: u64,
    bytes: u64,
}

impl Counting {
    /// Counts from here.
    pub fn start() -> Counting {
        Counting { allocations: allocations(), bytes: allocated_bytes() }
    }

    /// Allocations since the start.
    pub fn allocations_since(&self) -> u64 {
        allocations() - self.allocations
    }

    /// Bytes asked for since the start.
    pub fn bytes_since(&self) -> u64 {
        allocated_bytes() - self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Serves all unit tests of the crate.
    #[global_allocator]
    static ALLOCATOR: CountingAllocator = CountingAllocator;

    #[test]
    fn the_counter_counts() {
        let counting = Counting::start();
        let mut v: Vec<u8> = Vec::with_capacity(10);
        assert_eq!((counting.allocations_since(), counting.bytes_since()), (1, 10));
        v.reserve_exact(100);
        assert_eq!((counting.allocations_since(), counting.bytes_since()), (2, 110));
        drop(v);
        assert_eq!(counting.allocations_since(), 2);
        drop(vec![0_u8; 50]);
        assert_eq!((counting.allocations_since(), counting.bytes_since()), (3, 160));
    }

    #[test]
    fn other_threads_do_not_disturb() {
        let (tx, rx) = std::sync::mpsc::channel::<()>();
        let other = std::thread::spawn(move || {
            rx.recv().unwrap();
            drop(vec![1_u8; 1000]);
        });
        let counting = Counting::start();
        let before = counting.bytes_since();
        tx.send(()).unwrap();
        other.join().unwrap();
        assert!(counting.bytes_since() - before < 1000);
    }
}
