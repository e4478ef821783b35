//! Making a ledger: directory, database, log key, master key, vault, and `ledger_opened` as seq 0.
//! It refuses a directory that is not empty; what fails halfway leaves no ledger that opens.

use std::path::Path;

use chain::{Genesis, LedgerId};
use domain::event::LedgerOpened;
use domain::{Draft, KnownAt, Text, ValidAt};
use rustc_hash::FxHashSet;
use transparency::{KeyChain, Signer, Verifier};
use vault::{MasterKey, Vault};
use zeroize::Zeroizing;

use crate::batch::{Batch, Edge};
use crate::block::Block;
use crate::core::Core;
use crate::directory::{self, Directory};
use crate::error::{LedgerError, damaged};
use crate::growth::Growth;
use crate::keys::{Filter, Fingerprints, Keys};
use crate::ledger::{Ledger, Writer};
use crate::outcome::Outcome;
use crate::people::People;
use crate::store::{FORMAT, META, Store, failed};

/// What is fixed when a ledger is made.
#[derive(Clone, Debug)]
pub struct CreateOptions {
    /// Name of the log in its checkpoints, as `ledger.riverbend.example`: one line without spaces or `+`.
    pub origin: String,
    /// Whether it holds invented people and takes `recorded_at` from its input.
    pub simulated: bool,
    /// The clock; simulated ledgers ignore it.
    pub now: KnownAt,
    /// Makes every byte of a simulated ledger follow from these, so that it can be made again. Refused for real ledgers.
    pub entropy: Option<[u8; 32]>,
}

/// Simulated ledgers are born on 1 January 1900, the first day the domain accepts, so that any input can follow.
const SIMULATED_BIRTH: i64 = -2_208_988_800_000_000;

impl Ledger {
    /// Makes a ledger in `dir`, which is made too or is empty, and opens it for writing.
    ///
    /// # Errors
    /// [`LedgerError::Exists`], [`LedgerError::Creation`], [`LedgerError::Io`], [`LedgerError::Vault`].
    pub fn create(dir: &Path, options: &CreateOptions) -> Result<Self, LedgerError> {
        Self::create_in(dir, options, Store::create)
    }

    /// As [`Ledger::create`], with a database that `store` makes.
    pub(crate) fn create_in(dir: &Path, options: &CreateOptions, store: impl FnOnce(&Path) -> Result<Store, LedgerError>) -> Result<Self, LedgerError> {
        if options.entropy.is_some() && !options.simulated {
            return Err(LedgerError::Creation("fixed entropy is for simulated ledgers only".into()));
        }
        let ledger_id = LedgerId(drawn(options, "ledger id")?);
        let mut seed = Zeroizing::new([0; 32]);
        let (low, high) = seed.split_at_mut(16);
        low.copy_from_slice(&drawn(options, "log key 1")?);
        high.copy_from_slice(&drawn(options, "log key 2")?);
        let refused = |error: &dyn std::fmt::Display| LedgerError::Creation(format!("{:?} is no name for a log: {error}", options.origin));
        let signer = Signer::from_seed(&options.origin, &seed).map_err(|error| refused(&error))?;
        let verifier = signer.verifier().clone();
        let born = if options.simulated { SIMULATED_BIRTH } else { options.now.micros() };
        let genesis = Genesis::new(ledger_id, born, options.simulated, verifier.public_key(), &options.origin, &[]).map_err(|e| refused(&e))?;
        let opened = opening(&genesis, &verifier).ok_or_else(|| refused(&"it is too long"))?;

        // The database comes last: a directory without one is no ledger, whatever else lies in it.
        let directory = Directory::new(dir);
        directory.create()?;
        let lock = directory.lock_for_writing()?;
        directory::write_new_private(&directory.log_key(), format!("{}\n", signer.to_skey()).as_bytes())?;
        let master = MasterKey::create(&directory.master_key())?;
        let vault = match &options.entropy {
            Some(entropy) => Vault::create_simulated(&directory.keys(), &master, entropy)?,
            None => Vault::create(&directory.keys(), &master)?,
        };
        directory::sync_dir(&directory.keys())?;
        let core = Core {
            store: store(&directory.database())?,
            people: People::new(vault, ledger_id, None),
            directory,
            genesis,
            keys: KeyChain::new(verifier),
        };
        let mut edge = first_edge(&core)?;
        let mut batch = Batch::begin(&core, &mut edge, options.now, false)?;
        let mut meta = batch.staging.ledger()?.open_table(META).map_err(failed)?;
        meta.insert("format", FORMAT.to_le_bytes().as_slice()).map_err(failed)?;
        meta.insert("genesis", core.genesis.to_bytes().as_slice()).map_err(failed)?;
        drop(meta);
        make_tables(&batch)?;
        match batch.push(&opened)? {
            Outcome::Appended(_) => batch.commit()?,
            Outcome::AlreadyThere(_) | Outcome::Refused(_) => return Err(damaged("the first event was refused")),
        }
        directory::sync_dir(core.directory.path())?;
        Ok(Self { core, rehearsal: None, writer: Some(Writer { edge, signer, poisoned: false, _lock: lock }), incidents: Vec::new() })
    }
}

/// The edge of a ledger without events.
fn first_edge(core: &Core) -> Result<Edge, LedgerError> {
    let pseudonyms = core.people.pseudonyms();
    let fingerprints = Fingerprints(pseudonyms.fingerprint_key(core.genesis.ledger_id()));
    Ok(Edge {
        growth: Growth::new(&core.genesis, core.people.ledger_secret()),
        tail: Block::default(),
        keys: Keys::empty(fingerprints),
        filter: Filter::default(),
        pseudonyms,
        packer: None,
        introduced: FxHashSet::default(),
    })
}

/// Opens every table once, because a reader cannot open one that was never written.
fn make_tables(batch: &Batch<'_>) -> Result<(), LedgerError> {
    let rows = batch.staging.rows();
    rows.block(0)?;
    rows.tile(transparency::TileId { level: 1, index: 0 })?;
    rows.keys(0, 0, &mut |_| {})?;
    rows.introduced_at(vault::Pseudonym([0; 16]))?;
    rows.amendments(0)?;
    Ok(())
}

fn drawn(options: &CreateOptions, what: &str) -> Result<[u8; 16], LedgerError> {
    if let Some(entropy) = &options.entropy {
        return Ok(vault::pseudonym(entropy, "simulated ledger", what).0);
    }
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| LedgerError::Creation(format!("the system gives no random bytes: {error}")))?;
    Ok(bytes)
}

/// The event at seq 0; `None` when the origin is no text.
fn opening(genesis: &Genesis, verifier: &Verifier) -> Option<Draft> {
    let text = |text: String| Text::parse(&text).ok();
    Some(Draft::bare(LedgerOpened {
        ledger_id: text(genesis.ledger_id().to_string())?,
        origin: text(genesis.origin().to_owned())?,
        log_key: text(verifier.to_string())?,
        simulated: genesis.simulated(),
        opened_at: ValidAt::from_micros(genesis.created_at()),
    }))
}
