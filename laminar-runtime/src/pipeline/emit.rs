//! Results of the engine as typed rows for a sink.

use super::aside::{Aside, LeftOut};
use super::fields::does_not_fit;
use super::query::{OutOf, Query};
use crate::engine::{Emitter, Engine, OutBatch};
use crate::error::Error;
use crate::sink::{Change, Sink, Upsert};
use crate::types::Timestamp;
use std::alloc::Layout;
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

    /// What the engine is called with.
    #[inline(always)]
    pub fn call(&mut self) -> Call<'_> {
        Call { to: ptr::from_mut(self).cast(), rows: rows::<R, S>, tell: tell::<R, S>, sink: PhantomData }
    }
}

/// A sink without its type, for one call of the engine.
///
/// Of all that happens in a call, two functions are compiled for each query and sink, `rows` and `tell`. The rest is here once: what a
/// hundred pipelines add to a build is a hundred times these.
pub struct Call<'a> {
    to: *mut (),
    rows: unsafe fn(*mut (), &OutBatch<'_>, &mut Unfit),
    tell: unsafe fn(*mut (), Told),
    sink: PhantomData<&'a mut ()>,
}

impl Call<'_> {
    /// [`Engine::process_from`] with the engine's own code.
    ///
    /// # Safety
    /// As there.
    ///
    /// # Errors
    /// Those of the engine, and values that do not fit their fields.
    pub(crate) unsafe fn process_from(
        self,
        engine: &mut Engine,
        lo: usize,
        source: u32,
        base: *const u8,
        rows: usize,
        weights: Option<&[i64]>,
    ) -> Result<(), Error> {
        // SAFETY: as the caller promises.
        self.run(engine, |engine, out| unsafe {
            engine.process_from(lo, source, base, rows, weights, None, out)
        })
    }

    /// [`Engine::process_pieces`].
    ///
    /// # Safety
    /// As there.
    ///
    /// # Errors
    /// Those of the engine, and values that do not fit their fields.
    pub(crate) unsafe fn process_pieces(
        self,
        engine: &mut Engine,
        source: u32,
        rows: usize,
        layout: Layout,
        fill: &mut dyn FnMut(usize, usize, *mut u8),
    ) -> Result<(), Error> {
        // SAFETY: as the caller promises.
        self.run(engine, |engine, out| unsafe { engine.process_pieces(source, rows, layout, fill, out) })
    }

    /// [`Engine::watermark`].
    ///
    /// # Errors
    /// Those of the engine, and values that do not fit their fields.
    pub(crate) fn watermark(self, engine: &mut Engine, source: u32, w: Timestamp) -> Result<(), Error> {
        self.run(engine, |engine, out| engine.watermark(source, w, out))
    }

    /// [`Engine::tick`].
    ///
    /// # Errors
    /// Those of the engine, and values that do not fit their fields.
    pub(crate) fn tick(self, engine: &mut Engine, now: Timestamp) -> Result<(), Error> {
        self.run(engine, |engine, out| engine.tick(now, out))
    }

    /// [`Engine::finish_source`].
    ///
    /// # Errors
    /// Those of the engine, and values that do not fit their fields.
    pub(crate) fn finish_source(self, engine: &mut Engine, source: u32) -> Result<(), Error> {
        self.run(engine, |engine, out| engine.finish_source(source, out))
    }

    /// [`Engine::finish`].
    ///
    /// # Errors
    /// Those of the engine, and values that do not fit their fields.
    pub(crate) fn finish(self, engine: &mut Engine) -> Result<(), Error> {
        self.run(engine, |engine, out| engine.finish(out))
    }

    /// The engine's own error goes before that of a field.
    #[inline(always)]
    fn run(
        self,
        engine: &mut Engine,
        work: impl FnOnce(&mut Engine, &mut dyn Emitter) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut emit = Emit { call: self, unfit: Unfit::default() };
        let result = work(engine, &mut emit);
        let Some(error) = emit.unfit.error else { return result };
        engine.take_back(emit.unfit.rows);
        result.and(Err(*error))
    }
}

/// Gives the engine's results to a sink.
struct Emit<'a> {
    call: Call<'a>,
    unfit: Unfit,
}

