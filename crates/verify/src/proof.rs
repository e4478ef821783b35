//! One proof for many frames: a walk from the root that meets each of them at its seq (`FORMAT.md`, "proof.bin").
//! It refuses a proof that is longer or shorter than the seqs ask for; 64 levels bound the walk whatever the numbers say.

use transparency::{Hash, node_hash};

/// Checks that the frames stand at their seqs in the tree of `size` leaves with `root`, and that every subtree passed over holds none of them.
/// `leaves` are in ascending order of seq, below `size`.
///
/// # Errors
/// What is wrong, in words.
pub(crate) fn check(leaves: &[(u64, Hash)], size: u64, proof: &[u8], root: &Hash) -> Result<(), String> {
    let (hashes, rest) = proof.as_chunks::<32>();
    if !rest.is_empty() {
        return Err("proof.bin is not a row of hashes of 32 bytes".into());
    }
    let mut hashes = hashes.iter();
    let found = walk(0, size, leaves, &mut hashes).ok_or("proof.bin has fewer hashes than these frames need")?;
    if hashes.next().is_some() {
        return Err("proof.bin has more hashes than these frames need".into());
    }
    if found == *root { Ok(()) } else { Err("the frames do not lead to the root of the checkpoint".into()) }
}

fn walk(start: u64, end: u64, leaves: &[(u64, Hash)], proof: &mut std::slice::Iter<'_, [u8; 32]>) -> Option<Hash> {
    let Some((_, leaf)) = leaves.first() else {
        return proof.next().map(|hash| Hash(*hash));
    };
    if end - start <= 1 {
        return Some(*leaf);
    }
    let middle = start + (1 << (63 - (end - start - 1).leading_zeros()));
    let (left, right) = leaves.split_at(leaves.partition_point(|(seq, _)| *seq < middle));
    let left = walk(start, middle, left, proof)?;
    let right = walk(middle, end, right, proof)?;
    Some(node_hash(&left, &right))
}

/// The root over the first `size` leaves, if all of them are here.
pub(crate) fn root_of_first(leaves: &[(u64, Hash)], size: u64) -> Option<Hash> {
    let first = leaves.get(..usize::try_from(size).ok()?)?;
    // Ascending and distinct, so the last seq tells whether one is missing.
    if size > 0 && first.last()?.0 != size - 1 {
        return None;
    }
    Some(transparency::root_of(&first.iter().map(|(_, hash)| *hash).collect::<Vec<_>>()))
}
