//! The RFC 6962 tree over a ledger's frames, and the signed notes and checkpoints of C2SP that speak of it.
//! It refuses to know what a leaf means, reads no clock and opens no file: hashes and bytes in, hashes and bytes out.
//!
//! Read the modules in this order: hash, tile (how a tree is stored), builder (what makes tiles), tree
//! (the proofs made from them), verify (the proofs checked); then key, note and checkpoint; then what others say of a
//! checkpoint: cosignature, policy, proof_file, add_checkpoint (what a witness is sent), rotation (a log's keys over time), timestamp (RFC 3161).

mod add_checkpoint;
mod builder;
mod checkpoint;
mod cosignature;
mod der;
mod hash;
mod key;
mod note;
mod policy;
mod proof_file;
mod rotation;
mod tile;
mod timestamp;
mod tree;
mod verify;

pub use add_checkpoint::{AddCheckpoint, AddCheckpointRefused, MAX_CONSISTENCY_LINES, MAX_REQUEST_LEN};
pub use builder::{ResumeError, TileBuilder};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use cosignature::{CosignatureSigner, CosignatureVerifier};
pub use hash::{Hash, leaf_hash, node_hash, root_of};
pub use key::{KeyError, PublicKey, SecretKey, Signer, Verifier};
pub use note::{MAX_NOTE_LEN, MAX_SIGNATURES, Note, NoteError, Signature, signature_lines};
pub use policy::{Accepted, MAX_POLICY_ITEMS, MAX_POLICY_LEN, Policy, PolicyError, PolicyLog, PolicyProblem, PolicyRefused, PolicyWitness};
pub use proof_file::{MAX_EXTRA_LEN, TlogProof, TlogProofError};
pub use rotation::{KeyChain, KeyRotation, RotationError};
pub use tile::{TILE_HEIGHT, TILE_WIDTH, TileId, entries_path};
pub use timestamp::{MAX_TIMESTAMP_LEN, TimestampError, read_timestamp, timestamp_query};
pub use tree::{ProofError, consistency_proof, inclusion_proof, range_proof, root};
pub use verify::{MAX_PROOF_LEN, ProofRefused, verify_consistency, verify_inclusion, verify_range};
