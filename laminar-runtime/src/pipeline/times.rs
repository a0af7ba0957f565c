//! The greatest event time of the rows of a call.
//!
//! Beside other fields of a struct it is taken row by row. A column of its own is left alone until the rows have been seen to, and
//! then taken at the speed of memory.

use super::cells::Lane;
use super::stateless::UNFIT;

/// The greatest event time so far, of a field in `L`.
#[derive(Clone, Copy, Debug)]
pub struct Times<L> {
    lane: L,
    /// First row whose time has not been taken; of columns only.
    from: usize,
    max: i64,
}

impl<L: Lane> Times<L> {
    /// At the begin of a call.
    #[inline(always)]
    pub fn new(lane: L, max: i64) -> Self {
        Times { lane, from: 0, max }
    }

    /// A row of this time is accepted.
    #[inline(always)]
    pub fn see(&mut self, time: i64) {
        if !L::WORDS {
            self.max = self.max.max(time);
        }
    }

    /// Row `row` has been left out, if `site` is one of the query's: its time does not count.
    ///
    /// # Safety
    /// There is such a row, and all before it have been seen to.
    #[inline(always)]
    pub unsafe fn skip(&mut self, row: usize, site: u32) {
        if L::WORDS && site < UNFIT {
            // SAFETY: as the caller promises.
            self.max = unsafe { self.end(row) };
            self.from = row + 1;
        }
    }

    /// The greatest time of the rows before `row`.
    ///
    /// # Safety
    /// There are so many rows, and all have been seen to.
    #[inline(always)]
    pub unsafe fn end(&self, row: usize) -> i64 {
        if !L::WORDS {
            return self.max;
        }
        // SAFETY: as the caller promises; a lane of words is a slice of them.
        self.max.max(greatest(unsafe {
            std::slice::from_raw_parts(self.lane.words().add(self.from), row - self.from)
        }))
    }
}

/// The greatest of the words; `i64::MIN` if there are none.
#[inline]
fn greatest(words: &[i64]) -> i64 {
    #[cfg(target_arch = "x86_64")]
    if words.len() >= 2 * WIDTH && std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the machine has AVX2.
        return unsafe { greatest_avx2(words) };
    }
    fold(words)
}

/// The vectors of x86-64 without AVX2 do not compare words.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn greatest_avx2(words: &[i64]) -> i64 {
    fold(words)
}

/// Words compared side by side.
const WIDTH: usize = 16;

#[inline(always)]
fn fold(words: &[i64]) -> i64 {
    let (blocks, rest) = words.as_chunks::<WIDTH>();
    let mut side = [i64::MIN; WIDTH];
    for block in blocks {
        for (max, word) in side.iter_mut().zip(block) {
            *max = (*max).max(*word);
        }
    }
    side.iter().chain(rest).fold(i64::MIN, |max, word| max.max(*word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::cells::{ColumnLane, lane};

    #[test]
    fn the_greatest_is_found_wherever_it_is() {
        assert_eq!(greatest(&[]), i64::MIN);
        for len in [1, 15, 16, 17, 31, 32, 33, 100] {
            for at in 0..len {
                let mut words: Vec<i64> = (0..len as i64).map(|i| -(i * 7 % 5) - 1).collect();
                words[at] = 0;
                assert_eq!((greatest(&words), fold(&words)), (0, 0), "{at} of {len}");
                words[at] = i64::MAX;
                assert_eq!(greatest(&words), i64::MAX, "{at} of {len}");
            }
        }
        assert_eq!(greatest(&[i64::MIN; 40]), i64::MIN);
    }

    #[test]
    fn rows_left_out_do_not_count() {
        let times = [3_i64, 9, 4, 8, 1];
        let check = |skipped: &[(usize, u32)], expected: i64| {
            let mut rows = Times::new(lane(times.as_ptr(), times.as_ptr()), 2);
            let mut columns = Times::new(ColumnLane(times.as_ptr()), 2);
            for (i, time) in times.iter().enumerate() {
                match skipped.iter().find(|(row, _)| *row == i) {
                    Some((row, site)) => {
                        // The time of a result that does not fit has been seen before.
                        if *site >= UNFIT {
                            rows.see(*time);
                        }
                        // SAFETY: the arrays have the row.
                        unsafe {
                            rows.skip(*row, *site);
                            columns.skip(*row, *site);
                        }
                    }
                    None => {
                        rows.see(*time);
                        columns.see(*time);
                    }
                }
            }
            // SAFETY: all rows have been seen to.
            assert_eq!(unsafe { (rows.end(5), columns.end(5)) }, (expected, expected), "{skipped:?}");
        };
        check(&[], 9);
        check(&[(1, 0)], 8);
        check(&[(1, 0), (3, 7)], 4);
        check(&[(1, UNFIT), (3, 7)], 9);
        check(&[(0, 1), (1, 1), (2, 1), (3, 1), (4, 1)], 2);
    }
}
