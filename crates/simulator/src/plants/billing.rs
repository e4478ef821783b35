//! Plants about what a claim line says (MHOTRS-BILL-02 to -11 and -14): group size, units, codes, modifiers, rate codes.
//! Each changes the draft of a right claim, or corrects the contact under a claim that was right.

use domain::event::EventCorrected;
use domain::field::{Changes, Raw};
use domain::words::{Service, Site};
use domain::{IndividualId, TargetRef, ValidDay};

use super::{Plant, plant};
use crate::billing::ClaimDraft;
use crate::calendar::{at, day, later, working_from};
use crate::expected::{DOCUMENTATION, Expected, VIOLATION};
use crate::office::{Entry, Office};
use crate::programs::CLINIC;
use crate::year::{change, reason, target};

pub(super) const PLANTS: &[Plant] = &[
    plant("thirteen in a group", thirteen),
    plant("a thirteenth attendee found later", thirteenth_found_later),
    plant("units rounded up", rounded_up),
    plant("a night contact over the spring clock change", over_the_clock_change),
    plant("minutes corrected after billing", minutes_corrected),
    plant("a unit for twelve minutes", twelve_minutes),
    plant("twelve minutes, learned after billing", shortened_below_a_unit),
    plant("thirteen units in a day on one claim", thirteen_units),
    plant("thirteen units in a day on two claims", thirteen_units_on_two_claims),
    plant("twelve units in a day", twelve_units),
    plant("another procedure code", another_code),
    plant("group billed without HQ", group_without_hq),
    plant("one person billed with HQ", one_with_hq),
    plant("a rate code nobody knows", unknown_rate_code),
    plant("off site on the clinic's code", offsite_on_clinic_code),
    plant("at the clinic on the off-site code", onsite_on_offsite_code),
    plant("site corrected after billing", site_corrected),
];

impl Office {
    /// Points a correction at a filed contact.
    pub(super) fn correct_contact(&mut self, place: usize, days_later: i64, fields: Changes, why: &str) -> Entry {
        let served = &self.served[place];
        let on = working_from(served.day.plus_days(days_later));
        let target = TargetRef::parse(served.source.as_str()).expect("a source id names a target");
        self.record(at(on, 11 * 60 + 30), "ehr:fix", EventCorrected { target, fields, reason: reason(why) })
    }

    /// The end a contact would have after so many minutes, as text for a correction.
    fn end_after(&self, place: usize, minutes: i64) -> String {
        later(self.served[place].start, minutes).to_string()
    }

    /// A regular adult's visit of some minutes, filed, with the draft of its claim.
    fn filed(&mut self, minutes: i64, from: i64, to: i64) -> (usize, ClaimDraft) {
        let client = self.regular(Service::MhotrsAdultPeer);
        let day = self.some_day(from, to);
        let visit = self.visit_lasting(client, day, minutes);
        let place = self.file(visit);
        let claim = self.claim_for(&[place]);
        (place, claim)
    }

    /// A group session of one of the agency's peers: so many attendees, two of them with contacts and claims.
    fn crowd(&mut self, day: ValidDay, attendees: usize) -> (Vec<usize>, String, Entry, Vec<IndividualId>) {
        let peer = self.plain_peer(Service::MhotrsAdultPeer);
        let members: Vec<usize> = (0..2).map(|_| self.settled(CLINIC, Service::MhotrsAdultPeer, peer)).collect();
        let mut names: Vec<IndividualId> = members.iter().map(|c| self.clients[*c].id.clone()).collect();
        while names.len() < attendees {
            names.push(self.new_individual_id());
        }
        let (start, end) = (at(day, 18 * 60), at(day, 19 * 60));
        let (session, entry) = self.session(peer, CLINIC, start, end, names.clone());
        let mut places = Vec::new();
        for member in members {
            let visit = self.group_visit(member, peer, day, start, end, &session);
            places.push(self.file_and_bill(visit));
        }
        (places, session.as_str().to_owned(), entry, names)
    }

    fn expect_session(&mut self, session: &str, places: &[usize], known: domain::KnownAt) {
        let submitted = places.iter().filter_map(|p| self.first_submitted(*p)).min();
        let day = self.served[places[0]].day;
        let finding = Expected::about("MHOTRS-BILL-02", VIOLATION, &[("group_session", session)]).dated(
            day,
            known,
            submitted,
            self.stake(places, None),
        );
        self.expected.push(finding);
    }

