//! The rules: the catalogue, and a page a rule.
//! What a rule says comes from its own folder.

use audit::rulebook;

use crate::layout::{Place, Sheet};
use crate::query::segment;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

pub(crate) fn list(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let (entries, _) = rulebook::list()?;
    Ok(Sheet::new(Place::Rules, report::of::rules::list(visit.desk(), &entries, visit.stamp())).into())
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let (entry, page) = rulebook::show(&visit.part(0))?;
    let mut sheet = Sheet::new(Place::Rules, report::of::rules::page(&entry, &page, visit.stamp())).under("/rules", "Rules");
    sheet.after = maud::html! { ul.onward { li { a href={ "/findings?rule=" (segment(entry.rule.id)) } { "Findings of this rule" } } } };
    Ok(sheet.into())
}
