//! CORE month over the recommended range in a crisis that no note documents.
//!
//! ## What it finds
//! A month in which an individual's CORE units go over the agency's `core.units_per_month_max`, where a recorded crisis covers the first
//! contact over it and no note of a contact inside that crisis says so.
//!
//! ## Why it matters
//! The recommended ranges do not apply to somebody in crisis, on condition that a progress note documents the crisis.
//!
//! ## Authority
//! [R] Service Delivery, Modality, and Location, Recommended Unit Ranges. The ranges' numbers are not in the deck: unset, the month is not evaluated.
//!
//! ## Evidence
//! Units of each contact of the month (whole quarter hours, each contact by itself), the maximum in force on the month's first contact, crises, and
//! the notes of contacts inside them as they last stood.
//!
//! ## What it does not find
//! A month over the range outside a crisis (CORE-INT-06). Ranges are recommended: this is never a violation.
//!
//! ## Soft spots
//! The ranges are named in the deck and their numbers are not. Until the agency sets its own nothing is evaluated; a range is a
//! recommendation, so going over it is never a violation.
//!
//! ## How to cure
//! Amend the progress note of a contact inside the crisis, with the date on which it is amended.

use domain::ValidDay;
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::{IndividualKey, View};

use super::Month;

/// The rule.
pub const RULE: Rule = Rule {
    id: "CORE-INT-04",
    title: "CORE units over the range in a crisis without a crisis note",
    authority: &[Citation::peer_role(
        "Service Delivery, Modality, and Location, Recommended Unit Ranges",
        "the crisis should be clearly documented in a progress note",
    )],
    classes: &[Class::Documentation],
    version: 1,
    scope: Scope::Core,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::IndividualMonth(check),
};

fn check(view: &View<'_>, individual: IndividualKey, first_day: ValidDay, p: &Params<'_>) -> Checked {
    let over = match super::month(view, individual, first_day, p)? {
        Month::Without => return Ok(Verdict::NotApplicable),
        Month::Within => return Ok(Verdict::Met),
        Month::Over(over) => over,
    };
    let day = over.first.value.day;
    let crises: Vec<_> = super::crises(view, individual, day).collect();
    if crises.is_empty() {
        return Ok(Verdict::NotApplicable);
    }
    if crises.iter().any(|crisis| super::documented(view, individual, crisis.value)) {
        return Ok(Verdict::Met);
    }
    let name = view.history().individual_name(individual);
    let message = || format!("CORE units of {name} reached {} on {day}, over {}, in a crisis that no note documents", over.units, over.max);
    over.breach(Class::Documentation)
        .because(crises.iter().map(|row| row.seq()))
        .lacks(view, || format!("a note of a contact of {name} inside the crisis that documents it"))
        .say(view, message)
        .verdict()
}
