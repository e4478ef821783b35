//! Proofs over stored tiles: all of them for small trees, random ones for bigger, and altered ones.
//! It refuses to take the builder's word: roots are compared with a tree hashed straight from RFC 6962.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::convert::Infallible;

use proptest::prelude::*;
use transparency::*;

/// RFC 6962 section 2.1 as it is written, over leaf data.
fn mth(leaves: &[Vec<u8>]) -> Hash {
    match leaves {
        [] => Hash::EMPTY_ROOT,
        [leaf] => leaf_hash(leaf),
        more => {
            let mut k = 1;
            while k * 2 < more.len() {
                k *= 2;
            }
            node_hash(&mth(&more[..k]), &mth(&more[k..]))
        }
    }
}

struct Tree {
    data: Vec<Vec<u8>>,
    tiles: BTreeMap<TileId, Vec<Hash>>,
    builder: TileBuilder,
}

impl Tree {
    fn of(size: u64) -> Self {
        let data: Vec<_> = (0..size).map(|i| i.to_le_bytes().to_vec()).collect();
        let mut tiles = BTreeMap::new();
        let mut builder = TileBuilder::new();
        for leaf in &data {
            builder.push(leaf_hash(leaf), |tile, hashes| {
                assert_eq!(hashes.len(), TILE_WIDTH);
                assert!(tiles.insert(tile, hashes.to_vec()).is_none(), "{tile:?} twice");
            });
        }
        for (tile, hashes) in builder.partials() {
            assert_eq!(hashes.len(), tile.width(size));
            assert!(tiles.insert(tile, hashes.to_vec()).is_none(), "{tile:?} full and partial");
        }
        Self { data, tiles, builder }
    }

    fn read(&self) -> impl FnMut(u8, u64) -> Result<Hash, Infallible> {
        |level, index| {
            let tile = &self.tiles[&TileId { level, index: index / 256 }];
            Ok(tile[usize::try_from(index % 256).unwrap()])
        }
    }

    fn root(&self, size: u64) -> Hash {
        let Ok(root) = root(size, self.read());
        root
    }

    fn leaf(&self, index: u64) -> Hash {
        leaf_hash(&self.data[usize::try_from(index).unwrap()])
    }

    fn leaves(&self, start: u64, end: u64) -> Vec<Hash> {
        (start..end).map(|index| self.leaf(index)).collect()
    }
}

#[test]
fn every_proof_of_every_small_tree_verifies_and_only_where_it_belongs() {
    let tree = Tree::of(70);
    for size in 0..=70 {
        assert_eq!(tree.root(size), mth(&tree.data[..usize::try_from(size).unwrap()]));
    }
    for size in 1..=70 {
        let root = tree.root(size);
        for index in 0..size {
            let path = inclusion_proof(index, size, tree.read()).unwrap();
            for claimed in 0..=size {
                assert_eq!(
                    verify_inclusion(&tree.leaf(index), claimed, size, &path, &root).is_ok(),
                    claimed == index,
                    "{index} as {claimed} of {size}"
                );
            }
        }
        for old in 1..=size {
            let path = consistency_proof(old, size, tree.read()).unwrap();
            let old_root = tree.root(old);
            for claimed in 1..=70 {
                let right = verify_consistency(old, &tree.root(claimed), size, &root, &path).is_ok();
                assert_eq!(right, claimed == old, "root of {claimed} as that of {old} in {size}");
            }
            assert_eq!(verify_consistency(old, &old_root, size, &old_root, &path).is_ok(), old == size);
        }
    }
    assert_eq!(inclusion_proof(5, 5, tree.read()), Err(ProofError::OutOfRange));
    assert_eq!(consistency_proof(6, 5, tree.read()), Err(ProofError::OutOfRange));
}

#[test]
fn every_range_of_every_small_tree_verifies_and_a_shorter_one_does_not() {
    let tree = Tree::of(33);
    for size in 1..=33 {
        let root = tree.root(size);
        for start in 0..size {
            for end in start + 1..=size {
                let proof = range_proof(start, end, size, tree.read()).unwrap();
                let leaves = tree.leaves(start, end);
                assert_eq!(verify_range(start, &leaves, size, &proof, &root), Ok(()));
                assert!(verify_range(start, &leaves[1..], size, &proof, &root).is_err());
                assert!(verify_range(start + 1, &leaves, size, &proof, &root).is_err());
            }
        }
    }
    assert_eq!(range_proof(3, 3, 5, tree.read()), Err(ProofError::OutOfRange));
    assert_eq!(range_proof(3, 6, 5, tree.read()), Err(ProofError::OutOfRange));
}

