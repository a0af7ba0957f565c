//! A running query whose results are structs: SQL at run time between Rust types that are known ahead.
//!
//! Under the JIT rows that meet no state are written as structs by machine code, field by field, and go on to the sink from
//! there: no columns between. All other results are made of columns.
//!
//! Not here: rows that were late or failed; they are counted ([`Running::counters`]).

use super::running::{RowsOut, Running};
use super::typed::{place_of, row_out};
use super::{ExecError, Executor};
use crate::ir::Pipeline;
use crate::sir::Store;
use laminar_runtime::engine::{Emitter, OUTPUT_ROWS, OutBatch};
use laminar_runtime::error::Error;
use laminar_runtime::event::Event;
use laminar_runtime::pipeline::{AppendOnly, Changelog, OutputShape, Upserts};
use laminar_runtime::plan::OutputKind;
use laminar_runtime::schema::Repr;
use laminar_runtime::sink::Sink;
use laminar_runtime::stage::{Cell, ColumnMut, ColumnRef};
use laminar_runtime::types::Timestamp;
use std::io;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::Deref;
use std::sync::Arc;

/// A running query that gives structs `R`; by its `Shape` the sink gets `R`, `Change<R>` or `Upsert<R>`. Fields take the columns
/// of their names. What does not touch results is that of [`Running`].
#[derive(Debug)]
pub struct StructPipeline<R, Shape = AppendOnly> {
    running: Running,
    structs: Structs<R>,
    shape: PhantomData<fn() -> Shape>,
}

/// What a query must give to have a shape.
pub trait ShapeOf<R>: OutputShape<R> {
    /// Whether it does.
    fn is(output: &OutputKind) -> bool;
}
impl<R> ShapeOf<R> for AppendOnly {
    fn is(output: &OutputKind) -> bool {
        *output == OutputKind::Append
    }
}
impl<R> ShapeOf<R> for Changelog {
    fn is(output: &OutputKind) -> bool {
        *output == OutputKind::Changes
    }
}
impl<R> ShapeOf<R> for Upserts {
    fn is(output: &OutputKind) -> bool {
        matches!(output, OutputKind::Upsert { .. })
    }
}

/// How structs are made.
#[derive(Debug)]
struct Structs<R> {
    /// Column of each field, and how it is held.
    places: Vec<(usize, Repr)>,
    cells: Vec<(Cell, bool)>,
    /// Where all fields are plain: column, offset and form of each.
    plain: Vec<(usize, usize, Store)>,
    /// Room for structs that machine code writes; empty where it cannot. Never grows, so they stay in place.
    room: Vec<MaybeUninit<R>>,
}

impl<R: Event, Shape: ShapeOf<R>> StructPipeline<R, Shape> {
    /// A pipeline without rows.
    ///
    /// # Errors
    /// A field without column, of another type, or for a column that may be NULL when it may not; results of another shape; as
    /// [`Running::new`].
    pub fn new(pipeline: Arc<Pipeline>, executor: Executor) -> Result<Self, ExecError> {
        StructPipeline::with_capacity(pipeline, executor, 0)
    }

