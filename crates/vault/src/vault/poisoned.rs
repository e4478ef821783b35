//! A write that fails: what the vault still does afterwards, and what only a reopening allows again.
//! It refuses to wait for a full disk: the vault is handed a file that cannot be written.
#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn after_a_failed_write_only_reading_goes_on_until_the_vault_is_reopened() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterKey::create(&dir.path().join("master.key")).unwrap();
    let vault_dir = dir.path().join("vault");
    let mut vault = Vault::create(&vault_dir, &master).unwrap();
    let (old, new) = (Pseudonym([1; 16]), Pseudonym([2; 16]));
    vault.subject_key_or_create(old).unwrap();
    vault.flush().unwrap();

    vault.subject_key_or_create(new).unwrap();
    let writable = std::mem::replace(&mut vault.writing.as_mut().unwrap().file, File::open(vault_dir.join(VAULT_FILE)).unwrap());
    assert!(matches!(vault.flush(), Err(VaultError::Io { .. })));
    // Even with a disk that works again, nothing is known about what the first attempt left.
    vault.writing.as_mut().unwrap().file = writable;
    assert!(matches!(vault.flush(), Err(VaultError::Poisoned(_))));
    assert!(matches!(vault.erase(old), Err(VaultError::Poisoned(_))));
    assert!(matches!(vault.subject_key_or_create(Pseudonym([3; 16])), Err(VaultError::Poisoned(_))));
    assert!(vault.subject_key(old).unwrap().is_some());
    drop(vault);

    let mut vault = Vault::open(&vault_dir, &master).unwrap();
    assert!(vault.subject_key(old).unwrap().is_some());
    assert!(vault.subject_key(new).unwrap().is_none());
    assert_eq!(vault.erase(old).unwrap(), Erasure::Destroyed);
}
