//! Which events made a finding appear, change or clear between two places in the ledger.
//! Found by asking the rule again at every place where its answer could have changed; where only the day moved on, says so.

use std::cell::RefCell;
use std::collections::BTreeMap;

use domain::{KnownAt, Recorded, Seq, ValidDay};
use ledger::Ledger;
use rules::detect::{Reach, Standing as Answer};
use rules::{Engine, Finding};
use timeline::{History, Timeline, View, axis};

use crate::compare::{Difference, Standing};
use crate::error::AuditError;
use crate::explain::{Fact, fact};

/// Steps of a walk: a subject is touched by far fewer events.
const STEPS: usize = 1_000;

/// Why something changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Because {
    /// This event; the decisive one is first.
    Event(Fact),
    /// Nothing was recorded: the evaluation day moved on and a deadline passed.
    Day {
        /// Evaluation day before.
        from: ValidDay,
        /// Evaluation day after.
        to: ValidDay,
    },
}

/// A place in the ledger and the day on which it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Events that count.
    pub(crate) events: u64,
    /// Evaluation day.
    pub(crate) today: ValidDay,
}

impl Place {
    fn cut(self) -> KnownAt {
        self.events.checked_sub(1).map_or(KnownAt::BEGINNING, |last| axis::cut(Seq(last)))
    }
}

/// A history of one's own, or one that somebody made before.
enum Held<'l> {
    Own(Box<History>),
    Lent(&'l History),
}

impl Held<'_> {
    fn get(&self) -> &History {
        match self {
            Held::Own(history) => history,
            Held::Lent(history) => history,
        }
    }
}

/// A ledger's knowledge by place, and events that are only supposed.
pub(crate) struct Causes<'l> {
    ledger: &'l Ledger,
    engine: &'l Engine,
    further: &'l [Recorded],
    history: Held<'l>,
    /// Events read from the ledger: one revocation is the cause of many findings.
    read: RefCell<BTreeMap<Seq, Option<Recorded>>>,
}

impl<'l> Causes<'l> {
    /// Replays the first `size` events, and `further` ones after them.
    pub(crate) fn replay(ledger: &'l Ledger, engine: &'l Engine, size: u64, further: &'l [Recorded]) -> Result<Self, AuditError> {
        let amended = ledger.amended()?.into_iter().chain(further.iter().filter_map(|r| r.target));
        let mut timeline = Timeline::by_place(amended);
        ledger.replay(0..size, |recorded| timeline.apply(&recorded))?;
        further.iter().for_each(|recorded| timeline.apply(recorded));
        Ok(Self { ledger, engine, further, history: Held::Own(Box::new(timeline.settle())), read: RefCell::default() })
    }

    /// Of a history by place, which may hold `further` events after the ledger's.
    pub(crate) fn in_history(ledger: &'l Ledger, engine: &'l Engine, history: &'l History, further: &'l [Recorded]) -> Self {
        Self { ledger, engine, further, history: Held::Lent(history), read: RefCell::default() }
    }

    /// Whether the rule found anything about the subject at a place.
    pub(crate) fn was_there(&self, finding: &Finding, at: Place) -> bool {
        let reach = Reach { until: at.cut(), floor: at.cut(), steps: 1 };
        self.answers(finding, at.today, reach).first().is_some_and(|(_, answer)| matches!(answer, Answer::Found(..)))
    }

    /// Why a finding is not what it was. Empty when nothing between the places explains it.
    pub(crate) fn of(&self, difference: &Difference, before: Place, after: Place) -> Result<Vec<Because>, AuditError> {
        let f = &difference.finding;
        let reach = Reach { until: after.cut(), floor: before.cut(), steps: STEPS };
        let newest = self.answers(f, after.today, reach).into_iter().next();
        let agrees = newest.filter(|(_, answer)| says(*answer, difference.after));
        let decisive = agrees.filter(|(from, _)| *from > before.cut()).and_then(|(from, _)| axis::place(from));
        let mut seqs: Vec<Seq> = decisive.into_iter().collect();
        if difference.after.is_some() {
            let inside = f.evidence.iter().map(|(seq, _)| *seq).filter(|seq| (before.events..after.events).contains(&seq.0));
            seqs.extend(inside.filter(|seq| decisive != Some(*seq)));
        }
        if seqs.is_empty() && before.today != after.today {
            return Ok(vec![Because::Day { from: before.today, to: after.today }]);
        }
        let mut causes = Vec::new();
        for seq in seqs {
            causes.extend(self.event(seq)?.map(|recorded| Because::Event(fact(&recorded, f.evidence.iter().any(|(s, _)| *s == seq)))));
        }
        Ok(causes)
    }

    fn answers(&self, finding: &Finding, today: ValidDay, reach: Reach) -> Vec<(KnownAt, Answer)> {
        let history = self.history.get();
        let view = View::of(history, today);
        let Some(subject) = finding.subject.find(history) else { return Vec::new() };
        let sequence = self.engine.sequence(&view, finding.rule, subject, reach);
        sequence.into_iter().flat_map(|s| s.stretches).map(|stretch| (stretch.from.at, stretch.standing)).collect()
    }

    fn event(&self, seq: Seq) -> Result<Option<Recorded>, AuditError> {
        if let Some(recorded) = self.further.iter().find(|r| r.seq == seq) {
            return Ok(Some(recorded.clone()));
        }
        if let Some(known) = self.read.borrow().get(&seq) {
            return Ok(known.clone());
        }
        let read = self.ledger.get(seq)?;
        self.read.borrow_mut().insert(seq, read.clone());
        Ok(read)
    }
}

fn says(answer: Answer, standing: Option<Standing>) -> bool {
    match (answer, standing) {
        (Answer::Found(class, status), Some(s)) => (class, status) == (s.class, s.status),
        (Answer::NotEvaluated | Answer::Clear, None) => true,
        (Answer::Found(..), None) | (Answer::NotEvaluated | Answer::Clear, Some(_)) => false,
    }
}
