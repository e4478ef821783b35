//! Writes an audit pack (`FORMAT.md`): frames, the proof that they are a ledger's, findings, histories and a cover, in one deterministic file.
//! It refuses to choose what goes into it, to read a ledger and to hold a key: those are handed in, and the log signs a digest.
//!
//! Modules in reading order: contents (what is handed in), frames, proof, assemble (the entries), archive (the file), cover.

mod contents;
mod frames;
mod proof;
mod assemble;
mod archive;
mod cover;

pub use archive::{MAX_PACK_LEN, PackError};
pub use assemble::{Assembled, assemble, manifest_note_text};
pub use contents::{Contents, Earlier, EventKey, Kind, LedgerName, Redaction, Scope, What, Why};
pub use cover::{Cover, CoverFinding, CoverPerson, CoverRecord, NOTICE};
pub use frames::Frames;
pub use proof::frame_proof;
