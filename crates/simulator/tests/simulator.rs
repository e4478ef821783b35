//! What an invented agency promises whatever the engine makes of it: readable lines, a clock that only goes forward, the same bytes for a seed.
//! Whether its findings are the right ones is tested where the engine is.

#![allow(clippy::unwrap_used)]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use domain::event::{Claims, ContactRecorded, Delivery};
use domain::field::{Fields, Raw};
use domain::words::Service;
use domain::{Event, KnownAt, ValidAt};
use serde_json::Value;
use simulator::{Agency, Config, Planting};

fn agency(seed: u64, plants: Planting) -> Agency {
    Agency::invent(Config { plants, individuals: 80, ..Config::year(seed) })
}

fn raw(value: Value) -> Raw<'static> {
    match value {
        Value::Null => Raw::Null,
        Value::Bool(b) => Raw::Bool(b),
        Value::Number(n) => n.as_i64().map_or_else(|| Raw::Number(Cow::Owned(n.to_string())), Raw::Int),
        Value::String(s) => Raw::owned(s),
        Value::Array(items) => Raw::List(items.into_iter().map(raw).collect()),
        Value::Object(fields) => Raw::Record(fields.into_iter().map(|(k, v)| (Cow::Owned(k), raw(v))).collect()),
    }
}

