//! CORE peer support that was not one to one.
//!
//! ## What it finds
//! A CORE peer-support contact in a group, or one during which the same peer has another contact with another individual.
//!
//! ## Why it matters
//! The service is offered one to one only. Time given to two people at once was one to one for neither.
//!
//! ## Authority
//! [R] Service Delivery, Modality, and Location, Recommended Unit Ranges.
//!
//! ## Evidence
//! The contact's format, and every contact of the same peer, of any service and program, that shares time with it. A contact lasts from its
//! start up to but not including its end.
//!
//! ## What it does not find
//! Contacts back to back. Two contacts of one peer with the same individual. A family member present at the person's wish.
//!
//! ## How to cure
//! Correct the times or the peer from the chart if they were recorded wrongly. Otherwise the contact cannot be billed.

use domain::words::Format;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "CORE-MOD-01",
    title: "CORE peer support that was not one to one",
    authority: &[Citation::peer_role(
        "Service Delivery, Modality, and Location, Recommended Unit Ranges",
        "Peer Support is offered 1:1 only",
    )],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Core,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, _: &Params<'_>) -> Checked {
    let (view, day, c) = (case.view(), case.day(), case.contact());
    if c.format == Format::Group {
        let message = || format!("CORE peer support on {day} by {} in a group", case.peer_name());
        return case.breach(Class::Violation).say(view, message).verdict();
    }
    let with_another = view.contacts_overlapping(c, |other| other.individual != c.individual).next();
    let Some(other) = with_another else { return Ok(Verdict::Met) };
    let message = || {
        let other = view.history().contact_name(other.value.contact);
        format!("CORE peer support on {day} by {} at the same time as contact {other} with another individual", case.peer_name())
    };
    case.breach(Class::Violation).because([other.seq()]).say(view, message).verdict()
}
