//! What answers were read from: whose contacts, on which days, which people, which deadlines not yet passed.
//! Says which later events could change an answer; it may name more than was needed, never less.

use std::cell::{Cell, RefCell};

use domain::ValidDay;

use crate::names::{ContactKey, IndividualKey, PersonKey, ProgramKey, SessionKey};

/// Whose contacts were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Whose {
    /// An individual's.
    Individual(IndividualKey),
    /// A peer's.
    Peer(PersonKey),
    /// A program's.
    Program(ProgramKey),
    /// A group session's.
    Session(SessionKey),
}

/// From before the first day to after the last, for questions about all days.
pub const EVER: (ValidDay, ValidDay) = (ValidDay::MIN, ValidDay::MAX);

/// Stretch of local days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hull {
    /// First day.
    pub from: ValidDay,
    /// Last day.
    pub to: ValidDay,
}

impl Hull {
    /// Every day there is.
    pub const ALWAYS: Self = Self { from: ValidDay::MIN, to: ValidDay::MAX };

    /// Whether a day lies in it.
    pub fn has(self, day: ValidDay) -> bool {
        self.from <= day && day <= self.to
    }

    /// Whether a day lies in both.
    pub fn meets(self, other: Self) -> bool {
        self.from.max(other.from) <= self.to.min(other.to)
    }

    fn and(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), to: self.to.max(other.to) }
    }
}

/// What of a person was read, as bits: events change one of these and leave the others alone.
pub mod person {
    /// Everything but what the others name.
    pub const FACTS: u8 = 1;
    /// Supervision sessions held with the person as the peer.
    pub const SESSIONS: u8 = 2;
    /// Collaboration documented with individuals.
    pub const COLLABORATION: u8 = 4;
    /// Of those who keep lists of what was read: facts as they stood on a day, whose day is kept beside.
    pub const DATED: u8 = 8;
    /// Birth date.
    pub const BIRTH: u8 = 16;
    /// Engagements and separations, whatever their days.
    pub const ENGAGEMENT: u8 = 32;
}

/// What of a program was read, as bits. Registration, rate codes and settings are read by everything and have no bit.
pub mod program {
    /// Policies and when they were retired.
    pub const POLICIES: u8 = 1;
    /// The organization's records about itself.
    pub const RECORDS: u8 = 2;
    /// Staff trainings.
    pub const TRAININGS: u8 = 4;
}

/// What was written about contacts, as bits: events add one of these and leave the contact itself as it is.
pub mod papers {
    /// Notes, their versions and signatures.
    pub const NOTES: u8 = 1;
    /// Claims that name the contact, what became of them and what was paid.
    pub const CLAIMS: u8 = 2;
    /// Units accrued.
    pub const ACCRUALS: u8 = 4;
    /// All of them.
    pub const KINDS: [u8; 3] = [NOTES, CLAIMS, ACCRUALS];
}

/// What was read, while answers are given.
#[derive(Debug, Default)]
pub struct Reading {
    read: RefCell<Read>,
    deadline: Cell<Option<ValidDay>>,
    today: Cell<bool>,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// People and which of their facts.
    pub people: Vec<(PersonKey, u8)>,
    /// People whose facts as of a day were read, with the latest such day: what takes effect later could not matter.
    pub dated: Vec<(PersonKey, ValidDay)>,
    /// Which facts of all people were read, whoever they are.
    pub everyone: u8,
    /// Individuals whose facts were read.
    pub individuals: Vec<IndividualKey>,
    /// Programs and which of their facts.
    pub programs: Vec<(ProgramKey, u8)>,
    /// Contacts by whose they are and their days: one that begins on such a day may change an answer.
    pub contacts: Vec<(Whose, Hull)>,
    /// Contacts whose papers were read, and which kinds of them; of few, one by one.
    pub papers: Vec<(ContactKey, u8)>,
    /// Kinds of papers that were read of many contacts: of any in `contacts`.
    pub all_papers: u8,
    /// Group sessions themselves.
    pub sessions: Vec<SessionKey>,
    /// Meetings of programs, by their days.
    pub meetings: Vec<(ProgramKey, Hull)>,
    /// The earliest deadline that had not passed on the evaluation day.
    pub deadline: Option<ValidDay>,
    /// The evaluation day itself was looked at.
    pub today: bool,
}

