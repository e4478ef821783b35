//! Plants about what a peer was granted and for how long: lapses, wrong dates, wrong kinds, the CRPA year, ages, issuers.
//! What an issuer does to a credential afterwards is in `orders`.

use domain::event::*;
use domain::field::Scalar;
use domain::words::{CredentialKind, CredentialLevel, Service};
use domain::{BirthDate, PersonId, ValidDay};

use super::{Plant, plant};
use crate::billing::Fate;
use crate::calendar::{next_working, working_from};
use crate::expected::{DOCUMENTATION, Expected, VIOLATION};
use crate::office::{Entry, Office};
use crate::programs::{CLINIC, text};
use crate::year::{change, reason, target};

pub(super) const PLANTS: &[Plant] = &[
    plant("certification ran out unnoticed", ran_out),
    plant("family credential ran out unnoticed", family_ran_out),
    plant("youth credential renewed after a gap", youth_gap),
    plant("expiry mistyped, corrected, nothing left", mistyped_too_early),
    plant("expiry misread, corrected to an earlier day", misread_too_late),
    plant("family service by an adult peer", wrong_kind),
    plant("CRPA under the strict setting", strict_crpa),
    plant("CRPA who never converted", never_converted),
    plant("CRPA who converted on the last day", converted_on_the_last_day),
    plant("youth advocate of seventeen", too_young),
    plant("youth advocate turned thirty-one", too_old),
    plant("issuer not on the list", unknown_issuer),
];

impl Office {
    /// A supervised peer without any credential yet, engaged before the year.
    pub(super) fn bare_peer(&mut self, program: usize, kind: CredentialKind) -> usize {
        let terms = self.hiring(program, kind);
        let peer = self.hire(terms);
        self.supervised(peer);
        peer
    }

    /// A clinic peer with one full credential that runs to a day and is not renewed.
    pub(super) fn peer_until(&mut self, kind: CredentialKind, to: ValidDay) -> (usize, PersonId, Entry) {
        let peer = self.bare_peer(CLINIC, kind);
        let person = self.peers[peer].id.clone();
        let from = self.config.start.plus_days(-self.dice.between(300, 500));
        let granted = self.grant(&person, kind, CredentialLevel::Full, from, Some(to));
        (peer, person, granted)
    }
}

/// The day of expiry is covered; after it one claim is paid, one denied, one voided.
fn ran_out(office: &mut Office) {
    let to = office.some_day(25, 60);
    let (peer, _, _) = office.peer_until(CredentialKind::Nycps, to);
    let client = office.regular_of(peer, Service::MhotrsAdultPeer);
    office.seen(client, to);
    let mut day = next_working(to);
    for fate in [Fate::Paid(940), Fate::Denied, Fate::Voided] {
        let visit = office.visit(client, day);
        day = working_from(visit.day.plus_days(9));
        let place = office.file(visit);
        let mut claim = office.claim_for(&[place]);
        claim.fate = fate;
        office.submit(claim);
        office.expect("MHOTRS-CRED-01", VIOLATION, place, office.known(place));
    }
}

fn family_ran_out(office: &mut Office) {
    let to = office.some_day(30, 80);
    let (peer, _, _) = office.peer_until(CredentialKind::Fpa, to);
    let client = office.regular_of(peer, Service::MhotrsFamilyPeer);
    for days in [-20, 1, 15] {
        let place = office.seen(client, to.plus_days(days));
        if days > 0 {
            office.expect("MHOTRS-CRED-03", VIOLATION, place, office.known(place));
        }
    }
}

