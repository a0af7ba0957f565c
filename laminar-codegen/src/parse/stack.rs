//! A stack deep enough for the deepest text that the limits allow.
//!
//! In a debug build sqlparser takes up to 250 KiB of stack for one subquery in FROM, and a thread has 2 MiB by default.

use std::cell::Cell;
use std::thread;

/// Address space, of which only what is used becomes memory.
const STACK_BYTES: usize = 64 << 20;

thread_local! {
    static DEEP: Cell<bool> = const { Cell::new(false) };
}

/// Runs `f` on a stack of 64 MiB: on a thread of its own, unless this one has such a stack already.
///
/// For everything that walks a syntax tree. `f` cannot use `proc_macro2` inside a procedural macro, which is bound to the
/// thread of the compiler. Where no thread can be made, `f` runs on the stack there is.
///
/// # Panics
/// If `f` panics.
pub fn on_deep_stack<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    if DEEP.get() {
        return f();
    }
    // Taken by the thread if there is one.
    let mut work = Some(f);
    let slot = &mut work;
    let result = thread::scope(|scope| {
        let run = move || {
            DEEP.set(true);
            slot.take().map(|f| f())
        };
        let thread = thread::Builder::new().name("laminar-compile".into()).stack_size(STACK_BYTES);
        match thread.spawn_scoped(scope, run) {
            Ok(handle) => match handle.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            },
            Err(_) => None,
        }
    });
    match (result, work) {
        (Some(result), _) => result,
        (None, Some(f)) => f(),
        // The thread took the work, so it gave the result or a panic.
        (None, None) => unreachable!("the work was done and had no result"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nests_and_passes_panics_on() {
        let deep = on_deep_stack(|| {
            // 16 MiB, eight times the default.
            fn grow(n: usize) -> usize {
                let frame = std::hint::black_box([n as u8; 16 << 10]);
                if n == 0 { 0 } else { grow(n - 1) + usize::from(frame[7] == n as u8) }
            }
            on_deep_stack(|| grow(1000))
        });
        assert_eq!(deep, 1000);
        let panicked = std::panic::catch_unwind(|| on_deep_stack(|| panic!("the text")));
        assert_eq!(panicked.unwrap_err().downcast_ref::<&str>(), Some(&"the text"));
    }
}
