//! Derived state kept beside the ledger, sealed: what a scan need not work out again.
//! It refuses nothing and promises nothing: a file that is missing, torn, of another ledger or version, or sealed under a key that an
//! erasure destroyed, is no file, and whoever asked derives everything from the ledger again.
//!
//! ```text
//! derived/NAME     "countersign derived v1\n" · length of the head (u32) · head · sections, each sealed
//! ```
//!
//! The head (`bincode`, as in `PAYLOADS.md`) says which ledger and state of it the file was derived from, and where its sections lie; it
//! names nobody. Sections are sealed with a key of their own subject in the vault, which every erasure destroys: what derived state knew
//! of somebody erased is gone with it.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use vault::{EventKey, Pseudonym, Vault};
use zeroize::Zeroizing;

use crate::directory::{self, Directory};
use crate::error::{LedgerError, at, damaged};
use crate::ledger::Ledger;
use crate::wire::codec;

const MAGIC: &[u8] = b"countersign derived v1\n";
/// No event stands at this seq: the keys of derived state are not those of an event.
const NO_EVENT: u64 = u64::MAX;

/// From what a derived file was derived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Events of the ledger.
    pub size: u64,
    /// Root of its tree at that size.
    pub root: [u8; 32],
    /// Version of whatever derived it; files of another version are not opened.
    pub version: String,
}

#[derive(Serialize, Deserialize)]
struct Head {
    ledger_id: [u8; 16],
    origin: Origin,
    /// Name, first byte after the head, length.
    sections: Vec<(String, u64, u64)>,
}

/// A derived file, opened.
pub struct Derived {
    file: Mutex<File>,
    key: EventKey,
    head: Head,
    /// Associated data of every section: the head as it stands in the file.
    head_bytes: Vec<u8>,
    /// Room for sections, used again: fresh memory for each costs more than opening it.
    room: Mutex<Vec<Zeroizing<Vec<u8>>>>,
}

/// A section's bytes.
pub struct Section<'d> {
    derived: &'d Derived,
    bytes: Zeroizing<Vec<u8>>,
    value: Range<usize>,
}

impl AsRef<[u8]> for Section<'_> {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(self.value.clone()).unwrap_or_default()
    }
}

impl Drop for Section<'_> {
    fn drop(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        self.derived.room.lock().unwrap_or_else(PoisonError::into_inner).push(bytes);
    }
}

impl Derived {
    /// From what it was derived.
    pub fn origin(&self) -> &Origin {
        &self.head.origin
    }

    /// A section's bytes; `None` when there is no such section, or not as it was written.
    pub fn section(&self, name: &str) -> Option<Section<'_>> {
        let (number, (_, offset, len)) = (0u16..).zip(&self.head.sections).find(|(_, (known, ..))| known == name)?;
        let mut bytes = self.room.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        bytes.clear();
        {
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            let start = (MAGIC.len() + 4 + self.head_bytes.len()) as u64;
            file.seek(SeekFrom::Start(start.checked_add(*offset)?)).ok()?;
            // A hostile length reads to the end of the file and no further.
            std::io::Read::take(&mut *file, *len).read_to_end(&mut bytes).ok()?;
        }
        let value = vault::open_in_place(&self.key, number, &self.head_bytes, &mut bytes).ok()?;
        Some(Section { derived: self, bytes, value })
    }
}

