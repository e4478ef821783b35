//! Our own trail in FHIR R4: AuditEvent and Provenance, so that a record system can show what the ledger recorded, when, and from where.
//! Names events by their place in the ledger; carries no payload, and no identifier of a person served.

use domain::Recorded;
use domain::field::{Kind, Raw};
use serde_json::{Value, json};

use crate::BASE;

/// Which resource an event is about, by its first field.
const ABOUT: &[(&str, &str)] = &[
    ("contact", "Encounter"),
    ("group_session", "Encounter"),
    ("note", "DocumentReference"),
    ("plan", "CarePlan"),
    ("claim", "Claim"),
    ("person", "Practitioner"),
    ("peer", "Practitioner"),
];

fn id(recorded: &Recorded) -> String {
    format!("seq-{}", recorded.seq)
}

fn who(recorded: &Recorded) -> Value {
    json!({"display": recorded.envelope.actor.as_ref().map_or("countersign", |actor| actor.as_str())})
}

/// A reference to what the event is about. Ids of ours that FHIR does not allow in an address are given as identifiers.
fn about(recorded: &Recorded) -> Option<Value> {
    let fields = recorded.event.fields();
    let (name, value) = fields.first()?;
    let (_, kind) = ABOUT.iter().find(|(field, _)| field == name)?;
    let id = value.as_text()?;
    Some(if id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.')) {
        json!({"reference": format!("{kind}/{id}")})
    } else {
        json!({"type": kind, "identifier": {"system": format!("{BASE}id"), "value": id}})
    })
}

/// The first day or instant of the event: when it was true.
fn true_at(recorded: &Recorded) -> Option<String> {
    let fields = recorded.event.fields();
    let times = |kind: &Kind| matches!(kind, Kind::Day | Kind::Instant | Kind::DayOrInstant);
    let first = recorded.event.schema().fields.iter().zip(fields).find(|(spec, (_, value))| times(&spec.kind) && *value != Raw::Null);
    first.and_then(|(_, (_, value))| value.as_text().map(str::to_owned))
}

/// A recorded event as an AuditEvent: something was taken into the ledger.
pub fn audit_event(origin: &str, recorded: &Recorded) -> Value {
    let event_type = recorded.event.type_name();
    json!({
        "resourceType": "AuditEvent",
        "id": id(recorded),
        "type": {"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110107", "display": "Import"},
        "subtype": [{"system": format!("{BASE}event-type"), "code": event_type}],
        "action": "C",
        "recorded": recorded.recorded_at.to_string(),
        "outcome": "0",
        "agent": [{"who": who(recorded), "requestor": recorded.envelope.actor.is_some()}],
        "source": {"observer": {"display": origin}},
        "entity": [{
            "what": about(recorded).unwrap_or_else(|| json!({"display": event_type})),
            "detail": [{"type": "ledger", "valueString": origin}, {"type": "seq", "valueString": recorded.seq.to_string()}],
        }],
    })
}

/// A recorded event as a Provenance of the resource it is about; nothing if it is about none.
pub fn provenance(recorded: &Recorded) -> Option<Value> {
    let mut value = json!({
        "resourceType": "Provenance",
        "id": id(recorded),
        "target": [about(recorded)?],
        "recorded": recorded.recorded_at.to_string(),
        "activity": {"coding": [{"system": format!("{BASE}event-type"), "code": recorded.event.type_name()}]},
        "agent": [{
            "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type", "code": "enterer"}]},
            "who": who(recorded),
        }],
    });
    let object = value.as_object_mut()?;
    if let Some(at) = true_at(recorded) {
        object.insert("occurredDateTime".into(), at.into());
    }
    if let Some(from) = &recorded.envelope.provenance {
        let digest: String = from.file.iter().map(|byte| format!("{byte:02x}")).collect();
        let what = json!({"identifier": {"system": "urn:blake3", "value": digest}, "display": format!("line {}", from.line)});
        object.insert("entity".into(), json!([{"role": "source", "what": what}]));
    }
    Some(value)
}
