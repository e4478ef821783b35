//! The vault: the subject keys of one ledger, wrapped in a file of their own and unwrapped in memory when they are asked for (`VAULT.md`).
//! It refuses to give a key to a subject that was erased, and to go on after a write whose outcome is not known.
//!
//! The file is trusted for nothing: whoever can write it can lose keys, but not read, exchange or
//! revive one, because each slot is bound to its subject under the master key.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use zeroize::Zeroizing;

use crate::contexts::SIMULATED_KEY;
use crate::error::{NoKey, VaultError, at, fill_random};
use crate::master::MasterKey;
use crate::private_file;
use crate::pseudonym::Pseudonym;
use crate::scan::{offset, whole_slots};
use crate::seal::SubjectKey;
use crate::slot::{Kind, SLOT_LEN, Wrapper, header, read_header};
use crate::subject::Subject;

/// Name of the vault's file in its directory.
pub const VAULT_FILE: &str = "subjects.vault";
const STAGING_FILE: &str = "subjects.vault.new";
const LOCK_FILE: &str = "subjects.lock";

const LEDGER_SECRET: [u8; 16] = *b"ledger secret\0\0\0";
const AGENCY_SECRET: [u8; 16] = *b"agency secret\0\0\0";
const SIMULATION_SEED: [u8; 16] = *b"simulation seed\0";

type Key = Zeroizing<[u8; 32]>;

/// What became of an erasure that was asked for. In all three cases the subject has no key now
/// and never gets one again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// There was a key; it is destroyed.
    Destroyed,
    /// There was no key, so nothing was sealed under one.
    NeverHadKey,
    /// The key was destroyed by an earlier erasure.
    AlreadyErased,
}

/// The open vault. One process has it at a time, and shares it between threads behind a lock.
pub struct Vault {
    path: PathBuf,
    /// Only in vaults that may write.
    writing: Option<Writing>,
    vault_id: [u8; 16],
    wrapper: Wrapper,
    ledger_secret: Key,
    agency_secret: Key,
    /// Only in simulated vaults: what all keys derive from.
    seed: Option<Key>,
    /// The file as it was read: stored subjects say where in it their slots are. Wrapped keys, which are nothing without the master key.
    file: Vec<u8>,
    /// By pseudonym, which are as good as random to whoever has no agency secret.
    subjects: FxHashMap<Pseudonym, Subject>,
    /// Slots drawn since the last flush, as they will be written.
    unflushed: Vec<u8>,
    next_batch: u64,
    torn_bytes: u64,
    poisoned: bool,
    /// New keys are drawn, used and forgotten: what is sealed under them is never kept.
    rehearsing: bool,
}

/// What a vault that may write holds open.
struct Writing {
    /// The file, for appending.
    file: File,
    /// Held while the vault is open; the file itself is replaced by erasures.
    _lock: File,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({}, {} subjects)", self.path.display(), self.subjects.len())
    }
}

impl Vault {
    /// Makes a vault in `dir` (made too if missing) with a random ledger secret and agency secret.
    /// It is durable when this returns. If we stop here before: no vault, or a whole one.
    ///
    /// # Errors
    /// [`VaultError::Exists`] when there is one; [`VaultError::Locked`], [`VaultError::Io`],
    /// [`VaultError::NoRandomness`].
    pub fn create(dir: &Path, master: &MasterKey) -> Result<Self, VaultError> {
        let (mut ledger, mut agency) = (Key::default(), Key::default());
        fill_random(&mut *ledger)?;
        fill_random(&mut *agency)?;
        Self::create_with(dir, master, &[(LEDGER_SECRET, ledger), (AGENCY_SECRET, agency)])
    }

    /// Makes a vault whose secrets and subject keys all derive from `seed`, so that a ledger of
    /// invented people can be made again byte for byte. Whoever has the seed has every key, erased
    /// ones too: never for real people.
    ///
    /// # Errors
    /// As [`Vault::create`].
    pub fn create_simulated(dir: &Path, master: &MasterKey, seed: &[u8; 32]) -> Result<Self, VaultError> {
        let secrets = [
            (LEDGER_SECRET, simulated_key(seed, Kind::Secret, &LEDGER_SECRET)),
            (AGENCY_SECRET, simulated_key(seed, Kind::Secret, &AGENCY_SECRET)),
            (SIMULATION_SEED, Zeroizing::new(*seed)),
        ];
        Self::create_with(dir, master, &secrets)
    }

