//! Our notes, roots and proofs beside those of `signed_note`, `tlog_tiles` and `ct-merkle`, both ways: what we make they take, what they make we take.
//! It refuses to compare on our own word: every tree is built by each implementation from the leaf data.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::LazyLock;

use ct_merkle::HashableLeaf;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;
use transparency::*;

const NAME: &str = "ledger.riverbend.example";

#[derive(Clone)]
struct Leaf(u64);

impl HashableLeaf for Leaf {
    fn hash<H: ct_merkle::digest::Update>(&self, hasher: &mut H) {
        hasher.update(&self.0.to_le_bytes());
    }
}

/// The same leaves in our tiles, in the other's stored hashes, and in a third tree in memory.
struct Three {
    tiles: BTreeMap<TileId, Vec<Hash>>,
    stored: Vec<tlog_tiles::Hash>,
    memory: MemoryBackedTree<Sha256, Leaf>,
}

static FORTY: LazyLock<Three> = LazyLock::new(|| Three::of(40));

struct Stored<'a>(&'a [tlog_tiles::Hash]);

impl tlog_tiles::HashReader for Stored<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|at| self.0[usize::try_from(*at).unwrap()]).collect())
    }
}

impl Three {
    fn of(size: u64) -> Self {
        let mut three = Self { tiles: BTreeMap::new(), stored: Vec::new(), memory: MemoryBackedTree::new() };
        let mut builder = TileBuilder::new();
        for number in 0..size {
            let data = number.to_le_bytes();
            builder.push(leaf_hash(&data), |tile, hashes| {
                three.tiles.insert(tile, hashes.to_vec());
            });
            let more = tlog_tiles::stored_hashes(number, &data, &Stored(&three.stored)).unwrap();
            three.stored.extend(more);
            three.memory.push(Leaf(number));
        }
        three.tiles.extend(builder.partials().map(|(tile, hashes)| (tile, hashes.to_vec())));
        three
    }

    fn read(&self) -> impl FnMut(u8, u64) -> Result<Hash, Infallible> {
        |level, index| Ok(self.tiles[&TileId { level, index: index / 256 }][usize::try_from(index % 256).unwrap()])
    }

    fn root(&self, size: u64) -> Hash {
        let Ok(root) = root(size, self.read());
        root
    }
}

fn theirs(hash: Hash) -> tlog_tiles::Hash {
    tlog_tiles::Hash(hash.0)
}

fn ours(hashes: &[tlog_tiles::Hash]) -> Vec<Hash> {
    hashes.iter().map(|hash| Hash(hash.0)).collect()
}

#[test]
fn roots_and_every_proof_are_the_same() {
    const SIZE: u64 = 600;
    let three = Three::of(SIZE);
    assert_eq!(three.root(SIZE).0.as_slice(), three.memory.root().as_bytes().as_slice());
    for size in (1..=SIZE).step_by(7) {
        let root = three.root(size);
        assert_eq!(tlog_tiles::tree_hash(size, &Stored(&three.stored)).unwrap(), theirs(root));
        for index in (0..size).step_by(5) {
            let proof = inclusion_proof(index, size, three.read()).unwrap();
            assert_eq!(ours(&tlog_tiles::prove_record(size, index, &Stored(&three.stored)).unwrap()), proof, "{index} in {size}");
            let leaf = leaf_hash(&index.to_le_bytes());
            let given: Vec<_> = proof.iter().copied().map(theirs).collect();
            tlog_tiles::check_record(&given, size, theirs(root), index, theirs(leaf)).unwrap();
            let proof = consistency_proof(index + 1, size, three.read()).unwrap();
            if index + 1 < size {
                assert_eq!(ours(&tlog_tiles::prove_tree(size, index + 1, &Stored(&three.stored)).unwrap()), proof, "{index} to {size}");
            }
        }
    }
    for index in 0..SIZE {
        let proof: Vec<u8> = inclusion_proof(index, SIZE, three.read()).unwrap().iter().flat_map(|hash| hash.0).collect();
        assert_eq!(three.memory.prove_inclusion(usize::try_from(index).unwrap()).as_bytes(), proof);
        let added = usize::try_from(SIZE - index).unwrap();
        if index > 0 {
            let proof: Vec<u8> = consistency_proof(index, SIZE, three.read()).unwrap().iter().flat_map(|hash| hash.0).collect();
            assert_eq!(three.memory.prove_consistency(added).as_bytes(), proof, "{index}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    /// Altered proofs of random places: both verifiers say the same.
    #[test]
    fn both_verifiers_judge_altered_proofs_alike(
        index in 0_u64..40, size in 1_u64..40, at in any::<prop::sample::Index>(), change in 0_u8..5,
    ) {
        let three = &*FORTY;
        let root = three.root(size);
        let leaf = leaf_hash(&index.to_le_bytes());
        if let Ok(mut proof) = inclusion_proof(index, size, three.read()) {
            alter(&mut proof, at, change);
            let given: Vec<_> = proof.iter().copied().map(theirs).collect();
            let other = tlog_tiles::check_record(&given, size, theirs(root), index, theirs(leaf)).is_ok();
            prop_assert_eq!(verify_inclusion(&leaf, index, size, &proof, &root).is_ok(), other);
        }
        let old = index + 1;
        if let Ok(mut proof) = consistency_proof(old, size, three.read()) {
            alter(&mut proof, at, change);
            let given: Vec<_> = proof.iter().copied().map(theirs).collect();
            let old_root = three.root(old);
            let other = tlog_tiles::check_tree(&given, size, theirs(root), old, theirs(old_root)).is_ok();
            prop_assert_eq!(verify_consistency(old, &old_root, size, &root, &proof).is_ok(), other);
        }
    }

    /// Notes with damaged bytes: whenever one implementation believes a note, so does the other.
    #[test]
    fn both_implementations_believe_the_same_notes(text in "[ -~\n—é]{0,60}", changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3)) {
        let signer = Signer::from_seed(NAME, &[1; 32]).unwrap();
        let text = format!("{text}\n");
        let mut bytes = Note::sign(&text, &[&signer]).unwrap().to_string().into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let ours = Note::parse(&bytes).is_ok_and(|note| note.verify(&[signer.verifier().clone()]).is_ok());
        let known = signed_note::StandardVerifier::new(&signer.verifier().to_string()).unwrap();
        let known = signed_note::VerifierList::new(vec![Box::new(known)]);
        let theirs = signed_note::Note::from_bytes(&bytes).is_ok_and(|note| note.verify(&known).is_ok());
        prop_assert_eq!(ours, theirs, "{}", String::from_utf8_lossy(&bytes));
    }
}

fn alter(proof: &mut Vec<Hash>, at: prop::sample::Index, change: u8) {
    match change {
        0 if !proof.is_empty() => {
            let at = at.index(proof.len());
            proof[at].0[7] ^= 1;
        }
        1 => {
            proof.pop();
        }
        2 => proof.push(Hash([3; 32])),
        3 => proof.reverse(),
        _ => {}
    }
}

#[test]
fn they_sign_what_we_sign() {
    let signer = Signer::from_seed(NAME, &[1; 32]).unwrap();
    let other = signed_note::StandardSigner::new(&signer.to_skey()).unwrap();
    let text = Checkpoint::new(NAME, 9, Hash([7; 32])).unwrap().to_text();
    let mut note = signed_note::Note::new(text.as_bytes(), &[]).unwrap();
    note.add_sigs(&[&other]).unwrap();
    assert_eq!(note.to_bytes(), Note::sign(&text, &[&signer]).unwrap().to_string().into_bytes());
}
