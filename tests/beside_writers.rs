//! Others append while the ledger is judged: neither waits for the other, and what is written down afterwards is still true.
//! Appends happen at the moment at which judging says how far it is, in the same process, through doors of their own.

use std::cell::Cell;

use audit::holds::{Erasing, erase};
use audit::packs::{self, Scope};
use audit::scan::{Scan, ScanOptions, scan};
use audit::{Cut, nightly, office};
use domain::KnownAt;
use serde_json::Value;

use crate::command::{Desk, stdout};

/// An invented agency of one peer and two individuals.
fn agency() -> Desk {
    let desk = Desk::real();
    let contact = |id: &str, individual: &str, day: u8| {
        format!(
            "{{\"type\":\"contact_recorded\",\"contact\":\"{id}\",\"program\":\"MH-1\",\"service\":\"mhotrs_adult_peer\",\"peer\":\"P1\",\"individual\":\"{individual}\",\"phase\":\"enrolled\",\
             \"format\":\"individual\",\"mode\":\"in_person\",\"site\":\"onsite\",\"start\":\"2025-03-0{day}T15:00:00Z\",\"end\":\"2025-03-0{day}T15:30:00Z\",\"component\":\"A1\",\
             \"activities\":[\"A1.02\"],\"basis\":\"planned\",\"recipient\":\"individual\"}}\n"
        )
    };
    let people = [
        "{\"type\":\"person_engaged\",\"person\":\"P1\",\"engagement\":\"employee\",\"roles\":[\"peer\"],\"programs\":[\"MH-1\"],\"start_on\":\"2024-12-09\"}\n",
        "{\"type\":\"individual_registered\",\"individual\":\"Quimby-7\",\"birth_date\":\"1990-01-01\"}\n",
    ];
    desk.write("base.jsonl", &(people.concat() + &contact("C1", "Quimby-7", 4) + &contact("C2", "Other-8", 5)));
    desk.done(&["import", "base.jsonl"]);
    desk
}

fn now() -> KnownAt {
    KnownAt::parse("2025-07-01T16:00:00Z").unwrap()
}

fn fact(desk: &Desk) {
    let event = r#"{"type":"complaint_recorded","category":"late note","received_on":"2024-05-01"}"#;
    office::append(&desk.ledger(), event, now()).unwrap();
}

fn forget(desk: &Desk) {
    let asked = Erasing { subject: "Quimby-7".to_owned(), reason: "asked for".to_owned(), approved_by: "Ana Ortiz".to_owned(), on: None, dry_run: false };
    erase(&desk.ledger(), &asked, now()).unwrap();
}

/// A full scan during which something happens once.
fn scan_while(desk: &Desk, happens: impl Fn(&Desk)) -> Scan {
    let once = Cell::new(false);
    let options = ScanOptions { today: None, cut: Cut::Head, record: true, full: true, now: now() };
    let done = scan(&desk.ledger(), &options, &|_, _| {
        if !once.replace(true) {
            happens(desk);
        }
    });
    assert!(once.get(), "judging says how far it is");
    done.unwrap()
}

fn types(desk: &Desk) -> Vec<String> {
    let listed = stdout(&desk.done(&["events", "--format", "ndjson"]));
    listed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["type"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_appended_during_a_scan_is_the_next_scans() {
    let desk = agency();
    let before = desk.size();
    let done = scan_while(&desk, fact);
    assert_eq!(done.loaded.frame.size, before);
    assert_eq!(types(&desk)[before as usize..], ["complaint_recorded", "rule_pack_activated", "scan_completed"]);
    // The next goes on from what this one saw, and finds what judging everything finds.
    let going_on = desk.json(&["scan", "--json", "--dry-run", "--fail-on", "never"]);
    let anew = desk.json(&["scan", "--json", "--dry-run", "--full", "--fail-on", "never"]);
    assert_eq!(going_on, anew);
    desk.done(&["verify"]);
}

#[test]
fn a_night_whose_scan_was_overtaken_is_not_yet_done() {
    let desk = agency();
    scan_while(&desk, fact);
    let scans = |desk: &Desk| types(desk).iter().filter(|kind| *kind == "scan_completed").count();
    let run = || nightly::run(&desk.ledger(), None, now(), &|_, _| {}).unwrap();
    assert!(run().appended, "an event came that no scan has looked at");
    assert_eq!(scans(&desk), 2);
    assert!(!run().appended, "everything was looked at");
    assert_eq!(scans(&desk), 2);
}

#[test]
fn whoever_is_erased_during_a_scan_is_in_nothing_that_it_leaves() {
    let desk = agency();
    let done = scan_while(&desk, forget);
    let found = done.loaded.json(&done.report).unwrap();
    assert!(found.contains("Other-8") && !found.contains("Quimby-7"), "it was judged again: {found}");
    assert_eq!(types(&desk)[5..], ["subject_erased", "rule_pack_activated", "scan_completed"]);
    assert_eq!(desk.json(&["scan", "--json", "--dry-run", "--fail-on", "never"]), desk.json(&["scan", "--json", "--dry-run", "--full", "--fail-on", "never"]));
}

fn everything(desk: &Desk) -> packs::Asked {
    packs::Asked {
        scope: Scope::Everything,
        days: None,
        cut: Cut::Head,
        today: None,
        part2: false,
        since: Vec::new(),
        sample: None,
        recipient: None,
        file: desk.path().join("all.zip"),
        dry_run: false,
    }
}

fn pack_while(desk: &Desk, happens: impl Fn(&Desk)) -> Result<packs::Made, audit::AuditError> {
    let once = Cell::new(false);
    let made = packs::create(&desk.ledger(), &everything(desk), now(), &|_, _| {
        if !once.replace(true) {
            happens(desk);
        }
    });
    assert!(once.get(), "making says how far it is");
    made
}

#[test]
fn a_pack_holds_what_was_signed_whatever_is_appended_while_it_is_made() {
    let desk = agency();
    let before = desk.size();
    let made = pack_while(&desk, fact).unwrap();
    assert_eq!(made.frames, before);
    assert_eq!(types(&desk)[before as usize..], ["complaint_recorded", "pack_exported"]);
    let key = desk.vkey();
    desk.done(&["pack", "verify", "all.zip", "--key", &key]);
}

#[test]
fn a_pack_that_would_hold_somebody_erased_meanwhile_is_not_handed_out() {
    let desk = agency();
    let error = pack_while(&desk, forget).unwrap_err();
    assert!(error.to_string().contains("somebody was erased while the pack was made; nothing was handed out"), "{error}");
    let left: Vec<_> = std::fs::read_dir(desk.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains("all.zip")), "{left:?}");
    assert!(!types(&desk).contains(&"pack_exported".to_owned()));
}

#[test]
fn trying_out_needs_no_writers_lock() {
    let desk = agency();
    desk.write("more.jsonl", "{\"type\":\"complaint_recorded\",\"category\":\"other\",\"received_on\":\"2024-05-01\"}\n");
    let writing = ledger::Ledger::open(&desk.ledger()).unwrap();
    let tried = desk.done(&["import", "--dry-run", "more.jsonl"]);
    assert!(stdout(&tried).contains("1 event read"), "{}", stdout(&tried));
    for args in [&["what-if", "more.jsonl"][..], &["pack", "create", "--dry-run", "--contact", "C1", "-o", "x.zip"]] {
        desk.done(args);
    }
    drop(writing);
    assert_eq!(desk.size(), 5);
}
