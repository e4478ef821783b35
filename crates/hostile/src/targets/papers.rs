//! What is signed, proved or stored: notes, checkpoints, policies, proofs, requests to witnesses, answers of time stampers, keys, frames, packs, histories.

use std::sync::OnceLock;

use transparency::{
    AddCheckpoint, Checkpoint, CosignatureSigner, Hash, KeyRotation, Note, Policy, Signer, TileId, TlogProof, Verifier, consistency_proof, inclusion_proof,
    leaf_hash, read_timestamp, root_of, signature_lines, timestamp_query,
};

use super::stored::{SMALL, pack_of};
use crate::Target;
use crate::run::plain;

const ORIGIN: &str = "ledger.riverbend.example";

struct Signed {
    log: Signer,
    witness: CosignatureSigner,
    note: Note,
    leaves: Vec<Hash>,
}

/// A small tree with a checkpoint, signed and cosigned.
fn signed() -> Option<&'static Signed> {
    static SIGNED: OnceLock<Option<Signed>> = OnceLock::new();
    let make = || {
        let log = Signer::from_seed(ORIGIN, &[1; 32]).ok()?;
        let witness = CosignatureSigner::from_seed("w1.example", &[101; 32]).ok()?;
        let leaves: Vec<Hash> = (0..21_u8).map(|n| leaf_hash(&[n])).collect();
        let note = Checkpoint::new(ORIGIN, 21, root_of(&leaves)).ok()?.sign(&[&log]).ok()?;
        let line = witness.cosign(&note, 1_767_000_000)?;
        let note = note.with_signature(line).ok()?;
        Some(Signed { log, witness, note, leaves })
    };
    SIGNED.get_or_init(make).as_ref()
}

fn from(make: impl Fn(&Signed) -> Option<String>) -> Vec<Vec<u8>> {
    signed().and_then(make).map(String::into_bytes).into_iter().collect()
}

const NOTE_WORDS: &[&str] = &["\n\n", "\u{2014} ", "\u{2014} ledger.riverbend.example ", "AAAA", "21\n", "-----"];

pub(super) const NOTE: Target = Target {
    name: "note",
    reads: &["transparency::Note::parse", "transparency::signature_lines", "transparency::KeyRotation::open", "transparency::KeyChain::open"],
    good: || from(|s| Some(s.note.to_string())),
    words: NOTE_WORDS,
    read: |bytes| {
        let _ = signature_lines(bytes);
        let note = match Note::parse(bytes) {
            Ok(note) => note,
            Err(error) => return plain(&format!("{error:?}")),
        };
        assert!(note.to_string().as_bytes() == bytes, "a note in two spellings");
        let Some(s) = signed() else { return "no key".to_owned() };
        let vouched = note.verify(&[s.log.verifier().clone()]).is_ok();
        assert!(!vouched || note.text() == s.note.text(), "another text under the log's signature");
        let cosigned = matches!(s.witness.verifier().cosigned(&note), Ok(Some(_)));
        assert!(!cosigned || note.text() == s.note.text(), "another text under the witness's signature");
        let _ = KeyRotation::open(&note);
        format!("a note, {vouched} {cosigned}")
    },
};

pub(super) const CHECKPOINT: Target = Target {
    name: "checkpoint",
    reads: &["transparency::Checkpoint::parse", "transparency::Checkpoint::open"],
    good: || from(|s| Some(s.note.text().to_owned())),
    words: NOTE_WORDS,
    read: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Some(s) = signed() {
            let _ = Checkpoint::open(bytes, ORIGIN, s.log.verifier());
        }
        match Checkpoint::parse(&text) {
            Ok(checkpoint) => {
                assert!(checkpoint.to_text() == *text, "a checkpoint in two spellings");
                "taken".to_owned()
            }
            Err(error) => plain(&format!("{error:?}")),
        }
    },
};

pub(super) const POLICY: Target = Target {
    name: "policy",
    reads: &["transparency::Policy::parse"],
    good: || from(|s| Some(format!("# enough\nlog {} https://log.example\nwitness a {}\ngroup g any a\nquorum g\n", s.log.verifier(), s.witness.verifier()))),
    words: &["log ", "witness ", "group ", "quorum none", "any", "all", "1", " 4294967296 "],
    read: |bytes| match Policy::parse(bytes) {
        Ok(policy) => {
            assert!(policy.is_quorum(|_| true), "everybody is never enough");
            format!("taken {}", signed().is_some_and(|s| policy.check(&s.note).is_ok()))
        }
        Err(error) => plain(&format!("{error:?}")),
    },
};

pub(super) const PROOF: Target = Target {
    name: "tlog-proof",
    reads: &["transparency::TlogProof::parse"],
    good: || {
        from(|s| {
            let read = |_, index: u64| usize::try_from(index).ok().and_then(|i| s.leaves.get(i)).copied().ok_or(());
            let path = inclusion_proof(13, 21, read).ok()?;
            Some(TlogProof { extra: Some(b"context".to_vec()), index: 13, path, checkpoint: s.note.clone() }.to_string())
        })
    },
    words: &["c2sp.org/tlog-proof@v1\n", "extra ", "index ", "\n\n", "=", "18446744073709551615"],
    read: |bytes| match TlogProof::parse(bytes) {
        Ok(proof) => {
            assert!(proof.to_string().as_bytes() == bytes, "a proof in two spellings");
            let Some(s) = signed() else { return "no key".to_owned() };
            let proved = proof.verify(&leaf_hash(&[13]), &Policy::of_log(s.log.verifier().clone())).is_ok();
            assert!(!proved || (proof.index, proof.checkpoint.text()) == (13, s.note.text()), "another place is proved");
            format!("taken {proved}")
        }
        Err(error) => plain(&format!("{error:?}")),
    },
};

