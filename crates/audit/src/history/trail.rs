//! The trail of a person, individual, contact or claim: every event that concerns it, in the order in which things were true.
//! Follows ids from event to event (a contact's notes, their signatures, the claims that name it, their payments); guesses nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use domain::field::{Kind, Raw};
use domain::ids::IdKind;
use domain::{IndividualId, KnownAt, Recorded, Seq, ValidDay};
use ledger::{ERASED, Ledger, Naming};
use rules::subject::Name;
use rules::{Finding, Report};
use timeline::History;

use crate::cut::Cut;
use crate::error::AuditError;
use crate::explain::{Fact, fact, order};
use crate::json::Frame;
use crate::loaded::{self, Loaded};
use crate::resume;
use crate::scan::{self, Scan, ScanOptions};

/// What a trail is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A staff member.
    Person,
    /// A person served.
    Individual,
    /// A contact.
    Contact,
    /// A claim.
    Claim,
    /// A group session.
    Session,
}

impl Of {
    fn kind(self) -> IdKind {
        match self {
            Of::Person => IdKind::Person,
            Of::Individual => IdKind::Individual,
            Of::Contact => IdKind::Contact,
            Of::Claim => IdKind::Claim,
            Of::Session => IdKind::GroupSession,
        }
    }

    /// The kind in a word.
    pub fn as_str(self) -> &'static str {
        self.kind().as_str()
    }
}

/// A trail.
#[derive(Debug)]
pub struct Trail {
    /// Ledger, cut and day.
    pub frame: Frame,
    /// What it is of.
    pub of: Of,
    /// Its id.
    pub id: String,
    /// Events in the order in which they were true.
    pub facts: Vec<Fact>,
    /// Findings that touch it.
    pub findings: Vec<Arc<Finding>>,
    /// Everything that these events name, by kind.
    pub names: BTreeMap<IdKind, BTreeSet<String>>,
}

/// Ids a trail follows, by kind.
pub(crate) type Ids = BTreeSet<(IdKind, String)>;

/// Follows a trail.
///
/// # Errors
/// An id that no event inside the cut names.
pub fn trail(dir: &Path, of: Of, id: &str, on: Option<ValidDay>, cut: Cut, now: KnownAt) -> Result<Trail, AuditError> {
    let engine = loaded::engine()?;
    let ledger = Ledger::open_reader(dir)?;
    resume::answer(|kept| {
        let Scan { loaded, report, .. } = scan::looked(&ledger, &engine, &ScanOptions::look(cut, None, now), kept, &|_, _| {})?;
        let size = loaded.frame.size;
        follow(&Grounds { ledger: &ledger, loaded: &loaded, report: &report }, of, id, on, &|ids| concerned(&ledger, size, ids))
    })
}

/// What a trail is followed in: a ledger, loaded and judged.
pub(crate) struct Grounds<'l> {
    pub(crate) ledger: &'l Ledger,
    pub(crate) loaded: &'l Loaded,
    pub(crate) report: &'l Report,
}

/// Follows a trail where the events that name some ids are found by `concerned`, in ledger order.
pub(crate) fn follow(
    grounds: &Grounds<'_>,
    of: Of,
    id: &str,
    on: Option<ValidDay>,
    concerned: &dyn Fn(&Ids) -> Result<Vec<Recorded>, AuditError>,
) -> Result<Trail, AuditError> {
    let Grounds { ledger, loaded, report } = *grounds;
    let mut ids: Ids = [(of.kind(), id.to_owned())].into();
    // Contacts lead to notes, claims and sessions, notes to signatures: after as many rounds as the chain is long nothing is added.
    let mut events = concerned(&ids)?;
    if matches!(of, Of::Contact | Of::Claim | Of::Session) {
        loop {
            let before = ids.len();
            for recorded in &events {
                ids.extend(followed(recorded));
            }
            if ids.len() == before {
                break;
            }
            events = concerned(&ids)?;
        }
    }
    if events.is_empty() {
        return Err(AuditError::asked(
            format!("no event inside this cut names the {} {id}", of.as_str()),
            "check the id; `countersign events --subject ID` searches every field",
        ));
    }
    let amendments: BTreeSet<Seq> = events.iter().flat_map(|r| loaded.history.amendments_of(r.seq).iter().copied()).collect();
    let have: BTreeSet<Seq> = events.iter().map(|r| r.seq).collect();
    for seq in amendments.difference(&have) {
        events.extend(ledger.get(*seq)?);
    }
    let mut names: BTreeMap<IdKind, BTreeSet<String>> = BTreeMap::new();
    for recorded in &events {
        each_named(recorded, &mut |kind, id| {
            names.entry(kind).or_default().insert(id.to_owned());
        });
    }
    let mut facts: Vec<Fact> = events.iter().map(|r| fact(r, false)).collect();
    if let Some(day) = on {
        facts.retain(|f| f.true_at.is_none_or(|at| at.day() == day));
    }
    facts.sort_by_key(|f| (f.true_at.map(order), f.known_at, f.seq));
    let findings: Vec<Arc<Finding>> =
        report.findings.iter().filter(|f| touches(&loaded.history, f, of, id)).filter(|f| on.is_none_or(|d| f.true_from == d)).cloned().collect();
    findings.iter().for_each(|finding| finding.read());
    Ok(Trail { frame: loaded.frame.clone(), of, id: id.to_owned(), facts, findings, names })
}

