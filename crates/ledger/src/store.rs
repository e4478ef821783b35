//! The database file: its tables, how it is opened for writing or reading, and what its errors mean to a ledger.
//! It refuses to interpret rows; and a panic in the database over altered pages becomes an error here, never a crash.
//!
//! Readers in other processes are never blocked: redb's single-writer mode lets one process write while any number follow its commits.
//! The file is trusted for nothing: `verify` recomputes what it holds, and every opening compares its end with the last signed checkpoint.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::rc::Rc;

use redb::{ConcurrencyMode, Database, DatabaseError, ReadOnlyDatabase, ReadTransaction, ReadableDatabase as _, ReadableTable, TableDefinition};
use rustc_hash::FxHashMap;
use transparency::TileId;
use vault::Pseudonym;

use crate::error::{LedgerError, at, damaged};

/// Format of the ledger as a whole; a later one is refused by name.
pub(crate) const FORMAT: u32 = 1;
/// What redb may keep in memory: its inner pages. Replays read every block once, in order, and gain nothing from more.
const CACHE_BYTES: usize = 24 * 1024 * 1024;

/// One row each: `format`, `genesis`, `head`, `checkpoint`, `runs`.
pub(crate) const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");
/// Block index and piece to a piece of the block's row. Pieces fill a page of the database each: a row in one value would be rounded up to a
/// power of two of pages, and half of some would be air.
pub(crate) const BLOCKS: TableDefinition<'_, (u64, u32), &[u8]> = TableDefinition::new("blocks");
/// Level (highest byte, 1 to 7) and index of a tile to its hashes. The tiles of level 0 lie in the rows of their blocks.
pub(crate) const TILES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("tiles");
/// Run and first fingerprint to a piece of the run. Derived.
pub(crate) const KEYS: TableDefinition<'_, (u32, u64), &[u8]> = TableDefinition::new("keys");
/// Pseudonym to the first event that names it, which carries the sealed id. Derived.
pub(crate) const INDIVIDUALS: TableDefinition<'_, &[u8; 16], u64> = TableDefinition::new("individuals");
/// Target and correction or retraction (1 when a retraction). Derived.
pub(crate) const AMENDMENTS: TableDefinition<'_, (u64, u64), u8> = TableDefinition::new("amendments");

/// The most bytes of a row that share a page with their key: redb's leaf takes 20 of 4,096.
pub(crate) const PIECE_LEN: usize = 4_072;

pub(crate) fn tile_key(tile: TileId) -> u64 {
    (u64::from(tile.level) << 56) | tile.index
}

/// What a reader of rows needs, whether inside a write or not.
pub(crate) trait Rows {
    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, LedgerError>;
    /// The row of a block, or as much of its beginning as the pieces take that hold `len` bytes.
    fn block_start(&self, index: u64, len: usize) -> Result<Option<Vec<u8>>, LedgerError>;
    /// The whole row of a block.
    fn block(&self, index: u64) -> Result<Option<Vec<u8>>, LedgerError> {
        self.block_start(index, usize::MAX)
    }
    /// The row of a tile of level 1 or above.
    fn tile(&self, tile: TileId) -> Result<Option<Vec<u8>>, LedgerError>;
    fn introduced_at(&self, who: Pseudonym) -> Result<Option<u64>, LedgerError>;
    /// Shows `f` the piece of run `run` in which `fingerprint` would lie, if there is one.
    fn keys(&self, run: u32, fingerprint: u64, f: &mut dyn FnMut(&[u8])) -> Result<(), LedgerError>;
    /// All pieces of a run in order, each with its first fingerprint.
    fn each_key_row(&self, run: u32, f: &mut dyn FnMut(u64, &[u8])) -> Result<(), LedgerError>;
    /// Corrections and retractions of an event: their seqs and whether each is a retraction.
    fn amendments(&self, target: u64) -> Result<Vec<(u64, bool)>, LedgerError>;
}

