//! Recorded scans, and what changed between two points.
//! Two points are judged anew, which takes a while in a large ledger; nobody else waits for it.

use audit::vocabulary::Seq;
use maud::html;

use crate::layout::{Place, Sheet};
use crate::params::Param;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// The points that are compared.
pub(crate) const POINTS: &[Param] = &[
    Param::words("from", "the earlier point: the number of a scan, last, last~1, now, the number of an event, a date or an instant"),
    Param::words("to", "the later point"),
];

/// Whether what changed is to be worked out.
pub(crate) const ASKED: &[Param] = &[Param::one_of("changes", "whether what changed since the scan before is worked out in a ledger so large that it takes a while", &["yes"])];

pub(crate) fn list(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let mut sheet = Sheet::new(Place::Scans, report::of::scans::list(visit.desk().scans(), visit.stamp()));
    sheet.after = compare("last~1", "now");
    Ok(sheet.into())
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let part = visit.part(0);
    let seq = part.parse().map_err(|_| Trouble::NotFound("A scan is named by the number of its event.".to_owned()))?;
    let scanned = visit.desk().scanned(Seq(seq), visit.query.get("changes") == Some("yes"))?;
    let mut sheet = Sheet::new(Place::Scans, report::of::scans::page(&scanned, visit.stamp())).under("/scans", "Scans");
    if let Some(before) = &scanned.before {
        sheet.after = html! {
            ul.onward {
                @if scanned.changes.is_none() { li { a href={ "/scans/" (seq) "?changes=yes" } { "Work out what changed since the scan before" } } }
                li { a href={ "/scans/" (before.seq) } { "The scan before" } }
            }
        };
    }
    Ok(sheet.into())
}

pub(crate) fn diff(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let desk = visit.desk();
    let (from, to) = (visit.query.get("from").unwrap_or("last~1"), visit.query.get("to").unwrap_or("now"));
    let made = if (from, to) == ("last~1", "now") { desk.changes()?.filter(|c| c.after.frame.size == desk.frame().size).map(|c| report::of::scans::diff(c, visit.stamp())) } else { None };
    let document = match made {
        Some(document) => document,
        None => report::of::scans::diff(&desk.between(from, Some(to), visit.now)?, visit.stamp()),
    };
    let mut sheet = Sheet::new(Place::Scans, document).under("/scans", "Scans");
    sheet.before = compare(from, to);
    Ok(sheet.into())
}

fn compare(from: &str, to: &str) -> maud::Markup {
    html! {
        form.compare method="get" action="/scans/diff" {
            div.field { label for="from" { "From" } input #from name="from" value=(from) aria-describedby="points"; }
            div.field { label for="to" { "To" } input #to name="to" value=(to) aria-describedby="points"; }
            button type="submit" { "Show what changed" }
            p #points .soft { "A point is the number of a scan, last, last~1, now, the number of an event, a date or an instant." }
        }
    }
}
