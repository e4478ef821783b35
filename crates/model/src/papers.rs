//! Notes of a contact: which was written first, which last, what its latest version contains and who signed that.
//! Never asks what a note says, only which elements it has.

use domain::words::{NoteElement, SignatureCapacity};
use domain::{KnownAt, ValidAt};

use crate::sight::{Sight, told};

/// A signature of the latest version.
pub(crate) struct Signed<'a> {
    pub(crate) signer: &'a str,
    pub(crate) capacity: SignatureCapacity,
    pub(crate) at: ValidAt,
    /// Place of the event.
    pub(crate) seq: u64,
}

/// The note of a contact as it is.
pub(crate) struct Note<'a> {
    /// When the first note was written, and the place of that event.
    pub(crate) first: (ValidAt, u64),
    elements: &'a [NoteElement],
    pub(crate) signatures: Vec<Signed<'a>>,
}

impl Note<'_> {
    pub(crate) fn has(&self, element: NoteElement) -> bool {
        self.elements.contains(&element)
    }
}

/// The note of a contact.
pub(crate) fn note<'a>(sight: &Sight<'a>, contact: &str) -> Option<Note<'a>> {
    let notes: Vec<_> = told!(sight, "notes", contact, Delivery::NoteWritten).filter(|(_, n)| n.contact.as_str() == contact).collect();
    let first = notes.iter().map(|(seq, n)| (n.written_at, *seq)).min()?;
    let (_, last) = notes.iter().max_by_key(|(seq, n)| (n.written_at, *seq))?;
    let id = last.note.as_str();
    let amended = told!(sight, "amendments", id, Delivery::NoteAmended).filter(|(_, a)| a.note == last.note);
    let latest = amended.max_by_key(|(seq, a)| (a.version, *seq)).map(|(_, a)| (a.version.0, a.elements.as_slice()));
    let (version, elements) = latest.unwrap_or((1, last.elements.as_slice()));
    let signatures = told!(sight, "signatures", id, Delivery::NoteSigned)
        .filter(|(_, s)| s.note == last.note && s.version.map_or(1, |v| v.0) == version)
        .map(|(seq, s)| Signed { signer: s.signer.as_str(), capacity: s.capacity, at: s.signed_at, seq })
        .collect();
    Some(Note { first, elements, signatures })
}

/// When an event itself was known, whatever was corrected of it since.
pub(crate) fn known(sight: &Sight<'_>, seq: u64) -> KnownAt {
    sight.book.facts.iter().find(|fact| fact.seq == seq).map_or(KnownAt::BEGINNING, |fact| fact.known)
}
