//! The day as known on which a page is asked for: read from the address, and asked for by a form that needs no script.
//! A day that is none is said to be none, and the page shows what is known now.

use audit::vocabulary::{KnownAt, ValidDay};
use maud::{Markup, html};

use crate::params::Param;
use crate::visit::Visit;

/// What a page over time takes.
pub(crate) const TAKES: &[Param] = &[Param::day("as_of", "only what was known by the end of this day")];

/// Through the end of the day asked for: the instant before its deadline passes.
pub(super) fn known(visit: &Visit<'_>) -> Option<KnownAt> {
    day(visit).map(|day| KnownAt::from_micros(day.deadline_passed().micros() - 1))
}

fn day(visit: &Visit<'_>) -> Option<ValidDay> {
    visit.query.get("as_of").and_then(ValidDay::parse)
}

/// The form.
pub(super) fn control(visit: &Visit<'_>, path: &str) -> Markup {
    let (asked, day) = (visit.query.get("as_of"), day(visit));
    html! {
        @if asked.is_some() && day.is_none() { p.notice role="alert" { strong { "That is no day; write it as 2025-03-04." } } }
        form.compare method="get" action=(path) {
            div.field { label for="as_of" { "What was known on" } input #as_of type="date" name="as_of" value=(day.map(|d| d.to_string()).unwrap_or_default()); }
            button type="submit" { "Show what was known then" }
            @if asked.is_some() { a.field href=(path) { "Show what is known now" } }
        }
    }
}
