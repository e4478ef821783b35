//! One fact with the stretch of knowledge time in which it was believed.
//! A row is never changed: a correction ends one row and begins another.

use domain::{KnownAt, Seq};

/// Knowledge time from the instant a fact was known until the instant it was corrected or retracted (not included).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Known from here on.
    pub from: KnownAt,
    /// Believed until before this; [`KnownAt::END`] while nothing contradicts it.
    pub until: KnownAt,
}

impl Span {
    /// Known from an instant on, never contradicted.
    pub fn since(from: KnownAt) -> Self {
        Self { from, until: KnownAt::END }
    }

    /// Of a row whose event was told anew: believed at no cut, and no instant at which an answer changes.
    pub(crate) const DEAD: Self = Self { from: KnownAt::END, until: KnownAt::BEGINNING };

    /// Whether the fact is believed at `known`; at [`KnownAt::END`] means with everything known.
    pub fn holds_at(self, known: KnownAt) -> bool {
        self.from <= known && (known < self.until || self.until == KnownAt::END)
    }
}

/// A fact, the event it came from, and when it was believed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row<T> {
    pub(crate) seq: u32,
    /// When it was believed.
    pub span: Span,
    /// The fact.
    pub value: T,
}

impl<T> Row<T> {
    pub(crate) fn new(at: At, value: T) -> Self {
        Self { seq: at.seq, span: at.span, value }
    }

    /// Where it stands among rows: by event, the versions of one event by when they were believed.
    pub(crate) fn order(&self) -> (u32, KnownAt) {
        (self.seq, self.span.from)
    }

    /// The event it came from.
    pub fn seq(&self) -> Seq {
        Seq(u64::from(self.seq))
    }
}

/// Puts rows in ledger order; those of one event stay as they came.
pub(crate) fn in_ledger_order<T>(rows: &mut [Row<T>]) {
    if !rows.is_sorted_by_key(|row| row.seq) {
        rows.sort_by_key(|row| row.seq);
    }
}

/// Where and when a fact being applied stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At {
    pub(crate) seq: u32,
    pub(crate) span: Span,
}

impl At {
    pub(crate) fn new(seq: Seq, span: Span) -> Self {
        // Rows keep 32 bits of seq to stay small: a timeline of four thousand million events would not fit memory.
        Self { seq: u32::try_from(seq.0).unwrap_or(u32::MAX), span }
    }
}
