//! Which contact a claim line bills: claims do not say, so a line is joined by individual, day, program, service code and time order.
//! Guesses between two contacts never: a line that fits several, with nothing to tell them apart, is left to people.

use domain::event::ContactRecorded;
use domain::words::{Format, Service, Site};
use domain::{ContactId, IndividualId, ProgramId, ValidAt, ValidDay};
use rustc_hash::{FxHashMap, FxHashSet};

/// What is known of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// With whom.
    pub individual: IndividualId,
    /// In which program.
    pub program: ProgramId,
    /// Whether it is a peer service.
    pub peer: bool,
    /// Whether it was a group.
    pub group: bool,
    /// Whether it was off site.
    pub offsite: bool,
    /// When it began.
    pub start: ValidAt,
    /// Its local day.
    pub day: ValidDay,
    /// Whole units of fifteen minutes.
    pub units: u32,
    /// False for what was retracted, and for facts that a correction has replaced: claims may have gone by them.
    pub standing: bool,
}

impl Contact {
    /// Of a contact as it was recorded.
    pub fn of(e: &ContactRecorded, standing: bool) -> Self {
        Self {
            id: e.contact.clone(),
            individual: e.individual.clone(),
            program: e.program.clone(),
            peer: e.service != Service::Other,
            group: e.format == Format::Group,
            offsite: e.site == Site::Offsite,
            start: e.start,
            day: e.start.local_day(),
            units: e.start.minutes_until(e.end).0 / 15,
            standing,
        }
    }
}

/// What a line says of its contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The code is one of peer services.
    pub peer: bool,
    /// It has the modifier HQ.
    pub group: bool,
    /// What the rate code says of the site, if it says anything.
    pub offsite: Option<bool>,
    /// Units billed.
    pub units: u32,
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joined {
    /// The one contact that fits, not billed before.
    Contact(ContactId),
    /// A contact that a live line bills already; nothing else fits.
    Again(ContactId),
    /// A contact that fits and was retracted, or said something else when it was billed.
    Gone(ContactId),
    /// Several fit, and nothing tells them apart.
    Several(Vec<ContactId>),
    /// None fits.
    Nothing,
}

/// All contacts that claims may be about, and which are billed.
#[derive(Debug, Default)]
pub struct Contacts {
    list: Vec<Contact>,
    by_day: FxHashMap<(IndividualId, ValidDay), Vec<usize>>,
    individuals: FxHashSet<IndividualId>,
    /// Live lines of each contact.
    live: FxHashMap<ContactId, u32>,
}

/// How little a line fits a contact: 0 is in everything. What weighs more stands higher.
fn misfit(wanted: &Wanted, contact: &Contact) -> u8 {
    let wrong = [wanted.peer != contact.peer, wanted.group != contact.group, wanted.units != contact.units, wanted.offsite.is_some_and(|o| o != contact.offsite)];
    wrong.into_iter().fold(0, |bits, wrong| bits << 1 | u8::from(wrong))
}

impl Contacts {
    /// Adds a contact, or what a contact said before it was corrected.
    pub fn add(&mut self, contact: Contact) {
        self.individuals.insert(contact.individual.clone());
        self.by_day.entry((contact.individual.clone(), contact.day)).or_default().push(self.list.len());
        self.list.push(contact);
    }

    /// Whether anything is known of somebody.
    pub fn knows(&self, individual: &IndividualId) -> bool {
        self.individuals.contains(individual)
    }

    /// A live line bills this contact now.
    pub fn bill(&mut self, contact: &ContactId) {
        *self.live.entry(contact.clone()).or_insert(0) += 1;
    }

    /// A line that billed this contact is live no more.
    pub fn release(&mut self, contact: &ContactId) {
        if let Some(live) = self.live.get_mut(contact) {
            *live = live.saturating_sub(1);
        }
    }

    fn is_billed(&self, contact: &Contact) -> bool {
        self.live.get(&contact.id).is_some_and(|live| *live > 0)
    }

