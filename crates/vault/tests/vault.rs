//! The vault over its life: made, opened, torn, damaged, erased from, and fought over.
//! It refuses to look at keys: they are compared through what they seal.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;
use vault::*;

const SLOT: usize = 128;

struct Place {
    dir: TempDir,
    master: MasterKey,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let master = MasterKey::create(&dir.path().join("master.key")).unwrap();
        Self { dir, master }
    }
    fn vault_dir(&self) -> PathBuf {
        self.dir.path().join("vault")
    }
    fn file(&self) -> PathBuf {
        self.vault_dir().join(VAULT_FILE)
    }
    fn create(&self) -> Vault {
        Vault::create(&self.vault_dir(), &self.master).unwrap()
    }
    fn open(&self) -> Result<Vault, VaultError> {
        Vault::open(&self.vault_dir(), &self.master)
    }
}

fn who(number: u32) -> Pseudonym {
    pseudonym(&[7; 32], "individual", &number.to_string())
}

/// What tells two subject keys apart without showing them.
fn print(key: &SubjectKey) -> [u8; 32] {
    *key.event_key(&[0; 16], 0).disclose()
}

fn held(vault: &Vault, number: u32) -> Option<[u8; 32]> {
    vault.subject_key(who(number)).unwrap().as_ref().map(print)
}

#[test]
fn keys_and_secrets_are_the_same_after_reopening() {
    let place = Place::new();
    let mut vault = place.create();
    let secrets = (*vault.ledger_secret(), *vault.agency_secret());
    assert_ne!(secrets.0, secrets.1);
    let one = print(&vault.subject_key_or_create(who(1)).unwrap());
    assert!(vault.has_unflushed());
    assert_eq!(print(&vault.subject_key_or_create(who(1)).unwrap()), one);
    vault.flush().unwrap();
    assert!(!vault.has_unflushed());
    let two = print(&vault.subject_key_or_create(who(2)).unwrap());
    assert_ne!(one, two);
    drop(vault);

    let vault = place.open().unwrap();
    assert_eq!((*vault.ledger_secret(), *vault.agency_secret()), secrets);
    assert_eq!(held(&vault, 1), Some(one));
    assert_eq!(held(&vault, 2), None, "a key that was never flushed");
    assert_eq!(vault.torn_bytes(), 0);
    assert!(!vault.is_simulated());
}

#[test]
fn ten_thousand_keys_are_one_flush() {
    let place = Place::new();
    let mut vault = place.create();
    let born = fs::metadata(place.file()).unwrap().len();
    for number in 0..10_000 {
        vault.subject_key_or_create(who(number)).unwrap();
    }
    assert_eq!(fs::metadata(place.file()).unwrap().len(), born, "nothing is written before the flush");
    vault.flush().unwrap();
    let bytes = fs::read(place.file()).unwrap();
    assert_eq!(bytes.len() as u64, born + 10_000 * SLOT as u64);
    let batches: Vec<_> = bytes[born as usize..].chunks(SLOT).map(|slot| &slot[8..16]).collect();
    assert!(batches.iter().all(|batch| *batch == 1_u64.to_le_bytes()), "one flush wrote them all");
    let kept = held(&vault, 9_999);
    drop(vault);
    assert_eq!(held(&place.open().unwrap(), 9_999), kept);
}

