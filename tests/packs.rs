//! Audit packs of Riverbend's year, made and checked through the binary: every scope, what stays out, what is recorded, what erasure leaves.
//! Bytes are searched as they lie: a pack compresses nothing, so a name that must not be in it is not in the file.

use serde_json::Value;
use verify::{Given, Verdict, Verifier, check};

use crate::command::{Desk, copy_folder, stderr, stdout};
use crate::riverbend::riverbend;

fn verdict(desk: &Desk, name: &str, more: &[&str]) -> (Option<i32>, Value) {
    let key = desk.vkey();
    let all: Vec<&str> = ["pack", "verify", name, "--key", key.as_str(), "--json"].iter().chain(more).copied().collect();
    let output = desk.run(&all);
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{all:?}: {e}: {}", stderr(&output))))
}

fn scan(desk: &Desk) -> Value {
    desk.json(&["scan", "--json", "--dry-run", "--fail-on", "never"])
}

/// Every agency identifier of an individual in the ledger.
fn individuals(desk: &Desk) -> Vec<String> {
    let listed = desk.done(&["events", "--type", "individual_registered", "--format", "ndjson"]);
    let mut ids: Vec<String> = stdout(&listed).lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).filter_map(|e| find_text(&e, "individual")).collect();
    ids.sort();
    ids.dedup();
    assert!(ids.len() > 20, "Riverbend serves more than twenty people");
    ids
}

fn find_text(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::Object(fields) => fields.get(name).and_then(Value::as_str).map(str::to_owned).or_else(|| fields.values().find_map(|v| find_text(v, name))),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    }
}

/// Which of these names stand in a file as words of their own.
fn names_in(file: &[u8], names: &[String]) -> Vec<String> {
    let in_id = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let stands = |name: &&String| {
        let bytes = name.as_bytes();
        file.windows(bytes.len()).enumerate().any(|(at, window)| window == bytes && !in_id(at.checked_sub(1).and_then(|p| file.get(p))) && !in_id(file.get(at + bytes.len())))
    };
    names.iter().filter(stands).cloned().collect()
}

#[test]
fn every_scope_verifies_and_names_nobody_it_is_not_about() {
    let desk = riverbend();
    let report = scan(&desk);
    let everybody = individuals(&desk);
    let finding = report["findings"].as_array().unwrap().iter().find(|f| f["about"]["claims"].as_array().is_some_and(|c| !c.is_empty())).unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (claim, whom, peer) = (text(&finding["about"]["claims"][0]), text(&finding["about"]["individual"]), text(&finding["about"]["peer"]));
    let contact = text(&finding["subject"]["contact"]);
    desk.write("sample.txt", &format!("{claim}\n"));
    desk.write("sample.json", &format!("{{\"schema\":\"countersign.sample.v1\",\"claims\":[\"{claim}\"]}}"));
    let id = text(&finding["id"]);
    let scopes: [(&str, &[&str], bool); 8] = [
        ("claim", &["--claim", &claim], true),
        ("contact", &["--contact", &contact], true),
        ("finding", &["--finding", &id], true),
        ("individual", &["--individual", &whom], true),
        ("lines", &["--sample", "sample.txt"], true),
        ("json", &["--sample", "sample.json"], true),
        ("person", &["--person", &peer], false),
        ("year", &["--person", &peer, "--days", "2024-07-01..2024-12-31"], false),
    ];
    for (name, args, named) in scopes {
        let path = desk.pack(name, args);
        let (code, checked) = verdict(&desk, name, &[]);
        assert_eq!((code, checked["verdict"].as_str()), (Some(0), Some("verified")), "{name}: {}", checked["sentence"]);
        assert!(checked["sentence"].as_str().unwrap().contains("cannot prove that nothing belonging to it was left out"));
        let told = names_in(&std::fs::read(&path).unwrap(), &everybody);
        assert_eq!(told, if named { vec![whom.clone()] } else { Vec::new() }, "{name}");
        if name != "year" {
            assert!(checked["findings"].as_array().unwrap().iter().any(|f| f["id"].as_str() == Some(&id)), "{name} has the finding");
        }
        assert!(checked["findings"].as_array().unwrap().iter().all(|f| !f["evidence"].as_array().unwrap().is_empty() || f["class"] == "advisory" || f["class"] == "documentation" || f["class"] == "violation"));
    }
    // Making a pack is on record, eight times, and none of these events names an individual.
    let made = desk.done(&["events", "--type", "pack_exported", "--format", "ndjson"]);
    assert_eq!(stdout(&made).lines().count(), 8);
    assert_eq!(names_in(&made.stdout, &everybody), Vec::<String>::new());
    desk.done(&["verify"]);
}

