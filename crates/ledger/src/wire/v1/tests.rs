//! That the stored layouts are those of `PAYLOADS.md`, cover every event type, and are what a second implementation of the encoding writes.
//! It refuses to depend on a particular ledger: bytes and a page.
#![allow(clippy::unwrap_used)]

use domain::event::{CredentialRevoked, TypeSchema};
use domain::field::Kind;
use domain::words::CredentialKind;
use domain::{Draft, Envelope, Event, KnownAt, PersonId, SourceId, Text, ValidDay};
use serde::Serialize;

use super::*;

const PAGE: &str = include_str!("../../../PAYLOADS.md");

/// Compares the bytes of a twin with those `wincode` makes of it; called for every event that a unit test of this crate stores.
pub(crate) fn compare_with_wincode<T>(twin: &T)
where
    T: Serialize + wincode::SchemaWrite<wincode::config::DefaultConfig, Src = T>,
{
    let mut ours = Vec::new();
    crate::wire::codec::write(&mut ours, twin).unwrap();
    assert_eq!(ours, wincode::serialize(twin).unwrap());
}

/// How the page writes a type of the code.
fn on_page(stored: &str, kind: Kind) -> String {
    let stored = stored.replace(' ', "");
    if let Some(inner) = stored.strip_prefix("Option<") {
        return on_page(&inner[..inner.len() - 1], kind) + "?";
    }
    if stored.starts_with("Vec<(") {
        return "changes".into();
    }
    if let Some(inner) = stored.strip_prefix("Vec<") {
        let Kind::List(kind) = kind else { panic!("{stored} is no list") };
        return on_page(&inner[..inner.len() - 1], *kind) + "[]";
    }
    match (stored.trim_end_matches("<'a>"), kind) {
        ("&'astr", _) => "text".into(),
        ("u8", Kind::Word(_)) => "word".into(),
        ("i32", _) => "day".into(),
        ("i64", Kind::Instant) => "instant".into(),
        ("SealedAt", _) => "sealed".into(),
        ("ClaimLine", _) => "line".into(),
        (other, _) => other.to_lowercase(),
    }
}

#[test]
fn every_type_is_stored_in_the_domains_order_and_as_the_page_says() {
    let families = [workforce::LAYOUT, program::LAYOUT, individuals::LAYOUT, delivery::LAYOUT, claims::LAYOUT, findings::LAYOUT, ledger::LAYOUT];
    let stored: Vec<_> = families.into_iter().flatten().collect();
    let types: Vec<&TypeSchema> = Event::types().collect();
    assert_eq!(stored.len(), types.len());
    for schema in types {
        let (_, _, fields) = stored.iter().find(|(tag, ..)| *tag == schema.tag.0).unwrap_or_else(|| panic!("{} is not stored", schema.name));
        let named: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        assert_eq!(named, schema.fields.iter().map(|field| field.name).collect::<Vec<_>>(), "{}", schema.name);
        let row = PAGE.lines().find(|line| line.starts_with(&format!("| {} | `{}` |", schema.tag.0, schema.name)));
        let row = row.unwrap_or_else(|| panic!("{} is not on the page", schema.name));
        let cells = row.trim_end_matches(" |").rsplit(" | ").next().unwrap().split(", ");
        for (cell, (field, spec)) in cells.zip(fields.iter().zip(schema.fields)) {
            let (name, written) = cell.split_once(' ').unwrap();
            let written = match written.strip_prefix("word ") {
                Some(list) => format!("word{}", list.trim_start_matches(char::is_alphanumeric)),
                None => written.to_owned(),
            };
            assert_eq!((name, written), (field.0, on_page(field.1, spec.kind)), "{}", schema.name);
        }
    }
}

#[test]
fn words_have_the_codes_of_the_page() {
    use domain::words::*;
    macro_rules! check {
        ($($list:ident)*) => {$(
            let codes: Vec<String> = $list::ALL.iter().map(|word| format!("{} `{}`", word.code(), word.as_str())).collect();
            let row = format!("| `{}` | {} |", stringify!($list), codes.join(", "));
            assert!(PAGE.lines().any(|line| line == row), "not on the page: {row}");
        )*};
    }
    check! {
        Engagement Role LivedExperience CredentialKind CredentialLevel VerificationResult Discipline LicenceEnd RegulationPart SupervisionKind
        SupportSource ProgramKind Population RateCodeMeaning MeetingKind OrganizationRecord PlanKind Service Phase Format Mode Site Basis
        Recipient NoteElement SignatureCapacity QuantificationMethod
    }
}

