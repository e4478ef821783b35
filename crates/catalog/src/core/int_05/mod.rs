//! CORE month over the range on a consultation that covers no short term.
//!
//! ## What it finds
//! A month over the agency's `core.units_per_month_max`, outside a crisis and with consultations in time, each of which covers more days than the agency
//! takes for short-term (by default 60).
//!
//! ## Why it matters
//! The ranges may be exceeded when a short-term increase in intensity supports a goal. What goes on for months is worth a look.
//!
//! ## Authority
//! [R] Service Delivery, Modality, and Location, Recommended Unit Ranges. The number is agency policy: the deck has none.
//!
//! ## Evidence
//! As for CORE-INT-06, and the first and last day of each consultation.
//!
//! ## What it does not find
//! A month without consultation (CORE-INT-06), and anything while the maximum is not set.
//!
//! ## How to cure
//! Consult again and record the shorter period decided on. Set `CORE-INT-05.days` to your own policy.

use domain::ValidDay;
use rules::{Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::people::Days;
use timeline::{IndividualKey, View};

use super::Month;

/// The rule.
pub const RULE: Rule = Rule {
    id: "CORE-INT-05",
    title: "CORE units over the range for longer than a short term",
    authority: &[
        Citation::peer_role(
            "Service Delivery, Modality, and Location, Recommended Unit Ranges",
            "exceeded when a short-term increase in intensity supports goal acquisition",
        ),
        Citation::agency("Intensity", "how many days are short-term"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Core,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::IndividualMonth(check),
};

fn check(view: &View<'_>, individual: IndividualKey, first_day: ValidDay, p: &Params<'_>) -> Checked {
    let Month::Over(over) = super::month(view, individual, first_day, p)? else { return Ok(Verdict::NotApplicable) };
    let day = over.first.value.day;
    let consultations: Vec<_> = super::consultations(view, individual, day).collect();
    if consultations.is_empty() || super::crises(view, individual, day).next().is_some() {
        return Ok(Verdict::NotApplicable);
    }
    let short = p.int("days", day)?;
    let is_short = |days: Days| days.to.is_some_and(|to| to.days_since(days.from) < short);
    if consultations.iter().any(|row| is_short(row.value.days)) {
        return Ok(Verdict::Met);
    }
    let name = view.history().individual_name(individual);
    let message = || format!("CORE units of {name} over the range on {day}, on a consultation that covers more than {short} days");
    over.breach(Class::Advisory).because(consultations.iter().map(|row| row.seq())).say(view, message).verdict()
}