pub(super) const REQUEST: Target = Target {
    name: "add-checkpoint",
    reads: &["transparency::AddCheckpoint::parse"],
    good: || {
        from(|s| {
            let read = |_, index: u64| usize::try_from(index).ok().and_then(|i| s.leaves.get(i)).copied().ok_or(());
            let proof = consistency_proof(8, 21, read).ok()?;
            Some(AddCheckpoint::new(8, proof, s.note.clone()).ok()?.to_string())
        })
    },
    words: &["old ", "old 0\n\n", "\n\n", "=", "18446744073709551615"],
    read: |bytes| match AddCheckpoint::parse(bytes) {
        Ok(request) => {
            assert!(request.to_string().as_bytes() == bytes, "a request in two spellings");
            "taken".to_owned()
        }
        Err(error) => plain(&format!("{error:?}")),
    },
};

/// An element of DER.
fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let inside = parts.concat();
    let [low, high] = u16::try_from(inside.len()).unwrap_or(u16::MAX).to_le_bytes();
    let head = match inside.len() {
        0..=0x7f => vec![low],
        0x80..=0xff => vec![0x81, low],
        _ => vec![0x82, high, low],
    };
    [vec![tag], head, inside].concat()
}

/// What an authority answers that grants what was asked, as far as it is read: without certificates and signature.
fn granted(data: &[u8]) -> Vec<u8> {
    let query = timestamp_query(data);
    // The question is a sequence of a version, the imprint (of 51 bytes), the nonce, and one more of three bytes.
    let (imprint, nonce) = (query.get(5..5 + 51).unwrap_or_default(), query.get(5 + 51..query.len().saturating_sub(3)).unwrap_or_default());
    let policy = element(0x06, &[&[0x2a, 0x03, 0x04]]);
    let info = element(0x30, &[&element(0x02, &[&[1]]), &policy, imprint, &element(0x02, &[&[7]]), &element(0x18, &[b"20250701143000Z"]), nonce]);
    let inside = element(0x30, &[&element(0x06, &[b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04"]), &element(0xa0, &[&element(0x04, &[&info])])]);
    let signed = element(0x30, &[&element(0x02, &[&[3]]), &element(0x31, &[]), &inside]);
    let token = element(0x30, &[&element(0x06, &[b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"]), &element(0xa0, &[&signed])]);
    element(0x30, &[&element(0x30, &[&element(0x02, &[&[0]])]), &token])
}

pub(super) const TIMESTAMP: Target = Target {
    name: "timestamp",
    reads: &["transparency::read_timestamp"],
    good: || vec![granted(b"data"), timestamp_query(b"data")],
    words: &["0\u{7f}", "\u{2}\u{1}", "20250701143000Z", "\u{18}\u{f}20250701143000Z"],
    read: |bytes| read_timestamp(bytes, b"data").unwrap_or_else(|e| plain(&format!("{e:?}"))),
};

pub(super) const KEYS: Target = Target {
    name: "keys",
    reads: &["transparency::Verifier::parse", "transparency::SecretKey::parse", "transparency::CosignatureVerifier::parse", "transparency::TileId::from_path", "transparency::Signer::parse"],
    good: || from(|s| Some(s.log.verifier().to_string())).into_iter().chain([b"tile/1/x001/234.p/5".to_vec()]).collect(),
    words: &["+", "PRIVATE+KEY+", "x001/", ".p/", "tile/", "AAAA"],
    read: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let key = Verifier::parse(&text).is_ok_and(|key| key.to_string() == text);
        let secret = Signer::parse(&text).is_ok();
        let tile = TileId::from_path(&text).is_some();
        format!("{key} {secret} {tile}")
    },
};

pub(super) const FRAME: Target = Target {
    name: "frame",
    reads: &["chain::Header::from_bytes"],
    good: || vec![vec![0; chain::HEADER_LEN], [&1_u16.to_le_bytes()[..], &[7; chain::HEADER_LEN - 2]].concat()],
    words: &[],
    read: |bytes| chain::Header::from_bytes(bytes).map_or_else(|e| plain(&format!("{e:?}")), |_| "taken".to_owned()),
};

pub(super) const GENESIS: Target = Target {
    name: "genesis",
    reads: &["chain::Genesis::from_bytes"],
    good: || vec![verify::entries(A_PACK).into_iter().find(|(name, _)| *name == "genesis.bin").map(|(_, bytes)| bytes.to_vec()).unwrap_or_default()],
    words: &["ledger.riverbend.example", "\u{0}\u{0}"],
    read: |bytes| chain::Genesis::from_bytes(bytes).map_or_else(|e| plain(&format!("{e:?}")), |_| "taken".to_owned()),
};

pub(super) const A_PACK: &[u8] = include_bytes!("../../../../fixtures/ledgers/v1/range.pack");

pub(super) const PACK: Target = Target {
    name: "pack",
    reads: &["verify::check", "verify::entries"],
    // Without its largest entries, so that most of what is spoiled is the file around them.
    good: || {
        let small: Vec<(&str, &[u8])> = verify::entries(A_PACK).into_iter().filter(|(_, bytes)| bytes.len() < SMALL).collect();
        vec![pack_of(&small)]
    },
    words: &["PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "frames.bin", "manifest.json", "../"],
    read: |bytes| {
        let report = verify::check(bytes, &verify::Given { first_failure: true, ..verify::Given::default() });
        assert!(!report.verdict().is_green() || bytes == A_PACK, "green with other bytes");
        let (entries, text, _) = (verify::entries(bytes).len(), verify::to_text(&report), verify::to_json(&report));
        format!("{} {}", entries.min(20), plain(&text.lines().find(|line| line.contains("failed")).unwrap_or_default().to_lowercase()))
    },
};
