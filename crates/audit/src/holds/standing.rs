//! The holds of a ledger as they stand: placed, released, corrected and retracted like everything else.
//! Derives from the ledger and stores nothing.

use domain::event::{Event, Findings, LegalHoldPlaced, LegalHoldReleased};
use domain::{Seq, ValidDay};
use ledger::{Ledger, Subject};

use super::scope;
use crate::error::AuditError;
use crate::settled::settled;
use crate::words;

/// A legal hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its id.
    pub hold: String,
    /// Its `legal_hold_placed`.
    pub seq: Seq,
    /// Whom it covers, as written: `pseudonym:HEX`, `person:ID`, or words, which cover everybody.
    pub scope: String,
    /// The day it was placed.
    pub on: ValidDay,
    /// Why.
    pub reason: String,
    /// Who placed it.
    pub by: Option<String>,
    /// Its release, if it was released.
    pub released: Option<HoldEnd>,
}

/// The release of a hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldEnd {
    /// Its `legal_hold_released`.
    pub seq: Seq,
    /// The day.
    pub on: ValidDay,
    /// Why.
    pub reason: String,
}

impl Hold {
    /// Whether it covers everybody, because its scope is written for people.
    pub fn covers_everybody(&self) -> bool {
        self.scope.split([' ', ',', ';', '\n', '\t']).filter(|item| !item.is_empty()).any(|item| !scope::understood(item))
    }

    /// The hold in a few words.
    pub(super) fn in_words(&self) -> String {
        format!("{} of {} ({})", self.hold, words::day(self.on), self.reason)
    }
}

/// Every hold, in the order in which they were placed.
pub(super) fn holds(ledger: &Ledger) -> Result<Vec<Hold>, AuditError> {
    let types = [LegalHoldPlaced::SCHEMA.tag, LegalHoldReleased::SCHEMA.tag];
    let mut found: Vec<Hold> = Vec::new();
    for (recorded, event) in settled(ledger, &types, u64::MAX)? {
        match event {
            Event::Findings(Findings::LegalHoldPlaced(e)) => found.push(Hold {
                hold: e.hold.as_str().to_owned(),
                seq: recorded.seq,
                scope: e.scope.as_str().to_owned(),
                on: e.on,
                reason: e.reason.as_str().to_owned(),
                by: recorded.envelope.actor.as_ref().map(|by| by.as_str().to_owned()),
                released: None,
            }),
            Event::Findings(Findings::LegalHoldReleased(e)) => {
                let end = HoldEnd { seq: recorded.seq, on: e.on, reason: e.reason.as_str().to_owned() };
                found.iter_mut().filter(|hold| hold.hold == e.hold.as_str() && hold.released.is_none()).for_each(|hold| hold.released = Some(end.clone()));
            }
            Event::Workforce(_) | Event::Program(_) | Event::Individuals(_) | Event::Delivery(_) | Event::Claims(_) | Event::Findings(_) | Event::Ledger(_) => {}
        }
    }
    Ok(found)
}

/// The holds in force that forbid erasing a subject.
pub(super) fn forbidding(ledger: &Ledger, subject: &Subject) -> Result<Vec<Hold>, AuditError> {
    let standing = holds(ledger)?.into_iter().filter(|hold| hold.released.is_none());
    Ok(standing.filter(|hold| scope::covers(ledger, &hold.scope, subject)).collect())
}
