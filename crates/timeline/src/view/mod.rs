//! A history seen at one cut of knowledge, on one evaluation day: the only way to ask it anything.
//! Reads no clock; the same history, cut and day give the same answers for ever.

mod care;
mod money;
mod people;
mod program;
pub mod reading;

pub use care::NoteState;
pub use money::LineRef;
pub use people::{CredentialStanding, LicenceStanding, Why};
pub use reading::{EVER, Hull, Read, Reading, Whose};

use std::cell::{Cell, RefCell};

use domain::{KnownAt, Seq, ValidDay};

use crate::column::Column;
use crate::history::History;
use crate::row::Row;

/// The latest instant, not after the view's cut, at which an answer given so far could have changed.
///
/// Before that instant, and after the one before it, every question asked would have had another set of rows behind it;
/// between two such instants answers cannot differ. This is how the first moment of a finding is found exactly.
#[derive(Debug)]
pub struct Trace {
    latest: Cell<KnownAt>,
    /// Where the rows stand that began or ended to be believed at that instant; of a trace that notes them.
    changed: Option<RefCell<Vec<u32>>>,
}

impl Trace {
    /// Nothing asked yet.
    pub fn new() -> Self {
        Self { latest: Cell::new(KnownAt::BEGINNING), changed: None }
    }

    /// Nothing asked yet; what changed at the latest instant is noted too, which takes longer.
    pub fn of_rows() -> Self {
        Self { changed: Some(RefCell::default()), ..Self::new() }
    }

    /// The latest change behind the answers given since this trace was made.
    pub fn latest(&self) -> KnownAt {
        self.latest.get()
    }

    /// The events of the rows looked at that began or ended to be believed at the latest change, in ledger order; none when a deadline passed, or when
    /// rows are not noted. What ended a row, or told it anew, amends its event.
    pub fn changed(&self) -> Vec<Seq> {
        let mut seqs: Vec<Seq> = self.changed.iter().flat_map(|changed| changed.borrow().clone()).map(|seq| Seq(u64::from(seq))).collect();
        seqs.sort_unstable();
        seqs.dedup();
        seqs
    }

    fn log(&self, known: KnownAt, change: KnownAt) {
        // END is "never contradicted", not an instant.
        if change <= known && change != KnownAt::END && change > self.latest.get() {
            self.latest.set(change);
            if let Some(changed) = &self.changed {
                changed.borrow_mut().clear();
            }
        }
    }

    fn log_row<T>(&self, known: KnownAt, row: &Row<T>) {
        for change in [row.span.from, row.span.until] {
            self.log(known, change);
            if let Some(changed) = self.changed.as_ref().filter(|_| change == self.latest.get()) {
                changed.borrow_mut().push(row.seq);
            }
        }
    }
}

impl Default for Trace {
    fn default() -> Self {
        Self::new()
    }
}

/// A history at a cut.
#[derive(Debug, Clone, Copy)]
pub struct View<'h> {
    history: &'h History,
    known: KnownAt,
    today: ValidDay,
    trace: Option<&'h Trace>,
    reading: Option<&'h Reading>,
}

impl<'h> View<'h> {
    /// Everything the history holds, on an evaluation day.
    pub fn of(history: &'h History, today: ValidDay) -> Self {
        Self { history, known: KnownAt::END, today, trace: None, reading: None }
    }

    /// The same with only what was known by an instant, claims counting from their submission; deadlines that had not
    /// passed by then have not passed.
    #[must_use]
    pub fn known_by(self, known: KnownAt) -> Self {
        Self { known, ..self }
    }

