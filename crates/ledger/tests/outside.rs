//! Changing the log key and keeping what witnesses said: old checkpoints verify, an interruption is mended, and what they saw binds the ledger.
//! It refuses to take a second ledger's word: every attack is made with the files of the first.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use ledger::*;
use support::*;
use transparency::{CosignatureSigner, KeyChain, Note, Verifier};

fn witness() -> CosignatureSigner {
    CosignatureSigner::from_seed("witness.example", &[9; 32]).unwrap()
}

fn cosigned(note: &str) -> Note {
    let note = Note::parse(note.as_bytes()).unwrap();
    let line = witness().cosign(&note, 1_767_000_000).unwrap();
    note.with_signature(line).unwrap()
}

#[test]
fn a_new_key_takes_over_and_everything_old_verifies() {
    let dir = tempfile::tempdir().unwrap();
    let path = sample(dir.path());
    let mut ledger = Ledger::open(&path).unwrap();
    let first = Verifier::parse(&ledger.vkey()).unwrap();
    let before = ledger.sign_checkpoint().unwrap();
    ledger.keep_cosigned(witness().verifier(), &cosigned(&before)).unwrap();
    let reader = Ledger::open_reader(&path).unwrap();
    let statement = ledger.rotate_log_key(at(50)).unwrap();
    let second = Verifier::parse(&ledger.vkey()).unwrap();
    assert_ne!(first, second);
    assert_eq!(all(&ledger).last().unwrap().event.schema().name, "key_rotated");

    // An outsider who has the old key and the statement knows the new key; one with the statement alone knows nothing.
    let mut chain = KeyChain::new(first);
    chain.extend(Note::parse(statement.as_bytes()).unwrap()).unwrap();
    assert_eq!(chain.current(), &second);
    let after = ledger.checkpoint().unwrap().unwrap();
    assert!(chain.open(before.as_bytes()).is_ok() && chain.open(after.as_bytes()).is_ok());
    assert!(Note::parse(after.as_bytes()).unwrap().verify(&[second]).is_ok());

    // A reader that opened before goes on reading checkpoints of the new key.
    assert_eq!(reader.checkpoint().unwrap().unwrap(), after);
    ledger.rotate_log_key(at(51)).unwrap();
    drop(ledger);
    let ledger = Ledger::open(&path).unwrap();
    assert_eq!(ledger.log_keys().keys().count(), 3);
    let report = ledger.verify(&VerifyOptions::default()).unwrap();
    assert_eq!((report.failure, report.checkpoints.len()), (None, 3));
    assert!(!path.join("keys/log-key.next").exists());
}

#[test]
fn a_rotation_cut_short_leaves_a_key_that_signs() {
    let dir = tempfile::tempdir().unwrap();
    let path = sample(dir.path());
    let (old_key, key, next) = (dir.path().join("old"), path.join("keys/log-key"), path.join("keys/log-key.next"));
    std::fs::copy(&key, &old_key).unwrap();
    // Before the commit: a next key that nobody names.
    std::fs::copy(&key, &next).unwrap();
    let mut ledger = Ledger::open(&path).unwrap();
    assert!(next.exists());
    ledger.rotate_log_key(at(50)).unwrap();
    let vkey = ledger.vkey();
    drop(ledger);
    // After the commit, before the files were moved.
    std::fs::rename(&key, &next).unwrap();
    std::fs::rename(&old_key, &key).unwrap();
    assert_eq!(Ledger::open_reader(&path).unwrap().vkey(), vkey);
    let mut ledger = Ledger::open(&path).unwrap();
    assert_eq!(ledger.vkey(), vkey);
    assert!(!next.exists());
    ledger.append(&[with_source(contact(901), "c:901")], Expect::Any, at(60)).unwrap();
    ledger.sign_checkpoint().unwrap();
}

#[test]
fn what_a_witness_saw_binds_the_ledger_when_everything_else_is_put_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = sample(dir.path());
    let old = dir.path().join("old");
    copy_dir(&path, &old);
    let mut ledger = Ledger::open(&path).unwrap();
    ledger.append(&[with_source(contact(900), "c:900")], Expect::Any, at(10)).unwrap();
    let note = ledger.sign_checkpoint().unwrap();
    assert!(ledger.cosigned().unwrap().is_empty());
    let kept = ledger.keep_cosigned(witness().verifier(), &cosigned(&note)).unwrap();
    assert_eq!(ledger.cosigned().unwrap(), std::slice::from_ref(&kept));
    assert_eq!(kept.time, 1_767_000_000);
    let size = ledger.head().unwrap().size;
    drop(ledger);
    // Database and high-water file of yesterday: only the witness's word is from today.
    for file in ["ledger.redb", "high-water"] {
        std::fs::copy(old.join(file), path.join(file)).unwrap();
    }
    for opened in [Ledger::open(&path), Ledger::open_reader(&path)] {
        let error = opened.err().unwrap();
        let LedgerError::RolledBack { signed, witness, .. } = &error else { panic!("{error}") };
        assert_eq!((*signed, witness.as_str()), (size, "a witnessed checkpoint"));
    }
}

#[test]
fn only_what_a_witness_really_said_of_this_ledger_is_kept() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut ledger = Ledger::open(&sample(one.path())).unwrap();
    let mut other = real(two.path());
    let (witness, foreign) = (witness(), other.sign_checkpoint().unwrap());
    assert!(ledger.keep_cosigned(witness.verifier(), &cosigned(&foreign)).is_err());
    let small = ledger.sign_checkpoint().unwrap();
    let bare = Note::parse(small.as_bytes()).unwrap();
    assert!(ledger.keep_cosigned(witness.verifier(), &bare).is_err());
    ledger.append(&[with_source(contact(900), "c:900")], Expect::Any, at(10)).unwrap();
    let large = ledger.sign_checkpoint().unwrap();
    let kept = ledger.keep_cosigned(witness.verifier(), &cosigned(&large)).unwrap();
    // Less than what is known already changes nothing.
    assert_eq!(ledger.keep_cosigned(witness.verifier(), &cosigned(&small)).unwrap(), kept);
    assert_eq!(ledger.cosigned().unwrap(), [kept]);
}
