//! A hundred thousand damaged files: reading always ends, nothing panics, and what was not damaged is still read.
//! Starts from resources that are whole, because bytes by chance get no further than the first brace.
#![allow(clippy::unwrap_used, missing_docs)]

use std::sync::Arc;

use fhir::{Item, Mapping, Reader};
use proptest::prelude::*;

const WHOLE: &[&str] = &[
    r#"{"resourceType":"Encounter","id":"e-1","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"type":[{"coding":[{"system":"https://countersign.example/fhir/service","code":"core_peer"}]}],"subject":{"reference":"Patient/p-7"},"participant":[{"individual":{"reference":"Practitioner/s-4"}}],"period":{"start":"2025-03-04T10:00:00-05:00","end":"2025-03-04T11:00:00-05:00"},"episodeOfCare":[{"reference":"EpisodeOfCare/1"}],"basedOn":[{"reference":"ServiceRequest/1"}],"serviceProvider":{"reference":"Organization/CO-1"}}"#,
    r#"{"resourceType":"Practitioner","id":"s-4","birthDate":"1988-03-03","qualification":[{"code":{"coding":[{"system":"https://countersign.example/fhir/credential","code":"NYCPS-P"}]},"period":{"start":"2024-03-01","end":"2026-02-28"},"issuer":{"display":"NYPSCB"}}]}"#,
    r#"{"resourceType":"Provenance","id":"pv-1","target":[{"reference":"DocumentReference/n-1/_history/2"}],"recorded":"2025-03-05T14:06:00Z","signature":[{"type":[{"system":"https://countersign.example/fhir/capacity","code":"peer"}],"when":"2025-03-05T09:05:00-05:00","who":{"reference":"Practitioner/s-4"}}]}"#,
    r#"{"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"p-7"}},{"resource":{"resourceType":"Observation","id":"o"}}]}"#,
    "{\n  \"resourceType\": \"Bundle\",\n  \"entry\": [\n    {\"resource\": {\"resourceType\": \"Patient\", \"id\": \"p-8\"}}\n  ]\n}",
];

/// Reads to the end; how many resources were good.
fn read(bytes: &[u8]) -> usize {
    let mut reader = Reader::new(bytes, Arc::new(Mapping::standard()));
    let (mut good, mut items) = (0, 0);
    while let Some((line, item)) = reader.next_item().unwrap() {
        items += 1;
        assert!(items <= bytes.len() + 2, "more items than bytes");
        assert!(line <= bytes.len() as u64 + 1);
        if let Item::Drafts(drafts) = item {
            assert!(!drafts.is_empty());
            good += 1;
        }
    }
    good
}

#[derive(Debug, Clone)]
enum Damage {
    Set(usize, u8),
    Cut(usize),
    Drop(usize, usize),
    Double(usize, usize),
    Insert(usize, &'static str),
}

fn damage() -> impl Strategy<Value = Damage> {
    let place = 0usize..1000;
    prop_oneof![
        (place.clone(), prop::sample::select(b"\"{}[]:,\\\n\0\xFF 0".to_vec())).prop_map(|(at, byte)| Damage::Set(at, byte)),
        place.clone().prop_map(Damage::Cut),
        (place.clone(), 1usize..60).prop_map(|(at, length)| Damage::Drop(at, length)),
        (place.clone(), 1usize..200).prop_map(|(at, length)| Damage::Double(at, length)),
        (place, prop::sample::select(vec!["null", "[[[[[[[[", "\\u0000", "1e999", "{\"resourceType\":\"Bundle\",\"entry\":[", "\r\n", "\u{feff}"])).prop_map(|(at, text)| Damage::Insert(at, text)),
    ]
}

fn damaged(mut bytes: Vec<u8>, all: &[Damage]) -> Vec<u8> {
    for one in all {
        let length = bytes.len().max(1);
        match *one {
            Damage::Set(at, byte) => {
                if let Some(slot) = bytes.get_mut(at % length) {
                    *slot = byte;
                }
            }
            Damage::Cut(at) => bytes.truncate(at % length),
            Damage::Drop(at, n) => drop(bytes.drain((at % length).min(bytes.len())..(at % length + n).min(bytes.len()))),
            Damage::Double(at, n) => {
                let from = (at % length).min(bytes.len());
                let part = bytes[from..(from + n).min(bytes.len())].to_vec();
                bytes.splice(from..from, part);
            }
            Damage::Insert(at, text) => drop(bytes.splice((at % length).min(bytes.len())..(at % length).min(bytes.len()), text.bytes())),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_file_is_read_to_its_end(which in 0..WHOLE.len(), all in prop::collection::vec(damage(), 1..4)) {
        read(&damaged(WHOLE[which].as_bytes().to_vec(), &all));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// On lines of their own, resources after a damaged one are read, unless the damage is a quote of several lines.
    #[test]
    fn what_follows_a_damaged_line_is_read(which in 0..4usize, at in 0usize..1000, byte in prop::sample::select(b"\"{}[]:,\\\0\xFF".to_vec())) {
        let line = damaged(WHOLE[which].as_bytes().to_vec(), &[Damage::Set(at, byte)]);
        let mut file = WHOLE[0].as_bytes().to_vec();
        file.push(b'\n');
        file.extend(line);
        file.push(b'\n');
        file.extend(WHOLE[1].bytes());
        let good = read(&file);
        prop_assert!((2..=3).contains(&good), "{good}");
    }
}

#[test]
fn bytes_by_chance_and_the_whole_ones() {
    for whole in WHOLE {
        assert_eq!(read(whole.as_bytes()), 1, "{whole}");
    }
    for bytes in [&b"\xFF\xFE"[..], b"{", b"}", b"\"", b"{\"", b"{\n\"entry\":[{\"", b"", b"\n\n", b"\xEF\xBB\xBF"] {
        read(bytes);
    }
}