/// The renewal closes the gap from its own day on and not before.
fn youth_gap(office: &mut Office) {
    let to = office.some_day(25, 60);
    let (peer, person, _) = office.peer_until(CredentialKind::Ypa, to);
    let client = office.regular_of(peer, Service::MhotrsYouthPeer);
    let renewed = working_from(to.plus_days(30));
    let event = CredentialRenewed { person, credential: CredentialKind::Ypa, effective_on: renewed, expires_on: renewed.plus_months(24) };
    office.personnel(renewed.plus_days(4), "hr:cred", event);
    for days in [3, 17] {
        let place = office.seen(client, to.plus_days(days));
        office.expect("MHOTRS-CRED-05", VIOLATION, place, office.known(place));
    }
    office.seen(client, renewed);
}

/// The wrong year on the certificate made contacts red until somebody looked at the paper.
fn mistyped_too_early(office: &mut Office) {
    let wrong = office.some_day(30, 50);
    let (peer, _, granted) = office.peer_until(CredentialKind::Nycps, wrong);
    let client = office.regular_of(peer, Service::MhotrsAdultPeer);
    for weeks in [1, 3, 5] {
        office.seen(client, wrong.plus_days(weeks * 7));
    }
    let fields = change("expires_on", &wrong.plus_months(24).to_string());
    office.personnel(
        wrong.plus_days(50),
        "hr:fix",
        EventCorrected { target: target(&granted), fields, reason: reason("year misread on the certificate") },
    );
}

/// Two years too many were typed in; the correction came long after the contacts were billed.
fn misread_too_late(office: &mut Office) {
    let right = office.some_day(30, 55);
    let (peer, _, granted) = office.peer_until(CredentialKind::Nycps, right.plus_months(24));
    let client = office.regular_of(peer, Service::MhotrsAdultPeer);
    let fields = change("expires_on", &right.to_string());
    let corrected = office.personnel(
        right.plus_days(75),
        "hr:fix",
        EventCorrected { target: target(&granted), fields, reason: reason("issuer's register shows an earlier date") },
    );
    office.seen(client, right);
    for days in [4, 20, 41] {
        let place = office.seen(client, right.plus_days(days));
        office.expect("MHOTRS-CRED-01", VIOLATION, place, corrected.known.max(office.known(place)));
    }
}

/// An adult peer stands in for the family advocate.
fn wrong_kind(office: &mut Office) {
    let client = office.regular(Service::MhotrsFamilyPeer);
    let day = office.some_day(10, 85);
    office.seen(client, day);
    office.clients[client].peer = office.plain_peer(Service::MhotrsAdultPeer);
    let place = office.seen(client, day.plus_days(14));
    office.expect("MHOTRS-CRED-10", VIOLATION, place, office.known(place));
}

/// Late in the year the agency decides that a CRPA's first twelve months are not billable either.
fn strict_crpa(office: &mut Office) {
    let strict_from = working_from(office.end.plus_days(-70));
    office.set(strict_from, "crpa.strict", Scalar::Bool(true), strict_from);
    let peer = crpa_hired(office, working_from(strict_from.plus_days(-60)));
    let client = office.regular_of(peer, Service::MhotrsAdultPeer);
    office.seen(client, strict_from.plus_days(-10));
    for days in [1, 12] {
        let place = office.seen(client, strict_from.plus_days(days));
        office.expect("MHOTRS-CRED-12", VIOLATION, place, office.known(place));
    }
}

/// A supervised CRPA of the clinic, hired on a day, the credential long in order.
fn crpa_hired(office: &mut Office, start_on: ValidDay) -> usize {
    let mut terms = office.hiring(CLINIC, CredentialKind::Crpa);
    terms.start_on = start_on;
    let peer = office.hire(terms);
    let person = office.peers[peer].id.clone();
    let from = start_on.plus_days(-100);
    office.grant(&person, CredentialKind::Crpa, CredentialLevel::Full, from, Some(from.plus_months(60)));
    office.supervised(peer);
    peer
}

