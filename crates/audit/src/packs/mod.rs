//! Audit packs: what a scope needs is gathered, what concerns others is left out, and the file is made, recorded and handed over.
//! Refuses to write over a file, to hand out a pack that the ledger does not record, and to put more in than the scope asks for.
//!
//! Modules in reading order: scope (what is asked for), select (which events), mask (names that stay back), disclose (frames, keys, proofs),
//! findings, people (histories), cover, create (all of it).

mod scope;
mod select;
mod mask;
mod disclose;
mod findings;
mod people;
mod cover;
mod create;

pub use create::{Asked, Made, create};
pub use pack::{Cover, CoverFinding, NOTICE};
pub use scope::{Scope, read_sample};
