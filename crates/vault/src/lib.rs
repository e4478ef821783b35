//! Subject keys, sealing and erasing. API SKELETON: signatures are settled, bodies follow within minutes.
#![allow(missing_docs, unused_variables, dead_code, clippy::todo)]
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Keyed hash that stands for an individual in bodies: reveals nothing without the agency secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudonym(pub [u8; 16]);
/// blake3 derive_key(context, secret || len(kind) || kind || id). `id` is taken as it is: normalise before.
pub fn pseudonym(agency_secret: &[u8; 32], kind: &str, id: &str) -> Pseudonym { todo!() }

/// Wraps everything in the vault file. 64 hex digits in a file of mode 0600.
pub struct MasterKey { key: Zeroizing<[u8; 32]> }
impl MasterKey {
    /// Draws a key and writes it durably to a new file (0600); refuses an existing file.
    pub fn create(path: &Path) -> Result<Self, VaultError> { todo!() }
    /// Reads a key; refuses a file that group or others may touch, by name and with the remedy.
    pub fn open(path: &Path) -> Result<Self, VaultError> { todo!() }
}

/// Open vault, locked against a second process. All methods are synchronous; share it behind a Mutex.
pub struct Vault { todo: () }
impl Vault {
    /// New vault in `dir` (created if missing): file `subjects.vault`, random ledger and agency secret. Durable on return.
    pub fn create(dir: &Path, master: &MasterKey) -> Result<Self, VaultError> { todo!() }
    /// Same, but every secret and subject key derives from `seed`: reproducible invented ledgers only.
    pub fn create_simulated(dir: &Path, master: &MasterKey, seed: &[u8; 32]) -> Result<Self, VaultError> { todo!() }
    pub fn open(dir: &Path, master: &MasterKey) -> Result<Self, VaultError> { todo!() }
    pub fn is_simulated(&self) -> bool { todo!() }
    /// Secret of `chain::blinding`.
    pub fn ledger_secret(&self) -> &[u8; 32] { todo!() }
    /// Secret of [`pseudonym`].
    pub fn agency_secret(&self) -> &[u8; 32] { todo!() }
    /// Bytes of an unfinished batch that the opening cut off (0 normally): report as an incident.
    pub fn torn_bytes(&self) -> u64 { todo!() }
    /// `Ok(None)`: never had a key. `Err(Erased)`: destroyed.
    pub fn subject_key(&self, who: Pseudonym) -> Result<Option<SubjectKey>, Erased> { todo!() }
    /// The key, drawn now if missing. A new key is NOT durable until [`Vault::flush`]: flush before the ledger commits.
    pub fn subject_key_or_create(&mut self, who: Pseudonym) -> Result<SubjectKey, VaultError> { todo!() }
    /// Are there keys drawn since the last flush?
    pub fn has_unflushed(&self) -> bool { todo!() }
    /// One write and one fsync for all keys drawn since the last flush; nothing to do is free.
    pub fn flush(&mut self) -> Result<(), VaultError> { todo!() }
    /// Destroys the key and leaves a tombstone; durable on return. Flushes pending keys too.
    pub fn erase(&mut self, who: Pseudonym) -> Result<Erasure, VaultError> { todo!() }
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasure { Destroyed, NeverHadKey, AlreadyErased }
/// The subject's key was destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the subject's key was destroyed")]
pub struct Erased;

/// Key of one subject. Never leaves the vault's owner; no Debug.
#[derive(Clone)]
pub struct SubjectKey { key: Zeroizing<[u8; 32]> }
impl SubjectKey {
    pub fn event_key(&self, ledger_id: &[u8; 16], seq: u64) -> EventKey { todo!() }
}
/// Key of one subject's sealed fields in one event: what a pack may disclose.
#[derive(Clone)]
pub struct EventKey { key: Zeroizing<[u8; 32]> }
impl EventKey {
    pub fn from_bytes(bytes: [u8; 32]) -> Self { todo!() }
    /// For disclosure in a pack.
    pub fn disclose(&self) -> &[u8; 32] { todo!() }
}
/// Sealed value = nonce 24 || ciphertext || tag 16 (40 bytes longer than the plaintext). `field` numbers the sealed field in its event
/// (its own key each). `aad` = chain::sealing_aad. Deterministic: same inputs, same bytes.
pub fn seal(key: &EventKey, field: u16, aad: &[u8], plaintext: &[u8]) -> Vec<u8> { todo!() }
pub fn open(key: &EventKey, field: u16, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealBroken> { todo!() }
/// Not sealed under this key, field and header, or altered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sealed field does not open under this key")]
pub struct SealBroken;

#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("{path}: {source}")] Io { path: PathBuf, #[source] source: std::io::Error },
    #[error("{0} already exists")] Exists(PathBuf),
    #[error("{path} may be touched by others (mode {mode:o}); chmod 600")] Permissions { path: PathBuf, mode: u32 },
    #[error("not a master key")] NotAMasterKey(PathBuf),
    #[error("not a vault")] NotAVault(PathBuf),
    #[error("wrong master key")] WrongMasterKey(PathBuf),
    #[error("damaged at byte {offset}")] Damaged { path: PathBuf, offset: u64 },
    #[error("locked by another process")] Locked(PathBuf),
    #[error("a flush failed; reopen")] Poisoned(PathBuf),
    #[error(transparent)] Erased(#[from] Erased),
}