#[test]
fn an_erased_key_is_gone_and_stays_gone() {
    let place = Place::new();
    let mut vault = place.create();
    for number in 0..5 {
        vault.subject_key_or_create(who(number)).unwrap();
    }
    vault.flush().unwrap();
    let before = fs::read(place.file()).unwrap();
    let slot_of_2 = before.chunks(SLOT).find(|slot| slot[16..32] == who(2).0).unwrap().to_vec();
    vault.subject_key_or_create(who(5)).unwrap();
    let kept = (held(&vault, 1), held(&vault, 5));

    assert_eq!(vault.erase(who(2)).unwrap(), Erasure::Destroyed);
    assert_eq!(vault.erase(who(2)).unwrap(), Erasure::AlreadyErased);
    assert_eq!(vault.erase(who(77)).unwrap(), Erasure::NeverHadKey);
    assert!(!vault.has_unflushed(), "an erasure makes new keys durable too");
    vault.subject_key_or_create(who(6)).unwrap();
    vault.flush().unwrap();
    drop(vault);

    let mut vault = place.open().unwrap();
    assert_eq!(vault.subject_key(who(2)).err(), Some(NoKey::Erased(Erased)));
    assert!(matches!(vault.subject_key_or_create(who(2)), Err(VaultError::Erased(Erased))));
    assert!(matches!(vault.subject_key_or_create(who(77)), Err(VaultError::Erased(Erased))));
    assert_eq!((held(&vault, 1), held(&vault, 5)), kept);
    assert!(held(&vault, 6).is_some());
    drop(vault);
    let after = fs::read(place.file()).unwrap();
    assert!(!after.windows(48).any(|bytes| *bytes == slot_of_2[56..104]), "the wrapped key is gone");

    // Somebody puts the old slot back.
    fs::write(place.file(), [after.as_slice(), &slot_of_2].concat()).unwrap();
    assert_eq!(place.open().unwrap().subject_key(who(2)).err(), Some(NoKey::Erased(Erased)));
}

#[test]
fn an_erasure_interrupted_before_the_rename_never_happened() {
    let place = Place::new();
    let mut vault = place.create();
    vault.subject_key_or_create(who(1)).unwrap();
    vault.flush().unwrap();
    let key = held(&vault, 1);
    drop(vault);
    let staging = place.vault_dir().join("subjects.vault.new");
    fs::write(&staging, b"half of a file").unwrap();
    let mut vault = place.open().unwrap();
    assert!(!staging.exists());
    assert_eq!(held(&vault, 1), key);
    assert_eq!(vault.erase(who(1)).unwrap(), Erasure::Destroyed);
}

#[test]
fn an_erasure_that_cannot_be_written_changes_nothing() {
    let place = Place::new();
    let mut vault = place.create();
    vault.subject_key_or_create(who(1)).unwrap();
    vault.flush().unwrap();
    let (key, before) = (held(&vault, 1), fs::read(place.file()).unwrap());
    // A directory stands where the new file would be written.
    let staging = place.vault_dir().join("subjects.vault.new");
    fs::create_dir(&staging).unwrap();
    assert!(matches!(vault.erase(who(1)), Err(VaultError::Io { path, .. }) if path == staging));
    assert_eq!(held(&vault, 1), key);
    assert_eq!(fs::read(place.file()).unwrap(), before);
    fs::remove_dir(&staging).unwrap();
    assert_eq!(vault.erase(who(1)).unwrap(), Erasure::Destroyed);
}

#[test]
fn a_flush_cut_at_any_byte_costs_only_keys_that_were_never_acknowledged() {
    let place = Place::new();
    let mut vault = place.create();
    vault.subject_key_or_create(who(0)).unwrap();
    vault.flush().unwrap();
    let acknowledged = held(&vault, 0);
    let durable = fs::read(place.file()).unwrap().len();
    for number in 1..4 {
        vault.subject_key_or_create(who(number)).unwrap();
    }
    let drawn: Vec<_> = (1..4).map(|number| held(&vault, number)).collect();
    vault.flush().unwrap();
    drop(vault);
    let whole = fs::read(place.file()).unwrap();

    for cut in durable..whole.len() {
        fs::write(place.file(), &whole[..cut]).unwrap();
        let vault = place.open().unwrap();
        assert_eq!(held(&vault, 0), acknowledged);
        assert_eq!(vault.torn_bytes(), ((cut - durable) % SLOT) as u64);
        drop(vault);
        assert_eq!(place.open().unwrap().torn_bytes(), 0, "opening cleaned up");
    }

    // Blocks may reach the disk in any order: the middle one is missing, the last is there.
    let mut holed = whole.clone();
    holed[durable + SLOT..durable + 2 * SLOT].fill(0);
    fs::write(place.file(), &holed).unwrap();
    let mut vault = place.open().unwrap();
    assert_eq!(vault.torn_bytes(), SLOT as u64);
    assert_eq!([held(&vault, 1), held(&vault, 2), held(&vault, 3)], [drawn[0], None, drawn[2]]);
    vault.subject_key_or_create(who(2)).unwrap();
    vault.flush().unwrap();
    let again = held(&vault, 2);
    drop(vault);
    assert_eq!(held(&place.open().unwrap(), 2), again);
}

