//! Every byte of the stored block, and a sample of all other bytes of the database, is flipped: noticed, or provably not used.
//! Alone in its target, because it silences the panics of the database that the ledger turns into errors.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs::{File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use domain::Recorded;
use ledger::*;
use support::*;

/// What a ledger answers after its files were changed: `None` when the change was noticed, else everything it reads as.
fn unnoticed(path: &Path) -> Option<Vec<Recorded>> {
    let ledger = Ledger::open_reader(path).ok()?;
    let report = ledger.verify(&VerifyOptions::default()).ok()?;
    if report.failure.is_some() {
        return None;
    }
    let mut read = Vec::new();
    ledger.replay(0..u64::MAX, |recorded| read.push(recorded)).ok()?;
    Some(read)
}

fn put(file: &mut File, at: usize, bytes: &[u8]) {
    file.seek(SeekFrom::Start(at as u64)).unwrap();
    file.write_all(bytes).unwrap();
}

/// Where the rows in force lie in the file: block with its tile, head and the list of runs.
fn rows_in_force(path: &Path, bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    use redb::{ReadableDatabase as _, ReadableTable as _};
    let database = redb::ReadOnlyDatabase::open(path.join("ledger.redb")).unwrap();
    let txn = database.begin_read().unwrap();
    let mut rows = Vec::new();
    let blocks = txn.open_table(redb::TableDefinition::<(u64, u32), &[u8]>::new("blocks")).unwrap();
    rows.extend(blocks.iter().unwrap().map(|row| row.unwrap().1.value().to_vec()));
    let meta = txn.open_table(redb::TableDefinition::<&str, &[u8]>::new("meta")).unwrap();
    rows.extend(["head", "genesis", "runs", "checkpoint"].map(|name| meta.get(name).unwrap().unwrap().value().to_vec()));
    let find = |row: &Vec<u8>| bytes.windows(row.len()).enumerate().filter(|(_, w)| w == row).map(|(at, w)| at..at + w.len()).collect::<Vec<_>>();
    rows.iter().flat_map(find).collect()
}

/// Flips each of these bytes in a copy of the ledger; how many were noticed, and how many were not used.
fn flip(path: &Path, read: &[Recorded], places: impl Iterator<Item = usize>) -> (usize, usize) {
    let bytes = std::fs::read(path.join("ledger.redb")).unwrap();
    let mut file = OpenOptions::new().read(true).write(true).open(path.join("ledger.redb")).unwrap();
    let (mut noticed, mut unused) = (0, 0);
    for at in places {
        put(&mut file, at, &[bytes[at] ^ 0x20]);
        match unnoticed(path) {
            None => noticed += 1,
            Some(again) => {
                assert!(again == read, "byte {at} was changed, nothing was noticed, and the ledger reads differently");
                unused += 1;
            }
        }
        // A repair may have rewritten more than this byte.
        file.set_len(bytes.len() as u64).unwrap();
        put(&mut file, 0, &bytes);
    }
    assert!(unnoticed(path).is_some_and(|again| again == read), "the file as it was is fine");
    (noticed, unused)
}

/// `FLIP_EVERY_BYTE=1 cargo test --release -p ledger --test flip` takes minutes; a sample is taken without it.
#[allow(clippy::disallowed_methods, reason = "a person asks for the long run")]
fn every_byte() -> bool {
    std::env::var_os("FLIP_EVERY_BYTE").is_some()
}

#[test]
fn a_flipped_byte_is_noticed_or_was_not_used() {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let path = sample(dirs[0].path());
    let copy = dirs[1].path().join("ledger");
    copy_dir(&path, &copy);
    let read = unnoticed(&path).unwrap();
    let bytes = std::fs::read(path.join("ledger.redb")).unwrap();
    let rows = rows_in_force(&path, &bytes);
    // A unit test flips every bit of a row; here it is the way through all files that counts.
    let every = every_byte();
    let in_rows = rows.iter().flat_map(|row| row.clone().step_by(if every { 1 } else { 47 }));
    let used = |at: &usize| every || bytes[*at] != 0;
    let elsewhere = (0..bytes.len()).filter(|at| used(at) && !rows.iter().any(|row| row.contains(at))).step_by(if every { 1 } else { 499 });
    let places: Vec<usize> = in_rows.chain(elsewhere).collect();
    std::panic::set_hook(Box::new(|_| {}));
    let counts = std::thread::scope(|scope| {
        let halves = [(0, &path), (1, &copy)].map(|(half, path)| {
            let (places, read) = (&places, &read);
            scope.spawn(move || flip(path, read, places.iter().copied().skip(half).step_by(2)))
        });
        halves.map(|half| half.join())
    });
    let _ = std::panic::take_hook();
    let [one, two] = counts.map(|count| count.expect("the panic message says which byte"));
    let (noticed, unused) = (one.0 + two.0, one.1 + two.1);
    println!("{} places: {noticed} noticed, {unused} not used", places.len());
    // Most of a young database is pages that nothing stands on yet; the sample leaves their zeros out.
    assert!(noticed > 100 && (every || unused < noticed), "{noticed} noticed, {unused} not used");
}
