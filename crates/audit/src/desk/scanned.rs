//! A recorded scan: what it looked at and counted, under which rules, and what changed against the one before with its causes.
//! What changed between two recorded scans never changes itself, so it is worked out once; only one such comparison runs at a time.

use std::sync::{Arc, PoisonError};

use domain::event::{Event, Ledger as OwnActs};
use domain::{KnownAt, Seq};

use super::Desk;
use crate::changes::{self, Changes};
use crate::error::AuditError;
use crate::scans::PastScan;

/// A scan with what surrounds it.
#[derive(Debug)]
pub struct Scanned {
    /// The scan.
    pub scan: PastScan,
    /// Root of the tree over the events it looked at.
    pub root: Option<String>,
    /// The one before.
    pub before: Option<PastScan>,
    /// What changed between them, if it was worked out.
    pub changes: Option<Arc<Changes>>,
}

/// Events up to which both scans are judged again at once; in a larger ledger somebody has to ask for it.
pub(super) const AT_ONCE: u64 = 100_000;

impl Desk {
    /// A recorded scan by the seq of its event, with what changed where that is known, takes no time, or is asked for.
    ///
    /// # Errors
    /// No scan there, or a ledger that cannot be read.
    pub fn scanned(&self, seq: Seq, asked: bool) -> Result<Scanned, AuditError> {
        let place = self.past.iter().position(|scan| scan.seq == seq);
        let (place, scan) = place.and_then(|place| Some((place, self.past.get(place)?.clone()))).ok_or_else(|| {
            AuditError::asked(format!("no scan is recorded at seq {seq}"), "see which there are")
        })?;
        let before = place.checked_sub(1).and_then(|place| self.past.get(place)).cloned();
        let root = match self.ledger()?.get(seq)?.map(|recorded| recorded.event) {
            Some(Event::Ledger(OwnActs::ScanCompleted(e))) => Some(e.root.as_str().to_owned()),
            Some(_) | None => None,
        };
        let changes = match &before {
            None => None,
            Some(before) if asked || scan.size <= AT_ONCE => Some(self.between_scans(before.seq, seq)?),
            Some(before) => self.between.peek(&(before.seq, seq)),
        };
        Ok(Scanned { scan, root, before, changes })
    }

    fn between_scans(&self, before: Seq, after: Seq) -> Result<Arc<Changes>, AuditError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let now = KnownAt::from_micros(self.frame().today.begins().micros());
        // Whoever had the turn before may have asked the same.
        self.between.get((before, after), |(before, after)| changes::between(&self.dir, &before.to_string(), Some(&after.to_string()), None, now, &|_, _| {}))
    }

    /// What changed between two points, `now` where the later is not named. Judges both again; whoever asks meanwhile waits for their turn.
    ///
    /// # Errors
    /// What is no point, or a ledger that cannot be read.
    pub fn between(&self, earlier: &str, later: Option<&str>, now: KnownAt) -> Result<Changes, AuditError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        changes::between(&self.dir, earlier, later, None, now, &|_, _| {})
    }
}
