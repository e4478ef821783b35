//! The drop folder through the binary: every file once, nothing half written, nothing lost or doubled whenever it is killed, and who is late.
//! Everybody in these files is invented.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use crate::command::{Desk, Takes, stderr, stdout};

const GOOD: &str = "{\"type\":\"complaint_recorded\",\"category\":\"late visit\",\"received_on\":\"2025-03-04\"}\n";
const BAD: &str = "{\"type\":\"complaint_recorded\",\"category\":\"late visit\",\"received_on\":\"2025-02-30\"}\n";

/// A ledger with a drop folder in which files are taken at once.
fn desk() -> Desk {
    let desk = Desk::real();
    fs::create_dir(desk.path().join("drop")).unwrap();
    settings(&desk, "");
    desk
}

fn settings(desk: &Desk, sources: &str) {
    fs::write(desk.ledger().join("drop.toml"), format!("folder = \"../drop\"\nsettle_seconds = 0\n{sources}")).unwrap();
}

fn put(desk: &Desk, name: &str, text: &str) {
    desk.write(&format!("drop/{name}"), text);
}

/// Files under a folder of the desk, at any depth, by name.
fn files(desk: &Desk, folder: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut left: Vec<PathBuf> = vec![desk.path().join(folder)];
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() { left.push(entry.path()) } else { names.push(entry.file_name().into_string().unwrap()) }
        }
    }
    names.sort();
    names
}

