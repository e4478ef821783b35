//! Going on from the last scan: the history as it was kept, the events since, and only what they could have changed judged again.
//! An answer never depends on it: what was kept is of this ledger, this program and these rules, or everything is derived from the ledger.

mod asking;
mod going_on;
mod keep;
mod state;

use std::ops::Range;

use domain::{Recorded, Seq, ValidDay};
use ledger::{Derived, Ledger, Replayed};
use rayon::prelude::*;
use rules::{Engine, Kept, Report};
use timeline::stored::Pieces;
use timeline::{History, Timeline};

use crate::cut::Cut;
use crate::error::AuditError;
use crate::json::Frame;
use crate::loaded::{self, Loaded};
use crate::scans::{self, PastScan};

pub(crate) use asking::{READ_NOW, answer, begun};
pub(crate) use going_on::finding;
use going_on::go_on;
pub(crate) use keep::{Spelled, keep, spell};
pub(crate) use state::Cleared;
use state::{FINDINGS, HISTORY, SCANS};

/// The ledger's head judged, and what is needed to keep it for the next scan.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) loaded: Loaded,
    pub(crate) report: Report,
    /// What the next scan goes on from; whole only where it is to be recorded.
    pub(crate) kept: Kept,
    /// The scan it went on from; nothing when everything was judged.
    pub(crate) before: Option<Before>,
    /// The history that was kept, and the steps taken since, this one among them; nothing when everything was replayed.
    pub(crate) line: Option<Line>,
    /// Units judged; nothing when everything was.
    pub(crate) judged: Option<usize>,
    /// Scans recorded before.
    pub(crate) scans: Vec<Seq>,
}

/// A history that was kept and how it was gone on from.
#[derive(Debug)]
pub(crate) struct Line {
    /// Its events.
    pub(crate) base: u64,
    /// Sizes of the ledger at which scans went on, ascending.
    pub(crate) steps: Vec<u64>,
}

/// How the last recorded scan found things.
#[derive(Debug)]
pub(crate) struct Before {
    /// Its event.
    pub(crate) scan: PastScan,
    /// Its ledger, cut and day.
    pub(crate) frame: Frame,
    /// Its findings, in order.
    pub(crate) report: Report,
    /// Findings that scans before it had and it had not.
    pub(crate) cleared: Cleared,
    /// The events since counted by place, where a scan that is to be recorded has some.
    pub(crate) by_place: Option<History>,
}

impl Before {
    /// Whether any scan so far had a finding; asked only where `cleared` is complete.
    pub(crate) fn had(&self, id: &str) -> bool {
        self.cleared.ids.contains(id) || self.report.findings.iter().any(|f| f.id == id)
    }
}

/// How the head of a ledger is to be judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// Evaluation day, if not the default.
    pub(crate) today: Option<ValidDay>,
    /// The clock's day.
    pub(crate) now: ValidDay,
    /// How what was kept is to be read; nothing to judge everything anew.
    pub(crate) kept: Option<&'a Pieces>,
    /// It will be recorded: what changed since the last scan will be asked with its causes, and what every unit read is kept.
    pub(crate) recorded: bool,
    /// Events taken as if they had been recorded after the ledger's. The frame stays the ledger's, and what is judged so is not to be kept.
    pub(crate) supposed: &'a [Recorded],
}

impl Asked<'_> {
    /// For a question: the day if not the default, and the clock's. What was kept is read at once.
    pub(crate) fn of(today: Option<ValidDay>, now: ValidDay) -> Self {
        Self { today, now, kept: Some(&READ_NOW), recorded: false, supposed: &[] }
    }
}

/// Judges the head of a ledger, going on from what was kept where that can be done.
///
/// # Errors
/// A ledger that cannot be read.
pub(crate) fn head(ledger: &Ledger, engine: &Engine, asked: Asked<'_>, progress: &dyn Fn(u64, u64)) -> Result<Standing, AuditError> {
    let Asked { today, now, .. } = asked;
    if let Some(standing) = go_on(ledger, engine, asked)? {
        return Ok(standing);
    }
    let loaded = loaded::load_further(ledger, engine, Cut::Head, today, now, asked.supposed, progress)?;
    let (kept, report) = judge_all(engine, &loaded, asked.recorded);
    let scans = seqs(&scans::past(ledger)?);
    Ok(Standing { loaded, report, kept, before: None, line: None, judged: None, scans })
}

/// A ledger at a cut, for questions that no finding answers: the head as the last scan left it and went on from there where that can be done, any other
/// cut from the beginning. `kept` as in [`Asked`].
///
/// # Errors
/// A cut after the head, or a ledger that cannot be read.
pub(crate) fn loaded(ledger: &Ledger, engine: &Engine, cut: Cut, today: Option<ValidDay>, now: ValidDay, kept: Option<&Pieces>) -> Result<Loaded, AuditError> {
    let begun = if cut == Cut::Head { going_on::loaded(ledger, engine, Asked { kept, ..Asked::of(today, now) })? } else { None };
    begun.map_or_else(|| loaded::load(ledger, engine, cut, today, now, &|_, _| {}), Ok)
}

/// Pieces of work that are put together at once, at most: what pieces read of the same individuals is little together, and much one by one.
const TOGETHER: usize = 8;

/// Judges everything; what it was read from is noted only where it is to be kept.
fn judge_all(engine: &Engine, loaded: &Loaded, recorded: bool) -> (Kept, Report) {
    if !recorded {
        return (Kept::default(), loaded.judge(engine));
    }
    let pieces = engine.work(&loaded.history).into_par_iter().with_max_len(TOGETHER);
    let kept = pieces.map(|work| engine.judge_keeping(&loaded.view(), &work)).reduce(Kept::default, Kept::and);
    let report = loaded.assemble(engine, [kept.report()]);
    (kept, report)
}

