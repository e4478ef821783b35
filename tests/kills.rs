//! SIGKILL at any moment of whatever writes, again and again: what was acknowledged stays, nothing is there twice, and the next command goes on.
//! The drop folder and erasures are killed in tests of their own; here are append, import, scan, checkpoint, pack and backup, and two at once.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use crate::command::{Desk, Takes, copy_folder, stderr, stdout};

fn complaint(n: u64) -> String {
    format!("{{\"type\":\"complaint_recorded\",\"source_id\":\"c:{n}\",\"category\":\"other\",\"received_on\":\"2024-05-01\"}}\n")
}

/// Numbers of the complaints that are in the ledger, in its order.
fn there(desk: &Desk) -> Vec<u64> {
    let events = stdout(&desk.done(&["events", "--type", "complaint_recorded", "--format", "ndjson"]));
    let number = |line: &str| {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        event["source_id"].as_str().unwrap().strip_prefix("c:").unwrap().parse().unwrap()
    };
    events.lines().map(number).collect()
}

#[test]
fn killed_at_any_moment_nothing_acknowledged_is_lost_and_nothing_is_there_twice() {
    const ROUNDS: u64 = 70;
    let desk = Desk::real();
    let (mut acknowledged, mut told, mut killed) = (Vec::new(), 0u64, 0);
    let mut takes = [Takes(Duration::from_millis(120)); 7];
    for round in 0..ROUNDS {
        let what = usize::try_from(round % 7).unwrap();
        let mut numbers = Vec::new();
        let pack = format!("p{round}.pack");
        let folder = format!("b{round}");
        let args: Vec<&str> = match what {
            0 | 3 => {
                numbers.extend(told..told + 150);
                desk.write("some.jsonl", &numbers.iter().map(|n| complaint(*n)).collect::<String>());
                vec!["import", "some.jsonl"]
            }
            1 => {
                numbers.push(told);
                vec!["append"]
            }
            2 => vec!["scan", "--fail-on", "never"],
            6 => vec!["checkpoint", "sign"],
            4 => vec!["pack", "create", "--from", "0", "--to", "1", "-o", &pack],
            _ => vec!["backup", &folder],
        };
        told += numbers.len() as u64;
        let mut run = desk.command(&args).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        if what == 1 {
            // It may be gone before it reads.
            let _ = run.stdin.take().unwrap().write_all(complaint(numbers[0]).as_bytes());
        }
        killed += u64::from(takes[what].kill_after((round * 29 % 120) as f64 / 120.0, &mut run));
        if run.wait().unwrap().success() {
            acknowledged.append(&mut numbers);
        }
        let found = there(&desk);
        assert!(acknowledged.iter().all(|n| found.contains(n)), "round {round}, {args:?}: acknowledged and gone");
        let cut_short = numbers.iter().filter(|n| found.contains(n)).count();
        assert!(cut_short == 0 || cut_short == numbers.len(), "round {round}, {args:?}: {cut_short} of {}", numbers.len());
        if cut_short > 0 {
            acknowledged.append(&mut numbers);
        }
        assert_eq!(found.len(), acknowledged.len(), "round {round}, {args:?}");
        desk.done(&["verify"]);
        // A pack or backup is there as a whole or not at all.
        if desk.path().join(&folder).exists() {
            desk.done(&["--ledger", "nowhere", "restore", &folder, "--keys", "countersign/keys", "--dry-run"]);
        }
    }
    assert!(killed > ROUNDS / 4, "it was too fast to be killed: {killed}");
    desk.write("all.jsonl", &(0..told).map(complaint).collect::<String>());
    desk.done(&["import", "all.jsonl"]);
    let mut found = there(&desk);
    found.sort_unstable();
    assert_eq!(found, (0..told).collect::<Vec<_>>());
    desk.done(&["scan", "--fail-on", "never"]);
    desk.done(&["doctor"]);
}

#[test]
fn two_that_write_at_once_wait_or_are_turned_away_and_lose_nothing() {
    let desk = Desk::real();
    let turned_away = std::thread::scope(|scope| {
        let writers = [0u64, 1].map(|writer| {
            let desk = &desk;
            scope.spawn(move || {
                let mut turned_away = 0;
                for round in 0..8 {
                    let name = format!("w{writer}.jsonl");
                    let from = (writer * 8 + round) * 40;
                    desk.write(&name, &(from..from + 40).map(complaint).collect::<String>());
                    let mut done = false;
                    for _ in 0..200 {
                        let output = desk.run(&["import", &name]);
                        match output.status.code() {
                            Some(0) => done = true,
                            Some(5) => turned_away += 1,
                            _ => panic!("{}{}", stdout(&output), stderr(&output)),
                        }
                        if done {
                            break;
                        }
                    }
                    assert!(done, "writer {writer} never came to write");
                }
                turned_away
            })
        });
        writers.map(|writer| writer.join().unwrap()).iter().sum::<u32>()
    });
    println!("turned away {turned_away} times");
    let mut found = there(&desk);
    found.sort_unstable();
    assert_eq!(found, (0..16 * 40).collect::<Vec<_>>());
    desk.done(&["verify"]);
}

/// Subject keys are flushed before the events that need them are committed. The machine may stop between the two, and only that way round.
#[test]
fn a_machine_that_stops_between_key_file_and_database_has_keys_without_events_and_never_the_other_way() {
    let desk = Desk::real();
    let person = |n: u32| format!("{{\"type\":\"individual_registered\",\"source_id\":\"i:{n}\",\"individual\":\"I-{n}\",\"birth_date\":\"1984-05-06\"}}\n");
    desk.write("one.jsonl", &person(1));
    desk.done(&["import", "one.jsonl"]);
    let before = desk.path().join("before");
    copy_folder(&desk.ledger(), &before);
    desk.write("two.jsonl", &person(2));
    desk.done(&["import", "two.jsonl"]);
    let after = desk.path().join("after");
    copy_folder(&desk.ledger(), &after);
    let put = |name: &str, from: &std::path::Path| {
        fs::copy(from.join(name), desk.ledger().join(name)).unwrap();
    };

    // Keys of the second, database and high-water file of the first: the import is made again and uses the keys that are there.
    for name in ["ledger.redb", "high-water"] {
        put(name, &before);
    }
    desk.done(&["verify"]);
    desk.done(&["doctor"]);
    let again = stdout(&desk.done(&["import", "two.jsonl"]));
    assert!(again.starts_with("1 event read: 1 appended"), "{again}");
    let listed = stdout(&desk.done(&["events", "--type", "individual_registered"]));
    assert!(listed.contains("I-1") && listed.contains("I-2"), "{listed}");

    // Database written, high-water file not yet: told, and mended by the next checkpoint.
    put("high-water", &before);
    assert_eq!(desk.run(&["doctor"]).status.code(), Some(1));
    desk.done(&["checkpoint", "sign"]);
    desk.done(&["doctor"]);

    // The other way round happens only to who puts an old key file back: what it lacks is told, and never shown as something else.
    put("keys/subjects.vault", &before);
    let verified = desk.run(&["verify"]);
    assert_eq!(verified.status.code(), Some(1), "{}", stdout(&verified));
    assert!(!stderr(&verified).contains("panicked"), "{}", stderr(&verified));
    put("keys/subjects.vault", &after);
    desk.done(&["verify"]);
    let listed = stdout(&desk.done(&["events", "--type", "individual_registered"]));
    assert!(listed.contains("I-1") && listed.contains("I-2"), "{listed}");
}
