//! How long pages of a million events take at the server, one reader alone and fifty at once while an import runs:
//! `cargo bench -p web --bench pages`, or `cargo xtask bench web`. Judges nothing; the lines are keys, figures and units.
//! With the path of a folder as an argument the invented ledger is made there, or taken from there if it was made before.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a benchmark measures time")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use audit::intake::{IntakeOptions, import};
use audit::scan::{ScanOptions, scan};
use audit::vocabulary::KnownAt;
use audit::{Cut, InitOptions, init};
use serde_json::Value;
use simulator::{Agency, Config};

const EVENTS: u64 = 1_000_000;
/// Files that are imported one after the other while fifty read: a twentieth of the events, spread evenly over the time.
const FILES: usize = 40;
const READERS: usize = 50;
const READ_FOR: Duration = Duration::from_secs(30);
/// Requests of which the best is told.
const TIMES: usize = 30;
/// Of the pages the first, which everybody reads.
const READ: usize = 6;

fn told(key: &str, value: f64, unit: &str) {
    println!("{key}\t{value:.2}\t{unit}");
    let _ = std::io::stdout().flush();
}

/// When the invented ledger is read: long after everything in it.
fn now() -> KnownAt {
    KnownAt::from_micros(1_900_000_000_000_000)
}

/// A clock that goes on from then, because the service measures with it how long keeping up takes.
fn clock() -> web::Clock {
    let began = Instant::now();
    Arc::new(move || KnownAt::from_micros(now().micros() + i64::try_from(began.elapsed().as_micros()).unwrap()))
}

fn take(ledger: &Path, file: &Path) {
    let options = IntakeOptions { as_type: None, maps: Vec::new(), dry_run: false, partial: false, max_problems: 5, now: now() };
    let intake = import(ledger, &[file.to_owned()], &options, &|_| {}).unwrap();
    assert!(intake.committed, "{:?}", intake.problems.kept());
}

fn judge(ledger: &Path) {
    scan(ledger, &ScanOptions { today: None, cut: Cut::Head, record: true, full: false, now: now() }, &|_, _| {}).unwrap();
}

/// A ledger of nineteen twentieths of the events, scanned twice, and the rest in files.
fn make(folder: &Path) {
    Agency::invent(Config::of_events(7, EVENTS)).write_jsonl(&folder.join("year")).unwrap();
    let text = std::fs::read_to_string(folder.join("year").join("events.jsonl")).unwrap();
    std::fs::remove_dir_all(folder.join("year")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let write = |path: &Path, lines: &[&str]| std::fs::write(path, lines.join("\n") + "\n").unwrap();
    let (known, late) = lines.split_at(lines.len() * 19 / 20);
    let (most, night) = known.split_at(known.len() - 1_000);
    let (ledger, part) = (folder.join("ledger"), folder.join("part.jsonl"));
    init(&ledger, &InitOptions { origin: "pages.example".to_owned(), simulated: true, now: now(), entropy: None }).unwrap();
    for lines in [most, night] {
        write(&part, lines);
        take(&ledger, &part);
        judge(&ledger);
    }
    std::fs::remove_file(&part).unwrap();
    for (n, lines) in late.chunks(late.len().div_ceil(FILES)).enumerate() {
        write(&late_file(folder, n), lines);
    }
}

fn late_file(folder: &Path, n: usize) -> PathBuf {
    folder.join(format!("late-{n}.jsonl"))
}

/// Files of one folder in another.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let there = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &there) } else { std::fs::copy(entry.path(), &there).map(|_| ()).unwrap() }
    }
}

/// A connection that asks for one page after the other.
struct Reader(BufReader<TcpStream>);

impl Reader {
    fn new(at: SocketAddr) -> Self {
        let stream = TcpStream::connect(at).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    fn get(&mut self, path: &str) -> Vec<u8> {
        write!(self.0.get_mut(), "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
        let (mut line, mut length, mut first) = (String::new(), 0, String::new());
        loop {
            line.clear();
            self.0.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            if first.is_empty() {
                first.clone_from(&line);
            }
            if let Some(n) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = n.trim().parse().unwrap();
            }
        }
        assert!(first.contains(" 200 "), "{path}: {first}");
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        body
    }

    fn table(&mut self, path: &str, table: &str) -> Vec<Value> {
        let page: Value = serde_json::from_slice(&self.get(path)).unwrap();
        page["parts"].as_array().unwrap().iter().find(|part| part["table"] == table).unwrap()["rows"].as_array().unwrap().clone()
    }
}

/// What else the machine does: threads that run or want to, over the last minute.
fn load() -> f64 {
    std::fs::read_to_string("/proc/loadavg").ok().and_then(|text| text.split(' ').next()?.parse().ok()).unwrap_or(f64::NAN)
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

fn main() {
    let (folder, kept) = (tempfile::tempdir().unwrap(), std::env::args().nth(1).filter(|a| !a.starts_with('-')).map(PathBuf::from));
    let made = kept.unwrap_or_else(|| folder.path().to_owned());
    if !made.join("ledger").exists() {
        make(&made);
    }
    // What is imported meanwhile goes into a copy.
    let ledger = folder.path().join("read");
    copy(&made.join("ledger"), &ledger);
    let (ready, address) = std::sync::mpsc::channel();
    let settings = web::Settings { ledger: ledger.clone(), listen: SocketAddr::from(([127, 0, 0, 1], 0)), clock: clock(), tls: None, tell: Arc::new(|_| {}) };
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(web::serve(settings, |at| ready.send(at).unwrap(), std::future::pending())).unwrap();
    });
    let at = address.recv().unwrap();
    let mut reader = Reader::new(at);

