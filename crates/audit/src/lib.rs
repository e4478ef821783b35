//! Puts the stages together, ledger to findings, for the front ends: they see only what is here and compute nothing.
//! Knows no HTTP, no terminal and no clock; whoever calls says what time it is.

pub mod words;
pub mod error;
pub mod beside;
mod beside_writers;
pub mod cut;
pub mod office;
pub mod drop_folder;
pub mod intake;
pub mod tables;
mod exchange;
pub mod fhir_trail;
pub mod interchange;
pub mod acts;
pub mod loaded;
mod resume;
pub mod scan;
pub mod json;
pub mod describe;
mod places;
pub mod known_when;
pub mod explain;
pub mod worklist;
pub mod exposure;
pub mod upcoming;
pub mod history;
pub mod rulebook;
pub mod checklist;
pub mod settings;
pub mod compare;
pub mod scans;
pub mod changes;
pub mod nightly;
pub mod ahead;
pub mod impact;
pub mod evidence;
pub mod doctor;
pub mod backup;
pub mod outside;
pub mod events;
pub mod packs;
pub mod review;
mod settled;
pub mod holds;
pub mod samples;
pub mod desk;

pub use cut::Cut;
pub use error::{AuditError, Fault};
pub use office::{InitOptions, init};

/// The vocabulary the front ends need to name things.
pub mod vocabulary {
    pub use domain::event::Event;
    pub use domain::ids::IdKind;
    pub use domain::{Cents, KnownAt, Moment, Recorded, Seq, ValidAt, ValidDay};
    pub use rules::{Class, Finding, NotEvaluated, Report, Status, Summary};
}
