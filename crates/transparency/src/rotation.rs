//! The keys of one log over time: each new key is introduced by a statement that the old and the new key both sign.
//! It refuses a statement that one of them did not sign, and what a retired key signs over events that came after it.
//!
//! ```text
//! countersign/key-rotation/v1
//! ledger.riverbend.example
//! old ledger.riverbend.example+cc9de1c6+AYqI4910CfGV...
//! new ledger.riverbend.example+5d1c09a2+AUQp0jJ3qPl8...
//! from 4812
//! root xjG65k7alGDy52MOsmQmoQ8rG/qzfMK2yiLe0qj8tO8=
//!
//! — ledger.riverbend.example zJ3hxipQ22za...
//! — ledger.riverbend.example XRwJou93lqqp...
//! ```
//!
//! The third line keeps it from being read as a checkpoint, whatever the log is called.

use std::fmt;

use crate::checkpoint::{Checkpoint, CheckpointError, read_size};
use crate::hash::Hash;
use crate::key::{Signer, Verifier};
use crate::note::{Note, NoteError};

const FIRST_LINE: &str = "countersign/key-rotation/v1";

/// One change of key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRotation {
    /// The key that is retired.
    pub old: Verifier,
    /// The key that signs from here on.
    pub new: Verifier,
    /// Number of events when the key changed: the old key vouches for no larger tree.
    pub from: u64,
    /// Root over these events.
    pub root: Hash,
}

/// Why a statement does not continue a chain of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RotationError {
    /// The note around it is refused.
    Note(NoteError),
    /// The text is not that of a rotation.
    Syntax,
    /// The old and the new key do not belong to the same log, or are the same.
    Keys,
    /// Old and new key did not both sign.
    NotBoth,
    /// Its old key is not the last key of the chain, or it goes back in the log.
    OutOfPlace,
}

impl fmt::Display for RotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Note(error) => error.fmt(f),
            Self::Syntax => f.write_str("this is not a statement of a key rotation"),
            Self::Keys => f.write_str("a rotation is from one key of a log to another key of the same log"),
            Self::NotBoth => f.write_str("a rotation must be signed by the old key and by the new one"),
            Self::OutOfPlace => f.write_str("the rotation does not continue from the key before it"),
        }
    }
}

impl std::error::Error for RotationError {}

impl From<NoteError> for RotationError {
    fn from(error: NoteError) -> Self {
        Self::Note(error)
    }
}

impl KeyRotation {
    /// Signs the statement that `new` takes over from `old` after `from` events with `root`.
    ///
    /// # Errors
    /// [`RotationError::Keys`], [`RotationError::Note`].
    pub fn sign(old: &Signer, new: &Signer, from: u64, root: Hash) -> Result<(Self, Note), RotationError> {
        let rotation = Self { old: old.verifier().clone(), new: new.verifier().clone(), from, root };
        rotation.check_keys()?;
        let note = Note::sign(&rotation.to_text(), &[old, new])?;
        Ok((rotation, note))
    }

    fn check_keys(&self) -> Result<(), RotationError> {
        let right = self.old.name() == self.new.name() && self.old.public_key() != self.new.public_key();
        if right { Ok(()) } else { Err(RotationError::Keys) }
    }

    fn to_text(&self) -> String {
        format!("{FIRST_LINE}\n{}\nold {}\nnew {}\nfrom {}\nroot {}\n", self.old.name(), self.old, self.new, self.from, self.root)
    }

    /// Reads a statement and checks that both keys it names signed it. Whether the old key is one to trust is for [`KeyChain::extend`].
    ///
    /// # Errors
    /// Any [`RotationError`] but [`RotationError::OutOfPlace`].
    pub fn open(note: &Note) -> Result<Self, RotationError> {
        let mut lines = note.text().strip_suffix('\n').ok_or(RotationError::Syntax)?.split('\n');
        let mut field = |name: &str| lines.next().and_then(|line| line.strip_prefix(name)).ok_or(RotationError::Syntax);
        field(FIRST_LINE)?;
        let origin = field("")?;
        let key = |text: &str| Verifier::parse(text).map_err(|_| RotationError::Syntax);
        let (old, new) = (key(field("old ")?)?, key(field("new ")?)?);
        let from = read_size(field("from ")?).ok_or(RotationError::Syntax)?;
        let root = Hash::from_base64(field("root ")?).ok_or(RotationError::Syntax)?;
        let rotation = Self { old, new, from, root };
        // One spelling only: what is read is what would be written.
        if rotation.to_text() != note.text() || origin != rotation.old.name() {
            return Err(RotationError::Syntax);
        }
        rotation.check_keys()?;
        let both = [rotation.old.clone(), rotation.new.clone()];
        if note.verify(&both)?.len() < both.len() {
            return Err(RotationError::NotBoth);
        }
        Ok(rotation)
    }
}

/// The keys of a log in their order, and the statements that lead from each to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyChain {
    first: Verifier,
    rotations: Vec<(KeyRotation, Note)>,
}

impl KeyChain {
    /// The chain of a log that never changed its key.
    pub fn new(first: Verifier) -> Self {
        Self { first, rotations: Vec::new() }
    }

    /// Adds the next statement.
    ///
    /// # Errors
    /// Any [`RotationError`].
    pub fn extend(&mut self, note: Note) -> Result<(), RotationError> {
        let rotation = KeyRotation::open(&note)?;
        let follows = rotation.old == *self.current() && self.keys().all(|known| known.public_key() != rotation.new.public_key());
        if !follows || self.rotations.last().is_some_and(|(before, _)| before.from > rotation.from) {
            return Err(RotationError::OutOfPlace);
        }
        self.rotations.push((rotation, note));
        Ok(())
    }

    /// The key that signs now.
    pub fn current(&self) -> &Verifier {
        self.rotations.last().map_or(&self.first, |(rotation, _)| &rotation.new)
    }

    /// All keys, the first one first.
    pub fn keys(&self) -> impl Iterator<Item = &Verifier> {
        std::iter::once(&self.first).chain(self.rotations.iter().map(|(rotation, _)| &rotation.new))
    }

    /// The changes of key with their signed statements, in order.
    pub fn rotations(&self) -> &[(KeyRotation, Note)] {
        &self.rotations
    }

    /// Reads a signed checkpoint of this log, by whichever of its keys signed it at its time.
    ///
    /// # Errors
    /// As [`Checkpoint::open`]; [`CheckpointError::Retired`] when only retired keys signed, over more events than there were when they retired.
    pub fn open(&self, bytes: &[u8]) -> Result<(Checkpoint, Note), CheckpointError> {
        let note = Note::parse(bytes)?;
        let keys: Vec<Verifier> = self.keys().cloned().collect();
        let signed = note.verify(&keys)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        if checkpoint.origin() != self.first.name() {
            return Err(CheckpointError::WrongOrigin { found: checkpoint.origin().to_owned() });
        }
        let in_time = |key: &Verifier| {
            let retired = self.rotations.iter().find(|(rotation, _)| rotation.old == *key);
            retired.is_none_or(|(rotation, _)| checkpoint.size() <= rotation.from)
        };
        if !signed.into_iter().any(in_time) {
            return Err(CheckpointError::Retired);
        }
        Ok((checkpoint, note))
    }
}
