//! When a nightly run is due: a time of day in New York, the nights on which the clocks change, and nights that were missed.
//! Knows no clock, no thread and no ledger: whoever calls says what time it is, waits, and runs.
#![forbid(unsafe_code)]

pub mod daily;
pub mod watch;

pub use daily::{DailyAt, NotATime};
pub use watch::{Step, Watch};
