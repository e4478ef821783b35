//! What every page has around it: the ledger and its mode, the way around, a title that is a sentence, other forms of the page, the evidence.
//! Shows what it is given; a page that is asked for by a program never comes here.

use audit::evidence::Standing;
use audit::words::{count, known, thousands};
use maud::{DOCTYPE, Markup, html};
use report::Document;
use report::html::{Links, block, blocks};

use crate::pages::assets;
use crate::paging::Piece;
use crate::roles::{APPROVERS, BOUNDED, FINDERS, KEEPERS, PUBLIC, READERS, Role, STAFF, UNVEILERS, WATCHERS};
use crate::state::Held;
use crate::trouble::Trouble;
use crate::visit::{Visit, Visitor};

/// A place in the way around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Home,
    Visit,
    Findings,
    Rules,
    Scans,
    Ledger,
    Waivers,
    Activity,
    People,
    Programs,
    Money,
    Due,
    Packs,
    Import,
    Settings,
}

const PLACES: [(Place, &str, &str, &[Role]); 15] = [
    (Place::Home, "/home", "Home", READERS),
    (Place::Visit, "/visit", "Claims", BOUNDED),
    (Place::Findings, "/findings", "Findings", FINDERS),
    (Place::People, "/people", "People", STAFF),
    (Place::Programs, "/programs", "Programs", READERS),
    (Place::Money, "/exposure", "Money", READERS),
    (Place::Due, "/due", "Due", READERS),
    (Place::Waivers, "/waivers", "Waivers", APPROVERS),
    (Place::Rules, "/rules", "Rules", PUBLIC),
    (Place::Scans, "/scans", "Scans", READERS),
    (Place::Ledger, "/ledger", "Evidence", PUBLIC),
    (Place::Packs, "/packs", "Packs", KEEPERS),
    (Place::Import, "/import", "Import", KEEPERS),
    (Place::Activity, "/activity", "Activity", WATCHERS),
    (Place::Settings, "/settings", "Settings", PUBLIC),
];

/// A page before it has a form.
pub(crate) struct Sheet {
    pub(crate) place: Place,
    /// What it says; other forms of the page are made from it alone.
    pub(crate) document: Document,
    /// Pages above this one.
    pub(crate) above: Vec<(String, String)>,
    /// What stands before the document's parts on a page for people.
    pub(crate) before: Markup,
    /// What stands beside them: a filter.
    pub(crate) filter: Option<Markup>,
    /// What stands instead of them.
    pub(crate) instead: Option<Markup>,
    /// What stands after them.
    pub(crate) after: Markup,
    /// The page's own JSON, where it has a fixed one.
    pub(crate) data: Option<serde_json::Value>,
    /// Which piece of its list it shows, where the page cut it itself; of other lists the table is cut before it is sent.
    pub(crate) piece: Option<Piece>,
}

impl Sheet {
    /// A page that shows a document.
    pub(crate) fn new(place: Place, document: Document) -> Self {
        Self { place, document, above: Vec::new(), before: html! {}, filter: None, instead: None, after: html! {}, data: None, piece: None }
    }

    /// Under another page.
    #[must_use]
    pub(crate) fn under(mut self, path: &str, name: &str) -> Self {
        self.above.push((path.to_owned(), name.to_owned()));
        self
    }
}

/// The page for people.
pub(crate) fn page(visit: &Visit<'_>, sheet: &Sheet, links: &Links<'_>) -> Markup {
    let document = &sheet.document;
    let main = html! {
        @if !sheet.above.is_empty() {
            nav.above aria-label="Above this page" { ol { @for (path, name) in &sheet.above { li { a href=(path) { (name) } } } } }
        }
        h1 { (document.title) }
        (sheet.before)
        @match (&sheet.filter, document.aside.is_empty()) {
            (Some(filter), _) => div.filtered { (filter) div.content { (body(sheet, links)) } },
            (None, true) => (body(sheet, links)),
            (None, false) => div.beside {
                div.content { (body(sheet, links)) }
                div.context { (blocks(&document.aside, links)) }
            },
        }
        @if sheet.instead.is_none() { (pager(sheet.piece.as_ref())) }
        (sheet.after)
        (forms(visit, document))
    };
    frame(&visit.held, &visit.visitor, Some(visit), &document.title, Some(sheet.place), &main)
}

