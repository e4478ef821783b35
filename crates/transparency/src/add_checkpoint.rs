//! What a log sends to a witness: a size the witness knows, a consistency proof from it, and a signed checkpoint (C2SP tlog-witness v1.0.0).
//! It refuses bodies that do not have this form; what they claim is for the witness to check.

use std::fmt;

use crate::checkpoint::{Checkpoint, read_size};
use crate::hash::Hash;
use crate::note::{MAX_NOTE_LEN, Note};
use crate::proof_file::text_line;

/// The most lines a consistency proof may have in a request.
pub const MAX_CONSISTENCY_LINES: usize = 63;
/// The longest request that is read, in bytes.
pub const MAX_REQUEST_LEN: usize = MAX_NOTE_LEN + 64 * 64;

/// The body of `POST <prefix>/add-checkpoint`. Shown as the body's text; reading and showing give back the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// Size of the checkpoint that the sender thinks the witness cosigned last.
    pub old: u64,
    /// Proof that the tree of that size is a prefix of the new one.
    pub proof: Vec<Hash>,
    /// The new checkpoint with its signatures.
    pub note: Note,
    /// What the note says.
    pub checkpoint: Checkpoint,
}

/// The bytes are not a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddCheckpointRefused;

impl fmt::Display for AddCheckpointRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an add-checkpoint request: `old <size>`, proof lines, an empty line and a signed checkpoint")
    }
}

impl std::error::Error for AddCheckpointRefused {}

impl AddCheckpoint {
    /// A request.
    ///
    /// # Errors
    /// When the note is no checkpoint or the proof too long.
    pub fn new(old: u64, proof: Vec<Hash>, note: Note) -> Result<Self, AddCheckpointRefused> {
        let checkpoint = Checkpoint::parse(note.text()).map_err(|_| AddCheckpointRefused)?;
        if proof.len() > MAX_CONSISTENCY_LINES {
            return Err(AddCheckpointRefused);
        }
        Ok(Self { old, proof, note, checkpoint })
    }

    /// Reads a request. Nothing in it is verified.
    ///
    /// # Errors
    /// [`AddCheckpointRefused`].
    pub fn parse(bytes: &[u8]) -> Result<Self, AddCheckpointRefused> {
        if bytes.len() > MAX_REQUEST_LEN {
            return Err(AddCheckpointRefused);
        }
        let (line, mut rest) = text_line(bytes).ok_or(AddCheckpointRefused)?;
        let old = line.strip_prefix("old ").and_then(read_size).ok_or(AddCheckpointRefused)?;
        let mut proof = Vec::new();
        loop {
            let (line, after) = text_line(rest).ok_or(AddCheckpointRefused)?;
            rest = after;
            if line.is_empty() {
                break;
            }
            if proof.len() == MAX_CONSISTENCY_LINES {
                return Err(AddCheckpointRefused);
            }
            proof.push(Hash::from_base64(line).ok_or(AddCheckpointRefused)?);
        }
        Self::new(old, proof, Note::parse(rest).map_err(|_| AddCheckpointRefused)?)
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.note)
    }
}
