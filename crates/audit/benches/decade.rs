//! How long a large agency's ledger takes to judge, to go on from after a night, and to ask; each in a process of its own, as somebody would start it:
//! `cargo bench -p audit --bench decade`, or `cargo xtask bench`. Judges nothing; the lines are keys, figures and units.
//!
//! A ledger of so many events (`COUNTERSIGN_BENCH_EVENTS`, ten million if it says nothing) and one of a tenth. A night is a thousandth of the
//! ledger, with two late revocations in it. Times are of the call, without the start of the process.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a benchmark measures time")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use audit::cut::Cut;
use audit::intake::{IntakeOptions, import};
use audit::scan::{ScanOptions, scan, seen, told as scan_told};
use domain::event::{CredentialRevoked, Delivery, Event, Workforce};
use domain::words::CredentialKind;
use domain::{KnownAt, PersonId, SourceId};
use ledger::{CreateOptions, Ledger};
use simulator::{Agency, Config, Line};

const EVENTS: u64 = 10_000_000;
/// Events in the night of a small ledger.
const NIGHT: usize = 1_000;
const NOW: KnownAt = KnownAt::from_micros(1_900_000_000_000_000);

fn told(key: &str, value: f64, unit: &str) {
    println!("{key}\t{value:.2}\t{unit}");
    let _ = std::io::stdout().flush();
}

/// A step in a process of its own, the best of some: the figures it prints, by key.
fn step(name: &str, dir: &Path, events: u64, times: usize) -> BTreeMap<String, f64> {
    let mut best: BTreeMap<String, f64> = BTreeMap::new();
    for _ in 0..times {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let output = command.arg(name).arg(dir).arg(events.to_string()).stderr(Stdio::inherit()).output().unwrap();
        assert!(output.status.success(), "{name}");
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let mut parts = line.split('\t');
            let (key, value) = (parts.next().unwrap().to_owned(), parts.next().unwrap().parse().unwrap());
            best.entry(key).and_modify(|old| *old = old.min(value)).or_insert(value);
        }
    }
    best
}

