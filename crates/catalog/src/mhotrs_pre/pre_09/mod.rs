//! Pre-admission note that no LPHA has signed.
//!
//! ## What it finds
//! An MHOTRS pre-admission contact with a note whose latest version carries no signature, in the capacity of LPHA, of somebody other
//! than the delivering peer who was a licensed practitioner of the healing arts on the day of signing: a documentation gap while it
//! is unbilled, a violation once a claim was submitted. A signature given after the first submission leaves the violation, cured
//! late.
//!
//! ## Why it matters
//! Before admission no plan is signed by a clinician; this countersignature is the only clinical responsibility for the contact.
//!
//! ## Authority
//! [G] Preadmission, repeated among the points of [G] Billing.
//!
//! ## Evidence
//! The last written note of the contact, its versions, the signatures on the latest one, and the signers' licences on the local day
//! of signing. Disciplines are in the table `disciplines`; a permit does not count.
//!
//! ## What it does not find
//! A contact without a note (MHOTRS-PRE-04). Notes of enrolled contacts, for which no countersignature is asked (MHOTRS-NOTE-06).
//! How soon the LPHA signs, as long as it is before the claim. A peer who is also licensed cannot countersign the own contact.
//!
//! ## Soft spots
//! Who is a licensed practitioner of the healing arts is not in the guidance: the list is a dated table, to be verified. Nor does
//! it say by when to sign: before the claim is in time, after it is cured late; any other deadline is the agency's policy and not
//! OMH's.
//!
//! ## How to cure
//! Have an LPHA review and sign the latest version, with the true time of signing. If that is after the claim, the violation stays,
//! cured late. If the licence was simply not recorded, record it.

use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

use super::{lpha_signature, note_events, signature_gap};
use crate::mhotrs_note::record_gap;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-PRE-09",
    title: "pre-admission note that no LPHA has signed",
    authority: &[
        Citation::mhotrs("Preadmission", "and a Licensed Practitioner of the Healing Arts (LPHA)"),
        Citation::mhotrs("Billing", "must be signed by the peer and a Licensed Practitioner"),
    ],
    classes: &[Class::Violation, Class::Documentation],
    version: 2,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    if !case.is_preadmission() {
        return Ok(Verdict::NotApplicable);
    }
    let Some(note) = case.note() else { return Ok(Verdict::NotApplicable) };
    let gap = signature_gap(lpha_signature(case, p, &note)?);
    record_gap(case, gap, &note_events(case, &note), || format!("a countersignature of an LPHA on version {} of its note", note.version.0))
}
