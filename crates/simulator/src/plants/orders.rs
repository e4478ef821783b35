//! Plants about what an issuer does to a credential: revoked, surrendered, suspended, reinstated, and revoked by mistake.
//! Most of it is learned late; what was billed in between was not known to be wrong.

use domain::event::*;
use domain::words::{CredentialKind, Service};

use super::{Plant, plant};
use crate::calendar::working_from;
use crate::expected::VIOLATION;
use crate::office::Office;
use crate::programs::{CLINIC, text};
use crate::year::{reason, target};

pub(super) const PLANTS: &[Plant] = &[
    plant("revoked three months back", revoked_backwards),
    plant("family credential surrendered", surrendered),
    plant("suspended and reinstated", suspended),
    plant("revocation of somebody else, taken back", revoked_by_mistake),
];

/// Entered three months after it took effect: the contacts from the effective day on turn red, billed in good faith.
fn revoked_backwards(office: &mut Office) {
    let peer = office.peer_in_order(CLINIC, CredentialKind::Nycps);
    let first = office.regular_of(peer, Service::MhotrsAdultPeer);
    let second = office.regular_of(peer, Service::MhotrsAdultPeer);
    let effective_on = office.some_day(30, 60);
    let person = office.peers[peer].id.clone();
    let event = CredentialRevoked { person, credential: CredentialKind::Nycps, effective_on, reason: Some(text("ethics finding")) };
    let revoked = office.personnel(effective_on.plus_days(92), "hr:cred", event);
    office.seen(first, effective_on.plus_days(-15));
    office.seen(second, effective_on.plus_days(-6));
    for (client, days) in [(first, 0), (second, 8), (first, 24), (second, 37), (first, 55), (second, 76)] {
        let place = office.seen(client, effective_on.plus_days(days));
        office.expect("MHOTRS-CRED-01", VIOLATION, place, revoked.known.max(office.known(place)));
    }
}

fn surrendered(office: &mut Office) {
    let peer = office.peer_in_order(CLINIC, CredentialKind::Fpa);
    let client = office.regular_of(peer, Service::MhotrsFamilyPeer);
    let effective_on = office.some_day(30, 75);
    let person = office.peers[peer].id.clone();
    let event = CredentialSurrendered { person, credential: CredentialKind::Fpa, effective_on, reason: None };
    let surrendered = office.personnel(effective_on.plus_days(25), "hr:cred", event);
    office.seen(client, effective_on.plus_days(-14));
    for days in [1, 14] {
        let place = office.seen(client, effective_on.plus_days(days));
        office.expect("MHOTRS-CRED-03", VIOLATION, place, surrendered.known.max(office.known(place)));
    }
}

/// Suspended with notice on both sides: the contact in between is the finding, the day of reinstatement is fine.
fn suspended(office: &mut Office) {
    let peer = office.peer_in_order(CLINIC, CredentialKind::Ypa);
    let client = office.regular_of(peer, Service::MhotrsYouthPeer);
    let effective_on = office.some_day(25, 70);
    let person = office.peers[peer].id.clone();
    let event =
        CredentialSuspended { person: person.clone(), credential: CredentialKind::Ypa, effective_on, reason: Some(text("inquiry")) };
    let suspended = office.personnel(effective_on.plus_days(-1), "hr:cred", event);
    let back = working_from(effective_on.plus_days(30));
    let event = CredentialReinstated { person, credential: CredentialKind::Ypa, effective_on: back, expires_on: None };
    office.personnel(back, "hr:cred", event);
    office.seen(client, effective_on.plus_days(-8));
    let place = office.seen(client, effective_on.plus_days(11));
    office.expect("MHOTRS-CRED-05", VIOLATION, place, suspended.known.max(office.known(place)));
    office.seen(client, back.plus_days(3));
}

/// The revocation was of a namesake; taking it back clears everything it had turned red.
fn revoked_by_mistake(office: &mut Office) {
    let peer = office.peer_in_order(CLINIC, CredentialKind::Nycps);
    let client = office.regular_of(peer, Service::MhotrsAdultPeer);
    let effective_on = office.some_day(30, 60);
    let person = office.peers[peer].id.clone();
    let event = CredentialRevoked { person, credential: CredentialKind::Nycps, effective_on, reason: None };
    let revoked = office.personnel(effective_on.plus_days(40), "hr:cred", event);
    office.personnel(
        effective_on.plus_days(47),
        "hr:fix",
        EventRetracted { target: target(&revoked), reason: reason("another person of the same name") },
    );
    for days in [2, 19, 60] {
        office.seen(client, effective_on.plus_days(days));
    }
}