/// What a sink hears of besides results.
#[derive(Clone, Copy)]
enum Told {
    LeftOut(LeftOut),
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

impl Emitter for Emit<'_> {
    fn rows(&mut self, batch: &OutBatch<'_>) {
        // SAFETY: `To::call` made both, and borrows what it points to.
        unsafe { (self.call.rows)(self.call.to, batch, &mut self.unfit) }
    }
    fn late(&mut self, _: u32, row: usize) {
        // SAFETY: as in `rows`.
        unsafe { (self.call.tell)(self.call.to, Told::LeftOut(LeftOut::Late(row))) }
    }
    fn rejected(&mut self, _: u32, row: usize, site: u16) {
        // SAFETY: as in `rows`.
        unsafe { (self.call.tell)(self.call.to, Told::LeftOut(LeftOut::Rejected(row, site))) }
    }
    fn watermark(&mut self, w: Timestamp) {
        // SAFETY: as in `rows`.
        unsafe { (self.call.tell)(self.call.to, Told::Watermark(w)) }
    }
}

/// # Safety
/// `to` is a `To<R, S>`.
unsafe fn rows<R: Query, S: Sink<OutOf<R>>>(to: *mut (), batch: &OutBatch<'_>, unfit: &mut Unfit) {
    // SAFETY: as the caller promises.
    let out = unsafe { &mut *(*to.cast::<To<'_, '_, R, S>>()).out };
    let columns = batch.columns.as_ptr();
    let rows = Numbered::of(batch);
    let mut j = 0;
    while j < rows.len {
        let mut wrong = None;
        // SAFETY: the engine gives the plan's output columns, with every row that it names.
        let (row, weight) = unsafe { (R::read(columns, rows.number(j), &mut wrong), rows.weight(j)) };
        j += 1;
        match wrong {
            None => out.emit(R::Shape::shape(row, weight)),
            Some(field) => unfit.note(field),
        }
    }
}

/// The rows of a batch in order of emission.
///
/// Which of its lists there are is no branch but a mask: of a branch the compiler would make two loops, four with weights, for
/// every pipeline.
#[derive(Clone, Copy)]
struct Numbered {
    len: usize,
    /// Number of each row; of one row, 0, where `ordered` is 0.
    order: *const u32,
    /// All ones if there is an order.
    ordered: usize,
    /// Weight of each row; of one row, 1, where `weighted` is 0.
    weights: *const i64,
    /// All ones if there are weights.
    weighted: usize,
}

impl Numbered {
    /// Lengths are checked here once, not for each row.
    fn of(batch: &OutBatch<'_>) -> Numbered {
        let order = batch.order.map(|order| &order[..batch.len]);
        let weights = batch.weights.map(|weights| &weights[..batch.len]);
        let mask = |is_there| if is_there { usize::MAX } else { 0 };
        Numbered {
            len: batch.len,
            order: order.unwrap_or(&[0]).as_ptr(),
            ordered: mask(order.is_some()),
            weights: weights.unwrap_or(&[1]).as_ptr(),
            weighted: mask(weights.is_some()),
        }
    }

    /// Number of the `j`th row in the columns.
    ///
    /// # Safety
    /// `j` is less than `len`, and the batch lives.
    #[inline(always)]
    unsafe fn number(&self, j: usize) -> usize {
        // SAFETY: there is one for each row, or one.
        (j & !self.ordered) + unsafe { *self.order.add(j & self.ordered) } as usize
    }

    /// Its weight.
    ///
    /// # Safety
    /// As for `number`.
    #[inline(always)]
    unsafe fn weight(&self, j: usize) -> i64 {
        // SAFETY: there is one for each row, or one.
        unsafe { *self.weights.add(j & self.weighted) }
    }
}

/// # Safety
/// `to` is a `To<R, S>`.
unsafe fn tell<R: Query, S: Sink<OutOf<R>>>(to: *mut (), told: Told) {
    // SAFETY: as the caller promises.
    let To { out, aside, .. } = unsafe { &mut *to.cast::<To<'_, '_, R, S>>() };
    match told {
        Told::Watermark(w) => out.watermark(w),
        Told::LeftOut(row) => {
            if let Some(aside) = aside {
                aside.left_out(out, row);
            }
        }
    }
}
