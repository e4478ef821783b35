//! A year as it should be: who comes, through which steps, how often, in groups or alone, and how it is billed.
//! Everything made here is clean under every rule; whatever breaks one is planted elsewhere, on people of its own.

use domain::event::{EventCorrected, EventRetracted, Reengaged, TreatmentDeclined};
use domain::field::{Changes, Raw};
use domain::words::*;
use domain::{Moment, TargetRef, Text, ValidDay};

use crate::billing::Fate;
use crate::calendar::{at, later, next_working, working_from};
use crate::delivery::Visit;
use crate::dice::Dice;
use crate::episodes::credential_for;
use crate::office::{Entry, Office};
use crate::programs::{CLINIC, CORE, PROS, text};

/// Days between contacts that CORE people have at least, so that no month goes over the range.
const CORE_PACE: i64 = 12;

/// The stretch of the year in which somebody is seen.
struct Stay {
    client: usize,
    from: ValidDay,
    to: ValidDay,
}

/// Points a correction or retraction at a line.
pub(crate) fn target(entry: &Entry) -> TargetRef {
    TargetRef::parse(entry.source.as_str()).expect("a source id names a target")
}

/// A reason in words.
pub(crate) fn reason(words: &str) -> Text {
    text(words)
}

/// One field with its new value, for a correction.
pub(crate) fn change(field: &str, value: &str) -> Changes {
    Changes(vec![(field.to_owned(), Raw::owned(value.to_owned()))])
}

impl Office {
    /// Everybody's year.
    pub(crate) fn live(&mut self) {
        let stays: Vec<Stay> = (0..self.config.individuals).map(|number| self.arrive(number)).collect();
        self.run_groups(&stays);
        for (number, stay) in stays.iter().enumerate() {
            self.dice = Dice::new(self.config.seed, "contacts", number as u64);
            self.see(stay);
        }
    }

    /// The open peers who give a service in a program.
    pub(crate) fn peers_for(&self, program: usize, service: Service) -> Vec<usize> {
        let fits = |kind: CredentialKind| match service {
            Service::CorePeer => matches!(kind, CredentialKind::Nycps | CredentialKind::Crpa),
            Service::MhotrsAdultPeer => matches!(kind, CredentialKind::Nycps | CredentialKind::Crpa),
            Service::MhotrsFamilyPeer | Service::MhotrsYouthPeer | Service::ProsPss | Service::Other => kind == credential_for(service),
        };
        let kind = self.programs[program].kind;
        (0..self.peers.len())
            .filter(|p| self.peers[*p].open && self.programs[self.peers[*p].program].kind == kind && fits(self.peers[*p].kind))
            .collect()
    }

    /// Brings somebody in: most were here before the year, others come in its course, to the clinic often before admission.
    fn arrive(&mut self, number: u32) -> Stay {
        self.dice = Dice::new(self.config.seed, "individual", u64::from(number));
        let (program, service) = match self.dice.below(100) {
            0..=42 => (CLINIC, Service::MhotrsAdultPeer),
            43..=54 => (CLINIC, Service::MhotrsFamilyPeer),
            55..=64 => (CLINIC, Service::MhotrsYouthPeer),
            65..=82 => (PROS, Service::ProsPss),
            _ => (CORE, Service::CorePeer),
        };
        let peers = self.peers_for(program, service);
        let peer = self.dice.pick(&peers);
        let last = self.last_service_day();
        let earliest = if program == PROS { self.pros_from() } else { self.config.start };
        let (client, from) = if self.dice.chance(55) {
            (self.settled(program, service, peer), earliest)
        } else {
            let comes = self.some_day(5, 82).max(working_from(earliest));
            if program == CLINIC && self.dice.chance(60) {
                let client = self.newcomer(program, service, peer, comes);
                let Some(admitted) = self.before_admission(client, comes) else {
                    return Stay { client, from: last, to: last.plus_days(-1) };
                };
                (client, admitted)
            } else {
                let client = self.register(program, service, peer, comes, None);
                (client, comes)
            }
        };
        if self.clients[client].admitted.is_none() && from <= last {
            self.admit(client, from);
            let delay = if program == CLINIC { self.dice.between(9, 25) } else { 0 };
            self.plan(client, working_from(from.plus_days(delay)).min(from.plus_days(28)));
        }
        let leaves = from.max(self.config.start).plus_days(self.dice.between(60, 340));
        let to = if self.dice.chance(25) && leaves < last {
            self.discharge(client, leaves);
            leaves
        } else {
            last
        };
        Stay { client, from: from.plus_days(1), to }
    }

