//! Staff: everybody in a list, and somebody over time, as known now or on a day.
//! A peer sees themselves and nobody else; a reviewer, of those who delivered what lies inside the visit, what of them lies inside it.

use audit::desk::Lane;

use super::as_of;
use crate::layout::{Place, Sheet};
use crate::query::segment;
use crate::roles::Role;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

pub(crate) fn list(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let (desk, stamp) = (visit.desk(), visit.stamp());
    let (people, coverage, days) = (desk.people(), desk.coverage(), desk.year_told());
    let document = if visit.visitor.role == Role::Peer {
        let me = visit.visitor.person.as_deref().unwrap_or_default();
        let mine: Vec<(String, [u64; 3])> = people.iter().filter(|(person, _)| person == me).cloned().collect();
        let lanes: Vec<Lane> = coverage.iter().filter(|lane| lane.name.strip_prefix(me).is_some_and(|rest| rest.starts_with(", "))).cloned().collect();
        report::of::person::list(&mine, &lanes, days, stamp)
    } else if let Some(reach) = &visit.reach {
        report::of::person::list(&desk.people_inside(reach, &|f| visit.visitor.sees(f)), &[], days, stamp)
    } else {
        report::of::person::list(people, &coverage, days, stamp)
    };
    Ok(Sheet::new(Place::People, document).into())
}

/// Who is asked for; a peer may ask for themselves and nobody else.
pub(super) fn asked(visit: &Visit<'_>) -> Result<String, Trouble> {
    let id = visit.part(0);
    if visit.visitor.role == Role::Peer && visit.visitor.person.as_ref() != Some(&id) {
        return Err(Trouble::Forbidden);
    }
    Ok(id)
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    if visit.visitor.role == Role::Reviewer {
        return inside(visit);
    }
    let id = asked(visit)?;
    let time = visit.desk().person(&id, as_of::known(visit))?;
    let mut sheet = Sheet::new(Place::People, report::of::person::document(&time, visit.stamp())).under("/people", "People");
    let path = format!("/people/{}", segment(&id));
    sheet.before = as_of::control(visit, &path);
    sheet.after = maud::html! { ul.onward { li { a href={ (path) "/supervision" } { "Supervision alone, stretch by stretch, to print" } } } };
    Ok(sheet.into())
}

/// Of a visit: what lies inside it. Whoever delivered nothing inside is answered as somebody there is not.
fn inside(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let (id, desk) = (visit.part(0), visit.desk());
    let Some(reach) = visit.reach.as_ref().filter(|reach| desk.is_person_inside(reach, &id)) else { return Err(Trouble::Forbidden) };
    let time = desk.person_inside(reach, &id, as_of::known(visit), &|f| visit.visitor.sees(f))?;
    visit.note("looked at a member of the staff", &id)?;
    let control = as_of::control(visit, &format!("/people/{}", segment(&id)));
    let mut sheet = Sheet::new(Place::People, report::of::person::inside(&time, visit.stamp())).under("/people", "People");
    sheet.before = maud::html! { p.soft { "Credentials, licences and supervision on the days of the visit, and contacts inside it. Each look is written down." } (control) };
    Ok(sheet.into())
}
