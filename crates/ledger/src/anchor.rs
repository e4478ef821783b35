//! Checkpoints: signing one, keeping it in the database and in the high-water file beside it, and comparing the head with both, and with what
//! witnesses cosigned.
//! It refuses to sign, and to open, a ledger that does not continue what was signed before.
//!
//! Trust: the high-water file is only as safe as its directory. Who can write the directory and has no key can remove both, not forge either;
//! against who has the key too, only a copy of a checkpoint elsewhere helps.

use transparency::{Checkpoint, CheckpointError, Hash};

use crate::core::{Core, Head, log_keys, read_head};
use crate::directory::{self, Directory};
use crate::error::{LedgerError, at, damaged};
use crate::incident::Incident;
use crate::ledger::Ledger;
use crate::outside;
use crate::store::{META, Rows, failed, guarded};
use crate::tree::{self, LastTile};

const IN_DATABASE: &str = "the database's own";
const HIGH_WATER: &str = "the high-water file";
const WITNESSED: &str = "a witnessed";

/// A checkpoint that was signed, and where it was found.
struct Signed {
    whose: &'static str,
    text: String,
    checkpoint: Checkpoint,
}

/// Reads the checkpoints that were signed: in the database, in the high-water file, and those that witnesses cosigned.
fn signed(core: &Core, directory: &Directory, rows: &dyn Rows) -> Result<Vec<Signed>, LedgerError> {
    // Read with the rows, because a writer may have changed the key since this reader opened.
    let keys = log_keys(&core.genesis, rows)?;
    let read = |bytes: Vec<u8>, whose: &'static str| {
        let bad = |error: CheckpointError| damaged(format!("{whose} checkpoint cannot be trusted: {error}"));
        let (checkpoint, _) = keys.open(&bytes).map_err(bad)?;
        let text = String::from_utf8(bytes).map_err(|_| damaged(format!("{whose} checkpoint is not text")))?;
        Ok::<_, LedgerError>(Signed { whose, text, checkpoint })
    };
    let mut found: Vec<Signed> = rows.meta("checkpoint")?.map(|bytes| read(bytes, IN_DATABASE)).transpose()?.into_iter().collect();
    let path = directory.high_water();
    match std::fs::read(&path) {
        Ok(bytes) => found.push(read(bytes, HIGH_WATER)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(at(&path)(error)),
    }
    for cosigned in outside::cosigned(directory, &keys)? {
        found.push(Signed { whose: WITNESSED, text: cosigned.note.to_string(), checkpoint: cosigned.checkpoint });
    }
    Ok(found)
}

/// Compares the tree at hand with every checkpoint that was signed over it.
pub(crate) fn compare(core: &Core) -> Result<Vec<Incident>, LedgerError> {
    compare_beside(core, &core.directory)
}

/// Compares it with what lies in a directory that it is to be put into.
pub(crate) fn compare_beside(core: &Core, directory: &Directory) -> Result<Vec<Incident>, LedgerError> {
    let txn = core.store.read()?;
    guarded(|| {
        let head = read_head(&txn)?;
        let signed = signed(core, directory, &txn)?;
        for Signed { whose, checkpoint, .. } in &signed {
            continues(&txn, &head, checkpoint, whose)?;
        }
        let found = |whose| signed.iter().any(|signed| signed.whose == whose);
        if found(IN_DATABASE) && !found(HIGH_WATER) {
            return Ok(vec![Incident::HighWaterMissing]);
        }
        let size = |whose| signed.iter().find(|signed| signed.whose == whose).map_or(0, |signed| signed.checkpoint.size());
        let (database, file) = (size(IN_DATABASE), size(HIGH_WATER));
        Ok(if file < database { vec![Incident::HighWaterStale { database, file }] } else { Vec::new() })
    })
}

pub(crate) fn continues(rows: &dyn Rows, head: &Head, checkpoint: &Checkpoint, whose: &str) -> Result<(), LedgerError> {
    if checkpoint.size() > head.size {
        return Err(LedgerError::RolledBack { database: head.size, signed: checkpoint.size(), witness: format!("{whose} checkpoint") });
    }
    if tree::root(rows, checkpoint.size())? == checkpoint.root() {
        Ok(())
    } else {
        Err(LedgerError::Rewritten { size: checkpoint.size(), witness: format!("{whose} checkpoint") })
    }
}

/// Compares a root that was recomputed with the checkpoints; for `verify`, which believes no stored hash.
pub(crate) fn checkpoints(core: &Core, rows: &dyn Rows) -> Result<Vec<(&'static str, Checkpoint)>, LedgerError> {
    Ok(signed(core, &core.directory, rows)?.into_iter().map(|signed| (signed.whose, signed.checkpoint)).collect())
}

impl Ledger {
    /// Signs the head as it stands and gives the text of the signed note. The same head gives the same note.
    ///
    /// If we stop here: the database has the new checkpoint and the high-water file the old one, or both have the new one.
    ///
    /// # Errors
    /// [`LedgerError::RolledBack`] and [`LedgerError::Rewritten`] when the tree does not continue what was signed; [`LedgerError::ReadOnly`];
    /// [`LedgerError::Io`].
    pub fn sign_checkpoint(&mut self) -> Result<String, LedgerError> {
        let writer = self.writer.as_mut().ok_or(LedgerError::ReadOnly)?;
        if writer.poisoned {
            return Err(LedgerError::Poisoned);
        }
        compare(&self.core)?;
        let head = Self::head_of(&self.core)?;
        let checkpoint = Checkpoint::new(self.core.genesis.origin(), head.size, head.root).map_err(|error| damaged(error.to_string()))?;
        let note = checkpoint.sign(&[&writer.signer]).map_err(|error| damaged(error.to_string()))?.to_string();
        let txn = self.core.store.write()?;
        guarded(|| {
            txn.open_table(META).map_err(failed)?.insert("checkpoint", note.as_bytes()).map_err(failed)?;
            txn.commit().map_err(failed)
        })?;
        directory::replace(&self.core.directory.high_water(), note.as_bytes())?;
        self.incidents.retain(|incident| !matches!(incident, Incident::HighWaterMissing | Incident::HighWaterStale { .. }));
        Ok(note)
    }

    /// The text of the latest signed checkpoint, if there is one.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] when its signature does not verify; [`LedgerError::Io`].
    pub fn checkpoint(&self) -> Result<Option<String>, LedgerError> {
        let txn = self.core.store.read()?;
        let signed = guarded(|| signed(&self.core, &self.core.directory, &txn))?;
        let own = signed.into_iter().filter(|signed| signed.whose != WITNESSED);
        Ok(own.max_by_key(|signed| signed.checkpoint.size()).map(|signed| signed.text))
    }

    /// Hash number `index` of a level of tiles: what `transparency` makes proofs from.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] when it is not there; [`LedgerError::Io`].
    pub fn tree_hash(&self, level: u8, index: u64) -> Result<Hash, LedgerError> {
        let txn = self.core.store.read()?;
        guarded(|| LastTile::default().hash(&txn, level, index))
    }

    pub(crate) fn head_of(core: &Core) -> Result<Head, LedgerError> {
        let txn = core.store.read()?;
        guarded(|| read_head(&txn))
    }
}
