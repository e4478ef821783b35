//! The ledger itself: opening it for writing or reading, and appending drafts all or nothing.
//! It refuses to open what does not continue the last signed checkpoint, and says so by name.

use std::path::Path;
use std::time::Duration;

use chain::Genesis;
use domain::{Draft, KnownAt};
use redb::ReadTransaction;
use rustc_hash::FxHashSet;
use transparency::{KeyChain, Signer, TileBuilder};
use vault::{MasterKey, Vault, VaultError};

use crate::anchor;
use crate::batch::{Batch, Edge};
use crate::block::{BLOCK_LEN, Block, Unpacker, leaves, position};
use crate::core::{Core, log_keys, read_head};
use crate::directory::{self, Directory, WriterLock};
use crate::error::{LedgerError, damaged};
use crate::growth::{Growth, tile_hashes};
use crate::import::Import;
use crate::incident::Incident;
use crate::keys::{Filter, Fingerprints, Keys};
use crate::outcome::{Expect, Outcome, Receipt, Refused};
use crate::people::People;
use crate::rehearsal::Rehearsal;
use crate::rotate;
use crate::store::{FORMAT, Rows, Store, guarded};
use crate::verify::VerifyOptions;

/// How long an opening tries at least. A lock outlives the process that dropped it for the moment in which a child it started has not yet
/// become another program; whoever really writes does so for longer than this.
const MOMENT: Duration = Duration::from_millis(250);

/// Drafts of one append for which a thread that hashes and packs beside is worth its start.
const BULK: usize = 2 * BLOCK_LEN;

/// An open ledger. For writing by one process at a time, for reading by any number, which a writer never blocks.
pub struct Ledger {
    pub(crate) core: Core,
    pub(crate) writer: Option<Writer>,
    pub(crate) rehearsal: Option<Rehearsal>,
    pub(crate) incidents: Vec<Incident>,
}

pub(crate) struct Writer {
    pub(crate) edge: Edge,
    pub(crate) signer: Signer,
    pub(crate) poisoned: bool,
    pub(crate) _lock: WriterLock,
}

/// On a full disk a repair is done in memory and cannot be written: nothing is damaged, there is only no room to say so.
fn unfinished_repair(directory: &Directory) -> LedgerError {
    let source = std::io::Error::other("the repair after a failed write cannot be written. Nothing is lost: make room on the disk and try again");
    LedgerError::Io { path: directory.database(), source }
}

impl Ledger {
    /// Opens for writing. There is one writer at a time.
    ///
    /// # Errors
    /// [`LedgerError::Locked`], [`LedgerError::NotALedger`], [`LedgerError::NewerFormat`], [`LedgerError::RolledBack`],
    /// [`LedgerError::Rewritten`], [`LedgerError::Damaged`], [`LedgerError::Vault`], [`LedgerError::LogKey`], [`LedgerError::Io`].
    pub fn open(dir: &Path) -> Result<Self, LedgerError> {
        Self::open_at(&Directory::new(dir), MOMENT)
    }

