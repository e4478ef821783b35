//! Checkpoints: what a log's signed notes say (C2SP tlog-checkpoint v1.0.0): origin, size and root.
//! It refuses extension lines of our own making, and does not judge consistency: that is for who signs or cosigns.

use std::fmt;

use crate::hash::Hash;
use crate::key::{Signer, Verifier};
use crate::note::{Note, NoteError};

/// The state of a log: so many leaves, this root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

/// Why a text is not a checkpoint, or not one of this log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckpointError {
    /// The note around it is refused.
    Note(NoteError),
    /// The origin line is empty, missing, or holds a control character.
    Origin,
    /// The size is not a plain decimal number below 2^64.
    Size,
    /// The root is not 32 bytes in base64.
    Root,
    /// An extension line is empty, or the text does not end in a newline.
    Extension,
    /// It was signed only by a key that had been retired by then.
    Retired,
    /// It is the checkpoint of another log.
    WrongOrigin {
        /// The origin it states.
        found: String,
    },
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Note(error) => error.fmt(f),
            Self::Origin => f.write_str("the checkpoint has no proper origin line"),
            Self::Size => f.write_str("the checkpoint's size is not a plain decimal number"),
            Self::Root => f.write_str("the checkpoint's root is not 32 bytes in base64"),
            Self::Extension => f.write_str("the checkpoint goes on with an empty line or does not end in a newline"),
            Self::Retired => f.write_str("the checkpoint is signed only by a key that was retired before the ledger had that many events"),
            Self::WrongOrigin { found } => write!(f, "this is a checkpoint of {found}"),
        }
    }
}

impl std::error::Error for CheckpointError {}

impl From<NoteError> for CheckpointError {
    fn from(error: NoteError) -> Self {
        Self::Note(error)
    }
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    ///
    /// # Errors
    /// [`CheckpointError::Origin`].
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        if origin.is_empty() || origin.contains(char::is_control) {
            return Err(CheckpointError::Origin);
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions: Vec::new() })
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Root of the tree of that size.
    pub fn root(&self) -> Hash {
        self.root
    }

    /// Extension lines of a checkpoint that was read; ours have none.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// Reads the text of a note as a checkpoint.
    ///
    /// # Errors
    /// Any [`CheckpointError`] about a line.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointError::Extension)?.split('\n');
        let origin = lines.next().ok_or(CheckpointError::Origin)?;
        let size = lines.next().and_then(read_size).ok_or(CheckpointError::Size)?;
        let root = lines.next().and_then(Hash::from_base64).ok_or(CheckpointError::Root)?;
        let mut checkpoint = Self::new(origin, size, root)?;
        for line in lines {
            if line.is_empty() || line.contains(|c: char| c < ' ') {
                return Err(CheckpointError::Extension);
            }
            checkpoint.extensions.push(line.to_owned());
        }
        Ok(checkpoint)
    }

    /// The text that is signed.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, self.root);
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// Signs this checkpoint. A log must never sign one that is inconsistent with an earlier one:
    /// whoever calls this has compared.
    ///
    /// # Errors
    /// [`CheckpointError::Note`] when there are no signers or too many.
    pub fn sign(&self, signers: &[&Signer]) -> Result<Note, CheckpointError> {
        Ok(Note::sign(&self.to_text(), signers)?)
    }

    /// Reads a signed checkpoint of the log `origin` and checks that `log` signed it. The note is
    /// given back whole, so that cosignatures in it can be judged too.
    ///
    /// # Errors
    /// Any [`CheckpointError`].
    pub fn open(bytes: &[u8], origin: &str, log: &Verifier) -> Result<(Self, Note), CheckpointError> {
        let note = Note::parse(bytes)?;
        // Signature before content: nothing of an unsigned text is believed, not even its origin.
        note.verify(std::slice::from_ref(log))?;
        let checkpoint = Self::parse(note.text())?;
        if checkpoint.origin != origin {
            return Err(CheckpointError::WrongOrigin { found: checkpoint.origin });
        }
        Ok((checkpoint, note))
    }
}

/// Decimal digits without sign or leading zeros.
pub(crate) fn read_size(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let one_spelling = text == "0" || !text.starts_with('0');
    (plain && one_spelling).then(|| text.parse().ok()).flatten()
}
