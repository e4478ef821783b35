//! What a browser or a program sends, as bytes and without a service: for whoever tries what it may be.
//! Answers with counts and words alone; who may ask what is not decided here.

use crate::params;
use crate::query::{Query, decoded, segment};
use crate::routes::ROUTES;
use crate::multipart;

/// Fields and files of a form that sends files, by its content type; nothing where it is none, or was cut off.
pub fn read_form(content_type: &str, body: &[u8]) -> Option<(usize, Vec<String>)> {
    let (fields, files) = multipart::read(body, &multipart::boundary(content_type)?)?;
    Some((fields.pairs().count(), files.into_iter().map(|file| file.name).collect()))
}

/// Which pages take what an address says after `?`, by their number in the table of routes; and what it says, encoded anew.
pub fn read_query(said: &str) -> (Vec<usize>, String) {
    let taken = ROUTES.iter().enumerate().filter(|(_, route)| params::held(route, said).is_ok()).map(|(at, _)| at);
    (taken.collect(), Query::parse(said.as_bytes()).said())
}

/// A part of a path, decoded and encoded again; nothing where it is no text.
pub fn read_segment(part: &str) -> Option<(String, String)> {
    let text = decoded(part)?;
    let again = segment(&text);
    Some((text, again))
}