#[test]
fn the_example_on_the_page_is_what_is_written() {
    let block = PAGE.split("```payload\n").nth(1).unwrap().split("```").next().unwrap();
    let hex: String = block.lines().flat_map(|line| line.split("  ").next()).flat_map(str::chars).filter(|c| !c.is_whitespace()).collect();
    let event = CredentialRevoked {
        person: PersonId::parse("P-014").unwrap(),
        credential: CredentialKind::Nycps,
        effective_on: ValidDay::parse("2025-03-01").unwrap(),
        reason: Some(Text::parse("ethics finding").unwrap()),
    };
    let envelope = Envelope {
        source_id: Some(SourceId::parse("hr:cred:77").unwrap()),
        entered_at: KnownAt::parse("2024-03-05T22:02:00Z"),
        ..Envelope::default()
    };
    let draft = Draft { event: event.into(), envelope, recorded_at: None };
    let mut pseudonyms = crate::people::Pseudonyms::new(&[0; 32]);
    let mut encoder = crate::encode::Encoder::default();
    let nobody = vault::Pseudonym([0; 16]);
    let fingerprints = crate::keys::Fingerprints([0; 16]);
    let encoded = encoder.event(&draft, &mut pseudonyms, nobody, None, fingerprints).unwrap();
    let place = Place { ledger_id: chain::LedgerId([0; 16]), seq: 0, recorded_at: 0, tag: encoded.tag, schema: SCHEMA };
    let payload = encoder.payload(&draft, None, &place, &[], &[], &mut pseudonyms).unwrap();
    assert_eq!(encoded.tag, 14);
    assert_eq!(payload.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), hex);
}

#[test]
fn two_encoders_write_the_same_bytes() {
    // Storing compares each twin with wincode; the front and the parts that are enums or nested are named here besides.
    let mut pseudonyms = crate::people::Pseudonyms::new(&[7; 32]);
    let mut stored = 0;
    for event in crate::examples::one_of_each() {
        let correcting = Event::schema_of("credential_granted");
        let mut seals = Seals::new(&mut pseudonyms, vault::Pseudonym([1; 16]), correcting);
        let mut bytes = Vec::new();
        assert_eq!(store(&event, &mut seals, &mut bytes).unwrap(), event.schema().tag.0);
        stored += 1;
    }
    assert_eq!(stored, Event::importable().count());
    compare_with_wincode(&front::Front {
        sealed: vec![crate::wire::seals::Sealed { role: 1, subject: [3; 16], bytes: b"sealed" }],
        source_id: Some("hr:cred:77"),
        entered_at: Some(-5),
        actor: None,
        evidence: vec![scalar::Digest(1, [9; 32])],
        provenance: Some(([4; 32], 12)),
        target: Some(3),
    });
    for scalar in [scalar::Scalar::Bool(true), scalar::Scalar::Int(-1), scalar::Scalar::Number("2.5"), scalar::Scalar::Text("x")] {
        compare_with_wincode(&scalar);
    }
    compare_with_wincode(&scalar::Moment::Day(5));
}

#[test]
fn hostile_payloads_are_malformed_and_never_a_panic() {
    struct Nobody;
    impl Identities for Nobody {
        fn individual(&mut self, _: vault::Pseudonym) -> Result<domain::IndividualId, Unreadable> {
            Err(Unreadable::Malformed)
        }
        fn open(&mut self, _: &Place, _: u16, _: &crate::wire::seals::Sealed<'_>) -> Result<zeroize::Zeroizing<Vec<u8>>, Unreadable> {
            Err(Unreadable::Erased)
        }
    }
    for tag in 0..200 {
        let place = Place { ledger_id: chain::LedgerId([0; 16]), seq: 1, recorded_at: 0, tag, schema: SCHEMA };
        for filler in [0x00, 0x01, 0x07, 0x20, 0xff] {
            for len in (0..400).step_by(7) {
                let _ = restore(&vec![filler; len], place, &mut Nobody);
            }
        }
    }
    let place = Place { ledger_id: chain::LedgerId([0; 16]), seq: 1, recorded_at: 0, tag: 9_999, schema: SCHEMA };
    assert!(matches!(restore(&[], place, &mut Nobody), Err(Unreadable::NotInterpreted)));
}
