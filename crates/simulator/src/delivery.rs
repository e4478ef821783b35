//! Contacts, their notes and signatures: drafted as they should be, then filed. Between the two a plant may change the draft.
//! Bills nothing (see `billing`), and judges nothing.

use domain::event::*;
use domain::words::*;
use domain::{
    ContactId, GoalId, GroupSessionId, IndividualId, KnownAt, Minutes, NoteId, PersonId, SignificantEventId, SourceId, Units, ValidAt,
    ValidDay,
};

use crate::calendar::{at, later, next_working};
use crate::office::{Entry, Office};
use crate::programs::text;

/// A contact about to be filed.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) client: usize,
    pub(crate) peer: usize,
    pub(crate) service: Service,
    pub(crate) day: ValidDay,
    pub(crate) start: ValidAt,
    pub(crate) end: ValidAt,
    pub(crate) phase: Phase,
    pub(crate) format: Format,
    pub(crate) session: Option<GroupSessionId>,
    pub(crate) mode: Mode,
    pub(crate) site: Site,
    pub(crate) component: Option<&'static str>,
    pub(crate) activities: Vec<&'static str>,
    pub(crate) basis: Basis,
    pub(crate) event: Option<SignificantEventId>,
    pub(crate) goal: Option<&'static str>,
    /// When it is entered.
    pub(crate) entered: ValidAt,
    pub(crate) note: Option<NoteDraft>,
    /// PROS units are accrued for it.
    pub(crate) accrue: bool,
}

/// A note about to be filed.
#[derive(Clone)]
pub(crate) struct NoteDraft {
    pub(crate) written_at: ValidAt,
    pub(crate) entered: ValidAt,
    pub(crate) elements: Vec<NoteElement>,
    pub(crate) signatures: Vec<Signature>,
}

/// A signature under a note.
#[derive(Clone)]
pub(crate) struct Signature {
    pub(crate) signer: PersonId,
    pub(crate) capacity: SignatureCapacity,
    pub(crate) signed_at: ValidAt,
    pub(crate) entered: ValidAt,
}

/// What is remembered of a filed contact.
#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) contact: ContactId,
    pub(crate) client: usize,
    pub(crate) peer: usize,
    pub(crate) service: Service,
    pub(crate) format: Format,
    pub(crate) site: Site,
    pub(crate) day: ValidDay,
    pub(crate) start: ValidAt,
    pub(crate) minutes: Minutes,
    pub(crate) known: KnownAt,
    pub(crate) source: SourceId,
    pub(crate) note: Option<(NoteId, Entry)>,
    /// Claims with a line for it, in the order submitted.
    pub(crate) claims: Vec<usize>,
    /// Taken back for good.
    pub(crate) retracted: bool,
}

/// What a note of an enrolled person's contact says.
pub(crate) const ENROLLED_NOTE: [NoteElement; 4] =
    [NoteElement::ServiceType, NoteElement::Purpose, NoteElement::Response, NoteElement::Progress];

/// Components of a service with an activity of each.
fn components(service: Service) -> &'static [(&'static str, &'static str)] {
    match service {
        Service::MhotrsAdultPeer => {
            &[("A1", "A1.02"), ("A1", "A1.06"), ("A2", "A2.02"), ("A3", "A3.03"), ("A3", "A3.06"), ("A4", "A4.07"), ("A5", "A5.03")]
        }
        Service::MhotrsFamilyPeer => &[("F1", "F1.03"), ("F2", "F2.01"), ("F2", "F2.08"), ("F3", "F3.05"), ("F4", "F4.08")],
        Service::MhotrsYouthPeer => &[("Y1", "Y1.04"), ("Y2", "Y2.02"), ("Y3", "Y3.01"), ("Y4", "Y4.05"), ("Y5", "Y5.01")],
        Service::ProsPss => &[("P1", "other"), ("P2", "other"), ("P3", "other")],
        Service::CorePeer | Service::Other => &[("", "other")],
    }
}

impl Office {
    /// A visit as it should be, for somebody's own service and peer, on a day or the first after it when the peer has time.
    pub(crate) fn visit(&mut self, client: usize, day: ValidDay) -> Visit {
        let minutes = self.dice.pick(&[25, 30, 30, 35, 45, 45, 50, 60]);
        self.visit_lasting(client, day, minutes)
    }

