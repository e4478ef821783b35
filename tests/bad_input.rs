//! Input that cannot be taken, through the binary: what is said, how it ends, and that nothing of it gets into the ledger.
//! Looks at messages where people and scripts do: file, line, field, found, wanted, hint, and the exit code.

use std::fs;
use std::process::Output;

use crate::command::{Desk, stderr, stdout};

/// A ledger of an agency that is not simulated, with two facts in it.
fn desk() -> Desk {
    let desk = Desk::real();
    desk.write("good.jsonl", GOOD);
    desk.done(&["import", "good.jsonl"]);
    desk
}

const GOOD: &str = r#"{"type":"program_registered","source_id":"p:1","program":"MH-1","kind":"mhotrs","populations":["adult"],"from":"2024-01-01"}
{"type":"person_engaged","source_id":"hr:1","person":"P-1","engagement":"employee","roles":["peer"],"programs":["MH-1"],"start_on":"2024-01-01"}
"#;

/// Runs an import that must append nothing, and gives what was said to people.
fn refused(desk: &Desk, args: &[&str], code: i32) -> String {
    let before = desk.size();
    let output = desk.run(&[&["import"], args].concat());
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {}{said}", stdout(&output));
    assert_eq!(desk.size(), before, "{args:?} appended something");
    said
}

/// A file of one fault, and what must be said of it.
struct Fault {
    file: &'static str,
    text: &'static str,
    says: &'static str,
}

