//! What the guidance expects a MHOTRS program that gives peer support to have on record: its own records, policies, trainings.
//! One finding for a program at most, none before peer support is given there, and never about a contact's money.

use domain::ValidDay;
use domain::words::{OrganizationRecord, ProgramKind, Service};
use rules::{Breach, Checked, Class, Missing, Params, Verdict};
use timeline::delivery::Contact;
use timeline::people::Training;
use timeline::program::Organization;
use timeline::{PersonKey, ProgramKey, Row, TextKey, View};

use crate::due;

/// Whether something is expected once, or again after every interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Often {
    /// Once is enough.
    Once,
    /// The last time counts.
    Again,
}

/// Whether a program counts: registered as MHOTRS, or of a kind that is not known.
pub(crate) fn is_mhotrs(view: &View<'_>, program: ProgramKey) -> bool {
    view.program_kind(program).is_none_or(|kind| kind == ProgramKind::Mhotrs)
}

/// MHOTRS contacts of a program from the day on which the rule is in force.
pub(crate) fn in_scope(program: ProgramKey, p: &Params<'_>) -> impl Fn(&Contact) -> bool {
    let serving = in_service(program);
    move |c| serving(c.program, c.service) && p.in_force(c.day)
}

/// A MHOTRS service in a program.
pub(crate) fn in_service(program: ProgramKey) -> impl Fn(ProgramKey, Service) -> bool {
    move |of, service| of == program && service.is_mhotrs()
}

/// Whether a peer has such a contact.
pub(crate) fn serves(view: &View<'_>, peer: PersonKey, program: ProgramKey, p: &Params<'_>) -> bool {
    view.contacts_of_peer_serving(peer, p.days(), in_service(program), |c| p.in_force(c.day)).next().is_some()
}

/// The first such contact of a program that counts.
pub(crate) fn began<'h>(view: &View<'h>, program: ProgramKey, p: &Params<'_>) -> Option<&'h Row<Contact>> {
    if is_mhotrs(view, program) { view.contacts_of_program_on(program, p.days(), in_scope(program, p)).next() } else { None }
}

/// The finding that something is not on record: for the parameter `days` after the first contact, or after the last time.
///
/// # Errors
/// When `days` is not in force.
pub(crate) fn on_record(view: &View<'_>, program: ProgramKey, p: &Params<'_>, last: Option<ValidDay>, what: &str) -> Checked {
    if !is_mhotrs(view, program) {
        return Ok(Verdict::NotApplicable);
    }
    let Some(due) = due::of_program(view, program, in_scope(program, p), last, p)? else { return Ok(Verdict::Met) };
    let (name, since, day) = (view.history().program_name(program), due.since, due.day());
    let message = || match last {
        Some(last) => format!("{name} gave peer support on {day}, and the last {what} on record was on {last}; a later one settles this"),
        None => format!("{name} has given peer support since {since}, and by {day} no {what} is on record; recording one settles this"),
    };
    due.breach().lacks(view, || format!("{what} of {name}, looked for from {since} on")).say(view, message).verdict()
}

/// A record of the organization about itself, of a kind and with what else it must have.
///
/// # Errors
/// As [`on_record`].
pub(crate) fn record(
    view: &View<'_>,
    program: ProgramKey,
    p: &Params<'_>,
    (kind, often): (OrganizationRecord, Often),
    has: impl Fn(&Organization) -> bool,
    what: &str,
) -> Checked {
    let records = view.rows(view.records(program), |r| r.kind == kind && has(r));
    match (often, records.map(|row| row.value.recorded_on).max()) {
        (Often::Once, Some(_)) => Ok(Verdict::Met),
        (_, last) => on_record(view, program, p, last, what),
    }
}

/// Whether the last action plan of a program has an element, by the parameter `element`. Without a plan there is nothing to ask.
///
/// # Errors
/// When `element` is not in force.
pub(crate) fn element(view: &View<'_>, program: ProgramKey, p: &Params<'_>, what: &str) -> Checked {
    let Some(began) = began(view, program, p) else { return Ok(Verdict::NotApplicable) };
    let history = view.history();
    let plans = view.rows(view.records(program), |r| r.kind == OrganizationRecord::ActionPlan);
    let Some(plan) = plans.max_by_key(|row| (row.value.recorded_on, row.seq())) else { return Ok(Verdict::NotApplicable) };
    let day = began.value.day.max(plan.value.recorded_on);
    if any_listed(view, p, "element", &plan.value.elements, day)? {
        return Ok(Verdict::Met);
    }
    let (name, recorded_on) = (history.program_name(program), plan.value.recorded_on);
    Breach::new(Class::Advisory, day)
        .because([began.seq(), plan.seq()])
        .lacks(view, || format!("{what} among the elements of the action plan of {name} of {recorded_on}"))
        .say(view, || format!("the action plan of {name} of {recorded_on} has no element on {what}; a plan that has one settles this"))
        .verdict()
}

/// Whether policies of a program name a topic of each of these parameters, given with what such a policy is called in words. While no
/// policy is on record at all, MHOTRS-POL-01 speaks.
///
/// # Errors
/// When a parameter is not in force.
pub(crate) fn policy(view: &View<'_>, program: ProgramKey, p: &Params<'_>, topics: &[(&str, &str)]) -> Checked {
    let Some(began) = began(view, program, p) else { return Ok(Verdict::NotApplicable) };
    let policies: Vec<_> = view.policies(program).collect();
    if policies.is_empty() {
        return Ok(Verdict::NotApplicable);
    }
    for (topic, what) in topics {
        let (mut standing, mut last) = (false, None);
        for (row, retired) in &policies {
            if any_listed(view, p, topic, &row.value.topics, began.value.day)? {
                standing |= retired.is_none();
                last = last.max(*retired);
            }
        }
        if !standing {
            return on_record(view, program, p, last, what);
        }
    }
    Ok(Verdict::Met)
}

/// Whether one of some texts stands on a list.
///
/// # Errors
/// When the list is not in force on the day.
pub(crate) fn any_listed(view: &View<'_>, p: &Params<'_>, list: &str, texts: &[TextKey], day: ValidDay) -> Result<bool, Missing> {
    for text in texts {
        if p.lists(list, view.history().text_name(*text), day)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Days on which the program held a staff training on a topic of the parameter `topics`.
///
/// # Errors
/// When `topics` is not in force.
pub(crate) fn staff_trainings(view: &View<'_>, program: ProgramKey, p: &Params<'_>, day: ValidDay) -> Result<Vec<ValidDay>, Missing> {
    let mut days = Vec::new();
    for row in view.rows(view.staff_trainings(program), |_| true) {
        if any_listed(view, p, "topics", &[row.value.topic], day)? {
            days.push(row.value.held_on);
        }
    }
    Ok(days)
}

/// Days on which somebody who gives peer support in the program completed a course that counts.
///
/// # Errors
/// What `counts` fails with.
pub(crate) fn courses_of_peers(
    view: &View<'_>,
    program: ProgramKey,
    p: &Params<'_>,
    counts: impl Fn(&Training) -> Result<bool, Missing>,
) -> Result<Vec<ValidDay>, Missing> {
    let mut days = Vec::new();
    for person in view.everyone() {
        for row in view.rows(&view.person_facts(person).trainings, |_| true) {
            if counts(&row.value)? && serves(view, person, program, p) {
                days.push(row.value.completed_on);
            }
        }
    }
    Ok(days)
}
