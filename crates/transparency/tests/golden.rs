//! A log of 300 leaves whose values were made and cross-checked by independent C2SP implementations.
//! It refuses any difference: every string here is compared byte for byte.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::convert::Infallible;

use transparency::*;

const ORIGIN: &str = "ledger.example/log1";
const VKEY: &str = "ledger.example/log1+cc9de1c6+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
const ROOT_150: &str = "oZ5SDLR6gpXVBzkCEoGDuLr861smd4iFOmhRJySsLWk=";
const CHECKPOINT: &str = "ledger.example/log1
300
xjG65k7alGDy52MOsmQmoQ8rG/qzfMK2yiLe0qj8tO8=

\u{2014} ledger.example/log1 zJ3hxipQ22zaCKVbFoLPn093J8465b8YXvyGB4y4XZKN/bpCk+pM3UjmaaVpsQLH5cQpy5d17bA005sGWnBofI+rXQo=
";
const WITNESS_LINE: &str =
    "\u{2014} wit.example/w1 69Bd9AAAAABpUkfA+3E4PbVRrvH5DbffcMsWrV9zntVI5Btk+qeTg6CvnNd8trKpLbxo48fgoTGBRp/tah9IkmkSrzMHhEHER6XKDg==
";

fn leaves() -> Vec<Hash> {
    (0..300).map(|i| leaf_hash(format!("event-{i}").as_bytes())).collect()
}

/// The tiles of the golden log, as a ledger would store them.
fn tiles() -> BTreeMap<TileId, Vec<Hash>> {
    let mut tiles = BTreeMap::new();
    let mut builder = TileBuilder::new();
    for leaf in leaves() {
        builder.push(leaf, |tile, hashes| {
            tiles.insert(tile, hashes.to_vec());
        });
    }
    tiles.extend(builder.partials().map(|(tile, hashes)| (tile, hashes.to_vec())));
    tiles
}

fn reader(tiles: &BTreeMap<TileId, Vec<Hash>>) -> impl FnMut(u8, u64) -> Result<Hash, Infallible> {
    |level, index| {
        let tile = &tiles[&TileId { level, index: index / 256 }];
        Ok(tile[usize::try_from(index % 256).unwrap()])
    }
}

#[test]
fn leaf_and_roots() {
    let leaves = leaves();
    assert_eq!(leaves[123].to_hex(), "8a5e9e0e14397ad5b2def0e70c57871a001eb7dfa2f049a4a7263d2e8750ebc5");
    assert_eq!(root_of(&leaves[..150]).to_string(), ROOT_150);
    let tiles = tiles();
    assert_eq!(tiles.keys().map(|t| (t.level, t.index)).collect::<Vec<_>>(), [(0, 0), (0, 1), (1, 0)]);
    let Ok(root_150) = root(150, reader(&tiles));
    assert_eq!(root_150.to_string(), ROOT_150);
}

#[test]
fn the_checkpoint_is_signed_as_others_signed_it() {
    let signer = Signer::from_seed(ORIGIN, &[1; 32]).unwrap();
    assert_eq!(signer.verifier().to_string(), VKEY);
    let Ok(root_300) = root(300, reader(&tiles()));
    let note = Checkpoint::new(ORIGIN, 300, root_300).unwrap().sign(&[&signer]).unwrap();
    assert_eq!(note.to_string(), CHECKPOINT);
}

#[test]
fn the_checkpoint_is_read_with_a_witness_line_of_an_unknown_key() {
    let signed = format!("{CHECKPOINT}{WITNESS_LINE}");
    let log = Verifier::parse(VKEY).unwrap();
    let (checkpoint, note) = Checkpoint::open(signed.as_bytes(), ORIGIN, &log).unwrap();
    assert_eq!(checkpoint.size(), 300);
    assert_eq!(note.signatures().len(), 2);
    assert_eq!(note.signatures()[1].bytes.len(), 72);
    assert_eq!(note.to_string(), signed);

    let wrong = Checkpoint::open(signed.as_bytes(), "ledger.example/log2", &log);
    assert_eq!(wrong.unwrap_err(), CheckpointError::WrongOrigin { found: ORIGIN.to_owned() });
}

