//! What appending costs beside what the machine could do at best, in one run: `cargo bench -p ledger --bench speed`, or `cargo xtask bench`.
//! Judges nothing: every line is a key, a figure and its unit, separated by tabs, and `xtask` puts limits beside them.
//! `-- append` measures only what begins with the word: for a profile of one thing.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a benchmark measures time")]

use std::hint::black_box;
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Barrier;
use std::time::Instant;

use domain::{Draft, KnownAt};
use ledger::{Appender, CreateOptions, Expect, Ledger};
use redb::{ReadableDatabase as _, ReadableTable as _};
use simulator::{Agency, Config};
use transparency::{TileBuilder, leaf_hash};

/// Events of the invented agency that is appended.
const EVENTS: u64 = 200_000;
/// Drafts of one durable append.
const BATCH: usize = 1_000;
/// Appends of one draft by each of so many threads.
const TASKS: usize = 64;
const EACH: usize = 200;
/// Appends of one draft one after the other.
const ALONE: usize = 200;

fn told(key: &str, value: f64, unit: &str) {
    println!("{key}\t{value:.1}\t{unit}");
    let _ = std::io::stdout().flush();
}

/// The best of three, as a rate: what else the machine does only ever slows it down.
fn rate(count: f64, mut work: impl FnMut()) -> f64 {
    let once = |_| {
        let start = Instant::now();
        work();
        count / start.elapsed().as_secs_f64()
    };
    (0..3).map(once).fold(0.0, f64::max)
}

/// One frame as the ledger hashes it.
struct Frame {
    draft: chain::Draft,
    blinding: [u8; chain::BLINDING_LEN],
    payload: Vec<u8>,
    /// Header and body: what is stored of it where nothing is derived.
    stored: Vec<u8>,
}

fn frames(ledger: &Ledger) -> Vec<Frame> {
    let mut frames = Vec::new();
    let seqs: Vec<domain::Seq> = (0..ledger.head().unwrap().size).map(domain::Seq).collect();
    ledger
        .frames(&seqs, |frame| {
            let header = chain::Header::from_bytes(&frame.header).unwrap();
            let (blinding, payload) = frame.body.split_at(chain::BLINDING_LEN);
            frames.push(Frame {
                draft: chain::Draft { recorded_at: header.recorded_at, tag: header.tag, schema: header.schema },
                blinding: blinding.try_into().unwrap(),
                payload: payload.to_vec(),
                stored: [frame.header.as_slice(), frame.body.as_slice()].concat(),
            });
        })
        .unwrap();
    frames
}

/// blake3 of body and link, SHA-256 of leaf and nodes, for every event, and nothing else.
fn hashing(ledger: &Ledger, frames: &[Frame]) {
    let genesis = ledger.genesis();
    let hashed = rate(frames.len() as f64, || {
        let (mut head, mut tree) = (chain::Head::genesis(genesis), TileBuilder::new());
        for frame in frames {
            let header = head.extend(frame.draft, &frame.blinding, &frame.payload).unwrap();
            tree.push(leaf_hash(&header), |_, _| {});
        }
        black_box(tree.root());
    });
    told("hashing", hashed, "events/s");
}

const TABLE: redb::TableDefinition<'_, u64, &[u8]> = redb::TableDefinition::new("frames");

/// The same bytes into a redb of their own, a row an event, a durable commit for each batch; then all of them out again.
fn raw_redb(folder: &Path, frames: &[Frame]) {
    let path = folder.join("raw.redb");
    let inserted = rate(frames.len() as f64, || {
        let _ = std::fs::remove_file(&path);
        let database = redb::Database::create(&path).unwrap();
        for (batch, first) in frames.chunks(BATCH).zip((0u64..).step_by(BATCH)) {
            let txn = database.begin_write().unwrap();
            {
                let mut table = txn.open_table(TABLE).unwrap();
                for (frame, seq) in batch.iter().zip(first..) {
                    table.insert(seq, frame.stored.as_slice()).unwrap();
                }
            }
            txn.commit().unwrap();
        }
    });
    told("redb-insert", inserted, "events/s");
    let database = redb::Database::open(&path).unwrap();
    let scanned = rate(frames.len() as f64, || {
        let txn = database.begin_read().unwrap();
        let table = txn.open_table(TABLE).unwrap();
        let bytes: usize = table.iter().unwrap().map(|row| row.unwrap().1.value().len()).sum();
        black_box(bytes);
    });
    told("redb-scan", scanned, "events/s");
}

