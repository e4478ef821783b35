//! Every route, who may use it, and what makes its page: one table, walked by a test with every role.
//! A path names its open parts with a colon; nothing is reached that is not a line here.

use axum::http::Method;

use crate::answer::Answer;
use crate::layout::Sheet;
use crate::api;
use crate::pages;
use crate::params::Param;
use crate::query::decoded;
use crate::roles::{ANYBODY, APPROVERS, BOUNDED, COLLEAGUES, DECIDERS, FINDERS, KEEPERS, MEMBERS, MONITORS, PUBLIC, READERS, Role, STAFF, TRAILS, UNVEILERS, WATCHERS};
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

/// What a route gives, and so what programs are told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    /// A page in every form: for people, as JSON, CSV and XLSX, and one to print.
    Sheet,
    /// The same; its table of this name comes in pieces.
    List(&'static str),
    /// A page for people alone, or what a form of theirs leads to.
    Form,
    /// Something as it is, of this media type.
    File(&'static str),
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
    /// What it is for, in a sentence without its full stop; `/openapi.json` and the page of addresses are made of it.
    pub(crate) says: &'static str,
    pub(crate) gives: Gives,
    /// What it may be told after the question mark; a program that says anything else is refused.
    pub(crate) takes: &'static [Param],
    /// Made from the ledger alone, so that a program that has it is told so; nothing else may claim it, and no look that is written down.
    pub(crate) of_the_ledger: bool,
    /// How often a visitor may ask in a minute; 0 is as often as they like. An address that searches counts where it is told to search.
    pub(crate) per_minute: u32,
    /// Asking for it does not keep a session alive.
    pub(crate) quiet: bool,
    /// Whether a form sends files to it, which are long.
    pub(crate) takes_files: bool,
}

impl Route {
    /// What it gives, if that is no page in every form.
    const fn gives(mut self, gives: Gives) -> Self {
        self.gives = gives;
        self
    }

    /// A list: the table of this name comes in pieces.
    const fn list(self, table: &'static str) -> Self {
        self.gives(Gives::List(table))
    }

    /// For people alone.
    const fn form(self) -> Self {
        self.gives(Gives::Form)
    }

    /// What it may be told.
    const fn takes(mut self, takes: &'static [Param]) -> Self {
        self.takes = takes;
        self
    }

    /// Made from the ledger alone.
    const fn of_the_ledger(mut self) -> Self {
        self.of_the_ledger = true;
        self
    }

    /// So often in a minute.
    const fn at_most(mut self, per_minute: u32) -> Self {
        self.per_minute = per_minute;
        self
    }

    /// Keeps no session alive.
    const fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// A form sends files to it.
    const fn takes_files(mut self) -> Self {
        self.takes_files = true;
        self
    }

    /// Whether it is there in every form.
    pub(crate) fn is_sheet(&self) -> bool {
        matches!(self.gives, Gives::Sheet | Gives::List(_))
    }
}

type Made = fn(&Visit<'_>) -> Result<Page, Trouble>;

const fn route(method: Method, path: &'static str, may: &'static [Role], page: Made, says: &'static str) -> Route {
    Route { method, path, may, page, says, gives: Gives::Sheet, takes: &[], of_the_ledger: false, per_minute: 0, quiet: false, takes_files: false }
}

const fn get(path: &'static str, may: &'static [Role], page: Made, says: &'static str) -> Route {
    route(Method::GET, path, may, page, says)
}

const fn post(path: &'static str, may: &'static [Role], page: Made, says: &'static str) -> Route {
    route(Method::POST, path, may, page, says).form()
}

/// For whoever has not said yet who they are.
const STRANGERS: &[Role] = &[];

/// The table. A route that is no `form()` or file is there as JSON, CSV, XLSX and a page to print.
pub(crate) const ROUTES: &[Route] = &[
    get("/login", STRANGERS, pages::login::ask, "The way in").form(),
    post("/login", STRANGERS, pages::login::enter, "Logs in"),
    #[cfg(feature = "oidc")]
    get("/sign-in", STRANGERS, crate::sign_in::begin, "The way in by a provider").form(),
    #[cfg(feature = "oidc")]
    get("/sign-in/back", STRANGERS, crate::sign_in::back, "Lets in whom a provider vouches for").form(),
    get("/still-there", STRANGERS, pages::login::still_there, "Asks whether somebody is still there before their session ends").form().quiet(),
    get("/assets/:name", STRANGERS, pages::assets::show, "The style sheet").gives(Gives::File("text/css")),
    get("/verify", STRANGERS, pages::service::verify, "Checks an audit pack in the browser").form(),
    get("/healthz", STRANGERS, pages::service::health, "Says that the service answers").gives(Gives::File("text/plain")),
    get("/metrics", MONITORS, pages::service::metrics, "Counts in the text format of Prometheus, which name nobody").gives(Gives::File("text/plain")),
    get("/openapi.json", STRANGERS, api::openapi, "This interface as OpenAPI describes it").gives(Gives::File("application/json")),
    get("/api", PUBLIC, api::show, "Every address that programs may ask for").list("addresses"),
    post("/logout", MEMBERS, pages::login::leave, "Ends the session"),
    get("/account", MEMBERS, pages::login::account, "The visitor's own account").form(),
    post("/account", MEMBERS, pages::login::change, "Changes the visitor's password"),
    post("/individuals", UNVEILERS, pages::login::unveil, "Shows who individuals are, which is written down").at_most(20),
    get("/", ANYBODY, pages::home::show, "The morning page").form(),
    get("/home", ANYBODY, pages::home::show, "What changed since the last scan, what is open, what is at risk and what falls due").of_the_ledger(),
    get("/findings", FINDERS, pages::findings::show, "Findings that fit a filter").list("findings").takes(pages::findings::TAKES).of_the_ledger().at_most(120),
    get("/findings/:id", FINDERS, pages::finding::show, "A finding: what happened, what was known, what would cure it, what people decided").of_the_ledger(),
    get("/decide", DECIDERS, pages::decide::ask, "The form of a decision").form(),
    post("/decide", DECIDERS, pages::decide::decide, "Puts a decision on record, or asks for a waiver"),
    get("/waivers", APPROVERS, pages::decide::waivers, "Waivers that wait for a second person").form(),
    post("/waivers", APPROVERS, pages::decide::approve, "Approves or declines a waiver"),
    get("/people", STAFF, pages::people::list, "Everybody on the staff, with the findings about them; of a visit those who delivered what lies inside").list("people").of_the_ledger(),
    get("/people/:id", STAFF, pages::people::show, "Somebody on the staff over time, as known now or on a day").takes(pages::as_of::TAKES).of_the_ledger(),
    get("/people/:id/supervision", COLLEAGUES, pages::supervision::show, "Who supervised a peer, stretch by stretch, and every gap").takes(pages::as_of::TAKES).of_the_ledger(),
    get("/visit", BOUNDED, pages::trails::claims, "The claims of a visit, or of a peer's own contacts").list("claims"),
    get("/programs", READERS, pages::programs::list, "Programs, with staff, contacts, findings and money at risk").list("programs").of_the_ledger(),
    get("/programs/:id", READERS, pages::programs::show, "A program: contacts by month, staff, supervision, and how fresh its records are").of_the_ledger(),
    get("/individuals/:id", TRAILS, pages::trails::individual, "An individual over time, as known now or on a day; each look is written down").takes(pages::as_of::TAKES),
    get("/individuals/:id/events", READERS, pages::trails::events, "Every event that names an individual; each look is written down").list("trail"),
    get("/sessions/:id", READERS, pages::trails::session, "A group session: who was there, what was billed for each, what was found").of_the_ledger(),
    get("/contacts/:id", FINDERS, pages::trails::contact, "Every event of a contact").list("trail"),
    get("/claims/:id", FINDERS, pages::trails::claim, "Every event of a claim").list("trail"),
    get("/exposure", READERS, pages::money::exposure, "Money at risk on live claims").list("groups").takes(pages::money::GROUPED).of_the_ledger(),
    get("/due", READERS, pages::money::due, "What falls due").list("due").takes(pages::money::AHEAD).of_the_ledger(),
    get("/rules", PUBLIC, pages::rules::list, "The rules").list("rules").of_the_ledger(),
    get("/rules/:id", PUBLIC, pages::rules::show, "A rule, with its dated numbers and their sources").of_the_ledger(),
    get("/scans", READERS, pages::scans::list, "Recorded scans").list("scans").of_the_ledger(),
    get("/scans/diff", READERS, pages::scans::diff, "What changed between two points, and what did it").list("changes").takes(pages::scans::POINTS).of_the_ledger().at_most(30),
    get("/scans/:id", READERS, pages::scans::show, "A recorded scan: what it counted, and what changed against the one before").takes(pages::scans::ASKED).at_most(30),
    get("/ledger", PUBLIC, pages::ledger::show, "What vouches for the ledger"),
    get("/packs", KEEPERS, pages::packs::list, "Audit packs made here").list("packs"),
    post("/packs", KEEPERS, pages::packs::make, "Makes an audit pack"),
    get("/packs/:id", KEEPERS, pages::packs::show, "The cover of an audit pack, or how far it is"),
    get("/packs/:id/file", KEEPERS, pages::packs::file, "The file of an audit pack; each download is written down").gives(Gives::File("application/zip")),
    get("/import", KEEPERS, pages::import::ask, "The form that sends files to be imported").form(),
    post("/import", KEEPERS, pages::import::send, "Takes files to be imported, and appends nothing").takes_files(),
    get("/import/:id", KEEPERS, pages::import::show, "What would be appended of files that were sent, and every problem"),
    post("/import/:id", KEEPERS, pages::import::settle, "Appends files that were sent, or lets them go"),
    post("/views", FINDERS, pages::views::change, "Keeps a view of the worklist, or lets one go"),
    get("/settings", PUBLIC, pages::settings::show, "What the agency has set, every number of the rules with its source, and who may do what"),
    get("/checklist", PUBLIC, pages::settings::checklist, "What the guidance asks and only a person can check").list("checklist").takes(pages::settings::TAKES),
    get("/activity", WATCHERS, pages::activity::show, "What people did here").list("activity"),
];

/// A route found: its line, the form asked for, the path without it, and its open parts.
pub(crate) type Found<'p> = (&'static Route, Form, &'p str, Vec<String>);

/// The route of a request. A path that ends like a form is first taken for that form of a page.
pub(crate) fn find<'p>(method: &Method, path: &'p str) -> Option<Found<'p>> {
    let (form, bare) = Form::of(path);
    let with = |form: Form, path: &'p str| {
        let fits = |r: &&Route| r.method == *method && (form == Form::Html || r.is_sheet());
        ROUTES.iter().filter(fits).find_map(|route| Some((route, form, path, parts(route.path, path)?)))
    };
    // An ending asks for a form of a page: what is sent has none, and an id that somebody sends something to is not `7.csv`.
    with(form, bare).or_else(|| if *method == Method::POST && form != Form::Html { None } else { with(Form::Html, path) })
}

/// The methods an address takes.
pub(crate) fn other_methods(path: &str) -> Vec<&'static str> {
    let methods = [(Method::GET, "GET, HEAD"), (Method::POST, "POST")];
    methods.into_iter().filter(|(method, _)| find(method, path).is_some()).map(|(_, words)| words).collect()
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
        assert_eq!(other_methods("/decide"), ["GET, HEAD", "POST"]);
        assert!(other_methods("/decide.json").is_empty(), "a form is for people");
        assert_eq!((other_methods("/import/7"), other_methods("/import/7.csv")), (vec!["GET, HEAD", "POST"], vec!["GET, HEAD"]));
        assert!(find(&Method::GET, "/openapi.json").is_some_and(|(route, form, ..)| form == Form::Html && !route.is_sheet()));
    }

    #[test]
    fn every_route_says_what_it_is_for() {
        for route in ROUTES {
            assert!(route.says.len() > 5 && !route.says.ends_with('.') && route.says.starts_with(char::is_uppercase), "{}: {:?}", route.path, route.says);
            assert!(!route.of_the_ledger || route.is_sheet() && !route.may.is_empty(), "{}", route.path);
        }
    }
}
