//! The style sheet: ours alone, named by what is in it, so that a browser keeps it until it changes.
//! Serves nothing else.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::http::header;

use crate::answer::Answer;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// What is only on pages of the interface, after the style of documents.
const INTERFACE: &str = include_str!("../assets/interface.css");

/// The name under which the style sheet is served.
pub(crate) fn style_name() -> String {
    let mut hasher = DefaultHasher::new();
    (report::html::STYLE, INTERFACE).hash(&mut hasher);
    format!("style-{:016x}.css", hasher.finish())
}

/// The style sheet.
pub(crate) fn show(visit: &Visit<'_>) -> Result<Page, Trouble> {
    if visit.part(0) != style_name() {
        return Err(Trouble::NotFound("There is no such file.".to_owned()));
    }
    let answer = Answer::new("text/css; charset=utf-8", format!("{}{INTERFACE}", report::html::STYLE));
    Ok(Page::Answer(answer.header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")))
}
