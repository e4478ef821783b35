//! How far a ledger is anchored outside: which witness cosigned how much of it and when, and which checkpoints carry a timestamp.
//! Refuses to count what the ledger says of itself: its own signature is no anchor against whoever holds its key.

use domain::KnownAt;
use ledger::{Cosigned, Ledger};

use crate::error::AuditError;

/// What one witness vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Number of events it saw.
    pub size: u64,
    /// When, by its own clock.
    pub at: KnownAt,
    /// Its name.
    pub witness: String,
    /// Its key.
    pub vkey: String,
}

/// Everything outside that vouches for the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anchors {
    /// One for each witness, the largest first.
    pub witnesses: Vec<Anchor>,
    /// Sizes of the checkpoints that carry a timestamp.
    pub timestamps: Vec<u64>,
}

impl Anchors {
    /// The anchor that covers most.
    pub fn last(&self) -> Option<&Anchor> {
        self.witnesses.first()
    }
}

/// What vouches for the ledger.
///
/// # Errors
/// What is kept of witnesses does not verify or cannot be read.
pub fn anchors(ledger: &Ledger) -> Result<Anchors, AuditError> {
    let mut witnesses: Vec<Anchor> = ledger.cosigned()?.iter().map(told).collect();
    witnesses.sort_by(|a, b| (b.size, b.at, &a.witness).cmp(&(a.size, a.at, &b.witness)));
    let timestamps = ledger.timestamped()?.iter().map(|stamped| stamped.size).collect();
    Ok(Anchors { witnesses, timestamps })
}

pub(crate) fn told(cosigned: &Cosigned) -> Anchor {
    const MICROS: u64 = 1_000_000;
    let micros = i64::try_from(cosigned.time.saturating_mul(MICROS)).unwrap_or(i64::MAX);
    Anchor {
        size: cosigned.checkpoint.size(),
        at: KnownAt::from_micros(micros),
        witness: cosigned.witness.name().to_owned(),
        vkey: cosigned.witness.to_string(),
    }
}
