//! When a rule's answer changed as more became known: newest first, and the first moment of the latest unbroken stretch.
//! Exact at every cut: it asks the rule again just before each instant at which its answer could have changed.

use domain::{KnownAt, Seq};
use timeline::View;
use timeline::view::Trace;

use crate::class::{Class, Status};
use crate::verdict::{Breach, Checked, Verdict};

/// One microsecond: the finest step of known time.
const STEP: i64 = 1;

/// Answers from a cut backwards: each with where it began, until one that held at `floor` already.
struct Walk<'h, J> {
    view: View<'h>,
    judge: J,
    trace: fn() -> Trace,
    floor: KnownAt,
    next: Option<KnownAt>,
}

impl<J: Fn(View<'_>) -> Checked> Iterator for Walk<'_, J> {
    type Item = (Beginning, Checked);

    fn next(&mut self) -> Option<Self::Item> {
        let cut = self.next?;
        let trace = (self.trace)();
        let answer = (self.judge)(self.view.known_by(cut).traced(&trace));
        let since = trace.latest();
        self.next = (since > self.floor).then(|| KnownAt::from_micros(since.micros() - STEP));
        Some((Beginning { at: since, changed: trace.changed() }, answer))
    }
}

/// The first instant of the latest unbroken stretch in which `judge` gave the finding, looking back from everything known.
/// An advisory is not yet the finding it later becomes; between documentation and violation it is the same
/// (evaluation.md, "Last ones"). Deadlines count from the moment they passed.
pub fn first_detectable(view: View<'_>, breach: &Breach, judge: impl Fn(View<'_>) -> Checked) -> KnownAt {
    let advisory = breach.class == Class::Advisory;
    let mut since = KnownAt::END;
    for (from, answer) in (Walk { view, judge, trace: Trace::new, floor: KnownAt::BEGINNING, next: Some(KnownAt::END) }) {
        if !matches!(answer, Ok(Verdict::Violated(b)) if (b.class == Class::Advisory) == advisory) {
            break;
        }
        since = from.at;
    }
    since
}

/// What a rule says of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is a finding.
    Found(Class, Status),
    /// Something needed for an answer was not known.
    NotEvaluated,
    /// Met, or the rule had nothing to say.
    Clear,
}

impl Standing {
    fn of(answer: &Checked) -> Self {
        match answer {
            Ok(Verdict::Violated(breach)) => Standing::Found(breach.class, breach.status),
            Ok(Verdict::Met | Verdict::NotApplicable) => Standing::Clear,
            Err(_) => Standing::NotEvaluated,
        }
    }
}

/// Where an answer began to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    /// The instant; [`KnownAt::BEGINNING`] for what holds with nothing known. Of the oldest answer of a walk that ended at its floor: an instant at or
    /// before the floor.
    pub at: KnownAt,
    /// Events that were looked at and became known at that instant, or what they said was amended then; none when only time passed.
    pub changed: Vec<Seq>,
}

/// A stretch of knowledge in which a rule said the same of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// It held from here on.
    pub from: Beginning,
    /// What the rule said.
    pub standing: Standing,
    /// The events that showed a finding when the stretch began.
    pub evidence: Vec<Seq>,
}

/// How a rule's answer about a subject went over knowledge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    /// Newest first.
    pub stretches: Vec<Stretch>,
    /// Whether it was given up before the beginning: there were more steps than were allowed.
    pub cut_short: bool,
}

/// Which stretch of knowledge to walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Where to begin: everything known by then.
    pub until: KnownAt,
    /// How far back: the answer that held here is the last one given. [`KnownAt::BEGINNING`] walks everything.
    pub floor: KnownAt,
    /// At most so many steps.
    pub steps: usize,
}

/// The sequence of answers over a reach of knowledge.
pub fn sequence(view: View<'_>, reach: Reach, judge: impl Fn(View<'_>) -> Checked) -> Sequence {
    let mut walk = Walk { view, judge, trace: Trace::of_rows, floor: reach.floor, next: Some(reach.until) };
    let mut stretches: Vec<Stretch> = Vec::new();
    for (from, answer) in walk.by_ref().take(reach.steps) {
        let standing = Standing::of(&answer);
        let evidence = if let Ok(Verdict::Violated(breach)) = answer { breach.evidence } else { Vec::new() };
        match stretches.last_mut() {
            Some(last) if last.standing == standing => *last = Stretch { from, standing, evidence },
            Some(_) | None => stretches.push(Stretch { from, standing, evidence }),
        }
    }
    Sequence { stretches, cut_short: walk.next.is_some() }
}
