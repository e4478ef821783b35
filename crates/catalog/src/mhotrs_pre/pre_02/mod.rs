//! Pre-admission work without a documented purpose and goal.
//!
//! ## What it finds
//! An individual in a program with MHOTRS pre-admission contacts, where no opening of pre-admission work with both purpose and goal
//! is dated on or before the first of them. After a discharge a new opening is needed, dated on the day of discharge or later. It is
//! a documentation gap, and a violation once one of the contacts concerned is billed.
//!
//! ## Why it matters
//! Before admission there is no plan. Purpose and goal are all that ties the contacts to engagement in treatment.
//!
//! ## Authority
//! [G] Preadmission. Once for each episode and by the first contact is our reading; the purpose of each contact is MHOTRS-PRE-05.
//!
//! ## Evidence
//! Contacts that are pre-admission in effect (a late admission turns them into enrolled ones), openings, discharges.
//!
//! ## What it does not find
//! How long pre-admission work lasts (MHOTRS-PRE-01), how many contacts there are (MHOTRS-PRE-15), or whether an admission follows
//! (MHOTRS-PRE-11). Purpose in one opening and goal in another do not add up.
//!
//! ## How to cure
//! Record the opening with the date on which purpose and goal were really identified. One dated after the first contact does not
//! close the gap: there is no late cure, because what was to guide the contacts was not there.

use std::collections::BTreeMap;

use domain::ValidDay;
use rules::{Breach, Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};
use timeline::delivery::Contact;
use timeline::{IndividualKey, ProgramKey, Row, View};

/// The rule.
pub const RULE: Rule = Rule {
    id: "MHOTRS-PRE-02",
    title: "pre-admission work without a documented purpose and goal",
    authority: &[Citation::mhotrs("Preadmission", "purpose and goal of the preadmission contacts must be identified and documented")],
    classes: &[Class::Violation, Class::Documentation],
    version: 1,
    scope: Scope::Mhotrs,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::IndividualProgram(check),
};

/// Pre-admission contacts since the same discharge, by start as the view gives them.
struct Episode<'h> {
    since: Option<ValidDay>,
    contacts: Vec<&'h Row<Contact>>,
}

fn episodes<'h>(view: &View<'h>, individual: IndividualKey, program: ProgramKey, p: &Params<'_>) -> Vec<Episode<'h>> {
    let judged = |c: &Contact| c.program == program && c.service.is_mhotrs() && p.in_force(c.day);
    let mut by_discharge: BTreeMap<Option<ValidDay>, Vec<&'h Row<Contact>>> = BTreeMap::new();
    for row in view.contacts_of_individual_on(individual, p.days(), judged) {
        if Case::new(*view, row).is_preadmission() {
            let since = view.last_discharge(individual, program, row.value.day).map(|discharge| discharge.value.on);
            by_discharge.entry(since).or_default().push(row);
        }
    }
    by_discharge.into_iter().map(|(since, contacts)| Episode { since, contacts }).collect()
}

fn check(view: &View<'_>, individual: IndividualKey, program: ProgramKey, p: &Params<'_>) -> Checked {
    let openings = &view.individual_facts(individual).opened;
    let opened_by_the_first = |episode: &Episode<'_>| {
        let first_day = episode.contacts.first().map(|row| row.value.day);
        let mut in_time = view.rows(openings, |o| {
            let complete = o.purpose && o.goal;
            let of_this_episode = episode.since.is_none_or(|discharge| discharge <= o.on);
            o.program == program && complete && of_this_episode && first_day.is_some_and(|day| o.on <= day)
        });
        in_time.next().is_some()
    };
    let lacking: Vec<Episode<'_>> = episodes(view, individual, program, p).into_iter().filter(|e| !opened_by_the_first(e)).collect();
    // Episodes are in order of their discharge, so the first of the first is the earliest contact.
    let Some(first) = lacking.first().and_then(|episode| episode.contacts.first()) else { return Ok(Verdict::Met) };

    let contacts = || lacking.iter().flat_map(|episode| &episode.contacts);
    let billed = contacts().any(|row| view.first_submission(row.value.contact).is_some());
    let class = if billed { Class::Violation } else { Class::Documentation };
    let day = first.value.day;
    let message = || {
        let (who, program) = (view.history().individual_name(individual), view.history().program_name(program));
        format!("pre-admission contacts of {who} in {program} from {day} without purpose and goal documented by then")
    };
    Breach::new(class, day)
        .because(lacking.iter().filter_map(|episode| episode.contacts.first()).map(|row| row.seq()))
        .contacts(contacts().map(|row| row.value.contact))
        .lacks(view, || format!("an opening of pre-admission work with purpose and goal by {day}"))
        .say(view, message)
        .verdict()
}
