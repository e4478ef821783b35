//! Going on from what was kept: opened, brought up to the ledger's head, and judged again where something was touched.
//! Whatever of it cannot be read, or does not fit the ledger, is no error: everything is derived from the events then.

use std::sync::Arc;

use ledger::{Derived, Ledger};
use rayon::prelude::*;
use rules::kept::{Billed, Dirty, Known};
use rules::{Engine, Finding, Kept, Summary, Unit};
use rustc_hash::FxHashSet;
use timeline::stored::Pieces;
use timeline::touched::Touched;
use timeline::{History, View};

use super::state::{self, ACTS, Cleared, FINDINGS, HISTORY};
use super::{Asked, Before, Line, Standing, by_place_from, fetching, judge_all, kept_scans, restore, resume, seqs, suppose};
use crate::acts::Reading;
use crate::cut::Cut;
use crate::error::AuditError;
use crate::json::Frame;
use crate::loaded::{self, Loaded};
use crate::scans::{self, PastScan};

/// The head judged from what was kept; `None` when nothing usable was.
///
/// # Errors
/// A ledger that cannot be read.
pub(super) fn go_on(ledger: &Ledger, engine: &Engine, asked: Asked<'_>) -> Result<Option<Standing>, AuditError> {
    let Some(opened) = open(ledger, engine, asked)? else { return Ok(None) };
    let again = (asked.recorded && opened.head.frame.size < opened.size).then(|| opened.history.clone());
    let further = opened.base..opened.size;
    // Most of what follows is one thing after the other: the history that tells causes is made beside it.
    std::thread::scope(|scope| {
        let by_place = again.map(|history| scope.spawn(|| by_place_from(ledger, history, further, &[])));
        let Some(begun) = begin(ledger, engine, asked, opened)? else { return Ok(None) };
        let Some(mut standing) = begun.judge(engine, asked) else { return Ok(None) };
        if let (Some(before), Some(Ok(by_place))) = (&mut standing.before, by_place.map(std::thread::ScopedJoinHandle::join)) {
            before.by_place = Some(by_place?);
        }
        Ok(Some(standing))
    })
}

/// The head with nothing judged, of which no finding is read; `None` when nothing usable was kept.
///
/// # Errors
/// A ledger that cannot be read.
pub(super) fn loaded(ledger: &Ledger, engine: &Engine, asked: Asked<'_>) -> Result<Option<Loaded>, AuditError> {
    let Some(opened) = open(ledger, engine, asked)? else { return Ok(None) };
    Ok(begin(ledger, engine, asked, opened)?.map(|begun| begun.loaded))
}

/// The head and its finding of an id, if there is one; `None` when nothing usable was kept. Where nothing that anything depends on came since the
/// last scan, and the day is the same, of all findings only this one is read.
///
/// # Errors
/// A ledger that cannot be read.
pub(crate) fn finding(ledger: &Ledger, engine: &Engine, asked: Asked<'_>, id: &str) -> Result<Option<(Loaded, Option<Arc<Finding>>)>, AuditError> {
    let Some(opened) = open(ledger, engine, asked)? else { return Ok(None) };
    let Some(begun) = begin(ledger, engine, asked, opened)? else { return Ok(None) };
    if begun.stands_as_it_was() {
        let finding = state::finding(&begun.file, begun.pieces, &begun.loaded.history, engine, id);
        return Ok(finding.map(|finding| (begun.loaded, finding)));
    }
    let judged = begun.judge(engine, asked);
    Ok(judged.map(|standing| (standing.loaded, standing.report.of_id(id).cloned())))
}

/// What was kept, opened, with the history in it.
struct Opened<'d> {
    /// Events of the history.
    base: u64,
    file: Derived,
    head: state::Head,
    history: History,
    pieces: &'d Pieces,
    /// Events of the ledger now.
    size: u64,
}

fn open<'d>(ledger: &Ledger, engine: &Engine, asked: Asked<'d>) -> Result<Option<Opened<'d>>, AuditError> {
    let Some(pieces) = asked.kept else { return Ok(None) };
    let version = state::version(engine);
    let (Some(base), Some(file)) = (ledger.derived(HISTORY, &version), ledger.derived(FINDINGS, &version)) else { return Ok(None) };
    let size = ledger.head()?.size;
    let Some(head) = state::head(&file).filter(|head| head.goes_on_from(base.origin().size) && head.frame.size <= size) else { return Ok(None) };
    let Some(history) = restore(ledger, &base, size, pieces) else { return Ok(None) };
    Ok(Some(Opened { base: base.origin().size, file, head, history, pieces, size }))
}

/// The history that was kept with everything since, what that touched, and how the last scan stood; nothing is judged yet.
struct Begun<'d> {
    loaded: Loaded,
    touched: Touched,
    file: Derived,
    pieces: &'d Pieces,
    line: Line,
    /// Every recorded scan.
    scans: Vec<PastScan>,
    known: Known,
    was: Frame,
    summary: Summary,
    cleared: Cleared,
}

