//! Derived state kept beside the ledger, sealed: what a scan need not work out again.
//! It refuses nothing and promises nothing: a file that is missing, torn, of another ledger or version, or sealed under a key that an
//! erasure destroyed, is no file, and whoever asked derives everything from the ledger again.
//!
//! ```text
//! derived/NAME     "countersign derived v3\n" · length of the head (u32) · head · sections
//! section          front, sealed · every piece, sealed (`pieces.rs`)
//! ```
//!
//! A history of a large ledger takes hundreds of megabytes, of which a question needs little: pieces are sealed each by itself, so that one is
//! read without the others.
//!
//! The head (`bincode`, as in `PAYLOADS.md`) says which ledger and state of it the file was derived from, and where the fronts of its sections
//! lie; it names nobody. Fronts and pieces are sealed, bound to the head, with a key of this file, of a subject in the vault that every erasure
//! destroys: what derived state knew of somebody erased is gone with it.

use std::fs::{self, File};
use std::io::{BufWriter, ErrorKind, Read as _, Write as _};
use std::sync::{Arc, PoisonError};

use serde::{Deserialize, Serialize};
use vault::{FileKey, Pseudonym, SALT_LEN, SubjectKey, Vault};

use crate::directory::{self, Directory};
use crate::error::{LedgerError, at, damaged};
use crate::ledger::Ledger;
use crate::pieces::{KeptSection, Laid, SealedFile, Section};
use crate::wire::codec;

const MAGIC: &[u8] = b"countersign derived v3\n";
/// Pieces are small: this much of them goes to the file at once.
const BUFFER: usize = 1024 * 1024;

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
    sections: Vec<Placed>,
}

/// A section: its name, and first byte (after the head) and length of its sealed front. Its pieces follow.
type Placed = (String, u64, u64);

/// A derived file, opened.
pub struct Derived {
    sealed: Arc<SealedFile>,
    head: Head,
    /// Where in the file the sections begin.
    start: u64,
}

impl Derived {
    /// From what it was derived.
    pub fn origin(&self) -> &Origin {
        &self.head.origin
    }

    /// A section; `None` when there is no such section, or not as it was written. Whether its pieces are as they were written shows when
    /// they are read.
    pub fn section(&self, name: &str) -> Option<Section> {
        let (number, (_, offset, len)) = (0..).zip(&self.head.sections).find(|(_, (known, ..))| known == name)?;
        self.sealed.section(number, self.start.checked_add(*offset)?, *len)
    }
}

impl Ledger {
    /// Keeps derived state under a name, replacing what was kept under it. Not durable: after a crash it may be gone.
    ///
    /// # Errors
    /// [`LedgerError::ReadOnly`], [`LedgerError::Vault`], [`LedgerError::Io`]; [`LedgerError::Damaged`] for a piece of 4 GiB.
    pub fn keep_derived(&mut self, name: &str, origin: Origin, sections: Vec<KeptSection<'_>>) -> Result<(), LedgerError> {
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
        let (placed, laid) = lay_out(sections).ok_or_else(|| damaged("a section of derived state is too long"))?;
        let head = Head { ledger_id: self.core.genesis.ledger_id().0, salt, origin, sections: placed };
        let mut head_bytes = Vec::new();
        codec::write(&mut head_bytes, &head).map_err(|_| damaged("the head of derived state is too long"))?;
        let head_hash = hash(&head_bytes);
        let path = self.core.directory.derived(name);
        fs::create_dir_all(self.core.directory.derived_dir()).map_err(at(&path))?;
        directory::restrict_dir(&self.core.directory.derived_dir())?;
        let staging = path.with_extension("new");
        let file = File::create(&staging).map_err(at(&staging))?;
        let write = |file: File| -> std::io::Result<()> {
            directory::make_private(&file)?;
            let mut out = BufWriter::with_capacity(BUFFER, file);
            out.write_all(MAGIC)?;
            // The head is a few kilobytes.
            out.write_all(&(head_bytes.len() as u32).to_le_bytes())?;
            out.write_all(&head_bytes)?;
            for (number, section) in (0..).zip(laid) {
                section.write(number, &key, &head_hash, &mut out)?;
            }
            out.flush()
        };
        write(file).map_err(at(&staging))?;
        fs::rename(&staging, &path).map_err(at(&path))
    }

    /// Forgets derived state kept under a name, if there is some.
    ///
    /// # Errors
    /// [`LedgerError::ReadOnly`], [`LedgerError::Io`].
    pub fn forget_derived(&mut self, name: &str) -> Result<(), LedgerError> {
        if self.writer.is_none() {
            return Err(LedgerError::ReadOnly);
        }
        let path = self.core.directory.derived(name);
        fs::remove_file(&path).or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(at(&path)(error)) })
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
        let start = (front.len() + head_bytes.len()) as u64;
        Some(Derived { sealed: Arc::new(SealedFile { file, key, head_hash: hash(&head_bytes) }), head, start })
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

/// Sections as they will lie in the file, one after another, and where. `None` when one is longer than its table can say.
fn lay_out(sections: Vec<KeptSection<'_>>) -> Option<(Vec<Placed>, Vec<Laid>)> {
    let mut offset = 0;
    let lay = |section: KeptSection<'_>| {
        let name = section.name.to_owned();
        let laid = Laid::of(section)?;
        let placed = (name, offset, laid.front_len());
        offset += laid.len();
        Some((placed, laid))
    };
    sections.into_iter().map(lay).collect()
}

/// What binds whatever is sealed in a file to its head (`pieces.rs` says why not the head itself).
fn hash(head: &[u8]) -> [u8; 32] {
    *blake3::hash(head).as_bytes()
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
