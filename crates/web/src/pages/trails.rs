//! The trails of individuals, contacts and claims.
//! Every look at an individual's trail is written down before it is shown.

use audit::history::trail::Of;

use crate::layout::{Place, Sheet};
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

pub(crate) fn individual(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let id = visit.part(0);
    let trail = visit.desk().trail(Of::Individual, &id, None)?;
    visit.note("looked at the trail of an individual", &id)?;
    Ok(Sheet::new(Place::Findings, report::of::trail::document(&trail, visit.stamp())).under("/findings", "Findings").into())
}

pub(crate) fn contact(visit: &Visit<'_>) -> Result<Page, Trouble> {
    of(visit, Of::Contact)
}

pub(crate) fn claim(visit: &Visit<'_>) -> Result<Page, Trouble> {
    of(visit, Of::Claim)
}

fn of(visit: &Visit<'_>, of: Of) -> Result<Page, Trouble> {
    let trail = visit.desk().trail(of, &visit.part(0), None)?;
    Ok(Sheet::new(Place::Findings, report::of::trail::document(&trail, visit.stamp())).under("/findings", "Findings").into())
}
