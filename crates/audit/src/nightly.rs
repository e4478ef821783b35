//! A night's scan: recorded once for what the ledger holds on a day, and told in counts since the night that was told before.
//! Runs one at a time; a run that finds its scan standing there already appends nothing, and tells the same again.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use domain::{Cents, KnownAt, Seq, ValidDay};
use ledger::Ledger;
use rules::{Class, Summary};

use crate::beside_writers;
use crate::changes::{self, Because, Change, Changes, Kind};
use crate::cut::Cut;
use crate::error::AuditError;
use crate::scan::{self, Scan, ScanOptions};
use crate::scans::{self, PastScan};
use crate::{evidence, loaded};

/// Findings by class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ByClass {
    /// Violations.
    pub violation: u64,
    /// Documentation gaps.
    pub documentation: u64,
    /// Advisories.
    pub advisory: u64,
}

/// What changed, in counts: nothing here names a finding or a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The scan it is compared with.
    pub since: Seq,
    /// That scan's evaluation day.
    pub since_day: ValidDay,
    /// Money at risk then.
    pub exposure_then: Cents,
    /// Findings that were at no scan before.
    pub new: ByClass,
    /// Findings that an earlier scan had and that are back.
    pub reopened: ByClass,
    /// Findings that weigh more or less.
    pub class_changed: u64,
    /// Gaps closed after the claim.
    pub cured_late: u64,
    /// Gaps closed after the claim that are open again.
    pub status_changed: u64,
    /// Findings that are gone.
    pub cleared: u64,
    /// Findings gone because something is no longer known.
    pub not_evaluated_any_more: u64,
    /// Types of the decisive events of what is new or back, with the findings each made, the most first; `deadline_passed` without an event.
    pub because: Vec<(&'static str, u64)>,
}

/// A scan in counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Findings that stand.
    pub open: Summary,
    /// The same without those that are waived.
    pub after_waivers: Summary,
    /// Findings that are new or back and not waived; of a first scan, all that are not waived.
    pub arrived_not_waived: u64,
    /// Events of a kind this version does not know.
    pub not_interpreted: u64,
    /// What changed; nothing for a first scan.
    pub tally: Option<Tally>,
}

/// A night's scan, done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Night {
    /// Name of the ledger.
    pub origin: String,
    /// Its id.
    pub ledger_id: Vec<u8>,
    /// Nobody in it exists.
    pub simulated: bool,
    /// The scan as recorded.
    pub scan: PastScan,
    /// Whether this run appended it; otherwise it stood there already.
    pub appended: bool,
    /// What it found.
    pub counts: Counts,
    /// Events in the ledger now.
    pub size: u64,
    /// Events under the last signed checkpoint.
    pub signed: u64,
    /// When the last of them was recorded.
    pub signed_at: KnownAt,
}

/// What was told last: a scan, and the one it was compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The scan.
    pub scan: Seq,
    /// What it was compared with; nothing for a first scan.
    pub since: Option<Seq>,
}

/// Held while a night's run is under way. A run that crashed holds nothing any more.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a ledger's nightly runs.
    ///
    /// # Errors
    /// [`AuditError::Conflict`] with who holds it; a directory that cannot be written.
    pub fn take(dir: &Path) -> Result<Self, AuditError> {
        let path = dir.join("nightly.lock");
        let at = AuditError::at(&path);
        if !dir.join("ledger.redb").exists() {
            // The ledger's own words for it; nothing is to be made in a directory that holds none.
            drop(Ledger::open_reader(dir)?);
        }
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(&at)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                let mut by = String::new();
                // Only for the message: a lock without a readable name is a lock all the same.
                let _ = file.take(200).read_to_string(&mut by);
                let by = if by.trim().is_empty() { "another process" } else { by.trim() };
                return Err(AuditError::Conflict(format!("another nightly run is under way, by {by}; wait for it with --wait SECONDS, or try again later")));
            }
            Err(fs::TryLockError::Error(error)) => return Err(at(error)),
        }
        let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let by = format!("process {} on {}\n", std::process::id(), if host.trim().is_empty() { "this machine" } else { host.trim() });
        file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(by.as_bytes())).map_err(at)?;
        Ok(Self { _file: file })
    }
}

