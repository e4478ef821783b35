//! How far answers about contacts looked around them: so many days of the individual's other contacts, of the peer's, of meetings.
//! One reach for all contacts of a ledger: small to keep, and never less than any contact needs.

use domain::ValidDay;
use timeline::delivery::Contact;
use timeline::touched::Standing;
use timeline::view::reading::papers;
use timeline::view::{Hull, Whose};
use timeline::{ContactKey, History, IndividualKey, ProgramKey};

use crate::subjects::months;

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

    /// Days on which a contact stands that read something of one of these.
    fn readers(self, days: Hull) -> Option<Hull> {
        self.any.then(|| Hull { from: days.from.plus_days(-self.ahead), to: days.to.plus_days(self.back) })
    }
}

/// How far answers looked at contacts, or at one kind of their papers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Around {
    /// Answers about contacts, at others of the individual.
    pub(super) individual: Days,
    /// At others of the peer.
    pub(super) peer: Days,
    /// At others of the program.
    pub(super) program: Days,
    /// Answers about months and their days, from the first day of the month: at contacts of the individual.
    pub(super) month: Days,
    /// Answers about contacts, at others of the group session.
    pub(super) session: bool,
}

impl Around {
    fn widen(&mut self, other: Self) {
        self.individual.widen(other.individual);
        self.peer.widen(other.peer);
        self.program.widen(other.program);
        self.month.widen(other.month);
        self.session |= other.session;
    }

    /// Covers contacts read around one; false where they are somebody else's.
    pub(super) fn contact(&mut self, contact: &Contact, whose: Whose, days: Hull) -> bool {
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

    /// Covers another contact read around one; false where they have nothing in common.
    fn other(&mut self, contact: &Contact, other: &Contact) -> bool {
        let own = [Whose::Individual(other.individual), Whose::Peer(other.peer), Whose::Program(other.program)];
        let day = Hull { from: other.day, to: other.day };
        own.into_iter().chain(other.session.map(Whose::Session)).any(|whose| self.contact(contact, whose, day))
    }

    /// Contacts that read something of one which stands so.
    pub(super) fn readers(&self, h: &History, at: &Standing, mut each: impl FnMut(ContactKey)) {
        within(h, self.individual, at.days, Whose::Individual(at.individual), &mut each);
        within(h, self.peer, at.days, Whose::Peer(at.peer), &mut each);
        within(h, self.program, at.days, Whose::Program(at.program), &mut each);
        if let (true, Some(session)) = (self.session, at.session) {
            h.contacts_at(session).for_each(|row| each(row.value.contact));
        }
    }

    /// Months of an individual, by their first days, that read something of a contact on these days. Of a short stretch all months are named,
    /// also such without a contact, about which there is nothing to judge: looking for their contacts would take longer.
    pub(super) fn months(&self, h: &History, who: IndividualKey, days: Hull, each: impl FnMut(ValidDay)) {
        let Some(readers) = self.month.readers(days) else { return };
        let months = beginning_between(readers.from, readers.to).unwrap_or_else(|| months(h, who));
        months.into_iter().filter(|month| readers.has(*month)).for_each(each);
    }
}

/// How far the answers about contacts and individuals looked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// At contacts.
    pub(super) contacts: Around,
    /// At papers of contacts, by kind in the order of [`papers::KINDS`].
    pub(super) papers: [Around; papers::KINDS.len()],
    /// At meetings of the program.
    pub(super) meetings: Days,
    /// At facts of people as of days.
    pub(super) people: Days,
    /// At facts of the program, by kind.
    pub(super) programs: u8,
}

impl Reach {
    /// Widened to cover another.
    pub(super) fn widen(&mut self, other: &Self) {
        self.contacts.widen(other.contacts);
        self.papers.iter_mut().zip(other.papers).for_each(|(papers, other)| papers.widen(other));
        self.meetings.widen(other.meetings);
        self.people.widen(other.people);
        self.programs |= other.programs;
    }

