//! Erasing and legal holds through the binary: what becomes unknown, what stays, what is refused, and what a kill in between leaves.
//! Everybody here is invented; the bytes themselves are searched in `crates/ledger/tests/erasure.rs` and, after a scan, here.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use domain::IndividualId;
use ledger::{Ledger, Sealing, Subject};
use serde_json::Value;

use crate::command::{Desk, stderr, stdout};

const SOMEBODY: &str = "I-4930-KELP";

/// A public case as lines for a ledger with a clock of its own, its individual `I-01` under a name that occurs nowhere else.
fn lines(case: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/conformance").join(case).join("events.jsonl");
    let lines = std::fs::read_to_string(path).unwrap();
    let plain = |line: &str| {
        let mut event: Value = serde_json::from_str(&line.replace("I-01", SOMEBODY)).unwrap();
        event.as_object_mut().unwrap().remove("recorded_at");
        format!("{event}\n")
    };
    lines.lines().map(plain).collect()
}

fn desk(case: &str) -> Desk {
    let desk = Desk::real();
    desk.write("lines.jsonl", &lines(case));
    desk.done(&["import", "lines.jsonl"]);
    desk
}

const GROUNDS: [&str; 4] = ["--reason", "asked for it in writing", "--approved-by", "Ben Cole"];

fn erase<'a>(subject: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["erase", subject][..], &GROUNDS, more].concat()
}

fn unknown(desk: &Desk, rule: &str) -> Vec<(String, String)> {
    let scan = desk.json(&["scan", "--today", "2025-07-01", "--dry-run", "--json", "--fail-on", "never"]);
    let rows = scan["not_evaluated"].as_array().unwrap().iter().filter(|n| n["rule"] == rule);
    rows.map(|n| (n["subject"]["contact"].as_str().unwrap().to_owned(), n["missing"].as_str().unwrap().to_owned())).collect()
}

fn contacts_under(desk: &Desk, rule: &str) -> Vec<String> {
    let found = desk.json(&["findings", "list", "--rule", rule, "--today", "2025-07-01", "--json"]);
    found["findings"].as_array().unwrap().iter().map(|f| f["subject"]["contact"].as_str().unwrap().to_owned()).collect()
}

fn pair(contact: &str, missing: &str) -> (String, String) {
    (contact.to_owned(), missing.to_owned())
}

/// Whether a text stands in any file under a directory.
fn anywhere(dir: &Path, needle: &[u8]) -> bool {
    std::fs::read_dir(dir).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() { anywhere(&path, needle) } else { std::fs::read(path).unwrap().windows(needle.len()).any(|w| w == needle) }
    })
}

#[test]
fn a_rule_that_needs_an_erased_birth_date_says_so_and_earlier_scans_stay() {
    let desk = desk("mhotrs-cred-06-birthdays");
    let rule = "MHOTRS-CRED-06";
    assert_eq!(contacts_under(&desk, rule), ["C-03", "C-02"]);
    assert_eq!(unknown(&desk, rule), [pair("C-05", "birth date of P-03")]);
    desk.run(&["scan", "--today", "2025-07-01"]);
    let before = desk.json(&["scans", "--json"]);
    let said = stdout(&desk.done(&erase("P-02", &[])));
    assert!(said.contains("P-02 is erased: birth date, credential and licence numbers") && said.contains("docs/erasure.md"), "{said}");
    // The contact of the peer who was too young is judged no more; it is not compliant either.
    assert_eq!(contacts_under(&desk, rule), ["C-02"]);
    let now = [pair("C-03", "birth date of P-02 (erased)"), pair("C-04", "birth date of P-02 (erased)"), pair("C-05", "birth date of P-03")];
    assert_eq!(unknown(&desk, rule), now);
    assert_eq!(desk.json(&["scans", "--json"]), before, "a scan that was recorded stays as it was recorded");
    let again = desk.run(&["scans", "--check", "--json"]);
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    let again: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(again["scans"][0]["again"]["values_erased"], true);
    assert!(stdout(&desk.done(&["scans", "--check"])).contains("values erased since"));
}

