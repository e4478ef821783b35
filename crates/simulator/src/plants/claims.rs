//! Plants about what stands behind a claim line (MHOTRS-BILL-13): nothing, something retracted, another person, another day, another claim.
//! The rule is of every program, so some of these are billed by CORE.

use domain::ContactId;
use domain::event::EventRetracted;
use domain::words::Service;
use domain::{TargetRef, ValidDay};

use super::{Plant, plant};
use crate::billing::Fate;
use crate::calendar::{at, working_from};
use crate::expected::{Expected, VIOLATION};
use crate::office::{Entry, Office};
use crate::year::{reason, target};

pub(super) const PLANTS: &[Plant] = &[
    plant("billed for a contact that is not there", nothing_behind),
    plant("billed, then the contact retracted", retracted),
    plant("retraction taken back", retraction_retracted),
    plant("billed for another person", another_person),
    plant("billed for another day", another_day),
    plant("billed twice", twice),
    plant("billed twice, the second voided", twice_and_voided),
    plant("claim retracted", claim_retracted),
];

const RULE: &str = "MHOTRS-BILL-13";

/// The contact on the claim was never recorded.
fn nothing_behind(office: &mut Office) {
    let client = office.regular(Service::MhotrsAdultPeer);
    let day = office.some_day(10, 85);
    let place = office.seen(client, day);
    let mut claim = office.claim_for(&[place]);
    let missing: ContactId = office.new_contact_id();
    claim.lines[0].contact = missing.clone();
    claim.lines[0].served = None;
    let service_date = claim.service_date;
    let Some(claim) = office.submit(claim) else { return };
    let submitted = office.claims[claim].submitted;
    let exposure = office.stake_of_claim(claim);
    let subject = [("claim", office.claims[claim].id.as_str()), ("contact", missing.as_str())];
    let finding = Expected::about(RULE, VIOLATION, &subject).dated(service_date, submitted, Some(submitted), exposure);
    office.expected.push(finding);
}

impl Office {
    /// Takes a contact back some days after it took place.
    fn retract_contact(&mut self, place: usize, days_later: i64, why: &str) -> Entry {
        let served = &self.served[place];
        let on: ValidDay = working_from(served.day.plus_days(days_later));
        let target = TargetRef::parse(served.source.as_str()).expect("a source id names a target");
        self.record(at(on, 10 * 60 + 15), "ehr:fix", EventRetracted { target, reason: reason(why) })
    }
}

/// The person had not come; it was billed and paid by the time anybody said so.
fn retracted(office: &mut Office) {
    let client = office.regular(Service::CorePeer);
    let day = office.some_day(10, 75);
    let place = office.seen(client, day);
    let gone = office.retract_contact(place, 32, "the person did not come");
    let Some(claim) = office.served[place].claims.first().copied() else { return };
    office.expect_line(RULE, VIOLATION, claim, place, gone.known);
}

/// The wrong contact was taken back, and put back a week later: nothing is left of it.
fn retraction_retracted(office: &mut Office) {
    let client = office.regular(Service::MhotrsAdultPeer);
    let day = office.some_day(10, 75);
    let place = office.seen(client, day);
    let gone = office.retract_contact(place, 30, "the person did not come");
    let back_on = working_from(office.served[place].day.plus_days(39));
    let event = EventRetracted { target: target(&gone), reason: reason("retracted the wrong contact") };
    office.record(at(back_on, 10 * 60), "ehr:fix", event);
}

fn another_person(office: &mut Office) {
    let client = office.regular(Service::MhotrsFamilyPeer);
    let other = office.regular(Service::MhotrsFamilyPeer);
    let day = office.some_day(10, 85);
    let visit = office.visit(client, day);
    let place = office.file(visit);
    let mut claim = office.claim_for(&[place]);
    claim.individual = office.clients[other].id.clone();
    let Some(claim) = office.submit(claim) else { return };
    let known = office.known(place);
    office.expect_line(RULE, VIOLATION, claim, place, known);
}

/// The claim carries the day after.
fn another_day(office: &mut Office) {
    let client = office.regular(Service::CorePeer);
    let day = office.some_day(10, 85);
    let visit = office.visit(client, day);
    let place = office.file(visit);
    let mut claim = office.claim_for(&[place]);
    claim.service_date = claim.service_date.plus_days(1);
    let Some(claim) = office.submit(claim) else { return };
    let known = office.known(place);
    office.expect_line(RULE, VIOLATION, claim, place, known);
}

/// Billed again two weeks later: the second line is a duplicate, and both together are too many units for the minutes.
fn twice(office: &mut Office) {
    let client = office.regular(Service::MhotrsAdultPeer);
    let day = office.some_day(10, 80);
    let visit = office.visit_lasting(client, day, 30);
    let place = office.file(visit);
    office.bill(place);
    let mut again = office.claim_for(&[place]);
    again.batch = working_from(again.batch.plus_days(14));
    let Some(second) = office.submit(again) else { return };
    let known = office.claims[second].submitted;
    office.expect_line(RULE, VIOLATION, second, place, known);
    office.expect("MHOTRS-BILL-04", VIOLATION, place, known);
}

/// Noticed and voided: neither a duplicate nor too many units is left.
fn twice_and_voided(office: &mut Office) {
    let client = office.regular(Service::MhotrsAdultPeer);
    let day = office.some_day(10, 70);
    let visit = office.visit_lasting(client, day, 30);
    let place = office.file(visit);
    office.bill(place);
    let mut again = office.claim_for(&[place]);
    again.batch = working_from(again.batch.plus_days(14));
    again.fate = Fate::Pending;
    let Some(second) = office.submit(again) else { return };
    let noticed = office.served[place].day.plus_days(40);
    office.void(second, noticed, "duplicate");
}

/// A submission that never was: the note that came after it came before any claim.
fn claim_retracted(office: &mut Office) {
    let client = office.regular(Service::MhotrsAdultPeer);
    let day = office.some_day(10, 70);
    let mut visit = office.visit(client, day);
    let draft = visit.note.take();
    let place = office.file(visit);
    let mut claim = office.claim_for(&[place]);
    claim.fate = Fate::Pending;
    let batch = claim.batch;
    let Some(claim) = office.submit(claim) else { return };
    let target = TargetRef::parse(office.claims[claim].source.as_str()).expect("a source id names a target");
    let event = EventRetracted { target, reason: reason("never left the clearing house") };
    office.record(at(working_from(batch.plus_days(6)), 9 * 60 + 40), "bill:fix", event);
    let written_at = at(working_from(batch.plus_days(2)), 9 * 60);
    let elements = draft.map(|d| d.elements).unwrap_or_default();
    office.write_note(place, written_at, crate::calendar::later(written_at, 2), &elements);
}
