//! What somebody wants to know first in the morning: how old the open findings are, how things went scan by scan, and which source is silent.
//! Counts what is there; calls nothing late, because how often a source should speak is the agency's affair.

use domain::{Cents, KnownAt, Seq, ValidDay};
use ledger::Ledger;
use rules::Class;

use super::Desk;
use crate::error::AuditError;
use crate::loaded::Loaded;

/// Findings that are not waived, by class and by the days since they could first be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aged {
    /// Class.
    pub class: Class,
    /// Up to a week; up to thirty days; up to sixty; longer.
    pub counts: [u64; 4],
}

impl Aged {
    /// The words of the four ages.
    pub const AGES: [&'static str; 4] = ["7 days or less", "8 to 30 days", "31 to 60 days", "more than 60 days"];
    /// The last day of each age but the last.
    const LAST: [i64; 3] = [7, 30, 60];

    /// All of them.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// A recorded scan as a point of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trend {
    /// Its event.
    pub seq: Seq,
    /// The day it was for.
    pub day: ValidDay,
    /// Violations, documentation gaps, advisories.
    pub counts: [u64; 3],
    /// Money at risk.
    pub exposure: Cents,
}

/// The last event of a kind of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// What the source tells, in a word.
    pub source: &'static str,
    /// The last event.
    pub seq: Seq,
    /// When it was recorded.
    pub recorded_at: KnownAt,
    /// Days from then to the evaluation day.
    pub silent: i64,
}

const CREDENTIALS: [&str; 8] = [
    "credential_granted",
    "credential_renewed",
    "credential_upgraded",
    "credential_suspended",
    "credential_reinstated",
    "credential_revoked",
    "credential_surrendered",
    "credential_verified",
];

/// Kinds of sources, by types of events.
const SOURCES: [(&str, &[&str]); 8] = [
    ("contacts", &["contact_recorded"]),
    ("notes and signatures", &["note_written", "note_signed", "note_amended"]),
    ("claims", &["claim_submitted"]),
    ("payments and denials", &["claim_paid", "claim_denied", "claim_adjusted", "claim_voided"]),
    ("credentials", &CREDENTIALS),
    ("licences", &["licence_granted", "licence_renewed", "licence_ended"]),
    ("supervision", &["supervision_assigned", "supervision_ended", "supervision_session_held"]),
    ("plans", &["plan_created", "plan_amended", "plan_signed"]),
];

/// The last event of each kind of source that ever spoke, the longest silent first.
pub(super) fn arrivals(ledger: &Ledger, loaded: &Loaded) -> Result<Vec<Arrival>, AuditError> {
    let mut last: [Option<Seq>; SOURCES.len()] = [None; SOURCES.len()];
    let mut wanting = SOURCES.len();
    for seq in (0..loaded.frame.size).rev().map(Seq) {
        let Some(kind) = loaded.history.type_at(seq) else { continue };
        let slot = SOURCES.iter().position(|(_, types)| types.contains(&kind)).and_then(|i| last.get_mut(i));
        if let Some(slot) = slot.filter(|slot| slot.is_none()) {
            *slot = Some(seq);
            wanting -= 1;
            if wanting == 0 {
                break;
            }
        }
    }
    let mut arrivals = Vec::new();
    for ((source, _), seq) in SOURCES.iter().zip(last) {
        let Some(seq) = seq else { continue };
        let recorded_at = KnownAt::from_micros(ledger.header(seq)?.recorded_at);
        arrivals.push(Arrival { source, seq, recorded_at, silent: loaded.frame.today.days_since(recorded_at.local_day()).max(0) });
    }
    arrivals.sort_by_key(|a| (std::cmp::Reverse(a.silent), a.seq));
    Ok(arrivals)
}

impl Desk {
    /// What is open, by class and age.
    pub fn aged(&self) -> [Aged; 3] {
        *self.aged.get_or_init(|| self.count_ages())
    }

    fn count_ages(&self) -> [Aged; 3] {
        let today = self.frame().today;
        [Class::Violation, Class::Documentation, Class::Advisory].map(|class| {
            let mut counts = [0; 4];
            for finding in self.report().findings.iter().filter(|f| f.class == class && !self.acts().waived(&f.id, today)) {
                let age = self.line(finding).age;
                counts[Aged::LAST.iter().position(|last| age <= *last).unwrap_or(Aged::LAST.len())] += 1;
            }
            Aged { class, counts }
        })
    }

    /// The last recorded scans, at most so many, oldest first; of several on one day the last.
    pub fn trend(&self, at_most: usize) -> Vec<Trend> {
        let mut points: Vec<Trend> = Vec::new();
        for scan in self.scans() {
            let point = Trend {
                seq: scan.seq,
                day: scan.today,
                counts: [scan.violation, scan.documentation, scan.advisory],
                exposure: scan.exposure,
            };
            match points.last_mut().filter(|last| last.day == point.day) {
                Some(last) => *last = point,
                None => points.push(point),
            }
        }
        points.drain(..points.len().saturating_sub(at_most));
        points
    }
}
