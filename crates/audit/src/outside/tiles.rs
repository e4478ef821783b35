//! The tree as static files, as tlog-tiles (C2SP) lays them out: any web server serves them, any monitor reads them.
//! Refuses to write over the export of another history, and to publish a checkpoint before the tiles under it.

use std::path::{Path, PathBuf};

use ledger::{Ledger, LedgerError, Tree};
use transparency::{Checkpoint, Hash, TILE_WIDTH, TileId, entries_path, leaf_hash, root_of};

use super::{latest, write_whole};
use crate::beside::if_there;
use crate::error::AuditError;

/// What an export did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Size of the checkpoint that was published.
    pub size: u64,
    /// Its root, base64.
    pub root: String,
    /// Events that are not under it yet, and therefore not exported.
    pub unsigned: u64,
    /// Witnesses that cosigned it.
    pub witnesses: usize,
    /// Files written.
    pub written: u64,
    /// Full tiles that were there already.
    pub kept: u64,
}

/// Exports everything under the latest signed checkpoint to `to`, or what is new since the last export there.
///
/// # Errors
/// A ledger that cannot be read or has no checkpoint, a folder that cannot be written or holds another history.
pub fn export(dir: &Path, to: &Path) -> Result<Exported, AuditError> {
    let ledger = Ledger::open_reader(dir)?;
    let vouched = latest(&ledger)?;
    let size = vouched.checkpoint.size();
    let mut export = Export { ledger: &ledger, tree: ledger.tree()?, to, size, had: exported_before(&ledger, to, size)?, written: 0, kept: 0 };
    export.leaves()?;
    export.levels()?;
    // Last: whoever reads the checkpoint finds everything under it.
    write_whole(&to.join("checkpoint"), vouched.note.to_string().as_bytes())?;
    Ok(Exported {
        size,
        root: vouched.checkpoint.root().to_string(),
        unsigned: ledger.head()?.size - size,
        witnesses: vouched.cosigned.len(),
        written: export.written + 1,
        kept: export.kept,
    })
}

/// The size that an earlier export to this folder reached; 0 when there is none.
fn exported_before(ledger: &Ledger, to: &Path, size: u64) -> Result<u64, AuditError> {
    let path = to.join("checkpoint");
    let Some(bytes) = if_there(std::fs::read(&path)).map_err(AuditError::at(&path))? else { return Ok(0) };
    let (old, _) = ledger.log_keys().open(&bytes).map_err(|error| {
        AuditError::asked(format!("{} is not a checkpoint of this ledger: {error}", path.display()), "export to an empty folder")
    })?;
    continued(ledger, &old, size, "the exported checkpoint")?;
    Ok(old.size())
}

fn continued(ledger: &Ledger, old: &Checkpoint, size: u64, whose: &str) -> Result<(), LedgerError> {
    if old.size() > size {
        return Err(LedgerError::RolledBack { database: size, signed: old.size(), witness: whose.to_owned() });
    }
    let mut tree = ledger.tree()?;
    let root = transparency::root(old.size(), |level, index| tree.hash(level, index))?;
    if root == old.root() { Ok(()) } else { Err(LedgerError::Rewritten { size: old.size(), witness: whose.to_owned() }) }
}

struct Export<'a> {
    ledger: &'a Ledger,
    tree: Tree,
    to: &'a Path,
    size: u64,
    had: u64,
    written: u64,
    kept: u64,
}

impl Export<'_> {
    /// Whether a full tile ending at this leaf was exported before and is still there, whole.
    fn has(&self, end: u64, files: &[(&PathBuf, usize)]) -> bool {
        let whole = |(path, len): &(&PathBuf, usize)| std::fs::metadata(path).is_ok_and(|found| found.len() == *len as u64);
        end <= self.had && files.iter().all(whole)
    }

    /// Writes a tile; when it is full, the partial ones that led to it go.
    fn write(&mut self, path: &Path, bytes: &[u8], full: bool) -> Result<(), AuditError> {
        write_whole(path, bytes)?;
        self.written += 1;
        if full {
            let mut partial = path.as_os_str().to_owned();
            partial.push(".p");
            match std::fs::remove_dir_all(&partial) {
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                    return Err(AuditError::at(Path::new(&partial))(source));
                }
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// Level 0 and the entries under it.
    fn leaves(&mut self) -> Result<(), AuditError> {
        let mut start = 0;
        while start < self.size {
            let tile = TileId { level: 0, index: start / TILE_WIDTH as u64 };
            let width = tile.width(self.size);
            let (hashes_at, entries_at) = (self.to.join(tile.path(width)), self.to.join(entries_path(tile.index, width)));
            let end = start + width as u64;
            let full = width == TILE_WIDTH;
            if full && self.has(end, &[(&hashes_at, width * 32), (&entries_at, width * (2 + chain::HEADER_LEN))]) {
                self.kept += 1;
                start = end;
                continue;
            }
            let (mut hashes, mut entries) = (Vec::with_capacity(width), Vec::with_capacity(width * (2 + chain::HEADER_LEN)));
            self.ledger.headers(start..end, |header| {
                hashes.push(leaf_hash(header));
                // Two bytes of length, the higher first; a header is far below 64 KiB.
                entries.extend_from_slice(&[(chain::HEADER_LEN >> 8) as u8, (chain::HEADER_LEN & 0xff) as u8]);
                entries.extend_from_slice(header);
                Ok(())
            })?;
            self.agrees(tile, &hashes)?;
            self.write(&entries_at, &entries, full)?;
            self.write(&hashes_at, &hashes.iter().flat_map(|hash| hash.0).collect::<Vec<u8>>(), full)?;
            start = end;
        }
        Ok(())
    }

    /// Headers rebuilt from what is stored must give the hashes of the tree that was signed.
    fn agrees(&mut self, tile: TileId, hashes: &[Hash]) -> Result<(), LedgerError> {
        let first = tile.index * TILE_WIDTH as u64;
        let same = if hashes.len() == TILE_WIDTH {
            self.tree.hash(1, tile.index)? == root_of(hashes)
        } else {
            let mut same = true;
            for (index, hash) in (first..).zip(hashes) {
                same &= self.tree.hash(0, index)? == *hash;
            }
            same
        };
        if same { Ok(()) } else { Err(LedgerError::Damaged(format!("the events from seq {first} on are not those in the tree"))) }
    }

    /// The levels above.
    fn levels(&mut self) -> Result<(), AuditError> {
        for level in 1..8_u8 {
            let hashes = self.size >> (8 * u32::from(level));
            let mut start = 0;
            while start < hashes {
                let tile = TileId { level, index: start / TILE_WIDTH as u64 };
                let width = tile.width(self.size);
                let path = self.to.join(tile.path(width));
                let end = start + width as u64;
                let full = width == TILE_WIDTH;
                if full && self.has(end << (8 * u32::from(level)), &[(&path, width * 32)]) {
                    self.kept += 1;
                } else {
                    let row = (start..end).map(|index| self.tree.hash(level, index)).collect::<Result<Vec<Hash>, _>>()?;
                    self.write(&path, &row.iter().flat_map(|hash| hash.0).collect::<Vec<u8>>(), full)?;
                }
                start = end;
            }
        }
        Ok(())
    }
}
