//! How another thread ends a statement that takes too long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Asks a session to end the statement that runs; see [`Session::stop`](super::Session::stop).
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// The statement that runs ends with [`Error::Stopped`](super::Error::Stopped) before it takes the next rows.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn forget(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}
