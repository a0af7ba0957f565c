//! A pipeline with what exists only at run time.

use std::marker::PhantomData;

/// Makes a pipeline `P`: `Vwap::builder().capacity(100_000).build()`.
#[derive(Debug)]
pub struct Builder<P> {
    groups: usize,
    make: fn(usize) -> P,
    made: PhantomData<P>,
}

impl<P> Builder<P> {
    #[doc(hidden)]
    pub const fn new(groups: usize, make: fn(usize) -> P) -> Self {
        Builder { groups, make, made: PhantomData }
    }

    /// Room for this many groups in each group table: up to it the tables never grow.
    pub fn capacity(mut self, groups: usize) -> Self {
        self.groups = groups;
        self
    }

    /// The pipeline, without rows.
    pub fn build(self) -> P {
        (self.make)(self.groups)
    }
}
