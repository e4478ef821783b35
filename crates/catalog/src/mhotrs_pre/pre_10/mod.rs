//! Pre-admission contact after the individual declined treatment.
//!
//! ## What it finds
//! An MHOTRS pre-admission contact after a decline in the same program, on a later day or, where the decline gives a time, starting
//! after it, when neither a re-engagement nor a new opening nor an admission lies in between.
//!
//! ## Why it matters
//! Pre-admission work is there to help somebody decide. Once the decision is no, it may not go on in the MHOTRS.
//!
//! ## Authority
//! [G] Preadmission.
//!
//! ## Evidence
//! Declines, re-engagements (from the day of the decline on, whatever the minute), openings and admissions dated after the decline,
//! through the contact. A decline entered late re-evaluates the contacts since.
//!
//! ## What it does not find
//! The contact at which the individual declined, or an earlier one of that day. A contact of an enrolled individual. Nobody is asked
//! to refer the individual elsewhere (MHOTRS-PRE-17).
//!
//! ## How to cure
//! If the individual changed their mind, record the re-engagement with its true date. Otherwise the contact cannot be billed: void
//! or repay the claim.

use domain::Moment;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::individual::Happened;

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-PRE-10",
    title: "pre-admission contact after the individual declined treatment",
    authority: &[Citation::mhotrs("Preadmission", "may not continue if the individual declines treatment and is not enrolled")],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

/// Whether something that ends the stop lies between the decline and the contact.
fn resumed(case: &Case<'_>, declined: Moment) -> bool {
    let (view, contact) = (case.view(), case.contact());
    let facts = view.individual_facts(contact.individual);
    let by_the_contact = |at: Moment| match at {
        Moment::Day(day) => day <= contact.day,
        Moment::At(at) => at <= contact.start,
    };
    // Two instants are compared as such; a bare date is the whole day, and only a later day is after it.
    let after_decline = |at: Moment| match (declined, at) {
        (Moment::At(declined), Moment::At(at)) => declined < at,
        (Moment::Day(_), _) | (_, Moment::Day(_)) => declined.day() < at.day(),
    };
    let reengaged = |h: &Happened| h.program == contact.program && declined.day() <= h.at.day() && by_the_contact(h.at);
    let admitted = |h: &Happened| h.program == contact.program && after_decline(h.at) && by_the_contact(h.at);

    view.rows(&facts.reengaged, reengaged).next().is_some()
        || view.rows(&facts.admitted, admitted).next().is_some()
        || view.rows(&facts.opened, |o| o.program == contact.program && declined.day() < o.on && o.on <= contact.day).next().is_some()
}

fn check(case: &Case<'_>, _: &Params<'_>) -> Checked {
    if !case.is_preadmission() {
        return Ok(Verdict::NotApplicable);
    }
    let (view, contact) = (case.view(), case.contact());
    let before_contact = |h: &Happened| {
        let earlier = match h.at {
            Moment::Day(day) => day < contact.day,
            Moment::At(at) => at < contact.start,
        };
        h.program == contact.program && earlier
    };
    let declines = view.rows(&view.individual_facts(contact.individual).declined, before_contact);
    let standing = declines.filter(|row| !resumed(case, row.value.at)).max_by_key(|row| (row.value.at.day(), row.seq()));
    let Some(decline) = standing else { return Ok(Verdict::Met) };

    let message = || {
        let who = view.history().individual_name(contact.individual);
        format!(
            "pre-admission contact on {} by {} after {who} had declined treatment on {}",
            case.day(),
            case.peer_name(),
            decline.value.at.day()
        )
    };
    case.breach(Class::Violation)
        .because([decline.seq()])
        .lacks(view, || format!("a re-engagement, opening or admission from {} through {}", decline.value.at.day(), case.day()))
        .say(view, message)
        .verdict()
}
