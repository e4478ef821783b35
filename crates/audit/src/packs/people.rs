//! The supervision history and the credential record of everybody on the staff who is involved.
//! Refuses to interpret them anew: supervision comes from the history, credentials are the events themselves.

use std::collections::BTreeMap;

use domain::event::EventTag;
use domain::ids::IdKind;
use domain::{Recorded, Seq};
use ledger::{Ledger, Naming};
use pack::CoverPerson;
use serde_json::{Value, json};

use super::mask::Mask;
use super::select::Selection;
use crate::error::AuditError;
use crate::explain::fact;
use crate::history::supervision::{Stretch, of_peer};
use crate::history::trail::named;
use crate::loaded::Loaded;
use crate::words::{day, sentence};
use rules::Engine;

/// Engagements, roles, credentials, licences and designations of one person.
const RECORD: std::ops::RangeInclusive<u16> = 1..=22;
/// What of these says something about a staff member as such: not contracts of the agency, not a birth date.
const LEFT_OUT: [u16; 3] = [3, 4, 7];

/// Both histories, as they go into a pack.
#[derive(Debug, Default)]
pub(crate) struct People {
    pub(crate) supervision: String,
    pub(crate) credentials: String,
    pub(crate) cover: Vec<CoverPerson>,
}

/// Staff shown on the cover; the JSON has all of them.
const SHOWN: usize = 100;

/// Puts both together.
pub(crate) fn people(ledger: &Ledger, loaded: &Loaded, engine: &Engine, selection: &Selection, mask: &Mask) -> Result<People, AuditError> {
    let of_record = |tag: EventTag| RECORD.contains(&tag.0) && !LEFT_OUT.contains(&tag.0);
    let mut records: BTreeMap<&str, BTreeMap<Seq, Recorded>> = selection.staff.iter().map(|id| (id.as_str(), BTreeMap::new())).collect();
    let mut enter = |recorded: &Recorded| {
        for (_, id) in named(recorded).into_iter().filter(|(kind, _)| *kind == IdKind::Person) {
            if let Some(record) = records.get_mut(id.as_str()) {
                record.insert(recorded.seq, recorded.clone());
            }
        }
    };
    if selection.by_type.is_empty() {
        let mut wanted = Naming::new();
        RECORD.map(EventTag).filter(|tag| of_record(*tag)).for_each(|tag| wanted.every(tag));
        ledger.naming(&wanted, loaded.frame.size, |recorded| enter(&recorded))?;
    } else {
        selection.by_type.iter().filter(|recorded| of_record(recorded.event.schema().tag)).for_each(enter);
    }
    let view = loaded.view();
    let (mut supervision, mut credentials, mut cover) = (Vec::new(), Vec::new(), Vec::new());
    for (id, record) in &records {
        let mut stretches = loaded.history.find_person(id).map_or_else(Vec::new, |key| of_peer(&view, engine.tables(), key));
        // A supervisor or clinician who delivers nothing has no supervision as a peer, and therefore no gap in it.
        if stretches.iter().all(|s| s.supervisors.is_empty() && s.contacts == 0) {
            stretches.clear();
        }
        let facts: Vec<_> = record.values().map(|recorded| fact(recorded, false)).collect();
        if cover.len() < SHOWN {
            let told = facts.iter().map(|f| format!("{} (seq {})", sentence(&mask.text(&f.says)), f.seq));
            cover.push(CoverPerson { id: (*id).to_owned(), credentials: told.collect(), supervision: stretches.iter().map(row).collect() });
        }
        if !stretches.is_empty() {
            supervision.push(json!({"person": id, "stretches": stretches.iter().map(stretch).collect::<Vec<_>>()}));
        }
        let events: Vec<Value> = facts
            .iter()
            .map(|f| json!({"seq": f.seq.0, "type": f.kind, "known_at": f.known_at.to_string(), "says": mask.text(&f.says)}))
            .collect();
        credentials.push(json!({"person": id, "events": events}));
    }
    Ok(People {
        supervision: json!({"schema": "countersign.pack.supervision.v1", "people": supervision}).to_string(),
        credentials: json!({"schema": "countersign.pack.credentials.v1", "people": credentials}).to_string(),
        cover,
    })
}

fn stretch(s: &Stretch) -> Value {
    let supervisors: Vec<Value> = s
        .supervisors
        .iter()
        .map(|w| json!({"person": w.person, "kind": w.kind.as_str(), "qualifies": w.qualifies, "why": w.why, "assignment": w.assignment.0}))
        .collect();
    json!({"program": s.program, "from": s.from.to_string(), "to": s.to.to_string(), "covered": s.covered(), "contacts": s.contacts, "supervisors": supervisors})
}

fn row(s: &Stretch) -> (String, String, String, bool) {
    let supervisors: Vec<String> = s.supervisors.iter().map(|w| format!("{} ({}): {}", w.person, w.kind, w.why)).collect();
    let whom = if supervisors.is_empty() { "nobody was assigned".to_owned() } else { supervisors.join("; ") };
    (day(s.from), day(s.to), format!("{}: {whom}", s.program), !s.covered())
}