#[test]
fn every_changed_byte_is_noticed_and_named_unless_it_may_be_a_torn_flush() {
    let place = Place::new();
    let mut vault = place.create();
    vault.subject_key_or_create(who(0)).unwrap();
    vault.flush().unwrap();
    vault.subject_key_or_create(who(1)).unwrap();
    vault.flush().unwrap();
    let kept = held(&vault, 0);
    drop(vault);
    let whole = fs::read(place.file()).unwrap();
    let last = whole.len() - SLOT;
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 0x10;
        fs::write(place.file(), &changed).unwrap();
        match place.open() {
            Err(VaultError::NotAVault(_)) => assert!(at < SLOT, "byte {at}"),
            Err(VaultError::Damaged { offset, .. }) => {
                assert!((SLOT..last).contains(&at), "byte {at}");
                assert_eq!(offset, (at / SLOT * SLOT) as u64);
            }
            Ok(vault) => {
                assert!(at >= last, "byte {at}");
                assert_eq!(vault.torn_bytes(), SLOT as u64);
                assert_eq!((held(&vault, 0), held(&vault, 1)), (kept, None));
            }
            Err(other) => panic!("byte {at}: {other}"),
        }
    }
    for cut in 0..last {
        fs::write(place.file(), &whole[..cut]).unwrap();
        // Without its end the file may look like one whose last flush never began; with less than
        // it was born with it is refused.
        assert_eq!(place.open().is_err(), cut < 3 * SLOT, "cut at {cut}");
    }
}

#[test]
fn slots_cannot_be_exchanged_between_subjects_or_vaults() {
    let (place, other) = (Place::new(), Place::new());
    for (place, number) in [(&place, 1), (&other, 2)] {
        let mut vault = place.create();
        vault.subject_key_or_create(who(number)).unwrap();
        vault.flush().unwrap();
    }
    let mine = fs::read(place.file()).unwrap();
    let theirs = fs::read(other.file()).unwrap();
    let foreign = &theirs[theirs.len() - SLOT..];
    fs::write(place.file(), [&mine[..mine.len() - SLOT], foreign].concat()).unwrap();
    // The opening unwraps no key. Who asks for it, or for all of them, is told where it lies.
    let mut vault = place.open().unwrap();
    assert_eq!(vault.subject_key(who(2)).err(), Some(NoKey::Foreign { offset: 384 }));
    assert!(matches!(vault.subject_key_or_create(who(2)), Err(VaultError::Damaged { offset: 384, path }) if path == place.file()));
    assert!(matches!(vault.check(), Err(VaultError::Damaged { offset: 384, .. })));
    // An erasure writes the file anew: it does not leave out what it cannot read.
    let before = fs::read(place.file()).unwrap();
    assert!(matches!(vault.erase(who(1)), Err(VaultError::Damaged { offset: 384, .. })));
    assert_eq!(fs::read(place.file()).unwrap(), before);
}

#[test]
fn a_tombstone_of_another_vault_erases_nobody() {
    let (place, other) = (Place::new(), Place::new());
    drop(place.create());
    other.create().erase(who(1)).unwrap();
    let mine = fs::read(place.file()).unwrap();
    let theirs = fs::read(other.file()).unwrap();
    fs::write(place.file(), [&mine[..], &theirs[theirs.len() - SLOT..]].concat()).unwrap();
    assert!(matches!(place.open(), Err(VaultError::Damaged { offset: 384, .. })));
}

#[test]
fn another_master_key_is_refused_as_such() {
    let (place, other) = (Place::new(), Place::new());
    drop(place.create());
    let refused = Vault::open(&place.vault_dir(), &other.master);
    assert!(matches!(refused, Err(VaultError::WrongMasterKey(path)) if path == place.file()));
}

#[test]
fn one_process_at_a_time_and_one_vault_a_directory() {
    let place = Place::new();
    let vault = place.create();
    assert!(matches!(place.open(), Err(VaultError::Locked(_))));
    drop(vault);
    let again = Vault::create(&place.vault_dir(), &place.master);
    assert!(matches!(again, Err(VaultError::Exists(path)) if path == place.file()));
    assert!(place.open().is_ok());
    let nowhere = Vault::open(&place.dir.path().join("nowhere"), &place.master);
    assert!(matches!(nowhere, Err(VaultError::Io { .. })));
}

