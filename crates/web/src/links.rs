//! Where the page of a thing is.
//! The one place that knows addresses of things; ids are encoded, whatever stands in them.

use axum::http::Method;
use report::Thing;

use crate::query::segment;
use crate::roles::{FINDERS, READERS};
use crate::routes;
use crate::visit::{OUTSIDE, Visit};

/// The address of a thing's page; nothing where it has none, or none for this visitor.
pub(crate) fn to(visit: &Visit<'_>, thing: Thing, id: &str) -> Option<String> {
    let visitor = &visit.visitor;
    // Who sees a part sees staff only as far as they are of it.
    let outside = thing == Thing::Person && visit.reach.as_ref().is_some_and(|reach| !visit.desk().is_person_inside(reach, id));
    if id == OUTSIDE || outside {
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