    fn create_with(dir: &Path, master: &MasterKey, secrets: &[([u8; 16], Key)]) -> Result<Self, VaultError> {
        private_file::create_dir(dir)?;
        let path = dir.join(VAULT_FILE);
        let lock = private_file::lock(&dir.join(LOCK_FILE), &path)?;
        if path.exists() {
            return Err(VaultError::Exists(path));
        }
        let mut vault_id = [0; 16];
        fill_random(&mut vault_id)?;
        let wrapper = Wrapper::new(&master.wrapping_key(&vault_id));
        let mut bytes = header(&vault_id, secrets.len() as u64).to_vec();
        for (place, (name, key)) in (0..).zip(secrets) {
            let slot = wrapper.wrap(Kind::Secret, *name, 0, place, random_nonce()?, key);
            bytes.extend_from_slice(&slot.to_bytes());
        }
        let staging = dir.join(STAGING_FILE);
        private_file::remove_if_there(&staging)?;
        private_file::create_new(&staging, &bytes)?;
        fs::rename(&staging, &path).map_err(at(&path))?;
        private_file::sync_dir(dir)?;
        Self::load(path, Some(lock), master)
    }

    /// Opens the vault in `dir`.
    ///
    /// The end of a flush that a power cut interrupted is cleaned away and counted in
    /// [`Vault::torn_bytes`]; nothing was committed under those keys, because the flush never
    /// returned.
    ///
    /// # Errors
    /// [`VaultError::WrongMasterKey`], [`VaultError::Damaged`], [`VaultError::NotAVault`],
    /// [`VaultError::Permissions`], [`VaultError::Locked`], [`VaultError::Io`]. That no key was exchanged is for [`Vault::check`] to say.
    pub fn open(dir: &Path, master: &MasterKey) -> Result<Self, VaultError> {
        let path = dir.join(VAULT_FILE);
        let lock = private_file::lock(&dir.join(LOCK_FILE), &path)?;
        // Left by an erasure that was interrupted before its rename: it was not acknowledged, and
        // wrapped keys do not lie about.
        private_file::remove_if_there(&dir.join(STAGING_FILE))?;
        Self::load(path, Some(lock), master)
    }

    /// Opens the vault in `dir` as it is now, for reading only: takes no lock, so a process that writes neither blocks it
    /// nor is blocked, and leaves the end of an unfinished flush where it is. Keys made later are not seen.
    ///
    /// # Errors
    /// As [`Vault::open`], never [`VaultError::Locked`].
    pub fn open_read_only(dir: &Path, master: &MasterKey) -> Result<Self, VaultError> {
        Self::load(dir.join(VAULT_FILE), None, master)
    }

    /// As [`Vault::open_read_only`], but draws keys for new subjects, which die with it: for trying out what an import would do.
    ///
    /// # Errors
    /// As [`Vault::open_read_only`].
    pub fn open_to_rehearse(dir: &Path, master: &MasterKey) -> Result<Self, VaultError> {
        Ok(Self { rehearsing: true, ..Self::open_read_only(dir, master)? })
    }

