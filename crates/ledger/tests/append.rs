//! Appending and reading back: every type, keys, conflicts, introductions, corrections, retractions, clocks, erasure.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use domain::event::{
    Admitted, BirthDateRecorded, Findings, IndividualRegistered, Individuals, ScanCompleted,
};
use domain::field::Raw;
use domain::*;
use ledger::*;
use support::*;

fn refused(result: Result<Receipt, LedgerError>) -> Refusal {
    match result {
        Err(LedgerError::Refused(mut refused)) => refused.remove(0).refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_event_type_is_read_back_as_it_was_given() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = real(dir.path());
    let envelope = Envelope {
        source_id: None,
        entered_at: Some(at(-5)),
        actor: Some(text("clerk 3")),
        evidence: vec![Digest::parse(&format!("blake3:{}", "ab".repeat(32))).unwrap()],
        provenance: Some(Provenance { file: [9; 32], line: 12 }),
    };
    ledger.append(&[with_source(credential("P-001", Some("NY-1")), "hr:cred:1")], Expect::Any, at(1)).unwrap();
    let drafts: Vec<Draft> =
        one_of_each().into_iter().map(|event| Draft { event, envelope: envelope.clone(), recorded_at: None }).collect();
    for draft in &drafts {
        // One commit each, so that the open block is written again and again.
        ledger.append(std::slice::from_ref(draft), Expect::Any, at(2)).unwrap();
    }
    let own = ScanCompleted {
        size: 3,
        root: text("r"),
        rule_set: text("s"),
        today: day("2025-03-01"),
        violation: 1,
        documentation: 2,
        advisory: 3,
        not_evaluated: 4,
        exposure_cents: Cents(5),
        findings_digest: text("d"),
    };
    ledger.append(&[Draft::bare(own.clone())], Expect::Any, at(3)).unwrap();
    drop(ledger);
    let ledger = Ledger::open(&dir.path().join("ledger")).unwrap();
    let read = all(&ledger);
    assert_eq!(read.len(), drafts.len() + 3);
    assert!(matches!(read[0].event, Event::Ledger(domain::event::Ledger::LedgerOpened(_))));
    for (draft, recorded) in drafts.iter().zip(&read[2..]) {
        assert_eq!((&draft.event, &draft.envelope), (&recorded.event, &recorded.envelope));
    }
    assert_eq!(read.last().unwrap().event, own.into());
    assert_eq!(ledger.verify(&VerifyOptions::default()).unwrap().state(), State::Verified);
    assert_eq!(ledger.get(Seq(2)).unwrap().as_ref(), Some(&read[2]));
    assert!(matches!(ledger.get(Seq(5000)), Err(LedgerError::NoSuchEvent { asked: 5000, .. })));
}

#[test]
fn confidential_values_are_nowhere_in_the_database() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = real(dir.path());
    let drafts = [
        with_source(registered("INDIVIDUAL-4711", Some("1983-07-09")), "a"),
        with_source(credential("P-001", Some("NUMBER-0815")), "b"),
        Draft::bare(correction("a", vec![("birth_date", Raw::text("1983-07-19"))])),
        Draft::bare(correction("b", vec![("number", Raw::text("NUMBER-0816"))])),
        with_source(contact(1), "c"),
        Draft::bare(correction("c", vec![("individual", Raw::text("INDIVIDUAL-4712"))])),
    ];
    ledger.append(&drafts, Expect::Any, at(1)).unwrap();
    let mut exported = Vec::new();
    ledger.export_frames(&mut exported).unwrap();
    let hidden = |needle: &str| !exported.windows(needle.len()).any(|w| w == needle.as_bytes());
    for needle in ["INDIVIDUAL-4711", "INDIVIDUAL-4712", "1983-07", "NUMBER-08"] {
        assert!(hidden(needle), "{needle} is in the clear");
    }
    assert!(!hidden("NYPSCB"), "the search would find what is in the clear");
    let read = all(&ledger);
    for (draft, recorded) in drafts.iter().zip(&read[1..]) {
        assert_eq!(draft.event, recorded.event);
    }
    assert_eq!(read[3].target, Some(Seq(1)));
    assert_eq!(ledger.amended().unwrap(), [Seq(1), Seq(2), Seq(5)]);
    for (events, among) in [(2..7, &[Seq(2), Seq(5)][..]), (2..6, &[Seq(2), Seq(5)][..1]), (0..3, &[]), (3..3, &[])] {
        assert_eq!(ledger.amended_among(events.clone()).unwrap(), among, "{events:?}");
    }
}