    /// A pipeline whose group tables have room for `groups` groups.
    ///
    /// # Errors
    /// As [`StructPipeline::new`].
    pub fn with_capacity(
        pipeline: Arc<Pipeline>,
        executor: Executor,
        groups: usize,
    ) -> Result<Self, ExecError> {
        let plan = &pipeline.plan;
        if !Shape::is(&plan.output) {
            let what = format!("the query gives {}", shape_text(&plan.output));
            return Err(ExecError::Row(format!("no rows of `{}`: {what}", R::NAME)));
        }
        let mut places = Vec::with_capacity(R::FIELDS.len());
        for field in R::FIELDS {
            let place = place_of(R::NAME, field, &plan.columns).map_err(ExecError::Row)?;
            let column = &plan.columns[place];
            if column.nullable && !field.column.nullable {
                let (name, row) = (&field.column.name, R::NAME);
                return Err(ExecError::Row(format!(
                    "field `{name}` of `{row}` cannot be NULL, but its column can: make it an Option"
                )));
            }
            places.push((place, column.ty.repr()));
        }
        let layout = row_out::<R>(&places, plan.columns.len());
        let mut running = Running::new(pipeline, executor, groups)?;
        let (mut room, mut plain) = (Vec::new(), Vec::new());
        if let Some(layout) = layout {
            let fields = layout.fields.iter().enumerate();
            plain.extend(fields.filter_map(|(place, f)| f.map(|(offset, store)| (place, offset, store))));
            room.resize_with(OUTPUT_ROWS, MaybeUninit::uninit);
            let first = ColumnMut { data: room.as_mut_ptr().cast(), valid: std::ptr::null_mut() };
            running.write_rows(RowsOut { layout, room: [first] });
        }
        let structs = Structs { places, cells: Vec::new(), plain, room };
        Ok(StructPipeline { running, structs, shape: PhantomData })
    }

    /// [`Running::process_rows`]
    ///
    /// # Errors
    /// Its own; a value that does not fit its field.
    ///
    /// # Allocates
    /// At the first batch of a type.
    pub fn process<E, S>(&mut self, source: u32, rows: &[E], out: &mut S) -> Result<(), Error>
    where
        E: Event,
        S: Sink<Shape::Out>,
    {
        self.step(out, |running, emit| running.process_rows(source, rows, emit))
    }

    /// [`Running::watermark`]
    ///
    /// # Errors
    /// As [`StructPipeline::process`].
    pub fn watermark<S: Sink<Shape::Out>>(
        &mut self,
        source: u32,
        w: Timestamp,
        out: &mut S,
    ) -> Result<(), Error> {
        self.step(out, |running, emit| running.watermark(source, w, emit))
    }

    /// [`Running::finish_source`]
    ///
    /// # Errors
    /// As [`StructPipeline::process`].
    pub fn finish_source<S: Sink<Shape::Out>>(&mut self, source: u32, out: &mut S) -> Result<(), Error> {
        self.step(out, |running, emit| running.finish_source(source, emit))
    }

    /// [`Running::finish`]
    ///
    /// # Errors
    /// As [`StructPipeline::process`].
    pub fn finish<S: Sink<Shape::Out>>(&mut self, out: &mut S) -> Result<(), Error> {
        self.step(out, |running, emit| running.finish(emit))
    }

    /// [`Running::restore`]
    ///
    /// # Errors
    /// Its own.
    pub fn restore(&mut self, r: &mut dyn io::Read) -> Result<(), Error> {
        self.running.restore(r)
    }

    fn step<S: Sink<Shape::Out>>(
        &mut self,
        out: &mut S,
        call: impl FnOnce(&mut Running, &mut dyn Emitter) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let structs = &mut self.structs;
        let mut emit = Emit::<R, Shape, S> { out, structs, unfit: 0, error: None, shape: PhantomData };
        let result = call(&mut self.running, &mut emit);
        let (unfit, error) = (emit.unfit, emit.error);
        self.running.engine.take_back(unfit);
        // The engine's own error goes first.
        result.and(error.map_or(Ok(()), Err))
    }
}

impl<R, Shape> Deref for StructPipeline<R, Shape> {
    type Target = Running;
    fn deref(&self) -> &Running {
        &self.running
    }
}

fn shape_text(output: &OutputKind) -> &'static str {
    match output {
        OutputKind::Append => "rows that stay",
        OutputKind::Changes => "changes",
        OutputKind::Upsert { .. } => "upserts",
    }
}

/// Gives the engine's results to a sink of structs.
struct Emit<'a, R, Shape, S> {
    out: &'a mut S,
    structs: &'a mut Structs<R>,
    /// Results that were left out because a value did not fit its field; the first error.
    unfit: u64,
    error: Option<Error>,
    shape: PhantomData<fn() -> Shape>,
}

