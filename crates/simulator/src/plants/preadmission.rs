//! Plants about work before admission (MHOTRS-PRE): purpose and goal, one person at a time, notes and both signatures, declines, discharges.
//! The practitioners who sign are the agency's own unless the signature is what is wrong.

use domain::event::*;
use domain::words::*;
use domain::{Moment, ValidDay};

use super::{Plant, plant};
use crate::billing::batch_hour;
use crate::calendar::{at, later, next_working, working_from};
use crate::delivery::{NoteDraft, Visit};
use crate::expected::{DOCUMENTATION, Expected, VIOLATION};
use crate::office::Office;
use crate::programs::CLINIC;

pub(super) const PLANTS: &[Plant] = &[
    plant("pre-admission never opened", never_opened),
    plant("pre-admission opened without a goal", without_goal),
    plant("pre-admission in a group", in_a_group),
    plant("pre-admission contact without a note", no_note),
    plant("pre-admission note after the claim", note_after_the_claim),
    plant("pre-admission notes with gaps", gaps_in_notes),
    plant("pre-admission note the peer never signed", never_signed),
    plant("pre-admission note the peer signed late", signed_late),
    plant("pre-admission note no practitioner signed", never_countersigned),
    plant("pre-admission note countersigned on a permit", countersigned_on_permit),
    plant("pre-admission note countersigned after the claim", countersigned_late),
    plant("signature dated before the claim, typed in after", typed_in_late),
    plant("pre-admission note amended, not signed again", amended),
    plant("decline entered late", declined_late),
    plant("declined, re-engaged", declined_and_back),
    plant("seen as enrolled after discharge", after_discharge),
    plant("seen before admission again without opening", not_reopened),
    plant("discharge entered late", discharged_late),
];

/// The note of a draft, which every visit as it should be has.
fn note(visit: &mut Visit) -> &mut NoteDraft {
    visit.note.as_mut().expect("a visit is drafted with its note")
}

/// An instant some days after a contact's claim.
fn after_claim(day: ValidDay, days: i64) -> domain::ValidAt {
    later(batch_hour(working_from(Office::batch_for(day).plus_days(days))), -120)
}

impl Office {
    /// The finding about an episode: from its first contact, all its contacts involved.
    fn expect_episode(&mut self, client: usize, class: &'static str, places: &[usize], detectable: domain::KnownAt) {
        let (individual, program) = self.who(client);
        let subject = [("individual", individual.as_str()), ("program", program.as_str())];
        let submitted = places.iter().filter_map(|p| self.first_submitted(*p)).min();
        let first = self.served[places[0]].day;
        let finding = Expected::about("MHOTRS-PRE-02", class, &subject).dated(first, detectable, submitted, self.stake(places, None));
        self.expected.push(finding);
    }

    /// Files a changed visit and bills it.
    pub(super) fn file_and_bill(&mut self, visit: Visit) -> usize {
        let place = self.file(visit);
        self.bill(place);
        place
    }
}

/// Two billed contacts, and nobody wrote down what for.
fn never_opened(office: &mut Office) {
    let peer = office.plain_peer(Service::MhotrsAdultPeer);
    let day = office.some_day(10, 80);
    let client = office.register(CLINIC, Service::MhotrsAdultPeer, peer, day, None);
    let places = [office.seen(client, next_working(day)), office.seen(client, day.plus_days(12))];
    let known = office.known(places[0]);
    office.expect_episode(client, VIOLATION, &places, known);
}

/// Purpose but no goal, and not billed: a gap in the record.
fn without_goal(office: &mut Office) {
    let peer = office.plain_peer(Service::MhotrsAdultPeer);
    let day = office.some_day(10, 90);
    let client = office.register(CLINIC, Service::MhotrsAdultPeer, peer, day, None);
    office.open_preadmission(client, day, true, false);
    let visit = office.visit(client, next_working(day));
    let place = office.file(visit);
    let known = office.known(place);
    office.expect_episode(client, DOCUMENTATION, &[place], known);
}

