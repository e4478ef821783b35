//! The RFC 6962 tree over a ledger's frames, and the signed notes and checkpoints of C2SP that speak of it.
//! It refuses to know what a leaf means, reads no clock and opens no file: hashes and bytes in, hashes and bytes out.
//!
//! Read the modules in this order: hash, tile (how a tree is stored), builder (what makes tiles), tree
//! (the proofs made from them), verify (the proofs checked); then key, note and checkpoint.

mod builder;
mod checkpoint;
mod hash;
mod key;
mod note;
mod tile;
mod tree;
mod verify;

pub use builder::{ResumeError, TileBuilder};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use hash::{Hash, leaf_hash, node_hash, root_of};
pub use key::{KeyError, Signer, Verifier};
pub use note::{MAX_NOTE_LEN, MAX_SIGNATURES, Note, NoteError, Signature};
pub use tile::{TILE_HEIGHT, TILE_WIDTH, TileId, entries_path};
pub use tree::{ProofError, consistency_proof, inclusion_proof, range_proof, root};
pub use verify::{MAX_PROOF_LEN, ProofRefused, verify_consistency, verify_inclusion, verify_range};