pub(crate) fn touches(history: &History, f: &Finding, of: Of, id: &str) -> bool {
    let in_subject = f.subject.0.iter().any(|(key, value)| {
        let fits = match of {
            Of::Person => matches!(*key, "person" | "peer"),
            Of::Individual => *key == "individual",
            Of::Contact => *key == "contact",
            Of::Claim => *key == "claim",
            Of::Session => *key == "group_session",
        };
        fits && matches!(value, Name::Text(text) if text == id)
    });
    in_subject
        || match of {
            Of::Person => f.about.peer.as_deref() == Some(id),
            Of::Individual => f.about.individual.as_deref() == Some(id),
            Of::Contact => history.find_contact(id).is_some_and(|contact| f.contacts.has(contact)),
            Of::Claim => f.about.claims.has(id),
            Of::Session => false,
        }
}

fn concerned(ledger: &Ledger, size: u64, ids: &Ids) -> Result<Vec<Recorded>, AuditError> {
    let mut events = Vec::new();
    let take = |recorded: Recorded| {
        if named(&recorded).iter().any(|id| ids.contains(id)) {
            events.push(recorded);
        }
    };
    match wanted(ledger, ids) {
        Some(wanted) => ledger.naming(&wanted, size, take)?,
        None => drop(ledger.replay(0..size, take)?),
    }
    Ok(events)
}

/// Some ids as they stand in stored events; `None` if one of them stands there as something else: the name under which somebody erased is read.
pub(crate) fn wanted(ledger: &Ledger, ids: &Ids) -> Option<Naming> {
    let mut wanted = Naming::new();
    for (kind, id) in ids {
        match (kind, IndividualId::parse(id)) {
            (IdKind::Individual, Ok(id)) if id.as_str().starts_with(ERASED) => return None,
            (IdKind::Individual, Ok(id)) => wanted.individual(ledger.pseudonym_bytes(&id)),
            _ => wanted.id(id),
        }
    }
    Some(wanted)
}

/// What an event's ids lead to from a contact or claim: its notes, group session and claims, never the people in it.
fn followed(recorded: &Recorded) -> Vec<(IdKind, String)> {
    let follow = |kind: IdKind| matches!(kind, IdKind::Note | IdKind::Claim | IdKind::GroupSession);
    named(recorded).into_iter().filter(|(kind, _)| follow(*kind)).collect()
}

/// Every id that an event names, with its kind, nested ones included.
pub(crate) fn named(recorded: &Recorded) -> Vec<(IdKind, String)> {
    let mut found = Vec::new();
    each_named(recorded, &mut |kind, id| found.push((kind, id.to_owned())));
    found
}

/// Tells every id that an event names, one after the other.
pub(crate) fn each_named(recorded: &Recorded, found: &mut dyn FnMut(IdKind, &str)) {
    for (spec, (_, raw)) in recorded.event.schema().fields.iter().zip(recorded.event.fields()) {
        collect(&spec.kind, &raw, found);
    }
}

fn collect(kind: &Kind, raw: &Raw<'_>, found: &mut dyn FnMut(IdKind, &str)) {
    match (kind, raw) {
        (Kind::Id(id), Raw::Text(text)) => found(*id, text),
        (Kind::List(inner), Raw::List(items)) => items.iter().for_each(|item| collect(inner, item, found)),
        (Kind::Record(specs), Raw::Record(fields)) => {
            for (name, value) in fields {
                if let Some(spec) = specs.iter().find(|s| s.name == name) {
                    collect(&spec.kind, value, found);
                }
            }
        }
        _ => {}
    }
}
