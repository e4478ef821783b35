//! Individuals over time, the trails of individuals, contacts, claims and group sessions, and of a visit the claims whose trails there are.
//! A look at an individual, and every look of somebody who sees a part, is written down before it is shown.

use audit::desk::Reach;
use audit::history::trail::{Of, Trail};

use super::as_of;
use crate::layout::{Place, Sheet};
use crate::query::segment;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

pub(crate) fn individual(visit: &Visit<'_>) -> Result<Page, Trouble> {
    // What an individual's time amounts to is of no one part: whoever sees a part is shown the trail inside it.
    if visit.reach.is_some() {
        return of(visit, Of::Individual);
    }
    let id = visit.part(0);
    let time = visit.desk().individual(&id, as_of::known(visit))?;
    visit.note("looked at an individual over time", &id)?;
    let path = individual_path(visit, &id);
    let mut sheet = Sheet::new(Place::Findings, report::of::individual::document(&time, visit.stamp())).under("/findings", "Findings");
    sheet.before = as_of::control(visit, &path);
    sheet.after = maud::html! { ul.onward { li { a href={ (path) "/events" } { "Every event on record that names them" } } } };
    Ok(sheet.into())
}

pub(crate) fn events(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let id = visit.part(0);
    let trail = visit.desk().trail(Of::Individual, &id, None)?;
    visit.note("looked at the trail of an individual", &id)?;
    let mut document = report::of::trail::document(&trail, visit.stamp());
    // What a life's events name is no index of anything.
    document.aside.clear();
    Ok(Sheet::new(Place::Findings, document).under("/findings", "Findings").under(&individual_path(visit, &id), "Over time").into())
}

/// The address under the name by which the visitor sees them.
fn individual_path(visit: &Visit<'_>, id: &str) -> String {
    format!("/individuals/{}", segment(&visit.veil(id).unwrap_or_else(|| id.to_owned())))
}

pub(crate) fn contact(visit: &Visit<'_>) -> Result<Page, Trouble> {
    of(visit, Of::Contact)
}

pub(crate) fn claim(visit: &Visit<'_>) -> Result<Page, Trouble> {
    of(visit, Of::Claim)
}

pub(crate) fn session(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let session = visit.desk().session(&visit.part(0))?;
    let program = format!("/programs/{}", segment(&session.program));
    Ok(Sheet::new(Place::Programs, report::of::session::document(&session, visit.stamp())).under("/programs", "Programs").under(&program, &session.program).into())
}

fn of(visit: &Visit<'_>, of: Of) -> Result<Page, Trouble> {
    let (id, desk) = (visit.part(0), visit.desk());
    let Some(reach) = &visit.reach else {
        let trail = if of == Of::Claim { desk.claim_trail(&id)? } else { desk.trail(of, &id, None)? };
        if of == Of::Individual {
            visit.note("looked at the trail of an individual", &id)?;
        }
        return Ok(sheet(visit, &trail, "/findings", "Findings").into());
    };
    // What lies outside is answered as what there is not.
    if !desk.is_inside(reach, of, &id) {
        return Err(Trouble::Forbidden);
    }
    let trail = desk.trail_inside(reach, of, &id, &|f| visit.visitor.sees(f))?;
    let article = if of == Of::Individual { "an" } else { "a" };
    visit.note(&format!("looked at the trail of {article} {}", of.as_str()), &id)?;
    let mut sheet = sheet(visit, &trail, "/visit", "Claims");
    sheet.before = maud::html! { p.soft { "What names something outside your part of the ledger is left out." } };
    Ok(sheet.into())
}

fn sheet(visit: &Visit<'_>, trail: &Trail, above: &str, name: &str) -> Sheet {
    let place = if visit.reach.is_some() { Place::Visit } else { Place::Findings };
    Sheet::new(place, report::of::trail::document(trail, visit.stamp())).under(above, name)
}

/// The claims of somebody who sees a part.
pub(crate) fn claims(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let nothing = Reach::default();
    let reach = visit.reach.as_ref().unwrap_or(&nothing);
    let claims = visit.desk().claims_inside(reach, &|f| visit.visitor.sees(f));
    let mut sheet = Sheet::new(Place::Visit, report::of::visit::claims(&claims, visit.stamp()));
    sheet.before = maud::html! {
        @if let Some(bounds) = &visit.visitor.bounds { p { (bounds.says()) "." } }
        p.soft { "Open a claim to read every event on record of it. Each look is written down." }
    };
    Ok(sheet.into())
}
