//! The right edge of a growing tree: takes leaf hashes, hands out each tile as it fills.
//! It refuses to keep what is full (the ledger stores that), so its size does not grow with the tree's.

use std::fmt;

use crate::hash::{Hash, node_hash, root_of};
use crate::tile::{TILE_HEIGHT, TILE_LEVELS, TILE_WIDTH, TileId};

/// The partial tiles at the right edge of a tree. With the full tiles it has handed out they are
/// the whole tree; alone they are enough for the root and to go on.
#[derive(Clone, Debug, Default)]
pub struct TileBuilder {
    size: u64,
    /// Hashes of the partial tile of each level, lowest level first; fewer than 256 each.
    partial: Vec<Vec<Hash>>,
}

/// Why a tree cannot be gone on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResumeError<E> {
    /// The tile could not be read.
    Read(E),
    /// The tile that was read has another number of hashes than the size of the tree asks for.
    Width {
        /// Which tile.
        tile: TileId,
        /// Hashes it should have.
        expected: usize,
        /// Hashes it has.
        found: usize,
    },
}

impl<E: fmt::Display> fmt::Display for ResumeError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::Width { tile, expected, found } => {
                write!(f, "tile {} of level {} should have {expected} hashes and has {found}", tile.index, tile.level)
            }
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for ResumeError<E> {}

impl TileBuilder {
    /// The empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes on with a tree of `size` leaves. `tile` gives the hashes of a partial tile at the
    /// right edge; only tiles of 1 to 255 hashes are asked for, lowest level first.
    ///
    /// The hashes are taken as they are: compare [`TileBuilder::root`] with a root that is trusted.
    ///
    /// # Errors
    /// What `tile` returns, or a tile of the wrong width.
    pub fn resume<E>(size: u64, mut tile: impl FnMut(TileId) -> Result<Vec<Hash>, E>) -> Result<Self, ResumeError<E>> {
        let mut partial = Vec::new();
        for level in 0..TILE_LEVELS {
            let hashes = size >> (TILE_HEIGHT * level);
            if hashes == 0 {
                break;
            }
            let id = TileId { level, index: hashes / TILE_WIDTH as u64 };
            let expected = id.width(size);
            let read = if expected == 0 { Vec::new() } else { tile(id).map_err(ResumeError::Read)? };
            if read.len() != expected {
                return Err(ResumeError::Width { tile: id, expected, found: read.len() });
            }
            partial.push(read);
        }
        Ok(Self { size, partial })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf hash. `full` is called for every tile that it fills, lowest level first,
    /// with all 256 hashes.
    pub fn push(&mut self, leaf: Hash, mut full: impl FnMut(TileId, &[Hash])) {
        self.size = self.size.saturating_add(1);
        let mut hash = leaf;
        for level in 0..TILE_LEVELS {
            let depth = usize::from(level);
            if self.partial.len() == depth {
                self.partial.push(Vec::with_capacity(TILE_WIDTH));
            }
            let tile = &mut self.partial[depth];
            tile.push(hash);
            if tile.len() < TILE_WIDTH {
                return;
            }
            let hashes = self.size >> (TILE_HEIGHT * level);
            full(TileId { level, index: (hashes - 1) / TILE_WIDTH as u64 }, tile);
            hash = root_of(tile);
            tile.clear();
        }
    }

    /// The partial tiles (1 to 255 hashes), lowest level first. Levels that end with a full tile
    /// are left out.
    pub fn partials(&self) -> impl Iterator<Item = (TileId, &[Hash])> {
        (0..TILE_LEVELS).zip(&self.partial).filter(|(_, tile)| !tile.is_empty()).map(|(level, tile)| {
            let hashes = self.size >> (TILE_HEIGHT * level);
            (TileId { level, index: hashes / TILE_WIDTH as u64 }, tile.as_slice())
        })
    }

    /// Root of the tree as it stands.
    pub fn root(&self) -> Hash {
        let mut right: Option<Hash> = None;
        for tile in &self.partial {
            // A partial tile is a row of full subtrees, the largest first. They are joined from
            // the right, because that is where RFC 6962 puts what is left over.
            let mut end = tile.len();
            while end > 0 {
                let width = 1 << end.trailing_zeros();
                let left = root_of(&tile[end - width..end]);
                right = Some(right.map_or(left, |right| node_hash(&left, &right)));
                end -= width;
            }
        }
        right.unwrap_or(Hash::EMPTY_ROOT)
    }
}
