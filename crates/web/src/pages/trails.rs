//! The trails of individuals, contacts and claims, and of a visit the claims whose trails there are.
//! A look at an individual's trail, and every look of somebody who sees a part, is written down before it is shown.

use audit::desk::Reach;
use audit::history::trail::{Of, Trail};

use crate::layout::{Place, Sheet};
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

pub(crate) fn individual(visit: &Visit<'_>) -> Result<Page, Trouble> {
    of(visit, Of::Individual)
}

pub(crate) fn contact(visit: &Visit<'_>) -> Result<Page, Trouble> {
    of(visit, Of::Contact)
}

pub(crate) fn claim(visit: &Visit<'_>) -> Result<Page, Trouble> {
    of(visit, Of::Claim)
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
