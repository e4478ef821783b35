//! What changed between two points: findings that appeared, cleared, came back or changed, each with the events that caused it.
//! Judges both points anew by the rules of this program; what a scan by other rules found then cannot be compared, and that is said.

mod cause;
mod point;

use std::path::Path;

use domain::{KnownAt, Recorded, ValidDay};
use ledger::Ledger;
use rules::{Engine, Finding, Report, Status, Summary};

pub use cause::Because;
use cause::{Causes, Place};
pub use point::Point;

use crate::compare::{self, Basis, Difference};
use crate::error::AuditError;
use crate::json::Frame;
use crate::loaded;
use crate::resume::{self, Before};
use crate::scan::Scan;
use crate::scans::{self, PastScan};
use crate::words::day;

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It was not there, nor at any scan before.
    Appeared,
    /// It was gone, and is back: an earlier scan had it.
    Reopened,
    /// It weighs more or less.
    ClassChanged,
    /// The gap was closed, after the claim.
    CuredLate,
    /// A gap closed after the claim is open again.
    StatusChanged,
    /// It is gone.
    Cleared,
    /// It is gone because something needed to judge it is no longer known.
    NotEvaluatedAnyMore,
}

impl Kind {
    /// The word in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Appeared => "appeared",
            Kind::Reopened => "reopened",
            Kind::ClassChanged => "class_changed",
            Kind::CuredLate => "cured_late",
            Kind::StatusChanged => "status_changed",
            Kind::Cleared => "cleared",
            Kind::NotEvaluatedAnyMore => "not_evaluated_any_more",
        }
    }
}

/// A finding that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What became of it.
    pub kind: Kind,
    /// The finding and how it stood on both sides.
    pub difference: Difference,
    /// Why, the decisive event first.
    pub causes: Vec<Because>,
}

/// One side of a comparison.
#[derive(Debug)]
pub struct Side {
    /// Where it looks from.
    pub point: Point,
    /// Ledger, cut and day.
    pub frame: Frame,
    /// Counts.
    pub summary: Summary,
}

/// What changed between two points.
#[derive(Debug)]
pub struct Changes {
    /// The earlier side.
    pub before: Side,
    /// The later side.
    pub after: Side,
    /// What changed: by kind, then class, rule and subject.
    pub changes: Vec<Change>,
    /// What a reader must know to read this rightly.
    pub notes: Vec<String>,
}

impl Changes {
    /// The changes of some kinds.
    pub fn of(&self, kinds: &[Kind]) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |c| kinds.contains(&c.kind))
    }

    /// Findings that are there and were not.
    pub fn arrived(&self) -> impl Iterator<Item = &Change> {
        self.of(&[Kind::Appeared, Kind::Reopened])
    }
}

/// A point looked at: the ledger there, and what is found.
pub(crate) struct Looked<'r> {
    pub(crate) frame: &'r Frame,
    pub(crate) report: &'r Report,
    /// Events that count, supposed ones among them.
    pub(crate) events: u64,
}

impl<'r> Looked<'r> {
    pub(crate) fn at(frame: &'r Frame, report: &'r Report) -> Self {
        Self { frame, report, events: frame.size }
    }

    fn place(&self) -> Place {
        Place { events: self.events, today: self.frame.today }
    }
}

/// Compares two points. `today` is the evaluation day of both, where they do not say their own or it is given.
///
/// # Errors
/// What is no point, an earlier side that lies after the later, or a ledger that cannot be read.
pub fn between(dir: &Path, a: &str, b: Option<&str>, today: Option<ValidDay>, now: KnownAt, progress: &dyn Fn(u64, u64)) -> Result<Changes, AuditError> {
    let engine = loaded::engine()?;
    let ledger = Ledger::open_reader(dir)?;
    let past = scans::past(&ledger)?;
    let before = Point::read(a, &past, &ledger)?;
    let after = b.map_or_else(|| Ok(Point::now()), |b| Point::read(b, &past, &ledger))?;
    let load = |point: &Point| loaded::load(&ledger, &engine, point.cut, today.or(point.today), now.local_day(), progress);
    let (old, new) = (load(&before)?, load(&after)?);
    if old.frame.size > new.frame.size {
        return Err(AuditError::asked(format!("{a} lies after {}", b.unwrap_or("now")), "name the earlier point first"));
    }
    let (was, is) = (old.judge(&engine), new.judge(&engine));
    let changes = changes(&ledger, &engine, &past, &Looked::at(&old.frame, &was), &Looked::at(&new.frame, &is))?;
    let notes = [&before, &after].into_iter().filter_map(|p| other_rules(p, &engine)).collect();
    Ok(Changes { before: side(before, old.frame, &was), after: side(after, new.frame, &is), changes, notes })
}

