//! Erasing one subject: holds are asked, what stays in the clear is named, the key is destroyed, the ledger says so.
//! It cannot be undone and does not ask twice; it refuses without a reason, without somebody's approval, and under a hold.

use std::path::Path;

use domain::{KnownAt, Seq, ValidDay};
use ledger::{ERASED, Erased, Grounds, Ledger, Sealing, Subject};

use super::{day_of_act, scope, simulated_at, standing, text};
use crate::error::AuditError;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Erasing {
    /// Who: an id, `individual:ID` or `person:ID`.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
    /// The day; that of the recording if not given.
    pub on: Option<ValidDay>,
    /// Only say what would happen.
    pub dry_run: bool,
}

/// What happened, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// `individual` or `person`.
    pub kind: &'static str,
    /// How they read from now on: `erased-` and eight digits, or a staff member's id.
    pub reads_as: String,
    /// What was done; nothing in a dry run.
    pub done: Option<Erased>,
    /// Events in which the identifier or a sealed value also stands in the clear, where no key reaches. Empty when the key was gone before.
    pub left_in_clear: Vec<Seq>,
    /// Holds that would forbid it; only a dry run gets as far as saying so.
    pub forbidden_by: Vec<String>,
    /// A simulated ledger, whose keys can be made again from its seed.
    pub simulated: bool,
}

/// Erases a subject, durably.
///
/// # Errors
/// An unknown subject, a legal hold, a reason that names the individual; a ledger that another process is writing.
pub fn erase(dir: &Path, asked: &Erasing, now: KnownAt) -> Result<Reported, AuditError> {
    let mut ledger = Ledger::open(dir)?;
    let subject = scope::subject(&ledger, &asked.subject)?;
    scope::keeps_quiet("--reason", &asked.reason, &subject)?;
    let on = day_of_act(&ledger, asked.on, simulated_at(&ledger, None)?, now)?;
    let grounds = Grounds { reason: text("--reason", &asked.reason)?, approved_by: text("--approved-by", &asked.approved_by)?, on };
    let sealing = ledger.sealing(&subject);
    if sealing == Sealing::Nothing {
        return Err(ledger::LedgerError::NothingSealed(subject.id().to_owned()).into());
    }
    let holds = standing::forbidding(&ledger, &subject)?;
    if let Some(first) = holds.first().filter(|_| !asked.dry_run && sealing == Sealing::Sealed) {
        let covers = if first.covers_everybody() { format!("covers everybody, since its scope is {:?}", first.scope) } else { "covers them".to_owned() };
        return Err(AuditError::Conflict(format!(
            "legal hold {} {covers}: nothing was erased. When it no longer applies: countersign hold release {} --reason \"...\"",
            first.in_words(),
            first.hold
        )));
    }
    let left_in_clear = ledger.left_in_clear(&subject)?;
    let (kind, reads_as) = match &subject {
        Subject::Individual(id) => ("individual", format!("{}{}", ERASED, ledger.pseudonym(id).get(..8).unwrap_or_default())),
        Subject::Person(id) => ("person", id.as_str().to_owned()),
    };
    let done = if asked.dry_run {
        None
    } else {
        let done = ledger.erase(&subject, grounds, now)?;
        ledger.sign_checkpoint()?;
        Some(done)
    };
    let forbidden_by = holds.iter().map(standing::Hold::in_words).collect();
    Ok(Reported { kind, reads_as, done, left_in_clear, forbidden_by, simulated: ledger.genesis().simulated() })
}
