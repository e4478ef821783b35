//! What an event could have changed: the contacts, people, individuals and programs whose rows it makes or ends.
//! It may name more than changed, never less; it asks no rule what it reads.

use std::collections::BTreeSet;

use domain::event::{ContactRecorded, Delivery, Event, Findings, TypeSchema};
use domain::field::Raw;
use domain::{Recorded, Seq, ValidDay};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::delivery::Contact;
use crate::history::History;
use crate::names::{ClaimKey, ContactKey, IndividualKey, Key, NoteKey, PersonKey, ProgramKey, SessionKey};
use crate::row::Row;
use crate::view::reading::{Hull, papers, person, program};

/// Where a contact stands: whose it is, and when. Its days are a stretch, not a list: an end typed with a wrong century is far away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Standing {
    /// The individual.
    pub individual: IndividualKey,
    /// The peer.
    pub peer: PersonKey,
    /// The program.
    pub program: ProgramKey,
    /// The group session, if it is part of one.
    pub session: Option<SessionKey>,
    /// Its local days: one that shares time with it may have begun on any of them.
    pub days: Hull,
}

/// What some events touch.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    /// Something that everything may depend on: a program registered, a rate code, a setting, an erased subject.
    pub everything: bool,
    /// Contacts themselves.
    pub contacts: FxHashSet<ContactKey>,
    /// What was written about contacts, by the kinds of [`papers`].
    pub papers: FxHashMap<ContactKey, u8>,
    /// No claim was corrected, retracted or told twice: contacts have the claims they had, and perhaps further ones.
    pub claims_only_added: bool,
    /// Where those contacts stand, or stood before a correction.
    pub standings: FxHashSet<Standing>,
    /// Facts of individuals.
    pub individuals: FxHashSet<IndividualKey>,
    /// Facts of people, by the kinds of [`person`].
    pub people: FxHashSet<(PersonKey, u8)>,
    /// People with facts that take effect on a day, by the earliest such day: who asked about days before it is not concerned.
    pub dated: FxHashMap<PersonKey, ValidDay>,
    /// Facts of programs, by the kinds of [`program`].
    pub programs: FxHashSet<(ProgramKey, u8)>,
    /// Meetings of programs, by day.
    pub meetings: FxHashSet<(ProgramKey, ValidDay)>,
    /// Group sessions.
    pub sessions: FxHashSet<SessionKey>,
    notes: FxHashSet<NoteKey>,
    claims: FxHashSet<ClaimKey>,
}

/// Types whose facts everything may depend on.
const EVERYTHING: &[&str] = &["program_registered", "rate_code_adopted", "parameter_set", "subject_erased"];

impl Touched {
    /// Whether nothing is touched: every answer is the one it was.
    pub fn is_nothing(&self) -> bool {
        let Self { everything, contacts, papers, claims_only_added: _, standings, individuals, people, dated, programs, meetings, sessions, notes, claims } = self;
        let care = contacts.is_empty() && papers.is_empty() && standings.is_empty() && sessions.is_empty() && notes.is_empty() && claims.is_empty();
        let people = individuals.is_empty() && people.is_empty() && dated.is_empty();
        !everything && care && people && programs.is_empty() && meetings.is_empty()
    }

    /// What events touch that a history has just taken. `fetch` reads one event of the ledger: a correction or retraction touches whatever
    /// the event it amends ever said, and a history has no events any more.
    pub fn by(history: &History, further: &[Recorded], fetch: &mut dyn FnMut(Seq) -> Option<Recorded>) -> Self {
        let mut touched = Self { claims_only_added: true, ..Self::default() };
        let mut amended: BTreeSet<Seq> = BTreeSet::new();
        for recorded in further {
            touched.add(history, &recorded.event);
            if let Some(mut seq) = recorded.target {
                // Amendments can be amended in their turn; each targets an earlier event.
                while let Some(target) = fetch(seq).and_then(|amendment| amendment.target) {
                    seq = target;
                }
                amended.insert(seq);
            }
        }
        for seq in amended {
            for event in sayings(history, seq, fetch) {
                touched.add(history, &event);
                touched.claims_only_added &= event.schema().family != "Claims";
            }
        }
        touched.settle(history);
        touched
    }

