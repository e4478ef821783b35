//! What a pack is made of, as whoever gathered it hands it over.
//! It refuses to derive anything: counts and digests come when the pack is put together.

use transparency::Hash;

use crate::cover::Cover;
use crate::frames::Frames;

/// What a pack was asked to be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One claim.
    Claim,
    /// A sample of claims.
    Sample,
    /// A staff member.
    Person,
    /// A person served.
    Individual,
    /// A contact.
    Contact,
    /// A finding.
    Finding,
    /// All events of a range of seqs.
    Range,
    /// All events.
    Everything,
}

impl Kind {
    /// As the manifest writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Claim => "claim",
            Kind::Sample => "sample",
            Kind::Person => "person",
            Kind::Individual => "individual",
            Kind::Contact => "contact",
            Kind::Finding => "finding",
            Kind::Range => "range",
            Kind::Everything => "everything",
        }
    }
}

/// The scope of a pack.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Kind.
    pub kind: Kind,
    /// Ids asked for; none for a range or everything.
    pub ids: Vec<String>,
    /// For people.
    pub words: String,
}

/// Which ledger.
#[derive(Clone, Debug)]
pub struct LedgerName {
    /// Origin of its checkpoints.
    pub origin: String,
    /// Its id.
    pub id: [u8; 16],
    /// Its people are invented.
    pub simulated: bool,
}

/// An earlier tree, and the path from it to the pack's.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Its size.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// RFC 9162, section 2.1.4.
    pub path: Vec<Hash>,
}

/// What opens the sealed values of one subject in one event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventKey {
    /// The event.
    pub seq: u64,
    /// Pseudonym of the subject.
    pub subject: [u8; 16],
    /// The key.
    pub key: [u8; 32],
}

/// What was left out of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Its body.
    Body,
    /// The sealed value at this place of its list.
    Sealed(u64),
}

/// Why it was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It concerns people whom the pack is not about.
    OtherPeople,
    /// The pack's purpose does not need it.
    NotNeeded,
    /// Its subject's key was destroyed; nobody can open it.
    Erased,
}

impl Why {
    /// As the list of redactions writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Why::OtherPeople => "other_people",
            Why::NotNeeded => "not_needed",
            Why::Erased => "erased",
        }
    }
}

/// One thing that was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Redaction {
    /// The event.
    pub seq: u64,
    /// What of it.
    pub what: What,
    /// Why.
    pub why: Why,
}

/// Everything that goes into a pack.
#[derive(Debug)]
pub struct Contents {
    /// Which ledger.
    pub ledger: LedgerName,
    /// Its genesis bytes.
    pub genesis: Vec<u8>,
    /// Signed statements of key rotations, oldest first.
    pub rotations: Vec<String>,
    /// The signed checkpoint, cosignatures included.
    pub checkpoint: String,
    /// Events under it.
    pub size: u64,
    /// Root under it.
    pub root: Hash,
    /// What the pack is about.
    pub scope: Scope,
    /// First and last seq of a pack that leaves nothing out between them.
    pub complete: Option<(u64, u64)>,
    /// The last event looked at, and when the ledger recorded it.
    pub cut: (u64, String),
    /// Day the findings were judged on.
    pub today: String,
    /// Identity of the rules.
    pub rule_set: String,
    /// Records under 42 CFR part 2 are in it.
    pub part2: bool,
    /// Headers and bodies, ascending by seq.
    pub frames: Frames,
    /// Of [`crate::frame_proof`] over the seqs of `frames`.
    pub proof: Vec<Hash>,
    /// Earlier trees, ascending by size.
    pub consistency: Vec<Earlier>,
    /// The sample that was asked for, as it was given.
    pub sample: Option<Vec<u8>>,
    /// Event keys, ascending.
    pub keys: Vec<EventKey>,
    /// `countersign.findings.v1`.
    pub findings: String,
    /// How many findings are in it.
    pub finding_count: u64,
    /// What was left out, ascending.
    pub redactions: Vec<Redaction>,
    /// The same, and what a pack of this scope leaves out altogether, in words.
    pub redaction_words: Vec<String>,
    /// `countersign.pack.supervision.v1`.
    pub supervision: String,
    /// `countersign.pack.credentials.v1`.
    pub credentials: String,
    /// What the cover says beside the above.
    pub cover: Cover,
}
