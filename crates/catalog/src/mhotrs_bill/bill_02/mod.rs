//! Group of more people than a group may be.
//!
//! ## What it finds
//! A MHOTRS group session with more than twelve distinct attendees, whether or not anything was billed for it.
//!
//! ## Why it matters
//! A group is payable as peer support up to twelve people. With a thirteenth it is another thing, for everybody in the room: every
//! claim line of the session is at risk.
//!
//! ## Authority
//! [G] Billing: groups of individuals, and their greatest number.
//!
//! ## Evidence
//! The attendees of the session as recorded, each counted once, whoever pays for them. Staff are not attendees. A session is MHOTRS
//! when it has a contact of a MHOTRS service, whatever its program is registered as, or when it has no contact and its program is MHOTRS.
//!
//! ## What it does not find
//! Attendees nobody wrote down. A session with thirteen contacts but twelve attendees on its list. A group of the clinic whose contacts
//! are all of other services.
//!
//! ## How to cure
//! Correct the list if somebody stands on it who was not there or is staff. Otherwise void the claims of the session.

use domain::words::ProgramKind;
use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::{SessionKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-BILL-02",
    title: "group session of more people than a group may be",
    authority: &[Citation::mhotrs("Billing", "groups of individuals not to exceed 12")],
    classes: &[Class::Violation],
    version: 2,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Session(check),
};

fn check(view: &View<'_>, session: SessionKey, p: &Params<'_>) -> Checked {
    let Some(row) = view.session(session) else { return Ok(Verdict::NotApplicable) };
    let day = row.value.day;
    if !p.in_force(day) {
        return Ok(Verdict::NotApplicable);
    }
    let attendees = row.value.attendees.len();
    let most = p.int("attendees_max", day)?;
    let too_many = i64::try_from(attendees).unwrap_or(i64::MAX) > most;
    if !too_many {
        return Ok(Verdict::Met);
    }
    // No peer rule applies to other services: a therapy group of the clinic is none of ours.
    let without_contacts = || view.contacts_of_session(session).next().is_none();
    let is_mhotrs = view.contacts_of_session(session).any(|c| c.value.service.is_mhotrs())
        || without_contacts() && view.program_kind(row.value.program) == Some(ProgramKind::Mhotrs);
    if !is_mhotrs {
        return Ok(Verdict::NotApplicable);
    }
    Breach::new(Class::Violation, day)
        .because([row.seq()])
        .contacts(view.contacts_of_session(session).map(|c| c.value.contact))
        .say(view, || format!("group session on {day} with {attendees} attendees, more than {most}"))
        .verdict()
}
