//! Which events a scope needs, followed from id to id, and which of them may be shown with their contents.
//! Refuses contents that concern another individual: of those only the header goes in, and the list of redactions says so.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::{Event, EventTag, Findings};
use domain::field::Raw;
use domain::ids::IdKind;
use domain::{Recorded, Seq, ValidDay};
use ledger::Ledger;
use rules::Finding;

use super::scope::Scope;
use crate::describe::true_at;
use crate::error::AuditError;
use crate::history::trail::{named, wanted};

/// Everything a pack of this scope holds.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// Events with their contents.
    pub(crate) shown: BTreeSet<Seq>,
    /// Events of which only the header is given.
    pub(crate) withheld: BTreeSet<Seq>,
    /// The events of a selection, decoded; of a range only those before and behind it.
    pub(crate) events: BTreeMap<Seq, Recorded>,
    /// Individuals whom the pack is about and may name; nobody in a pack about staff.
    pub(crate) individuals: BTreeSet<String>,
    /// Everybody on the staff who is involved.
    pub(crate) staff: BTreeSet<String>,
    /// Every event of the types that are asked for whoever they name, the staff's records among them; empty for a range.
    pub(crate) by_type: Vec<Recorded>,
}

type Ids = BTreeSet<(IdKind, String)>;

// Numbers of event types (events.md, PAYLOADS.md).
const SESSION: EventTag = EventTag(25);
const ASSIGNED: EventTag = EventTag(23);
const PARAMETER_SET: EventTag = EventTag(42);
const WORKFORCE: std::ops::RangeInclusive<u16> = 1..=29;
const PROGRAM: [u16; 4] = [40, 41, 43, 44];
const CARE: std::ops::RangeInclusive<u16> = 60..=75;
const DELIVERY: std::ops::RangeInclusive<u16> = 80..=85;
const DECISIONS: std::ops::RangeInclusive<u16> = 122..=126;
const OWN: [u16; 3] = [140, 141, 145];

/// Types of which there are few: read once, whoever they name, since staff and programs stand in every contact.
fn is_few(tag: EventTag) -> bool {
    WORKFORCE.contains(&tag.0) || PROGRAM.contains(&tag.0) || tag == PARAMETER_SET || DECISIONS.contains(&tag.0) || OWN.contains(&tag.0)
}

/// Follows ids through a ledger.
pub(crate) struct Search<'l> {
    ledger: &'l Ledger,
    size: u64,
    events: BTreeMap<Seq, Recorded>,
    by_type: Vec<Recorded>,
}

impl<'l> Search<'l> {
    pub(crate) fn new(ledger: &'l Ledger, size: u64) -> Self {
        Self { ledger, size, events: BTreeMap::new(), by_type: Vec::new() }
    }

    /// Takes in every event that names one of these ids and that `keep` wants. Each call that asks for an id reads every payload once; the first one reads the types of which there are few as well.
    fn take(&mut self, ids: &Ids, keep: impl Fn(&Recorded, &[(IdKind, String)]) -> bool) -> Result<(), AuditError> {
        let first = self.by_type.is_empty();
        let Self { events, by_type, .. } = self;
        let take = |recorded: Recorded| {
            let names = named(&recorded);
            if first && is_few(recorded.event.schema().tag) {
                by_type.push(recorded.clone());
            }
            if names.iter().any(|name| ids.contains(name)) && keep(&recorded, &names) {
                events.insert(recorded.seq, recorded);
            }
        };
        match wanted(self.ledger, ids) {
            Some(mut wanted) => {
                if first {
                    Event::types().filter(|schema| is_few(schema.tag)).for_each(|schema| wanted.every(schema.tag));
                }
                self.ledger.naming(&wanted, self.size, take)?;
            }
            None => drop(self.ledger.replay(0..self.size, take)?),
        }
        Ok(())
    }

    /// Takes in what `keep` wants of the types of which there are few.
    fn take_few(&mut self, keep: impl Fn(&Recorded, &[(IdKind, String)]) -> bool) {
        for recorded in self.by_type.iter().filter(|recorded| keep(recorded, &named(recorded))) {
            self.events.entry(recorded.seq).or_insert_with(|| recorded.clone());
        }
    }

    /// Ids of some kinds in the events so far that `of` wants.
    fn ids(&self, kinds: &[IdKind], of: impl Fn(&Recorded) -> bool) -> Ids {
        self.events.values().filter(|r| of(r)).flat_map(named).filter(|(kind, _)| kinds.contains(kind)).collect()
    }

    /// Adds single events and everything that corrects or retracts an event taken so far.
    fn complete(&mut self, more: impl IntoIterator<Item = Seq>) -> Result<(), AuditError> {
        let missing: BTreeSet<Seq> = more.into_iter().filter(|seq| seq.0 < self.size && !self.events.contains_key(seq)).collect();
        self.add(missing)?;
        let amending = self.ledger.amending(self.events.keys().copied())?;
        let missing = amending.into_iter().filter(|seq| seq.0 < self.size && !self.events.contains_key(seq)).collect();
        self.add(missing)
    }

