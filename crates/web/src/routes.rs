//! Every route, who may use it, and what makes its page: one table, walked by a test with every role.
//! A path names its open parts with a colon; nothing is reached that is not a line here.

use axum::http::Method;

use crate::answer::Answer;
use crate::layout::Sheet;
use crate::pages;
use crate::query::decoded;
use crate::roles::{ANYBODY, APPROVERS, COLLEAGUES, DECIDERS, FINDERS, MEMBERS, MONITORS, PUBLIC, READERS, Role, UNVEILERS, WATCHERS};
use crate::trouble::Trouble;
use crate::visit::{Form, Visit};

/// What a route gives.
pub(crate) enum Page {
    /// A page that can be had in several forms.
    Sheet(Box<Sheet>),
    /// Something as it is.
    Answer(Answer),
}

impl From<Sheet> for Page {
    fn from(sheet: Sheet) -> Self {
        Page::Sheet(Box::new(sheet))
    }
}

/// A line of the table.
pub(crate) struct Route {
    /// GET or POST.
    pub(crate) method: Method,
    /// The path, open parts with a colon.
    pub(crate) path: &'static str,
    /// Who may; nobody named is for strangers, too.
    pub(crate) may: &'static [Role],
    /// What makes the page.
    pub(crate) page: fn(&Visit<'_>) -> Result<Page, Trouble>,
}

const fn get(path: &'static str, may: &'static [Role], page: fn(&Visit<'_>) -> Result<Page, Trouble>) -> Route {
    Route { method: Method::GET, path, may, page }
}

const fn post(path: &'static str, may: &'static [Role], page: fn(&Visit<'_>) -> Result<Page, Trouble>) -> Route {
    Route { method: Method::POST, path, may, page }
}

/// For whoever has not said yet who they are.
const STRANGERS: &[Role] = &[];

/// The table.
pub(crate) const ROUTES: &[Route] = &[
    get("/login", STRANGERS, pages::login::ask),
    post("/login", STRANGERS, pages::login::enter),
    get("/assets/:name", STRANGERS, pages::assets::show),
    get("/verify", STRANGERS, pages::service::verify),
    get("/healthz", STRANGERS, pages::service::health),
    get("/metrics", MONITORS, pages::service::metrics),
    post("/logout", MEMBERS, pages::login::leave),
    get("/account", MEMBERS, pages::login::account),
    post("/account", MEMBERS, pages::login::change),
    post("/individuals", UNVEILERS, pages::login::unveil),
    get("/", ANYBODY, pages::home::show),
    get("/home", ANYBODY, pages::home::show),
    get("/findings", FINDERS, pages::findings::show),
    get("/findings/:id", FINDERS, pages::finding::show),
    get("/decide", DECIDERS, pages::decide::ask),
    post("/decide", DECIDERS, pages::decide::decide),
    get("/waivers", APPROVERS, pages::decide::waivers),
    post("/waivers", APPROVERS, pages::decide::approve),
    get("/people", COLLEAGUES, pages::people::list),
    get("/people/:id", COLLEAGUES, pages::people::show),
    get("/individuals/:id", READERS, pages::trails::individual),
    get("/contacts/:id", READERS, pages::trails::contact),
    get("/claims/:id", READERS, pages::trails::claim),
    get("/exposure", READERS, pages::money::exposure),
    get("/due", READERS, pages::money::due),
    get("/rules", PUBLIC, pages::rules::list),
    get("/rules/:id", PUBLIC, pages::rules::show),
    get("/scans", READERS, pages::scans::list),
    get("/scans/diff", READERS, pages::scans::diff),
    get("/ledger", PUBLIC, pages::ledger::show),
    get("/activity", WATCHERS, pages::activity::show),
];

/// A route found: its line, the form asked for, the path without it, and its open parts.
pub(crate) type Found<'p> = (&'static Route, Form, &'p str, Vec<String>);

/// The route of a request. A path that ends like a form is first taken for that form of a page.
pub(crate) fn find<'p>(method: &Method, path: &'p str) -> Option<Found<'p>> {
    let (form, bare) = Form::of(path);
    let with = |form: Form, path: &'p str| {
        ROUTES.iter().filter(|r| r.method == *method).find_map(|route| Some((route, form, path, parts(route.path, path)?)))
    };
    with(form, bare).or_else(|| with(Form::Html, path))
}

/// The methods an address takes.
pub(crate) fn other_methods(path: &str) -> Vec<&'static str> {
    let (_, bare) = Form::of(path);
    let mut methods: Vec<&'static str> =
        ROUTES.iter().filter(|r| parts(r.path, bare).is_some()).map(|r| if r.method == Method::POST { "POST" } else { "GET, HEAD" }).collect();
    methods.dedup();
    methods
}

/// The open parts of a path that fits a pattern.
fn parts(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let (mut wanted, mut have) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), have.next()) {
            (None, None) => return Some(found),
            (Some(open), Some(part)) if open.starts_with(':') => found.push(decoded(part).filter(|p| !p.is_empty())?),
            (Some(fixed), Some(part)) if fixed == part => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_path_finds_its_route_and_its_form() {
        let (route, form, path, parts) = find(&Method::GET, "/findings/F-1.json").unwrap();
        assert_eq!((route.path, form, path), ("/findings/:id", Form::Json, "/findings/F-1"));
        assert_eq!(parts, ["F-1"]);
        assert!(find(&Method::GET, "/findings/").is_none());
        assert!(find(&Method::POST, "/findings").is_none());
        assert_eq!(other_methods("/findings"), ["GET, HEAD"]);
    }
}