/// Somebody not yet admitted comes along to a group of enrolled people.
fn in_a_group(office: &mut Office) {
    let day = office.some_day(15, 85);
    let client = office.stranger(working_from(day.plus_days(-6)));
    let peer = office.clients[client].peer;
    let others = [office.settled(CLINIC, Service::MhotrsAdultPeer, peer), office.settled(CLINIC, Service::MhotrsAdultPeer, peer)];
    let (start, end) = (at(day, 18 * 60), at(day, 19 * 60));
    let attendees = [client, others[0], others[1]].iter().map(|c| office.clients[*c].id.clone()).collect();
    let (session, _) = office.session(peer, CLINIC, start, end, attendees);
    for other in others {
        let visit = office.group_visit(other, peer, day, start, end, &session);
        office.file_and_bill(visit);
    }
    // The draft of an ordinary visit has the signatures; only its form and its times change.
    let mut visit = office.group_visit(client, peer, day, start, end, &session);
    visit.phase = Phase::Preadmission;
    let signatures = office.both_signatures(peer, note(&mut visit).written_at);
    note(&mut visit).signatures = signatures;
    let place = office.file_and_bill(visit);
    office.expect("MHOTRS-PRE-03", VIOLATION, place, office.known(place));
}

/// One contact billed without a note, one not billed.
fn no_note(office: &mut Office) {
    let day = office.some_day(10, 75);
    let client = office.stranger(day);
    office.seen(client, next_working(day));
    for (days, class) in [(10, VIOLATION), (20, DOCUMENTATION)] {
        let mut visit = office.visit(client, day.plus_days(days));
        visit.note = None;
        let place = office.file(visit);
        if class == VIOLATION {
            office.bill(place);
        }
        office.expect("MHOTRS-PRE-04", class, place, office.known(place));
    }
}

/// The note comes a week after the claim, both signatures with it: three gaps, each cured late.
fn note_after_the_claim(office: &mut Office) {
    let day = office.some_day(10, 75);
    let client = office.stranger(day);
    let mut visit = office.visit(client, next_working(day));
    let draft = visit.note.take();
    let place = office.file_and_bill(visit);
    let gap = office.known(place);
    let written_at = after_claim(office.served[place].day, 7);
    let Some(draft) = draft else { return };
    office.write_note(place, written_at, later(written_at, 2), &draft.elements);
    for (number, signature) in (1..).zip(&draft.signatures) {
        let signed_at = later(written_at, number * 11);
        office.sign(place, &signature.signer, signature.capacity, signed_at, later(signed_at, 1));
    }
    let written = office.note_known(place);
    for (rule, detectable) in [("MHOTRS-PRE-04", gap), ("MHOTRS-PRE-08", written), ("MHOTRS-PRE-09", written)] {
        let finding = office.finding(rule, VIOLATION, place, detectable).cured_late();
        office.expected.push(finding);
    }
}

/// Three notes, each without one of the three elements.
fn gaps_in_notes(office: &mut Office) {
    use NoteElement::{Outcome, Progress, Purpose, Response};
    let day = office.some_day(5, 75);
    let client = office.stranger(day);
    for (days, rule, elements) in [
        (3, "MHOTRS-PRE-05", vec![Response, Progress]),
        (9, "MHOTRS-PRE-06", vec![Purpose, Outcome]),
        (16, "MHOTRS-PRE-07", vec![Purpose, Response]),
    ] {
        let mut visit = office.visit(client, day.plus_days(days));
        note(&mut visit).elements = elements;
        let place = office.file_and_bill(visit);
        office.expect(rule, DOCUMENTATION, place, office.note_known(place));
    }
}

