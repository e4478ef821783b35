//! Where the page of a thing is.
//! The one place that knows addresses of things; ids are encoded, whatever stands in them.

use axum::http::Method;
use report::Thing;

use crate::query::segment;
use crate::roles::{FINDERS, READERS};
use crate::routes;
use crate::visit::{OUTSIDE, Visitor};

/// The address of a thing's page; nothing where it has none, or none for this visitor.
pub(crate) fn to(visitor: &Visitor, thing: Thing, id: &str) -> Option<String> {
    if id == OUTSIDE {
        return None;
    }
    let folder = match thing {
        Thing::Finding => "findings",
        Thing::Rule => "rules",
        Thing::Person => "people",
        Thing::Individual => "individuals",
        Thing::Contact => "contacts",
        Thing::Claim => "claims",
        Thing::Session => "sessions",
        Thing::Scan => "scans",
        // Who sees no page of a program sees the findings in it.
        Thing::Program if READERS.contains(&visitor.role) => "programs",
        Thing::Program => return FINDERS.contains(&visitor.role).then(|| format!("/findings?program={}", segment(id))),
    };
    let path = format!("/{folder}/{}", segment(id));
    routes::find(&Method::GET, &path).is_some_and(|(route, ..)| route.may.contains(&visitor.role)).then_some(path)
}
