//! Ctrl-C: asks the query that runs to stop; once more ends the program.

use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Listens from now on. At the prompt the line editor sees the key first.
pub fn listen() {
    // Without a handler, Ctrl-C ends the program as ever.
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
}

/// Whether somebody has asked; and forgets it.
pub fn take() -> bool {
    ASKED.swap(false, Ordering::Relaxed)
}

/// Whether somebody has asked.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
