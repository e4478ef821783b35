//! Peer support to somebody not enrolled, outside pre-admission work.
//!
//! ## What it finds
//! An MHOTRS contact labelled enrolled that no admission covers; or a pre-admission contact after a discharge from the program with
//! no new opening of pre-admission work since.
//!
//! ## Why it matters
//! Ongoing peer support is for people enrolled in the MHOTRS. Continuing after discharge without a new beginning is billing for
//! somebody who is not a patient.
//!
//! ## Authority
//! [G] Billing.
//!
//! ## Evidence
//! Admissions (on the day itself, not after the start of the contact where a time is given), discharges (their own day still counts
//! as enrolled), and openings from the day of discharge through the day of the contact.
//!
//! ## What it does not find
//! Pre-admission contacts before any discharge: the very first service may be with a peer (MHOTRS-PRE-14). Contacts with family or
//! collaterals of an enrolled individual. Whether the opening names purpose and goal (MHOTRS-PRE-02).
//!
//! ## How to cure
//! Record the admission if it was forgotten or entered with a wrong date, or the opening if there was one by then; correct the label
//! if the contact was pre-admission. Otherwise it cannot be billed: void or repay the claim.

use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-PRE-13",
    title: "peer support to somebody not enrolled, outside pre-admission work",
    authority: &[Citation::mhotrs("Billing", "can only be provided to individuals enrolled in the MHOTRS")],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, _: &Params<'_>) -> Checked {
    if case.admission().is_some() {
        return Ok(Verdict::Met);
    }
    let (view, day, contact) = (case.view(), case.day(), case.contact());
    let who = view.history().individual_name(contact.individual);
    let program = view.history().program_name(contact.program);
    if case.is_enrolled() {
        return case
            .breach(Class::Violation)
            .lacks(view, || format!("an admission of {who} to {program} that covers {day}"))
            .say(view, || format!("contact on {day} by {} labelled enrolled, but {who} was not enrolled in {program}", case.peer_name()))
            .verdict();
    }
    let Some(discharge) = view.last_discharge(contact.individual, contact.program, day) else { return Ok(Verdict::Met) };
    let since = discharge.value.on;
    let openings = &view.individual_facts(contact.individual).opened;
    if view.rows(openings, |o| o.program == contact.program && since <= o.on && o.on <= day).next().is_some() {
        return Ok(Verdict::Met);
    }
    case.breach(Class::Violation)
        .because([discharge.seq()])
        .lacks(view, || format!("an opening of pre-admission work from {since} through {day}"))
        .say(view, || {
            format!("pre-admission contact on {day} by {} after {who} was discharged from {program} on {since}", case.peer_name())
        })
        .verdict()
}
