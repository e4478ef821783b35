//! Checks an audit pack, knowing nothing but its format (`FORMAT.md` of the crate `pack`): every byte, every hash, every signature, and where the findings' evidence stands.
//! It refuses to believe anything that it can compute, to say that all is well without a key from outside, and to run the rules.
//!
//! Modules in reading order: report (what is said), archive and json (how a pack is taken apart), evidence (frames, tree, signatures), frames, proof,
//! content (what the frames say, what was left out), layout, payload, sealed, time; print (for people), program (the command).

mod report;
mod archive;
mod json;
mod evidence;
mod manifest;
mod frames;
mod proof;
mod outside;
mod content;
mod findings;
mod layout;
mod payload;
mod sealed;
mod time;
mod print;
pub mod program;

pub use print::{to_json, to_text};
pub use report::{Outcome, Report, Restated, Step, Told, Verdict};
pub use transparency::{CosignatureVerifier, Verifier};

/// What the reviewer has from elsewhere than the pack.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The log's key, as the reviewer was given it.
    pub key: Option<Verifier>,
    /// Earlier or other checkpoints of the log: where each comes from, and its bytes.
    pub checkpoints: Vec<(String, Vec<u8>)>,
    /// Keys of witnesses whose cosignatures count.
    pub witnesses: Vec<CosignatureVerifier>,
    /// End with the first step that fails: whether, and not where else.
    pub first_failure: bool,
}

/// Checks a pack.
pub fn check(file: &[u8], given: &Given) -> Report {
    let mut report = Report::default();
    let stopped = evidence::check(file, given, &mut report);
    if stopped.is_none() {
        report.step("content", "what the pack says").not_checked("the evidence above did not hold");
    }
    report
}

/// The entries of a pack, by name and in the order of the file, for whoever goes on with one that [`check`] passed; of anything else what can be found.
pub fn entries(file: &[u8]) -> Vec<(&str, &[u8])> {
    archive::Archive::read(file).entries.iter().map(|entry| (entry.name, entry.bytes)).collect()
}
