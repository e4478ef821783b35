//! What a contact's note lacks, before admission and after, and whether a gap was closed in time.
//! A gap closed after the first submission stays; one closed before it never was.

use domain::event::ContactRecorded;
use domain::words::{NoteElement, Phase, SignatureCapacity};
use domain::{KnownAt, ValidAt};

use crate::Class;
use crate::episodes::phase;
use crate::papers::{Note, known, note};
use crate::people::{Standing, is};
use crate::sight::{Sayings, Sight, is_clinic};

/// A gap that a paper closes, or would.
fn gap(sight: &Sight<'_>, rule: &'static str, contact: &ContactRecorded, closed: Option<ValidAt>, out: &mut Sayings) {
    let submitted = sight.submitted(contact.contact.as_str());
    match (closed.map(ValidAt::as_submission_known), submitted) {
        (None, None) => {
            out.about(rule, Class::Documentation, contact);
        }
        (None, Some(_)) => {
            out.about(rule, Class::Violation, contact);
        }
        (Some(closed), Some(submitted)) if closed > submitted => out.about(rule, Class::Violation, contact).cured_late = true,
        (Some(_), _) => {}
    }
}

/// The first signature of the peer's own, and of an LPHA's who is not the peer: when, and by which event.
fn signed<'a>(sight: &Sight<'a>, contact: &ContactRecorded, note: &Note<'a>) -> [Option<(ValidAt, u64)>; 2] {
    let peer = contact.peer.as_str();
    let own = note.signatures.iter().filter(|s| s.signer == peer && matches!(s.capacity, SignatureCapacity::Peer | SignatureCapacity::Author));
    let lpha = note.signatures.iter().filter(|s| {
        s.signer != peer && s.capacity == SignatureCapacity::Lpha && is(sight, s.signer, Standing::Lpha, s.at.local_day())
    });
    [own.map(|s| (s.at, s.seq)).min(), lpha.map(|s| (s.at, s.seq)).min()]
}

/// MHOTRS-PRE-04 to -09, MHOTRS-NOTE-01 to -05, LATE-01.
pub(crate) fn written(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if !is_clinic(contact) {
        return;
    }
    let phase = phase(sight, contact);
    let (no_note, lacks): (_, &[(&'static str, &[NoteElement])]) = match phase {
        Phase::Preadmission => (
            "MHOTRS-PRE-04",
            &[
                ("MHOTRS-PRE-05", &[NoteElement::Purpose]),
                ("MHOTRS-PRE-06", &[NoteElement::Response]),
                ("MHOTRS-PRE-07", &[NoteElement::Progress, NoteElement::Outcome]),
            ],
        ),
        Phase::Enrolled => (
            "MHOTRS-NOTE-05",
            &[
                ("MHOTRS-NOTE-01", &[NoteElement::ServiceType]),
                ("MHOTRS-NOTE-02", &[NoteElement::Purpose]),
                ("MHOTRS-NOTE-03", &[NoteElement::Response]),
                ("MHOTRS-NOTE-04", &[NoteElement::Progress, NoteElement::Outcome]),
            ],
        ),
    };
    let Some(note) = note(sight, contact.contact.as_str()) else {
        gap(sight, no_note, contact, None, out);
        return;
    };
    gap(sight, no_note, contact, Some(note.first.0), out);
    for (rule, _) in lacks.iter().filter(|(_, any_of)| !any_of.iter().any(|e| note.has(*e))) {
        out.about(rule, Class::Documentation, contact);
    }
    let mut closed = vec![note.first];
    if phase == Phase::Preadmission {
        let [own, lpha] = signed(sight, contact, &note);
        gap(sight, "MHOTRS-PRE-08", contact, own.map(|(at, _)| at), out);
        gap(sight, "MHOTRS-PRE-09", contact, lpha.map(|(at, _)| at), out);
        closed.extend(own.into_iter().chain(lpha));
    }
    let submitted = sight.submitted(contact.contact.as_str());
    let late = |(at, seq): &(ValidAt, u64), submitted: KnownAt| at.as_submission_known() <= submitted && known(sight, *seq) > submitted;
    if submitted.is_some_and(|submitted| closed.iter().any(|fact| late(fact, submitted))) {
        out.about("LATE-01", Class::Advisory, contact);
    }
}
