//! A ledger replayed up to a cut: the history, what frames it, and what people decided about findings.
//! Everything here is derived and can be thrown away; the ledger is the only truth.

use std::collections::BTreeSet;

use domain::event::{Event, Ledger as OwnActs};
use domain::{Envelope, Recorded, Seq, ValidDay};
use ledger::{Ledger, Reason, Replayed};
use rayon::prelude::*;
use rules::{Engine, Finding, Report, Summary};
use timeline::{History, Timeline, View};

use crate::acts::{Acts, Reading};
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
    /// What people entered about findings and overpayments.
    pub acts: Acts,
    /// The rule set last activated, if one ever was.
    pub activated: Option<String>,
    /// Events that this version cannot interpret, and why they could not be.
    pub not_interpreted: Vec<String>,
    /// Values left out because their subject was erased.
    pub erased_values: u64,
    /// Names under which erased people stand in the history.
    pub(crate) erased: BTreeSet<String>,
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
    let recorded_at = domain::KnownAt::from_micros(ledger.header(Seq(size.saturating_sub(1)))?.recorded_at);
    let placed = |(place, event)| Recorded { seq: Seq(place), recorded_at, envelope: Envelope::default(), target: None, event };
    let further: Vec<Recorded> = (size..).zip(further).map(placed).collect();
    load_further(ledger, engine, cut, today, now, &further, progress)
}

/// As [`load`], with further events applied after the ledger's as they would be recorded. Nothing is appended; the frame stays the ledger's.
pub(crate) fn load_further(
    ledger: &Ledger,
    engine: &Engine,
    cut: Cut,
    today: Option<ValidDay>,
    now: ValidDay,
    further: &[Recorded],
    progress: &dyn Fn(u64, u64),
) -> Result<Loaded, AuditError> {
    let size = cut.size(ledger)?;
    let mut timeline = Timeline::new(ledger.amended()?.into_iter().chain(further.iter().filter_map(|r| r.target)));
    let mut acts = Reading::default();
    let mut activated = None;
    let replayed = ledger.replay(0..size, |recorded| {
        acts.take(&recorded);
        activated = activation(&recorded).or(activated.take());
        if recorded.seq.0 % 65_536 == 0 {
            progress(recorded.seq.0, size);
        }
        timeline.apply(&recorded);
    })?;
    for recorded in further {
        timeline.apply(recorded);
    }
    let history = timeline.settle();
    let frame = frame(ledger, engine, cut, size, today, now)?;
    let not_interpreted = uninterpreted(&replayed);
    let anybody_erased = replayed.erased_values > 0 || replayed.not_interpreted.iter().any(|n| n.reason == Reason::Erased);
    let erased = if anybody_erased { crate::holds::names(ledger, &history) } else { BTreeSet::new() };
    Ok(Loaded { history, frame, acts: acts.settle(), activated, not_interpreted, erased_values: replayed.erased_values, erased })
}

/// The rule set that an event activates, if it does.
pub(crate) fn activation(recorded: &Recorded) -> Option<String> {
    let Event::Ledger(OwnActs::RulePackActivated(e)) = &recorded.event else { return None };
    Some(e.rule_set.as_str().to_owned())
}

/// Events that a replay could not deliver, in words.
pub(crate) fn uninterpreted(replayed: &Replayed) -> Vec<String> {
    replayed.not_interpreted.iter().map(|n| format!("seq {} ({:?})", n.seq, n.reason)).collect()
}

/// What frames a report on the first `size` events of a ledger.
pub(crate) fn frame(ledger: &Ledger, engine: &Engine, cut: Cut, size: u64, today: Option<ValidDay>, now: ValidDay) -> Result<Frame, AuditError> {
    let last = Seq(size.saturating_sub(1));
    let recorded_at = domain::KnownAt::from_micros(ledger.header(last)?.recorded_at);
    let root = transparency::root(size, |level, index| ledger.tree_hash(level, index))?;
    let genesis = ledger.genesis();
    let by_last_event = genesis.simulated() || cut != Cut::Head;
    Ok(Frame {
        origin: genesis.origin().to_owned(),
        size,
        root: root.to_string(),
        simulated: genesis.simulated(),
        as_of_seq: last.0,
        as_of_recorded_at: recorded_at,
        today: today.unwrap_or(if by_last_event { recorded_at.local_day() } else { now }),
        rule_set: engine.rule_set().to_owned(),
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
        self.assemble(engine, pieces)
    }

    /// A report of its pieces: in order, counted, and what an erasure left unknown said to be so.
    pub(crate) fn assemble(&self, engine: &Engine, pieces: impl IntoIterator<Item = Report>) -> Report {
        self.say_erased(engine.assemble(&self.view(), pieces))
    }

    /// A report with those who were erased spoken of as such.
    pub(crate) fn say_erased(&self, mut report: Report) -> Report {
        crate::holds::say_erased(&mut report, &self.erased);
        report
    }

    /// Whether anything inside the cut was erased.
    pub(crate) fn anybody_erased(&self) -> bool {
        !self.erased.is_empty()
    }

    /// What people decided about a finding and still holds on the evaluation day, in a word; an expired waiver does not.
    pub fn disposition(&self, finding: &str) -> Option<&'static str> {
        self.acts.in_force(finding, self.frame.today).map(|d| d.word.as_str())
    }

    /// Whether a finding is waived on the evaluation day.
    pub fn waived(&self, finding: &Finding) -> bool {
        self.acts.waived(&finding.id, self.frame.today)
    }

    /// The counts of a report without the findings waived: what is left to do. Each claim line once.
    pub fn after_waivers(&self, report: &Report) -> Summary {
        let left: Vec<&Finding> = report.each().filter(|f| !self.waived(f)).collect();
        let count = |class| left.iter().filter(|f| f.class == class).count() as u64;
        Summary {
            violation: count(rules::Class::Violation),
            documentation: count(rules::Class::Documentation),
            advisory: count(rules::Class::Advisory),
            not_evaluated: report.summary.not_evaluated,
            exposure: rules::exposure::total(&self.view(), left),
        }
    }

    /// The report as the fixed JSON.
    ///
    /// # Errors
    /// None in practice.
    pub fn json(&self, report: &Report) -> Result<String, AuditError> {
        self.json_of(report, &report.each().collect::<Vec<_>>())
    }

    /// The report as the fixed JSON, with the counts of all and only the findings chosen.
    ///
    /// # Errors
    /// None in practice.
    pub fn json_of(&self, report: &Report, chosen: &[&Finding]) -> Result<String, AuditError> {
        Ok(serde_json::to_string(&crate::json::report(&self.frame, report, &self.after_waivers(report), chosen, &self.acts))?)
    }
}
