//! Derived state kept beside the ledger, sealed: what a scan need not work out again.
//! It refuses nothing and promises nothing: a file that is missing, torn, of another ledger or version, or sealed under a key that an
//! erasure destroyed, is no file, and whoever asked derives everything from the ledger again.
//!
//! ```text
//! derived/NAME     "countersign derived v2\n" · length of the head (u32) · head · sections, each sealed
//! ```
//!
//! The head (`bincode`, as in `PAYLOADS.md`) says which ledger and state of it the file was derived from, and where its sections lie; it
//! names nobody. Sections are sealed with a key of this file, of a subject in the vault that every erasure destroys: what derived state
//! knew of somebody erased is gone with it.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::FileExt as _;
use std::sync::PoisonError;

use memmap2::MmapMut;
use serde::{Deserialize, Serialize};
use vault::{FileKey, Pseudonym, SALT_LEN, SubjectKey, Vault};

use crate::directory::{self, Directory};
use crate::error::{LedgerError, at, damaged};
use crate::ledger::Ledger;
use crate::wire::codec;

const MAGIC: &[u8] = b"countersign derived v2\n";

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
    salt: [u8; SALT_LEN],
    origin: Origin,
    /// Name, first byte after the head, length.
    sections: Vec<(String, u64, u64)>,
}

/// The bytes of a section. Many lie in large pages where the system has them: memory is fresh in a process that was just begun, and to make it ready
/// four kilobytes at a time takes longer than to read and unseal what goes into it.
pub struct Section {
    room: Room,
    len: usize,
}

enum Room {
    Few(Vec<u8>),
    Many(MmapMut),
}

/// A section as long as this is worth pages of its own.
const MANY: usize = 1024 * 1024;

impl Room {
    fn of(len: usize) -> Option<Self> {
        if len < MANY {
            return Some(Self::Few(vec![0; len]));
        }
        let room = MmapMut::map_anon(len).ok()?;
        // Whether there are large pages is the system's to say; it works without.
        #[cfg(target_os = "linux")]
        let _ = room.advise(memmap2::Advice::HugePage);
        Some(Self::Many(room))
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        match self {
            Self::Few(room) => room,
            Self::Many(room) => room,
        }
    }
}

impl AsRef<[u8]> for Section {
    fn as_ref(&self) -> &[u8] {
        let room = match &self.room {
            Room::Few(room) => &room[..],
            Room::Many(room) => &room[..],
        };
        room.get(..self.len).unwrap_or_default()
    }
}

/// A derived file, opened.
pub struct Derived {
    file: File,
    key: FileKey,
    head: Head,
    /// Associated data of every section: the head as it stands in the file.
    head_bytes: Vec<u8>,
}

impl Derived {
    /// From what it was derived.
    pub fn origin(&self) -> &Origin {
        &self.head.origin
    }

    /// A section's bytes; `None` when there is no such section, or not as it was written.
    pub fn section(&self, name: &str) -> Option<Section> {
        let (place, (_, offset, len)) = (0..).zip(&self.head.sections).find(|(_, (known, ..))| known == name)?;
        let start = ((MAGIC.len() + 4 + self.head_bytes.len()) as u64).checked_add(*offset)?;
        // A hostile length asks for no more room than the file has bytes.
        let all = self.file.metadata().ok()?.len();
        if start.checked_add(*len)? > all {
            return None;
        }
        let mut room = Room::of(usize::try_from(*len).ok()?)?;
        self.file.read_exact_at(room.bytes_mut(), start).ok()?;
        let len = self.key.open(place, &self.head_bytes, room.bytes_mut()).ok()?;
        Some(Section { room, len })
    }
}

impl Ledger {
    /// Keeps derived state under a name, replacing what was kept under it. Not durable: after a crash it may be gone.
    ///
    /// # Errors
    /// [`LedgerError::ReadOnly`], [`LedgerError::Vault`], [`LedgerError::Io`].
    pub fn keep_derived(&mut self, name: &str, origin: Origin, sections: Vec<(&str, Vec<u8>)>) -> Result<(), LedgerError> {
        if self.writer.is_none() {
            return Err(LedgerError::ReadOnly);
        }
        let salt = vault::new_salt()?;
        let key = {
            let mut vault = self.core.people.vault.write().unwrap_or_else(PoisonError::into_inner);
            let who = derived_subject(&vault);
            let key = vault.subject_key_or_create(who)?;
            if vault.has_unflushed() {
                vault.flush()?;
            }
            self.derived_key(&key, &salt)
        };
        let mut offset = 0;
        let placed = sections.iter().map(|(name, bytes)| {
            let len = (bytes.len() + FileKey::OVERHEAD) as u64;
            offset += len;
            ((*name).to_owned(), offset - len, len)
        });
        let head = Head { ledger_id: self.core.genesis.ledger_id().0, salt, origin, sections: placed.collect() };
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
            for (place, (_, mut bytes)) in (0..).zip(sections) {
                key.seal(place, &head_bytes, &mut bytes).map_err(std::io::Error::other)?;
                file.write_all(&bytes)?;
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
        let subject = {
            let vault = self.core.people.vault.read().unwrap_or_else(PoisonError::into_inner);
            vault.subject_key(derived_subject(&vault)).ok()??
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
        let key = self.derived_key(&subject, &head.salt);
        Some(Derived { file, key, head, head_bytes })
    }

    fn derived_key(&self, subject: &SubjectKey, salt: &[u8; SALT_LEN]) -> FileKey {
        subject.file_key(&self.core.genesis.ledger_id().0, salt)
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
