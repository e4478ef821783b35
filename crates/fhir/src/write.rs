//! Drafts back to FHIR, one resource a draft, so that what was read can be written and read again.
//! Writes only the events that FHIR has a place for; the others stay in JSON Lines.

use domain::event::{
    ContactRecorded, CredentialGranted, Delivery, Event, GroupSessionHeld, IndividualRegistered, Individuals, LicenceGranted, NoteWritten, PersonEngaged,
    PlanAmended, PlanCreated, Workforce,
};
use domain::text::Confidential;
use domain::words::{CredentialLevel, Mode, Site};
use domain::{Draft, IndividualId, ProgramId, ValidDay};
use serde_json::{Map, Value, json};

use crate::BASE;

const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// The bulk file that a resource goes to.
pub type Place = &'static str;

/// The kind of resource a draft is written as; `None` for the types that FHIR has no place for.
pub fn place(draft: &Draft) -> Option<Place> {
    Some(match &draft.event {
        Event::Workforce(Workforce::CredentialGranted(_) | Workforce::LicenceGranted(_) | Workforce::BirthDateRecorded(_)) => "Practitioner",
        Event::Workforce(Workforce::PersonEngaged(_)) => "PractitionerRole",
        Event::Individuals(Individuals::IndividualRegistered(_)) => "Patient",
        Event::Individuals(Individuals::Admitted(_) | Individuals::Discharged(_)) => "EpisodeOfCare",
        Event::Individuals(Individuals::PlanCreated(_) | Individuals::PlanAmended(_)) => "CarePlan",
        Event::Delivery(Delivery::ContactRecorded(_) | Delivery::GroupSessionHeld(_)) => "Encounter",
        Event::Delivery(Delivery::NoteWritten(_)) => "DocumentReference",
        Event::Delivery(Delivery::NoteSigned(_)) | Event::Individuals(Individuals::PlanSigned(_)) => "Provenance",
        Event::Workforce(_) | Event::Program(_) | Event::Individuals(_) | Event::Delivery(_) | Event::Claims(_) | Event::Findings(_) | Event::Ledger(_) => {
            return None;
        }
    })
}

/// The draft as a resource. `number` makes its id where the event has none of its own; `None` where [`place`] gives none.
pub fn write(draft: &Draft, number: u64) -> Option<Value> {
    let kind = place(draft)?;
    let mut value = match &draft.event {
        Event::Workforce(Workforce::CredentialGranted(e)) => credential(e),
        Event::Workforce(Workforce::LicenceGranted(e)) => licence(e),
        Event::Workforce(Workforce::BirthDateRecorded(e)) => json!({"id": e.person.as_str(), "birthDate": e.birth_date.0.to_string()}),
        Event::Workforce(Workforce::PersonEngaged(e)) => engagement(e, number),
        Event::Individuals(Individuals::IndividualRegistered(e)) => patient(e),
        Event::Individuals(Individuals::Admitted(e)) => episode(&e.individual, &e.program, "active", "start", e.admitted_at.to_string(), number),
        Event::Individuals(Individuals::Discharged(e)) => episode(&e.individual, &e.program, "finished", "end", e.discharged_on.to_string(), number),
        Event::Individuals(Individuals::PlanCreated(e)) => plan(e),
        Event::Individuals(Individuals::PlanAmended(e)) => plan(&first_shape(e)),
        Event::Individuals(Individuals::PlanSigned(e)) => {
            let target = format!("CarePlan/{}/_history/{}", e.plan, e.version.0);
            signed(draft, number, &target, e.signer.as_str(), e.capacity.as_str(), &e.signed_at.to_string())
        }
        Event::Delivery(Delivery::ContactRecorded(e)) => contact(e),
        Event::Delivery(Delivery::GroupSessionHeld(e)) => group_session(e),
        Event::Delivery(Delivery::NoteWritten(e)) => note(e),
        Event::Delivery(Delivery::NoteSigned(e)) => {
            let version = e.version.map_or_else(String::new, |v| format!("/_history/{}", v.0));
            let target = format!("DocumentReference/{}{version}", e.note);
            signed(draft, number, &target, e.signer.as_str(), e.capacity.as_str(), &e.signed_at.to_string())
        }
        Event::Workforce(_) | Event::Program(_) | Event::Individuals(_) | Event::Delivery(_) | Event::Claims(_) | Event::Findings(_) | Event::Ledger(_) => {
            return None;
        }
    };
    let object = value.as_object_mut()?;
    object.insert("resourceType".into(), kind.into());
    let mut extensions = envelope(draft);
    if let Some(Value::Array(own)) = object.remove("extension") {
        extensions.extend(own);
    }
    if !extensions.is_empty() {
        object.insert("extension".into(), Value::Array(extensions));
    }
    object.retain(|_, value| !matches!(value, Value::Null) && value.as_array().is_none_or(|list| !list.is_empty()));
    Some(value)
}

