//! A ledger replayed up to a cut: the history, what frames it, and what people decided about findings.
//! Everything here is derived and can be thrown away; the ledger is the only truth.

use std::collections::BTreeMap;

use domain::event::{Event, Findings, Ledger as OwnActs};
use domain::{Envelope, Recorded, Seq, ValidDay};
use ledger::Ledger;
use rayon::prelude::*;
use rules::{Engine, Report};
use timeline::{History, Timeline, View};

use crate::cut::Cut;
use crate::error::AuditError;
use crate::json::Frame;

/// The catalog, ready to judge.
///
/// # Errors
/// Parameters with gaps or overlaps.
pub fn engine() -> Result<Engine, AuditError> {
    Ok(Engine::new(catalog::CATALOG, catalog::TABLES)?)
}

/// A ledger replayed up to a cut.
#[derive(Debug)]
pub struct Loaded {
    /// The history.
    pub history: History,
    /// Ledger, cut and day.
    pub frame: Frame,
    /// What people last decided about a finding, by its id.
    pub dispositions: BTreeMap<String, &'static str>,
    /// The rule set last activated, if one ever was.
    pub activated: Option<String>,
    /// Events that this version cannot interpret, and why they could not be.
    pub not_interpreted: Vec<String>,
    /// Values left out because their subject was erased.
    pub erased_values: u64,
}

/// Replays a ledger. `today` is the evaluation day if given; otherwise the clock's local day `now` for a ledger at its head, or the
/// local day of the last event inside the cut for a cut or a simulated ledger (evaluation.md, "Inputs and outcomes").
///
/// # Errors
/// A cut after the head, or a ledger that cannot be read.
pub fn load(ledger: &Ledger, engine: &Engine, cut: Cut, today: Option<ValidDay>, now: ValidDay, progress: &dyn Fn(u64, u64)) -> Result<Loaded, AuditError> {
    load_with(ledger, engine, cut, today, now, Vec::new(), progress)
}

/// As [`load`], with further events applied after the ledger's as if they had been recorded at its last moment. Nothing is appended.
pub(crate) fn load_with(
    ledger: &Ledger,
    engine: &Engine,
    cut: Cut,
    today: Option<ValidDay>,
    now: ValidDay,
    further: Vec<Event>,
    progress: &dyn Fn(u64, u64),
) -> Result<Loaded, AuditError> {
    let size = cut.size(ledger)?;
    let mut timeline = Timeline::new(ledger.amended()?);
    let mut dispositions = BTreeMap::new();
    let mut activated = None;
    let replayed = ledger.replay(0..size, |recorded| {
        if let Some((finding, word)) = disposition(&recorded.event) {
            dispositions.insert(finding.to_owned(), word);
        }
        if let Event::Ledger(OwnActs::RulePackActivated(e)) = &recorded.event {
            activated = Some(e.rule_set.as_str().to_owned());
        }
        if recorded.seq.0 % 65_536 == 0 {
            progress(recorded.seq.0, size);
        }
        timeline.apply(&recorded);
    })?;
    let last = Seq(size.saturating_sub(1));
    let recorded_at = domain::KnownAt::from_micros(ledger.header(last)?.recorded_at);
    for (place, event) in (size..).zip(further) {
        timeline.apply(&Recorded { seq: Seq(place), recorded_at, envelope: Envelope::default(), target: None, event });
    }
    let history = timeline.settle();
    let root = transparency::root(size, |level, index| ledger.tree_hash(level, index))?;
    let genesis = ledger.genesis();
    let by_last_event = genesis.simulated() || cut != Cut::Head;
    let frame = Frame {
        origin: genesis.origin().to_owned(),
        size,
        root: root.to_string(),
        simulated: genesis.simulated(),
        as_of_seq: last.0,
        as_of_recorded_at: recorded_at,
        today: today.unwrap_or(if by_last_event { recorded_at.local_day() } else { now }),
        rule_set: engine.rule_set().to_owned(),
    };
    let not_interpreted = replayed.not_interpreted.iter().map(|n| format!("seq {} ({:?})", n.seq, n.reason)).collect();
    Ok(Loaded { history, frame, dispositions, activated, not_interpreted, erased_values: replayed.erased_values })
}

fn disposition(event: &Event) -> Option<(&str, &'static str)> {
    let Event::Findings(event) = event else { return None };
    Some(match event {
        Findings::FindingAcknowledged(e) => (e.finding.as_str(), "acknowledged"),
        Findings::FindingAssigned(e) => (e.finding.as_str(), "assigned"),
        Findings::FindingDisputed(e) => (e.finding.as_str(), "disputed"),
        Findings::FindingWaived(e) => (e.finding.as_str(), "waived"),
        Findings::FindingRemediated(e) => (e.finding.as_str(), "remediated"),
        Findings::EventCorrected(_)
        | Findings::EventRetracted(_)
        | Findings::SampleDrawn(_)
        | Findings::LegalHoldPlaced(_)
        | Findings::LegalHoldReleased(_) => return None,
    })
}

impl Loaded {
    /// The history with everything known inside the cut.
    pub fn view(&self) -> View<'_> {
        View::of(&self.history, self.frame.today)
    }

    /// Judges everything, on all cores; the order of the result does not depend on them.
    pub fn judge(&self, engine: &Engine) -> Report {
        let pieces: Vec<Report> = engine.work(&self.history).par_iter().map(|work| engine.judge(&self.view(), work)).collect();
        engine.assemble(&self.view(), pieces)
    }

    /// The report as the fixed JSON.
    ///
    /// # Errors
    /// None in practice.
    pub fn json(&self, report: &Report) -> Result<String, AuditError> {
        Ok(crate::json::report(&self.frame, report, |id| self.dispositions.get(id).copied())?)
    }
}