#[test]
fn a_range_shows_omissions_and_a_dry_run_leaves_no_trace() {
    let desk = riverbend();
    let size = desk.size();
    let said = stdout(&desk.done(&["pack", "create", "--from", "100", "--to", "299", "-o", "range", "--dry-run"]));
    assert!(said.contains("Nothing was written or recorded"), "{said}");
    assert!(!desk.path().join("range").exists());
    assert_eq!(desk.size(), size);
    desk.pack("range", &["--from", "100", "--to", "299", "--for", "an invented reviewer"]);
    assert_eq!(desk.size(), size + 1);
    let (code, checked) = verdict(&desk, "range", &[]);
    assert_eq!(code, Some(0), "{}", checked["sentence"]);
    assert!(checked["sentence"].as_str().unwrap().contains("nothing between seq 100 and seq 299 was left out"));
    let again = desk.run(&["pack", "create", "--from", "100", "--to", "299", "-o", "range"]);
    assert_eq!(again.status.code(), Some(2), "a pack is not overwritten");
    let bare = desk.run(&["pack", "verify", "range"]);
    assert_eq!(bare.status.code(), Some(1));
    assert!(stdout(&bare).contains("Self-consistent only"), "{}", stdout(&bare));
    for two in [["--claim", "a", "--person", "b"], ["--finding", "a", "--from", "1"]] {
        let refused = desk.run(&[&["pack", "create", "-o", "x"], &two[..]].concat());
        assert_eq!(refused.status.code(), Some(2));
        assert!(stderr(&refused).contains("cannot be used with"), "{}", stderr(&refused));
    }
    for (args, code) in [(["pack", "verify", "nothing-there"], 2), (["pack", "verify", "countersign/ledger.redb"], 1)] {
        assert_eq!(desk.run(&args).status.code(), Some(code));
    }
}

#[test]
fn everything_is_in_a_pack_of_everything_with_the_findings_of_the_scan() {
    let desk = riverbend();
    let report = scan(&desk);
    desk.pack("all", &[]);
    let (code, checked) = verdict(&desk, "all", &[]);
    assert_eq!(code, Some(0), "{}", checked["sentence"]);
    let ids = |list: &Value| list.as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(&checked["findings"]), ids(&report["findings"]));
    assert_eq!(checked["frames"], checked["size"]);
    assert_eq!(checked["bodies"], checked["size"]);
}

#[test]
fn a_pack_continues_the_checkpoint_of_an_earlier_visit_or_is_refused() {
    let desk = riverbend();
    let kept = stdout(&desk.done(&["checkpoint", "sign"]));
    desk.write("kept.txt", &kept);
    desk.pack("first", &["--from", "0", "--to", "9"]);
    let claim = scan(&desk)["findings"].as_array().unwrap().iter().find_map(|f| f["about"]["claims"][0].as_str().map(str::to_owned)).unwrap();
    desk.pack("with", &["--claim", &claim, "--since", "kept.txt"]);
    desk.pack("without", &["--claim", &claim]);
    let (code, checked) = verdict(&desk, "with", &["--checkpoint", "kept.txt"]);
    assert_eq!(code, Some(0), "{}", checked["sentence"]);
    assert!(checked["sentence"].as_str().unwrap().contains("unchanged since your checkpoint kept.txt"));
    let (code, checked) = verdict(&desk, "without", &["--checkpoint", "kept.txt"]);
    assert_eq!(code, Some(1));
    assert!(checked["sentence"].as_str().unwrap().contains("ask for a pack made with this checkpoint"), "{}", checked["sentence"]);
    // The same invented year under another key is another ledger.
    let other = riverbend();
    let theirs = other.done(&["checkpoint", "sign"]).stdout;
    std::fs::write(desk.path().join("theirs.txt"), theirs).unwrap();
    let (code, _) = verdict(&desk, "with", &["--checkpoint", "theirs.txt"]);
    assert_eq!(code, Some(1));
    let refused = desk.run(&["pack", "create", "--claim", &claim, "--since", "theirs.txt", "-o", "x"]);
    assert_eq!(refused.status.code(), Some(1), "{}", stderr(&refused));
}

