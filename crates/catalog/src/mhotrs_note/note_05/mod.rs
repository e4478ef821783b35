//! Enrolled contact without a note.
//!
//! ## What it finds
//! An MHOTRS contact with an enrolled individual for which no note was written: a documentation gap while it is unbilled, a
//! violation once a claim was submitted. A note dated after the first submission leaves the violation, cured late.
//!
//! ## Why it matters
//! A service that is not documented is a universal ground for taking the payment back.
//!
//! ## Authority
//! [G] Treatment Planning Documentation speaks of what progress notes say, not that every contact has one; that each billed contact
//! needs one is our reading.
//!
//! ## Evidence
//! The contact, the notes that name it by the time they were written, and the first submission of a claim that names it, whatever
//! became of that claim. Written at the very instant of the submission is in time.
//!
//! ## What it does not find
//! How soon a note must be written: the guidance gives no number of days. A note dated before the claim but recorded only after it
//! closes the gap; LATE-01 then says that the source is worth a look. A contact that is pre-admission is the matter of MHOTRS-PRE-04.
//!
//! ## Soft spots
//! For enrolled people the guidance nowhere says in so many words that each contact needs a note; it follows from what notes have
//! to hold. Nor does it say by when a note has to be written: only its absence is found, and any deadline is the agency's policy
//! and not OMH's.
//!
//! ## How to cure
//! Record the note if it exists, with the time it was really written. If it was written after the claim, the claim went out without
//! documentation: void or repay it.

use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-NOTE-05",
    title: "enrolled contact without a note",
    authority: &[Citation::mhotrs("Treatment Planning Documentation", "Progress notes should indicate the type of service provided")],
    classes: &[Class::Violation, Class::Documentation],
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
    super::record_gap(case, super::note_gap(case), &[], || "a note".to_owned())
}
