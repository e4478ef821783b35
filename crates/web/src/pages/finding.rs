//! A finding: its story on two lines, what is missing, what would cure it, the rule, what people decided.
//! Decides nothing; acts have pages of their own.

use crate::layout::{Place, Sheet};
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let desk = visit.desk();
    let story = desk.story(&visit.part(0))?;
    let document = report::of::finding::document(&story, desk.decisions(&story.finding.id), visit.stamp());
    Ok(Sheet::new(Place::Findings, document).under("/findings", "Findings").into())
}