    /// Joins the lines of one claim and day, in their order. `waiting` says how many lines of this individual, program and day are still to
    /// come in the same import, these included, of a kind (peer, group): where they are as many as the contacts, time order decides.
    pub fn join(&self, individual: &IndividualId, program: &ProgramId, day: ValidDay, lines: &[Wanted], waiting: impl Fn(&Wanted) -> u32) -> Vec<Joined> {
        let of_day = self.by_day.get(&(individual.clone(), day)).map_or(&[][..], Vec::as_slice);
        let mut candidates: Vec<&Contact> = of_day.iter().map(|place| &self.list[*place]).filter(|c| c.program == *program).collect();
        candidates.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
        // A peer code bills a peer contact; another code may have been billed for one by mistake.
        let may = |wanted: &Wanted, contact: &Contact| contact.peer || !wanted.peer;
        let mut joined: Vec<Option<Joined>> = vec![None; lines.len()];
        let mut taken: Vec<&ContactId> = Vec::new();
        for misfits in 0..16 {
            for (line, slot) in lines.iter().zip(&mut joined).filter(|(_, slot)| slot.is_none()) {
                let free = |c: &&&Contact| c.standing && !self.is_billed(c) && !taken.contains(&&c.id) && may(line, c) && misfit(line, c) == misfits;
                let fitting: Vec<&Contact> = candidates.iter().filter(free).copied().collect();
                let Some(first) = fitting.first() else { continue };
                if fitting.len() > 1 && fitting.len() as u32 > waiting(line) {
                    *slot = Some(Joined::Several(fitting.iter().map(|c| c.id.clone()).collect()));
                } else {
                    taken.push(&first.id);
                    *slot = Some(Joined::Contact(first.id.clone()));
                }
            }
        }
        for (line, slot) in lines.iter().zip(&mut joined).filter(|(_, slot)| slot.is_none()) {
            let best = |wanted: &dyn Fn(&Contact) -> bool| {
                // A line for a group is none for a contact that was no group, billed or not: its own contact may still come.
                let fitting = candidates.iter().filter(|c| may(line, c) && line.group == c.group && wanted(c));
                fitting.min_by_key(|c| misfit(line, c)).map(|c| c.id.clone())
            };
            let gone = best(&|c| !c.standing && !self.is_billed(c) && !taken.contains(&&c.id));
            let again = best(&|c| c.standing && (self.is_billed(c) || taken.contains(&&c.id)));
            *slot = Some(gone.map(Joined::Gone).or(again.map(Joined::Again)).unwrap_or(Joined::Nothing));
        }
        joined.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn contact(id: &str, start: &str, minutes: u32) -> Contact {
        let start = ValidAt::parse_local(&format!("2025-03-04T{start}")).unwrap();
        Contact {
            id: ContactId::parse(id).unwrap(),
            individual: IndividualId::parse("I-1").unwrap(),
            program: ProgramId::parse("MH-1").unwrap(),
            peer: true,
            group: false,
            offsite: false,
            start,
            day: start.local_day(),
            units: minutes / 15,
            standing: true,
        }
    }

    fn line(units: u32) -> Wanted {
        Wanted { peer: true, group: false, offsite: None, units }
    }

    fn told(contacts: &Contacts, lines: &[Wanted], waiting: u32) -> Vec<String> {
        let (individual, program) = (IndividualId::parse("I-1").unwrap(), ProgramId::parse("MH-1").unwrap());
        let day = ValidDay::from_ymd(2025, 3, 4).unwrap();
        let joined = contacts.join(&individual, &program, day, lines, |_| waiting);
        joined.into_iter().map(|j| format!("{j:?}").replace("ContactId(\"", "").replace("\")", "")).collect()
    }

    fn two() -> Contacts {
        let mut contacts = Contacts::default();
        contacts.add(contact("B", "14:00", 30));
        contacts.add(contact("A", "09:00", 30));
        contacts
    }

    #[test]
    fn as_many_lines_as_contacts_go_by_time() {
        assert_eq!(told(&two(), &[line(2), line(2)], 2), ["Contact(A)", "Contact(B)"]);
        // One now, and one more to come in the same import.
        assert_eq!(told(&two(), &[line(2)], 2), ["Contact(A)"]);
    }

    #[test]
    fn what_fits_two_is_left_to_people() {
        assert_eq!(told(&two(), &[line(2)], 1), ["Several([A, B])"]);
        let mut contacts = two();
        contacts.add(contact("C", "16:00", 45));
        assert_eq!(told(&contacts, &[line(3)], 1), ["Contact(C)"], "units tell them apart");
        contacts.bill(&ContactId::parse("A").unwrap());
        assert_eq!(told(&contacts, &[line(2)], 1), ["Contact(B)"], "what is billed is no candidate");
    }

    #[test]
    fn a_contact_billed_already_is_billed_again_and_said_so() {
        let mut contacts = Contacts::default();
        contacts.add(contact("A", "09:00", 30));
        assert_eq!(told(&contacts, &[line(2), line(2)], 2), ["Contact(A)", "Again(A)"]);
        contacts.bill(&ContactId::parse("A").unwrap());
        assert_eq!(told(&contacts, &[line(9)], 1), ["Again(A)"]);
        contacts.release(&ContactId::parse("A").unwrap());
        assert_eq!(told(&contacts, &[line(9)], 1), ["Contact(A)"]);
    }

    #[test]
    fn a_group_goes_with_hq_and_a_peer_code_never_with_another_service() {
        let mut contacts = Contacts::default();
        contacts.add(Contact { group: true, ..contact("G", "08:00", 30) });
        contacts.add(contact("A", "09:00", 30));
        contacts.add(Contact { peer: false, ..contact("T", "07:00", 30) });
        let hq = Wanted { group: true, ..line(2) };
        assert_eq!(told(&contacts, &[line(2), hq], 2), ["Contact(A)", "Contact(G)"]);
        let therapy = Wanted { peer: false, ..line(2) };
        assert_eq!(told(&contacts, std::slice::from_ref(&therapy), 1), ["Contact(T)"]);
        let mut only_other = Contacts::default();
        only_other.add(Contact { peer: false, ..contact("T", "07:00", 30) });
        assert_eq!(told(&only_other, &[line(2)], 1), ["Nothing"]);
        let mut only_peer = Contacts::default();
        only_peer.add(contact("A", "09:00", 30));
        assert_eq!(told(&only_peer, &[therapy], 1), ["Contact(A)"], "a wrong code on a peer contact");
    }

    #[test]
    fn what_was_retracted_is_still_what_was_billed() {
        let mut contacts = Contacts::default();
        contacts.add(Contact { standing: false, ..contact("A", "09:00", 30) });
        assert_eq!(told(&contacts, &[line(2)], 1), ["Gone(A)"]);
        assert_eq!(told(&Contacts::default(), &[line(2)], 1), ["Nothing"]);
    }
}
