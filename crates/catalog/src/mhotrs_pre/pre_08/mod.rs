//! Pre-admission note that the delivering peer has not signed.
//!
//! ## What it finds
//! An MHOTRS pre-admission contact with a note whose latest version carries no signature of the peer who delivered the contact, as
//! peer or as author: a documentation gap while it is unbilled, a violation once a claim was submitted. A signature given after the
//! first submission leaves the violation, cured late.
//!
//! ## Why it matters
//! The signature is how the person who was there answers for what the note says.
//!
//! ## Authority
//! [G] Preadmission, repeated among the points of [G] Billing.
//!
//! ## Evidence
//! The last written note of the contact, its versions, and the signatures on the latest one. A signature covers one version: an
//! amendment leaves the new version unsigned.
//!
//! ## What it does not find
//! A contact without a note (MHOTRS-PRE-04). Notes of enrolled contacts. Somebody else's signature does not count, nor does the
//! peer's own in another capacity.
//!
//! ## Soft spots
//! The guidance does not say by when a note has to be signed. A signature before the claim is in time, one after it is cured late;
//! any other deadline is the agency's policy and not OMH's.
//!
//! ## How to cure
//! Have the peer sign the latest version, with the true time of signing. If that is after the claim, the violation stays, cured late.

use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

use super::{note_events, peer_signature, signature_gap};
use crate::mhotrs_note::record_gap;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-PRE-08",
    title: "pre-admission note that the delivering peer has not signed",
    authority: &[Citation::mhotrs("Preadmission", "must be signed by the Peer Specialist/Advocate")],
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
    let Some(note) = case.note() else { return Ok(Verdict::NotApplicable) };
    let gap = signature_gap(peer_signature(case, &note));
    record_gap(case, gap, &note_events(case, &note), || format!("a signature of the peer on version {} of its note", note.version.0))
}
