//! Results of the engine as typed rows for a sink.

use super::aside::Aside;
use super::fields::does_not_fit;
use super::query::{OutOf, Query};
use crate::engine::{Emitter, Engine, OutBatch};
use crate::error::Error;
use crate::sink::{Change, Sink, Upsert};
use crate::types::Timestamp;
use std::marker::PhantomData;
use std::ptr;

/// What a sink gets for a row and its weight.
pub trait OutputShape<R> {
    /// The row, or a change of it.
    type Out;
    /// Makes it.
    fn shape(row: R, weight: i64) -> Self::Out;
}

/// Rows that stay.
#[derive(Debug)]
pub enum AppendOnly {}
/// Rows with weights.
#[derive(Debug)]
pub enum Changelog {}
/// New rows by key, and deletions.
#[derive(Debug)]
pub enum Upserts {}

impl<R> OutputShape<R> for AppendOnly {
    type Out = R;
    #[inline(always)]
    fn shape(row: R, _: i64) -> R {
        row
    }
}

impl<R> OutputShape<R> for Changelog {
    type Out = Change<R>;
    #[inline(always)]
    fn shape(row: R, weight: i64) -> Change<R> {
        Change { row, weight }
    }
}

impl<R> OutputShape<R> for Upserts {
    type Out = Upsert<R>;
    #[inline(always)]
    fn shape(row: R, weight: i64) -> Upsert<R> {
        if weight > 0 { Upsert::Put(row) } else { Upsert::Delete(row) }
    }
}

/// A sink, and what takes the rows of a call that were left out.
pub struct To<'a, 'b, R, S> {
    out: &'a mut S,
    aside: Option<&'b mut dyn Aside<S>>,
    query: PhantomData<fn() -> R>,
}

impl<'a, 'b, R: Query, S: Sink<OutOf<R>>> To<'a, 'b, R, S> {
    /// For one call.
    #[inline(always)]
    pub fn new(out: &'a mut S, aside: Option<&'b mut dyn Aside<S>>) -> Self {
        To { out, aside, query: PhantomData }
    }

    /// What the engine calls.
    #[inline(always)]
    pub fn emit(&mut self) -> Emit<'_> {
        Emit {
            to: ptr::from_mut(self).cast(),
            rows: rows::<R, S>,
            tell: tell::<R, S>,
            unfit: Unfit::default(),
            call: PhantomData,
        }
    }
}

/// Gives the engine's results to a sink.
///
/// Of all this two functions are compiled for each query and sink, `rows` and `tell`: a method of a generic type would be a symbol of
/// the user's crate, with a long name, twice.
pub struct Emit<'a> {
    to: *mut (),
    rows: unsafe fn(*mut (), &OutBatch<'_>, &mut Unfit),
    tell: unsafe fn(*mut (), Told),
    unfit: Unfit,
    call: PhantomData<&'a mut ()>,
}

/// What a sink hears of besides results.
#[derive(Clone, Copy)]
enum Told {
    Late(usize),
    Rejected(usize, u16),
    Watermark(Timestamp),
}

/// Results of one call that did not fit their fields, and were left out.
#[derive(Debug, Default)]
struct Unfit {
    /// The first of them.
    error: Option<Box<Error>>,
    rows: u64,
}

impl Unfit {
    #[cold]
    #[inline(never)]
    fn note(&mut self, field: &str) {
        self.rows += 1;
        self.error.get_or_insert_with(|| Box::new(does_not_fit(field)));
    }
}

impl Emit<'_> {
    /// Ends the call: the engine's own error goes first.
    ///
    /// # Errors
    /// The first thing that went wrong.
    pub fn done(self, result: Result<(), Error>, engine: &mut Engine) -> Result<(), Error> {
        let Some(error) = self.unfit.error else { return result };
        // The engine counted them as emitted.
        let counters = engine.output_counters_mut();
        counters.emitted -= self.unfit.rows;
        counters.rejected += self.unfit.rows;
        result.and(Err(*error))
    }
}

impl Emitter for Emit<'_> {
    fn rows(&mut self, batch: &OutBatch<'_>) {
        // SAFETY: `To::emit` made both, and borrows what it points to.
        unsafe { (self.rows)(self.to, batch, &mut self.unfit) }
    }
    fn late(&mut self, _: u32, row: usize) {
        // SAFETY: as in `rows`.
        unsafe { (self.tell)(self.to, Told::Late(row)) }
    }
    fn rejected(&mut self, _: u32, row: usize, site: u16) {
        // SAFETY: as in `rows`.
        unsafe { (self.tell)(self.to, Told::Rejected(row, site)) }
    }
    fn watermark(&mut self, w: Timestamp) {
        // SAFETY: as in `rows`.
        unsafe { (self.tell)(self.to, Told::Watermark(w)) }
    }
}

/// # Safety
/// `to` is a `To<R, S>`.
unsafe fn rows<R: Query, S: Sink<OutOf<R>>>(to: *mut (), batch: &OutBatch<'_>, unfit: &mut Unfit) {
    // SAFETY: as the caller promises.
    let to = unsafe { &mut *to.cast::<To<'_, '_, R, S>>() };
    // Checked once, not in each turn.
    let order = batch.order.map_or(ptr::null(), |order| order[..batch.len].as_ptr());
    let weights = batch.weights.map_or(ptr::null(), |weights| weights[..batch.len].as_ptr());
    let mut j = 0;
    while j < batch.len {
        // SAFETY: where they are, there is one for each row to emit.
        let (i, weight) = unsafe {
            let i = if order.is_null() { j } else { *order.add(j) as usize };
            (i, if weights.is_null() { 1 } else { *weights.add(j) })
        };
        j += 1;
        // SAFETY: the engine gives the plan's output columns, with every row that it names.
        match unsafe { R::read(batch.columns, i) } {
            Ok(row) => to.out.emit(R::Shape::shape(row, weight)),
            Err(field) => unfit.note(field),
        }
    }
}

/// # Safety
/// `to` is a `To<R, S>`.
unsafe fn tell<R: Query, S: Sink<OutOf<R>>>(to: *mut (), told: Told) {
    // SAFETY: as the caller promises.
    let To { out, aside, .. } = unsafe { &mut *to.cast::<To<'_, '_, R, S>>() };
    match (told, aside) {
        (Told::Watermark(w), _) => out.watermark(w),
        (Told::Late(row), Some(aside)) => aside.late(out, row),
        (Told::Rejected(row, site), Some(aside)) => aside.rejected(out, row, site),
        (_, None) => {}
    }
}
