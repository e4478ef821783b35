//! Credential from a body that is not on the approved list.
//!
//! ## What it finds
//! A credential of a person of which some grant names an issuer outside the table of approved issuers for its kind.
//!
//! ## Why it matters
//! A credential counts because OMH approved the program that gives it. The guidance names no body, so the table is the agency's to
//! confirm.
//!
//! ## Authority
//! [G] Qualified Individuals: certification by an OMH-approved program.
//!
//! ## Evidence
//! Every grant that was not retracted, and the table `issuers` in force on the day the grant took effect.
//!
//! ## What it does not find
//! Whether the issuer really gave the credential: record a verification for that. Contacts are not touched by this finding.
//!
//! ## How to cure
//! Correct the issuer if it was typed differently from the table, or have the table confirmed by OMH and set it.

use domain::words::CredentialKind;
use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::people::{CredentialChange, CredentialStep};
use timeline::{PersonKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-CRED-15",
    title: "credential from a body that is not on the approved list",
    authority: &[Citation::mhotrs("Peer Support Services > Qualified Individuals who may provide Peer Support Services include", "by an OMH-approved Certified Peer Specialist certification program")],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Any,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::PersonCredential(check),
};

fn check(view: &View<'_>, person: PersonKey, kind: CredentialKind, p: &Params<'_>) -> Checked {
    let history = view.history();
    let table = format!("issuers.{kind}");
    let granted = |s: &CredentialStep| s.kind == kind && matches!(s.change, CredentialChange::Granted { .. });
    for row in view.rows(&view.person_facts(person).credentials, granted) {
        let CredentialChange::Granted { issuer, .. } = row.value.change else { continue };
        let issuer = history.text_name(issuer);
        let day = row.value.effective_on;
        if !p.lists(&table, issuer, day)? {
            let message = || format!("{kind} of {} from {day} was issued by {issuer}, which is not on the approved list", history.person_name(person));
            return Breach::new(Class::Documentation, day).because([row.seq()]).say(view, message).verdict();
        }
    }
    Ok(Verdict::Met)
}