    /// As [`Ledger::open`], but waits so long for another writer to be done.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_within(dir: &Path, patience: Duration) -> Result<Self, LedgerError> {
        Self::open_at(&Directory::new(dir), patience)
    }

    fn open_at(directory: &Directory, patience: Duration) -> Result<Self, LedgerError> {
        const PAUSE: Duration = Duration::from_millis(10);
        for _ in 0..patience.as_millis() / PAUSE.as_millis() {
            match Self::open_now(directory.clone()) {
                Err(LedgerError::Locked { .. } | LedgerError::Vault(VaultError::Locked(_))) => std::thread::sleep(PAUSE),
                opened => return opened,
            }
        }
        Self::open_now(directory.clone())
    }

    fn open_now(directory: Directory) -> Result<Self, LedgerError> {
        existing(&directory)?;
        let lock = directory.lock_for_writing()?;
        let opened = Store::open(&directory.database())?;
        Self::open_over(directory, lock, opened)
    }

    /// Opens for writing over a database that is open already; the flag says that it was repaired.
    pub(crate) fn open_over(directory: Directory, lock: WriterLock, (store, repaired): (Store, bool)) -> Result<Self, LedgerError> {
        let master = MasterKey::open(&directory.master_key())?;
        let vault = Vault::open(&directory.keys(), &master)?;
        let mut incidents = Vec::new();
        if vault.torn_bytes() > 0 {
            incidents.push(Incident::VaultTorn { bytes: vault.torn_bytes() });
        }
        let core = open_core(directory, store, vault, false)?;
        let signer = read_log_key(&core)?;
        let edge = guarded(|| load_edge(&core, &core.store.read()?))?;
        let mut ledger = Self { core, rehearsal: None, writer: Some(Writer { edge, signer, poisoned: false, _lock: lock }), incidents };
        ledger.incidents.extend(anchor::compare(&ledger.core)?);
        if repaired {
            ledger.verify(&VerifyOptions::default())?.into_result()?;
            ledger.incidents.push(Incident::Repaired);
        }
        Ok(ledger)
    }

    /// Opens for reading, beside a writer or not. After a crash the file must be repaired once, which takes the writer's lock for a moment.
    ///
    /// # Errors
    /// As [`Ledger::open`], without the log key; [`LedgerError::Locked`] only when a writer is just repairing.
    pub fn open_reader(dir: &Path) -> Result<Self, LedgerError> {
        Self::open_reader_at(Directory::new(dir))
    }

    /// As [`Ledger::open_reader`], with keys that lie elsewhere.
    pub(crate) fn open_reader_at(directory: Directory) -> Result<Self, LedgerError> {
        existing(&directory)?;
        let mut repaired = false;
        let mut store = Store::open_reader(&directory.database())?;
        if store.is_none() {
            drop(Self::open_at(&directory, MOMENT)?);
            repaired = true;
            store = Store::open_reader(&directory.database())?;
        }
        let store = store.ok_or_else(|| unfinished_repair(&directory))?;
        let master = MasterKey::open(&directory.master_key())?;
        let vault = Vault::open_read_only(&directory.keys(), &master)?;
        let core = open_core(directory, store, vault, true)?;
        let mut incidents = anchor::compare(&core)?;
        incidents.extend(repaired.then_some(Incident::Repaired));
        Ok(Self { core, writer: None, rehearsal: None, incidents })
    }

    /// What happened to the files and must be told.
    pub fn incidents(&self) -> &[Incident] {
        &self.incidents
    }

    /// Everything fixed at creation: id, origin, log key, simulated or not.
    pub fn genesis(&self) -> &Genesis {
        &self.core.genesis
    }

    /// The directory it lies in.
    pub fn directory(&self) -> &Path {
        self.core.directory.path()
    }

    /// The key that checks its checkpoints, as others must be given it: `name+id+base64`.
    pub fn vkey(&self) -> String {
        self.core.keys.current().to_string()
    }

    /// All keys of its log since the beginning, with the statements that lead from each to the next.
    pub fn log_keys(&self) -> &KeyChain {
        &self.core.keys
    }

    /// Appends drafts, all or none, durably. Those that are there already are skipped and counted.
    ///
    /// `now` is the clock; a simulated ledger takes `recorded_at` from the drafts instead.
    ///
    /// # Errors
    /// [`LedgerError::Refused`] with every refusal, when there is one; [`LedgerError::HeadMoved`]; [`LedgerError::ReadOnly`];
    /// [`LedgerError::Poisoned`]; [`LedgerError::Io`]. Nothing was appended then.
    pub fn append(&mut self, drafts: &[Draft], expect: Expect, now: KnownAt) -> Result<Receipt, LedgerError> {
        let request = Request { drafts, expect, now };
        self.append_together(&[request])?.pop().unwrap_or(Err(LedgerError::Poisoned))
    }

    /// Appends several requests with one commit. A refused request leaves the others be.
    pub(crate) fn append_together(&mut self, requests: &[Request<'_>]) -> Result<Vec<Result<Receipt, LedgerError>>, LedgerError> {
        // All of it, because a transaction is rolled back where it is dropped, and over altered pages that is where the database gives up.
        guarded(|| self.append_now(requests))
    }

    fn append_now(&mut self, requests: &[Request<'_>]) -> Result<Vec<Result<Receipt, LedgerError>>, LedgerError> {
        let writer = self.writer.as_mut().ok_or(LedgerError::ReadOnly)?;
        if writer.poisoned {
            return Err(LedgerError::Poisoned);
        }
        let now = requests.first().map_or(KnownAt::BEGINNING, |request| request.now);
        // What is refused of a bulk goes back as a whole.
        let bulk = matches!(requests, [only] if only.drafts.len() >= BULK);
        let mut batch = Batch::begin(&self.core, &mut writer.edge, now, bulk)?;
        let mut results = Vec::with_capacity(requests.len());
        for request in requests {
            let mark = batch.mark();
            let stepped_back = batch.set_clock(request.now);
            let result = push_all(&mut batch, request);
            if bulk && let Err(error) = result {
                return Ok(vec![Err(error)]);
            }
            if result.is_err() {
                batch.back_to(&mark);
            }
            results.push(result.map(|outcomes| (outcomes, stepped_back)));
        }
        if let Err(error) = batch.commit() {
            writer.poisoned = true;
            return Err(error);
        }
        let head = self.head()?;
        let receipt = |(outcomes, clock_stepped_back): (Vec<Outcome>, bool)| {
            let appended = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Appended(_))).count() as u64;
            let already_there = outcomes.len() as u64 - appended;
            Receipt { outcomes, appended, already_there, head, clock_stepped_back }
        };
        Ok(results.into_iter().map(|result| result.map(receipt)).collect())
    }

    /// Begins an import: drafts are checked one by one against the ledger and each other, and become part of it with one commit at the end.
    ///
    /// # Errors
    /// [`LedgerError::ReadOnly`], [`LedgerError::Poisoned`], [`LedgerError::Io`].
    pub fn begin_import(&mut self, now: KnownAt) -> Result<Import<'_>, LedgerError> {
        if let Some(rehearsal) = &mut self.rehearsal {
            return rehearsal.begin(&mut self.core, now);
        }
        let writer = self.writer.as_mut().ok_or(LedgerError::ReadOnly)?;
        if writer.poisoned {
            return Err(LedgerError::Poisoned);
        }
        let stepped_back = clock_stepped_back(&self.core, &writer.edge, now);
        let batch = Batch::begin(&self.core, &mut writer.edge, now, true)?;
        Ok(Import::new(batch, Some(&mut writer.poisoned), stepped_back))
    }
}

