//! Subject keys, sealing and erasing: what makes an individual's data unreadable without touching the ledger.
//! It refuses to store anything but keys, to show a secret in a message, and to know what it seals.
//!
//! The file, and what happens if the power fails at any step, is described in `VAULT.md`. Read the modules in
//! this order: pseudonym and seal (what the keys are for), master (the key above them), slot and scan
//! (the file and how it is read back), subject (a key read when it is asked for), vault (all of it together).

mod contexts;
mod error;
mod file_key;
mod master;
#[cfg(test)]
mod page;
mod private_file;
mod pseudonym;
mod scan;
mod seal;
mod slot;
mod subject;
mod vault;

pub use error::{Erased, NoKey, SealBroken, VaultError};
pub use file_key::{FileKey, SALT_LEN, new_salt};
pub use master::MasterKey;
pub use pseudonym::{Pseudonym, pseudonym};
pub use seal::{EventKey, SubjectKey, open, seal};
pub use vault::{Erasure, VAULT_FILE, Vault};
