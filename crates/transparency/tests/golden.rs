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
