//! The first page of the morning.
//! Everything on it comes from the desk; who sees only a part of it begins where that part is.

use crate::answer::Answer;
use crate::layout::{Place, Sheet};
use crate::roles::Role;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    match visit.visitor.role {
        Role::Peer => return Ok(Page::Answer(Answer::onward("/findings"))),
        Role::Reviewer => return Ok(Page::Answer(Answer::onward("/visit"))),
        Role::Administrator => return Ok(Page::Answer(Answer::onward("/activity"))),
        Role::Officer | Role::Approver | Role::Supervisor | Role::Biller | Role::Service | Role::Guest => {}
    }
    let document = report::of::home::document(visit.desk(), visit.stamp())?;
    let mut sheet = Sheet::new(Place::Home, document);
    sheet.after = maud::html! {
        ul.onward {
            li { a href="/findings?disposition=none&class=violation" { "Violations that nobody has decided about" } }
            li { a href="/scans/diff?from=last~1&to=now" { "Everything that changed since the last scan" } }
        }
    };
    Ok(sheet.into())
}
