//! At least a hundred thousand inputs for every parser and verifier: raw bytes, and well-formed files with a few things changed.
//! It refuses a panic, a file read in two spellings, and anything altered that still counts as signed or proved.
#![allow(clippy::unwrap_used, missing_docs)]

use std::convert::Infallible;
use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use transparency::*;

/// Raw and altered inputs together make more than a hundred thousand for each parser.
const CASES: u32 = 55_000;
const ORIGIN: &str = "ledger.riverbend.example";

static LOG: LazyLock<Signer> = LazyLock::new(|| Signer::from_seed(ORIGIN, &[1; 32]).unwrap());
static WITNESS: LazyLock<CosignatureSigner> = LazyLock::new(|| CosignatureSigner::from_seed("w1.example", &[101; 32]).unwrap());
static SIGNED: LazyLock<Note> = LazyLock::new(|| {
    let note = Checkpoint::new(ORIGIN, 21, root_of(&leaves())).unwrap().sign(&[&LOG]).unwrap();
    let line = WITNESS.cosign(&note, 1_767_000_000).unwrap();
    note.with_signature(line).unwrap()
});

/// What a hostile writer does to a text: lines doubled, dropped and swapped, numbers and bytes replaced, an end cut off.
#[derive(Clone, Debug)]
enum Change {
    Byte(Index, u8),
    Insert(Index, Vec<u8>),
    Cut(Index),
    Double(Index),
    Drop(Index),
    Swap(Index, Index),
    Number(Index, u64),
}

fn change() -> impl Strategy<Value = Change> {
    let word = prop_oneof![
        vec(any::<u8>(), 1..6),
        prop::sample::select(vec![&b"\n\n"[..], b"\n", b" ", b"+", b"=", b"\xe2\x80\x94 ", b"old ", b"index ", b"extra ", b"quorum ", b"group g all "])
            .prop_map(<[u8]>::to_vec),
    ];
    let number = prop_oneof![any::<u64>(), 0_u64..70, Just(u64::MAX)];
    prop_oneof![
        3 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        2 => (any::<Index>(), word).prop_map(|(at, word)| Change::Insert(at, word)),
        1 => any::<Index>().prop_map(Change::Cut),
        1 => any::<Index>().prop_map(Change::Double),
        1 => any::<Index>().prop_map(Change::Drop),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Change::Swap(a, b)),
        2 => (any::<Index>(), number).prop_map(|(at, number)| Change::Number(at, number)),
    ]
}

fn apply(text: &str, changes: &[Change]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        let mut lines: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        match change {
            Change::Byte(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
                continue;
            }
            Change::Insert(at, word) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, word.iter().copied());
                continue;
            }
            Change::Cut(at) => {
                bytes.truncate(at.index(bytes.len()));
                continue;
            }
            Change::Double(at) => {
                let at = at.index(lines.len());
                lines.insert(at, lines[at].clone());
            }
            Change::Drop(at) => {
                lines.remove(at.index(lines.len()));
            }
            Change::Swap(a, b) => {
                let (a, b) = (a.index(lines.len()), b.index(lines.len()));
                lines.swap(a, b);
            }
            Change::Number(at, number) => {
                let at = at.index(lines.len());
                let words = String::from_utf8_lossy(&lines[at]).into_owned();
                let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
                let changed = words.split(' ').map(|word| if is_number(word) { number.to_string() } else { word.to_owned() });
                lines[at] = changed.collect::<Vec<_>>().join(" ").into_bytes();
            }
        }
        bytes = lines.join(&b'\n');
    }
    bytes
}

fn leaves() -> Vec<Hash> {
    (0..21_u8).map(|number| leaf_hash(&[number])).collect()
}

fn read(leaves: &[Hash]) -> impl FnMut(u8, u64) -> Result<Hash, Infallible> {
    |_, index| Ok(leaves[usize::try_from(index).unwrap()])
}

fn policy() -> String {
    let more = CosignatureSigner::from_seed("w2.example", &[102; 32]).unwrap();
    format!(
        "# who is enough\nlog {} https://log.example\nwitness a {}\nwitness b {}\ngroup g any a b\nquorum g\n",
        LOG.verifier(),
        WITNESS.verifier(),
        more.verifier()
    )
}

fn note_holds(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(note) = Note::parse(bytes) {
        prop_assert_eq!(note.to_string().into_bytes(), bytes);
        // Whatever was changed: what the log's key still vouches for is the text it signed.
        if note.verify(&[LOG.verifier().clone()]).is_ok() {
            prop_assert_eq!(note.text(), SIGNED.text());
        }
        if let Ok(Some(_)) = WITNESS.verifier().cosigned(&note) {
            prop_assert_eq!(note.text(), SIGNED.text());
        }
        if let Ok(checkpoint) = Checkpoint::parse(note.text()) {
            prop_assert_eq!(checkpoint.to_text(), note.text());
        }
        let _ = KeyRotation::open(&note);
    }
    let _ = signature_lines(bytes);
    Ok(())
}

fn checkpoint_holds(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(checkpoint) = Checkpoint::parse(text)
    {
        prop_assert_eq!(checkpoint.to_text(), text);
    }
    Ok(())
}

fn policy_holds(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(policy) = Policy::parse(bytes) {
        let _ = policy.check(&SIGNED);
        // More cosignatures never make a quorum of what was one into none.
        prop_assert!(policy.is_quorum(|_| true));
    }
    Ok(())
}

fn proof_holds(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(proof) = TlogProof::parse(bytes) {
        prop_assert_eq!(proof.to_string().into_bytes(), bytes);
        let policy = Policy::of_log(LOG.verifier().clone());
        if proof.verify(&leaf_hash(&[13]), &policy).is_ok() {
            prop_assert_eq!((proof.index, proof.checkpoint.text()), (13, SIGNED.text()));
        }
    }
    Ok(())
}