/// Twelve months pass: what came before is a gap in the record, what comes after is a violation.
fn never_converted(office: &mut Office) {
    let hired = working_from(office.config.start.plus_days(-office.dice.between(180, 260)));
    let peer = crpa_hired(office, hired);
    let client = office.regular_of(peer, Service::MhotrsAdultPeer);
    let last = hired.plus_months(12);
    for days in [-50, -12] {
        let place = office.seen(client, last.plus_days(days));
        office.expect("MHOTRS-CRED-13", DOCUMENTATION, place, office.known(place).max(last.deadline_passed()));
    }
    for days in [1, 16] {
        let place = office.seen(client, last.plus_days(days));
        office.expect("MHOTRS-CRED-13", VIOLATION, place, office.known(place));
    }
}

/// The same calendar day twelve months later is still in time.
fn converted_on_the_last_day(office: &mut Office) {
    let hired = working_from(office.config.start.plus_days(-office.dice.between(180, 260)));
    let peer = crpa_hired(office, hired);
    let client = office.regular_of(peer, Service::MhotrsAdultPeer);
    let last = hired.plus_months(12);
    let person = office.peers[peer].id.clone();
    office.grant(&person, CredentialKind::Nycps, CredentialLevel::Provisional, last, Some(last.plus_months(24)));
    for days in [-30, 0, 14] {
        office.seen(client, last.plus_days(days));
    }
}

/// Hired at seventeen: a violation until the birthday, nothing from it on.
fn too_young(office: &mut Office) {
    let birthday = office.some_day(30, 70);
    let mut terms = office.hiring(CLINIC, CredentialKind::Ypa);
    terms.born = birthday.plus_months(-18 * 12);
    let peer = office.hire(terms);
    office.credential_in_order(peer, CredentialKind::Ypa);
    office.supervised(peer);
    let client = office.regular_of(peer, Service::MhotrsYouthPeer);
    for days in [-24, -10] {
        let place = office.seen(client, birthday.plus_days(days));
        office.expect("MHOTRS-CRED-06", VIOLATION, place, office.known(place));
    }
    office.seen(client, birthday);
}

/// The credential outlives the thirty-first birthday: to be asked of the issuer. The birth date had been mistyped by two years.
fn too_old(office: &mut Office) {
    let birthday = office.some_day(30, 50);
    let born = birthday.plus_months(-31 * 12);
    let mut terms = office.hiring(CLINIC, CredentialKind::Ypa);
    terms.born = born.plus_months(24);
    let peer = office.hire(terms);
    office.credential_in_order(peer, CredentialKind::Ypa);
    office.supervised(peer);
    let client = office.regular_of(peer, Service::MhotrsYouthPeer);
    let person = office.peers[peer].id.clone();
    let learned = office.personnel(birthday.plus_days(40), "hr:birth", BirthDateRecorded { person, birth_date: BirthDate(born) });
    office.seen(client, birthday.plus_days(-9));
    for days in [2, 20, 60] {
        let place = office.seen(client, birthday.plus_days(days));
        office.expect("MHOTRS-CRED-06", DOCUMENTATION, place, learned.known.max(office.known(place)));
    }
}

/// A second certificate of a certified peer, from a body nobody approved.
fn unknown_issuer(office: &mut Office) {
    let peer = office.plain_peer(Service::MhotrsFamilyPeer);
    let person = office.peers[peer].id.clone();
    let effective_on = office.some_day(10, 80);
    let event = CredentialGranted {
        person: person.clone(),
        credential: CredentialKind::Crpa,
        level: CredentialLevel::Full,
        issuer: text("Tri-County Coaching Institute"),
        number: None,
        effective_on,
        expires_on: None,
    };
    let granted = office.personnel(effective_on, "hr:cred", event);
    let mut finding = Expected::about("MHOTRS-CRED-15", DOCUMENTATION, &[("person", person.as_str()), ("credential", "CRPA")]);
    finding.true_from = Some(effective_on.to_string());
    finding.first_detectable = Some(granted.known.to_string());
    finding.exposure_cents = Some(0);
    office.expected.push(finding);
}