    /// Adds what an event touches, by what it names.
    fn add(&mut self, history: &History, event: &Event) {
        let schema = event.schema();
        self.everything |= EVERYTHING.contains(&schema.name);
        if let Event::Delivery(Delivery::ContactRecorded(e)) = event {
            // A corrected event may have no row left that says where the contact stood.
            self.standings.extend(said(history, e));
        }
        let fields = event.fields();
        let effect = effect(schema.name, &fields);
        for (field, value) in &fields {
            self.named(history, schema, field, value, effect);
        }
        match (schema.name, text(&fields, "program").and_then(|id| history.find_program(id))) {
            ("policy_adopted", Some(which)) => {
                self.programs.insert((which, program::POLICIES));
            }
            // A policy says nothing of its program: any may have adopted it.
            ("policy_retired", _) => self.programs.extend(history.all_programs().map(|p| (p, program::POLICIES))),
            ("staff_training_held", Some(which)) => {
                self.programs.insert((which, program::TRAININGS));
            }
            ("organization_recorded", Some(which)) => {
                self.programs.insert((which, program::RECORDS));
            }
            ("team_meeting_held", Some(which)) => {
                let held = text(&fields, "held_on").and_then(ValidDay::parse);
                self.meetings.extend(held.map(|day| (which, day)));
            }
            _ => {}
        }
    }

    fn named(&mut self, history: &History, schema: &TypeSchema, field: &str, value: &Raw<'_>, effect: Option<ValidDay>) {
        if let Raw::List(items) = value {
            let contacts = items.iter().filter_map(|item| if let Raw::Record(fields) = item { Some(fields) } else { None }).flatten();
            for (name, value) in contacts {
                self.named(history, schema, name, value, effect);
            }
            return;
        }
        let Raw::Text(id) = value else { return };
        match (field, schema.family) {
            ("contact", _) => {
                let Some(contact) = history.find_contact(id) else { return };
                match schema.name {
                    "note_written" => self.paper(contact, papers::NOTES),
                    "pros_units_accrued" => self.paper(contact, papers::ACCRUALS),
                    _ if schema.family == "Claims" => self.paper(contact, papers::CLAIMS),
                    _ => {
                        self.contacts.insert(contact);
                    }
                }
            }
            ("note", "Delivery") => self.notes.extend(history.find_note(id)),
            ("claim" | "replaces", "Claims") => self.claims.extend(history.find_claim(id)),
            ("group_session", "Delivery") if schema.name == "group_session_held" => self.sessions.extend(history.find_session(id)),
            ("individual", "Individuals") => self.individuals.extend(history.find_individual(id)),
            ("contract", "Workforce") => {
                let bound = |who: &PersonKey| {
                    let contract = history.find_contract(id);
                    history.person_facts(*who).engaged.iter().any(|row| row.value.contract.is_some() && row.value.contract == contract)
                };
                for who in history.all_people().filter(bound) {
                    self.person(who, person::FACTS | person::ENGAGEMENT, Some(ValidDay::MIN));
                }
            }
            ("person" | "peer" | "supervisor" | "clinical_supervisor", "Workforce" | "Individuals" | "Program") => {
                let kind = match (schema.name, field) {
                    ("supervision_session_held", "peer") => person::SESSIONS,
                    // The session is a fact about the peer alone.
                    ("supervision_session_held", _) => return,
                    ("collaboration_documented", _) => person::COLLABORATION,
                    ("person_engaged" | "person_separated", _) => person::FACTS | person::ENGAGEMENT,
                    ("birth_date_recorded", _) => person::FACTS | person::BIRTH,
                    _ => person::FACTS,
                };
                if let Some(who) = history.find_person(id) {
                    self.person(who, kind, effect);
                }
            }
            _ => {}
        }
    }

    fn paper(&mut self, contact: ContactKey, kinds: u8) {
        *self.papers.entry(contact).or_default() |= kinds;
    }

    fn person(&mut self, who: PersonKey, kinds: u8, effect: Option<ValidDay>) {
        self.people.extend((0..8).map(|bit| 1 << bit).filter(|kind| kinds & kind != 0).map(|kind| (who, kind)));
        if let Some(day) = effect {
            self.dated.entry(who).and_modify(|old| *old = (*old).min(day)).or_insert(day);
        }
    }