impl Ledger {
    /// Keeps derived state under a name, replacing what was kept under it. Not durable: after a crash it may be gone.
    ///
    /// # Errors
    /// [`LedgerError::ReadOnly`], [`LedgerError::Vault`], [`LedgerError::Io`].
    pub fn keep_derived(&mut self, name: &str, origin: Origin, sections: &[(&str, &[u8])]) -> Result<(), LedgerError> {
        if self.writer.is_none() {
            return Err(LedgerError::ReadOnly);
        }
        let key = {
            let mut vault = self.core.people.vault.write().unwrap_or_else(PoisonError::into_inner);
            let who = derived_subject(&vault);
            let key = vault.subject_key_or_create(who)?;
            if vault.has_unflushed() {
                vault.flush()?;
            }
            key.event_key(&self.core.genesis.ledger_id().0, NO_EVENT)
        };
        let mut offset = 0;
        let placed = sections.iter().map(|(name, bytes)| {
            let len = (bytes.len() + vault::SEALED_OVERHEAD) as u64;
            offset += len;
            ((*name).to_owned(), offset - len, len)
        });
        let head = Head { ledger_id: self.core.genesis.ledger_id().0, origin, sections: placed.collect() };
        let mut head_bytes = Vec::new();
        codec::write(&mut head_bytes, &head).map_err(|_| damaged("the head of derived state is too long"))?;
        let path = self.core.directory.derived(name);
        fs::create_dir_all(self.core.directory.derived_dir()).map_err(at(&path))?;
        directory::restrict_dir(&self.core.directory.derived_dir())?;
        let staging = path.with_extension("new");
        let mut file = File::create(&staging).map_err(at(&staging))?;
        let write = |file: &mut File| -> std::io::Result<()> {
            directory::make_private(file)?;
            file.write_all(MAGIC)?;
            // The head is a few kilobytes.
            file.write_all(&(head_bytes.len() as u32).to_le_bytes())?;
            file.write_all(&head_bytes)?;
            for (number, (_, bytes)) in (0u16..).zip(sections) {
                file.write_all(&vault::seal(&key, number, &head_bytes, bytes))?;
            }
            Ok(())
        };
        write(&mut file).map_err(at(&staging))?;
        drop(file);
        fs::rename(&staging, &path).map_err(at(&path))
    }

    /// Individuals whom derived state of this ledger names: reading events about them then need not look for their introductions, each in
    /// a block of its own. An erasure destroys derived state, so that none of these names is one that may no longer be told.
    pub fn remember_individuals<'n>(&self, ids: impl Iterator<Item = &'n str>) {
        self.core.people.remember_all(ids);
    }

    /// Opens derived state kept under a name, if it is of this ledger as it stood at that size, and of this version.
    pub fn derived(&self, name: &str, version: &str) -> Option<Derived> {
        let key = {
            let vault = self.core.people.vault.read().unwrap_or_else(PoisonError::into_inner);
            let key = vault.subject_key(derived_subject(&vault)).ok()??;
            key.event_key(&self.core.genesis.ledger_id().0, NO_EVENT)
        };
        let mut file = File::open(self.core.directory.derived(name)).ok()?;
        let mut front = [0; MAGIC.len() + 4];
        file.read_exact(&mut front).ok()?;
        let (magic, len) = front.split_last_chunk::<4>()?;
        let len = usize::try_from(u32::from_le_bytes(*len)).ok().filter(|len| *len <= codec::MAX_PAYLOAD_LEN)?;
        if magic != MAGIC {
            return None;
        }
        let mut head_bytes = vec![0; len];
        file.read_exact(&mut head_bytes).ok()?;
        let head: Head = codec::read(&head_bytes).ok()?;
        let of_this_ledger = head.ledger_id == self.core.genesis.ledger_id().0 && head.origin.version == version;
        if !of_this_ledger || !self.had(&head.origin) {
            return None;
        }
        Some(Derived { file: Mutex::new(file), key, head, head_bytes, room: Mutex::default() })
    }

    /// Whether the ledger stood so: as large, with this root.
    fn had(&self, origin: &Origin) -> bool {
        let is_as_large = self.head().is_ok_and(|head| origin.size > 0 && origin.size <= head.size);
        is_as_large && transparency::root(origin.size, |level, index| self.tree_hash(level, index)).is_ok_and(|root| root.0 == origin.root)
    }
}

/// The subject of derived state: the first of its kind whose key was not destroyed.
pub(crate) fn derived_subject(vault: &Vault) -> Pseudonym {
    subjects(vault).find(|who| !vault.is_erased(*who)).unwrap_or_else(|| subject(vault, u32::MAX))
}

/// Whether a destroyed key was one of derived state: nobody's.
pub(crate) fn is_derived(vault: &Vault, who: Pseudonym) -> bool {
    subjects(vault).take_while(|known| vault.is_erased(*known)).any(|known| known == who)
}

fn subjects(vault: &Vault) -> impl Iterator<Item = Pseudonym> {
    (0..u32::MAX).map(|n| subject(vault, n))
}

fn subject(vault: &Vault, n: u32) -> Pseudonym {
    vault::pseudonym(vault.agency_secret(), "derived", &n.to_string())
}

impl Directory {
    fn derived_dir(&self) -> std::path::PathBuf {
        self.path().join("derived")
    }

    fn derived(&self, name: &str) -> std::path::PathBuf {
        self.derived_dir().join(name)
    }
}
