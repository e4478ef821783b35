//! The history: every row of every kind, the names behind the keys, and the indexes that find rows by key.
//! Built only by `Timeline`; answers no question about belief itself, that is what a view is for.

use compact_str::CompactString;
use domain::event::{Event, EventTag, TypeSchema};
use domain::{KnownAt, PersonId, Recorded, Seq, ValidAt, ValidDay};
use rustc_hash::FxHashMap;

use crate::amended::{Amended, AmendedEvents};
use crate::axis::Axis;
use crate::column::{Column, Owners};
use crate::delivery::{Accrual, Contact, Note, NoteVersion, Session, Signature};
use crate::index::Index;
use crate::individual::Individual;
use crate::met::Met;
use crate::money::{Claim, ClaimEnd, Line, Payment};
use crate::names::*;
use crate::people::Person;
use crate::program::{ContractFacts, ProgramFacts};
use crate::row::Row;
use crate::settings::{RateCode, Setting};
use crate::sketch::Sketch;
use crate::view::{Hull, Whose};

/// Everything that was recorded, as rows.
#[derive(Debug, Clone, Default)]
pub struct History {
    pub(crate) person_names: Names<PersonKey>,
    pub(crate) individual_names: Names<IndividualKey>,
    pub(crate) program_names: Names<ProgramKey>,
    pub(crate) contract_names: Names<ContractKey>,
    pub(crate) policy_names: Names<PolicyKey>,
    pub(crate) plan_names: Names<PlanKey>,
    pub(crate) event_names: Names<SignificantEventKey>,
    pub(crate) goal_names: Names<GoalKey>,
    pub(crate) contact_names: Names<ContactKey>,
    pub(crate) session_names: Names<SessionKey>,
    pub(crate) note_names: Names<NoteKey>,
    pub(crate) claim_names: Names<ClaimKey>,
    pub(crate) texts: Names<TextKey>,
    pub(crate) text_lists: TextLists,

    pub(crate) people: Owners<Person>,
    pub(crate) programs: Owners<ProgramFacts>,
    pub(crate) contracts: Owners<ContractFacts>,
    pub(crate) policy_ends: Owners<Vec<Row<ValidDay>>>,
    pub(crate) individuals: Owners<Individual>,
    pub(crate) settings: FxHashMap<CompactString, Vec<Row<Setting>>>,
    pub(crate) rate_codes: Vec<Row<RateCode>>,
    pub(crate) complaints: Vec<Row<(TextKey, Option<PersonKey>, ValidDay)>>,

    pub(crate) contacts: Column<Row<Contact>>,
    pub(crate) sessions: Column<Row<Session>>,
    pub(crate) notes: Column<Row<Note>>,
    pub(crate) note_versions: Column<Row<NoteVersion>>,
    pub(crate) signatures: Column<Row<Signature>>,
    pub(crate) accruals: Column<Row<Accrual>>,
    pub(crate) claims: Column<Row<Claim>>,
    pub(crate) lines: Column<Line>,
    pub(crate) claim_ends: Column<Row<ClaimEnd>>,
    pub(crate) payments: Column<Row<Payment>>,

    pub(crate) contact_sketch: Sketch,
    pub(crate) met: Met,
    pub(crate) contact_rows: Index,
    pub(crate) contacts_of_individual: Index,
    pub(crate) contacts_of_peer: Index,
    pub(crate) contacts_of_session: Index,
    /// Microseconds that the longest contact took, believed or not.
    pub(crate) longest_contact: i64,
    pub(crate) contacts_of_program: Index,
    pub(crate) session_rows: Index,
    pub(crate) notes_of_contact: Index,
    pub(crate) note_rows: Index,
    pub(crate) versions_of_note: Index,
    pub(crate) signatures_of_note: Index,
    pub(crate) accruals_of_contact: Index,
    pub(crate) claim_rows: Index,
    pub(crate) lines_of_contact: Index,
    pub(crate) ends_of_claim: Index,
    pub(crate) payments_of_claim: Index,

    pub(crate) axis: Axis,
    pub(crate) tags: Column<EventTag, 16384>,
    pub(crate) amended: AmendedEvents,
    pub(crate) last: Option<(Seq, KnownAt)>,
}

macro_rules! interners {
    ($( $method:ident, $id:ty, $names:ident, $key:ty; )*) => {
        impl History { $( pub(crate) fn $method(&mut self, id: &$id) -> $key { self.$names.intern(id.as_str()) } )* }
    };
}

interners! {
    plan, domain::PlanId, plan_names, PlanKey;
    significant_event, domain::SignificantEventId, event_names, SignificantEventKey;
    goal, domain::GoalId, goal_names, GoalKey;
    contact, domain::ContactId, contact_names, ContactKey;
    session, domain::GroupSessionId, session_names, SessionKey;
    note, domain::NoteId, note_names, NoteKey;
    claim, domain::ClaimId, claim_names, ClaimKey;
}