#[test]
fn the_empty_tree_is_consistent_with_all_and_proves_nothing() {
    let some = leaf_hash(b"leaf");
    assert_eq!(verify_consistency(0, &Hash::EMPTY_ROOT, 7, &some, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &some, 7, &some, &[]), Err(ProofRefused));
    assert_eq!(verify_consistency(0, &Hash::EMPTY_ROOT, 7, &some, &[some]), Err(ProofRefused));
    assert_eq!(verify_consistency(0, &Hash::EMPTY_ROOT, 0, &some, &[]), Err(ProofRefused));
    assert_eq!(verify_consistency(8, &some, 7, &some, &[]), Err(ProofRefused));
    assert_eq!(verify_consistency(4, &some, 7, &some, &[]), Err(ProofRefused));
}

#[test]
fn a_builder_can_stop_and_go_on_at_every_size_around_a_full_tile() {
    let tree = Tree::of(66_000);
    for size in [0, 1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 65_792, 66_000] {
        let whole = Tree::of(size);
        let resumed = TileBuilder::resume(size, |tile| Ok::<_, Infallible>(tree.tiles[&tile][..tile.width(size)].to_vec())).unwrap();
        assert_eq!(resumed.size(), size);
        assert_eq!(resumed.root(), whole.builder.root(), "size {size}");
        assert_eq!(resumed.root(), tree.root(size), "size {size}");
        let (mut resumed, mut whole) = (resumed, whole.builder);
        resumed.push(tree.leaf(0), |_, _| ());
        whole.push(tree.leaf(0), |_, _| ());
        assert_eq!(resumed.root(), whole.root(), "one more than {size}");
    }
    let short = TileBuilder::resume(3, |_| Ok::<_, Infallible>(vec![Hash::EMPTY_ROOT; 2]));
    let tile = TileId { level: 0, index: 0 };
    assert_eq!(short.unwrap_err(), ResumeError::Width { tile, expected: 3, found: 2 });
}

fn altered(path: &[Hash], at: usize, bit: usize) -> Vec<Hash> {
    let mut path = path.to_vec();
    let at = at % path.len();
    path[at].0[bit / 8] ^= 1 << (bit % 8);
    path
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn proofs_of_bigger_trees_verify_and_altered_ones_do_not(
        size in 2_u64..3000, a in any::<u64>(), b in any::<u64>(), at in any::<usize>(), bit in 0_usize..256,
    ) {
        let tree = Tree::of(size);
        let root = tree.root(size);
        prop_assert_eq!(root, mth(&tree.data));
        prop_assert_eq!(root, tree.builder.root());

        let index = a % size;
        let leaf = tree.leaf(index);
        let path = inclusion_proof(index, size, tree.read()).unwrap();
        prop_assert_eq!(verify_inclusion(&leaf, index, size, &path, &root), Ok(()));
        prop_assert!(verify_inclusion(&leaf, index, size, &altered(&path, at, bit), &root).is_err());
        prop_assert!(verify_inclusion(&leaf, index, size, &path[1..], &root).is_err());
        let longer = [path.as_slice(), &[root]].concat();
        prop_assert!(verify_inclusion(&leaf, index, size, &longer, &root).is_err());

        let old = 1 + b % (size - 1);
        let old_root = tree.root(old);
        let path = consistency_proof(old, size, tree.read()).unwrap();
        prop_assert_eq!(verify_consistency(old, &old_root, size, &root, &path), Ok(()));
        prop_assert!(verify_consistency(old, &old_root, size, &root, &altered(&path, at, bit)).is_err());
        prop_assert!(verify_consistency(old, &old_root, size, &root, &path[1..]).is_err());
        let longer = [path.as_slice(), &[root]].concat();
        prop_assert!(verify_consistency(old, &old_root, size, &root, &longer).is_err());

        let (start, end) = (index.min(old), index.max(old));
        if start < end {
            let proof = range_proof(start, end, size, tree.read()).unwrap();
            let leaves = tree.leaves(start, end);
            prop_assert_eq!(verify_range(start, &leaves, size, &proof, &root), Ok(()));
            prop_assert!(verify_range(start, &altered(&leaves, at, bit), size, &proof, &root).is_err());
            if !proof.is_empty() {
                prop_assert!(verify_range(start, &leaves, size, &altered(&proof, at, bit), &root).is_err());
            }
        }
    }

    #[test]
    fn hostile_proofs_are_refused_without_a_panic(
        index in any::<u64>(), size in any::<u64>(), old in any::<u64>(),
        hashes in proptest::collection::vec(any::<[u8; 32]>(), 0..80),
    ) {
        let path: Vec<_> = hashes.into_iter().map(Hash).collect();
        let hash = leaf_hash(b"leaf");
        for size in [size, index, 1, u64::MAX] {
            let _ = verify_inclusion(&hash, index, size, &path, &hash);
            prop_assert!(verify_inclusion(&hash, index, size, &path, &Hash([7; 32])).is_err());
            prop_assert!(verify_consistency(old.max(1), &hash, size, &Hash([7; 32]), &path).is_err());
            prop_assert!(verify_range(index, &path, size, &path, &hash).is_err());
            prop_assert!(verify_range(index, &[hash], size, &path, &hash).is_err() || size == 1);
        }
    }
}
