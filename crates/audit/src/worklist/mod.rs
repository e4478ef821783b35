//! The worklist: choosing findings, and putting on record what people decide about them.
//! A decision never changes a finding's class or status; it refuses findings that are not there.

mod act;
mod choose;

pub use act::{Acted, Asked, Which, act};
pub use choose::{Choice, Disposed, amount};
