//! An invented agency's events, and ledgers in temporary directories, for the tests of this crate.
//! Everybody here is made up; nothing reads the clock.
#![allow(clippy::unwrap_used)]
#![allow(dead_code, reason = "each test target uses a part")]

#[path = "examples.rs"]
mod examples;

pub(crate) use examples::one_of_each;

use domain::event::*;
use domain::field::{Changes, Raw};
use domain::words::*;
use domain::*;
use ledger::{CreateOptions, Expect, Ledger};

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

/// A ledger of real kind.
pub(crate) fn real(dir: &std::path::Path) -> Ledger {
    let options = CreateOptions { origin: "ledger.riverbend.example".into(), simulated: false, now: at(0), entropy: None };
    Ledger::create(&dir.join("ledger"), &options).unwrap()
}

/// A simulated ledger, the same bytes every time.
pub(crate) fn simulated(dir: &std::path::Path) -> Ledger {
    let options = CreateOptions { origin: "ledger.riverbend.example".into(), simulated: true, now: at(0), entropy: Some([7; 32]) };
    Ledger::create(&dir.join("ledger"), &options).unwrap()
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

/// Everything a ledger delivers.
pub(crate) fn all(ledger: &Ledger) -> Vec<Recorded> {
    let mut all = Vec::new();
    ledger.replay(0..u64::MAX, |recorded| all.push(recorded)).unwrap();
    all
}

/// A closed ledger of some 200 events of every type, with a signed checkpoint.
pub(crate) fn sample(dir: &std::path::Path) -> std::path::PathBuf {
    let mut ledger = real(dir);
    ledger.append(&[with_source(credential("P-001", Some("NY-1")), "hr:cred:1")], Expect::Any, at(1)).unwrap();
    let drafts: Vec<Draft> = one_of_each().into_iter().map(Draft::bare).collect();
    ledger.append(&drafts, Expect::Any, at(2)).unwrap();
    let contacts: Vec<Draft> = (0..120).map(|n| with_source(contact(n), &format!("c:{n}"))).collect();
    ledger.append(&contacts, Expect::Any, at(3)).unwrap();
    ledger.sign_checkpoint().unwrap();
    dir.join("ledger")
}

pub(crate) fn copy_dir(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