/// Scans for a night, unless the ledger's last event is the scan of this day by these rules already, and counts what changed since the
/// scan that was `told` last, or without one since the scan before.
///
/// # Errors
/// A ledger that cannot be read or written.
pub fn run(dir: &Path, told: Option<Told>, now: KnownAt, progress: &dyn Fn(u64, u64)) -> Result<Night, AuditError> {
    let rule_set = loaded::engine()?.rule_set().to_owned();
    let reader = Ledger::open_reader(dir)?;
    let before = scans::past(&reader)?;
    let head = reader.head()?;
    let today = if reader.genesis().simulated() { head.recorded_at.local_day() } else { now.local_day() };
    let standing = before.last().filter(|s| s.seq.0 + 1 == head.size && s.today == today && s.rule_set == rule_set);
    // It looked at everything before itself, or something was appended while it judged.
    let standing = match standing {
        Some(s) if beside_writers::stands_beside(&reader, s.size, beside_writers::is_of_a_scan)? => Some(s),
        Some(_) | None => None,
    };
    drop(reader);
    let options = match standing {
        // Its own cut and day: the same findings, whatever was appended meanwhile.
        Some(s) => ScanOptions { today: Some(s.today), cut: Cut::Seq(s.last_seen()), record: false, full: false, now },
        None => ScanOptions { today: None, cut: Cut::Head, record: true, full: false, now },
    };
    scan::told(dir, &options, progress, |done| tell(dir, &done, &Nights { before: &before, standing, told }, now, progress))
}

/// What a night is told beside.
struct Nights<'n> {
    /// Scans recorded before it.
    before: &'n [PastScan],
    /// That of them which stands already, if one does.
    standing: Option<&'n PastScan>,
    /// The night told last.
    told: Option<Told>,
}

fn tell(dir: &Path, done: &Scan, nights: &Nights<'_>, now: KnownAt, progress: &dyn Fn(u64, u64)) -> Result<Night, AuditError> {
    let Nights { before, standing, told } = *nights;
    let seq = done.recorded.or(standing.map(|s| s.seq)).unwrap_or(Seq(done.loaded.frame.size));
    let since = compared_with(before, seq, told);
    let changes = match since {
        None => None,
        Some(since) if standing.is_none() && before.last().is_some_and(|last| last.seq == since) => changes::since_last(dir, done)?,
        Some(since) => Some(changes::between(dir, &since.to_string(), Some(&seq.to_string()), None, now, progress)?),
    };
    let signed = evidence::checkpoint(dir)?;
    if signed.size < signed.head_size && done.recorded.is_none() {
        // A run that was killed between its commit and its checkpoint left this to the next one.
        evidence::sign(dir)?;
    }
    night(dir, done, changes.as_ref(), seq)
}

/// The scan to compare with: the one told last; told again, the one it was compared with then; otherwise the one before.
fn compared_with(past: &[PastScan], seq: Seq, told: Option<Told>) -> Option<Seq> {
    let known = |wanted: Seq| past.iter().any(|p| p.seq == wanted && p.seq < seq);
    let before = past.iter().rev().find(|p| p.seq < seq).map(|p| p.seq);
    match told {
        Some(told) if told.scan == seq => told.since.filter(|since| known(*since)),
        Some(told) if known(told.scan) => Some(told.scan),
        Some(_) | None => before,
    }
}

fn night(dir: &Path, done: &Scan, changes: Option<&Changes>, seq: Seq) -> Result<Night, AuditError> {
    let ledger = Ledger::open_reader(dir)?;
    let scan = scans::past(&ledger)?.into_iter().find(|p| p.seq == seq);
    let scan = scan.ok_or_else(|| AuditError::asked(format!("the scan at seq {seq} is not in the ledger"), "countersign verify"))?;
    let signed = evidence::checkpoint(dir)?;
    let last = ledger.header(Seq(signed.size.saturating_sub(1)))?;
    Ok(Night {
        origin: ledger.genesis().origin().to_owned(),
        ledger_id: ledger.genesis().ledger_id().0.to_vec(),
        simulated: ledger.genesis().simulated(),
        appended: done.recorded.is_some(),
        counts: counts(done, changes),
        size: ledger.head()?.size,
        signed: signed.size,
        signed_at: KnownAt::from_micros(last.recorded_at),
        scan,
    })
}

