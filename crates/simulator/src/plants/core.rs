//! Plants about peer support in CORE: who may, who supervises, one to one, the plan's goal, and the monthly range.
//! Peers who are planted here work for the plant alone, since a CORE peer must not be in two places at once.

use domain::KnownAt;
use domain::event::{CrisisRecorded, IntensityConsulted};
use domain::words::{CredentialKind, Format, NoteElement, Role, Service};

use super::{Plant, plant};
use crate::calendar::{at, day, later, working_from};
use crate::expected::{DOCUMENTATION, Expected, VIOLATION};
use crate::office::Office;
use crate::programs::CORE;

pub(super) const PLANTS: &[Plant] = &[
    plant("CORE contact by a family advocate", not_certified),
    plant("CORE peer nobody supervises", nobody_supervises),
    plant("CORE supervisor without a qualification on record", not_qualified),
    plant("CORE contact in a group", in_a_group),
    plant("CORE peer in two places", in_two_places),
    plant("CORE contact with a clinical activity", clinical),
    plant("CORE contact without goal or plan", no_goal),
    plant("CORE month over the range", over_the_range),
    plant("CORE month over the range in a crisis nobody noted", crisis_not_noted),
    plant("CORE month over the range in a crisis, noted", crisis_noted),
    plant("CORE month over the range after a consultation", consulted),
];

fn not_certified(office: &mut Office) {
    let peer = office.peer_in_order(CORE, CredentialKind::Fpa);
    let client = office.regular_of(peer, Service::CorePeer);
    let when = office.some_day(10, 85);
    let place = office.seen(client, when);
    office.expect("CORE-STAFF-01", VIOLATION, place, office.known(place));
}

fn nobody_supervises(office: &mut Office) {
    let peer = office.unsupervised(CORE, CredentialKind::Crpa);
    let client = office.regular_of(peer, Service::CorePeer);
    let when = office.some_day(10, 85);
    let place = office.seen(client, when);
    office.expect("CORE-STAFF-02", VIOLATION, place, office.known(place));
}

fn not_qualified(office: &mut Office) {
    let supervisor = office.engage_supervisor(CORE, &[Role::Supervisor], false, false);
    let peer = office.unsupervised(CORE, CredentialKind::Nycps);
    let start_on = office.peers[peer].start_on;
    office.assign(peer, supervisor, start_on);
    let client = office.regular_of(peer, Service::CorePeer);
    let when = office.some_day(10, 85);
    let place = office.seen(client, when);
    office.expect("CORE-STAFF-02", DOCUMENTATION, place, office.known(place));
}

fn in_a_group(office: &mut Office) {
    let client = office.regular(Service::CorePeer);
    let when = office.some_day(10, 85);
    let mut visit = office.visit(client, when);
    visit.format = Format::Group;
    let place = office.file_and_bill(visit);
    office.expect("CORE-MOD-01", VIOLATION, place, office.known(place));
}

/// Twenty minutes in which the peer is with two people; a third contact begins where the second ends.
fn in_two_places(office: &mut Office) {
    let peer = office.peer_in_order(CORE, CredentialKind::Nycps);
    let clients: Vec<usize> = (0..3).map(|_| office.regular_of(peer, Service::CorePeer)).collect();
    let when = office.some_day(10, 85);
    let noon = at(when, 12 * 60);
    let mut places = Vec::new();
    for (client, (from, to)) in clients.into_iter().zip([(0, 45), (25, 70), (70, 100)]) {
        let mut visit = office.visit_lasting(client, when, to - from);
        (visit.start, visit.end) = (later(noon, from), later(noon, to));
        visit.entered = later(visit.end, 5);
        let written_at = later(visit.end, 40);
        if let Some(note) = &mut visit.note {
            (note.written_at, note.entered) = (written_at, later(written_at, 2));
        }
        places.push(office.file_and_bill(visit));
    }
    let both = office.known(places[0]).max(office.known(places[1]));
    for place in &places[..2] {
        office.expect("CORE-MOD-01", VIOLATION, *place, both);
    }
}

