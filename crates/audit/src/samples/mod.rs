//! Samples of paid claims: a universe chosen by a small query, drawn so that anybody can draw it again, and an estimate from what was found.
//! It never says that an overpayment was identified: whether one was is for people to enter.

mod query;
mod universe;
mod strata;
mod file;
mod draw;
mod results;
mod extrapolate;

pub use draw::{Asked, Checked, Drawn, Size, check, draw};
pub use extrapolate::{Bounds, Extrapolated, StratumFound, extrapolate};
pub use file::{Names, Sample};
pub use query::Query;
pub use strata::StrataBy;
pub use universe::UnitOf;
