//! One example of every importable event type, made from its schema so that a new type cannot be forgotten.
//! Everybody here is made up.
#![allow(clippy::panic)]

use std::borrow::Cow;

use domain::Event;
use domain::event::TypeSchema;
use domain::field::{FieldSpec, Fields, Kind, Raw};
use domain::ids::IdKind;

/// Every importable event type with every optional field given.
pub(crate) fn one_of_each() -> Vec<Event> {
    Event::importable().map(example).collect()
}

fn example(schema: &'static TypeSchema) -> Event {
    let value = |field: &FieldSpec| match (schema.name, field.name) {
        // The plan that was created has version 3.
        ("plan_amended", "version") => Raw::Int(4),
        _ => example_value(field.name, field.kind),
    };
    let fields = schema.fields.iter().map(|field| (Cow::Borrowed(field.name), value(field))).collect();
    Event::read(schema.name, Fields(fields)).unwrap_or_else(|problems| panic!("{}: {problems:?}", schema.name))
}

fn example_value(name: &str, kind: Kind) -> Raw<'static> {
    match kind {
        Kind::Id(IdKind::Target) => Raw::text("hr:cred:1"),
        Kind::Id(id) => Raw::owned(format!("{}-1-{name}", id.as_str().replace(' ', "-"))),
        Kind::Text => Raw::owned(format!("some {name}, with “quotes”")),
        Kind::Confidential => Raw::text("NY-004711"),
        Kind::BirthDate => Raw::text("1979-05-06"),
        Kind::Day => Raw::text(if matches!(name, "to" | "expires_on") { "2026-02-28" } else { "2025-02-03" }),
        Kind::Instant => Raw::text(if name == "end" { "2025-02-03T10:45:00Z" } else { "2025-02-03T10:00:00Z" }),
        Kind::DayOrInstant => Raw::text("2025-02-03T09:00:00Z"),
        Kind::Bool => Raw::Bool(true),
        Kind::Int { .. } => Raw::Int(3),
        Kind::Word(words) => Raw::text(words[words.len() - 1]),
        Kind::Digest => Raw::owned(format!("sha256:{}", "0f".repeat(32))),
        Kind::Scalar => Raw::Number(Cow::Borrowed("2.5")),
        Kind::List(inner) => Raw::List(vec![example_value(name, *inner), example_value("second", *inner)]),
        Kind::Record(fields) => Raw::Record(fields.iter().map(|f| (Cow::Borrowed(f.name), example_value(f.name, f.kind))).collect()),
        Kind::Changes => Raw::Record(vec![
            (Cow::Borrowed("number"), Raw::text("NY-004712")),
            (Cow::Borrowed("expires_on"), Raw::Null),
        ]),
    }
}
