//! What the ledger rests on.
//! Reads the checkpoint as it is kept; signs nothing.

use audit::evidence;
use maud::html;

use crate::layout::{Place, Sheet};
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let signed = evidence::checkpoint(visit.desk().dir()).ok();
    let mut sheet = Sheet::new(Place::Ledger, report::of::ledger::document(&visit.held.standing, signed.as_ref(), visit.stamp()));
    if let Some(signed) = &signed {
        sheet.after = html! { details { summary { "The signed checkpoint, as it is" } div.scroll tabindex="0" role="region" aria-label="Signed checkpoint" { pre { (signed.note) } } } };
    }
    sheet.before = html! { p { a href="/verify" { "Check an audit pack in your browser" } ": the file stays with you." } };
    Ok(sheet.into())
}
