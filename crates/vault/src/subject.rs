//! What the open vault has of one subject: a key, drawn or still wrapped as the file has it, or the sign that it was destroyed.
//! It refuses to unwrap a key that nobody asked for: an agency has thousands of people, and most commands ask about none of them.

use std::sync::OnceLock;

use crate::error::{Erased, NoKey};
use crate::scan::offset;
use crate::seal::SubjectKey;
use crate::slot::{Slot, Wrapper};

pub(crate) enum Subject {
    /// Drawn by this vault since it was opened.
    Drawn(SubjectKey),
    /// As the file has it; unwrapped by the first who asks.
    Stored(Box<Stored>),
    Erased,
}

/// A slot of the file, and what is in it once somebody asked; nothing when it was not wrapped here for this subject.
pub(crate) struct Stored {
    slot: Slot,
    at: usize,
    key: OnceLock<Option<SubjectKey>>,
}

impl Subject {
    /// What the file has at slot number `at`.
    pub(crate) fn stored(at: usize, slot: Slot) -> Self {
        Self::Stored(Box::new(Stored { slot, at, key: OnceLock::new() }))
    }

    /// The key.
    ///
    /// # Errors
    /// [`NoKey`].
    pub(crate) fn key(&self, wrapper: &Wrapper) -> Result<&SubjectKey, NoKey> {
        match self {
            Self::Drawn(key) => Ok(key),
            Self::Stored(stored) => {
                let key = stored.key.get_or_init(|| wrapper.unwrap_key(&stored.slot).map(SubjectKey));
                key.as_ref().ok_or(NoKey::Foreign { offset: offset(stored.at) })
            }
            Self::Erased => Err(NoKey::Erased(Erased)),
        }
    }
}
