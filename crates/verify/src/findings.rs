//! The findings' evidence, stated again from the bodies: each event must be in the pack, of the type the finding says, and readable.
//! It refuses to judge whether the rule was right; whoever has the rules runs them again.

use serde_json::Value;

use crate::content::{Keys, Names};
use crate::evidence::Evidence;
use crate::frames::Frame;
use crate::json::{self, hex, list, number, object, text};
use crate::layout::{self, LAYOUTS};
use crate::payload::{self, Payload, Unread, sealed_values};
use crate::report::{Restated, count};
use crate::sealed;

/// What the findings are.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) all: u64,
    /// Violations, documentation gaps, advisories.
    pub(crate) counts: (u64, u64, u64),
    pub(crate) restated: Vec<Restated>,
}

/// Keys of a finding's subject whose id stands in the events it rests on.
const NAMED: [&str; 5] = ["contact", "claim", "person", "peer", "group_session"];

/// Checks the evidence of every finding and states it again.
pub(crate) fn check(evidence: &Evidence<'_>, keys: &Keys, names: &Names) -> Result<(Findings, String), String> {
    let value = json::read_as("findings.json", evidence.archive.get("findings.json").unwrap_or_default(), "countersign.findings.v1")?;
    let mut found = Findings::default();
    let (mut events, mut closed, mut elsewhere) = (0, 0, 0);
    for finding in list(&value, "findings")? {
        let id = text(finding, "id")?;
        let class = text(finding, "class")?;
        match class {
            "violation" => found.counts.0 += 1,
            "documentation" => found.counts.1 += 1,
            "advisory" => found.counts.2 += 1,
            _ => return Err(format!("findings.json: {id} is of no known class")),
        }
        found.all += 1;
        let mut restated = Restated { id: id.to_owned(), rule: text(finding, "rule")?.to_owned(), class: class.to_owned(), message: text(finding, "message")?.to_owned(), evidence: Vec::new() };
        let mut read: Vec<Payload> = Vec::new();
        let mut whole = true;
        for item in list(finding, "evidence")? {
            let seq = number(item, "seq")?;
            let said_type = text(item, "type")?;
            let frame = evidence.frames.at(seq).ok_or_else(|| format!("{id} rests on seq {seq}, which is not in the pack"))?;
            events += 1;
            let (payload, words) = restate(frame, seq, said_type, keys, names).map_err(|error| format!("{id} rests on seq {seq}, {error}"))?;
            closed += u64::from(payload.is_none());
            whole &= payload.is_some();
            read.extend(payload);
            restated.evidence.push((seq, words));
        }
        elsewhere += u64::from(whole && !read.is_empty() && !names_subject(object(finding, "subject")?, &read));
        found.restated.push(restated);
    }
    let mut words = format!("{} on {}", count(found.all, "finding"), count(events, "event"));
    if closed > 0 {
        words.push_str(&format!(", of which {closed} are withheld or of a later layout"));
    }
    if elsewhere > 0 {
        words.push_str(&format!("; the events of {elsewhere} do not name the finding's subject themselves"));
    }
    Ok((found, words))
}

/// Whether the ids in the subject stand in these events.
fn names_subject(subject: &Value, events: &[Payload]) -> bool {
    NAMED.iter().filter_map(|key| subject.get(*key)?.as_str()).all(|id| events.iter().any(|event| event.fields.iter().any(|(_, value)| value.names(id))))
}

/// What an event says; nothing when its body is withheld or of a layout this program does not know.
fn restate(frame: &Frame<'_>, seq: u64, said_type: &str, keys: &Keys, names: &Names) -> Result<(Option<Payload>, String), String> {
    let header = frame.fields().ok_or("whose header cannot be read")?;
    if let Some(kind) = LAYOUTS.kind(header.tag)
        && kind.name != said_type
    {
        return Err(format!("which is {} and not {said_type}", kind.name));
    }
    let Some(body) = frame.payload() else {
        return Ok((None, format!("{said_type} (contents withheld)")));
    };
    if header.schema != layout::SCHEMA {
        return Ok((None, format!("{said_type} (of a later layout)")));
    }
    let payload = match payload::read(header.tag, body) {
        Ok(payload) => payload,
        Err(Unread::Unknown) => return Ok((None, format!("{said_type} (of a later layout)"))),
        Err(Unread::Malformed) => return Err("whose contents cannot be read".into()),
    };
    let who = |id: [u8; 16]| names.get(&id).cloned().unwrap_or_else(|| format!("pseudonym:{}", hex(&id)));
    let opened = |field: u16| {
        let value = sealed_values(body).and_then(|values| values.get(usize::from(field)).copied());
        let plain = value.and_then(|value| sealed::open(keys.get(&(seq, value.subject))?, field, &header.sealing_aad(), value.bytes));
        plain.unwrap_or_else(|| "(sealed)".into())
    };
    let mut said: Vec<String> = Vec::new();
    if let Some(target) = payload.target {
        said.push(format!("of seq {target}"));
    }
    for (name, value) in &payload.fields {
        let value = value.said(&who, &opened);
        if !value.is_empty() && value != "nothing" {
            said.push(format!("{} {value}", name.replace('_', " ")));
        }
    }
    let words = format!("{}: {}", payload.kind.name, said.join(", "));
    Ok((Some(payload), words))
}
