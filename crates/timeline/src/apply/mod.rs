//! The one place that takes an event into state.
//! It cannot refuse: `apply` returns nothing, and what cannot be used (an erased birth date, an unknown id) is simply not known.

mod billing;
mod care;
mod workforce;

use domain::event::{Claims, Event};
use domain::{KnownAt, Recorded, Seq};
use rustc_hash::FxHashSet;

use crate::amend::Amendments;
use crate::axis::Axis;
use crate::history::History;
use crate::indexing::Lengths;
use crate::row::{At, Span};

/// A history being built, event by event in ledger order.
#[derive(Debug, Default)]
pub struct Timeline {
    history: History,
    amendments: Amendments,
    amended: FxHashSet<Seq>,
    /// How long the columns were when a settled history was taken up again.
    resumed: Option<Lengths>,
}

impl Timeline {
    /// A timeline that will meet corrections and retractions of the events in `amended` (more than needed does no harm).
    pub fn new(amended: impl IntoIterator<Item = Seq>) -> Self {
        Self { amended: amended.into_iter().collect(), ..Self::default() }
    }

    /// A timeline that counts knowledge by places in the ledger instead of instants (see [`crate::axis`]).
    pub fn by_place(amended: impl IntoIterator<Item = Seq>) -> Self {
        let mut timeline = Self::new(amended);
        timeline.history.axis = Axis::by_place(0);
        timeline
    }

    /// As [`Timeline::resume`], counting what follows by place: everything the history holds already is known at each of these places.
    pub fn resume_by_place(history: History, amended: impl IntoIterator<Item = Seq>) -> Self {
        let from = history.last().map_or(0, |(last, _)| last.0 + 1);
        let mut timeline = Self::resume(history, amended);
        timeline.history.axis = Axis::by_place(from);
        timeline
    }

    /// Goes on from a settled history: takes the events after [`History::last`], and [`Timeline::settle_with`] brings the history up to
    /// date. `amended` is as for [`Timeline::new`], of these events. The history then answers as if everything had been replayed.
    ///
    /// Two differences show only to somebody who lists names instead of asking about facts: keys are in order of first mention *to this
    /// history*, and a name that only a version corrected away before it was ever known had mentioned stays known, without facts.
    pub fn resume(history: History, amended: impl IntoIterator<Item = Seq>) -> Self {
        let resumed = Some(history.lengths());
        Self { history, amendments: Amendments::default(), amended: amended.into_iter().collect(), resumed }
    }

    /// Takes one event into state.
    pub fn apply(&mut self, recorded: &Recorded) {
        self.history.note_event(recorded);
        match self.history.axis.placed(recorded) {
            Some(placed) => self.take(&placed),
            None => self.take(recorded),
        }
    }

    fn take(&mut self, recorded: &Recorded) {
        self.amendments.take(recorded);
        if self.amended.contains(&recorded.seq) {
            self.amendments.hold(recorded);
            return;
        }
        let known = known_from(recorded, self.history.axis.is_by_place())(&recorded.event);
        self.history.take(At::new(recorded.seq, Span::since(known)), &recorded.event);
    }

    /// Settles what amended events said at each stretch of knowledge time and makes the history ready for questions. A timeline that
    /// was resumed is settled by [`Timeline::settle_with`]: without the ledger, an event told before is lost when it is amended.
    pub fn settle(self) -> History {
        self.settle_with(&mut |_| None)
    }

    /// The same for a resumed timeline. `fetch` reads one event of the ledger: those amended after they were told, and what amended them
    /// before. `None` says that the event cannot be interpreted, as a replay would leave it out.
    pub fn settle_with(mut self, fetch: &mut dyn FnMut(Seq) -> Option<Recorded>) -> History {
        let gone = self.resumed.map(|_| {
            let told_anew = self.gather(fetch);
            self.history.tell_anew(&told_anew)
        });
        let settled = self.history.lengths();
        let by_place = self.history.axis.is_by_place();
        for original in self.amendments.originals() {
            for version in self.amendments.versions(original, known_from(original, by_place)) {
                self.history.take(At::new(original.seq, version.span), &version.event);
            }
            self.history.note_amended(original, self.amendments.all_on(original.seq), self.amendments.shaping(original.seq));
        }
        match (self.resumed, gone) {
            (Some(known), Some(gone)) => self.history.index_changes(known, &gone),
            _ => self.history.index(settled),
        }
        self.history
    }

    /// Sets aside every event told before whose story the new amendments change, with all that ever amended it.
    fn gather(&mut self, fetch: &mut dyn FnMut(Seq) -> Option<Recorded>) -> Vec<Seq> {
        let mut told_anew = Vec::new();
        let mut done = FxHashSet::default();
        let mut open = self.amendments.targets();
        while let Some(seq) = open.pop() {
            if !done.insert(seq) {
                continue;
            }
            // A retraction of a retraction changes what stands two steps down.
            if let Some(held) = self.amendments.held(seq) {
                open.extend(held.target);
                continue;
            }
            for amendment in self.history.amendments_of(seq).to_vec() {
                if !self.amendments.has(amendment)
                    && let Some(recorded) = fetch(amendment)
                {
                    self.amendments.take(&self.history.axis.replaced(recorded));
                }
            }
            told_anew.push(seq);
            let Some(original) = fetch(seq) else {
                self.history.forget_amended(seq);
                continue;
            };
            let original = self.history.axis.replaced(original);
            self.amendments.take(&original);
            self.amendments.hold(&original);
            open.extend(original.target);
        }
        told_anew
    }
}

/// When an event counts as known: a claim from its submission, everything else from `known_at` (evaluation.md, "Times and money").
/// By place, a claim has its place like everything else.
fn known_from(recorded: &Recorded, by_place: bool) -> impl Fn(&Event) -> KnownAt + use<> {
    let known = recorded.known_at();
    move |event| match event {
        Event::Claims(Claims::ClaimSubmitted(e)) if !by_place => e.submitted_at.as_submission_known(),
        Event::Workforce(_)
        | Event::Program(_)
        | Event::Individuals(_)
        | Event::Delivery(_)
        | Event::Claims(_)
        | Event::Findings(_)
        | Event::Ledger(_) => known,
    }
}

impl History {
    fn take(&mut self, at: At, event: &Event) {
        match event {
            Event::Workforce(e) => self.take_workforce(at, e),
            Event::Program(e) => self.take_program(at, e),
            Event::Individuals(e) => self.take_individual(at, e),
            Event::Delivery(e) => self.take_delivery(at, e),
            Event::Claims(e) => self.take_claim(at, e),
            // What people decide about findings, and the ledger's own acts, are not facts that a rule looks at;
            // corrections and retractions were taken as amendments.
            Event::Findings(_) | Event::Ledger(_) => {}
        }
    }
}
