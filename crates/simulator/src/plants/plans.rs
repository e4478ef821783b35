//! Plants about plans, contracts and policies (MHOTRS-PLAN, -CONTR, -POL): what the record around a contact lacks.
//! Contractors and the second clinic are the plants' own.

use domain::event::{ContractEnded, SignificantEventRecorded};
use domain::words::*;
use domain::{ContractId, SignificantEventId, ValidDay};

use super::{Plant, plant};
use crate::calendar::{next_working, working_from};
use crate::expected::{DOCUMENTATION, Expected, VIOLATION};
use crate::office::Office;
use crate::programs::{CLINIC, text};

pub(super) const PLANTS: &[Plant] = &[
    plant("service not in the plan", not_listed),
    plant("no plan after thirty days", no_plan),
    plant("plan in time, entered late", plan_entered_late),
    plant("targeted support without an event", targeted_without_event),
    plant("targeted support no plan version names", targeted_without_plan),
    plant("targeted support for another person's event", targeted_at_another),
    plant("ad hoc without a rationale", ad_hoc),
    plant("contractor without collaboration on record", no_collaboration),
    plant("contractor's service in a plan without the collaboration", plan_without_collaboration),
    plant("contract ran out", contract_over),
    plant("clinic opened before its policy", before_the_policy),
];

/// The new version drops the service; one contact after it was billed, one not.
fn not_listed(office: &mut Office) {
    let client = office.regular(Service::MhotrsAdultPeer);
    let day = office.some_day(15, 80);
    office.seen(client, working_from(day.plus_days(-12)));
    let plan = office.plan_with(client, day, &[Service::MhotrsFamilyPeer], Vec::new());
    let billed = office.seen(client, next_working(day));
    office.expect("MHOTRS-PLAN-01", VIOLATION, billed, plan.known.max(office.known(billed)));
    let visit = office.visit(client, day.plus_days(15));
    let unbilled = office.file(visit);
    office.expect("MHOTRS-PLAN-01", DOCUMENTATION, unbilled, plan.known.max(office.known(unbilled)));
}

/// The thirtieth day after admission is in time.
fn no_plan(office: &mut Office) {
    let peer = office.peer_in_order(CLINIC, CredentialKind::Nycps);
    let admitted = office.some_day(10, 70);
    let client = office.register(CLINIC, Service::MhotrsAdultPeer, peer, admitted, None);
    office.admit(client, admitted);
    let thirtieth = admitted.plus_days(30);
    let place = office.seen(client, if crate::calendar::is_working(thirtieth) { thirtieth } else { thirtieth.plus_days(-4) });
    if office.served[place].day > thirtieth {
        office.expect("MHOTRS-PLAN-01", VIOLATION, place, office.known(place));
    }
    let place = office.seen(client, thirtieth.plus_days(3));
    office.expect("MHOTRS-PLAN-01", VIOLATION, place, office.known(place));
}

/// Signed in time, typed in two months after: there was no gap.
fn plan_entered_late(office: &mut Office) {
    let peer = office.plain_peer(Service::MhotrsYouthPeer);
    let admitted = office.some_day(10, 60);
    let client = office.register(CLINIC, Service::MhotrsYouthPeer, peer, admitted, None);
    office.admit(client, admitted);
    let effective_on = admitted.plus_days(20);
    office.plan_entered(client, effective_on, working_from(admitted.plus_days(70)), &[Service::MhotrsYouthPeer], Vec::new());
    office.seen(client, admitted.plus_days(36));
}

fn targeted_without_event(office: &mut Office) {
    let client = office.regular(Service::MhotrsAdultPeer);
    let day = office.some_day(10, 85);
    let mut visit = office.visit(client, day);
    visit.basis = Basis::Targeted;
    let place = office.file_and_bill(visit);
    office.expect("MHOTRS-PLAN-02", DOCUMENTATION, place, office.known(place));
}

/// Fourteen days went by without a plan version that names the event; one came on the fifteenth.
fn targeted_without_plan(office: &mut Office) {
    let client = office.regular(Service::MhotrsAdultPeer);
    let occurred_on = office.some_day(10, 80);
    let (event, _) = office.significant_event(client, occurred_on);
    let mut visit = office.visit(client, occurred_on.plus_days(2));
    visit.basis = Basis::Targeted;
    visit.event = Some(event.clone());
    let place = office.file_and_bill(visit);
    office.plan_with(client, occurred_on.plus_days(15), &[Service::MhotrsAdultPeer], vec![event]);
    let deadline = occurred_on.plus_days(14).deadline_passed();
    office.expect("MHOTRS-PLAN-02", DOCUMENTATION, place, deadline.max(office.known(place)));
}