const FAULTS: &[Fault] = &[
    Fault {
        file: "date.jsonl",
        text: "{\"type\":\"person_separated\",\"person\":\"P-1\",\"separated_on\":\"2024-02-20\"}\n{\"type\":\"person_separated\",\"person\":\"P-1\",\"separated_on\":\"2024-02-30\"}\n",
        says: "date.jsonl:2, separated_on: found \"2024-02-30\", wanted a date, YYYY-MM-DD (a day that exists",
    },
    Fault {
        file: "american.jsonl",
        text: "{\"type\":\"person_separated\",\"person\":\"P-1\",\"separated_on\":\"02/20/2024\"}\n",
        says: "american.jsonl:1, separated_on: found \"02/20/2024\", wanted a date, YYYY-MM-DD",
    },
    Fault {
        file: "unknown.jsonl",
        text: "\n{\"type\":\"person_separated\",\"person\":\"P-1\",\"separated_on\":\"2024-02-20\",\"why\":\"moved\"}\n",
        says: "unknown.jsonl:2, why: found a field that this type does not have, wanted a field of person_separated (it has person, separated_on, reason)",
    },
    Fault {
        file: "type.jsonl",
        text: "{\"type\":\"person_seperated\",\"person\":\"P-1\",\"separated_on\":\"2024-02-20\"}\n",
        says: "did you mean person_separated?",
    },
    Fault {
        file: "end.jsonl",
        text: "{\"type\":\"contact_recorded\",\"contact\":\"C-1\",\"program\":\"MH-1\",\"service\":\"mhotrs_adult_peer\",\"peer\":\"P-1\",\"individual\":\"I-1\",\"phase\":\"enrolled\",\"format\":\"individual\",\"mode\":\"in_person\",\"site\":\"onsite\",\"start\":\"2025-03-04T10:00:00-05:00\",\"end\":\"2025-03-04T09:30:00-05:00\",\"activities\":[],\"basis\":\"planned\",\"recipient\":\"individual\"}\n",
        says: "end.jsonl:1, end: found 2025-03-04T14:30:00Z, wanted an instant after the start, 2025-03-04T15:00:00Z (check the offset",
    },
    Fault {
        file: "twice.jsonl",
        text: "{\"type\":\"person_separated\",\"person\":\"P-1\",\"person\":\"P-2\",\"separated_on\":\"2024-02-20\"}\n",
        says: "twice.jsonl:1, person: found the field a second time, wanted each field once",
    },
    Fault {
        file: "missing.jsonl",
        text: "{\"type\":\"person_separated\",\"separated_on\":\"2024-02-20\"}\n",
        says: "missing.jsonl:1, person: found nothing, wanted the id of a person (this field is required)",
    },
    Fault {
        file: "empty_id.jsonl",
        text: "{\"type\":\"person_separated\",\"person\":\"\",\"separated_on\":\"2024-02-20\"}\n",
        says: "empty_id.jsonl:1, person: found an empty id (\"\"), wanted the id of a person (1 to 64 characters",
    },
    Fault {
        file: "cut_off.jsonl",
        text: "{\"type\":\"person_separated\",\"person\":\"P-1\",\"separated_on\":\"2024-02-20\"}\n{\"type\":\"person_separated\",\"person\":\"P-",
        says: "cut_off.jsonl:2: found JSON that ends in the middle",
    },
    Fault {
        file: "person_separated.csv",
        text: "person,separated_on,reason\nP-1,2024-02-20,moved\nP-2,2024-02-21,\"mov",
        says: "person_separated.csv:3: found a quote that is never closed, wanted a row (close the quote; or the file is cut off)",
    },
    Fault {
        file: "person_engaged.csv",
        text: "person,engagement,roles,programs,start_on,start_on\nP-1,employee,peer,MH-1,2024-01-01,2024-01-02\n",
        says: "person_engaged.csv:1, start_on: found ",
    },
    Fault {
        file: "supervision_assigned.csv",
        text: "peer,supervisor,program,kind,from\nP-1,P-2,MH-1,primary,2024-01-01\nP-1,P-2,MH-1,primary,2024-13-01\nP-1,P-2,MH-1\n",
        says: "supervision_assigned.csv:3, from: found \"2024-13-01\", wanted a date",
    },
    Fault {
        file: "target.jsonl",
        text: "{\"type\":\"event_retracted\",\"target\":\"hr:404\",\"reason\":\"typing error\"}\n",
        says: "target.jsonl:1, target: found \"hr:404\", which names no event, wanted the source_id of an earlier event, or seq:<n> (import the target first",
    },
    Fault {
        file: "recorded.jsonl",
        text: "{\"type\":\"person_separated\",\"recorded_at\":\"2024-02-20T00:00:00Z\",\"person\":\"P-1\",\"separated_on\":\"2024-02-20\"}\n",
        says: "recorded.jsonl:1, recorded_at: found 2024-02-20T00:00:00Z, wanted no recorded_at: the ledger's own clock decides (",
    },
    Fault {
        file: "entered.jsonl",
        text: "{\"type\":\"person_separated\",\"entered_at\":\"2199-02-20T00:00:00Z\",\"person\":\"P-9\",\"separated_on\":\"2024-02-20\"}\n",
        says: "entered.jsonl:1, entered_at: found 2199-02-20T00:00:00Z, wanted an instant at or before ",
    },
    Fault {
        file: "conflict.jsonl",
        text: "{\"type\":\"person_engaged\",\"source_id\":\"hr:1\",\"person\":\"P-1\",\"engagement\":\"employee\",\"roles\":[\"peer\"],\"programs\":[\"MH-1\"],\"start_on\":\"2024-01-02\"}\n",
        says: "conflict.jsonl:1, source_id: found the key of seq 2 with another start_on, wanted the same fact under the same key (to change a fact, append an event_corrected",
    },
    Fault {
        file: "again.jsonl",
        text: "{\"type\":\"program_registered\",\"source_id\":\"p:2\",\"program\":\"MH-1\",\"kind\":\"mhotrs\",\"populations\":[\"adult\"],\"from\":\"2024-01-01\"}\n",
        says: "again.jsonl:1, program: found \"MH-1\", which seq 1 introduced already, wanted an id that is introduced once",
    },
    Fault {
        file: "zone.jsonl",
        text: "{\"type\":\"note_written\",\"note\":\"N-1\",\"contact\":\"C-1\",\"author\":\"P-1\",\"written_at\":\"2024-02-20T10:00:00-05:00[America/New_York]\",\"elements\":[]}\n",
        says: "zone.jsonl:1, written_at: found \"2024-02-20T10:00:00-05:00[America/New_York]\", wanted an instant with offset",
    },
    Fault {
        file: "offset.jsonl",
        text: "{\"type\":\"note_written\",\"note\":\"N-1\",\"contact\":\"C-1\",\"author\":\"P-1\",\"written_at\":\"2024-02-20T10:00:00+25:00\",\"elements\":[]}\n",
        says: "offset.jsonl:1, written_at: found \"2024-02-20T10:00:00+25:00\", wanted an instant with offset",
    },
    Fault {
        file: "amended.jsonl",
        text: "{\"type\":\"note_amended\",\"note\":\"N-1\",\"version\":1,\"amended_at\":\"2024-02-20T10:00:00-05:00\",\"elements\":[]}\n",
        says: "amended.jsonl:1, version: found 1, wanted a version from 2 on (version 1 is the note as it was written)",
    },
];

