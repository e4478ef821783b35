//! The one-line notation of events in `cases.md`: a type, then `field=value`.
//! Fills in what most cases do not care about, and nothing that a rule could silently pass on: see [`defaults`].

use std::borrow::Cow;

use anyhow::{Context, Result, anyhow, bail};
use domain::event::{Delivery, Event, TypeSchema};
use domain::field::{Fields, Kind, Raw};
use domain::{Draft, Envelope, KnownAt, SourceId, ValidAt, ValidDay};

/// Fields a case may leave out, by type; `start` and `contact` refer to other fields of the line.
fn defaults(type_name: &str) -> &'static [(&'static str, &'static str)] {
    match type_name {
        "contact_recorded" => &[
            ("program", "MH-1"),
            ("service", "mhotrs_adult_peer"),
            ("peer", "P1"),
            ("individual", "I1"),
            ("phase", "enrolled"),
            ("format", "individual"),
            ("mode", "in_person"),
            ("site", "onsite"),
            ("component", "A1"),
            ("activities", "A1.02"),
            ("basis", "planned"),
            ("recipient", "individual"),
        ],
        "note_written" => &[("author", "P1"), ("elements", "service_type;purpose;response;progress")],
        "note_amended" => &[("elements", "service_type;purpose;response;progress")],
        "claim_submitted" => &[("individual", "I1"), ("program", "MH-1"), ("rate_code", "1474")],
        "person_engaged" => &[("engagement", "employee"), ("roles", "peer"), ("programs", "MH-1")],
        "supervision_assigned" => &[("program", "MH-1"), ("kind", "primary")],
        "supervision_ended" => &[("program", "MH-1")],
        "licence_granted" | "licence_renewed" => &[("discipline", "lcsw")],
        "licence_ended" => &[("discipline", "lcsw"), ("reason", "lapsed")],
        "program_registered" => &[("kind", "mhotrs"), ("populations", "adult")],
        "policy_adopted" => &[("program", "MH-1"), ("topics", "peer_support")],
        "group_session_held" => &[("program", "MH-1"), ("facilitators", "P1")],
        "plan_created" => &[
            ("individual", "I1"),
            ("program", "MH-1"),
            ("kind", "treatment"),
            ("version", "1"),
            ("services", "mhotrs_adult_peer"),
            ("goals", "G1"),
            ("contracted_collaboration", "false"),
        ],
        "plan_amended" => &[
            ("individual", "I1"),
            ("program", "MH-1"),
            ("kind", "treatment"),
            ("services", "mhotrs_adult_peer"),
            ("goals", "G1"),
            ("contracted_collaboration", "false"),
        ],
        "preadmission_opened" => &[("individual", "I1"), ("program", "MH-1"), ("purpose", "true"), ("goal", "true")],
        "reengaged" => &[("individual", "I1"), ("program", "MH-1"), ("rationale", "true")],
        "admitted" | "discharged" | "treatment_declined" | "referred_out" | "preadmission_visit" | "significant_event_recorded" => {
            &[("individual", "I1"), ("program", "MH-1")]
        }
        "collaboration_documented" => &[("individual", "I1"), ("peer", "P1"), ("kind", "case_conference")],
        "crisis_recorded" | "preference_recorded" => &[("individual", "I1")],
        "intensity_consulted" => &[("individual", "I1"), ("peer", "P1")],
        "team_meeting_held" => &[("program", "MH-1"), ("kind", "clinical")],
        "event_corrected" | "event_retracted" => &[("reason", "typing error")],
        "parameter_set" => &[("approved_by", "compliance officer")],
        _ => &[],
    }
}

