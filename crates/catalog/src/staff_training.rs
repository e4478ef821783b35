//! Staff of a program who work with peers and have no training on it on record, as one finding for the program.
//! Who counts, what they should have heard of and how long a new colleague has for it are parameters.

use std::collections::BTreeSet;

use domain::ValidDay;
use rules::{Breach, Checked, Class, Missing, Params, Verdict};
use timeline::people::Engaged;
use timeline::{PersonKey, ProgramKey, Row, View};

use crate::expected::{any_listed, began};

/// The check that MHOTRS-TEAM-05 and MHOTRS-ORG-09 share, each with its own roles, topics and courses.
pub(crate) fn untrained(view: &View<'_>, program: ProgramKey, p: &Params<'_>, what: &str) -> Checked {
    let Some(began) = began(view, program, p) else { return Ok(Verdict::NotApplicable) };
    let history = view.history();
    let mut attended: BTreeSet<PersonKey> = BTreeSet::new();
    for row in view.rows(view.staff_trainings(program), |_| true) {
        if any_listed(view, p, "topics", &[row.value.topic], began.value.day)? {
            attended.extend(&row.value.attendees);
        }
    }
    let mut lacking: Vec<(PersonKey, &Row<Engaged>)> = Vec::new();
    for person in view.everyone() {
        let Some(engaged) = engaged(view, program, p, person, began.value.day)? else { continue };
        let since = engaged.value.start_on.max(began.value.day);
        let is_late = view.deadline_passed(since.plus_days(p.int("days", since)?));
        if is_late && !attended.contains(&person) && !has_course(view, p, person, began.value.day)? {
            lacking.push((person, engaged));
            // One suffices; the others are only for the words.
            if !view.wants_words() {
                break;
            }
        }
    }
    let late_from = |engaged: &Row<Engaged>| engaged.value.start_on.max(began.value.day);
    let Some(first) = lacking.iter().map(|(_, row)| late_from(row)).min() else { return Ok(Verdict::Met) };
    let day = first.plus_days(p.int("days", first)?).plus_days(1);
    let name = history.program_name(program);
    let message = || {
        let who: Vec<&str> = lacking.iter().map(|(person, _)| history.person_name(*person)).collect();
        format!("staff of {name} with no training on {what} on record: {} ({}); their trainings settle this", who.len(), who.join(", "))
    };
    Breach::new(Class::Advisory, day)
        .because([began.seq()])
        .because(lacking.iter().map(|(_, row)| row.seq()))
        .lacks(view, || format!("training on {what} of staff of {name}"))
        .say(view, message)
        .verdict()
}

/// The engagement of somebody who works in the program now, in one of the roles; the latest begun.
fn engaged<'h>(
    view: &View<'h>,
    program: ProgramKey,
    p: &Params<'_>,
    person: PersonKey,
    day: ValidDay,
) -> Result<Option<&'h Row<Engaged>>, Missing> {
    let facts = view.person_facts(person);
    let mut found: Option<&Row<Engaged>> = None;
    for row in view.rows(&facts.engaged, |e| e.programs.contains(&program)) {
        let start = row.value.start_on;
        let has_left = view.rows(&facts.separated, |last| start <= *last).next().is_some();
        let mut counts = false;
        for role in &row.value.roles {
            counts |= p.lists("roles", role.as_str(), day)?;
        }
        if counts && !has_left && found.is_none_or(|f| f.value.start_on <= start) {
            found = Some(row);
        }
    }
    Ok(found)
}

/// Whether somebody completed a course that counts, by its id or by a topic of it.
fn has_course(view: &View<'_>, p: &Params<'_>, person: PersonKey, day: ValidDay) -> Result<bool, Missing> {
    for row in view.rows(&view.person_facts(person).trainings, |_| true) {
        if p.lists("courses", &row.value.course, day)? || any_listed(view, p, "topics", &row.value.topics, day)? {
            return Ok(true);
        }
    }
    Ok(false)
}
