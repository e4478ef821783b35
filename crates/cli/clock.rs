//! The only place that reads the clock.
//! A simulated ledger may be told another time with `--at`; a real one may not.
#![allow(clippy::disallowed_methods, reason = "the front end is where the clock is read, once a command")]

use std::time::{SystemTime, UNIX_EPOCH};

use audit::vocabulary::KnownAt;

/// Now, in microseconds; the beginning of 1970 on a machine whose clock lies before it.
pub(crate) fn now() -> KnownAt {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    KnownAt::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