#[test]
fn after_an_erasure_old_packs_still_verify_and_new_ones_say_what_is_gone() {
    let desk = riverbend();
    let whom = individuals(&desk).swap_remove(3);
    desk.pack("before", &[]);
    desk.done(&["erase", &whom, "--reason", "asked for it", "--approved-by", "Ana Ortiz"]);
    let (code, checked) = verdict(&desk, "before", &[]);
    assert_eq!((code, checked["verdict"].as_str()), (Some(0), Some("verified")));
    let path = desk.pack("after", &[]);
    let (code, checked) = verdict(&desk, "after", &[]);
    assert_eq!((code, checked["verdict"].as_str()), (Some(0), Some("verified_with_erased_parts")), "{}", checked["sentence"]);
    assert_eq!(names_in(&std::fs::read(path).unwrap(), &[whom]), Vec::<String>::new());
}

#[test]
fn part_2_records_carry_the_notice_and_others_do_not() {
    const NOTICE: &[u8] = b"42 CFR part 2 prohibits unauthorized use or disclosure of these records.";
    let desk = Desk::simulated();
    let at = |n: u32| format!("2025-01-0{n}T12:00:00Z");
    let line = |n: u32, id: &str, part2: bool| format!("{{\"recorded_at\":\"{}\",\"type\":\"individual_registered\",\"individual\":\"{id}\",\"part2\":{part2}}}\n", at(n));
    desk.write("people.jsonl", &[line(1, "I-1", true), line(2, "I-2", false)].concat());
    desk.done(&["import", "people.jsonl"]);
    for (name, args, noticed) in [
        ("yes", vec!["--individual", "I-1"], true),
        ("no", vec!["--individual", "I-2"], false),
        ("asked", vec!["--individual", "I-2", "--part2"], true),
        ("all", vec![], true),
    ] {
        let file = std::fs::read(desk.pack(name, &args)).unwrap();
        assert_eq!(file.windows(NOTICE.len()).any(|window| window == NOTICE), noticed, "{name}");
        assert_eq!(verdict(&desk, name, &[]).0, Some(0));
    }
}

#[test]
fn the_same_ledger_gives_the_same_pack() {
    let desk = riverbend();
    let copy = Desk::empty();
    copy_folder(&desk.ledger(), &copy.ledger());
    let scope = ["--from", "0", "--to", "500"];
    assert_eq!(std::fs::read(desk.pack("a", &scope)).unwrap(), std::fs::read(copy.pack("b", &scope)).unwrap());
}

#[test]
fn no_changed_byte_of_a_real_pack_of_200_events_goes_unnoticed() {
    let desk = riverbend();
    let mut file = std::fs::read(desk.pack("sweep", &["--from", "0", "--to", "199"])).unwrap();
    let given = Given { key: Some(Verifier::parse(&desk.vkey()).unwrap()), first_failure: true, ..Given::default() };
    assert_eq!(check(&file, &given).verdict(), Verdict::Verified);
    for at in 0..file.len() {
        file[at] ^= 0x20;
        assert_eq!(check(&file, &given).verdict(), Verdict::Failed, "byte {at}");
        file[at] ^= 0x20;
    }
}