    fn load(path: PathBuf, lock: Option<File>, master: &MasterKey) -> Result<Self, VaultError> {
        let mut file = Vec::new();
        private_file::read(&path, &mut file)?;
        let not_a_vault = || VaultError::NotAVault(path.clone());
        let (slots, rest) = file.as_chunks::<SLOT_LEN>();
        let (first, slots) = slots.split_first().ok_or_else(not_a_vault)?;
        let (vault_id, born_with) = read_header(first).ok_or_else(not_a_vault)?;
        let wrapper = Wrapper::new(&master.wrapping_key(&vault_id));

        let mut subjects = FxHashMap::default();
        subjects.reserve(slots.len());
        let (mut others, mut next_batch) = (Vec::new(), 0);
        let whole = whole_slots(slots, born_with, |at, slot| {
            next_batch = slot.batch.saturating_add(1);
            match slot.kind {
                Kind::SubjectKey => drop(subjects.entry(Pseudonym(slot.id)).or_insert_with(|| Subject::stored(at))),
                Kind::Secret | Kind::Tombstone => others.push((at, slot)),
            }
        });
        let whole = whole.map_err(|at| VaultError::Damaged { path: path.clone(), offset: offset(at) })?;
        let torn_bytes = ((slots.len() - whole) * SLOT_LEN + rest.len()) as u64;

        let mut secrets: FxHashMap<[u8; 16], Key> = FxHashMap::default();
        for (at, slot) in others {
            // A slot with a right checksum that does not unwrap is not torn but another's. If it
            // is the first, everything will be, and the likeliest reason is the master key.
            let key = wrapper.unwrap_key(&slot).ok_or_else(|| match at {
                0 => VaultError::WrongMasterKey(path.clone()),
                _ => VaultError::Damaged { path: path.clone(), offset: offset(at) },
            })?;
            // A tombstone wins over a key, wherever the two lie: an old slot copied back in
            // revives nobody.
            match slot.kind {
                Kind::Secret => drop(secrets.insert(slot.id, key)),
                Kind::SubjectKey | Kind::Tombstone => drop(subjects.insert(Pseudonym(slot.id), Subject::Erased)),
            }
        }
        let writing = lock.map(|_lock| append_to(&path).map(|file| Writing { file, _lock })).transpose()?;
        let mut vault = Self {
            writing,
            ledger_secret: secrets.remove(&LEDGER_SECRET).ok_or_else(not_a_vault)?,
            agency_secret: secrets.remove(&AGENCY_SECRET).ok_or_else(not_a_vault)?,
            seed: secrets.remove(&SIMULATION_SEED),
            path,
            vault_id,
            wrapper,
            file,
            subjects,
            unflushed: Vec::new(),
            next_batch,
            torn_bytes,
            poisoned: false,
            rehearsing: false,
        };
        if torn_bytes > 0 && vault.writing.is_some() {
            // New slots must not follow broken ones: the next opening would take those for damage.
            vault.rewrite(None)?;
        }
        Ok(vault)
    }

    /// Whether all keys derive from a seed. A ledger that is not simulated refuses such a vault.
    pub fn is_simulated(&self) -> bool {
        self.seed.is_some()
    }

    /// The secret that bodies are blinded with (`chain::blinding`).
    pub fn ledger_secret(&self) -> &[u8; 32] {
        &self.ledger_secret
    }

    /// The secret that pseudonyms are made with ([`crate::pseudonym`]).
    pub fn agency_secret(&self) -> &[u8; 32] {
        &self.agency_secret
    }

    /// How many bytes of an unfinished flush the opening found and cleaned away: 0 unless the
    /// power failed. Anything else is to be reported as an incident, because damage to the very
    /// last flush cannot be told from one that never finished.
    pub fn torn_bytes(&self) -> u64 {
        self.torn_bytes
    }

    /// The subject's key; `None` if it never had one.
    ///
    /// # Errors
    /// [`NoKey`].
    pub fn subject_key(&self, who: Pseudonym) -> Result<Option<SubjectKey>, NoKey> {
        self.subjects.get(&who).map(|subject| subject.key(self.slots(), &self.wrapper).cloned()).transpose()
    }

    /// Whether the subject was erased.
    pub fn is_erased(&self, who: Pseudonym) -> bool {
        matches!(self.subjects.get(&who), Some(Subject::Erased))
    }

    /// The slots of the file as it was read.
    fn slots(&self) -> &[[u8; SLOT_LEN]] {
        self.file.as_chunks::<SLOT_LEN>().0.get(1..).unwrap_or_default()
    }

    /// Unwraps every key: an opening unwraps none but the secrets, so that a slot of another vault is noticed only by who asks for its key.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] with the first that was not wrapped here for its subject.
    pub fn check(&self) -> Result<(), VaultError> {
        let foreign = |subject: &Subject| match subject.key(self.slots(), &self.wrapper) {
            Err(NoKey::Foreign { offset }) => Some(offset),
            Ok(_) | Err(NoKey::Erased(_)) => None,
        };
        let first = self.subjects.values().filter_map(foreign).min();
        first.map_or(Ok(()), |offset| Err(self.damaged(offset)))
    }

