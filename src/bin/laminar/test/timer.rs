//! Calls a function when something takes too long.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Dropped in time it never calls.
pub struct Timer {
    /// Its end wakes the thread.
    done: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Timer {
    /// Calls `late` after that time. Where no thread can be had, never.
    pub fn start(after: Duration, late: impl FnOnce() + Send + 'static) -> Timer {
        let (done, wait) = channel();
        let thread = std::thread::Builder::new().spawn(move || {
            if wait.recv_timeout(after) == Err(RecvTimeoutError::Timeout) {
                late();
            }
        });
        Timer { done: Some(done), thread: thread.ok() }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.done = None;
        // What it calls does not panic.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn calls_only_when_late() {
        for (after, runs, expected) in [(60_000, 0, false), (1, 200, true)] {
            let late = Arc::new(AtomicBool::new(false));
            let flag = late.clone();
            let timer =
                Timer::start(Duration::from_millis(after), move || flag.store(true, Ordering::Relaxed));
            std::thread::sleep(Duration::from_millis(runs));
            drop(timer);
            assert_eq!(late.load(Ordering::Relaxed), expected);
        }
    }
}
