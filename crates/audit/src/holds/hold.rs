//! Placing, releasing and listing legal holds.
//! Refuses a second release and an unknown hold; whether a hold is right is not asked.

use std::path::Path;

use domain::event::{Event, Findings, LegalHoldPlaced, LegalHoldReleased};
use domain::{Draft, Envelope, HoldId, KnownAt, Seq, ValidDay};
use ledger::Ledger;

use super::standing::{Hold, holds};
use super::{day_of_act, scope, simulated_at, text};
use crate::error::AuditError;
use crate::office::put_on_record;

/// A hold that was placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its id.
    pub hold: String,
    /// Its event.
    pub seq: Seq,
    /// Whom it covers, as written down.
    pub scope: String,
    /// A simulated ledger.
    pub simulated: bool,
}

/// A hold that was released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// Its id.
    pub hold: String,
    /// The event of the release.
    pub seq: Seq,
    /// Other holds that still forbid something.
    pub still_in_force: usize,
    /// A simulated ledger.
    pub simulated: bool,
}

/// What placing and releasing share.
#[derive(Debug, Clone)]
pub struct Act {
    /// Why.
    pub reason: String,
    /// Who says so.
    pub by: Option<String>,
    /// The day; that of the recording if not given.
    pub on: Option<ValidDay>,
    /// The time a simulated ledger is to record.
    pub at: Option<KnownAt>,
}

/// Every hold, in the order placed.
///
/// # Errors
/// A ledger that cannot be read.
pub fn list(dir: &Path) -> Result<(bool, Vec<Hold>), AuditError> {
    let ledger = Ledger::open_reader(dir)?;
    Ok((ledger.genesis().simulated(), holds(&ledger)?))
}

/// Places a hold on one subject. Its id is the one given, or the next free `H-n`.
///
/// # Errors
/// An unknown subject, a hold of that id in force, a ledger that another process is writing.
pub fn place(dir: &Path, subject: &str, id: Option<&str>, act: &Act, now: KnownAt) -> Result<Placed, AuditError> {
    let mut ledger = Ledger::open(dir)?;
    let subject = scope::subject(&ledger, subject)?;
    scope::keeps_quiet("--reason", &act.reason, &subject)?;
    let known = holds(&ledger)?;
    let hold = match id {
        Some(id) if known.iter().any(|h| h.hold == id && h.released.is_none()) => {
            return Err(AuditError::asked(format!("hold {id} is in force already"), "choose another id, or leave --hold out"));
        }
        Some(id) => id.to_owned(),
        None => next_id(&known),
    };
    let hold_id = HoldId::parse(&hold).map_err(|e| AuditError::asked(format!("--hold: {e}"), "1 to 64 characters of A-Z a-z 0-9 . _ : -"))?;
    let written = scope::written(&ledger, &subject);
    let recorded_at = simulated_at(&ledger, act.at)?;
    let on = day_of_act(&ledger, act.on, recorded_at, now)?;
    let event = LegalHoldPlaced { hold: hold_id, scope: text("the subject", &written)?, on, reason: text("--reason", &act.reason)? };
    let seq = append(&mut ledger, Event::Findings(Findings::LegalHoldPlaced(event)), act, recorded_at, now)?;
    Ok(Placed { hold, seq, scope: written, simulated: ledger.genesis().simulated() })
}

/// Releases a hold.
///
/// # Errors
/// A hold that is not there or was released; a ledger that another process is writing.
pub fn release(dir: &Path, id: &str, act: &Act, now: KnownAt) -> Result<Released, AuditError> {
    let mut ledger = Ledger::open(dir)?;
    let known = holds(&ledger)?;
    let Some(hold) = known.iter().find(|h| h.hold == id && h.released.is_none()) else {
        let what = match known.iter().rev().find(|h| h.hold == id).and_then(|h| h.released.as_ref()) {
            Some(end) => format!("hold {id} was released on {} already", crate::words::day(end.on)),
            None => format!("there is no hold {id}"),
        };
        return Err(AuditError::asked(what, "`countersign hold list` shows those in force"));
    };
    let recorded_at = simulated_at(&ledger, act.at)?;
    let on = day_of_act(&ledger, act.on, recorded_at, now)?;
    let hold_id = HoldId::parse(id).map_err(|e| AuditError::asked(e.to_string(), "an id as `countersign hold list` prints it"))?;
    let event = LegalHoldReleased { hold: hold_id, scope: text("the scope", &hold.scope)?, on, reason: text("--reason", &act.reason)? };
    let seq = append(&mut ledger, Event::Findings(Findings::LegalHoldReleased(event)), act, recorded_at, now)?;
    let still_in_force = known.iter().filter(|h| h.released.is_none() && h.hold != id).count();
    Ok(Released { hold: id.to_owned(), seq, still_in_force, simulated: ledger.genesis().simulated() })
}

fn next_id(known: &[Hold]) -> String {
    let taken = |id: &str| known.iter().any(|h| h.hold == id);
    (1u64..).map(|n| format!("H-{n}")).find(|id| !taken(id)).unwrap_or_default()
}

fn append(ledger: &mut Ledger, event: Event, act: &Act, recorded_at: Option<KnownAt>, now: KnownAt) -> Result<Seq, AuditError> {
    let actor = act.by.as_deref().map(|by| text("--by", by)).transpose()?;
    let draft = Draft { event, envelope: Envelope { actor, ..Envelope::default() }, recorded_at };
    Ok(put_on_record(ledger, &draft, now)?.seq())
}
