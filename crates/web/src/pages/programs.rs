//! Programs: all of them, and one with its staff, contacts, findings and money.
//! Everything on them comes from the desk.

use crate::layout::{Place, Sheet};
use crate::query::segment;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

pub(crate) fn list(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let desk = visit.desk();
    let programs = desk.programs()?;
    Ok(Sheet::new(Place::Programs, report::of::program::list(&programs, desk.year_told(), visit.stamp())).into())
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let id = visit.part(0);
    let program = visit.desk().program(&id)?;
    let mut sheet = Sheet::new(Place::Programs, report::of::program::page(&program, visit.stamp())).under("/programs", "Programs");
    sheet.after = maud::html! { ul.onward { li { a href={ "/findings?program=" (segment(&id)) } { "Findings in this program" } } } };
    Ok(sheet.into())
}
