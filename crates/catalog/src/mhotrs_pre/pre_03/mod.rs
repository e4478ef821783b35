//! Pre-admission peer support in a group.
//!
//! ## What it finds
//! An MHOTRS pre-admission contact of format group, or one in a group session with two or more distinct attendees whatever its
//! format says.
//!
//! ## Why it matters
//! Before admission only individual support is allowed, and a group claim for somebody who is not admitted is refused.
//!
//! ## Authority
//! [G] Preadmission, repeated among the points of [G] Billing.
//!
//! ## Evidence
//! The format of the contact, the roster of its group session, and admissions (an admission of the same day counts unless its
//! time is after the start).
//!
//! ## What it does not find
//! A contact with the individual and family or other collaterals outside a session. A session that one person attended.
//!
//! ## How to cure
//! Correct the format or the roster if they were recorded wrongly, or record the admission that covered the day. Otherwise the
//! contact cannot be billed: void or repay the claim.

use domain::words::Format;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-PRE-03",
    title: "pre-admission peer support in a group",
    authority: &[
        Citation::mhotrs("Preadmission", "only be provided as an individual service, not in groups"),
        Citation::mhotrs("Billing", "only be provided as an individual service, not in groups"),
    ],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, p: &Params<'_>) -> Checked {
    if !case.is_preadmission() {
        return Ok(Verdict::NotApplicable);
    }
    let (view, contact) = (case.view(), case.contact());
    let group_attendees = p.int("group_attendees", case.day())?;
    let session = contact.session.and_then(|session| view.session(session));
    let attendees = session.map_or(0, |row| i64::try_from(row.value.attendees.len()).unwrap_or(i64::MAX));

    let is_group = contact.format == Format::Group;
    let is_shared = attendees >= group_attendees;

    if !is_group && !is_shared {
        return Ok(Verdict::Met);
    }
    let message = || {
        let how = if is_shared { format!("in a session with {attendees} attendees") } else { "in a group".to_owned() };
        format!("pre-admission contact on {} by {} took place {how}", case.day(), case.peer_name())
    };
    case.breach(Class::Violation).because(session.map(|row| row.seq())).say(view, message).verdict()
}
