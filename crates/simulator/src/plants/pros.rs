//! Plants about peer support in PROS: the setting's date, who may, who supervises, the goal of the plan, the component, the weekly meeting.
//! PROS bills by units accrued toward a base rate, so no claim names these contacts and nothing is exposed.

use domain::words::{CredentialKind, CredentialLevel, ProgramKind, Service};
use domain::{PersonId, ValidDay};

use super::{Plant, plant};
use crate::calendar::{monday_of, working_from};
use crate::expected::{DOCUMENTATION, Expected, VIOLATION};
use crate::office::Office;
use crate::programs::PROS;

pub(super) const PLANTS: &[Plant] = &[
    plant("PROS peer support before its date", before_the_date),
    plant("PROS contact by a recovery peer advocate", not_certified),
    plant("PROS youth advocate and an older participant", participant_too_old),
    plant("PROS peer nobody supervises", nobody_supervises),
    plant("PROS supervisor short of three years", short_of_three_years),
    plant("PROS contact for a goal that is not in the plan", no_such_goal),
    plant("PROS contact without a plan", no_plan),
    plant("PROS contact without a component", no_component),
    plant("PROS week without a meeting", no_meeting),
    plant("PROS peer not invited", not_invited),
];

impl Office {
    /// A working day of PROS peer support between two percentages of the year.
    fn some_pros_day(&mut self, from: i64, to: i64) -> ValidDay {
        self.some_day(from, to).max(working_from(self.pros_from().plus_days(8)))
    }

    /// A visit as it should be, with its units.
    fn attended(&mut self, client: usize, day: ValidDay) -> usize {
        let visit = self.visit(client, day);
        self.file(visit)
    }

    /// Expects what was planted about weekly meetings, once everybody's contacts are known.
    pub(crate) fn expect_meetings(&mut self) {
        let mut missing: Vec<(usize, ValidDay, Option<usize>)> =
            self.meetings.not_held.iter().map(|(program, monday)| (*program, *monday, None)).collect();
        missing.extend(self.meetings.not_invited.iter().map(|(peer, monday)| (self.peers[*peer].program, *monday, Some(*peer))));
        missing.sort_unstable();
        missing.dedup();
        for (program, monday, peer) in missing {
            let concerned = self.served.iter().filter(|s| s.service == Service::ProsPss && self.clients[s.client].program == program);
            let first = concerned.filter(|s| monday_of(s.day) == monday && peer.is_none_or(|p| p == s.peer)).map(|s| s.day).min();
            let Some(first) = first else { continue };
            let (year, week) = monday.iso_week();
            let week = format!("{year}-W{week:02}");
            let id = self.programs[program].id.clone();
            let mut subject = vec![("program", id.as_str()), ("week", week.as_str())];
            let person: Option<PersonId> = peer.map(|p| self.peers[p].id.clone());
            subject.extend(person.iter().map(|p| ("peer", p.as_str())));
            let over = monday.plus_days(6).deadline_passed();
            let finding = Expected::about("PROS-TEAM-02", DOCUMENTATION, &subject).dated(first, over, None, 0);
            self.expected.push(finding);
        }
    }
}

fn before_the_date(office: &mut Office) {
    let client = office.regular(Service::ProsPss);
    let day = office.config.start.plus_days(office.dice.between(3, 20));
    let place = office.attended(client, day);
    office.expect("PROS-GEN-01", VIOLATION, place, office.known(place));
}

/// A CRPA may work in CORE, not here.
fn not_certified(office: &mut Office) {
    let peer = office.peer_in_order(PROS, CredentialKind::Crpa);
    let client = office.regular_of(peer, Service::ProsPss);
    let day = office.some_pros_day(15, 90);
    let place = office.attended(client, day);
    office.expect("PROS-STAFF-01", VIOLATION, place, office.known(place));
}

/// A youth advocate may see people of 18 through 26: one of twenty is fine, one turns twenty-seven.
fn participant_too_old(office: &mut Office) {
    let peer = office.peer_in_order(PROS, CredentialKind::Ypa);
    let birthday = office.some_pros_day(40, 70);
    let admitted = working_from(office.config.start.plus_days(-50));
    for (born, twenty) in [(birthday.plus_months(-20 * 12), true), (birthday.plus_months(-27 * 12), false)] {
        let client = office.register(PROS, Service::ProsPss, peer, admitted, Some(born));
        office.admit(client, admitted);
        office.plan(client, admitted);
        office.attended(client, birthday.plus_days(-7));
        let place = office.attended(client, birthday.plus_days(1));
        if !twenty {
            office.expect("PROS-STAFF-02", VIOLATION, place, office.known(place));
        }
    }
}

