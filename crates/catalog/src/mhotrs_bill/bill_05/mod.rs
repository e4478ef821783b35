//! More units billed for a person's day than a day may have.
//!
//! ## What it finds
//! More than twelve units on live claim lines over the MHOTRS peer contacts of an individual in a program on one local date: all peers,
//! individual and group, on and off site together.
//!
//! ## Why it matters
//! Peer support is paid for three hours a day at most. Giving more is allowed; billing it is not.
//!
//! ## Authority
//! [G] Billing: the most units of a day.
//!
//! ## Evidence
//! The contacts of the date and the units of their lines on claims that were not voided, denied or replaced. A contact over midnight
//! is cut there: a later date takes the whole units of its own part, as far as units were billed, and the first date takes the rest.
//!
//! ## What it does not find
//! Hours given but not billed. The same person in two programs. Whether the units fit the contact (MHOTRS-BILL-04).
//!
//! ## How to cure
//! Correct contacts recorded on the wrong day or for the wrong person; otherwise adjust the claims of the day to twelve units.

use domain::{Units, ValidDay};
use rules::{Breach, Check, Checked, Citation, Class, Missing, Params, Rule, Scope, Verdict};
use timeline::delivery::Contact;
use timeline::{IndividualKey, ProgramKey, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-BILL-05",
    title: "more units billed than a day may have",
    authority: &[Citation::mhotrs("Billing", "up to twelve units per day, or 3 hours maximum")],
    classes: &[Class::Violation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::IndividualProgramDate(check),
};

fn check(view: &View<'_>, individual: IndividualKey, program: ProgramKey, date: ValidDay, p: &Params<'_>) -> Checked {
    let judged = |c: &Contact| c.program == program && c.service.is_mhotrs() && p.in_force(c.day);

    let mut total = Units(0);
    let mut contacts = Vec::new();
    let mut evidence = Vec::new();
    for row in view.contacts_of_individual_during(individual, date, judged) {
        let contact = &row.value;
        let billed: Units = view.live_lines(contact.contact).map(|l| l.line.units).sum();
        let units = units_on(contact, billed, date, p)?;
        if units > Units(0) {
            total = total + units;
            contacts.push(contact.contact);
            evidence.push(row.seq());
            evidence.extend(view.live_lines(contact.contact).map(|l| l.claim.seq()));
        }
    }
    if contacts.is_empty() {
        return Ok(Verdict::NotApplicable);
    }
    let most = p.int("units_per_day_max", date)?;
    let too_many = i64::from(total.0) > most;
    if !too_many {
        return Ok(Verdict::Met);
    }
    Breach::new(Class::Violation, date)
        .because(evidence)
        .contacts(contacts)
        .say(view, || format!("{total} of peer support billed for {date}, more than {most}"))
        .verdict()
}

/// The units of a contact that count for a local date it reaches into. The dates between are counted, not gone through: an end typed with a wrong
/// century is far away.
fn units_on(contact: &Contact, billed: Units, date: ValidDay, p: &Params<'_>) -> Result<Units, Missing> {
    let second = contact.day.plus_days(1);
    if billed == Units(0) || second.begins() >= contact.end {
        // No later date takes any.
        return Ok(billed);
    }
    let whole = |minutes| super::whole_units(minutes, p, contact.day);
    let is_later = date > contact.day;
    let last = if is_later { date } else { contact.end.local_day() };
    let mut between = Units(0);
    for (minutes, days) in second.lengths_until(last) {
        between = between + Units(whole(minutes)?.0.saturating_mul(u32::try_from(days).unwrap_or(u32::MAX)));
    }
    let left = Units(billed.0.saturating_sub(between.0));
    let part = last.begins().minutes_until(contact.end.min(last.plus_days(1).begins()));
    let taken = whole(part)?.min(left);
    Ok(if is_later { taken } else { Units(left.0 - taken.0) })
}