fn disk_and_memory(folder: &Path) {
    let file = std::fs::File::create(folder.join("sync")).unwrap();
    let block = [7u8; 4_096];
    let synced = rate(100.0, || {
        for n in 0..100 {
            file.write_all_at(&block, n * 4_096).unwrap();
            file.sync_data().unwrap();
        }
    });
    told("fsync", synced, "/s");
    let piece = vec![7u8; 4 << 20];
    let written = rate(256.0 * 1.048_576, || {
        let mut file = std::fs::File::create(folder.join("write")).unwrap();
        (0..64).for_each(|_| file.write_all(&piece).unwrap());
        file.sync_data().unwrap();
    });
    told("disk-write", written, "MB/s");
    let words = vec![1u64; 32 << 20];
    let read = rate(words.len() as f64 * 8.0 / 1e9, || {
        black_box(words.iter().fold(0u64, |sum, word| sum.wrapping_add(*word)));
    });
    told("memory-read", read, "GB/s");
}

fn create(dir: &Path) -> Ledger {
    let now = KnownAt::from_micros(1_600_000_000_000_000);
    Ledger::create(dir, &CreateOptions { origin: "l.example".into(), simulated: true, now, entropy: None }).unwrap()
}

/// Bytes this process has had written, as the kernel counts them.
fn bytes_written() -> f64 {
    let text = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    text.lines().find_map(|line| line.strip_prefix("write_bytes: ")?.parse().ok()).unwrap_or(0.0)
}

fn appending(folder: &Path, drafts: &[Draft]) -> Ledger {
    let mut best = 0f64;
    let mut made = None;
    for n in 0..3 {
        let mut ledger = create(&folder.join(format!("batches-{n}")));
        let (start, before) = (Instant::now(), bytes_written());
        for batch in drafts.chunks(BATCH) {
            ledger.append(batch, Expect::Any, KnownAt::from_micros(0)).unwrap();
        }
        best = best.max(drafts.len() as f64 / start.elapsed().as_secs_f64());
        if n == 0 {
            told("append-batches-written", (bytes_written() - before) / drafts.len() as f64, "bytes an event");
        }
        made = Some(ledger);
    }
    told("append-batches", best, "events/s");
    made.unwrap()
}

fn one_at_a_time(folder: &Path, drafts: &[Draft]) {
    let mut ledger = create(&folder.join("alone"));
    let start = Instant::now();
    for draft in &drafts[..ALONE] {
        ledger.append(std::slice::from_ref(draft), Expect::Any, KnownAt::from_micros(0)).unwrap();
    }
    told("append-alone", ALONE as f64 / start.elapsed().as_secs_f64(), "events/s");

    // At one instant, because threads come in any order.
    let at = drafts[TASKS * EACH].recorded_at;
    let drafts: Vec<Draft> = drafts[..TASKS * EACH].iter().map(|draft| Draft { recorded_at: at, ..draft.clone() }).collect();
    let appender = Appender::new(create(&folder.join("together")));
    // Starting a thread takes as long as a few appends, and is none.
    let ready = Barrier::new(TASKS + 1);
    let start = std::thread::scope(|scope| {
        for own in drafts.chunks(EACH) {
            let (appender, ready) = (appender.clone(), &ready);
            scope.spawn(move || {
                ready.wait();
                for draft in own {
                    // A correction may come before what it corrects; that it is refused takes its commit all the same.
                    let _ = appender.append(vec![draft.clone()], Expect::Any, KnownAt::from_micros(0));
                }
            });
        }
        ready.wait();
        Instant::now()
    });
    told("append-shared", (TASKS * EACH) as f64 / start.elapsed().as_secs_f64(), "events/s");
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let only: Option<String> = std::env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let wanted = |what: &str| only.as_ref().is_none_or(|only| what.starts_with(only.as_str()));
    let agency = Agency::invent(Config::of_events(7, EVENTS));
    let drafts: Vec<Draft> = agency.drafts().collect();
    if wanted("machine") {
        disk_and_memory(folder.path());
    }
    if wanted("append") || wanted("limits") {
        let ledger = appending(folder.path(), &drafts);
        if wanted("limits") {
            let frames = frames(&ledger);
            hashing(&ledger, &frames);
            raw_redb(folder.path(), &frames);
        }
    }
    if wanted("single") {
        one_at_a_time(folder.path(), &drafts);
    }
}
