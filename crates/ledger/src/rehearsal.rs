//! Trying out an import: every check of a real one, beside a writer or not, and nothing that could become part of the ledger.
//! It refuses to be committed; what it drew keys for and what it staged is forgotten with it.

use std::path::Path;

use domain::KnownAt;
use rustc_hash::FxHashMap;
use vault::{MasterKey, Vault};

use crate::batch::{Batch, Edge};
use crate::core::Core;
use crate::error::LedgerError;
use crate::import::Import;
use crate::ledger::{Ledger, clock_stepped_back, load_edge};
use crate::people::People;
use crate::store::{Staging, guarded};

/// What an import that is only tried out works on.
#[derive(Default)]
pub(crate) struct Rehearsal {
    /// The right edge as it was when the last one began.
    edge: Option<Edge>,
}

impl Ledger {
    /// Opens for trying out an import: [`Ledger::begin_import`] checks everything as it would, and its commit is refused. Takes no lock. Blocks
    /// that are full are kept in memory, compressed, where an import writes them to the file.
    ///
    /// # Errors
    /// As [`Ledger::open_reader`].
    pub fn open_to_rehearse(dir: &Path) -> Result<Self, LedgerError> {
        Ok(Self { rehearsal: Some(Rehearsal::default()), ..Self::open_reader(dir)? })
    }
}

impl Rehearsal {
    pub(crate) fn begin<'l>(&'l mut self, core: &'l mut Core, now: KnownAt) -> Result<Import<'l>, LedgerError> {
        let committed = core.store.read()?;
        // After the snapshot: every key that anything in it is sealed under was durable before. Keys drawn from here on are this rehearsal's
        // own, so the vault is never exchanged for a fresh one.
        let master = MasterKey::open(&core.directory.master_key())?;
        let vault = Vault::open_to_rehearse(&core.directory.keys(), &master)?;
        core.people = People::new(vault, core.genesis.ledger_id(), None);
        let core = &*core;
        let edge = self.edge.insert(guarded(|| load_edge(core, &committed))?);
        let stepped_back = clock_stepped_back(core, edge, now);
        let staging = Staging::Beside { committed, blocks: FxHashMap::default() };
        Ok(Import::new(Batch::begin_on(core, edge, staging, now, true)?, None, stepped_back))
    }
}