    fn expect_day(&mut self, places: &[usize], known: domain::KnownAt) {
        let (individual, program) = self.who(self.served[places[0]].client);
        let day = self.served[places[0]].day;
        let date = day.to_string();
        let subject = [("individual", individual.as_str()), ("program", program.as_str()), ("date", date.as_str())];
        let submitted = places.iter().filter_map(|p| self.first_submitted(*p)).min();
        let finding = Expected::about("MHOTRS-BILL-05", VIOLATION, &subject).dated(day, known, submitted, self.stake(places, None));
        self.expected.push(finding);
    }
}

fn thirteen(office: &mut Office) {
    let day = office.some_day(10, 85);
    let (places, session, entry, _) = office.crowd(day, 13);
    office.expect_session(&session, &places, entry.known);
}

/// The sign-in sheet had a second page, found after the claims.
fn thirteenth_found_later(office: &mut Office) {
    let day = office.some_day(10, 75);
    let (places, session, entry, mut names) = office.crowd(day, 12);
    names.push(office.new_individual_id());
    let list = names.iter().map(|n| Raw::owned(n.as_str().to_owned())).collect();
    let fields = Changes(vec![("attendees".to_owned(), Raw::List(list))]);
    let found_on = working_from(day.plus_days(30));
    let event = EventCorrected { target: target(&entry), fields, reason: reason("sign-in sheet had a second page") };
    let corrected = office.record(at(found_on, 11 * 60), "ehr:fix", event);
    office.expect_session(&session, &places, corrected.known);
}

/// Forty minutes are two units, not three.
fn rounded_up(office: &mut Office) {
    let (place, mut claim) = office.filed(40, 10, 85);
    claim.lines[0].charge += claim.lines[0].charge / 2;
    claim.lines[0].units += 1;
    office.submit_and_expect("MHOTRS-BILL-04", place, claim);
}

/// From half past one to half past three by the clock on the wall is one hour in the night the clocks go forward.
fn over_the_clock_change(office: &mut Office) {
    let year = office.config.start.ymd().0;
    let within = office.config.start.plus_days(10)..office.end.plus_days(-40);
    let nights = [year, year + 1].map(|y| day(y, 3, 8)).map(|march| march.plus_days(i64::from(7 - march.iso_weekday())));
    let Some(sunday) = nights.into_iter().find(|n| within.contains(n)) else { return };
    let client = office.regular(Service::MhotrsAdultPeer);
    let mut visit = office.visit_lasting(client, sunday, 60);
    visit.day = sunday;
    visit.start = later(sunday.begins(), 90);
    visit.end = later(visit.start, 60);
    visit.entered = later(visit.end, 10);
    if let Some(note) = &mut visit.note {
        note.written_at = later(visit.end, 30);
        note.entered = later(visit.end, 33);
    }
    let place = office.file(visit);
    let mut claim = office.claim_for(&[place]);
    claim.lines[0].units = 8;
    claim.lines[0].charge *= 2;
    office.submit_and_expect("MHOTRS-BILL-04", place, claim);
}

impl Office {
    /// Submits a changed claim that breaks a rule about the contact, known once it is submitted.
    fn submit_and_expect(&mut self, rule: &'static str, place: usize, claim: ClaimDraft) {
        let Some(claim) = self.submit(claim) else { return };
        let known = self.claims[claim].submitted.max(self.known(place));
        self.expect(rule, VIOLATION, place, known);
    }

    /// Submits a changed claim that breaks a rule about its line.
    fn submit_and_expect_line(&mut self, rule: &'static str, class: &'static str, place: usize, claim: ClaimDraft) {
        let Some(claim) = self.submit(claim) else { return };
        let known = self.known(place);
        self.expect_line(rule, class, claim, place, known);
    }
}

/// An hour was billed; the sign-out sheet says forty minutes.
fn minutes_corrected(office: &mut Office) {
    let (place, claim) = office.filed(60, 10, 75);
    office.submit(claim);
    let end = office.end_after(place, 40);
    let corrected = office.correct_contact(place, 30, change("end", &end), "sign-out sheet");
    office.expect("MHOTRS-BILL-04", VIOLATION, place, corrected.known);
}

fn twelve_minutes(office: &mut Office) {
    let (place, mut claim) = office.filed(12, 10, 85);
    claim.lines[0].units = 1;
    claim.lines[0].charge = 2_315;
    office.submit_and_expect("MHOTRS-BILL-14", place, claim);
}

fn shortened_below_a_unit(office: &mut Office) {
    let (place, claim) = office.filed(25, 10, 75);
    office.submit(claim);
    let end = office.end_after(place, 11);
    let corrected = office.correct_contact(place, 25, change("end", &end), "phone log");
    office.expect("MHOTRS-BILL-14", VIOLATION, place, corrected.known);
}