macro_rules! owners {
    ($( $method:ident, $mut_method:ident, $id:ty, $names:ident, $rows:ident, $key:ty, $row:ty; )*) => {
        impl History { $(
            pub(crate) fn $method(&mut self, id: &$id) -> $key {
                let key = self.$names.intern(id.as_str());
                self.$rows.at_least(key.index() + 1);
                key
            }
            #[allow(dead_code, reason = "one line makes both accessors; not every kind needs the second")]
            pub(crate) fn $mut_method(&mut self, id: &$id) -> &mut $row {
                let key = self.$method(id);
                &mut self.$rows[key.index()]
            }
        )* }
    };
}

owners! {
    person, person_mut, PersonId, person_names, people, PersonKey, Person;
    program, program_mut, domain::ProgramId, program_names, programs, ProgramKey, ProgramFacts;
    contract, contract_mut, domain::ContractId, contract_names, contracts, ContractKey, ContractFacts;
    policy, policy_mut, domain::PolicyId, policy_names, policy_ends, PolicyKey, Vec<Row<ValidDay>>;
    individual, individual_mut, domain::IndividualId, individual_names, individuals, IndividualKey, Individual;
}

macro_rules! name_lookups {
    ($( $(#[$meta:meta])* $name:ident, $find:ident, $all:ident, $key:ty, $names:ident; )*) => {
        impl History { $(
            $(#[$meta])*
            pub fn $name(&self, key: $key) -> &str { self.$names.get(key) }
            /// The key of a name, if anything was recorded under it.
            pub fn $find(&self, name: &str) -> Option<$key> { self.$names.find(name) }
            /// Every key, in order of first mention.
            pub fn $all(&self) -> impl Iterator<Item = $key> + use<> { self.$names.keys() }
        )* }
    };
}

name_lookups! {
    /// The person's id.
    person_name, find_person, all_people, PersonKey, person_names;
    /// The individual's id.
    individual_name, find_individual, all_individuals, IndividualKey, individual_names;
    /// The program's id.
    program_name, find_program, all_programs, ProgramKey, program_names;
    /// The plan's id.
    plan_name, find_plan, all_plans, PlanKey, plan_names;
    /// The contract's id.
    contract_name, find_contract, all_contracts, ContractKey, contract_names;
    /// The significant event's id.
    significant_event_name, find_significant_event, all_significant_events, SignificantEventKey, event_names;
    /// The goal's id.
    goal_name, find_goal, all_goals, GoalKey, goal_names;
    /// The contact's id.
    contact_name, find_contact, all_contacts, ContactKey, contact_names;
    /// The session's id.
    session_name, find_session, all_sessions, SessionKey, session_names;
    /// The note's id.
    note_name, find_note, all_notes, NoteKey, note_names;
    /// The claim's id.
    claim_name, find_claim, all_claims, ClaimKey, claim_names;
    /// The text itself.
    text_name, find_text, all_texts, TextKey, texts;
}

impl History {
    pub(crate) fn text(&mut self, text: &str) -> TextKey {
        self.texts.intern(text)
    }

    pub(crate) fn text_list(&mut self, list: &[TextKey]) -> TextListKey {
        self.text_lists.intern(list)
    }

    /// The texts of a list.
    pub fn list(&self, key: TextListKey) -> &[TextKey] {
        self.text_lists.get(key)
    }

    /// Remembers what kind of event stands at a place, so that evidence can name it.
    pub(crate) fn note_event(&mut self, recorded: &Recorded) {
        let place = usize::try_from(recorded.seq.0).unwrap_or(usize::MAX);
        while self.tags.len() <= place {
            self.tags.push(EventTag(0));
        }
        self.tags[place] = recorded.event.schema().tag;
        self.last = Some((recorded.seq, recorded.recorded_at));
    }

    pub(crate) fn note_amended(&mut self, original: &Recorded, all: Vec<Seq>, shaping: Vec<Seq>) {
        self.amended.insert(original.seq, Amended { known: original.known_at(), all, shaping });
    }

    /// The event cannot be read any more, and with it what amended it.
    pub(crate) fn forget_amended(&mut self, original: Seq) {
        self.amended.remove(original);
    }

    /// The type of the event at a place; `None` where nothing was recorded or its type is not known to this version.
    pub fn type_at(&self, seq: Seq) -> Option<&'static str> {
        self.schema_at(seq).map(|schema| schema.name)
    }

    /// The family of the event at a place, as its schema calls it.
    pub(crate) fn family_at(&self, seq: Seq) -> Option<&'static str> {
        self.schema_at(seq).map(|schema| schema.family)
    }

    fn schema_at(&self, seq: Seq) -> Option<&'static TypeSchema> {
        let tag = *self.tags.get(usize::try_from(seq.0).ok()?)?;
        Event::types().find(|t| t.tag == tag)
    }

    /// The last event taken in: its place and the ledger's clock at it.
    pub fn last(&self) -> Option<(Seq, KnownAt)> {
        self.last
    }

    /// Corrections (and the like) in force on an event when everything is known.
    pub fn shaping(&self, seq: Seq) -> &[Seq] {
        self.amended.get(seq).map_or(&[], |a| &a.shaping)
    }

    /// Every correction and retraction that ever touched an event, including retractions of those.
    pub fn amendments_of(&self, seq: Seq) -> &[Seq] {
        self.amended.get(seq).map_or(&[], |a| &a.all)
    }

    /// When the event itself was known, whatever corrected it later.
    pub fn first_known<T>(&self, row: &Row<T>) -> KnownAt {
        self.axis.known(row.seq()).or_else(|| self.amended.get(row.seq()).map(|a| a.known)).unwrap_or(row.span.from)
    }

    /// Every row of a contact: more than one after corrections.
    pub fn contact_rows(&self, contact: ContactKey) -> impl Iterator<Item = &Row<Contact>> {
        self.contact_rows.of(contact.index()).iter().map(|r| &self.contacts[*r as usize])
    }

    /// Every note row of a contact, believed or not.
    pub fn notes_of(&self, contact: ContactKey) -> impl Iterator<Item = &Row<Note>> {
        self.notes_of_contact.of(contact.index()).iter().map(|r| &self.notes[*r as usize])
    }

    /// Every contact row of an individual, believed or not.
    pub fn contacts_of(&self, individual: IndividualKey) -> impl Iterator<Item = &Row<Contact>> {
        self.contacts_of_individual.of(individual.index()).iter().map(|r| &self.contacts[*r as usize])
    }

    /// Every contact row of an individual, believed or not, that may share time with some days, both included.
    pub fn contacts_of_during(&self, individual: IndividualKey, first: ValidDay, last: ValidDay) -> impl Iterator<Item = &Row<Contact>> {
        let days = Hull { from: self.earliest_until(first.begins()), to: last };
        self.contacts_beginning(Whose::Individual(individual), days)
    }

    /// Every contact row of an individual, a peer or a program that begins on some days, believed or not; of a session every one.
    pub fn contacts_beginning(&self, whose: Whose, days: Hull) -> impl Iterator<Item = &Row<Contact>> {
        let asked = if matches!(whose, Whose::Session(_)) { Hull::ALWAYS } else { days };
        self.beginning(whose, days).iter().map_while(move |place| self.begun(*place, asked))
    }

    /// The row at one of the places of [`History::beginning`]. A row that begins on none of the days asked for is nothing and noted as damage: whoever
    /// goes on from the day of one row to a later one would otherwise be sent back for ever.
    pub(crate) fn begun(&self, place: u32, days: Hull) -> Option<&Row<Contact>> {
        let row = &self.contacts[place as usize];
        if days.has(row.value.day) {
            return Some(row);
        }
        self.contact_sketch.damaged();
        None
    }

    /// Where these rows are, by start; those of a session in ledger order.
    pub(crate) fn beginning(&self, whose: Whose, days: Hull) -> &[u32] {
        let places = match whose {
            Whose::Individual(key) => self.contacts_of_individual.of(key.index()),
            Whose::Peer(key) => self.contacts_of_peer.of(key.index()),
            Whose::Program(key) => self.contacts_of_program.of(key.index()),
            Whose::Session(key) => return self.contacts_of_session.of(key.index()),
        };
        if days == Hull::ALWAYS { places } else { self.contact_sketch.between(places, days) }
    }

    /// The earliest day on which a contact begins that may last until an instant: what began longer ago than the longest contact takes is over.
    pub(crate) fn earliest_until(&self, at: ValidAt) -> ValidDay {
        ValidAt::from_micros(at.micros().saturating_sub(self.longest_contact)).local_day()
    }

    /// The programs and peers of an individual's contact rows, each pair once, believed or not.
    pub fn met_by(&self, individual: IndividualKey) -> &[(ProgramKey, PersonKey)] {
        self.met.individual(individual)
    }

    /// Every contact row of a program, believed or not.
    pub fn contacts_in(&self, program: ProgramKey) -> impl Iterator<Item = &Row<Contact>> {
        self.contacts_of_program.of(program.index()).iter().map(|r| &self.contacts[*r as usize])
    }

    /// Everything said about a person.
    pub fn person_facts(&self, person: PersonKey) -> &Person {
        &self.people[person.index()]
    }

    /// Everything said about an individual but contacts and claims.
    pub fn individual_facts(&self, individual: IndividualKey) -> &Individual {
        &self.individuals[individual.index()]
    }

    /// Everything said about a program.
    pub fn program_facts(&self, program: ProgramKey) -> &ProgramFacts {
        &self.programs[program.index()]
    }
}