/// A line cut at spaces that are not inside double quotes; the quotes are dropped.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.trim().chars() {
        match (c, quoted) {
            ('"', _) => quoted = !quoted,
            (' ', false) => words.push(String::new()),
            (other, _) => words.last_mut().into_iter().for_each(|w| w.push(other)),
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

/// An instant with an offset, or a New York wall-clock time.
pub fn instant(text: &str) -> Option<ValidAt> {
    ValidAt::parse(text).or_else(|| ValidAt::parse_local(text))
}

fn raw(kind: &Kind, text: &str) -> Result<Raw<'static>> {
    Ok(match kind {
        Kind::Bool => Raw::Bool(text == "true"),
        Kind::Int { .. } => Raw::Int(text.parse().with_context(|| format!("{text:?} is not a whole number"))?),
        Kind::Instant => Raw::owned(instant(text).with_context(|| format!("{text:?} is not an instant"))?.to_string()),
        Kind::DayOrInstant if text.contains('T') => Raw::owned(instant(text).with_context(|| format!("{text:?} is not an instant"))?.to_string()),
        Kind::List(Kind::Record(_)) => claim_lines(text)?,
        Kind::List(inner) => Raw::List(text.split(';').filter(|t| !t.is_empty()).map(|t| raw(inner, t)).collect::<Result<_>>()?),
        Kind::Scalar => match (text, text.parse::<i64>()) {
            ("true" | "false", _) => Raw::Bool(text == "true"),
            (_, Ok(n)) => Raw::Int(n),
            _ => Raw::owned(text.to_owned()),
        },
        Kind::Changes => changes(text)?,
        Kind::Id(_) | Kind::Text | Kind::Confidential | Kind::BirthDate | Kind::Day | Kind::DayOrInstant | Kind::Word(_) | Kind::Digest => {
            Raw::owned(text.to_owned())
        }
        Kind::Record(_) => bail!("a record cannot be written in one word"),
    })
}

/// `contact/hcpcs/modifiers/units/cents`, several separated by commas, modifiers by `+`.
fn claim_lines(text: &str) -> Result<Raw<'static>> {
    let line = |part: &str| -> Result<Raw<'static>> {
        let [contact, hcpcs, modifiers, units, cents] = part.split('/').collect::<Vec<_>>()[..] else {
            bail!("{part:?} is not contact/hcpcs/modifiers/units/cents");
        };
        let modifiers = modifiers.split('+').filter(|m| !m.is_empty()).map(|m| Raw::owned(m.to_owned())).collect();
        let named = |name: &'static str, value| (Cow::Borrowed(name), value);
        Ok(Raw::Record(vec![
            named("contact", Raw::owned(contact.to_owned())),
            named("hcpcs", Raw::owned(hcpcs.to_owned())),
            named("modifiers", Raw::List(modifiers)),
            named("units", Raw::Int(units.parse()?)),
            named("charge_cents", Raw::Int(cents.parse()?)),
        ]))
    };
    text.split(',').map(line).collect::<Result<_>>().map(Raw::List)
}

fn json(value: &serde_json::Value) -> Raw<'static> {
    match value {
        serde_json::Value::Null => Raw::Null,
        serde_json::Value::Bool(b) => Raw::Bool(*b),
        serde_json::Value::Number(n) => n.as_i64().map_or_else(|| Raw::Number(Cow::Owned(n.to_string())), Raw::Int),
        serde_json::Value::String(t) => Raw::owned(t.clone()),
        serde_json::Value::Array(items) => Raw::List(items.iter().map(json).collect()),
        serde_json::Value::Object(fields) => Raw::Record(fields.iter().map(|(k, v)| (Cow::Owned(k.clone()), json(v))).collect()),
    }
}

/// `{field:value,...}` with the quotes that the line's own quoting dropped put back by hand as `'`.
fn changes(text: &str) -> Result<Raw<'static>> {
    let value: serde_json::Value = serde_json::from_str(&text.replace('\'', "\"")).with_context(|| format!("{text:?} is not JSON (write ' for \")"))?;
    let changes = json(&value);
    let Raw::Record(fields) = changes else { return Ok(changes) };
    // Wall-clock times in a correction are New York time, as everywhere in a case.
    let local = |(name, value): (Cow<'static, str>, Raw<'static>)| match value.as_text().filter(|t| t.len() > 10).and_then(ValidAt::parse_local) {
        Some(at) => (name, Raw::owned(at.to_string())),
        None => (name, value),
    };
    Ok(Raw::Record(fields.into_iter().map(local).collect()))
}

