//! A finding: its story on two lines, what is missing, what would cure it, the rule, what people decided.
//! Decides nothing; acts have pages of their own.

use std::sync::Arc;

use super::decide;
use crate::layout::{Place, Sheet};
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let desk = visit.desk();
    // Who sees a part of the findings learns nothing of the others, not even that there is none.
    if visit.visitor.role.is_bounded() && !desk.finding(&visit.part(0)).is_some_and(|f| visit.visitor.sees(f)) {
        return Err(Trouble::Forbidden);
    }
    let story = match &visit.reach {
        Some(reach) => Arc::new(desk.story_inside(reach, &visit.part(0))?),
        None => desk.story(&visit.part(0))?,
    };
    let document = report::of::finding::document(&story, visit.stamp());
    let mut sheet = Sheet::new(Place::Findings, document).under("/findings", "Findings");
    sheet.before = decide::way(visit, &story.finding.id);
    Ok(sheet.into())
}
