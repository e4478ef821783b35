//! Plants about notes of enrolled people (MHOTRS-NOTE): what is missing in them, and notes that are missing themselves.
//! Late notes come in both kinds: written late, and written in time but typed in late.

use domain::event::EventRetracted;
use domain::words::{NoteElement, Service};

use super::{Plant, plant};
use crate::billing::{Fate, batch_hour};
use crate::calendar::{at, later, next_working, working_from};
use crate::expected::{DOCUMENTATION, VIOLATION};
use crate::office::Office;
use crate::year::{reason, target};

pub(super) const PLANTS: &[Plant] = &[
    plant("notes without an element", without_an_element),
    plant("billed without a note", billed_without),
    plant("no note yet, not billed", not_billed),
    plant("note written after the claim", after_the_claim),
    plant("note written in time, typed in after the claim", typed_in_late),
    plant("note of another person's chart retracted", retracted),
    plant("no note for one of two contacts of a claim", half_a_claim),
];

const NO_NOTE: &str = "MHOTRS-NOTE-05";

/// Four notes, each without one of the four elements.
fn without_an_element(office: &mut Office) {
    use NoteElement::{Outcome, Progress, Purpose, Response, ServiceType};
    let client = office.regular(Service::MhotrsYouthPeer);
    let mut day = office.some_day(5, 70);
    for (rule, elements) in [
        ("MHOTRS-NOTE-01", vec![Purpose, Response, Progress]),
        ("MHOTRS-NOTE-02", vec![ServiceType, Response, Outcome]),
        ("MHOTRS-NOTE-03", vec![ServiceType, Purpose, Progress]),
        ("MHOTRS-NOTE-04", vec![ServiceType, Purpose, Response]),
    ] {
        let mut visit = office.visit(client, day);
        day = working_from(visit.day.plus_days(6));
        if let Some(note) = &mut visit.note {
            note.elements = elements;
        }
        let place = office.file_and_bill(visit);
        office.expect(rule, DOCUMENTATION, place, office.note_known(place));
    }
}

/// One claim paid in two parts, one voided since: the finding stays, its money does not.
fn billed_without(office: &mut Office) {
    let client = office.regular(Service::MhotrsAdultPeer);
    let day = office.some_day(5, 75);
    for (days, fate) in [(0, Fate::PaidTwice), (14, Fate::Voided)] {
        let mut visit = office.visit(client, day.plus_days(days));
        visit.note = None;
        let place = office.file(visit);
        let mut claim = office.claim_for(&[place]);
        claim.fate = fate;
        office.submit(claim);
        office.expect(NO_NOTE, VIOLATION, place, office.known(place));
    }
}

fn not_billed(office: &mut Office) {
    let client = office.regular(Service::MhotrsAdultPeer);
    let day = office.some_day(80, 95);
    let mut visit = office.visit(client, day);
    visit.note = None;
    let place = office.file(visit);
    office.expect(NO_NOTE, DOCUMENTATION, place, office.known(place));
}

fn after_the_claim(office: &mut Office) {
    let client = office.regular(Service::MhotrsFamilyPeer);
    let day = office.some_day(5, 80);
    let mut visit = office.visit(client, day);
    let draft = visit.note.take();
    let place = office.file_and_bill(visit);
    let batch = Office::batch_for(office.served[place].day);
    let written_at = at(next_working(batch), 9 * 60 + 25);
    let elements = draft.map(|d| d.elements).unwrap_or_default();
    office.write_note(place, written_at, later(written_at, 3), &elements);
    let finding = office.finding(NO_NOTE, VIOLATION, place, office.known(place)).cured_late();
    office.expected.push(finding);
}

/// From the paper record of the day: clears the gap, and leaves an advisory.
fn typed_in_late(office: &mut Office) {
    let client = office.regular(Service::MhotrsAdultPeer);
    let day = office.some_day(5, 80);
    let mut visit = office.visit(client, day);
    let typed_at = later(batch_hour(Office::batch_for(visit.day)), 24 * 60 * 5);
    if let Some(note) = &mut visit.note {
        note.entered = typed_at;
    }
    office.file_and_bill(visit);
}

/// The note in the file turned out to be another person's: what was billed has no note, and nobody knew then.
fn retracted(office: &mut Office) {
    let client = office.regular(Service::MhotrsAdultPeer);
    let day = office.some_day(5, 70);
    let place = office.seen(client, day);
    let Some((_, written)) = office.served[place].note.clone() else { return };
    let found_on = working_from(office.served[place].day.plus_days(40));
    let event = EventRetracted { target: target(&written), reason: reason("belongs to another person's chart") };
    let retracted = office.record(at(found_on, 11 * 60), "ehr:fix", event);
    office.expect(NO_NOTE, VIOLATION, place, retracted.known);
}

/// Two contacts on one claim, paid short: the one without a note carries its share, to the cent.
fn half_a_claim(office: &mut Office) {
    let client = office.regular(Service::MhotrsAdultPeer);
    let day = office.some_day(5, 80);
    let first = office.visit_lasting(client, day, 50);
    let mut second = office.visit_lasting(client, first.day, 35);
    second.note = None;
    // One claim has one service date; a peer too busy for both that day sees the person once.
    let same_day = first.day == second.day;
    let noted = office.file(first);
    let bare = office.file(second);
    if same_day {
        let mut claim = office.claim_for(&[noted, bare]);
        claim.fate = Fate::Paid(937);
        office.submit(claim);
    } else {
        office.bill(noted);
        office.bill(bare);
    }
    office.expect(NO_NOTE, VIOLATION, bare, office.known(bare));
}
