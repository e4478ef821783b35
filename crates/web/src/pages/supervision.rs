//! Who supervised a peer, as known now or on a day: stretches and gaps as a list that prints.
//! A peer sees their own.

use super::as_of;
use crate::layout::{Place, Sheet};
use crate::query::segment;
use crate::roles::Role;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let id = visit.part(0);
    if visit.visitor.role == Role::Peer && visit.visitor.person.as_ref() != Some(&id) {
        return Err(Trouble::Forbidden);
    }
    let known = as_of::known(visit);
    let history = visit.desk().supervision(&id, None, known)?;
    let document = report::of::supervision::document(&history, known, visit.stamp());
    Ok(Sheet::new(Place::People, document).under("/people", "People").under(&format!("/people/{}", segment(&id)), &id).into())
}