#[test]
fn a_good_file_is_done_a_bad_one_refused_with_a_report_and_both_only_once() {
    let desk = desk();
    put(&desk, "complaints-1.jsonl", GOOD);
    put(&desk, "complaints-2.jsonl", &format!("{GOOD}{BAD}"));
    put(&desk, "complaints-3.jsonl.part", GOOD);
    put(&desk, ".hidden", GOOD);
    let output = desk.run(&["import", "--watch", "--once"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let said = stdout(&output);
    assert!(said.contains("complaints-1.jsonl: 1 event appended, 0 already there; now "), "{said}");
    assert!(said.contains("complaints-2.jsonl: refused, 1 problem; see "), "{said}");
    assert_eq!(desk.size(), 2);
    assert_eq!(files(&desk, "drop/done"), ["complaints-1.jsonl"]);
    assert_eq!(files(&desk, "drop/refused"), ["complaints-2.jsonl", "complaints-2.jsonl.problems.txt"]);
    let report = fs::read_to_string(desk.path().join("drop/refused/complaints-2.jsonl.problems.txt")).unwrap();
    assert!(report.contains("complaints-2.jsonl:2, received_on: found \"2025-02-30\", wanted a date, YYYY-MM-DD"), "{report}");
    assert_eq!(files(&desk, "drop").len(), 5, "what is unfinished or hidden stays");
    // The same bytes under another name are not imported again, the file that was corrected is.
    put(&desk, "again.jsonl", GOOD);
    put(&desk, "complaints-2.jsonl", &BAD.replace("02-30", "02-28"));
    let said = stdout(&desk.done(&["import", "--watch", "drop", "--once"]));
    assert!(said.contains("again.jsonl: the same file was imported before") && said.contains("complaints-2.jsonl: 1 event appended"), "{said}");
    assert_eq!(desk.size(), 3);
    assert!(stdout(&desk.done(&["import", "--watch", "--once"])).contains("holds no file."));
}

/// Corrections come after what they correct, whatever the names say; a second refused file of a name does not hide the first.
#[test]
fn files_are_taken_in_the_order_of_the_vocabulary() {
    let desk = desk();
    put(&desk, "a.jsonl", "{\"type\":\"event_retracted\",\"target\":\"c:1\",\"reason\":\"entered twice\"}\n");
    put(&desk, "b.jsonl", &GOOD.replace("\"category\"", "\"source_id\":\"c:1\",\"category\""));
    desk.done(&["import", "--watch", "--once"]);
    assert_eq!((desk.size(), files(&desk, "drop/refused").len()), (3, 0));
    for bad in [BAD.to_owned(), format!("{BAD}{BAD}")] {
        put(&desk, "x.jsonl", &bad);
        assert_eq!(desk.run(&["import", "--watch", "--once"]).status.code(), Some(3));
    }
    assert_eq!(files(&desk, "drop/refused").len(), 4);
}

/// A file that is imported and then neither noted nor moved, and one that is noted and not moved: what a crash leaves behind.
#[test]
fn a_crash_between_two_steps_doubles_nothing_and_loses_nothing() {
    let desk = desk();
    put(&desk, "complaints.jsonl", GOOD);
    desk.done(&["import", "drop/complaints.jsonl"]);
    let said = stdout(&desk.done(&["import", "--watch", "--once"]));
    assert!(said.contains("0 events appended, 1 already there"), "{said}");
    let done = desk.path().join("drop/done");
    let day = fs::read_dir(&done).unwrap().next().unwrap().unwrap().path();
    fs::rename(day.join("complaints.jsonl"), desk.path().join("drop/complaints.jsonl")).unwrap();
    desk.done(&["import", "--watch", "--once"]);
    assert_eq!((desk.size(), files(&desk, "drop")), (2, vec!["complaints.jsonl".to_owned()]));
}

/// SIGKILL at any moment, again and again, until the folder is empty: every event is there once, every file in done/ once.
#[test]
fn killed_at_any_moment_it_goes_on_where_it_was() {
    const FILES: u64 = 24;
    const LINES: u64 = 50;
    let desk = desk();
    for file in 0..FILES {
        let lines: String = (0..LINES).map(|n| GOOD.replace("late visit", &format!("kind {file} {n}"))).collect();
        put(&desk, &format!("c-{file:02}.jsonl"), &lines);
    }
    let mut killed = 0;
    // Far less than all of it takes, so that there is something to go on with.
    let mut takes = Takes(Duration::from_millis(60));
    for round in 0..400u64 {
        if fs::read_dir(desk.path().join("drop")).unwrap().flatten().all(|e| e.path().is_dir()) {
            break;
        }
        let mut run = desk.command(&["import", "--watch", "--once"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        killed += u64::from(takes.kill_after((round * 37 % 160) as f64 / 160.0, &mut run));
        run.wait().unwrap();
    }
    desk.done(&["import", "--watch", "--once"]);
    assert!(killed > 2, "it was too fast to be killed: {killed}");
    assert_eq!(desk.size(), 1 + FILES * LINES);
    let names: Vec<String> = (0..FILES).map(|file| format!("c-{file:02}.jsonl")).collect();
    assert_eq!(files(&desk, "drop"), names);
    assert!(stdout(&desk.done(&["verify"])).contains("unchanged"));
}

/// A file that grows between the two looks is left alone and taken when it is whole.
#[test]
fn a_file_still_being_written_is_left_alone() {
    let desk = desk();
    fs::write(desk.ledger().join("drop.toml"), "folder = \"../drop\"\nsettle_seconds = 2\n").unwrap();
    put(&desk, "growing.jsonl", "{\"type\":\"compl");
    put(&desk, "whole.jsonl", &GOOD.replace("late", "missed"));
    let run = desk.command(&["import", "--watch", "--once"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(1000));
    put(&desk, "growing.jsonl", GOOD);
    let output = run.wait_with_output().unwrap();
    assert!(output.status.success() && stderr(&output).contains("growing.jsonl: still being written"), "{}", stderr(&output));
    assert_eq!((desk.size(), files(&desk, "drop/done")), (2, vec!["whole.jsonl".to_owned()]));
    desk.done(&["import", "--watch", "--once"]);
    assert_eq!(desk.size(), 3);
}

#[test]
fn the_night_empties_the_folder_before_it_scans_and_says_what_is_missing() {
    let desk = desk();
    settings(&desk, "[[source]]\nname = \"contacts\"\nfiles = [\"contact_recorded*\"]\nevery_days = 1\n[[source]]\nname = \"complaints\"\nfiles = [\"complaints*\"]\nevery_days = 1\n");
    put(&desk, "complaints.jsonl", GOOD);
    put(&desk, "broken.jsonl", BAD);
    let night = desk.json(&["nightly", "--json", "--fail-on", "never"]);
    assert_eq!(night["picked_up"].as_array().unwrap().len(), 2, "{night}");
    assert_eq!(night["tidings"]["ledger"]["events"], 2, "the scan saw what was picked up: {night}");
    let troubles = night["troubles"].to_string();
    assert!(troubles.contains("broken.jsonl: refused") && troubles.contains("a file is missing: contacts: no file yet (expected every day)"), "{troubles}");
    assert!(!troubles.contains("complaints:"), "{troubles}");
    let scan = desk.run(&["scan", "--fail-on", "never"]);
    assert!(stderr(&scan).contains("warning: a file is missing: contacts: no file yet"), "{}", stderr(&scan));
    // Five days later nobody has come.
    let journal = desk.ledger().join("drop.journal");
    let old = fs::read_to_string(&journal).unwrap();
    let year = old.split_once("\"at\":\"").unwrap().1.get(..10).unwrap().to_owned();
    fs::write(&journal, old.replace(&year, "2025-01-02")).unwrap();
    let status = desk.json(&["status", "--json"]);
    let complaints = status["sources"].as_array().unwrap().iter().find(|s| s["source"] == "complaints").unwrap().clone();
    assert_eq!((complaints["late"].as_bool(), complaints["every_days"].as_u64()), (Some(true), Some(1)), "{status}");
    assert!(complaints["says"].as_str().unwrap().contains("days ago (expected every day)"), "{status}");
    let said = stdout(&desk.done(&["status"]));
    assert!(said.contains("file missing") && said.contains("broken: no file yet, one refused since"), "{said}");
    // A key that does not exist is refused before anything is scanned.
    let size = desk.size();
    settings(&desk, "colour = 1\n");
    let output = desk.run(&["nightly"]);
    assert!(output.status.code() == Some(2) && stderr(&output).contains("drop.toml"), "{}", stderr(&output));
    settings(&desk, "");
    assert_eq!(desk.size(), size);
}

#[test]
fn a_simulated_ledger_or_no_folder_is_said() {
    let desk = Desk::simulated();
    let none = desk.run(&["import", "--watch", "--once"]);
    assert!(none.status.code() == Some(2) && stderr(&none).contains("no drop folder is known"), "{}", stderr(&none));
    fs::create_dir(desk.path().join("drop")).unwrap();
    put(&desk, "a.jsonl", GOOD);
    let simulated = desk.run(&["import", "--watch", "drop", "--once"]);
    assert!(stderr(&simulated).contains("a simulated ledger has no drop folder"), "{}", stderr(&simulated));
    assert_eq!(desk.run(&["import", "--watch", "drop", "--dry-run"]).status.code(), Some(2));
    assert_eq!(desk.run(&["import"]).status.code(), Some(2));
}