#[test]
fn a_simulated_vault_can_be_made_again() {
    let (one, two) = (Place::new(), Place::new());
    let seed = [42; 32];
    let mut made = Vault::create_simulated(&one.vault_dir(), &one.master, &seed).unwrap();
    let key = print(&made.subject_key_or_create(who(1)).unwrap());
    made.flush().unwrap();
    let mut again = Vault::create_simulated(&two.vault_dir(), &two.master, &seed).unwrap();
    assert_eq!(print(&again.subject_key_or_create(who(1)).unwrap()), key);
    assert_eq!(again.ledger_secret(), made.ledger_secret());
    assert_eq!(again.agency_secret(), made.agency_secret());
    assert_ne!(made.ledger_secret(), made.agency_secret());
    drop(made);

    let mut made = one.open().unwrap();
    assert!(made.is_simulated());
    let two_later = print(&made.subject_key_or_create(who(2)).unwrap());
    assert_eq!(print(&again.subject_key_or_create(who(2)).unwrap()), two_later);
    made.erase(who(1)).unwrap();
    drop(made);
    let mut made = one.open().unwrap();
    assert!(made.is_simulated());
    assert!(matches!(made.subject_key_or_create(who(1)), Err(VaultError::Erased(Erased))));
}

#[test]
fn the_master_key_file_is_private_or_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("master.key");
    MasterKey::create(&path).unwrap();
    assert!(matches!(MasterKey::create(&path), Err(VaultError::Exists(found)) if found == path));
    assert!(MasterKey::open(&path).is_ok());
    let text = fs::read_to_string(&path).unwrap();
    for wrong in [String::new(), text.replace("v1", "v2"), text.trim_end().to_owned(), format!("{text}\n"), text.to_uppercase()] {
        fs::write(&path, wrong).unwrap();
        assert!(matches!(MasterKey::open(&path), Err(VaultError::NotAMasterKey(_))));
    }
    assert!(matches!(MasterKey::open(&dir.path().join("none")), Err(VaultError::Io { .. })));
}

#[cfg(unix)]
#[test]
fn files_others_may_touch_are_refused_by_name_and_remedy() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    drop(place.create());
    let key = place.dir.path().join("master.key");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    let set = |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    assert_eq!((mode(&key), mode(&place.file())), (0o600, 0o600));
    assert_eq!(mode(&place.vault_dir()), 0o700);
    for refused in [0o640, 0o604, 0o660, 0o700, 0o644] {
        set(&key, refused);
        let error = MasterKey::open(&key).unwrap_err().to_string();
        assert!(error.contains(&format!("{refused:04o}")), "{error}");
        assert!(error.contains(&format!("chmod 600 {}", key.display())), "{error}");
        set(&place.file(), refused);
        assert!(matches!(place.open(), Err(VaultError::Permissions { .. })));
    }
    set(&key, 0o400);
    assert!(MasterKey::open(&key).is_ok());
    set(&place.file(), 0o600);
    assert!(place.open().is_ok());
}

#[test]
fn a_reader_opens_beside_a_writer_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterKey::create(&dir.path().join("master.key")).unwrap();
    let mut writer = Vault::create(dir.path(), &master).unwrap();
    let (old, new) = (Pseudonym([1; 16]), Pseudonym([2; 16]));
    writer.subject_key_or_create(old).unwrap();
    writer.flush().unwrap();
    let before = std::fs::read(dir.path().join(VAULT_FILE)).unwrap();

    let mut reader = Vault::open_read_only(dir.path(), &master).unwrap();
    assert!(reader.subject_key(old).unwrap().is_some());
    assert!(reader.subject_key(new).unwrap().is_none());
    assert!(matches!(reader.subject_key_or_create(new), Err(VaultError::ReadOnly(_))));
    assert!(matches!(reader.erase(old), Err(VaultError::ReadOnly(_))));
    assert!(reader.subject_key_or_create(old).is_ok());
    assert_eq!(std::fs::read(dir.path().join(VAULT_FILE)).unwrap(), before);
}
