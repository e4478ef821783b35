//! A whole import as one commit: drafts are checked one at a time, spooled into an open transaction, and durable only at the end.
//! It refuses to change the ledger before [`Import::commit`]; dropped, it leaves nothing behind.

use domain::Draft;

use crate::batch::Batch;
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::outcome::{Outcome, Receipt};
use crate::store::guarded;

/// An import under way. Memory stays bounded: finished blocks go to the transaction, which spills to the file; kept are some forty bytes an
/// event for keys seen in this import.
///
/// If we stop here, at any point before `commit` returns: the ledger is as it was, and the same import can be run again.
pub struct Import<'l> {
    /// Gone once it is committed.
    batch: Option<Batch<'l>>,
    /// The writer's mark; a rehearsal has nothing that could be spoiled.
    poisoned: Option<&'l mut bool>,
    clock_stepped_back: bool,
}

impl<'l> Import<'l> {
    pub(crate) fn new(batch: Batch<'l>, poisoned: Option<&'l mut bool>, clock_stepped_back: bool) -> Self {
        Self { batch: Some(batch), poisoned, clock_stepped_back }
    }

    /// Checks a draft against the ledger and the drafts before it, and takes it in if nothing speaks against it. A refused draft changes
    /// nothing: the caller goes on (`--partial`) or drops the import.
    ///
    /// # Errors
    /// [`LedgerError::Io`], [`LedgerError::Damaged`], [`LedgerError::Vault`]; the import cannot go on then.
    pub fn push(&mut self, draft: &Draft) -> Result<Outcome, LedgerError> {
        self.batch.as_mut().ok_or(LedgerError::Poisoned)?.push(draft)
    }

    /// How many drafts will be appended.
    pub fn staged(&self) -> u64 {
        self.batch.as_ref().map_or(0, Batch::staged)
    }

    /// How many drafts were there already.
    pub fn already_there(&self) -> u64 {
        self.batch.as_ref().map_or(0, |batch| batch.already_there)
    }

    /// Makes everything taken in part of the ledger, durably.
    ///
    /// # Errors
    /// [`LedgerError::Io`], as when the disk is full; nothing was appended then, and the ledger must be opened again.
    pub fn commit(mut self) -> Result<Receipt, LedgerError> {
        let (appended, already_there) = (self.staged(), self.already_there());
        let batch = self.batch.take().ok_or(LedgerError::Poisoned)?;
        let core = batch.core;
        // With the transaction, which the database rolls back when it is dropped.
        if let Err(error) = guarded(|| batch.commit()) {
            if let Some(poisoned) = &mut self.poisoned {
                **poisoned = true;
            }
            return Err(error);
        }
        let head = Ledger::head_of(core)?;
        Ok(Receipt { outcomes: Vec::new(), appended, already_there, head, clock_stepped_back: self.clock_stepped_back })
    }
}

impl Drop for Import<'_> {
    fn drop(&mut self) {
        let batch = self.batch.take();
        // Nothing is lost with what was not committed, and nobody is there to be told.
        let _ = guarded(|| {
            drop(batch);
            Ok(())
        });
    }
}