/// The history that was kept, with every event since; `None` when nothing usable was kept.
struct Resumed {
    history: History,
    /// Events after those that the state had seen.
    further: Vec<Recorded>,
    not_interpreted: Vec<String>,
    erased_values: u64,
}

/// Goes on in the steps in which scans went on before: what they kept names things by their places in a history, and only the same steps
/// give every name the same place.
fn resume(ledger: &Ledger, base: u64, mut history: History, steps: &[u64], size: u64) -> Result<Resumed, AuditError> {
    let mut from = base;
    for end in steps {
        history = step(ledger, history, from..*end, |_| {})?.0;
        from = *end;
    }
    let mut further = Vec::new();
    let (history, replayed) = step(ledger, history, from..size, |recorded| further.push(recorded))?;
    Ok(Resumed { history, further, not_interpreted: loaded::uninterpreted(&replayed), erased_values: replayed.erased_values })
}

/// Names remembered in the time that one of them takes to be looked for in the ledger.
const REMEMBERED: u64 = 200;

/// The history that was kept, before a ledger is read on up to a size.
fn restore(ledger: &Ledger, base: &Derived, size: u64, pieces: &Pieces) -> Option<History> {
    let history = History::restore(|name| base.section(name).map(asking::opened), pieces)?;
    let individuals = history.all_individuals();
    if size.saturating_sub(base.origin().size).saturating_mul(REMEMBERED) > individuals.size_hint().0 as u64 {
        ledger.remember_individuals(individuals.map(|individual| history.individual_name(individual)));
    }
    Some(history)
}

/// A history with some further events.
fn step(ledger: &Ledger, history: History, events: Range<u64>, mut each: impl FnMut(Recorded)) -> Result<(History, Replayed), AuditError> {
    if events.is_empty() {
        return Ok((history, Replayed::default()));
    }
    let mut timeline = Timeline::resume(history, ledger.amended_among(events.clone())?);
    let replayed = ledger.replay(events, |recorded| {
        timeline.apply(&recorded);
        each(recorded);
    })?;
    Ok((fetching(ledger, &[], |fetch| timeline.settle_with(fetch))?, replayed))
}

/// A history with some events that are only supposed.
fn suppose(ledger: &Ledger, history: History, supposed: &[Recorded]) -> Result<History, AuditError> {
    if supposed.is_empty() {
        return Ok(history);
    }
    let mut timeline = Timeline::resume(history, supposed.iter().filter_map(|recorded| recorded.target));
    supposed.iter().for_each(|recorded| timeline.apply(recorded));
    fetching(ledger, supposed, |fetch| timeline.settle_with(fetch))
}

/// Does something that reads events one by one, those only supposed among them, and cannot say that one could not be read.
fn fetching<T>(ledger: &Ledger, supposed: &[Recorded], work: impl FnOnce(&mut dyn FnMut(Seq) -> Option<Recorded>) -> T) -> Result<T, AuditError> {
    let mut failure = None;
    let done = work(&mut |seq| {
        if let Some(recorded) = supposed.iter().find(|recorded| recorded.seq == seq) {
            return Some(recorded.clone());
        }
        ledger.get(seq).unwrap_or_else(|error| {
            failure = Some(error);
            None
        })
    });
    failure.map_or(Ok(done), |error| Err(error.into()))
}

/// The history that was kept with the events since, and those only supposed, counted by place; `None` when nothing usable was kept.
pub(crate) fn by_place(ledger: &Ledger, engine: &Engine, size: u64, supposed: &[Recorded]) -> Result<Option<History>, AuditError> {
    let Some(base) = ledger.derived(HISTORY, &state::version(engine)) else { return Ok(None) };
    restore(ledger, &base, size, &READ_NOW).map(|history| by_place_from(ledger, history, base.origin().size..size, supposed)).transpose()
}

fn by_place_from(ledger: &Ledger, history: History, further: Range<u64>, supposed: &[Recorded]) -> Result<History, AuditError> {
    let amended = ledger.amended_among(further.clone())?.into_iter().chain(supposed.iter().filter_map(|recorded| recorded.target));
    let mut timeline = Timeline::resume_by_place(history, amended);
    ledger.replay(further, |recorded| timeline.apply(&recorded))?;
    supposed.iter().for_each(|recorded| timeline.apply(recorded));
    fetching(ledger, supposed, |fetch| timeline.settle_with(fetch))
}

/// Every recorded scan, oldest first, without reading the whole ledger; `None` when nothing usable was kept.
pub(crate) fn past(ledger: &Ledger) -> Result<Option<Vec<PastScan>>, AuditError> {
    let Some(file) = ledger.derived(FINDINGS, &state::version(&loaded::engine()?)) else { return Ok(None) };
    let Some(mut past) = kept_scans(ledger, &file)? else { return Ok(None) };
    ledger.replay(file.origin().size..u64::MAX, |recorded| past.extend(scans::past_scan(&recorded)))?;
    Ok(Some(past))
}

/// The scans recorded before the one that kept this; `None` when they cannot be read.
fn kept_scans(ledger: &Ledger, file: &Derived) -> Result<Option<Vec<PastScan>>, AuditError> {
    let Some(section) = file.section(SCANS) else { return Ok(None) };
    let mut scans = Vec::new();
    let whole = ledger.read_excerpt(&section.front, |recorded| scans.extend(scans::past_scan(&recorded)))?;
    Ok(whole.then_some(scans))
}

fn seqs(scans: &[PastScan]) -> Vec<Seq> {
    scans.iter().map(|scan| scan.seq).collect()
}