#[test]
fn the_same_line_is_there_already_and_another_fact_under_its_key_is_a_conflict() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = real(dir.path());
    let drafts = [with_source(contact(1), "c:1"), Draft::bare(registered("I-1", Some("1980-01-01")))];
    ledger.append(&drafts, Expect::Head(Seq(0)), at(1)).unwrap();
    let again = ledger.append(&drafts, Expect::Any, at(2)).unwrap();
    assert_eq!(again.outcomes, [Outcome::AlreadyThere(Seq(1)), Outcome::AlreadyThere(Seq(2))]);
    assert_eq!((again.appended, again.already_there, again.head.size), (0, 2, 3));

    let mut other = contact(1);
    other.mode = domain::words::Mode::Audio;
    let refusal = refused(ledger.append(&[with_source(contact(2), "c:2"), with_source(other, "c:1")], Expect::Any, at(3)));
    assert_eq!(refusal, Refusal::Conflict { seq: Seq(1), fields: vec!["mode"] });
    assert_eq!(ledger.head().unwrap().size, 3, "nothing of a refused request is appended");
    assert!(matches!(
        ledger.append(&[with_source(contact(2), "c:2")], Expect::Head(Seq(1)), at(3)),
        Err(LedgerError::HeadMoved { .. })
    ));
    assert_eq!(ledger.lookup_source(&SourceId::parse("c:1").unwrap()).unwrap(), Some(Seq(1)));
    assert_eq!(ledger.lookup_source(&SourceId::parse("c:2").unwrap()).unwrap(), None);
}

#[test]
fn an_id_is_introduced_once_unless_the_first_was_retracted() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = real(dir.path());
    ledger.append(&[with_source(contact(1), "a")], Expect::Any, at(1)).unwrap();
    let mut moved = contact(1);
    moved.purpose = Some(text("a second try"));
    let twice = with_source(moved.clone(), "b");
    let refusal = refused(ledger.append(std::slice::from_ref(&twice), Expect::Any, at(2)));
    assert!(matches!(refusal, Refusal::IntroducedTwice { first: Seq(1), field: "contact", .. }));

    // Retracted in the same request, then introduced anew; then the retraction is retracted, which brings the first back.
    ledger.append(&[with_source(retraction("a"), "r"), twice], Expect::Any, at(3)).unwrap();
    let introduced = contact(1).into_event().introduces().unwrap();
    assert_eq!(ledger.lookup_introduced(&introduced).unwrap(), Some(Seq(3)));
    ledger.append(&[Draft::bare(retraction("seq:3")), with_source(retraction("r"), "rr")], Expect::Any, at(4)).unwrap();
    assert_eq!(ledger.lookup_introduced(&introduced).unwrap(), Some(Seq(1)));
    moved.purpose = Some(text("a third try"));
    let refusal = refused(ledger.append(&[with_source(moved, "c")], Expect::Any, at(5)));
    assert!(matches!(refusal, Refusal::IntroducedTwice { first: Seq(1), .. }));
}

trait IntoEvent {
    fn into_event(self) -> Event;
}

impl<T: Into<Event>> IntoEvent for T {
    fn into_event(self) -> Event {
        self.into()
    }
}