#[test]
fn an_individual_reads_as_erased_everywhere_and_comes_back_nowhere() {
    let desk = desk("pros-staff-02-participant-age");
    let rule = "PROS-STAFF-02";
    assert_eq!(contacts_under(&desk, rule), ["C-02", "C-03"]);
    desk.run(&["scan", "--today", "2025-07-01"]);
    // Even before: what is sealed lies nowhere in the clear, in what a scan keeps beside the ledger neither.
    assert!(!anywhere(&desk.ledger(), SOMEBODY.as_bytes()) && !anywhere(&desk.ledger(), b"1998-05-22"));
    let erased = desk.json(&erase(SOMEBODY, &["--json"]));
    let name = erased["reads_as"].as_str().unwrap().to_owned();
    assert!(name.starts_with("erased-") && erased["left_in_clear"].as_array().unwrap().is_empty());
    assert_eq!(contacts_under(&desk, rule), ["C-03"]);
    assert_eq!(unknown(&desk, rule)[0], pair("C-01", &format!("birth date of {name} (erased)")));
    desk.run(&["scan", "--today", "2025-07-01"]);
    for secret in [SOMEBODY, "1998-05-22"] {
        assert!(!anywhere(&desk.ledger(), secret.as_bytes()), "{secret} is in some file");
        for args in [&["events", "--json"][..], &["findings", "list", "--json"], &["events"]] {
            assert!(!stdout(&desk.run(args)).contains(secret), "{args:?}");
        }
    }
    assert!(stdout(&desk.run(&["events", "--type", "subject_erased"])).contains(&name));
    // No stored event has that name in it: under it, the trail is found all the same.
    let trail = desk.json(&["history", "individual", &name, "--json"]);
    assert!(trail["events"].as_array().unwrap().iter().any(|fact| fact["type"] == "contact_recorded"), "{trail}");
    let pack = desk.path().join("erased.pack").display().to_string();
    assert!(stdout(&desk.done(&["pack", "create", "--individual", &name, "--output", &pack])).contains("their subject was erased"));
    assert!(stdout(&desk.run(&["pack", "verify", &pack])).contains("Self-consistent only: "));
    // The same lines again: known by their keys, nothing added. A new line that names them: refused, by file, line and field.
    let size = desk.size();
    assert!(stdout(&desk.done(&["import", "lines.jsonl"])).contains("0 appended"));
    desk.write("new.jsonl", &format!("{{\"type\":\"discharged\",\"individual\":\"{SOMEBODY}\",\"program\":\"PR-1\",\"discharged_on\":\"2025-06-30\"}}\n"));
    let refused = desk.run(&["import", "new.jsonl"]);
    assert_eq!(refused.status.code(), Some(3));
    let said = format!("{}{}", stdout(&refused), stderr(&refused));
    assert!(said.contains("new.jsonl") && said.contains("individual") && said.contains("was erased from this ledger"), "{said}");
    assert_eq!(desk.size(), size);
}

#[test]
fn verify_has_three_answers() {
    let desk = desk("pros-staff-02-participant-age");
    let state = |desk: &Desk| {
        let output = desk.run(&["verify", "--json"]);
        let value: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code().unwrap(), value["state"].as_str().unwrap().to_owned(), value["erased_values"].as_u64().unwrap())
    };
    assert_eq!(state(&desk), (0, "verified".to_owned(), 0));
    desk.done(&erase(SOMEBODY, &[]));
    assert_eq!(state(&desk), (0, "verified_with_erased_parts".to_owned(), 2));
    let said = stdout(&desk.done(&["verify"]));
    assert!(said.contains("2 sealed values can no longer be opened because their subjects were erased"), "{said}");
    // One bit of the tree is turned round, wherever it lies; nothing about erasure hides that.
    let database = desk.ledger().join("ledger.redb");
    let leaf = Ledger::open_reader(&desk.ledger()).unwrap().tree_hash(0, 5).unwrap().0;
    let mut bytes = std::fs::read(&database).unwrap();
    let places: Vec<usize> = bytes.windows(32).enumerate().filter(|(_, w)| *w == leaf).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    places.iter().for_each(|at| bytes[*at] ^= 1);
    std::fs::write(&database, bytes).unwrap();
    let failed = desk.run(&["verify"]);
    assert_eq!(failed.status.code(), Some(1), "{}{}", stdout(&failed), stderr(&failed));
}