    // Who is busiest: the first of the staff of the program with the most contacts, and whoever a violation there is about.
    let programs = reader.table("/programs.json", "programs");
    let program = programs.iter().max_by_key(|p| p["contacts"].as_u64()).unwrap()["program"].as_str().unwrap().to_owned();
    let person = reader.table(&format!("/programs/{program}.json"), "staff")[0]["person"].as_str().unwrap().to_owned();
    let findings: Value = serde_json::from_slice(&reader.get(&format!("/findings.json?class=violation&program={program}&limit=50"))).unwrap();
    let finding = findings["findings"].as_array().unwrap().iter().find(|f| f["about"]["individual"].is_string()).unwrap().clone();
    let (finding, individual) = (finding["id"].as_str().unwrap(), finding["about"]["individual"].as_str().unwrap());
    let pages = [
        ("page-home", "/home".to_owned()),
        ("page-worklist", "/findings".to_owned()),
        ("page-worklist-filtered", format!("/findings?class=violation&program={program}&sort=money")),
        ("page-finding", format!("/findings/{finding}")),
        ("page-person", format!("/people/{person}")),
        ("page-person-as-of", format!("/people/{person}?as_of=2024-06-30")),
        ("page-individual", format!("/individuals/{individual}")),
        ("page-people", "/people".to_owned()),
        ("page-program", format!("/programs/{program}")),
    ];
    // What changed is worked out behind the first pages, and is not what is measured.
    let began = Instant::now();
    while String::from_utf8_lossy(&reader.get("/home")).contains("is being worked out") {
        std::thread::sleep(Duration::from_millis(200));
    }
    told("pages-ready", began.elapsed().as_secs_f64(), "s");
    for (key, path) in &pages {
        // The first who asks may wait for what is kept for everybody after.
        let first = Instant::now();
        reader.get(path);
        told(&format!("{key}-first"), milliseconds(first), "ms");
        let once = |_| {
            let start = Instant::now();
            reader.get(path);
            milliseconds(start)
        };
        told(key, (0..TIMES).map(once).fold(f64::MAX, f64::min), "ms");
        told(&format!("{key}-weight"), reader.get(path).len() as f64 / 1e3, "kB");
    }

    told("machine-load", load(), "runnable");
    let over = AtomicBool::new(false);
    let reading = Instant::now();
    // Of each answer which page it was, and how long it was waited for.
    let mut waited: Vec<(usize, f64)> = std::thread::scope(|scope| {
        let (over, pages) = (&over, &pages);
        let readers: Vec<_> = (0..READERS)
            .map(|n| {
                scope.spawn(move || {
                    let (mut reader, mut waited) = (Reader::new(at), Vec::new());
                    for (page, (_, path)) in pages.iter().enumerate().take(READ).cycle().skip(n) {
                        if over.load(Ordering::Relaxed) {
                            break;
                        }
                        let start = Instant::now();
                        reader.get(path);
                        waited.push((page, milliseconds(start)));
                    }
                    waited
                })
            })
            .collect();
        let began = Instant::now();
        for n in 0..FILES {
            take(&ledger, &late_file(&made, n));
            // Evenly over the time, so that the head is judged again and again.
            std::thread::sleep((READ_FOR * u32::try_from(n + 1).unwrap() / u32::try_from(FILES).unwrap()).saturating_sub(began.elapsed()));
        }
        told("pages-imported-meanwhile", FILES as f64, "files");
        told("pages-imported-in", began.elapsed().as_secs_f64(), "s");
        over.store(true, Ordering::Relaxed);
        readers.into_iter().flat_map(|reader| reader.join().unwrap()).collect()
    });
    told("pages-a-second", waited.len() as f64 / reading.elapsed().as_secs_f64(), "pages/s");
    waited.sort_by(|a, b| a.1.total_cmp(&b.1));
    let share = |waited: &[f64], hundredths: usize| waited[(waited.len() * hundredths / 100).min(waited.len() - 1)];
    for (page, (key, _)) in pages.iter().enumerate().take(READ) {
        let of: Vec<f64> = waited.iter().filter(|(of, _)| *of == page).map(|(_, ms)| *ms).collect();
        told(&format!("{key}-p99"), share(&of, 99), "ms");
    }
    let all: Vec<f64> = waited.iter().map(|(_, ms)| *ms).collect();
    told("pages-median", share(&all, 50), "ms");
    told("pages-p99", share(&all, 99), "ms");
    told("pages-longest", share(&all, 100), "ms");
}
