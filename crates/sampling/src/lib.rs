//! Random samples that anybody can draw again, and what follows from what was found in them: a point estimate and its bounds.
//! It refuses to know what a unit is, to read a file or a clock, and to round more than once.
//!
//! In reading order: the [`universe`] and its digest, how many units each stratum gives ([`allocate`]), the [`draw`], the quantiles of
//! Student and Gauss ([`quantile`]), the [`estimate`].
#![forbid(unsafe_code)]

pub mod universe;
pub mod allocate;
pub mod draw;
pub mod quantile;
pub mod estimate;

pub use allocate::{Allocation, Oversized, Stratum, given, proportional};
pub use draw::{Seed, draw};
pub use estimate::{Confidence, Estimate, Interval, Moments, Quantile, Unsound, estimate};
pub use universe::{Unfit, Unit, Universe};
