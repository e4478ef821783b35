//! `.tlog-proof` files: one leaf, its place, the path to a checkpoint, and the checkpoint with its signatures (C2SP tlog-proof).
//! It refuses to trust the extra data, which nobody signed, and to say yes without a policy from outside the file.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::read_size;
use crate::hash::Hash;
use crate::note::{MAX_NOTE_LEN, Note, NoteError};
use crate::policy::{Accepted, Policy, PolicyRefused};
use crate::verify::{MAX_PROOF_LEN, ProofRefused, verify_inclusion};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// The longest extra data that is read, in bytes.
pub const MAX_EXTRA_LEN: usize = 64 * 1024;

/// What a `.tlog-proof` file holds. Shown as the file's text; reading and showing give back the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// Data of the application, authenticated by nobody.
    pub extra: Option<Vec<u8>>,
    /// Place of the leaf in the log, from 0.
    pub index: u64,
    /// Hashes from the leaf's sibling to the root's child.
    pub path: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: Note,
}

/// Why bytes are not a proof file, or what it holds proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlogProofError {
    /// The first line is another, so it is another kind of file.
    NotAProof,
    /// A line before the checkpoint is not what must stand there.
    Syntax,
    /// The checkpoint is no note.
    Note(NoteError),
    /// The checkpoint does not meet the policy.
    Policy(PolicyRefused),
    /// The path does not lead from the leaf to the root.
    Path,
}

impl fmt::Display for TlogProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAProof => write!(f, "this is not a proof file: its first line is not {FIRST_LINE}"),
            Self::Syntax => f.write_str("the proof file has a line before its checkpoint that does not belong there"),
            Self::Note(error) => error.fmt(f),
            Self::Policy(error) => error.fmt(f),
            Self::Path => f.write_str("the leaf is not in the log at this place: the proof does not lead from it to the root"),
        }
    }
}

impl std::error::Error for TlogProofError {}

impl From<ProofRefused> for TlogProofError {
    fn from(_: ProofRefused) -> Self {
        Self::Path
    }
}

impl TlogProof {
    /// Reads a proof file. Nothing in it is verified.
    ///
    /// # Errors
    /// [`TlogProofError::NotAProof`], [`TlogProofError::Syntax`], [`TlogProofError::Note`].
    pub fn parse(bytes: &[u8]) -> Result<Self, TlogProofError> {
        let (first, rest) = line(bytes).ok_or(TlogProofError::NotAProof)?;
        if first != FIRST_LINE.as_bytes() {
            return Err(TlogProofError::NotAProof);
        }
        let syntax = TlogProofError::Syntax;
        if rest.len() > MAX_NOTE_LEN + MAX_EXTRA_LEN * 2 {
            return Err(syntax);
        }
        let (mut text, mut rest) = text_line(rest).ok_or(syntax.clone())?;
        let mut extra = None;
        if let Some(encoded) = text.strip_prefix("extra ") {
            let decoded = STANDARD.decode(encoded).map_err(|_| syntax.clone())?;
            if decoded.len() > MAX_EXTRA_LEN {
                return Err(syntax);
            }
            extra = Some(decoded);
            (text, rest) = text_line(rest).ok_or(syntax.clone())?;
        }
        let index = text.strip_prefix("index ").and_then(read_size).ok_or(syntax.clone())?;
        let mut path = Vec::new();
        loop {
            (text, rest) = text_line(rest).ok_or(syntax.clone())?;
            if text.is_empty() {
                break;
            }
            if path.len() == MAX_PROOF_LEN {
                return Err(syntax);
            }
            path.push(Hash::from_base64(text).ok_or(syntax.clone())?);
        }
        let checkpoint = Note::parse(rest).map_err(TlogProofError::Note)?;
        Ok(Self { extra, index, path, checkpoint })
    }

    /// Whether the leaf with this hash is in the log at [`TlogProof::index`], under a checkpoint that meets the policy.
    ///
    /// # Errors
    /// [`TlogProofError::Policy`], [`TlogProofError::Path`].
    pub fn verify(&self, leaf: &Hash, policy: &Policy) -> Result<Accepted, TlogProofError> {
        let accepted = policy.check(&self.checkpoint).map_err(TlogProofError::Policy)?;
        verify_inclusion(leaf, self.index, accepted.checkpoint.size(), &self.path, &accepted.checkpoint.root())?;
        Ok(accepted)
    }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

fn line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

pub(crate) fn text_line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (line, rest) = line(bytes)?;
    Some((std::str::from_utf8(line).ok()?, rest))
}
