//! Progress note that does not give progress or outcome.
//!
//! ## What it finds
//! An MHOTRS contact with an enrolled individual whose note, in its latest version, lacks `progress` or `outcome`.
//!
//! ## Why it matters
//! Progress is what justifies that the service continues.
//!
//! ## Authority
//! [G] Treatment Planning Documentation. The sentence stands in the paragraph on ad hoc contacts; we apply it to every progress note
//! of a peer.
//!
//! ## Evidence
//! The elements listed for the latest version of the note, the last written where a contact has several. The ledger holds no text
//! of notes.
//!
//! ## What it does not find
//! Either of the two is enough: the guidance names progress here and outcome for pre-admission notes.
//! A contact without any note (MHOTRS-NOTE-05), pre-admission notes (MHOTRS-PRE-05, -06, -07), and how well a note is written. It
//! stays a documentation gap when the contact is billed, and no second signature is asked for (MHOTRS-NOTE-06).
//!
//! ## Soft spots
//! For pre-admission the guidance names this element in two ways, progress and outcome; we take either for enrolled people too.
//! What a note of an enrolled person has to hold is said only in the paragraph on ad hoc contacts; we read it for every peer
//! contact.
//!
//! ## How to cure
//! Amend the note openly, as a late entry, if its author remembers; record the amendment as a new version.

use domain::words::NoteElement;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-NOTE-04",
    title: "progress note that does not give progress or outcome",
    authority: &[Citation::mhotrs("Treatment Planning Documentation", "response of the individual, and progress")],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, _: &Params<'_>) -> Checked {
    if !case.is_enrolled() {
        return Ok(Verdict::NotApplicable);
    }
    super::note_without(case, &[NoteElement::Progress, NoteElement::Outcome], "progress or outcome")
}
