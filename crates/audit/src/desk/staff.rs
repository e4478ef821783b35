//! Somebody on the staff as a reviewer's visit shows them: what lies inside its programs and days, and nothing of what lies outside.
//! Whoever delivered nothing inside is answered as somebody nobody knows.

use std::collections::{BTreeMap, BTreeSet};

use domain::{KnownAt, ValidDay};
use rules::Finding;
use timeline::{PersonKey, ProgramKey, View};

use super::Desk;
use super::person::{count, credentials, supervised};
use super::reach::Reach;
use super::time::{Frame, Lane, by_day};
use crate::error::AuditError;
use crate::history::supervision::{self, Stretch};

/// A contact inside a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactInside {
    /// Its id.
    pub contact: String,
    /// Its day.
    pub day: ValidDay,
    /// Its program.
    pub program: String,
    /// Who was served.
    pub individual: String,
}

/// Somebody on the staff inside a part.
#[derive(Debug)]
pub struct PersonInside<'d> {
    /// Who.
    pub person: String,
    /// First day told.
    pub from: ValidDay,
    /// Last day told.
    pub to: ValidDay,
    /// As known when; everything if not said.
    pub known: Option<KnownAt>,
    /// Credentials, licences, and supervision in the programs of their contacts inside.
    pub lanes: Vec<Lane>,
    /// Their contacts inside, by day.
    pub contacts: Vec<ContactInside>,
    /// Who supervised in these programs on these days, with the contacts inside.
    pub supervision: Vec<Stretch>,
    /// Findings about them, of those that are seen at all.
    pub findings: Vec<&'d Finding>,
}

impl PersonInside<'_> {
    /// Days with contacts, ascending, with how many.
    pub fn days(&self) -> Vec<(ValidDay, u64)> {
        by_day(self.contacts.iter().map(|c| c.day).collect())
    }
}

impl Desk {
    /// Everybody on the staff who delivered a contact inside a part, in order, with the findings about them that are `seen`, by class.
    pub fn people_inside(&self, reach: &Reach, seen: &dyn Fn(&Finding) -> bool) -> Vec<(String, [u64; 3])> {
        let history = &self.loaded.history;
        let inside = history.all_people().filter(|person| self.delivered_inside(reach, *person));
        let mut people: BTreeMap<String, [u64; 3]> = inside.map(|person| (history.person_name(person).to_owned(), [0; 3])).collect();
        self.report().findings.iter().filter(|f| seen(f)).for_each(|f| count(&mut people, f));
        people.into_iter().collect()
    }

    /// Whether somebody on the staff delivered a contact inside a part.
    pub fn is_person_inside(&self, reach: &Reach, id: &str) -> bool {
        self.loaded.history.find_person(id).is_some_and(|key| self.delivered_inside(reach, key))
    }

    /// Somebody on the staff inside a part, as known at an instant or now.
    ///
    /// # Errors
    /// Whoever delivered nothing inside, as if nobody knew them.
    pub fn person_inside(&self, reach: &Reach, id: &str, known: Option<KnownAt>, seen: &dyn Fn(&Finding) -> bool) -> Result<PersonInside<'_>, AuditError> {
        let nobody = || AuditError::asked(format!("nobody with the id {id} delivered a contact inside this visit"), "see what lies inside it");
        let (history, now) = (&self.loaded.history, self.loaded.view());
        let key = history.find_person(id).filter(|key| self.delivered_inside(reach, *key)).ok_or_else(nobody)?;
        let view = self.view_of(known);
        let programs: BTreeSet<ProgramKey> = self.inside(reach, &now, key).into_iter().map(|(_, program)| program).collect();
        let mut contacts: Vec<ContactInside> = self.inside(reach, &view, key).into_iter().map(|(contact, _)| contact).collect();
        contacts.sort_by(|a, b| (a.day, &a.contact).cmp(&(b.day, &b.contact)));
        let frame = self.days_inside(reach, contacts.first().map(|c| c.day), known);
        let supervision: Vec<Stretch> = programs
            .into_iter()
            .flat_map(|program| supervision::of_peer_in(&view, self.engine.tables(), key, program))
            .filter_map(|stretch| clipped(stretch, frame, &contacts))
            .collect();
        let mut lanes = credentials(&view, key, frame);
        lanes.extend(supervised(&supervision, frame));
        let findings = self.naming_of(id).filter(|f| seen(f) && known.is_none_or(|at| f.first_detectable <= at)).collect();
        Ok(PersonInside { person: id.to_owned(), from: frame.from, to: frame.to, known, lanes, contacts, supervision, findings })
    }

    fn delivered_inside(&self, reach: &Reach, person: PersonKey) -> bool {
        self.loaded.view().contacts_of_peer(person, |_| true).any(|row| self.contact_inside(reach, row.value.contact))
    }

    /// The contacts of somebody inside a part, with their programs.
    fn inside(&self, reach: &Reach, view: &View<'_>, person: PersonKey) -> Vec<(ContactInside, ProgramKey)> {
        let history = &self.loaded.history;
        let rows = view.contacts_of_peer(person, |_| true).filter(|row| self.contact_inside(reach, row.value.contact));
        rows.map(|row| {
            let c = &row.value;
            let inside = ContactInside {
                contact: history.contact_name(c.contact).to_owned(),
                day: c.day,
                program: history.program_name(c.program).to_owned(),
                individual: history.individual_name(c.individual).to_owned(),
            };
            (inside, c.program)
        })
        .collect()
    }

    /// The days of a part as far as they have come; from the first contact inside where it has no first day.
    fn days_inside(&self, reach: &Reach, first: Option<ValidDay>, known: Option<KnownAt>) -> Frame {
        let told = Frame::of(reach.from.or(first), self.frame().today, known);
        let to = reach.to.map_or(told.to, |to| to.min(told.to));
        Frame { from: told.from.min(to), to }
    }
}

/// A stretch on the days told, with the contacts that are inside.
fn clipped(stretch: Stretch, frame: Frame, contacts: &[ContactInside]) -> Option<Stretch> {
    let (from, to) = (stretch.from.max(frame.from), stretch.to.min(frame.to));
    if from > to {
        return None;
    }
    let contacts = contacts.iter().filter(|c| c.program == stretch.program && c.day >= from && c.day <= to).count() as u64;
    Some(Stretch { from, to, contacts, ..stretch })
}