fn envelope(draft: &Draft) -> Vec<Value> {
    let mut out = Vec::new();
    let envelope = &draft.envelope;
    if let Some(id) = &envelope.source_id {
        out.push(extension("source-id", "valueString", json!(id.as_str())));
    }
    if let Some(at) = draft.recorded_at {
        out.push(extension("recorded-at", "valueInstant", json!(at.to_string())));
    }
    if let Some(at) = envelope.entered_at {
        out.push(extension("entered-at", "valueInstant", json!(at.to_string())));
    }
    if let Some(actor) = &envelope.actor {
        out.push(extension("actor", "valueString", json!(actor.as_str())));
    }
    out.extend(envelope.evidence.iter().map(|digest| extension("evidence", "valueString", json!(digest.as_str()))));
    out
}

fn extension(name: &str, kind: &str, value: Value) -> Value {
    let mut object = Map::new();
    object.insert("url".into(), format!("{BASE}{name}").into());
    object.insert(kind.into(), value);
    Value::Object(object)
}

fn text_extension(name: &str, value: Option<&str>) -> Vec<Value> {
    value.map(|text| extension(name, "valueString", json!(text))).into_iter().collect()
}

fn coding(system: &str, code: &str) -> Value {
    json!({"system": format!("{BASE}{system}"), "code": code})
}

fn concept(system: &str, code: &str) -> Value {
    json!({"coding": [coding(system, code)]})
}

fn reference(kind: &str, id: &str) -> Value {
    json!({"reference": format!("{kind}/{id}")})
}

fn credential(e: &CredentialGranted) -> Value {
    let code = match e.level {
        CredentialLevel::Provisional => format!("{}-P", e.credential),
        CredentialLevel::Full => e.credential.to_string(),
    };
    let mut q = qualification(concept("credential", &code), e.number.as_ref(), e.effective_on, e.expires_on);
    q.insert("issuer".into(), json!({"display": e.issuer.as_str()}));
    json!({"id": e.person.as_str(), "qualification": [q]})
}

fn licence(e: &LicenceGranted) -> Value {
    let q = qualification(concept("licence", e.discipline.as_str()), e.number.as_ref(), e.from, e.to);
    let permit: Vec<Value> = e.permit.map(|permit| extension("permit", "valueBoolean", json!(permit))).into_iter().collect();
    json!({"id": e.person.as_str(), "qualification": [q], "extension": permit})
}

fn qualification(code: Value, number: Option<&Confidential>, start: ValidDay, end: Option<ValidDay>) -> Map<String, Value> {
    let mut q = Map::new();
    q.insert("code".into(), code);
    let mut period = Map::new();
    period.insert("start".into(), start.to_string().into());
    if let Some(end) = end {
        period.insert("end".into(), end.to_string().into());
    }
    q.insert("period".into(), Value::Object(period));
    if let Some(number) = number {
        q.insert("identifier".into(), json!([{"value": number.expose()}]));
    }
    q
}

fn engagement(e: &PersonEngaged, number: u64) -> Value {
    let codes: Vec<Value> =
        std::iter::once(concept("engagement", e.engagement.as_str())).chain(e.roles.iter().map(|r| concept("role", r.as_str()))).collect();
    json!({
        "id": format!("role-{number}"),
        "practitioner": reference("Practitioner", e.person.as_str()),
        "code": codes,
        "healthcareService": e.programs.iter().map(|p| reference("HealthcareService", p.as_str())).collect::<Vec<_>>(),
        "period": {"start": e.start_on.to_string()},
        "extension": text_extension("contract", e.contract.as_ref().map(|c| c.as_str())),
    })
}

fn patient(e: &IndividualRegistered) -> Value {
    let meta = if e.part2 == Some(true) { json!({"security": [{"system": ACT_CODE, "code": "42CFRPart2"}]}) } else { Value::Null };
    json!({"id": e.individual.as_str(), "birthDate": e.birth_date.map(|b| b.0.to_string()), "meta": meta})
}

fn episode(individual: &IndividualId, program: &ProgramId, status: &str, edge: &str, at: String, number: u64) -> Value {
    let mut period = Map::new();
    period.insert(edge.into(), at.into());
    json!({
        "id": format!("episode-{number}"), "status": status, "patient": reference("Patient", individual.as_str()),
        "managingOrganization": reference("Organization", program.as_str()), "period": period,
    })
}

/// An amended plan has the shape of a new one; its version tells them apart.
fn first_shape(e: &PlanAmended) -> PlanCreated {
    let PlanAmended { plan, individual, program, kind, version, effective_on, goals, services, contracted_collaboration, events } = e.clone();
    PlanCreated { plan, individual, program, kind, version, effective_on, goals, services, contracted_collaboration, events }
}