    fn damaged(&self, offset: u64) -> VaultError {
        VaultError::Damaged { path: self.path.clone(), offset }
    }

    /// Says a key that cannot be had as the file's fault, where it is.
    pub fn explain(&self, none: NoKey) -> VaultError {
        match none {
            NoKey::Erased(erased) => VaultError::Erased(erased),
            NoKey::Foreign { offset } => self.damaged(offset),
        }
    }

    /// The subject's key, drawn now if it has none. A new key is in memory only until
    /// [`Vault::flush`]: flush before the ledger commits anything that is sealed under it. If we
    /// stop here: the key is gone, and so is everything it sealed.
    ///
    /// # Errors
    /// [`VaultError::Erased`]; [`VaultError::Damaged`] where its slot is not of this vault; [`VaultError::NoRandomness`];
    /// [`VaultError::Poisoned`]; [`VaultError::ReadOnly`].
    pub fn subject_key_or_create(&mut self, who: Pseudonym) -> Result<SubjectKey, VaultError> {
        if let Some(key) = self.subject_key(who).map_err(|none| self.explain(none))? {
            return Ok(key);
        }
        let key = match &self.seed {
            Some(seed) => simulated_key(seed, Kind::SubjectKey, &who.0),
            None => {
                let mut key = Key::default();
                fill_random(&mut *key)?;
                key
            }
        };
        if !self.rehearsing {
            self.writing()?;
            // A batch of 2^32 keys would be 512 GiB.
            let place = (self.unflushed.len() / SLOT_LEN) as u32;
            let nonce = random_nonce()?;
            let slot = self.wrapper.wrap(Kind::SubjectKey, who.0, self.next_batch, place, nonce, &key);
            self.unflushed.extend_from_slice(&slot.to_bytes());
        }
        let key = SubjectKey(key);
        self.subjects.insert(who, Subject::Drawn(Box::new(key.clone())));
        Ok(key)
    }

    /// Whether there are keys that a power cut would lose.
    pub fn has_unflushed(&self) -> bool {
        !self.unflushed.is_empty()
    }

    /// Makes all new keys durable with one write and one sync; free when there are none. If we
    /// stop here: some of the keys may be in the file, none of them is needed yet.
    ///
    /// # Errors
    /// [`VaultError::Io`], after which the vault refuses to go on, because a failed sync may have
    /// thrown the bytes away without a trace; [`VaultError::Poisoned`].
    pub fn flush(&mut self) -> Result<(), VaultError> {
        if self.unflushed.is_empty() {
            return self.refuse_if_poisoned();
        }
        let unflushed = std::mem::take(&mut self.unflushed);
        let mut file = &self.writing()?.file;
        let written = file.write_all(&unflushed).and_then(|()| file.sync_data());
        if let Err(error) = written {
            self.poisoned = true;
            return Err(at(&self.path)(error));
        }
        self.next_batch = self.next_batch.saturating_add(1);
        Ok(())
    }

    /// What is needed to write, unless the vault was opened for reading or a write failed earlier.
    fn writing(&self) -> Result<&Writing, VaultError> {
        self.refuse_if_poisoned()?;
        self.writing.as_ref().ok_or_else(|| VaultError::ReadOnly(self.path.clone()))
    }

    fn refuse_if_poisoned(&self) -> Result<(), VaultError> {
        if self.poisoned { Err(VaultError::Poisoned(self.path.clone())) } else { Ok(()) }
    }
}

fn append_to(path: &Path) -> Result<File, VaultError> {
    private_file::open(path, OpenOptions::new().append(true))
}

fn random_nonce() -> Result<[u8; 24], VaultError> {
    let mut nonce = [0; 24];
    fill_random(&mut nonce)?;
    Ok(nonce)
}

fn simulated_key(seed: &[u8; 32], kind: Kind, id: &[u8; 16]) -> Key {
    SIMULATED_KEY.derive(&[seed, &[kind as u8], id])
}

mod erasing;
mod listing;
#[cfg(test)]
mod poisoned;
