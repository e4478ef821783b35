//! Money at risk, by rule, program, peer or month, and what falls due.
//! Starts no clock; shows those that people started.

use audit::exposure::By;
use maud::html;

use crate::layout::{Place, Sheet};
use crate::params::Param;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// What money at risk is grouped by.
pub(crate) const GROUPED: &[Param] = &[Param::one_of("by", "what it is grouped by", &["rule", "program", "peer", "month"])];
/// How far ahead is looked.
pub(crate) const AHEAD: &[Param] = &[Param::number("days", "how many days ahead; 60 if not said", 1, 3_660)];

pub(crate) fn exposure(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let ways = [By::Rule, By::Program, By::Peer, By::Month];
    let by = ways.into_iter().find(|by| visit.query.get("by") == Some(by.as_str())).unwrap_or(By::Rule);
    let exposure = visit.desk().exposure(by)?;
    let mut sheet = Sheet::new(Place::Money, report::of::money::exposure(&exposure, visit.stamp()));
    sheet.before = html! {
        nav.tabs aria-label="Grouped by" { ul { @for way in ways { li { a href={ "/exposure?by=" (way.as_str()) } aria-current=[(way == by).then_some("true")] { "By " (way.as_str()) } } } } }
    };
    Ok(sheet.into())
}

/// Days that the calendar shows.
const YEAR: u32 = 366;

pub(crate) fn due(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let days = visit.query.number("days").unwrap_or(60u32).clamp(1, 3_660);
    let (upcoming, year) = (visit.desk().upcoming(days)?, visit.desk().upcoming(YEAR)?);
    let mut sheet = Sheet::new(Place::Due, report::of::money::due(&upcoming, &year, visit.stamp()));
    sheet.before = html! {
        form.compare method="get" action="/due" {
            div.field { label for="days" { "Days ahead" } input #days type="number" name="days" min="1" max="3660" value=(days); }
            button type="submit" { "Show" }
        }
    };
    Ok(sheet.into())
}
