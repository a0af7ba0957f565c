//! Ends the test, with the SQL at fault, where a mutant takes too long or too much memory.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const TIME_MAX: Duration = Duration::from_secs(60);
const RESIDENT_MIB_MAX: u64 = 4096;

/// What runs now, and since when.
pub struct Watch(Arc<Mutex<Option<(String, Instant)>>>);

impl Watch {
    pub fn start() -> Watch {
        let now: Arc<Mutex<Option<(String, Instant)>>> = Arc::default();
        let seen = Arc::downgrade(&now);
        std::thread::spawn(move || {
            while let Some(now) = seen.upgrade() {
                let now = now.lock().expect("nobody panics with the lock").clone();
                if let Some((sql, since)) = now {
                    let resident = resident_mib("VmRSS:");
                    if since.elapsed() > TIME_MAX || resident > RESIDENT_MIB_MAX {
                        eprintln!("{:?}, {resident} MiB resident:\n{sql}", since.elapsed());
                        std::process::abort();
                    }
                }
                std::thread::sleep(Duration::from_millis(200));
            }
        });
        Watch(now)
    }

    pub fn begin(&self, sql: &str) {
        *self.0.lock().expect("nobody panics with the lock") = Some((sql.to_owned(), Instant::now()));
    }

    pub fn end(&self) {
        *self.0.lock().expect("nobody panics with the lock") = None;
    }
}

/// The most memory that was ever resident; 0 where the system does not say.
pub fn resident_mib_max() -> u64 {
    resident_mib("VmHWM:")
}

fn resident_mib(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix(key));
    line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