    /// As [`Office::visit`], lasting so many minutes.
    pub(crate) fn visit_lasting(&mut self, client: usize, day: ValidDay, minutes: i64) -> Visit {
        let who = &self.clients[client];
        let (peer, service) = (who.peer, who.service);
        let (day, start) = self.appointment(peer, day, minutes);
        let who = &self.clients[client];
        let enrolled = who.admitted.is_some_and(|a| a <= day) && who.discharged.is_none_or(|d| day <= d);
        let end = later(start, minutes);
        let (component, activity) = self.dice.pick(components(service));
        let goal = matches!(service, Service::ProsPss | Service::CorePeer).then(|| self.dice.pick(&["G-1", "G-2"]));
        let written_at = later(end, self.dice.between(8, 150));
        let mut elements =
            if enrolled { ENROLLED_NOTE.to_vec() } else { vec![NoteElement::Purpose, NoteElement::Response, NoteElement::Progress] };
        if self.dice.chance(30) {
            elements.retain(|e| *e != NoteElement::Progress);
            elements.push(NoteElement::Outcome);
        }
        let signatures = if enrolled || service == Service::ProsPss || service == Service::CorePeer {
            Vec::new()
        } else {
            self.both_signatures(peer, written_at)
        };
        let entered = later(end, self.dice.between(2, 7));
        self.clients[client].days.push(day);
        Visit {
            client,
            peer,
            service,
            day,
            start,
            end,
            phase: if enrolled { Phase::Enrolled } else { Phase::Preadmission },
            format: Format::Individual,
            session: None,
            mode: if self.dice.chance(10) { Mode::Video } else { Mode::InPerson },
            site: Site::Onsite,
            component: (!component.is_empty()).then_some(component),
            activities: vec![activity],
            basis: Basis::Planned,
            event: None,
            goal,
            entered,
            note: Some(NoteDraft { written_at, entered: later(written_at, 2), elements, signatures }),
            accrue: service == Service::ProsPss,
        }
    }

    /// The peer's signature minutes after the note, a licensed practitioner's on the next working day.
    pub(crate) fn both_signatures(&mut self, peer: usize, written_at: ValidAt) -> Vec<Signature> {
        let signed_at = later(written_at, self.dice.between(3, 12));
        let countersigned_at = at(next_working(written_at.local_day()), self.dice.between(9 * 60, 12 * 60));
        let practitioner = self.practitioner();
        let signature = |signer: &PersonId, capacity, signed_at| Signature {
            signer: signer.clone(),
            capacity,
            signed_at,
            entered: later(signed_at, 1),
        };
        vec![
            signature(&self.peers[peer].id, SignatureCapacity::Peer, signed_at),
            signature(&practitioner, SignatureCapacity::Lpha, countersigned_at),
        ]
    }

    /// One of the agency's own licensed practitioners.
    pub(crate) fn practitioner(&mut self) -> PersonId {
        let signing: Vec<usize> =
            (0..self.supervisors.len().min(24)).filter(|s| self.supervisors[*s].signs && self.supervisors[*s].usual).collect();
        let chosen = self.dice.pick(&signing);
        self.supervisors[chosen].id.clone()
    }

