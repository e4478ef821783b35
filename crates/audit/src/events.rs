//! Listing events as they were recorded.
//! Confidential fields are left out: a listing is not a way around sealing.

use std::path::Path;

use domain::event::{Event, EventTag};
use domain::field::{Kind, Raw};
use domain::{KnownAt, Recorded, Seq};
use ledger::{Ledger, Query};

use crate::describe::describe;
use crate::error::AuditError;

/// An event as listed.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Place.
    pub seq: Seq,
    /// The ledger's clock.
    pub recorded_at: KnownAt,
    /// When it was known, where the source system says so.
    pub entered_at: Option<KnownAt>,
    /// By whom it was entered, where that is said.
    pub actor: Option<String>,
    /// Type.
    pub kind: &'static str,
    /// Idempotency key.
    pub source_id: Option<String>,
    /// What it says.
    pub says: String,
    /// Its fields as JSON, without confidential ones.
    pub fields: serde_json::Map<String, serde_json::Value>,
}

/// Lists events of a type, about a subject, or all of them; `take` sees them in ledger order and may be called a million times.
///
/// # Errors
/// An unknown type, or a ledger that cannot be read.
pub fn events(dir: &Path, type_name: Option<&str>, subject: Option<&str>, mut take: impl FnMut(Listed)) -> Result<(), AuditError> {
    let types = match type_name {
        None => Vec::new(),
        Some(name) => vec![tag_of(name)?],
    };
    let ledger = Ledger::open_reader(dir)?;
    ledger.find(&Query { types, subject: subject.map(str::to_owned) }, |recorded| take(listed(&recorded)))?;
    Ok(())
}

fn tag_of(name: &str) -> Result<EventTag, AuditError> {
    Event::schema_of(name).map(|s| s.tag).ok_or_else(|| {
        let names: Vec<&str> = Event::types().map(|t| t.name).collect();
        let hint = domain::words::nearest(name, &names).map_or_else(|| "types are listed in docs/events".to_owned(), |n| format!("did you mean {n}?"));
        AuditError::asked(format!("{name} is no event type"), hint)
    })
}

fn listed(recorded: &Recorded) -> Listed {
    let mut fields = serde_json::Map::new();
    for (spec, (name, raw)) in recorded.event.schema().fields.iter().zip(recorded.event.fields()) {
        let confidential = matches!(spec.kind, Kind::Confidential | Kind::BirthDate | Kind::Changes);
        if !confidential && raw != Raw::Null {
            fields.insert(name.to_owned(), json(&raw));
        }
    }
    Listed {
        seq: recorded.seq,
        recorded_at: recorded.recorded_at,
        entered_at: recorded.envelope.entered_at,
        actor: recorded.envelope.actor.as_ref().map(|actor| actor.as_str().to_owned()),
        kind: recorded.event.type_name(),
        source_id: recorded.envelope.source_id.as_ref().map(|s| s.as_str().to_owned()),
        says: describe(&recorded.event),
        fields,
    }
}

fn json(raw: &Raw<'_>) -> serde_json::Value {
    match raw {
        Raw::Null => serde_json::Value::Null,
        Raw::Bool(b) => (*b).into(),
        Raw::Int(n) => (*n).into(),
        Raw::Number(t) | Raw::Text(t) => t.as_ref().into(),
        Raw::List(items) => items.iter().map(json).collect::<Vec<_>>().into(),
        Raw::Record(fields) => fields.iter().map(|(k, v)| (k.to_string(), json(v))).collect::<serde_json::Map<_, _>>().into(),
    }
}
