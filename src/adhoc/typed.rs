//! Rust types in a session: events that are pushed, results as structs.

use super::batch::Batch;
use super::error::Error;
use super::flow::Arrival;
use super::relation::{Body, Pushed, Relation};
use super::rows::Rows;
use super::session::Session;
use super::value::Value;
use laminar_codegen::exec::place_of;
use laminar_runtime::event::{Event, Field, Memory};
use laminar_runtime::schema::Column;
use laminar_runtime::stage::Cell;

impl Session {
    /// Makes an event type a source under its own name. Its rows come by [`Session::push`]; none is kept, so it is read
    /// through materialized views.
    ///
    /// # Errors
    /// A name that is taken.
    pub fn register<E: Event>(&mut self) -> Result<(), Error> {
        if let Some(index) = self.relations.find(E::NAME, false) {
            let existing = &self.relations.list[index];
            return Err(Error::Typed(format!("{} `{}` exists already", existing.kind(), existing.name)));
        }
        let columns = E::FIELDS.iter().map(|f| f.column.clone()).collect();
        let unsigned = E::FIELDS.iter().map(|f| f.memory == Memory::U64).collect();
        let time = E::TIME.map(|t| (t.field, t.delay_ns));
        let body = Body::Pushed(Pushed { finished: false, unsigned });
        self.add(Relation { name: E::NAME.to_owned(), columns, time, reads: Vec::new(), body });
        Ok(())
    }

    /// Takes rows of a registered type, in one step.
    ///
    /// # Errors
    /// A type that is not registered or has ended; a row that fails under `on_error = fail` in a view: views have then
    /// taken the rows before it, some of them all rows.
    pub fn push<E: Event>(&mut self, rows: &[E]) -> Result<(), Error> {
        match self.relations.get(E::NAME).map(|r| &r.body) {
            Some(Body::Pushed(Pushed { finished: false, .. })) => {}
            Some(Body::Pushed(_)) => {
                return Err(laminar_runtime::error::Error::Finished(E::NAME.into()).into());
            }
            _ => return Err(Error::Typed(format!("event type `{}` is not registered", E::NAME))),
        }
        let columns: Vec<Column> = E::FIELDS.iter().map(|f| f.column.clone()).collect();
        let mut batch = Batch::new(&columns);
        // Row by row: what `gather` gives may refer to the row only.
        let mut cells: Vec<(Cell, bool)> = Vec::with_capacity(columns.len());
        for row in rows {
            cells.clear();
            for field in 0..columns.len() {
                E::gather(std::slice::from_ref(row), field, &mut |cell, valid| cells.push((cell, valid)));
            }
            // SAFETY: the row is alive, and its cells are of its fields' types.
            unsafe { batch.push_cells(cells.iter().copied()) };
        }
        self.deliver(E::NAME, Arrival { rows: Some(&batch), watermark: None, finished: false })
    }

    /// Ends all registered inputs: windows over them close, and no more rows are taken.
    ///
    /// # Errors
    /// A result that fails under `on_error = fail`.
    pub fn finish(&mut self) -> Result<(), Error> {
        for index in 0..self.relations.list.len() {
            let relation = &mut self.relations.list[index];
            let Body::Pushed(pushed) = &mut relation.body else { continue };
            if std::mem::replace(&mut pushed.finished, true) {
                continue;
            }
            let name = relation.name.clone();
            self.deliver(&name, Arrival { rows: None, watermark: None, finished: true })?;
        }
        Ok(())
    }

    /// Runs a query and returns its result as structs. Fields take the columns of their names.
    ///
    /// # Errors
    /// As [`Session::query`]; a field without column, or of another type.
    pub fn query_as<T: Event>(&mut self, sql: &str) -> Result<Vec<T>, Error> {
        self.query(sql)?.to_structs()
    }

    /// What a materialized view holds now, as structs.
    ///
    /// # Errors
    /// As [`Session::view`] and [`Session::query_as`].
    pub fn view_as<T: Event>(&self, name: &str) -> Result<Vec<T>, Error> {
        self.view(name)?.to_structs()
    }
}

impl Rows {
    /// The rows as structs. Fields take the columns of their names; columns without field are left out.
    ///
    /// # Errors
    /// A field without column or of another type, a value that does not fit.
    pub fn to_structs<T: Event>(&self) -> Result<Vec<T>, Error> {
        let mut places = Vec::with_capacity(T::FIELDS.len());
        for field in T::FIELDS {
            places.push(self.place_of(T::NAME, field)?);
        }
        let mut rows = Vec::with_capacity(self.len());
        for row in self.iter() {
            let cells: Vec<(Cell, bool)> = places.iter().map(|p| row[*p].to_cell()).collect();
            rows.push(T::from_cells(&cells)?);
        }
        Ok(rows)
    }

    fn place_of(&self, name: &str, field: &Field) -> Result<usize, Error> {
        let (wanted, columns) = (&field.column, self.columns());
        let place = place_of(name, field, columns).map_err(Error::Typed)?;
        let column = &columns[place];
        if column.nullable && !wanted.nullable && self.iter().any(|row| row[place] == Value::Null) {
            return Err(Error::Typed(format!(
                "field `{}` of `{name}` cannot be NULL, but a value is: make it an Option",
                wanted.name
            )));
        }
        Ok(place)
    }
}
