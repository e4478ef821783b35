//! What became of a draft: appended, already there, or refused and why.
//! It refuses to be an error type: that a draft contradicts the ledger is an answer, not a failure.

use std::fmt;

use domain::field::FieldProblem;
use domain::{KnownAt, Seq};

/// Where a caller expects the ledger to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Anywhere.
    Any,
    /// With exactly this event as the last.
    Head(Seq),
}

/// What became of one draft.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is, or with the commit will be, the event at this seq.
    Appended(Seq),
    /// The same fact under the same key is at this seq; nothing was added.
    AlreadyThere(Seq),
    /// It cannot be appended.
    Refused(Refusal),
}

/// Why a draft cannot be appended. Every refusal is of the draft alone: the ledger is unchanged.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The same key stands for another fact; a fact is changed with `event_corrected`.
    Conflict {
        /// The event that has the key.
        seq: Seq,
        /// Fields that differ.
        fields: Vec<&'static str>,
    },
    /// The id was introduced before, by an event that was not retracted.
    IntroducedTwice {
        /// The event that introduced it.
        first: Seq,
        /// Field that carries the id.
        field: &'static str,
        /// The id.
        id: String,
    },
    /// The target of a correction or retraction is not in the ledger.
    UnknownTarget {
        /// The target as given.
        target: String,
    },
    /// The target is a correction; the original event is what must be corrected.
    TargetIsCorrection {
        /// The correction.
        correction: Seq,
        /// The event it corrects.
        original: Seq,
    },
    /// The target is an event of the ledger's own, which nobody may correct or retract.
    TargetIsLedgers {
        /// The event.
        target: Seq,
    },
    /// The field names the event's own subject and cannot be corrected: retract and append anew.
    FixedField {
        /// The field.
        field: String,
    },
    /// The corrected event would not be one.
    InvalidCorrection(Vec<FieldProblem>),
    /// Only simulated ledgers take `recorded_at` from the draft.
    RecordedAtRefused,
    /// A simulated ledger needs it.
    RecordedAtMissing,
    /// It lies before the event before.
    RecordedAtBackwards {
        /// The earliest instant possible.
        earliest: KnownAt,
        /// The instant given.
        given: KnownAt,
    },
    /// The source says it was entered after the ledger recorded it.
    EnteredAfterRecorded {
        /// What the source says.
        entered_at: KnownAt,
        /// When it is recorded.
        recorded_at: KnownAt,
    },
    /// An individual was erased, and the event names them; or a staff member was, and the event has something confidential about them.
    SubjectErased {
        /// Whom the draft names, where it names an individual.
        individual: Option<String>,
    },
    /// The event is larger than a payload may be (1 MiB).
    TooLarge,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict { seq, fields } => write!(
                f,
                "seq {seq} has the same key and differs in {}; append an event_corrected to change a fact",
                fields.join(", ")
            ),
            Self::IntroducedTwice { first, field, id } => {
                write!(f, "{field} {id} was introduced by seq {first}; retract that event first, or use another id")
            }
            Self::UnknownTarget { target } => write!(f, "there is no event {target:?}, neither as a source id nor as seq:<n>"),
            Self::TargetIsCorrection { correction, original } => {
                write!(f, "seq {correction} is itself a correction; correct the original, seq:{original}")
            }
            Self::TargetIsLedgers { target } => write!(f, "seq {target} was appended by the ledger itself and stays as it is"),
            Self::FixedField { field } => {
                write!(f, "{field} says what the event is about and cannot be corrected; retract the event and append it anew")
            }
            Self::InvalidCorrection(problems) => {
                f.write_str("the corrected event would not be valid:")?;
                problems.iter().try_for_each(|p| write!(f, " {}: found {}, wanted {};", p.field, p.mismatch.found, p.mismatch.wanted))
            }
            Self::RecordedAtRefused => f.write_str("recorded_at is the ledger's own clock; only a simulated ledger takes it from the input"),
            Self::RecordedAtMissing => f.write_str("a simulated ledger needs recorded_at on every line"),
            Self::RecordedAtBackwards { earliest, given } => {
                write!(f, "recorded_at {given} lies before {earliest}, that of the event before it")
            }
            Self::EnteredAfterRecorded { entered_at, recorded_at } => {
                write!(f, "entered_at {entered_at} lies after recorded_at {recorded_at}; check the clock and offset of the source system")
            }
            Self::SubjectErased { individual: Some(id) } => {
                write!(f, "{id} was erased from this ledger; nothing that names them can be recorded again, not even under the old id")
            }
            Self::SubjectErased { individual: None } => {
                f.write_str("the person was erased from this ledger; no birth date and no number of theirs can be recorded again")
            }
            Self::TooLarge => f.write_str("the event is larger than 1 MiB; it cannot be a fact about peer support"),
        }
    }
}

/// A refusal and which draft it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Place among the drafts given, from 0.
    pub index: usize,
    /// Why.
    pub refusal: Refusal,
}

/// What an append or an import did, once it is durable.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// One outcome a draft, in their order; none of them [`Outcome::Refused`]. Empty for imports, which answer draft by draft.
    pub outcomes: Vec<Outcome>,
    /// How many events were appended.
    pub appended: u64,
    /// How many drafts were there already.
    pub already_there: u64,
    /// The ledger after it.
    pub head: crate::Head,
    /// The clock given lay before the last event's `recorded_at`, which was used instead.
    pub clock_stepped_back: bool,
}
