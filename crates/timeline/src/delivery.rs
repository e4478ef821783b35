//! Contacts, group sessions, notes and signatures as columns of small rows.
//! Texts and lists are keys into the history's name tables; nothing here owns a string.

use domain::quantity::Version;
use domain::words::{Basis, Format, Mode, NoteElement, Phase, Recipient, Service, SignatureCapacity, Site};
use domain::{Minutes, Units, ValidAt, ValidDay};

use crate::names::{
    ContactKey, GoalKey, IndividualKey, NoteKey, PersonKey, ProgramKey, SessionKey, SignificantEventKey, TextKey, TextListKey,
};

/// A service contact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contact {
    /// Its key.
    pub contact: ContactKey,
    /// Program.
    pub program: ProgramKey,
    /// Who delivered it.
    pub peer: PersonKey,
    /// Who was served.
    pub individual: IndividualKey,
    /// Group session, if any.
    pub session: Option<SessionKey>,
    /// Start.
    pub start: ValidAt,
    /// End.
    pub end: ValidAt,
    /// Local date of the start, `D(c)` of evaluation.md.
    pub day: ValidDay,
    /// Component, if given.
    pub component: Option<TextKey>,
    /// Activities.
    pub activities: TextListKey,
    /// Significant event, if given.
    pub event: Option<SignificantEventKey>,
    /// Goal, if given.
    pub goal: Option<GoalKey>,
    /// Purpose, if given.
    pub purpose: Option<TextKey>,
    /// Service.
    pub service: Service,
    /// The label about admission.
    pub phase: Phase,
    /// Individual or group.
    pub format: Format,
    /// How.
    pub mode: Mode,
    /// Where.
    pub site: Site,
    /// Basis.
    pub basis: Basis,
    /// Who received it.
    pub recipient: Recipient,
}

impl Contact {
    /// Whole minutes of elapsed time.
    pub fn minutes(&self) -> Minutes {
        self.start.minutes_until(self.end)
    }
}

/// A group session.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Its key.
    pub session: SessionKey,
    /// Program.
    pub program: ProgramKey,
    /// Local date of the start.
    pub day: ValidDay,
    /// Distinct attendees, sorted.
    pub attendees: Box<[IndividualKey]>,
}

/// Which elements a note has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Elements(pub(crate) u16);

impl Elements {
    /// From the list in an event.
    pub fn of(list: &[NoteElement]) -> Self {
        Self(list.iter().fold(0, |bits, e| bits | 1 << e.code()))
    }

    /// Whether the element is there.
    pub fn has(self, element: NoteElement) -> bool {
        self.0 & (1 << element.code()) != 0
    }
}

/// The first version of a note.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Note {
    /// Its key.
    pub note: NoteKey,
    /// Contact it documents.
    pub contact: ContactKey,
    /// Author.
    pub author: PersonKey,
    /// When it was written.
    pub written_at: ValidAt,
    /// What it contains.
    pub elements: Elements,
}

/// A later version of a note.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NoteVersion {
    /// Note.
    pub note: NoteKey,
    /// Version.
    pub version: Version,
    /// When.
    pub amended_at: ValidAt,
    /// What it contains.
    pub elements: Elements,
}

/// A signature on one version of a note.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signature {
    /// Note.
    pub note: NoteKey,
    /// Version signed.
    pub version: Version,
    /// Who.
    pub signer: PersonKey,
    /// In what capacity.
    pub capacity: SignatureCapacity,
    /// When.
    pub signed_at: ValidAt,
}

/// PROS units accrued.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accrual {
    /// Individual.
    pub individual: IndividualKey,
    /// Program.
    pub program: ProgramKey,
    /// Contact, if named.
    pub contact: Option<ContactKey>,
    /// Day.
    pub on: ValidDay,
    /// Units.
    pub units: Units,
}