#[test]
fn corrections_are_checked_against_their_target() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = real(dir.path());
    let drafts = [with_source(contact(1), "a"), with_source(correction("a", vec![("site", Raw::text("offsite"))]), "x")];
    ledger.append(&drafts, Expect::Any, at(1)).unwrap();
    let mut ask = |event: Event| refused(ledger.append(&[Draft::bare(event)], Expect::Any, at(2)));
    assert!(matches!(ask(correction("nobody", vec![("site", Raw::Null)]).into()), Refusal::UnknownTarget { .. }));
    assert!(matches!(ask(retraction("seq:3").into()), Refusal::UnknownTarget { .. }));
    assert!(matches!(ask(retraction("seq:0").into()), Refusal::TargetIsLedgers { target: Seq(0) }));
    let fixed = ask(correction("a", vec![("contact", Raw::text("C-9"))]).into());
    assert_eq!(fixed, Refusal::FixedField { field: "contact".into() });
    assert!(matches!(ask(correction("a", vec![("site", Raw::text("moon"))]).into()), Refusal::InvalidCorrection(_)));
    assert!(matches!(ask(correction("a", vec![("end", Raw::text("2020-01-01T00:00:00Z"))]).into()), Refusal::InvalidCorrection(_)));
    let chained = ask(correction("x", vec![("reason", Raw::text("other"))]).into());
    assert_eq!(chained, Refusal::TargetIsCorrection { correction: Seq(2), original: Seq(1) });
}

#[test]
fn recorded_at_is_the_ledgers_own_and_never_goes_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = real(dir.path());
    ledger.append(&[Draft::bare(contact(1))], Expect::Any, at(100)).unwrap();
    let receipt = ledger.append(&[Draft::bare(contact(2))], Expect::Any, at(50)).unwrap();
    assert!(receipt.clock_stepped_back);
    assert!(receipt.head.recorded_at > at(100) && receipt.head.recorded_at < at(101));
    let mut draft = Draft::bare(contact(3));
    draft.recorded_at = Some(at(60));
    assert_eq!(refused(ledger.append(&[draft.clone()], Expect::Any, at(200))), Refusal::RecordedAtRefused);
    draft.recorded_at = None;
    draft.envelope.entered_at = Some(at(201));
    assert!(matches!(refused(ledger.append(&[draft], Expect::Any, at(200))), Refusal::EnteredAfterRecorded { .. }));

    assert_eq!(ledger.cut_at(at(0)).unwrap(), Seq(0));
    assert_eq!(ledger.cut_at(at(99)).unwrap(), Seq(0));
    assert_eq!(ledger.cut_at(at(100)).unwrap(), Seq(1));
    assert!(matches!(ledger.cut_at(at(101)), Err(LedgerError::AfterHead { .. })));
    assert!(matches!(ledger.cut_at(at(-1)), Err(LedgerError::BeforeOpening { .. })));
}

#[test]
fn a_simulated_ledger_takes_its_time_from_the_drafts() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = simulated(dir.path());
    let timed = |n, at| Draft { recorded_at: Some(at), ..with_source(contact(n), &format!("c:{n}")) };
    assert_eq!(refused(ledger.append(&[Draft::bare(contact(1))], Expect::Any, at(0))), Refusal::RecordedAtMissing);
    let drafts: Vec<Draft> = (0..700).map(|n| timed(n, at(n as i64 / 2))).collect();
    ledger.append(&drafts, Expect::Any, at(0)).unwrap();
    assert!(matches!(refused(ledger.append(&[timed(800, at(5))], Expect::Any, at(0))), Refusal::RecordedAtBackwards { .. }));
    let again = ledger.append(&drafts, Expect::Any, at(0)).unwrap();
    assert_eq!((again.appended, again.already_there), (0, 700), "an import that comes again is not refused for its times");
    for cut in [0, 1, 100, 254, 255, 256, 349] {
        assert_eq!(ledger.cut_at(at(cut)).unwrap(), Seq(2 * cut as u64 + 2));
    }
    assert_eq!(ledger.cut_at(KnownAt::from_micros(at(0).micros() - 1)).unwrap(), Seq(0));

    // The same input makes the same ledger, byte for byte.
    let other = tempfile::tempdir().unwrap();
    let mut twin = simulated(other.path());
    twin.append(&drafts, Expect::Any, at(9)).unwrap();
    assert_eq!(twin.head().unwrap(), ledger.head().unwrap());
    assert_eq!(twin.sign_checkpoint().unwrap(), ledger.sign_checkpoint().unwrap());
}