    /// One to three contacts before admission; returns the day of admission, unless the person declines for good or is still making up their mind.
    fn before_admission(&mut self, client: usize, opened: ValidDay) -> Option<ValidDay> {
        let last = self.last_service_day();
        let mut day = next_working(opened);
        for number in 0..self.dice.between(1, 3) {
            if day > last {
                return None;
            }
            let visit = self.visit(client, day);
            if number == 0 && self.clients[client].collaboration {
                self.collaborate(client, visit.peer, visit.day);
            }
            day = working_from(visit.day.plus_days(self.dice.between(3, 9)));
            let place = self.file(visit);
            self.bill(place);
        }
        match self.dice.below(100) {
            0..=69 => Some(day),
            70..=84 => {
                let (individual, program) = self.who(client);
                let event = TreatmentDeclined { individual, program, declined_at: Moment::Day(day) };
                self.record_on(day, 11 * 60, "ehr:decl", event);
                self.dice.chance(40).then(|| self.come_back(client, day)).flatten()
            }
            _ => None,
        }
    }

    /// Somebody who declined thinks better of it: re-engaged with a rationale, seen once more, admitted.
    fn come_back(&mut self, client: usize, declined: ValidDay) -> Option<ValidDay> {
        let back = working_from(declined.plus_days(self.dice.between(10, 30)));
        let seen_on = next_working(back);
        if seen_on > self.last_service_day().plus_days(-10) {
            return None;
        }
        let (individual, program) = self.who(client);
        self.record_on(back, 10 * 60, "ehr:reeng", Reengaged { individual, program, reengaged_at: Moment::Day(back), rationale: true });
        let visit = self.visit(client, seen_on);
        let admitted = working_from(visit.day.plus_days(3));
        let place = self.file(visit);
        self.bill(place);
        Some(admitted)
    }

    /// Every twelfth peer leads a group of their own adults once a month, early on a Wednesday afternoon.
    fn run_groups(&mut self, stays: &[Stay]) {
        let mut by_peer: std::collections::BTreeMap<usize, Vec<usize>> = std::collections::BTreeMap::new();
        for (place, stay) in stays.iter().enumerate() {
            let client = &self.clients[stay.client];
            if client.service == Service::MhotrsAdultPeer && !client.collaboration && client.admitted.is_some() {
                by_peer.entry(client.peer).or_default().push(place);
            }
        }
        let leaders: Vec<usize> = by_peer.keys().copied().filter(|p| self.peers[*p].kind == CredentialKind::Nycps).step_by(3).collect();
        for leader in leaders {
            self.dice = Dice::new(self.config.seed, "group", leader as u64);
            let mut day = working_from(self.config.start.plus_days(self.dice.between(7, 20)));
            while day <= self.last_service_day() {
                let mut comers: Vec<usize> =
                    by_peer[&leader].iter().filter(|s| stays[**s].from <= day && day <= stays[**s].to).map(|s| stays[*s].client).collect();
                comers.truncate(12);
                comers.retain(|_| self.dice.chance(65));
                if comers.len() >= 3 {
                    self.gather(leader, day, &comers);
                }
                day = working_from(day.plus_days(28));
            }
        }
    }

    /// One session with notes and claims for everybody who came.
    fn gather(&mut self, leader: usize, day: ValidDay, comers: &[usize]) {
        let (start, end) = (at(day, 13 * 60), at(day, 14 * 60));
        self.block(leader, day, 26, 2);
        let attendees = comers.iter().map(|c| self.clients[*c].id.clone()).collect();
        let (session, _) = self.session(leader, CLINIC, start, end, attendees);
        for client in comers {
            self.clients[*client].days.push(day);
            let visit = self.group_visit(*client, leader, day, start, end, &session);
            let place = self.file(visit);
            self.bill(place);
        }
    }

    /// The contacts of somebody's stay, at their own pace.
    fn see(&mut self, stay: &Stay) {
        let client = stay.client;
        let (program, peer) = (self.clients[client].program, self.clients[client].peer);
        let pace = i64::from(self.config.pace);
        let mut day = stay.from.max(self.config.start).plus_days(self.dice.between(0, pace));
        let mut collaborated: Option<ValidDay> = None;
        let mut significant = program == CLINIC && self.dice.chance(7);
        while day <= stay.to {
            let mut visit = self.visit(client, day);
            if visit.day > stay.to {
                break;
            }
            if self.clients[client].days.iter().filter(|d| **d == visit.day).count() > 1 {
                day = visit.day.plus_days(1);
                continue;
            }
            self.vary(&mut visit);
            if significant && visit.day.days_since(stay.from) > 40 && visit.day.plus_days(10) <= stay.to {
                significant = false;
                self.target_support(&mut visit);
            }
            let seen_on = visit.day;
            let short = program == CLINIC && self.dice.chance(3);
            self.attend(visit, short);
            if self.clients[client].collaboration && collaborated.is_none_or(|last| seen_on.days_since(last) > 55) {
                self.collaborate(client, peer, seen_on);
                collaborated = Some(seen_on);
            }
            let least = if program == CORE { CORE_PACE } else { 4 };
            day = seen_on.plus_days(self.dice.between(pace * 6 / 10, pace * 14 / 10).max(least));
        }
    }

