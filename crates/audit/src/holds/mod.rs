//! Erasing people's sealed values, and the legal holds that forbid it.
//! An erasure is final and a hold is a person's word: nothing here decides either, and what is not understood forbids.

mod erase;
mod erased;
mod hold;
mod scope;
mod standing;

pub use erase::{Erasing, Reported, erase};
pub use hold::{Act, Placed, Released, list, place, release};
pub use standing::{Hold, HoldEnd};

pub(crate) use erased::{incidents, names, say_erased};

use domain::{KnownAt, Text, ValidDay};
use ledger::Ledger;

use crate::error::AuditError;

/// The instant at which an event that a person enters is recorded in a simulated ledger: the one given, or that of its last event.
fn simulated_at(ledger: &Ledger, at: Option<KnownAt>) -> Result<Option<KnownAt>, AuditError> {
    Ok(if ledger.genesis().simulated() { Some(at.unwrap_or(ledger.head()?.recorded_at)) } else { None })
}

/// The day of an act: the one given, which must not lie in the future of a real ledger, or the day it is recorded.
fn day_of_act(ledger: &Ledger, on: Option<ValidDay>, recorded_at: Option<KnownAt>, now: KnownAt) -> Result<ValidDay, AuditError> {
    match on {
        Some(day) if !ledger.genesis().simulated() && day > now.local_day() => {
            Err(AuditError::asked(format!("--on {day} lies in the future"), "give the day it was decided"))
        }
        Some(day) => Ok(day),
        None => Ok(recorded_at.unwrap_or(now).local_day()),
    }
}

fn text(option: &str, given: &str) -> Result<Text, AuditError> {
    Text::parse(given).map_err(|m| AuditError::asked(format!("{option}: {} is not {}", m.found, m.wanted), "write it shorter, in plain characters"))
}
