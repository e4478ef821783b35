//! From a request to its answer: finds the route, asks who the visitor is and whether they may, makes the page on a thread that may block.
//! The only place where pages meet the network; what is not in the table of routes is not there.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, Response, StatusCode, header};
use report::Thing;
use report::document::Document;

use crate::answer::Answer;
use crate::entry::{self, Entry};
use crate::layout::{self, Sheet};
use crate::links;
use crate::query::Query;
use crate::routes::{self, Page};
use crate::state::State;
use crate::trouble::Trouble;
use crate::visit::{Form, Visit, Visitor};

/// Bytes that a form may send.
const MOST: usize = 256 * 1024;
/// A form takes milliseconds; whoever sends one byte a minute is not waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request as it was sent.
struct Sent {
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// Answers a request.
pub(crate) async fn dispatch(state: Arc<State>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let head = parts.method == Method::HEAD;
    let body = match tokio::time::timeout(PATIENCE, to_bytes(body, MOST)).await {
        Ok(Ok(body)) => body.to_vec(),
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

fn answer(state: &State, sent: &Sent) -> Answer {
    let now = state.now();
    let entry = match entry::of(state, &sent.headers, now) {
        Ok(entry) => entry,
        Err(trouble) => return bare(&trouble),
    };
    let Some((route, form, path, parts)) = routes::find(&sent.method, &sent.path) else { return nowhere(state, sent, &entry) };
    let query = Query::parse(sent.query.as_bytes());
    let visitor = match entry {
        Entry::Known(visitor) => visitor,
        Entry::Stranger if route.may.is_empty() => Visitor::stranger(),
        Entry::Stranger => return entry::ask(form, sent.method == Method::GET, path, &query),
    };
    // A route without roles is for whoever has not said yet who they are.
    if !route.may.is_empty() && !route.may.contains(&visitor.role) {
        return told(state, &visitor, &Trouble::Forbidden, form);
    }
    let form_sent = Query::parse(&sent.body);
    if sent.method == Method::POST && !entry::meant(&sent.headers, &visitor, &form_sent, route.may.is_empty()) {
        return told(state, &visitor, &Trouble::Refused("This form was not made by this page, or your session has ended.".to_owned()), form);
    }
    let visit = Visit { state, held: state.held(), visitor, path: path.to_owned(), parts, query, sent: form_sent, form, now };
    let made = (route.page)(&visit).and_then(|page| match page {
        Page::Sheet(sheet) => formed(&visit, *sheet),
        Page::Answer(answer) => Ok(answer),
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

/// A sheet in the form it was asked for, individuals veiled as the visitor sees them.
fn formed(visit: &Visit<'_>, mut sheet: Sheet) -> Result<Answer, Trouble> {
    let veil = |word: &str| visit.veil(word);
    let linked = |thing: Thing, id: &str| links::to(&visit.visitor, thing, id);
    let document: Document = sheet.document.veiled(&veil);
    let name = document.name.clone();
    Ok(match visit.form {
        Form::Html => {
            sheet.document = document;
            Answer::html(layout::page(visit, &sheet, &linked))
        }
        Form::Json => {
            let mut value = sheet.data.unwrap_or_else(|| report::json::document(&document));
            veil_json(&mut value, &veil);
            tagged(visit, Answer::json(&value))
        }
        Form::Csv => tagged(visit, Answer::new("text/csv; charset=utf-8", report::csv::document(&document)).file(&format!("{name}.csv"))),
        Form::Xlsx => {
            let book = report::xlsx::document(&document).map_err(|_| Trouble::Machine)?;
            Answer::new("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", book).file(&format!("{name}.xlsx"))
        }
        Form::Print => Answer::new("text/html; charset=utf-8", report::html::page(&document)).printing().file(&format!("{name}.html")),
    })
}

/// With the size of the ledger as its mark, by which a program sees whether anything was appended.
fn tagged(visit: &Visit<'_>, answer: Answer) -> Answer {
    let frame = visit.desk().frame();
    answer.header(header::ETAG, format!("W/\"{}-{}\"", frame.size, frame.today)).header(header::CACHE_CONTROL, "private, no-cache")
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
    if form == Form::Json {
        let value = serde_json::json!({"schema": "countersign.error.v1", "error": trouble.title(), "says": trouble.says()});
        return Answer::json(&value).status(trouble.status());
    }
    Answer::html(layout::trouble(&state.held(), visitor, trouble)).status(trouble.status())
}

/// Trouble in two lines, for somebody of whom nothing is known.
fn bare(trouble: &Trouble) -> Answer {
    Answer::new("text/plain; charset=utf-8", format!("{}\n{}\n", trouble.title(), trouble.says())).status(trouble.status())
}
