//! Cases as data: events and expected findings written so that a compliance officer can read and write them.
//! A development crate: it appends to no ledger, it only replays what a case says.

pub mod script;
pub mod replay;
pub mod findings;
pub mod markdown;
pub mod run;
pub mod permission;
pub mod world;