    /// The reaches at some kinds of papers.
    pub(super) fn of_papers(&self, kinds: u8) -> impl Iterator<Item = &Around> {
        self.papers.iter().zip(papers::KINDS).filter(move |(_, kind)| kinds & kind != 0).map(|(around, _)| around)
    }

    fn of_papers_mut(&mut self, kinds: u8) -> impl Iterator<Item = &mut Around> {
        self.papers.iter_mut().zip(papers::KINDS).filter(move |(_, kind)| kinds & kind != 0).map(|(around, _)| around)
    }

    /// Covers contacts read around one, and papers of any of them; false where they are somebody else's.
    pub(super) fn around_contact(&mut self, contact: &Contact, whose: Whose, days: Hull, papers: u8) -> bool {
        self.of_papers_mut(papers).for_each(|around| {
            around.contact(contact, whose, days);
        });
        self.contacts.contact(contact, whose, days)
    }

    /// Covers papers of another contact read around one; false where the two have nothing in common.
    pub(super) fn papers_around(&mut self, contact: &Contact, other: &Contact, kinds: u8) -> bool {
        self.of_papers_mut(kinds).all(|around| around.other(contact, other))
    }

    /// Covers contacts of an individual read for a month, and papers of any of them.
    pub(super) fn around_month(&mut self, first: ValidDay, days: Hull, papers: u8) {
        self.contacts.month.cover(first, days);
        self.of_papers_mut(papers).for_each(|around| around.month.cover(first, days));
    }

    /// Covers papers of a contact of an individual, read for a month.
    pub(super) fn papers_of_month(&mut self, first: ValidDay, contact: &Contact, kinds: u8) {
        let days = Hull { from: contact.day, to: contact.day };
        self.of_papers_mut(kinds).for_each(|around| around.month.cover(first, days));
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

    /// Contacts of an individual that asked about people as of this day or a later one.
    pub(super) fn of_people(&self, h: &History, who: IndividualKey, effect: ValidDay, each: impl FnMut(ContactKey)) {
        if self.people.any {
            let days = Hull { from: effect.plus_days(-self.people.ahead), to: ValidDay::MAX };
            h.contacts_beginning(Whose::Individual(who), days).map(|row| row.value.contact).for_each(each);
        }
    }

    /// Contacts of a program that read a meeting on this day.
    pub(super) fn of_meeting(&self, h: &History, which: ProgramKey, day: ValidDay, each: impl FnMut(ContactKey)) {
        within(h, self.meetings, Hull { from: day, to: day }, Whose::Program(which), each);
    }
}

/// The months of some days, by their first days; `None` where there are many, or some lie outside the years accepted.
fn beginning_between(first: ValidDay, last: ValidDay) -> Option<Vec<ValidDay>> {
    const MANY: i64 = 366;
    if last.days_since(first) > MANY {
        return None;
    }
    // The last month is there, and so are all before it.
    let (begin, _) = (first.first_of_month()?, last.first_of_month()?);
    let months = std::iter::successors(Some(begin), |month| month.plus_days(31).first_of_month());
    Some(months.take_while(|month| *month <= last).collect())
}

fn within(h: &History, reach: Days, days: Hull, whose: Whose, each: impl FnMut(ContactKey)) {
    if let Some(readers) = reach.readers(days) {
        h.contacts_beginning(whose, readers).map(|row| row.value.contact).for_each(each);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_months_of_a_stretch_are_every_one_with_a_day_in_it() {
        let mut first = ValidDay::from_ymd(2023, 11, 20).unwrap();
        for _ in 0..120 {
            for length in 0..120 {
                let last = first.plus_days(length);
                let mut every: Vec<ValidDay> = (0..=length).filter_map(|n| first.plus_days(n).first_of_month()).collect();
                every.dedup();
                let mut found = beginning_between(first, last).unwrap();
                found.retain(|month| *month <= last);
                assert_eq!(found, every, "{first} {last}");
            }
            first = first.plus_days(1);
        }
        assert_eq!(beginning_between(first, first.plus_days(367)), None);
        assert_eq!(beginning_between(ValidDay::MIN, ValidDay::MIN), None);
    }
}