    /// Off site now and then, and now and then outside the plan with the reason in the note.
    fn vary(&mut self, visit: &mut Visit) {
        if visit.mode == Mode::InPerson && self.dice.chance(15) {
            visit.site = Site::Offsite;
        }
        if visit.service.is_mhotrs() && self.dice.chance(5) {
            visit.basis = Basis::AdHoc;
            if let Some(note) = &mut visit.note {
                note.elements.push(NoteElement::Rationale);
            }
        }
    }

    /// A significant event two days before the visit, and a plan version five days after it that names it.
    fn target_support(&mut self, visit: &mut Visit) {
        let occurred_on = visit.day.plus_days(-2);
        let (event, _) = self.significant_event(visit.client, occurred_on);
        self.plan_with(visit.client, working_from(occurred_on.plus_days(5)), &[visit.service], vec![event.clone()]);
        visit.basis = Basis::Targeted;
        visit.event = Some(event);
        if let Some(note) = &mut visit.note {
            note.elements.retain(|e| *e != NoteElement::Rationale);
        }
    }

    /// Files a visit and bills it; some are too short to bill, some are mistyped and put right the same day.
    fn attend(&mut self, mut visit: Visit, short: bool) {
        if short {
            visit.end = later(visit.start, 10);
        }
        let billed_by_claim = self.programs[self.clients[visit.client].program].kind != ProgramKind::Pros;
        let client = visit.client;
        if self.dice.chance(1) {
            self.enter_twice(&visit);
        }
        let mistyped = self.dice.chance(1);
        let right = visit.mode;
        if mistyped {
            visit.mode = if right == Mode::Video { Mode::Audio } else { Mode::Video };
        }
        let day = visit.day;
        let place = self.file(visit);
        if mistyped {
            let fields = change("mode", right.as_str());
            let served = &self.served[place];
            let target = TargetRef::parse(served.source.as_str()).expect("a source id names a target");
            self.record(
                at(day, 19 * 60 + 20),
                "ehr:fix",
                EventCorrected { target, fields, reason: reason("picked the wrong entry from the list") },
            );
        }
        if short || !billed_by_claim {
            return;
        }
        let mut places = vec![place];
        if self.dice.chance(2) && self.served[place].site == Site::Onsite && self.clients[client].program == CLINIC {
            let again = self.visit(client, day);
            if again.day == day {
                places.push(self.file(again));
            }
        }
        self.charge(&places);
    }

    /// Most claims are paid; a few are denied and sent again, replaced because a unit was left out, or voided.
    fn charge(&mut self, places: &[usize]) {
        let mut draft = self.claim_for(places);
        let right = draft.clone();
        match self.dice.below(100) {
            0..=1 => {
                draft.fate = Fate::Denied;
                let again = working_from(draft.batch.plus_days(14));
                if self.submit(draft).is_some() && again <= self.end {
                    let mut second = right;
                    second.batch = again;
                    self.submit(second);
                }
            }
            2 if draft.lines[0].units > 1 => {
                let line = &mut draft.lines[0];
                line.charge -= line.charge / i64::from(line.units);
                line.units -= 1;
                let again = working_from(draft.batch.plus_days(20));
                if let Some(claim) = self.submit(draft) {
                    let mut second = right;
                    second.batch = again;
                    self.replace(claim, second);
                }
            }
            3 => {
                draft.fate = Fate::Voided;
                self.submit(draft);
            }
            4..=9 => {
                draft.fate = Fate::Paid(940);
                self.submit(draft);
            }
            _ => {
                self.submit(draft);
            }
        }
    }

    /// The same visit typed in a second time and taken back in the evening.
    fn enter_twice(&mut self, visit: &Visit) {
        let mut second = visit.clone();
        second.note = None;
        second.accrue = false;
        let place = self.file(second);
        self.served[place].retracted = true;
        let target = TargetRef::parse(self.served[place].source.as_str()).expect("a source id names a target");
        self.record(at(visit.day, 19 * 60 + 30), "ehr:fix", EventRetracted { target, reason: reason("entered twice") });
    }
}
