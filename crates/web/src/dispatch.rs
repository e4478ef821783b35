//! From a request to its answer: finds the route, asks whether the visitor may, makes the page on a thread that may block, chooses the form.
//! The only place where pages meet the network; what is not in the table of routes is not there.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, Response, StatusCode, header};
use report::Thing;
use report::document::Document;

use crate::answer::Answer;
use crate::layout::{self, Sheet};
use crate::query::Query;
use crate::roles::Role;
use crate::routes::{self, Page};
use crate::state::State;
use crate::trouble::Trouble;
use crate::visit::{Form, Visit, Visitor};
use crate::links;

/// Answers a request.
pub(crate) async fn dispatch(state: Arc<State>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let query = Query::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let head = parts.method == Method::HEAD;
    let method = if head { Method::GET } else { parts.method };
    // Pages read the ledger, which may wait for a disk: never on a thread that others' requests wait for.
    let made = tokio::task::spawn_blocking(move || answer(&state, &method, &path, query)).await;
    let mut response = made.unwrap_or_else(|_| bare(&Trouble::Machine)).response();
    if head {
        *response.body_mut() = Body::empty();
    }
    response
}

fn answer(state: &State, method: &Method, path: &str, query: Query) -> Answer {
    let Some((route, form, path, parts)) = routes::find(method, path) else {
        let other = routes::other_methods(path);
        if !other.is_empty() {
            return bare(&Trouble::NotFound("This address takes other requests.".to_owned()))
                .status(StatusCode::METHOD_NOT_ALLOWED)
                .header(header::ALLOW, other.join(", "));
        }
        return told(state, &Trouble::NotFound("No page has this address.".to_owned()), Form::Html);
    };
    let held = state.held();
    let visitor = Visitor { name: "a guest at this machine".to_owned(), role: Role::Guest, sees_individuals: false };
    if !route.may.contains(&visitor.role) {
        return bare(&Trouble::NotFound("No page has this address.".to_owned())).status(StatusCode::FORBIDDEN);
    }
    let visit = Visit { state, held, visitor, path: path.to_owned(), parts, query, form, now: state.now() };
    match (route.page)(&visit) {
        Ok(Page::Sheet(sheet)) => formed(&visit, *sheet).unwrap_or_else(|trouble| told(state, &trouble, form)),
        Ok(Page::Answer(answer)) => answer,
        Err(trouble) => told(state, &trouble, form),
    }
}

/// A sheet in the form it was asked for, individuals veiled as the visitor sees them.
fn formed(visit: &Visit<'_>, mut sheet: Sheet) -> Result<Answer, Trouble> {
    let veil = |word: &str| visit.veil(word);
    let linked = |thing: Thing, id: &str| links::to(thing, id);
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
        Form::Print => Answer::new("text/html; charset=utf-8", report::html::page(&document)).file(&format!("{name}.html")),
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
fn told(state: &State, trouble: &Trouble, form: Form) -> Answer {
    if form == Form::Json {
        let value = serde_json::json!({"schema": "countersign.error.v1", "error": trouble.title(), "says": trouble.says()});
        return Answer::json(&value).status(trouble.status());
    }
    Answer::html(layout::trouble(&state.held(), trouble)).status(trouble.status())
}

/// Trouble in two lines, for somebody of whom nothing is known.
fn bare(trouble: &Trouble) -> Answer {
    Answer::new("text/plain; charset=utf-8", format!("{}\n{}\n", trouble.title(), trouble.says())).status(trouble.status())
}
