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
use crate::row::{At, Span};

/// A history being built, event by event in ledger order.
#[derive(Debug, Default)]
pub struct Timeline {
    history: History,
    amendments: Amendments,
    amended: FxHashSet<Seq>,
}

impl Timeline {
    /// A timeline that will meet corrections and retractions of the events in `amended` (more than needed does no harm).
    pub fn new(amended: impl IntoIterator<Item = Seq>) -> Self {
        Self { amended: amended.into_iter().collect(), ..Self::default() }
    }

    /// A timeline that counts knowledge by places in the ledger instead of instants (see [`crate::axis`]).
    pub fn by_place(amended: impl IntoIterator<Item = Seq>) -> Self {
        let mut timeline = Self::new(amended);
        timeline.history.axis = Axis::Place(Vec::new());
        timeline
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

    /// Settles what amended events said at each stretch of knowledge time and makes the history ready for questions.
    pub fn settle(mut self) -> History {
        let by_place = self.history.axis.is_by_place();
        for original in self.amendments.originals() {
            for version in self.amendments.versions(original, known_from(original, by_place)) {
                self.history.take(At::new(original.seq, version.span), &version.event);
            }
            self.history.note_amended(original, self.amendments.all_on(original.seq), self.amendments.shaping(original.seq));
        }
        self.history.index();
        self.history
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