/// Everything measured of one size of ledger.
fn measured(folder: &Path, events: u64) -> BTreeMap<String, f64> {
    let dir = folder.join(events.to_string());
    let mut all = BTreeMap::new();
    for (name, times) in [("make", 1), ("judge", 2), ("record", 1), ("resume", 3), ("night", 1), ("status", 3), ("list", 2), ("explain", 1)] {
        all.extend(step(name, &dir, events, times));
    }
    std::fs::remove_dir_all(&dir).unwrap();
    all
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [name, dir, events] = &args[..] {
        return one(name, Path::new(dir), events.parse().unwrap());
    }
    let events = std::env::var("COUNTERSIGN_BENCH_EVENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(EVENTS);
    let folder = tempfile::tempdir().unwrap();
    let tenth = measured(folder.path(), events / 10);
    let whole = measured(folder.path(), events);
    for (of, name) in [(&tenth, "tenth"), (&whole, "decade")] {
        let seconds = |key: &str| of[key];
        told(&format!("{name}-events"), of["events"], "events");
        told(&format!("{name}-scan"), of["events"] / seconds("judge"), "events/s");
        told(&format!("{name}-scan-memory"), of["memory"] / of["events"], "bytes an event");
        told(&format!("{name}-resumed"), seconds("judge") / seconds("resume"), "times faster");
        told(&format!("{name}-night-events"), of["night-events"], "events");
        told(&format!("{name}-night"), seconds("night") * 1e3, "ms");
        told(&format!("{name}-night-share"), seconds("record") / seconds("night"), "times faster");
        told(&format!("{name}-status"), seconds("status") * 1e3, "ms");
        told(&format!("{name}-findings"), seconds("list") * 1e3, "ms");
        told(&format!("{name}-explain"), seconds("explain") * 1e3, "ms");
    }
    let an_event = |of: &BTreeMap<String, f64>| of["judge"] / of["events"];
    told("scan-growth", (an_event(&whole) / an_event(&tenth) - 1.0) * 100.0, "%");
    told("night-growth", whole["night"] / tenth["night"], "times");
}

/// What one process does.
fn one(name: &str, dir: &Path, events: u64) {
    let ledger = dir.join("ledger");
    let options = |record, full| ScanOptions { today: None, cut: Cut::Head, record, full, now: NOW };
    let quiet = &|_, _| {};
    let timed = |key: &str, work: &mut dyn FnMut() -> Option<usize>| {
        let start = Instant::now();
        let done = work();
        println!("{key}\t{}", start.elapsed().as_secs_f64());
        done
    };
    // A process that asks ends then, and gives a large history back at once.
    let judged = |options: &ScanOptions| {
        let told = scan_told(&ledger, options, quiet, |scan| {
            let judged = scan.judged;
            std::mem::forget(scan);
            Ok::<_, audit::AuditError>(judged)
        });
        told.unwrap()
    };
    match name {
        "make" => make(dir, events),
        "judge" => {
            timed("judge", &mut || scan(&ledger, &options(false, true), quiet).unwrap().judged);
            println!("memory\t{}", most_memory());
        }
        "record" => {
            timed("record", &mut || scan(&ledger, &options(true, true), quiet).unwrap().judged);
        }
        "resume" => {
            let done = timed("resume", &mut || judged(&options(false, false)));
            assert_eq!(done, Some(0), "nothing had to be judged again");
        }
        "night" => {
            put_in(&ledger, &dir.join("night.jsonl"));
            let done = timed("night", &mut || judged(&options(true, false)));
            assert!(done > Some(0), "it went on from what was kept");
        }
        "status" => {
            timed("status", &mut || audit::evidence::status(&ledger).map(|_| None).unwrap());
        }
        "list" => {
            let mut first = String::new();
            timed("list", &mut || {
                let findings = seen(&ledger, Cut::Head, None, NOW, |scan| {
                    first = scan.report.findings[0].id.to_string();
                    let findings = scan.report.findings.len();
                    std::mem::forget(scan);
                    Ok::<_, audit::AuditError>(findings)
                });
                Some(findings.unwrap())
            });
            std::fs::write(dir.join("finding"), first).unwrap();
        }
        _ => {
            let id = std::fs::read_to_string(dir.join("finding")).unwrap();
            timed("explain", &mut || audit::explain::explain(&ledger, &id, Cut::Head, None, NOW).map(|_| None).unwrap());
        }
    }
}

fn put_in(ledger: &Path, file: &Path) {
    let options = IntakeOptions { as_type: None, maps: Vec::new(), dry_run: false, partial: false, max_problems: 5, now: NOW };
    let intake = import(ledger, &[PathBuf::from(file)], &options, &|_| {}).unwrap();
    assert!(intake.committed && intake.appended > 0, "{:?}", intake.problems.kept());
}

/// A ledger of an invented agency up to its last thousandth, and that last thousandth, with two revocations that come late, as a file.
fn make(dir: &Path, events: u64) {
    let mut agency = Agency::invent(Config::of_events(7, events));
    std::fs::create_dir_all(dir).unwrap();
    let last = agency.lines.len() - (agency.lines.len() / 1_000).max(NIGHT);
    let late = revocations(&agency);
    agency.lines.extend(late);
    let mut text = Vec::new();
    agency.write_jsonl_to(&mut text).unwrap();
    let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let until = ends.take(last).last().unwrap();
    std::fs::write(dir.join("events.jsonl"), &text[..until]).unwrap();
    std::fs::write(dir.join("night.jsonl"), &text[until..]).unwrap();
    println!("night-events\t{}", agency.lines.len() - last);
    drop((agency, text));

    let ledger = dir.join("ledger");
    drop(Ledger::create(&ledger, &CreateOptions { origin: "d.example".into(), simulated: true, now: KnownAt::from_micros(0), entropy: None }).unwrap());
    put_in(&ledger, &dir.join("events.jsonl"));
    println!("events\t{}", Ledger::open_reader(&ledger).unwrap().head().unwrap().size);
}

/// Of the two peers who gave the last contacts: their credential revoked, entered at the end, with effect from seven weeks before.
fn revocations(agency: &Agency) -> Vec<Line> {
    let granted = |line: &Line| if let Event::Workforce(Workforce::CredentialGranted(e)) = &line.event { Some((e.person.clone(), e.credential)) } else { None };
    let mut grants: BTreeMap<PersonId, CredentialKind> = agency.lines.iter().filter_map(granted).collect();
    let given = |line: &Line| if let Event::Delivery(Delivery::ContactRecorded(e)) = &line.event { Some(e.peer.clone()) } else { None };
    // Each is taken out as it is found, so that the second is another's.
    let held: Vec<_> = agency.lines.iter().rev().filter_map(given).filter_map(|peer| grants.remove_entry(&peer)).take(2).collect();
    let at = agency.lines.last().unwrap().recorded_at;
    let effective_on = at.local_day().plus_days(-49);
    let late = |(n, (person, credential)): (usize, (PersonId, CredentialKind))| Line {
        recorded_at: KnownAt::from_micros(at.micros() + 1_000_000),
        entered_at: None,
        source_id: SourceId::parse(&format!("late:{n}")).unwrap(),
        evidence: Vec::new(),
        event: Event::Workforce(Workforce::CredentialRevoked(CredentialRevoked { person, credential, effective_on, reason: None })),
    };
    held.into_iter().enumerate().map(late).collect()
}

/// The most memory this process ever had, in bytes, as the kernel counts it.
fn most_memory() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) * 1024.0
}