    /// Files a visit with its note and signatures; returns its place in the book of services.
    pub(crate) fn file(&mut self, visit: Visit) -> usize {
        let contact = self.new_contact_id();
        let (individual, _) = self.who(visit.client);
        let program = self.programs[self.clients[visit.client].program].id.clone();
        let recipient = if visit.service == Service::MhotrsFamilyPeer { Recipient::Family } else { Recipient::Individual };
        let event = ContactRecorded {
            contact: contact.clone(),
            program: program.clone(),
            service: visit.service,
            peer: self.peers[visit.peer].id.clone(),
            individual: individual.clone(),
            phase: visit.phase,
            format: visit.format,
            group_session: visit.session,
            mode: visit.mode,
            site: visit.site,
            start: visit.start,
            end: visit.end,
            component: visit.component.map(text),
            activities: visit.activities.iter().map(|a| text(a)).collect(),
            basis: visit.basis,
            event: visit.event,
            goal: visit.goal.and_then(|g| GoalId::parse(g).ok()),
            recipient,
            purpose: None,
        };
        let minutes = visit.start.minutes_until(visit.end);
        let entry = self.record(visit.entered, "ehr:contact", event);
        if visit.accrue {
            let units = Units((minutes.0 / 30).max(1));
            let event = ProsUnitsAccrued { individual, program, accrued_on: visit.day, units, contact: Some(contact.clone()) };
            self.record(at(visit.day, 19 * 60), "ehr:unit", event);
        }
        self.served.push(Served {
            contact,
            client: visit.client,
            peer: visit.peer,
            service: visit.service,
            format: visit.format,
            site: visit.site,
            day: visit.start.local_day(),
            start: visit.start,
            minutes,
            known: entry.known,
            source: entry.source,
            note: None,
            claims: Vec::new(),
            retracted: false,
        });
        let place = self.served.len() - 1;
        if let Some(note) = visit.note {
            self.write_note(place, note.written_at, note.entered, &note.elements);
            for s in note.signatures {
                self.sign(place, &s.signer, s.capacity, s.signed_at, s.entered);
            }
        }
        place
    }

    /// Writes the note of a filed contact.
    pub(crate) fn write_note(&mut self, place: usize, written_at: ValidAt, entered: ValidAt, elements: &[NoteElement]) -> Entry {
        let note = self.new_note_id();
        let served = &self.served[place];
        let event = NoteWritten {
            note: note.clone(),
            contact: served.contact.clone(),
            author: self.peers[served.peer].id.clone(),
            written_at,
            elements: elements.to_vec(),
            digest: None,
        };
        let entry = self.record(entered, "ehr:note", event);
        self.served[place].note = Some((note, entry.clone()));
        entry
    }

    /// Signs the first version of the note of a filed contact.
    pub(crate) fn sign(
        &mut self,
        place: usize,
        signer: &PersonId,
        capacity: SignatureCapacity,
        signed_at: ValidAt,
        entered: ValidAt,
    ) -> Option<Entry> {
        let (note, _) = self.served[place].note.clone()?;
        let event = NoteSigned { note, version: None, signer: signer.clone(), capacity, signed_at };
        Some(self.record(entered, "ehr:sign", event))
    }

    /// A group session, entered just before the contacts of those who came.
    pub(crate) fn session(
        &mut self,
        peer: usize,
        program: usize,
        start: ValidAt,
        end: ValidAt,
        attendees: Vec<IndividualId>,
    ) -> (GroupSessionId, Entry) {
        let number = self.count("session");
        let id = GroupSessionId::parse(&format!("GS-{number:04}")).expect("letters and digits are an id");
        let event = GroupSessionHeld {
            group_session: id.clone(),
            program: self.programs[program].id.clone(),
            facilitators: vec![self.peers[peer].id.clone()],
            start,
            end,
            attendees,
        };
        let entry = self.record(later(end, 1), "ehr:session", event);
        (id, entry)
    }

    /// A draft of somebody's part in a group session.
    pub(crate) fn group_visit(
        &mut self,
        client: usize,
        peer: usize,
        day: ValidDay,
        start: ValidAt,
        end: ValidAt,
        session: &GroupSessionId,
    ) -> Visit {
        let own = self.clients[client].peer;
        let throw = self.dice.between(8, 90);
        let written_at = later(end, throw);
        let service = self.clients[client].service;
        let (component, activity) = self.dice.pick(components(service));
        debug_assert!(own == peer || self.peers[own].program == self.peers[peer].program);
        Visit {
            client,
            peer,
            service,
            day,
            start,
            end,
            phase: Phase::Enrolled,
            format: Format::Group,
            session: Some(session.clone()),
            mode: Mode::InPerson,
            site: Site::Onsite,
            component: Some(component),
            activities: vec![activity],
            basis: Basis::Planned,
            event: None,
            goal: None,
            entered: later(end, 3),
            note: Some(NoteDraft { written_at, entered: later(written_at, 2), elements: ENROLLED_NOTE.to_vec(), signatures: Vec::new() }),
            accrue: false,
        }
    }
}
