//! How fast JSON Lines become part of a ledger, durably, beside parsing them alone; and how large the database is that they make:
//! `cargo bench -p audit --bench intake`, or `cargo xtask bench`. Judges nothing; the lines are keys, figures and units.
//! `-- import` measures only what begins with the word: for a profile of one thing.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a benchmark measures time")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use audit::intake::{IntakeOptions, import};
use domain::KnownAt;
use ledger::{CreateOptions, Ledger, VerifyOptions};
use simulator::{Agency, Config};

const EVENTS: u64 = 300_000;

fn told(key: &str, value: f64, unit: &str) {
    println!("{key}\t{value:.2}\t{unit}");
    let _ = std::io::stdout().flush();
}

/// Seconds of processor time this process has taken, all threads together, as the kernel counts them in hundredths.
fn processor() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program may have spaces; it ends with a bracket.
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The best of three by the wall, the least of three in processor time.
fn timed(mut work: impl FnMut(u32)) -> (f64, f64) {
    let once = |n| {
        let (start, before) = (Instant::now(), processor());
        work(n);
        (start.elapsed().as_secs_f64(), processor() - before)
    };
    (0..3).map(once).fold((f64::MAX, f64::MAX), |best, new| (best.0.min(new.0), best.1.min(new.1)))
}

fn size(dir: &Path) -> f64 {
    let files = std::fs::read_dir(dir).unwrap().flatten();
    files.filter(|f| f.path().extension().is_some_and(|e| e == "redb")).map(|f| f.metadata().unwrap().len() as f64).sum()
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let only: Option<String> = std::env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let wanted = |what: &str| only.as_ref().is_none_or(|only| what.starts_with(only.as_str()));
    let lines = folder.path().join("year");
    Agency::invent(Config::of_events(7, EVENTS)).write_jsonl(&lines).unwrap();
    let file = lines.join("events.jsonl");
    let bytes = std::fs::metadata(&file).unwrap().len() as f64;
    let events = std::fs::read_to_string(&file).unwrap().lines().count() as f64;

    if wanted("parse") {
        parsing(&file, events);
    }
    if wanted("import") || wanted("verify") {
        let dir = importing(folder.path(), &file, events, bytes);
        if wanted("verify") {
            verifying(&dir, events);
        }
    }
}

fn parsing(file: &Path, events: f64) {
    let (wall, _) = timed(|_| {
        let batches = import::JsonLines::new(import::Blocks::new(std::fs::File::open(file).unwrap()));
        let read: usize = batches.flatten().map(|batch| batch.len()).sum();
        assert_eq!(read as f64, events);
    });
    told("json-parse", events / wall, "events/s");
}

/// Imports the file three times, each into a ledger of its own; gives the first.
fn importing(folder: &Path, file: &PathBuf, events: f64, bytes: f64) -> PathBuf {
    let now = KnownAt::from_micros(1_900_000_000_000_000);
    let dir = |n: u32| -> PathBuf { folder.join(format!("l{n}")) };
    for n in 0..3 {
        drop(Ledger::create(&dir(n), &CreateOptions { origin: "l.example".into(), simulated: true, now: KnownAt::from_micros(0), entropy: None }).unwrap());
    }
    let options = IntakeOptions { as_type: None, maps: Vec::new(), dry_run: false, partial: false, max_problems: 5, now };
    let (wall, processor) = timed(|n| {
        let intake = import(&dir(n), std::slice::from_ref(file), &options, &|_| {}).unwrap();
        assert!(intake.committed && intake.appended as f64 == events, "{:?}", intake.problems.kept());
    });
    told("import", events / wall, "events/s");
    told("import-processor", processor * 1e6 / events, "microseconds an event");
    let database = size(&dir(0));
    told("database", database / events, "bytes an event");
    told("json-lines", bytes / events, "bytes an event");
    told("database-share", database * 100.0 / bytes, "%");
    dir(0)
}

fn verifying(dir: &Path, events: f64) {
    let ledger = Ledger::open_reader(dir).unwrap();
    let (wall, _) = timed(|_| {
        ledger.verify(&VerifyOptions::default()).unwrap().into_result().unwrap();
    });
    told("verify", events / wall, "events/s");
}