fn body(sheet: &Sheet, links: &Links<'_>) -> Markup {
    match &sheet.instead {
        Some(instead) => html! { (instead) },
        None => html! { @for part in &sheet.document.blocks { (block(part, links)) } },
    }
}

/// The ways to the pieces of a list before and after the one on the page.
pub(crate) fn pager(piece: Option<&Piece>) -> Markup {
    html! {
        @if let Some(piece) = piece.filter(|p| p.count < p.total) {
            nav.pager aria-label="Pages of the list" {
                @if let Some(to) = &piece.previous { a rel="prev" href=(to) { "Previous page" } }
                span {
                    @match piece.page() {
                        Some((page, pages)) => { "Page " (page) " of " (pages) },
                        None => { "Lines " (piece.from + 1) " to " (piece.from + piece.count) " of " (piece.total) },
                    }
                }
                @if let Some(to) = &piece.next { a rel="next" href=(to) { "Next page" } }
            }
        }
    }
}

/// The same page in other forms.
fn forms(visit: &Visit<'_>, document: &Document) -> Markup {
    let path = if visit.path == "/" { "/home" } else { &visit.path };
    // A file holds the whole list, whichever piece of it stands on the page.
    let query = visit.query.but(&[("page", None), ("cursor", None), ("limit", None)]);
    html! {
        p.forms {
            "Download this page as "
            @if document.main_table().is_some() { a href={ (path) ".csv" (query) } { "CSV" } ", " a href={ (path) ".xlsx" (query) } { "XLSX" } ", " }
            a href={ (path) ".json" (query) } { "JSON" } ", "
            @if cfg!(feature = "pdf") { a href={ (path) ".pdf" (query) } { "PDF" } " " }
            "or " a href={ (path) ".html" (query) } { "a page to print" } "."
        }
    }
}

/// Trouble as a page.
pub(crate) fn trouble(held: &Held, visitor: &Visitor, trouble: &Trouble) -> Markup {
    let main = html! { h1 { (trouble.title()) } p role="alert" { (trouble.says()) } p { a href="/home" { "Go to the first page" } } };
    frame(held, visitor, None, &trouble.title(), None, &main)
}

/// A page that is no document: a form.
pub(crate) fn around(visit: &Visit<'_>, title: &str, main: &Markup) -> Markup {
    frame(&visit.held, &visit.visitor, Some(visit), title, None, main)
}

/// What ties a form to the login that asked for it.
pub(crate) fn form_token(visit: &Visit<'_>) -> Markup {
    token_of(&visit.visitor)
}

pub(crate) fn token_of(visitor: &Visitor) -> Markup {
    html! { @if let Some(keys) = &visitor.session { input type="hidden" name="form_token" value=(keys.form_token); } }
}

fn head(title: &str, origin: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="robots" content="noindex";
            title { (title) " · " (origin) }
            link rel="stylesheet" href={ "/assets/" (assets::style_name()) };
        }
    }
}

/// A page for somebody of whom nothing is known: nothing of the ledger but its name.
pub(crate) fn plain(title: &str, of: Option<(&str, bool)>, main: &Markup) -> Markup {
    let (origin, simulated) = of.unwrap_or(("Countersign", false));
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(title, origin))
            body {
                header.top {
                    div.wide { span.product { "Countersign" } p.origin { span.id { (origin) } } }
                    @if simulated { p.simulated { strong { "SIMULATED" } ": nobody in this ledger exists." } }
                }
                main #main tabindex="-1" { (main) }
            }
        }
    }
}