#[test]
fn proofs_lead_to_the_golden_roots_and_nowhere_else() {
    let (tiles, leaves) = (tiles(), leaves());
    let old = Hash::from_base64(ROOT_150).unwrap();
    let new = root_of(&leaves);
    let path = inclusion_proof(123, 300, reader(&tiles)).unwrap();
    assert_eq!(verify_inclusion(&leaves[123], 123, 300, &path, &new), Ok(()));
    assert_eq!(verify_inclusion(&leaves[124], 123, 300, &path, &new), Err(ProofRefused));
    assert_eq!(verify_inclusion(&leaves[123], 122, 300, &path, &new), Err(ProofRefused));
    let path = consistency_proof(150, 300, reader(&tiles)).unwrap();
    assert_eq!(verify_consistency(150, &old, 300, &new, &path), Ok(()));
    assert_eq!(verify_consistency(149, &old, 300, &new, &path), Err(ProofRefused));
}

const WITNESS_VKEY: &str = "wit.example/w1+ebd05df4+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU";
const WITNESS_TIME: u64 = 1_767_000_000;

#[test]
fn the_cosignature_is_made_as_others_made_it_and_verifies() {
    let signer = CosignatureSigner::from_seed("wit.example/w1", &[2; 32]).unwrap();
    assert_eq!(signer.verifier().to_string(), WITNESS_VKEY);
    let note = Note::parse(CHECKPOINT.as_bytes()).unwrap();
    let line = signer.cosign(&note, WITNESS_TIME).unwrap();
    assert_eq!(line.to_string(), WITNESS_LINE);
    assert!(signer.cosign(&note, 0).is_none());

    let witness = CosignatureVerifier::parse(WITNESS_VKEY).unwrap();
    assert_eq!(witness.cosigned(&note), Ok(None));
    let both = note.with_signature(line).unwrap();
    assert_eq!(both.to_string(), format!("{CHECKPOINT}{WITNESS_LINE}"));
    assert_eq!(witness.cosigned(&both), Ok(Some(WITNESS_TIME)));
    assert_eq!(CosignatureSigner::parse(&signer.to_skey()).unwrap().verifier(), &witness);
}

#[test]
fn a_cosignature_of_another_time_text_or_key_is_refused() {
    let witness = CosignatureVerifier::parse(WITNESS_VKEY).unwrap();
    let refused = Err(NoteError::Refused { name: "wit.example/w1".to_owned() });
    let changed = |from: &str, to: &str| {
        let text = format!("{CHECKPOINT}{WITNESS_LINE}").replacen(from, to, 1);
        Note::parse(text.as_bytes()).unwrap()
    };
    assert_eq!(witness.cosigned(&changed("\n300\n", "\n301\n")), refused);
    assert_eq!(witness.cosigned(&changed("69Bd9AAAAABpUkfA", "69Bd9AAAAABpUkfB")), refused);
    assert_eq!(witness.cosigned(&changed("69Bd9AAAAABpUkfA", "69Bd9AAAAAAAAAAA")), refused);
    assert_eq!(witness.cosigned(&changed("wit.example", "wot.example")), Ok(None));
}

/// The whole of a `.tlog-proof` for event-123, written, read and judged by a policy.
#[test]
fn a_proof_file_of_the_golden_log_says_what_it_must() {
    let path = inclusion_proof(123, 300, reader(&tiles())).unwrap();
    let checkpoint = Note::parse(format!("{CHECKPOINT}{WITNESS_LINE}").as_bytes()).unwrap();
    let proof = TlogProof { extra: None, index: 123, path, checkpoint };
    let text = proof.to_string();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\nindex 123\n"));
    assert!(text.ends_with(&format!("=\n\n{CHECKPOINT}{WITNESS_LINE}")));
    let read = TlogProof::parse(text.as_bytes()).unwrap();
    assert_eq!(read, proof);

    let policy = format!("log {VKEY}\nwitness w1 {WITNESS_VKEY}\nquorum w1\n");
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let leaf = leaf_hash(b"event-123");
    let accepted = read.verify(&leaf, &policy).unwrap();
    assert_eq!((accepted.checkpoint.size(), accepted.cosigned), (300, vec![("w1".to_owned(), WITNESS_TIME)]));
    assert_eq!(read.verify(&leaf_hash(b"event-124"), &policy), Err(TlogProofError::Path));
    let elsewhere = TlogProof { index: 124, ..proof.clone() };
    assert_eq!(elsewhere.verify(&leaf, &policy), Err(TlogProofError::Path));
    let alone = TlogProof { checkpoint: Note::parse(CHECKPOINT.as_bytes()).unwrap(), ..proof };
    let none = PolicyRefused::NoQuorum { cosigned: Vec::new() };
    assert_eq!(alone.verify(&leaf, &policy), Err(TlogProofError::Policy(none)));
    assert!(alone.verify(&leaf, &Policy::of_log(Verifier::parse(VKEY).unwrap())).is_ok());
}