    /// Follows notes, claims and sessions to their contacts, and contacts to where they stand.
    fn settle(&mut self, history: &History) {
        for note in std::mem::take(&mut self.notes) {
            let rows = history.note_rows.of(note.index());
            rows.iter().for_each(|row| self.paper(history.notes[*row as usize].value.contact, papers::NOTES));
        }
        for claim in std::mem::take(&mut self.claims) {
            let rows = history.claim_rows.of(claim.index());
            self.claims_only_added &= rows.len() <= 1;
            let rows = rows.iter().map(|row| &history.claims[*row as usize].value);
            let lines = rows.flat_map(|claim| history.lines.range(claim.first_line as usize..(claim.first_line + claim.lines) as usize));
            lines.for_each(|line| self.paper(line.contact, papers::CLAIMS));
        }
        for session in &self.sessions {
            self.contacts.extend(history.contacts_at(*session).map(|row| row.value.contact));
        }
        for contact in &self.contacts {
            for c in history.contact_rows(*contact).map(|row| &row.value) {
                let (individual, peer, program, session) = (c.individual, c.peer, c.program, c.session);
                self.standings.insert(Standing { individual, peer, program, session, days: days(c.day, c.end.local_day()) });
            }
        }
    }
}

/// What an event said, as told and with each of its corrections alone and one after the other: every id it may ever have named.
fn sayings(history: &History, seq: Seq, fetch: &mut dyn FnMut(Seq) -> Option<Recorded>) -> Vec<Event> {
    let Some(told) = fetch(seq) else { return Vec::new() };
    let mut corrected = told.event.clone();
    let mut sayings = vec![told.event.clone()];
    for amendment in history.amendments_of(seq).iter().filter_map(|seq| fetch(*seq)) {
        if let Event::Findings(Findings::EventCorrected(e)) = &amendment.event {
            sayings.extend(told.event.corrected(&e.fields.0));
            corrected = corrected.corrected(&e.fields.0).unwrap_or(corrected);
            sayings.push(corrected.clone());
        }
    }
    sayings
}

/// The days of a contact; its first at least.
fn days(first: ValidDay, last: ValidDay) -> Hull {
    Hull { from: first, to: last.max(first) }
}

impl History {
    /// Every contact row of a group session, believed or not.
    pub fn contacts_at(&self, session: SessionKey) -> impl Iterator<Item = &Row<Contact>> {
        self.contacts_of_session.of(session.index()).iter().map(|row| &self.contacts[*row as usize])
    }
}

/// The day on which a fact takes effect that views ask for as of days, by the name of its field.
const EFFECTIVE: &[(&str, &str)] = &[
    ("person_engaged", "start_on"),
    ("person_separated", "separated_on"),
    ("credential_granted", "effective_on"),
    ("credential_renewed", "effective_on"),
    ("credential_upgraded", "effective_on"),
    ("credential_suspended", "effective_on"),
    ("credential_reinstated", "effective_on"),
    ("credential_revoked", "effective_on"),
    ("credential_surrendered", "effective_on"),
    ("licence_granted", "from"),
    ("licence_renewed", "from"),
    ("licence_ended", "effective_on"),
    ("professional_staff_designated", "from"),
    ("supervisor_qualified", "from"),
    ("peer_experience_recorded", "from"),
    ("supervision_assigned", "from"),
    ("supervision_ended", "ended_on"),
];

fn effect(name: &str, fields: &[(&'static str, Raw<'_>)]) -> Option<ValidDay> {
    let (_, field) = EFFECTIVE.iter().find(|(known, _)| *known == name)?;
    // A date that cannot be read could be any.
    Some(text(fields, field).and_then(ValidDay::parse).unwrap_or(ValidDay::MIN))
}

fn text<'f>(fields: &'f [(&'static str, Raw<'_>)], field: &str) -> Option<&'f str> {
    fields.iter().find(|(name, _)| *name == field).and_then(|(_, value)| value.as_text())
}

/// Where a contact stands by what its event says.
fn said(history: &History, e: &ContactRecorded) -> Option<Standing> {
    let (Some(individual), Some(peer), Some(program)) =
        (history.find_individual(e.individual.as_str()), history.find_person(e.peer.as_str()), history.find_program(e.program.as_str()))
    else {
        return None;
    };
    let session = e.group_session.as_ref().and_then(|s| history.find_session(s.as_str()));
    Some(Standing { individual, peer, program, session, days: days(e.start.local_day(), e.end.local_day()) })
}
