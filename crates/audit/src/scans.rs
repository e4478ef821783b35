//! Past scans: what each looked at and counted, and whether judging the same cut on the same day gives the same findings today.
//! Findings are not stored; a scan is compared by the digest it left.

use std::path::Path;

use domain::event::{Event, Ledger as OwnActs};
use domain::{Cents, KnownAt, Recorded, Seq, ValidDay};
use ledger::{Ledger, Query};

use crate::cut::Cut;
use crate::error::AuditError;
use crate::{loaded, resume, scan};

/// A recorded scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastScan {
    /// Its `scan_completed`.
    pub seq: Seq,
    /// When it was recorded.
    pub recorded_at: KnownAt,
    /// Events it looked at: those at seq 0 to `size` - 1.
    pub size: u64,
    /// Evaluation day.
    pub today: ValidDay,
    /// Violations.
    pub violation: u64,
    /// Documentation gaps.
    pub documentation: u64,
    /// Advisories.
    pub advisory: u64,
    /// Not evaluated.
    pub not_evaluated: u64,
    /// Money at risk.
    pub exposure: Cents,
    /// Identity of the rule set.
    pub rule_set: String,
    /// blake3 of the findings JSON.
    pub digest: String,
}

impl PastScan {
    /// The last event it looked at.
    pub fn last_seen(&self) -> Seq {
        Seq(self.size.saturating_sub(1))
    }
}

/// What judging again gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Again {
    /// The same findings, byte for byte.
    Same,
    /// Others, with this digest.
    Other(String),
    /// Others, with this digest; values were erased since, and what needed them is unknown or reads differently.
    Erased(String),
    /// It was judged by another rule set, which this program does not have.
    OtherRules,
}

/// Every recorded scan, oldest first.
///
/// # Errors
/// A ledger that cannot be read.
pub fn scans(dir: &Path) -> Result<Vec<PastScan>, AuditError> {
    past(&Ledger::open_reader(dir)?)
}

pub(crate) fn past(ledger: &Ledger) -> Result<Vec<PastScan>, AuditError> {
    if let Some(past) = resume::past(ledger)? {
        return Ok(past);
    }
    let types = Event::schema_of("scan_completed").map(|t| t.tag).into_iter().collect();
    let mut found = Vec::new();
    ledger.find(&Query { types, subject: None }, |recorded| {
        found.extend(past_scan(&recorded));
    })?;
    Ok(found)
}

/// The scan that an event records, if it does.
pub(crate) fn past_scan(recorded: &Recorded) -> Option<PastScan> {
    let Event::Ledger(OwnActs::ScanCompleted(e)) = &recorded.event else { return None };
    Some(PastScan {
        seq: recorded.seq,
        recorded_at: recorded.recorded_at,
        size: e.size,
        today: e.today,
        violation: e.violation,
        documentation: e.documentation,
        advisory: e.advisory,
        not_evaluated: e.not_evaluated,
        exposure: e.exposure_cents,
        rule_set: e.rule_set.as_str().to_owned(),
        digest: e.findings_digest.as_str().to_owned(),
    })
}

/// Judges the cut of a scan again on its day.
///
/// # Errors
/// A ledger that cannot be read.
pub fn again(dir: &Path, past: &PastScan, progress: &dyn Fn(u64, u64)) -> Result<Again, AuditError> {
    let engine = loaded::engine()?;
    if past.rule_set != engine.rule_set() {
        return Ok(Again::OtherRules);
    }
    let ledger = Ledger::open_reader(dir)?;
    let loaded = loaded::load(&ledger, &engine, Cut::Seq(past.last_seen()), Some(past.today), past.today, progress)?;
    let digest = scan::digest(&loaded, &loaded.judge(&engine))?;
    Ok(if digest == past.digest {
        Again::Same
    } else if loaded.anybody_erased() {
        Again::Erased(digest)
    } else {
        Again::Other(digest)
    })
}
