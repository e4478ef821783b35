//! From a request to its answer: finds the route, asks who the visitor is and whether they may, makes the page on a thread that may block.
//! The only place where pages meet the network; what is not in the table of routes is not there.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use report::document::{Cell, Document};
use report::Thing;

use crate::answer::Answer;
use crate::entry::{self, Entry};
use crate::kept;
use crate::layout::{self, Sheet};
use crate::links;
use crate::marks;
use crate::multipart;
use crate::pages;
use crate::paging::{self, Piece};
use crate::params;
use crate::query::Query;
use crate::roles::Role;
use crate::routes::{self, Gives, Page, Route};
use crate::state::State;
use crate::trouble::Trouble;
use crate::visit::{Form, Visit, Visitor};

/// Bytes that a form may send.
const MOST: usize = 256 * 1024;
/// A form takes milliseconds; whoever sends one byte a minute is not waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// Files of an agency behind a slow line.
const UPLOAD: Duration = Duration::from_secs(600);

/// A request as it was sent.
struct Sent {
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
    body: Bytes,
}

/// A request that is being answered; none any more when this is dropped, however it ended.
struct UnderWay(Arc<State>);

impl UnderWay {
    fn of(state: &Arc<State>) -> Self {
        state.under_way.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(state))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Answers a request.
pub(crate) async fn dispatch(state: Arc<State>, request: Request) -> Response<Body> {
    let encrypted = state.encrypted;
    let _under_way = UnderWay::of(&state);
    let mut response = answered(state, request).await;
    if encrypted {
        // For a year a browser comes here encrypted or not at all (RFC 6797).
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

async fn answered(state: Arc<State>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let head = parts.method == Method::HEAD;
    let (most, patience) = if may_send_files(&state, &parts.method, parts.uri.path(), &parts.headers).await { (pages::import::MOST, UPLOAD) } else { (MOST, PATIENCE) };
    let body = match tokio::time::timeout(patience, to_bytes(body, most)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return bare(&Trouble::Refused("What was sent is too long.".to_owned())).status(StatusCode::PAYLOAD_TOO_LARGE).response(),
        Err(_) => return bare(&Trouble::Refused("What was sent took too long.".to_owned())).status(StatusCode::REQUEST_TIMEOUT).response(),
    };
    let sent = Sent {
        method: if head { Method::GET } else { parts.method },
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body,
    };
    // Pages read the ledger, which may wait for a disk: never on a thread that others' requests wait for.
    let made = tokio::task::spawn_blocking(move || answer(&state, &sent)).await;
    let mut response = made.unwrap_or_else(|_| bare(&Trouble::Machine)).response();
    if head {
        *response.body_mut() = Body::empty();
    }
    response
}

/// Whether much may be sent: only by whoever may import, so that no stranger fills the memory.
async fn may_send_files(state: &Arc<State>, method: &Method, path: &str, headers: &HeaderMap) -> bool {
    let Some((route, ..)) = routes::find(method, path).filter(|(route, ..)| route.takes_files) else { return false };
    let (state, headers) = (Arc::clone(state), headers.clone());
    let entry = tokio::task::spawn_blocking(move || entry::of(&state, &headers, true, state.now())).await;
    matches!(entry, Ok(Ok(Entry::Known(visitor))) if route.may.contains(&visitor.role))
}

/// What a form sent: its fields, and its files where it sends any. `None` of a body that was cut off.
fn fields(sent: &Sent) -> Option<(Query, Vec<multipart::Sent>)> {
    let kind = sent.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).and_then(multipart::boundary);
    match kind {
        Some(boundary) => multipart::read(&sent.body, &boundary),
        None => Some((Query::parse(&sent.body), Vec::new())),
    }
}

fn answer(state: &State, sent: &Sent) -> Answer {
    let now = state.now();
    let found = routes::find(&sent.method, &sent.path);
    let entry = match entry::of(state, &sent.headers, found.as_ref().is_some_and(|(route, ..)| route.quiet), now) {
        Ok(entry) => entry,
        Err(trouble) => return bare(&trouble),
    };
    let Some((route, form, path, parts)) = found else { return nowhere(state, sent, &entry) };
    let query = Query::parse(sent.query.as_bytes());
    let visitor = match entry {
        Entry::Known(visitor) => *visitor,
        Entry::Stranger if route.may.is_empty() => Visitor::stranger(),
        // A form that comes too late is not lost: whoever sent it logs in and looks at it again.
        Entry::Stranger if sent.method == Method::POST && entry::from_here(&sent.headers) && kept::may_be(&sent.headers, path) => {
            return kept::ask(state, path, &Query::parse(&sent.body));
        }
        Entry::Stranger => {
            // What is for programs alone leads nobody to a form.
            let of_a_person = !sent.headers.contains_key(header::AUTHORIZATION) && !matches!(route.gives, Gives::File(_));
            return entry::ask(form, sent.method == Method::GET, of_a_person, path, &query);
        }
    };
    // A route without roles is for whoever has not said yet who they are.
    if !route.may.is_empty() && !route.may.contains(&visitor.role) {
        return told(state, &visitor, &Trouble::Forbidden, form);
    }
    let Some((form_sent, files)) = fields(sent) else {
        return told(state, &visitor, &Trouble::Refused("What was sent was cut off on its way.".to_owned()), form);
    };
    if sent.method == Method::POST && !entry::meant(&sent.headers, &visitor, &form_sent, route.may.is_empty()) {
        return told(state, &visitor, &Trouble::Refused("This form was not made by this page, or your session has ended.".to_owned()), form);
    }
    // A page leaves out of a filter what it cannot read, and says so; in a file nobody would see that.
    if form != Form::Html && let Err(trouble) = params::held(route, &sent.query) {
        return told(state, &visitor, &trouble, form);
    }
    let asks = route.per_minute > 0 && visitor.role != Role::Guest && (route.path != "/findings" || query.get("q").is_some());
    if asks && let Some(seconds) = state.rates.wait(&visitor.name, route.path, route.per_minute, now) {
        return told(state, &visitor, &Trouble::Wait(seconds), form).header(header::RETRY_AFTER, seconds.to_string());
    }
    let reach = visitor.reach();
    let visit = Visit {
        state,
        held: state.held(),
        visitor,
        reach,
        path: path.to_owned(),
        parts,
        query,
        sent: form_sent,
        files,
        form,
        #[cfg(feature = "oidc")]
        cookie: Some(entry::cookies(&sent.headers).join("; ")).filter(|line| !line.is_empty()),
        now,
    };
    // Who sees a part is asked each time whether it is still theirs.
    let tag = (route.of_the_ledger && visit.reach.is_none() && form != Form::Html).then(|| state.marks.tag(&visit));
    let sent_tags = sent.headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    if let Some(tag) = tag.as_deref().filter(|tag| sent_tags.is_some_and(|sent| marks::has(sent, tag))) {
        return tagged(Answer::new("text/plain; charset=utf-8", "").status(StatusCode::NOT_MODIFIED), tag);
    }
    let made = (route.page)(&visit).and_then(|page| match page {
        Page::Sheet(sheet) => formed(&visit, route, *sheet),
        Page::Answer(answer) => Ok(answer),
    });
    let made = made.map(|answer| match tag.filter(|_| answer.status == StatusCode::OK) {
        Some(tag) => tagged(answer, &tag),
        None => answer,
    });
    made.unwrap_or_else(|trouble| told(state, &visit.visitor, &trouble, form))
}

/// No such route, or not by this method.
fn nowhere(state: &State, sent: &Sent, entry: &Entry) -> Answer {
    let others = routes::other_methods(&sent.path);
    if !others.is_empty() {
        let trouble = Trouble::NotFound("This address takes other requests.".to_owned());
        return bare(&trouble).status(StatusCode::METHOD_NOT_ALLOWED).header(header::ALLOW, others.join(", "));
    }
    let trouble = Trouble::NotFound("No page has this address.".to_owned());
    match entry {
        Entry::Known(visitor) => told(state, visitor, &trouble, Form::of(&sent.path).0),
        Entry::Stranger => bare(&trouble),
    }
}

/// A sheet in the form it was asked for, its list cut, individuals veiled as the visitor sees them.
fn formed(visit: &Visit<'_>, route: &Route, mut sheet: Sheet) -> Result<Answer, Trouble> {
    cut(visit, route, &mut sheet);
    let links = sheet.piece.as_ref().and_then(Piece::links);
    let veil = |word: &str| visit.veil(word);
    let linked = |thing: Thing, id: &str| links::to(visit, thing, id);
    let document: Document = sheet.document.veiled(&veil);
    let name = document.name.clone();
    let answer = match visit.form {
        Form::Html => {
            sheet.document = document;
            watched(visit, Answer::html(layout::page(visit, &sheet, &linked)))
        }
        Form::Json => {
            let mut value = sheet.data.unwrap_or_else(|| report::json::document(&document));
            veil_json(&mut value, &veil);
            if let (Some(piece), Some(fields)) = (&sheet.piece, value.as_object_mut()) {
                fields.insert("page".to_owned(), piece.json());
            }
            Answer::json(&value)
        }
        Form::Csv => Answer::new("text/csv; charset=utf-8", report::csv::document(&document)).file(&format!("{name}.csv")),
        Form::Xlsx => {
            let book = report::xlsx::document(&document).map_err(|_| Trouble::Machine)?;
            Answer::new("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", book).file(&format!("{name}.xlsx"))
        }
        #[cfg(feature = "pdf")]
        Form::Pdf => Answer::new("application/pdf", pdf::document(&document).map_err(|_| Trouble::Machine)?).file(&format!("{name}.pdf")),
        #[cfg(not(feature = "pdf"))]
        Form::Pdf => return Err(Trouble::NotFound("This service was built without PDF; the page to print says the same.".to_owned())),
        Form::Print => Answer::new("text/html; charset=utf-8", report::html::page(&document)).printing().file(&format!("{name}.html")),
    };
    Ok(match links {
        Some(links) => answer.header(header::LINK, links),
        None => answer,
    })
}

/// Cuts the table of a list to the piece asked for, where its page has not done so.
fn cut(visit: &Visit<'_>, route: &Route, sheet: &mut Sheet) {
    let (Gives::List(name), None) = (route.gives, &sheet.piece) else { return };
    let Some(table) = sheet.document.table_mut(name) else { return };
    let key = |row: usize| visit.state.marks.of(table.rows.get(row).map(|cells| cells.iter().map(Cell::plain).collect::<Vec<_>>()));
    let piece = paging::piece(visit, table.rows.len(), paging::FOR_PEOPLE, &key);
    table.rows = table.rows.drain(piece.range()).collect();
    sheet.piece = Some(piece);
}

/// A page that is left for a question while there is time to answer it: whether somebody is still there.
fn watched(visit: &Visit<'_>, answer: Answer) -> Answer {
    let Some(keys) = &visit.visitor.session else { return answer };
    answer.header(header::REFRESH, kept::asking(visit, keys))
}

/// With a mark by which a program sees whether the answer would be another; whose it is decides, too, so that no cache mixes them.
fn tagged(answer: Answer, tag: &str) -> Answer {
    answer.header(header::ETAG, tag).header(header::CACHE_CONTROL, "private, no-cache").header(header::VARY, "Authorization, Cookie")
}

fn veil_json(value: &mut serde_json::Value, veil: &report::Veil<'_>) {
    match value {
        serde_json::Value::String(text) => *text = report::veil::sentence(text, veil),
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| veil_json(item, veil)),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(|field| veil_json(field, veil)),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}

/// Trouble as a page, or as an object for a program.
fn told(state: &State, visitor: &Visitor, trouble: &Trouble, form: Form) -> Answer {
    if form == Form::Json || visitor.role == Role::Service {
        return Answer::problem(trouble.status(), &trouble.problem());
    }
    Answer::html(layout::trouble(&state.held(), visitor, trouble)).status(trouble.status())
}

/// Trouble in two lines, for somebody of whom nothing is known.
fn bare(trouble: &Trouble) -> Answer {
    Answer::new("text/plain; charset=utf-8", format!("{}\n{}\n", trouble.title(), trouble.says())).status(trouble.status())
}
