//! Verifying a ledger, its checkpoints and its standing.
//! Trusts nothing stored; says what was not checked.

use std::path::{Path, PathBuf};

use domain::KnownAt;
pub use ledger::State;
use ledger::{Ledger, VerifyOptions, VerifyReport};

use crate::error::AuditError;
pub use crate::outside::against::Compared;
use crate::outside::against::compare;
use crate::outside::anchor::{Anchors, anchors};

/// What verifying said.
#[derive(Debug)]
pub struct Verified {
    /// The ledger's own report.
    pub report: VerifyReport,
    /// Origin.
    pub origin: String,
    /// A simulated ledger.
    pub simulated: bool,
    /// Comparisons with checkpoints from outside.
    pub outside: Vec<Compared>,
    /// What happened to the files.
    pub incidents: Vec<String>,
}

impl Verified {
    /// Whether everything that was checked agrees.
    pub fn is_good(&self) -> bool {
        self.report.failure.is_none() && self.outside.iter().all(|c| c.failure.is_none())
    }
}

/// Re-hashes every stored byte and compares with checkpoints from outside.
///
/// # Errors
/// A ledger that cannot be opened, or a checkpoint file that cannot be read.
pub fn verify(dir: &Path, against: &[PathBuf], from: u64, progress: &dyn Fn(u64, u64)) -> Result<Verified, AuditError> {
    let ledger = Ledger::open_reader(dir)?;
    let mut report = ledger.verify(&VerifyOptions { from, progress: Some(progress) })?;
    if report.failure.is_none() && report.checkpoints.is_empty() {
        // Whoever has the disk and not the key can rewrite everything and leave no checkpoint to contradict it.
        let what = "no signed checkpoint is left, in the database or beside it, and every ledger is signed when it is made. \
                    Compare with a checkpoint kept outside before anything is signed";
        report.failure = Some(ledger::Failure { seq: None, what: what.to_owned() });
    }
    let mut outside = Vec::new();
    for path in against {
        outside.push(compare(&ledger, path)?);
    }
    let mut incidents: Vec<String> = ledger.incidents().iter().map(ToString::to_string).collect();
    if report.failure.is_none() {
        incidents.extend(crate::holds::incidents(&ledger)?);
    }
    let genesis = ledger.genesis();
    Ok(Verified {
        origin: genesis.origin().to_owned(),
        simulated: genesis.simulated(),
        incidents,
        report,
        outside,
    })
}

/// A checkpoint as stored.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The signed note.
    pub note: String,
    /// Size it covers.
    pub size: u64,
    /// Root, base64.
    pub root: String,
    /// The key that checks it.
    pub vkey: String,
    /// Events in the ledger now.
    pub head_size: u64,
}

/// The latest signed checkpoint.
///
/// # Errors
/// A ledger that has none, or that cannot be read.
pub fn checkpoint(dir: &Path) -> Result<Signed, AuditError> {
    let ledger = Ledger::open_reader(dir)?;
    let note = ledger.checkpoint()?.ok_or_else(|| AuditError::asked("no checkpoint was signed yet", "`countersign checkpoint sign` signs one"))?;
    signed(&ledger, note)
}

/// Signs a checkpoint now.
///
/// # Errors
/// A ledger that cannot be written, or that does not continue what was signed.
pub fn sign(dir: &Path) -> Result<Signed, AuditError> {
    let mut ledger = Ledger::open(dir)?;
    let note = ledger.sign_checkpoint()?;
    signed(&ledger, note)
}

fn signed(ledger: &Ledger, note: String) -> Result<Signed, AuditError> {
    let mut lines = note.lines().skip(1);
    let size = lines.next().and_then(|l| l.parse().ok()).unwrap_or(0);
    let root = lines.next().unwrap_or_default().to_owned();
    Ok(Signed { size, root, vkey: ledger.vkey(), head_size: ledger.head()?.size, note })
}

/// How a ledger stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Directory.
    pub directory: String,
    /// Origin.
    pub origin: String,
    /// A simulated ledger.
    pub simulated: bool,
    /// Events.
    pub size: u64,
    /// Root over them, base64.
    pub root: String,
    /// The ledger's clock at the last event.
    pub last_recorded_at: KnownAt,
    /// Size under the latest signed checkpoint.
    pub signed_size: Option<u64>,
    /// What vouches for it outside.
    pub anchors: Anchors,
    /// Bytes of the database.
    pub bytes: u64,
    /// What happened to the files.
    pub incidents: Vec<String>,
    /// The last scan recorded: its seq, day and counts in words.
    pub last_scan: Option<(u64, String)>,
}

/// How the ledger stands.
///
/// # Errors
/// A ledger that cannot be read.
pub fn status(dir: &Path) -> Result<Standing, AuditError> {
    let ledger = Ledger::open_reader(dir)?;
    let head = ledger.head()?;
    let signed_size = ledger.checkpoint()?.and_then(|note| note.lines().nth(1).and_then(|l| l.parse().ok()));
    let database = dir.join("ledger.redb");
    let bytes = std::fs::metadata(&database).map(|m| m.len()).unwrap_or(0);
    let last_scan = match crate::scans::past(&ledger)?.last() {
        Some(scan) => ledger.get(scan.seq)?.map(|r| (r.seq.0, crate::describe::describe(&r.event))),
        None => None,
    };
    Ok(Standing {
        directory: dir.display().to_string(),
        origin: ledger.genesis().origin().to_owned(),
        simulated: ledger.genesis().simulated(),
        size: head.size,
        root: head.root.to_string(),
        last_recorded_at: head.recorded_at,
        signed_size,
        anchors: anchors(&ledger)?,
        bytes,
        incidents: ledger.incidents().iter().map(ToString::to_string).collect(),
        last_scan,
    })
}
