//! Ad hoc peer contacts so frequent that they look planned.
//!
//! ## What it finds
//! An individual in a program with at least so many ad hoc MHOTRS contacts (by default 4) inside so many days (by default 30): an advisory
//! about the first time it happened.
//!
//! ## Why it matters
//! A single or ad hoc intervention need not be in the treatment plan. When it recurs, it is usually time to plan it.
//!
//! ## Authority
//! [G] Treatment Planning Documentation allows the ad hoc contact. The numbers are agency policy: the guidance has none.
//!
//! ## Evidence
//! Contacts with basis `ad_hoc`, by day.
//!
//! ## What it does not find
//! An ad hoc contact as such, which is allowed without listing in the plan. Its rationale is MHOTRS-PLAN-04.
//!
//! ## How to cure
//! Consider listing the service in the plan. Set `MHOTRS-PLAN-03.contacts` and `MHOTRS-PLAN-03.days` to your own policy.

use domain::words::Basis;
use rules::{Breach, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::delivery::Contact;
use timeline::{IndividualKey, ProgramKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-PLAN-03",
    title: "ad hoc contacts so frequent that they look planned",
    authority: &[
        Citation::mhotrs("Treatment Planning Documentation", "may benefit from a singular or ad hoc peer service intervention"),
        Citation::agency("Treatment planning", "how many ad hoc contacts look planned"),
    ],
    classes: &[Class::Advisory],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::IndividualProgram(check),
};

fn check(view: &View<'_>, individual: IndividualKey, program: ProgramKey, p: &Params<'_>) -> Checked {
    let ad_hoc = |c: &Contact| c.program == program && RULE.scope.takes(c.service) && c.basis == Basis::AdHoc && p.in_force(c.day);
    let contacts: Vec<_> = view.contacts_of_individual_on(individual, p.days(), ad_hoc).collect();
    for (place, last) in contacts.iter().enumerate() {
        let day = last.value.day;
        let wanted = usize::try_from(p.int("contacts", day)?).unwrap_or(0).max(1);
        let Some(window) = (place + 1).checked_sub(wanted).and_then(|first| contacts.get(first..=place)) else { continue };
        let Some(first) = window.first() else { continue };
        if day.days_since(first.value.day) < p.int("days", day)? {
            let message = || {
                let (who, from) = (view.history().individual_name(individual), first.value.day);
                format!("{wanted} ad hoc contacts of {who} from {from} to {day}: they look planned")
            };
            return Breach::new(Class::Advisory, day)
                .because(window.iter().map(|row| row.seq()))
                .contacts(window.iter().map(|row| row.value.contact))
                .say(view, message)
                .verdict();
        }
    }
    Ok(Verdict::Met)
}