/// A scan, and what changed since another, in counts.
pub fn counts(done: &Scan, changes: Option<&Changes>) -> Counts {
    let waived = |change: &&Change| done.loaded.waived(&change.difference.finding);
    let arrived = changes.map_or_else(
        || done.report.findings.iter().filter(|f| !done.loaded.waived(f)).count(),
        |c| c.arrived().filter(|change| !waived(change)).count(),
    );
    Counts {
        open: done.report.summary,
        after_waivers: done.loaded.after_waivers(&done.report),
        arrived_not_waived: arrived as u64,
        not_interpreted: done.loaded.not_interpreted.len() as u64,
        tally: changes.and_then(tally),
    }
}

fn tally(changes: &Changes) -> Option<Tally> {
    let since = changes.before.point.scan.as_ref()?;
    let of = |kind: Kind| changes.of(&[kind]).count() as u64;
    let by_class = |kind: Kind| {
        let class = |c: &Change| c.difference.after.map(|s| s.class);
        let count = |wanted: Class| changes.changes.iter().filter(|c| c.kind == kind && class(c) == Some(wanted)).count() as u64;
        ByClass { violation: count(Class::Violation), documentation: count(Class::Documentation), advisory: count(Class::Advisory) }
    };
    let mut because: BTreeMap<&'static str, u64> = BTreeMap::new();
    for change in changes.arrived() {
        let kind = match change.causes.first() {
            Some(Because::Event(fact)) => fact.kind,
            Some(Because::Day { .. }) => "deadline_passed",
            None => "unknown",
        };
        *because.entry(kind).or_default() += 1;
    }
    let mut because: Vec<(&'static str, u64)> = because.into_iter().collect();
    because.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    Some(Tally {
        since: since.seq,
        since_day: since.today,
        exposure_then: changes.before.summary.exposure,
        new: by_class(Kind::Appeared),
        reopened: by_class(Kind::Reopened),
        class_changed: of(Kind::ClassChanged),
        cured_late: of(Kind::CuredLate),
        status_changed: of(Kind::StatusChanged),
        cleared: of(Kind::Cleared),
        not_evaluated_any_more: of(Kind::NotEvaluatedAnyMore),
        because,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(seqs: &[u64]) -> Vec<PastScan> {
        let scan = |seq: &u64| PastScan {
            seq: Seq(*seq),
            recorded_at: KnownAt::from_micros(0),
            size: *seq,
            today: ValidDay::from_ymd(2025, 6, 1).unwrap(),
            violation: 0,
            documentation: 0,
            advisory: 0,
            not_evaluated: 0,
            exposure: Cents(0),
            rule_set: String::new(),
            digest: String::new(),
        };
        seqs.iter().map(scan).collect()
    }

    #[test]
    fn a_night_is_compared_with_what_was_told_last_and_told_again_the_same() {
        let past = past(&[10, 20, 30]);
        let told = |scan: u64, since: Option<u64>| Some(Told { scan: Seq(scan), since: since.map(Seq) });
        assert_eq!(compared_with(&past, Seq(40), None), Some(Seq(30)), "nothing was told yet: the scan before");
        assert_eq!(compared_with(&past, Seq(40), told(10, None)), Some(Seq(10)), "scans in between were nobody's night");
        assert_eq!(compared_with(&past, Seq(30), told(30, Some(10))), Some(Seq(10)), "told again");
        assert_eq!(compared_with(&past, Seq(10), told(10, None)), None, "a first scan told again is a first scan");
        assert_eq!(compared_with(&past, Seq(40), told(35, Some(30))), Some(Seq(30)), "what was told is of another ledger, or of a lost end");
        assert_eq!(compared_with(&[], Seq(5), None), None);
    }

    #[test]
    fn one_run_at_a_time_and_nothing_is_made_where_no_ledger_is() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Lock::take(folder.path()).unwrap_err().to_string().contains("holds no ledger"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        fs::write(folder.path().join("ledger.redb"), "").unwrap();
        let held = Lock::take(folder.path()).unwrap();
        let error = Lock::take(folder.path()).unwrap_err();
        assert_eq!(error.fault(), crate::Fault::Busy);
        assert!(error.to_string().contains(&format!("by process {} on ", std::process::id())), "{error}");
        drop(held);
        assert!(Lock::take(folder.path()).is_ok());
    }
}