fn clinical(office: &mut Office) {
    let client = office.regular(Service::CorePeer);
    let when = office.some_day(10, 85);
    let mut visit = office.visit(client, when);
    visit.activities = vec!["other", "X3"];
    let place = office.file_and_bill(visit);
    office.expect("CORE-SVC-01", VIOLATION, place, office.known(place));
}

/// One contact names no goal; another comes before the person has a plan.
fn no_goal(office: &mut Office) {
    let client = office.regular(Service::CorePeer);
    let when = office.some_day(10, 85);
    let mut visit = office.visit(client, when);
    visit.goal = None;
    let place = office.file_and_bill(visit);
    office.expect("CORE-SVC-02", DOCUMENTATION, place, office.known(place));

    let peer = office.plain_peer(Service::CorePeer);
    let admitted = office.some_day(10, 85);
    let client = office.register(CORE, Service::CorePeer, peer, admitted, None);
    office.admit(client, admitted);
    let place = office.seen(client, admitted);
    office.expect("CORE-SVC-02", DOCUMENTATION, place, office.known(place));
    office.plan(client, office.served[place].day.plus_days(1));
}

/// A month of three contacts of nine units each, the third of which goes over the range; its note may speak of a crisis.
struct Month {
    client: usize,
    peer: usize,
    first_over: usize,
    name: String,
}

fn full_month(office: &mut Office, before: fn(&mut Office, usize, usize, domain::ValidDay), crisis_note: bool) -> Month {
    let peer = office.peer_in_order(CORE, CredentialKind::Nycps);
    let client = office.regular_of(peer, Service::CorePeer);
    let (year, month, _) = office.some_day(12, 75).ymd();
    let first = working_from(day(year, month, 1).plus_months(1));
    before(office, client, peer, first.plus_days(8));
    let mut first_over = 0;
    for days in [0, 8, 16] {
        let mut visit = office.visit_lasting(client, first.plus_days(days), 135);
        if let Some(note) = visit.note.as_mut().filter(|_| crisis_note && days == 16) {
            note.elements.push(NoteElement::Crisis);
        }
        first_over = office.file_and_bill(visit);
    }
    let name = first.to_string()[..7].to_owned();
    Month { client, peer, first_over, name }
}

fn expect_month(office: &mut Office, rule: &'static str, month: &Month, known: KnownAt) {
    let (individual, _) = office.who(month.client);
    let subject = [("individual", individual.as_str()), ("month", month.name.as_str())];
    let place = month.first_over;
    let finding = Expected::about(rule, DOCUMENTATION, &subject).dated(office.served[place].day, known, office.first_submitted(place), 0);
    office.expected.push(finding);
}

fn nothing(_: &mut Office, _: usize, _: usize, _: domain::ValidDay) {}

fn crisis(office: &mut Office, client: usize, _: usize, from: domain::ValidDay) {
    let individual = office.clients[client].id.clone();
    office.record(at(from, 9 * 60), "ehr:crisis", CrisisRecorded { individual, from, to: from.plus_days(20), note: None });
}

fn consultation(office: &mut Office, client: usize, peer: usize, on: domain::ValidDay) {
    let event = IntensityConsulted {
        individual: office.clients[client].id.clone(),
        peer: office.peers[peer].id.clone(),
        clinical_supervisor: office.practitioner(),
        consulted_on: on,
        from: on,
        to: on.plus_days(21),
    };
    office.record(at(on, 16 * 60), "ehr:consult", event);
}

fn over_the_range(office: &mut Office) {
    let month = full_month(office, nothing, false);
    debug_assert!(!office.peers[month.peer].open);
    let known = office.known(month.first_over);
    expect_month(office, "CORE-INT-06", &month, known);
}

fn crisis_not_noted(office: &mut Office) {
    let month = full_month(office, crisis, false);
    let known = office.known(month.first_over);
    expect_month(office, "CORE-INT-04", &month, known);
}

fn crisis_noted(office: &mut Office) {
    full_month(office, crisis, true);
}

fn consulted(office: &mut Office) {
    full_month(office, consultation, false);
}
