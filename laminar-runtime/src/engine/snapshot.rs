//! What an engine puts into a snapshot: inputs, clock, counters, groups. Format: `docs/snapshot.md`.

use super::held::Held;
use super::{Engine, OutputCounters, SourceState, build_nodes, watermark};
use crate::checkpoint::{self, Reader, damaged, put_i64, put_u8, put_u32, put_u64};
use crate::error::Error;
use crate::group::GroupNode;
use crate::plan::OutputKind;
use std::io;

impl Engine {
    /// Writes all state. The bytes depend on nothing else: neither on executor and cuts nor on the order of arrival, where
    /// that left no trace in the state.
    ///
    /// # Errors
    /// Those of `w`.
    pub fn snapshot(&self, w: &mut dyn io::Write) -> Result<(), Error> {
        checkpoint::write(self.plan.fingerprint, &self.body(), w)
    }

    /// Takes the state of a snapshot of the same query. After an error the engine is unchanged.
    ///
    /// # Errors
    /// A snapshot that is damaged or of another query; those of `r`.
    pub fn restore(&mut self, r: &mut dyn io::Read) -> Result<(), Error> {
        let body = checkpoint::read(self.plan.fingerprint, r)?;
        let mut r = Reader::new(&body);
        let state = self.read_body(&mut r)?;
        r.end()?;
        let State { sources, now, finished, emitted, rejected, nodes, held } = state;
        self.armed = None;
        self.sources = sources;
        self.nodes = nodes;
        self.held = held;
        self.starts = self.has_to_start();
        (self.now, self.finished) = (now, finished);
        (self.output.emitted, self.output.rejected) = (emitted, rejected);
        self.output_watermark = watermark::minimum(&self.sources, &self.watermark);
        self.find_quiet();
        Ok(())
    }

    /// A number that equals another engine's only where (barring chance) their snapshots are equal.
    pub fn digest(&self) -> u64 {
        let bytes = checkpoint::frame(self.plan.fingerprint, &self.body());
        (crc32fast::hash(&bytes[..bytes.len() - 4]) as u64) << 32 | bytes.len() as u32 as u64
    }

    fn body(&self) -> Vec<u8> {
        let mut to = Vec::new();
        put_u32(&mut to, self.sources.len() as u32);
        for source in &self.sources {
            put_i64(&mut to, source.time_max);
            put_i64(&mut to, source.watermark);
            put_u8(&mut to, source.finished as u8);
            let c = source.counters;
            [c.ingested, c.accepted, c.late, c.rejected].iter().for_each(|&n| put_u64(&mut to, n));
        }
        put_i64(&mut to, self.now);
        put_u8(&mut to, self.finished as u8);
        // How many changes went out depends on where steps ended: such counters are no state, and start anew.
        let counts =
            if self.plan.output == OutputKind::Append { self.output } else { OutputCounters::default() };
        put_u64(&mut to, counts.emitted);
        put_u64(&mut to, counts.rejected);
        put_u32(&mut to, self.nodes.len() as u32);
        for node in &self.nodes {
            checkpoint::write_node(node, &mut to);
        }
        if let (Some(held), Some(order)) = (&self.held, &self.plan.order) {
            held.write(order, &mut to);
        }
        to
    }

    fn read_body(&self, r: &mut Reader<'_>) -> Result<State, Error> {
        if r.u32()? as usize != self.sources.len() {
            return Err(damaged("the number of inputs is wrong"));
        }
        let mut sources: Box<[SourceState]> = self.plan.sources.iter().map(SourceState::new).collect();
        for source in &mut sources {
            source.time_max = r.i64()?;
            source.watermark = r.i64()?;
            source.finished = r.bool()?;
            let c = &mut source.counters;
            for counter in [&mut c.ingested, &mut c.accepted, &mut c.late, &mut c.rejected] {
                *counter = r.u64()?;
            }
        }
        let (now, finished) = (r.i64()?, r.bool()?);
        let (emitted, rejected) = (r.u64()?, r.u64()?);
        if self.plan.output != OutputKind::Append && (emitted, rejected) != (0, 0) {
            return Err(damaged("changes are counted"));
        }
        if r.u32()? as usize != self.nodes.len() {
            return Err(damaged("the number of group nodes is wrong"));
        }
        let mut nodes = build_nodes(&self.plan, self.capacity);
        for node in &mut nodes {
            checkpoint::read_node(node, r)?;
        }
        let mut held = Held::of(&self.plan);
        if let Some(held) = &mut held {
            held.read(r)?;
        }
        Ok(State { sources, now, finished, emitted, rejected, nodes, held })
    }
}

/// What a snapshot holds.
struct State {
    sources: Box<[SourceState]>,
    now: i64,
    finished: bool,
    emitted: u64,
    rejected: u64,
    nodes: Box<[GroupNode]>,
    held: Option<Held>,
}
