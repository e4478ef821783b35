//! What the open vault has of one subject: a key, drawn or still wrapped as the file has it, or the sign that it was destroyed.
//! It refuses to unwrap a key that nobody asked for: an agency has thousands of people, and most commands ask about none of them.

use std::sync::OnceLock;

use crate::error::{Erased, NoKey};
use crate::scan::offset;
use crate::seal::SubjectKey;
use crate::slot::{SLOT_LEN, Slot, Wrapper};

pub(crate) enum Subject {
    /// Drawn by this vault since it was opened.
    Drawn(Box<SubjectKey>),
    /// As the file has it; unwrapped by the first who asks.
    Stored(Stored),
    Erased,
}

/// Where in the file the slot is, and what is in it once somebody asked; nothing when it was not wrapped here for this subject.
pub(crate) struct Stored {
    at: usize,
    key: OnceLock<Option<Box<SubjectKey>>>,
}

impl Stored {
    /// Wipes the wrapped key where the file was read to.
    pub(crate) fn wipe(&self, file: &mut [u8]) {
        let slot = usize::try_from(offset(self.at)).ok().and_then(|from| file.get_mut(from..from.checked_add(SLOT_LEN)?));
        slot.unwrap_or_default().fill(0);
    }
}

impl Subject {
    /// What the file has at slot number `at`.
    pub(crate) fn stored(at: usize) -> Self {
        Self::Stored(Stored { at, key: OnceLock::new() })
    }

    /// The key, by the slots of the file.
    ///
    /// # Errors
    /// [`NoKey`].
    pub(crate) fn key(&self, slots: &[[u8; SLOT_LEN]], wrapper: &Wrapper) -> Result<&SubjectKey, NoKey> {
        match self {
            Self::Drawn(key) => Ok(key),
            Self::Stored(Stored { at, key }) => {
                let unwrapped = || slots.get(*at).and_then(Slot::from_bytes).and_then(|slot| wrapper.unwrap_key(&slot));
                let key = key.get_or_init(|| unwrapped().map(SubjectKey).map(Box::new));
                key.as_deref().ok_or(NoKey::Foreign { offset: offset(*at) })
            }
            Self::Erased => Err(NoKey::Erased(Erased)),
        }
    }
}