/// A hundred and five minutes in the morning and ninety in the afternoon.
fn thirteen_units(office: &mut Office) {
    let places = long_day(office, [105, 90], Site::Onsite);
    let claim = office.claim_for(&places);
    let Some(claim) = office.submit(claim) else { return };
    office.expect_day(&places, office.claims[claim].submitted);
}

/// The same at two sites: the second claim is the one that made it too much.
fn thirteen_units_on_two_claims(office: &mut Office) {
    let places = long_day(office, [90, 105], Site::Offsite);
    office.bill(places[0]);
    let Some(second) = office.bill(places[1]) else { return };
    office.expect_day(&places, office.claims[second].submitted);
}

/// Twelve units in a day are allowed, however they are split.
fn twelve_units(office: &mut Office) {
    let places = long_day(office, [90, 90], Site::Offsite);
    office.bill(places[0]);
    office.bill(places[1]);
}

/// Two long contacts of one person on one day, the second at a site, with a peer of the plant's own who has all day.
fn long_day(office: &mut Office, minutes: [i64; 2], second_at: Site) -> Vec<usize> {
    let peer = office.peer_in_order(CLINIC, domain::words::CredentialKind::Nycps);
    let client = office.regular_of(peer, Service::MhotrsAdultPeer);
    let day = office.some_day(10, 85);
    let first = office.visit_lasting(client, day, minutes[0]);
    let mut second = office.visit_lasting(client, day, minutes[1]);
    second.site = second_at;
    if second_at == Site::Offsite {
        second.mode = domain::words::Mode::InPerson;
    }
    vec![office.file(first), office.file(second)]
}

fn another_code(office: &mut Office) {
    let (place, mut claim) = office.filed(45, 10, 85);
    claim.lines[0].hcpcs = "H2014";
    office.submit_and_expect_line("MHOTRS-BILL-07", VIOLATION, place, claim);
}

fn group_without_hq(office: &mut Office) {
    let day = office.some_day(10, 85);
    let peer = office.plain_peer(Service::MhotrsAdultPeer);
    let members: Vec<usize> = (0..3).map(|_| office.settled(CLINIC, Service::MhotrsAdultPeer, peer)).collect();
    let (start, end) = (at(day, 18 * 60), at(day, 18 * 60 + 45));
    let names = members.iter().map(|c| office.clients[*c].id.clone()).collect();
    let (session, _) = office.session(peer, CLINIC, start, end, names);
    for (number, member) in members.into_iter().enumerate() {
        let visit = office.group_visit(member, peer, day, start, end, &session);
        let place = office.file(visit);
        let mut claim = office.claim_for(&[place]);
        if number == 0 {
            claim.lines[0].modifiers.clear();
            office.submit_and_expect_line("MHOTRS-BILL-08", VIOLATION, place, claim);
        } else {
            office.submit(claim);
        }
    }
}

fn one_with_hq(office: &mut Office) {
    let (place, mut claim) = office.filed(30, 10, 85);
    claim.lines[0].modifiers.push("HQ");
    office.submit_and_expect_line("MHOTRS-BILL-08", DOCUMENTATION, place, claim);
}

fn unknown_rate_code(office: &mut Office) {
    let (place, mut claim) = office.filed(30, 10, 85);
    claim.rate_code = Some("1477");
    office.submit_and_expect_line("MHOTRS-BILL-10", DOCUMENTATION, place, claim);
}

fn offsite_on_clinic_code(office: &mut Office) {
    let client = office.regular(Service::MhotrsFamilyPeer);
    let day = office.some_day(10, 85);
    let mut visit = office.visit(client, day);
    visit.site = Site::Offsite;
    visit.mode = domain::words::Mode::InPerson;
    let place = office.file(visit);
    let mut claim = office.claim_for(&[place]);
    claim.rate_code = Some("1474");
    office.submit_and_expect_line("MHOTRS-BILL-11", VIOLATION, place, claim);
}

fn onsite_on_offsite_code(office: &mut Office) {
    let (place, mut claim) = office.filed(30, 10, 85);
    claim.rate_code = Some("1507");
    office.submit_and_expect_line("MHOTRS-BILL-11", VIOLATION, place, claim);
}

/// Billed as a visit at the clinic; the peer had been at the person's home.
fn site_corrected(office: &mut Office) {
    let (place, claim) = office.filed(45, 10, 75);
    let Some(claim) = office.submit(claim) else { return };
    let corrected = office.correct_contact(place, 28, change("site", "offsite"), "the visit was at the person's home");
    office.expect_line("MHOTRS-BILL-11", VIOLATION, claim, place, corrected.known);
}