impl Reading {
    /// Nothing read yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was read since the last time it was taken.
    pub fn take(&self) -> Read {
        let mut read = self.read.take();
        read.deadline = self.deadline.take();
        read.today = self.today.take();
        read
    }

    pub(crate) fn person(&self, person: PersonKey, kinds: u8) {
        let mut read = self.read.borrow_mut();
        if read.everyone & kinds == kinds {
            return;
        }
        merge(&mut read.people, person, kinds, |old, new| old | new);
    }

    /// Facts of a person that took effect by a day.
    pub(crate) fn person_on(&self, person: PersonKey, day: ValidDay) {
        let mut read = self.read.borrow_mut();
        if read.everyone & person::FACTS == 0 {
            merge(&mut read.dated, person, day, |old, new| old.max(new));
        }
    }

    pub(crate) fn everyone(&self, kinds: u8) {
        self.read.borrow_mut().everyone |= kinds;
    }

    pub(crate) fn individual(&self, individual: IndividualKey) {
        let mut read = self.read.borrow_mut();
        if !read.individuals.contains(&individual) {
            read.individuals.push(individual);
        }
    }

    pub(crate) fn program(&self, program: ProgramKey, kinds: u8) {
        merge(&mut self.read.borrow_mut().programs, program, kinds, |old, new| old | new);
    }

    pub(crate) fn contacts(&self, whose: Whose, days: Hull) {
        merge(&mut self.read.borrow_mut().contacts, whose, days, Hull::and);
    }

    /// Papers of a contact that was read.
    pub(crate) fn papers(&self, contact: ContactKey, kinds: u8) {
        let mut read = self.read.borrow_mut();
        if read.all_papers & kinds == kinds {
            return;
        }
        merge(&mut read.papers, contact, kinds, |old, new| old | new);
        if read.papers.len() > FEW {
            let kinds = read.papers.drain(..).fold(0, |all, (_, kinds)| all | kinds);
            read.all_papers |= kinds;
        }
    }

    pub(crate) fn session(&self, session: SessionKey) {
        let mut read = self.read.borrow_mut();
        if !read.sessions.contains(&session) {
            read.sessions.push(session);
        }
    }

    pub(crate) fn meetings(&self, program: ProgramKey, days: Hull) {
        merge(&mut self.read.borrow_mut().meetings, program, days, Hull::and);
    }

    /// A deadline that has not passed.
    pub(crate) fn deadline(&self, day: ValidDay) {
        self.deadline.set(Some(self.deadline.get().map_or(day, |old| old.min(day))));
    }

    pub(crate) fn today(&self) {
        self.today.set(true);
    }
}

/// Contacts whose papers are told apart: more would make the list slow to keep and to look through.
const FEW: usize = 3;

/// Lists of what was read are short: looked through, not hashed.
fn merge<K: PartialEq, V: Copy>(list: &mut Vec<(K, V)>, key: K, value: V, both: impl Fn(V, V) -> V) {
    match list.iter_mut().find(|(k, _)| *k == key) {
        Some((_, old)) => *old = both(*old, value),
        None => list.push((key, value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Key;

    #[test]
    fn papers_of_few_contacts_are_told_apart_and_of_many_by_kind() {
        let reading = Reading::new();
        let contact = |n: usize| ContactKey::from_index(u32::try_from(n).unwrap_or(u32::MAX));
        (0..FEW).for_each(|n| reading.papers(contact(n), papers::CLAIMS));
        reading.papers(contact(0), papers::NOTES);
        let few = reading.take();
        assert_eq!((few.papers.len(), few.papers.first(), few.all_papers), (FEW, Some(&(contact(0), papers::CLAIMS | papers::NOTES)), 0));
        (0..=FEW).for_each(|n| reading.papers(contact(n), papers::CLAIMS));
        reading.papers(contact(99), papers::NOTES);
        let many = reading.take();
        assert_eq!((many.papers, many.all_papers), (vec![(contact(99), papers::NOTES)], papers::CLAIMS));
    }
}
