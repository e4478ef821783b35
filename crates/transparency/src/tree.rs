//! Roots and proofs over a stored tree (RFC 6962 section 2.1, RFC 9162 sections 2.1.3 and 2.1.4).
//! It refuses positions outside the tree, and trusts no tile: a wrong hash makes a proof that does not verify.
//!
//! All functions read through `read(level, index)`: hash number `index` of tile level `level`, which
//! is entry `index % 256` of `TileId { level, index: index / 256 }`. Neighbouring hashes are asked for
//! one after another, so a reader that keeps the last tile is enough of a cache.

use std::fmt;

use crate::hash::{Hash, node_hash, root_of, split_point};
use crate::tile::TILE_HEIGHT;

/// Why a proof cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError<E> {
    /// The index, range or old size lies outside the tree.
    OutOfRange,
    /// A hash could not be read.
    Read(E),
}

impl<E: fmt::Display> fmt::Display for ProofError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfRange => f.write_str("the position lies outside the tree"),
            Self::Read(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for ProofError<E> {}

/// Root of the first `size` leaves.
///
/// # Errors
/// What `read` returns.
pub fn root<E>(size: u64, mut read: impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    if size == 0 {
        return Ok(Hash::EMPTY_ROOT);
    }
    span(0, size, &mut read)
}

/// Audit path of leaf `index` in the tree of `size` leaves: the leaf's sibling first, the root's
/// child last.
///
/// # Errors
/// [`ProofError::OutOfRange`] when `index >= size`; what `read` returns.
pub fn inclusion_proof<E>(index: u64, size: u64, mut read: impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Vec<Hash>, ProofError<E>> {
    if index >= size {
        return Err(ProofError::OutOfRange);
    }
    let mut path = Vec::new();
    let (mut start, mut end) = (0, size);
    while end - start > 1 {
        let middle = start + split_point(end - start);
        let sibling = if index < middle {
            let sibling = (middle, end);
            end = middle;
            sibling
        } else {
            let sibling = (start, middle);
            start = middle;
            sibling
        };
        path.push(span(sibling.0, sibling.1, &mut read).map_err(ProofError::Read)?);
    }
    path.reverse();
    Ok(path)
}

/// Proof that the tree of `old` leaves is a prefix of the tree of `new` leaves. Empty when
/// `old` is 0 (which proves nothing) or equal to `new`.
///
/// # Errors
/// [`ProofError::OutOfRange`] when `old > new`; what `read` returns.
pub fn consistency_proof<E>(old: u64, new: u64, mut read: impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Vec<Hash>, ProofError<E>> {
    if old > new {
        return Err(ProofError::OutOfRange);
    }
    let mut path = Vec::new();
    if old == 0 || old == new {
        return Ok(path);
    }
    let (mut start, mut end) = (0, new);
    // Until the old tree's right edge coincides with a subtree's.
    while old < end {
        let middle = start + split_point(end - start);
        let other = if old <= middle {
            let other = (middle, end);
            end = middle;
            other
        } else {
            let other = (start, middle);
            start = middle;
            other
        };
        path.push(span(other.0, other.1, &mut read).map_err(ProofError::Read)?);
    }
    // The old root itself is what the verifier starts from, so it is left out when it is a subtree.
    if start > 0 {
        path.push(span(start, end, &mut read).map_err(ProofError::Read)?);
    }
    path.reverse();
    Ok(path)
}

/// The hashes left and right of the leaves `start..end`, from left to right, with which the hashes
/// of exactly these leaves give the root: proof that a range was handed over whole.
///
/// # Errors
/// [`ProofError::OutOfRange`] when the range is empty or goes past `size`; what `read` returns.
pub fn range_proof<E>(
    start: u64,
    end: u64,
    size: u64,
    mut read: impl FnMut(u8, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, ProofError<E>> {
    if start >= end || end > size {
        return Err(ProofError::OutOfRange);
    }
    let mut proof = Vec::new();
    // Subtrees still to be visited, the leftmost on top. At most one per level waits.
    let mut waiting = vec![(0, size)];
    while let Some((from, to)) = waiting.pop() {
        if to <= start || from >= end {
            proof.push(span(from, to, &mut read).map_err(ProofError::Read)?);
        } else if from < start || to > end {
            let middle = from + split_point(to - from);
            waiting.push((middle, to));
            waiting.push((from, middle));
        }
    }
    Ok(proof)
}

/// Root of the subtree over the leaves `start..end`, one that RFC 6962's splitting arrives at: it
/// starts at a multiple of the power of two it would fill.
fn span<E>(start: u64, end: u64, read: &mut impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    let mut full = Vec::new();
    let mut from = start;
    while from < end {
        let height = 63 - (end - from).leading_zeros();
        full.push(full_subtree(height, from >> height, read)?);
        from += 1 << height;
    }
    let mut hash = full.pop().unwrap_or(Hash::EMPTY_ROOT);
    while let Some(left) = full.pop() {
        hash = node_hash(&left, &hash);
    }
    Ok(hash)
}

/// Root of the `index`-th subtree of `2^height` leaves, from the hashes of the tile level below.
fn full_subtree<E>(height: u32, index: u64, read: &mut impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    let tile_height = u32::from(TILE_HEIGHT);
    // A height is below 64, so the level is below 8.
    let level = (height / tile_height) as u8;
    let width = 1 << (height % tile_height);
    let first = index * width;
    let hashes = (first..first + width).map(|at| read(level, at)).collect::<Result<Vec<_>, E>>()?;
    Ok(root_of(&hashes))
}