macro_rules! rows_of {
    ($type:ty) => {
        impl Rows for $type {
            fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, LedgerError> {
                let table = self.open_table(META).map_err(failed)?;
                let row = table.get(name).map_err(failed)?;
                Ok(row.map(|row| row.value().to_vec()))
            }
            fn block_start(&self, index: u64, len: usize) -> Result<Option<Vec<u8>>, LedgerError> {
                let table = self.open_table(BLOCKS).map_err(failed)?;
                let last = u32::try_from(len.div_ceil(PIECE_LEN)).unwrap_or(u32::MAX);
                let mut row = Vec::new();
                for (expected, piece) in (0..).zip(table.range((index, 0)..(index, last)).map_err(failed)?) {
                    let (key, piece) = piece.map_err(failed)?;
                    // All pieces but the last are full: another number or length means that one is missing.
                    if key.value().1 != expected || row.len() != expected as usize * PIECE_LEN {
                        return Err(damaged(format!("a piece of block {index} is missing")));
                    }
                    row.extend_from_slice(piece.value());
                }
                Ok((!row.is_empty()).then_some(row))
            }
            fn tile(&self, tile: TileId) -> Result<Option<Vec<u8>>, LedgerError> {
                let table = self.open_table(TILES).map_err(failed)?;
                let row = table.get(tile_key(tile)).map_err(failed)?;
                Ok(row.map(|row| row.value().to_vec()))
            }
            fn introduced_at(&self, who: Pseudonym) -> Result<Option<u64>, LedgerError> {
                let table = self.open_table(INDIVIDUALS).map_err(failed)?;
                let row = table.get(&who.0).map_err(failed)?;
                Ok(row.map(|row| row.value()))
            }
            fn keys(&self, run: u32, fingerprint: u64, f: &mut dyn FnMut(&[u8])) -> Result<(), LedgerError> {
                let table = self.open_table(KEYS).map_err(failed)?;
                let row = table.range((run, 0)..=(run, fingerprint)).map_err(failed)?.next_back().transpose().map_err(failed)?;
                if let Some((_, row)) = row {
                    f(row.value());
                }
                Ok(())
            }
            fn each_key_row(&self, run: u32, f: &mut dyn FnMut(u64, &[u8])) -> Result<(), LedgerError> {
                let table = self.open_table(KEYS).map_err(failed)?;
                for row in table.range((run, 0)..=(run, u64::MAX)).map_err(failed)? {
                    let (key, row) = row.map_err(failed)?;
                    f(key.value().1, row.value());
                }
                Ok(())
            }
            fn amendments(&self, target: u64) -> Result<Vec<(u64, bool)>, LedgerError> {
                let table = self.open_table(AMENDMENTS).map_err(failed)?;
                let rows = table.range((target, 0)..=(target, u64::MAX)).map_err(failed)?;
                rows.map(|row| row.map(|(key, kind)| (key.value().1, kind.value() == 1)).map_err(failed)).collect()
            }
        }
    };
}
rows_of!(ReadTransaction);
rows_of!(redb::WriteTransaction);

/// Where what is about to be appended goes.
#[allow(clippy::large_enum_variant, reason = "there is one at a time, and it stays where it is")]
pub(crate) enum Staging {
    /// Into the database, with the commit.
    Ledger(redb::WriteTransaction),
    /// Nowhere: blocks are kept beside what was committed when the rehearsal began, and forgotten with it.
    Beside { committed: ReadTransaction, blocks: FxHashMap<u64, Vec<u8>> },
}

impl Staging {
    /// The transaction of an append. A rehearsal has none, so that it can never become one.
    pub(crate) fn ledger(&self) -> Result<&redb::WriteTransaction, LedgerError> {
        match self {
            Self::Ledger(txn) => Ok(txn),
            Self::Beside { .. } => Err(LedgerError::ReadOnly),
        }
    }

    /// What is committed, and in the ledger's own transaction also what is staged.
    pub(crate) fn rows(&self) -> &dyn Rows {
        match self {
            Self::Ledger(txn) => txn,
            Self::Beside { committed, .. } => committed,
        }
    }

    /// The row of a block as it was staged last, or committed.
    pub(crate) fn block(&self, index: u64) -> Result<Option<Vec<u8>>, LedgerError> {
        match self {
            Self::Beside { blocks, .. } if blocks.contains_key(&index) => Ok(blocks.get(&index).cloned()),
            Self::Beside { .. } | Self::Ledger(_) => self.rows().block(index),
        }
    }
}

/// Puts a block's row in the place of the one it had.
pub(crate) fn put_block(table: &mut redb::Table<'_, (u64, u32), &'static [u8]>, index: u64, row: &[u8]) -> Result<(), LedgerError> {
    let mut pieces = 0;
    for piece in row.chunks(PIECE_LEN) {
        table.insert((index, pieces), piece).map_err(failed)?;
        pieces += 1;
    }
    // The row before may have been longer, even with fewer events: compression is not monotonic.
    while table.remove((index, pieces)).map_err(failed)?.is_some() {
        pieces += 1;
    }
    Ok(())
}

/// The database, opened one way or the other.
pub(crate) struct Store(Option<Opened>);

enum Opened {
    Writer(Database),
    Reader(ReadOnlyDatabase),
}

impl Drop for Store {
    fn drop(&mut self) {
        let opened = self.0.take();
        // Closing writes what redb keeps of its pages, and over altered ones it may give up: what is committed is committed.
        let _ = guarded(|| {
            drop(opened);
            Ok(())
        });
    }
}