#[test]
fn a_legal_hold_forbids_erasing_until_it_is_released() {
    let desk = desk("pros-staff-02-participant-age");
    let placed = desk.json(&["hold", "place", SOMEBODY, "--reason", "audit of 2025", "--by", "Ana Ortiz", "--json"]);
    assert_eq!(placed["hold"], "H-1");
    assert!(placed["scope"].as_str().unwrap().starts_with("pseudonym:"), "an id would lie in the ledger in the clear");
    let size = desk.size();
    let refused = desk.run(&erase(SOMEBODY, &[]));
    assert_eq!(refused.status.code(), Some(5));
    let said = stderr(&refused);
    assert!(said.contains("legal hold H-1") && said.contains("audit of 2025") && said.contains("countersign hold release H-1"), "{said}");
    let dry = stdout(&desk.done(&erase(SOMEBODY, &["--dry-run"])));
    assert!(dry.contains("Nothing was erased") && dry.contains("legal hold H-1"), "{dry}");
    assert_eq!(desk.size(), size);
    // Others are not covered.
    desk.done(&erase("I-02", &[]));
    for (args, words) in [
        (vec!["hold", "place", SOMEBODY, "--reason", "again", "--hold", "H-1"], "in force already"),
        (vec!["hold", "release", "H-9", "--reason", "settled"], "there is no hold H-9"),
        (vec!["hold", "place", "I-nobody", "--reason", "audit"], "nothing is sealed for"),
        (vec!["hold", "place", SOMEBODY, "--reason", "about I-4930-KELP"], "--reason names I-4930-KELP"),
    ] {
        let refused = desk.run(&args);
        assert_eq!(refused.status.code(), Some(2), "{args:?}");
        assert!(stderr(&refused).contains(words) && stderr(&refused).contains("hint:"), "{}", stderr(&refused));
    }
    desk.done(&["hold", "release", "H-1", "--reason", "the audit is closed"]);
    assert_eq!(desk.run(&["hold", "release", "H-1", "--reason", "again"]).status.code(), Some(2));
    assert!(stdout(&desk.done(&["hold", "list"])).contains("No legal hold is in force"));
    assert_eq!(desk.json(&["hold", "list", "--all", "--json"])["holds"][0]["released"]["reason"], "the audit is closed");
    desk.done(&erase(SOMEBODY, &[]));
}

#[test]
fn a_hold_in_words_covers_everybody_and_a_retracted_release_is_none() {
    let desk = desk("pros-staff-02-participant-age");
    let hold = "{\"type\":\"legal_hold_placed\",\"source_id\":\"legal:1\",\"hold\":\"L-7\",\"scope\":\"everything about PR-1 in 2025\",\"on\":\"2025-06-01\",\"reason\":\"subpoena\"}\n";
    let release = "{\"type\":\"legal_hold_released\",\"source_id\":\"legal:2\",\"hold\":\"L-7\",\"scope\":\"everything about PR-1 in 2025\",\"on\":\"2025-06-02\",\"reason\":\"typed too early\"}\n";
    let retraction = "{\"type\":\"event_retracted\",\"source_id\":\"legal:3\",\"target\":\"legal:2\",\"reason\":\"the subpoena stands\"}\n";
    desk.write("legal.jsonl", &[hold, release, retraction].concat());
    desk.done(&["import", "legal.jsonl"]);
    let refused = desk.run(&erase("I-02", &[]));
    assert_eq!(refused.status.code(), Some(5));
    assert!(stderr(&refused).contains("L-7") && stderr(&refused).contains("covers everybody"), "{}", stderr(&refused));
    assert!(stdout(&desk.done(&["hold", "list"])).contains("everybody"));
    desk.write("end.jsonl", &retraction.replace("legal:3", "legal:4").replace("legal:2", "legal:1"));
    desk.done(&["import", "end.jsonl"]);
    desk.done(&erase("I-02", &[]));
}

#[test]
fn killed_at_any_moment_an_erasure_is_done_or_not_and_asking_again_finishes_it() {
    const ROUNDS: u32 = 12;
    let desk = Desk::real();
    let line = |n: u32| format!("{{\"type\":\"individual_registered\",\"individual\":\"I-{n:02}\",\"birth_date\":\"1980-01-{:02}\"}}\n", n + 1);
    desk.write("people.jsonl", &(0..ROUNDS).map(line).collect::<String>());
    desk.done(&["import", "people.jsonl"]);
    for n in 0..ROUNDS {
        let id = format!("I-{n:02}");
        let mut child = desk.command(&erase(&id, &[])).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(u64::from(n) * 2));
        // It may have ended by itself.
        let _ = child.kill();
        child.wait().unwrap();
        let subject = Subject::Individual(IndividualId::parse(&id).unwrap());
        {
            let ledger = Ledger::open(&desk.ledger()).unwrap();
            let erasures = ledger.erasures().unwrap();
            assert!(erasures.undone.is_empty(), "the ledger never says that somebody was erased who was not");
            assert!(erasures.unrecorded.len() <= 1);
            let gone = ledger.sealing(&subject) == Sealing::Erased;
            assert_eq!(gone, erasures.recorded.len() + erasures.unrecorded.len() == n as usize + 1);
        }
        let cut_short = desk.json(&["verify", "--json"]);
        assert_ne!(cut_short["state"], "failed");
        desk.done(&erase(&id, &[]));
        let ledger = Ledger::open_reader(&desk.ledger()).unwrap();
        assert_eq!((ledger.sealing(&subject), ledger.erasures().unwrap().unrecorded.len()), (Sealing::Erased, 0));
    }
    assert_eq!(desk.size(), 1 + 2 * u64::from(ROUNDS));
}
