//! Youth peer advocate outside the ages the guidance names.
//!
//! ## What it finds
//! A youth contact on a day on which the peer had not reached the 18th birthday (violation), or had reached the 31st while the
//! YPA credential is still active (documentation: verify with the issuer).
//!
//! ## Why it matters
//! The guidance describes a youth peer advocate as 18 to 30 years old. Whether an unexpired credential outlives the 31st birthday
//! is the issuer's to say.
//!
//! ## Authority
//! [G] Qualified Individuals, youth.
//!
//! ## Evidence
//! The birth date recorded last (sealed at rest), and the YPA credential on the day. A birthday on 29 February is reached on 1 March
//! in common years.
//!
//! ## What it does not find
//! Anything where no birth date is on record: that is reported as not evaluated. Somebody past 30 without an active YPA is the
//! matter of MHOTRS-CRED-05 and -10.
//!
//! ## How to cure
//! Correct the birth date if it is wrong. Past 30, obtain the issuer's word that the credential stands and record the verification.

use domain::words::{CredentialKind, Service};
use rules::{Case, Check, Checked, Citation, Class, Missing, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-CRED-06",
    title: "youth peer advocate outside the ages of the guidance",
    authority: &[Citation::mhotrs("Peer Support Services > Qualified Individuals who may provide Peer Support Services include", "an individual 18 to 30 years old")],
    classes: &[Class::Violation, Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    if case.contact().service != Service::MhotrsYouthPeer {
        return Ok(Verdict::NotApplicable);
    }
    let day = case.day();
    let peer = case.contact().peer;
    let birth = case.view().birth_of_person(peer).ok_or_else(|| Missing(format!("birth date of {}", case.peer_name())))?;
    let age = i64::from(day.age_of(birth.value));
    let ypa = case.view().credential(peer, CredentialKind::Ypa, day);

    let (least, greatest) = (p.int("least_age", day)?, p.int("greatest_age", day)?);

    let too_young = age < least;
    let too_old_but_credentialed = age > greatest && ypa.active();

    if too_young {
        let message = || format!("youth contact on {day} by {}, who was under {least}", case.peer_name());
        return case.breach(Class::Violation).because([birth.seq()]).say(case.view(), message).verdict();
    }
    if too_old_but_credentialed {
        let message = || format!("youth contact on {day} by {}, who was past {greatest} with an unexpired YPA: verify with the issuer", case.peer_name());
        return case.breach(Class::Documentation).because([birth.seq()]).because(ypa.why.row().map(|r| r.seq())).say(case.view(), message).verdict();
    }
    Ok(Verdict::Met)
}
