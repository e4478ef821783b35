//! Contacts, enrolment, notes, signatures and plans as believed at the cut.
//! The definitions are those of evaluation.md, "Shared definitions" and "Readings"; no rule has its own.

use domain::quantity::Version;
use domain::words::{PlanKind, Service};
use domain::{KnownAt, ValidAt, ValidDay};

use super::reading::{Hull, Reading, Whose, papers};
use super::View;
use crate::delivery::{Accrual, Contact, Elements, Note, Session, Signature};
use crate::individual::{Discharge, Happened, Individual, PlanVersion};
use crate::names::{ContactKey, IndividualKey, Key, NoteKey, PersonKey, PlanKey, ProgramKey, SessionKey};
use crate::row::Row;
use crate::history::History;

/// The note of a contact as it is: its first version and its latest.
#[derive(Debug, Clone, Copy)]
pub struct NoteState<'h> {
    /// The note as first written.
    pub written: &'h Row<Note>,
    /// The latest version.
    pub version: Version,
    /// What the latest version contains.
    pub elements: Elements,
    /// When the latest version came to be.
    pub latest_at: ValidAt,
    /// The event of the latest version.
    pub latest_seq: domain::Seq,
}

/// Contacts in order of start, one after the other: how far they were read says which later contacts could matter.
struct ByStart<'h> {
    history: &'h History,
    places: std::slice::Iter<'h, u32>,
    note: Option<(&'h Reading, Whose)>,
    days: Hull,
    reached: Option<ValidDay>,
    /// Rows that became known later are believed at no cut up to this.
    cut: KnownAt,
}

impl<'h> Iterator for ByStart<'h> {
    type Item = &'h Row<Contact>;

    fn next(&mut self) -> Option<Self::Item> {
        let sketch = &self.history.contact_sketch;
        let place = match self.cut {
            KnownAt::END => self.places.next(),
            cut => self.places.find(|place| sketch.may_be_known(**place, cut)),
        };
        let row = place.and_then(|place| self.history.begun(*place, self.days));
        if self.note.is_some() {
            self.reached = Some(row.map_or(self.days.to, |row| row.value.day));
        }
        row
    }
}

impl Drop for ByStart<'_> {
    fn drop(&mut self) {
        // An iterator that was never asked has told nothing.
        if let (Some((reading, whose)), Some(reached)) = (self.note, self.reached) {
            reading.contacts(whose, Hull { from: self.days.from, to: reached });
        }
    }
}