/// What changed since the scan recorded before this one; `None` if this is the first.
///
/// # Errors
/// A ledger that cannot be read.
pub fn since_last(dir: &Path, scan: &Scan) -> Result<Option<Changes>, AuditError> {
    let engine = loaded::engine()?;
    let ledger = Ledger::open_reader(dir)?;
    let frame = &scan.loaded.frame;
    if let Some(before) = &scan.before {
        let was = Looked::at(&before.frame, &before.report);
        let changes = going_on(&ledger, &engine, Some(before), &was, &Looked::at(frame, &scan.report), &[])?;
        let earlier = Side { point: Point::of_scan(&before.scan, true), frame: before.frame.clone(), summary: before.report.summary };
        let later = Side { point: Point::now(), frame: frame.clone(), summary: scan.report.summary };
        return Ok(Some(Changes { before: earlier, after: later, changes, notes: Vec::new() }));
    }
    let past: Vec<PastScan> = scans::past(&ledger)?.into_iter().filter(|p| p.seq.0 < frame.size).collect();
    let Some(last) = past.last() else { return Ok(None) };
    let before = Point::of_scan(last, true);
    let notes: Vec<String> = other_rules(&before, &engine).into_iter().collect();
    let after = Point::now();
    let old = loaded::load(&ledger, &engine, before.cut, before.today, frame.today, &|_, _| {})?;
    let was = old.judge(&engine);
    let changes = changes(&ledger, &engine, &past, &Looked::at(&old.frame, &was), &Looked::at(frame, &scan.report))?;
    let after = Side { point: after, frame: frame.clone(), summary: scan.report.summary };
    Ok(Some(Changes { before: side(before, old.frame, &was), after, changes, notes }))
}

pub(crate) fn side(point: Point, frame: Frame, report: &Report) -> Side {
    Side { point, frame, summary: report.summary }
}

fn other_rules(point: &Point, engine: &Engine) -> Option<String> {
    let scan = point.scan.as_ref().filter(|s| s.rule_set != engine.rule_set())?;
    Some(format!(
        "the scan of {} was judged by another rule set; here its cut is judged by today's, so that only facts and days differ",
        day(scan.recorded_at.local_day())
    ))
}

/// The changes between two looks at a ledger.
fn changes(ledger: &Ledger, engine: &Engine, past: &[PastScan], before: &Looked<'_>, after: &Looked<'_>) -> Result<Vec<Change>, AuditError> {
    let differences = differences(before, after);
    if differences.is_empty() {
        return Ok(Vec::new());
    }
    replayed(ledger, engine, past, differences, before, after, &[])
}

/// What changed, told from a replay of everything.
fn replayed(
    ledger: &Ledger,
    engine: &Engine,
    past: &[PastScan],
    differences: Vec<Difference>,
    before: &Looked<'_>,
    after: &Looked<'_>,
    further: &[Recorded],
) -> Result<Vec<Change>, AuditError> {
    let causes = Causes::replay(ledger, engine, after.frame.size, further)?;
    let earlier = places(past, before.events);
    tell(differences, &causes, before, after, |finding| earlier.iter().any(|at| causes.was_there(finding, *at)))
}

/// The changes since a look, perhaps by supposed events after the ledger's: told from what the last scan kept, `before`, where there is enough of it.
pub(crate) fn going_on(
    ledger: &Ledger,
    engine: &Engine,
    before: Option<&Before>,
    was: &Looked<'_>,
    after: &Looked<'_>,
    supposed: &[Recorded],
) -> Result<Vec<Change>, AuditError> {
    let differences = differences(was, after);
    if differences.is_empty() {
        return Ok(Vec::new());
    }
    let told = before.filter(|before| before.cleared.complete || differences.iter().all(|d| d.before.is_some()));
    if let Some(before) = told {
        let made = if before.by_place.is_none() { resume::by_place(ledger, engine, after.frame.size, supposed)? } else { None };
        if let Some(history) = before.by_place.as_ref().or(made.as_ref()) {
            let causes = Causes::in_history(ledger, engine, history, supposed);
            return tell(differences, &causes, was, after, |finding| before.had(&finding.id));
        }
    }
    // Scans from before what was kept: only a replay by place says what they found.
    replayed(ledger, engine, &scans::past(ledger)?, differences, was, after, supposed)
}

/// Where scans looked from that saw no more than so many events.
fn places(past: &[PastScan], events: u64) -> Vec<Place> {
    past.iter().filter(|p| p.size <= events).map(|p| Place { events: p.size, today: p.today }).collect()
}

/// Findings that stand otherwise. That the money on a finding changed is told by the totals; the finding is the same.
fn differences(before: &Looked<'_>, after: &Looked<'_>) -> Vec<Difference> {
    let mut differences = compare::compare((&Basis::from(before.frame), before.report), (&Basis::from(after.frame), after.report), None);
    differences.retain(|d| d.before.map(|s| (s.class, s.status)) != d.after.map(|s| (s.class, s.status)));
    differences
}

fn tell(
    differences: Vec<Difference>,
    causes: &Causes<'_>,
    before: &Looked<'_>,
    after: &Looked<'_>,
    was_there: impl Fn(&Finding) -> bool,
) -> Result<Vec<Change>, AuditError> {
    let mut found = Vec::new();
    for difference in differences {
        let kind = kind(&difference, after.report, || was_there(&difference.finding));
        let because = causes.of(&difference, before.place(), after.place())?;
        found.push(Change { kind, difference, causes: because });
    }
    found.sort_by_key(|c| c.kind);
    Ok(found)
}

fn kind(d: &Difference, after: &Report, was_there: impl FnOnce() -> bool) -> Kind {
    match (d.before, d.after) {
        (None, _) if was_there() => Kind::Reopened,
        (None, _) => Kind::Appeared,
        (Some(_), None) if is_unknown(&d.finding, after) => Kind::NotEvaluatedAnyMore,
        (Some(_), None) => Kind::Cleared,
        (Some(was), Some(is)) if was.status == Status::Open && is.status == Status::CuredLate => Kind::CuredLate,
        (Some(was), Some(is)) if was.class != is.class => Kind::ClassChanged,
        (Some(_), Some(_)) => Kind::StatusChanged,
    }
}

fn is_unknown(finding: &Finding, report: &Report) -> bool {
    report.not_evaluated.iter().any(|n| n.rule == finding.rule && n.subject == finding.subject)
}
