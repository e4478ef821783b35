//! The append-only store: events in, sealed and chained; events out, in order, with what verifies them.
//! It refuses to change or drop what it has acknowledged, to open what does not continue its last signed checkpoint, and to know any rule.
//!
//! Modules in reading order: what callers see ([`Ledger`], [`Import`], [`Appender`], outcomes and errors), how a draft is checked, encoded
//! and staged, how blocks, chain and tree grow, the key index, the stored layouts (`PAYLOADS.md`), reading, verifying, the files.

mod ledger;
mod create;
mod outcome;
mod error;
mod incident;
mod import;
mod rehearsal;
mod appender;
mod batch;
mod check;
mod encode;
mod pipeline;
mod growth;
mod block;
mod row;
mod keys;
mod staged;
mod bloom;
mod siphash;
mod people;
mod wire;
mod replay;
mod lookup;
mod ordered;
mod verified;
mod verify;
mod tree;
mod anchor;
mod outside;
mod rotate;
mod export;
mod backup;
mod disclose;
mod outsider;
mod naming;
mod erase;
mod leftovers;
mod derived;
mod pieces;
mod all_pieces;
mod excerpt;
mod core;
mod store;
mod directory;

#[cfg(test)]
#[path = "../tests/support/examples.rs"]
mod examples;
#[cfg(test)]
#[path = "../tests/support/drafts.rs"]
mod drafts;
#[cfg(test)]
#[path = "../tests/disks/mod.rs"]
mod disks;
#[cfg(test)]
#[path = "../tests/later/mod.rs"]
mod later;

pub use crate::core::Head;
pub use appender::Appender;
pub use backup::{Backup, BackupOptions};
pub use create::CreateOptions;
pub use derived::{Derived, Origin};
pub use disclose::{Frame, SealedValue};
pub use erase::{Erased, Erasures, Grounds, Sealing, Subject};
pub use error::LedgerError;
pub use import::Import;
pub use incident::Incident;
pub use ledger::Ledger;
pub use naming::Naming;
pub use outsider::Outsider;
pub use outside::{Cosigned, Timestamped};
pub use outcome::{Expect, Outcome, Receipt, Refusal, Refused};
pub use people::ERASED;
pub use all_pieces::AllPieces;
pub use pieces::{KeptSection, Pieces, Section};
pub use row::read_row;
pub use replay::{NotInterpreted, Query, Reason, Replayed};
pub use tree::Tree;
pub use verified::{Failure, State, VerifyReport};
pub use verify::VerifyOptions;