#[test]
fn a_fault_is_named_with_file_line_and_field_and_refuses_the_whole_import() {
    let desk = desk();
    for fault in FAULTS {
        desk.write(fault.file, fault.text);
        let said = refused(&desk, &[fault.file], 3);
        assert!(said.contains(fault.says), "wanted {:?} in\n{said}", fault.says);
    }
}

#[test]
fn all_faults_of_an_import_are_named_and_json_gives_their_parts() {
    let desk = desk();
    for fault in FAULTS {
        desk.write(fault.file, fault.text);
    }
    let mut args = vec!["import", "--json"];
    args.extend(FAULTS.iter().map(|f| f.file));
    let answer = desk.json(&args);
    let problems = answer["problems"].as_array().unwrap();
    for fault in FAULTS {
        assert!(problems.iter().any(|p| p["file"] == fault.file), "{} is not named", fault.file);
    }
    let date = problems.iter().find(|p| p["file"] == "date.jsonl").unwrap();
    assert_eq!((&date["line"], &date["field"], &date["found"]), (&2.into(), &"separated_on".into(), &"\"2024-02-30\"".into()));
    assert!(date["hint"].as_str().unwrap().contains("year first"));
    assert_eq!((&answer["committed"], &answer["appended"]), (&false.into(), &0.into()));
    assert_eq!(desk.size(), 3);
}

#[test]
fn bytes_that_are_no_text_are_named_by_line() {
    let desk = desk();
    let mut bytes = GOOD.as_bytes().to_vec();
    bytes.extend(b"{\"type\":\"person_separated\",\"person\":\"P-1\",\"separated_on\":\"2024-05-01\",\"reason\":\"x\xFF\"}\n");
    fs::write(desk.path().join("bytes.jsonl"), &bytes).unwrap();
    let said = refused(&desk, &["bytes.jsonl"], 3);
    assert!(said.contains("bytes.jsonl:3: found the byte 0xFF at column ") && said.contains("wanted UTF-8 text (save the file as UTF-8)"), "{said}");
}

#[test]
fn what_cannot_be_read_at_all_ends_with_2() {
    let desk = desk();
    fs::create_dir_all(desk.path().join("empty_folder")).unwrap();
    desk.write("nothing.jsonl", "");
    desk.write("book.xlsx", "PK\u{3}\u{4}\u{14}\0\u{6}\0 [Content_Types].xml xl/workbook.xml");
    desk.write("notes.txt", "nothing that is an event\n");
    for (path, says) in [
        ("no_such_file.jsonl", "no_such_file.jsonl: found No such file or directory"),
        ("empty_folder", "empty_folder: found nothing to read, wanted files of JSON Lines, FHIR, X12, or CSV named <type>.csv (check whether the export ran"),
        ("nothing.jsonl", "nothing.jsonl: found nothing to read"),
        ("book.xlsx", "book.xlsx: found an XLSX workbook or another zip file, wanted JSON Lines, CSV, FHIR or X12, which is what this version reads (say with --map FILE.toml what its columns mean"),
        ("notes.txt", "notes.txt: found text that is not JSON Lines, in a file whose name is not that of an event type"),
    ] {
        for args in [vec![path], vec![path, "good.jsonl"], vec!["--dry-run", path]] {
            // Beside a readable file an empty one is passed over, as the exports of a quiet day have some.
            if args.len() == 2 && says.contains("nothing to read") && args[1] == "good.jsonl" {
                desk.done(&["import", path, "good.jsonl"]);
                continue;
            }
            let said = refused(&desk, &args, 2);
            assert!(said.contains(says), "wanted {says:?} in\n{said}");
        }
    }
    // A path that cannot be read beside a line that is wrong: the line decides.
    desk.write("date.jsonl", FAULTS[0].text);
    refused(&desk, &["no_such_file.jsonl", "date.jsonl"], 3);
}