    /// The same, noting in `trace` when its answers could have changed.
    #[must_use]
    pub fn traced<'t>(self, trace: &'t Trace) -> View<'t>
    where
        'h: 't,
    {
        View { history: self.history, known: self.known, today: self.today, trace: Some(trace), reading: self.reading }
    }

    /// The same, noting in `reading` what its answers were read from.
    #[must_use]
    pub fn read_into<'r>(self, reading: &'r Reading) -> View<'r>
    where
        'h: 'r,
    {
        View { history: self.history, known: self.known, today: self.today, trace: self.trace, reading: Some(reading) }
    }

    /// The same, noting nothing of what its answers were read from.
    #[must_use]
    pub fn unnoted(self) -> Self {
        Self { reading: None, ..self }
    }

    /// The history.
    pub fn history(&self) -> &'h History {
        self.history
    }

    /// The cut.
    pub fn known(&self) -> KnownAt {
        self.known
    }

    /// The evaluation day.
    pub fn today(&self) -> ValidDay {
        if let Some(reading) = self.reading {
            reading.today();
        }
        self.today
    }

    /// Whether the words of a verdict are wanted: not while only its existence is asked again and again.
    pub fn wants_words(&self) -> bool {
        self.trace.is_none()
    }

    /// Whether a deadline of this day has passed, by the evaluation day and by the cut.
    pub fn deadline_passed(&self, deadline: ValidDay) -> bool {
        if deadline >= self.today {
            if let Some(reading) = self.reading {
                reading.deadline(deadline);
            }
            return false;
        }
        // By place, only the evaluation day says which deadlines passed: places are no instants.
        if (self.trace.is_none() && self.known == KnownAt::END) || self.history.axis.is_by_place() {
            return true;
        }
        let passed = deadline.deadline_passed();
        if let Some(trace) = self.trace {
            trace.log(self.known, passed);
        }
        passed <= self.known
    }

    /// Whether a row is believed at the cut.
    pub fn believes<T>(&self, row: &Row<T>) -> bool {
        if let Some(trace) = self.trace {
            trace.log_row(self.known, row);
        }
        row.span.holds_at(self.known)
    }

    /// The rows believed at the cut whose value fits. The value is looked at first, so that rows which could not matter leave
    /// no trace.
    pub fn rows<T>(&self, rows: &'h [Row<T>], fits: impl Fn(&T) -> bool) -> impl Iterator<Item = &'h Row<T>> {
        let view = *self;
        rows.iter().filter(move |row| fits(&row.value) && view.believes(row))
    }

    fn picked<T: Clone>(&self, all: &'h Column<Row<T>>, places: &'h [u32], fits: impl Fn(&T) -> bool) -> impl Iterator<Item = &'h Row<T>> {
        let view = *self;
        places.iter().map(move |p| &all[*p as usize]).filter(move |row| fits(&row.value) && view.believes(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::{At, Span};

    fn row(seq: u64, from: i64, until: Option<i64>) -> Row<()> {
        let until = until.map_or(KnownAt::END, KnownAt::from_micros);
        Row::new(At::new(Seq(seq), Span { from: KnownAt::from_micros(from), until }), ())
    }

    #[test]
    fn a_trace_of_rows_says_which_changed_last_and_nothing_when_only_a_deadline_passed() {
        let seen = |trace: &Trace| (trace.latest().micros(), trace.changed());
        let trace = Trace::of_rows();
        for row in [row(3, 10, None), row(5, 10, Some(20)), row(3, 10, None), row(4, 10, None)] {
            trace.log_row(KnownAt::from_micros(15), &row);
        }
        assert_eq!(seen(&trace), (10, vec![Seq(3), Seq(4), Seq(5)]), "what comes after the cut has not changed anything");
        trace.log_row(KnownAt::END, &row(5, 10, Some(20)));
        assert_eq!(seen(&trace), (20, vec![Seq(5)]));
        trace.log(KnownAt::END, KnownAt::from_micros(30));
        assert_eq!(seen(&trace), (30, Vec::new()));
        trace.log_row(KnownAt::END, &row(7, 30, None));
        assert_eq!(seen(&trace), (30, vec![Seq(7)]), "a deadline passed and something became known at once");
    }
}
