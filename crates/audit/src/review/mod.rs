//! The reviewer's side: what a pack shows held against what the same reviewer was shown before, and the rules run over it again.
//! It refuses to verify a pack (the verifier does, without rules), and needs no ledger.
//!
//! Modules in reading order: pack (what is taken out of a file), record (what a reviewer keeps of an agency), visit (the comparison), counts, rejudge.

mod pack;
mod record;
mod visit;
mod counts;
mod rejudge;

pub use pack::Pack;
pub use record::{Record, recorded};
pub use rejudge::{Comparison, Noted, Rejudged, rejudge};
pub use visit::{Outcome, Visit, visit};
