//! Subject keys, sealing and erasing: what makes an individual's data unreadable without touching the ledger.
//! It refuses to store anything but keys, to show a secret in a message, and to know what it seals.
//!
//! The file, and what happens if the power fails at any step, is described in `VAULT.md`. Modules
//! in reading order: pseudonyms and sealing (what the keys are for), the master key, the slots of
//! the file, the vault itself.

mod contexts;
mod pseudonym;
mod seal;
mod error;
mod private_file;
mod master;
mod slot;
mod vault;

pub use error::{Erased, SealBroken, VaultError};
pub use master::MasterKey;
pub use pseudonym::{Pseudonym, pseudonym};
pub use seal::{EventKey, SEALED_OVERHEAD, SubjectKey, open, seal};
pub use vault::{Erasure, VAULT_FILE, Vault};
