//! MHOTRS: what the record of a contact has to hold.
//! Answers for every phase what it takes to be documented and when a gap in the record counts as closed; asks for no text, only
//! for the elements a note is said to contain.

pub mod note_01;
pub mod note_02;
pub mod note_03;
pub mod note_04;
pub mod note_05;

use domain::words::{NoteElement, Phase};
use domain::Seq;
use rules::{Case, Checked, Class, Gap, Verdict};

/// The contact in a message: phase, day and peer.
pub(crate) fn contact_words(case: &Case<'_>) -> String {
    let phase = match case.phase() {
        Phase::Preadmission => "pre-admission",
        Phase::Enrolled => "enrolled",
    };
    format!("{phase} contact on {} by {}", case.day(), case.peer_name())
}

/// The note of the contact says none of these elements: a documentation gap, billed or not. Without a note there is nothing to ask.
pub(crate) fn note_without(case: &Case<'_>, elements: &[NoteElement], what: &str) -> Checked {
    let Some(note) = case.note() else { return Ok(Verdict::NotApplicable) };
    if elements.iter().any(|element| note.elements.has(*element)) {
        return Ok(Verdict::Met);
    }
    let view = case.view();
    case.breach(Class::Documentation)
        .because([note.written.seq(), note.latest_seq])
        .lacks(view, || format!("{what} in version {} of note {}", note.version.0, view.history().note_name(note.written.value.note)))
        .say(view, || format!("{} has a note that does not give {what}", contact_words(case)))
        .verdict()
}

/// When and by what "no note" is closed: the first note by its date.
pub(crate) fn note_gap(case: &Case<'_>) -> Gap {
    case.view().first_note(case.key()).map_or(Gap::Open, |note| Gap::Closed(note.value.written_at, note.seq()))
}

/// A gap in the record that weighs more once the contact is billed (D→V of evaluation.md), with what else shows it. `what` is
/// missing or came late, with its article.
pub(crate) fn record_gap(case: &Case<'_>, gap: Gap, shown_by: &[Seq], what: impl Fn() -> String) -> Checked {
    let Some((class, status)) = case.escalate(gap) else { return Ok(Verdict::Met) };
    let view = case.view();
    let contact = || {
        let billed = case.first_submission().map_or_else(String::new, |claim| format!(", billed on {},", claim.submitted_at()));
        format!("{}{billed}", contact_words(case))
    };
    let breach = case.breach(class).status(status).because(shown_by.iter().copied());
    match gap {
        Gap::Open => breach.lacks(view, &what).say(view, || format!("{} is without {}", contact(), what())),
        Gap::Closed(at, seq) => breach.because([seq]).say(view, || format!("{} got {} only on {}", contact(), what(), at)),
    }
    .verdict()
}