#[test]
fn an_unknown_type_for_as_and_a_file_in_the_ledgers_place_end_with_2() {
    let desk = desk();
    desk.write("rows.csv", "person,separated_on\nP-1,2024-02-20\n");
    let said = refused(&desk, &["--as", "person_separate", "rows.csv"], 2);
    assert!(said.contains("did you mean person_separated?"), "{said}");
    desk.write("a_file", "not a directory");
    for args in [&["--ledger", "a_file", "status"][..], &["--ledger", "a_file/ledger", "init", "--origin", "x.example"], &["--ledger", "nowhere", "import", "good.jsonl"]] {
        let output = desk.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).starts_with("error: a_file") || stderr(&output).contains("`countersign init` makes one"), "{}", stderr(&output));
    }
    let again = desk.run(&["init", "--origin", "x.example"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("exists already and is not overwritten"), "{}", stderr(&again));
}

#[test]
fn partial_appends_the_good_lines_and_reports_the_rest() {
    let desk = desk();
    desk.write("date.jsonl", FAULTS[0].text);
    let output = desk.run(&["import", "--partial", "date.jsonl", "no_such_file.jsonl"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).starts_with("2 events read: 1 appended, 0 already there, 1 refused."), "{}", stdout(&output));
    assert!(stderr(&output).contains("date.jsonl:2, separated_on") && stderr(&output).contains("no_such_file.jsonl: found"), "{}", stderr(&output));
    assert_eq!(desk.size(), 4);
    let listed = stdout(&desk.done(&["events", "--type", "person_separated"]));
    assert_eq!(listed.lines().count(), 1, "{listed}");
}

#[test]
fn a_dry_run_says_what_would_happen_and_appends_nothing() {
    let desk = desk();
    desk.write("more.jsonl", "{\"type\":\"person_separated\",\"person\":\"P-1\",\"separated_on\":\"2024-02-20\"}\n");
    let output = desk.done(&["import", "--dry-run", "good.jsonl", "more.jsonl"]);
    assert!(stdout(&output).starts_with("3 events read: 1 would be appended, 2 already there, 0 refused."), "{}", stdout(&output));
    assert_eq!(desk.size(), 3);
    assert!(stdout(&desk.done(&["import", "more.jsonl"])).starts_with("1 event read: 1 appended"));
}

#[test]
fn importing_again_adds_nothing_and_says_so() {
    let desk = desk();
    let root = desk.json(&["status", "--json"])["root"].clone();
    desk.write("renamed.jsonl", GOOD);
    for file in ["good.jsonl", "renamed.jsonl"] {
        let again = stdout(&desk.done(&["import", file]));
        assert!(again.contains("0 appended, 2 already there, 0 refused.") && again.contains("The ledger had all of it; it is unchanged."), "{again}");
    }
    let status = desk.json(&["status", "--json"]);
    assert_eq!((&status["size"], &status["root"]), (&3.into(), &root));
    // A header without rows is no fault either.
    desk.write("person_separated.csv", "person,separated_on\n");
    assert!(stdout(&desk.done(&["import", "person_separated.csv"])).contains("The files hold no events; the ledger is unchanged."));
}

fn append(desk: &Desk, bytes: &[u8]) -> Output {
    let file = desk.path().join("stdin");
    fs::write(&file, bytes).unwrap();
    desk.command(&["append"]).stdin(fs::File::open(file).unwrap()).output().unwrap()
}