/// A clerk signed for the peer on one note; nobody did on another, which was not billed.
fn never_signed(office: &mut Office) {
    let day = office.some_day(5, 80);
    let client = office.stranger(day);
    let clerk = office.practitioner();
    let mut visit = office.visit(client, next_working(day));
    note(&mut visit).signatures[0].signer = clerk;
    let place = office.file_and_bill(visit);
    office.expect("MHOTRS-PRE-08", VIOLATION, place, office.note_known(place));
    let mut visit = office.visit(client, day.plus_days(9));
    note(&mut visit).signatures.remove(0);
    let place = office.file(visit);
    office.expect("MHOTRS-PRE-08", DOCUMENTATION, place, office.note_known(place));
}

fn signed_late(office: &mut Office) {
    let day = office.some_day(5, 75);
    let client = office.stranger(day);
    let mut visit = office.visit(client, next_working(day));
    let signed_at = after_claim(visit.day, 3);
    let own = &mut note(&mut visit).signatures[0];
    (own.signed_at, own.entered) = (signed_at, later(signed_at, 1));
    let place = office.file_and_bill(visit);
    let finding = office.finding("MHOTRS-PRE-08", VIOLATION, place, office.note_known(place)).cured_late();
    office.expected.push(finding);
}

fn never_countersigned(office: &mut Office) {
    let day = office.some_day(5, 80);
    let client = office.stranger(day);
    for (days, billed) in [(2, true), (12, false)] {
        let mut visit = office.visit(client, day.plus_days(days));
        note(&mut visit).signatures.remove(1);
        let place = office.file(visit);
        if billed {
            office.bill(place);
        }
        let class = if billed { VIOLATION } else { DOCUMENTATION };
        office.expect("MHOTRS-PRE-09", class, place, office.note_known(place));
    }
}

/// A limited permit makes somebody professional staff, not a licensed practitioner.
fn countersigned_on_permit(office: &mut Office) {
    let on_permit = office.engage_supervisor(CLINIC, &[Role::Clinician], false, false);
    office.license_in_order(on_permit, Discipline::Lmsw, true);
    let day = office.some_day(5, 80);
    let client = office.stranger(day);
    let mut visit = office.visit(client, next_working(day));
    note(&mut visit).signatures[1].signer = office.supervisors[on_permit].id.clone();
    let place = office.file_and_bill(visit);
    office.expect("MHOTRS-PRE-09", VIOLATION, place, office.note_known(place));
}

fn countersigned_late(office: &mut Office) {
    let day = office.some_day(5, 75);
    let client = office.stranger(day);
    let mut visit = office.visit(client, next_working(day));
    let signed_at = after_claim(visit.day, 6);
    let practitioners = &mut note(&mut visit).signatures[1];
    (practitioners.signed_at, practitioners.entered) = (signed_at, later(signed_at, 1));
    let place = office.file_and_bill(visit);
    let finding = office.finding("MHOTRS-PRE-09", VIOLATION, place, office.note_known(place)).cured_late();
    office.expected.push(finding);
}

/// The paper was signed in time and typed in three weeks later: no gap, only worth a look at the paper.
fn typed_in_late(office: &mut Office) {
    let day = office.some_day(5, 75);
    let client = office.stranger(day);
    let mut visit = office.visit(client, next_working(day));
    let typed_at = after_claim(visit.day, 12);
    note(&mut visit).signatures[1].entered = typed_at;
    office.file_and_bill(visit);
}

/// The amendment, after the claim, carries nobody's signature.
fn amended(office: &mut Office) {
    let day = office.some_day(5, 75);
    let client = office.stranger(day);
    let place = office.seen(client, next_working(day));
    let Some((note, _)) = office.served[place].note.clone() else { return };
    let amended_at = after_claim(office.served[place].day, 4);
    let elements = vec![NoteElement::Purpose, NoteElement::Response, NoteElement::Outcome];
    let event = NoteAmended { note, version: domain::quantity::Version(2), amended_at, elements, digest: None };
    let entry = office.record(later(amended_at, 1), "ehr:note", event);
    for rule in ["MHOTRS-PRE-08", "MHOTRS-PRE-09"] {
        office.expect(rule, VIOLATION, place, entry.known);
    }
}