fn nobody_supervises(office: &mut Office) {
    let peer = office.unsupervised(PROS, CredentialKind::Nycps);
    let client = office.regular_of(peer, Service::ProsPss);
    let day = office.some_pros_day(15, 90);
    let place = office.attended(client, day);
    office.expect("PROS-SUP-01", VIOLATION, place, office.known(place));
}

/// Fully certified, and three years of direct service complete only in the course of the year; a provisional colleague does not count at all.
fn short_of_three_years(office: &mut Office) {
    let complete_on = working_from(office.pros_from().plus_days(60));
    let supervisor = office.senior_peer(PROS, complete_on.plus_days(-1_094));
    let peer = office.unsupervised(PROS, CredentialKind::Nycps);
    let start_on = office.peers[peer].start_on;
    office.assign(peer, supervisor, start_on);
    let client = office.regular_of(peer, Service::ProsPss);
    let place = office.attended(client, complete_on.plus_days(-15));
    office.expect("PROS-SUP-02", VIOLATION, place, office.known(place));
    office.attended(client, complete_on);

    let provisional = office.engage_supervisor(PROS, &[domain::words::Role::Supervisor, domain::words::Role::Peer], false, false);
    let person = office.supervisors[provisional].id.clone();
    let from = office.config.start.plus_days(-200);
    office.grant(&person, CredentialKind::Nycps, CredentialLevel::Provisional, from, Some(office.end.plus_days(400)));
    let peer = office.unsupervised(PROS, CredentialKind::Nycps);
    let start_on = office.peers[peer].start_on;
    office.assign(peer, provisional, start_on);
    let client = office.regular_of(peer, Service::ProsPss);
    let place = office.attended(client, complete_on.plus_days(30));
    office.expect("PROS-SUP-01", VIOLATION, place, office.known(place));
}

/// With units accrued it is a violation, without a gap.
fn no_such_goal(office: &mut Office) {
    let client = office.regular(Service::ProsPss);
    let day = office.some_pros_day(15, 75);
    for (days, goal, accrue) in [(0, Some("G-7"), true), (13, None, false)] {
        let mut visit = office.visit(client, day.plus_days(days));
        (visit.goal, visit.accrue) = (goal, accrue);
        let place = office.file(visit);
        let class = if accrue { VIOLATION } else { DOCUMENTATION };
        office.expect("PROS-IRP-01", class, place, office.known(place));
    }
}

/// The plan comes into force the day after the contact.
fn no_plan(office: &mut Office) {
    let peer = office.plain_peer(Service::ProsPss);
    let admitted = office.some_pros_day(15, 85);
    let client = office.register(PROS, Service::ProsPss, peer, admitted, None);
    office.admit(client, admitted);
    let place = office.attended(client, admitted);
    office.expect("PROS-IRP-01", VIOLATION, place, office.known(place));
    office.plan(client, office.served[place].day.plus_days(1));
}

fn no_component(office: &mut Office) {
    let client = office.regular(Service::ProsPss);
    let day = office.some_pros_day(15, 90);
    let mut visit = office.visit(client, day);
    visit.component = Some("A1");
    let place = office.file(visit);
    office.expect("PROS-SVC-03", DOCUMENTATION, place, office.known(place));
}

fn no_meeting(office: &mut Office) {
    let client = office.regular(Service::ProsPss);
    let day = office.some_pros_day(20, 50);
    let place = office.attended(client, day);
    let monday = monday_of(office.served[place].day);
    office.meetings.not_held.push((PROS, monday));
}

fn not_invited(office: &mut Office) {
    debug_assert_eq!(office.programs[PROS].kind, ProgramKind::Pros);
    let peer = office.peer_in_order(PROS, CredentialKind::Nycps);
    let client = office.regular_of(peer, Service::ProsPss);
    let day = office.some_pros_day(60, 90);
    office.attended(client, working_from(day.plus_days(-14)));
    let place = office.attended(client, day);
    office.meetings.not_invited.push((peer, monday_of(office.served[place].day)));
}
