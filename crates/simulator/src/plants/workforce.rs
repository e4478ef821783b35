//! Plants about engagement (WORK-01): contacts by peers who had left or had not begun.
//! The peers are the plant's own, in order in everything else.

use domain::event::PersonSeparated;
use domain::words::{CredentialKind, Service};

use super::{Plant, plant};
use crate::calendar::{next_working, working_from};
use crate::expected::VIOLATION;
use crate::office::Office;
use crate::programs::CLINIC;

pub(super) const PLANTS: &[Plant] = &[
    plant("left, and still on the schedule", left),
    plant("left, entered two months late", left_entered_late),
    plant("seen before the first day", before_the_first_day),
];

const RULE: &str = "WORK-01";

/// The last day still counts; the days after it do not.
fn left(office: &mut Office) {
    let peer = office.peer_in_order(CLINIC, CredentialKind::Nycps);
    let client = office.regular_of(peer, Service::MhotrsAdultPeer);
    let last = office.some_day(30, 70);
    office.seen(client, last);
    let person = office.peers[peer].id.clone();
    office.peers[peer].last_day = Some(last);
    let separated = office.personnel(last, "hr:person", PersonSeparated { person, separated_on: last, reason: None });
    let mut day = next_working(last);
    for _ in 0..2 {
        let place = office.seen(client, day);
        office.expect(RULE, VIOLATION, place, office.known(place).max(separated.known));
        day = working_from(day.plus_days(7));
    }
}

/// Nobody knew at billing: the separation came in two months later.
fn left_entered_late(office: &mut Office) {
    let peer = office.peer_in_order(CLINIC, CredentialKind::Fpa);
    let client = office.regular_of(peer, Service::MhotrsFamilyPeer);
    let last = office.some_day(30, 60);
    office.seen(client, working_from(last.plus_days(-10)));
    let person = office.peers[peer].id.clone();
    office.peers[peer].last_day = Some(last);
    let separated = office.personnel(last.plus_days(60), "hr:person", PersonSeparated { person, separated_on: last, reason: None });
    for weeks in 1..=3 {
        let place = office.seen(client, last.plus_days(weeks * 7));
        office.expect(RULE, VIOLATION, place, office.known(place).max(separated.known));
    }
}

/// A week of shadowing before the engagement was written up as contacts.
fn before_the_first_day(office: &mut Office) {
    let mut terms = office.hiring(CLINIC, CredentialKind::Nycps);
    let start_on = office.some_day(20, 70);
    terms.start_on = start_on;
    let peer = office.hire(terms);
    office.credential_in_order(peer, CredentialKind::Nycps);
    let colleague = office.plain_peer(Service::MhotrsAdultPeer);
    if let Some(supervisor) = office.peers[colleague].supervisor {
        office.assign(peer, supervisor, start_on.plus_days(-20));
    }
    let client = office.regular_of(peer, Service::MhotrsAdultPeer);
    let place = office.seen(client, start_on.plus_days(-5));
    office.expect(RULE, VIOLATION, place, office.known(place).max(office.peers[peer].engaged));
    office.seen(client, start_on);
}