/// One caller's drafts.
pub(crate) struct Request<'d> {
    pub(crate) drafts: &'d [Draft],
    pub(crate) expect: Expect,
    pub(crate) now: KnownAt,
}

fn push_all(batch: &mut Batch<'_>, request: &Request<'_>) -> Result<Vec<Outcome>, LedgerError> {
    if let Expect::Head(expected) = request.expect
        && batch.next_seq != expected.0.saturating_add(1)
    {
        let found = batch.next_seq.saturating_sub(1).to_string();
        return Err(LedgerError::HeadMoved { expected: expected.to_string(), found });
    }
    let mut outcomes = Vec::with_capacity(request.drafts.len());
    let mut refused = Vec::new();
    for (index, draft) in request.drafts.iter().enumerate() {
        match batch.push(draft)? {
            Outcome::Refused(refusal) => refused.push(Refused { index, refusal }),
            outcome @ (Outcome::Appended(_) | Outcome::AlreadyThere(_)) => outcomes.push(outcome),
        }
    }
    if refused.is_empty() { Ok(outcomes) } else { Err(LedgerError::Refused(refused)) }
}

pub(crate) fn clock_stepped_back(core: &Core, edge: &Edge, now: KnownAt) -> bool {
    !core.genesis.simulated() && now.micros() < edge.growth.chain.recorded_at
}

fn existing(directory: &Directory) -> Result<(), LedgerError> {
    match std::fs::metadata(directory.database()) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(LedgerError::NotALedger(directory.path().to_owned())),
        Err(error) => Err(crate::error::at(&directory.database())(error)),
    }
}

