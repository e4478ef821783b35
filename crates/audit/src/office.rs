//! Making a ledger, and appending single events to it.
//! Keys are made beside the database and never printed.

use std::path::Path;

use domain::field::FieldProblem;
use domain::{Draft, KnownAt, Seq};
use ledger::{CreateOptions, Expect, Ledger, Outcome};

use crate::error::{AuditError, appending};
use crate::intake;

/// How to make a ledger.
#[derive(Debug, Clone)]
pub struct InitOptions {
    /// Name of the log in its checkpoints.
    pub origin: String,
    /// For invented people: takes `recorded_at` from its input and says SIMULATED for ever.
    pub simulated: bool,
    /// The clock.
    pub now: KnownAt,
    /// Makes every byte of a simulated ledger follow from these.
    pub entropy: Option<[u8; 32]>,
}

/// A ledger that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its origin.
    pub origin: String,
    /// The key others need to check its checkpoints.
    pub vkey: String,
}

/// Makes a ledger and signs its first checkpoint.
///
/// # Errors
/// A directory that is not empty, a name that cannot be one, a disk that does not write.
pub fn init(dir: &Path, options: &InitOptions) -> Result<Made, AuditError> {
    let create = CreateOptions { origin: options.origin.clone(), simulated: options.simulated, now: options.now, entropy: options.entropy };
    let mut ledger = Ledger::create(dir, &create)?;
    ledger.sign_checkpoint()?;
    Ok(Made { origin: options.origin.clone(), vkey: ledger.vkey() })
}

/// Whether the ledger in a directory is simulated; nothing where none can be read, which the command itself will say.
pub fn is_simulated(dir: &Path) -> Option<bool> {
    Ledger::open_reader(dir).ok().map(|ledger| ledger.genesis().simulated())
}

/// What became of a single event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// It is now at this place.
    New(Seq),
    /// It was there already.
    AlreadyThere(Seq),
}

impl Appended {
    /// Its place.
    pub fn seq(self) -> Seq {
        match self {
            Appended::New(seq) | Appended::AlreadyThere(seq) => seq,
        }
    }
}

/// Appends one event given as JSON, durably.
///
/// # Errors
/// What is wrong with the event, or why the ledger refuses it.
pub fn append(dir: &Path, json: &str, now: KnownAt) -> Result<Appended, AuditError> {
    let draft = import::parse_line(json.trim()).map_err(|problems| AuditError::Refused(all(&problems)))?;
    let mut ledger = Ledger::open(dir)?;
    put_on_record(&mut ledger, &draft, now)
}

/// Appends one event and signs a checkpoint over it.
///
/// # Errors
/// Why the ledger refuses it, or does not write.
pub(crate) fn put_on_record(ledger: &mut Ledger, draft: &Draft, now: KnownAt) -> Result<Appended, AuditError> {
    let receipt = ledger.append(std::slice::from_ref(draft), Expect::Any, now).map_err(appending)?;
    ledger.sign_checkpoint()?;
    appended(receipt.outcomes.first())
}

/// What the ledger says became of an event.
///
/// # Errors
/// That it was refused, or that nothing is said.
pub(crate) fn appended(outcome: Option<&Outcome>) -> Result<Appended, AuditError> {
    match outcome {
        Some(Outcome::Appended(seq)) => Ok(Appended::New(*seq)),
        Some(Outcome::AlreadyThere(seq)) => Ok(Appended::AlreadyThere(*seq)),
        Some(Outcome::Refused(refusal)) => Err(AuditError::Refused(refusal.to_string())),
        None => Err(AuditError::Refused("the ledger did not say what became of it".to_owned())),
    }
}

fn all(problems: &[FieldProblem]) -> String {
    problems.iter().map(|p| intake::field_problem("stdin", 1, p.clone()).to_string()).collect::<Vec<_>>().join("\n")
}