impl<R> Structs<R> {
    /// A struct of plain fields.
    ///
    /// # Safety
    /// The columns are those of the plan and have a row `row`; `plain` has every field.
    #[inline]
    unsafe fn of_plain(&self, columns: &[ColumnRef], row: usize) -> R {
        let mut made = MaybeUninit::<R>::uninit();
        let start = made.as_mut_ptr().cast::<u8>();
        for &(place, offset, store) in &self.plain {
            // SAFETY: by contract.
            unsafe {
                let (word, at) = (columns[place].data.cast::<u64>(), start.add(offset));
                match store {
                    Store::Bool => at.write(*word.add(row) as u8),
                    Store::I32 => at.cast::<i32>().write_unaligned(*word.add(row) as i32),
                    Store::Word => at.cast::<u64>().write_unaligned(*word.add(row)),
                    Store::Pair => at.cast::<[u64; 2]>().write_unaligned(*word.cast::<[u64; 2]>().add(row)),
                }
            }
        }
        // SAFETY: by contract every field has been written.
        unsafe { made.assume_init() }
    }
}

/// Gives structs that machine code has written to a sink. A function of its own: the compiler knows here that the sink and the
/// structs are apart.
///
/// # Safety
/// All fields of each have been written; nobody reads them again.
#[inline(never)]
unsafe fn give<R, Shape: ShapeOf<R>, S: Sink<Shape::Out>>(rows: &[MaybeUninit<R>], out: &mut S) {
    for row in rows {
        // SAFETY: by contract.
        out.emit(Shape::shape(unsafe { row.assume_init_read() }, 1));
    }
}

impl<R: Event, Shape: ShapeOf<R>, S: Sink<Shape::Out>> Emit<'_, R, Shape, S> {
    fn of_columns(&mut self, batch: &OutBatch<'_>) {
        if !self.structs.plain.is_empty() {
            for at in 0..batch.len {
                let row = batch.order.map_or(at, |order| order[at] as usize);
                // SAFETY: the engine's columns have the plan's types and hold `row`.
                let made = unsafe { self.structs.of_plain(batch.columns, row) };
                self.out.emit(Shape::shape(made, batch.weights.map_or(1, |w| w[at])));
            }
            return;
        }
        let Structs { places, cells, .. } = &mut *self.structs;
        for at in 0..batch.len {
            let row = batch.order.map_or(at, |order| order[at] as usize);
            cells.clear();
            // SAFETY: the engine's columns have the plan's types and hold `row`.
            let cell =
                |&(place, repr): &(usize, Repr)| unsafe { super::cell_of(&batch.columns[place], repr, row) };
            cells.extend(places.iter().map(cell));
            match R::from_cells(cells) {
                Ok(row) => self.out.emit(Shape::shape(row, batch.weights.map_or(1, |w| w[at]))),
                Err(error) => {
                    self.unfit += 1;
                    self.error.get_or_insert(error);
                }
            }
        }
    }
}

impl<R: Event, Shape: ShapeOf<R>, S: Sink<Shape::Out>> Emitter for Emit<'_, R, Shape, S> {
    fn rows(&mut self, batch: &OutBatch<'_>) {
        let room = &self.structs.room;
        let written = batch.columns.first().is_some_and(|c| c.data == room.as_ptr().cast());
        if !written || room.is_empty() {
            return self.of_columns(batch);
        }
        // SAFETY: machine code has written so many structs; each is taken once.
        unsafe { give::<R, Shape, S>(&room[..batch.len], self.out) }
    }
    // Both are counted by the engine.
    fn late(&mut self, _: u32, _: usize) {}
    fn rejected(&mut self, _: u32, _: usize, _: u16) {}
    fn watermark(&mut self, w: Timestamp) {
        self.out.watermark(w)
    }
}
