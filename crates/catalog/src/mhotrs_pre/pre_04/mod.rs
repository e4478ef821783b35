//! Pre-admission contact without a note.
//!
//! ## What it finds
//! An MHOTRS pre-admission contact for which no note was written: a documentation gap while it is unbilled, a violation once a claim
//! was submitted. A note dated after the first submission leaves the violation, cured late.
//!
//! ## Why it matters
//! The guidance asks for each pre-admission contact to be in the chart, and a service that is not documented cannot be billed.
//!
//! ## Authority
//! [G] Preadmission, repeated among the points of [G] Billing.
//!
//! ## Evidence
//! The contact, the notes that name it by the time they were written, and the first submission of a claim that names it, whatever
//! became of that claim. Written at the very instant of the submission is in time.
//!
//! ## What it does not find
//! How soon a note must be written: no number of days is given. A note dated before the claim but recorded only after it closes the
//! gap; LATE-01 then says that the source is worth a look. A contact of an enrolled individual is the matter of MHOTRS-NOTE-05.
//!
//! ## Soft spots
//! The guidance does not say by when a note has to be written. Only its absence is found; any deadline is the agency's policy and
//! not OMH's.
//!
//! ## How to cure
//! Record the note if it exists, with the time it was really written. If it was written after the claim, the claim went out without
//! documentation: void or repay it.

use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

use crate::mhotrs_note::{note_gap, record_gap};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-PRE-04",
    title: "pre-admission contact without a note",
    authority: &[Citation::mhotrs("Preadmission", "Each contact must be documented in the chart")],
    classes: &[Class::Violation, Class::Documentation],
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
    record_gap(case, note_gap(case), &[], || "a note".to_owned())
}