#[test]
fn an_erased_individual_reads_as_erased_and_cannot_come_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = real(dir.path());
    let who = || IndividualId::parse("I-1").unwrap();
    let born = BirthDateRecorded { person: PersonId::parse("P-1").unwrap(), birth_date: BirthDate(day("1970-01-01")) };
    let drafts = [
        with_source(registered("I-1", Some("1980-01-01")), "a"),
        with_source(registered("I-2", Some("1981-01-01")), "b"),
        with_source(correction("a", vec![("birth_date", Raw::text("1980-01-02")), ("part2", Raw::Bool(true))]), "c"),
        with_source(born, "d"),
    ];
    ledger.append(&drafts, Expect::Any, at(1)).unwrap();
    let day = day("2025-03-01");
    let grounds = || Grounds { reason: text("asked for it"), approved_by: text("Ben Cole"), on: day };
    ledger.erase(&Subject::Individual(who()), grounds(), at(2)).unwrap();
    ledger.erase(&Subject::Person(PersonId::parse("P-1").unwrap()), grounds(), at(3)).unwrap();
    let check = |ledger: &Ledger| {
        let mut read = Vec::new();
        let replayed = ledger.replay(0..u64::MAX, |recorded| read.push(recorded)).unwrap();
        let Event::Individuals(Individuals::IndividualRegistered(first)) = &read[1].event else { panic!() };
        assert!(first.individual.as_str().starts_with("erased-") && first.birth_date.is_none());
        let Event::Individuals(Individuals::IndividualRegistered(second)) = &read[2].event else { panic!() };
        assert!(second.individual.as_str() == "I-2" && second.birth_date.is_some());
        let Event::Findings(Findings::EventCorrected(change)) = &read[3].event else { panic!() };
        assert_eq!(change.fields.0, [("part2".to_owned(), Raw::Bool(true))]);
        assert_eq!(replayed.not_interpreted.len(), 1);
        assert_eq!((replayed.not_interpreted[0].seq, replayed.not_interpreted[0].reason), (Seq(4), Reason::Erased));
        assert_eq!(ledger.verify(&VerifyOptions::default()).unwrap().state(), State::VerifiedWithErasedParts);
    };
    check(&ledger);
    let again = ledger.append(&drafts, Expect::Any, at(4)).unwrap();
    assert_eq!(again.already_there, 4, "what was erased is still recognised by its key");
    let refusal = refused(ledger.append(&[Draft::bare(Admitted {
        individual: who(),
        program: ProgramId::parse("P").unwrap(),
        admitted_at: Moment::Day(day),
    })], Expect::Any, at(5)));
    assert_eq!(refusal, Refusal::SubjectErased { individual: Some("I-1".to_owned()) });
    drop(ledger);
    check(&Ledger::open_reader(&dir.path().join("ledger")).unwrap());
}

#[test]
fn find_gives_events_of_a_type_or_about_somebody() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = real(dir.path());
    let drafts: Vec<Draft> = (0..600).map(|n| Draft::bare(contact(n))).chain([Draft::bare(registered("I-00007", None))]).collect();
    ledger.append(&drafts, Expect::Any, at(1)).unwrap();
    let mut seqs = Vec::new();
    let query = Query { types: vec![IndividualRegistered::SCHEMA.tag], subject: None };
    ledger.find(&query, |recorded| seqs.push(recorded.seq)).unwrap();
    assert_eq!(seqs, [Seq(601)]);
    let found = ledger.find(&Query { types: Vec::new(), subject: Some("I-00007".into()) }, |_| {}).unwrap();
    assert_eq!(found.delivered, 600 / 150 + 1);
}
