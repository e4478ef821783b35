//! The rules: the catalogue, and a page a rule.
//! What a rule says comes from its own folder.

use audit::rulebook;

use crate::layout::{Place, Sheet};
use crate::query::segment;
use crate::roles::FINDERS;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

pub(crate) fn list(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let (entries, _) = rulebook::list()?;
    // Who sees no finding is not told how many there are; who sees a part is told of that.
    let found = FINDERS.contains(&visit.visitor.role).then(|| visit.desk().rules_found(&|f| visit.visitor.sees(f)));
    Ok(Sheet::new(Place::Rules, report::of::rules::list(found.as_deref(), &entries, visit.stamp())).into())
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let (entry, page) = rulebook::show(&visit.part(0))?;
    let mut sheet = Sheet::new(Place::Rules, report::of::rules::page(&entry, &page, visit.stamp())).under("/rules", "Rules");
    sheet.after = maud::html! { ul.onward { li { a href={ "/findings?rule=" (segment(entry.rule.id)) } { "Findings of this rule" } } } };
    Ok(sheet.into())
}
