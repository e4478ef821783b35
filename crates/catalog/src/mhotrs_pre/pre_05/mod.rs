//! Pre-admission note that does not give the purpose of the contact.
//!
//! ## What it finds
//! An MHOTRS pre-admission contact whose note, in its latest version, lacks `purpose`.
//!
//! ## Why it matters
//! Pre-admission work has no plan yet: the purpose in the note is all that says why the contact took place.
//!
//! ## Authority
//! [G] Preadmission, and again among the points of [G] Billing. The word is "should"; it stands in a list of billing requirements, so
//! we treat a gap as one of documentation.
//!
//! ## Evidence
//! The elements listed for the latest version of the note, the last written where a contact has several. The ledger holds no text
//! of notes.
//!
//! ## What it does not find
//! A contact without any note (MHOTRS-PRE-04), and how well a note is written. It stays a documentation gap when the contact is
//! billed.
//!
//! ## How to cure
//! Amend the note openly, as a late entry, if its author remembers; record the amendment as a new version and have that version
//! signed again (MHOTRS-PRE-08, -09).

use domain::words::NoteElement;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

use crate::mhotrs_note::note_without;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-PRE-05",
    title: "pre-admission note that does not give the purpose of the contact",
    authority: &[Citation::mhotrs("Preadmission", "should include the purpose of the contact")],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, _: &Params<'_>) -> Checked {
    if !case.is_preadmission() {
        return Ok(Verdict::NotApplicable);
    }
    note_without(case, &[NoteElement::Purpose], "the purpose of the contact")
}
