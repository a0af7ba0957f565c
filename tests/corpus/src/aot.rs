//! The cases as the build script compiled them ahead of time.

use crate::rows;
use crate::run::Run;
use crate::value::{Emitted, Value};
use laminar::__rt::{At, Out as OutOf, Pipeline, Takes};
use laminar::{Change, Error, Event, Upsert};
use std::ops::Range;
use std::sync::LazyLock;

laminar::include_pipelines!();

use cases::{E, T, U, V};

/// The rows of all sources.
struct Inputs {
    t: Vec<T>,
    u: Vec<U>,
    e: Vec<E>,
    v: Vec<V>,
}

static INPUTS: LazyLock<Inputs> =
    LazyLock::new(|| Inputs { t: typed("t"), u: typed("u"), e: typed("e"), v: typed("v") });

fn typed<E: Event>(source: &str) -> Vec<E> {
    let row = |r: &rows::Row| E::from_cells(&r.cells()).unwrap_or_else(|e| panic!("{e}"));
    rows::of(source).iter().map(row).collect()
}

/// Gives rows of a source, by its number in the query, to a pipeline.
trait Feed: Pipeline + Sized {
    fn feed(&mut self, source: usize, rows: Range<usize>, out: &mut Vec<OutOf<Self>>) -> Result<(), Error>;
}

/// What a pipeline emits, as values.
trait Emission {
    fn emitted(&self) -> Emitted;
}

/// The values of a row.
fn emitted<E: Event>(row: &E, weight: i64) -> Emitted {
    let mut values = Vec::with_capacity(E::FIELDS.len());
    for (i, field) in E::FIELDS.iter().enumerate() {
        // SAFETY: the cell is of the field's type, and its text is the row's.
        let mut push = |cell, valid| values.push(unsafe { Value::of_cell(cell, valid, field.column.ty) });
        E::gather(std::slice::from_ref(row), i, &mut push);
    }
    Emitted { row: values, weight }
}

impl<R: Event> Emission for Change<R> {
    fn emitted(&self) -> Emitted {
        emitted(&self.row, self.weight)
    }
}

impl<R: Event> Emission for Upsert<R> {
    fn emitted(&self) -> Emitted {
        match self {
            Upsert::Put(row) => emitted(row, 1),
            Upsert::Delete(row) => emitted(row, -1),
        }
    }
}

/// A pipeline compiled ahead of time.
struct Aot<P: Pipeline> {
    pipeline: P,
    out: Vec<OutOf<P>>,
}

impl<P: Feed> Run for Aot<P>
where
    OutOf<P>: Emission,
{
    fn take(&mut self, source: usize, rows: Range<usize>) {
        self.pipeline.feed(source, rows, &mut self.out).unwrap_or_else(|e| panic!("{e}"));
    }
    fn finish(&mut self) {
        laminar::__rt::finish(&mut self.pipeline, &mut self.out).unwrap_or_else(|e| panic!("{e}"));
    }
    fn snapshot(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.pipeline.engine().snapshot(&mut bytes).unwrap_or_else(|e| panic!("{e}"));
        bytes
    }
    fn restore(&mut self, mut snapshot: &[u8]) {
        self.pipeline.engine_mut().restore(&mut snapshot).unwrap_or_else(|e| panic!("{e}"));
    }
    fn digest(&self) -> u64 {
        self.pipeline.engine().digest()
    }
    fn drain(&mut self) -> Vec<Emitted> {
        self.out.drain(..).map(|row| row.emitted()).collect()
    }
}

/// From the lines of the build script, `name Row RowPipeline rows|changes [0 source, …];`, to [`case`].
macro_rules! table {
    ($($name:ident $row:ident $pipeline:ident $kind:ident [$($at:literal $rows:ident),*];)*) => {
        $(
            impl Feed for cases::$pipeline {
                fn feed(&mut self, source: usize, rows: Range<usize>, out: &mut Vec<OutOf<Self>>) -> Result<(), Error> {
                    match source {
                        $($at => Takes::<At<$at>, _, _>::take(self, &INPUTS.$rows[rows], out),)*
                        _ => panic!("there is no source {source}"),
                    }
                }
            }
            table!(@emission $kind $row);
        )*

        /// A run of the case of that name, without rows.
        pub fn case(name: &str) -> Option<Box<dyn Run>> {
            Some(match name {
                $(stringify!($name) => Box::new(Aot { pipeline: cases::$row::pipeline(), out: Vec::new() }),)*
                _ => return None,
            })
        }
    };
    (@emission rows $row:ident) => {
        impl Emission for cases::$row {
            fn emitted(&self) -> Emitted {
                emitted(self, 1)
            }
        }
    };
    (@emission changes $row:ident) => {};
}

include!(concat!(env!("OUT_DIR"), "/table.rs"));
