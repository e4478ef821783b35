//! Events of every type, made up from what the schema says each field holds.

use std::borrow::Cow;

use domain::event::{Event, TypeSchema};
use domain::field::{FieldSpec, Fields, Kind, Raw};
use domain::{Digest, Draft, Envelope, KnownAt, SourceId, Text};
use proptest::collection::vec;
use proptest::prelude::*;

fn text() -> BoxedStrategy<String> {
    prop_oneof!["[A-Za-z][A-Za-z0-9 ,.;:'\"\\\\/\\n\\t-]{0,40}[a-z]", "\u{e9}[a-zA-Z\u{e0}-\u{ff}\u{4e00}\u{1f600}]{1,20}", "[0-9]{1,6}",]
        .boxed()
}

fn day() -> BoxedStrategy<String> {
    (1950i32..2090, 1u32..=12, 1u32..=28).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}")).boxed()
}

fn instant() -> BoxedStrategy<String> {
    (0i64..4_000_000_000_000_000).prop_map(|micros| KnownAt::from_micros(micros).to_string()).boxed()
}

fn digest() -> BoxedStrategy<String> {
    "(blake3|sha256):[0-9a-f]{64}".boxed()
}

fn record(fields: &'static [FieldSpec]) -> BoxedStrategy<Vec<(Cow<'static, str>, Raw<'static>)>> {
    let fields: Vec<_> = fields.iter().map(|spec| given(spec).prop_map(|value| (Cow::Borrowed(spec.name), value))).collect();
    fields.boxed()
}

fn given(spec: &'static FieldSpec) -> BoxedStrategy<Raw<'static>> {
    if spec.required { value(&spec.kind) } else { prop_oneof![1 => Just(Raw::Null), 2 => value(&spec.kind)].boxed() }
}

fn value(kind: &'static Kind) -> BoxedStrategy<Raw<'static>> {
    match kind {
        Kind::Id(_) => "[A-Za-z0-9._:-]{1,64}".prop_map(Raw::owned).boxed(),
        Kind::Text | Kind::Confidential => text().prop_map(Raw::owned).boxed(),
        Kind::BirthDate | Kind::Day => day().prop_map(Raw::owned).boxed(),
        Kind::Instant => instant().prop_map(Raw::owned).boxed(),
        Kind::DayOrInstant => prop_oneof![day(), instant()].prop_map(Raw::owned).boxed(),
        Kind::Bool => any::<bool>().prop_map(Raw::Bool).boxed(),
        Kind::Int { min, max } => (*min..=*max).prop_map(Raw::Int).boxed(),
        Kind::Word(words) => prop::sample::select(*words).prop_map(Raw::text).boxed(),
        Kind::Digest => digest().prop_map(Raw::owned).boxed(),
        Kind::Scalar => prop_oneof![
            any::<bool>().prop_map(Raw::Bool),
            any::<i64>().prop_map(Raw::Int),
            "-?[1-9][0-9]{0,4}\\.[0-9]{1,4}".prop_map(|n| Raw::Number(Cow::Owned(n))),
            text().prop_map(Raw::owned),
        ]
        .boxed(),
        Kind::List(inner) => vec(value(inner), 1..4).prop_map(Raw::List).boxed(),
        Kind::Record(fields) => record(fields).prop_map(Raw::Record).boxed(),
        Kind::Changes => {
            vec(("[a-z_]{1,12}", prop_oneof![Just(Raw::Null), text().prop_map(Raw::owned), any::<i64>().prop_map(Raw::Int)]), 1..3)
                .prop_map(|pairs| {
                    let named = pairs.into_iter().enumerate().map(|(i, (name, value))| (Cow::Owned(format!("{name}{i}")), value));
                    Raw::Record(named.collect())
                })
                .boxed()
        }
    }
}

fn event(schema: &'static TypeSchema) -> BoxedStrategy<Event> {
    // An end before its start is refused by the type: such a draw is made again.
    record(schema.fields)
        .prop_filter_map("an event that contradicts itself", |fields| Event::read(schema.name, Fields(fields)).ok())
        .boxed()
}

/// A draft of the type, with any envelope.
pub(crate) fn draft(schema: &'static TypeSchema) -> BoxedStrategy<Draft> {
    let source_id = prop::option::of("[A-Za-z0-9._:-]{1,64}");
    let times = prop::option::of((0i64..2_000_000_000_000_000, 0i64..2_000_000_000_000_000, any::<bool>()));
    (event(schema), source_id, times, prop::option::of(text()), vec(digest(), 0..3))
        .prop_map(|(event, source_id, times, actor, evidence)| {
            let envelope = Envelope {
                source_id: source_id.map(|id| SourceId::parse(&id).unwrap()),
                entered_at: times.filter(|t| t.2).map(|(a, b, _)| KnownAt::from_micros(a.min(b))),
                actor: actor.map(|a| Text::parse(&a).unwrap()),
                evidence: evidence.iter().map(|d| Digest::parse(d).unwrap()).collect(),
                provenance: None,
            };
            Draft { event, envelope, recorded_at: times.map(|(a, b, _)| KnownAt::from_micros(a.max(b))) }
        })
        .boxed()
}
