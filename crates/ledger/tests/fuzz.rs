//! Every small file that lies beside the database, full of anything: refused with an error, or taken for what it was; never a panic.
//! Stored rows and payloads are given the same treatment where they are read, in this crate's unit tests, and whole databases in `flip.rs`.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use ledger::*;
use proptest::prelude::*;
use proptest::sample::Index;
use support::*;
use transparency::{CosignatureSigner, Note};

/// A ledger with a checkpoint, a witness's word and derived state, and what it answers when nothing was touched.
struct Whole {
    _dir: tempfile::TempDir,
    path: PathBuf,
    head: Head,
    checkpoint: String,
}

static WHOLE: LazyLock<Whole> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = real(dir.path());
    ledger.append(&[with_source(registered("I-1", Some("1984-05-06")), "i:1"), with_source(contact(1), "c:1")], Expect::Any, at(1)).unwrap();
    let checkpoint = ledger.sign_checkpoint().unwrap();
    let witness = CosignatureSigner::from_seed("w1.example", &[101; 32]).unwrap();
    let note = Note::parse(checkpoint.as_bytes()).unwrap();
    let note = note.clone().with_signature(witness.cosign(&note, 1_767_000_000).unwrap()).unwrap();
    ledger.keep_cosigned(witness.verifier(), &note).unwrap();
    let head = ledger.head().unwrap();
    let origin = Origin { size: head.size, root: head.root.0, version: "1".into() };
    ledger.keep_derived("state", origin, vec![kept_section()]).unwrap();
    drop(ledger);
    let path = dir.path().join("ledger");
    Whole { path, head, checkpoint, _dir: dir }
});

fn kept_section() -> KeptSection<'static> {
    KeptSection { name: "a", front: b"what was derived".to_vec(), pieces: vec![b"piece by piece, ".to_vec(), Vec::new(), b"as it is asked".repeat(2)] }
}

/// What the ledger answers with other bytes in one of its files: `None` when it refuses them.
fn with(name: &str, bytes: &[u8]) -> Option<Ledger> {
    let dir = tempfile::tempdir().unwrap();
    let copy = dir.path().join("ledger");
    copy_dir(&WHOLE.path, &copy);
    let file = copy.join(name);
    std::fs::write(&file, bytes).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    drop(Ledger::open(&copy));
    let ledger = Ledger::open_reader(&copy).ok()?;
    assert_eq!(ledger.head().unwrap(), WHOLE.head, "no file beside the database says what is in it");
    Some(ledger)
}

fn original(name: &str) -> Vec<u8> {
    std::fs::read(WHOLE.path.join(name)).unwrap()
}

fn witness_file() -> String {
    let names = std::fs::read_dir(WHOLE.path.join("outside")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    format!("outside/{}", names.into_iter().find(|name| name.starts_with("witness-")).unwrap())
}

fn fuzz_high_water(bytes: &[u8]) {
    if let Some(ledger) = with("high-water", bytes) {
        assert_eq!(ledger.checkpoint().unwrap().unwrap().lines().nth(1), WHOLE.checkpoint.lines().nth(1), "only what was signed counts");
    }
}

fn fuzz_witness(bytes: &[u8]) {
    if let Some(ledger) = with(&witness_file(), bytes) {
        assert!(ledger.cosigned().unwrap().iter().all(|cosigned| cosigned.checkpoint.size() == WHOLE.head.size));
    }
}

fn fuzz_derived(bytes: &[u8]) {
    let ledger = with("derived/state", bytes).expect("derived state is no authority");
    let Some(section) = ledger.derived("state", "1").and_then(|derived| derived.section("a")) else { return };
    let KeptSection { front, pieces, .. } = kept_section();
    assert!(section.front == front && section.pieces.count() == pieces.len());
    for (number, piece) in pieces.iter().enumerate() {
        assert!(section.pieces.read(number).is_none_or(|words| bytemuck::cast_slice::<u32, u8>(&words) == piece));
    }
}

fn fuzz_vault(bytes: &[u8]) {
    if let Some(ledger) = with("keys/subjects.vault", bytes) {
        let mut read = Vec::new();
        ledger.replay(0..u64::MAX, |recorded| read.push(recorded.event)).unwrap();
        assert!(read.len() <= 3);
    }
}

fn fuzz_key_file(bytes: &[u8]) {
    drop(with("keys/master-key", bytes));
    drop(with("keys/log-key", bytes));
    drop(with("keys/log-key.next", bytes));
}

/// A file with some bytes replaced, put in or cut off.
fn altered(original: &[u8], changes: &[(Index, u8, u8)]) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for (at, byte, how) in changes {
        if bytes.is_empty() {
            break;
        }
        let at = at.index(bytes.len());
        match how % 4 {
            0 => bytes[at] = *byte,
            1 => bytes.insert(at, *byte),
            2 => drop(bytes.remove(at)),
            _ => bytes.truncate(at),
        }
    }
    bytes
}

fn check(name: &str, fuzz: fn(&[u8]), raw: &[u8], changes: &[(Index, u8, u8)]) {
    fuzz(raw);
    fuzz(&altered(&original(name), changes));
}

fn changes() -> impl Strategy<Value = Vec<(Index, u8, u8)>> {
    proptest::collection::vec((any::<Index>(), any::<u8>(), any::<u8>()), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_high_water_file_of_anything(raw in any::<Vec<u8>>(), changes in changes()) {
        check("high-water", fuzz_high_water, &raw, &changes);
    }

    #[test]
    fn a_witness_file_of_anything(raw in any::<Vec<u8>>(), changes in changes()) {
        check(&witness_file(), fuzz_witness, &raw, &changes);
    }

    #[test]
    fn derived_state_of_anything(raw in any::<Vec<u8>>(), changes in changes()) {
        check("derived/state", fuzz_derived, &raw, &changes);
    }

    #[test]
    fn a_vault_of_anything(raw in any::<Vec<u8>>(), changes in changes()) {
        check("keys/subjects.vault", fuzz_vault, &raw, &changes);
    }

    #[test]
    fn key_files_of_anything(raw in any::<Vec<u8>>(), changes in changes()) {
        check("keys/master-key", fuzz_key_file, &raw, &changes);
        check("keys/log-key", fuzz_key_file, &raw, &changes);
    }
}

#[test]
fn untouched_files_are_taken_for_what_they_are() {
    let names: [(&str, fn(&[u8])); 3] = [("high-water", fuzz_high_water), ("derived/state", fuzz_derived), ("keys/subjects.vault", fuzz_vault)];
    for (name, fuzz) in names {
        fuzz(&original(name));
        assert!(with(name, &original(name)).is_some());
    }
    fuzz_witness(&original(&witness_file()));
    let path: &Path = &WHOLE.path;
    let ledger = Ledger::open_reader(path).unwrap();
    assert_eq!(ledger.cosigned().unwrap().len(), 1);
    let section = ledger.derived("state", "1").unwrap().section("a").unwrap();
    assert_eq!(section.front, b"what was derived");
    assert!((0..3).all(|number| section.pieces.read(number).is_some()));
}
