//! One proof for many frames: the hashes of all subtrees that hold none of them (`FORMAT.md`, "proof.bin").
//! It trusts no hash it reads: a wrong one makes a proof that does not verify.

use transparency::{Hash, TILE_HEIGHT, node_hash, root_of};

/// The proof that the frames at `seqs` (ascending, below `size`) stand in the tree of `size` leaves, from left to right. `read(level, index)` gives hash number `index` of a level of
/// tiles, as for [`transparency::inclusion_proof`].
///
/// # Errors
/// What `read` returns.
pub fn frame_proof<E>(seqs: &[u64], size: u64, mut read: impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Vec<Hash>, E> {
    let mut proof = Vec::new();
    // Subtrees still to be visited, the leftmost on top: at most one a level waits.
    let mut waiting = vec![(0, size, seqs)];
    while let Some((start, end, inside)) = waiting.pop() {
        if inside.is_empty() {
            proof.push(subtree(start, end, &mut read)?);
        } else if end - start > 1 {
            let middle = start + (1 << (63 - (end - start - 1).leading_zeros()));
            let (left, right) = inside.split_at(inside.partition_point(|seq| *seq < middle));
            waiting.push((middle, end, right));
            waiting.push((start, middle, left));
        }
    }
    Ok(proof)
}

/// Root over the leaves from `start` to `end`, one that RFC 6962's splitting arrives at: a row of full subtrees, the largest first, joined from the right.
fn subtree<E>(start: u64, end: u64, read: &mut impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    let mut full = Vec::new();
    let mut from = start;
    while from < end {
        let height = 63 - (end - from).leading_zeros();
        let tile_height = u32::from(TILE_HEIGHT);
        // A height is below 64, so the level is below 8.
        let level = (height / tile_height) as u8;
        let width = 1u64 << (height % tile_height);
        let first = (from >> height) * width;
        let hashes = (first..first + width).map(|at| read(level, at)).collect::<Result<Vec<_>, E>>()?;
        full.push(root_of(&hashes));
        from += 1 << height;
    }
    let mut hash = full.pop().unwrap_or(Hash::EMPTY_ROOT);
    while let Some(left) = full.pop() {
        hash = node_hash(&left, &hash);
    }
    Ok(hash)
}
