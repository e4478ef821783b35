//! Where the page of a thing is.
//! The one place that knows addresses of things; ids are encoded, whatever stands in them.

use report::Thing;

use crate::query::segment;

/// The address of a thing's page; nothing where it has none.
pub(crate) fn to(thing: Thing, id: &str) -> Option<String> {
    let folder = match thing {
        Thing::Finding => "findings",
        Thing::Rule => "rules",
        Thing::Person | Thing::Individual | Thing::Contact | Thing::Claim | Thing::Program | Thing::Session | Thing::Scan => return None,
    };
    Some(format!("/{folder}/{}", segment(id)))
}
