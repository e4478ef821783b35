//! How far answers about contacts looked around them: so many days of the individual's other contacts, of the peer's, of meetings.
//! One reach for all contacts of a ledger: small to keep, and never less than any contact needs.

use domain::ValidDay;
use timeline::delivery::Contact;
use timeline::view::{Hull, Whose};
use timeline::{ContactKey, History, IndividualKey, PersonKey, ProgramKey};

use crate::subjects::{month, months};

/// Days before and after a contact's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Days {
    /// Whether anything was read at all.
    pub(super) any: bool,
    /// Days before.
    pub(super) back: i64,
    /// Days after.
    pub(super) ahead: i64,
}

impl Days {
    fn cover(&mut self, day: ValidDay, hull: Hull) {
        self.any = true;
        self.back = self.back.max(day.days_since(hull.from));
        self.ahead = self.ahead.max(hull.to.days_since(day));
    }

    fn widen(&mut self, other: Self) {
        self.any |= other.any;
        self.back = self.back.max(other.back);
        self.ahead = self.ahead.max(other.ahead);
    }

    /// Days on which a contact stands that read something of this day.
    fn readers(self, day: ValidDay) -> Option<(ValidDay, ValidDay)> {
        self.any.then(|| (day.plus_days(-self.ahead), day.plus_days(self.back)))
    }
}

/// How far the answers about contacts looked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// At other contacts of the individual.
    pub(super) individual: Days,
    /// At other contacts of the peer.
    pub(super) peer: Days,
    /// At other contacts of the program.
    pub(super) program: Days,
    /// At meetings of the program.
    pub(super) meetings: Days,
    /// Answers about months and their days, from the first day of the month: at contacts of the individual.
    pub(super) month: Days,
    /// At facts of people as of days.
    pub(super) people: Days,
    /// At other contacts of the group session.
    pub(super) session: bool,
    /// At facts of the program, by kind.
    pub(super) programs: u8,
}

impl Reach {
    /// Widened to cover another.
    pub(super) fn widen(&mut self, other: &Self) {
        self.individual.widen(other.individual);
        self.peer.widen(other.peer);
        self.program.widen(other.program);
        self.meetings.widen(other.meetings);
        self.month.widen(other.month);
        self.people.widen(other.people);
        self.session |= other.session;
        self.programs |= other.programs;
    }

    /// Covers contacts read around one; false where they are somebody else's.
    pub(super) fn around_contact(&mut self, contact: &Contact, whose: Whose, days: Hull) -> bool {
        let (own, reach) = match whose {
            Whose::Individual(who) => (contact.individual == who, &mut self.individual),
            Whose::Peer(who) => (contact.peer == who, &mut self.peer),
            Whose::Program(which) => (contact.program == which, &mut self.program),
            Whose::Session(which) => {
                self.session |= contact.session == Some(which);
                return contact.session == Some(which);
            }
        };
        if own {
            reach.cover(contact.day, days);
        }
        own
    }

    /// Covers contacts of an individual read for a month.
    pub(super) fn around_month(&mut self, first: ValidDay, days: Hull) {
        self.month.cover(first, days);
    }

    /// Covers facts of people as of a day, asked for a contact.
    pub(super) fn people_of_contact(&mut self, contact: &Contact, day: ValidDay) {
        self.people.cover(contact.day, Hull { from: day, to: day });
    }

    /// Covers meetings read around a contact; false where they are another program's.
    pub(super) fn meetings_around(&mut self, contact: &Contact, program: ProgramKey, days: Hull) -> bool {
        if contact.program == program {
            self.meetings.cover(contact.day, days);
        }
        contact.program == program
    }

    /// Covers facts of a contact's program; false where it is another's.
    pub(super) fn program_of_contact(&mut self, contact: &Contact, program: ProgramKey, kinds: u8) -> bool {
        if contact.program == program {
            self.programs |= kinds;
        }
        contact.program == program
    }

    /// Contacts of an individual that read one on this day.
    pub(super) fn of_individual(&self, h: &History, who: IndividualKey, day: ValidDay, each: impl FnMut(ContactKey)) {
        within(self.individual, day, h.contacts_of(who).map(place), each);
    }

    /// Months of an individual that read a contact on this day: the day's own, and others that look so far.
    pub(super) fn months(&self, h: &History, who: IndividualKey, day: ValidDay, mut each: impl FnMut(ValidDay)) {
        month(day).into_iter().for_each(&mut each);
        if let Some((first, last)) = self.month.readers(day) {
            months(h, who).into_iter().filter(|month| first <= *month && *month <= last).for_each(each);
        }
    }

    /// Contacts of an individual that asked about people as of this day or a later one.
    pub(super) fn of_people(&self, h: &History, who: IndividualKey, effect: ValidDay, mut each: impl FnMut(ContactKey)) {
        let first = effect.plus_days(-self.people.ahead);
        let asked = h.contacts_of(who).map(place).filter(|(_, day)| self.people.any && first <= *day);
        asked.for_each(|(contact, _)| each(contact));
    }

    /// Contacts of a peer that read one on this day.
    pub(super) fn of_peer(&self, h: &History, who: PersonKey, day: ValidDay, each: impl FnMut(ContactKey)) {
        within(self.peer, day, h.contacts_by(who).map(place), each);
    }

    /// Contacts of a program that read one on this day.
    pub(super) fn of_program(&self, h: &History, which: ProgramKey, day: ValidDay, each: impl FnMut(ContactKey)) {
        within(self.program, day, h.contacts_in(which).map(place), each);
    }

    /// Contacts of a program that read a meeting on this day.
    pub(super) fn of_meeting(&self, h: &History, which: ProgramKey, day: ValidDay, each: impl FnMut(ContactKey)) {
        within(self.meetings, day, h.contacts_in(which).map(place), each);
    }
}

fn place(row: &timeline::Row<Contact>) -> (ContactKey, ValidDay) {
    (row.value.contact, row.value.day)
}

fn within(reach: Days, day: ValidDay, contacts: impl Iterator<Item = (ContactKey, ValidDay)>, each: impl FnMut(ContactKey)) {
    let Some((first, last)) = reach.readers(day) else { return };
    contacts.filter(|(_, on)| first <= *on && *on <= last).map(|(contact, _)| contact).for_each(each);
}