/// The decline of the ninth was entered a month later; the contacts of later days had been billed.
fn declined_late(office: &mut Office) {
    let day = office.some_day(10, 65);
    let client = office.stranger(day);
    office.seen(client, next_working(day));
    let declined_on = working_from(day.plus_days(8));
    // A date without a time leaves the whole day free; a peer with no time that day sees the person on a later one.
    let about_then = office.seen(client, declined_on);
    let (individual, program) = office.who(client);
    let entered_on = working_from(declined_on.plus_days(33));
    let event = TreatmentDeclined { individual, program, declined_at: Moment::Day(declined_on) };
    let declined = office.record(at(entered_on, 10 * 60), "ehr:decl", event);
    let mut after: Vec<usize> = [3, 10].map(|days| office.seen(client, declined_on.plus_days(days))).to_vec();
    after.extend(Some(about_then).filter(|p| office.served[*p].day > declined_on));
    for place in after {
        office.expect("MHOTRS-PRE-10", VIOLATION, place, declined.known.max(office.known(place)));
    }
}

/// One contact too early, and none after the person came back.
fn declined_and_back(office: &mut Office) {
    let day = office.some_day(10, 65);
    let client = office.stranger(day);
    office.seen(client, next_working(day));
    let declined_at = at(working_from(day.plus_days(8)), 16 * 60);
    let (individual, program) = office.who(client);
    let event = TreatmentDeclined { individual: individual.clone(), program: program.clone(), declined_at: Moment::At(declined_at) };
    let declined = office.record(later(declined_at, 5), "ehr:decl", event);
    let place = office.seen(client, declined_at.local_day().plus_days(4));
    office.expect("MHOTRS-PRE-10", VIOLATION, place, declined.known.max(office.known(place)));
    let back = working_from(declined_at.local_day().plus_days(20));
    let event = Reengaged { individual, program, reengaged_at: Moment::At(at(back, 9 * 60)), rationale: true };
    office.record(at(back, 9 * 60 + 10), "ehr:reeng", event);
    office.seen(client, next_working(back));
}

/// Discharged, and two weeks later seen again as if nothing had happened.
fn after_discharge(office: &mut Office) {
    let client = office.regular(Service::MhotrsAdultPeer);
    let last = office.some_day(20, 75);
    office.seen(client, working_from(last.plus_days(-11)));
    let discharged = office.discharge(client, last);
    let mut visit = office.visit(client, last.plus_days(13));
    visit.phase = Phase::Enrolled;
    let draft = note(&mut visit);
    draft.elements = crate::delivery::ENROLLED_NOTE.to_vec();
    draft.signatures.clear();
    let place = office.file_and_bill(visit);
    office.expect("MHOTRS-PRE-13", VIOLATION, place, discharged.known.max(office.known(place)));
}

/// The old opening does not carry over a discharge.
fn not_reopened(office: &mut Office) {
    let day = office.some_day(10, 40);
    let client = office.stranger(day);
    office.seen(client, next_working(day));
    let admitted = working_from(day.plus_days(14));
    office.admit(client, admitted);
    office.plan(client, admitted.plus_days(10));
    office.seen(client, admitted.plus_days(12));
    let last = admitted.plus_days(40);
    let discharged = office.discharge(client, last);
    let place = office.seen(client, last.plus_days(15));
    let known = discharged.known.max(office.known(place));
    office.expect("MHOTRS-PRE-13", VIOLATION, place, known);
    office.expect_episode(client, VIOLATION, &[place], known);
}

/// The discharge of the first of the month was entered six weeks later.
fn discharged_late(office: &mut Office) {
    let client = office.regular(Service::MhotrsFamilyPeer);
    let last = office.some_day(20, 65);
    office.seen(client, working_from(last.plus_days(-8)));
    let mut places = Vec::new();
    for days in [5, 19] {
        places.push(office.seen(client, last.plus_days(days)));
    }
    let discharged = office.discharge_entered(client, last, working_from(last.plus_days(45)));
    for place in places {
        office.expect("MHOTRS-PRE-13", VIOLATION, place, discharged.known.max(office.known(place)));
    }
}
