//! Reading the stored tree: hashes by level and place, a tile at a time, all of one moment.
//! It refuses to judge: a wrong hash makes a root or a proof that does not verify.

use redb::ReadTransaction;
use transparency::{Hash, TileId};

use crate::block::{HEAD_AND_TILE_LEN, leaves};
use crate::error::{LedgerError, damaged};
use crate::growth::tile_hashes;
use crate::ledger::Ledger;
use crate::store::{Rows, guarded};

/// The hashes of a tile, as many as it has.
fn tile(rows: &dyn Rows, tile: TileId) -> Result<Vec<Hash>, LedgerError> {
    if tile.level == 0 {
        let row = rows.block_start(tile.index, HEAD_AND_TILE_LEN)?;
        let row = row.ok_or_else(|| damaged(format!("the block of seq {} is missing", tile.index.saturating_mul(256))))?;
        return Ok(leaves(tile.index, &row)?.1);
    }
    let row = rows.tile(tile)?.ok_or_else(|| damaged(format!("{} is missing", tile.path(256))))?;
    Ok(tile_hashes(&row))
}

/// The last tile read: neighbouring hashes are asked for one after another.
#[derive(Default)]
pub(crate) struct LastTile(Option<(TileId, Vec<Hash>)>);

impl LastTile {
    /// Hash number `index` of a level of tiles.
    pub(crate) fn hash(&mut self, rows: &dyn Rows, level: u8, index: u64) -> Result<Hash, LedgerError> {
        let id = TileId { level, index: index / 256 };
        let known = self.0.take().filter(|(known, _)| *known == id);
        let (_, hashes) = match known {
            Some(known) => self.0.insert(known),
            None => self.0.insert((id, tile(rows, id)?)),
        };
        let hash = hashes.get((index % 256) as usize).copied();
        hash.ok_or_else(|| match level {
            0 => damaged(format!("seq {index} is missing from its block")),
            _ => damaged(format!("{} has no hash {}", id.path(256), index % 256)),
        })
    }
}

/// Root of the first `size` events.
pub(crate) fn root(rows: &dyn Rows, size: u64) -> Result<Hash, LedgerError> {
    let mut last = LastTile::default();
    transparency::root(size, |level, index| last.hash(rows, level, index))
}

/// The tree as it was when this was made, whatever is appended meanwhile.
pub struct Tree {
    txn: ReadTransaction,
    last: LastTile,
}

impl Tree {
    /// Hash number `index` of a level of tiles: what `transparency` makes roots and proofs from.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] when it is not there; [`LedgerError::Io`].
    pub fn hash(&mut self, level: u8, index: u64) -> Result<Hash, LedgerError> {
        let Self { txn, last } = self;
        guarded(|| last.hash(txn, level, index))
    }
}

impl Ledger {
    /// The stored tree, for reading many of its hashes.
    ///
    /// # Errors
    /// [`LedgerError::Io`].
    pub fn tree(&self) -> Result<Tree, LedgerError> {
        Ok(Tree { txn: self.core.store.read()?, last: LastTile::default() })
    }
}
