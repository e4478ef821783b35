//! How many contact lines a second are parsed, on the caller's thread and beside it: `cargo bench -p import`.
//! Times the machine it runs on and judges nothing.
#![allow(clippy::disallowed_methods, reason = "a benchmark measures time")]

use std::fmt::Write;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::time::Instant;

use import::{Batch, Blocks, JsonLines, Options, discover, parse_batches, read};

const LINES: u32 = 1_000_000;

fn contacts() -> Vec<u8> {
    let mut text = String::new();
    for n in 0..LINES {
        let (day, minute) = (1 + n % 28, n % 60);
        let _ = writeln!(
            text,
            r#"{{"recorded_at":"2025-03-{day:02}T15:50:00Z","type":"contact_recorded","source_id":"ehr:c:{n}","contact":"C-{n}","program":"MH-1","service":"mhotrs_adult_peer","peer":"P-{:03}","individual":"I-{:05}","phase":"enrolled","format":"individual","mode":"in_person","site":"onsite","start":"2025-03-{day:02}T10:{minute:02}:00-05:00","end":"2025-03-{day:02}T11:{minute:02}:00-05:00","component":"A1","activities":["A1.02"],"basis":"planned","recipient":"individual"}}"#,
            n % 40,
            n % 1500,
        );
    }
    text.into_bytes()
}

fn time(what: &str, bytes: usize, batches: impl FnOnce() -> Box<dyn Iterator<Item = Batch>>) {
    let start = Instant::now();
    let drafts: usize = batches().flatten().map(|batch| batch.iter().filter(|p| p.result.is_ok()).count()).sum();
    let seconds = start.elapsed().as_secs_f64();
    println!("{what:<24} {drafts} drafts, {:>9.0} events/s, {:>6.1} MB/s", drafts as f64 / seconds, bytes as f64 / seconds / 1e6);
}

fn main() {
    let bytes = contacts();
    let length = bytes.len();
    for _ in 0..3 {
        let copy = bytes.clone();
        time("caller's thread", length, move || Box::new(JsonLines::new(Blocks::new(Cursor::new(copy)))));
    }
    for threads in [1, 2] {
        let copy = bytes.clone();
        time(&format!("{threads} threads beside it"), length, move || Box::new(parse_batches(Cursor::new(copy), threads)));
    }
    from_disk(&bytes).unwrap_or_else(|error| println!("from disk: {error}"));
}

/// Everything there is: digest first, then reading, hashing again, parsing, and a consumer that only counts.
fn from_disk(bytes: &[u8]) -> std::io::Result<()> {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("contacts.jsonl");
    std::fs::write(&path, bytes)?;
    for threads in [0, 1, 2] {
        let start = Instant::now();
        let found = discover(std::slice::from_ref(&path), None);
        let surveyed = start.elapsed().as_secs_f64();
        let summary = read(&found.sources, Options { simulated: true, threads, max_problems: 1 }, |_| ControlFlow::Continue(()));
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "from disk, {threads} threads      {} events, {:>9.0} events/s, survey {surveyed:.2} s",
            summary.read(),
            summary.read() as f64 / seconds
        );
    }
    Ok(())
}
