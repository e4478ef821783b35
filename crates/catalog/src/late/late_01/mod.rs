//! Note or signature dated before the claim but known only after it.
//!
//! ## What it finds
//! A billed MHOTRS contact where the note (MHOTRS-NOTE-05, MHOTRS-PRE-04) or a signature on the pre-admission note (MHOTRS-PRE-08,
//! -09) that closes the gap first by its date is dated at or before the first submission, while its event was known only after it.
//! One advisory for each contact: verify with the source, with both times.
//!
//! ## Why it matters
//! A gap counts as closed at the date the closing fact bears. That would reward back-dating, so where the date cannot have been
//! known in time a person looks at the paper or the chart it was typed in from.
//!
//! ## Authority
//! None in the guidance: agency policy. Bills are to rest on records that existed when they were sent.
//!
//! ## Evidence
//! The closing fact by its date, the known time of its own event (what the source system says it entered, else the ledger's clock;
//! not that of its corrections), and the first submission of a claim that names the contact.
//!
//! ## What it does not find
//! A fact that the source system entered before the claim, however late it was imported. A fact dated after the claim: that is a
//! violation cured late, not an advisory. Plans and openings, for which there is no late cure.
//!
//! ## Soft spots
//! The guidance has no rule on when notes are written or signed, so nothing here is OMH's: this compares the date on a document
//! with the day it came to be known, and asks to verify.
//!
//! ## How to cure
//! Compare with the chart's own audit trail. Correct the date if it is wrong; if it is right, keep what shows it. No claim is touched
//! by this advisory.

use domain::{KnownAt, ValidAt};
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::Row;

use crate::mhotrs_note::contact_words;
use crate::mhotrs_pre::{lpha_signature, peer_signature};

/// The rule.
pub const RULE: Rule = Rule {
    id: "LATE-01",
    title: "note or signature dated before the claim but known only after it",
    authority: &[Citation::agency("Records before billing", "verify with the source what was recorded after the claim")],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

/// A fact that closes a gap: in a word, when it says it was true, when its event was known, and the event.
struct Closing {
    what: &'static str,
    dated: ValidAt,
    known: KnownAt,
    seq: domain::Seq,
}

fn closings(case: &Case<'_>, p: &Params<'_>) -> Result<Vec<Closing>, rules::Missing> {
    fn closing<T>(case: &Case<'_>, what: &'static str, row: &Row<T>, dated: ValidAt) -> Closing {
        Closing { what, dated, known: case.view().history().first_known(row), seq: row.seq() }
    }
    let mut found = Vec::new();
    found.extend(case.view().first_note(case.key()).map(|row| closing(case, "note", row, row.value.written_at)));
    if let (true, Some(note)) = (case.is_preadmission(), case.note()) {
        let peer = peer_signature(case, &note);
        let lpha = lpha_signature(case, p, &note)?;
        found.extend(peer.map(|row| closing(case, "signature of the peer", row, row.value.signed_at)));
        found.extend(lpha.map(|row| closing(case, "signature of the LPHA", row, row.value.signed_at)));
    }
    Ok(found)
}

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    let Some(claim) = case.first_submission() else { return Ok(Verdict::NotApplicable) };
    let submitted = claim.submitted_at();
    let mut late = closings(case, p)?;
    late.retain(|c| c.dated <= submitted && submitted.as_submission_known() < c.known);
    if late.is_empty() {
        return Ok(Verdict::Met);
    }
    let message = || {
        let facts: Vec<String> =
            late.iter().map(|c| format!("{} dated {} and known on {}", c.what, c.dated, c.known)).collect();
        format!("{}, billed on {}: {}; verify with the source", contact_words(case), submitted, facts.join(", "))
    };
    case.breach(Class::Advisory).because(late.iter().map(|c| c.seq)).because([claim.claim.seq()]).say(case.view(), message).verdict()
}