impl Store {
    fn writer(database: Database) -> Self {
        Self(Some(Opened::Writer(database)))
    }

    /// Makes an empty database in a new file.
    pub(crate) fn create(path: &Path) -> Result<Self, LedgerError> {
        let file = std::fs::OpenOptions::new().read(true).write(true).create_new(true).open(path).map_err(at(path))?;
        crate::directory::make_private(&file).map_err(at(path))?;
        drop(file);
        guarded(|| builder().create(path).map_err(|error| opening(path, error))).map(Self::writer)
    }

    /// Opens for writing; the flag says that redb repaired the file after a crash.
    pub(crate) fn open(path: &Path) -> Result<(Self, bool), LedgerError> {
        let repaired = Rc::new(Cell::new(false));
        let noticed = Rc::clone(&repaired);
        let mut builder = builder();
        builder.set_repair_callback(move |_| noticed.set(true));
        let database = guarded(|| builder.open(path).map_err(|error| opening(path, error)))?;
        Ok((Self::writer(database), repaired.get()))
    }

    /// Opens for writing a database on a disk of a test's own, made if the disk is empty.
    #[cfg(test)]
    pub(crate) fn on(disk: impl redb::StorageBackend) -> Result<(Self, bool), LedgerError> {
        let repaired = Rc::new(Cell::new(false));
        let noticed = Rc::clone(&repaired);
        let mut builder = builder();
        builder.set_repair_callback(move |_| noticed.set(true));
        let database = guarded(|| builder.create_with_backend(disk).map_err(|error| opening(Path::new("a disk in memory"), error)))?;
        Ok((Self::writer(database), repaired.get()))
    }

    /// Opens for reading; `None` when a crashed writer left a file that only a writer may repair.
    pub(crate) fn open_reader(path: &Path) -> Result<Option<Self>, LedgerError> {
        guarded(|| match builder().open_read_only(path) {
            Ok(database) => Ok(Some(Self(Some(Opened::Reader(database))))),
            Err(DatabaseError::RepairAborted) => Ok(None),
            Err(error) => Err(opening(path, error)),
        })
    }

    /// A view of what is committed now.
    pub(crate) fn read(&self) -> Result<ReadTransaction, LedgerError> {
        guarded(|| match &self.0 {
            Some(Opened::Writer(database)) => database.begin_read().map_err(failed),
            Some(Opened::Reader(database)) => database.begin_read().map_err(failed),
            None => Err(LedgerError::Poisoned),
        })
    }

    pub(crate) fn write(&self) -> Result<redb::WriteTransaction, LedgerError> {
        match &self.0 {
            Some(Opened::Writer(database)) => guarded(|| database.begin_write().map_err(failed)),
            Some(Opened::Reader(_)) => Err(LedgerError::ReadOnly),
            None => Err(LedgerError::Poisoned),
        }
    }
}

fn builder() -> redb::Builder {
    let mut builder = redb::Builder::new();
    builder.set_cache_size(CACHE_BYTES).set_concurrency_mode(ConcurrencyMode::SingleWriter);
    builder
}

/// Runs database code. redb panics on some altered pages (it says so of `open`), and a changed byte must be an answer, not a crash.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, LedgerError>) -> Result<T, LedgerError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged("the database could not make sense of its own pages")))
}

fn opening(path: &Path, error: DatabaseError) -> LedgerError {
    if matches!(error, DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch) {
        return LedgerError::Locked { by: "another process".into() };
    }
    if let DatabaseError::UpgradeRequired(version) = error {
        return damaged(format!("{} is of redb file format {version}", path.display()));
    }
    if let DatabaseError::Storage(redb::StorageError::Io(source)) = error {
        // redb says of a file that is none of its own that its data are invalid; everything else is the system's.
        return match source.kind() == std::io::ErrorKind::InvalidData {
            true => damaged(format!("{} is not a database: {source}", path.display())),
            false => LedgerError::Io { path: path.to_owned(), source },
        };
    }
    damaged(format!("{}: {error}", path.display()))
}

/// An error of the open database. A full disk keeps its kind, so that its remedy is said.
pub(crate) fn failed(error: impl Into<redb::Error>) -> LedgerError {
    let error = error.into();
    if let redb::Error::Io(source) = error {
        return LedgerError::Io { path: crate::directory::DATABASE_FILE.into(), source };
    }
    if matches!(error, redb::Error::PreviousIo) {
        return LedgerError::Poisoned;
    }
    damaged(format!("{}: {error}", crate::directory::DATABASE_FILE))
}
