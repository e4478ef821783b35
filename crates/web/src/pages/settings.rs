//! Settings: what the agency has set and may set, every number with its source, the mappings, and which role reaches which address.
//! Changes nothing: a setting is an event, imported like every other.

use audit::{checklist, rulebook};
use maud::html;

use crate::layout::{Place, Sheet};
use crate::params::Param;
use crate::roles::Role;
use crate::routes::{Page, ROUTES};
use crate::trouble::Trouble;
use crate::visit::Visit;

pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let (entries, tables) = rulebook::list()?;
    let maps = visit.state.uploads.maps()?;
    let document = report::of::settings::document(&visit.desk().settings(), &entries, &tables, &maps, &who(), visit.stamp());
    let mut sheet = Sheet::new(Place::Settings, document);
    sheet.after = html! { ul.onward { li { a href="/checklist" { "What only a person can check" } } } };
    Ok(sheet.into())
}

/// Which roles reach which address.
fn who() -> Vec<(String, String, String)> {
    let row = |route: &crate::routes::Route| {
        let roles = if route.may.is_empty() { "everybody, without an account".to_owned() } else { named(route.may) };
        (format!("{} {}", route.method, route.path), route.says.to_owned(), roles)
    };
    ROUTES.iter().map(row).collect()
}

fn named(roles: &[Role]) -> String {
    let all: Vec<&str> = roles.iter().filter(|role| **role != Role::Guest).map(|role| role.as_str()).collect();
    if all.len() == Role::ALL.len() { "every account".to_owned() } else { all.join(", ") }
}

/// What the checklist takes.
pub(crate) const TAKES: &[Param] = &[Param::one_of("program", "the kind of program", &KINDS)];
const KINDS: [&str; 3] = ["mhotrs", "pros", "core"];

/// What only a person can check.
pub(crate) fn checklist(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let program = KINDS.into_iter().find(|kind| visit.query.get("program") == Some(kind));
    let document = report::of::checklist::document(&checklist::checklist(program)?, program, visit.stamp());
    let mut sheet = Sheet::new(Place::Settings, document).under("/settings", "Settings");
    sheet.before = html! {
        nav.tabs aria-label="Kind of program" { ul {
            li { a href="/checklist" aria-current=[program.is_none().then_some("true")] { "Every program" } }
            @for kind in KINDS { li { a href={ "/checklist?program=" (kind) } aria-current=[(program == Some(kind)).then_some("true")] { (kind.to_uppercase()) } } }
        } }
    };
    Ok(sheet.into())
}
