//! Where chain and tree stand, and how a block of frames takes them further: headers, links, leaf hashes, tiles, and the row itself.
//! It refuses to decide what is appended; given the same frames it always makes the same bytes.

use chain::{Genesis, Link};
use transparency::{Hash, TileBuilder, TileId, leaf_hash};
use zeroize::Zeroizing;

use crate::block::{Block, Packer};
use crate::error::{LedgerError, damaged};

/// Chain and tree after some number of frames.
#[derive(Clone)]
pub(crate) struct Growth {
    pub(crate) chain: chain::Head,
    pub(crate) tree: TileBuilder,
    /// The previous link of the first frame of the block that is being filled.
    pub(crate) block_previous: Link,
    secret: Zeroizing<[u8; 32]>,
}

/// What one block adds to the database.
pub(crate) struct Grown {
    /// The block's row.
    pub(crate) row: Vec<u8>,
    /// Tiles of level 1 and above that it filled.
    pub(crate) tiles: Vec<(TileId, Vec<Hash>)>,
}

impl Growth {
    pub(crate) fn new(genesis: &Genesis, secret: Zeroizing<[u8; 32]>) -> Self {
        let chain = chain::Head::genesis(genesis);
        Self { block_previous: chain.link, chain, tree: TileBuilder::new(), secret }
    }

    pub(crate) fn resume(chain: chain::Head, tree: TileBuilder, block_previous: Link, secret: Zeroizing<[u8; 32]>) -> Self {
        Self { chain, tree, block_previous, secret }
    }

    /// Takes chain and tree over the frames of `block` from number `from` on, and packs the whole block.
    pub(crate) fn grow(&mut self, block: &Block, from: usize, packer: &mut Packer) -> Result<Grown, LedgerError> {
        let mut tiles = Vec::new();
        let mut leaves: Vec<Hash> = self.tree.partials().take(1).filter(|(tile, _)| tile.level == 0).flat_map(|(_, hashes)| hashes.to_vec()).collect();
        for frame in block.frames().skip(from) {
            let blinding = chain::blinding(&self.secret, self.chain.ledger_id, self.chain.next_seq);
            let draft = chain::Draft { recorded_at: frame.recorded_at, tag: frame.tag, schema: frame.schema };
            let header = self.chain.extend(draft, &blinding, frame.payload).map_err(|error| damaged(error.to_string()))?;
            let leaf = leaf_hash(&header);
            leaves.push(leaf);
            self.tree.push(leaf, |tile, hashes| {
                if tile.level > 0 {
                    tiles.push((tile, hashes.to_vec()));
                }
            });
        }
        let row = packer.row(self.block_previous, block, &leaves)?;
        if block.is_full() {
            self.block_previous = self.chain.link;
        }
        Ok(Grown { row, tiles })
    }
}

/// A tile's row: its hashes one after another.
pub(crate) fn tile_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// Reads a tile's row.
pub(crate) fn tile_hashes(row: &[u8]) -> Vec<Hash> {
    row.as_chunks::<32>().0.iter().map(|bytes| Hash(*bytes)).collect()
}
