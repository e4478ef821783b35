//! Pre-admission note that does not give progress or outcome.
//!
//! ## What it finds
//! An MHOTRS pre-admission contact whose note, in its latest version, lacks both `progress` and `outcome`.
//!
//! ## Why it matters
//! What came of the contact is what tells engagement from a stand-alone service.
//!
//! ## Authority
//! [G] Preadmission asks for progress toward the goal, [G] Billing for the outcome of the encounter; we take either.
//!
//! ## Evidence
//! The elements listed for the latest version of the note, the last written where a contact has several. The ledger holds no text
//! of notes.
//!
//! ## What it does not find
//! A contact without any note (MHOTRS-PRE-04), and how well a note is written. It stays a documentation gap when the contact is
//! billed.
//!
//! ## Soft spots
//! The guidance names the third element of the note in two ways: progress toward the goal in one place, outcome of the encounter in
//! another. Either counts here; only a note with neither is found.
//!
//! ## How to cure
//! Amend the note openly, as a late entry, if its author remembers; record the amendment as a new version and have that version
//! signed again (MHOTRS-PRE-08, -09).

use domain::words::NoteElement;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

use crate::mhotrs_note::note_without;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-PRE-07",
    title: "pre-admission note that does not give progress or outcome",
    authority: &[
        Citation::mhotrs("Preadmission", "progress made towards the goal"),
        Citation::mhotrs("Billing", "response of the individual, and outcome of the encounter"),
    ],
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
    note_without(case, &[NoteElement::Progress, NoteElement::Outcome], "progress or outcome")
}
