//! Shared blocks for long texts, recycled by size class.
//!
//! ```text
//! [owners: atomic u32] [class: u32] [text …]
//!                                   ^ what the functions here hand around
//! ```
//!
//! Invariant: a block on a free list has no owner; its first 8 bytes of text hold the next free block.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::Cell;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicU32, Ordering, fence};

#[repr(C)]
struct Header {
    owners: AtomicU32,
    /// Size class: the block has `32 << class` bytes.
    class: u32,
}

const HEADER_BYTES: usize = size_of::<Header>();
/// Class 0 is a block of 32 bytes; each next one doubles.
const CLASSES: usize = 12;
const FIRST_BYTES: usize = 32;
/// Longest text: with the header it fills a block of 2^30 bytes.
pub(super) const LEN_MAX: usize = (1 << 30) - HEADER_BYTES;
/// What one class of one thread keeps at most.
const KEPT_BYTES_MAX: usize = 2 << 20;

/// Free blocks of a thread: a list and its length for each class.
struct Free {
    first: [Cell<*mut u8>; CLASSES],
    count: [Cell<usize>; CLASSES],
}

thread_local! {
    static FREE: Free = const {
        Free { first: [const { Cell::new(ptr::null_mut()) }; CLASSES], count: [const { Cell::new(0) }; CLASSES] }
    };
}

impl Drop for Free {
    fn drop(&mut self) {
        for class in 0..CLASSES {
            while let Some(block) = self.pop(class) {
                // SAFETY: a block of this class without owner.
                unsafe { free(block, class) };
            }
        }
    }
}

impl Free {
    #[inline]
    fn pop(&self, class: usize) -> Option<NonNull<u8>> {
        let block = NonNull::new(self.first[class].get())?;
        // SAFETY: the first bytes of a free block hold the next one.
        self.first[class].set(unsafe { block.cast::<*mut u8>().read() });
        self.count[class].set(self.count[class].get() - 1);
        Some(block)
    }

    /// Whether there was room for it.
    #[inline]
    fn push(&self, class: usize, block: NonNull<u8>) -> bool {
        if self.count[class].get() >= KEPT_BYTES_MAX / (FIRST_BYTES << class) {
            return false;
        }
        // SAFETY: the block has no owner and room for an address; texts start 8-aligned.
        unsafe { block.cast::<*mut u8>().write(self.first[class].get()) };
        self.first[class].set(block.as_ptr());
        self.count[class].set(self.count[class].get() + 1);
        true
    }
}

/// The smallest class with room for `len` bytes of text; beyond `CLASSES` such blocks are never kept.
#[inline]
fn class_of(len: usize) -> usize {
    let blocks = (len + HEADER_BYTES).div_ceil(FIRST_BYTES);
    blocks.next_power_of_two().trailing_zeros() as usize
}

/// A block with room for `len` bytes, at most `LEN_MAX`, and one owner.
#[inline]
pub(super) fn take(len: usize) -> NonNull<u8> {
    assert!(len <= LEN_MAX);
    let class = class_of(len);
    if class < CLASSES
        && let Ok(Some(block)) = FREE.try_with(|free| free.pop(class))
    {
        // SAFETY: the header of a free block is ours.
        unsafe { header(block).as_ref() }.owners.store(1, Ordering::Relaxed);
        return block;
    }
    allocate(class)
}

#[inline]
const fn layout(class: usize) -> Layout {
    // SAFETY: classes come from lengths of at most `LEN_MAX`: a power of two of at most 2^30 bytes.
    unsafe { Layout::from_size_align_unchecked(FIRST_BYTES << class, 8) }
}

#[cold]
#[inline(never)]
fn allocate(class: usize) -> NonNull<u8> {
    let layout = layout(class);
    // SAFETY: the layout has at least 32 bytes.
    let Some(start) = NonNull::new(unsafe { alloc(layout) }) else { handle_alloc_error(layout) };
    // SAFETY: fresh memory, aligned for the header and larger than it.
    unsafe {
        start.cast::<Header>().write(Header { owners: AtomicU32::new(1), class: class as u32 });
        start.add(HEADER_BYTES)
    }
}

/// # Safety
/// `block` is of `allocate(class)` and not used any more.
#[cold]
#[inline(never)]
unsafe fn free(block: NonNull<u8>, class: usize) {
    // SAFETY: by contract; the allocation starts at the header.
    unsafe { dealloc(block.sub(HEADER_BYTES).as_ptr(), layout(class)) };
}

/// # Safety
/// `block` is of `take`.
#[inline(always)]
unsafe fn header(block: NonNull<u8>) -> NonNull<Header> {
    // SAFETY: the header stands before the text, in one allocation.
    unsafe { block.sub(HEADER_BYTES).cast() }
}

/// One owner more.
///
/// # Safety
/// The caller is an owner of `block`.
#[inline]
pub(super) unsafe fn retain(block: NonNull<u8>) {
    // SAFETY: by contract the block is alive.
    let owners = unsafe { header(block).as_ref() }.owners.fetch_add(1, Ordering::Relaxed);
    if owners > u32::MAX / 2 {
        // Two billion clones that were never dropped: as `Arc` does, stop before the count wraps.
        std::process::abort();
    }
}

/// One owner less; the last one gives the block back.
///
/// # Safety
/// The caller is an owner of `block` and does not use it any more.
#[inline]
pub(super) unsafe fn release(block: NonNull<u8>) {
    // SAFETY: by contract the block is alive.
    let header = unsafe { header(block).as_ref() };
    if header.owners.fetch_sub(1, Ordering::Release) != 1 {
        return;
    }
    fence(Ordering::Acquire);
    let class = header.class as usize;
    let kept = class < CLASSES && FREE.try_with(|free| free.push(class, block)).unwrap_or(false);
    if !kept {
        // SAFETY: the last owner has gone.
        unsafe { free(block, class) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alloc::Counting;

    #[test]
    fn classes_have_room() {
        let check = |len, class| {
            assert_eq!(class_of(len), class, "{len}");
            assert!(layout(class).size() >= len + HEADER_BYTES);
        };
        check(13, 0);
        check(24, 0);
        check(25, 1);
        check(56, 1);
        check(57, 2);
        check(65_528, CLASSES - 1);
        check(65_529, CLASSES);
        check(LEN_MAX, 25);
        assert_eq!(layout(25).size(), 1 << 30);
    }

    #[test]
    fn free_lists_are_bounded() {
        let len = 60_000;
        let kept_max = KEPT_BYTES_MAX / (FIRST_BYTES << class_of(len));
        let blocks: Vec<_> = (0..kept_max + 5).map(|_| take(len)).collect();
        for block in blocks {
            // SAFETY: its only owner.
            unsafe { release(block) };
        }
        let before = Counting::start();
        let blocks: Vec<_> = (0..kept_max + 5).map(|_| take(len)).collect();
        assert_eq!(before.allocations_since(), 1 + 5, "the vector, and the blocks beyond the bound");
        for block in blocks {
            // SAFETY: its only owner.
            unsafe { release(block) };
        }
    }

    #[test]
    fn large_blocks_are_not_kept() {
        // SAFETY: its only owner.
        let round = || unsafe { release(take(70_000)) };
        round();
        let before = Counting::start();
        round();
        assert_eq!(before.allocations_since(), 1);
    }
}
