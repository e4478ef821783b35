//! Verification of inclusion, consistency and range proofs (RFC 9162 sections 2.1.3.2 and 2.1.4.2).
//! It refuses whatever does not lead to the root, in bounded time and without a panic, however hostile the proof.

use std::fmt;

use crate::hash::{Hash, node_hash, root_of, split_point};

/// The most hashes an inclusion or consistency proof may have.
pub const MAX_PROOF_LEN: usize = 64;

/// The proof does not show what it is said to show. Why is not said: every way to fail is the same
/// to whoever relies on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofRefused;

impl fmt::Display for ProofRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the proof does not lead to the root")
    }
}

impl std::error::Error for ProofRefused {}

/// Checks that the leaf with hash `leaf` is number `index` in the tree of `size` leaves with `root`.
///
/// # Errors
/// [`ProofRefused`].
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> Result<(), ProofRefused> {
    if index >= size || path.len() > MAX_PROOF_LEN {
        return Err(ProofRefused);
    }
    let (mut place, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in path {
        if last == 0 {
            return Err(ProofRefused);
        }
        if place & 1 == 1 || place == last {
            hash = node_hash(sibling, &hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    if last == 0 && hash == *root { Ok(()) } else { Err(ProofRefused) }
}

/// Checks that the tree of `old` leaves with `old_root` is a prefix of the tree of `new` leaves
/// with `new_root`. The empty tree is a prefix of every tree, which proves nothing about them.
///
/// # Errors
/// [`ProofRefused`].
pub fn verify_consistency(old: u64, old_root: &Hash, new: u64, new_root: &Hash, path: &[Hash]) -> Result<(), ProofRefused> {
    let holds = |condition: bool| if condition { Ok(()) } else { Err(ProofRefused) };
    holds(old <= new && path.len() <= MAX_PROOF_LEN)?;
    if old == 0 {
        holds(path.is_empty() && *old_root == Hash::EMPTY_ROOT)?;
        return holds(new != 0 || new_root == old_root);
    }
    if old == new {
        return holds(path.is_empty() && old_root == new_root);
    }
    let (start, rest) = if old.is_power_of_two() {
        // The proof leaves the old root out when it is a subtree of the new tree. An empty proof
        // is no proof, so at least one hash must follow.
        holds(!path.is_empty())?;
        (*old_root, path)
    } else {
        let (start, rest) = path.split_first().ok_or(ProofRefused)?;
        (*start, rest)
    };
    let (mut place, mut last) = (old - 1, new - 1);
    while place & 1 == 1 {
        place >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (start, start);
    for sibling in rest {
        holds(last != 0)?;
        if place & 1 == 1 || place == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    holds(last == 0 && old_hash == *old_root && new_hash == *new_root)
}

/// Checks that `leaves` are all the leaf hashes from number `start` on, none left out, of the tree
/// of `size` leaves with `root`. `proof` is that of [`crate::range_proof`].
///
/// # Errors
/// [`ProofRefused`].
pub fn verify_range(start: u64, leaves: &[Hash], size: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofRefused> {
    let end = start.checked_add(leaves.len() as u64).ok_or(ProofRefused)?;
    if start == end || end > size {
        return Err(ProofRefused);
    }
    let mut range = Range { start, end, leaves, proof };
    let found = range.subtree(0, size)?;
    if range.proof.is_empty() && found == *root { Ok(()) } else { Err(ProofRefused) }
}

struct Range<'a> {
    start: u64,
    end: u64,
    leaves: &'a [Hash],
    /// What is left of the proof.
    proof: &'a [Hash],
}

impl Range<'_> {
    /// Only subtrees that hold an end of the range are gone into: two a level, 64 levels at most.
    fn subtree(&mut self, from: u64, to: u64) -> Result<Hash, ProofRefused> {
        if to <= self.start || from >= self.end {
            let (hash, rest) = self.proof.split_first().ok_or(ProofRefused)?;
            self.proof = rest;
            return Ok(*hash);
        }
        if from >= self.start && to <= self.end {
            // Both differences are positions inside `leaves`, whose length is a usize.
            let (from, to) = ((from - self.start) as usize, (to - self.start) as usize);
            return Ok(root_of(&self.leaves[from..to]));
        }
        let middle = from + split_point(to - from);
        let left = self.subtree(from, middle)?;
        let right = self.subtree(middle, to)?;
        Ok(node_hash(&left, &right))
    }
}