fn frame(held: &Held, visitor: &Visitor, visit: Option<&Visit<'_>>, title: &str, place: Option<Place>, main: &Markup) -> Markup {
    let frame = held.desk.frame();
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(title, &frame.origin))
            body {
                a.skip href="#main" { "Skip to the page" }
                header.top {
                    div.wide {
                        a.product href="/home" { "Countersign" }
                        p.origin { span.id { (frame.origin) } }
                        (who(visitor))
                    }
                    @if frame.simulated { p.simulated { strong { "SIMULATED" } ": nobody in this ledger exists." } }
                    nav.places aria-label="Pages" {
                        ul.wide {
                            @for (here, path, name, _) in PLACES.into_iter().filter(|(.., may)| may.contains(&visitor.role)) {
                                li { a href=(path) aria-current=[(place == Some(here)).then_some("page")] { (name) } }
                            }
                        }
                    }
                }
                main #main tabindex="-1" {
                    div.cut {
                        p { "As known now: " (count(frame.size, "event")) ", the last recorded " time datetime=(frame.as_of_recorded_at) { (known(frame.as_of_recorded_at)) } ". Judged for " time datetime=(frame.today) { (audit::words::day(frame.today)) } "." }
                        @if let Some(visit) = visit { (unveil(visit)) }
                    }
                    (main)
                }
                footer.end { div.wide { (standing(held)) (session(visitor)) } }
            }
        }
    }
}

/// Who the visitor is here, and the way out.
fn who(visitor: &Visitor) -> Markup {
    html! {
        @if visitor.session.is_some() {
            form.who method="post" action="/logout" {
                (token_of(visitor))
                a href="/account" { (visitor.name) } span.soft { (visitor.role.named()) }
                button.second type="submit" { "Log out" }
            }
        } @else { p.who { span.soft { (visitor.name) } } }
    }
}

/// When the visitor's session ends.
fn session(visitor: &Visitor) -> Markup {
    html! {
        @if let Some(keys) = &visitor.session {
            p { "Your session ends " time datetime=(keys.ends) { (known(keys.ends)) } " if nothing is asked until then. Five minutes before, pages ask whether you are still there; pages with a form stay, and keep what you write." }
        }
    }
}

/// Asking who individuals are.
fn unveil(visit: &Visit<'_>) -> Markup {
    let shown = visit.visitor.sees_individuals;
    html! {
        @if visit.visitor.session.is_some() && UNVEILERS.contains(&visit.visitor.role) {
            form method="post" action="/individuals" {
                (token_of(&visit.visitor))
                input type="hidden" name="back" value={ (visit.path) (visit.query.said()) };
                input type="hidden" name="show" value=(if shown { "no" } else { "yes" });
                button.link type="submit" { @if shown { "Hide who individuals are" } @else { "Show who individuals are" } }
                @if !shown { span { " (this is written down)" } }
            }
        }
    }
}

/// What the ledger rests on, in a line, with the way to the evidence.
fn standing(held: &Held) -> Markup {
    let s = &held.standing;
    let root = s.root.get(..8).unwrap_or(&s.root);
    html! {
        p {
            a href="/ledger" { (thousands(s.size)) " events, root " span.id { (root) "…" } }
            " · "
            @match held.desk.scans().last() {
                Some(scan) => { a href="/scans" { "last scan " (known(scan.recorded_at)) } },
                None => "no scan recorded yet",
            }
            " · "
            a href="/ledger" { (anchored(s)) }
        }
    }
}

/// How far the ledger is anchored, in a few words.
pub(crate) fn anchored(s: &Standing) -> String {
    s.anchors.last().map_or_else(
        || "not anchored outside".to_owned(),
        |last| format!("anchored at {} by {} on {}", count(last.size, "event"), last.witness, known(last.at)),
    )
}