fn plan(e: &PlanCreated) -> Value {
    let mut own = vec![extension("version", "valuePositiveInt", json!(e.version.0))];
    own.push(extension("contracted-collaboration", "valueBoolean", json!(e.contracted_collaboration)));
    own.extend(e.events.iter().map(|event| extension("event", "valueString", json!(event.as_str()))));
    json!({
        "id": e.plan.as_str(), "status": "active", "intent": "plan",
        "category": [concept("plan-kind", e.kind.as_str())],
        "subject": reference("Patient", e.individual.as_str()), "author": reference("Organization", e.program.as_str()),
        "period": {"start": e.effective_on.to_string()},
        "goal": e.goals.iter().map(|g| reference("Goal", g.as_str())).collect::<Vec<_>>(),
        "activity": e.services.iter().map(|s| json!({"detail": {"status": "scheduled", "code": concept("service", s.as_str())}})).collect::<Vec<_>>(),
        "extension": own,
    })
}

/// A signature as FHIR has it; who recorded it is who signed, and it may have come in later than it was made.
fn signed(draft: &Draft, number: u64, target: &str, signer: &str, capacity: &str, when: &str) -> Value {
    let who = reference("Practitioner", signer);
    let recorded = draft.envelope.entered_at.or(draft.recorded_at).map_or_else(|| when.to_owned(), |at| at.to_string());
    json!({
        "id": format!("signature-{number}"), "target": [{"reference": target}], "recorded": recorded, "agent": [{"who": who}],
        "signature": [{"type": [coding("capacity", capacity)], "when": when, "who": who}],
    })
}

fn performers<'p>(people: impl Iterator<Item = &'p str>) -> Value {
    let primary = json!([{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "PPRF"}]}]);
    people.map(|person| json!({"type": primary, "individual": reference("Practitioner", person)})).collect()
}

fn contact(e: &ContactRecorded) -> Value {
    let mut codes = vec![concept("service", e.service.as_str()), concept("format", e.format.as_str()), concept("mode", e.mode.as_str())];
    codes.extend([concept("site", e.site.as_str()), concept("phase", e.phase.as_str()), concept("basis", e.basis.as_str())]);
    codes.push(concept("recipient", e.recipient.as_str()));
    codes.extend(e.component.iter().map(|c| concept("component", c.as_str())));
    codes.extend(e.activities.iter().map(|a| concept("activity", a.as_str())));
    let mut own = text_extension("event", e.event.as_ref().map(|i| i.as_str()));
    own.extend(text_extension("goal", e.goal.as_ref().map(|i| i.as_str())));
    own.extend(text_extension("purpose", e.purpose.as_ref().map(|i| i.as_str())));
    // The nearest class of R4; what it does not say stands in a code of ours.
    let class = match (e.mode, e.site) {
        (Mode::Video | Mode::Audio, _) => "VR",
        (Mode::InPerson, Site::Offsite) => "FLD",
        (Mode::InPerson, Site::Onsite) => "AMB",
    };
    json!({
        "id": e.contact.as_str(), "status": "finished", "class": {"system": ACT_CODE, "code": class}, "type": codes,
        "subject": reference("Patient", e.individual.as_str()), "participant": performers(std::iter::once(e.peer.as_str())),
        "period": {"start": e.start.to_string(), "end": e.end.to_string()},
        "serviceProvider": reference("Organization", e.program.as_str()),
        "partOf": e.group_session.as_ref().map(|g| reference("Encounter", g.as_str())),
        "extension": own,
    })
}

fn group_session(e: &GroupSessionHeld) -> Value {
    json!({
        "id": e.group_session.as_str(), "status": "finished", "class": {"system": ACT_CODE, "code": "AMB"},
        "contained": [{
            "resourceType": "Group", "id": "group", "type": "person", "actual": true,
            "member": e.attendees.iter().map(|a| json!({"entity": reference("Patient", a.as_str())})).collect::<Vec<_>>(),
        }],
        "subject": {"reference": "#group"},
        "participant": performers(e.facilitators.iter().map(|f| f.as_str())),
        "period": {"start": e.start.to_string(), "end": e.end.to_string()},
        "serviceProvider": reference("Organization", e.program.as_str()),
    })
}

fn note(e: &NoteWritten) -> Value {
    json!({
        "id": e.note.as_str(), "status": "current", "docStatus": "final", "date": e.written_at.to_string(),
        "author": [reference("Practitioner", e.author.as_str())],
        "content": [{"attachment": {"contentType": "text/plain"}}],
        "context": {
            "encounter": [reference("Encounter", e.contact.as_str())],
            "event": e.elements.iter().map(|element| concept("note-element", element.as_str())).collect::<Vec<_>>(),
        },
        "extension": text_extension("digest", e.digest.as_ref().map(|d| d.as_str())),
    })
}