#[test]
fn append_refuses_as_import_does() {
    let desk = desk();
    for (bytes, code, says) in [
        (FAULTS[1].text.as_bytes(), 3, "stdin:1, separated_on: found \"02/20/2024\", wanted a date"),
        (FAULTS[12].text.as_bytes(), 3, "hr:404"),
        (FAULTS[15].text.as_bytes(), 5, "seq 2 has the same key and differs in start_on; append an event_corrected"),
        (b"{\"type\":\"person_separated\" \xFF}", 2, "standard input is not UTF-8: byte 27"),
        (b"", 3, "stdin:1"),
    ] {
        let output = append(&desk, bytes);
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        assert!(stderr(&output).contains(says), "wanted {says:?} in\n{}", stderr(&output));
        assert_eq!(desk.size(), 3);
    }
    let one = b"{\"type\":\"person_separated\",\"person\":\"P-1\",\"separated_on\":\"2024-02-20\"}";
    assert_eq!(stdout(&append(&desk, one)), "Appended as seq 3.\n");
    assert_eq!(stdout(&append(&desk, one)), "Already there as seq 3; nothing was added.\n");
}

/// A simulated ledger takes the times it is told, but not backwards.
#[test]
fn a_simulated_ledger_wants_recorded_at_and_never_earlier_than_before() {
    let desk = Desk::simulated();
    let line = |at: &str, person: &str| format!("{{\"type\":\"person_separated\",{at}\"person\":\"{person}\",\"separated_on\":\"2024-02-20\"}}\n");
    desk.write("without.jsonl", &line("", "P-1"));
    assert!(refused(&desk, &["without.jsonl"], 3).contains("without.jsonl:1, recorded_at: found nothing"));
    desk.write("first.jsonl", &line("\"recorded_at\":\"2024-03-01T10:00:00Z\",", "P-1"));
    desk.done(&["import", "first.jsonl"]);
    desk.write("earlier.jsonl", &line("\"recorded_at\":\"2024-02-28T10:00:00Z\",", "P-2"));
    let said = refused(&desk, &["earlier.jsonl"], 3);
    assert!(said.contains("earlier.jsonl:1, recorded_at: found 2024-02-28T10:00:00Z, wanted an instant at or after 2024-03-01T10:00:00Z"), "{said}");
}

#[test]
fn a_simulated_ledger_without_events_has_no_day_to_scan_on() {
    let desk = Desk::simulated();
    let output = desk.run(&["scan"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no day to scan on") && stderr(&output).contains("countersign import"), "{}", stderr(&output));
    assert_eq!(desk.size(), 1, "nothing was appended");
    desk.done(&["scan", "--dry-run"]);
}

#[test]
fn every_refused_line_is_named_to_scripts_however_many() {
    let desk = desk();
    let line = "{\"type\":\"individual_registered\",\"individual\":\"\"}\n";
    desk.write("many.jsonl", &line.repeat(50));
    let said = refused(&desk, &["many.jsonl"], 3);
    for n in 1..=50 {
        assert!(said.contains(&format!("many.jsonl:{n}, individual: ")), "line {n} is not named: {said}");
    }
}

#[test]
fn nobody_tells_a_ledger_that_is_not_simulated_what_time_it_is() {
    let desk = desk();
    let before = desk.size();
    desk.write("later.jsonl", "{\"type\":\"individual_registered\",\"individual\":\"I-1\"}\n");
    for args in [&["import", "later.jsonl"][..], &["scan"], &["scan", "--dry-run"], &["status"], &["findings", "list"], &["--ledger", "new", "init", "--origin", "new.example"]] {
        let output = desk.run(&[args, &["--at", "2099-01-01T00:00:00Z"]].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stdout(&output));
        assert!(stderr(&output).contains("--at is for simulated ledgers only"), "{args:?}: {}", stderr(&output));
    }
    assert_eq!(desk.size(), before, "nothing was appended");
    let simulated = Desk::simulated();
    simulated.done(&["status", "--at", "2025-07-01T09:00:00-04:00"]);
}