    fn add(&mut self, seqs: BTreeSet<Seq>) -> Result<(), AuditError> {
        let seqs: Vec<Seq> = seqs.into_iter().collect();
        let events = &mut self.events;
        self.ledger.at(&seqs, |recorded| {
            events.insert(recorded.seq, recorded);
        })?;
        Ok(())
    }

    /// A selection: everything about `scope` on `days`, with the findings given.
    pub(crate) fn selection(mut self, scope: &Scope, days: Option<(ValidDay, ValidDay)>, findings: &[&Finding]) -> Result<Selection, AuditError> {
        let start = start(scope, findings);
        let on_days = |recorded: &Recorded| days.is_none_or(|(from, to)| true_at(&recorded.event).is_none_or(|at| (from..=to).contains(&at.day())));
        let dated = |recorded: &Recorded, _: &[(IdKind, String)]| WORKFORCE.contains(&tag(recorded)) || on_days(recorded);
        self.take(&start, dated)?;
        if self.events.is_empty() {
            return Err(AuditError::asked(format!("no event inside this cut is about the {}", scope.words()), "check the id; `countersign events --subject ID` searches every field"));
        }
        let about_person = matches!(scope, Scope::Person(_));
        // A peer's own contacts, not every contact a supervisor's name stands in.
        let of_scope = |r: &Recorded| DELIVERY.contains(&tag(r)) || (tag(r) == 100 && !about_person);
        let contacts = self.ids(&[IdKind::Contact], of_scope);
        self.take(&contacts, |_, _| true)?;
        let led_to = self.ids(&[IdKind::Note, IdKind::GroupSession, IdKind::Claim], |_| true);
        self.take(&led_to, |_, _| true)?;

        let delivery = |r: &Recorded| DELIVERY.contains(&tag(r)) || CARE.contains(&tag(r)) || tag(r) == 100;
        let about = self.ids(&[IdKind::Individual], |r| delivery(r) && tag(r) != 81);
        let individuals: BTreeSet<String> = match scope {
            Scope::Person(_) => BTreeSet::new(),
            Scope::Individual(id) => [id.clone()].into(),
            // Of a claim or contact whom it was for, of a finding whom it names.
            Scope::Claim(_) | Scope::Sample(_) | Scope::Contact(_) | Scope::Finding(_) | Scope::Range(..) | Scope::Everything => about.into_iter().map(|(_, id)| id).collect(),
        };
        let mut staff: BTreeSet<String> = self.ids(&[IdKind::Person], delivery).into_iter().map(|(_, id)| id).collect();
        if let Scope::Person(id) = scope {
            staff.insert(id.clone());
        }
        self.record(&individuals, &staff, findings, about_person)?;
        let supervisors = self.ids(&[IdKind::Person], |r| tag(r) == ASSIGNED.0);
        let plans = self.ids(&[IdKind::Plan, IdKind::SignificantEvent], |r| CARE.contains(&tag(r)));
        let new: BTreeSet<String> = supervisors.iter().map(|(_, id)| id).filter(|id| !staff.contains(*id)).cloned().collect();
        self.take_few(|r, names| match tag(r) {
            tag if tag == ASSIGNED.0 || tag == 24 || tag == SESSION.0 => false,
            tag => WORKFORCE.contains(&tag) && names.iter().any(|(kind, id)| *kind == IdKind::Person && new.contains(id)),
        });
        let whose = |(kind, id): &(IdKind, String)| *kind != IdKind::Individual || individuals.contains(id);
        self.take(&plans, |r, names| CARE.contains(&tag(r)) && names.iter().all(whose))?;
        staff.extend(supervisors.into_iter().map(|(_, id)| id));
        self.complete(findings.iter().flat_map(|f| f.evidence.iter().map(|(seq, _)| *seq)).chain([Seq(0)]))?;
        Ok(self.sorted(individuals, staff, about_person))
    }

    /// The record behind the contacts: care of the individuals, the staff's engagements and credentials, programs, settings, decisions.
    fn record(&mut self, individuals: &BTreeSet<String>, staff: &BTreeSet<String>, findings: &[&Finding], about_person: bool) -> Result<(), AuditError> {
        let programs: BTreeSet<String> = self.ids(&[IdKind::Program], |_| true).into_iter().map(|(_, id)| id).collect();
        let decided: BTreeSet<&str> = findings.iter().map(|f| f.id.as_str()).collect();
        self.take_few(|r, names| {
            let has = |kind: IdKind, ids: &BTreeSet<String>| names.iter().any(|(k, id)| *k == kind && ids.contains(id));
            match tag(r) {
                tag if tag == ASSIGNED.0 || tag == 24 || tag == SESSION.0 => peer_is_in(r, staff),
                tag if WORKFORCE.contains(&tag) => has(IdKind::Person, staff),
                // A rate code may be adopted for all programs at once.
                tag if PROGRAM.contains(&tag) => has(IdKind::Program, &programs) || names.iter().all(|(kind, _)| *kind != IdKind::Program),
                tag if DECISIONS.contains(&tag) => names.iter().any(|(kind, id)| *kind == IdKind::Finding && decided.contains(id.as_str())),
                tag => tag == PARAMETER_SET.0 || OWN.contains(&tag),
            }
        });
        if about_person {
            return Ok(());
        }
        let care_of: Ids = individuals.iter().map(|id| (IdKind::Individual, id.clone())).collect();
        self.take(&care_of, |r, names| CARE.contains(&tag(r)) && names.iter().any(|name| care_of.contains(name)))
    }

