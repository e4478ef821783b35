//! Plants about supervision in the clinic (MHOTRS-SUP-01): lapsed licences, gaps between supervisors, supervisors without a licence.
//! Supervisors here are the plant's own, so that nobody else is left unsupervised.

use domain::event::*;
use domain::words::{CredentialKind, Discipline, LicenceEnd, RegulationPart, Role, Service};

use super::{Plant, plant};
use crate::calendar::{day, working_from};
use crate::expected::VIOLATION;
use crate::office::Office;
use crate::programs::CLINIC;

pub(super) const PLANTS: &[Plant] = &[
    plant("supervisor's licence lapsed unnoticed", lapsed_unnoticed),
    plant("supervisor's registration ran out", ran_out),
    plant("two weeks without a supervisor", between_supervisors),
    plant("supervised by a peer without a licence", unlicensed),
    plant("supervised on a limited permit, then by designation", on_permit),
];

const RULE: &str = "MHOTRS-SUP-01";

impl Office {
    /// A clinic supervisor of the plant's own, with nothing that qualifies them yet.
    fn own_supervisor(&mut self) -> usize {
        self.engage_supervisor(CLINIC, &[Role::Supervisor, Role::Clinician], false, false)
    }

    /// A peer in order but for the supervision.
    pub(super) fn unsupervised(&mut self, program: usize, kind: CredentialKind) -> usize {
        let terms = self.hiring(program, kind);
        let peer = self.hire(terms);
        self.credential_in_order(peer, kind);
        peer
    }
}

/// The lapse is learned ten weeks later, together with the renewal that ended it: both supervised peers are hit, only in the gap.
fn lapsed_unnoticed(office: &mut Office) {
    let supervisor = office.own_supervisor();
    let from = office.config.start.plus_days(-700);
    office.license(supervisor, Discipline::Lmsw, false, from, None);
    let lapsed_on = office.some_day(30, 60);
    let renewed_from = lapsed_on.plus_days(31);
    let learned_on = working_from(lapsed_on.plus_days(70));
    let person = office.supervisors[supervisor].id.clone();
    let event = LicenceEnded { person: person.clone(), discipline: Discipline::Lmsw, reason: LicenceEnd::Lapsed, effective_on: lapsed_on };
    let learned = office.personnel(learned_on, "hr:lic", event);
    let event = LicenceRenewed { person, discipline: Discipline::Lmsw, from: renewed_from, to: Some(renewed_from.plus_months(36)) };
    office.personnel(learned_on.plus_days(1), "hr:lic", event);
    for (kind, service) in [(CredentialKind::Nycps, Service::MhotrsAdultPeer), (CredentialKind::Fpa, Service::MhotrsFamilyPeer)] {
        let peer = office.unsupervised(CLINIC, kind);
        let start_on = office.peers[peer].start_on;
        office.assign(peer, supervisor, start_on);
        let client = office.regular_of(peer, service);
        office.seen(client, lapsed_on.plus_days(-9));
        for days in [1, 18] {
            let place = office.seen(client, lapsed_on.plus_days(days));
            office.expect(RULE, VIOLATION, place, learned.known.max(office.known(place)));
        }
        office.seen(client, renewed_from);
    }
}

/// The registration had an end date all along; nobody renewed it.
fn ran_out(office: &mut Office) {
    let supervisor = office.own_supervisor();
    let to = office.some_day(30, 75);
    office.license(supervisor, Discipline::Lmhc, false, to.plus_months(-36), Some(to));
    let peer = office.unsupervised(CLINIC, CredentialKind::Nycps);
    let start_on = office.peers[peer].start_on;
    office.assign(peer, supervisor, start_on);
    let client = office.regular_of(peer, Service::MhotrsAdultPeer);
    office.seen(client, to);
    for days in [1, 13] {
        let place = office.seen(client, to.plus_days(days));
        office.expect(RULE, VIOLATION, place, office.known(place));
    }
}

/// One supervisor's last day, and the next one's first two weeks later.
fn between_supervisors(office: &mut Office) {
    let peer = office.unsupervised(CLINIC, CredentialKind::Ypa);
    let start_on = office.peers[peer].start_on;
    let licensed: Vec<usize> =
        (0..office.supervisors.len()).filter(|s| office.supervisors[*s].signs && office.supervisors[*s].usual).collect();
    let (old, new) = (licensed[0], licensed[1]);
    office.assign(peer, old, start_on);
    let last = office.some_day(25, 75);
    let event = SupervisionEnded {
        peer: office.peers[peer].id.clone(),
        supervisor: office.supervisors[old].id.clone(),
        program: office.programs[CLINIC].id.clone(),
        ended_on: last,
    };
    let ended = office.personnel(last, "hr:superv", event);
    let next = last.plus_days(15);
    office.assign(peer, new, next);
    let client = office.regular_of(peer, Service::MhotrsYouthPeer);
    office.seen(client, last);
    let place = office.seen(client, last.plus_days(7));
    office.expect(RULE, VIOLATION, place, ended.known.max(office.known(place)));
    office.seen(client, next);
}

/// A senior peer may supervise in PROS; in the clinic it takes a licence.
fn unlicensed(office: &mut Office) {
    let supervisor = office.senior_peer(CLINIC, day(2017, 9, 1).min(office.config.start.plus_months(-48)));
    let peer = office.unsupervised(CLINIC, CredentialKind::Nycps);
    let start_on = office.peers[peer].start_on;
    office.assign(peer, supervisor, start_on);
    let client = office.regular_of(peer, Service::MhotrsAdultPeer);
    for (from, to) in [(20, 40), (55, 80)] {
        let when = office.some_day(from, to);
        let place = office.seen(client, when);
        office.expect(RULE, VIOLATION, place, office.known(place));
    }
}

/// A limited permit is enough to supervise, and so is a designation from the day after it ends.
fn on_permit(office: &mut Office) {
    let supervisor = office.own_supervisor();
    let to = office.some_day(35, 65);
    office.license(supervisor, Discipline::Lcat, true, to.plus_months(-24), Some(to));
    let person = office.supervisors[supervisor].id.clone();
    let from = to.plus_days(1);
    office.personnel(to, "hr:superv", ProfessionalStaffDesignated { person, part: RegulationPart::Mhotrs, from, to: None });
    let peer = office.unsupervised(CLINIC, CredentialKind::Nycps);
    let start_on = office.peers[peer].start_on;
    office.assign(peer, supervisor, start_on);
    let client = office.regular_of(peer, Service::MhotrsAdultPeer);
    for days in [-20, 0, 1, 22] {
        office.seen(client, to.plus_days(days));
    }
}