impl<'h> View<'h> {
    /// Contacts by start of those of `whose` on some days, read from here on, but for such as cannot be believed at the cut.
    fn by_start(&self, whose: Whose, days: Hull) -> ByStart<'h> {
        let history = self.history();
        let places = history.beginning(whose, days);
        ByStart { history, places: places.iter(), note: self.reading.map(|reading| (reading, whose)), days, reached: None, cut: self.known() }
    }

    /// Notes down that papers of a contact were asked for, whether or not there are any.
    pub(super) fn papers_read(&self, contact: ContactKey, kinds: u8) {
        if let Some(reading) = self.reading {
            reading.papers(contact, kinds);
        }
    }

    /// Those of them that fit and are believed.
    fn contacts_that(&self, whose: Whose, days: Hull, fits: impl Fn(&Contact) -> bool) -> impl Iterator<Item = &'h Row<Contact>> {
        let view = *self;
        self.by_start(whose, days).filter(move |row| fits(&row.value) && view.believes(row))
    }

    /// Everything said about an individual but contacts and claims; rows are for [`View::rows`].
    pub fn individual_facts(&self, individual: IndividualKey) -> &'h Individual {
        if let Some(reading) = self.reading {
            reading.individual(individual);
        }
        self.history().individual_facts(individual)
    }

    /// A contact, if it is believed to have taken place.
    pub fn contact(&self, contact: ContactKey) -> Option<&'h Row<Contact>> {
        if let Some(reading) = self.reading {
            for row in self.history().contact_rows(contact) {
                reading.contacts(Whose::Individual(row.value.individual), Hull { from: row.value.day, to: row.value.day });
            }
        }
        self.picked(&self.history().contacts, self.history().contact_rows.of(contact.index()), |_| true).max_by_key(|r| r.seq())
    }

    /// Contacts of an individual that fit, by start.
    pub fn contacts_of_individual(&self, individual: IndividualKey, fits: impl Fn(&Contact) -> bool) -> impl Iterator<Item = &'h Row<Contact>> {
        self.contacts_that(Whose::Individual(individual), Hull::ALWAYS, fits)
    }

    /// Contacts of a peer that fit, by start.
    pub fn contacts_of_peer(&self, peer: PersonKey, fits: impl Fn(&Contact) -> bool) -> impl Iterator<Item = &'h Row<Contact>> {
        self.contacts_that(Whose::Peer(peer), Hull::ALWAYS, fits)
    }

    /// Contacts of an individual that begin on one of these days, both included, and fit; by start.
    pub fn contacts_of_individual_on(
        &self,
        individual: IndividualKey,
        days: (ValidDay, ValidDay),
        fits: impl Fn(&Contact) -> bool,
    ) -> impl Iterator<Item = &'h Row<Contact>> {
        self.contacts_that(Whose::Individual(individual), Hull { from: days.0, to: days.1 }, fits)
    }

    /// Contacts of an individual that share time with a local day, begun on it or before, and fit; by start.
    pub fn contacts_of_individual_during(
        &self,
        individual: IndividualKey,
        day: ValidDay,
        fits: impl Fn(&Contact) -> bool,
    ) -> impl Iterator<Item = &'h Row<Contact>> {
        let begins = day.begins();
        self.contacts_of_individual_on(individual, (self.history().earliest_until(begins), day), move |c| c.end > begins && fits(c))
    }

    /// Contacts of a peer that begin on one of these days, both included, and fit; by start.
    pub fn contacts_of_peer_on(
        &self,
        peer: PersonKey,
        days: (ValidDay, ValidDay),
        fits: impl Fn(&Contact) -> bool,
    ) -> impl Iterator<Item = &'h Row<Contact>> {
        self.contacts_that(Whose::Peer(peer), Hull { from: days.0, to: days.1 }, fits)
    }

    /// Those of them with such a program and service. Where the peer never had one, none of the others is read.
    pub fn contacts_of_peer_serving(
        &self,
        peer: PersonKey,
        days: (ValidDay, ValidDay),
        serving: impl Fn(ProgramKey, Service) -> bool,
        fits: impl Fn(&Contact) -> bool,
    ) -> impl Iterator<Item = &'h Row<Contact>> {
        let mut by_start = self.by_start(Whose::Peer(peer), Hull { from: days.0, to: days.1 });
        if !self.history().met.peer(peer).iter().any(|(program, service)| serving(*program, *service)) {
            by_start.places = [].iter();
        }
        let view = *self;
        by_start.filter(move |row| serving(row.value.program, row.value.service) && fits(&row.value) && view.believes(row))
    }

    /// Contacts of a program that begin on one of these days, both included, and fit; by start.
    pub fn contacts_of_program_on(
        &self,
        program: ProgramKey,
        days: (ValidDay, ValidDay),
        fits: impl Fn(&Contact) -> bool,
    ) -> impl Iterator<Item = &'h Row<Contact>> {
        self.contacts_that(Whose::Program(program), Hull { from: days.0, to: days.1 }, fits)
    }

    /// Contacts of the same peer that share time with a contact, half-open `[start, end)`, itself left out, and fit; by start.
    pub fn contacts_overlapping(&self, contact: &Contact, fits: impl Fn(&Contact) -> bool) -> impl Iterator<Item = &'h Row<Contact>> {
        let (key, start, end) = (contact.contact, contact.start, contact.end);
        self.contacts_of_peer_on(contact.peer, (self.history().earliest_until(start), end.local_day()), move |other| {
            other.contact != key && other.start < end && start < other.end && fits(other)
        })
    }

    /// Contacts of a group session.
    pub fn contacts_of_session(&self, session: SessionKey) -> impl Iterator<Item = &'h Row<Contact>> {
        self.contacts_that(Whose::Session(session), Hull::ALWAYS, |_| true)
    }

    /// Contacts of a program that fit, by start.
    pub fn contacts_of_program(&self, program: ProgramKey, fits: impl Fn(&Contact) -> bool) -> impl Iterator<Item = &'h Row<Contact>> {
        self.contacts_that(Whose::Program(program), Hull::ALWAYS, fits)
    }

    /// A group session.
    pub fn session(&self, session: SessionKey) -> Option<&'h Row<Session>> {
        if let Some(reading) = self.reading {
            reading.session(session);
        }
        self.picked(&self.history().sessions, self.history().session_rows.of(session.index()), |_| true).max_by_key(|r| r.seq())
    }

    /// The admission that covers an instant of a day; the latest, where several do. A discharge closes admissions dated on or
    /// before it; its own day is still covered.
    pub fn admission(&self, individual: IndividualKey, program: ProgramKey, start: ValidAt, day: ValidDay) -> Option<&'h Row<Happened>> {
        let facts = self.individual_facts(individual);
        self.rows(&facts.admitted, |a| {
            let on = a.at.day();
            a.program == program && (on < day || on == day && a.at.at().is_none_or(|at| at <= start))
        })
        .filter(|row| {
            let on = row.value.at.day();
            self.rows(&facts.discharged, |d| d.program == program && on <= d.on && d.on < day).next().is_none()
        })
        .max_by_key(|row| (row.value.at.day(), row.seq()))
    }

    /// The last discharge from a program before a day.
    pub fn last_discharge(&self, individual: IndividualKey, program: ProgramKey, day: ValidDay) -> Option<&'h Row<Discharge>> {
        let facts = self.individual_facts(individual);
        self.rows(&facts.discharged, |d| d.program == program && d.on < day).max_by_key(|row| (row.value.on, row.seq()))
    }

    /// The birth date recorded last.
    pub fn birth_of_individual(&self, individual: IndividualKey) -> Option<&'h Row<ValidDay>> {
        self.rows(&self.individual_facts(individual).births, |_| true).max_by_key(|row| row.seq())
    }

    /// Notes of a contact, in ledger order.
    pub fn notes(&self, contact: ContactKey) -> impl Iterator<Item = &'h Row<Note>> {
        self.papers_read(contact, papers::NOTES);
        self.picked(&self.history().notes, self.history().notes_of_contact.of(contact.index()), |_| true)
    }

    /// The note that closes "no note": the first by its date.
    pub fn first_note(&self, contact: ContactKey) -> Option<&'h Row<Note>> {
        self.notes(contact).min_by_key(|row| (row.value.written_at, row.seq()))
    }

    /// The note whose elements and signatures count: of several the last written, of its versions the highest.
    pub fn note(&self, contact: ContactKey) -> Option<NoteState<'h>> {
        let written = self.notes(contact).max_by_key(|row| (row.value.written_at, row.seq()))?;
        let places = self.history().versions_of_note.of(written.value.note.index());
        let first = NoteState {
            written,
            version: Version(1),
            elements: written.value.elements,
            latest_at: written.value.written_at,
            latest_seq: written.seq(),
        };
        let latest = self.picked(&self.history().note_versions, places, |_| true).max_by_key(|row| (row.value.version, row.seq()));
        Some(latest.map_or(first, |row| NoteState {
            written,
            version: row.value.version,
            elements: row.value.elements,
            latest_at: row.value.amended_at,
            latest_seq: row.seq(),
        }))
    }

    /// Signatures on one version of a note, in ledger order.
    pub fn signatures(&self, note: NoteKey, version: Version) -> impl Iterator<Item = &'h Row<Signature>> {
        let places = self.history().signatures_of_note.of(note.index());
        self.picked(&self.history().signatures, places, move |s| s.version == version)
    }

    /// The plan version in force: the greatest effective date on or before the day, ties to the higher version.
    pub fn plan(&self, individual: IndividualKey, program: ProgramKey, kind: PlanKind, day: ValidDay) -> Option<&'h Row<PlanVersion>> {
        let plans = &self.individual_facts(individual).plans;
        self.rows(plans, |p| p.program == program && p.kind == kind && p.effective_on <= day)
            .max_by_key(|row| (row.value.effective_on, row.value.version, row.seq()))
    }

    /// One version of a plan of an individual.
    pub fn plan_version(&self, individual: IndividualKey, plan: PlanKey, version: Version) -> Option<&'h Row<PlanVersion>> {
        let plans = &self.individual_facts(individual).plans;
        self.rows(plans, |p| p.plan == plan && p.version == version).max_by_key(|row| row.seq())
    }

    /// PROS units accrued that name a contact.
    pub fn accruals(&self, contact: ContactKey) -> impl Iterator<Item = &'h Row<Accrual>> {
        self.papers_read(contact, papers::ACCRUALS);
        self.picked(&self.history().accruals, self.history().accruals_of_contact.of(contact.index()), |_| true)
    }
}
