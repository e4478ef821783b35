//! Who supervised a peer, as known now or on a day: stretches and gaps as a list that prints.
//! A peer sees their own.

use super::{as_of, people};
use crate::layout::{Place, Sheet};
use crate::query::segment;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let id = people::asked(visit)?;
    let known = as_of::known(visit);
    let history = visit.desk().supervision(&id, None, known)?;
    let document = report::of::supervision::document(&history, known, visit.stamp());
    let above = format!("/people/{}", segment(&id));
    let mut sheet = Sheet::new(Place::People, document).under("/people", "People").under(&above, &id);
    sheet.before = as_of::control(visit, &format!("{above}/supervision"));
    Ok(sheet.into())
}