fn begin<'d>(ledger: &Ledger, engine: &Engine, asked: Asked<'_>, opened: Opened<'d>) -> Result<Option<Begun<'d>>, AuditError> {
    let Opened { base, file, head, history, pieces, size } = opened;
    let Some(was) = head.frame.frame(ledger, engine.rule_set()) else { return Ok(None) };
    let mut resumed = resume(ledger, base, history, &head.steps, size)?;
    let Some(acts) = file.section(ACTS) else { return Ok(None) };
    let mut reading = Reading::default();
    if !ledger.read_excerpt(&acts.front, |recorded| reading.take(&recorded))? {
        return Ok(None);
    }
    resumed.further.iter().for_each(|recorded| reading.take(recorded));
    let summary = head.summary();
    let mut line = Line { base, steps: head.steps.clone() };
    line.steps.extend((size > head.frame.size).then_some(size));
    let Some(mut scans) = kept_scans(ledger, &file)? else { return Ok(None) };
    scans.extend(resumed.further.iter().filter_map(scans::past_scan));
    let activated = resumed.further.iter().rev().find_map(loaded::activation).or(head.activated);
    // From here on they count as any other: they touch what they touch.
    resumed.further.extend(asked.supposed.iter().cloned());
    let loaded = Loaded {
        history: suppose(ledger, resumed.history, asked.supposed)?,
        frame: loaded::frame(ledger, engine, Cut::Head, size, asked.today, asked.now)?,
        acts: reading.settle(),
        activated,
        not_interpreted: head.not_interpreted.into_iter().chain(resumed.not_interpreted).collect(),
        erased_values: head.erased_values + resumed.erased_values,
        // An erasure would have destroyed what was kept: nobody was erased since.
        erased: head.erased,
    };
    let touched = fetching(ledger, asked.supposed, |fetch| Touched::by(&loaded.history, &resumed.further, fetch))?;
    let known = Known { people: head.people, programs: head.programs };
    Ok(Some(Begun { loaded, touched, file, pieces, line, scans, known, was, summary, cleared: head.cleared }))
}

impl Begun<'_> {
    /// Nothing came that anything depends on, and nothing fell due.
    fn stands_as_it_was(&self) -> bool {
        self.touched.is_nothing() && self.was.today == self.loaded.frame.today && self.known == Known::of(&self.loaded.history)
    }

    /// Judges what has to be judged again.
    fn judge(self, engine: &Engine, asked: Asked<'_>) -> Option<Standing> {
        let stands = self.stands_as_it_was();
        let Self { loaded, touched, file, pieces, line, scans, known, was, summary, cleared } = self;
        let was_on = was.today;
        // What units read says which of them something touched; where nothing was, and the day is the same, nobody asks.
        let mut kept = state::kept(&file, pieces, &loaded.history, engine, asked.recorded || !stands)?;
        let before = before_of(&kept, summary, was, cleared, scans.last());
        let (judged, report) = match kept.dirty(engine, &loaded.history, &touched, known, was_on, loaded.frame.today) {
            Dirty::Everything => {
                let report;
                (kept, report) = judge_all(engine, &loaded, asked.recorded);
                (None, report)
            }
            Dirty::Units(units) => {
                judge_again(engine, &loaded.view(), &mut kept, &units, &Billed::of(&touched));
                let report = match &before {
                    // The findings and the money at risk are those of the scan before.
                    Some(before) if units.is_empty() && touched.is_nothing() => loaded.say_erased(before.report.clone()),
                    _ => loaded.assemble(engine, [kept.report()]),
                };
                (Some(units.len()), report)
            }
        };
        Some(Standing { loaded, report, kept, before, line: Some(line), judged, scans: seqs(&scans) })
    }
}

/// Units in one piece of work: enough that handing it out costs little, few enough that no core waits long for the other.
const PIECE: usize = 32;

fn judge_again(engine: &Engine, view: &View<'_>, kept: &mut Kept, units: &FxHashSet<Unit>, billed: &Billed) {
    kept.forget(units);
    let (history, today) = (view.history(), view.today());
    // Of what stands. What is judged again says of claims what is so now.
    kept.findings.par_iter_mut().for_each_init(|| View::of(history, today), |view, (_, finding)| billed.retell(view, finding));
    let units: Vec<Unit> = units.iter().copied().collect();
    let pieces: Vec<Kept> = units.par_chunks(PIECE).map(|units| engine.judge_again(&View::of(history, today), units)).collect();
    pieces.into_iter().for_each(|piece| kept.extend(piece));
}

/// The last recorded scan, if it is the one whose state was kept: only that is what this one is compared with.
fn before_of(kept: &Kept, summary: Summary, frame: Frame, cleared: Cleared, last: Option<&PastScan>) -> Option<Before> {
    let scan = last.filter(|scan| (scan.size, scan.today) == (frame.size, frame.today) && scan.rule_set == frame.rule_set)?.clone();
    let mut report = kept.report();
    report.put_in_order();
    report.summary = summary;
    Some(Before { scan, frame, report, cleared, by_place: None })
}
