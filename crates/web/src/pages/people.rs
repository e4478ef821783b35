//! Staff: everybody in a list, and somebody over time, as known now or on a day.
//! A peer sees themselves and nobody else.

use audit::vocabulary::{KnownAt, ValidDay};
use maud::html;

use crate::layout::{Place, Sheet};
use crate::params::Param;
use crate::query::segment;
use crate::roles::Role;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// What somebody's page takes.
pub(crate) const TAKES: &[Param] = &[Param::day("as_of", "only what was known by the end of this day")];

pub(crate) fn list(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let mut people = visit.desk().people();
    if visit.visitor.role == Role::Peer {
        people.retain(|(person, _)| Some(person) == visit.visitor.person.as_ref());
    }
    Ok(Sheet::new(Place::People, report::of::person::list(&people, visit.stamp())).into())
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let id = visit.part(0);
    if visit.visitor.role == Role::Peer && visit.visitor.person.as_ref() != Some(&id) {
        return Err(Trouble::Forbidden);
    }
    let asked = visit.query.get("as_of");
    let day = asked.and_then(ValidDay::parse);
    // Through the end of the day: the instant before its deadline passes.
    let known = day.map(|day| KnownAt::from_micros(day.deadline_passed().micros() - 1));
    let time = visit.desk().person(&id, known)?;
    let mut sheet = Sheet::new(Place::People, report::of::person::document(&time, visit.stamp())).under("/people", "People");
    let path = format!("/people/{}", segment(&id));
    sheet.before = html! {
        @if asked.is_some() && day.is_none() { p.notice role="alert" { strong { "That is no day; write it as 2025-03-04." } } }
        form.compare method="get" action=(path) {
            div.field { label for="as_of" { "What was known on" } input #as_of type="date" name="as_of" value=(day.map(|d| d.to_string()).unwrap_or_default()); }
            button type="submit" { "Show what was known then" }
            @if asked.is_some() { a.field href=(path) { "Show what is known now" } }
        }
    };
    Ok(sheet.into())
}