fn request_holds(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        prop_assert_eq!(request.to_string().into_bytes(), bytes);
        let old = root_of(&leaves()[..8]);
        let _ = verify_consistency(request.old, &old, request.checkpoint.size(), &request.checkpoint.root(), &request.proof);
    }
    Ok(())
}

/// Runs a property over raw bytes, then over a good file changed in up to four places.
fn both(good: &str, holds: fn(&[u8]) -> Result<(), TestCaseError>) {
    holds(good.as_bytes()).unwrap();
    let config = ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    runner.run(&vec(any::<u8>(), 0..200), |bytes| holds(&bytes)).unwrap();
    runner.run(&vec(change(), 1..5), |changes| holds(&apply(good, &changes))).unwrap();
}

#[test]
fn notes() {
    both(&SIGNED.to_string(), note_holds);
}

#[test]
fn checkpoints() {
    both(SIGNED.text(), checkpoint_holds);
}

#[test]
fn policies() {
    both(&policy(), policy_holds);
}

#[test]
fn proof_files() {
    let path = inclusion_proof(13, 21, read(&leaves())).unwrap();
    let proof = TlogProof { extra: Some(b"context".to_vec()), index: 13, path, checkpoint: SIGNED.clone() };
    assert!(proof.verify(&leaf_hash(&[13]), &Policy::parse(policy().as_bytes()).unwrap()).is_ok());
    both(&proof.to_string(), proof_holds);
}

#[test]
fn witness_requests() {
    let proof = consistency_proof(8, 21, read(&leaves())).unwrap();
    both(&AddCheckpoint::new(8, proof, SIGNED.clone()).unwrap().to_string(), request_holds);
}

/// An authority's answer about `data`, without the certificate and signature that follow in a real one.
fn answer(data: &[u8]) -> Vec<u8> {
    let element = |tag: u8, contents: &[u8]| {
        let len = contents.len() as u8;
        let head: &[u8] = if len < 0x80 { &[tag, len] } else { &[tag, 0x81, len] };
        [head, contents].concat()
    };
    let query = timestamp_query(data);
    // Version; then imprint (51 bytes with its head), nonce and the wish for a certificate.
    let (imprint, rest) = query[5..].split_at(51);
    let nonce = &rest[..rest.len() - 3];
    let info = [&[2, 1, 1, 6, 1, 42], imprint, &[2, 1, 7], &element(0x18, b"20250701143000Z"), nonce].concat();
    let content = [element(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 4]), element(0xa0, &element(4, &element(0x30, &info)))].concat();
    let signed = [element(2, &[3]), element(0x31, &[]), element(0x30, &content)].concat();
    let token = [element(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2]), element(0xa0, &element(0x30, &signed))].concat();
    element(0x30, &[element(0x30, &element(2, &[0])), element(0x30, &token)].concat())
}

#[test]
fn timestamp_answers() {
    let data = SIGNED.to_string();
    let good = answer(data.as_bytes());
    assert_eq!(read_timestamp(&good, data.as_bytes()).unwrap(), "20250701143000Z");
    assert_eq!(read_timestamp(&good, b"other"), Err(TimestampError::OtherData));
    let config = ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let never = |bytes: Vec<u8>| {
        let _ = read_timestamp(&bytes, b"data");
        Ok(())
    };
    runner.run(&vec(any::<u8>(), 0..200), never).unwrap();
    runner
        .run(&(vec((any::<Index>(), any::<u8>()), 1..4), any::<Index>()), |(changes, cut)| {
            let mut bytes = good.clone();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = read_timestamp(&bytes[..cut.index(bytes.len())], data.as_bytes());
            // Nothing but the stamped bytes themselves is bound by what is read here; the authority's signature binds the rest.
            prop_assert!(read_timestamp(&bytes, b"other").is_err());
            Ok(())
        })
        .unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 110_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Hostile numbers and paths for both verifiers; only the true hashes may pass. Sizes of trees of the same shape pass with them: what binds
    /// a size to a root is the signature over both.
    #[test]
    fn inclusion_and_consistency_proofs(
        index in prop_oneof![0_u64..24, any::<u64>()],
        size in prop_oneof![0_u64..24, any::<u64>()],
        raw in vec(any::<[u8; 32]>(), 0..70),
        honest in any::<bool>(),
        changes in vec((any::<Index>(), any::<u8>()), 0..2),
    ) {
        let leaves = leaves();
        let root = root_of(&leaves);
        let raw: Vec<Hash> = raw.into_iter().map(Hash).collect();
        let altered = |mut path: Vec<Hash>| {
            for (at, byte) in &changes {
                if !path.is_empty() {
                    let at = at.index(path.len());
                    path[at].0[0] ^= byte;
                }
            }
            path
        };
        let path = if honest && index < 21 { altered(inclusion_proof(index, 21, read(&leaves)).unwrap()) } else { raw.clone() };
        if verify_inclusion(&leaves[5], index, size, &path, &root).is_ok() {
            prop_assert!(index == 5 && (17..=32).contains(&size), "{} of {}", index, size);
            prop_assert_eq!(path, inclusion_proof(5, 21, read(&leaves)).unwrap());
        }
        let path = if honest && index <= 21 { altered(consistency_proof(index, 21, read(&leaves)).unwrap()) } else { raw };
        let old_root = root_of(&leaves[..8]);
        if verify_consistency(index, &old_root, size, &root, &path).is_ok() {
            prop_assert!(index.is_power_of_two() && index < size, "{} to {}", index, size);
            prop_assert_eq!(path, consistency_proof(8, 21, read(&leaves)).unwrap());
        }
    }
}
