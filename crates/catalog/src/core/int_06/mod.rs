//! CORE month over the recommended range without crisis or consultation.
//!
//! ## What it finds
//! A month in which an individual's CORE units go over the agency's `core.units_per_month_max`, where neither a recorded crisis covers the
//! first contact over it nor a consultation with the Clinical Supervisor, held by then, covers its day.
//!
//! ## Why it matters
//! Outside a crisis, the decision to go over the range is to be made only in consultation with the Clinical Supervisor.
//!
//! ## Authority
//! [R] Service Delivery, Modality, and Location, Recommended Unit Ranges. The ranges' numbers are not in the deck: unset, the month is not evaluated.
//!
//! ## Evidence
//! Units of each contact of the month (whole quarter hours, each contact by itself), the maximum in force on the month's first contact, crises and
//! consultations of the individual.
//!
//! ## What it does not find
//! A crisis without a crisis note (CORE-INT-04). Ranges are recommended: this is never a violation. Whether the person consulted held the
//! role of Clinical Supervisor.
//!
//! ## Soft spots
//! The ranges are named in the deck and their numbers are not. Until the agency sets its own nothing is evaluated; a range is a
//! recommendation, so going over it is never a violation.
//!
//! ## How to cure
//! Record the consultation if one was held in time. One held later does not reach back.

use domain::ValidDay;
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::{IndividualKey, View};

use super::Month;

/// The rule.
pub const RULE: Rule = Rule {
    id: "CORE-INT-06",
    title: "CORE units over the range without crisis or consultation",
    authority: &[Citation::peer_role(
        "Service Delivery, Modality, and Location, Recommended Unit Ranges",
        "should only be made in consultation with the Clinical Supervisor",
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
    let in_crisis = super::crises(view, individual, day).next().is_some();
    let consulted = super::consultations(view, individual, day).next().is_some();

    if in_crisis || consulted {
        return Ok(Verdict::Met);
    }
    let name = view.history().individual_name(individual);
    let message =
        || format!("CORE units of {name} reached {} on {day}, over {}, without a crisis or a consultation by then", over.units, over.max);
    over.breach(Class::Documentation)
        .lacks(view, || format!("a crisis of {name}, or a consultation with the Clinical Supervisor held by {day}, that covers it"))
        .say(view, message)
        .verdict()
}
