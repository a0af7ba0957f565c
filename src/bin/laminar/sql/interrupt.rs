//! Ctrl-C: asks the statement that runs to stop; once more ends the program.

use laminar::adhoc::Stop;
use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Listens from now on. At the prompt the line editor sees the key first.
pub fn listen(stop: Stop) {
    // Without a handler, Ctrl-C ends the program as ever.
    let _ = ctrlc::set_handler(move || {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        stop.ask();
    });
}

/// Whether somebody has asked; and forgets it.
pub fn take() -> bool {
    ASKED.swap(false, Ordering::Relaxed)
}
