//! Identifiers, one parsed newtype per kind of thing, so that a person is never mistaken for an individual.
//! Refuses empty ids, ids over 64 characters, and characters outside `A-Z a-z 0-9 . _ : -`; it does not know whether an id exists.

use compact_str::CompactString;
use std::fmt;

use crate::field::{FieldType, Kind, Mismatch, Raw};

/// The longest id accepted, in characters (events.md, "A line").
pub const MAX_ID_LENGTH: usize = 64;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdError {
    /// Nothing between the quotes.
    Empty,
    /// Longer than [`MAX_ID_LENGTH`]; carries the length found.
    TooLong(usize),
    /// A character outside the alphabet.
    Character(char),
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IdError::Empty => write!(f, "an empty id"),
            IdError::TooLong(n) => write!(f, "an id of {n} characters"),
            IdError::Character(c) => write!(f, "an id with the character {c:?}"),
        }
    }
}

/// Which bytes an id may have, by their value: every byte of every id is looked up.
const ALPHABET: [bool; 256] = {
    let mut known = [false; 256];
    let mut byte = 0u8;
    while byte < 128 {
        known[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'-');
        byte += 1;
    }
    known
};

fn check(text: &str) -> Result<(), IdError> {
    if (1..=MAX_ID_LENGTH).contains(&text.len()) && text.bytes().all(|b| ALPHABET[usize::from(b)]) {
        return Ok(());
    }
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if let Some(c) = text.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '-'))) {
        return Err(IdError::Character(c));
    }
    if text.len() > MAX_ID_LENGTH {
        return Err(IdError::TooLong(text.len()));
    }
    Ok(())
}

macro_rules! ids {
    ($( $(#[$meta:meta])* $name:ident = $kind:ident $what:literal; )*) => {
        /// Which kind of thing an id names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum IdKind { $( #[doc = $what] $kind, )* }

        impl IdKind {
            /// The kind in words, for messages: "person", "claim".
            pub fn as_str(self) -> &'static str {
                match self { $( IdKind::$kind => $what, )* }
            }
        }

        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub struct $name(CompactString);

            impl $name {
                /// Parses an id; see [`IdError`] for what is refused.
                pub fn parse(text: &str) -> Result<Self, IdError> {
                    check(text)?;
                    Ok(Self(CompactString::new(text)))
                }

                /// The id as it was given.
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.0)
                }
            }

            impl FieldType for $name {
                const KIND: Kind = Kind::Id(IdKind::$kind);
                fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
                    let Some(text) = raw.as_text() else {
                        return Err(Mismatch::new(raw.describe(), crate::field::wanted(&Self::KIND))
                            .hint("ids are text, in quotes; a number that lost its quotes may have lost leading zeros too"));
                    };
                    Self::read_text(text)
                }
                fn read_text(text: &str) -> Result<Self, Mismatch> {
                    $name::parse(text).map_err(|e| {
                        Mismatch::new(format!("{e} ({text:?})"), crate::field::wanted(&Self::KIND))
                            .hint("1 to 64 characters of A-Z a-z 0-9 . _ : -")
                    })
                }
                fn write(&self) -> Raw<'_> {
                    Raw::text(self.as_str())
                }
            }
        )*
    };
}

ids! {
    /// A staff member: peer, supervisor, clinician.
    PersonId = Person "person";
    /// A person served, or a collateral who attends a group. Stored as a pseudonym.
    IndividualId = Individual "individual";
    /// A licensed program of the agency.
    ProgramId = Program "program";
    /// A contract with a peer agency or peer.
    ContractId = Contract "contract";
    /// One delivered service contact.
    ContactId = Contact "contact";
    /// One session of a group.
    GroupSessionId = GroupSession "group session";
    /// A progress note (metadata only, never its text).
    NoteId = Note "note";
    /// A treatment plan, IRP or ISP.
    PlanId = Plan "plan";
    /// A clinically significant event in an individual's record.
    SignificantEventId = SignificantEvent "significant event";
    /// A claim.
    ClaimId = Claim "claim";
    /// A policy document.
    PolicyId = Policy "policy";
    /// An overpayment under review.
    OverpaymentId = Overpayment "overpayment";
    /// A legal hold.
    HoldId = Hold "hold";
    /// A goal within a plan.
    GoalId = Goal "goal";
    /// A finding of ours, `F-...`.
    FindingId = Finding "finding";
    /// The idempotency key a source system gives a line.
    SourceId = Source "source record";
    /// What a correction or retraction points at: a source id, or `seq:<n>`.
    TargetRef = Target "target event";
}

impl TargetRef {
    /// The sequence number of `seq:<n>`; a source id of that very text is looked up first (events.md).
    pub fn as_seq(&self) -> Option<crate::Seq> {
        let digits = self.as_str().strip_prefix("seq:")?;
        digits.parse::<u64>().ok().filter(|n| n.to_string() == digits).map(crate::Seq)
    }
}
