//! An event with what surrounds it: before it is appended (a draft) and after (recorded, with its place and time).
//! `recorded_at` is the ledger's own; `entered_at` is a source system's claim and never later.

use crate::event::Event;
use crate::ids::SourceId;
use crate::quantity::Seq;
use crate::text::{Digest, Text};
use crate::time::KnownAt;

/// Where a line came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// blake3 of the whole file.
    pub file: [u8; 32],
    /// Line of the file, from 1.
    pub line: u64,
}

/// What every line may carry besides its payload.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Envelope {
    /// Idempotency key of the source system.
    pub source_id: Option<SourceId>,
    /// When the source system says it was entered.
    pub entered_at: Option<KnownAt>,
    /// Who entered it.
    pub actor: Option<Text>,
    /// Digests of supporting documents.
    pub evidence: Vec<Digest>,
    /// Where the line came from.
    pub provenance: Option<Provenance>,
}

/// An event on its way to the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The fact.
    pub event: Event,
    /// What came with it.
    pub envelope: Envelope,
    /// Supplied only to simulated ledgers; elsewhere the ledger's clock decides.
    pub recorded_at: Option<KnownAt>,
}

impl Draft {
    /// A draft without envelope, as the ledger's own events are.
    pub fn bare(event: impl Into<Event>) -> Self {
        Self { event: event.into(), envelope: Envelope::default(), recorded_at: None }
    }
}

/// An event as the ledger holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Its place.
    pub seq: Seq,
    /// The ledger's clock at append.
    pub recorded_at: KnownAt,
    /// What came with it.
    pub envelope: Envelope,
    /// For a correction or retraction: the event it points at, looked up when it was appended (source id first, then
    /// `seq:<n>`) and stored in its payload, so that a replay needs no table of source ids. `Ledger::amended()` gives all
    /// such targets of a ledger, sorted, so that a timeline knows before a replay which events will be amended later.
    pub target: Option<Seq>,
    /// The fact.
    pub event: Event,
}

impl Recorded {
    /// When it was known: `entered_at` if given, else `recorded_at` (events.md, "Time").
    pub fn known_at(&self) -> KnownAt {
        self.envelope.entered_at.unwrap_or(self.recorded_at)
    }
}