    fn sorted(self, individuals: BTreeSet<String>, staff: BTreeSet<String>, about_person: bool) -> Selection {
        let mut selection = Selection { individuals, staff, ..Selection::default() };
        for recorded in self.events.values() {
            let whom = self.whom_it_concerns(recorded);
            let may = if about_person { whom.len() <= 1 } else { whom.iter().all(|id| selection.individuals.contains(id)) };
            let side = if may || recorded.seq == Seq(0) { &mut selection.shown } else { &mut selection.withheld };
            side.insert(recorded.seq);
        }
        selection.events = self.events;
        selection.by_type = self.by_type;
        selection
    }

    /// The individuals that an event names; a correction also concerns those of what it corrects.
    fn whom_it_concerns(&self, recorded: &Recorded) -> BTreeSet<String> {
        let mut whom = individuals_of(recorded);
        let mut target = recorded.target;
        // A target lies before what points at it, so this ends.
        while let Some(event) = target.and_then(|seq| self.events.get(&seq)) {
            whom.extend(individuals_of(event));
            target = event.target;
        }
        whom
    }

    /// A range or everything: the events of the findings that lie outside it, as context.
    pub(crate) fn context(mut self, from: u64, to: u64, findings: &[&Finding]) -> Result<Selection, AuditError> {
        let outside = |seq: &Seq| seq.0 < from || seq.0 > to;
        self.add(findings.iter().flat_map(|f| f.evidence.iter().map(|(seq, _)| *seq)).chain([Seq(0)]).filter(outside).collect())?;
        Ok(self.sorted(BTreeSet::new(), BTreeSet::new(), true))
    }
}

fn tag(recorded: &Recorded) -> u16 {
    recorded.event.schema().tag.0
}

/// Whether the supervised peer of an assignment or session is one of these.
fn peer_is_in(recorded: &Recorded, staff: &BTreeSet<String>) -> bool {
    recorded.event.fields().iter().any(|(name, raw)| *name == "peer" && raw.as_text().is_some_and(|id| staff.contains(id)))
}

/// The individuals that an event names, in its fields or in the fields it corrects.
pub(crate) fn individuals_of(recorded: &Recorded) -> BTreeSet<String> {
    let mut whom: BTreeSet<String> = named(recorded).into_iter().filter(|(kind, _)| *kind == IdKind::Individual).map(|(_, id)| id).collect();
    if let Event::Findings(Findings::EventCorrected(correction)) = &recorded.event {
        for (_, value) in correction.fields.0.iter().filter(|(name, _)| matches!(name.as_str(), "individual" | "individuals" | "attendees")) {
            texts(value, &mut whom);
        }
    }
    whom
}

fn texts(raw: &Raw<'_>, into: &mut BTreeSet<String>) {
    match raw {
        Raw::Text(text) => {
            into.insert(text.to_string());
        }
        Raw::List(items) => items.iter().for_each(|item| texts(item, into)),
        Raw::Record(fields) => fields.iter().for_each(|(_, value)| texts(value, into)),
        Raw::Null | Raw::Bool(_) | Raw::Int(_) | Raw::Number(_) => {}
    }
}

/// The ids a scope begins with.
fn start(scope: &Scope, findings: &[&Finding]) -> Ids {
    let one = |kind: IdKind, id: &str| Ids::from([(kind, id.to_owned())]);
    match scope {
        Scope::Claim(id) => one(IdKind::Claim, id),
        Scope::Sample(ids) => ids.iter().map(|id| (IdKind::Claim, id.clone())).collect(),
        Scope::Person(id) => one(IdKind::Person, id),
        Scope::Individual(id) => one(IdKind::Individual, id),
        Scope::Contact(id) => one(IdKind::Contact, id),
        Scope::Finding(_) => findings.iter().flat_map(|f| of_finding(f)).collect(),
        Scope::Range(..) | Scope::Everything => Ids::new(),
    }
}

/// What a finding is about, the narrowest it names: its contact, claim or session, else its individual, else its person, else its program.
fn of_finding(finding: &Finding) -> Ids {
    const KINDS: [(&str, IdKind); 8] = [
        ("contact", IdKind::Contact),
        ("claim", IdKind::Claim),
        ("group_session", IdKind::GroupSession),
        ("plan", IdKind::Plan),
        ("individual", IdKind::Individual),
        ("person", IdKind::Person),
        ("peer", IdKind::Person),
        ("program", IdKind::Program),
    ];
    KINDS.iter().find_map(|(key, kind)| finding.subject.get(key).map(|id| Ids::from([(*kind, id.into())]))).unwrap_or_default()
}