/// Parses one line into a draft recorded at an instant. `day_of` gives the local day of a contact already told, for a claim's service date.
pub fn draft(line: &str, recorded_at: KnownAt, day_of: impl Fn(&str) -> Option<ValidDay>) -> Result<Draft> {
    let words = words(line);
    let (type_name, rest) = words.split_first().context("an empty line")?;
    let schema: &TypeSchema = Event::schema_of(type_name).with_context(|| format!("{type_name:?} is not an event type"))?;
    let mut given: Vec<(String, String)> = Vec::new();
    for word in rest {
        let (name, value) = word.split_once('=').with_context(|| format!("{word:?} is not field=value"))?;
        given.push((name.to_owned(), value.to_owned()));
    }
    let mut envelope = Envelope::default();
    given.retain(|(name, value)| match name.as_str() {
        "source_id" => {
            envelope.source_id = SourceId::parse(value).ok();
            false
        }
        "entered_at" => {
            envelope.entered_at = instant(value).map(|at| KnownAt::from_micros(at.micros()));
            false
        }
        _ => true,
    });
    for (name, value) in defaults(type_name) {
        if !given.iter().any(|(n, _)| n == name) {
            given.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    derived(type_name, &mut given, day_of)?;
    let mut fields = Vec::new();
    for (name, value) in &given {
        let kind = schema.fields.iter().find(|f| f.name == name).map_or(Kind::Text, |f| f.kind);
        // An empty value leaves out a field that would have had a default.
        if !value.is_empty() {
            fields.push((Cow::Owned(name.clone()), raw(&kind, value)?));
        }
    }
    let event = Event::read(type_name, Fields(fields)).map_err(|problems| {
        let said: Vec<String> = problems.iter().map(|p| format!("{}: found {}, wanted {}", p.field, p.mismatch.found, p.mismatch.wanted)).collect();
        anyhow!("{line:?}: {}", said.join("; "))
    })?;
    Ok(Draft { event, envelope, recorded_at: Some(recorded_at) })
}

/// What follows from other fields of the line: the end of a contact or session, the service date of a claim.
fn derived(type_name: &str, given: &mut Vec<(String, String)>, day_of: impl Fn(&str) -> Option<ValidDay>) -> Result<()> {
    let get = |given: &[(String, String)], name: &str| given.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    let minutes = match type_name {
        "contact_recorded" => Some(30),
        "group_session_held" => Some(60),
        _ => None,
    };
    if let (Some(minutes), None, Some(start)) = (minutes, get(given, "end"), get(given, "start")) {
        let start = instant(&start).with_context(|| format!("{start:?} is not an instant"))?;
        given.push(("end".to_owned(), ValidAt::from_micros(start.micros() + minutes * 60_000_000).to_string()));
    }
    if type_name == "claim_submitted" && get(given, "service_date").is_none() {
        let lines = get(given, "lines").context("a claim needs lines=")?;
        let contact = lines.split('/').next().unwrap_or_default();
        let day = day_of(contact).with_context(|| format!("no contact {contact} told so far: give service_date="))?;
        given.push(("service_date".to_owned(), day.to_string()));
    }
    Ok(())
}

/// The contact and local day that an event tells of, for [`draft`]'s `day_of`.
pub fn contact_day(event: &Event) -> Option<(&str, ValidDay)> {
    let Event::Delivery(Delivery::ContactRecorded(e)) = event else { return None };
    Some((e.contact.as_str(), e.start.local_day()))
}
