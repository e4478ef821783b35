//! An invented agency's events, made by the dozen for the tests of this crate.
//! Everybody here is made up; nothing reads the clock.
#![allow(clippy::unwrap_used)]
#![allow(dead_code, reason = "each test target uses a part")]

use domain::event::*;
use domain::field::{Changes, Raw};
use domain::words::*;
use domain::*;

/// 2025-03-01T12:00:00Z and `n` seconds.
pub(crate) fn at(n: i64) -> KnownAt {
    KnownAt::from_micros(1_740_830_400_000_000 + n * 1_000_000)
}

pub(crate) fn day(text: &str) -> ValidDay {
    ValidDay::parse(text).unwrap()
}

pub(crate) fn text(text: &str) -> Text {
    Text::parse(text).unwrap()
}

pub(crate) fn with_source(event: impl Into<Event>, source: &str) -> Draft {
    let envelope = Envelope { source_id: Some(SourceId::parse(source).unwrap()), ..Envelope::default() };
    Draft { event: event.into(), envelope, recorded_at: None }
}

pub(crate) fn contact(n: u64) -> ContactRecorded {
    let start = ValidAt::from_micros(at(0).micros() - 86_400_000_000 + (n as i64) * 60_000_000);
    ContactRecorded {
        contact: ContactId::parse(&format!("C-{n:07}")).unwrap(),
        program: ProgramId::parse(["MHOTRS-RB", "PROS-RB", "CORE-RB"][(n % 3) as usize]).unwrap(),
        service: [Service::MhotrsAdultPeer, Service::ProsPss, Service::CorePeer][(n % 3) as usize],
        peer: PersonId::parse(&format!("P-{:03}", n % 12)).unwrap(),
        individual: IndividualId::parse(&format!("I-{:05}", (n * 7) % 150)).unwrap(),
        phase: Phase::Enrolled,
        format: Format::Individual,
        group_session: None,
        mode: Mode::InPerson,
        site: Site::Onsite,
        start,
        end: ValidAt::from_micros(start.micros() + 45 * 60_000_000),
        component: Some(text("A1")),
        activities: vec![text("A1.01"), text("A1.09")],
        basis: Basis::Planned,
        event: None,
        goal: Some(GoalId::parse(&format!("G-{}", n % 40)).unwrap()),
        recipient: Recipient::Individual,
        purpose: None,
    }
}

pub(crate) fn credential(person: &str, number: Option<&str>) -> CredentialGranted {
    CredentialGranted {
        person: PersonId::parse(person).unwrap(),
        credential: CredentialKind::Nycps,
        level: CredentialLevel::Full,
        issuer: text("NYPSCB"),
        number: number.map(|n| Confidential::parse(n).unwrap()),
        effective_on: day("2024-03-01"),
        expires_on: Some(day("2026-02-28")),
    }
}

pub(crate) fn registered(individual: &str, born: Option<&str>) -> IndividualRegistered {
    let birth_date = born.map(|born| BirthDate(day(born)));
    IndividualRegistered { individual: IndividualId::parse(individual).unwrap(), birth_date, part2: None }
}

pub(crate) fn correction(target: &str, fields: Vec<(&str, Raw<'static>)>) -> EventCorrected {
    let fields = Changes(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    EventCorrected { target: TargetRef::parse(target).unwrap(), fields, reason: text("typing error") }
}

pub(crate) fn retraction(target: &str) -> EventRetracted {
    EventRetracted { target: TargetRef::parse(target).unwrap(), reason: text("entered for the wrong person") }
}
