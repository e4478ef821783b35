//! Up to where the ledger counts: everything, a seq, or an instant.
//! An instant after the head is refused, because the answer could still change; only a simulated ledger, whose clock stands still
//! between its lines, takes it as its head.

use domain::{KnownAt, Seq, ValidDay};

use crate::error::AuditError;

/// A knowledge cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cut {
    /// Everything recorded.
    #[default]
    Head,
    /// Events through this place.
    Seq(Seq),
    /// Events recorded at or before this instant.
    Instant(KnownAt),
    /// Events recorded through the end of this local day.
    Day(ValidDay),
}

impl Cut {
    /// Parses a seq, an instant with offset, or a date (through its end).
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, AuditError> {
        let seq = text.parse::<u64>().ok().map(|n| Cut::Seq(Seq(n)));
        let day = || ValidDay::parse(text).map(Cut::Day);
        let instant = || KnownAt::parse(text).map(Cut::Instant);
        seq.or_else(day).or_else(instant).ok_or_else(|| {
            AuditError::asked(format!("{text:?} is no point in the ledger"), "give a seq (4811), a date (2025-06-20) or an instant (2025-06-20T14:00:00Z)")
        })
    }

    /// How many events lie inside, in a ledger.
    ///
    /// # Errors
    /// A seq or instant after the head.
    pub fn size(self, ledger: &ledger::Ledger) -> Result<u64, AuditError> {
        let head = ledger.head()?;
        match self {
            Cut::Head => Ok(head.size),
            Cut::Seq(seq) if seq.0 < head.size => Ok(seq.0 + 1),
            Cut::Seq(seq) => Err(AuditError::asked(
                format!("there is no event at seq {seq}; the last one is {}", head.size.saturating_sub(1)),
                "leave --as-of out to take everything recorded",
            )),
            // A simulated ledger's clock is what its input says: nothing recorded since is what the case means.
            Cut::Instant(at) if ledger.genesis().simulated() && at > head.recorded_at => Ok(head.size),
            Cut::Instant(at) => Ok(ledger.cut_at(at)?.0 + 1),
            Cut::Day(day) => {
                let end = KnownAt::from_micros(day.deadline_passed().micros() - 1);
                if ledger.genesis().simulated() && end > head.recorded_at { Ok(head.size) } else { Ok(ledger.cut_at(end)?.0 + 1) }
            }
        }
    }
}