/// The event named is in somebody else's record.
fn targeted_at_another(office: &mut Office) {
    let client = office.regular(Service::MhotrsFamilyPeer);
    let other = office.regular(Service::MhotrsFamilyPeer);
    let occurred_on = office.some_day(10, 80);
    let (individual, program) = office.who(other);
    let number = office.count("event");
    let event = SignificantEventId::parse(&format!("EV-{number:04}")).expect("letters and digits are an id");
    let recorded = SignificantEventRecorded { event: event.clone(), individual, program, kind: text("hospital_discharge"), occurred_on };
    office.record_on(occurred_on, 9 * 60, "ehr:event", recorded);
    let mut visit = office.visit(client, occurred_on.plus_days(5));
    visit.basis = Basis::Targeted;
    visit.event = Some(event);
    let place = office.file_and_bill(visit);
    office.expect("MHOTRS-PLAN-02", DOCUMENTATION, place, office.known(place));
}

fn ad_hoc(office: &mut Office) {
    let client = office.regular(Service::MhotrsAdultPeer);
    let day = office.some_day(10, 85);
    let mut visit = office.visit(client, day);
    visit.basis = Basis::AdHoc;
    let place = office.file_and_bill(visit);
    office.expect("MHOTRS-PLAN-04", DOCUMENTATION, place, office.note_known(place));
}

impl Office {
    /// A contracted peer of the clinic in order, and the contract.
    fn contractor(&mut self, to: Option<ValidDay>) -> (usize, ContractId) {
        let mut terms = self.hiring(CLINIC, CredentialKind::Nycps);
        let contract = self.contract(terms.start_on.plus_days(-10), to);
        terms.contract = Some(contract.clone());
        let peer = self.hire(terms);
        self.credential_in_order(peer, CredentialKind::Nycps);
        self.supervised(peer);
        (peer, contract)
    }
}

/// Three contacts, and no word of collaboration in the case record.
fn no_collaboration(office: &mut Office) {
    let (peer, _) = office.contractor(None);
    let client = office.regular_of(peer, Service::MhotrsAdultPeer);
    let day = office.some_day(10, 45);
    let places = [0, 14, 30].map(|days| office.seen(client, day.plus_days(days)));
    let first = office.served[places[0]].day;
    let (individual, _) = office.who(client);
    let person = office.peers[peer].id.clone();
    let submitted = office.first_submitted(places[0]);
    let subject = [("individual", individual.as_str()), ("peer", person.as_str())];
    let finding =
        Expected::about("MHOTRS-CONTR-03", DOCUMENTATION, &subject).dated(first, first.plus_days(90).deadline_passed(), submitted, 0);
    office.expected.push(finding);
}

/// The collaboration is on record; only the plan does not say so.
fn plan_without_collaboration(office: &mut Office) {
    let (peer, _) = office.contractor(None);
    let admitted = working_from(office.config.start.plus_days(-80));
    let client = office.register(CLINIC, Service::MhotrsAdultPeer, peer, admitted, None);
    office.clients[client].collaboration = false;
    office.admit(client, admitted);
    office.plan(client, admitted.plus_days(14));
    let day = office.some_day(10, 80);
    let places = [0, 21].map(|days| office.seen(client, day.plus_days(days)));
    office.collaborate(client, peer, office.served[places[0]].day);
    let Some(plan) = office.clients[client].plan.clone() else { return };
    let mut finding = Expected::about("MHOTRS-CONTR-04", DOCUMENTATION, &[("plan", plan.as_str())]).dated(
        office.served[places[0]].day,
        office.known(places[0]),
        office.first_submitted(places[0]),
        0,
    );
    finding.subject.insert("version", 1.into());
    office.expected.push(finding);
}

/// The last day of the contract is covered.
fn contract_over(office: &mut Office) {
    let (peer, contract) = office.contractor(None);
    let client = office.regular_of(peer, Service::MhotrsAdultPeer);
    let ended_on = office.some_day(20, 75);
    let ended = office.personnel(working_from(ended_on.plus_days(3)), "hr:contract", ContractEnded { contract, ended_on });
    let last = office.seen(client, ended_on);
    office.collaborate(client, peer, office.served[last].day);
    for days in [1, 14] {
        let place = office.seen(client, ended_on.plus_days(days));
        office.expect("MHOTRS-CONTR-05", DOCUMENTATION, place, ended.known.max(office.known(place)));
    }
}

/// A satellite clinic with two contacts before anybody had adopted a policy on peer support for it.
fn before_the_policy(office: &mut Office) {
    let opened = office.config.start.plus_days(-40);
    let number = office.count("satellite") + 1;
    let satellite = office.open_program(&format!("MH-{number}"), ProgramKind::Mhotrs, &[Population::Adult], opened);
    let peer = office.peer_in_order(satellite, CredentialKind::Nycps);
    let client = office.settled(satellite, Service::MhotrsAdultPeer, peer);
    let from = office.some_day(20, 70);
    let places = [-12, -6].map(|days| office.seen(client, from.plus_days(days)));
    office.adopt_policy(satellite, from);
    office.seen(client, from);
    let program = office.programs[satellite].id.clone();
    let submitted = places.iter().filter_map(|p| office.first_submitted(*p)).min();
    let finding = Expected::about("MHOTRS-POL-01", DOCUMENTATION, &[("program", program.as_str())]).dated(
        office.served[places[0]].day,
        office.known(places[0]),
        submitted,
        0,
    );
    office.expected.push(finding);
}
