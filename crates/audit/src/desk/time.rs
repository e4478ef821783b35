//! Something over time, as spans on lanes: days on which the same was so, put together, and told apart by what was known when.
//! Asks a view day by day, as the rules do; it has no notion of its own of what counts.

use domain::{KnownAt, ValidDay};
use timeline::View;

use super::Desk;

/// How well a span holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// In force.
    Fully,
    /// In force, of the lesser kind.
    Partly,
    /// Not in force where it was before, or missing.
    Not,
}

/// Days on which the same was so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: ValidDay,
    /// Last day.
    pub to: ValidDay,
    /// What was so.
    pub says: String,
    /// How well.
    pub holds: Holds,
}

/// One kind of thing over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// What it is.
    pub name: String,
    /// Spans, ascending.
    pub spans: Vec<Span>,
}

/// Days told at most: three years.
const MOST: i64 = 1_096;

/// The days told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) from: ValidDay,
    pub(super) to: ValidDay,
}

impl Frame {
    /// From the first day on which anything was so, three years back at most, to the evaluation day or the day as known on.
    pub(super) fn of(first: Option<ValidDay>, today: ValidDay, known: Option<KnownAt>) -> Self {
        let to = known.map_or(today, |at| at.local_day().min(today));
        Self { from: first.unwrap_or(to).clamp(to.plus_days(-MOST), to), to }
    }

    /// Days on which the same is said, put together.
    pub(super) fn spans(&self, says: impl Fn(ValidDay) -> Option<(String, Holds)>) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for day in (0..=self.to.days_since(self.from)).map(|n| self.from.plus_days(n)) {
            let Some((says, holds)) = says(day) else { continue };
            put(&mut spans, Span { from: day, to: day, says, holds });
        }
        spans
    }
}

/// One more span, which goes on with the last where that ended the day before and says the same.
pub(super) fn put(spans: &mut Vec<Span>, span: Span) {
    match spans.last_mut().filter(|last| last.to.plus_days(1) == span.from && last.says == span.says && last.holds == span.holds) {
        Some(last) => last.to = span.to,
        None => spans.push(span),
    }
}

impl Desk {
    /// What was known by an instant, or everything.
    pub(super) fn view_of(&self, known: Option<KnownAt>) -> View<'_> {
        let view = self.loaded.view();
        known.map_or(view, |at| view.known_by(at))
    }
}

/// Of lanes as they are known now, those that stand otherwise on the lanes as they were known then.
pub(super) fn corrected(then: &[Lane], now: Vec<Lane>) -> Vec<Lane> {
    now.into_iter().filter(|lane| then.iter().find(|t| t.name == lane.name).is_none_or(|t| t.spans != lane.spans)).collect()
}

/// How many fell on each day, ascending.
pub(super) fn by_day(mut days: Vec<ValidDay>) -> Vec<(ValidDay, u64)> {
    days.sort_unstable();
    days.chunk_by(|a, b| a == b).filter_map(|same| Some((*same.first()?, same.len() as u64))).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> ValidDay {
        ValidDay::parse(text).unwrap()
    }

    #[test]
    fn days_on_which_the_same_was_so_are_one_span() {
        let frame = Frame { from: day("2025-03-01"), to: day("2025-03-05") };
        let spans = frame.spans(|on| (on != day("2025-03-03")).then(|| ("in force".to_owned(), Holds::Fully)));
        assert_eq!(spans.iter().map(|s| (s.from, s.to)).collect::<Vec<_>>(), [(day("2025-03-01"), day("2025-03-02")), (day("2025-03-04"), day("2025-03-05"))]);
        let lane = |spans: &[Span]| Lane { name: "NYCPS".to_owned(), spans: spans.to_vec() };
        assert!(corrected(&[lane(&spans)], vec![lane(&spans)]).is_empty());
        assert_eq!(corrected(&[lane(&spans)], vec![lane(&spans[..1])]).len(), 1, "what later entries changed");
        assert_eq!(by_day(vec![day("2025-03-02"), day("2025-03-01"), day("2025-03-02")]), [(day("2025-03-01"), 1), (day("2025-03-02"), 2)]);
    }
}