fn open_core(directory: Directory, store: Store, vault: Vault, reader: bool) -> Result<Core, LedgerError> {
    let txn = store.read()?;
    let genesis = guarded(|| {
        let format = txn.meta("format")?.ok_or_else(|| LedgerError::NotALedger(directory.path().to_owned()))?;
        let found = u32::from_le_bytes(format.as_slice().try_into().map_err(|_| damaged("the format number is not whole"))?);
        if found > FORMAT {
            return Err(LedgerError::NewerFormat { found, supported: FORMAT });
        }
        if found != FORMAT {
            return Err(damaged(format!("format {found} never existed")));
        }
        let genesis = txn.meta("genesis")?.ok_or_else(|| damaged("the genesis is missing"))?;
        Genesis::from_bytes(&genesis).map_err(|error| {
            if let chain::GenesisError::Version(found) = error
                && found > chain::FORMAT_VERSION
            {
                return LedgerError::NewerFormat { found: u32::from(found), supported: FORMAT };
            }
            damaged(error.to_string())
        })
    })?;
    if vault.is_simulated() && !genesis.simulated() {
        return Err(damaged("the keys are those of a simulated ledger, the ledger is not simulated"));
    }
    let keys = guarded(|| log_keys(&genesis, &txn))?;
    drop(txn);
    let reopen = reader.then(|| directory.clone());
    Ok(Core { people: People::new(vault, genesis.ledger_id(), reopen), directory, store, genesis, keys })
}

fn read_log_key(core: &Core) -> Result<Signer, LedgerError> {
    rotate::finish(core)?;
    let path = core.directory.log_key();
    let text = zeroize::Zeroizing::new(directory::read_private(&path)?);
    let unusable = |reason: String| LedgerError::LogKey { path: path.clone(), reason };
    let signer = Signer::parse(text.trim_end()).map_err(|error| unusable(error.to_string()))?;
    if signer.verifier() != core.keys.current() {
        return Err(unusable("this is not the log key of this ledger".into()));
    }
    Ok(signer)
}

/// Reads the right edge back, and checks that chain and tree arrive at the stored head.
pub(crate) fn load_edge(core: &Core, txn: &ReadTransaction) -> Result<Edge, LedgerError> {
    let head = read_head(txn)?;
    let (index, filled) = position(head.size);
    let mut tail = Block::default();
    let mut previous = head.link;
    let mut edge_leaves = Vec::new();
    if filled > 0 {
        let row = txn.block(index)?.ok_or_else(|| damaged("the last block is missing"))?;
        previous = Unpacker::new()?.read(index, &row, &mut tail)?.previous;
        edge_leaves = leaves(index, &row)?.1;
        if tail.len() != filled {
            return Err(damaged("the last block does not end at the head"));
        }
    }
    let tree = TileBuilder::resume(head.size, |tile| {
        if tile.level == 0 {
            return Ok(std::mem::take(&mut edge_leaves));
        }
        match txn.tile(tile)? {
            Some(row) => Ok(tile_hashes(&row)),
            None => Err(damaged(format!("{} is missing", tile.path(tile.width(head.size))))),
        }
    })
    .map_err(|error| match error {
        transparency::ResumeError::Read(error) => error,
        other @ transparency::ResumeError::Width { .. } => damaged(other.to_string()),
    })?;
    let chain = chain::Head {
        ledger_id: core.genesis.ledger_id(),
        next_seq: head.size,
        link: head.link,
        recorded_at: head.recorded_at.micros(),
    };
    if tree.root() != head.root {
        return Err(damaged("the tree does not lead to the root of the head"));
    }
    let secret = core.people.ledger_secret();
    if let Some(first) = tail.get(0) {
        let mut again = chain::Head { next_seq: head.size - filled as u64, link: previous, recorded_at: first.recorded_at, ..chain };
        for frame in tail.frames() {
            let blinding = chain::blinding(&secret, chain.ledger_id, again.next_seq);
            let draft = chain::Draft { recorded_at: frame.recorded_at, tag: frame.tag, schema: frame.schema };
            again.extend(draft, &blinding, frame.payload).map_err(|error| damaged(error.to_string()))?;
        }
        if again != chain {
            return Err(damaged("the last block does not lead to the link of the head"));
        }
    }
    let pseudonyms = core.people.pseudonyms();
    let fingerprints = Fingerprints(pseudonyms.fingerprint_key(core.genesis.ledger_id()));
    Ok(Edge {
        growth: Growth::resume(chain, tree, previous, secret),
        tail,
        keys: Keys::load(fingerprints, txn)?,
        filter: Filter::default(),
        pseudonyms,
        packer: None,
        introduced: FxHashSet::default(),
    })
}