fn jsonl(agency: &Agency) -> String {
    let mut out = Vec::new();
    agency.write_jsonl_to(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_line_reads_back_as_the_event_it_was() {
    let agency = agency(11, Planting::Everything);
    for (text, line) in jsonl(&agency).lines().zip(&agency.lines) {
        let Value::Object(mut fields) = serde_json::from_str(text).unwrap() else { panic!("{text}") };
        let mut take = |name: &str| fields.remove(name).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
        let type_name = take("type").unwrap();
        assert_eq!(KnownAt::parse(&take("recorded_at").unwrap()), Some(line.recorded_at));
        assert_eq!(take("source_id").as_deref(), Some(line.source_id.as_str()));
        assert_eq!(take("entered_at").and_then(|t| KnownAt::parse(&t)), line.entered_at);
        assert_eq!(take("evidence").is_some(), !line.evidence.is_empty());
        let fields = fields.into_iter().map(|(k, v)| (Cow::Owned(k), raw(v))).collect();
        assert_eq!(Event::read(&type_name, Fields(fields)).as_ref(), Ok(&line.event), "{text}");
    }
}

#[test]
fn the_ledger_clock_only_goes_forward_and_nothing_is_entered_after_it_was_recorded() {
    let agency = agency(12, Planting::Everything);
    assert!(agency.lines.windows(2).all(|pair| pair[0].recorded_at < pair[1].recorded_at));
    assert!(agency.lines.iter().all(|line| line.entered_at.is_none_or(|entered| entered <= line.recorded_at)));
    let end = agency.config.start.plus_days(i64::from(agency.config.days) - 1);
    assert!(agency.lines.last().unwrap().recorded_at < end.deadline_passed());
    assert!(agency.today() <= end);
}

#[test]
fn ids_and_source_ids_are_given_once_and_corrections_point_back() {
    let agency = agency(13, Planting::Everything);
    let mut sources = BTreeSet::new();
    let mut introduced = BTreeSet::new();
    for line in &agency.lines {
        let target = line.event.amends();
        assert!(target.is_none_or(|t| sources.contains(t.as_str())), "{target:?} is not there yet");
        assert!(sources.insert(line.source_id.as_str()), "{} twice", line.source_id);
        assert!(line.event.introduces().is_none_or(|id| introduced.insert(id)), "{:?} twice", line.event.introduces());
        assert_eq!(line.event.inconsistencies(), []);
    }
}

#[test]
fn a_seed_gives_the_same_bytes_and_another_seed_others() {
    let first = agency(14, Planting::BySeed);
    let again = agency(14, Planting::BySeed);
    assert!(jsonl(&first) == jsonl(&again));
    assert_eq!(first.case_json(), again.case_json());
    assert_eq!(first.exports().unwrap(), again.exports().unwrap());
    assert!(jsonl(&first) != jsonl(&agency(15, Planting::BySeed)));
}

#[test]
fn three_seeds_in_a_row_plant_everything() {
    let everything: BTreeSet<&str> = agency(20, Planting::Everything).planted.into_iter().collect();
    assert!(everything.len() > 100);
    for first in 20..23 {
        let planted: BTreeSet<&str> = (first..first + 3).flat_map(|seed| agency(seed, Planting::BySeed).planted).collect();
        assert_eq!(planted, everything);
    }
}

#[test]
fn a_clean_agency_expects_nothing_and_plants_do_not_change_the_others_year() {
    let clean = agency(16, Planting::Nothing);
    assert_eq!(clean.expected(), []);
    // Ids shift when there are more people, times of contacts of the first clinic peer's people do not.
    let planted = agency(16, Planting::Everything);
    let starts = |agency: &Agency| -> BTreeSet<ValidAt> { contacts(agency).map(|c| c.start).collect() };
    let kept = starts(&clean).intersection(&starts(&planted)).count();
    assert!(kept * 10 > starts(&clean).len() * 8, "{kept} of {}", starts(&clean).len());
}

fn contacts(agency: &Agency) -> impl Iterator<Item = &ContactRecorded> {
    agency
        .lines
        .iter()
        .filter_map(|line| if let Event::Delivery(Delivery::ContactRecorded(contact)) = &line.event { Some(contact) } else { None })
}

#[test]
fn a_clean_agency_works_in_office_hours_and_nobody_in_core_is_in_two_places() {
    let agency = agency(17, Planting::Nothing);
    let mut by_peer: BTreeMap<&str, Vec<(ValidAt, ValidAt, &str)>> = BTreeMap::new();
    for contact in contacts(&agency) {
        let (hour, _) = contact.start.local_clock();
        assert!((8..18).contains(&hour) && contact.start.local_day().iso_weekday() <= 5, "{contact:?}");
        if contact.service == Service::CorePeer {
            by_peer.entry(contact.peer.as_str()).or_default().push((contact.start, contact.end, contact.individual.as_str()));
        }
    }
    assert!(!by_peer.is_empty());
    for taken in by_peer.values_mut() {
        taken.sort_unstable();
        assert!(taken.windows(2).all(|pair| pair[0].1 <= pair[1].0 || pair[0].2 == pair[1].2));
    }
}

#[test]
fn expectations_are_in_order_and_of_the_past() {
    let agency = agency(18, Planting::Everything);
    let expected = agency.expected();
    let order = |e: &simulator::Expected| (e.class != "violation", e.rule);
    assert!(expected.windows(2).all(|pair| order(&pair[0]) <= order(&pair[1])));
    let today = agency.today().deadline_passed();
    for finding in &expected {
        let detectable = finding.first_detectable.as_deref().and_then(KnownAt::parse).unwrap();
        assert!(detectable <= today, "{finding:?}");
        assert!(finding.class == "violation" || finding.exposure_cents == Some(0), "{finding:?}");
    }
    let subjects: BTreeSet<String> = expected.iter().map(|e| format!("{} {:?}", e.rule, e.subject)).collect();
    assert_eq!(subjects.len(), expected.len(), "one finding a rule and subject");
    let page: Value = serde_json::from_str(&agency.case_json()).unwrap();
    assert_eq!(page["checks"][0]["expect"].as_array().unwrap().len(), expected.len());
}

#[test]
fn a_csv_has_a_row_for_every_line_of_a_claim() {
    let agency = agency(19, Planting::Everything);
    let lines: usize = agency
        .lines
        .iter()
        .filter_map(|line| if let Event::Claims(Claims::ClaimSubmitted(claim)) = &line.event { Some(claim.lines.len()) } else { None })
        .sum();
    let exports = agency.csv_exports().unwrap();
    let claims = exports.iter().find(|e| e.name == "claim_submitted.csv").unwrap();
    let mut reader = csv::Reader::from_reader(claims.bytes.as_slice());
    assert!(reader.headers().unwrap().iter().any(|h| h == "charge_cents"));
    let claim = reader.headers().unwrap().iter().position(|h| h == "claim").unwrap();
    let rows: Vec<String> = reader.records().map(|r| r.unwrap()[claim].to_owned()).collect();
    assert_eq!(rows.len(), lines);
    let distinct: BTreeSet<&String> = rows.iter().collect();
    assert!(distinct.len() < rows.len(), "some claim has two lines");
}

#[test]
fn every_export_is_in_the_order_of_the_ledger_clock() {
    for export in agency(20, Planting::BySeed).exports().unwrap().iter().filter(|e| e.name.ends_with(".csv")) {
        let mut reader = csv::Reader::from_reader(export.bytes.as_slice());
        assert_eq!(reader.headers().unwrap().get(0), Some("recorded_at"));
        let times: Vec<KnownAt> = reader.records().map(|r| KnownAt::parse(&r.unwrap()[0]).unwrap()).collect();
        assert!(times.is_sorted(), "{}", export.name);
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// After a deliberate change: `cargo run -p simulator --bin simulate -- --riverbend fixtures`, and read the difference.
#[test]
fn the_riverbend_fixture_is_what_its_seed_gives() {
    let riverbend = simulator::riverbend();
    let mut files: BTreeMap<String, Vec<u8>> = riverbend.exports().unwrap().into_iter().map(|e| (e.name, e.bytes)).collect();
    files.insert("case.json".into(), riverbend.case_json().into_bytes());
    let folder = fixtures().join("riverbend");
    let names: BTreeSet<String> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names, files.keys().cloned().collect::<BTreeSet<_>>());
    for (name, bytes) in files {
        assert!(std::fs::read(folder.join(&name)).unwrap() == bytes, "{name} differs");
    }
}

#[test]
fn the_riverbend_revocation_comes_after_the_year_and_reaches_three_months_back() {
    let line = simulator::riverbend_revocation();
    assert_eq!(std::fs::read_to_string(fixtures().join("riverbend-revocation.jsonl")).unwrap(), line);
    assert_eq!(std::fs::read_to_string(fixtures().join("riverbend-revocation.case.json")).unwrap(), simulator::riverbend_revocation_case());
    let riverbend = simulator::riverbend();
    assert_eq!(riverbend.today().to_string(), "2025-06-18");
    let page: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(page["effective_on"], "2025-03-10");
    assert!(KnownAt::parse(page["recorded_at"].as_str().unwrap()).unwrap() > riverbend.lines.last().unwrap().recorded_at);
    let before = riverbend.expected();
    let added: Vec<_> = simulator::riverbend_revocation_expected().into_iter().filter(|e| !before.contains(e)).collect();
    let billed = added.iter().filter(|e| e.known_at_claim == Some(Some(false))).count();
    assert!((10..=25).contains(&billed), "{billed}");
    assert!(added.iter().all(|e| e.rule == "MHOTRS-CRED-01" && e.true_from.as_deref() >= Some("2025-03-10")));
}
